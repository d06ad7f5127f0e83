"""Hours people worked in days gone by, beside those they were there: their sums, and the weeks that have none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sqlmodel import Session

from storage.access import Reader
from storage.money import hours_by_week
from storage.records import HoursRecord, PersonRecord
from tools.people import load_of
from tools.planning.load import Load
from tools.planning.utilisation import Hours, Reading, UtilisationDefinition, Whose, read

FRIDAY = 4


@dataclass(frozen=True)
class MissingTimesheet:
    """A week gone by in which somebody was booked, and there, and has no hours."""

    person: PersonRecord
    first: date
    last: date
    minutes: int  # that they were there


@dataclass(frozen=True)
class WorkedHours:
    """The hours of some people in a window that is over; `entries` by person and place of the week in the load."""

    people: Sequence[PersonRecord]
    load: Load
    entries: Mapping[tuple[int, int], HoursRecord]
    this_week: date  # its Monday: timesheets of weeks before it should be there

    @cached_property
    def of_person(self) -> dict[int, Hours]:
        load, sums = self.load, {person.id: Hours() for person in self.people}
        for (person, _), each in self.entries.items():
            sums[person] += Hours(billable=each.billable_minutes, worked=each.minutes)
        for person in sums:
            tables = (load.contracted, load.holidays, load.absent)
            sums[person] += Hours(0, 0, *(load.total(table, person) for table in tables))
        return sums

    @cached_property
    def whole(self) -> Hours:
        return sum(self.of_person.values(), Hours())

    def of(self, people: Sequence[PersonRecord]) -> dict[Whose, Hours]:
        """The sums of some of them: of all, and of those in practices."""
        inside = [person for person in people if person.practice_id is not None]
        return {
            Whose.EVERYBODY: sum((self.of_person[person.id] for person in people), Hours()),
            Whose.PRACTICES: sum((self.of_person[person.id] for person in inside), Hours()),
        }

    def reading(self, definition: UtilisationDefinition, people: Sequence[PersonRecord]) -> Reading:
        return read(definition, self.of(people))

    @cached_property
    def missing(self) -> list[MissingTimesheet]:
        """By person and time; weeks of which the window has Monday to Friday."""
        available, firm = self.load.by_week(self.load.available), self.load.by_week(self.load.firm)
        return [
            MissingTimesheet(person, first, last, round(float(available[row, week])))
            for row, person in enumerate(self.people)
            for week, (first, last) in enumerate(self.load.weeks)
            if firm[row, week] and (person.id, week) not in self.entries and self._is_due(first, last)
        ]

    def _is_due(self, first: date, last: date) -> bool:
        return last < self.this_week and first.weekday() == 0 and last.weekday() >= FRIDAY


def worked_hours(
    session: Session, reader: Reader, people: Sequence[PersonRecord], first: date, last: date, day: date
) -> WorkedHours:
    """The hours of these people from first to last as the reader may sum them, seen on a day."""
    load = load_of(session, reader, people, first, last)
    entries = hours_by_week(session, reader, [person.id for person in people], load.weeks)
    return WorkedHours(people, load, entries, day - timedelta(days=day.weekday()))

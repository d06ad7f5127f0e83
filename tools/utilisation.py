"""How full people are: hours that count over hours there are, by the firm's definition, and what bookings hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from sqlmodel import Session

from storage.models import Organisation
from storage.money import knows_all_hours, people_whose_hours_show
from storage.records import PersonRecord
from storage.staffing import practice_targets
from storage.vocabulary import Level
from tools import facts
from tools.context import ToolContext
from tools.facts import Fact, Figure, Line, Refusal, ToolResult, Unit
from tools.figures import source_of
from tools.hours import WorkedHours, worked_hours
from tools.people import Crew, find_crew, load_of, without_holidays
from tools.planning.load import Load
from tools.planning.utilisation import (
    UNDER,
    Base,
    Numerator,
    Reading,
    UtilisationDefinition,
    Whose,
    explain,
)

LONGEST_DAYS = 3 * 366
AHEAD_DAYS = 28
MOST_ROWS = 8
MOST_CITED = 5
PARTIAL = "of what you can see"
WITHHELD = "Hours worked are for those who look after these people: this is what is booked"
NOT_ON_FILE = "No hours worked in those days are on file: this is what is booked"
COUNTED = {Numerator.BILLABLE: "billable hours", Numerator.WORKED: "all hours worked"}
DIVIDED_BY = {
    Base.CONTRACTED: "contracted hours",
    Base.LESS_HOLIDAYS: "contracted hours less public holidays",
    Base.AVAILABLE: "contracted hours less public holidays and leave",
}
OF = {Whose.EVERYBODY: "everybody", Whose.PRACTICES: "people in practices"}

About = Literal["overbooked", "bench", "timesheets", "definition"]
By = Literal["practice", "office"]


class UtilisationLine(Line):
    """A practice or office, days somebody is overbooked, a person on the bench, a week of one, or a timesheet."""

    why: Figure = Field(description="practice, office, overbooked, bench, week, missing or definition")
    name: Figure
    start: Figure | None = None
    end: Figure | None = None
    share: Figure | None = Field(None, description="utilisation by the firm's definition, or by the line's own")
    target: Figure | None = None
    counted: Figure | None = Field(None, description="hours that count for it")
    base: Figure | None = Field(None, description="hours they are divided by")
    booked: Figure | None = None
    available: Figure | None = None
    booked_share: Figure | None = None
    free: Figure | None = None


class TeamUtilisation(Fact):
    """How full some people are in a window: by hours worked up to the day, and by bookings from it on."""

    kind: ClassVar[str] = "utilisation"

    scope: Figure | None = Field(None, description="whose; everybody's where it is left out")
    about: Figure | None = Field(None, description="overbooked, bench, timesheets or definition, where that was asked")
    scope_kind: Figure = Field(description="everybody, group (practice or office), place (who works there) or person")
    start: Figure
    end: Figure
    people: Figure
    no_holidays: Figure | None = Field(None, description="people of no office whose public holidays are known")
    definition: Figure = Field(description="the name of the firm's definition")
    meaning: Figure = Field(description="what it divides by what, and whose")
    target: Figure | None = None
    worked_from: Figure | None = Field(None, description="first day that hours worked are told of")
    worked_until: Figure | None = None
    share: Figure | None = None
    counted: Figure | None = Field(None, description="hours that count for it")
    base: Figure | None = Field(None, description="hours they are divided by")
    worked: Figure | None = Field(None, description="all hours worked")
    holidays: Figure | None = Field(None, description="contracted hours on public holidays")
    absent: Figure | None = Field(None, description="contracted hours on days of absence")
    partial: Figure | None = Field(None, description="set for readers from whom hours may be hidden")
    withheld: Figure | None = Field(None, description="why no hours worked are told, where there could be some")
    compared_with: Figure | None = Field(None, description="the share somebody else told")
    other_share: Figure | None = Field(None, description="what the definition nearest to it gives on the same hours")
    other_gives: Figure | None = Field(None, description="whether that is the share told, to the nearest per cent")
    is_ours: Figure | None = Field(None, description="whether that definition is the firm's own")
    other_meaning: Figure | None = None
    other_counted: Figure | None = None
    other_base: Figure | None = None
    without_absent: Figure | None = Field(None, description="absence that base leaves out; below zero: ours does")
    without_holidays: Figure | None = Field(None, description="public holidays, likewise")
    without_office: Figure | None = Field(None, description="hours of people in no practice, likewise")
    needed: Figure | None = Field(None, description="hours that would have to count on our base for the share told")
    short: Figure | None = Field(None, description="how many more that is; below zero: fewer")
    missing: Figure | None = Field(None, description="timesheets missing: booked weeks gone by without any hours")
    missing_hours: Figure | None = Field(None, description="hours available in those weeks")
    could_reach: Figure | None = Field(None, description="the share if all of those hours count")
    booked_from: Figure | None = Field(None, description="first day that bookings are told of")
    booked_until: Figure | None = None
    booked: Figure | None = None
    available: Figure | None = None
    booked_share: Figure | None = None
    if_all_lands: Figure | None = Field(None, description="that share with all tentative bookings")
    free: Figure | None = None
    overbooked: Figure | None = Field(None, description="people overbooked in some week")
    bench: Figure | None = Field(None, description="people booked for less than half of their available hours")
    bench_free: Figure | None = Field(None, description="their free hours")
    rows: dict[str, UtilisationLine] = Field(default_factory=dict)


def utilisation(
    context: ToolContext,
    scope: Annotated[str | None, "a practice, office, program, project or person; everybody by default"] = None,
    start: Annotated[date | None, "first day of a window, ISO; last month's by default"] = None,
    end: Annotated[date | None, "last day of a window, ISO"] = None,
    about: Annotated[About | None, "who is overbooked or on the bench, timesheets missing, or the definition"] = None,
    compared_with: Annotated[
        float | None, "a utilisation that somebody else told, as a share of one, to be explained"
    ] = None,
    by: Annotated[By, "what the lines beside the sum are of"] = "practice",
) -> ToolResult:
    """Load against capacity per person and week: overloads, bench, target, and the definition used."""
    day = context.as_of or context.today
    window = _window(day, start, end, ahead=about in ("overbooked", "bench"))
    if isinstance(window, Refusal):
        return window
    if compared_with is not None and not 0 < compared_with <= 2:
        return Refusal("declined", "The figure to compare with is a share of one: 0.78 for 78 per cent.")
    with context.reading() as session:
        try:
            definition = utilisation_definition(session)
        except (TypeError, ValueError) as error:
            return Refusal("declined", f"The organisation's definition of utilisation cannot be read: {error}")
        crew = find_crew(session, context.reader, scope, *window)
        if not isinstance(crew, Crew):
            return crew
        answer = _Answer(session, context, crew, window, day, definition, about, compared_with, by)
        if not (start or end or about) and answer.is_withheld:
            answer = replace(answer, window=_ahead(day))
        return answer.fact()


def utilisation_definition(session: Session) -> UtilisationDefinition:
    """The firm's own, from its policies; raises ValueError or TypeError where they hold none that can be read."""
    organisation = session.get(Organisation, 1)
    choices: Mapping[str, Any] = (organisation.policies if organisation else {}).get("utilisation", {})
    kinds = {"numerator": Numerator, "base": Base, "whose": Whose}
    read: dict[str, Any] = {label: kind(choices[label]) for label, kind in kinds.items() if label in choices}
    return UtilisationDefinition(**{**choices, **read})


def _window(day: date, start: date | None, end: date | None, *, ahead: bool) -> tuple[date, date] | Refusal:
    """The days asked about: last month's; the four weeks to come where it is about bookings."""
    monday, first_of_month = day - timedelta(days=day.weekday()), day.replace(day=1)
    if start is None and end is None:
        if ahead:
            return _ahead(day)
        last = first_of_month - min(timedelta(days=1), first_of_month - date.min)
        return last.replace(day=1), last
    first = start or min(end or day, monday if ahead else first_of_month)
    last = end or max(first, day)
    if last < first:
        return Refusal("declined", f"That window ends on {last}, before it starts on {first}.")
    if (last - first).days >= LONGEST_DAYS:
        return Refusal("declined", "Utilisation is told for up to three years at a time; choose a shorter window.")
    return first, last


def _ahead(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + min(timedelta(days=AHEAD_DAYS - 1), date.max - monday)


@dataclass(frozen=True)
class _Answer:
    """One question: who, when, and what of it is asked."""

    session: Session
    context: ToolContext
    crew: Crew
    window: tuple[date, date]
    day: date
    definition: UtilisationDefinition
    about: About | None
    compared_with: float | None
    by: By

    def fact(self) -> ToolResult:
        if self.about == "timesheets" and self.is_withheld:
            return Refusal("refused", "Timesheets are for those who look after these people; ask one of them.")
        if self.about == "timesheets" and self.gone is None:
            return Refusal("declined", "That window lies ahead: no timesheet of it can be missing yet.")
        if self.has_nothing:
            days = f"from {self.window[0]} to {self.window[1]}"
            what = "hours worked" if self.about == "timesheets" else "hours worked and no bookings"
            return Refusal("not_found", f"No {what} {days} are on file that you can see; they come by import.")
        rows = {f"{line.why.value}-{number}": line for number, line in enumerate(self._rows(), start=1)}
        people = {line.name.value for line in rows.values()}
        shown = [person for person in self.crew.people if person.name in people] or self._most_hours()
        sources = {
            source.id: source
            for source in (*self.crew.sources, *(source_of(Level.PERSON, each.key, each.name) for each in shown))
        }
        return TeamUtilisation(
            as_of=self.day,
            scope=facts.name(self.crew.name),
            about=facts.text(self.about),
            scope_kind=Figure(value=self.crew.kind, unit=Unit.TEXT),
            start=_day(self.window[0]),
            end=_day(self.window[1]),
            people=Figure(value=len(self.crew.people), unit=Unit.COUNT),
            no_holidays=facts.count(without_holidays(self.session, self.crew.people) or None),
            definition=Figure(value=self.definition.name, unit=Unit.TEXT),
            meaning=Figure(value=self._meaning(self.definition), unit=Unit.TEXT),
            target=facts.share(self._target),
            compared_with=facts.share(self.compared_with),
            **self._worked_part(),
            **self._booked_part(),
            rows=rows,
            sources=list(sources.values()),
        )

    def _most_hours(self) -> list[PersonRecord]:
        """Some of the people whose rows are in the sums: those with most of them."""
        load = self.booked
        of = {person.id: load.total(load.firm, person.id) if load else 0 for person in self.crew.people}
        if self.worked is not None:
            of |= {person: each.worked for person, each in self.worked.of_person.items()}
        return sorted(self.crew.people, key=lambda person: -of[person.id])[:MOST_CITED]

    @cached_property
    def is_withheld(self) -> bool:
        """Whether hours worked are not to be told; it follows from rights and the people asked about alone."""
        ids = [person.id for person in self.crew.people]
        return len(people_whose_hours_show(self.session, self.context.reader, ids)) < len(ids)

    @property
    def has_nothing(self) -> bool:
        """Whether nothing is on file to tell from, rather than nobody having anything to do."""
        if self.worked is not None or self.about == "definition":
            return False
        load = self.booked
        is_empty = load is not None and not load.total(load.firm + load.tentative) and load.total(load.available) > 0
        return self.about == "timesheets" or (self.crew.kind == "everybody" and is_empty)

    @property
    def worked(self) -> WorkedHours | None:
        """The days gone by, where any hours are on file."""
        return self.gone if self.gone is not None and self.gone.entries else None

    @cached_property
    def gone(self) -> WorkedHours | None:
        """The days gone by, where hours worked may be told of them."""
        first = self.window[0]
        if first >= self.day or self.is_withheld or self.about in ("overbooked", "bench"):
            return None
        last = min(self.window[1], self.day - timedelta(days=1))
        return worked_hours(self.session, self.context.reader, self.crew.people, first, last, self.day)

    @cached_property
    def booked(self) -> Load | None:
        """The days whose bookings are told: those to come, and all where nothing else is."""
        first = self.window[0]
        if self.worked is not None:
            if self.window[1] < self.day or self.about in ("timesheets", "definition"):
                return None
            first = max(first, self.day)
        return load_of(self.session, self.context.reader, self.crew.people, first, self.window[1])

    def _meaning(self, definition: UtilisationDefinition) -> str:
        whose = f", of {OF[definition.whose]}" if self.crew.kind == "everybody" else ""
        return f"{COUNTED[definition.numerator]} over {DIVIDED_BY[definition.base]}{whose}"

    @property
    def _target(self) -> float | None:
        """That of the one practice all of them are of, else the firm's."""
        practices = {person.practice_id for person in self.crew.people}
        own = self.targets.get(next(iter(practices))) if len(practices) == 1 and self.crew.name else None
        return own or self.definition.target_share

    @cached_property
    def targets(self) -> dict[int | None, float]:
        return practice_targets(self.session)

    def _worked_part(self) -> dict[str, Any]:
        if self.worked is None:
            why = WITHHELD if self.is_withheld else NOT_ON_FILE if self.gone else None
            return {"withheld": facts.text(why if self.about is None else None)}
        worked, whole = self.worked, self.worked.whole
        ours = worked.reading(self.definition, self.crew.people)
        sees_all = knows_all_hours(self.session, self.context.reader)
        return {
            "worked_from": facts.day(worked.load.first),
            "worked_until": facts.day(worked.load.last),
            "share": facts.share(ours.share, "utilisation"),
            "counted": _hours(ours.counted, self.definition),
            "base": facts.hours(ours.base),
            "worked": facts.hours(whole.worked, "spent_time"),
            "holidays": facts.hours(whole.holidays or None),
            "absent": facts.hours(whole.absent or None),
            "partial": None if sees_all else Figure(value=PARTIAL, unit=Unit.TEXT),
            **self._comparison(worked, ours),
            **_missing_part(worked, ours),
        }

    def _comparison(self, worked: WorkedHours, ours: Reading) -> dict[str, Any]:
        """Which definition gives the share that somebody else told, and by what it differs from ours."""
        if self.compared_with is None or ours.share is None:
            return {}
        of = worked.of(self.crew.people)
        other, gives = explain(self.compared_with, ours, of)
        mine, theirs = ours.definition, other.definition
        whose = of[mine.whose]
        needed = ours.counted_for(self.compared_with)
        return {
            "other_share": facts.share(other.share, "utilisation"),
            "other_gives": Figure(value=gives, unit=Unit.YES_NO),
            "is_ours": Figure(value=theirs == mine, unit=Unit.YES_NO),
            "other_meaning": facts.text(self._meaning(theirs)),
            "other_counted": _hours(other.counted, theirs),
            "other_base": facts.hours(other.base),
            "without_absent": _left_out(whose.absent, mine.base, theirs.base, (Base.AVAILABLE,)),
            "without_holidays": _left_out(whose.holidays, mine.base, theirs.base, (Base.LESS_HOLIDAYS, Base.AVAILABLE)),
            "without_office": facts.hours(whose.base(theirs.base) - other.base or None),
            "needed": None if gives else facts.hours(needed),
            "short": None if gives else facts.hours(needed - ours.counted),
        }

    def _booked_part(self) -> dict[str, Any]:
        load = self.booked
        if load is None:
            return {}
        available, firm, tentative = (load.total(table) for table in (load.available, load.firm, load.tentative))
        idle, counts = self.idle, tentative and load.last >= self.day
        return {
            "booked_from": facts.day(load.first),
            "booked_until": facts.day(load.last),
            "booked": facts.hours(firm, "booked_hours"),
            "available": facts.hours(available, "available_hours"),
            "booked_share": facts.share(firm / available if available else None, "booked_share"),
            "if_all_lands": facts.share((firm + tentative) / available) if available and counts else None,
            "free": facts.hours(load.total(load.free), "free_hours"),
            "overbooked": Figure(value=len({each.person for each in load.overloads()}), unit=Unit.COUNT),
            "bench": Figure(value=len(idle), unit=Unit.COUNT),
            "bench_free": facts.hours(sum(free for _, free in idle) if idle else None, "free_hours"),
        }

    @cached_property
    def idle(self) -> list[tuple[PersonRecord, int]]:
        """People of practices booked for less than half of what they are there, and their free minutes, most first."""
        load = self.booked
        if load is None:
            return []
        some = any(person.practice_id is not None for person in self.crew.people)
        found = []
        for person in self.crew.people:
            available, firm = load.total(load.available, person.id), load.total(load.firm, person.id)
            if available and firm < UNDER * available and (person.practice_id is not None or not some):
                found.append((person, load.total(load.free, person.id)))
        return sorted(found, key=lambda each: -each[1])

    def _rows(self) -> Iterator[UtilisationLine]:
        if self.about == "bench":
            yield from self._idle_rows()
        elif self.about == "timesheets":
            yield from self._missing_rows()
        elif self.about == "definition":
            yield from self._definition_rows()
        else:
            if self.about is None and self.crew.kind != "person":
                yield from self._group_rows()
            yield from self._overload_rows()
            if self.crew.kind == "person":
                yield from self._week_rows()

    def _group_rows(self) -> Iterator[UtilisationLine]:
        """Each practice, or each office, the largest first and people of none last."""
        groups: dict[str, list[PersonRecord]] = {}
        for person in self.crew.people:
            groups.setdefault(self._group(person) or f"no {self.by}", []).append(person)
        if len(groups) < 2:
            return
        in_order = sorted(groups.items(), key=lambda each: (not self._group(each[1][0]), -len(each[1]), each[0]))
        for name, people in in_order:
            own = self.targets.get(people[0].practice_id) if self.by == "practice" else None
            target = (own or self.definition.target_share) if self._group(people[0]) else None
            yield UtilisationLine(
                why=Figure(value=self.by, unit=Unit.TEXT),
                name=Figure(value=name, unit=Unit.NAME),
                target=facts.share(target),
                **self._of_group(people),
            )

    def _group(self, person: PersonRecord) -> str | None:
        return person.practice_name if self.by == "practice" else person.office

    def _of_group(self, people: Sequence[PersonRecord]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.worked is not None:
            reading = self.worked.reading(self.definition, people)
            found = {
                "share": facts.share(reading.share, "utilisation"),
                "counted": _hours(reading.counted, self.definition),
                "base": facts.hours(reading.base),
            }
        if (load := self.booked) is not None:
            available, firm, free = (
                sum(load.total(table, person.id) for person in people)
                for table in (load.available, load.firm, load.free)
            )
            found |= _held(firm, available) | {"free": facts.hours(free, "free_hours")}
        return found

    def _overload_rows(self) -> Iterator[UtilisationLine]:
        named = {person.id: person.name for person in self.crew.people}
        stretches = self.booked.overloads() if self.booked is not None else []
        for each in sorted(stretches, key=lambda each: each.available - each.booked)[:MOST_ROWS]:
            yield UtilisationLine(
                why=Figure(value="overbooked", unit=Unit.TEXT),
                name=Figure(value=named[each.person], unit=Unit.NAME),
                start=facts.day(each.first),
                end=facts.day(each.last),
                **_held(each.booked, each.available),
            )

    def _week_rows(self) -> Iterator[UtilisationLine]:
        """Each week of the one person."""
        if (load := self.booked) is None:
            return
        firm, available = load.by_week(load.firm)[0], load.by_week(load.available)[0]
        for week, (first, last) in list(enumerate(load.weeks))[:MOST_ROWS]:
            yield UtilisationLine(
                why=Figure(value="week", unit=Unit.TEXT),
                name=Figure(value=self.crew.people[0].name, unit=Unit.NAME),
                start=facts.day(first),
                end=facts.day(last),
                free=facts.hours(float(load.free[0, week]), "free_hours"),
                **_held(float(firm[week]), float(available[week])),
            )

    def _idle_rows(self) -> Iterator[UtilisationLine]:
        if (load := self.booked) is None:
            return
        for person, free in self.idle[:MOST_ROWS]:
            yield UtilisationLine(
                why=Figure(value="bench", unit=Unit.TEXT),
                name=Figure(value=person.name, unit=Unit.NAME),
                free=facts.hours(free, "free_hours"),
                **_held(load.total(load.firm, person.id), load.total(load.available, person.id)),
            )

    def _missing_rows(self) -> Iterator[UtilisationLine]:
        for each in self.worked.missing[:MOST_ROWS] if self.worked is not None else ():
            yield UtilisationLine(
                why=Figure(value="missing", unit=Unit.TEXT),
                name=Figure(value=each.person.name, unit=Unit.NAME),
                start=facts.day(each.first),
                end=facts.day(each.last),
                available=facts.hours(each.minutes, "available_hours"),
            )

    def _definition_rows(self) -> Iterator[UtilisationLine]:
        """What the firm's own would be over each base."""
        if self.worked is None:
            return
        for base in Base:
            reading = self.worked.reading(replace(self.definition, base=base), self.crew.people)
            yield UtilisationLine(
                why=Figure(value="definition", unit=Unit.TEXT),
                name=Figure(value=DIVIDED_BY[base], unit=Unit.NAME),
                share=facts.share(reading.share, "utilisation"),
                base=facts.hours(reading.base),
            )


def _hours(minutes: int, definition: UtilisationDefinition) -> Figure | None:
    return facts.hours(minutes, "billable_time" if definition.numerator is Numerator.BILLABLE else "spent_time")


def _left_out(minutes: int, mine: Base, theirs: Base, without: Sequence[Base]) -> Figure | None:
    """Minutes that their base leaves out and ours does not; below zero the other way round; None where both agree."""
    return facts.hours(((theirs in without) - (mine in without)) * minutes or None)


def _missing_part(worked: WorkedHours, ours: Reading) -> dict[str, Any]:
    missing = worked.missing
    if not missing:
        return {"missing": Figure(value=0, unit=Unit.COUNT)}
    lost = sum(each.minutes for each in missing)
    return {
        "missing": Figure(value=len(missing), unit=Unit.COUNT),
        "missing_hours": facts.hours(lost, "available_hours"),
        "could_reach": facts.share((ours.counted + lost) / ours.base if ours.base else None, "utilisation"),
    }


def _held(firm: float, available: float) -> dict[str, Figure | None]:
    return {
        "booked": facts.hours(firm, "booked_hours"),
        "available": facts.hours(available, "available_hours"),
        "booked_share": facts.share(firm / available if available else None, "booked_share"),
    }


def _day(day: date) -> Figure:
    return Figure(value=day.isoformat(), unit=Unit.DATE)

"""Six months of timesheets: the hours behind the done work, laid into the days people were there."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from storage.sample.quillmere.firm import Firm, Line, Member
from storage.sample.quillmere.plan import Progress
from storage.sample.quillmere.worktime import finish_moment, start_moment

STEP = 30  # people book half hours


@dataclass(frozen=True)
class Entry:
    person: str
    project: str
    task: str
    day: date
    minutes: int


class Calendar:
    """The minutes each person still has free on each day they were at work."""

    def __init__(self, members: Iterable[Member], first: date, last: date) -> None:
        self.free: dict[str, dict[date, int]] = {each.key: _free(each, first, last) for each in members}

    def days(self, person: str, first: date, last: date) -> list[date]:
        return [day for day, minutes in self.free[person].items() if first <= day <= last and minutes]

    def take(self, person: str, day: date, minutes: int) -> int:
        taken = min(minutes, self.free[person][day])
        self.free[person][day] -= taken
        return taken


def timesheets(firm: Firm, progress: dict[str, Progress], first: date, today: date) -> list[Entry]:
    """Every booked entry from `first` to the day before `today`, without the timesheets still missing."""
    calendar = Calendar(firm.members.values(), first, today - timedelta(days=1))
    missing = {(each["who"], each["week"]) for each in firm.page["missing_timesheets"]}
    entries: list[Entry] = []
    for project in firm.projects.values():
        started = [line for line in project.leaves if progress[line.key].actual_start is not None]
        for line in started:
            helpers = [person for person in project.team if person not in line.who]
            entries += _book(project.key, line, progress[line.key], calendar, helpers)
    return [each for each in entries if (each.person, _monday(each.day)) not in missing]


def _book(project: str, line: Line, done: Progress, calendar: Calendar, helpers: list[str]) -> Iterator[Entry]:
    """The hours of one task: evenly by its own people, and what does not fit by others of the project."""
    first, last = _span(done)
    booked: dict[tuple[str, date], int] = defaultdict(int)

    def fill(people: Iterable[str], minutes: int, portion: Callable[[int, int], int]) -> int:
        for person in people:
            days = calendar.days(person, first, last)
            for index, day in enumerate(days):
                taken = calendar.take(person, day, min(minutes, portion(minutes, len(days) - index)))
                booked[person, day] += taken
                minutes -= taken
        return minutes

    spent = round(line.effort_minutes * done.done_share * line.overrun / STEP) * STEP
    left = 0
    for index, person in enumerate(line.who):
        own = round(spent / len(line.who) * (index + 1) / STEP) * STEP - round(spent / len(line.who) * index / STEP) * STEP
        left += fill([person], own, _evenly)
    fill([*line.who, *helpers], left, _at_once)
    for (person, day), minutes in booked.items():
        if minutes:
            yield Entry(person, project, line.key, day, minutes)


def _evenly(minutes: int, days: int) -> int:
    return -(-minutes // days // STEP) * STEP


def _at_once(minutes: int, days: int) -> int:
    return minutes


def _span(done: Progress) -> tuple[date, date]:
    first = start_moment(done.actual_start or 0).date()
    last = finish_moment(done.actual_finish).date() if done.actual_finish is not None else date.max
    return first, last


def _free(member: Member, first: date, last: date) -> dict[date, int]:
    days = (first + timedelta(days=index) for index in range((last - first).days + 1))
    hours = member.weekday_minutes
    return {day: hours[day.weekday()] for day in days if hours[day.weekday()] and not member.is_away(day)}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

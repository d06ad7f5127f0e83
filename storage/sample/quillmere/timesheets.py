"""Six months of timesheets: the hours behind the done work, laid into the days people were there."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from storage.sample.quillmere.firm import Firm, Line, Member, Project
from storage.sample.quillmere.progress import Progress
from storage.sample.quillmere.worktime import finish_moment, start_moment

STEP = 30  # people book half hours
_AFTERWARDS = timedelta(days=14)
_SOMEDAY = date(9000, 1, 1)


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
    jobs = [
        Job.of(project, line, progress[line.key])
        for project in firm.projects.values()
        for line in project.leaves
        if progress[line.key].actual_start is not None
    ]
    # Short tasks book first: long ones have room around them.
    entries = [entry for job in sorted(jobs, key=Job.urgency) for entry in _book(job, calendar)]
    return [each for each in entries if (each.person, _monday(each.day)) not in missing]


@dataclass(frozen=True)
class Job:
    """The hours of one task that somebody has to book."""

    project: str
    task: str
    first: date
    last: date
    latest: date  # until when somebody may still book what they forgot
    minutes: int
    who: tuple[str, ...]
    helpers: tuple[str, ...]

    @classmethod
    def of(cls, project: Project, line: Line, done: Progress) -> "Job":
        finish, stopped = done.actual_finish, line.page.get("stopped")
        last = finish_moment(finish).date() if finish is not None else stopped or _SOMEDAY
        return cls(
            project.key,
            line.key,
            start_moment(done.actual_start or 0).date(),
            last,
            stopped or last + _AFTERWARDS,
            round(line.effort_minutes * done.done_share * line.overrun / STEP) * STEP,
            line.who,
            tuple(person for person in project.team if person not in line.who),
        )

    def urgency(self) -> tuple[timedelta, date, str]:
        return self.last - self.first, self.first, self.task


def _book(job: Job, calendar: Calendar) -> list[Entry]:
    """Evenly by the task's own people; what does not fit by others of the project, and else in the weeks after."""
    booking = _Booking(job, calendar)
    left = sum(booking.fill(person, share, job.last, _evenly) for person, share in _shares(job))
    for person in (*job.who, *job.helpers):
        left = booking.fill(person, left, job.last, _at_once)
    for person in (*job.who, *job.helpers):
        left = booking.fill(person, left, job.latest, _at_once)
    return booking.entries()


class _Booking:
    """One job being booked, day by day."""

    def __init__(self, job: Job, calendar: Calendar) -> None:
        self.job = job
        self.calendar = calendar
        self.booked: dict[tuple[str, date], int] = defaultdict(int)

    def fill(self, person: str, minutes: int, last: date, portion: Callable[[int, int], int]) -> int:
        """Book a person's free time; returns the minutes that found none."""
        days = self.calendar.days(person, self.job.first, last)
        for index, day in enumerate(days):
            taken = self.calendar.take(person, day, min(minutes, portion(minutes, len(days) - index)))
            self.booked[person, day] += taken
            minutes -= taken
        return minutes

    def entries(self) -> list[Entry]:
        job = self.job
        return [Entry(who, job.project, job.task, day, took) for (who, day), took in self.booked.items() if took]


def _shares(job: Job) -> list[tuple[str, int]]:
    """The minutes of each person, in half hours; the first take what does not divide."""
    each, more = divmod(job.minutes // STEP, len(job.who) or 1)
    return [(person, (each + (index < more)) * STEP) for index, person in enumerate(job.who)]


def _evenly(minutes: int, days: int) -> int:
    return -(-minutes // days // STEP) * STEP


def _at_once(minutes: int, days: int) -> int:
    return minutes


def _free(member: Member, first: date, last: date) -> dict[date, int]:
    days = (first + timedelta(days=index) for index in range((last - first).days + 1))
    hours = member.weekday_minutes
    return {day: hours[day.weekday()] for day in days if hours[day.weekday()] and not member.is_away(day)}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

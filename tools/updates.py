"""What somebody did or learned, as a proposal to record it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from sqlmodel import Session

from storage.money import minutes_on_task
from storage.projects import find_project
from storage.records import PersonRecord, ProjectRecord, TaskRecord
from storage.staffing import absences, find_person
from storage.tasks import find_task
from storage.vocabulary import DurationBasis, Level, TaskState
from tools.changes import read_length
from tools.compiling import CannotChange
from tools.context import ToolContext
from tools.facts import Refusal, ToolResult
from tools.figures import title
from tools.names import NameIndex
from tools.people import week_of
from tools.planning import model
from tools.planning.changes import (
    Change,
    RateProgress,
    RecordAbsence,
    RecordBlocker,
    RecordHours,
    RecordNote,
    RecordRisk,
    SetTaskState,
)
from tools.proposing import Subject, proposal
from tools.resolve import Match, find_myself, find_one

Kind = Literal["done", "hours", "remaining", "progress", "blocker", "risk", "note", "absence"]
FULL_DAY = 8 * 60
LONGEST_NOTE = 1_000
LONGEST_HOURS = 1_000
OLDEST = 366  # days
MOST_DAYS = 31  # that hours said at once are spread over
LONGEST_ABSENCE = 366


def record_update(
    context: ToolContext,
    subject: Annotated[str | None, "key of the task or project, or e-mail of who is absent"] = None,
    kind: Annotated[Kind | None, "what is recorded"] = None,
    value: Annotated[
        str | None, "the share done, the length that is left as it was said, or the words to record"
    ] = None,
    hours: Annotated[
        float | None, "hours worked; of kind done those it took in all, of kind remaining those left"
    ] = None,
    remaining: Annotated[float | None, "hours left, where hours worked are recorded with them"] = None,
    date: Annotated[date | None, "the day it happened, ISO; today by default"] = None,
    start: Annotated[date | None, "first day of an absence, ISO"] = None,
    end: Annotated[date | None, "last day of an absence, ISO"] = None,
) -> ToolResult:
    """Propose to record what somebody did or learned: done, hours, remaining work, a blocker, risk, note, absence."""
    if kind is None:
        return Refusal("declined", "Say what to record: that a task is done, hours, what is left, a blocker, a note.")
    with context.reading() as session:
        index = NameIndex.of(session).seen_by(session, context.reader)
        myself = find_myself(context.reader, index)
        if not isinstance(myself, Match):
            return myself
        report = _Report(session, context, find_person(session, context.reader, myself.key))
        report.value, report.hours, report.remaining = " ".join((value or "").split()), hours, remaining
        report.on, report.start, report.end = date, start, end
        try:
            return report.of(kind, (subject or "").strip())
        except (CannotChange, ValueError) as reason:
            return Refusal("declined", str(reason))


class _Report:
    """What one person reports."""

    value: str
    hours: float | None
    remaining: float | None
    on: date | None
    start: date | None
    end: date | None

    def __init__(self, session: Session, context: ToolContext, person: PersonRecord) -> None:
        self.session, self.reader, self.context, self.person = session, context.reader, context, person
        self.today = context.as_of or context.today

    def of(self, kind: Kind, subject: str) -> ToolResult:
        if kind == "absence":
            return self._absence(subject)
        if not subject:
            raise CannotChange("Say which task it is: its key or name.")
        match = find_one(self.session, self.reader, subject, _LEVELS.get(kind, (Level.TASK,)))
        if not isinstance(match, Match):
            return match
        task = find_task(self.session, self.reader, match.key) if match.level is Level.TASK else None
        project = find_project(self.session, self.reader, task.project_key if task else match.key)
        if kind in _OF_TASKS:
            if task is None:
                raise CannotChange(f"Say which task of {match.name}: its key or name.")
            if task.is_leaf is False:
                raise CannotChange(f"{task.key} has tasks below it: record it on those.")
            what, changes, taken = _OF_TASKS[kind](self, task)
        else:
            what, changes, taken = _OF_PLACES[kind](self, project, task)
        named = Subject(
            match.level, match.key, match.name, title(Level.PROJECT, project.key, project.name), [project.id]
        )
        return proposal(self.session, self.reader, named, what, changes, day=self.today, taken=taken)

    def done(self, task: TaskRecord) -> tuple[str, list[Change], str]:
        if task.state == TaskState.DONE:
            raise CannotChange(f"{task.key} is done already.")
        changes: list[Change] = [SetTaskState(task.key, model.TaskState.DONE, self.day)]
        taken = ""
        if self.hours is not None:
            known = minutes_on_task(self.session, self.reader, self.person.id, task.id)
            more = self._minutes(self.hours) - known
            changes += self._worked(task, more) if more > 0 else []
            taken = f"{known / 60:g} h of it are recorded already" if known else ""
        return f"{task.key} {task.name} is done", changes, taken

    def worked(self, task: TaskRecord) -> tuple[str, list[Change], str]:
        hours = self.hours if self.hours is not None else self._hours_said()
        changes = self._worked(task, self._some_minutes(hours))
        if self.remaining is not None:
            changes.append(RateProgress(task.key, remaining_minutes=self._minutes(self.remaining)))
        return f"{hours:g} h on {task.key} {task.name}", changes, ""

    def left(self, task: TaskRecord) -> tuple[str, list[Change], str]:
        hours = self.hours if self.hours is not None else self._hours_said()
        change = RateProgress(task.key, remaining_minutes=self._minutes(hours))
        return f"{hours:g} h left on {task.key} {task.name}", [change], ""

    def progress(self, task: TaskRecord) -> tuple[str, list[Change], str]:
        share = self._share()
        if share == 1:
            return self.done(task)
        return f"{task.key} {task.name} is {share * 100:g} % done", [RateProgress(task.key, done_share=share)], ""

    def blocked(self, task: TaskRecord) -> tuple[str, list[Change], str]:
        if not task.is_open:
            raise CannotChange(f"{task.key} is not open, so nothing can hold it up.")
        return f"{task.key} {task.name} is blocked", [RecordBlocker(task.key, self._words(), self.day)], ""

    def risk(self, project: ProjectRecord, _task: TaskRecord | None) -> tuple[str, list[Change], str]:
        change = RecordRisk(project.key, self._words(), self.person.key, self.day)
        name = title(Level.PROJECT, project.key, project.name)
        return f"A new risk of {name}", [change], "you are its owner; likelihood and impact are open"

    def note(self, project: ProjectRecord, task: TaskRecord | None) -> tuple[str, list[Change], str]:
        on = task.key if task else title(Level.PROJECT, project.key, project.name)
        change = RecordNote(project.key, task.key if task else None, self.person.key, self._words(), self.day)
        return f"A note on {on}", [change], ""

    def _absence(self, subject: str) -> ToolResult:
        person = self.person
        if subject:
            match = find_one(self.session, self.reader, subject, (Level.PERSON,))
            if not isinstance(match, Match):
                return match
            person = find_person(self.session, self.reader, match.key)
        first = self.start or self.on
        if first is None:
            raise CannotChange("Say from which day to which.")
        last = self.end or first
        if last < first:
            raise CannotChange(f"That absence ends on {last}, before it begins on {first}.")
        if (last - first).days > LONGEST_ABSENCE:
            raise CannotChange("I record absences of up to a year.")
        known = absences(self.session, self.reader, [person.id], first, last)
        if any(each.starts_on <= first and last <= each.ends_on for each in known):
            raise CannotChange(f"{person.name} is away then already, as far as the records go.")
        beside = " and ".join(f"{_said(each.starts_on)} to {_said(each.ends_on)}" for each in known)
        whose = "You are" if person.id == self.person.id else f"{person.name} is"
        subject_of = Subject(Level.PERSON, person.key, person.name)
        until = "" if last == first else f" to {_said(last)}"
        what = f"{whose} away from {_said(first)}{until}" if until else f"{whose} away on {_said(first)}"
        change = RecordAbsence(person.key, first, last)
        taken = f"On file already: {beside}" if beside else ""
        return proposal(self.session, self.reader, subject_of, what, [change], day=self.today, taken=taken)

    @property
    def day(self) -> date:
        day = self.on or self.today
        if (self.today - day).days > OLDEST:
            raise CannotChange(
                f"{_said(day)} is more than a year ago: records that old are corrected where they come from."
            )
        if day > self.today:
            raise CannotChange(f"{_said(day)} is still to come: what has happened can be recorded.")
        return day

    def _worked(self, task: TaskRecord, minutes: int) -> list[Change]:
        """The time on the days that end with the one that was said, as this person works."""
        return [
            RecordHours(self.person.key, task.project_key, task.key, day, spent)
            for day, spent in reversed(list(_spread(minutes, self.day, week_of(self.person))))
        ]

    def _minutes(self, hours: float) -> int:
        if not 0 <= hours <= LONGEST_HOURS:
            raise CannotChange(f"Hours lie between 0 and {LONGEST_HOURS}.")
        return round(hours * 60)

    def _some_minutes(self, hours: float) -> int:
        minutes = self._minutes(hours)
        if not minutes:
            raise CannotChange("Say how many hours: more than none.")
        return minutes

    def _hours_said(self) -> float:
        length = read_length(self.value)
        if length is None:
            raise CannotChange("Say how many hours or days.")
        return length.minutes(DurationBasis.WORKING) / 60

    def _share(self) -> float:
        written = self.value.rstrip("% ").replace(",", ".")
        try:
            number = Decimal(written)
        except ArithmeticError:
            number = Decimal("NaN")
        if not number.is_finite():
            raise CannotChange("Say how far it is, like “60%”.")
        share = number / 100 if "%" in self.value or number > 1 else number
        if not 0 <= share <= 1:
            raise CannotChange("Progress lies between 0 and 100 %.")
        return float(share)

    def _words(self) -> str:
        if not 0 < len(self.value) <= LONGEST_NOTE:
            raise CannotChange(f"Say what, after a colon, in up to {LONGEST_NOTE:,} characters.")
        return self.value


def _spread(minutes: int, last: date, week: Sequence[int]) -> Iterator[tuple[date, int]]:
    """Minutes a day, backwards from the last one, over the days of a working week."""
    usual = week if any(week) else (FULL_DAY,) * 5 + (0, 0)
    day, first = last, last - timedelta(days=MOST_DAYS)
    while minutes > 0:
        if day < first:
            raise CannotChange(f"That is more than {MOST_DAYS} days hold: record it in parts.")
        spent = min(minutes, usual[day.weekday()] or (FULL_DAY if day == last else 0))
        if spent:
            yield day, spent
        minutes -= spent
        day -= timedelta(days=1)


def _said(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


Told = tuple[str, list[Change], str]
_LEVELS: dict[str, tuple[Level, ...]] = {
    "risk": (Level.PROJECT, Level.TASK),
    "note": (Level.TASK, Level.PROJECT),
}
_OF_TASKS: dict[str, Callable[[_Report, TaskRecord], Told]] = {
    "done": _Report.done,
    "hours": _Report.worked,
    "remaining": _Report.left,
    "progress": _Report.progress,
    "blocker": _Report.blocked,
}
_OF_PLACES: dict[str, Callable[[_Report, ProjectRecord, TaskRecord | None], Told]] = {
    "risk": _Report.risk,
    "note": _Report.note,
}

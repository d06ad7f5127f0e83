"""Any plain edit of a plan, as a proposal: dates, owners, estimates, links, states, names, new tasks."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from sqlmodel import Session

from storage.projects import find_project
from storage.records import ProjectRecord, TaskRecord
from storage.tasks import find_task, list_tasks
from storage.vocabulary import DurationBasis, Level
from tools.amounts import AmountUnit, parse_amounts
from tools.compiling import CannotChange, compiled
from tools.context import ToolContext
from tools.facts import Clarification, Option, Refusal, ToolResult
from tools.figures import title
from tools.networks import length_of, plan_calendars, read_network
from tools.planning.calendar import WorkingCalendar, is_midnight
from tools.planning.changes import (
    AddTask,
    AssignTask,
    Change,
    EstimateTask,
    LinkTasks,
    MoveTask,
    PromiseFinish,
    RemoveTask,
    RenameProject,
    RenameTask,
    ReportHealth,
    SetBudget,
    SetProjectState,
    SetTaskState,
    UnlinkTasks,
)
from tools.planning.critical_path import CriticalPath, LinksFormACircle
from tools.planning.model import Health, ProjectState, TaskState, Window
from tools.planning.network import AROUND_THE_CLOCK
from tools.proposing import Subject, proposal
from tools.resolve import MOST_OPTIONS, Match, find_one

Operation = Literal[
    "move",
    "extend",
    "assign",
    "set_estimate",
    "set_state",
    "set_health",
    "set_budget",
    "set_field",
    "add_task",
    "add_milestone",
    "add_link",
    "remove_link",
    "remove",
    "rename",
    "close",
]
LEAST_SHIFT = 30  # minutes
LONGEST_NAME = 200


@dataclass(frozen=True)
class Shift:
    """A length to move by, in the units it was said in."""

    count: Decimal
    unit: str

    def minutes(self, basis: str) -> int:
        """As worked minutes, or as elapsed ones where the task counts so."""
        day = DurationBasis(basis).day_minutes
        week = 5 if basis == DurationBasis.WORKING else 7
        month = 20 if basis == DurationBasis.WORKING else 30
        lengths = {"hour": 60, "day": day, "week": week * day, "month": month * day}
        return round(self.count * lengths[self.unit])


def propose_change(
    context: ToolContext,
    operation: Annotated[Operation | None, "the edit"] = None,
    subject: Annotated[str | None, "key or name of the task or project that is edited"] = None,
    value: Annotated[str | None, 'what it becomes: an ISO date, "+2 days", an e-mail, a state, a key, words'] = None,
    date: Annotated[date | None, "the day of what is added, ISO"] = None,
    edge: Annotated[Literal["start", "finish"] | None, "which end of a task a date is of; its start by default"] = None,
) -> ToolResult:
    """Propose one plain edit of a plan: a date, owner, link, estimate, state or health, a new task, a close."""
    if operation is None:
        return Refusal("declined", "Say what to change: a date, an owner, an estimate, a state, a link, a name.")
    if operation == "set_field":
        return Refusal("declined", f"I can change {KNOWN} so far. Change other fields where they come from.")
    if not (subject or "").strip():
        return Refusal("declined", "Say which task or project: its key or name.")
    with context.reading() as session:
        match = find_one(session, context.reader, subject or "", _LEVELS[operation])
        if not isinstance(match, Match):
            return match
        wish = _Wish(session, context, match, (value or "").strip(), date, edge)
        try:
            return _WAYS[operation](wish)
        except OverflowError:
            return Refusal("declined", "That runs beyond the years I can plan: say a nearer day, or a shorter time.")
        except ValueError as reason:
            return Refusal("declined", str(reason))


class _Wish:
    """What is wanted of which row; the ways to carry it out."""

    def __init__(
        self, session: Session, context: ToolContext, match: Match, value: str, day: date | None, edge: str | None
    ) -> None:
        self.session, self.reader, self.match, self.value, self.day, self.edge = (
            session, context.reader, match, value, day, edge
        )  # fmt: skip
        self.task: TaskRecord | None = None
        if match.level is Level.TASK:
            self.task = find_task(session, self.reader, match.key)
        project = self.task.project_key if self.task else match.key
        self.project: ProjectRecord = find_project(session, self.reader, project)
        self.today = context.as_of or self.project.data_as_of or context.today

    # The ways

    def move(self) -> ToolResult:
        if self.task is None:
            return self._move_project()
        days, shift = self._when()
        leaves = self._leaves(self.task)
        if not leaves:
            raise CannotChange(f"Nothing of {self.task.key} is left to move: all of it is done or cancelled.")
        moved, notes = self._moved(self.task, leaves, days, shift)
        return self._propose(f"Move {self._named()}", moved, notes, cascades=True)

    def extend(self) -> ToolResult:
        if self.task is None:
            return self._move_project()
        task, calendar = self.task, self._calendar_of(self.task)
        if task.is_milestone:
            raise CannotChange(f"{task.key} is a milestone and has no length: move it instead.")
        if not task.is_open or task.start is None or task.finish is None:
            raise CannotChange(f"{task.key} has no open dates to extend.")
        day, shift = self._when()
        if shift is not None:
            minutes = shift.minutes(task.duration_basis)
            finish = _finish_later(task.finish, minutes, calendar)
        else:
            assert day is not None
            finish = calendar.finish_at(calendar.position(datetime.combine(day + timedelta(days=1), time())))
        if finish < task.start:
            raise CannotChange(f"{task.key} starts on {_said(task.start)}, so it cannot end on {_said(finish)}.")
        length = calendar.minutes_between(task.start, finish)
        change = MoveTask(task.key, task.start, finish, duration_minutes=length)
        return self._propose(f"Extend {self._named()}", [change], cascades=True)

    def assign(self) -> ToolResult:
        if self.task is None:
            raise CannotChange("I hand over tasks. Who manages a project is changed where it comes from.")
        if not self.value:
            return self._whom(self.task)
        person = find_one(self.session, self.reader, self.value, (Level.PERSON,))
        if not isinstance(person, Match):
            return person
        return self._propose(f"Give {self._named()} to {person.name}", [AssignTask(self.task.key, person.key)])

    def _whom(self, task: TaskRecord) -> ToolResult:
        """The question who should take it, with those who work on the project already."""
        mates = {each.owner.key: each.owner.name for each in self._tasks() if each.owner and each.owner != task.owner}
        if not mates:
            raise CannotChange(f"Say who should take {task.key}.")
        options = tuple(Option(key, name, Level.PERSON) for key, name in list(mates.items())[:MOST_OPTIONS])
        return Clarification(f"Who should take {self._named()}?", options)

    def set_estimate(self) -> ToolResult:
        task = self._a_task()
        shift = read_length(self.value)
        if shift is None or shift.count <= 0:
            raise CannotChange(f"Say how long {task.key} takes in all, like “3 days” or “16 h”.")
        effort = shift.minutes(DurationBasis.WORKING)
        done = (task.effort_minutes or 0) - (task.remaining_minutes or 0) if task.remaining_minutes is not None else 0
        left = max(0, effort - max(0, done)) if task.remaining_minutes is not None else None
        return self._propose(f"Estimate {self._named()} anew", [EstimateTask(task.key, effort, left)])

    def set_state(self) -> ToolResult:
        word = self.value.lower().replace(" ", "_")
        if self.task is not None:
            word = TaskState.IN_PROGRESS if word == ProjectState.ACTIVE else word  # "reopen" is said of both
            if word not in tuple(TaskState):
                raise CannotChange(f"A task can be {_either(TaskState)}. On hold is for projects.")
            change: Change = SetTaskState(self.task.key, TaskState(word), self.day or self.today)
        else:
            if word not in tuple(ProjectState):
                raise CannotChange(f"A project can be {_either(ProjectState)}.")
            change = SetProjectState(self.project.key, ProjectState(word))
        return self._propose(f"Set {self._named()} {word.replace('_', ' ')}", [change])

    def close(self) -> ToolResult:
        if self.task is not None:
            self.value = TaskState.DONE
            return self.set_state()
        still_open = [task for task in self._tasks() if task.is_open and task.is_leaf is not False]
        note = f"{len(still_open)} of its tasks are open and stay so" if still_open else ""
        change = SetProjectState(self.project.key, ProjectState.DONE)
        return self._propose(f"Close {self._named()}", [change], [note] if note else [])

    def set_health(self) -> ToolResult:
        if self.value not in tuple(Health):
            raise CannotChange("A project is reported green, amber or red.")
        change = ReportHealth(self.project.key, Health(self.value), self.today)
        return self._propose(f"Report {self._project_name()} {self.value}", [change])

    def set_budget(self) -> ToolResult:
        change = SetBudget(self.project.key, _money(self.value))
        return self._propose(f"Set the budget of {self._project_name()}", [change])

    def add_task(self) -> ToolResult:
        return self._add(is_milestone=False)

    def add_milestone(self) -> ToolResult:
        return self._add(is_milestone=True)

    def add_link(self) -> ToolResult:
        before, after = self._ends()
        return self._propose(f"Have {after} wait for {before}", [LinkTasks(before, after)], cascades=True)

    def remove_link(self) -> ToolResult:
        before, after = self._ends()
        return self._propose(f"Take out the link from {before} to {after}", [UnlinkTasks(before, after)])

    def remove(self) -> ToolResult:
        if self.task is None:
            raise CannotChange(f"I remove tasks, not projects: {self._project_name()} can be closed or cancelled.")
        return self._propose(f"Remove {self._named()}", [RemoveTask(self.task.key)])

    def rename(self) -> ToolResult:
        name = " ".join(self.value.split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise CannotChange(f"A name has 1 to {LONGEST_NAME} characters: say which.")
        is_task = self.task is not None
        change = RenameTask(self.match.key, name) if is_task else RenameProject(self.match.key, name)
        return self._propose(f"Rename {self._named()}", [change])

    # What they share

    def _propose(
        self, what: str, changes: Sequence[Change], notes: Sequence[str] = (), *, cascades: bool = False
    ) -> ToolResult:
        following = self._following(changes) if cascades else []
        subject = Subject(self.match.level, self.match.key, self.match.name, self._project_name(), [self.project.id])
        return proposal(
            self.session,
            self.reader,
            subject,
            what,
            [*changes, *following],
            day=self.today,
            taken=". ".join(note for note in [*notes, *self._held_back(changes)] if note),
        )

    def _following(self, changes: Sequence[Change]) -> list[MoveTask]:
        """What has to wait longer because of these changes: open tasks that have not begun, pushed by their links."""
        edits = compiled(self.session, self.reader, changes)
        edited = {edit.row_id for edit in edits}
        try:
            (_, before), (_, after) = (
                read_network(self.session, self.reader, self.project, self.today, each) for each in ((), edits)
            )
            paths = CriticalPath(before.network), CriticalPath(after.network)
        except LinksFormACircle:
            return []  # told where the effects are computed
        found = []
        for task in after.tasks.values():
            if task.id in edited or task.is_pinned or task.state != TaskState.NOT_STARTED or task.start is None:
                continue
            was = paths[0].early(task.id).start if task.id in before.tasks else None
            early = paths[1].early(task.id)
            if was and early.start and early.start > was and early.start > task.start:
                found.append(_pushed(task, early, after.network.calendar))
        return found

    def _held_back(self, changes: Sequence[Change]) -> list[str]:
        """What a moved task still waits for on the day it would start."""
        moved = {change.task: change for change in changes if isinstance(change, MoveTask)}
        if not moved:
            return []
        _, plan = read_network(self.session, self.reader, self.project, self.today)
        tasks = {task.key: task for task in plan.tasks.values()}
        by_id = plan.tasks
        for link in plan.network.links:
            before, after = by_id.get(link.predecessor), by_id.get(link.successor)
            change = moved.get(after.key) if after else None
            if before is None or change is None or not before.is_open or link.kind != "FS" or not before.finish:
                continue
            ends = moved[before.key].finish if before.key in moved else tasks[before.key].finish
            if change.start and ends and change.start.date() < ends.date():
                return [f"{before.key} before it ends on {_said(ends)} only"]
        return []

    def _when(self) -> tuple[date | None, Shift | None]:
        """The day or the shift that is wanted."""
        written = self.value.lower()
        try:
            return date.fromisoformat(written), None
        except ValueError:
            pass
        shift = read_length(written)
        if shift is None or not shift.count:
            raise CannotChange(f"Say where to: a date, or by how much, like “+2 days”; I read “{self.value:.40}”.")
        return None, shift

    def _moved(
        self, task: TaskRecord, leaves: Sequence[TaskRecord], day: date | None, shift: Shift | None
    ) -> tuple[list[MoveTask], list[str]]:
        """All of it moved by as much as its first day, or its last, is."""
        calendar, notes = self._calendar_of(task), []
        starts = [start for leaf in leaves if (start := leaf.start)]
        finishes = [finish for leaf in leaves if (finish := leaf.finish)]
        if day is not None and not starts:
            return [self._placed(leaves[0], day, calendar)], []
        if not starts or not finishes:
            raise CannotChange(f"{task.key} has no dates yet: say the day it should start.")
        if shift is not None:
            minutes = shift.minutes(task.duration_basis)
        else:
            assert day is not None
            at_finish = self.edge == "finish" or all(leaf.is_milestone for leaf in leaves)
            target = day
            if not calendar.minutes_on(day):
                target = calendar.start_at(calendar.position(datetime.combine(day, time()))).date()
                notes.append(f"{_said(day)} is no working day, so {_said(target)} is taken")
            edge = max(finishes) if at_finish else min(starts)
            minutes = calendar.position(datetime.combine(target, edge.time())) - calendar.position(edge)
        if not minutes:
            raise CannotChange(f"{task.key} is there already: it starts on {_said(min(starts))}.")
        if abs(minutes) < LEAST_SHIFT:
            raise CannotChange("That is less than half an hour: I move tasks by more.")
        moved = [self._shifted(leaf, minutes) for leaf in leaves]
        for leaf, change in zip(leaves, moved, strict=True):
            if leaf.state == TaskState.NOT_STARTED and change.start and change.start.date() < self.today:
                raise CannotChange(
                    f"{leaf.key} has not begun, so it cannot start on {_said(change.start)}: that is past."
                )
        return moved, notes

    def _shifted(self, task: TaskRecord, minutes: int) -> MoveTask:
        calendar = self._calendar_of(task)
        start, finish = task.start, task.finish
        if task.is_milestone or start == finish:
            at = finish or start
            moved = _finish_later(at, minutes, calendar) if at else None
            return MoveTask(task.key, moved, moved)
        begins = _start_later(start, minutes, calendar) if start else None
        ends = _finish_later(finish, minutes, calendar) if finish else None
        return MoveTask(task.key, begins, ends)

    def _placed(self, task: TaskRecord, day: date, calendar: WorkingCalendar) -> MoveTask:
        """A task without dates, on the day its start or its finish is wanted."""
        length = length_of(task, calendar) or 0
        if self.edge == "finish" or task.is_milestone:
            finish = calendar.finish_at(calendar.position(datetime.combine(day + timedelta(days=1), time())))
            start = calendar.start_at(calendar.position(finish) - length) if length else finish
        else:
            start = calendar.start_at(calendar.position(datetime.combine(day, time())))
            finish = calendar.finish_at(calendar.position(start) + length) if length else start
        return MoveTask(task.key, start, finish)

    def _move_project(self) -> ToolResult:
        """Another promised finish for a date; for a length, all that has not begun later by it."""
        day, shift = self._when()
        if day is not None:
            change: Change = PromiseFinish(self.project.key, day)
            return self._propose(f"Promise {self._project_name()} for another day", [change])
        assert shift is not None
        waiting = [
            task
            for task in self._tasks()
            if task.is_leaf is not False and task.state == TaskState.NOT_STARTED and task.start and task.finish
        ]
        if not waiting:
            raise CannotChange(
                f"{self._project_name()} has no task that has not begun: say which of its tasks to move."
            )
        changes = [self._shifted(task, shift.minutes(task.duration_basis)) for task in waiting]
        return self._propose(f"Move what has not begun of {self._project_name()}", changes)

    def _add(self, *, is_milestone: bool) -> ToolResult:
        name = " ".join(self.value.split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise CannotChange(f"Say what the new {'milestone' if is_milestone else 'task'} is called.")
        start = finish = None
        if self.day is not None:
            calendar, _ = plan_calendars(self.session, self.reader, self.project)
            finish = calendar.finish_at(calendar.position(datetime.combine(self.day + timedelta(days=1), time())))
            start = finish if is_milestone else datetime.combine(finish.date(), time(9))
        change = AddTask(self.project.key, name, start, finish, is_milestone=is_milestone)
        kind = "milestone" if is_milestone else "task"
        return self._propose(f"Add a {kind} to {self._project_name()}", [change])

    def _ends(self) -> tuple[str, str]:
        """The task that is waited for, and the one that waits."""
        task = self._a_task()
        other = find_one(self.session, self.reader, self.value, (Level.TASK,)) if self.value else None
        if not isinstance(other, Match):
            raise CannotChange(f"Say which task {task.key} should wait for: its key or name.")
        if other.key == task.key:
            raise CannotChange(f"{task.key} cannot wait for itself.")
        return other.key, task.key

    def _a_task(self) -> TaskRecord:
        if self.task is None:
            raise CannotChange(f"That is done task by task: say which of {self._project_name()}.")
        return self.task

    def _leaves(self, task: TaskRecord) -> list[TaskRecord]:
        """The open tasks below a summary that have not begun; of a task itself, as long as it is open."""
        if task.is_leaf is not False:
            return [task] if task.state in (TaskState.NOT_STARTED, TaskState.IN_PROGRESS) else []
        tasks = self._tasks()
        below = {task.id}
        for each in tasks:  # parents come before their children
            if each.parent_id in below:
                below.add(each.id)
        return [
            each
            for each in tasks
            if each.id in below and each.is_leaf is not False and each.state == TaskState.NOT_STARTED
        ]

    def _calendar_of(self, task: TaskRecord) -> WorkingCalendar:
        if task.duration_basis == DurationBasis.ELAPSED:
            return AROUND_THE_CLOCK
        usual, own = plan_calendars(self.session, self.reader, self.project)
        return own.get(task.calendar_id or 0, usual)

    def _tasks(self) -> list[TaskRecord]:
        return list_tasks(self.session, self.reader, self.project.id)

    def _named(self) -> str:
        return f"{self.match.key} {self.match.name}" if self.match.level is Level.TASK else self._project_name()

    def _project_name(self) -> str:
        return title(Level.PROJECT, self.project.key, self.project.name)


def _start_later(start: datetime, minutes: int, calendar: WorkingCalendar) -> datetime:
    """So many working minutes later; a date without a time of day stays one."""
    moved = calendar.start_at(calendar.position(start) + minutes)
    return datetime.combine(moved.date(), time()) if is_midnight(start) else moved


def _finish_later(finish: datetime, minutes: int, calendar: WorkingCalendar) -> datetime:
    """The same of an end: one without a time of day is the end of that day."""
    if not is_midnight(finish):
        return calendar.finish_at(calendar.position(finish) + minutes)
    moved = calendar.finish_at(calendar.position(finish + timedelta(days=1)) + minutes)
    return datetime.combine(moved.date(), time())


def _pushed(task: TaskRecord, early: Window, calendar: WorkingCalendar) -> MoveTask:
    """The task on its earliest dates; a milestone stands at the end of a day rather than at the start of the next."""
    if not task.is_milestone or early.start is None:
        return MoveTask(task.key, early.start, early.finish, follows=True)
    at = calendar.finish_at(calendar.position(early.start))
    return MoveTask(task.key, at, at, follows=True)


KNOWN = "dates, owners, estimates, states, reported health, budgets, names, links and tasks"
_BOTH = (Level.TASK, Level.PROJECT)
_LEVELS: dict[str, tuple[Level, ...]] = {
    **dict.fromkeys(("move", "extend", "assign", "set_state", "close", "remove", "rename"), _BOTH),
    **dict.fromkeys(("set_estimate", "add_link", "remove_link"), (Level.TASK,)),
    **dict.fromkeys(("set_health", "set_budget", "add_task", "add_milestone"), (Level.PROJECT,)),
}
_WAYS: dict[str, Callable[[_Wish], ToolResult]] = {operation: getattr(_Wish, operation) for operation in _LEVELS}
_UNITS = {"h": "hour", "d": "day", "w": "week", "m": "month"}
_WRITTEN = re.compile(r"([+-]{0,2})\s*(\d+(?:[.,]\d+)?)\s*(?:working )?(h|hour|d|day|w|wk|week|month)s?", re.IGNORECASE)


def read_length(written: str) -> Shift | None:
    """ "+2 days", "9d", "1.5 weeks", "-4h"."""
    found = _WRITTEN.fullmatch(written.strip().lower())
    if found is None:
        return None
    count = Decimal(found[2].replace(",", "."))
    return Shift(-count if "-" in found[1] else count, _UNITS[found[3][0]])


def _money(written: str) -> int:
    """Minor units of an amount in major ones."""
    amounts = [each for each in parse_amounts(written.lower()) if each.unit in (AmountUnit.MONEY, AmountUnit.NUMBER)]
    if len(amounts) != 1:
        read = f"; I read “{written:.40}”" if written else ""
        raise CannotChange(f"Say the budget as one amount, like 120k{read}.")
    try:
        minor = (amounts[0].value * 100).to_integral_value()
    except InvalidOperation:
        raise CannotChange("That is no amount of money.") from None
    if not 0 <= minor < 10**15:
        raise CannotChange("That is no budget I can record.")
    return int(minor)


def _said(moment: datetime | date) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y}"


def _either(words: type[TaskState] | type[ProjectState]) -> str:
    said = [word.value.replace("_", " ") for word in words if word.value != ProjectState.UNKNOWN]
    return f"{', '.join(said[:-1])} or {said[-1]}"

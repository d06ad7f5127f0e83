"""A project's tasks and links as a network for the critical path, as far as the plan is on file."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from sqlmodel import Session

from storage.access import Reader
from storage.calendars import calendars_of
from storage.edits import RowEdit
from storage.records import CalendarRecord, LinkRecord, ProjectRecord, TaskRecord
from storage.tasks import list_tasks, predecessors
from storage.vocabulary import DurationBasis, TaskState
from tools.overlay import edited_links, edited_tasks
from tools.planning.calendar import WorkingCalendar
from tools.planning.model import Window
from tools.planning.network import (
    AROUND_THE_CLOCK,
    FROM_FINISH,
    Activity,
    Constraint,
    ConstraintKind,
    Link,
    LinkKind,
    Network,
)
from tools.snapshot import definitions


@dataclass
class PlanNetwork:
    """The network, with what of the plan it had to do without."""

    network: Network
    tasks: Mapping[int, TaskRecord]  # those of the network that are of the project, by id
    without_length: list[TaskRecord] = field(default_factory=list)  # open, with neither dates nor a duration
    alongside: list[TaskRecord] = field(default_factory=list)  # open, and neither held by an end nor waited for


def read_network(
    session: Session, reader: Reader, project: ProjectRecord, day: date, edits: Sequence[RowEdit] = ()
) -> tuple[list[TaskRecord], PlanNetwork]:
    """All tasks of a project as this reader sees them, and the network of what is left of it on a day.

    With `edits`, as it would be after them.
    """
    tasks = list_tasks(session, reader, project.id)
    links = predecessors(session, reader, [task.id for task in tasks])
    if edits:
        tasks = edited_tasks(tasks, edits)
        links = edited_links(links, tasks, edits)
    usual, calendars = plan_calendars(session, reader, project)
    return tasks, network_of(tasks, links, day, usual, calendars)


def plan_calendars(
    session: Session, reader: Reader, project: ProjectRecord
) -> tuple[WorkingCalendar, dict[int, WorkingCalendar]]:
    """The working calendar of a project, and by id those of its tasks that have their own."""
    on_file = calendars_of(session, reader, project.id)
    calendars = {each: working_calendar(calendar) for each, calendar in on_file.items()}
    return calendars.get(project.calendar_id or 0) or definitions(session).calendar, calendars


def network_of(
    tasks: Sequence[TaskRecord],
    links: Mapping[int, Sequence[LinkRecord]],
    day: date,
    calendar: WorkingCalendar,
    calendars: Mapping[int, WorkingCalendar] | None = None,
) -> PlanNetwork:
    """Open tasks in the order of their links, none before its planned start, and none of what is left before `day`.

    `links` are those before each task, by the task's id; `calendars` those of tasks with their own, by id. Links of a
    summary hold for all below it. Tasks of other projects that are waited for keep their dates. What runs alongside
    (project management), with nothing behind it and no end that it waits for, decides nothing and is left out, unless
    all that is open does.
    """
    leaves = _leaves(tasks)
    outside: dict[int, Activity] = {}
    found = _between(tasks, leaves, links, lambda link: _stand_in(link, outside, calendar))
    alongside = _alongside(leaves, found)
    for task in alongside:
        del leaves[task.id]
    found = [link for link in found if link.successor in leaves]
    own = calendars or {}
    activities = [_activity(task, day, calendar, own) for task in leaves.values()]
    starts = [moment for task in leaves.values() if (moment := task.actual_start or task.start)]
    begin = min(starts, default=datetime.combine(day, time.min))
    network = Network(
        [*activities, *outside.values()], found, begin, calendar, data_date=datetime.combine(day, time.min)
    )
    unknown = [task for task in leaves.values() if task.is_open and length_of(task, calendar) is None]
    return PlanNetwork(network, leaves, [task for task in unknown if not task.is_milestone], alongside)


def network_as_planned(
    tasks: Sequence[TaskRecord],
    links: Mapping[int, Sequence[LinkRecord]],
    start: datetime,
    calendar: WorkingCalendar,
    calendars: Mapping[int, WorkingCalendar],
) -> PlanNetwork:
    """What durations, links and constraints alone make of a plan that begins at `start`; only pinned dates are kept.

    Without progress, and without tasks of other projects.
    """
    leaves = _leaves(tasks)
    activities = [_unworked(task, calendar, calendars, _constraint(task)) for task in leaves.values()]
    return PlanNetwork(Network(activities, _between(tasks, leaves, links), start, calendar), leaves)


def working_calendar(record: CalendarRecord) -> WorkingCalendar:
    exceptions = {date.fromisoformat(day): _shifts(shifts) for day, shifts in record.exceptions.items()}
    return WorkingCalendar(tuple(map(_shifts, record.week)), exceptions)


def tasks_below(tasks: Sequence[TaskRecord], leaves: Mapping[int, TaskRecord]) -> dict[int | None, list[int]]:
    """The leaves below each task; of a leaf itself."""
    parents = {task.id: task.parent_id for task in tasks}
    below: dict[int | None, list[int]] = defaultdict(list)
    for leaf in leaves:
        for above in _line(leaf, parents):
            below[above].append(leaf)
    return dict(below)


def _shifts(stored: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in stored)


def _leaves(tasks: Sequence[TaskRecord]) -> dict[int, TaskRecord]:
    return {task.id: task for task in tasks if task.is_leaf is not False and task.state != TaskState.CANCELLED}


def _between(
    tasks: Sequence[TaskRecord],
    leaves: Mapping[int, TaskRecord],
    links: Mapping[int, Sequence[LinkRecord]],
    stand_in: Callable[[LinkRecord], int] | None = None,
) -> list[Link]:
    """The links between leaves; `stand_in` gives a task of another project a number."""
    below = tasks_below(tasks, leaves)
    own = {task.id for task in tasks}
    found: list[Link] = []
    for successor, before in links.items():
        for link in before:
            if link.state == TaskState.CANCELLED or (link.task_id not in own and stand_in is None):
                continue
            ids = below.get(link.task_id, ()) if link.task_id in own or stand_in is None else [stand_in(link)]
            elapsed = link.lag_basis == DurationBasis.ELAPSED
            found += [
                Link(first, second, LinkKind(link.kind), link.lag_minutes, elapsed)
                for first in ids
                for second in below.get(successor, ())
                if first != second
            ]
    return found


def _alongside(leaves: Mapping[int, TaskRecord], links: Sequence[Link]) -> list[TaskRecord]:
    held = {link.predecessor for link in links} | {link.successor for link in links if link.kind in FROM_FINISH}
    still_open = [task for task in leaves.values() if task.is_open]
    found = [task for task in still_open if not task.is_milestone and task.id not in held]
    return found if len(found) < len(still_open) else []


def _line(task_id: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    above: int | None = task_id
    while above is not None:
        yield above
        above = parents.get(above)


def _stand_in(link: LinkRecord, outside: dict[int, Activity], calendar: WorkingCalendar) -> int:
    """A task of another project, pinned to its dates; a hidden one has no id that may be told, but has its dates."""
    number = -1 - len(outside) if link.task_id is None else link.task_id
    start, finish = link.start or link.finish, link.finish or link.start
    pinned = Window(start, finish) if start and finish else None
    length = calendar.minutes_between(start, finish) if start and finish else 0
    outside[number] = Activity(number, length, pinned=pinned)
    return number


def _activity(
    task: TaskRecord, day: date, calendar: WorkingCalendar, calendars: Mapping[int, WorkingCalendar]
) -> Activity:
    planned = Constraint(ConstraintKind.START_NO_EARLIER, task.start) if task.start else None
    unworked = _unworked(task, calendar, calendars, _constraint(task) or planned)
    if not task.is_open:
        start = task.actual_start or task.start or task.actual_finish or datetime.combine(day, time.min)
        actual = Window(start, task.actual_finish or task.finish or start)
        return replace(unworked, actual=actual, constraint=None, pinned=None, deadline=None)
    if task.state == TaskState.IN_PROGRESS and (begun := task.actual_start or task.start):
        # What nobody rates counts as not done.
        left = round(unworked.duration_minutes * (1 - (task.derived_done_share or 0)))
        return replace(unworked, actual=Window(begun), constraint=None, pinned=None, remaining_minutes=left)
    return unworked


def _unworked(
    task: TaskRecord,
    calendar: WorkingCalendar,
    calendars: Mapping[int, WorkingCalendar],
    constraint: Constraint | None,
) -> Activity:
    own = calendars.get(task.calendar_id) if task.calendar_id else None
    length = 0 if task.is_milestone else length_of(task, own or calendar) or 0
    if task.duration_basis == DurationBasis.ELAPSED:
        own = AROUND_THE_CLOCK
    deadline = datetime.combine(task.deadline, time.max) if task.deadline else None
    start, finish = task.planned_start or task.planned_finish, task.planned_finish or task.planned_start
    pinned = Window(start, finish) if task.is_pinned and start else None
    return Activity(task.id, length, own, constraint, deadline, pinned)


def _constraint(task: TaskRecord) -> Constraint | None:
    if task.constraint_kind is None or task.constraint_at is None:
        return None
    return Constraint(ConstraintKind(task.constraint_kind), task.constraint_at)


def length_of(task: TaskRecord, calendar: WorkingCalendar) -> int | None:
    """Its duration, else the time between its dates."""
    if task.planned_duration_minutes is not None:
        return task.planned_duration_minutes
    if task.start is None or task.finish is None:
        return None
    if task.duration_basis == DurationBasis.ELAPSED:
        return AROUND_THE_CLOCK.minutes_between(task.start, task.finish)
    return calendar.minutes_between(task.start, task.finish)

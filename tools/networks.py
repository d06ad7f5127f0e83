"""A project's tasks and links as a network for the critical path, as far as the plan is on file."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from storage.records import LinkRecord, TaskRecord
from storage.vocabulary import DurationBasis, TaskState
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


@dataclass
class PlanNetwork:
    """The network, with what of the plan it had to do without."""

    network: Network
    tasks: Mapping[int, TaskRecord]  # those of the network that are of the project, by id
    without_length: list[TaskRecord] = field(default_factory=list)  # open, with neither dates nor a duration
    alongside: list[TaskRecord] = field(default_factory=list)  # open, and neither held by an end nor waited for


def network_of(
    tasks: Sequence[TaskRecord], links: Mapping[int, Sequence[LinkRecord]], day: date, calendar: WorkingCalendar
) -> PlanNetwork:
    """Open tasks in the order of their links, none before its planned start, and none of what is left before `day`.

    `links` are those before each task, by the task's id. Links of a summary hold for all below it. Tasks of other
    projects that are waited for keep their dates. What runs alongside (project management), with nothing behind it
    and no end that it waits for, decides nothing and is left out, unless all that is open does.
    """
    leaves = {task.id: task for task in tasks if task.is_leaf is not False and task.state != TaskState.CANCELLED}
    below = _below(tasks, leaves)
    found: list[Link] = []
    outside: dict[int, Activity] = {}
    own = {task.id for task in tasks}
    for successor, before in links.items():
        for link in before:
            if link.state == TaskState.CANCELLED:
                continue
            ids = below.get(link.task_id, ()) if link.task_id in own else [_stand_in(link, outside, calendar)]
            found += [
                Link(first, second, LinkKind(link.kind), link.lag_minutes)
                for first in ids
                for second in below.get(successor, ())
                if first != second
            ]
    alongside = _alongside(leaves, found)
    for task in alongside:
        del leaves[task.id]
    found = [link for link in found if link.successor in leaves]
    activities = [_activity(task, day, calendar) for task in leaves.values()]
    starts = [moment for task in leaves.values() if (moment := task.actual_start or task.start)]
    begin = min(starts, default=datetime.combine(day, time.min))
    network = Network(
        [*activities, *outside.values()], found, begin, calendar, data_date=datetime.combine(day, time.min)
    )
    unknown = [task for task in leaves.values() if task.is_open and _length(task, calendar) is None]
    return PlanNetwork(network, leaves, [task for task in unknown if not task.is_milestone], alongside)


def _alongside(leaves: Mapping[int, TaskRecord], links: Sequence[Link]) -> list[TaskRecord]:
    held = {link.predecessor for link in links} | {link.successor for link in links if link.kind in FROM_FINISH}
    still_open = [task for task in leaves.values() if task.is_open]
    found = [task for task in still_open if not task.is_milestone and task.id not in held]
    return found if len(found) < len(still_open) else []


def _below(tasks: Sequence[TaskRecord], leaves: Mapping[int, TaskRecord]) -> dict[int | None, list[int]]:
    """The leaves below each task; of a leaf itself."""
    parents = {task.id: task.parent_id for task in tasks}
    below: dict[int | None, list[int]] = defaultdict(list)
    for leaf in leaves:
        for above in _line(leaf, parents):
            below[above].append(leaf)
    return dict(below)


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


def _activity(task: TaskRecord, day: date, calendar: WorkingCalendar) -> Activity:
    own = AROUND_THE_CLOCK if task.duration_basis == DurationBasis.ELAPSED else None
    length = 0 if task.is_milestone else _length(task, calendar) or 0
    deadline = datetime.combine(task.deadline, time.max) if task.deadline else None
    if not task.is_open:
        start = task.actual_start or task.start or task.actual_finish or datetime.combine(day, time.min)
        return Activity(task.id, length, own, actual=Window(start, task.actual_finish or task.finish or start))
    if task.state == TaskState.IN_PROGRESS and (begun := task.actual_start or task.start):
        left = round(length * (1 - (task.derived_done_share or 0)))  # what nobody rates counts as not done
        return Activity(task.id, length, own, deadline=deadline, actual=Window(begun), remaining_minutes=left)
    planned = Constraint(ConstraintKind.START_NO_EARLIER, task.start) if task.start else None
    return Activity(task.id, length, own, planned, deadline)


def _length(task: TaskRecord, calendar: WorkingCalendar) -> int | None:
    """Its duration, else the time between its dates."""
    if task.planned_duration_minutes is not None:
        return task.planned_duration_minutes
    if task.start is None or task.finish is None:
        return None
    if task.duration_basis == DurationBasis.ELAPSED:
        return AROUND_THE_CLOCK.minutes_between(task.start, task.finish)
    return calendar.minutes_between(task.start, task.finish)

"""A project's plan, line by line, as one reader may see it: what pictures and files of it are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from storage.baselines import task_baselines
from storage.projects import find_project
from storage.readings import readings
from storage.records import ProjectRecord, TaskRecord
from storage.tasks import predecessors
from storage.vocabulary import Level, TaskState
from tools.context import ToolContext
from tools.figures import title
from tools.networks import PlanNetwork, read_network
from tools.planning.critical_path import CriticalPath, LinksFormACircle
from tools.planning.lateness import is_late

DAY_MINUTES = 480


@dataclass(frozen=True)
class PlanLine:
    """A task, summary or milestone. Slack is in working days; None for what is done, left out, or not linked at all."""

    key: str
    name: str
    depth: int  # from 0
    is_summary: bool
    is_milestone: bool
    state: str
    start: datetime | None
    finish: datetime | None
    baseline_start: datetime | None
    baseline_finish: datetime | None
    deadline: date | None
    done_share: float | None
    is_late: bool
    is_critical: bool
    slack_days: float | None
    owner: str | None


@dataclass(frozen=True)
class Timeline:
    """`links` are pairs of line numbers, from the one that is waited for to the one that waits."""

    key: str
    name: str
    day: date
    lines: Sequence[PlanLine]
    links: Sequence[tuple[int, int, str]]
    promised: date | None
    unlinked: str = ""  # why there is no critical path, where there is none


def read_timeline(context: ToolContext, key: str) -> Timeline | None:
    """The plan of a project in its outline; None where the reader may know no more than its name. Raises NotFound."""
    with context.reading() as session:
        project = find_project(session, context.reader, key)
        found = readings(session, context.reader, [project.id], context.today, context.as_of)
        if project.id not in found:
            return None
        return _timeline(session, context, project, found[project.id].day)


def _timeline(session: Session, context: ToolContext, project: ProjectRecord, day: date) -> Timeline:
    tasks, plan = read_network(session, context.reader, project, day)
    path, why_not = _path(plan)
    promised = task_baselines(session, context.reader, project.id, day)
    ordered = outline(tasks)
    numbers = {task.id: number for number, (task, _) in enumerate(ordered)}
    before = predecessors(session, context.reader, list(numbers))
    lines = [_line(task, depth, day, plan, path, promised.get(task.id, (None, None))) for task, depth in ordered]
    links = [
        (numbers[link.task_id], numbers[task], link.kind)
        for task, found in before.items()
        for link in found
        if link.task_id in numbers
    ]
    name = title(Level.PROJECT, project.key, project.name)
    return Timeline(project.key, name, day, lines, links, project.promised_finish, why_not)


def _path(plan: PlanNetwork) -> tuple[CriticalPath | None, str]:
    if not plan.network.links:
        return None, "No links between its tasks are on file."
    try:
        return CriticalPath(plan.network), ""
    except LinksFormACircle:
        return None, "Its links run in a circle."
    except OverflowError:
        return None, "Its dates run beyond the calendar."


def outline(tasks: Sequence[TaskRecord]) -> list[tuple[TaskRecord, int]]:
    """The tasks, each behind the one it lies under, with how deep it lies."""
    known = {task.id for task in tasks}
    below: dict[int | None, list[TaskRecord]] = {}
    for task in sorted(tasks, key=lambda task: task.position, reverse=True):
        below.setdefault(task.parent_id if task.parent_id in known else None, []).append(task)
    ordered: list[tuple[TaskRecord, int]] = []
    waiting = [(task, 0) for task in below.get(None, [])]
    while waiting:
        task, depth = waiting.pop()
        ordered.append((task, depth))
        waiting += [(each, depth + 1) for each in below.get(task.id, [])]
    return ordered


def _line(
    task: TaskRecord,
    depth: int,
    day: date,
    plan: PlanNetwork,
    path: CriticalPath | None,
    promised: tuple[datetime | None, datetime | None],
) -> PlanLine:
    is_scheduled = path is not None and task.id in plan.tasks and bool(task.is_open)
    slack = path.total_float(task.id) / DAY_MINUTES if path and is_scheduled else None
    return PlanLine(
        key=task.key,
        name=task.name,
        depth=depth,
        is_summary=task.is_leaf is False,
        is_milestone=task.is_milestone,
        state=task.state,
        start=(task.actual_start or task.start) if task.is_leaf else task.start,
        finish=(task.actual_finish if task.state == TaskState.DONE else None) or task.finish,
        baseline_start=promised[0],
        baseline_finish=promised[1],
        deadline=task.deadline,
        done_share=task.derived_done_share,
        is_late=is_late(task.finish, day, is_open=bool(task.is_open)) and task.is_leaf is not False,
        is_critical=bool(path and is_scheduled and path.is_critical(task.id)),
        slack_days=slack,
        owner=task.owner.name if task.owner else None,
    )

"""What a set of edits would do: dates, progress, cost and margin of each project it touches, before and after.

The whole plan is computed, with and without the edits; a figure is told only where its reader sees it today.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from storage.access import Reader
from storage.edits import RowEdit
from storage.planning_rows import planning_rows
from storage.projects import list_projects
from storage.readings import readings
from storage.records import ProjectRecord, ReadingRecord
from storage.vocabulary import DurationBasis, Level
from tools import facts
from tools.facts import Figure
from tools.figures import title, whole_days
from tools.networks import PlanNetwork, read_network
from tools.overlay import edited_rows
from tools.planning.critical_path import CriticalPath, LinksFormACircle
from tools.planning.measure import ProjectFigures, measure
from tools.snapshot import definitions, snapshots


@dataclass(frozen=True)
class Effect:
    """One figure of a project, as it is and as it would be."""

    project: str
    name: str
    metric: str
    before: Figure | None
    after: Figure | None


@dataclass(frozen=True)
class Reach:
    """What a set of edits does to the projects it touches, as one reader sees it."""

    effects: tuple[Effect, ...]
    circle: tuple[str, ...] = ()  # keys of tasks that would wait for one another


def reach_of(
    session: Session, reader: Reader, project_ids: Sequence[int], edits: Sequence[RowEdit], today: date
) -> Reach:
    """The figures that the edits change, project by project. Readings must be warm."""
    effects: list[Effect] = []
    projects = list_projects(session, reader, ids=list(project_ids)) if project_ids else []
    known = readings(session, reader, [project.id for project in projects], today)
    for project in projects:
        reading = known.get(project.id)
        if reading is None:
            continue
        try:
            ends = _ends(session, reader, project, edits, reading.day)
        except LinksFormACircle as circle:
            return Reach((), _keys(session, reader, project, edits, reading.day, circle.ids))
        after = _figures_after(session, project.id, edits, reading.day)
        effects += _compared(project, reading, after, ends)
    return Reach(tuple(effects))


def _ends(
    session: Session, reader: Reader, project: ProjectRecord, edits: Sequence[RowEdit], day: date
) -> tuple[datetime | None, datetime | None]:
    """When the project ends by its links, without the edits and with them; None without links."""
    found = []
    for each in ((), edits):
        _, plan = read_network(session, reader, project, day, each)
        is_open = any(task.is_open for task in plan.tasks.values())
        found.append(_end(plan) if plan.network.links and is_open else None)
    return found[0], found[1]


def _end(plan: PlanNetwork) -> datetime | None:
    """When the network ends; a milestone at the end of a day, and not at the start of the next."""
    finish, calendar = CriticalPath(plan.network).finish, plan.network.calendar
    return calendar.finish_at(calendar.position(finish)) if finish else None


def _figures_after(session: Session, project_id: int, edits: Sequence[RowEdit], day: date) -> ProjectFigures:
    meaning = definitions(session)
    [found] = planning_rows(session, [(project_id, day)])
    [snapshot] = snapshots(edited_rows(found, edits), meaning, meaning.calendar)
    return measure(snapshot.plan, day, meaning, meaning.calendar).project


def _compared(
    project: ProjectRecord, before: ReadingRecord, after: ProjectFigures, ends: tuple[datetime | None, datetime | None]
) -> Iterator[Effect]:
    named = project.key, title(Level.PROJECT, project.key, project.name)
    pairs: list[tuple[str, Figure | None, Figure | None]] = [
        ("schedule_finish", facts.day(ends[0], "schedule_finish"), facts.day(ends[1], "schedule_finish")),
        *(_pair(label, project, before, after) for label in _FIGURES),
    ]
    for metric, was, becomes in pairs:
        if was is not None and becomes is not None and was.value != becomes.value:
            yield Effect(*named, metric, was, becomes)


def _pair(
    label: str, project: ProjectRecord, before: ReadingRecord, after: ProjectFigures
) -> tuple[str, Figure | None, Figure | None]:
    """A figure that the reader sees today, and what it becomes; nothing of one they do not see."""
    metric, make = _FIGURES[label]
    shown = getattr(before, label)
    if shown is None:
        return metric, None, None
    return metric, make(shown, project.currency, metric), make(getattr(after, label), project.currency, metric)


def _days(value: Any, _currency: str, metric: str) -> Figure | None:
    return whole_days(value, DurationBasis.WORKING, metric)


_FIGURES: dict[str, tuple[str, Any]] = {
    "finish": ("planned_finish", lambda value, _currency, metric: facts.day(value, metric)),
    "promise_slip_days": ("promise_slip", _days),
    "tasks_late": ("late_tasks", lambda value, _currency, metric: facts.count(value, metric)),
    "progress_share": ("percent_complete", lambda value, _currency, metric: facts.share(_rounded(value), metric)),
    "computed_health": ("computed_health", lambda value, _currency, metric: facts.health(value, metric)),
    "budget_minor": ("BAC", facts.money),
    "estimate_at_completion_minor": ("EAC", facts.money),
    "margin_at_completion_share": (
        "margin_at_completion",
        lambda value, _currency, metric: facts.share(_rounded(value), metric),
    ),
}


def _rounded(share: float | None) -> float | None:
    """To a tenth of a percent: what changes less is no change."""
    return None if share is None else round(share, 3)


def _keys(
    session: Session, reader: Reader, project: ProjectRecord, edits: Sequence[RowEdit], day: date, ids: Sequence[int]
) -> tuple[str, ...]:
    tasks, _ = read_network(session, reader, project, day, edits)
    keys = {task.id: task.key for task in tasks}
    return tuple(keys[each] for each in ids if each in keys)

"""Keeps the computed figures fresh: what is missing or outdated is computed and saved, and nothing else."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from storage.engine import Store
from storage.models import Project, ProjectReading
from storage.planning_rows import planning_rows
from storage.readings import moved_on, save, stale
from tools.planning.definitions import Definitions
from tools.planning.measure import ProjectFigures, measure
from tools.planning.work import TaskFigures
from tools.snapshot import Snapshot, definitions, snapshots

Row = dict[str, Any]
PROJECT_FIELDS = tuple(field.name for field in fields(ProjectFigures))
TASK_FIELDS = tuple(field.name for field in fields(TaskFigures))


def warm(store: Store, today: date, *, as_of: date | None = None, project_ids: Sequence[int] | None = None) -> int:
    """Compute the stale readings of these projects (of all: None) on their clock. Returns how many there were.

    The clock of a project is `as_of`, else the day of its source's snapshot, else `today`.
    """
    with store.reading() as session:
        meaning = definitions(session)
        outdated = stale(session, today, as_of, project_ids, definitions=meaning.digest)
        if outdated:
            tasks_kept = _with_current_tasks(session, meaning, project_ids)
            later = moved_on(session, today, as_of, project_ids) if as_of else frozenset()
            for projects, tasks in _computed(session, outdated, meaning, tasks_kept, later):
                save(store, projects, tasks)
    return len(outdated)


def _computed(
    session: Session,
    outdated: Sequence[tuple[int, date]],
    meaning: Definitions,
    tasks_kept: Set[int],
    later: Set[int],
) -> Iterator[tuple[list[Row], list[Row]]]:
    """Rows of ProjectReading and TaskReading, some projects at a time."""
    calendar = meaning.calendar
    for found in planning_rows(session, outdated):
        projects: list[Row] = []
        tasks: list[Row] = []
        for snapshot in snapshots(found, meaning, calendar, later):
            measured = measure(snapshot.plan, snapshot.day, meaning, calendar)
            projects.append(_project_row(snapshot, measured.project, meaning))
            if snapshot.plan.id not in tasks_kept:
                tasks.extend(_task_row(snapshot.plan.id, figures) for figures in measured.tasks)
        yield projects, tasks


def _with_current_tasks(session: Session, meaning: Definitions, project_ids: Sequence[int] | None) -> set[int]:
    """Projects whose tasks were computed for their present rows already, on another day: task figures have no day."""
    query = (
        select(ProjectReading.project_id)
        .join(Project, col(Project.id) == col(ProjectReading.project_id))
        .where(col(ProjectReading.revision) == col(Project.revision))
        .where(col(ProjectReading.definitions) == meaning.digest)
        .distinct()
    )
    if project_ids is not None:
        query = query.where(col(ProjectReading.project_id).in_(project_ids))
    return set(session.exec(query))


def _project_row(snapshot: Snapshot, figures: ProjectFigures, meaning: Definitions) -> Row:
    row = {label: _plain(getattr(figures, label)) for label in PROJECT_FIELDS}
    identity = {"project_id": snapshot.plan.id, "day": snapshot.day, "revision": snapshot.revision}
    return row | identity | {"definitions": meaning.digest}


def _task_row(project_id: int, figures: TaskFigures) -> Row:
    row = {label: getattr(figures, label) for label in TASK_FIELDS}
    row["project_id"] = project_id
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value

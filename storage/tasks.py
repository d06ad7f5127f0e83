"""Tasks with what planning derives of them, and the links between them, as far as a reader may see."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.access import FieldClass, Reader, resolve
from storage.models import (
    Assignment,
    Baseline,
    BillingMilestone,
    Blocker,
    Dependency,
    Person,
    Project,
    Source,
    StatusUpdate,
    Task,
    TaskReading,
    TimeEntry,
)
from storage.names import closest, custom_values, spellings
from storage.records import LinkRecord, TaskNotFound, TaskRecord, person_name
from storage.vocabulary import Level, TaskState

_Owner = aliased(Person)
_OWNER: list[Any] = [_Owner.id, _Owner.key, _Owner.name]
_AS_PLANNED: tuple[Any, ...] = (Task.project_id, Task.position)


def find_task(session: Session, reader: Reader, key: str) -> TaskRecord:
    """The task of this key; raises TaskNotFound alike for a missing and a hidden one."""
    task = closest(_tasks(session, reader, col(Task.key).in_(spellings(key))), key)
    if task is None:
        raise TaskNotFound(key)
    return task


def list_tasks(session: Session, reader: Reader, project_id: int, *, only_open: bool = False) -> list[TaskRecord]:
    """All tasks of a visible project in its own order, or the open ones of them; one query."""
    conditions = [col(Task.project_id) == project_id]
    if only_open:
        conditions.append(is_open())
    return _tasks(session, reader, *conditions)


def tasks_of(session: Session, reader: Reader, person_id: int, until: date | None = None) -> list[TaskRecord]:
    """A person's open tasks that start by the end of a day (or have no start), soonest finish first.

    Only those of which the reader may see whose they are; summary tasks are left out.
    """
    conditions = [
        col(Task.owner_id) == person_id,
        resolve(session, reader).task_team(),
        is_open(),
        col(TaskReading.is_leaf).is_not(False),
    ]
    if until is not None:
        start = func.coalesce(col(TaskReading.start), col(Task.planned_start))
        conditions.append(or_(start.is_(None), start <= datetime.combine(until, time.max)))
    finish = func.coalesce(col(TaskReading.finish), col(Task.planned_finish))
    return _tasks(session, reader, *conditions, order=(finish.nulls_last(), col(Task.key)))


def tasks_by_id(session: Session, reader: Reader, task_ids: Iterable[int]) -> dict[int, TaskRecord]:
    """The visible ones among these tasks, by id."""
    return {task.id: task for task in _tasks(session, reader, col(Task.id).in_(list(task_ids)))}


def is_open() -> ColumnElement[bool]:
    """Over Task outer-joined with TaskReading: as planning derived it, else by its own state."""
    by_state = col(Task.state).not_in((TaskState.DONE, TaskState.CANCELLED))
    return func.coalesce(col(TaskReading.is_open), by_state)


def predecessors(session: Session, reader: Reader, task_ids: Iterable[int]) -> dict[int, list[LinkRecord]]:
    """What each of these tasks waits for, by task id, across projects; one query. For visible tasks only."""
    return _links(session, reader, col(Dependency.successor_id), col(Dependency.predecessor_id), task_ids)


def successors(session: Session, reader: Reader, task_ids: Iterable[int]) -> dict[int, list[LinkRecord]]:
    """What waits for each of these tasks, by task id, across projects; one query. For visible tasks only."""
    return _links(session, reader, col(Dependency.predecessor_id), col(Dependency.successor_id), task_ids)


def link_between(session: Session, reader: Reader, predecessor_id: int, successor_id: int) -> int | None:
    """The id of the link by which one visible task waits for another; None where there is none."""
    both = {task.id for task in _tasks(session, reader, col(Task.id).in_((predecessor_id, successor_id)))}
    if both != {predecessor_id, successor_id}:
        return None
    ends = (col(Dependency.predecessor_id) == predecessor_id, col(Dependency.successor_id) == successor_id)
    return session.scalar(select(col(Dependency.id)).where(*ends).order_by(col(Dependency.id)).limit(1))


def rows_on(session: Session, reader: Reader, task_id: int) -> dict[str, list[dict[str, Any]]]:
    """The rows that hang on a visible task, by table; nothing for a task that is not there or hidden."""
    if not _tasks(session, reader, col(Task.id) == task_id):
        return {}
    found: dict[str, list[dict[str, Any]]] = {}
    for model, columns in _HANGING.items():
        table = model.__table__
        query = select(table).where(or_(*(table.c[column] == task_id for column in columns))).order_by(table.c.id)
        found[table.name] = [dict(row) for row in session.execute(query).mappings()]
    return {table: rows for table, rows in found.items() if rows}


_HANGING: dict[Any, tuple[str, ...]] = {
    Task: ("parent_id",),
    Dependency: ("predecessor_id", "successor_id"),
    Assignment: ("task_id",),
    Baseline: ("task_id",),
    BillingMilestone: ("task_id",),
    Blocker: ("task_id",),
    StatusUpdate: ("task_id",),
    TimeEntry: ("task_id",),
}


def _tasks(
    session: Session, reader: Reader, *conditions: ColumnElement[bool], order: Iterable[Any] = _AS_PLANNED
) -> list[TaskRecord]:
    access = resolve(session, reader)
    columns: list[Any] = [
        Task, TaskReading, col(Source.name), col(Project.key), col(Project.name), col(Project.currency), *_OWNER,
        access.task_team(), access.projects(FieldClass.MONEY),
    ]  # fmt: skip
    query = (
        select(*columns)
        .join(Project, col(Project.id) == col(Task.project_id))
        .outerjoin(TaskReading, col(TaskReading.task_id) == col(Task.id))
        .outerjoin(_Owner, col(_Owner.id) == col(Task.owner_id))
        .outerjoin(Source, col(Source.id) == col(Task.source_id))
        .where(access.projects(), *conditions)
        .order_by(*order)
    )
    return [_task(session, *row) for row in session.execute(query)]


def _task(session: Session, task: Task, reading: TaskReading | None, *rest: Any) -> TaskRecord:
    source, project_key, project_name, currency, *owner, sees_team, sees_money = rest
    shown = ((FieldClass.OPEN, True), (FieldClass.TEAM, sees_team), (FieldClass.MONEY, sees_money))
    sees = frozenset(field_class for field_class, sees_it in shown if sees_it)
    derived = vars(reading) if reading else defaultdict[str, Any](lambda: None)
    values = vars(task) | {
        "project_key": project_key,
        "project_name": project_name,
        "currency": currency,
        "source_name": source,
        "owner": person_name(*owner),
        "custom": custom_values(session, Level.TASK, task.custom, sees),
        "sees": sees,
        "is_leaf": derived["is_leaf"],
        "is_open": derived["is_open"],
        "start": derived["start"],
        "finish": derived["finish"],
        "derived_done_share": derived["done_share"],
        "derived_effort_minutes": derived["effort_minutes"],
        "derived_remaining_minutes": derived["remaining_minutes"],
        "derived_cost_minor": derived["cost_minor"],
        "finished_late": derived["finished_late"],
        "days_finished_late": derived["days_finished_late"],
    }
    return TaskRecord.of(values, sees)


def _links(
    session: Session, reader: Reader, near: Any, far: Any, task_ids: Iterable[int]
) -> dict[int, list[LinkRecord]]:
    links: dict[int, list[LinkRecord]] = defaultdict(list)
    for near_id, *row in session.execute(_linked(session, reader, near, far, list(task_ids))):
        links[near_id].append(_link(*row))
    return links


def _linked(session: Session, reader: Reader, near: Any, far: Any, task_ids: list[int]) -> Select[Any]:
    access = resolve(session, reader)
    near_task, near_project = aliased(Task), aliased(Project)
    columns: list[Any] = [
        near, col(Dependency.kind), col(Dependency.lag_minutes), col(Dependency.lag_basis), Task, TaskReading,
        col(Project.key), *_OWNER, access.projects(), access.task_team(),
    ]  # fmt: skip
    return (
        select(*columns)
        .join(near_task, col(near_task.id) == near)
        .join(near_project, col(near_project.id) == col(near_task.project_id))
        .join(Task, col(Task.id) == far)
        .join(Project, col(Project.id) == col(Task.project_id))
        .outerjoin(TaskReading, col(TaskReading.task_id) == col(Task.id))
        .outerjoin(_Owner, col(_Owner.id) == col(Task.owner_id))
        .where(near.in_(task_ids), access.projects(project=near_project))
        .order_by(near, col(Dependency.id))
    )


def _link(
    kind: str, lag_minutes: int, lag_basis: str, task: Task, reading: TaskReading | None, *rest: Any
) -> LinkRecord:
    project_key, *owner, sees_task, sees_team = rest
    return LinkRecord(
        kind=kind,
        lag_minutes=lag_minutes,
        lag_basis=lag_basis,
        task_id=task.id if sees_task else None,
        task_key=task.key if sees_task else None,
        task_name=task.name if sees_task else None,
        project_key=project_key if sees_task else None,
        owner=person_name(*owner) if sees_team else None,
        state=task.state,
        is_open=reading.is_open if reading else task.state not in (TaskState.DONE, TaskState.CANCELLED),
        start=reading.start if reading else task.planned_start,
        finish=reading.finish if reading else task.planned_finish,
    )

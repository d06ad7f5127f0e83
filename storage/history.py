"""History read back: what changed in a project since a moment, and how its tasks stood then."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, and_, or_, select
from sqlmodel import Session, SQLModel, col

from storage.access import FieldClass, Reader, resolve
from storage.models import History, Person, Project, Task
from storage.records import PersonName, ProjectRecord, Record, TaskRecord, person_name
from storage.vocabulary import Level

# How records call what rows refer to by id; the values of custom fields have classes of their own and stay out.
_CALLED = {"owner_id": "owner", "manager_id": "manager"}
_LEFT_OUT = frozenset({"custom", "revision"})
_RECORDS: dict[Level, type[Record]] = {Level.PROJECT: ProjectRecord, Level.TASK: TaskRecord}
_TABLES = {level: SQLModel.metadata.tables[level] for level in _RECORDS}


class Edit(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class ChangeRecord:
    """One edit of a project's row or of a task's. `field` is None where the whole row came or went.

    `cause` and `person` are None for a reader who does not see the project's team fields.
    """

    at: datetime
    edit: Edit
    level: Level
    row_id: int
    key: str
    name: str | None
    field: str | None
    before: Any
    after: Any
    cause: str | None
    person: PersonName | None


def changes_of(
    session: Session, reader: Reader, project_id: int, since: datetime, until: datetime | None = None
) -> list[ChangeRecord]:
    """Every edit of a visible project and its tasks after `since` and up to `until`, oldest first; one query.

    Of a task that is gone only its removal is told.
    """
    conditions = [col(History.at) > since]
    if until is not None:
        conditions.append(col(History.at) <= until)
    rows = session.execute(_edits(session, reader, project_id, *conditions)).all()
    changes = (_change(*row) for row in rows)
    return [change for change in changes if change is not None]


def net(changes: Iterable[ChangeRecord]) -> list[ChangeRecord]:
    """One change for each field: from its first `before` to its last `after`, told as the last edit; none where equal.

    Tasks that were added in between are told once, as added.
    """
    told: dict[tuple[Level, int, str | None], ChangeRecord] = {}
    added: set[tuple[Level, int]] = set()
    for change in changes:
        row = (change.level, change.row_id)
        if change.edit is Edit.ADDED:
            added.add(row)
        if change.edit is Edit.CHANGED and row in added:
            continue
        place = (*row, change.field)
        first = told.pop(place, change)
        told[place] = replace(change, before=first.before)
    return [change for change in told.values() if change.edit is not Edit.CHANGED or change.before != change.after]


def tasks_at(
    session: Session, reader: Reader, project_id: int, at: datetime, fields: Collection[str]
) -> dict[int, dict[str, Any]]:
    """These fields of the project's present tasks as they were at a moment, by task id; two queries.

    Tasks that did not exist then are left out, and so are fields of a class the reader does not see.
    """
    access = resolve(session, reader)
    columns: list[Any] = [Task, access.task_team(), access.projects(FieldClass.MONEY)]
    query = select(*columns).join(Project, col(Project.id) == Task.project_id)
    then: dict[int, dict[str, Any]] = {}
    for task, sees_team, sees_money in session.execute(query.where(col(Project.id) == project_id, access.projects())):
        sees = _sees(sees_team, sees_money)
        then[task.id] = {field: getattr(task, field) for field in fields if _is_seen(Level.TASK, field, sees)}
    # Backwards, so that the earliest edit after the moment has the last word.
    for change in reversed(changes_of(session, reader, project_id, since=at)):
        if change.level is not Level.TASK:
            continue
        if change.edit is Edit.ADDED:
            then.pop(change.row_id, None)
        elif change.field is not None and change.field in then.get(change.row_id, ()):
            then[change.row_id][change.field] = change.before
    return then


def _edits(session: Session, reader: Reader, project_id: int, *conditions: ColumnElement[bool]) -> Any:
    access = resolve(session, reader)
    of_task = and_(
        col(History.table) == Level.TASK, col(Task.id) == History.row_id, col(Task.project_id) == History.project_id
    )
    columns: list[Any] = [
        History, Project.key, Project.name, Task.key, Task.name, Person.id, Person.key, Person.name,
        access.task_team(), access.projects(FieldClass.TEAM), access.projects(FieldClass.MONEY),
    ]  # fmt: skip
    told = or_(col(History.table) == Level.PROJECT, col(Task.id).is_not(None), col(History.after).is_(None))
    return (
        select(*columns)
        .join(Project, col(Project.id) == History.project_id)
        .outerjoin(Task, of_task)
        .outerjoin(Person, col(Person.id) == History.person_id)
        .where(col(Project.id) == project_id, access.projects(), col(History.table).in_(_RECORDS), told, *conditions)
        .order_by(col(History.at), col(History.id))
    )


def _change(history: History, project_key: str, project_name: str | None, *rest: Any) -> ChangeRecord | None:
    """The edit as its reader may see it; None where the field, or the task it belonged to, is not for them to see."""
    task_key, task_name, *person, sees_task, sees_team, sees_money = rest
    level = Level(history.table)
    edit = _edit_of(history)
    key, name = (project_key, project_name) if level is Level.PROJECT else (task_key, task_name)
    if edit is Edit.REMOVED:
        key, name = history.before["key"], history.before["name"]
    sees = _sees(sees_task if level is Level.TASK else sees_team, sees_money)
    if key is None or (history.field is not None and not _is_seen(level, history.field, sees)):
        return None
    return ChangeRecord(
        at=history.at,
        edit=edit,
        level=level,
        row_id=history.row_id,
        key=key,
        name=name,
        field=history.field,
        before=_revived(level, history.field, history.before),
        after=_revived(level, history.field, history.after),
        cause=history.cause if sees_team else None,
        person=person_name(*person) if sees_team else None,
    )


def _edit_of(history: History) -> Edit:
    if history.field is not None:
        return Edit.CHANGED
    return Edit.ADDED if history.before is None else Edit.REMOVED


def _sees(team: bool | None, money: bool | None) -> frozenset[FieldClass]:
    classes = ((FieldClass.OPEN, True), (FieldClass.TEAM, team), (FieldClass.MONEY, money))
    return frozenset(field_class for field_class, is_seen in classes if is_seen)


def _is_seen(level: Level, field: str, sees: frozenset[FieldClass]) -> bool:
    """Whether the record of this level shows the field to such a reader."""
    marks = _RECORDS[level].marks
    called = _CALLED.get(field, field)
    return field not in _LEFT_OUT and called in marks and sees.issuperset(marks[called])


def _revived(level: Level, field: str | None, value: Any) -> Any:
    """A value of a field as its column gives it: history keeps dates as text. Whole rows are not told."""
    if field is None or value is None:
        return None
    kind = _TABLES[level].c[field].type
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value

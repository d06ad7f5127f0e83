"""The values that text fields hold, as far as there are few of them: the words people filter by."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from storage.access import FieldClass, Reader, resolve
from storage.models import Portfolio, Program, Project, Task
from storage.names import custom_fields
from storage.vocabulary import CustomKind, Level

MOST_VALUES = 60  # a field with more of them is prose, not a list to choose from

_OWN: tuple[tuple[Level, str, Any], ...] = (
    (Level.TASK, "source_state", Task.source_state),
    (Level.TASK, "deliverable_type", Task.deliverable_type),
    (Level.PROJECT, "client", Project.client),
    (Level.PROJECT, "contract_type", Project.contract_type),
)
_MODELS: dict[Level, Any] = {
    Level.PORTFOLIO: Portfolio,
    Level.PROGRAM: Program,
    Level.PROJECT: Project,
    Level.TASK: Task,
}


def distinct_values(session: Session, reader: Reader) -> Iterator[tuple[Level, str, str]]:
    """Level, field and value of every open text field that the visible rows hold few values of."""
    for level, field, column in _OWN:
        yield from _few(session, reader, level, field, column)
    for each in custom_fields(session):
        if each.kind == CustomKind.TEXT and each.field_class is FieldClass.OPEN and each.level in _MODELS:
            column = _MODELS[each.level].custom[each.key].as_string()
            yield from _few(session, reader, each.level, each.key, column)


def _few(
    session: Session, reader: Reader, level: Level, field: str, column: ColumnElement[Any]
) -> Iterator[tuple[Level, str, str]]:
    query = (
        select(column).where(column.is_not(None), _visible(session, reader, level)).distinct().limit(MOST_VALUES + 1)
    )
    if level is Level.TASK:
        query = query.join(Project, col(Project.id) == col(Task.project_id))
    values = [str(value) for value in session.execute(query).scalars()]
    if len(values) <= MOST_VALUES:
        yield from ((level, field, value) for value in sorted(values))


def _visible(session: Session, reader: Reader, level: Level) -> ColumnElement[bool]:
    access = resolve(session, reader)
    if level is Level.PORTFOLIO:
        return access.portfolios()
    return access.programs() if level is Level.PROGRAM else access.projects()

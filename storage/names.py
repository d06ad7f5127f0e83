"""What things are called: keys, task names, and the words and fields of the firm's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from storage.access import FieldClass, Reader, resolve
from storage.models import CustomField, Grant, Office, Practice, Project, SourceWord, Task
from storage.records import CustomFieldRecord
from storage.text import clean
from storage.vocabulary import Level, ProjectState, Role, ScopeKind

_LONGEST_KEY = 200  # letters; longer ones are cut
_MOST_IDS = 500  # of tasks that are looked up at once


class HasKey(Protocol):
    @property
    def key(self) -> str: ...


Keyed = TypeVar("Keyed", bound=HasKey)


@dataclass(frozen=True)
class TaskName:
    """A task by its names, with the project it belongs to."""

    id: int
    key: str
    name: str
    project_id: int
    project_key: str
    project_name: str | None
    is_of_bid: bool = False  # its project is a candidate yet


@dataclass(frozen=True)
class FirmWord:
    """What a source, or the firm, calls a level or (where given) a field of it."""

    level: Level
    field: str | None
    word: str


def spellings(key: str) -> list[str]:
    """A key as written, and in capitals and small letters: what an index can look up."""
    written = clean(key[:_LONGEST_KEY]).strip()
    return list(dict.fromkeys((written, written.upper(), written.lower())))


def closest(found: Sequence[Keyed], key: str) -> Keyed | None:
    """Of rows whose key is a spelling of this one, the one written most alike; None without any."""
    return min(found, key=lambda each: each.key != key.strip(), default=None)


def task_keyed(session: Session, reader: Reader, key: str) -> TaskName | None:
    """The visible task of this key, as written or in other letter case."""
    found = _task_names(session, reader, col(Task.key).in_(spellings(key)), limit=len(spellings(key)))
    return closest(found, key)


def tasks_named(
    session: Session, reader: Reader, words: Sequence[str], project_ids: Iterable[int] | None = None, *, limit: int = 10
) -> list[TaskName]:
    """Visible tasks whose name holds all of these words, the shortest names first; in these projects, or everywhere."""
    said = [clean(word[:_LONGEST_KEY]).strip().lower() for word in words]
    if not any(said):
        return []
    name = func.lower(col(Task.name))
    holding = and_(*(name.contains(word, autoescape=True) for word in said if word))
    if project_ids is not None:
        holding = and_(col(Task.project_id).in_(list(project_ids)), holding)
    return _task_names(session, reader, holding, limit=limit)


def tasks_among(session: Session, reader: Reader, ids: Iterable[int]) -> list[TaskName]:
    """Those of these tasks that the reader may see."""
    wanted = list(ids)[:_MOST_IDS]
    return _task_names(session, reader, col(Task.id).in_(wanted), limit=_MOST_IDS) if wanted else []


def every_task_name(session: Session) -> Iterable[tuple[str, int, int]]:
    """Name, id and project of all tasks, whoever may see them: only for an index whose hits are asked for by reader."""
    columns: list[Any] = [Task.name, Task.id, Task.project_id]
    return ((name, task_id, project_id) for name, task_id, project_id in session.execute(select(*columns)))


def practice_names(session: Session) -> list[tuple[str, str]]:
    """Key and name of every practice, by name."""
    rows = session.execute(select(col(Practice.key), col(Practice.name)).order_by(col(Practice.name)))
    return [(key, name) for key, name in rows]


def office_names(session: Session) -> list[str]:
    """The name of every office."""
    return list(session.execute(select(col(Office.name)).order_by(col(Office.name))).scalars())


def practices_managed(session: Session, person_id: int | None) -> list[tuple[str, str]]:
    """Key and name of the practices whose people somebody looks after."""
    granted = col(Grant.scope_id) == col(Practice.id)
    theirs = (col(Grant.person_id) == person_id, col(Grant.role) == Role.RESOURCE_MANAGER)
    rows = session.execute(
        select(col(Practice.key), col(Practice.name))
        .join(Grant, granted)
        .where(*theirs, col(Grant.scope_kind) == ScopeKind.PRACTICE)
    )
    return [(key, name) for key, name in rows]


def firm_words(session: Session) -> list[FirmWord]:
    """All words of sources and of the firm for levels and fields."""
    rows = session.execute(select(SourceWord).order_by(col(SourceWord.id))).scalars()
    return [FirmWord(Level(row.level), row.field, row.word) for row in rows]


def custom_fields(session: Session) -> list[CustomFieldRecord]:
    """The fields of the firm's own, of every level; read once a session."""
    known: list[CustomFieldRecord] | None = session.info.get("custom_fields")
    if known is None:
        rows = session.execute(select(CustomField).order_by(col(CustomField.id))).scalars()
        known = session.info["custom_fields"] = [_custom_field(row) for row in rows]
    return known


def custom_values(
    session: Session, level: Level, values: dict[str, Any], sees: frozenset[FieldClass]
) -> dict[str, Any]:
    """The values of the firm's own fields of whose class the reader sees; what is no declared field is left out."""
    if not values:
        return {}
    visible = {each.key for each in custom_fields(session) if each.level is level and each.field_class in sees}
    return {key: value for key, value in values.items() if key in visible}


def _task_names(session: Session, reader: Reader, condition: ColumnElement[bool], *, limit: int) -> list[TaskName]:
    is_of_bid = col(Project.state) == ProjectState.CANDIDATE
    columns: list[Any] = [Task.id, Task.key, Task.name, Project.id, Project.key, Project.name, is_of_bid]
    query = (
        select(*columns)
        .join(Project, col(Project.id) == col(Task.project_id))
        .where(condition, resolve(session, reader).projects())
        .order_by(func.length(col(Task.name)), col(Task.key))
        .limit(limit)
    )
    return [TaskName(*row) for row in session.execute(query)]


def _custom_field(row: CustomField) -> CustomFieldRecord:
    return CustomFieldRecord(
        level=Level(row.level),
        key=row.key,
        label=row.label,
        kind=row.kind,
        currency=row.currency,
        field_class=FieldClass(row.field_class),
        also_called=tuple(row.also_called),
    )

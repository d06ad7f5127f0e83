"""What the store already holds of the things an import names."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.importing.layout import LAYOUTS
from storage.models import Dependency, Grant, Office, Organisation, Person, Project, Source, Task
from storage.vocabulary import Role


@dataclass(frozen=True)
class KnownRow:
    id: int
    source_id: int | None


@dataclass
class Known:
    """Rows of the store by their keys, and the ties between them, all as keys."""

    source_id: int | None = None
    data_as_of: date | None = None
    currency: str = "EUR"
    rows: dict[str, dict[str, KnownRow]] = field(default_factory=dict)  # by table, then key
    key_of_office: dict[str, str] = field(default_factory=dict)  # by its name
    key_of_email: dict[str, str] = field(default_factory=dict)
    key_of_name: dict[str, str] = field(default_factory=dict)  # of active people who alone have that name
    rate_of: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)  # cost and bill, by person
    project_of: dict[str, str] = field(default_factory=dict)  # by task
    parent_of: dict[str, str] = field(default_factory=dict)  # by task
    links: list[tuple[str, str]] = field(default_factory=list)  # predecessor and successor
    source_names: dict[int, str] = field(default_factory=dict)
    administrators: set[str] = field(default_factory=set)  # keys of people

    def id_of(self, table: str, key: str) -> int | None:
        known = self.rows.get(table, {}).get(key)
        return known.id if known else None


def look_up(session: Session, source: str) -> Known:
    """Read the keys of the whole store; values are read table by table when they are compared."""
    known = Known()
    for row in session.execute(_columns(Source, "id", "name", "data_as_of")):
        known.source_names[row.id] = row.name
        if row.name == source:
            known.source_id, known.data_as_of = row.id, row.data_as_of
    known.currency = session.execute(_columns(Organisation, "currency")).scalar() or known.currency
    for layout in LAYOUTS:
        if layout.is_keyed:
            known.rows[layout.name] = _keys(session, layout.model, has_source=layout.has_source)
    known.key_of_office = {name: key for key, name in session.execute(_columns(Office, "key", "name"))}
    _look_up_people(session, known)
    _look_up_ties(session, known)
    return known


def _keys(session: Session, model: Any, *, has_source: bool) -> dict[str, KnownRow]:
    if has_source:
        rows = session.execute(_columns(model, "key", "id", "source_id"))
        return {key: KnownRow(row_id, source_id) for key, row_id, source_id in rows}
    return {key: KnownRow(row_id, None) for key, row_id in session.execute(_columns(model, "key", "id"))}


def _look_up_people(session: Session, known: Known) -> None:
    names: Counter[str] = Counter()
    columns = _columns(Person, "key", "name", "email", "active", "cost_rate_minor", "bill_rate_minor")
    for row in session.execute(columns):
        if row.active:
            names[row.name.casefold()] += 1
            known.key_of_name[row.name.casefold()] = row.key
        known.rate_of[row.key] = (row.cost_rate_minor, row.bill_rate_minor)
        if row.email:
            known.key_of_email[row.email.casefold()] = row.key
    for name, people in names.items():
        if people > 1:
            del known.key_of_name[name]
    administering = select(col(Person.key)).join(Grant, col(Grant.person_id) == col(Person.id))
    known.administrators = set(session.execute(administering.where(col(Grant.role) == Role.ADMIN)).scalars())


def _look_up_ties(session: Session, known: Known) -> None:
    projects = {row.id: row.key for row in session.execute(_columns(Project, "id", "key"))}
    tasks = session.execute(_columns(Task, "id", "key", "project_id", "parent_id")).all()
    task_keys = {row.id: row.key for row in tasks}
    for row in tasks:
        known.project_of[row.key] = projects[row.project_id]
        if row.parent_id is not None:
            known.parent_of[row.key] = task_keys[row.parent_id]
    for before, after in session.execute(_columns(Dependency, "predecessor_id", "successor_id")):
        known.links.append((task_keys[before], task_keys[after]))


def _columns(model: Any, *names: str) -> Any:
    return select(*(model.__table__.c[name] for name in names))

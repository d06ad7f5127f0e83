"""The directory: what every portfolio, program, project and person is called, and which of them a reader may know."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, null, select, union
from sqlalchemy.sql.elements import True_
from sqlmodel import Session, col

from storage.access import Access, Reader, resolve
from storage.models import Alias, Booking, Organisation, Person, Portfolio, Program, Project, Task
from storage.vocabulary import Level, TaskState

Place = tuple[Level, int]


@dataclass(frozen=True)
class NameRow:
    """One portfolio, program, project or person with all it is called; `parents` are the rows above it."""

    level: Level
    id: int
    key: str
    name: str | None
    aliases: tuple[str, ...] = ()
    parents: tuple[Place, ...] = ()
    email: str | None = None

    @property
    def place(self) -> Place:
        return self.level, self.id

    @property
    def label(self) -> str:
        return self.name or self.key


def plan_revision(session: Session) -> int | None:
    """The number of plan writes so far: names and words hold for one revision. None in an empty store."""
    return session.execute(select(col(Organisation.revision))).scalar()


def every_name(session: Session) -> Iterator[NameRow]:
    """All names of the store, whoever may see them: only for an index that takes out what its reader may not know."""
    aliases: dict[tuple[str, int], list[str]] = defaultdict(list)
    for level, row_id, text in session.execute(select(col(Alias.level), col(Alias.entity_id), col(Alias.text))):
        aliases[level, row_id].append(text)
    above: dict[int | None, int | None] = {}
    for level, columns in _COLUMNS.items():
        for row_id, key, name, program_id, portfolio_id, email in session.execute(select(*columns)):
            if level is Level.PROGRAM:
                above[row_id] = portfolio_id
            places = ((Level.PROGRAM, program_id), (Level.PORTFOLIO, portfolio_id or above.get(program_id)))
            parents = tuple((kind, parent) for kind, parent in places if parent is not None)
            yield NameRow(level, row_id, key, name, tuple(aliases[level, row_id]), parents, email)


def hidden_names(session: Session, reader: Reader) -> frozenset[Place]:
    """The rows whose names this reader may not know; read once a session."""
    known: dict[Reader, frozenset[Place]] = session.info.setdefault("hidden_names", {})
    if reader not in known:
        known[reader] = frozenset(_hidden(session, resolve(session, reader)))
    return known[reader]


def _hidden(session: Session, access: Access) -> Iterator[Place]:
    for level, (row_ids, is_visible) in _visible(access).items():
        if not isinstance(is_visible, True_):
            yield from ((level, row_id) for row_id in session.execute(select(row_ids).where(~is_visible)).scalars())


def managed_projects(session: Session, reader: Reader) -> frozenset[int]:
    """The projects the reader manages."""
    if reader.person_id is None:
        return frozenset()
    query = select(col(Project.id)).where(col(Project.manager_id) == reader.person_id)
    return frozenset(session.execute(query).scalars())


def own_work(session: Session, reader: Reader) -> frozenset[int]:
    """The projects the reader manages, is booked on, or has open tasks in."""
    person_id = reader.person_id
    if person_id is None:
        return frozenset()
    owned = (col(Task.owner_id) == person_id, col(Task.state).in_((TaskState.NOT_STARTED, TaskState.IN_PROGRESS)))
    query: CompoundSelect[Any] = union(
        select(col(Project.id)).where(col(Project.manager_id) == person_id),
        select(col(Booking.project_id)).where(col(Booking.person_id) == person_id),
        select(col(Task.project_id)).where(*owned),
    )
    return frozenset(session.execute(query).scalars())


def people_beside(session: Session, reader: Reader) -> frozenset[int]:
    """Who works on the reader's own projects; without the reader."""
    own = own_work(session, reader)
    working: CompoundSelect[Any] = union(
        select(col(Project.manager_id)).where(col(Project.id).in_(own)),
        select(col(Booking.person_id)).where(col(Booking.project_id).in_(own)),
        select(col(Task.owner_id)).where(col(Task.project_id).in_(own)),
    )
    return frozenset(session.execute(working).scalars()) - {None, reader.person_id}


def _visible(access: Access) -> dict[Level, tuple[Any, ColumnElement[bool]]]:
    return {
        Level.PORTFOLIO: (col(Portfolio.id), access.portfolios()),
        Level.PROGRAM: (col(Program.id), access.programs()),
        Level.PROJECT: (col(Project.id), access.names()),
        Level.PERSON: (col(Person.id), access.people()),
    }


_PROJECT: tuple[Any, ...] = (Project.id, Project.key, Project.name, Project.program_id, Project.portfolio_id)
_COLUMNS: dict[Level, tuple[Any, ...]] = {
    Level.PORTFOLIO: (Portfolio.id, Portfolio.key, Portfolio.name, null(), null(), null()),
    Level.PROGRAM: (Program.id, Program.key, Program.name, null(), Program.portfolio_id, null()),
    Level.PROJECT: (*_PROJECT, null()),
    Level.PERSON: (Person.id, Person.key, Person.name, null(), null(), Person.email),
}


@dataclass(frozen=True)
class PlanCalendar:
    """What the organisation's settings say of dates."""

    fiscal_year_start_month: int = 1
    week_start: int = 1
    month_first: bool = False  # whether 01/08/2012 is 8 January


def plan_calendar(session: Session) -> PlanCalendar:
    """The settings time words depend on; the usual ones in an empty store."""
    columns: list[Any] = [Organisation.fiscal_year_start_month, Organisation.week_start, Organisation.currency]
    row = session.execute(select(*columns)).first()
    return PlanCalendar(row[0], row[1], row[2] == "USD") if row else PlanCalendar()

"""A small firm for proofs: two projects, their manager, a member, a resource manager, finance; and how to dump it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlmodel import SQLModel

from storage.access import Reader
from storage.changes.applying import MODELS
from storage.edits import Draft, RowEdit
from storage.engine import Store
from storage.models import Grant, Organisation, Person, Practice, Project, Task
from storage.proposals import approve, find_proposal, save_proposal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEFT_OUT = frozenset({"revision", "report"})  # they count, or tell how long something took


@dataclass(frozen=True)
class SmallFirm:
    store: Store
    manager: Reader
    member: Reader
    leader: Reader  # of the member's practice
    finance: Reader
    stranger: Reader
    project: int
    other_project: int
    tasks: tuple[int, ...]

    def propose(self, reader: Reader, *edits: RowEdit, at: datetime = NOW) -> str:
        with self.store.system() as session:
            return save_proposal(session, reader, Draft("a change", (), edits), surface="proof", at=at)

    def digest(self, key: str, reader: Reader, *, at: datetime = NOW) -> str:
        with self.store.reading() as session:
            return find_proposal(session, reader, key, at).digest

    def confirm(self, key: str, reader: Reader, *, at: datetime = NOW) -> bool:
        return approve(self.store, reader, key, digest=self.digest(key, reader, at=at), at=at).is_applied

    def plan(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of the plan that a proposal may write, whole."""
        return dump(self.store, tuple(MODELS))


def lay(store: Store) -> SmallFirm:
    """Lay it in an empty, migrated store."""
    with store.system() as session:

        def add(row: SQLModel) -> int:
            session.add(row)
            session.flush()
            return int(row.id)  # type: ignore[attr-defined]

        def person(name: str, **values: Any) -> int:
            return add(Person(key=name, name=name.capitalize(), email=f"{name}@example.org", **values))

        if session.get(Organisation, 1) is None:
            add(Organisation(name="Small Ltd"))
        practice = add(Practice(key="data", name="Data"))
        manager, leader, finance, stranger = (person(each) for each in ("manager", "leader", "finance", "stranger"))
        member = person("member", practice_id=practice, cost_rate_minor=50_00)
        add(Grant(person_id=leader, role="resource_manager", scope_kind="practice", scope_id=practice))
        add(Grant(person_id=finance, role="finance", scope_kind="organisation"))
        project = add(Project(key="A", name="Alpha", currency="EUR", manager_id=manager, budget_minor=100_00))
        other = add(Project(key="B", name="Beta", currency="EUR", manager_id=stranger))
        tasks = tuple(
            add(
                Task(
                    key=f"A-{number}",
                    name=f"Task {number}",
                    project_id=project,
                    position=number,
                    owner_id=member,
                    planned_start=datetime(2026, 3, 2 + number, 9),
                    planned_finish=datetime(2026, 3, 2 + number, 17),
                )
            )
            for number in range(1, 5)
        )
        readers = (Reader(each) for each in (manager, member, leader, finance, stranger))
        return SmallFirm(store, *readers, project, other, tasks)


def dump(
    store: Store, tables: tuple[str, ...], left_out: frozenset[str] = LEFT_OUT
) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of these tables, in the order of their keys."""
    found = {}
    with store.reading() as session:
        for name in tables:
            table = SQLModel.metadata.tables[name]
            rows = session.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            found[name] = [tuple(each for each in row.items() if each[0] not in left_out) for row in rows]
    return found


def is_sound(store: Store) -> bool:
    """Whether SQLite finds nothing wrong with the file and every foreign key."""
    with store.reading() as session:
        whole = session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        return whole and not session.execute(text("PRAGMA foreign_key_check")).all()

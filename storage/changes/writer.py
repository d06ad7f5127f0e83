"""Writes plan rows: every edit of a transaction goes to History, and each project it touches gets a new revision."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import uuid4

from pydantic_core import PydanticUndefined
from sqlalchemy import JSON, Table, bindparam, delete, func, insert, select, text, union, update
from sqlmodel import Session, SQLModel

from storage.changes.values import as_json, from_json
from storage.models import (
    Absence,
    Assignment,
    Blocker,
    Booking,
    Dependency,
    History,
    Organisation,
    Person,
    Project,
    Skill,
    Task,
)

Row = dict[str, Any]
Model = type[SQLModel]

CHUNK = 5_000
# Rows that belong to a project only through their tasks; the last named task's project owns the history.
TASKS_OF: dict[Model, tuple[str, ...]] = {
    Assignment: ("task_id",),
    Blocker: ("task_id",),
    Dependency: ("predecessor_id", "successor_id"),
}
PERSON_OF: dict[Model, str] = {Person: "id", Absence: "person_id", Skill: "person_id"}


class RowNotFound(LookupError):
    def __init__(self, table: str, row_id: int) -> None:
        super().__init__(f"There is no {table} row with the id {row_id}; it may have been removed meanwhile.")


class UnknownField(ValueError):
    def __init__(self, table: str, fields: Collection[str]) -> None:
        super().__init__(f"A {table} has no field {', '.join(sorted(fields))}.")


class Writer:
    """The edits of one transaction. Rows loaded through `session` show them once read again."""

    def __init__(self, session: Session, *, cause: str, person_id: int | None, at: datetime) -> None:
        self.session = session
        self._stamp: Row = {"at": at, "change_set": uuid4().hex, "person_id": person_id, "cause": cause}
        self._history: list[Row] = []
        self._has_written = False
        self._projects: set[int] = set()
        self._people: set[int] = set()

    @property
    def change_set(self) -> str:
        """What all edits of this transaction share in History."""
        return str(self._stamp["change_set"])

    @property
    def cause(self) -> str:
        """Why the rows change, as History tells it."""
        return str(self._stamp["cause"])

    @cause.setter
    def cause(self, words: str) -> None:
        self._stamp["cause"] = words

    def reserve(self, model: Model, count: int) -> list[int]:
        """Ids for rows to come, so that rows of one `add` can refer to each other."""
        table = _table(model)
        if self.session.get_bind().dialect.name == "postgresql":
            numbers = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
            return list(self.session.execute(numbers, {"name": f'"{table.name}"', "count": count}).scalars())
        first = self._last_id(table) + 1
        return list(range(first, first + count))

    def add(self, model: Model, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert rows, filled up with the model's defaults, parents before children. Returns their ids, in order."""
        if not rows:
            return []
        complete = self._complete(model, rows)
        for chunk in _chunks(complete):
            self.session.execute(insert(_table(model)), chunk)
            for row, project_id in zip(chunk, self._touch(model, chunk), strict=True):
                after = {field: value for field, value in row.items() if value is not None}
                self._record(model, row["id"], project_id, after=after)
        return [row["id"] for row in complete]

    def change(self, model: Model, row_id: int, edits: Mapping[str, Any]) -> None:
        """Set fields of one row to new values; a value the row already has is no change."""
        self.change_many(model, {row_id: edits})

    def change_many(self, model: Model, edits: Mapping[int, Mapping[str, Any]]) -> int:
        """Set fields of many rows, by id. Returns how many rows really changed."""
        table, before = _table(model), self._rows(model, edits)
        real = {row_id: _real_edits(table, before[row_id], edits[row_id]) for row_id in edits}
        real = {row_id: changed for row_id, changed in real.items() if changed}
        self._update(model, real)
        owners = self._touch(model, [before[row_id] for row_id in real])
        self._touch(model, [before[row_id] | changed for row_id, changed in real.items()])
        for (row_id, changed), project_id in zip(real.items(), owners, strict=True):
            for field, after in changed.items():
                self._record(model, row_id, project_id, field=field, before=before[row_id][field], after=after)
        self._forget(model, real)
        return len(real)

    def remove(self, model: Model, row_id: int) -> None:
        self.remove_many(model, [row_id])

    def remove_many(self, model: Model, row_ids: Collection[int]) -> None:
        """Delete rows by id; children before parents."""
        table, before = _table(model), self._rows(model, row_ids)
        rows = [before[row_id] for row_id in row_ids]
        for row, project_id in zip(rows, self._touch(model, rows), strict=True):
            whole = {field: value for field, value in row.items() if value is not None}
            self._record(model, row["id"], project_id, before=whole)
        for chunk in _chunks(list(row_ids)):
            self.session.execute(delete(table).where(table.c.id.in_(chunk)))
        self._forget(model, row_ids)

    def finish(self) -> None:
        """Write the history still held, and raise the revisions of what was touched."""
        if not self._has_written:
            return
        self._flush_history()
        for chunk in _chunks(sorted(self._projects | self._projects_of_people())):
            project = _table(Project)
            self.session.execute(update(project).where(project.c.id.in_(chunk)).values(revision=project.c.revision + 1))
        organisation = _table(Organisation)
        self.session.execute(update(organisation).values(revision=organisation.c.revision + 1))

    def _last_id(self, table: Table) -> int:
        """The highest id ever given: also those of removed rows, whose history must stay theirs alone."""
        self._flush_history()
        history = _table(History)
        present = self.session.execute(select(func.max(table.c.id))).scalar()
        recorded = self.session.execute(select(func.max(history.c.row_id)).where(history.c.table == table.name))
        return max(present or 0, recorded.scalar() or 0)

    def _complete(self, model: Model, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
        """The rows with defaults and ids, and without the fields that none of them gives."""
        given = set().union(*rows)
        defaults = _defaults(model)
        if unknown := given - defaults.keys():
            raise UnknownField(_table(model).name, unknown)
        template = {field: value for field, value in defaults.items() if value is not None or field in given}
        complete = [template | {"id": template.get("id")} | dict(row) for row in rows]
        unnumbered = [row for row in complete if row["id"] is None]
        if unnumbered:
            for row, row_id in zip(unnumbered, self.reserve(model, len(unnumbered)), strict=True):
                row["id"] = row_id
        return complete

    def _rows(self, model: Model, row_ids: Collection[int]) -> dict[int, Row]:
        table = _table(model)
        found: dict[int, Row] = {}
        for chunk in _chunks(list(row_ids)):
            rows = self.session.execute(select(table).where(table.c.id.in_(chunk))).mappings()
            found |= {row["id"]: dict(row) for row in rows}
        for row_id in row_ids:
            if row_id not in found:
                raise RowNotFound(table.name, row_id)
        return found

    def _update(self, model: Model, edits: Mapping[int, Row]) -> None:
        table = _table(model)
        if model is Task and (moving := [row_id for row_id, changed in edits.items() if "position" in changed]):
            # Tasks that change places would meet on the way; negative places are free.
            for chunk in _chunks(moving):
                self.session.execute(update(table).where(table.c.id.in_(chunk)).values(position=-table.c.position))
        alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row_id, changed in edits.items():
            alike[tuple(sorted(changed))].append(
                {"_id": row_id} | {f"_{name}": value for name, value in changed.items()}
            )
        for fields, rows in alike.items():
            values = {name: bindparam(f"_{name}", type_=table.c[name].type) for name in fields}
            self.session.connection().execute(update(table).where(table.c.id == bindparam("_id")).values(values), rows)

    def _touch(self, model: Model, rows: Sequence[Row]) -> list[int | None]:
        """Note whose revision these rows raise. Returns the project each row belongs to."""
        if person_field := PERSON_OF.get(model):
            self._people.update(row[person_field] for row in rows)
        owners: list[int | None]
        if task_fields := TASKS_OF.get(model):
            projects = self._projects_of_tasks({row[field] for row in rows for field in task_fields})
            self._projects.update(projects.values())
            owners = [projects.get(row[task_fields[-1]]) for row in rows]
        else:
            owners = [row["id"] if model is Project else row.get("project_id") for row in rows]
            self._projects.update(owner for owner in owners if owner is not None)
        return owners

    def _projects_of_tasks(self, task_ids: Collection[int]) -> dict[int, int]:
        task = _table(Task)
        found: dict[int, int] = {}
        for chunk in _chunks(sorted(task_ids)):
            rows = self.session.execute(select(task.c.id, task.c.project_id).where(task.c.id.in_(chunk)))
            found |= {row.id: row.project_id for row in rows}
        return found

    def _projects_of_people(self) -> set[int]:
        booking, task = _table(Booking), _table(Task)
        found: set[int] = set()
        for chunk in _chunks(sorted(self._people)):
            booked = select(booking.c.project_id).where(booking.c.person_id.in_(chunk))
            owned = select(task.c.project_id).where(task.c.owner_id.in_(chunk))
            found.update(self.session.execute(union(booked, owned)).scalars())
        return found

    def _record(self, model: Model, row_id: int, project_id: int | None, **edit: Any) -> None:
        self._has_written = True
        nothing = {"field": None, "before": None, "after": None}
        place = {"table": _table(model).name, "row_id": row_id, "project_id": project_id}
        self._history.append(self._stamp | place | nothing | edit)
        if len(self._history) >= CHUNK:
            self._flush_history()

    def _flush_history(self) -> None:
        if self._history:
            self.session.execute(insert(_table(History)), self._history)
            self._history = []

    def _forget(self, model: Model, row_ids: Collection[int]) -> None:
        """Have the session read these rows again when they are next looked at."""
        mapper = cast(Any, model).__mapper__
        for row_id in row_ids:
            loaded = self.session.identity_map.get(mapper.identity_key_from_primary_key((row_id,)))
            if loaded is not None:
                self.session.expire(loaded)


@cache
def _table(model: Model) -> Table:
    return cast(Table, cast(Any, model).__table__)


@cache
def _defaults(model: Model) -> Row:
    """What a field holds unless given. The documents are shared: they are written, never changed."""
    defaults = {name: field.get_default(call_default_factory=True) for name, field in model.model_fields.items()}
    return {name: None if value is PydanticUndefined else value for name, value in defaults.items()}


def _real_edits(table: Table, before: Row, edits: Mapping[str, Any]) -> Row:
    if unknown := edits.keys() - before.keys():
        raise UnknownField(table.name, unknown)
    return {field: after for field, after in edits.items() if _comparable(table, field, after) != before[field]}


def _comparable(table: Table, field: str, value: Any) -> Any:
    """A document as it comes back from the database: its dates as text."""
    return from_json(as_json(value)) if isinstance(table.c[field].type, JSON) else value


def _chunks(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]

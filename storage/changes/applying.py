"""Applies a set of row edits, all or nothing, as long as the rows still hold what the edits replace; and undoes it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from storage.changes.values import as_json, from_json
from storage.changes.writer import RowNotFound, Writer
from storage.edits import RowEdit
from storage.keys import new_key
from storage.models import (
    Absence,
    Assignment,
    Baseline,
    Blocker,
    Booking,
    Dependency,
    History,
    Person,
    Project,
    Risk,
    StatusUpdate,
    Task,
    TimeEntry,
)

_MODELS = (
    Absence, Assignment, Baseline, Blocker, Booking, Dependency, Project, Risk, StatusUpdate, Task, TimeEntry
)  # fmt: skip
MODELS: Mapping[str, Any] = {str(model.__tablename__): model for model in _MODELS}


@dataclass(frozen=True)
class Conflict:
    """A value that is not what an edit replaces; `field` is None where the whole row came, went or is in use."""

    table: str
    row_id: int
    field: str | None
    expected: Any = None
    found: Any = None


class EditsConflict(Exception):
    """The rows are not as the edits expect them; nothing was written."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(f"{len(conflicts)} values are not what they were.")
        self.conflicts = tuple(conflicts)


def with_present_values(session: Session, edits: Iterable[RowEdit]) -> list[RowEdit]:
    """The edits with what they replace today. Raises RowNotFound.

    One that changes nothing stays: that it does would tell its proposer a value they may not see.
    """
    filled = []
    for edit in edits:
        if edit.is_addition:
            filled.append(replace(edit, after=_plain(edit.after or {})))
            continue
        row = _row(session, edit)
        if row is None:
            raise RowNotFound(edit.table, edit.row_id)
        if edit.is_removal:
            filled.append(replace(edit, before={label: value for label, value in row.items() if value is not None}))
            continue
        after = _plain(edit.after or {})
        if after:
            filled.append(replace(edit, before={label: row[label] for label in after}, after=after))
    return filled


def conflicts_of(session: Session, edits: Iterable[RowEdit]) -> list[Conflict]:
    """Where the rows no longer hold what these edits replace."""
    found: list[Conflict] = []
    for edit in edits:
        if edit.is_addition:
            continue
        row = _row(session, edit)
        if row is None:
            found.append(Conflict(edit.table, edit.row_id, None))
            continue
        found += [
            Conflict(edit.table, edit.row_id, label, value, row.get(label))
            for label, value in (edit.before or {}).items()
            if row.get(label) != value
        ]
    return found


def apply(writer: Writer, edits: Sequence[RowEdit]) -> list[RowEdit]:
    """Write them, and give them as they were written, with the ids and keys of new rows. Raises EditsConflict."""
    if conflicts := conflicts_of(writer.session, edits):
        raise EditsConflict(conflicts)
    ids: dict[int, int] = {}
    return [_write(writer, edit, ids) for edit in edits]


def inverse(applied: Sequence[RowEdit]) -> list[RowEdit]:
    """The edits that take a set back, to be applied in this order. An added row is known by its id by now."""
    return [replace(edit, before=edit.after, after=edit.before) for edit in reversed(applied)]


def _write(writer: Writer, edit: RowEdit, ids: dict[int, int]) -> RowEdit:
    """The edit as it was written."""
    model = MODELS[edit.table]
    try:
        if edit.is_addition:
            return _add(writer, edit, ids)
        if edit.is_removal:
            writer.remove(model, edit.row_id)
        else:
            writer.change(model, edit.row_id, _settled(edit.values, ids))
    except IntegrityError:
        raise EditsConflict([Conflict(edit.table, edit.row_id, None)]) from None
    return edit


def _add(writer: Writer, edit: RowEdit, ids: dict[int, int]) -> RowEdit:
    given = _settled(edit.values, ids)
    values = given | _made(writer.session, edit.table, given)
    [row_id] = writer.add(MODELS[edit.table], [values])
    ids[edit.row_id] = row_id
    whole = _row(writer.session, replace(edit, row_id=row_id)) or {}
    return replace(edit, row_id=row_id, after={label: value for label, value in whole.items() if value is not None})


def _made(session: Session, table: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a new row gets from the store and not from whoever proposes it: its key, its place, its rates."""
    if "id" in given:  # a row that comes back brings all of it along
        return {}
    if table == "task":
        tasks = _keys(session, Task.key, col(Task.project_id) == given["project_id"])
        last = session.scalar(select(func.max(Task.position)).where(col(Task.project_id) == given["project_id"]))
        return {"key": _next_in(session, given["project_id"], tasks), "position": (last or 0) + 1}
    if table == "risk":
        taken = set(_keys(session, Risk.key))
        return {"key": new_key("R", taken.__contains__)}
    if table == "time_entry":
        person = session.get_one(Person, given["person_id"])
        return {"cost_rate_minor": person.cost_rate_minor or 0, "bill_rate_minor": person.bill_rate_minor}
    return {}


def _next_in(session: Session, project_id: int, taken: Sequence[str]) -> str:
    """The key after the last one of the project's tasks, also of those that are gone: GATE-68 after GATE-67."""
    project = session.get_one(Project, project_id)
    gone = session.execute(
        select(History.before).where(
            col(History.table) == "task", col(History.project_id) == project_id, col(History.after).is_(None),
            col(History.field).is_(None),
        )
    ).scalars()  # fmt: skip
    known = [*taken, *(str(row["key"]) for row in gone if row)]
    numbered = [match for key in known if (match := _NUMBERED.fullmatch(key))]
    last = max(numbered, key=lambda match: int(match["number"]), default=None)
    stem, width = (last["stem"], len(last["number"])) if last else (f"{project.key}-", 1)
    number = int(last["number"]) + 1 if last else 1
    everywhere = set(_keys(session, Task.key, col(Task.key).startswith(stem, autoescape=True)))
    while (key := f"{stem}{number:0{width}}") in everywhere:
        number += 1
    return key


_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d{1,9})")


def _keys(session: Session, column: Any, *conditions: Any) -> list[str]:
    return list(session.execute(select(column).where(*conditions)).scalars())


def _row(session: Session, edit: RowEdit) -> dict[str, Any] | None:
    """All fields of the row as JSON knows them; None where there is none."""
    table = _table(edit.table)
    found = session.execute(select(table).where(table.c.id == edit.row_id)).mappings().first()
    return _plain(dict(found)) if found is not None else None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = from_json(as_json(dict(values)))
    return plain


def _settled(values: Mapping[str, Any], ids: Mapping[int, int]) -> dict[str, Any]:
    """The values with the ids that rows to come have been given."""
    return {
        label: ids[value] if label.endswith("_id") and isinstance(value, int) and value < 0 else value
        for label, value in values.items()
    }


def _table(name: str) -> Table:
    table: Table = MODELS[name].__table__
    return table

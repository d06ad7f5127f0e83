"""What an import would write: each staged row compared with the row the store has."""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping, func, select
from sqlmodel import Session, SQLModel

from storage.importing.batch import Batch
from storage.importing.layout import LAYOUTS, ORGANISATION, Kind, Layout
from storage.importing.report import LevelCount, Problem
from storage.importing.staging import Row, Staged
from storage.models import CustomField, SourceWord, Task

Record = dict[str, Any]
Old = RowMapping
Identity = tuple[Any, ...]


@dataclass
class Difference:
    """The edits of one table. Ids below zero stand for rows that are yet to be added."""

    model: type[SQLModel]
    label: str
    file: str = ""
    added: list[Record] = field(default_factory=list)
    changed: dict[int, Record] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)  # ids of rows that a feed no longer has
    unchanged: int = 0
    gone: list[str] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)  # of the file, by the ids of the rows they change

    @property
    def is_empty(self) -> bool:
        return not self.added and not self.changed and not self.removed

    @property
    def count(self) -> LevelCount:
        return LevelCount(
            len(self.added), len(self.changed), self.unchanged, len(self.gone), self.gone[:100], len(self.removed)
        )


def compare(session: Session, batch: Batch, custom_fields: list[Record], words: list[Record]) -> list[Difference]:
    """The differences of all tables, parents first. Rows that would contradict the store become problems."""
    ids = _Ids(batch)
    staged = [batch.tables[layout.name] for layout in LAYOUTS if layout.name in batch.tables]
    differences = [_compare_table(session, batch, table, ids) for table in staged]
    differences.append(_compare_settings(session, CustomField, "custom fields", custom_fields, ("level", "key")))
    differences.append(_compare_settings(session, SourceWord, "words", words, ("level", "field", "word")))
    return differences


class _Ids:
    """The ids of rows by table and key; new rows have one below zero."""

    def __init__(self, batch: Batch) -> None:
        self._known = batch.known
        self._new: dict[str, dict[str, int]] = defaultdict(dict)
        self._last = 0

    def of(self, table: str, key: str) -> int:
        known = self._known.id_of(table, key)
        return self._new[table][key] if known is None else known

    def new(self, table: str, key: str | None) -> int:
        self._last -= 1
        if key is not None:
            self._new[table][key] = self._last
        return self._last


def _compare_table(session: Session, batch: Batch, staged: Staged, ids: _Ids) -> Difference:
    layout = staged.layout
    difference = Difference(layout.model, layout.label, staged.file)
    parents = [known.column for known in staged.fields if known.kind is Kind.PARENT]
    present = _Present(session, batch, layout, _columns(staged, parents))
    bad: dict[int, Problem] = {}
    for row in _parents_first(staged):
        record = _record(row, layout, parents, ids)
        old = present.take(record)
        if old is None:
            record["id"] = 1 if layout is ORGANISATION else ids.new(layout.name, record.get("key"))
            difference.added.append(record | ({"custom": _merged({}, row.custom)} if row.custom else {}))
            continue
        edits = _edits(record, row, old)
        if sentence := _contradiction(layout, old, edits):
            bad[row.number] = staged.problem(row, sentence)
        elif edits:
            difference.changed[old["id"]] = edits
            difference.rows[old["id"]] = row
        else:
            difference.unchanged += 1
    staged.refuse(bad)
    if layout.name == "task":
        _number(session, difference.added)
    difference.gone = present.gone(staged)
    return difference


def _columns(staged: Staged, parents: list[str]) -> list[str]:
    """What must be read of the rows in the store."""
    layout = staged.layout
    written = [column for row in staged.rows[:1] for column in row.values]
    ordered = [column for pair in layout.ordered for column in pair]
    further = [column for column in ("source_id", "custom") if column in layout.model.model_fields]
    scope = [layout.scope] if layout.scope else []
    return list(dict.fromkeys(["id", *layout.identity, *written, *parents, *ordered, *further, *scope]))


def _record(row: Row, layout: Layout, parents: list[str], ids: _Ids) -> Record:
    record = {known.column: known.default for known in layout.fields if known.column in layout.identity} | row.values
    for column in parents:
        key = row.parents.get(column)
        record[column] = None if key is None else ids.of(_table_of(layout, column, row), key)
    return record


def _table_of(layout: Layout, column: str, row: Row) -> str:
    refers = next((known.refers for known in layout.fields if known.column == column), None)
    return str(row.values["level"]) if refers == "level" else refers or ""


def _parents_first(staged: Staged) -> list[Row]:
    """The rows in their order; tasks as an outline, every one behind the task it lies under and those before it."""
    if staged.layout.name != "task":
        return staged.rows
    own = {row.key for row in staged.rows}
    below: dict[str | None, list[Row]] = defaultdict(list)
    for row in reversed(staged.rows):
        parent = row.parents.get("parent_id")
        below[parent if parent in own else None].append(row)
    ordered, waiting = [], below[None]
    while waiting:
        ordered.append(waiting.pop())
        waiting += below[ordered[-1].key]
    return ordered


class _Present:
    """The rows of a table in the store, each handed out once, to the row of the file that is the same thing."""

    def __init__(self, session: Session, batch: Batch, layout: Layout, columns: list[str]) -> None:
        self._batch, self._layout = batch, layout
        model: Any = layout.model
        query = select(*(model.__table__.c[column] for column in columns)).order_by(model.id)
        self._rows: dict[Identity, deque[Any]] = defaultdict(deque)
        for row in session.execute(query).mappings():
            if not layout.has_source or row["source_id"] in (None, batch.known.source_id):
                self._rows[self._identity(row)].append(row)

    def take(self, record: Record) -> Old | None:
        if self._layout.is_keyed:
            # By id, since the store may know a person by an older key and the same e-mail.
            row_id = self._batch.known.id_of(self._layout.name, record["key"])
            waiting = None if row_id is None else self._rows.get((row_id,))
        else:
            waiting = self._rows.get(tuple(record[column] for column in self._layout.identity))
        return waiting.popleft() if waiting else None

    def _identity(self, row: Old) -> Identity:
        return (row["id"],) if self._layout.is_keyed else tuple(row[column] for column in self._layout.identity)

    def gone(self, staged: Staged) -> list[str]:
        """Rows of this source that the file no longer has, by what tells them apart. They stay."""
        left = [row for rows in self._rows.values() for row in rows if self._is_ours(row)]
        if self._layout.is_keyed:
            return [row["key"] for row in left if row["key"] not in staged.seen_keys]
        return [" / ".join(self._shown(column, row) for column in self._layout.identity) for row in left]

    def _is_ours(self, row: Old) -> bool:
        source_id = self._batch.known.source_id
        if source_id is None:
            return False
        if self._layout.has_source:
            return bool(row["source_id"] == source_id)
        if self._layout.scope is None:
            return False
        return row[self._layout.scope] in self._owned()

    def _owned(self) -> set[int]:
        """The ids of this source's rows in the table that the scope column refers to."""
        if self._owners is None:
            table = next(known.refers for known in self._layout.fields if known.column == self._layout.scope) or ""
            rows = self._batch.known.rows[table].values()
            self._owners = {row.id for row in rows if row.source_id == self._batch.known.source_id}
        return self._owners

    _owners: set[int] | None = None

    def _shown(self, column: str, row: Old) -> str:
        refers = next((known.refers for known in self._layout.fields if known.column == column), None)
        if refers is None or row[column] is None:
            return str(row[column] or "-")
        return next(key for key, known in self._batch.known.rows[refers].items() if known.id == row[column])


def _edits(record: Record, row: Row, old: Old) -> Record:
    """The fields that the file gives another value; a source takes over a row that has none."""
    edits = {column: value for column, value in record.items() if value != old[column] and column not in row.assumed}
    if row.custom and (custom := _merged(old["custom"], row.custom)) != old["custom"]:
        edits["custom"] = custom
    if "source_id" in old and old["source_id"] is None:
        edits["source_id"] = None  # the writer puts the source in
    return edits


def _merged(old: Mapping[str, Any], custom: Mapping[str, Any]) -> Record:
    """Custom values with those of the file put in, and blank ones taken out."""
    return {key: value for key, value in {**old, **custom}.items() if value is not None}


def _contradiction(layout: Layout, old: Old, edits: Record) -> str:
    """What would be wrong with the row once the fields that the file does not have are read with it."""
    for first, last in layout.ordered:
        start, end = edits.get(first, old[first]), edits.get(last, old[last])
        if start is not None and end is not None and end < start:
            return f"With the store's {last.replace('_', ' ')} ({end:%Y-%m-%d}), it would start after it finishes."
    return ""


def _number(session: Session, added: list[Record]) -> None:
    """New tasks come behind those their project has."""
    task: Any = Task
    last = dict(session.execute(select(task.project_id, func.max(task.position)).group_by(task.project_id)).all())
    for record in added:
        last[record["project_id"]] = last.get(record["project_id"], 0) + 1
        record["position"] = last[record["project_id"]]


def _compare_settings(
    session: Session, model: Any, label: str, rows: list[Record], same: tuple[str, ...]
) -> Difference:
    """Custom fields and words: added or changed, never gone."""
    difference = Difference(model, label)
    present = {tuple(getattr(row, column) for column in same): row for row in session.scalars(select(model))}
    for record in rows:
        old = present.get(tuple(record[column] for column in same))
        if old is None:
            difference.added.append(record)
        elif edits := {column: value for column, value in record.items() if getattr(old, column) != value}:
            difference.changed[old.id] = edits
        else:
            difference.unchanged += 1
    return difference

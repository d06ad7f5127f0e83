"""Writing the differences of an import, all or nothing, with the source and the run they belong to."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.changes.writer import Writer
from storage.importing.differences import Difference, Record
from storage.importing.mapping import SourceMap
from storage.models import Source


def write(writer: Writer, differences: list[Difference], source_id: int) -> None:
    """Apply all edits, parents first."""
    ids: dict[int, int] = {}
    for difference in differences:
        owner = {"source_id": source_id} if "source_id" in difference.model.model_fields else {}
        waiting = [record["id"] for record in difference.added if record.get("id", 0) < 0]
        ids |= dict(zip(waiting, writer.reserve(difference.model, len(waiting)), strict=True)) if waiting else {}
        writer.add(difference.model, [_settled(record, ids) | owner for record in difference.added])
        writer.remove_many(difference.model, difference.removed)
        changed = {row_id: _settled(edits, ids) for row_id, edits in difference.changed.items()}
        writer.change_many(
            difference.model,
            {row_id: edits | owner if "source_id" in edits else edits for row_id, edits in changed.items()},
        )


def save_source(writer: Writer, name: str, given: SourceMap, owns: set[str], at: datetime) -> int:
    """Note when and of what day the data is, and which fields its source decides. Returns the source's id."""
    source: Any = Source
    row = writer.session.scalars(select(source).where(source.name == name)).first()
    if row is None:
        row = Source(name=name, kind=given.kind)
        writer.session.add(row)
    row.kind = given.kind
    row.data_as_of = given.data_as_of or row.data_as_of
    row.synced_at = at
    row.owns = sorted({*row.owns, *owns})
    writer.session.flush()
    assert row.id is not None
    return row.id


def _settled(record: Record, ids: dict[int, int]) -> Record:
    """The record with the ids that rows yet to be added have now been given."""
    return {
        column: ids[value] if value.__class__ is int and value < 0 and _is_id(column) else value
        for column, value in record.items()
    }


def _is_id(column: str) -> bool:
    return column == "id" or column.endswith("_id")

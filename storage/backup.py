"""A whole store in one file, and back: every row of every table, for SQLite and PostgreSQL alike.

The file is gzip over lines of JSON: a heading, each table with its columns and then its rows, and last the SHA-256 of
all lines before. A backup reads one snapshot, so people may write meanwhile; a restore fills an empty store in one
transaction, after the whole file was checked.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from sqlalchemy import JSON, Date, DateTime, Table, func, insert, select, text, update
from sqlmodel import Session, SQLModel

from storage import audit, migrations
from storage.changes.values import as_json
from storage.engine import Store
from storage.errors import StoreError
from storage.models.columns import Instant

FORMAT = "pilothouse-backup"
CHUNK = 2_000
_QUICK = 1  # the level of compression: four times smaller, at hardly any cost


class BackupNotReadable(StoreError):
    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is no whole backup of Pilothouse ({why}). Nothing was restored.")


class BackupIsNewer(StoreError):
    def __init__(self, path: Path, version: str) -> None:
        super().__init__(
            f"{path} was made by another version of Pilothouse (schema {version}). Restore it with that one."
        )


class StoreNotEmpty(StoreError):
    def __init__(self, place: str) -> None:
        super().__init__(
            f"The store at {place} holds data. Restore into an empty one, or say --replace to set it aside."
        )


class BackupNotWritable(StoreError):
    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be written ({why}). Check the disk and its permissions, or choose another.")


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    rows: int
    tables: int
    last_hash: str  # of the audit chain: note it elsewhere


def save(store: Store, path: Path) -> Backup:
    """Write the store to a file that is there whole or not at all. Raises BackupNotWritable."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        with gzip.open(partial, "wb", compresslevel=_QUICK) as file, store.reading() as session:
            found = _write(session, cast(BinaryIO, file))
        partial.chmod(0o600)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise BackupNotWritable(path, error.strerror or str(error)) from error
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return found


def restore(store: Store, path: Path) -> Backup:
    """Fill an empty, migrated store from a file. Raises BackupNotReadable, BackupIsNewer, StoreNotEmpty."""
    _check(path)
    with store.system() as session:
        if _holds_rows(session):
            raise StoreNotEmpty(store.place)
        rows = sum(_fill(session, table, list_) for table, list_ in _tables(path))
        _go_on_counting(session)
        checked = audit.verify(session)
        if checked.altered_id is not None:
            raise BackupNotReadable(path, checked.sentence)
    return Backup(rows, len(SQLModel.metadata.sorted_tables), checked.last_hash)


def _write(session: Session, file: BinaryIO) -> Backup:
    digest, rows = sha256(), 0

    def line(content: Any) -> None:
        written = f"{as_json(content)}\n".encode()
        digest.update(written)
        file.write(written)

    line({"format": FORMAT, "schema": migrations.VERSIONS[-1], "made_at": datetime.now(UTC)})
    for table in SQLModel.metadata.sorted_tables:
        line({"table": table.name, "columns": [column.name for column in table.columns]})
        found = session.execute(select(table).order_by(*table.primary_key.columns).execution_options(yield_per=CHUNK))
        for row in found:
            line(list(row))
            rows += 1
    file.write(f"{as_json({'sha256': digest.hexdigest()})}\n".encode())
    return Backup(rows, len(SQLModel.metadata.sorted_tables), audit.verify(session).last_hash)


def _check(path: Path) -> None:
    """Read all of the file once, before anything is written."""
    digest, last, first = sha256(), b"", b""
    try:
        with gzip.open(path, "rb") as file:
            for written in file:
                digest.update(last)
                first, last = first or written, written
        heading, ending = json.loads(first or b"null"), json.loads(last or b"null")
    except (OSError, EOFError, ValueError) as error:
        raise BackupNotReadable(path, str(error) or type(error).__name__) from error
    if not isinstance(heading, dict) or heading.get("format") != FORMAT:
        raise BackupNotReadable(path, "its heading is another")
    if not isinstance(ending, dict) or ending.get("sha256") != digest.hexdigest():
        raise BackupNotReadable(path, "its end is missing, or its content was changed")
    if heading["schema"] != migrations.VERSIONS[-1]:
        raise BackupIsNewer(path, heading["schema"])


def _tables(path: Path) -> Iterator[tuple[Table, Iterator[dict[str, Any]]]]:
    """Each table with its rows, which must be taken before the next table is."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        file.readline()
        ahead = file.readline()
        while ahead and "table" in (heading := json.loads(ahead)):
            table = SQLModel.metadata.tables[heading["table"]]
            left = [""]
            yield table, _rows(cast(TextIO, file), table, heading["columns"], left)
            ahead = left[0]


def _rows(file: TextIO, table: Table, columns: list[str], left: list[str]) -> Iterator[dict[str, Any]]:
    revived = [_reviver(table, column) for column in columns]
    for written in file:
        if written.startswith("{"):
            left[0] = written
            return
        values = json.loads(written)
        yield {
            column: revive(value) if revive and value is not None else value
            for column, revive, value in zip(columns, revived, values, strict=True)
        }


def _reviver(table: Table, column: str) -> Any:
    """How a value comes back from its text; None where it is itself."""
    kind = table.c[column].type
    if isinstance(kind, JSON):
        return None
    if isinstance(kind, DateTime | Instant):
        return datetime.fromisoformat
    return date.fromisoformat if isinstance(kind, Date) else None


def _fill(session: Session, table: Table, rows: Iterator[dict[str, Any]]) -> int:
    """Insert the rows; what refers to rows of the same table is put in once all of them are there."""
    own = [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    held, count = [], 0
    for chunk in _chunks(rows):
        held += [
            {"_id": row["id"], **{f"_{name}": row[name] for name in own}} for row in chunk if any(map(row.get, own))
        ]
        session.execute(insert(table), [{**row, **dict.fromkeys(own)} for row in chunk])
        count += len(chunk)
    for chunk in _chunks(iter(held)):
        values = {name: text(f":_{name}") for name in own}
        session.connection().execute(update(table).where(table.c.id == text(":_id")).values(values), chunk)
    return count


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _go_on_counting(session: Session) -> None:
    """PostgreSQL counts ids apart from the rows."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in SQLModel.metadata.sorted_tables:
        if "id" in table.c:
            last = session.execute(select(func.max(table.c.id))).scalar()
            sequence = session.execute(select(func.pg_get_serial_sequence(f'"{table.name}"', "id"))).scalar()
            if last is not None and sequence is not None:
                session.execute(select(func.setval(sequence, last)))


def _holds_rows(session: Session) -> bool:
    tables = SQLModel.metadata.sorted_tables
    return any(session.execute(select(table).limit(1)).first() is not None for table in tables)

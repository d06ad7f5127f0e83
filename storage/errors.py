"""What can be wrong with a store, as sentences a user may read.

StoreError
├── StoreUrlNotUnderstood
├── StoreNotFound
├── StoreNotMigrated
├── StoreIsNewer
├── StoreIsForeign
├── StoreUnreadable
├── StoreUnreachable
├── StoreBusy
├── StoreNotWritable
├── OrganisationNotNamed (storage/policies.py)
└── NotAccepted          (storage/people.py says what and why)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Error as SqliteError

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class StoreError(Exception):
    """Something the store cannot do; the message says why and what to try."""


class StoreUrlNotUnderstood(StoreError):
    def __init__(self, url: str) -> None:
        super().__init__(
            f"'{url}' is no address of a store. Use sqlite:///path/to/file.db or postgresql://user@host/database."
        )


class StoreNotFound(StoreError):
    def __init__(self, place: str) -> None:
        super().__init__(f"There is no store at {place}. `pilothouse init` makes one.")


class StoreNotMigrated(StoreError):
    def __init__(self, place: str) -> None:
        super().__init__(
            f"The store at {place} is empty or older than this program. `pilothouse init` brings it up to date."
        )


class StoreIsNewer(StoreError):
    def __init__(self, place: str, version: str) -> None:
        super().__init__(f"The store at {place} is of a newer Pilothouse (schema {version}). Update this program.")


class StoreIsForeign(StoreError):
    def __init__(self, place: str) -> None:
        super().__init__(f"{place} holds the tables of another program. Choose an empty database for Pilothouse.")


class StoreUnreadable(StoreError):
    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place} is no Pilothouse store, or is damaged ({reason}). Choose another, or a backup.")


class StoreUnreachable(StoreError):
    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"The database at {place} cannot be reached: {reason} Check that it runs, and the address.")


class StoreBusy(StoreError):
    def __init__(self, place: str) -> None:
        super().__init__(f"The store at {place} is busy with another change. Nothing was changed: try again soon.")


class StoreNotWritable(StoreError):
    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"The store at {place} cannot be written ({reason}). Check the disk and its permissions.")


class NotAccepted(StoreError):
    """A value or an edit that the store refuses."""


@contextmanager
def as_sentences(place: str) -> Iterator[None]:
    """Turn the database errors that have a plain meaning into a StoreError; let all others through."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreBusy(place) from error
    except DBAPIError as error:
        meaning = _of_sqlite(place, error.orig) if isinstance(error.orig, SqliteError) else _of_postgresql(place, error)
        if meaning is None:
            raise
        raise meaning from error
    except SqliteError as error:
        meaning = _of_sqlite(place, error)
        if meaning is None:
            raise
        raise meaning from error


def _of_sqlite(place: str, error: SqliteError) -> StoreError | None:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusy(place)
    if name.startswith("SQLITE_CANTOPEN"):
        return StoreNotWritable(place, str(error)) if Path(place).exists() else StoreNotFound(place)
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return StoreUnreadable(place, str(error))
    if name.startswith(("SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_PERM")):
        return StoreNotWritable(place, str(error))
    return StoreNotMigrated(place) if "no such table" in str(error) else None


def _of_postgresql(place: str, error: DBAPIError) -> StoreError | None:
    state = getattr(error.orig, "sqlstate", None)
    reason = str(error.orig).strip().splitlines()[-1].strip()
    if state == "42P01":
        return StoreNotMigrated(place)
    if state in {"40001", "40P01", "55P03"}:
        return StoreBusy(place)
    if state in {"53100", "25006", "42501"}:
        return StoreNotWritable(place, reason)
    if state is None and "does not exist" in reason:
        return StoreNotFound(place)
    if error.connection_invalidated or isinstance(error, OperationalError) or "connection option" in reason:
        return StoreUnreachable(place, f"{reason.rstrip('.?')}.")
    return None

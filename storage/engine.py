"""The database: opening, migrating, and the sessions that read, write plans and keep books."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session, select

from storage import migrations
from storage.changes.values import as_json
from storage.changes.writer import Writer
from storage.errors import (
    StoreIsForeign,
    StoreIsNewer,
    StoreNotMigrated,
    StoreNotWritable,
    StoreUrlNotUnderstood,
    as_sentences,
)
from storage.models import Organisation

BUSY_SECONDS = 15
# Any number will do, as long as every writer asks for the same one.
WRITER_LOCK = 7_240_615
VERSION_TABLE = "alembic_version"


class Store:
    """One organisation's rows, in a SQLite file or a PostgreSQL database. Threads may share it."""

    def __init__(self, place: str, engine: Engine, reading_engine: Engine) -> None:
        self.place = place
        self.engine = engine
        self._reading_engine = reading_engine
        self._is_checked = False
        self._seen: int | None = None  # the file's inode when it was last opened

    @classmethod
    def open(cls, url: str) -> "Store":
        """A store by its address; nothing is read or made before the first session or `migrate`."""
        address = _address(url)
        if address.get_backend_name() == "sqlite":
            return _open_sqlite(address)
        return _open_postgresql(address)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on a server."""
        return Path(self.place) if self.engine.dialect.name == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one consistent snapshot, in which the database itself refuses every write."""
        self._open_again_if_replaced()
        with as_sentences(self.place), Session(self._reading_engine, expire_on_commit=False) as session:
            self._check(session.connection())
            yield session

    @contextmanager
    def writing(self, cause: str, person_id: int | None = None, at: datetime | None = None) -> Iterator[Writer]:
        """A writer of plan rows with history; all of its edits are kept, or, after an exception, none."""
        with self.system() as session:
            writer = Writer(session, cause=cause, person_id=person_id, at=at or datetime.now(UTC))
            yield writer
            writer.finish()

    @contextmanager
    def system(self) -> Iterator[Session]:
        """A session for bookkeeping rows, which have no history; committed at its end, or not at all."""
        self._open_again_if_replaced()
        with as_sentences(self.place), Session(self.engine, expire_on_commit=False) as session:
            self._check(session.connection())
            yield session
            session.commit()

    def revision(self) -> int:
        """The number of plan writes so far: what is derived from plan rows holds for one revision."""
        with self.reading() as session:
            return session.exec(select(Organisation.revision)).first() or 0

    def version(self) -> str | None:
        """The schema's version; None before the first migration."""
        with as_sentences(self.place), self._reading_engine.connect() as connection:
            return _version(connection)

    def migrate(self) -> bool:
        """Make the store or bring it up to date; False when there was nothing to do."""
        if self.file is not None:
            _make_file(self.file)
        if not self._needs_migration(self.version()):
            return False
        with as_sentences(self.place), _unconstrained(self.engine) as connection:
            if _holds_other_tables(connection):
                raise StoreIsForeign(self.place)
            migrations.upgrade(connection)
        return True

    def migrate_down(self, version: str = "base") -> None:
        """Take the schema back to an older version; rows that it has no place for are lost."""
        self._is_checked = False
        with as_sentences(self.place), _unconstrained(self.engine) as connection:
            migrations.downgrade(connection, version)

    def close(self) -> None:
        self.engine.dispose()
        self._reading_engine.dispose()

    def _open_again_if_replaced(self) -> None:
        """Let go of a file that was deleted or replaced: open connections would go on as if nothing had happened."""
        if self.file is None:
            return
        try:
            found = self.file.stat().st_ino
        except OSError:
            found = None
        if self._seen not in (None, found):
            self.close()
            self._is_checked = False
        self._seen = found

    def _check(self, connection: Connection) -> None:
        """Compare the schema with this program, once for each opened store."""
        if not self._is_checked:
            if self._needs_migration(_version(connection)):
                raise StoreNotMigrated(self.place)
            self._is_checked = True

    def _needs_migration(self, version: str | None) -> bool:
        if version is not None and version not in migrations.VERSIONS:
            raise StoreIsNewer(self.place, version)
        return version != migrations.VERSIONS[-1]


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreUrlNotUnderstood(re.sub("://.*@", "://***@", url)) from error
    if address.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername == "sqlite" and address.database not in (None, "", ":memory:") and not address.query:
        return address
    raise StoreUrlNotUnderstood(address.render_as_string(hide_password=True))


def _open_sqlite(address: URL) -> Store:
    path = Path(address.database or "").expanduser().resolve()

    def connect(mode: str, *pragmas: str) -> sqlite3.Connection:
        # Without an isolation level the driver starts no transaction behind our back: the begin events below do.
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
        for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "cache_size=-32000", *pragmas):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def to_write() -> sqlite3.Connection:
        return connect("rw", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")

    def to_read() -> sqlite3.Connection:
        return connect("ro", "query_only=ON")

    pool = {"max_overflow": 40, "pool_timeout": BUSY_SECONDS, "json_serializer": as_json}
    engine = create_engine(address, creator=to_write, **pool)
    reading_engine = create_engine(address, creator=to_read, **pool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reading_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return Store(str(path), engine, reading_engine)


def _open_postgresql(address: URL) -> Store:
    engine = create_engine(
        address,
        pool_pre_ping=True,
        max_overflow=40,
        pool_timeout=BUSY_SECONDS,
        json_serializer=as_json,
        connect_args={"connect_timeout": 10, "application_name": "pilothouse"},
    )
    # The driver sends both with BEGIN, so a reading session costs no round trip of its own.
    reading_engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    event.listen(engine, "begin", _lock_out_other_writers)
    return Store(address.render_as_string(hide_password=True), engine, reading_engine)


def _lock_out_other_writers(connection: Connection) -> None:
    """Let one writer in at a time, as SQLite does, so that ids, revisions and the audit chain have one order."""
    if not connection.get_execution_options().get("postgresql_readonly"):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreNotWritable(str(path), error.strerror or str(error)) from error


@contextmanager
def _unconstrained(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be rebuilt: SQLite checks foreign keys at its end, not on the way."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise RuntimeError(f"The migration left {len(broken)} rows that point nowhere.")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _holds_other_tables(connection: Connection) -> bool:
    tables = inspect(connection).get_table_names()
    return bool(tables) and VERSION_TABLE not in tables


def _version(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()

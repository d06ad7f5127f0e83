"""What Slack delivered: kept before it is acknowledged, worked on once, whatever process dies meanwhile.

Deliveries live apart from plans, in a file of their own beside SQLite's, so that an acknowledgement never waits for a
plan's writer. They are nobody's record: what is done is forgotten after some days.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from storage.engine import BUSY_SECONDS, Store
from storage.errors import as_sentences

KEPT_DAYS = 7  # Slack repeats for some minutes, and a replay is refused after five
ALIVE = timedelta(seconds=30)  # for which a process counts as alive once it said so
MAKING_LOCK = 7_240_616  # any number that no other lock has
_META = MetaData()
_DELIVERY = Table(
    "slack_delivery",
    _META,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("team", String(40), nullable=False, index=True),
    Column("body", Text, nullable=False),  # empty once it is done
    Column("arrived_at", DateTime(timezone=True), nullable=False, index=True),
    Column("worker", String(40), nullable=False, index=True),  # the process that works on it
    Column("done_at", DateTime(timezone=True), nullable=True, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("marks", JSON, nullable=False),  # what it posted already, by step
)
_WORKER = Table(
    "slack_worker",
    _META,
    Column("name", String(40), primary_key=True),
    Column("alive_until", DateTime(timezone=True), nullable=False),
)
_INSTALLATION = Table(
    "slack_installation",
    _META,
    Column("team", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("bot_user", String(40), nullable=False),
    Column("installed_at", DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True)
class Arrival:
    """One delivery: `key` is the same however often it is repeated; `body` is its JSON text."""

    key: str
    team: str
    body: str


@dataclass(frozen=True)
class DeliveryRecord:
    """A delivery to work on; `marks` say what an earlier attempt has posted."""

    id: int
    key: str
    team: str
    body: str
    attempts: int
    marks: dict[str, Any]


@dataclass(frozen=True)
class InstallationRecord:
    """A workspace that the app is in."""

    team: str
    name: str
    bot_user: str


class Deliveries:
    """The deliveries of one store. Threads may share it."""

    def __init__(self, place: str, engine: Engine) -> None:
        self.place, self.engine = place, engine
        self.worker = secrets.token_hex(8)  # this process, as the rows it works on name it

    @classmethod
    def of(cls, store: Store) -> "Deliveries":
        """Those beside this store; their tables are made where they are missing."""
        file = store.file
        if file is None:  # connections of their own: those of the store wait for each other's plans
            engine = create_engine(store.engine.url, pool_pre_ping=True, pool_timeout=BUSY_SECONDS)
        else:
            engine = _file(file.with_name(f"{file.stem}-slack{file.suffix}"))
        found = cls(store.place, engine)
        with found._writing() as connection:
            if file is None:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MAKING_LOCK})")
            _META.create_all(connection)
        found.stay_alive()
        return found

    def keep(self, arrivals: Sequence[Arrival]) -> list[DeliveryRecord]:
        """Keep those that are new, in one transaction, as this process's to work on; a repeated one is none of them."""
        now = datetime.now(UTC)
        rows: list[dict[str, Any]] = [
            {"key": each.key, "team": each.team, "body": each.body, "arrived_at": now}
            | {"worker": self.worker, "attempts": 1, "marks": {}}
            for each in {each.key: each for each in arrivals}.values()
        ]
        if not rows:
            return []
        dialect: Any = sqlite if self.engine.dialect.name == "sqlite" else postgresql
        adding = dialect.insert(_DELIVERY).on_conflict_do_nothing().returning(_DELIVERY.c.id, _DELIVERY.c.key)
        with self._writing() as connection:
            kept = {key: row_id for row_id, key in connection.execute(adding, rows)}
        return [
            DeliveryRecord(kept[row["key"]], row["key"], row["team"], row["body"], 1, {})
            for row in rows
            if row["key"] in kept
        ]

    def left_behind(self, *, limit: int = 100) -> list[DeliveryRecord]:
        """Deliveries whose process died, oldest first, as this process's to work on now."""
        alive = select(_WORKER.c.name).where(_WORKER.c.alive_until >= datetime.now(UTC))
        is_open = (_DELIVERY.c.done_at.is_(None), _DELIVERY.c.worker.not_in(alive))
        with self._writing() as connection:
            ids = list(connection.scalars(select(_DELIVERY.c.id).where(*is_open).order_by(_DELIVERY.c.id).limit(limit)))
            connection.execute(
                update(_DELIVERY)
                .where(_DELIVERY.c.id.in_(ids))
                .values(worker=self.worker, attempts=_DELIVERY.c.attempts + 1)
            )
            query = select(_DELIVERY).where(_DELIVERY.c.id.in_(ids)).order_by(_DELIVERY.c.id)
            return [_record(row) for row in connection.execute(query)]

    def stay_alive(self) -> None:
        """Say that this process works on; of one that does not, others take up what it left."""
        now = datetime.now(UTC)
        with self._writing() as connection:
            connection.execute(delete(_WORKER).where((_WORKER.c.name == self.worker) | (_WORKER.c.alive_until < now)))
            connection.execute(insert(_WORKER), [{"name": self.worker, "alive_until": now + ALIVE}])

    def mark(self, delivery: DeliveryRecord, step: str, value: Any) -> None:
        """Note what was posted, so that another attempt does not post it again."""
        delivery.marks[step] = value
        with self._writing() as connection:
            connection.execute(update(_DELIVERY).where(_DELIVERY.c.id == delivery.id).values(marks=delivery.marks))

    def done(self, delivery_id: int) -> None:
        """End it; its words are let go."""
        with self._writing() as connection:
            now = datetime.now(UTC)
            connection.execute(
                update(_DELIVERY).where(_DELIVERY.c.id == delivery_id).values(done_at=now, body="", marks={})
            )

    def forget_old(self) -> None:
        """Remove what is done and old, so that the table stays small."""
        with self._writing() as connection:
            before = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
            connection.execute(delete(_DELIVERY).where(_DELIVERY.c.done_at < before))

    def open_count(self) -> int:
        with self._writing() as connection:
            query = select(func.count()).select_from(_DELIVERY).where(_DELIVERY.c.done_at.is_(None))
            return int(connection.scalar(query) or 0)

    def install(self, team: str, name: str, bot_user: str) -> None:
        """Note the workspace the app is in now."""
        row = {"team": team, "name": name[:200], "bot_user": bot_user, "installed_at": datetime.now(UTC)}
        with self._writing() as connection:
            connection.execute(delete(_INSTALLATION).where(_INSTALLATION.c.team == team))
            connection.execute(insert(_INSTALLATION), [row])

    def installations(self) -> list[InstallationRecord]:
        with self._writing() as connection:
            query = select(_INSTALLATION.c.team, _INSTALLATION.c.name, _INSTALLATION.c.bot_user)
            return [InstallationRecord(*row) for row in connection.execute(query.order_by(_INSTALLATION.c.team))]

    def purge(self, team: str) -> None:
        """Forget a workspace that removed the app, with all that it delivered."""
        with self._writing() as connection:
            connection.execute(delete(_DELIVERY).where(_DELIVERY.c.team == team))
            connection.execute(delete(_INSTALLATION).where(_INSTALLATION.c.team == team))

    def close(self) -> None:
        """This process works no more on what it has."""
        with self._writing() as connection:
            connection.execute(delete(_WORKER).where(_WORKER.c.name == self.worker))
        self.engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with as_sentences(self.place), self.engine.begin() as connection:
            yield connection


def _file(path: Path) -> Engine:
    """A SQLite file of its own, made where it is missing, readable by its owner alone."""
    path.touch(mode=0o600)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _record(row: Any) -> DeliveryRecord:
    return DeliveryRecord(row.id, row.key, row.team, row.body, row.attempts, dict(row.marks))

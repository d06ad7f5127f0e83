"""PostgreSQL databases for tests: emptied after each and used again, because making one takes a third of a second."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlmodel import SQLModel

from storage import migrations
from storage.engine import Store

EMPTY = "; ".join(
    [
        # As a replica the session runs no triggers: no foreign keys to obey, and audit events go too.
        "SET LOCAL session_replication_role = replica",
        "DROP TABLE IF EXISTS slack_delivery, slack_installation, slack_worker",  # of storage/deliveries.py
        *(f'DELETE FROM "{table}"' for table in SQLModel.metadata.tables),
        "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
    ]
)


@dataclass
class Databases:
    """The databases of one server; `prepare` makes an empty one ready for a test."""

    server: Engine
    prepare: Callable[[Store], None]
    _made: int = 0
    _spare: list[str] = field(default_factory=list)

    def take(self) -> str:
        """The name of a database that is ready."""
        if self._spare:
            return self._spare.pop()
        self._made += 1
        name = f"test_{self._made}"
        self._run(f"CREATE DATABASE {name}")
        self._ready(name, lambda store: store.migrate())
        return name

    def copy(self, origin: str) -> str:
        """The name of a new database that holds what `origin` holds, to which nobody may be connected."""
        self._made += 1
        name = f"test_{self._made}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {origin}")
        return name

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def give_back(self, name: str) -> None:
        store = self.open(name)
        version = store.version()
        store.close()
        if version != migrations.VERSIONS[-1]:
            self.drop(name)
            return
        self._ready(name, _empty)
        self._spare.append(name)

    def open(self, name: str) -> Store:
        return Store.open(self.server.url.set(database=name).render_as_string(hide_password=False))

    def _ready(self, name: str, begin: Callable[[Store], object]) -> None:
        store = self.open(name)
        begin(store)
        self.prepare(store)
        store.close()

    def _run(self, statement: str) -> None:
        with self.server.connect() as connection:
            connection.exec_driver_sql(statement)


def _empty(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql(EMPTY)

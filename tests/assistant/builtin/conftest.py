"""The two worlds messages are understood in: the made-up firm, and the federal portfolio as imported."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.builtin.understanding import Understanding, understand
from storage import sample
from storage.access import Reader
from storage.engine import Store
from storage.importing import import_paths
from storage.people import create_owner, find_person_by_email
from tests.firm import MONDAY, Firm
from tools.names import NameIndex

Understand = Callable[..., Understanding]
OWNER = "owner@federal.example"


@pytest.fixture(scope="session")
def federal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The federal portfolio, imported once for the whole run: for tests that only read."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('federal') / 'federal.db'}")
    store.migrate()
    create_owner(store, "Owner", OWNER)
    import_paths(store, [Path(sample.__file__).parent / "hhs-it-portfolio"], at=datetime(2026, 3, 2, tzinfo=UTC))
    yield store
    store.close()


@pytest.fixture(scope="session")
def worlds(firm: Firm, federal: Store) -> dict[str, Store]:
    return {"quillmere": firm.store, "federal": federal}


@pytest.fixture
def read_as(worlds: dict[str, Store]) -> Understand:
    """Understand a message in a world as one of its people; of the federal world as its owner."""

    def read(text: str, world: str = "federal", who: str = OWNER, focus: dict[str, Any] | None = None) -> Understanding:
        with worlds[world].reading() as session:
            person = find_person_by_email(session, who)
            reader = Reader(person.id if person else None)
            index = NameIndex.of(session)
            return understand(text, session=session, reader=reader, index=index, today=MONDAY, focus=focus)

    return read

"""The firm with its marks, with things people own in it: conversations, proposals, keys; laid once, copied for each."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from integrations.app import Application
from integrations.settings import Settings
from integrations.web.server import create_web
from storage.access import Reader
from storage.api_keys import make_key
from storage.edits import Draft, RowEdit
from storage.engine import Store
from storage.models import ApiKey, Person, Project, Skill, Task
from storage.people import Member, find_person_by_email
from storage.proposals import save_proposal
from storage.vocabulary import KeyScope
from tests.proof import secrets_world
from tests.proof.secrets_world import Mark
from tools.readings import warm

NOW = datetime.now(UTC)


@dataclass
class World:
    """What a case may name: `told` is a mark that only some people may see."""

    application: Application
    keys: dict[tuple[str, KeyScope], str]
    proposals: list[str]
    told: str
    marks: list[Mark]

    def web(self, person: str | None, scope: KeyScope = KeyScope.ADMIN) -> TestClient:
        """The browser or program of this person; None comes without a key."""
        headers = {"Authorization": f"Bearer {self.keys[person, scope]}"} if person else {}
        return TestClient(
            create_web(self.application), base_url="http://127.0.0.1", headers=headers, follow_redirects=False
        )

    def person(self, key: str) -> Member:
        with self.application.store.reading() as session:
            found = find_person_by_email(session, f"{key}@example.org")
        assert found is not None
        return found

    def fill(self, words: str) -> str:
        """A path or a word of a case, with what it names in braces."""
        for number, key in enumerate(self.proposals):
            words = words.replace(f"<proposal {number}>", key)
        return words


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    home = tmp_path_factory.mktemp("authority")
    store = Store.open(f"sqlite:///{home / 'pilothouse.db'}")
    store.migrate()
    marked = secrets_world.lay(store)
    warm(store, secrets_world.TODAY)
    application = Application(Settings(home=home), store)
    world = World(application, {}, [], "", marked.marks)
    for person in ("pm-con", "member", "admin", "leaver"):
        for scope in KeyScope:
            if person != "leaver":
                world.keys[person, scope] = make_key(store, marked.people[person], "test", scope=scope)
    owner = Reader(marked.people["pm-con"])
    with store.system() as session:
        project = session.exec(select(Project).where(Project.key == "CON")).one()
        world.told = project.name.split()[-1]
        tasks = session.exec(select(Task.id).where(Task.project_id == project.id)).all()
        skilled = marked.people["teammate"]
        session.add(Skill(person_id=skilled, name="Python", level="expert"))
        for number in range(4):
            edit = RowEdit("task", tasks[(0, 1, 3, 3)[number]] or 0, {}, {"name": f"Another step {number}"})
            draft = Draft(f"Set {world.told} {number}", (), (edit,))
            world.proposals.append(save_proposal(session, owner, draft, surface="test", at=NOW))
    for thread in ("own", "other"):
        application.ask(
            f"where is {world.told}?", world.person("pm-con"), surface="api", thread=thread, as_of=secrets_world.TODAY
        )
    lay_dead_keys(store, world, marked.people["leaver"], marked.people["executive"])
    store.close()
    return home, world


def lay_dead_keys(store: Store, world: World, leaver: int, executive: int) -> None:
    """Keys that worked once: of somebody who left, one that ended with its day, and one that was ended."""
    with store.writing("Still here") as writer:
        writer.change(Person, leaver, {"active": True})
    world.keys["leaver", KeyScope.ADMIN] = make_key(store, leaver, "left", scope=KeyScope.ADMIN)
    with store.writing("Left") as writer:
        writer.change(Person, leaver, {"active": False})
    for label in ("expired", "revoked"):
        world.keys[label, KeyScope.ADMIN] = make_key(store, executive, label, scope=KeyScope.ADMIN)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with store.system() as session:
        for row in session.exec(select(ApiKey)):
            row.expires_at = yesterday if row.label == "expired" else None
            row.revoked_at = yesterday if row.label == "revoked" else None


@pytest.fixture
def world(laid: tuple[Path, World], tmp_path: Path) -> Iterator[World]:
    """A copy of one's own."""
    home, made = laid
    for file in home.glob("pilothouse.db*"):
        shutil.copyfile(file, tmp_path / file.name)
    settings = Settings(home=tmp_path)
    store = Store.open(settings.store_url)
    yield World(Application(settings, store), made.keys, made.proposals, made.told, made.marks)
    store.close()

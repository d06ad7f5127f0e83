"""Every page and file, asked for with every name there is: nobody gets a mark that is not theirs, and no error.

What is hidden looks like what is not there, and what one may not see changes no byte.
"""

import io
import random
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from integrations.app import Application
from integrations.exporting import FORMATS
from integrations.settings import Settings
from integrations.web.records import PAGES
from integrations.web.server import create_web
from storage.access import Reader
from storage.api_keys import make_key
from storage.edits import Draft, RowEdit
from storage.engine import Store
from storage.models import Organisation
from storage.people import Member
from storage.proposals import save_proposal
from storage.vocabulary import KeyScope
from tests.authority.test_routes import routes
from tests.conftest import MakeStore
from tests.proof import secrets_world
from tests.proof.conftest import Runs
from tests.proof.secrets_world import PEOPLE, TODAY, SecretsWorld
from tests.proof.small_firm import NOW
from tools.readings import warm

DAY = f"as_of={TODAY.isoformat()}"
ASKING = tuple(person for person in PEOPLE if person not in ("outsider", "leaver"))  # those two get no page at all
MISSING = "QQQ"
# Those that show one's own cookies and words only, or nothing of the store.
PLAIN = ("/openapi.json", "/livez", "/readyz", "/login", "/login/oidc", "/login/oidc/callback")


class Besieged:
    """The firm with its marks behind its server, with a key, a thread and a proposal of everybody's."""

    def __init__(self, store: Store, home: Path, *, change_for: str | None = None) -> None:
        with store.system() as session:
            session.delete(session.get_one(Organisation, 1))
        self.store, self.world = store, secrets_world.lay(store, change_for=change_for)
        warm(store, TODAY)
        self.application = Application(Settings(home=home, person_questions=10**6), store)
        people = {person: self.world.people[person] for person in ASKING}
        self.keys = {who: make_key(store, person, "test", scope=KeyScope.ADMIN) for who, person in people.items()}
        self.proposals = [self._propose(people[who], number) for number, who in enumerate(("pm", "pm-con", "pm-far"))]
        for who, person in people.items():
            asker = Member(person, who, who, None, "member", None, active=True)
            self.application.ask("where does everything stand?", asker, surface="api", thread=f"of {who}", as_of=TODAY)

    def _propose(self, person: int, number: int) -> str:
        edit = RowEdit("task", 4 * number + 1, {}, {"name": f"Another {number}"})
        with self.store.system() as session:
            return save_proposal(session, Reader(person), Draft("Rename a step", (), (edit,)), surface="test", at=NOW)

    def client(self, person: str) -> TestClient:
        headers = {"Authorization": f"Bearer {self.keys[person]}", "Accept": "text/html"}
        web = create_web(self.application)
        return TestClient(web, base_url="http://127.0.0.1", headers=headers, follow_redirects=False)


@contextmanager
def besieged(store: Store, home: Path, *, change_for: str | None = None) -> Iterator[Besieged]:
    yield Besieged(store, home, change_for=change_for)
    store.close()


def addresses(world: SecretsWorld, proposals: list[str]) -> dict[str, list[str]]:
    """What is asked for of each route that shows something."""
    keys = [*(key for found in world.keys.values() for key in found), "R-1", "R-3", MISSING, "../CON", "CON%00", "%"]
    words = ["", "zqx", "CON", "<b>", "%"]
    threads = [f"of {person}" for person in PEOPLE]
    return {
        "/": [f"?thread={quote(thread)}" for thread in threads],
        "/record/{kind}/{key:path}": [f"{kind}/{quote(key)}" for kind, key in product((*PAGES, "else"), keys)],
        "/project/{key:path}": [f"{quote(key)}?{DAY}" for key in keys],
        "/export/{kind}/{key:path}": [f"{kind}/{quote(key)}" for kind, key in product((*FORMATS, "else"), keys)],
        "/api/proposals": [""],
        "/api/proposals/{key}": [f"{key}?{DAY}" for key in (*proposals, "P-QQQQ", "CON")],
        "/proposals": [""],
        "/proposal/{key}": [f"{key}?{DAY}" for key in (*proposals, "P-QQQQ", "CON")],
        "/history": [f"?q={quote(word)}" for word in words],
        "/forget": [f"?thread={quote(thread)}" for thread in threads],
        "/admin": [f"?q={quote(word)}" for word in words],
        "/admin/person/{key:path}": [quote(key) for key in keys],
    }


def test_every_route_that_shows_something_is_asked() -> None:
    shown = {label.removeprefix("GET ") for label in routes() if label.startswith("GET ")}

    assert shown == set(addresses(SecretsWorld(), [])) | set(PLAIN)


def everything(siege: Besieged, person: str, every: int) -> Iterator[tuple[str, str]]:
    """Each address, or every fourth or so of a route, with all that comes of it."""
    client = siege.client(person)
    for route, ends in addresses(siege.world, siege.proposals).items():
        for end in ends[::every]:
            path = route.partition("{")[0] + end
            yield path, _all_of(client.get(path), path)


def _all_of(reply: Response, path: str) -> str:
    """Status, headers and body as text; of a spreadsheet all that is packed in it."""
    assert reply.status_code < 500, (path, reply.text)
    body = reply.content  # type: ignore[attr-defined]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in sorted(packed.namelist()) if "core.xml" not in name)
    assert "html" not in reply.headers.get("content-type", "") or secrets_world.MARKUP.encode() not in body, path
    headers = "\n".join(f"{label}: {value}" for label, value in reply.headers.items() if label != "content-length")
    return f"{reply.status_code}\n{headers}\n{body.decode('utf-8', 'replace')}"


@pytest.mark.parametrize("half", [0, 1])
def test_nobody_gets_what_is_not_theirs(new_sqlite_store: MakeStore, tmp_path: Path, half: int, runs: Runs) -> None:
    with besieged(new_sqlite_store(), tmp_path) as siege:
        for person in ASKING[half::2][: runs(1, len(ASKING))]:
            forbidden = siege.world.forbidden(person)
            for path, said in everything(siege, person, runs(4, 1)):
                assert [mark for mark in forbidden if mark in said] == [], (person, path)


@pytest.mark.parametrize("half", [0, 1])
def test_what_is_hidden_looks_like_what_is_not_there(
    new_sqlite_store: MakeStore, tmp_path: Path, half: int, runs: Runs
) -> None:
    with besieged(new_sqlite_store(), tmp_path) as siege:
        for person in ASKING[half::2][: runs(1, len(ASKING))]:
            client = siege.client(person)
            for project, (kind, key, missing) in product(
                ("CON", "FAR"),
                [("record/project", "{}", "QQQ"), ("record/task", "{}-1", "QQQ-1"), ("project", "{}", "QQQ")]
                + [(f"export/{each}", "{}", "QQQ") for each in FORMATS],
            ):
                if secrets_world.sees_project(person, project):
                    continue
                there, not_there = (
                    _all_of(client.get(f"/{kind}/{each}"), each) for each in (key.format(project), missing)
                )
                assert there.replace(project, "QQQ") == not_there, (person, kind, project)


@pytest.mark.parametrize("half", [0, 1])
def test_what_one_may_not_see_changes_no_byte(
    new_sqlite_store: MakeStore, tmp_path: Path, half: int, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = random.Random(3)
    monkeypatch.setattr("storage.keys.secrets", keys)  # what is random is random alike in both
    for person in ASKING[half::2][: runs(1, len(ASKING))]:
        heard = []
        for change_for in (None, person):
            home = tmp_path / f"{person}-{change_for}"
            home.mkdir()
            keys.seed(3)
            with besieged(new_sqlite_store(), home, change_for=change_for) as siege:
                heard.append([_CLOCK.sub("", said) for _, said in everything(siege, person, runs(4, 1))])
        for number, (one, other) in enumerate(zip(*heard, strict=True)):
            assert one == other, f"{person}, address {number}"


_CLOCK = re.compile(r"\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?")

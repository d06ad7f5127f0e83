"""The made-up firm in Slack: a workspace on this machine, and the app in it over signed HTTP or Socket Mode."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import pytest

from evals.standins.slack import Payload, SlackWorkspace
from integrations.app import Application
from integrations.settings import Settings
from integrations.slack import line
from integrations.slack.surface import Surface
from tests.integrations.conftest import MONDAY, Servers

TOMAS, LENA, SAM, RUTH, GUEST, STRANGER = "U0TOMAS", "U0LENA", "U0SAM", "U0RUTH", "U0GUEST", "U0STRANGE"
GATE = "C0GATE"
DOMAIN = "quillmere.example"
Result = TypeVar("Result")
PEOPLE = {TOMAS: "Tomás Reyes", LENA: "Lena Brandt", SAM: "Sam Okafor", RUTH: "Ruth Halloran"}


@dataclass(frozen=True)
class OnMonday(Application):
    """The application on the day that the firm was laid."""

    def today(self) -> date:
        return MONDAY


@dataclass
class Talk:
    """The workspace with the app in it, in the words of a test."""

    slack: SlackWorkspace
    application: Application
    surface: Surface | None = None  # by Socket Mode
    loop: asyncio.AbstractEventLoop | None = None  # the surface's

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do it where the surface does its work."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def ask(self, user: str, text: str, channel: str = "", **more: Any) -> Payload:
        return self.slack.says(user, channel or self.slack.direct(user), text, **more)

    def mention(self, user: str, text: str, channel: str = GATE, **more: Any) -> Payload:
        return self.ask(user, f"<@{self.slack.world.bot_user}> {text}", channel, **more)

    def read(self, user: str, channel: str = "", count: int = 1) -> str:
        """The last of the app's messages there, once there are so many."""
        place = channel or self.slack.direct(user)
        return self.slack.wait_for(lambda: (seen := self.slack.seen_by(user, place))[count - 1 :] and seen[-1])

    def click(self, user: str, action: str, channel: str = "", **more: Any) -> None:
        place = channel or self.slack.direct(user)
        self.slack.wait_for(lambda: self.slack._find(user, action, place, home=False))
        self.slack.clicks(user, action, channel=place, **more)

    @property
    def log(self) -> str:
        file = self.application.settings.log_file
        return file.read_text() if file.exists() else ""


def email_of(name: str) -> str:
    return f"{name.lower().replace('á', 'a').replace(' ', '.')}@{DOMAIN}"


@contextmanager
def listening(application: Application, slack: SlackWorkspace) -> Iterator[Talk]:
    """The app in the workspace until the end, whichever way the workspace delivers."""
    given = {"slack_bot_token": slack.bot_token, "slack_api_url": slack.api_url}
    given["slack_signing_secret" if slack.way == "http" else "slack_app_token"] = (
        slack.signing_secret if slack.way == "http" else slack.app_token
    )
    settings = Settings(home=application.settings.home, public_url="https://pm.quillmere.example", **given)
    running = replace(application, settings=settings)
    if slack.way == "http":
        with Servers() as servers:
            slack.events_url = f"{servers.client(running).base_url}/slack/events"
            yield Talk(slack, running)
    else:
        with by_socket(running) as (surface, loop):
            yield Talk(slack, running, surface, loop)


@contextmanager
def by_socket(application: Application) -> Iterator[tuple[Surface, asyncio.AbstractEventLoop]]:
    """The app by Socket Mode, on a thread of its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    settings = application.settings.slack
    assert settings is not None

    async def begin() -> Surface:
        surface = Surface(application, settings)
        await surface.start(must_reach=True)
        await surface.open_socket()
        return surface

    surface = asyncio.run_coroutine_threadsafe(begin(), loop).result(20)
    try:
        yield surface, loop
    finally:
        asyncio.run_coroutine_threadsafe(surface.stop(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)


def populate(slack: SlackWorkspace) -> None:
    """The firm's people, a guest, and the channel of the Gateway."""
    for user, name in PEOPLE.items():
        slack.person(user, name, email_of(name))
    slack.person(GUEST, "Gus Guest", "gus@elsewhere.example", is_restricted=True)
    slack.person(STRANGER, "Stella Stranger", "stella@quillmere.example")
    slack.channel(GATE, "gateway", [TOMAS, LENA, SAM])


@pytest.fixture(autouse=True)
def short_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute of these workspaces takes six seconds, for both sides."""
    monkeypatch.setattr(line, "CHANNEL_SECONDS", 0.1)


@pytest.fixture(params=["http", "socket"])
def talk(request: pytest.FixtureRequest, own_sample: Application) -> Iterator[Talk]:
    """The app in the workspace, each way."""
    with SlackWorkspace(way=request.param, minute=6.0) as slack:
        populate(slack)
        with listening(OnMonday(own_sample.settings, own_sample.store), slack) as talking:
            yield talking


@pytest.fixture
def socket_talk(own_sample: Application) -> Iterator[Talk]:
    """The app in the workspace, by Socket Mode; the story may look at its surface."""
    with SlackWorkspace(way="socket", minute=6.0) as slack:
        populate(slack)
        with listening(OnMonday(own_sample.settings, own_sample.store), slack) as talking:
            yield talking


@pytest.fixture
def http_talk(own_sample: Application) -> Iterator[Talk]:
    """The app in the workspace, over signed HTTP."""
    with SlackWorkspace(way="http", minute=6.0) as slack:
        populate(slack)
        with listening(OnMonday(own_sample.settings, own_sample.store), slack) as talking:
            yield talking

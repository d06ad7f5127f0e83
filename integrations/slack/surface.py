"""Slack, wired: the workspace's desk, its ears, and both ways in. Everything here belongs to one event loop."""

import asyncio
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
from fastapi import APIRouter
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from integrations.app import Application, CannotDo
from integrations.log import note_surprise
from integrations.settings import SlackSettings
from integrations.slack.desk import SURFACE, Desk
from integrations.slack.door import new_door
from integrations.slack.line import Line, NotDelivered
from integrations.slack.listening import Ears
from integrations.slack.manifest import SCOPES
from integrations.slack.socket import Socket
from integrations.slack.telling import keep_telling
from integrations.slack.working import Runner
from storage.deliveries import Arrival, Deliveries, DeliveryRecord

RETRY_SECONDS = 5.0  # between tries to reach Slack at the start
CALL_SECONDS = 30
SWITCH_SECONDS = 0.0002
LOOK_SECONDS = 10


class SlackNotSetUp(CannotDo):
    def __init__(self, missing: str, where: str) -> None:
        super().__init__(f"{missing} is not set. {where} README.md, “In Slack”, has every step.")


class SlackOutOfReach(CannotDo):
    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Slack does not accept the bot token, or cannot be reached ({reason}). `pilothouse doctor` looks closer."
        )


class Surface:
    """The app in its workspace. What arrives before Slack was reached is kept, and worked on then."""

    def __init__(self, application: Application, settings: SlackSettings) -> None:
        self.application, self.settings = application, settings
        self.deliveries = Deliveries.of(application.store)
        self.desk: Desk | None = None
        self._ears: Ears | None = None
        self._is_ready = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []
        self._socket: Socket | None = None
        self._client: AsyncWebClient | None = None
        sys.setswitchinterval(SWITCH_SECONDS)  # so that answers being computed leave what arrives its turn
        self.runner = Runner(self.deliveries, self._greet, self._work, self.note)

    async def start(self, *, must_reach: bool = False) -> None:
        """Reach Slack and begin to work; `must_reach` raises SlackOutOfReach where that fails at first."""
        self._session = aiohttp.ClientSession(trust_env=False)
        self._client = AsyncWebClient(
            token=self.settings.bot_token,
            base_url=self.settings.api_url,
            proxy=self.settings.proxy,
            timeout=CALL_SECONDS,
            session=self._session,
        )
        try:
            await self._reach(self._client)
        except NotDelivered as refused:
            if must_reach:
                await self.stop()
                raise SlackOutOfReach(refused.reason) from refused
            self._tasks.append(asyncio.create_task(self._keep_reaching(self._client)))
        self.runner.start()

    async def stop(self) -> None:
        if self._socket:
            await self._socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.desk:
            self.desk.close()
        await self.runner.stop()
        self.runner.inbox.close()
        await self._session.close()
        self.deliveries.close()

    async def open_socket(self) -> None:
        """Listen by Socket Mode."""
        assert self._client is not None
        app_client = AsyncWebClient(
            base_url=self.settings.api_url, proxy=self.settings.proxy, timeout=CALL_SECONDS, session=self._session
        )
        self._socket = Socket(self.settings.app_token, app_client, self.keep, self.note)
        await self._socket.open()

    async def keep(self, arrival: Arrival) -> None:
        """Keep what arrived; it is on disk when this returns. Of a workspace the app is not in, nothing is kept."""
        if self.desk is None or arrival.team == self.desk.team:
            await self.runner.inbox.keep(arrival)

    def note(self, surprise: BaseException) -> None:
        note_surprise(self.application.settings.log_file, surprise, during=SURFACE)

    def leave(self) -> None:
        """The workspace removed the app, or its token was revoked: forget it with all it delivered."""
        if self.desk is not None:
            self._is_ready.clear()
            self.deliveries.purge(self.desk.team)

    async def _reach(self, client: AsyncWebClient) -> None:
        line = Line(client, on_revoked=self.leave)
        found = await line.call("auth.test", patience=0.0)
        team, bot_user = str(found.get("team_id", "")), str(found.get("user_id", ""))
        await asyncio.to_thread(self.deliveries.install, team, str(found.get("team", "")), bot_user)
        self.desk = Desk(self.application, self.deliveries, line, team, bot_user)
        self._ears = Ears(self.desk, self.note, self.leave)
        self._tasks.append(asyncio.create_task(keep_telling(self.desk, self.note)))
        self._is_ready.set()

    async def _keep_reaching(self, client: AsyncWebClient) -> None:
        while not self._is_ready.is_set():
            await asyncio.sleep(RETRY_SECONDS)
            with suppress(NotDelivered):
                await self._reach(client)

    async def _greet(self, delivery: DeliveryRecord, body: dict[str, Any]) -> None:
        if self._ears is not None and self._is_ready.is_set():
            await self._ears.greet(delivery, body)

    async def _work(self, delivery: DeliveryRecord, body: dict[str, Any]) -> None:
        await self._is_ready.wait()
        assert self._ears is not None and self.desk is not None
        if delivery.team == self.desk.team:
            await self._ears.hear(delivery, body)


@dataclass(frozen=True)
class Looked:
    """What Slack says of our token: the workspace, or what is wrong, and scopes that the manifest wants beside."""

    team: str = ""
    problem: str = ""
    missing: tuple[str, ...] = ()


async def look(settings: SlackSettings) -> Looked:
    """Ask Slack once who we are there."""
    client = AsyncWebClient(
        token=settings.bot_token, base_url=settings.api_url, proxy=settings.proxy, timeout=LOOK_SECONDS
    )
    try:
        response = await client.auth_test()
    except SlackApiError as error:
        return Looked(problem=f"it refuses the bot token ({error.response.get('error')})")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Looked(problem=f"it cannot be reached ({type(error).__name__})")
    granted = str(response.headers.get("x-oauth-scopes", ""))
    missing = [scope for scope in SCOPES if scope not in granted.split(",")] if granted else []
    return Looked(str(response.get("team")), missing=tuple(missing))


def door_of(surface: Surface) -> APIRouter:
    """The route for signed HTTP."""
    return new_door(surface.settings.signing_secret, surface.keep)


def listen(application: Application) -> None:
    """Listen by Socket Mode until stopped; raises SlackNotSetUp or SlackOutOfReach."""
    settings = application.settings.slack
    if settings is None:
        raise SlackNotSetUp("SLACK_BOT_TOKEN", "It is the “Bot User OAuth Token” of the app, and begins with xoxb-.")
    if not settings.app_token:
        raise SlackNotSetUp(
            "SLACK_APP_TOKEN",
            "Socket Mode needs it; it begins with xapp-. For HTTP set SLACK_SIGNING_SECRET and run `pilothouse serve`.",
        )
    asyncio.run(_listen(application, settings))


async def _listen(application: Application, settings: SlackSettings) -> None:
    from integrations.console import say

    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    surface = Surface(application, settings)
    await surface.start(must_reach=True)
    try:
        await surface.open_socket()
        say("Pilothouse listens in Slack (Ctrl-C stops it).")
        await stopped.wait()
    finally:
        await surface.stop()

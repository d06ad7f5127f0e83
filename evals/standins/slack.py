"""A Slack workspace on this machine: people write and click, the app answers, over signed HTTP or Socket Mode.

It keeps to Slack's documented limits, rates, signatures and repeats; what is assumed is said beside the constant.
"""

import asyncio
import hmac
import json
import random
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Thread
from time import monotonic, sleep, time
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMsgType, web

from evals.standins.slack_api import Channel, Payload, World

ACK_SECONDS = 3.0
RETRY_SECONDS = (0.0, 60.0, 300.0)  # of a minute of 60; three more tries
Result = TypeVar("Result")


@dataclass
class Delivery:
    """One thing sent to the app, each time it was sent."""

    key: str
    kind: str  # events_api, slash_commands, interactive
    payload: Payload
    attempts: list[tuple[float, int]] = field(default_factory=list)  # seconds it took, status; 0 for no answer
    began: float = 0.0
    answer: str = ""

    @property
    def is_taken(self) -> bool:
        return any(status == 200 for _, status in self.attempts)


class SlackWorkspace:
    """Use it as a context; its verbs may be called from any thread."""

    def __init__(
        self, *, way: str = "http", has_rates: bool = True, minute: float = 60.0, scopes: set[str] | None = None
    ) -> None:
        self.world = World(has_rates=has_rates, minute=minute, scopes=scopes)
        self.way, self.minute = way, minute
        self.signing_secret = "8f742231b10e8888abcd99yyyzzz85a5"
        self.events_url = ""
        self.deliveries: list[Delivery] = []
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Payload]] = {}
        self._chance = random.Random(7)
        self._loop = asyncio.new_event_loop()
        self.world.users[self.world.bot_user] = {"id": self.world.bot_user, "is_bot": True, "profile": {}}

    def __enter__(self) -> "SlackWorkspace":
        self._thread = Thread(target=self._run, daemon=True, name="slack stand-in")
        self._thread.start()
        self._in_loop(self._serve())
        return self

    def __exit__(self, *_: object) -> None:
        self._in_loop(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    @property
    def bot_token(self) -> str:
        return self.world.bot_token

    @property
    def app_token(self) -> str:
        return self.world.app_token

    # People and places

    def person(self, user: str, name: str, email: str = "", **more: Any) -> str:
        """An account; `more` are Slack's own fields, like is_restricted."""
        profile = {"real_name": name, **({"email": email} if email else {})}
        self.world.users[user] = {
            "id": user, "team_id": self.world.team, "name": name.lower().replace(" ", "."), "real_name": name,
            "profile": profile, "deleted": False, "is_bot": False, "is_restricted": False,
            "is_ultra_restricted": False, "is_email_confirmed": bool(email), "tz_offset": 0, **more,
        }  # fmt: skip
        self.world.direct(user)
        return user

    def channel(self, channel: str, name: str, members: list[str], **more: Any) -> str:
        self.world.channels[channel] = Channel(channel, name, [*members, self.world.bot_user], **more)
        return channel

    def direct(self, user: str) -> str:
        return self.world.direct(user).id

    # What people do

    def says(self, user: str, channel: str, text: str, *, thread: str | None = None, **more: Any) -> Payload:
        """Somebody writes; the app hears of it as it would: in a channel twice, where it is mentioned."""
        place = self.world.channels[channel]
        message: Payload = {"type": "message", "user": user, "text": text, "ts": self.world.stamp(),
                            "channel": channel, "team": self.world.team, **more}  # fmt: skip
        if thread:
            message["thread_ts"] = thread
        place.messages.append(message)
        kind = "im" if place.is_im else "group" if place.is_private else "channel"
        if f"<@{self.world.bot_user}>" in text and not place.is_im:
            self.event({**message, "type": "app_mention"})
        if self.world.bot_user in place.members:
            self.event({**message, "channel_type": kind})
        return message

    def edits(self, message: Payload, text: str) -> None:
        changed = {"type": "message", "subtype": "message_changed", "channel": message["channel"],
                   "message": {**message, "text": text, "edited": {"user": message["user"], "ts": self.world.stamp()}},
                   "previous_message": message, "ts": self.world.stamp(), "channel_type": "im"}  # fmt: skip
        self.event(changed)

    def deletes(self, message: Payload) -> None:
        self.event({"type": "message", "subtype": "message_deleted", "channel": message["channel"],
                    "deleted_ts": message["ts"], "previous_message": message, "ts": self.world.stamp(),
                    "channel_type": "im"})  # fmt: skip

    def opens(self, user: str, tab: str = "home") -> None:
        self.event({"type": "app_home_opened", "user": user, "channel": self.direct(user), "tab": tab})

    def stops(self, user: str, channel: str, thread: str) -> None:
        self.event({"type": "agent_session_stopped", "user": user, "channel": channel, "thread_ts": thread,
                    "streaming_message_ts": []})  # fmt: skip

    def command(self, user: str, channel: str, text: str) -> Delivery:
        form = {"command": "/pilothouse", "text": text, "user_id": user, "channel_id": channel,
                "team_id": self.world.team, "trigger_id": self.world.trigger(user), "token": "unused",
                "response_url": "http://127.0.0.1:9/none"}  # fmt: skip
        return self._deliver("slash_commands", form)

    def shortcut(self, user: str, message: Payload, callback: str) -> Delivery:
        return self._act(user, "message_action", {"callback_id": callback, "message": message,
                         "channel": {"id": message["channel"]}, "message_ts": message["ts"]})  # fmt: skip

    def clicks(self, user: str, action: str, *, channel: str = "", home: bool = False, value: str = "") -> Delivery:
        """Click the newest button of this name that the person sees; `value` chooses in a list of options."""
        where, element = self._find(user, action, channel, home=home)
        chosen: Payload = {"action_id": action, "type": element["type"], "value": element.get("value", "")}
        if element["type"] == "feedback_buttons":
            thumb = element["positive_button" if value == "up" else "negative_button"]
            chosen["value"] = thumb["value"]
        elif element["type"] == "static_select":
            chosen["selected_option"] = next(each for each in element["options"] if each["value"] == value)
        more: Payload = {"actions": [chosen]}
        if home:
            more |= {"container": {"type": "view"}, "view": where}
        else:
            kind = {"is_ephemeral": True} if where.get("only") else {}
            more |= {
                "container": {"type": "message", "channel_id": channel, "message_ts": where["ts"],
                              "thread_ts": where.get("thread_ts"), **kind},
                "channel": {"id": channel}, "message": {k: v for k, v in where.items() if k != "only"},
            }  # fmt: skip
        return self._act(user, "block_actions", more)

    def submits(self, user: str, values: dict[str, str] | None = None) -> Delivery:
        """Send the newest form of this person, checked as Slack's client would."""
        view = next(each for each in reversed(list(self.world.views.values())) if each["for"] == user)
        assert "submit" in view, "this form has nothing to send"
        state: Payload = {}
        for block in view["blocks"]:
            if block["type"] != "input":
                continue
            element = block["element"]
            value = (values or {}).get(element["action_id"], element.get("initial_value", ""))
            assert value or block.get("optional"), f"{element['action_id']} is required"
            assert len(value) <= element.get("max_length", 3_000), f"{element['action_id']} is too long"
            held = (
                {"selected_option": {"value": value} if value else None} if "options" in element else {"value": value}
            )
            state[block["block_id"]] = {element["action_id"]: {"type": element["type"], **held}}
        del self.world.views[view["id"]]
        return self._act(user, "view_submission", {"view": {**view, "state": {"values": state}}})

    def leaves(self, user: str) -> None:
        self.world.users[user]["deleted"] = True
        self.event({"type": "user_change", "user": self.world.users[user]})

    def joins(self, user: str, channel: str) -> None:
        self.world.channels[channel].members.append(user)
        self.event({"type": "member_joined_channel", "user": user, "channel": channel})

    def uninstalls(self) -> None:
        self.world.is_revoked = True
        self.event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.world.bot_user]}})
        self.event({"type": "app_uninstalled"})

    def event(self, event: Payload, *, event_id: str = "") -> Delivery:
        return self._deliver("events_api", self.wrapped(event, event_id=event_id))

    def wrapped(self, event: Payload, *, event_id: str = "") -> Payload:
        return {"token": "unused", "team_id": self.world.team, "api_app_id": "A0PILOT", "type": "event_callback",
                "event_id": event_id or f"Ev{self.world.number():08}", "event_time": int(time()),
                "event": {"event_ts": self.world.stamp(), **event}}  # fmt: skip

    # What people see

    def seen_by(self, user: str, channel: str, thread: str | None = None) -> list[str]:
        """The app's messages that this person reads there, oldest first."""
        return [
            text_of(each)
            for each in list(self.world.channels[channel].messages)
            if each.get("user") == self.world.bot_user
            and each.get("only") in (None, user)
            and (thread is None or each.get("thread_ts") == thread)
        ]

    def wait_for(self, is_there: Callable[[], Result], seconds: float = 15.0) -> Result:
        """What `is_there` gives once it is true; an AssertionError with the last calls where it never is."""
        until = monotonic() + seconds
        while monotonic() < until:
            with suppress(StopIteration, LookupError):
                if found := is_there():
                    return found
            sleep(0.01)
        last = "\n".join(
            f"{each.method} {str(each.payload)[:200]} -> {each.answer.get('error', 'ok')}"
            for each in self.world.calls[-12:]
        )
        raise AssertionError(f"It never came. The last calls:\n{last}")

    def wait_quiet(self, seconds: float = 0.5, longest: float = 20.0) -> None:
        """Wait until the app has called nothing for a while."""
        until = monotonic() + longest
        while monotonic() < until:
            count = len(self.world.calls)
            sleep(seconds)
            if len(self.world.calls) == count:
                return

    @property
    def refused(self) -> list[tuple[str, list[str], Payload]]:
        """Calls whose payload Slack would not take."""
        return self.world.refused

    # Sending

    def signed(self, body: bytes, *, at: float | None = None) -> dict[str, str]:
        stamp = str(int(at if at is not None else time()))
        made = hmac.new(self.signing_secret.encode(), f"v0:{stamp}:".encode() + body, sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={made}"}

    def again(self, delivery: Delivery) -> None:
        """Deliver the same thing once more, as a repeat does."""
        self._later(self._send(delivery))

    def storm(self, *, share: float, seconds: float, seed: int = 1) -> None:
        """Refuse this share of calls with 429 for a while."""
        self.world.storm = (monotonic() + seconds, share, random.Random(seed))

    def kill_sockets(self) -> None:
        """Drop every connection, with what is on its way."""

        async def kill() -> None:
            sockets, self._sockets = self._sockets, []
            for each in sockets:
                transport = each._req.transport if each._req else None
                if transport:
                    transport.abort()

        self._in_loop(kill())

    def _act(self, user: str, kind: str, more: Payload) -> Delivery:
        payload = {"type": kind, "user": {"id": user, "team_id": self.world.team}, "team": {"id": self.world.team},
                   "api_app_id": "A0PILOT", "trigger_id": self.world.trigger(user), **more}  # fmt: skip
        return self._deliver("interactive", payload)

    def _deliver(self, kind: str, payload: Payload) -> Delivery:
        key = str(payload.get("event_id") or payload.get("trigger_id"))
        delivery = Delivery(key, kind, json.loads(json.dumps(payload)))
        self.deliveries.append(delivery)
        self._later(self._send_until_taken(delivery))
        return delivery

    async def _send_until_taken(self, delivery: Delivery) -> None:
        """Events are repeated up to three times, clicks and commands never."""
        delivery.began = monotonic()
        await self._send(delivery)
        for pause in RETRY_SECONDS if delivery.kind == "events_api" else ():
            if delivery.is_taken:
                return
            await asyncio.sleep(pause * self.minute / 60)
            await self._send(delivery)

    async def _send(self, delivery: Delivery) -> None:
        began = monotonic()
        try:
            sending = self._post(delivery) if self.way == "http" else self._push(delivery)
            status = await asyncio.wait_for(sending, ACK_SECONDS)
        except (TimeoutError, ClientError, OSError):
            status = 0
        delivery.attempts.append((monotonic() - began, status))

    async def _post(self, delivery: Delivery) -> int:
        if delivery.kind == "events_api":
            body, kind = json.dumps(delivery.payload).encode(), "application/json"
        else:
            form = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
            body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, **self.signed(body)}
        if delivery.attempts:
            headers |= {"X-Slack-Retry-Num": str(len(delivery.attempts)), "X-Slack-Retry-Reason": "http_timeout"}
        async with self._session.post(self.events_url, data=body, headers=headers) as response:
            delivery.answer = await response.text()
            return response.status

    async def _push(self, delivery: Delivery) -> int:
        while not self._sockets:
            await asyncio.sleep(0.02)
        envelope = f"env-{self.world.number()}"
        self._waiting[envelope] = self._loop.create_future()
        try:
            await self._chance.choice(self._sockets).send_json(
                {"envelope_id": envelope, "type": delivery.kind, "payload": delivery.payload,
                 "accepts_response_payload": delivery.kind != "events_api",
                 "retry_attempt": len(delivery.attempts), "retry_reason": ""}
            )  # fmt: skip
            await self._waiting[envelope]
        finally:
            self._waiting.pop(envelope, None)
        return 200

    # The server

    async def _serve(self) -> None:
        self._session = ClientSession(timeout=ClientTimeout(10))
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_post("/api/{method}", self._called)
        app.router.add_get("/api/{method}", self._called)
        app.router.add_get("/link", self._linked)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.api_url = f"http://127.0.0.1:{self._port}/api/"

    async def _close(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            if task is not asyncio.current_task():
                task.cancel()
        await self._session.close()
        with suppress(asyncio.CancelledError):
            await self._runner.cleanup()

    async def _called(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        payload: Payload = dict(request.query)
        if request.content_type == "application/json":
            payload |= await request.json()
        elif request.method == "POST":
            payload |= dict(await request.post())
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        status, answer, headers = self.world.call(method, payload, token)
        if method == "apps.connections.open" and answer.get("error") == "unknown_method":
            answer = {"ok": True, "url": f"ws://127.0.0.1:{self._port}/link?ticket={self.world.number()}"}
        return web.json_response(answer, status=status, headers=headers)

    async def _linked(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self._sockets) + 1})
        self._sockets.append(socket)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
        return socket

    def _acknowledged(self, text: str) -> None:
        try:
            envelope = json.loads(text).get("envelope_id")
        except ValueError:
            return
        waiting = self._waiting.get(envelope)
        if waiting and not waiting.done():
            waiting.set_result({})

    def _find(self, user: str, action: str, channel: str, *, home: bool) -> tuple[Payload, Payload]:
        """The newest view or message of the app that this person sees and that has the element."""
        if home:
            places = [self.world.homes[user]]
        else:
            places = [
                each
                for each in reversed(self.world.channels[channel].messages)
                if each.get("user") == self.world.bot_user and each.get("only") in (None, user)
            ]
        for place in places:
            for element in _elements(place.get("blocks") or []):
                if element.get("action_id") == action:
                    return place, element
        raise LookupError(f"{user} sees no {action}")

    def _later(self, work: Coroutine[Any, Any, Any]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop)

    def _in_loop(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(15)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()


def text_of(message: Payload) -> str:
    """All that a person reads of a message, or of a view."""
    inside = " ".join(_words(message.get("blocks") or []))
    is_streamed = "is_streaming" in message
    return f"{message.get('text', '')} {inside}".strip() if is_streamed or not inside else inside


def _words(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for label, inner in value.items():
                if label in ("text", "caption", "initial_value") and isinstance(inner, str):
                    yield inner
                else:
                    yield from _words(inner)
        case list():
            for inner in value:
                yield from _words(inner)


def _elements(blocks: list[Payload]) -> Iterator[Payload]:
    for block in blocks:
        yield from block.get("elements") or [] if block["type"] in ("actions", "context_actions") else []

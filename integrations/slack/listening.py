"""Who hears what: Bolt routes each delivery, kept and acknowledged before, to the act it stands for."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from assistant import notices
from integrations.log import apology
from integrations.slack import binding, home, judging, proposing, recording
from integrations.slack.asking import answer_event, answer_text, greet
from integrations.slack.blocks import sentence
from integrations.slack.desk import Desk, Post
from storage.access import Reader
from storage.deliveries import DeliveryRecord

Body = dict[str, Any]
_DELIVERY: ContextVar[DeliveryRecord] = ContextVar("delivery")


class Ears:
    """One workspace's listeners. `hear` ends when all that a delivery asks for is done."""

    def __init__(
        self, desk: Desk, on_surprise: Callable[[BaseException], None], on_leaving: Callable[[], None]
    ) -> None:
        self.desk, self._on_surprise, self._on_leaving = desk, on_surprise, on_leaving

        async def authorize(team_id: str | None) -> AuthorizeResult:
            token = desk.line.client.token
            return AuthorizeResult(
                enterprise_id=None, team_id=desk.team, bot_user_id=desk.bot_user, bot_id="", bot_token=token
            )

        quiet = logging.getLogger(__name__)
        quiet.setLevel(logging.CRITICAL + 1)  # what goes wrong is in our own log
        self.app = AsyncApp(
            logger=quiet,
            client=desk.line.client,
            authorize=authorize,
            process_before_response=True,  # what it waits for is the work, not Slack: that was acknowledged long ago
            request_verification_enabled=False,  # the door has verified it
            url_verification_enabled=False,
            ssl_check_enabled=False,
        )
        self._listen()

    async def hear(self, delivery: DeliveryRecord, body: Body) -> None:
        """Work on a delivery; a surprise is noted, and whoever waits for an answer is told so."""
        _DELIVERY.set(delivery)
        await self.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))

    async def greet(self, delivery: DeliveryRecord, body: Body) -> None:
        """Show that a question was heard, ahead of its turn."""
        event = body.get("event")
        if isinstance(event, dict) and event.get("type") in ("message", "app_mention") and delivery.attempts == 1:
            _DELIVERY.set(delivery)
            await greet(self.desk, _post(self.desk, event, event), event)

    def _listen(self) -> None:
        app = self.app
        app.event("message")(self._message)
        app.event("app_mention")(self._message)
        app.event("app_home_opened")(self._opened)
        app.event("agent_session_stopped")(self._stopped)
        for event in ("app_uninstalled", "tokens_revoked"):
            app.event(event)(self._removed)
        for event in ("member_joined_channel", "member_left_channel", "channel_shared", "channel_unshared"):
            app.event(event)(self._moved)
        app.event("user_change")(self._changed)
        app.command(re.compile(".*"))(self._command)
        app.shortcut(re.compile("record_(note|risk)"))(self._shortcut)
        app.action(re.compile(".*"))(self._clicked)
        app.action({"type": "block_actions", "action_id": re.compile(".*")})(self._clicked)
        app.view(re.compile(".*"))(self._submitted)
        app.error(self._surprised)

    async def _message(self, event: Body) -> None:
        await answer_event(self.desk, _post(self.desk, event, event), event)

    async def _opened(self, event: Body) -> None:
        post = _post(self.desk, event, {})
        if event.get("tab") == "home":
            await home.show_home(self.desk, post)
        elif event.get("tab") == "messages":
            await home.offer_prompts(self.desk, post)

    async def _stopped(self, event: Body) -> None:
        self.desk.stop_answers(str(event.get("channel") or ""), str(event.get("thread_ts") or ""))

    async def _removed(self, event: Body) -> None:
        tokens = event.get("tokens")
        if event.get("type") == "app_uninstalled" or (isinstance(tokens, dict) and tokens.get("bot")):
            self._on_leaving()

    async def _moved(self, event: Body) -> None:
        self.desk.rooms.forget(str(event.get("channel") or ""))

    async def _changed(self, event: Body) -> None:
        user = event.get("user")
        self.desk.people.forget(str(user.get("id") if isinstance(user, dict) else user))

    async def _command(self, ack: Any, body: Body) -> None:
        await ack()
        post = Post(self.desk, _DELIVERY.get(), str(body.get("channel_id")), None, str(body.get("user_id")))
        await binding.command(self.desk, post, str(body.get("text") or ""))

    async def _shortcut(self, ack: Any, body: Body) -> None:
        await ack()
        await recording.open_form(self.desk, _acting(self.desk, body), body)

    async def _clicked(self, ack: Any, body: Body) -> None:
        await ack()
        action: Mapping[str, Any] = next(iter(body.get("actions") or ()), {})
        name, value = str(action.get("action_id") or ""), str(action.get("value") or "")
        post = _acting(self.desk, body)
        kind, _, act = name.partition(":")
        if kind == "card" and (click := proposing.read_click(act, value)):
            await proposing.click(self.desk, post, click, body)
        elif kind in ("ask", "choose") and value:
            await answer_text(self.desk, post, value)
        elif kind == "feedback":
            await judging.thumb(self.desk, post, value, body)
        elif kind == "home":
            await self._at_home(post, act, action)

    async def _at_home(self, post: Post, act: str, action: Mapping[str, Any]) -> None:
        if act == "card":
            await home.show_card(self.desk, post, str(action.get("value") or ""))
            return
        caller = await self.desk.people.caller(self.desk.team, post.user)
        if caller.person is None:
            return
        reader, store = Reader(caller.person.id), self.desk.application.store
        if act == "mute":
            await self.desk.in_thread(notices.choose, store, reader, is_muted=action.get("value") == "on")
        elif act in ("quiet_from", "quiet_until"):
            chosen = str((action.get("selected_option") or {}).get("value") or "")
            minutes = int(chosen[:2]) * 60 if re.fullmatch(r"[012]\d:00", chosen) else None
            await self.desk.in_thread(notices.choose, store, reader, **{act: minutes})
        if post.channel:
            words = "Muted: I send you nothing unasked." if action.get("value") == "on" else "Done."
            await post.whisper("chosen", sentence(words))
        await home.show_home(self.desk, post)

    async def _submitted(self, ack: Any, body: Body) -> None:
        await ack()
        view = body.get("view") or {}
        kept = _read_kept(view.get("private_metadata"))
        values = _values(view)
        callback = str(view.get("callback_id") or "")
        thread = str(kept.get("thread") or kept.get("place") or "") or None
        post = Post(self.desk, _DELIVERY.get(), str(kept.get("channel") or ""), thread, _user(body))
        if callback in ("card:review", "card:reject"):
            await proposing.submit(self.desk, post, callback, kept, values)
        elif callback.startswith("record:"):
            await recording.record(self.desk, post, callback.partition(":")[2], values)
        elif callback == "feedback":
            await judging.reason(self.desk, post, kept, values)

    async def _surprised(self, error: Exception, body: Body) -> None:
        self._on_surprise(error)
        event = body.get("event") or {}
        if event.get("type") in ("message", "app_mention") and (
            event.get("channel_type") == "im" or "app_mention" in str(event)
        ):
            words = apology(self.desk.application.settings.log_file)
            await _post(self.desk, event, event).whisper("surprise", sentence(words))


def _post(desk: Desk, event: Body, place: Body) -> Post:
    """Where replies to an event go: into its thread, or one that it begins."""
    thread = place.get("thread_ts") or place.get("ts")
    return Post(desk, _DELIVERY.get(), str(event.get("channel") or ""), thread, str(event.get("user") or ""))


def _acting(desk: Desk, body: Body) -> Post:
    """Where replies to a click go: into the thread of the message that was clicked."""
    where, message = body.get("container") or {}, body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or where.get("channel_id") or ""
    thread = message.get("thread_ts") or where.get("thread_ts") or message.get("ts") or where.get("message_ts")
    return Post(desk, _DELIVERY.get(), str(channel), thread, _user(body))


def _user(body: Body) -> str:
    user = body.get("user")
    return str(user.get("id") or "") if isinstance(user, dict) else ""


def _read_kept(text: Any) -> Body:
    """What a form of ours kept; it came back from outside, so anything odd in it is as good as nothing."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _values(view: Body) -> dict[str, str]:
    """What was filled in, by the input's name."""
    found: dict[str, str] = {}
    values = (view.get("state") or {}).get("values")
    for inputs in values.values() if isinstance(values, dict) else ():
        for name, each in inputs.items() if isinstance(inputs, dict) else ():
            if isinstance(each, dict):
                chosen = each.get("selected_option")
                found[name] = str(
                    each.get("value") or (chosen.get("value") if isinstance(chosen, dict) else None) or ""
                )
    return found

"""The Web API of the Slack stand-in: its methods, its errors by Slack's own names, its rates."""

import random
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from evals.standins.slack_limits import problems_of

Payload = dict[str, Any]

TRIGGER_SECONDS = 3.0
PAGE = 100
# Calls a minute by method, as documented; those that are not here are of tier 3. Slack's words are "20+", so this is
# the least it grants. `setStatus` is "special": no figure is documented, so 600 is assumed.
RATES = {
    "users.info": 100, "users.list": 20, "users.lookupByEmail": 50, "conversations.info": 50,
    "conversations.members": 100, "conversations.open": 50, "chat.update": 50, "chat.postEphemeral": 100,
    "chat.startStream": 20, "chat.appendStream": 100, "chat.stopStream": 20, "views.open": 100, "views.publish": 100,
    "assistant.threads.setStatus": 600, "assistant.threads.setSuggestedPrompts": 600, "agents.sessions.setStatus": 600,
    "chat.delete": 50, "auth.test": 600, "apps.connections.open": 20,
}  # fmt: skip
BURST = 10  # calls a method takes at once beyond its pace; assumed
CHANNEL_SECONDS, CHANNEL_BURST = 1.0, 1  # one message a second a channel, and one more in a short burst
SCOPES = {
    "chat.postMessage": "chat:write", "chat.postEphemeral": "chat:write", "chat.update": "chat:write",
    "chat.delete": "chat:write", "chat.startStream": "chat:write", "chat.appendStream": "chat:write",
    "chat.stopStream": "chat:write", "users.info": "users:read", "users.list": "users:read",
    "users.lookupByEmail": "users:read.email", "conversations.open": "im:write", "conversations.info": "channels:read",
    "conversations.members": "channels:read", "assistant.threads.setStatus": "assistant:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write", "agents.sessions.setStatus": "chat:write",
}  # fmt: skip


class Refused(Exception):
    """Slack's answer is an error of this name."""


@dataclass(frozen=True)
class Call:
    """One call of the Web API: when it came, and what was answered."""

    method: str
    payload: Payload
    at: float
    answer: Payload


@dataclass
class Channel:
    id: str
    name: str
    members: list[str]
    is_im: bool = False
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    messages: list[Payload] = field(default_factory=list)


class World:
    """What the workspace holds. Its methods are called from the stand-in's own loop only."""

    def __init__(self, *, has_rates: bool, minute: float, scopes: set[str] | None) -> None:
        self.team, self.team_name, self.bot_user = "T0QUILL", "Quillmere", "U0PILOT"
        self.bot_token, self.app_token = "xoxb-stand-in", "xapp-stand-in"
        self.users: dict[str, Payload] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, Payload] = {}
        self.views: dict[str, Payload] = {}
        self.triggers: dict[str, tuple[float, str]] = {}
        self.statuses: list[tuple[float, str, str, str]] = []
        self.prompts: dict[str, list[Payload]] = {}
        self.calls: list[Call] = []
        self.refused: list[tuple[str, list[str], Payload]] = []
        self.is_revoked = False
        self.scopes = scopes
        self.has_rates, self.minute = has_rates, minute
        self.storm: tuple[float, float, random.Random] = (0.0, 0.0, random.Random(1))
        self._stamp = 1_772_438_400.0
        self._used: dict[str, deque[float]] = defaultdict(deque)
        self._count = 0

    def stamp(self) -> str:
        self._stamp += 0.0001
        return f"{self._stamp:.6f}"

    def number(self) -> int:
        self._count += 1
        return self._count

    def trigger(self, user: str) -> str:
        trigger = f"trigger.{self.number()}"
        self.triggers[trigger] = (monotonic(), user)
        return trigger

    def call(self, method: str, payload: Payload, token: str) -> tuple[int, Payload, dict[str, str]]:
        """Status, answer and headers of one call."""
        at = monotonic()
        if (wait := self._wait(method, payload, at)) is not None:
            answer = {"ok": False, "error": "ratelimited"}
            self.calls.append(Call(method, payload, at, answer))
            return 429, answer, {"Retry-After": str(wait)}
        try:
            answer = {"ok": True, **self._answer(method, payload, token)}
        except Refused as error:
            answer = {"ok": False, "error": str(error)}
        self.calls.append(Call(method, payload, at, answer))
        return 200, answer, {}

    def _wait(self, method: str, payload: Payload, now: float) -> int | None:
        """Seconds of Retry-After; None where the call is within its rate."""
        until, share, chance = self.storm
        if now < until and chance.random() < share:
            return 1 if self.minute >= 60 else 0
        if not self.has_rates:
            return None
        if method in ("chat.postMessage", "chat.postEphemeral"):
            place, most, span = f"say:{payload.get('channel')}", 1 + CHANNEL_BURST, CHANNEL_SECONDS * self.minute / 60
            if (wait := self._over(place, most, span * most, now)) is not None:
                return wait
        rate = RATES.get(method, 50 if method != "chat.postMessage" else 10_000)
        return self._over(method, rate + BURST, self.minute, now)

    def _over(self, place: str, most: int, span: float, now: float) -> int | None:
        used = self._used[place]
        while used and now - used[0] >= span:
            used.popleft()
        if len(used) >= most:
            return max(1, round(span - (now - used[0]))) if self.minute >= 60 else 0
        used.append(now)
        return None

    def _answer(self, method: str, payload: Payload, token: str) -> Payload:
        if not token:
            raise Refused("not_authed")
        wanted = self.app_token if method == "apps.connections.open" else self.bot_token
        if token != wanted:
            raise Refused("invalid_auth")
        if self.is_revoked:
            raise Refused("token_revoked")
        needed = SCOPES.get(method)
        if self.scopes is not None and needed and needed not in self.scopes:
            raise Refused("missing_scope")
        act: Callable[[Payload], Payload] | None = getattr(self, f"_{method.replace('.', '_')}", None)
        if act is None:
            raise Refused("unknown_method")
        if problems := problems_of(method, payload):
            self.refused.append((method, problems, payload))
            raise Refused("msg_blocks_too_long" if "msg_blocks_too_long" in problems else "invalid_blocks")
        return act(payload)

    def _auth_test(self, payload: Payload) -> Payload:
        return {"team": self.team_name, "team_id": self.team, "user": "pilothouse", "user_id": self.bot_user,
                "bot_id": "B0PILOT", "url": "https://quillmere.slack.com/"}  # fmt: skip

    def _users_info(self, payload: Payload) -> Payload:
        user = self.users.get(str(payload.get("user")))
        if user is None:
            raise Refused("user_not_found")
        return {"user": user}

    def _users_list(self, payload: Payload) -> Payload:
        return self._page(list(self.users.values()), "members", payload)

    def _users_lookupByEmail(self, payload: Payload) -> Payload:  # noqa: N802
        for user in self.users.values():
            if user["profile"].get("email") == payload.get("email"):
                return {"user": user}
        raise Refused("users_not_found")

    def _conversations_info(self, payload: Payload) -> Payload:
        channel = self._channel(payload)
        return {
            "channel": {
                "id": channel.id, "name": channel.name, "is_im": channel.is_im, "is_private": channel.is_private,
                "is_ext_shared": channel.is_ext_shared, "is_archived": channel.is_archived,
                "is_channel": not channel.is_im,
            }
        }  # fmt: skip

    def _conversations_members(self, payload: Payload) -> Payload:
        return self._page(self._channel(payload).members, "members", payload)

    def _conversations_open(self, payload: Payload) -> Payload:
        user = str(payload.get("users"))
        if user not in self.users:
            raise Refused("user_not_found")
        return {"channel": {"id": self.direct(user).id}}

    def direct(self, user: str) -> Channel:
        """The direct message of somebody with the app."""
        return self.channels.setdefault(f"D{user[1:]}", Channel(f"D{user[1:]}", "", [user, self.bot_user], is_im=True))

    def _chat_postMessage(self, payload: Payload) -> Payload:  # noqa: N802
        channel = self._channel(payload, to_write=True)
        self._check_text(payload)
        message = {**payload, "ts": self.stamp(), "user": self.bot_user, "bot_id": "B0PILOT"}
        channel.messages.append(message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _chat_postEphemeral(self, payload: Payload) -> Payload:  # noqa: N802
        channel = self._channel(payload, to_write=True)
        self._check_text(payload)
        if payload.get("user") not in channel.members:
            raise Refused("user_not_in_channel")
        message = {**payload, "ts": self.stamp(), "only": payload["user"], "user": self.bot_user}
        channel.messages.append(message)
        return {"message_ts": message["ts"]}

    def _chat_update(self, payload: Payload) -> Payload:
        message = self._own(payload)
        if message.get("is_streaming"):
            raise Refused("streaming_state_conflict")
        message.update({"text": payload.get("text", ""), "blocks": payload.get("blocks", []), "edited": True})
        return {"ts": message["ts"]}

    def _chat_delete(self, payload: Payload) -> Payload:
        message = self._own(payload)
        self._channel(payload).messages.remove(message)
        return {"ts": message["ts"]}

    def _chat_startStream(self, payload: Payload) -> Payload:  # noqa: N802
        channel = self._channel(payload, to_write=True)
        if not payload.get("thread_ts"):
            raise Refused("invalid_thread_ts")
        if not channel.is_im and not (payload.get("recipient_user_id") and payload.get("recipient_team_id")):
            raise Refused("missing_recipient_user_id")
        message = {"ts": self.stamp(), "thread_ts": payload["thread_ts"], "user": self.bot_user, "is_streaming": True,
                   "text": payload.get("markdown_text") or "", "blocks": []}  # fmt: skip
        channel.messages.append(message)
        return {"channel": channel.id, "ts": message["ts"]}

    def _chat_appendStream(self, payload: Payload) -> Payload:  # noqa: N802
        message = self._streaming(payload)
        message["text"] += payload.get("markdown_text") or ""
        return {"ts": message["ts"]}

    def _chat_stopStream(self, payload: Payload) -> Payload:  # noqa: N802
        message = self._streaming(payload)
        message["text"] += payload.get("markdown_text") or ""
        message.update({"blocks": payload.get("blocks", []), "is_streaming": False})
        return {"ts": message["ts"]}

    def _assistant_threads_setStatus(self, payload: Payload) -> Payload:  # noqa: N802
        self._channel({"channel": payload.get("channel_id")})
        self.statuses.append(
            (monotonic(), str(payload["channel_id"]), str(payload["thread_ts"]), str(payload.get("status")))
        )
        return {}

    def _assistant_threads_setSuggestedPrompts(self, payload: Payload) -> Payload:  # noqa: N802
        if not payload.get("thread_ts"):  # with one it fails silently
            self.prompts[str(payload["channel_id"])] = payload["prompts"]
        return {}

    def _agents_sessions_setStatus(self, payload: Payload) -> Payload:  # noqa: N802
        if payload.get("status") not in ("processing", "active", "suspended", "closed"):
            raise Refused("invalid_arguments")
        return {"status": payload["status"]}

    def _views_open(self, payload: Payload) -> Payload:
        trigger = self.triggers.pop(str(payload.get("trigger_id")), None)
        if trigger is None:
            raise Refused("exchanged_trigger_id")
        if monotonic() - trigger[0] > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        view = {**payload["view"], "id": f"V{self.number()}", "for": trigger[1]}
        self.views[view["id"]] = view
        return {"view": view}

    def _views_publish(self, payload: Payload) -> Payload:
        if payload.get("user_id") not in self.users:
            raise Refused("user_not_found")
        self.homes[payload["user_id"]] = payload["view"]
        return {"view": payload["view"]}

    def _page(self, rows: list[Any], name: str, payload: Payload) -> Payload:
        first = int(payload.get("cursor") or 0)
        size = min(int(payload.get("limit") or PAGE), 1_000)
        end = first + size
        return {name: rows[first:end], "response_metadata": {"next_cursor": str(end) if end < len(rows) else ""}}

    def _channel(self, payload: Payload, *, to_write: bool = False) -> Channel:
        channel = self.channels.get(str(payload.get("channel")))
        if channel is None or (channel.is_private and self.bot_user not in channel.members):
            raise Refused("channel_not_found")
        if to_write and channel.is_archived:
            raise Refused("is_archived")
        if to_write and self.bot_user not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _check_text(self, payload: Payload) -> None:
        if not payload.get("text") and not payload.get("blocks"):
            raise Refused("no_text")

    def _own(self, payload: Payload) -> Payload:
        for message in self._channel(payload).messages:
            if message["ts"] == payload.get("ts") and not message.get("only"):
                if message.get("user") != self.bot_user:
                    raise Refused("cant_update_message")
                return message
        raise Refused("message_not_found")

    def _streaming(self, payload: Payload) -> Payload:
        message = self._own(payload)
        if not message.get("is_streaming"):
            raise Refused("message_not_in_streaming_state")
        return message

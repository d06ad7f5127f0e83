"""What Slack sends, read without trust: what it is, and the key under which it counts once."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

from storage.deliveries import Arrival
from storage.text import clean

LONGEST_KEY = 180
HEARD_EVENTS = frozenset(
    {
        "app_mention",
        "message",
        "app_home_opened",
        "agent_session_stopped",
        "app_uninstalled",
        "tokens_revoked",
        "member_joined_channel",
        "member_left_channel",
        "channel_shared",
        "channel_unshared",
        "user_change",
    }
)
# A message by somebody, and one that shares a file; all others are edits, deletions, joins and the like.
_SAID = frozenset({None, "", "file_share", "thread_broadcast"})


class NotUnderstood(ValueError):
    """A body that is nothing Slack sends."""


@dataclass(frozen=True)
class Challenge:
    """Slack asks whether this address is ours."""

    words: str


def read_body(body: bytes, content_type: str) -> Arrival | Challenge | None:
    """What a signed request brings; None for what is not for us. Raises NotUnderstood."""
    try:
        text = body.decode()
        if content_type.partition(";")[0].strip() == "application/x-www-form-urlencoded":
            form = {name: values[0] for name, values in parse_qs(text, max_num_fields=200).items()}
            payload = _object(form["payload"]) if "payload" in form else form
        else:
            payload = _object(text)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood("This is nothing that Slack sends.") from error
    if payload.get("type") == "url_verification":
        return Challenge(str(payload.get("challenge", ""))[:200])
    return read_payload(payload)


def read_payload(payload: dict[str, Any]) -> Arrival | None:
    """What an event, a command or a click brings; None for what is not for us. Raises NotUnderstood."""
    _check_shape(payload)
    team = _team(payload)
    if not team:
        raise NotUnderstood("It does not say which workspace it comes from.")
    key = _event_key(payload) if payload.get("type") == "event_callback" else _act_key(payload)
    if not key:
        return None
    return Arrival(f"{team}:{key}"[:LONGEST_KEY], team, json.dumps(_cleaned(payload), ensure_ascii=False))


_NAMES = ("type", "action_id")


def _check_shape(payload: dict[str, Any]) -> None:
    """Raise NotUnderstood where a part is not what Slack sends in its place, so that nothing behind it stumbles."""
    view, event = payload.get("view"), payload.get("event")
    parts = [payload.get(name) for name in ("event", "user", "team", "channel", "container", "message", "view")]
    parts += [view.get("state") if isinstance(view, dict) else None]
    actions = payload.get("actions", [])
    is_shaped = all(part is None or isinstance(part, dict) for part in parts) and isinstance(actions, list)
    words = [view.get("type")] if isinstance(view, dict) else []
    words += [
        each.get(name) if isinstance(each, dict) else None for each in (actions if is_shaped else ()) for name in _NAMES
    ]
    who = event.get("user") if isinstance(event, dict) else None
    if not is_shaped or not all(isinstance(word, str) for word in words) or not isinstance(who, str | dict | None):
        raise NotUnderstood("This is nothing that Slack sends.")


def _event_key(payload: dict[str, Any]) -> str:
    """One message counts once, though a mention is told as two events and each may be repeated."""
    event = payload.get("event")
    if not isinstance(event, dict):
        raise NotUnderstood("It is an event without one.")
    kind = _word(event.get("type"))
    if kind not in HEARD_EVENTS:
        return ""
    if kind not in ("message", "app_mention"):
        return f"event:{_word(payload.get('event_id')) or _digest(event)}"
    is_by_somebody = isinstance(event.get("user"), str) and not event.get("bot_id") and not event.get("app_id")
    subtype = event.get("subtype")
    if not (is_by_somebody and isinstance(subtype, str | None) and subtype in _SAID) or event.get("edited"):
        return ""
    place, stamp = _word(event.get("channel")), _word(event.get("ts"))
    if not (place and stamp):
        raise NotUnderstood("It is a message without a place.")
    is_follow_up = event.get("thread_ts") not in (None, event["ts"])
    if kind == "message" and event.get("channel_type") != "im" and not is_follow_up:
        # In a channel only a mention begins a talk; Slack tells that one by itself.
        return ""
    return f"message:{place}:{stamp}"


def _act_key(payload: dict[str, Any]) -> str:
    """A click, a form or a command: its trigger is new each time."""
    if not ("command" in payload or isinstance(payload.get("type"), str)):
        raise NotUnderstood("This is nothing that Slack sends.")
    return f"act:{_word(payload.get('trigger_id')) or _digest(payload)}"


def _team(payload: dict[str, Any]) -> str:
    team = payload.get("team_id")
    if not team and isinstance(payload.get("team"), dict):
        team = payload["team"].get("id")
    if not team and isinstance(payload.get("user"), dict):
        team = payload["user"].get("team_id")
    return _word(team)


def _word(value: Any) -> str:
    """An id of Slack's; empty for anything else."""
    is_one = isinstance(value, str) and value.isascii() and 0 < len(value) <= 100 and value.isprintable()
    return value if is_one else ""


def _digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True, default=str).encode("utf-8", "backslashreplace")).hexdigest()


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise NotUnderstood("This is nothing that Slack sends.")
    return found


def _cleaned(value: Any) -> Any:
    """The same without characters that no store takes, like half a surrogate."""
    match value:
        case str():
            return clean(value)
        case dict():
            return {clean(str(label)): _cleaned(inner) for label, inner in value.items()}
        case list():
            return [_cleaned(each) for each in value]
        case _:
            return value

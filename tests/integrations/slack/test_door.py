"""The way in over HTTP: signatures, age, repeats, nonsense. Whatever comes, nothing of it is an error of ours."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from evals.standins.slack import Payload
from tests.integrations.slack.conftest import GATE, TOMAS, Talk

NONSENSE = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"\xff\xfe",
    b"[" * 5_000,
    b"{}",
    b'{"type": "event_callback"}',
    b'{"type": "event_callback", "team_id": "T0QUILL"}',
    b'{"type": "event_callback", "team_id": "T0QUILL", "event": []}',
    b'{"type": "event_callback", "team_id": ["T0QUILL"], "event": {"type": "message"}}',
    b'{"type": "event_callback", "team_id": "T0QUILL", "event": {"type": "message", "user": "U0TOMAS"}}',
    b'{"type": "event_callback", "team_id": "T0QUILL", "event": {"type": {"a": 1}}}',
    b'{"type": "event_callback", "team_id": "T0QUILL",'
    b' "event": {"type": "message", "user": "U1", "channel": 5, "ts": []}}',
    b'{"type": "event_callback", "team_id": "T0QUILL", "event_id": 7, "event": {"type": "user_change", "user": 5}}',
    b'{"type": "event_callback", "team_id": "T0QUILL", "event_id": "E9",'
    b' "event": {"type": "tokens_revoked", "tokens": 1}}',
    b'{"type": "event_callback", "team_id": "T0QUILL", "event_id": "E8", "event": {"type": "app_home_opened"}}',
    b'{"type": "block_actions", "team": {"id": "T0QUILL"}, "actions": 5}',
    b'{"type": "block_actions", "team": {"id": "T0QUILL"}, "actions": [5], "user": "x"}',
    b'{"type": "block_actions", "team": {"id": "T0QUILL"}, "user": {"id": "U0TOMAS"},'
    b' "actions": [{"action_id": "card:confirm", "type": "button", "value": "nonsense"}]}',
    b'{"type": "view_submission", "team": {"id": "T0QUILL"}, "user": {"id": "U0TOMAS"}, "view": 5}',
    b'{"type": "view_submission", "team": {"id": "T0QUILL"}, "user": {"id": "U0TOMAS"},'
    b' "view": {"callback_id": "card:review", "private_metadata": "5", "state": {"values": []}}}',
    b'{"type": "message_action", "callback_id": "record_note", "team": {"id": "T0QUILL"}, "user": {"id": "U0TOMAS"}}',
    b'{"command": "/pilothouse", "team_id": "T0QUILL"}',
    json.dumps({"type": "event_callback", "team_id": "T0QUILL", "event": {"text": "\ud800", "type": "x"}}).encode(),
)


def post(talk: Talk, body: bytes, headers: dict[str, Any], kind: str = "application/json") -> httpx.Response:
    return httpx.post(talk.slack.events_url, content=body, headers={"Content-Type": kind, **headers}, trust_env=False)


def question(talk: Talk) -> bytes:
    event: Payload = {"type": "message", "channel_type": "im", "user": TOMAS, "text": "wheres the gateway",
                      "channel": talk.slack.direct(TOMAS), "ts": talk.slack.world.stamp()}  # fmt: skip
    return json.dumps(talk.slack.wrapped(event)).encode()


def test_an_address_is_confirmed_to_slack_and_to_nobody_else(http_talk: Talk):
    body = json.dumps({"type": "url_verification", "challenge": "c-1"}).encode()

    assert post(http_talk, body, http_talk.slack.signed(body)).text == "c-1"
    assert post(http_talk, body, {}).status_code == 401


FORGED: dict[str, Callable[[dict[str, str]], dict[str, Any]]] = {
    "unsigned": lambda signed: {},
    "of another secret": lambda signed: {**signed, "X-Slack-Signature": "v0=" + "0" * 64},
    "cut": lambda signed: {**signed, "X-Slack-Signature": signed["X-Slack-Signature"][:-1]},
    "no letters": lambda signed: {**signed, "X-Slack-Signature": "v0=\u00e9".encode()},
    "no time": lambda signed: {"X-Slack-Signature": signed["X-Slack-Signature"]},
    "strange time": lambda signed: {**signed, "X-Slack-Request-Timestamp": "1e9"},
    "strange digits": lambda signed: {**signed, "X-Slack-Request-Timestamp": "\u00b2".encode()},
    "huge time": lambda signed: {**signed, "X-Slack-Request-Timestamp": "9" * 400},
    "another time": lambda signed: {**signed, "X-Slack-Request-Timestamp": str(int(time.time()) - 30)},
}


def test_what_slack_did_not_sign_just_now_is_turned_away(http_talk: Talk):
    body = question(http_talk)
    signed = http_talk.slack.signed(body)

    refused = {name: post(http_talk, body, forge(signed)).status_code for name, forge in FORGED.items()}
    refused["changed body"] = post(http_talk, body.replace(b"gateway", b"budgets"), signed).status_code
    refused["old"] = post(http_talk, body, http_talk.slack.signed(body, at=time.time() - 301)).status_code
    refused["of tomorrow"] = post(http_talk, body, http_talk.slack.signed(body, at=time.time() + 301)).status_code

    assert set(refused.values()) == {401}, refused
    assert http_talk.slack.world.statuses == []


def test_a_replay_within_the_window_is_answered_once(http_talk: Talk):
    body = question(http_talk)
    signed = http_talk.slack.signed(body)

    statuses = [post(http_talk, body, signed).status_code for _ in range(4)]

    http_talk.read(TOMAS)
    http_talk.slack.wait_quiet()
    assert statuses == [200] * 4
    assert len(http_talk.slack.seen_by(TOMAS, http_talk.slack.direct(TOMAS))) == 1


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_signed_nonsense_is_no_error_of_ours(http_talk: Talk, kind: str):
    bodies = [body if kind.endswith("json") else urlencode({"payload": body}).encode() for body in NONSENSE]

    statuses = {body: post(http_talk, body, http_talk.slack.signed(body), kind).status_code for body in bodies}

    http_talk.slack.wait_quiet(0.3)
    assert set(statuses.values()) <= {200, 400}, statuses
    assert http_talk.log == "", http_talk.log


def test_a_mention_is_told_twice_and_answered_once(http_talk: Talk):
    said = http_talk.mention(TOMAS, "wheres the gateway")

    http_talk.read(TOMAS, GATE)
    http_talk.slack.wait_quiet()
    public = [
        each
        for each in http_talk.slack.world.channels[GATE].messages
        if each.get("ts") != said["ts"] and not each.get("only")
    ]
    assert len(public) == 1
    assert public[0]["thread_ts"] == said["ts"]


def test_repeats_out_of_order_and_many_at_once_change_nothing(http_talk: Talk):
    slack = http_talk.slack
    talks = [
        http_talk.ask(TOMAS, f"{number}", channel=slack.direct(TOMAS)) for number in ("hi", "whats late", "thanks")
    ]
    for delivery in [*reversed(slack.deliveries), *slack.deliveries]:
        slack.again(delivery)

    slack.wait_for(lambda: len(slack.seen_by(TOMAS, slack.direct(TOMAS))) >= 3)
    slack.wait_quiet()
    answers = [
        each for each in slack.world.channels[slack.direct(TOMAS)].messages if each.get("user") == slack.world.bot_user
    ]
    assert [each["thread_ts"] for each in answers] == [each["ts"] for each in talks]
    assert all(status == 200 for each in slack.deliveries for _, status in each.attempts)


def test_what_cannot_be_kept_is_not_acknowledged(http_talk: Talk, monkeypatch: pytest.MonkeyPatch):
    from storage.deliveries import Deliveries
    from storage.errors import StoreNotWritable

    def fail(self: Deliveries, arrivals: object) -> list[object]:
        raise StoreNotWritable("there", "the disk is full")

    body = question(http_talk)
    with monkeypatch.context() as broken:
        broken.setattr(Deliveries, "keep", fail)
        first = post(http_talk, body, http_talk.slack.signed(body)).status_code

    again = post(http_talk, body, http_talk.slack.signed(body)).status_code

    assert (first, again) == (503, 200)
    assert "Gateway" in http_talk.read(TOMAS)

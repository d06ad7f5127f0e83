"""The manifests: what they ask for is what the program uses, no more and no less."""

import re
from pathlib import Path

from evals.standins.slack_api import SCOPES as NEEDED
from integrations.slack.arrivals import HEARD_EVENTS
from integrations.slack.manifest import EVENTS, SCOPES, manifest_for

SOURCE = "\n".join(path.read_text("utf-8") for path in Path("integrations/slack").glob("*.py"))


def test_every_event_is_heard_and_every_heard_event_is_asked_for():
    asked = {event.partition(".")[0] for event in EVENTS}

    assert asked == set(HEARD_EVENTS)


def test_every_method_that_is_called_has_its_scope():
    called = set(re.findall(r'"((?:chat|users|conversations|assistant|agents|views)\.[A-Za-z.]+)"', SOURCE))

    assert called, "no method was found in the source"
    assert {NEEDED[method] for method in called if method in NEEDED} <= set(SCOPES)


def test_the_two_differ_in_the_way_in_only():
    socket, http = manifest_for("socket"), manifest_for("http", "https://pm.example.org")

    assert socket["settings"]["socket_mode_enabled"] and not http["settings"]["socket_mode_enabled"]
    assert http["settings"]["event_subscriptions"]["request_url"] == "https://pm.example.org/slack/events"
    assert _without_addresses(socket) == _without_addresses(http)


def test_every_shortcut_and_command_of_it_is_one_of_ours():
    manifest = manifest_for("socket")

    assert {each["callback_id"] for each in manifest["features"]["shortcuts"]} == {"record_note", "record_risk"}
    assert [each["command"] for each in manifest["features"]["slash_commands"]] == ["/pilothouse"]
    assert "agent_view" in manifest["features"] and "assistant_view" not in manifest["features"]


def _without_addresses(value: object) -> object:
    if isinstance(value, dict):
        left = {name: _without_addresses(each) for name, each in value.items()}
        return {name: each for name, each in left.items() if name not in ("url", "request_url", "socket_mode_enabled")}
    return [_without_addresses(each) for each in value] if isinstance(value, list) else value

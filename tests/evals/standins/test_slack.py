"""The stand-in for Slack refuses what Slack refuses: a test against one that takes everything proves nothing."""

from collections.abc import Iterator

import httpx
import pytest

from evals.standins import slack_api
from evals.standins.slack import SlackWorkspace
from evals.standins.slack_limits import problems_of

TEXT = {"type": "plain_text", "text": "x"}


@pytest.fixture
def slack() -> Iterator[SlackWorkspace]:
    with SlackWorkspace() as workspace:
        workspace.person("U0ANA", "Ana", "ana@own.example")
        workspace.channel("C0ONE", "one", ["U0ANA"])
        yield workspace


def call(slack: SlackWorkspace, method: str, token: str | None = None, **payload: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or slack.bot_token}"}
    return httpx.post(f"{slack.api_url}{method}", json=payload, headers=headers, trust_env=False)


def error(slack: SlackWorkspace, method: str, **payload: object) -> str:
    return str(call(slack, method, **payload).json().get("error", ""))


def button(value: str = "v", action: str = "a") -> dict[str, object]:
    return {"type": "button", "text": TEXT, "action_id": action, "value": value}


def rows(count: int, columns: int = 2) -> list[list[dict[str, str]]]:
    return [[{"type": "raw_text", "text": "x"}] * columns for _ in range(count)]


MOST = {
    "blocks": [[{"type": "divider"}] * 50, [{"type": "divider"}] * 51],
    "section": [[{"type": "section", "text": {"type": "mrkdwn", "text": "x" * each}}] for each in (3_000, 3_001)],
    "header": [[{"type": "header", "text": {"type": "plain_text", "text": "x" * each}}] for each in (150, 151)],
    "value": [[{"type": "actions", "elements": [button("x" * each)]}] for each in (2_000, 2_001)],
    "buttons": [[{"type": "actions", "elements": [button(action=f"{n}") for n in range(each)]}] for each in (25, 26)],
    "rows": [[{"type": "data_table", "caption": "c", "rows": rows(each)}] for each in (101, 102)],
    "columns": [[{"type": "data_table", "caption": "c", "rows": rows(2, each)}] for each in (20, 21)],
    "characters": [
        [{"type": "markdown", "text": "x" * 6_600}, {"type": "markdown", "text": "x" * each}] for each in (6_600, 6_601)
    ],
    "rich text": [
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": each}]}],
            }
        ]
        for each in ("x", "")
    ],
    "kinds": [[{"type": "divider"}], [{"type": "marquee"}]],
}


@pytest.mark.parametrize("limit", MOST)
def test_the_most_is_taken_and_one_more_refused(limit: str):
    most, too_much = MOST[limit]

    assert problems_of("chat.postMessage", {"blocks": most}) == []
    assert problems_of("chat.postMessage", {"blocks": too_much}) != []


def test_errors_bear_slacks_names(slack: SlackWorkspace):
    slack.channel("C0OLD", "old", [], is_archived=True)

    assert error(slack, "auth.test", token="xoxb-other") == "invalid_auth"
    assert error(slack, "chat.postMessage", channel="C0NONE", text="x") == "channel_not_found"
    assert error(slack, "chat.postMessage", channel="C0OLD", text="x") == "is_archived"
    assert error(slack, "chat.postMessage", channel="C0ONE") == "no_text"
    assert error(slack, "chat.postEphemeral", channel="C0ONE", user="U0BOB", text="x") == "user_not_in_channel"
    assert error(slack, "chat.update", channel="C0ONE", ts="1", text="x") == "message_not_found"
    assert error(slack, "views.open", trigger_id="t", view={"type": "home", "blocks": [{"type": "divider"}]}) == (
        "exchanged_trigger_id"
    )
    assert error(slack, "chat.startStream", channel="C0ONE") == "invalid_thread_ts"
    assert error(slack, "chat.startStream", channel="C0ONE", thread_ts="1") == "missing_recipient_user_id"
    assert error(slack, "nothing.known") == "unknown_method"


def test_a_trigger_works_once_and_for_three_seconds(slack: SlackWorkspace, monkeypatch: pytest.MonkeyPatch):
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    trigger = slack.world.trigger("U0ANA")

    assert error(slack, "views.open", trigger_id=trigger, view=view) == ""
    assert error(slack, "views.open", trigger_id=trigger, view=view) == "exchanged_trigger_id"
    monkeypatch.setattr(slack_api, "TRIGGER_SECONDS", 0.0)
    late = slack.world.trigger("U0ANA")
    assert error(slack, "views.open", trigger_id=late, view=view) == "expired_trigger_id"


def test_a_channel_takes_a_message_a_second(slack: SlackWorkspace):
    answers = [call(slack, "chat.postMessage", channel="C0ONE", text="x") for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_what_nobody_acknowledges_is_sent_again(slack: SlackWorkspace):
    slack.minute = 0.1
    slack.events_url = "http://127.0.0.1:9/closed"

    delivery = slack.event({"type": "app_uninstalled"})

    slack.wait_for(lambda: len(delivery.attempts) == 4)
    assert not delivery.is_taken

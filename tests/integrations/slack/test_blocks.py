"""Answers as messages of Slack: the verdict first, and never more than Slack takes."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.app import Application
from integrations.slack.blocks import Message, answer_messages, sentence
from tests.integrations.slack.conftest import OnMonday
from tests.integrations.slack.hostile import TEXTS, answer, answer_full_of, naughty
from tests.integrations.slack.limits import buttons, check_message, kinds, links, words

PAGES = "https://pm.example"
CITED = {"id": "task:GATE-31", "kind": "task", "label": "GATE-31 Certificates", "url": "/record/task/GATE-31"}


def shown(found: dict[str, Any], **more: Any) -> list[Message]:
    messages = answer_messages(found, **({"pages_url": PAGES} | more))
    for message in messages:
        check_message(message.text, message.blocks)
    return messages


def table_of(rows: int, name: str = "Task", columns: int = 2) -> list[dict[str, Any]]:
    line = {"name": {"value": name, "unit": "name", "text": name}}
    line |= {f"figure_{at}": {"value": at, "unit": "count", "text": f"{at}"} for at in range(columns)}
    return [{"id": "f1", "kind": "tasks", "fields": {"rows": {f"T-{at}": line for at in range(rows)}}}]


def test_the_answer_stands_first_then_sources_then_what_to_ask_then_thumbs():
    [message] = shown(answer("**Late.** [GATE-31] waits.", citations=[CITED], suggestions=["Who waits?"]))

    assert [each["type"] for each in message.blocks] == ["rich_text", "rich_text", "actions", "context_actions"]
    assert words(message.blocks).startswith("Late. GATE-31 waits.")
    assert links(message.blocks)[0] == ("GATE-31", f"{PAGES}/record/task/GATE-31")
    assert message.text == "Late. GATE-31 waits."


def test_without_pages_there_are_no_links():
    [message] = shown(answer("[GATE-31] waits.", citations=[CITED]), pages_url=None)

    assert links(message.blocks) == [] and "[GATE-31]" in words(message.blocks)


def test_a_project_and_a_task_of_the_same_key_are_each_linked_to_their_own_page():
    twin = {"id": "project:GATE-31", "kind": "project", "label": "Gate", "url": "/record/project/GATE-31"}
    [message] = shown(answer("Fine.", citations=[CITED, twin]))

    assert dict(links(message.blocks)) == {
        "GATE-31 Certificates": f"{PAGES}/record/task/GATE-31",
        "Gate": f"{PAGES}/record/project/GATE-31",
    }


def test_five_sources_are_named_and_the_others_counted():
    many = [CITED | {"label": f"Task {at}"} for at in range(9)]
    [message] = shown(answer("Fine.", citations=many))

    assert len(links(message.blocks)) == 5 and "and 4 more" in words(message.blocks)


def test_a_question_back_has_a_button_for_each_reading():
    options = [{"key": "HARB", "label": "Harbour portal", "kind": "project"}]
    [message] = shown(answer("", outcome="asked_back", clarify={"question": "Which portal?", "options": options}))

    assert words(message.blocks) == "Which portal?"
    assert buttons(message.blocks)["choose:1"]["value"] == "1"


def test_a_button_asks_in_the_words_it_shows_without_what_parts_addresses():
    [message] = shown(answer("Fine.", suggestions=["Who knows Node.js?"]))

    assert buttons(message.blocks)["ask:0"]["value"] == "Who knows Node.js?"


def test_only_an_answer_that_was_kept_can_be_judged_and_only_by_whoever_asked():
    kept = answer("Fine.")

    assert "feedback_buttons" in kinds(shown(kept)[0].blocks)
    assert "feedback_buttons" not in kinds(shown(kept, own=False)[0].blocks)
    assert "feedback_buttons" not in kinds(shown(answer("Fine.", message=None))[0].blocks)


def test_what_was_streamed_is_not_said_again():
    [message] = answer_messages(answer("Fine.", message=None), pages_url=PAGES, has_text=False)

    assert message == Message("Fine.", [])


def test_a_long_table_shows_its_first_rows_and_says_how_many_more_there_are():
    messages = shown(answer("500 projects.", facts=table_of(500)))
    blocks = [block for message in messages for block in message.blocks]
    [table] = [block for block in blocks if block["type"] == "data_table"]

    assert len(table["rows"]) == 101
    assert "And 400 more rows." in words(blocks)


def test_a_fourth_table_is_counted():
    messages = shown(answer("Tables.", facts=table_of(3) * 5))

    assert "And 2 more tables." in words([block for message in messages for block in message.blocks])


@pytest.mark.parametrize("text", ["", " ", "\u200b\n\u200b", "**"])
def test_an_answer_without_words_is_still_a_message(text: str):
    assert shown(answer(text, message=None)) and sentence(text).blocks


@pytest.mark.parametrize(("rows", "columns"), [(500, 4), (2_000, 30), (3, 30)])
def test_no_limit_is_exceeded_however_much_there_is(rows: int, columns: int):
    name = "n" * 40_000
    cited = [CITED | {"label": f"{name}{at}", "id": f"task:{name}{at}"} for at in range(rows)]

    shown(answer(f"**{name}** " * 3, facts=table_of(rows, name, columns) * 4, citations=cited, suggestions=[name] * 4))


def test_a_long_sentence_is_one_message_and_says_that_it_is_cut():
    message = sentence("word " * 20_000)

    check_message(message.text, message.blocks)
    assert words(message.blocks).endswith("Cut here: there is more.")


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.sampled_from([PAGES, None]), st.booleans())
def test_whatever_is_stored_the_message_is_one_that_slack_takes(text: str, pages: str | None, own: bool):
    shown(answer_full_of(text), pages_url=pages, own=own)


def test_attacks_neither_break_a_limit_nor_become_a_link():
    for text in naughty():
        for message in shown(answer_full_of(text)):
            assert all(url.startswith(f"{PAGES}/record/") for _, url in links(message.blocks))
            assert kinds(message.blocks) <= OF_ANSWERS
        check_message(sentence(text).text, sentence(text).blocks)


OF_ANSWERS = {
    "rich_text", "rich_text_section", "rich_text_list", "text", "link", "data_table", "raw_text", "actions", "button",
    "context_actions", "feedback_buttons", "plain_text",
}  # fmt: skip
ASKED = [
    ("Tomás Reyes", "wheres the gateway at??", "Tern Gateway is amber"),
    ("Sam Okafor", "whats red or late across my 9", "One project"),
    ("Tomás Reyes", "whats on my plate this wk", "37 h of work for 30 h free"),
    ("Lena Brandt", "is GATE-31 signed off or not", "GATE-31"),
    ("Sam Okafor", "who knows terraform and has time next week, like 16h", "Kasia Wolska and Owen Breen"),
    ("Ruth Halloran", "feb utilisation", "69.9 % billable"),
    ("Sam Okafor", "critical path for crm rollout", "CRM rollout ends"),
    ("Sam Okafor", "burn vs budget on tern, will we go over", "Tern payments is heading"),
    ("Sam Okafor", "top risks on tern rn", "Four serious risks"),
    ("Tomás Reyes", "how is the portal?", "Which “portal” do you mean?"),
    ("Tomás Reyes", "how is zeus doing", "No project"),
]


def test_real_answers_are_one_message_with_the_verdict_first(sample: Application):
    firm = OnMonday(sample.settings, sample.store)
    people = {each.name: each for each in firm.people()}
    for name, question, verdict in ASKED:
        found = firm.ask(question, people[name], surface="slack", thread=f"slack/T1/{question}").contract()
        [message] = shown(found)

        assert words(message.blocks).startswith(verdict), (question, words(message.blocks))
        assert json.dumps(message.payload())

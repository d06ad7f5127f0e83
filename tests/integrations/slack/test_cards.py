"""Cards and forms of Slack: what would change, in full view, within what Slack takes."""

import json

import pytest
from hypothesis import given, settings

from integrations.slack.cards import (
    card_message,
    feedback_modal,
    record_modal,
    reject_modal,
    review_modal,
    sentence_modal,
)
from storage.vocabulary import Complaint
from tests.integrations.slack.hostile import TEXTS, Json, card, card_full_of, naughty
from tests.integrations.slack.limits import buttons, check_message, check_view, links, words

PAGES = "https://pm.example"
PLACE = {"channel": "C0GATE", "ts": "1.2"}
NOTHING = dict.fromkeys(("confirm", "reject", "part", "undo", "propose_again"), False)


def said_by(shown: Json, said: str = "") -> str:
    message = card_message(shown, PAGES, said=said)
    check_message(message.text, message.blocks)
    return words(message.blocks)


def test_a_card_says_what_changes_from_what_to_what_and_where_it_stands():
    shown = said_by(card())

    assert "P-248K  Move GATE-52" in shown
    assert "GATE-0 Error codes: finish Thu 5 Mar → Fri 13 Mar" in shown
    assert "Tern Gateway: finish a → b" in shown and "It is yours to confirm." in shown


def test_a_card_has_the_buttons_it_allows_and_each_names_what_it_decides():
    found = buttons(card_message(card(), PAGES).blocks)

    assert list(found) == ["card:confirm", "card:reject", "card:review"]
    assert found["card:confirm"]["style"] == "primary"
    assert all(json.loads(each["value"]) == {"id": "P-248K", "code": "c0de"} for each in found.values())
    assert list(buttons(card_message(card(may=NOTHING | {"undo": True}), PAGES).blocks)) == ["card:undo"]
    assert buttons(card_message(card(may=NOTHING), PAGES).blocks) == {}


def test_after_a_click_what_it_came_to_stands_first():
    assert said_by(card(), said="Done: GATE-52 moved.").startswith("Done: GATE-52 moved.")


@pytest.mark.parametrize(
    ("lines", "more"), [(12, ""), (13, "And 1 more: “Review” shows them."), (2_000, "And 1,988 more")]
)
def test_lines_beyond_twelve_are_counted(lines: int, more: str):
    shown = said_by(card(lines))

    assert shown.count("Error codes: finish") == 12
    assert more in shown and ("more" in shown) is bool(more)


def test_lines_that_have_no_room_are_counted_too():
    shown = said_by(card_full_of("n" * 40_000, lines=12))

    assert "more: “Review” shows them." in shown


def test_what_the_reader_may_not_see_is_said_to_be_there():
    hidden = card()["lines"][0] | {"before": "", "hidden": True}

    assert "what stands there is not yours to see" in said_by(card() | {"lines": [hidden]})


def test_conflicts_and_effects_left_out_are_counted():
    held = card() | {"conflicts": card(9)["lines"], "effects": card()["effects"] * 9}
    shown = said_by(held)

    assert "And 4 more are different by now." in shown and "And 4 more effects." in shown


def test_the_form_shows_every_line_that_fits_and_counts_the_rest():
    view = review_modal(card(100), PLACE)
    shown = words(view["blocks"])

    check_view(view)
    assert shown.count("Error codes: finish") == 60 and "And 40 more, on the card's page." in shown
    assert json.loads(view["private_metadata"]) == {**PLACE, "id": "P-248K", "code": "c0de"}


def test_the_form_shows_longer_values_than_the_card():
    long = card()["lines"][0] | {"after": "word " * 150 + "end"}

    assert "end" in words(review_modal(card() | {"lines": [long]}, PLACE)["blocks"])
    assert "word…" in said_by(card() | {"lines": [long]})


def test_only_who_may_confirm_can_send_the_form():
    assert "submit" in review_modal(card(), PLACE)
    assert "submit" not in review_modal(card(may=NOTHING), PLACE)


def test_words_to_be_recorded_are_kept_as_they_were_said():
    view = record_modal("risk", "See https://jira.example/GATE-31, says a\u200bb", "GATE", PLACE)

    assert view["blocks"][1]["element"]["initial_value"] == "See https://jira.example/GATE-31, says ab"


def test_every_complaint_can_be_chosen():
    view = feedback_modal({"thread": "t", "message": 4})
    check_view(view)

    assert [each["value"] for each in view["blocks"][0]["element"]["options"]] == list(Complaint)


@settings(deadline=None, max_examples=40)
@given(TEXTS)
def test_whatever_is_stored_card_and_forms_are_such_as_slack_takes(text: str):
    _check_all(text)


def test_attacks_neither_break_a_limit_nor_become_a_link():
    for text in naughty():
        _check_all(text)


def _check_all(text: str) -> None:
    full = card_full_of(text)
    for said in ("", text):
        message = card_message(full, PAGES, said=said)
        check_message(message.text, message.blocks)
        assert links(message.blocks) == [("The whole card", f"{PAGES}/proposal/P-248K")]
    for view in (
        review_modal(card_full_of(text, lines=70), PLACE),
        reject_modal(full, PLACE),
        record_modal("risk", text, text, PLACE),
        sentence_modal(text, text),
    ):
        check_view(view)
        assert links(view["blocks"]) == []

"""What a thread keeps, and how a choice is picked."""

import json

import pytest

from assistant.builtin.focus import Focus, Referent, Said
from storage.vocabulary import Level
from tools.facts import Clarification, Option

GATE, HUBGW = Referent(Level.PROJECT, "GATE", "gateway"), Referent(Level.PROJECT, "HUBGW")
OPTIONS = (Option("GATE", "Tern Gateway (GATE)", "project"), Option("HUBGW", "Hub Gateway (HUBGW)", "project"))


def test_all_of_it_survives_as_json() -> None:
    focus = (
        Focus()
        .answered([Said("how is it doing", GATE)], "project_status", [GATE])
        .listing([HUBGW, GATE], 3)
        .put_back([Said("and gateway")], "gateway", Clarification("Which?", OPTIONS))
        .choosing("gateway", OPTIONS[0])
    )

    assert Focus.of(json.loads(json.dumps(focus.kept()))) == focus


@pytest.mark.parametrize(
    "odd", [{"rows": 3}, {"rows": [{"level": "x"}]}, {"question": ["x"]}, {"unlisted": "many"}, None]
)
def test_anything_odd_is_as_good_as_nothing(odd: dict[str, object] | None) -> None:
    assert Focus.of(odd) == Focus()


def test_the_newest_rows_come_first_and_few_are_kept() -> None:
    focus = Focus()
    for number in range(20):
        focus = focus.answered([Said("x")], "project_status", [Referent(Level.PROJECT, f"P{number}")])

    assert [row.key for row in focus.rows[:2]] == ["P19", "P18"]
    assert len(focus.rows) == 12


def test_a_question_that_goes_on_and_on_keeps_its_beginning() -> None:
    focus = Focus().answered([Said(str(number)) for number in range(30)], "list_tasks", [])

    assert focus.question[0].text == "0"
    assert focus.question[-1].text == "29"
    assert len(focus.question) == 6


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("2", "HUBGW"),
        ("the second one", "HUBGW"),
        ("the last", "HUBGW"),
        ("tern", "GATE"),
        ("the hub one pls", "HUBGW"),
    ],
)
def test_an_option_is_picked_by_place_or_name(words: str, key: str) -> None:
    waiting = Focus().put_back([Said("x")], "gateway", Clarification("Which?", OPTIONS))
    picked = waiting.choice(words)

    assert picked is not None
    assert picked.key == key


@pytest.mark.parametrize("words", ["7", "gateway", "what is late in crm?", "neither"])
def test_what_picks_no_option_is_no_choice(words: str) -> None:
    assert Focus().put_back([Said("x")], "gateway", Clarification("Which?", OPTIONS)).choice(words) is None


def test_rows_of_an_earlier_list_stay_until_there_is_a_new_one() -> None:
    focus = Focus().listing([HUBGW, GATE], 0).answered([Said("who owns it")], "task_details", [GATE]).listing([], 0)

    assert focus.placed("second") == GATE
    assert not focus.lists

"""What may be said to a question put back, and what becomes of the question."""

import pytest

from assistant.builtin.focus import Focus, Referent
from assistant.builtin.picking import picked
from storage.vocabulary import Level
from tests.assistant.builtin.conftest import Understand
from tools.facts import Clarification, Option, Refusal

RUTH = "ruth.halloran@quillmere.example"
OPTIONS = (Option("GATE", "Tern Gateway (GATE)", "project"), Option("HUBGW", "Hub Gateway (HUBGW)", "project"))
THREE = (*OPTIONS, Option("CRM", "CRM rollout (CRM)", "project"))


def waiting(options: tuple[Option, ...] = OPTIONS) -> Focus:
    return Focus().put_back([], "gateway", Clarification("Which?", options))


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("2", ["HUBGW"]),
        ("not the first", ["HUBGW"]),
        ("no, not hub", ["GATE"]),
        ("1 and 2", ["GATE", "HUBGW"]),
        ("hub & tern", ["HUBGW", "GATE"]),
        ("both please", ["GATE", "HUBGW"]),
    ],
)
def test_one_or_several_are_picked(words: str, keys: list[str]) -> None:
    options = picked(waiting(), words)

    assert isinstance(options, list | tuple)
    assert [option.key for option in options] == keys


@pytest.mark.parametrize(
    "words",
    [
        "99",
        "0",
        "-1",
        "3",
        "option 99",
        "the fifth",
        "1 or 2",
        "tern or hub",
        "1 and 9",
        "yes",
        "either",
        "the other one",
    ],
)
def test_a_pick_that_misses_leaves_the_question_open(words: str) -> None:
    assert picked(waiting(), words) == Clarification("Choose 1 or 2.", OPTIONS)


@pytest.mark.parametrize("words", ["forget it", "never mind", "ok, cancel", "nothing", "not now", "drop it"])
def test_a_question_can_be_dropped(words: str) -> None:
    said = picked(waiting(), words)

    assert isinstance(said, Refusal)
    assert said.sentence.startswith("All right")


@pytest.mark.parametrize("words", ["no", "none of them", "neither"])
def test_none_of_them_asks_for_more_of_the_name(words: str) -> None:
    said = picked(waiting(), words)

    assert isinstance(said, Clarification)
    assert not said.options


@pytest.mark.parametrize("words", ["what is late in crm?", "where is tern gateway and who owns it", "cancel GATE-31"])
def test_what_is_on_something_else_picks_nothing(words: str) -> None:
    assert picked(waiting(), words) is None


def test_of_three_what_is_left_is_asked_about() -> None:
    assert picked(waiting(THREE), "not the first") == Clarification("Choose 1 or 2.", THREE[1:])


def test_the_other_one_is_the_one_not_talked_about() -> None:
    talked = Focus(subjects=(Referent(Level.PROJECT, "GATE"),)).put_back([], "", Clarification("Which?", OPTIONS))

    assert picked(talked, "the other one") == [OPTIONS[1]]


def test_yes_takes_the_only_option_there_is() -> None:
    assert picked(waiting(OPTIONS[:1]), "yes") == OPTIONS[:1]


def test_without_a_question_that_waits_only_a_never_mind_is_an_answer() -> None:
    assert picked(Focus(), "99") is None
    assert isinstance(picked(Focus(), "never mind"), Refusal)


@pytest.mark.parametrize("aside", ["99", "tell me a joke", "???"])
def test_a_pick_after_a_wrong_one_or_an_aside_still_counts(read_as: Understand, aside: str) -> None:
    asked = read_as("where is gateway", "quillmere", RUTH)
    missed = read_as(aside, "quillmere", RUTH, asked.focus)

    assert read_as("2", "quillmere", RUTH, missed.focus).arguments == {"project": "HUBGW"}


@pytest.mark.parametrize(
    "text", ["whats late in crm rollout and where is gateway?", "where is gateway and whats late in crm rollout?"]
)
def test_the_question_back_to_one_of_two_requests_stays_open(read_as: Understand, text: str) -> None:
    asked = read_as(text, "quillmere", RUTH)
    missed = read_as("3", "quillmere", RUTH, asked.focus)

    assert read_as("2", "quillmere", RUTH, missed.focus).arguments == {"project": "HUBGW"}


def test_a_bare_key_is_a_new_question_and_no_place(read_as: Understand) -> None:
    asked = read_as("where is gateway", "quillmere", RUTH)

    assert read_as("2006", "federal", focus=asked.focus).arguments == {"project": "2006"}

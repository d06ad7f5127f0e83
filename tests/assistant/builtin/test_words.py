"""How a message's words are read: chat spellings, contractions, and clauses in which nothing is asked."""

import pytest

from assistant.builtin.words import is_other_language, read_words, written_out
from tests.assistant.builtin.conftest import Understand
from tools.facts import Refusal

SAM = "sam.okafor@quillmere.example"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tasks w/o owner b4 friday", "tasks without owner before friday"),
        ("due 2day w/ sam", "due today with sam"),
        ("it isn't late, we can't tell", "it is not late, we can not tell"),
        ("they won't and i'm off", "they will not and i am off"),
        ("3 more days, 2 extra hours", "3 days more, 2 hours extra"),
        ("gate-31 and w10 stay", "gate-31 and w10 stay"),
    ],
)
def test_spellings_that_others_would_stumble_over_are_written_out(written: str, meant: str) -> None:
    assert written_out(written) == meant


def test_other_spellings_are_two_words_in_one_place() -> None:
    assert [word.text for word in read_words("wheres it")] == ["where", "is", "it"]


def test_two_small_words_of_another_language_give_it_away() -> None:
    assert is_other_language(["wo", "das", "projekt"])
    assert not is_other_language(["late"])


def test_a_clause_in_which_nothing_is_asked_is_passed_over(read_as: Understand) -> None:
    understood = read_as("which tasks are late in field app? the lift is coming", "quillmere", SAM)

    assert understood.arguments == {"scope": "FIELD", "state": "late"}


def test_a_name_nobody_bears_is_not_passed_over_as_a_clause(read_as: Understand) -> None:
    understood = read_as("zeus: how many tasks are late?", "quillmere", SAM)

    assert isinstance(understood.instead, Refusal)
    assert "zeus" in understood.instead.sentence


def test_what_is_passed_over_beside_money_is_said(read_as: Understand) -> None:
    understood = read_as("budget and actuals of field app for the almanac", "quillmere", SAM)

    assert understood.tool == "finances"
    assert "“almanac”" in understood.note


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("projects within budget", {"level": "project", "where": ["not over_budget"]}),
        ("which projects of tern payments are on time", {"level": "project", "scope": "TERN", "where": ["not late"]}),
        ("projects by client", {"level": "project", "measure": "count", "by": "client"}),
    ],
)
def test_no_condition_is_dropped(read_as: Understand, text: str, arguments: dict[str, object]) -> None:
    assert read_as(text, "quillmere", SAM).arguments == arguments


def test_a_clients_name_stands_for_its_one_project(read_as: Understand) -> None:
    assert read_as("open tasks for avocet", "quillmere", SAM).arguments == {"scope": "AUDIT", "state": "open"}

"""One row for a name, as one reader may see it: matches, questions back, and sentences."""

import pytest

from storage.vocabulary import Level
from tests.firm import Firm
from tools.facts import Clarification, Refusal
from tools.resolve import Match, find_one

WORK = (Level.PORTFOLIO, Level.PROGRAM, Level.PROJECT)


def found(
    firm: Firm, words: str, levels: tuple[Level, ...] = WORK, who: str = "ruth"
) -> Match | Clarification | Refusal:
    with firm.store.reading() as session:
        return find_one(session, firm.reader(who), words, levels)


@pytest.mark.parametrize(
    ("words", "level", "key"),
    [
        ("GATE", Level.PROJECT, "GATE"),
        ("tern gateway", Level.PROJECT, "GATE"),
        ("the Tern Gateway", Level.PROJECT, "GATE"),
        ("crm rolout", Level.PROJECT, "CRM"),
        ("tern", Level.PROGRAM, "TERN"),
        ("client delivery", Level.PORTFOLIO, "DELIVERY"),
    ],
)
def test_a_key_or_a_name_is_one_row(firm: Firm, words: str, level: Level, key: str) -> None:
    match = found(firm, words)

    assert isinstance(match, Match)
    assert (match.level, match.key) == (level, key)


def test_a_part_of_two_names_is_asked_back(firm: Firm) -> None:
    asked = found(firm, "gateway", (Level.PROJECT,))

    assert isinstance(asked, Clarification)
    assert {option.key for option in asked.options} == {"GATE", "HUBGW"}


def test_the_askers_own_work_decides_and_says_what_was_set_aside(firm: Firm) -> None:
    match = found(firm, "gateway", (Level.PROJECT,), who="tomas")

    assert isinstance(match, Match)
    assert (match.key, match.instead_of) == ("GATE", "Hub Gateway")


@pytest.mark.parametrize("words", ["GATE-31", "gate-31", "certificate exchange", "cert exchange"])
def test_a_task_is_found_by_its_key_or_the_words_of_its_name(firm: Firm, words: str) -> None:
    match = found(firm, words, (Level.TASK,))

    assert isinstance(match, Match)
    assert match.key == "GATE-31"


@pytest.mark.parametrize("words", ["tomas.reyes@quillmere.example", "tomás", "Tomas Reyes", "tomas.reyes"])
def test_a_person_is_found_by_e_mail_or_name(firm: Firm, words: str) -> None:
    match = found(firm, words, (Level.PERSON,))

    assert isinstance(match, Match)
    assert match.name == "Tomás Reyes"


def test_of_two_people_the_one_of_own_projects_is_meant(firm: Firm) -> None:
    match = found(firm, "priya", (Level.PERSON,), who="hugo")

    assert isinstance(match, Match)
    assert (match.name, match.instead_of) == ("Priya Menon", "Priya Nair")


@pytest.mark.parametrize("who", ["ruth", "nobody"])
def test_of_two_people_who_are_equally_near_it_is_asked(firm: Firm, who: str) -> None:
    result = found(firm, "priya", (Level.PERSON,), who=who)

    assert not isinstance(result, Match)


def test_me_is_the_asker(firm: Firm) -> None:
    match = found(firm, "me", (Level.PERSON,), who="tomas")

    assert isinstance(match, Match)
    assert match.name == "Tomás Reyes"


def test_nobody_asks_who_they_are(firm: Firm) -> None:
    assert isinstance(found(firm, "me", (Level.PERSON,), who="nobody"), Refusal)


def test_an_unknown_name_is_quoted_with_those_close_to_it(firm: Firm) -> None:
    refusal = found(firm, "Fieldwork app", (Level.PROJECT,))

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "not_found"
    assert "“Fieldwork app”" in refusal.sentence
    assert "Field app" in refusal.sentence


def test_a_name_the_reader_may_not_know_is_answered_like_a_missing_one(firm: Firm) -> None:
    hidden = found(firm, "Tern Gateway", (Level.PROJECT,), who="nobody")
    missing = found(firm, "Torn Gutter", (Level.PROJECT,), who="nobody")

    assert isinstance(hidden, Refusal)
    assert isinstance(missing, Refusal)
    assert hidden.sentence.replace("Tern Gateway", "") == missing.sentence.replace("Torn Gutter", "")


@pytest.mark.parametrize("words", ["", " ", "%", "'; drop table task; --", "\x00", "\ud800", "a" * 100_000])
def test_odd_words_are_no_crash(firm: Firm, words: str) -> None:
    assert isinstance(found(firm, words, (Level.PROJECT, Level.TASK)), Refusal)

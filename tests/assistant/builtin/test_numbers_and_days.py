"""Numbers that nothing can have and money by person are declined; a day in a question of the past sets the clock."""

import pytest

from tests.assistant.builtin.conftest import Understand
from tools.facts import Refusal

RUTH = "ruth.halloran@quillmere.example"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tasks due in year 0", "0"),
        ("tasks due in 0001", "0001"),
        ("tasks due before 1850", "1850"),
        ("tasks due by year 3000", "3000"),
        ("top 0 projects by budget", "top 0"),
        ("top -1 projects by budget", "top -1"),
        ("projects late by more than -5 days", "-5 days"),
        ("tasks due in the next -3 weeks", "-3 weeks"),
        (f"projects with a budget over {'9' * 32}", "9" * 32),
    ],
)
def test_a_number_that_nothing_can_have_is_not_passed_over(read_as: Understand, text: str, said: str) -> None:
    instead = read_as(text, "quillmere", RUTH).instead

    assert isinstance(instead, Refusal) and instead.outcome == "declined"
    assert f"“{said}”" in instead.sentence


@pytest.mark.parametrize(
    ("text", "limit"), [("top 3 projects by budget", 3), (f"top {'9' * 20} projects by budget", 50)]
)
def test_as_many_rows_as_there_can_be_are_shown(read_as: Understand, text: str, limit: int) -> None:
    assert read_as(text, "quillmere", RUTH).arguments["limit"] == limit


@pytest.mark.parametrize(
    "text", ["where was GATE on 2 February 2026", "how did GATE stand on 2026-02-02", "was GATE red on 2 Feb 2026"]
)
def test_a_day_in_a_question_of_the_past_is_its_clock(read_as: Understand, text: str) -> None:
    understood = read_as(text, "quillmere", RUTH)

    assert (understood.tool, str(understood.as_of)) == ("project_status", "2026-02-02")


@pytest.mark.parametrize(
    "text", ["what is due on 1 August", "what was due on 2 February", "what did we finish on 27 Feb"]
)
def test_a_day_that_something_falls_on_is_no_clock(read_as: Understand, text: str) -> None:
    understood = read_as(text, "quillmere", RUTH)

    assert understood.as_of is None
    assert "start" in understood.arguments


@pytest.mark.parametrize(
    "text",
    [
        "how much budget of GATE does Ines eat",
        "hours of Piotr on each project",
        "margin per person",
        "spend on GATE per person",
        "cost per hour on GATE",
        "blended rate on GATE",
    ],
)
def test_money_by_person_or_hour_is_declined_and_not_answered_without_it(read_as: Understand, text: str) -> None:
    instead = read_as(text, "quillmere", RUTH).instead

    assert isinstance(instead, Refusal) and instead.outcome == "declined"


def test_money_is_added_up_by_what_it_is_asked_by(read_as: Understand) -> None:
    arguments = read_as("budget by client", "quillmere", RUTH).arguments

    assert {"measure": "sum", "of": "budget", "by": "client"}.items() <= arguments.items()

"""Turns of phrase that only the whole message tells."""

from typing import Any

import pytest

from tests.assistant.builtin.conftest import OWNER, Understand
from tools.facts import Refusal

SAM = "sam.okafor@quillmere.example"


@pytest.mark.parametrize(
    ("ask", "arguments"),
    [
        ("is field app dearer than crm rollout", {"measure": "max", "of": "planned_cost"}),
        ("is ledger data later than field app", {"measure": "max", "of": "finish"}),
        ("which is shorter, crm rollout or field app", {"measure": "min", "of": "planned_duration"}),
        ("which is bigger, crm rollout or field app", {"measure": "max", "of": "planned_cost"}),
    ],
)
def test_one_row_against_another_asks_for_the_extreme_of_the_two(
    read_as: Understand, ask: str, arguments: dict[str, Any]
) -> None:
    understood = read_as(ask, "quillmere", SAM)

    assert understood.tool == "portfolio_overview"
    assert arguments.items() <= understood.arguments.items()
    assert understood.arguments["where"][0].count("key = ") == 2


def test_rows_that_have_others_in_a_state_are_not_in_it_themselves(read_as: Understand) -> None:
    understood = read_as("which bureaus have late activities", "federal", OWNER)

    assert understood.arguments == {"level": "portfolio", "where": ["tasks_late > 0"]}


def test_under_budget_is_not_over_it(read_as: Understand) -> None:
    understood = read_as("which projects are under budget", "quillmere", SAM)

    assert understood.arguments == {"level": "project", "where": ["not over_budget", "budget present"]}


def test_a_year_that_is_some_projects_key_is_still_a_year(read_as: Understand) -> None:
    understood = read_as("who won the 2012 election", "federal", OWNER)

    assert isinstance(understood.instead, Refusal)
    assert understood.instead.outcome == "declined"

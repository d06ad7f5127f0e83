"""Tools of later issues: they take real arguments, and say what can be asked meanwhile."""

from datetime import date

import pytest

from tools.catalog import BUILT, COMING, TOOLS, find_tool
from tools.facts import Refusal


def test_the_catalogue_holds_every_tool_once():
    names = [tool.name for tool in TOOLS]

    assert len(set(names)) == len(names) == 22
    assert {*BUILT, *COMING} == set(names)


@pytest.mark.parametrize("name", COMING)
def test_what_is_not_built_yet_says_what_to_ask_instead(firm, name):
    refusal = find_tool(name).call(firm.context("ruth"), {})

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "declined"
    assert "yet; you can ask me" in refusal.sentence


def test_its_arguments_are_checked_all_the_same(firm):
    change = find_tool("propose_change")
    wrong = change.call(firm.context("ruth"), {"operation": "drop_tables", "subject": "GATE-31"})

    assert change.arguments(operation="move", subject="GATE-31", value="2026-03-14").operation == "move"
    assert isinstance(wrong, Refusal) and "'operation'" in wrong.sentence
    assert find_tool("forecast").arguments(scope="GATE", date="2026-03-20").date == date(2026, 3, 20)

import inspect

import pytest

from storage.access import Reader
from tests.firm import MONDAY
from tools.catalog import TOOLS, ToolNotFound, find_tool
from tools.context import ToolContext
from tools.facts import Fact, Refusal


def test_an_argument_nobody_knows_is_refused_and_the_known_ones_are_named(firm):
    refusal = find_tool("project_status").call(firm.context("ruth"), {"project": "GATE", "run_as": "admin"})

    assert isinstance(refusal, Refusal)
    assert "run_as" in refusal.sentence and "project" in refusal.sentence


def test_a_missing_argument_is_refused_in_a_sentence(firm):
    assert isinstance(find_tool("task_details").call(firm.context("ruth"), {}), Refusal)


@pytest.mark.parametrize("smuggled", ["reader", "context", "person_id", "asker", "session"])
@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_no_tool_takes_a_principal_as_an_argument(firm, tool, smuggled):
    assert smuggled not in tool.arguments.model_fields
    assert isinstance(tool.call(firm.context("tomas"), {smuggled: 1}), Refusal)


def test_an_administrator_who_knows_only_names_gets_a_sentence(firm):
    result = find_tool("project_status").call(firm.context("niall"), {"project": "GATE"})

    assert isinstance(result, Refusal | Fact)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_tool_says_what_it_answers_and_describes_its_arguments(tool):
    assert tool.description.endswith(".")
    first, *arguments = inspect.signature(tool.function).parameters.values()
    assert first.name == "context"
    assert all(argument.annotation is not inspect.Parameter.empty for argument in arguments)


def test_a_tool_that_does_not_exist_names_those_that_do():
    with pytest.raises(ToolNotFound, match="project_status"):
        find_tool("drop_tables")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("portfolio_overview", {"filter": "late"}), ("list_tasks", {}), ("project_status", {"project": "GATE"})],
)
def test_an_empty_store_is_said_to_be_empty_with_what_fills_it(sqlite_store, tool, arguments):
    refusal = find_tool(tool).call(ToolContext(sqlite_store, Reader(None), MONDAY), arguments)

    assert isinstance(refusal, Refusal) and refusal.outcome == "not_found"
    assert "Nothing is on file yet" in refusal.sentence and "pilothouse import" in refusal.sentence


def test_who_sees_any_project_is_not_told_that_nothing_is_on_file(firm):
    fact = find_tool("list_tasks").call(firm.context("tomas"), {"where": ["name contains zeppelin"]})

    assert isinstance(fact, Fact)

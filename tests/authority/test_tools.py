"""Every tool tells whom it may and nobody else; what is hidden reads like what is not there. New ones need a case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from storage.access import Reader
from tests.authority.conftest import World
from tests.proof.secrets_world import TODAY
from tools.catalog import TOOLS, find_tool
from tools.context import ToolContext
from tools.facts import Refusal

MISSING = {"Plan Con": "Plan Qqq", "CON-1": "CON-99"}


@dataclass(frozen=True)
class Case:
    """A call that tells one person of something that another may not know of: of CON, unless `told` says what."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    may: str = "pm-con"
    may_not: str = "member"
    told: str = ""


CASES = {
    "project_status": Case({"project": "Plan Con"}),
    "portfolio_overview": Case({"scope": "NEAR"}),
    "list_tasks": Case({"scope": "Plan Con"}),
    "my_work": Case({}, may="insider"),
    "task_details": Case({"task": "CON-1"}),
    "finances": Case({"scope": "Plan Con"}),
    "project_schedule": Case({"project": "Plan Con"}),
    "utilisation": Case({"scope": "insider@example.org"}, may_not="guest", told="Insider Person"),
    "find_people": Case({"skill": "python"}, may="member", may_not="guest", told="Teammate Person"),
    "capacity": Case({"scope": "Plan Con"}),
    "surface_risks": Case({"scope": "Plan Con"}),
    "propose_change": Case({"operation": "set_health", "subject": "Plan Con", "value": "amber"}),
    "record_update": Case({"subject": "CON-1", "kind": "note", "value": "Fine."}, may="insider"),
}
# They answer nobody yet; once one does it needs a case.
COMING = {
    "forecast", "explain_change", "benefits", "find_lessons", "draft_plan", "propose_reallocation", "what_if",
    "select_portfolio", "weekly_brief",
}  # fmt: skip


def call(world: World, name: str, person: str | None, arguments: Mapping[str, Any]) -> Any:
    reader = Reader(world.person(person).id if person else None)
    return find_tool(name).call(ToolContext(world.application.store, reader, TODAY), dict(arguments))


def test_every_tool_has_a_case() -> None:
    assert {tool.name for tool in TOOLS} == set(CASES) | COMING


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_tells_whom_it_may_and_nobody_else(world: World, name: str) -> None:
    case = CASES[name]

    told, untold = (repr(call(world, name, person, case.arguments)) for person in (case.may, case.may_not))

    assert (case.told or world.told) in told, told
    assert (case.told or world.told) not in untold
    assert not [mark for mark in world.marks if case.may_not not in mark.seen_by and mark.text in untold]


@pytest.mark.parametrize("name", sorted(CASES))
def test_an_outsider_is_told_of_nothing_inside(world: World, name: str) -> None:
    told = repr(call(world, name, None, CASES[name].arguments))

    assert not [mark for mark in world.marks if "outsider" not in mark.seen_by and mark.text in told]


@pytest.mark.parametrize(
    "name", sorted(name for name, case in CASES.items() if set(case.arguments.values()) & {*MISSING})
)
def test_what_is_hidden_reads_like_what_is_not_there(world: World, name: str) -> None:
    case = CASES[name]
    missing = {label: MISSING.get(value, value) for label, value in case.arguments.items()}

    hidden, gone = (repr(call(world, name, case.may_not, each)) for each in (case.arguments, missing))

    named, close = re.compile("CON-99|CON-1|Plan Qqq|Plan Con"), re.compile(r"Plan (?:Int|Pub)(?: \w+)?")
    hidden, gone = (close.sub("Y", named.sub("X", text)) for text in (hidden, gone))  # the closest comes first
    assert hidden == gone


@pytest.mark.parametrize("name", sorted(COMING))
def test_what_is_coming_answers_nobody(world: World, name: str) -> None:
    result = call(world, name, "pm-con", {})

    assert isinstance(result, Refusal)
    assert result.outcome == "declined"

"""Which tool a message is for: the classifier's odds, moved by what the query was seen to hold."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.builtin.intent import FOREIGN
from assistant.builtin.query import QUERIED, InState, Query
from storage.vocabulary import Level
from tools.catalog import TOOLS
from tools.resolve import Match

MONEY = frozenset(
    {
        *("budget", "budget_left", "actual_cost", "eac", "earned", "spi", "cpi", "margin", "revenue"),
        *("contract_value", "money"),
    }
)


@dataclass(frozen=True)
class Evidence:
    """What a query holds, with the tools it speaks for (or, below zero, against), in log odds."""

    name: str
    weights: Mapping[str, float]


def route(
    query: Query, scope: Match | None, chances: Mapping[str, float], foreign_words: frozenset[str] = frozenset()
) -> dict[str, float]:
    """The chance of every tool, and of none, once the evidence is in."""
    scores = {tool: math.log(max(chance, _LEAST)) for tool, chance in chances.items()}
    for evidence in gather(query, scope, foreign_words):
        for tool, weight in evidence.weights.items():
            scores[tool] = scores.get(tool, math.log(_LEAST)) + weight
    highest = max(scores.values())
    shares = {tool: math.exp(score - highest) for tool, score in scores.items()}
    total = sum(shares.values())
    return {tool: share / total for tool, share in shares.items()}


def gather(query: Query, scope: Match | None, foreign_words: frozenset[str] = frozenset()) -> Iterator[Evidence]:
    """All evidence in a query; `scope` is the row it is about. What the words say the classifier knows already."""
    yield from _of_level(query)
    yield from _of_people(query)
    yield from _of_fields(query, scope)
    if query.is_analytic or (query.asked and scope is not None):
        yield Evidence("a question of the data", {tool: -1.0 for tool in _FILLED if tool not in query.topics})
    if scope is None and query.names_expected and query.unknown and foreign_words.isdisjoint(query.unknown):
        yield Evidence("a name nobody bears", {FOREIGN: -1.6, "project_status": 0.4})


def _of_level(query: Query) -> Iterator[Evidence]:
    strength = 1.0 + 0.8 * query.plural + 1.2 * query.is_analytic + 0.4 * bool(query.conditions or query.asked)
    states = {each.state for each in query.conditions if isinstance(each, InState)}
    if query.level is Level.TASK and query.task is None:
        yield Evidence("tasks asked for", {"list_tasks": strength})
    elif query.level is not None and query.task is None:
        yield Evidence(f"{query.level}s asked for", {"portfolio_overview": 1.2 * strength})
    elif query.is_analytic and (query.of or query.sort or query.group):
        yield Evidence("a measured field", {"portfolio_overview": 3.2, "list_tasks": 1.6, "finances": -4.8})
    elif "blocked" in states and query.task is None:
        yield Evidence("what is blocked", {"list_tasks": 2.8, "project_status": -0.8})


def _of_people(query: Query) -> Iterator[Evidence]:
    if query.person_role == "manager":
        yield Evidence("what somebody manages", {"portfolio_overview": 4.0, "my_work": -1.0})
    elif query.people and query.level in (None, Level.TASK) and not query.is_analytic:
        yield Evidence("a person", {"my_work": 0.8})
    if query.mine:
        yield Evidence("mine", {"my_work": 1.2, "list_tasks": -0.4})


def _of_fields(query: Query, scope: Match | None) -> Iterator[Evidence]:
    money = MONEY & set(query.asked)
    if scope is not None and query.asked and query.level is None and not query.is_analytic and len(money) < 2:
        strength = 6.0 if query.by_label else 4.4
        yield Evidence(
            "a field of one row", {"portfolio_overview": strength, "project_status": -0.4, "project_schedule": -1.5}
        )
    elif money and not query.is_analytic and query.level is None:
        yield Evidence("money", {"finances": 3.3, "portfolio_overview": -1.2})


_FILLED = frozenset(tool.name for tool in TOOLS) - QUERIED
_LEAST = 1e-4  # the chance below which a tool is no likelier than any other

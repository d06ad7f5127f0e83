"""Which tool a message is for: the classifier's odds, moved by what the query was seen to hold."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.builtin.intent import FOREIGN
from assistant.builtin.query import InState, Query
from storage.vocabulary import Level
from tools.catalog import COMING
from tools.names import How
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
    scores = {tool: math.log(max(chance, 1e-4)) for tool, chance in chances.items()}
    for evidence in (*gather(query, scope), *_of_unknown_names(query, scope, foreign_words)):
        for tool, weight in evidence.weights.items():
            scores[tool] = scores.get(tool, math.log(1e-4)) + weight
    highest = max(scores.values())
    shares = {tool: math.exp(score - highest) for tool, score in scores.items()}
    total = sum(shares.values())
    return {tool: share / total for tool, share in shares.items()}


def gather(query: Query, scope: Match | None) -> Iterator[Evidence]:
    """All evidence in a query; `scope` is the row it is about."""
    yield from _of_level(query)
    yield from _of_names(query, scope)
    yield from _of_fields(query, scope)
    if query.is_analytic or (query.asked and scope is not None):
        later = {tool: -3.0 for tool in COMING if tool not in query.topics}
        yield Evidence("a question of the data", later | {FOREIGN: -2.0})
    if query.topics:
        yield Evidence("topic", dict.fromkeys(query.topics, 5.0) | {FOREIGN: -1.0})
    if query.mine:
        yield Evidence("mine", {"my_work": 3.0, "portfolio_overview": -0.5, "list_tasks": -1.0})


def _of_level(query: Query) -> Iterator[Evidence]:
    strength = 2.5 + 2.0 * query.plural + 3.0 * query.is_analytic + 1.0 * bool(query.conditions or query.asked)
    if query.level is Level.TASK and query.task is None:
        yield Evidence("tasks asked for", {"list_tasks": strength, FOREIGN: -strength})
    elif query.level is not None and query.task is None:
        yield Evidence(f"{query.level}s asked for", {"portfolio_overview": strength, FOREIGN: -strength})
    elif query.is_analytic and (query.of or query.sort or query.group):
        measured = {"portfolio_overview": 4.0, "list_tasks": 2.0, "finances": -6.0, FOREIGN: -3.0}
        yield Evidence("a measured field", measured)
    states = {each.state for each in query.conditions if isinstance(each, InState)}
    if states & {"red", "amber", "green", "green_not_green", "over_budget"}:
        yield Evidence("health asked for", {"portfolio_overview": 2.5, "project_status": 1.0, FOREIGN: -2.0})
    elif "blocked" in states and query.level is None and query.task is None:
        yield Evidence("what is blocked", {"list_tasks": 7.0, "project_status": -2.0, FOREIGN: -2.0})
    elif states and not query.level:
        yield Evidence("a state asked for", {"portfolio_overview": 0.7, "list_tasks": 0.7, FOREIGN: -0.7})


def _of_names(query: Query, scope: Match | None) -> Iterator[Evidence]:
    if query.task is not None or query.task_match is not None:
        yield Evidence(
            "a task's key", {"task_details": 6.0, "record_update": 2.5, "propose_change": 2.5, FOREIGN: -4.0}
        )
    if query.person_role == "manager":
        yield Evidence("what somebody manages", {"portfolio_overview": 4.0, "my_work": -1.0, FOREIGN: -2.0})
    elif query.people and query.level in (None, Level.TASK) and not query.is_analytic:
        yield Evidence("a person", {"my_work": 2.0, FOREIGN: -1.0})
    if scope is None:
        return
    sure = _sureness(query)
    if scope.level is Level.PROJECT:
        weights = {"project_status": 2.0, "finances": 1.0, "portfolio_overview": -1.0, FOREIGN: -4.0}
        yield Evidence("a project", {tool: sure * weight for tool, weight in weights.items()})
    else:
        weights = {"portfolio_overview": 2.5, "finances": 1.0, "project_status": -3.0, FOREIGN: -4.0}
        yield Evidence("a program or portfolio", {tool: sure * weight for tool, weight in weights.items()})


def _of_unknown_names(query: Query, scope: Match | None, foreign_words: frozenset[str]) -> Iterator[Evidence]:
    """Words nobody has heard of, where a name would stand, are a name; those of other fields are not."""
    if scope is None and query.names_expected and query.unknown and foreign_words.isdisjoint(query.unknown):
        yield Evidence("a name nobody bears", {FOREIGN: -2.5, "project_status": 1.0})


def _sureness(query: Query) -> float:
    """How sure it is that the words are a name at all: one word of many may be a plain word."""
    hits = [scope.hits[0] for scope in query.scopes]
    sure = not hits or any(hit.how > How.PART for hit in hits)
    return 1.0 if sure else min(1.0, 3.0 * max(hit.cover for hit in hits))


def _of_fields(query: Query, scope: Match | None) -> Iterator[Evidence]:
    money = MONEY & set(query.asked)
    if scope is not None and query.asked and query.level is None and not query.is_analytic and len(money) < 2:
        strength = 12.0 if query.by_label else 8.0
        yield Evidence("a field of one row", {"portfolio_overview": strength, "project_status": -1.0, FOREIGN: -2.0})
    elif money and not query.is_analytic and query.level is None:
        yield Evidence("money", {"finances": 5.5, "portfolio_overview": -2.0, FOREIGN: -1.0})

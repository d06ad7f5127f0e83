"""Two or three questions that could come next, chosen by what the answer's facts hold; each of them can be answered."""

from collections.abc import Iterator
from functools import singledispatch

from rapidfuzz import fuzz

from tools.facts import Fact, Figure
from tools.finances import Finances
from tools.measurement import Measurement
from tools.names import plain
from tools.portfolio import PortfolioOverview
from tools.status import ProjectStatus
from tools.tasks import TaskList
from tools.work import MyWork, TaskDetails

MOST = 3
_SAME = 80  # per cent of likeness from which a suggestion is the question again


def suggest(fact: Fact, question: str) -> list[str]:
    """What to ask next, without what was asked."""
    asked = plain(question)
    fresh = [each for each in dict.fromkeys(_next(fact)) if fuzz.token_set_ratio(plain(each), asked) < _SAME]
    return fresh[:MOST]


@singledispatch
def _next(fact: Fact) -> Iterator[str]:
    yield from ()


@_next.register
def _(fact: ProjectStatus) -> Iterator[str]:
    name = fact.name.value
    if _count(fact.tasks_late):
        yield f"Which tasks of {name} are late?"
    if _count(fact.tasks_blocked):
        yield f"Which tasks of {name} are blocked?"
    if fact.spent or fact.budget:
        yield f"Burn vs budget on {name}?"
    if fact.manager:
        yield f"Who manages {name}?"
    yield f"How many open tasks does {name} have?"


@_next.register
def _(fact: PortfolioOverview) -> Iterator[str]:
    where = f" in {fact.scope.value}" if fact.scope else ""
    said = str(fact.conditions.value) if fact.conditions else ""
    lines = list(fact.rows.values())
    is_of_projects = fact.level.value == "project"
    if (is_of_projects and len(lines) > 1) or (said and lines):
        yield f"How is {lines[0].name.value} doing?"
    if "late" not in said and len(lines) != 1:
        yield f"Which projects{where} are late?"
    if "over budget" not in said and fact.money and len(lines) != 1:
        yield f"Which projects{where} are over budget?"
    if is_of_projects and len(lines) == 1:
        yield f"Which tasks of {lines[0].name.value} are late?"
        yield f"How is {lines[0].name.value} doing?"
    yield f"How many open tasks are there{where}?"


@_next.register
def _(fact: TaskList) -> Iterator[str]:
    said = str(fact.conditions.value) if fact.conditions else ""
    where = f" of {fact.scope.value}" if fact.scope else ""
    yield from (f"What do the records say of {key}?" for key in list(fact.rows)[:1] if "-" in key)
    if "late" not in said:
        yield f"Which tasks{where} are late?"
    yield f"How many open tasks{where} are there by project?" if not where else f"How many open tasks are there{where}?"


@_next.register
def _(fact: MyWork) -> Iterator[str]:
    yield from (f"What do the records say of {key}?" for key in list(fact.rows)[:1])
    yield f"What is on {fact.person.value}'s plate next week?"


@_next.register
def _(fact: TaskDetails) -> Iterator[str]:
    yield f"How is {fact.project.value} doing?"
    yield f"Which tasks of {fact.project.value} are late?"


@_next.register
def _(fact: Finances) -> Iterator[str]:
    if _count(fact.projects) > 1:
        where = f" in {fact.scope.value}" if fact.level.value != "everything" else ""
        yield f"Which projects{where} are over budget?"
        yield f"Which projects{where} are late?"
    else:
        yield f"How is {fact.scope.value} doing?"
        yield f"Which tasks of {fact.scope.value} are late?"


@_next.register
def _(fact: Measurement) -> Iterator[str]:
    where = f" in {fact.scope.value}" if fact.scope else ""
    yield f"Which projects{where} are late?"
    yield f"How many open tasks are there{where}?"


def _count(figure: Figure | None) -> int:
    return int(figure.value) if figure and isinstance(figure.value, int) else 0

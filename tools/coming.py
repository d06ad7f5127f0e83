"""The tools of later issues: their names, arguments and sentences stand; each says what to ask meanwhile."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Annotated, Concatenate, Literal, ParamSpec

from tools.context import ToolContext
from tools.facts import Refusal

P = ParamSpec("P")
Declared = Callable[Concatenate[ToolContext, P], None]
Declining = Callable[Concatenate[ToolContext, P], Refusal]

Scope = Annotated[str | None, "key or name of a portfolio, program, project, client or practice; all by default"]
Person = Annotated[str | None, "name, key or e-mail of a person"]
Start = Annotated[date | None, "first day of a window, ISO"]
End = Annotated[date | None, "last day of a window, ISO"]
Money = Annotated[Decimal | None, "money in major units"]
Heads = Annotated[float | None, "how many people, full time"]


def coming(does: str, instead: str) -> Callable[[Declared[P]], Declining[P]]:
    """Makes a declared tool one that says it cannot do that yet, and what can be asked instead."""
    sentence = f"I cannot {does} yet; you can ask me {instead}."

    def declining(declared: Declared[P]) -> Declining[P]:
        @wraps(declared)
        def decline(context: ToolContext, /, *args: P.args, **kwargs: P.kwargs) -> Refusal:
            return Refusal("declined", sentence)

        return decline

    return declining


@coming("forecast dates, costs or chances", "where a project stands, with its planned and promised finish")
def forecast(
    context: ToolContext,
    scope: Scope = None,
    date: Annotated[date | None, "the day whose chance is asked for, ISO"] = None,
    budget: Annotated[Decimal | None, "the cost whose chance is asked for, in major units"] = None,
) -> None:
    """Likely and safe finish and cost, the chance of a date or a budget, what drives it, and our own record."""


@coming("explain why a date or a cost moved", "what is late or blocked on a project")
def explain_change(
    context: ToolContext,
    scope: Scope = None,
    since: Annotated[date | None, "the day compared with, ISO; by default the last review"] = None,
) -> None:
    """Why a finish or a cost moved since a day, in causes that add up to the shift."""


@coming("follow benefits and goals", "how a program is doing, or what its projects cost")
def benefits(context: ToolContext, scope: Scope = None, start: Start = None, end: End = None) -> None:
    """Benefits planned, measured and forecast; goals without projects, and projects without goals."""


@coming("search the lessons of past projects", "which projects are done, and how long their tasks took")
def find_lessons(
    context: ToolContext, topic: Annotated[str | None, "what the lessons should be about, in words"] = None
) -> None:
    """Lessons of past projects on a topic, with their source and outcome."""


@coming("draft plans", "which tasks a project like it has, and how long they were planned to take")
def draft_plan(
    context: ToolContext,
    name: Annotated[str | None, "what the plan is for, in words"] = None,
    project: Annotated[str | None, "key or name of the project, where it is on file already"] = None,
    client: Annotated[str | None, "the client it is for"] = None,
    like: Annotated[str | None, "key or name of a past project to go by"] = None,
    people: Heads = None,
    start: Start = None,
    end: Annotated[date | None, "the day it should be done, ISO"] = None,
    days: Annotated[int | None, "how many calendar days it may take"] = None,
    budget: Money = None,
) -> None:
    """Draft a plan from a brief: work breakdown, links, effort, owners, dates, cost and open questions."""


@coming("propose who could take over work", "what is on somebody's plate, and what is late there")
def propose_reallocation(
    context: ToolContext,
    scope: Scope = None,
    person: Person = None,
    start: Start = None,
    end: End = None,
    days: Annotated[int | None, "calendar days to win back"] = None,
) -> None:
    """Propose how to mend an overload, a clash or a late finish by moving work, with before and after."""


@coming("calculate what-if scenarios", "where a project stands today, or what a task holds up")
def what_if(
    context: ToolContext,
    operation: Annotated[
        Literal[
            "delay",
            "set_duration",
            "set_effort",
            "stop",
            "win",
            "cut_scope",
            "grow_scope",
            "add_people",
            "remove_person",
            "absence",
            "assign",
            "set_availability",
            "set_budget",
            "set_rate",
        ]
        | None,
        "what is supposed to happen",
    ] = None,
    subject: Annotated[str | None, "key of the task or project, or e-mail of the person, it happens to"] = None,
    value: Annotated[str | None, 'how much or to whom: "3 weeks", "5%", "2 people", an ISO date, a key'] = None,
    start: Start = None,
    end: End = None,
) -> None:
    """Compare a supposed change with today: what would slip, who would be overloaded, what it would cost."""


@coming("choose which projects to fund", "what projects cost, and which are late or over budget")
def select_portfolio(
    context: ToolContext,
    budget: Money = None,
    people: Heads = None,
    start: Start = None,
    end: End = None,
    scope: Scope = None,
    subject: Annotated[str | None, "key of a candidate whose place in the choice is asked about"] = None,
) -> None:
    """The best set of candidates under money and people's time, the near misses, and what they would take."""


@coming("write the weekly brief", "which projects are late, red or over budget")
def weekly_brief(
    context: ToolContext,
    scope: Scope = None,
    week: Annotated[str | None, "an ISO week such as 2026-W10; this week by default"] = None,
) -> None:
    """The weekly brief of a portfolio, program, project or practice: verdict, decisions wanted, what moved."""

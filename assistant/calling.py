"""One tool called as the asker, and what its result means for the Answer; both kinds of model end here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any

from sqlmodel import Session

from assistant.answer import Question, ToolCall
from assistant.approvals import keep
from storage.directory import plan_calendar
from storage.engine import Store
from storage.selection.frames import Clock, Selection
from storage.selection.rows import clocks
from storage.vocabulary import Level
from tools.catalog import find_tool
from tools.context import DeadlinePassed, ToolContext
from tools.facts import Fact, Figure, Refusal, ToolResult, Unit
from tools.finances import Finances
from tools.names import NameIndex
from tools.proposing import ChangeProposal
from tools.readings import warm
from tools.resolve import Match, find_one
from tools.timewords import parse_times


@dataclass(frozen=True)
class Called:
    """What a tool gave, and how it was called."""

    result: ToolResult
    call: ToolCall


def call_tool(
    store: Store,
    question: Question,
    index: NameIndex,
    name: str,
    arguments: Mapping[str, Any],
    *,
    as_of: date | None = None,
    deadline: float | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Called:
    """The tool's result for the asker; `as_of` is the day the message set the clock to."""
    context = ToolContext(
        store=store,
        reader=question.reader,
        today=question.today,
        as_of=as_of or question.as_of,
        deadline=deadline,
        cancelled=cancelled,
    )
    started = perf_counter()
    warm(store, context.today, as_of=context.as_of, project_ids=_reach(context, arguments, index))
    result: ToolResult
    try:
        result = find_tool(name).call(context, dict(arguments))
    except DeadlinePassed as late:
        result = Refusal("declined", str(late))
    if isinstance(result, ChangeProposal) and question.onlooker_id:
        result = Refusal("declined", "Whoever looks through another's eyes cannot propose anything for them.")
    if isinstance(result, ChangeProposal):
        result = keep(store, question.reader, result, surface=question.surface)
    spent = (perf_counter() - started) * 1000
    return Called(result, ToolCall(name=name, arguments=dict(arguments), ms=round(spent, 1)))


def day_of(session: Session, question: Question) -> date:
    """What "today" and "next month" mean: the frozen clock, else the day of the data where all of it is a snapshot."""
    everything = Selection(Level.PROJECT, Clock(question.today))
    return question.as_of or clocks(session, question.reader, everything)[0]


def settle_arguments(
    session: Session, question: Question, index: NameIndex, name: str, arguments: Mapping[str, Any], today: date
) -> dict[str, Any]:
    """Arguments as a model wrote them, without empty ones, with time words as days; raises ArgumentsMisfit.

    What means nothing, or more than one thing, stays as it is: the tool itself says so.
    """
    tool = find_tool(name)
    settled = {label: value for label, value in arguments.items() if value not in (None, "")}
    for label in tool.days & settled.keys():
        settled[label] = _day(session, label, settled[label], today)
    tool.checked(settled)
    if isinstance(settled.get("owner"), str):
        match = find_one(session, question.reader, settled["owner"], (Level.PERSON,))
        row = index.row(Level.PERSON, match.id) if isinstance(match, Match) else None
        settled["owner"] = (row.email or row.key) if row else settled["owner"]
    return settled


def as_resolved(call: ToolCall, fact: Fact, index: NameIndex) -> ToolCall:
    """The call with the names as the tool took them: by key, a person by e-mail."""
    taken = {label: key for label in call.arguments if (key := _taken(label, fact, index)) is not None}
    return call.model_copy(update={"arguments": {**call.arguments, **taken}})


def _taken(label: str, fact: Fact, index: NameIndex) -> Any:
    """What the fact says an argument was; None where it does not say."""
    figure = getattr(fact, _KEYS.get(label, ""), None)
    if isinstance(figure, Figure) and figure.unit == Unit.KEY:
        return figure.value
    if label == "person":
        keys = (source.id.partition(":")[2] for source in fact.sources if source.kind == "person")
        row = next((row for key in keys if (row := index.by_key(Level.PERSON, key))), None)
        return (row.email or row.key) if row else None
    if label == "scope" and isinstance(fact, Finances):
        place = fact.scope.value, fact.level.value
        return next((row.key for row in index.rows if (row.label, row.level) == place), None)
    return None


_KEYS = {"project": "project", "task": "task", "scope": "scope_key"}  # arguments, and the fields that hold their key
_ENDS = frozenset({"end", "date"})  # arguments that mean the last day of "next week"


def _day(session: Session, label: str, value: Any, today: date) -> Any:
    """The day that time words mean; anything else stays as it is."""
    if not isinstance(value, str):
        return value
    calendar = plan_calendar(session)
    spans = parse_times(
        value.lower(),
        today,
        calendar.fiscal_year_start_month,
        calendar.week_start,
        month_first=calendar.month_first,
    )
    if len(spans) != 1 or spans[0].problem:
        return value
    day = spans[0].last if label in _ENDS else spans[0].first
    day = day or spans[0].first or spans[0].last
    return day.isoformat() if day else value


def _reach(context: ToolContext, arguments: Mapping[str, Any], index: NameIndex) -> list[int] | None:
    """The projects whose figures the answer needs; None for all. Only a frozen clock is worth the narrowing."""
    key = arguments.get("project") or arguments.get("scope")
    if context.as_of is None or not isinstance(key, str):
        return None
    named = (index.by_key(level, key) for level in (Level.PROJECT, Level.PROGRAM, Level.PORTFOLIO))
    within = [row for found in named if found for row in (found, *index.children(found))]
    return [row.id for row in within if row.level is Level.PROJECT] or None

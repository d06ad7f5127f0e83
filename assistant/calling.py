"""One tool called as the asker, and what its result means for the Answer; both kinds of model end here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any

from sqlmodel import Session

from assistant.answer import Question, ToolCall
from storage.engine import Store
from storage.selection.frames import Clock, Selection
from storage.selection.rows import clocks
from storage.vocabulary import Level
from tools.catalog import find_tool
from tools.context import DeadlinePassed, ToolContext
from tools.facts import Refusal, ToolResult
from tools.names import NameIndex
from tools.readings import warm


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
) -> Called:
    """The tool's result for the asker; `as_of` is the day the message set the clock to."""
    context = ToolContext(store=store, reader=question.reader, today=question.today, as_of=as_of or question.as_of)
    started = perf_counter()
    warm(store, context.today, as_of=context.as_of, project_ids=_reach(context, arguments, index))
    result: ToolResult
    try:
        result = find_tool(name).call(context, dict(arguments))
    except DeadlinePassed as late:
        result = Refusal("declined", str(late))
    spent = (perf_counter() - started) * 1000
    return Called(result, ToolCall(name=name, arguments=dict(arguments), ms=round(spent, 1)))


def day_of(session: Session, question: Question) -> date:
    """What "today" and "next month" mean: the frozen clock, else the day of the data where all of it is a snapshot."""
    everything = Selection(Level.PROJECT, Clock(question.today))
    return question.as_of or clocks(session, question.reader, everything)[0]


def _reach(context: ToolContext, arguments: Mapping[str, Any], index: NameIndex) -> list[int] | None:
    """The projects whose figures the answer needs; None for all. Only a frozen clock is worth the narrowing."""
    key = arguments.get("project") or arguments.get("scope")
    if context.as_of is None or not isinstance(key, str):
        return None
    named = (index.by_key(level, key) for level in (Level.PROJECT, Level.PROGRAM, Level.PORTFOLIO))
    within = [row for found in named if found for row in (found, *index.children(found))]
    return [row.id for row in within if row.level is Level.PROJECT] or None

"""Fills the arguments of a tool from a message, by a description of each; nobody is asked back about a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.builtin.filling.cues import cues
from assistant.builtin.filling.operations import Operation
from assistant.builtin.filling.renumbering import renumbered
from assistant.builtin.filling.said import Said
from assistant.builtin.filling.slots import (
    Choice,
    Day,
    Ends,
    Heads,
    Hours,
    Length,
    Money,
    Part,
    Person,
    Place,
    Role,
    Slot,
    Told,
    Week,
    Window,
    Words,
)
from assistant.builtin.message import Message
from assistant.builtin.pieces import Piece
from assistant.builtin.query import Query
from storage.vocabulary import Level
from tools.resolve import Match

SLOTS: Mapping[str, tuple[Slot, ...]] = {
    "find_people": (Words("skill", "skill", places=False), Window(), Hours()),
    "utilisation": (
        Place(practices=True, people=True, offices=True),
        Window(),
        Choice("about"),
        Told(),
        Choice("by"),
    ),
    "capacity": (Place(practices=True), Role(), Window()),
    "project_schedule": (Place("project", of_tasks=True, levels=(Level.PROJECT,)), Part()),
    "forecast": (Place(of_tasks=True), Day("date"), Money()),
    "explain_change": (Place(of_tasks=True), Day("since", past=True)),
    "benefits": (Place(), Window()),
    "surface_risks": (Place(practices=True),),
    "find_lessons": (Words("topic", "topic", carries=True),),
    "draft_plan": (
        Words("name", "name"),
        Place("project", levels=(Level.PROJECT,)),
        Heads(),
        Ends(),
        Length(),
        Money(),
    ),
    "propose_reallocation": (Place(practices=True, of_tasks=True), Person(), Window(), Length()),
    "what_if": (Operation("what_if"),),
    "select_portfolio": (
        Money(),
        Heads(),
        Window(),
        Place("subject", levels=(Level.PROJECT,)),
        Place(levels=(Level.PROGRAM, Level.PORTFOLIO)),
    ),
    "propose_change": (Operation("propose_change"),),
    "record_update": (Operation("record_update", "kind"),),
    "weekly_brief": (Place(practices=True), Week()),
}


@dataclass(frozen=True)
class Filled:
    """The arguments of a tool, how they read, the row they are about, and what keys in them are called."""

    arguments: dict[str, Any]
    understood: str
    subject: Match | None
    names: Mapping[str, str]


def fill(message: Message, tool: str, text: str, query: Query, pieces: Sequence[Piece], scope: Match | None) -> Filled:
    """What the message says of each argument of the tool; what it does not say is left out."""
    said = Said(message, text, query, pieces, scope)
    arguments: dict[str, Any] = {}
    for slot in SLOTS[tool]:
        for name, value in slot.read(said):
            arguments.setdefault(name, value)
    if (earlier := said.earlier) and text not in {each.text for each in message.focus.question}:
        before = {name: value for slot in SLOTS[tool] for name, value in slot.read(earlier)}
        arguments = dict(renumbered(said, before)) | arguments
    keys = {str(value) for value in arguments.values()}
    subject = next((match for match in said.rows if said.address(match) in keys), None)
    names = {said.address(match): match.name for match in said.rows} | dict([said.practice] if said.practice else [])
    return Filled(arguments, echo(tool, arguments, names), subject, names)


def echo(tool: str, arguments: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """How a message was understood, in one sentence: "A forecast for Tern Gateway: by 20 March 2026."."""
    about = next((label for label in _ABOUT if label in arguments), None)
    opening = f"{cues()['echoes'][tool]} for {_shown(arguments[about], names)}" if about else cues()["echoes"][tool]
    details = ", ".join(
        _PREPOSITIONS.get(label, f"{label} {{}}").format(_percent(value) if label in _SHARES else _shown(value, names))
        for label, value in arguments.items()
        if label != about
    )
    return f"{opening}: {details}." if details else f"{opening}."


def _shown(value: Any, names: Mapping[str, str]) -> str:
    day = _day(value)
    return f"{day.day} {day:%B %Y}" if day else names.get(str(value), str(value).replace("_", " "))


def _percent(share: float) -> str:
    return f"{share * 100:g} %"


def _day(value: Any) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


_ABOUT = ("project", "scope", "person", "subject", "skill", "topic", "name")
_SHARES = ("compared_with",)
_PREPOSITIONS = {
    "start": "from {}",
    "end": "until {}",
    "since": "since {}",
    "date": "on {}",
    "hours": "{} hours",
    "people": "{} people",
    "about": "{}",
    "by": "by {}",
    "compared_with": "against {}",
    "days": "{} days",
    "operation": "{}",
    "kind": "{}",
    "value": "“{}”",
}

"""What a message asks for: a tool with its arguments, a question back, or an honest no. No language model."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from assistant.builtin import replies
from assistant.builtin.deciding import Decision, decide
from assistant.builtin.focus import Focus
from assistant.builtin.following import with_what_came_before
from assistant.builtin.message import Instead, Message
from assistant.builtin.naming import said
from assistant.builtin.query import Query
from assistant.builtin.vocabulary import Vocabulary
from storage.access import Reader
from tools.facts import Clarification, Refusal
from tools.names import NameIndex, plain
from tools.resolve import Match

LONGEST = 4_000  # characters of a message that are considered


@dataclass(frozen=True)
class Understanding:
    """Either `tool` with `arguments`, or `instead`: the question back or the refusal that takes the tool's place.

    `as_of` is the day the message set the clock to. `focus` is what the thread keeps for the next message.
    """

    tool: str | None
    arguments: dict[str, Any] = field(default_factory=dict)
    understood: str = ""
    confidence: float = 0.0
    instead: Clarification | Refusal | None = None
    as_of: date | None = None
    note: str = ""  # which reading was taken where two were close: "I took “gateway” as Tern Gateway, not Hub Gateway."
    focus: dict[str, Any] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()


def understand(
    text: str,
    *,
    session: Session,
    reader: Reader,
    index: NameIndex,
    today: date,
    focus: dict[str, Any] | None = None,
) -> Understanding:
    """Read one message as this reader would mean it."""
    seen, considered = index.seen_by(session, reader), text[:LONGEST]
    vocabulary = Vocabulary.of(session, reader, seen)
    message = Message(session, reader, seen, today, Focus.of(focus), considered, vocabulary)
    answer = _understood(message, plain(considered))
    if len(text) > LONGEST:
        note = replies.cut_note(len(text), LONGEST)
        return replace(answer, note=f"{answer.note} {note}".strip(), instead=_with_note(answer.instead, note))
    return answer


def _understood(message: Message, text: str) -> Understanding:
    asked = text
    try:
        if not re.search(r"[^\W_]", text):
            raise Instead(replies.unclear())
        asked = _with_choice(message, text)
        whole, query, pieces = with_what_came_before(message, asked)
        return _answered(message, whole, query, decide(message, whole, query, pieces))
    except Instead as stopped:
        return _stopped(message, asked, stopped.result)


def _with_choice(message: Message, text: str) -> str:
    """The question that a choice answers; else the text itself."""
    focus = message.focus
    message.prefer(_places(message, focus.level, focus.key) if focus.level else [])
    if choice := focus.choice(text):
        message.chosen = choice
        message.prefer(_places(message, choice.kind, choice.key))
        return focus.waiting
    return text


def _places(message: Message, level: str, key: str) -> list[Any]:
    match = message.row_of(level, key)
    return [(match.level, match.id)] if match else []


def _answered(message: Message, text: str, query: Query, decision: Decision) -> Understanding:
    subject = decision.subject
    if subject and subject.instead_of and not message.chosen:
        message.notes.append(_taken(query, subject))
    arguments = decision.arguments.items()
    return Understanding(
        decision.tool,
        {label: value.isoformat() if isinstance(value, date) else value for label, value in arguments},
        replies.echo(decision.tool, decision.arguments, decision.names, message.vocabulary, decision.level),
        round(decision.chance, 3),
        as_of=query.as_of,
        note=" ".join(message.notes),
        focus=message.focus.asked(text, subject).kept(),
    )


def _taken(query: Query, subject: Match) -> str:
    return f"I took “{said(query, subject)}” as {subject.name}, not {subject.instead_of}."


def _stopped(message: Message, asked: str, result: Clarification | Refusal) -> Understanding:
    if isinstance(result, Clarification) and result.options:
        return Understanding(None, instead=result, focus=message.focus.asking_back(asked, result).kept())
    return Understanding(None, instead=result, focus=replace(message.focus, waiting="", options=()).kept())


def _with_note(instead: Clarification | Refusal | None, note: str) -> Clarification | Refusal | None:
    if isinstance(instead, Refusal):
        return replace(instead, sentence=f"{instead.sentence} {note}")
    return replace(instead, question=f"{instead.question} {note}") if instead else None

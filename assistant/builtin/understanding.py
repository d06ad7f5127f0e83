"""What a message asks for: a tool with its arguments, a question back, or an honest no. No language model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from assistant.builtin import replies
from assistant.builtin.deciding import Decision, decide
from assistant.builtin.focus import Focus, Referent, Said, referent
from assistant.builtin.following import Whole, whole_question
from assistant.builtin.message import Asker, Instead, Message
from assistant.builtin.naming import said
from assistant.builtin.picking import Picked, picked
from assistant.builtin.query import Query
from assistant.builtin.requests import MOST, split_requests
from assistant.builtin.sureness import NOTED, says_which, sureness
from assistant.builtin.vocabulary import Vocabulary
from assistant.builtin.words import is_other_script, written_out
from storage.access import Reader
from storage.vocabulary import Level
from tools.facts import Clarification, Refusal
from tools.names import NameIndex, plain, shortened, words_of
from tools.resolve import Match

_KEY = re.compile(r"\W*(\d{3,12})\W*")
LONGEST = 4_000  # characters of a message that are considered


@dataclass(frozen=True)
class Understanding:
    """Either `tool` with `arguments`, or `instead`: the question back or the refusal that takes the tool's place.

    `as_of` is the day the message set the clock to. `focus` is what the thread keeps for the next message. `also`
    holds what else the same message asks for, in its order.
    """

    tool: str | None
    arguments: dict[str, Any] = field(default_factory=dict)
    understood: str = ""
    confidence: float = 0.0
    instead: Clarification | Refusal | None = None
    as_of: date | None = None
    note: str = ""  # which reading was taken where two were close: "I took “gateway” as Tern Gateway, not Hub Gateway."
    focus: dict[str, Any] = field(default_factory=dict)
    also: tuple["Understanding", ...] = ()


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
    asker = Asker(session, reader, seen, today, Vocabulary.of(session, reader, seen))
    answer = _understood(asker, considered, Focus.of(focus))
    if len(text) > LONGEST:
        note = replies.cut_note(len(text), LONGEST)
        return replace(answer, note=f"{answer.note} {note}".strip(), instead=_with_note(answer.instead, note))
    return answer


def _understood(asker: Asker, text: str, focus: Focus) -> Understanding:
    """One request, or two or three where each is understood by itself."""
    answer = None if _is_a_key(asker, text) else picked(focus, plain(text))
    if answer is not None:
        return _picked(asker, text, focus, answer)
    requests = split_requests(text)
    if len(requests) == 1:
        return _one(Message(asker, focus, text))
    parts = _in_turn(asker, requests[:MOST], focus)
    if any(each.tool for each in parts) and all(_stands_alone(each) for each in parts):
        note = _rest_note(len(requests), parts[0].note)
        return replace(parts[0], also=tuple(parts[1:]), focus=parts[-1].focus, note=note)
    return _one(Message(asker, focus, text))


def _is_a_key(asker: Asker, text: str) -> bool:
    """Whether a bare number is no place among options, but the key of a project or a task."""
    found = _KEY.fullmatch(text)
    return bool(found) and any(Message(asker, Focus(), text).row_of(level, found[1]) for level in Level if found)


def _picked(asker: Asker, text: str, focus: Focus, answer: Picked) -> Understanding:
    """What was asked, for each option picked; or the sentence instead, after which the question may stay open."""
    if isinstance(answer, Clarification | Refusal):
        options = answer.options if isinstance(answer, Clarification) else ()
        after = replace(focus, options=options) if options else focus.settled()
        return Understanding(None, instead=answer, focus=after.kept())
    parts = [_one(Message(asker, focus, text, option)) for option in answer[:MOST]]
    note = _rest_note(len(answer), parts[0].note)
    return replace(parts[0], also=tuple(parts[1:]), focus=_about_all(parts), note=note) if parts[1:] else parts[0]


def _rest_note(asked: int, note: str) -> str:
    return f"{note} {replies.more_requests(asked, MOST)}".strip() if asked > MOST else note


def _in_turn(asker: Asker, requests: Sequence[str], focus: Focus) -> list[Understanding]:
    """Each request, where "it" in a later one is what an earlier one was about. The thread is then about all of it."""
    parts: list[Understanding] = []
    for request in requests:
        parts.append(_one(Message(asker, focus, request)))
        focus = Focus.of(parts[-1].focus)
    parts[-1] = replace(parts[-1], focus=_about_all(parts))
    return parts


def _about_all(parts: Sequence[Understanding]) -> dict[str, Any]:
    """What is kept after several answers: "it" is then none of them by itself. The first open question stays open."""
    kept = [Focus.of(part.focus) for part in parts]
    after = kept[-1].about(
        [each for part, focus in zip(parts, kept, strict=True) if part.tool for each in focus.subjects]
    )
    asking = next((focus for part, focus in zip(parts, kept, strict=True) if part.instead and focus.options), after)
    return replace(after, waiting=asking.waiting, doubtful=asking.doubtful, options=asking.options).kept()


def _stands_alone(part: Understanding) -> bool:
    """Whether what was split off is a request by itself: answered, asked back about, or on something else entirely."""
    asked = isinstance(part.instead, Clarification) and bool(part.instead.options)
    return part.tool is not None or asked or part.instead == replies.foreign()


def _one(message: Message) -> Understanding:
    text = written_out(plain(message.original))
    whole = Whole.of(Said(text), Query(), ())
    try:
        if not re.search(r"[^\W_]", text):
            raise Instead(replies.unclear())
        whole = whole_question(message, text)
        return _answered(message, whole, decide(message, whole))
    except Instead as stopped:
        return _stopped(message, whole, stopped.result)


def _answered(message: Message, whole: Whole, decision: Decision) -> Understanding:
    subject, query = decision.subject, whole.query
    understood = replies.echo(decision.tool, decision.arguments, decision.names, message.vocabulary, decision.level)
    sure = sureness(decision.chance, query, subject)
    notes = list(message.notes)
    if subject and subject.instead_of and not message.chosen:
        notes.append(_taken(query, subject))
    elif sure < NOTED and not message.chosen and not says_which(query):
        notes.append(replies.read_as(understood))
    also = tuple(_answered(message, whole, each) for each in decision.also)
    arguments = decision.arguments.items()
    answer = Understanding(
        decision.tool,
        {label: value.isoformat() if isinstance(value, date) else value for label, value in arguments},
        understood,
        round(sure, 3),
        as_of=query.as_of,
        note=" ".join(notes),
        focus=_focus_after(message, whole, decision).kept(),
        also=also,
    )
    return replace(answer, focus=_about_all([answer, *also])) if also else answer


def _focus_after(message: Message, whole: Whole, decision: Decision) -> Focus:
    focus, subject = message.focus, decision.subject
    if message.chosen:
        focus = focus.choosing(focus.doubtful, message.chosen)
    level, keys = whole.query.among or (Level.PROJECT, ())
    subjects = [referent(subject)] if subject else [Referent(level, key) for key in keys]
    after = focus.answered(whole.said, decision.tool, subjects)
    hits = [hit.row for scope in whole.query.scopes for hit in scope.hits if len(scope.hits) > 1]
    taken = {each.key for each in subjects}
    return replace(after, aside=tuple(Referent(row.level, row.key) for row in hits if row.key not in taken))


def _taken(query: Query, subject: Match) -> str:
    taken, other = shortened(subject.name), shortened(subject.instead_of)
    return f"I took “{shortened(said(query, subject))}” as {taken}, not {other}."


def _stopped(message: Message, whole: Whole, result: Clarification | Refusal) -> Understanding:
    if _is_in_other_letters(message, whole.text, result):
        result = replies.english_only()
    if isinstance(result, Clarification) and result.options:
        focus = message.focus.put_back(whole.said, message.doubtful, result)
    elif result in (replies.foreign(), replies.unclear()) and not message.chosen:
        focus = message.focus  # an aside: the question that is open stays so
    else:
        focus = message.focus.settled()
    return Understanding(None, instead=result, focus=focus.kept())


def _is_in_other_letters(message: Message, text: str, result: Clarification | Refusal) -> bool:
    """Whether nothing was made of words in letters that are not ours, and in which nobody is called here."""
    is_asked = isinstance(result, Clarification) and bool(result.options)
    strange = [word.text for word in words_of(text) if not message.index.holds(word.text)]
    return not is_asked and is_other_script(strange)


def _with_note(instead: Clarification | Refusal | None, note: str) -> Clarification | Refusal | None:
    if isinstance(instead, Refusal):
        return replace(instead, sentence=f"{instead.sentence} {note}")
    return replace(instead, question=f"{instead.question} {note}") if instead else None

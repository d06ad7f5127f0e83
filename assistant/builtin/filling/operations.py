"""What is to be supposed, edited or recorded: the operation that a message speaks for, whom it happens to, how much."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from assistant.builtin.filling.cues import cues, operations, phrases
from assistant.builtin.filling.said import Said
from assistant.builtin.filling.slots import (
    Day,
    Hours,
    Left,
    Slot,
    Window,
    ahead,
    counted_people,
    first_day,
    lengths,
    named_day,
    number,
    spoken_length,
)
from assistant.builtin.pieces import Piece
from assistant.builtin.words import Phrase
from storage.vocabulary import Level
from tools.amounts import AmountUnit
from tools.resolve import Match
from tools.timewords import TimeRole

BESIDE: Mapping[str, Slot] = {
    "hours": Hours(),
    "left": Left(),
    "date": Day("date", past=True),
    "day": Day("date"),
    "window": Window(),
}
_HELD = 0.8  # what a value, or the person it takes, adds to a phrase; a phrase counts one for each word
_LACKED = -0.6
_BARE = 0.5


@dataclass(frozen=True)
class Operation:
    """The operation (or kind), its subject and its value."""

    tool: str
    name: str = "operation"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        scored = [(score, operation) for operation in operations(self.tool) if (score := self._score(said, operation))]
        if not scored:
            of_person = (
                _person(said) if self.tool == "what_if" and said.people and not (said.tasks or said.places) else None
            )
            if subject := of_person or _subject(said, None):
                yield "subject", said.address(subject)
            return
        chosen = max(scored, key=lambda each: each[0])[1]
        if chosen == "remaining" and any(operation == "hours" for _, operation in scored) and any(Left().read(said)):
            chosen = "hours"
        about = operations(self.tool)[chosen]
        cues_said = list(phrases(f"operations.{self.tool}.{chosen}.said").find(said.words))
        said = said.without(cues_said, cue=self._cue(cues_said))
        yield self.name, chosen
        if about.get("value") == ["other"] and len(said.pair) > 1:
            first, second, *_ = said.pair
            if _AHEAD & set(said.words):  # "a link from A to B", "A before B": B is what waits
                first, second = second, first
            yield from (("subject", first.key), ("value", second.key))
            return
        if subject := self._subject(said, about.get("subject")):
            yield "subject", said.address(subject)
        if value := _value(said, (*about.get("value", ()), *about.get("may", ())), subject):
            yield "value", _put_off(said, subject, value) if chosen == "move" else value
        if chosen == "move" and self.tool == "propose_change" and _AT_ITS_END & set(said.words):
            yield "edge", "finish"
        for slot in about.get("beside", ()):
            yield from BESIDE[slot].read(said)

    def _subject(self, said: Said, kind: str | None) -> Match | None:
        """What is recorded is of the asker's own tasks, if it may be."""
        held = said.held_task if self.tool == "record_update" and kind is None else None
        return held or _subject(said, kind)

    def _cue(self, found: Sequence[Phrase]) -> int | None:
        """The end of the first cue, where the day behind it is the one that is supposed."""
        return min((phrase.last for phrase in found), default=None) if self.tool == "what_if" else None

    def _score(self, said: Said, operation: str) -> float:
        """How strongly a message speaks for an operation; zero if not at all."""
        about = operations(self.tool)[operation]
        found = phrases(f"operations.{self.tool}.{operation}.said").find(said.words)
        cue = float(max((phrase.length for phrase in found), default=0))
        needs, person = about.get("value", ()), about.get("subject") == "person"
        holds = _value(said, (*needs, *about.get("may", ())), None) is not None
        if (person and not _person(said)) or not (cue or (holds and about.get("bare"))):
            return 0.0
        held = _HELD if holds else _LACKED if needs and not holds else 0.0
        return max(0.1, (cue or _BARE) + held + _HELD * person)


def _subject(said: Said, kind: str | None) -> Match | None:
    """Whom or what it happens to; a task before a place, unless it happens to places."""
    if kind == "person":
        return _person(said)
    if kind in ("place", "row"):
        return (said.task_by_key if kind == "row" else None) or _place_of(said)
    return next(iter(said.tasks), said.scope) or said.talk


def _place_of(said: Said) -> Match | None:
    """The place that is named, or that of the task that is; before a colon rather than behind it."""
    head = said.head
    if not said.task_by_key and (place := _innermost(head) or said.scope):
        return place
    found = next(iter(head.tasks), None)
    return said.project_of(found) if found else said.own_project or said.talk


def _innermost(said: Said) -> Match | None:
    return next((each.match for each in said.places if each.match.level is Level.PROJECT), None)


def _person(said: Said) -> Match | None:
    if said.people:
        return said.people[0].match
    return said.asker if _MYSELF & set(said.words) else None


def _value(said: Said, kinds: tuple[str, ...], subject: Match | None) -> str | None:
    for kind in kinds:
        value = _VALUES[kind](said)
        if value is not None and (subject is None or value != said.address(subject)):
            return value
    return None


def _day(said: Said) -> str | None:
    """The day said behind the cue of what is to happen, else the last; of a week or month its first."""
    times = [each for each in said.times if not _INSTEAD & set(said.before(each[0], 2))] or said.times
    if not times:
        return None
    behind = [time for at, time in times if said.cue is not None and at >= said.cue]
    time = behind[0] if behind else times[-1][1]
    day = ahead(first_day(time) if time.role is TimeRole.WITHIN else named_day(time), time, said)
    return day.isoformat() if day else None


def _put_off(said: Said, subject: Match | None, value: str) -> str:
    """The day in a later month, where something is pushed to "the 14th" that starts after the next 14th."""
    if not (_OFF & set(said.words)) or not any(_BARE_DAY.fullmatch(time.words.strip()) for _, time in said.times):
        return value
    task = said.planned(subject) if subject is not None and subject.level is Level.TASK else None
    starts = task.start if task else None
    day = date.fromisoformat(value)
    while starts is not None and day < starts.date():
        day += relativedelta(months=1)
    return day.isoformat()


def _shift(said: Said) -> str | None:
    """A length with the side it moves to."""
    length = _length(said)
    if length is None:
        return None
    return f"{'-' if _EARLIER & set(said.words) else '+'}{length}"


def _length(said: Said) -> str | None:
    piece = next((piece for piece in said.pieces if _is_length(piece)), None)
    if piece is None:
        return None
    count, unit = spoken_length(piece)
    return f"{number(count)} {unit}{'' if count == 1 else 's'}"


def _is_length(piece: Piece) -> bool:
    return piece.amount is not None and piece.amount.unit in (AmountUnit.DAYS, AmountUnit.HOURS)


def _hours(said: Said) -> str | None:
    return "" if next(lengths(said), None) is not None else None


def _new_owner(said: Said) -> str | None:
    """The last person who is not the one it is taken from; the asker in "give it to me"; whoever was chosen."""
    chosen = said.message.chosen
    if chosen is not None and chosen.kind == Level.PERSON:
        return chosen.key
    people = [each for each in said.people if "from" not in said.before(each.first, 1)]
    given = [each for each in people if "to" in said.before(each.first, 1)]
    if people:
        return said.address((given or people)[-1].match)
    return said.address(said.asker) if said.asker and "me" in said.words else None


def _place(said: Said) -> str | None:
    return said.scope.key if said.scope else None


def _heads(said: Said) -> str | None:
    counted = next(counted_people(said), None)
    if counted is not None:
        return str(counted)
    return "1" if any(True for _ in phrases("roles").find(said.words)) else None


def _money(said: Said) -> str | None:
    return _amount(said, AmountUnit.MONEY, lambda piece: str(number(piece.amount.value)) if piece.amount else "")


def _share(said: Said) -> str | None:
    return _amount(said, AmountUnit.SHARE, lambda piece: f"{number(piece.amount.value * 100)}%" if piece.amount else "")


def _amount(said: Said, unit: AmountUnit, written: Callable[[Piece], str]) -> str | None:
    return next((written(piece) for piece in said.pieces if piece.amount and piece.amount.unit is unit), None)


def _health(said: Said) -> str | None:
    for piece in said.pieces:
        state = piece.value("states")
        if state in ("red", "amber", "green") and "not" not in said.before(piece.first, 2):
            return state
    return None


def _state(said: Said) -> str | None:
    for state in cues()["states"]:
        if any(True for _ in phrases(f"states.{state}").find(said.words)):
            return str(state)
    return None


def _other(said: Said) -> str | None:
    """The second of two tasks: what the first is to wait for."""
    return said.pair[1].key if len(said.pair) > 1 else None


def _words(said: Said) -> str | None:
    """The words after a colon, else the message."""
    written = said.message.original.strip()
    _, colon, after = written.partition(":")
    told = after.strip() if colon else _without_order(said, written)
    return told[:300] or None


def _without_order(said: Said, written: str) -> str:
    """The words that are left without "add a task" or "is blocked by", the place, and the day."""
    found = _ORDER.match(written)
    left = written[found.end() :] if found else written
    matches = [*said.tasks, *(each.match for each in said.places)]
    names = sorted({name for match in matches for name in (match.name, match.key)}, key=len, reverse=True)
    spoken = [time.words for _, time in said.times]
    for words in (*names, *spoken):
        left = re.sub(
            rf"\b(?:(?:to|in|on|for|by|at|from)\s+(?:the\s+)?)?{re.escape(words)}(?![\w-])", " ", left, flags=re.I
        )
    heard = "|".join(re.escape(word) for each in said.places for word in each.match.name.lower().split())
    left = re.sub(rf"\s+(?:to|in|into|on|for|of)(?:\s+(?:the\s+)?(?:{heard}))?\s*$", "", left, flags=re.IGNORECASE)
    left = re.sub(r"^\W*(?:that|because|since|as)\b", " ", left, flags=re.IGNORECASE)
    return " ".join(left.split()).strip(" ,.;:-\"'“”")


def _new_name(said: Said) -> str | None:
    """The words after the last "to" or "as"."""
    found = _NAMED.search(said.message.original.strip())
    return found[1].strip(" .\"'“”")[:300] or None if found else None


_ORDER = re.compile(
    r"\s*(?:please\s+|pls\s+|can you\s+|could you\s+)*"
    r"(?:(?:add|create|put|make)\s+(?:in\s+)?(?:a|an|the|another|one)?\s*(?:new\s+|extra\s+)?"
    r"(?:sub)?(?:task|milestone|activity|step)\b(?:\s+(?:called|named|for|to))?"
    r"|(?:\S+\s+)?(?:(?:i'?m|i am|we'?re|we are|is|are|was)\s+)?"
    r"(?:blocked|stuck|held up|stalled)\b\s*(?:by|on|because(?: of)?|since)?"
    r"|(?:(?:add|leave|put|make|write)\s+)?(?:a\s+)?(?:new\s+)?"
    r"(?:risk|note|status note|update|comment)\s+(?:on|for|in|to)\b)\s*",
    re.IGNORECASE,
)
_AHEAD = frozenset({"from", "before"})
_NAMED = re.compile(r".*\b(?:to|as|it)\s+(.+)", re.IGNORECASE | re.DOTALL)
_OFF = frozenset({"push", "pushed", "postpone", "delay", "off", "back", "out", "later", "slide", "bump", "slip"})
_AT_ITS_END = frozenset({"finish", "finishes", "finished", "due", "deadline", "end", "ends", "ending"})
_BARE_DAY = re.compile(r"(?:the )?\d{1,2}(?:st|nd|rd|th)")
_MYSELF = frozenset({"i", "im", "i'm", "me", "my", "myself"})
_EARLIER = frozenset({"earlier", "forward", "sooner", "back"})
_INSTEAD = frozenset({"instead", "rather", "not"})
_VALUES: Mapping[str, Callable[[Said], str | None]] = {
    "day": _day,
    "shift": _shift,
    "span": _length,
    "length": _length,
    "hours": _hours,
    "person": _new_owner,
    "place": _place,
    "people": _heads,
    "money": _money,
    "share": _share,
    "health": _health,
    "state": _state,
    "other": _other,
    "words": _words,
    "new_name": _new_name,
}

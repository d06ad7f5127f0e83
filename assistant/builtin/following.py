"""Messages that go on from the last one: they change the slots they speak of, and leave the others as they were."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.builtin import replies
from assistant.builtin.carrying import asks_for_parts, calls_for_way_out, reported, with_noun, with_unit
from assistant.builtin.dated import with_dated_name
from assistant.builtin.focus import Referent, Said
from assistant.builtin.intent import place_word
from assistant.builtin.message import Instead, Message
from assistant.builtin.owning import with_own
from assistant.builtin.pieces import Piece
from assistant.builtin.pronouns import bind, bound
from assistant.builtin.query import QUERIED, AnyOf, Compared, Condition, HasValue, InState, Query
from storage.vocabulary import Level
from tools.facts import Clarification
from tools.timewords import TimeSpan


@dataclass(frozen=True)
class Part:
    """One message of a question, by itself."""

    said: Said
    query: Query
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Whole:
    """A question as far as it was said, in one message or in several.

    `query` is all of it; `pieces` are those of the message that says what is asked.
    """

    parts: tuple[Part, ...]
    query: Query
    pieces: Sequence[Piece]
    tool: str = ""  # where the words leave no doubt of it

    @classmethod
    def of(cls, said: Said, query: Query, pieces: Sequence[Piece]) -> "Whole":
        return cls((Part(said, query, pieces),), query, pieces)

    @property
    def said(self) -> tuple[Said, ...]:
        return tuple(part.said for part in self.parts)

    @property
    def text(self) -> str:
        return self.parts[0].said.text


def whole_question(message: Message, text: str) -> Whole:
    """What is asked, with all that earlier messages of the thread said of it."""
    if message.chosen:
        return _grown(message, message.focus.waiting)
    if _AGAIN.fullmatch(text):
        return _repeated(message, text)
    if not message.focus.question:
        return _read(message, bind(message, text))
    if report := reported(message.focus, text):
        return replace(_read(message, report), tool="record_update")
    if call := calls_for_way_out(message.focus, text):
        return replace(_read(message, call), tool="propose_reallocation")
    said = bind(message, with_unit(message.focus, _with_time(message, text)))
    now = _read(message, said)
    asked_why = _WHY.fullmatch(text) and message.focus.talk
    if asked_why and message.focus.tool in QUERIED:
        return replace(_read(message, Said(text, message.focus.talk[0])), tool="explain_change")
    if said.it and message.focus.lists and _BARE.fullmatch(said.text):
        return replace(now, tool=_DETAILS.get(said.it.level, "portfolio_overview"))
    if asked_why or _goes_on(message, said.text, now.query):
        earlier = _grown(message, message.focus.question)
        if not _is_on_something_else(earlier.query, now.query, message.focus.tool):
            return _with_tool(_changed(earlier, now), message.focus.tool)
    return now


def _repeated(message: Message, text: str) -> Whole:
    """ "same as last time": the last question of the thread; what there was before the thread is not known."""
    if not message.focus.question:
        raise Instead(Clarification(replies.what_is_meant(text.strip(" ?!.")), ()))
    return _with_tool(_grown(message, message.focus.question), message.focus.tool)


def _with_tool(whole: Whole, tool: str) -> Whole:
    """A change of some argument leaves a question for a tool that takes no query with that tool."""
    is_same = whole.pieces is whole.parts[0].pieces and tool not in QUERIED
    return replace(whole, tool=tool) if is_same else whole


def _with_time(message: Message, text: str) -> str:
    """ "who is free then?", "and the week after?": the time that was spoken of, or as long a one behind it."""
    if not (_THEN.search(text) or _NEXT.search(text)):
        return text
    said = " ".join(each.text for each in message.focus.question)
    times = [piece for piece in message.read(said.replace("due this week", "this week"))[1] if piece.time]
    if not times:
        return text
    text = _THEN.sub(times[-1].text, text)
    span = times[-1].time
    if span is None or span.first is None or span.last is None:
        return text
    first, last = _as_long_behind(span.first, span.last)
    return _NEXT.sub(f"from {first} to {last}", text)


def _as_long_behind(first: date, last: date) -> tuple[date, date]:
    """The days behind, as many; whole months after whole months."""
    begin = last + timedelta(days=1)
    if first.day != 1 or begin.day != 1:
        return begin, begin + (last - first)
    months = 12 * begin.year + begin.month - 1 + 12 * (begin.year - first.year) + begin.month - first.month
    return begin, date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def _grown(message: Message, said: Sequence[Said]) -> Whole:
    whole = _read(message, said[0])
    for each in said[1:]:
        whole = _changed(whole, _read(message, each))
    return whole


def _read(message: Message, said: Said) -> Whole:
    query, pieces = with_dated_name(*message.read(with_noun(message, said)), message.index)
    query, pieces = with_own(message, said.text, query, pieces)
    if said.it:
        query, pieces = bound(message, query, [said.it]), _with_name(pieces, said.it)
    return Whole.of(said, query, pieces)


def _with_name(pieces: Sequence[Piece], it: Referent) -> list[Piece]:
    """The pieces as the classifier should read them: with the place word of a name where a pronoun stands for one."""
    at = next((at for at, piece in enumerate(pieces) if "pronoun" in piece.readings or piece.text in _POINTERS), None)
    named = [replace(pieces[at], written=place_word(it.level.value))] if at is not None else []
    return [*pieces[:at], *named, *pieces[at + 1 :]] if at is not None else list(pieces)


def _changed(earlier: Whole, now: Whole) -> Whole:
    """The earlier question with what the new message says in its place."""
    asks_anew = _says_what(now.query) and not _is_of_shape_only(now.query)
    return Whole(
        (*earlier.parts, *now.parts),
        _merged(earlier.query, now.query, now.said[-1].text),
        now.pieces if asks_anew else earlier.pieces,
        earlier.tool,
    )


_DETAILS = {Level.TASK: "task_details", Level.PROJECT: "project_status", Level.PERSON: "my_work"}
_BARE = re.compile(r"(?:(?:and|ok|so|just|only|what about|how about|show|me|open|more on|details of)\s+)*it[\s?!.]*")
_POINTERS = frozenset({"that", "this", "he", "she", "him", "her", "his"})
_NEXT = re.compile(
    r"(?<=^and )next(?=[\s?!.]*$)|^next(?=[\s?!.]*$)|\b(?:the )?(?:next one|one after)\b"
    r"|\b(?:the )?(?:week|month|quarter|year|one) after(?: that)?(?=[\s?!.]*$)"
)
_THEN = re.compile(r"(?<=\w )then(?=[\s?!.]*$)")
_WHY = re.compile(r"(?:(?:ok|and|but|so)[\s,]+)*(?:why|how come|since when)(?: is that| so(?: \w+)?| that)?[\s?!.]*")


_AGAIN = re.compile(
    r"(?:(?:please|ok|just|can i have|give me|show me|do|run|i want|and|the)[\s,]+)*"
    r"(?:same(?: thing| one)?(?: again)?"
    r"(?: (?:as|like) (?:the )?(?:last (?:time|week|month)|before|yesterday|always|usual))?"
    r"|(?:it |that |this )?(?:again|once more)|usual|(?:like|as) (?:before|last time|always|usual))"
    r"(?:[\s,]+(?:please|thanks|thank you|for me))*[\s?!.]*"
)


# Whether a message goes on


def _goes_on(message: Message, text: str, query: Query) -> bool:
    """ "and the APAC one?", "only the late ones", "how many is that?": nothing by itself, much after a question."""
    begins = _BEGINS.match(text)
    rest = text[begins.end() :] if begins else text
    if asks_for_parts(text) or any(each.search(text) for each in (_NARROWS, _COUNTS_THAT, _LISTS_THAT, _TOO)):
        return True
    if _says_whom(query) and _says_what(query):
        return False
    if _ASKS.match(rest):
        return bool(_NO_NOUN.match(rest)) and query.level is None and not _says_whom(query)
    if not _says_anything(query) and not (begins and message.focus.tool not in QUERIED):
        return False
    if begins:
        return True
    is_short = len(text.split()) <= (_SHORT if message.focus.tool in QUERIED else 2 * _SHORT)
    return is_short and not query.level and not query.only_states and not query.mine and _is_fragment(message, query)


def _is_fragment(message: Message, query: Query) -> bool:
    """Whether it only makes sense with what came before: no task by name, no words nobody knows."""
    return not query.unknown or message.focus.tool not in QUERIED


def _says_whom(query: Query) -> bool:
    return bool(query.scopes or query.people or query.task or query.task_match or query.mine)


def _says_what(query: Query) -> bool:
    return bool(query.asked or query.is_analytic or query.topics or (query.level and query.plural and query.conditions))


def _says_anything(query: Query) -> bool:
    slots = (query.conditions, query.window, query.as_of, query.level, query.limit, query.times)
    return _says_whom(query) or _says_what(query) or any(slots)


def _is_of_shape_only(query: Query) -> bool:
    """ "how many is that", "by month", "the other way round": another shape of the same answer."""
    return not query.asked and not query.topics


_SHORT = 6  # words
_BEGINS = re.compile(
    r"(?:(?:ok(?:ay)?|so|and|also|now|then|but|hm+|no|sorry|actually)[\s,.]+)*"
    r"(?:what about|how about|what of|and|same for|same with|same|also|or|but|only|just|with|w|make it|for|in|since|"
    r"until|till|by|instead|no)\b[\s,]*"
)
_ASKS = re.compile(
    r"(?:what|which|who|whose|whom|when|where|how|why|is|are|was|were|do|does|did|can|could|will|would|should|has|have|"
    r"show|list|give|tell|find|count|name|any|move|set|put|mark|log|record|add|draft|push|close|change|fix|swap|split|assign|"
    r"reassign|book|(?:start|begin|finish|end) (?:it|that|this|them)|"
    r"extend|delay|stop|take|cancel|approve|reopen|shift|done|finished)(?:'?s|'re)?\b"
)
_NARROWS = re.compile(
    r"\b(?:of|from|among) (?:those|them|these|the ones)\b|^(?:(?:ok|and|but|now|so)[\s,]+)*(?:only|just)\b|\bones\b"
)
_ALSO = re.compile(r"(?:(?:ok|so)[\s,]+)*(?:and|also|plus|what about)\b(?!.*\b(?:of (?:those|these|them)|only|just)\b)")
_COUNTS_THAT = re.compile(
    r"^(?:(?:ok|and|but|so)[\s,]+)*"
    r"(?:how (?:many|much)(?: (?:is|are|was|were) (?:that|those|these|they|them|there|it))?"
    r"(?: in (?:total|all)| altogether)?|count (?:them|those|these))[\s?!.]*$"
)
_LISTS_THAT = re.compile(
    r"^(?:(?:ok|and|but|so)[\s,]+)*(?:(?:list|show|name)(?: me)? (?:them|those|these)"
    r"|which(?: ones)?(?: are (?:they|those|these))?)[\s?!.]*$"
)
_LISTS = re.compile(r"^(?:(?:ok|and|but|so)[\s,]+)*(?:which|list|show|name|what are)\b")
_TOO = re.compile(r"\btoo[\s?!.]*$")
_NO_NOUN = re.compile(r"(?:which(?: ones?)?|how many) (?:of \w+ )?(?:are|is|have|has|were|was|do|does|need)\b")


def _is_on_something_else(earlier: Query, now: Query, tool: str) -> bool:
    """Whether a project is named after a question about a task or a person's work: then the project is asked about."""
    if now.task or now.task_match:
        return not (earlier.task or earlier.task_match or tool == "task_details")
    of_one = tool == "task_details" or bool(earlier.task) or bool(earlier.people and earlier.level is None)
    return bool(now.scopes) and of_one and not earlier.is_analytic


# What it changes


def _merged(earlier: Query, now: Query, words: str) -> Query:
    merged = replace(earlier, words=earlier.words | now.words, unknown=now.unknown, pronoun=False)
    merged.conditions, merged.asked = list(earlier.conditions), list(earlier.asked)
    narrows = bool(_NARROWS.search(words)) and not _ALSO.match(words)
    if narrows and earlier.either:
        merged.conditions, merged.either = [AnyOf(tuple(earlier.conditions))], False
    _change_subject(merged, now)
    _change_conditions(merged, now, narrows=narrows)
    _change_shape(merged, now, counts=bool(_COUNTS_THAT.search(words)), lists=bool(_LISTS.search(words)))
    if now.window or now.as_of:
        merged.window, merged.as_of, merged.times = now.window, now.as_of, now.times
    if now.window:
        _change_days(merged, now.window)
    return merged


def _change_days(merged: Query, window: TimeSpan) -> None:
    """ "and the week after?" of what was due this week, or of what begins in it."""
    merged.conditions = [InState("due") if each == InState("due_this_week") else each for each in merged.conditions]
    days = [each for each in merged.conditions if isinstance(each, Compared) and isinstance(each.value, date)]
    if days and window.first and window.last:
        kept = [each for each in merged.conditions if each not in days]
        field, ends = days[0].field, ((">=", window.first), ("<=", window.last))
        merged.conditions, merged.window = [*kept, *(Compared(field, sign, day) for sign, day in ends)], None


def _change_subject(merged: Query, now: Query) -> None:
    if now.task or now.task_match:
        merged.task, merged.task_match, merged.scopes, merged.people = now.task, now.task_match, [], []
    if now.scopes:
        merged.scopes, merged.among = now.scopes, now.among
    if now.people:
        merged.people, merged.mine = now.people, False
    elif now.mine:
        merged.people, merged.mine = [], True
    if now.level and not now.scopes:
        merged.level, merged.plural = now.level, now.plural


def _change_conditions(merged: Query, now: Query, *, narrows: bool) -> None:
    kept = [each for each in merged.conditions if narrows or not any(_same_slot(each, new) for new in now.conditions)]
    if narrows and any(isinstance(each, InState) for each in now.conditions):
        kept = [each for each in kept if each != InState("open")]  # what is late, due or blocked is open
    merged.conditions = [*kept, *(each for each in now.conditions if each not in kept)]
    merged.either = now.either if now.conditions else merged.either


def _same_slot(old: Condition, new: Condition) -> bool:
    if isinstance(old, Compared) and isinstance(new, Compared):
        return old.field == new.field
    return isinstance(old, InState | HasValue) and isinstance(new, InState | HasValue)


def _change_shape(merged: Query, now: Query, *, counts: bool, lists: bool) -> None:
    """Another measure, field, order or grouping of the same rows."""
    if counts:
        merged.measure, merged.of, merged.sort, merged.limit, merged.asked = "count", None, None, None, []
    elif now.measure:
        measured = next((each for each in (now.of, *now.asked, merged.of, merged.sort, *merged.asked) if each), None)
        merged.measure, merged.of, merged.sort, merged.asked = now.measure, measured, None, []
        merged.of = None if now.measure == "count" else measured
    elif now.asked and merged.measure and merged.of:
        merged.of = now.asked[0]
    elif now.asked:
        merged.asked, merged.measure, merged.sort = now.asked, None, None
    if now.sort:
        merged.sort, merged.descending, merged.limit = now.sort, now.descending, now.limit
        merged.measure, merged.of = (merged.measure, merged.of) if merged.group else (None, None)
    elif now.limit:
        merged.limit = now.limit
    if now.group:
        merged.group, merged.measure = now.group, merged.measure or "count"
    if lists and merged.measure == "count" and not merged.group:
        merged.measure, merged.plural = None, True
    if now.topics:
        merged.topics, merged.asked = now.topics, now.asked

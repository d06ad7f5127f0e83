"""Whether the data holds what a message speaks of, and at which level; a word of meaning is never passed over."""

import re

from assistant.builtin import replies
from assistant.builtin.arguments import CannotBeAsked, NotInTheData, Writer
from assistant.builtin.message import Instead, Message
from assistant.builtin.query import Query
from assistant.builtin.vocabulary import LEVELS
from storage.vocabulary import Level
from tools.facts import Refusal
from tools.names import How, plain
from tools.resolve import Match, not_found


def level_asked_for(message: Message, tool: str, query: Query, place: Match | None) -> Level:
    """The level said; else the one of the row asked for; else the first that has all that the query speaks of."""
    if query.level is not None:
        return query.level
    if query.among is not None and not query.is_analytic:
        return query.among[0]
    own = place.level if place and place.level in LEVELS and query.asked and not query.is_analytic else None
    usual = Level.TASK if tool == "list_tasks" else Level.PROJECT
    order = [*([own] if own else []), usual, *(level for level in LEVELS if level is not usual)]
    return next((level for level in order if can_write(message, level, query)), order[0])


def can_write(message: Message, level: Level, query: Query) -> bool:
    """Whether the level has every field and state of the query."""
    try:
        Writer(message.vocabulary, level, message.today).selection(query, None)
    except (NotInTheData, CannotBeAsked):
        return False
    return True


def absent(message: Message, query: Query, sense: str, level: Level) -> Refusal:
    """The sentence for a field that this level does not have."""
    holder = message.vocabulary.level_with(sense)
    words = message.as_written(query.words.get(sense, sense.replace("_", " ")))
    return replies.absent(words, message.vocabulary, level, holder)


def check_held(message: Message, query: Query, place: Match | None) -> None:
    """What no level has a field for is not in the data, whatever else was said."""
    senses = [*query.asked, *([query.of] if query.of else []), *([query.group] if query.group else [])]
    if {"owner", "people"} & set(senses) and not knows_people(message):
        raise Instead(replies.no_people())
    for sense in senses:
        if sense not in _DATE_PARTS and message.vocabulary.level_with(sense) is None:
            level = query.level or (place.level if place and place.level in LEVELS else Level.PROJECT)
            raise Instead(absent(message, query, sense, level))


def knows_people(message: Message) -> bool:
    """Whether anybody is on file beside the asker."""
    people = [row.id for row in message.index.rows if row.level is Level.PERSON]
    return any(person_id != message.reader.person_id for person_id in people)


def check_known(message: Message, query: Query, place: Match | None, *, tells_all: bool = False) -> None:
    """A word that carries meaning and is not understood must not be passed over in an answer with figures.

    It is passed over, and that is said, beside a field of one row that is understood, where all of it is told, or
    where it stands in no place of a name or a condition.
    """
    if query.loose_negation and (query.level or query.conditions) and not query.either:
        raise Instead(replies.loose_negation(query.loose_negation))
    strange = [word for word in query.unknown if not word.endswith("ly")]
    heavy = [word for word in strange if word not in query.light or (query.says_nothing and place is None)]
    told = place and not query.level and (tells_all or (query.asked and _is_lookup(query)))
    if heavy and not told:
        raise Instead(_unknown(message, query, place, heavy))
    if strange:
        message.notes.append(replies.passed_over([message.as_written(word) for word in strange]))


def _is_lookup(query: Query) -> bool:
    """Whether one row is asked about, and no rows are chosen."""
    return not (query.level or query.is_analytic or query.conditions)


def _unknown(message: Message, query: Query, place: Match | None, strange: list[str]) -> Refusal:
    words = [message.as_written(word) for word in strange]
    if vague := next((each.words for each in query.scopes if each.hits[0].how is How.PART), None):
        said = _run_on(vague, strange, plain(message.original))
        return not_found(message.index, message.as_written(said), _NAMED) if said else replies.unknown_words(words)
    if strange[0].isdigit() and query.level:
        return not_found(message.index, strange[0], (query.level,))
    if place is not None and not query.level:
        return replies.nothing_on(words, place.name)
    if query.names_expected and place is None:
        said = _run_on(strange[0], query.unknown, plain(message.original)) or " ".join(strange)
        return not_found(message.index, message.as_written(said), _NAMED)
    return replies.unknown_words(words)


def _run_on(vague: str, strange: list[str], text: str) -> str:
    """A part of a name with the strange words right before and after it; empty where none is."""
    around = rf"(?:\b(?:{'|'.join(map(re.escape, strange))})\b\W*)"
    found = re.search(rf"{around}*\b{re.escape(vague)}\b(?:\W*{around})*", text)
    said = found.group().strip() if found else vague
    return said if said != vague else ""


_NAMED = (Level.PORTFOLIO, Level.PROGRAM, Level.PROJECT)
_DATE_PARTS = frozenset({"year", "quarter", "month"})

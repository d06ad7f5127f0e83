"""Which project or program is meant by "my project", "is mine on track" and "Helena's program"; asked among several."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.builtin import replies
from assistant.builtin.intent import place_word
from assistant.builtin.message import Instead, Message
from assistant.builtin.naming import find_person
from assistant.builtin.pieces import Piece
from assistant.builtin.query import Query, Scope
from storage.directory import own_work
from storage.selection.conditions import Comparison, Operator
from storage.selection.frames import Clock, Selection
from storage.selection.rows import list_rows
from storage.vocabulary import Level
from tools.facts import Clarification, Option
from tools.names import Hit, How, shortened
from tools.resolve import MOST_OPTIONS, Match, matched

_LEVELS = (Level.PROJECT, Level.PROGRAM)
_OF_WHOM = r"(?: (?:own|current|little|poor|other))?"
_MINE = re.compile(
    r"(?:(?:so|and|ok|hi|hey|hello|please|quick one|well)[\s,]+)*"
    r"(?:is|was|will|where is|where's|wheres|how is|how's|hows|how does|how did|when is|when will|why is|"
    r"(?:what is|what's|whats) (?:the )?\w+ (?:of|for|on)|"
    r"(?:(?:the|any) )?(?:status|health|state|progress|budget|margin|cost|costs|forecast|risks?|update|news|burn) "
    r"(?:of|for|on|in))\s+mine\b"
)
_ENDING = re.compile(r"'?s?$")  # of a possessive
_WHO_COULD = re.compile(r"(?:who|anyone|anybody|someone|somebody|find|need|i need|looking for)\b")


def with_own(message: Message, text: str, query: Query, pieces: Sequence[Piece]) -> tuple[Query, Sequence[Piece]]:
    """The query with the one row that is somebody's own in the place of whose it is; several are asked about."""
    level = _level_said(message, text, query)
    if level is None:
        return query, pieces
    rows = _rows_of(message, query, level)
    if message.chosen:
        rows = [row for row in rows if row.key == message.chosen.key] or rows
    if not rows:
        return query, pieces
    if len(rows) > 1:
        raise Instead(Clarification(replies.which_of_level(level.value), _options(rows)))
    row = message.index.row(rows[0].level, rows[0].id)
    meant = [Scope(rows[0].name, (Hit(row, How.CODE),), rows[0].level)] if row else []
    return replace(query, scopes=meant, level=None, people=[], mine=False), list(_with_name(pieces, level))


def own_projects(message: Message) -> list[Match]:
    """The projects the asker manages or works on."""
    own = own_work(message.session, message.reader)
    return [matched(row) for row in message.index.rows if row.level is Level.PROJECT and row.id in own]


def _level_said(message: Message, text: str, query: Query) -> Level | None:
    """Whether one project or program is spoken of as somebody's own, and which of the two."""
    named = query.scopes or query.task or query.task_match or query.among
    if named or query.plural or query.is_analytic or _WHO_COULD.match(text):
        return None
    if query.mine and not query.people and query.level is None and not message.focus.question and _MINE.match(text):
        return next((level for level in _LEVELS if _managed(message, query, level)), None)
    whose = r"my" if query.mine and not query.people else _possessive(query)
    return query.level if query.level in _LEVELS and whose and _is_of(message, text, whose, query.level) else None


def _with_name(pieces: Sequence[Piece], level: Level) -> Iterator[Piece]:
    """The pieces as the classifier should read them: with the place word of a name in the place of "my project"."""
    at = next((at for at, piece in enumerate(pieces) if "me" in piece.readings or piece.mentions), len(pieces))
    for place, piece in enumerate(pieces):
        if place == at:
            yield replace(piece, written=place_word(level.value), mentions=())
        elif not (at < place <= at + 2 and "levels" in piece.readings):
            yield piece


def _possessive(query: Query) -> str:
    people = [each for each in query.people if not each.negated]
    return rf"{re.escape(_ENDING.sub('', people[0].words))}'?s?" if len(people) == 1 else ""


def _is_of(message: Message, text: str, whose: str, level: Level) -> bool:
    nouns = "|".join({level.value, re.escape(message.vocabulary.level_words.get(level, level.value)), "programme"})
    return bool(re.search(rf"\b{whose}{_OF_WHOM} (?:{nouns})(?:'s)?\b(?! (?:managers?|leads?|management)\b)", text))


def _rows_of(message: Message, query: Query, level: Level) -> Sequence[Match]:
    return _managed(message, query, level) or (own_projects(message) if query.mine and level is Level.PROJECT else [])


def _managed(message: Message, query: Query, level: Level) -> list[Match]:
    field = message.vocabulary.catalogues[level].fields.get("manager")
    if field is None:
        return []
    manages = Comparison(field, Operator.EQUALS, find_person(message, query).key)
    selection = Selection(level, Clock(message.today), conditions=(manages,))
    rows = list_rows(message.session, message.reader, selection, [], limit=MOST_OPTIONS)
    return [match for each in rows if (match := message.row_of(level, each.key))]


def _options(rows: Sequence[Match]) -> tuple[Option, ...]:
    return tuple(Option(each.key, shortened(each.name), each.level) for each in rows[:MOST_OPTIONS])

"""Messages that go on from the last one: what they say anew is put into the earlier question."""

import re
from dataclasses import replace

from assistant.builtin.focus import Focus
from assistant.builtin.message import Message
from assistant.builtin.pieces import Piece
from assistant.builtin.query import Query
from storage.vocabulary import Level


def with_what_came_before(message: Message, text: str) -> tuple[str, Query, list[Piece]]:
    """The whole question as text, query and pieces: that of the message, or the last one changed by it."""
    query, pieces = message.read(text)
    if _follows_on(message, query):
        earlier, earlier_pieces = message.read(message.focus.text)
        if not _is_on_something_else(earlier, query, message.focus):
            return message.focus.text, _merged(earlier, query), earlier_pieces
    return text, query, pieces


def _follows_on(message: Message, query: Query) -> bool:
    """ "and the APAC one?", "what about closed ones?": something new, to be put into the last question."""
    if not message.focus.text or message.chosen:
        return False
    says = query.scopes or query.people or query.conditions or query.window or query.level or query.as_of
    begins = bool(_FOLLOWING.match(message.original.strip().lower()))
    return bool(says or query.task) and begins and not query.is_analytic and not query.asked


_FOLLOWING = re.compile(
    r"(?:(?:ok(?:ay)?|so|and|also|now|then|but)[\s,]+)*"
    r"(?:what about|how about|what of|and|same for|same with|also|or)\b"
)


def _is_on_something_else(earlier: Query, now: Query, focus: Focus) -> bool:
    """Whether a project is named after a question about a task or a person's work: then the project is asked about."""
    if now.task:
        return not earlier.task
    was_of_one = focus.level is Level.TASK or bool(earlier.task) or bool(earlier.people and earlier.level is None)
    return bool(now.scopes) and was_of_one and not earlier.is_analytic


def _merged(earlier: Query, now: Query) -> Query:
    """The earlier question with what the new message says in its place."""
    merged = replace(earlier, task=now.task or earlier.task)
    if now.scopes:
        merged.scopes = now.scopes
    if now.people:
        merged.people, merged.mine = now.people, False
    if now.conditions:
        merged.conditions = now.conditions
    if now.window or now.as_of:
        merged.window, merged.as_of = now.window, now.as_of
    if now.level and not now.scopes:
        merged.level, merged.plural = now.level, now.plural
    merged.unknown = now.unknown
    return merged

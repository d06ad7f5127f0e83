"""What the rest of a message says of a name that several bear: whose it is, or that another name says it better."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.builtin import replies
from assistant.builtin.message import Message
from assistant.builtin.query import Query, Scope
from storage.access import Reader
from storage.directory import own_work
from storage.vocabulary import Level
from tools.names import How
from tools.resolve import Match, matched

_VAGUE = 0.4  # the share of a name below which a word of it may be there by chance
_SURE = 0.5  # the share from which it is not


def of_people(message: Message, query: Query, scope: Scope) -> Match | None:
    """ "Lena says the gateway is fine": of several rows the one that who is named works on."""
    people = [each.hits[0].row for each in query.people if not each.negated and len(each.hits) == 1]
    rows = [hit.row for hit in scope.hits if hit.row.level is Level.PROJECT]
    theirs = {project for person in people for project in own_work(message.session, Reader(person.id))}
    meant = [row for row in rows if row.id in theirs]
    others = [row.label for row in rows if row not in meant]
    return replace(matched(meant[0]), instead_of=others[0]) if len(meant) == 1 and others else None


def is_beside(message: Message, scope: Scope, found: Sequence[tuple[Scope, Match]]) -> bool:
    """Whether a name that stays open is said beside one that is not: the asker's own, or one said far more fully."""
    if any(re.search(rf"\bmy (?:own )?{re.escape(each.words)}\b", message.original.lower()) for each, _ in found):
        return True
    return is_by_chance(message, scope, found)


def is_by_chance(message: Message, scope: Scope, found: Sequence[tuple[Scope, Match]]) -> bool:
    """Whether one word of a longer name is said beside a name that is said far more fully; it is noted."""
    is_vague = scope.hits[0].how is How.PART and " " not in scope.words and scope.hits[0].cover < _VAGUE
    others = (each.hits[0] for each, _ in found if each is not scope)
    is_told = any(hit.how > How.PART or hit.cover >= _SURE for hit in others)
    if is_vague and is_told:
        message.notes.append(replies.passed_over([message.as_written(scope.words)]))
    return is_vague and is_told

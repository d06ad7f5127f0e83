"""Names that hold a date: "the January 2012 release" is one of the releases that are called so, and no time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.builtin.pieces import Piece
from assistant.builtin.query import Query, Scope
from tools.names import Mention, NameIndex, Word, plain, words_of

_AROUND = frozenset({"of", "the", "in", "for", "on", "from", "at"})


@dataclass(frozen=True)
class _Named:
    """Neighbouring pieces, the first of them at `at`, that are one name."""

    at: int
    words: str
    mention: Mention
    strange: str  # the word beside the date


def with_dated_name(query: Query, pieces: Sequence[Piece], index: NameIndex) -> tuple[Query, Sequence[Piece]]:
    """The query with such a name in the place of the time."""
    named = None if query.scopes or query.task or query.plural else next(_names(pieces, index), None)
    if named is None:
        return query, pieces
    first, last = pieces[named.at], pieces[named.at + 1]
    name = replace(first, last=last.last, text=named.words, readings={}, time=None, mentions=(named.mention,))
    scopes = [Scope(named.words, named.mention.hits)]
    unknown = [word for word in query.unknown if word != named.strange]
    changed = replace(query, scopes=scopes, unknown=unknown, times=[], window=None)
    return changed, [*pieces[: named.at], name, *pieces[named.at + 2 :]]


def _names(pieces: Sequence[Piece], index: NameIndex) -> Iterator[_Named]:
    for at, (first, last) in enumerate(pairwise(pieces)):
        timed, word = (first, last) if first.time else (last, first)
        if timed.time is None or not word.is_word or not index.holds(word.text):
            continue
        said = [each for text in (first.text, last.text) for each in words_of(plain(text)) if each.text not in _AROUND]
        if mention := _whole(index, said):
            yield _Named(at, " ".join(each.text for each in said), mention, word.text)


def _whole(index: NameIndex, said: Sequence[Word]) -> Mention | None:
    found = index.mentions(said)
    return next((each for each in found if (each.first, each.last) == (0, len(said)) and not each.misspelt), None)

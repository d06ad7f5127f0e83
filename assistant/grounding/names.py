"""Names of people, projects, programs and portfolios in a text: those of the store, and words that look like names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from weakref import WeakKeyDictionary

from assistant.grounding.plain import flat
from assistant.grounding.vocabulary import TERMS
from storage.vocabulary import Level
from tools.names import NameIndex

WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True)
class Word:
    """A word in small plain letters, as it was written, and where."""

    text: str
    written: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text; a possessive's ending is left out."""
    return [Word(_plain(found[0]), found[0], found.start(), found.end()) for found in WORD.finditer(text)]


class Names:
    """What the asker may hear things called: keys, names and aliases. `of` builds one for each index of names.

    Answers share one, on threads of their own.
    """

    def __init__(self, names: Iterable[str], people: Iterable[str] = ()) -> None:
        self._names, self._people = tuple(names), tuple(people)

    @classmethod
    def of(cls, index: NameIndex) -> "Names":
        """The names of an index, which holds what its reader may know; kept as long as the index."""
        kept = _KEPT.get(index)
        if kept is None:
            people = (row.name or "" for row in index.rows if row.level is Level.PERSON)
            every = (name for row in index.rows for name in (row.key, row.name or "", *row.aliases))
            _KEPT[index] = kept = cls(every, people)
        return kept

    def found(self, words: list[Word]) -> Iterator[tuple[int, int]]:
        """The spans of words, first and past the last, that are names; the longest at each place."""
        place = 0
        while place < len(words):
            length = self._length(words, place)
            if length:
                yield place, place + length
            place += length or 1

    def _length(self, words: list[Word], place: int) -> int:
        for rest in self._longer.get(words[place].text, ()):
            if [word.text for word in words[place + 1 : place + 1 + len(rest)]] == rest:
                return 1 + len(rest)
        return int(_is_written_as(words[place], self._single.get(words[place].text, "")))

    @property
    def _longer(self) -> dict[str, list[list[str]]]:
        return self._read[0]

    @property
    def _single(self) -> dict[str, str]:
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[dict[str, list[list[str]]], dict[str, str]]:
        """Names of several words by their first, longest first; names of one word as they are written."""
        longer: dict[str, list[list[str]]] = defaultdict(list)
        single: dict[str, str] = {}
        for name in self._names:
            texts = _TEXT.findall(flat(name))
            if len(texts) > 1:
                longer[texts[0]].append(texts[1:])
            elif texts:
                single.setdefault(texts[0], name)
        for name in self._people:
            single.update({flat(part): part for part in name.split() if len(part) > 1})
        for rests in longer.values():
            rests.sort(key=len, reverse=True)
        return longer, single


def like_names(text: str, words: list[Word]) -> Iterator[tuple[int, int]]:
    """Spans of words with a capital where English has none: no sentence, list or quotation begins there."""
    capital = [place for place, word in enumerate(words) if _is_capital(word) and not _begins(text, word.start)]
    for _, run in groupby(enumerate(capital), key=lambda pair: pair[1] - pair[0]):
        places = [place for _, place in run]
        yield places[0], places[-1] + 1


_KEPT: WeakKeyDictionary[NameIndex, Names] = WeakKeyDictionary()
_TEXT = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
_OPENING = " -*_\"'“‘(["
_ENDING = ".!?:…•·|\n"


def _is_capital(word: Word) -> bool:
    return len(word.written) > 1 and word.written[0].isupper() and word.written not in TERMS and word.text[:2] != "i'"


def _begins(text: str, start: int) -> bool:
    before = text[:start].rstrip(_OPENING)
    return not before or before[-1] in _ENDING


def _is_written_as(word: Word, name: str) -> bool:
    """A name of one word counts where it is written as one: a word in capitals so, another with a capital."""
    if not name:
        return False
    if name.isupper() and len(name) > 1:
        return word.written.isupper() or (len(name) > 4 and word.written[:1].isupper())
    return word.written[:1].isupper() or not word.written[:1].isalpha()


def _plain(written: str) -> str:
    text = flat(written).replace("’", "'")
    return text.removesuffix("'s")

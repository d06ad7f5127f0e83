"""The words of a message, and the phrases among them that the lexicon and the store know."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.names import Word, words_of

LEXICON = Path(__file__).with_name("lexicon.yaml")


@dataclass(frozen=True)
class Phrase:
    """Words from `first` up to `last` (not included), what kind of phrase they are and which one."""

    kind: str
    value: str
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first


class Phrasebook:
    """Phrases by their words. One span may have several readings."""

    def __init__(self, phrases: Iterable[tuple[str, str, str]] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
        self._known: set[str] = set()
        for kind, value, words in phrases:
            self.add(kind, value, words)

    def add(self, kind: str, value: str, phrase: str) -> None:
        words = tuple(word.text for word in read_words(phrase.lower())) or (phrase,)
        entry = (words, kind, value)
        if entry not in self._by_first[words[0]]:
            self._by_first[words[0]].append(entry)
            self._known.update(words)

    def knows(self, word: str) -> bool:
        return word in self._known

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self._known)

    def find(self, texts: Sequence[str]) -> Iterator[Phrase]:
        """Every reading of every span, overlapping ones included."""
        for first, text in enumerate(texts):
            for words, kind, value in self._by_first.get(text, ()):
                if tuple(texts[first : first + len(words)]) == words:
                    yield Phrase(kind, value, first, first + len(words))


@cache
def lexicon() -> Mapping[str, Any]:
    """The lexicon as written in its file."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the base: "no" and "on" are words here
    content: Mapping[str, Any] = yaml.load(LEXICON.read_text("utf-8"), Loader=loader)
    return content


@cache
def common_phrases() -> Phrasebook:
    """The phrases that any store's questions may hold."""
    return Phrasebook(_lexicon_phrases())


@cache
def filler() -> frozenset[str]:
    return frozenset(lexicon()["filler"].split())


def is_other_language(words: Sequence[str]) -> bool:
    """Whether two or more of these words, none of which means anything here, are small words of other languages."""
    return len(set(words) & frozenset(lexicon()["other_languages"].split())) >= 2


def is_other_script(words: Sequence[str]) -> bool:
    """Whether half of the words or more are in other letters than Latin ones."""
    return bool(words) and 2 * sum(_is_other(word) for word in words) >= len(words)


def _is_other(word: str) -> bool:
    return any(letter.isalpha() and not unicodedata.name(letter, "LATIN").startswith("LATIN") for letter in word)


def written_out(plain_text: str) -> str:
    """A plain text with chat spellings that other readers of it would stumble over written out: "b4", "isn't"."""
    short = _SHORT.sub(lambda found: lexicon()["abbreviations"][found.group()], plain_text)
    short = _MORE_OF.sub(r"\1 \3 \2", short)
    return _CONTRACTED.sub(lambda found: f"{_STEMS.get(found[1], found[1])} {_ENDINGS[found[2]]}", short)


def read_words(plain_text: str) -> list[Word]:
    """The words of a plain text with chat spellings written out: "wheres" is two words in one place."""
    spellings = lexicon()["spellings"]
    written = ((word, spellings.get(word.text, word.text).split()) for word in _words_and_signs(plain_text))
    return [Word(text, word.start, word.end) for word, texts in written for text in texts]


_SHORT = re.compile(
    rf"(?<![\w/-])(?:{'|'.join(map(re.escape, sorted(lexicon()['abbreviations'], key=len, reverse=True)))})(?![\w/-])"
)
_CONTRACTED = re.compile(r"\b(\w+?)(n't|'m|'re|'ve|'ll|'d)\b")
_MORE_OF = re.compile(
    r"\b(\d+|an?|one|two|three|four|five|six|ten) (more|extra|additional|further) (days?|weeks?|hours?|months?)\b"
)
_STEMS = {"wo": "will", "ca": "can", "sha": "shall"}
_ENDINGS = {"n't": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
_SIGN = re.compile(r"[<>]=?|[=%#]")


def _words_and_signs(text: str) -> list[Word]:
    signs = (Word(found.group(), found.start(), found.end()) for found in _SIGN.finditer(text))
    return sorted([*words_of(text), *signs], key=lambda word: word.start)


def _lexicon_phrases() -> Iterator[tuple[str, str, str]]:
    for kind, entries in lexicon().items():
        if isinstance(entries, list) and kind != "too_common":
            yield from ((kind, kind, phrase) for phrase in entries)
        elif isinstance(entries, dict) and kind not in ("abbreviations", "spellings", "senses", "verbs"):
            yield from ((kind, value, phrase) for value, phrases in entries.items() for phrase in phrases)

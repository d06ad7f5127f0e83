"""What a passage says in words of its own that only a field may say: figures, times, health, names, currencies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.grounding.names import Names, Word, like_names, words_of
from assistant.grounding.plain import REFERENCE, flat, holds_number
from assistant.grounding.vocabulary import (
    CURRENCY,
    DATE,
    DATE_CAPITALS,
    HEALTH,
    IDIOMS,
    MODAL,
    NUMBER,
    ROMAN,
    SPELLED,
)


class Kind(StrEnum):
    """What a claim is about."""

    NUMBER = "number"
    DATE = "date"
    HEALTH = "health"
    NAME = "name"
    CURRENCY = "currency"
    LETTERS = "letters"


@dataclass(frozen=True)
class Claim:
    """Words that claim something, where they stand, and whether in quotation marks."""

    kind: Kind
    words: str
    start: int
    end: int
    quoted: bool = False


def claims(text: str, names: Names) -> list[Claim]:
    """Every claim of a text, in which references are one character each; one claim for words that claim twice."""
    quotations = [found.span() for found in _QUOTATION.finditer(text)]
    kept: list[Claim] = []
    for kind, start, end in sorted(set(_found(text, names)), key=lambda each: (each[1], -each[2])):
        if kept and start < kept[-1].end:
            continue
        quoted = any(first < start and end < last for first, last in quotations)
        kept.append(Claim(kind, text[start:end].strip(), start, end, quoted))
    return kept


def _found(text: str, names: Names) -> Iterator[tuple[Kind, int, int]]:
    small = IDIOMS.sub(lambda idiom: " " * len(idiom[0]), flat(text))
    words = words_of(text)
    yield from _digits(text)
    for kind, pattern, searched in (
        (Kind.NUMBER, NUMBER, small),
        (Kind.NUMBER, ROMAN, text),
        (Kind.DATE, DATE, small),
        (Kind.HEALTH, HEALTH, small),
        (Kind.CURRENCY, CURRENCY, small),
        (Kind.CURRENCY, _SIGN, text),
    ):
        yield from ((kind, *found.span()) for found in pattern.finditer(searched))
    modals = {found.start() for found in MODAL.finditer(text)}
    yield from ((Kind.DATE, *found.span()) for found in DATE_CAPITALS.finditer(text) if not _is_modal(found, modals))
    yield from _spelled(small)
    yield from ((Kind.NAME, words[first].start, words[last - 1].end) for first, last in names.found(words))
    yield from ((Kind.NAME, words[first].start, words[last - 1].end) for first, last in like_names(text, words))
    yield from ((Kind.LETTERS, word.start, word.end) for word in words if _is_foreign(word))


def _digits(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Whatever holds a digit, with the word it is joined to and the unit after it."""
    if not holds_number(text):
        return
    for found in _SOLID.finditer(text):
        if holds_number(found[0]):
            unit = _UNIT.match(text, found.end())
            is_code = _CODE.fullmatch(found[0].rstrip(".,;:!?"))
            yield Kind.NAME if is_code else Kind.NUMBER, found.start(), unit.end() if unit else found.end()


def _spelled(small: str) -> Iterator[tuple[Kind, int, int]]:
    """Numbers and health in letters set apart."""
    for found in SPELLED.finditer(small):
        joined = re.sub(r"[ .\-]", "", found[0])
        if any(pattern.search(joined) for pattern in (NUMBER, HEALTH, DATE)):
            yield Kind.NUMBER, *found.span()


def _is_modal(found: re.Match[str], modals: set[int]) -> bool:
    return any(start <= found.start() <= start + 4 for start in modals)


def _is_foreign(word: Word) -> bool:
    """Letters of another script, which may look like others or spell what no list of words holds."""
    return any(
        mark.isalpha() and not mark.isascii() and not flat(mark).isascii() and mark not in _LATIN
        for mark in word.written
    )


_LATIN = frozenset("ßæœþðŋıÆŒÞÐĸħĦ")
_SOLID = re.compile(rf"[^\s{REFERENCE}()\[\]“”\"„|]+")
_CODE = re.compile(r"[A-Z]{2,}[A-Z0-9]*-\d[A-Z0-9-]*")
_UNIT = re.compile(r"\s?(?:%|h\b|hours?\b|(?:working |calendar )?days?\b|weeks?\b|tasks?\b)", re.IGNORECASE)
_SIGN = re.compile(r"[€$£¥₹₽₩₴₺₪₫₱฿]")
_QUOTATION = re.compile(r"[“„\"][^“”„\"\n]{1,300}[”“\"]|(?<!\w)['‘][^'‘’\n]{1,200}['’](?!\w)")

"""Every name a message may mean: codes, names, aliases, initials, parts of names, and misspellings of them."""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import groupby
from weakref import WeakKeyDictionary

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from sqlalchemy import Engine
from sqlmodel import Session

from storage.access import Reader
from storage.directory import NameRow, Place, every_name, hidden_names, plan_revision
from storage.vocabulary import Level

LONGEST_NAME = 16  # words of a message that are tried as one name


class How(IntEnum):
    """In which way words mean a row; the higher, the surer."""

    PART = 1
    INITIALS = 2
    NAME = 3
    CODE = 4


@dataclass(frozen=True)
class Word:
    """A word of a message in plain letters, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Hit:
    """One row that words may mean. `cover` is the share of its name that they say."""

    row: NameRow
    how: How
    cover: float = 1.0
    misspelt: bool = False


@dataclass(frozen=True)
class Mention:
    """Words from `first` up to `last` (not included) that mean one of the rows of `hits`, best first."""

    first: int
    last: int
    hits: tuple[Hit, ...]

    @property
    def how(self) -> How:
        return self.hits[0].how

    @property
    def misspelt(self) -> bool:
        return all(hit.misspelt for hit in self.hits)


def plain(text: str) -> str:
    """Lower-case Latin letters without accents, look-alikes, odd spaces or characters that cannot be seen."""
    if not text.isascii():
        text = _folded(text)
    kept = (" " if mark.isspace() else mark for mark in text if mark.isprintable() or mark.isspace())
    return re.sub(r" +", " ", "".join(kept).lower()).strip()


def _folded(text: str) -> str:
    """The text with each letter in its plainest form, as far as one can tell by looking at it."""
    encodable = text.encode("utf-8", "ignore").decode("utf-8").translate(_SIGNS)
    seen = "".join(
        mark
        for mark in unicodedata.normalize("NFKD", encodable)
        if mark.isspace() or unicodedata.category(mark) not in _UNSEEN
    )
    return _MAYBE_DISGUISED.sub(_undisguised, seen).translate(_LETTERS)


def _undisguised(found: re.Match[str]) -> str:
    """A word in Latin letters, where letters of other scripts stand in for some of them, or for all."""
    word = found.group()
    mixed = any(letter.isascii() for letter in word)
    return word.translate(_DISGUISES) if mixed or _WHOLLY_ALIKE.fullmatch(word) else word


def shortened(words: str) -> str:
    """Words as a sentence can quote them: cut where they are longer than a line."""
    return words if len(words) <= _LONGEST_QUOTE else f"{words[: _LONGEST_QUOTE - 1].rstrip()}…"


def words_of(plain_text: str) -> list[Word]:
    """The words of a plain text; a possessive's ending is left out."""
    return [Word(found.group(1), found.start(), found.end(1)) for found in _WORD.finditer(plain_text)]


class NameIndex:
    """The names of one store at one revision; `seen_by` gives those of one reader."""

    def __init__(self, rows: Iterable[NameRow]) -> None:
        self.rows = list(rows)
        self._views: dict[frozenset[Place], NameIndex] = {}

    @classmethod
    def of(cls, session: Session) -> "NameIndex":
        """The index of this session's store, built once for each revision."""
        engine, revision = session.get_bind().engine, plan_revision(session)
        kept = _INDEXES.get(engine)
        if kept is None or kept[0] != revision:
            _INDEXES[engine] = kept = (revision, cls(every_name(session)))
        return kept[1]

    def seen_by(self, session: Session, reader: Reader) -> "NameIndex":
        """Only the names this reader may know, so that a hidden one is no candidate and shifts no choice."""
        hidden = hidden_names(session, reader)
        if not hidden:
            return self
        view = self._views.get(hidden)
        if view is None:
            view = NameIndex(row for row in self.rows if row.place not in hidden)
            if len(self._views) >= _VIEWS_KEPT:
                self._views.clear()
            self._views[hidden] = view
        return view

    def row(self, level: Level, row_id: int | None) -> NameRow | None:
        return self._by_id.get((level, row_id)) if row_id is not None else None

    def by_key(self, level: Level, key: str) -> NameRow | None:
        return self._by_key.get((level, key.lower()))

    def children(self, row: NameRow) -> list[NameRow]:
        return self._children.get(row.place, [])

    def mentions(
        self,
        words: Sequence[Word],
        *,
        known: Callable[[str], bool] = lambda _word: False,
        common: Callable[[str], bool] = lambda _word: False,
    ) -> list[Mention]:
        """Every span of words that may mean rows, overlapping where readings compete.

        `known` words are no slips. `common` ones ("list", "project") neither begin nor end a part of a name, unless
        nearly all of the name is said.
        """
        kept = [place for place, word in enumerate(words) if word.text not in _LITTLE]
        texts = [words[place].text for place in kept]
        found = [*self._whole(texts), *self._parts(texts, common)]
        if corrected := self._respelt(texts, known):
            found += self._mentions_with(corrected, texts, common)
        if shortened := self._written_out(texts, known):
            named = self._mentions_with(shortened, texts, common)
            found += [each for each in named if each.how > How.PART or each.last - each.first > 1]
        return [Mention(kept[each.first], kept[each.last - 1] + 1, each.hits) for each in found]

    def _mentions_with(
        self, corrected: Mapping[int, str], texts: Sequence[str], common: Callable[[str], bool]
    ) -> list[Mention]:
        """What is mentioned where words are put as they were meant."""
        respelt = [corrected.get(place, text) for place, text in enumerate(texts)]
        again = (*self._whole(respelt), *self._parts(respelt, common))
        return [_misspelt(each) for each in again if not corrected.keys().isdisjoint(range(each.first, each.last))]

    def holds(self, word: str) -> bool:
        """Whether a name has this very word, or is it."""
        return word in self._holding or word in self._forms

    def slips(self, word: str) -> int:
        """How many slips of the keyboard lie between a word and the nearest word of a name; many where none is near."""
        near = self._right_spelling(word)
        return DamerauLevenshtein.distance(word, near) if near else _FAR

    def named(self, words: str, levels: Collection[Level]) -> tuple[Hit, ...]:
        """The rows of these levels that the words as a whole mean, the surest way only; else those they are part of."""
        tokens = words_of(plain(words))
        spans = [each for each in self.mentions(tokens) if _covers(each, tokens)]
        hits = sorted((hit for span in spans for hit in span.hits if hit.row.level in levels), key=_surer_first)
        return _best(hits)

    def close_to(self, words: str, levels: Collection[Level], limit: int = 3) -> list[str]:
        """Names that look like the words, for whom nothing was found."""
        names = {row.label: plain(row.label) for row in self.rows if row.level in levels}
        near = process.extract(
            plain(words), names, scorer=JaroWinkler.normalized_similarity, score_cutoff=0.7, limit=limit
        )
        return [label for _, _, label in near]

    def _whole(self, texts: Sequence[str]) -> Iterator[Mention]:
        for first in range(len(texts)):
            for last in range(first + 1, min(first + self._longest, len(texts)) + 1):
                if hits := self._forms.get("".join(texts[first:last])):
                    yield Mention(first, last, _best(sorted(hits, key=_surer_first)))

    def _parts(self, texts: Sequence[str], common: Callable[[str], bool]) -> Iterator[Mention]:
        reached = 0
        for first in range(len(texts)):
            last, rows = self._run(texts, first)
            if last > reached and rows:
                part = self._part(texts, first, last, rows)
                if common(texts[first]) or common(texts[last - 1]):
                    part = [each for each in part if each.hits[0].cover >= _NEARLY_ALL]
                    part = part or self._without_edges(texts, first, last, common)
                yield from part
                reached = last

    def _without_edges(
        self, texts: Sequence[str], first: int, last: int, common: Callable[[str], bool]
    ) -> list[Mention]:
        """The part between the common words at both ends."""
        inside = [place for place in range(first, last) if not common(texts[place]) and texts[place] not in _JOINING]
        if not inside:
            return []
        last, rows = self._run(texts[: inside[-1] + 1], inside[0])
        return self._part(texts, inside[0], last, rows)

    def _run(self, texts: Sequence[str], first: int) -> tuple[int, set[int]]:
        """The longest run from `first` that one name holds, no word twice but numbers ("5.5"), and the rows with it."""
        rows = self._holding.get(texts[first], set())
        reached = first + 1
        for place in range(first + 1, len(texts)) if rows else ():
            if texts[place] in _JOINING:
                continue
            shared = rows & self._holding.get(texts[place], set())
            if not shared or (texts[place].isalpha() and texts[place] in texts[first:place]):
                break
            rows, reached = shared, place + 1
        return reached, rows

    def _part(self, texts: Sequence[str], first: int, last: int, rows: set[int]) -> list[Mention]:
        if len(rows) > _TOO_MANY and last - first == 1:
            return []
        said = sum(self._weight(text) for text in set(texts[first:last]))
        hits = [Hit(self.rows[place], How.PART, min(1.0, said / self._weights[place])) for place in rows]
        return [Mention(first, last, tuple(sorted(hits, key=_surer_first)))]

    def _respelt(self, texts: Sequence[str], known: Callable[[str], bool]) -> dict[int, str]:
        doubtful = [(place, text) for place, text in enumerate(texts) if self._may_be_misspelt(text, known)]
        return {place: right for place, text in doubtful[:_DOUBTS] if (right := self._right_spelling(text))}

    def _may_be_misspelt(self, text: str, known: Callable[[str], bool]) -> bool:
        return (
            len(text) >= 4
            and not text.isdigit()
            and text not in self._holding
            and text not in self._forms
            and not known(text)
        )

    def _written_out(self, texts: Sequence[str], known: Callable[[str], bool]) -> dict[int, str]:
        """Abbreviations without a vowel, by their places, as the one word of a name that they stand for: "gw"."""
        short = [(place, text) for place, text in enumerate(texts) if self._may_be_short(text, known)]
        return {place: word for place, text in short[:_DOUBTS] if (word := self._long_form(text))}

    def _may_be_short(self, text: str, known: Callable[[str], bool]) -> bool:
        is_short = len(text) <= _LONGEST_ABBREVIATION and _ABBREVIATION.fullmatch(text)
        return bool(is_short) and not (self.holds(text) or known(text))

    def _long_form(self, text: str) -> str | None:
        letters = ".*".join(text) if len(text) > 2 else f"{text[0]}.*[{_VOWELS}]{text[1]}[{_VOWELS}]"
        pattern = re.compile(letters)
        long = [word for word in self._vocabulary if word[0] == text[0] and pattern.match(word)]
        return long[0] if len(long) == 1 else None

    def _right_spelling(self, text: str) -> str | None:
        near = process.extract(
            text, self._vocabulary, scorer=JaroWinkler.normalized_similarity, score_cutoff=0.85, limit=5
        )
        slips = 1 if len(text) < _LONG_WORD else 2
        close = [(DamerauLevenshtein.distance(text, word), word) for word, _, _ in near]
        close = [(distance, word) for distance, word in sorted(close) if distance <= slips]
        return close[0][1] if close else None

    def _weight(self, text: str) -> float:
        """How much a word tells: less, the more names hold it."""
        return 1.0 / math.sqrt(max(1, len(self._holding.get(text, ()))))

    @cached_property
    def _by_id(self) -> dict[Place, NameRow]:
        return {row.place: row for row in self.rows}

    @cached_property
    def _by_key(self) -> dict[tuple[Level, str], NameRow]:
        return {(row.level, row.key.lower()): row for row in self.rows}

    @cached_property
    def _children(self) -> dict[Place, list[NameRow]]:
        below: dict[Place, list[NameRow]] = defaultdict(list)
        for row in self.rows:
            for level, parent in row.parents:
                below[level, parent].append(row)
        return below

    @cached_property
    def _forms(self) -> dict[str, list[Hit]]:
        """Whole names, written as one word, so that hyphens, dots and blanks make no difference."""
        forms: dict[str, list[Hit]] = defaultdict(list)
        for row in self.rows:
            for form, how in _forms_of(row):
                if len(form) > 1 and all(hit.row is not row or hit.how < how for hit in forms[form]):
                    forms[form].append(Hit(row, how))
        return forms

    @cached_property
    def _holding(self) -> dict[str, set[int]]:
        """Each word of a name or alias, and the places of the rows whose names hold it."""
        holding: dict[str, set[int]] = defaultdict(set)
        for place, row in enumerate(self.rows):
            for text in _name_words(row):
                holding[text].add(place)
        return holding

    @cached_property
    def _weights(self) -> list[float]:
        return [sum(self._weight(text) for text in set(_content(row.name or row.key))) or 1.0 for row in self.rows]

    @cached_property
    def _vocabulary(self) -> list[str]:
        return [text for text in self._holding if len(text) >= 4 and not text.isdigit()]

    @cached_property
    def _longest(self) -> int:
        return min(LONGEST_NAME, max((len(_content(row.name or "")) for row in self.rows), default=1) + 2)


_INDEXES: WeakKeyDictionary[Engine, tuple[int | None, NameIndex]] = WeakKeyDictionary()
_LIKENESS = JaroWinkler.normalized_similarity
_FAR = 99
_LONGEST_QUOTE = 80  # characters
_VIEWS_KEPT = 32
_LONG_WORD = 9  # letters; two slips make another word of a shorter one
_TOO_MANY = 12  # rows that one common word may be part of before it stops being a name
_NEARLY_ALL = 0.6  # the share of a name from which common words are meant as words of it
_DOUBTS = 24  # unknown words of one message that are compared with the vocabulary

_WORD = re.compile(r"([^\W_]+(?:'[^\W_]{2,})*)(?:'s?(?![^\W_]))?")
_LITTLE = frozenset({"the", "a", "an", "and"})
_JOINING = frozenset({"of", "for", "in", "on", "to", "at", "by", "with", "and", "the", "a", "an"})
_VOWELS = "aeiou"
_ABBREVIATION = re.compile(r"[b-df-hj-np-tv-z]{2,}")
_LONGEST_ABBREVIATION = 6

_UNSEEN = frozenset({"Mn", "Me", "Cc", "Cf", "Cs", "Co", "Cn"})
_SIGNS = str.maketrans({
    "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-",
    "‑": "-", "−": "-", "½": " 1/2", "¼": " 1/4", "¾": " 3/4", "\u115f": "", "\u1160": "", "\u3164": "",
    "\uffa0": "", "\u2800": " ",
})  # fmt: skip
_LETTERS = str.maketrans({
    "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ı": "i", "ħ": "h", "Ħ": "H",
    "ŧ": "t", "Ŧ": "T", "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th",
})  # fmt: skip
# Letters of other scripts that one takes for Latin ones; the second row only where Latin ones stand beside them.
_ALIKE = ("аеорсухіјѕԁԛԝһӏοАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijsdqwhloABEKMHOPCTYXIJSABEZHIKMNOPTYX")
_SIMILAR = ("вкмнтгαβγεηικνρτυχωɑɡ", "bkmhtrabyenikvptuxwag")
_DISGUISES = str.maketrans("".join((_ALIKE[0], _SIMILAR[0])), "".join((_ALIKE[1], _SIMILAR[1])))
_MAYBE_DISGUISED = re.compile(rf"[^\W\d_]*[{_ALIKE[0]}{_SIMILAR[0]}][^\W\d_]*")
_WHOLLY_ALIKE = re.compile(rf"[{_ALIKE[0]}]+")
_BRACKETED = re.compile(r"\(([^)]*)\)")


def _content(text: str) -> list[str]:
    return [word.text for word in words_of(plain(text)) if word.text not in _LITTLE]


def _name_words(row: NameRow) -> set[str]:
    return {text for name in (row.name or "", *row.aliases) for text in _content(name) if text not in _JOINING}


def _forms_of(row: NameRow) -> Iterator[tuple[str, How]]:
    yield "".join(_content(row.key)), How.CODE
    for name in (row.name or "", *row.aliases):
        yield from ((form, How.NAME) for form in _spellings(name))
    yield from ((form, How.INITIALS) for form in _initials(row))


def _spellings(name: str) -> Iterator[str]:
    """A name as it is, without what stands in brackets, and what stands in brackets where that is one word."""
    yield "".join(_content(name))
    inside = _BRACKETED.findall(name)
    if inside:
        yield "".join(_content(_BRACKETED.sub(" ", name)))
    for words in inside:
        if len(content := _content(words)) == 1 and not content[0].isdigit():
            yield content[0]
            yield content[0].removesuffix("s")


def _initials(row: NameRow) -> Iterator[str]:
    """ "CMS", "TG"; of a person "o. breen" and "priya n."."""
    words = [text for text in _content(_BRACKETED.sub(" ", row.name or "")) if text not in _JOINING]
    if row.level is not Level.PERSON and len(words) >= 2:
        yield "".join(text[0] for text in words)
    elif row.level is Level.PERSON and len(words) >= 2:
        yield words[0][0] + words[-1]
        yield words[0] + words[-1][0]


def _surer_first(hit: Hit) -> tuple[object, ...]:
    return (-hit.how, hit.misspelt, -round(hit.cover, 6), _ORDER[hit.row.level], hit.row.label, hit.row.id)


_ORDER = {Level.PORTFOLIO: 0, Level.PROGRAM: 1, Level.PROJECT: 2, Level.TASK: 3, Level.PERSON: 4}


def _best(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits of the surest way, each row once."""
    for _, group in groupby(hits, key=lambda hit: (hit.how, hit.misspelt)):
        return tuple({hit.row.place: hit for hit in reversed(list(group))}.values())[::-1]
    return ()


def _covers(mention: Mention, words: Sequence[Word]) -> bool:
    outside = [*words[: mention.first], *words[mention.last :]]
    return all(word.text in _JOINING for word in outside)


def _misspelt(mention: Mention) -> Mention:
    hits = tuple(Hit(hit.row, hit.how, hit.cover, misspelt=True) for hit in mention.hits)
    return Mention(mention.first, mention.last, hits)

"""A message as a row of pieces: times, amounts, names and phrases, each span read in its longest sensible way."""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.builtin.english import in_plain_english, is_plain_english, nearest
from assistant.builtin.intent import is_own_word
from assistant.builtin.ordinary import Ordinary
from assistant.builtin.vocabulary import Vocabulary
from assistant.builtin.words import Phrase, common_phrases, filler, read_words
from storage.fields import plural
from storage.vocabulary import Level
from tools.amounts import Amount, AmountUnit, parse_amounts
from tools.names import How, Mention, NameIndex, Word
from tools.resolve import Match
from tools.timewords import TimeSpan

TasksSaid = Callable[[Mapping[int, str], Collection[int]], Iterable[tuple[int, int, Match, bool]]]


@dataclass(frozen=True)
class Piece:
    """Words from `first` up to `last`, and what they may be. `readings` holds the phrase kinds with their values."""

    first: int
    last: int
    text: str
    readings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    time: TimeSpan | None = None
    amount: Amount | None = None
    mentions: tuple[Mention, ...] = ()
    quote: str | None = None
    task: Match | None = None
    clause: int = 0  # which of the parts that punctuation divides the message into
    sentence: int = 0
    written: str = ""  # its words with chat spellings written out and slips mended

    def value(self, kind: str) -> str | None:
        """Which phrase of this kind it is; None if it is none."""
        return self.readings[kind][0] if kind in self.readings else None

    @property
    def is_word(self) -> bool:
        """Whether nothing is known of it."""
        return not (self.readings or self.time or self.amount or self.mentions or self.quote or self.task)

    @property
    def is_filler(self) -> bool:
        return bool(self.readings) and self.readings.keys() <= {"filler", "polite"}


def read_pieces(
    text: str,
    times: Sequence[TimeSpan],
    index: NameIndex,
    vocabulary: Vocabulary,
    task_keyed: Callable[[str], Match | None],
    tasks_said: TasksSaid,
) -> list[Piece]:
    """The pieces of a plain text in order; every word lies in one."""
    known = _known_words(vocabulary)
    written = read_words(text)
    words = [_respelt(word, vocabulary, index, known) for word in written]
    texts = [word.text for word in words]
    said = _ordinary(text, words, times, [*common_phrases().find(texts), *vocabulary.phrases.find(texts)])
    phrases = said.without_clients(vocabulary.is_client)
    mentions = said.without(index.mentions(words, known=_no_slips(known), common=_common_words(vocabulary)))
    spans = [
        *_quotes(text, words, mentions, phrases),
        *_time_spans([time for time in times if not _is_a_code(time, mentions, words)], words),
        *_amount_spans(parse_amounts(text), words),
        *_phrase_spans(phrases),
        *_mention_spans(mentions, texts, phrases, lambda word: known(word) and word not in vocabulary.client_words),
        *_task_spans(text, words, phrases, task_keyed),
        *(
            span
            for span in _named_task_spans(texts, mentions, known, tasks_said)
            if not said.kinds(span.first, span.last)
        ),
    ]
    return list(_in_clauses(_pieces(_best_cover(spans), words, written, text), words, text))


@dataclass(frozen=True)
class _Span:
    first: int
    last: int
    weight: float
    kind: str
    content: Any


def _best_cover(spans: Iterable[_Span]) -> list[list[_Span]]:
    """Spans that do not overlap, the weightiest first; readings of one same span stay together."""
    taken: dict[tuple[int, int], list[_Span]] = {}
    claimed: set[int] = set()
    for span in sorted(spans, key=lambda span: (-span.weight, span.first)):
        place = (span.first, span.last)
        if place in taken:
            taken[place].append(span)
        elif claimed.isdisjoint(range(*place)):
            taken[place] = [span]
            claimed.update(range(*place))
    return [taken[place] for place in sorted(taken)]


def _pieces(cover: Sequence[list[_Span]], words: Sequence[Word], written: Sequence[Word], text: str) -> Iterator[Piece]:
    reached = 0
    for spans in cover:
        yield from (_loose(place, words, written) for place in range(reached, spans[0].first))
        yield _piece(spans, words, text)
        reached = spans[0].last
    yield from (_loose(place, words, written) for place in range(reached, len(words)))


def _in_clauses(pieces: Iterable[Piece], words: Sequence[Word], text: str) -> Iterator[Piece]:
    ends, full_stops = ([found.end() for found in each.finditer(text)] for each in (_CLAUSE_END, _SENTENCE_END))
    for piece in pieces:
        said = [word.text for word in words[piece.first : piece.last]]
        written = " ".join(in_plain_english(word) for word in said) if piece.is_word else " ".join(said)
        clause, sentence = (bisect_right(each, words[piece.first].start) for each in (ends, full_stops))
        yield replace(piece, clause=clause, sentence=sentence, written=written)


def _loose(place: int, words: Sequence[Word], written: Sequence[Word]) -> Piece:
    """A word by itself. One that means nothing stays as it was written, so that nobody is quoted with another."""
    word = words[place].text
    if word in filler() or is_own_word(word) or in_plain_english(word) in filler():
        return Piece(place, place + 1, word, {"filler": (word,)})
    return Piece(place, place + 1, written[place].text)


def _piece(spans: Sequence[_Span], words: Sequence[Word], text: str) -> Piece:
    first, last = spans[0].first, spans[0].last
    by_kind = {
        kind: [span.content for span in spans if span.kind == kind]
        for kind in ("time", "amount", "name", "quote", "task")
    }
    readings: dict[str, tuple[str, ...]] = {}
    for span in spans:
        if isinstance(span.content, Phrase):
            readings[span.kind] = (*readings.get(span.kind, ()), span.content.value)
    return Piece(
        first,
        last,
        text[words[first].start : words[last - 1].end],
        readings,
        next(iter(by_kind["time"]), None),
        next(iter(by_kind["amount"]), None),
        tuple(by_kind["name"]),
        next(iter(by_kind["quote"]), None),
        next(iter(by_kind["task"]), None),
    )


def _ordinary(text: str, words: Sequence[Word], times: Iterable[TimeSpan], phrases: Sequence[Phrase]) -> Ordinary:
    quotes = {_word_span(found.start(1), found.end(1), words) for found in _QUOTED.finditer(text)}
    return Ordinary(text, words, phrases, {_word_span(time.start, time.end, words) for time in times}, quotes)


def _quotes(
    text: str, words: Sequence[Word], mentions: Sequence[Mention], phrases: Sequence[Phrase]
) -> Iterator[_Span]:
    """What stands in quotation marks; a whole name is that name, unless rows are searched for a text."""
    names = {(each.first, each.last) for each in mentions if each.how > How.PART and not each.misspelt}
    searched = {each.last for each in phrases if each.kind == "text"}
    is_search = any(each.kind == "in_name" for each in phrases)
    for found in _QUOTED.finditer(text):
        first, last = _word_span(found.start(1), found.end(1), words)
        is_name = (first, last) in names and first not in searched and not is_search
        if last > first and not is_name:
            yield _Span(first, last, last - first + 5.0, "quote", found.group(1).strip())


def _time_spans(times: Iterable[TimeSpan], words: Sequence[Word]) -> Iterator[_Span]:
    for time in times:
        first, last = _word_span(time.start, time.end, words)
        if last > first:
            yield _Span(first, last, last - first + 0.4, "time", time)


def _is_a_code(time: TimeSpan, mentions: Sequence[Mention], words: Sequence[Word]) -> bool:
    """ "the activities of 2029", where 2029 is a project's key and no year that anybody speaks of so."""
    if not _YEAR_OF.fullmatch(time.words):
        return False
    last = _word_span(time.start, time.end, words)[1]
    return any(mention.how is How.CODE and mention.last == last for mention in mentions)


def _amount_spans(amounts: Iterable[Amount], words: Sequence[Word]) -> Iterator[_Span]:
    for amount in amounts:
        first, last = _word_span(amount.start, amount.end, words)
        if last > first:
            bonus = 0.1 if amount.unit is AmountUnit.NUMBER else 0.6
            yield _Span(first, last, last - first + bonus, "amount", amount)


def _phrase_spans(phrases: Iterable[Phrase]) -> Iterator[_Span]:
    return (_Span(phrase.first, phrase.last, float(phrase.length), phrase.kind, phrase) for phrase in phrases)


def _mention_spans(
    mentions: Iterable[Mention], texts: Sequence[str], phrases: Sequence[Phrase], known: Callable[[str], bool]
) -> Iterator[_Span]:
    levels = {phrase.last for phrase in phrases if phrase.kind == "levels"}
    for mention in mentions:
        weight = _mention_weight(mention, texts, known, follows_level=mention.first in levels)
        if weight > 0:
            yield _Span(mention.first, mention.last, weight, "name", mention)


def _mention_weight(
    mention: Mention, texts: Sequence[str], known: Callable[[str], bool], *, follows_level: bool
) -> float:
    """How much a name outweighs other readings: sure ones do, parts of names that are common words do not."""
    said = texts[mention.first : mention.last]
    length = float(len(said))
    if mention.how is How.CODE and all(text.isdigit() for text in said):
        before = texts[mention.first - 1] if mention.first else ""
        return length + (1.0 if follows_level or before in _BEFORE_A_CODE else -0.5)
    if mention.how is How.INITIALS and all(known(text) for text in said):
        return 0.0
    if mention.how is How.PART and mention.hits[0].cover < _least_cover(mention):
        return 0.0
    if mention.how > How.PART:
        return length + (0.5 if not mention.misspelt else -0.1)
    if all(known(text) or text.isdigit() for text in said):
        is_named = len(said) > 1 and not all(text.isdigit() or text in filler() for text in said)
        return length - 0.6 if is_named else 0.0
    return length - (0.25 if not mention.misspelt else 0.4)


def _least_cover(mention: Mention) -> float:
    """The share of a name that one word, or words with slips, must be to stand for all of it."""
    if mention.misspelt:
        return _LEAST_MISSPELT
    return _LEAST_COVER if mention.last - mention.first == 1 else 0.0


def _task_spans(
    text: str, words: Sequence[Word], phrases: Sequence[Phrase], task_keyed: Callable[[str], Match | None]
) -> Iterator[_Span]:
    """Keys of tasks: written like one, or a number after a word for a task or before nothing that it could count."""
    task_words = {phrase.last for phrase in phrases if phrase.kind == "levels" and phrase.value == Level.TASK}
    level_words = {phrase.last for phrase in phrases if phrase.kind == "levels"} - task_words
    for found in (*_KEY.finditer(text), *_PARTED_KEY.finditer(text)):
        first, last = _word_span(found.start(), found.end(), words)
        before = words[first - 1].text if first else "of"
        is_number = found.group().isdigit()
        if (
            last == first
            or first in level_words
            or (is_number and first not in task_words and before not in _BEFORE_A_CODE)
        ):
            continue
        if task := task_keyed(_as_key(found.group())):
            yield _Span(
                first, last, last - first + (2.0 if first in task_words or not is_number else 0.3), "task", task
            )


def _as_key(said: str) -> str:
    """The key that "gate 44" and "gate44" stand for."""
    return said if "-" in said or said.isdigit() else _BEFORE_NUMBER.sub("-", said, count=1)


def _named_task_spans(
    texts: Sequence[str],
    mentions: Sequence[Mention],
    known: Callable[[str], bool],
    tasks_said: TasksSaid,
) -> Iterator[_Span]:
    """Names of tasks, whole or nearly so; a project that is called so too comes before them."""
    near = {hit.row.id for mention in mentions for hit in mention.hits if hit.row.level is Level.PROJECT}
    sure = [set(range(mention.first, mention.last)) for mention in mentions if mention.how > How.PART]
    for first, last, task, is_whole in tasks_said(dict(enumerate(texts)), near):
        said = set(range(first, last))
        named = any(said <= places if is_whole else said & places for places in sure)
        if not named and (is_whole or not all(known(text) for text in texts[first:last])):
            yield _Span(first, last, last - first + (0.45 if is_whole else -0.2), "task", task)


def _respelt(word: Word, vocabulary: Vocabulary, index: NameIndex, known: Callable[[str], bool]) -> Word:
    """A slip in one of our own words mended: "numbr"; names have their own mending."""
    text = word.text
    if known(text) or index.holds(text) or not text.isalpha():
        return word
    if len(text) < _SHORTEST_SLIP:
        return Word(_unswapped(text, known), word.start, word.end)
    if text.endswith("s") and index.holds(text[:-1]):  # "mareks": whose, without its apostrophe
        return Word(text[:-1], word.start, word.end)
    if is_plain_english(text):
        return word
    near = nearest(text, vocabulary.spellings)
    if near is None or index.slips(text) < near[1]:
        return word
    return Word(near[0], word.start, word.end)


def _unswapped(text: str, known: Callable[[str], bool]) -> str:
    """A short word with two letters put back in order, where that makes one we know: "hwo", "waht"."""
    if len(text) < _SHORTEST_SWAP or is_plain_english(text):
        return text
    swapped = (text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1))
    return next((each for each in swapped if known(each)), text)


def _known_words(vocabulary: Vocabulary) -> Callable[[str], bool]:
    common, small = common_phrases(), filler()
    return lambda word: word in small or common.knows(word) or vocabulary.phrases.knows(word)


def _no_slips(known: Callable[[str], bool]) -> Callable[[str], bool]:
    """Words that mean something here, and those of plain English."""
    return lambda word: known(word) or is_plain_english(word)


def _common_words(vocabulary: Vocabulary) -> Callable[[str], bool]:
    """Words that questions are made of, those for levels included."""
    common, small = common_phrases(), filler()
    levels = {word for each in vocabulary.level_words.values() for word in (each, plural(each))}
    return lambda word: word in small or word in levels or common.knows(word)


def _word_span(start: int, end: int, words: Sequence[Word]) -> tuple[int, int]:
    inside = [place for place, word in enumerate(words) if word.start < end and word.end > start]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


_QUOTED = re.compile(r'"([^"]{2,120})"')
_KEY = re.compile(r"(?<![\w-])(?:[a-z][a-z0-9_]{0,15}-\d{1,7}|\d{3,12})(?![\w]|[-.,]\d)")
_PARTED_KEY = re.compile(r"(?<![\w-])(?:[a-z][a-z0-9_]{1,15} |[a-z]{2,15})\d{1,7}(?![\w]|[-.,]\d)")
_BEFORE_NUMBER = re.compile(r" |(?<=[a-z])(?=\d)")
_CLAUSE_END = re.compile(r"[;!?()]|[,.:]+(?=\s|$)|\s-+\s|\.\.+")
_SENTENCE_END = re.compile(r"[;!?]|[.]+(?=\s|$)")
_YEAR_OF = re.compile(r"(?:of|for)\s\d{4}")
_SHORTEST_SLIP = 5  # letters
_SHORTEST_SWAP = 3
_LEAST_COVER = 0.15
_LEAST_MISSPELT = 0.25
_BEFORE_A_CODE = frozenset(
    {
        *("of", "for", "is", "does", "project", "about", "on", "#", "did", "has"),
        *("close", "out", "finish", "finished", "done", "move", "push", "start", "extend", "delay", "mark", "put"),
    }
)

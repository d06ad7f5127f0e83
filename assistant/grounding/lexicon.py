"""What figures are called, by the stems of words: a metric's id, label and everyday words, and a field's name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.plain import flat
from assistant.grounding.references import Field
from tools.facts import Fact, Unit
from tools.planning.metrics import METRICS

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Token:
    """A word by its stem, or a mark that parts clauses."""

    stem: str
    start: int
    end: int


@dataclass(frozen=True)
class Label:
    """Words that name something, from token `first` up to `last` (not included), and the concepts they may mean."""

    words: str
    first: int
    last: int
    concepts: frozenset[str]


class Lexicon:
    """What figures are called: of every metric, and of the fields of these facts."""

    def __init__(self, facts: Sequence[Fact], fields: Iterable[Field]) -> None:
        self._concepts: dict[Phrase, set[str]] = defaultdict(
            set, {key: set(known) for key, known in _of_metrics().items()}
        )
        self._groups = {metric.id: _group(metric.unit) for metric in METRICS.values()}
        for kind in {type(fact) for fact in facts}:
            for phrase, concepts in _of_kind(kind).items():
                self._concepts[phrase] |= concepts
        for field in fields:
            self._groups.setdefault(concept_of(field), _group(field.figure.unit))
            for phrase in _phrases(field.name):
                self._concepts[phrase].add(concept_of(field))
        self._longest = max(map(len, self._concepts), default=1)

    def before(self, piece: str, tokens: Sequence[Token], first: int) -> Label | None:
        """The label that ends a piece, with nothing but little words between it and the reference after it."""
        for last in range(len(tokens), first, -1):
            for length in range(min(self._longest, last - first), 0, -1):
                if label := self._label(piece, tokens, last - length, last):
                    return label if last == len(tokens) or _may_stand(label, tokens, last) else None
            if tokens[last - 1].stem not in _BEFORE:
                return None
        return None

    def after(self, piece: str, tokens: Sequence[Token], start: int) -> Label | None:
        """The label that begins a piece, with nothing but little words between it and the reference before it."""
        for first in range(start, min(len(tokens), start + _REACH)):
            for length in range(min(self._longest, len(tokens) - first), 0, -1):
                if label := self._label(piece, tokens, first, first + length):
                    return label
            if tokens[first].stem not in _AFTER:
                return None
        return None

    def agrees(self, label: Label, field: Field) -> bool:
        """Whether the label may mean the field."""
        return bool(label.concepts & _meanings(field)) or set(stems_of(label.words)) <= _own_words(field)

    def is_about(self, label: Label, field: Field) -> bool:
        """Whether the label is one of things like the field at all: a manager is no rival of a date."""
        if concept_of(field) in _FRAME or field.figure.unit in (Unit.TEXT, Unit.KEY, Unit.STATE):
            return False
        group = _group(field.figure.unit)
        return any(self._groups.get(concept, _FIGURE) == group for concept in label.concepts)

    def _label(self, piece: str, tokens: Sequence[Token], first: int, last: int) -> Label | None:
        concepts = self._concepts.get(tuple(token.stem for token in tokens[first:last]))
        if not concepts:
            return None
        return Label(piece[tokens[first].start : tokens[last - 1].end], first, last, frozenset(concepts))


def concept_of(field: Field) -> str:
    """The metric of a field, else its name; of a measured value, what was measured."""
    if field.figure.metric:
        return field.figure.metric
    measured = getattr(field.fact, "of", None)
    if field.name == "value" and measured is not None:
        return _concept_called(str(measured.value))
    return _concept_called(field.description, _concept_called(field.name))


def is_worded(field: Field) -> bool:
    """Whether a field holds words: a name, a text or a key."""
    return _group(field.figure.unit) == _NAME


def tokens_of(text: str) -> list[Token]:
    """The words of a text, and the marks between its clauses."""
    return [Token(_stem(flat(found[0])), found.start(), found.end()) for found in _TOKEN.finditer(text)]


@lru_cache(maxsize=2_000)
def stems_of(words: str) -> Phrase:
    """The stems of words, without those that tell nothing."""
    return tuple(stem for token in tokens_of(words.replace("_", " ")) if (stem := token.stem) not in _LITTLE)


def _may_stand(label: Label, tokens: Sequence[Token], last: int) -> bool:
    """Whether a label is that of a reference after these little words: before a colon, where it begins its clause."""
    if tokens[last].stem != ":":
        return True
    opening = [token for token in tokens[: label.first] if token.stem not in _BEFORE]
    return not opening or opening[-1].stem in _MARKS


def _meanings(field: Field) -> set[str]:
    row = getattr(field.fact, "rows", {}).get(field.row)
    why = getattr(row, "why", None)
    is_point = why is not None and why.value == "milestone"
    points = {"planned_start", "actual_start"} if is_point and field.figure.unit == Unit.DATE else set()
    return {concept_of(field), field.name, _concept_called(field.name), *points}


def _own_words(field: Field) -> set[str]:
    """Every word by which a field may go, those of its description included."""
    return {*stems_of(field.name), *stems_of(field.description.partition(";")[0])}


@lru_cache(maxsize=2_000)
def _concept_called(words: str, otherwise: str | None = None) -> str:
    """The metric of this id, or with these words for a label in any order; else what is said to be otherwise."""
    stems = frozenset(token.stem for token in tokens_of(words.replace("_", " ")))
    for metric in METRICS.values():
        if words == metric.id or (stems and stems == frozenset(token.stem for token in tokens_of(metric.label))):
            return metric.id
    return words if otherwise is None else otherwise


@lru_cache(maxsize=1)
def _of_metrics() -> dict[Phrase, set[str]]:
    found: dict[Phrase, set[str]] = defaultdict(set)
    for metric in METRICS.values():
        for phrase in {*_phrases(metric.id), *_phrases(metric.label), *map(_phrase, metric.words)}:
            found[phrase].add(metric.id)
    return found


@lru_cache(maxsize=100)
def _of_kind(kind: type[Fact]) -> dict[Phrase, set[str]]:
    """What the fields of a kind of fact are called, those without a value too."""
    found: dict[Phrase, set[str]] = defaultdict(set)
    for name, declared in kind.model_fields.items():
        if name not in _FRAME:
            for phrase in _phrases(name):
                found[phrase] |= {name, _concept_called(declared.description or "", _concept_called(name))}
    return found


def _phrases(words: str) -> set[Phrase]:
    """The words as a phrase, and each telling word of it alone."""
    whole = _phrase(words.replace("_", " "))
    return {each for each in (whole, *((stem,) for stem in whole)) if set(each) - _LITTLE}


@lru_cache(maxsize=2_000)
def _phrase(words: str) -> Phrase:
    return tuple(token.stem for token in tokens_of(words))


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    """A word without its ending: finish, finishes, finished and finishing are one."""
    for ending in ("ing", "ies", "ed", "es", "er", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl" else word


def _group(unit: str) -> str:
    """What a field can be mistaken for."""
    if unit in (Unit.NAME, Unit.TEXT, Unit.KEY):
        return _NAME
    return _STANDING if unit in (Unit.HEALTH, Unit.STATE, Unit.YES_NO, "health", "yes/no") else _FIGURE


def _stems_of(words: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in words.split())


_REACH = 5  # words after a reference in which its label begins
_FIGURE, _NAME, _STANDING = "figure", "name", "standing"
_MARKS = frozenset(",;.!?()\n—–=|")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[,;.!?()\n—–:=|]")
_FRAME = frozenset({"value", "matched", "shown", "rest", "missing", "groups", "holders", "fulfilled", "as_of", "id"})
_LITTLE = _stems_of("""
    a an the of in on by to at so far for from it its is are was be and or with than as if not no who what which
    day days hour hours date value name key kind level source label sum sums per next where time until
    why that this their them there only all any how many each up out
    about after before better basis last look never off part money measure noun row share shown sort type unknown
    without condition description figure people long
""")
_BEFORE = _stems_of("""
    is are was were be been being at of on by for to the a an about around roughly nearly almost now currently
    still already just only stands stood remains it its this that shows reads equals came comes amounts amounting
    sits has have had than in as exactly some another so far with worth will would should may might can could must
""") | {":", "=", "("}
_AFTER = _stems_of(
    "of the its it is are was were has have had been being be now still already worth all in total a them these those"
)

"""A second look at a finished answer, whoever wrote it: what it says that no fact and not the question holds."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from assistant.grounding.amounts import Amount, Held, Kind, amounts
from assistant.grounding.names import like_names, words_of
from assistant.grounding.numerals import number_of
from assistant.grounding.plain import REFERENCE, flat
from assistant.grounding.vocabulary import COLOURS, DATE, HEALTH, IDIOMS, NUMBER
from storage.text import printable
from tools.facts import Fact, Figure, Unit


def unsupported(text: str, facts: Sequence[Fact], question: str, note: str = "") -> list[str]:
    """The figures, days, health words and names of a text that no field of the facts renders, in the order they stand.

    What the asker said, and what the server noted beside the facts, may stand in it. A count of "more" rows is derived:
    it must be a count of the facts less the rows that the text names.
    """
    return _Look(facts, f"{question}\n{note}").at(text)


class _Look:
    """What a text over these facts may say."""

    def __init__(self, facts: Sequence[Fact], said: str) -> None:
        self.held, self.facts = Held(facts), facts
        self.said = flat(said)
        self.said_amounts = {stated.amount for stated in amounts(said)}
        self.said_words = {word.text for word in words_of(said)}
        self.figures = [pair for fact in facts for pair in fact.figures()]
        self.strings = sorted({each for fact in facts for each in _strings(fact)}, key=len, reverse=True)
        whole = "|".join(map(re.escape, self.strings))
        self.pattern = re.compile(rf"(?<![^\W_])(?:{whole})(?![^\W_])", re.IGNORECASE) if self.strings else None
        self.colours = {str(figure.value) for _, figure in self.figures if figure.unit == Unit.HEALTH}
        self.colours |= {colour for colour in COLOURS for path, figure in self.figures if _counts(path, figure, colour)}

    def at(self, text: str) -> list[str]:
        shown = unicodedata.normalize("NFC", _ESCAPED.sub(r"\1", text).replace("**", ""))
        own = self._without_strings(shown)
        found = sorted({*self._numbers(own, shown), *self._words(own), *self._names(own)})
        return list(dict.fromkeys(own[start:end].strip() for start, end in found))

    def _without_strings(self, shown: str) -> str:
        """The text with each string that a field holds, whole or cut short, as one character for each letter."""
        blank = shown
        for place in [found.start() for found in re.finditer("…", shown)]:
            length = next((size for string in self.strings if (size := _cut(string, shown, place))), 0)
            blank = blank[: place - length] + REFERENCE * length + blank[place:]
        return self.pattern.sub(lambda found: REFERENCE * len(found[0]), blank) if self.pattern else blank

    def _numbers(self, own: str, shown: str) -> Iterator[tuple[int, int]]:
        rows = sum(len(getattr(fact, "rows", {})) for fact in self.facts)
        places = {found.start("place") for found in _ITEM.finditer(own) if int(found["place"]) <= rows}
        for stated in amounts(own):
            is_known = self._knows(stated.amount) or stated.start in places
            if not is_known and not self._is_rest(own, stated.start, stated.end, stated.amount, shown):
                yield stated.start, stated.end

    def _knows(self, amount: Amount) -> bool:
        return self.held.path(amount) is not None or amount in self.said_amounts

    def _is_rest(self, own: str, start: int, end: int, amount: Amount, shown: str) -> bool:
        """Whether it is the number of rows that are not named: a count of the facts, less those that are."""
        if amount.kind is not Kind.NUMBER or not own[end:].startswith(" more"):
            return False
        counts = {int(str(figure.value)) for _, figure in self.figures if figure.unit == Unit.COUNT}
        line = shown[:start].rsplit(". ", 1)[-1]
        named = {len(self._named(part)) for part in (shown, line)}
        return any(int(amount.shown) + each in counts for each in named)

    def _named(self, text: str) -> set[str]:
        """The rows that a text names."""
        called = {
            (key, words)
            for fact in self.facts
            for key, row in getattr(fact, "rows", {}).items()
            for words in _row_names(key, row)
        }
        return {key for key, words in called if words and words in text}

    def _words(self, own: str) -> Iterator[tuple[int, int]]:
        small = IDIOMS.sub(lambda idiom: " " * len(idiom[0]), flat(own))
        days = {place for stated in amounts(own) for place in range(stated.start, stated.end)}
        for pattern in (NUMBER, DATE, HEALTH):
            for found in pattern.finditer(small):
                if found.start() not in days and not self._may_say(found[0]):
                    yield found.span()

    def _may_say(self, words: str) -> bool:
        number = number_of(words)
        is_held = number is not None and self._knows(Amount(Kind.NUMBER, str(number)))
        return is_held or words in self.colours or bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", self.said))

    def _names(self, own: str) -> Iterator[tuple[int, int]]:
        words = words_of(own)
        days = {place for stated in amounts(own) for place in range(stated.start, stated.end)}
        for first, last in like_names(own, words):
            start, end = words[first].start, words[last - 1].end
            spoken = {word.text for word in words[first:last]}
            if start not in days and not spoken <= self.said_words and not DATE.fullmatch(flat(own[start:end])):
                yield start, end


def _strings(fact: Fact) -> Iterator[str]:
    """Every text of a fact as a reader may see it: whole, in the singular, or a person's first name."""
    yield from getattr(fact, "rows", {})
    for _, figure in fact.figures():
        if figure.unit not in (Unit.NAME, Unit.TEXT, Unit.KEY, Unit.STATE) or not figure.value:
            continue
        for whole in {printable(unicodedata.normalize("NFC", str(figure.value))), figure.text.replace("\\", "")} - {""}:
            yield whole
            yield whole.replace("that are milestones", "that is a milestone").replace("that are ", "that is ")
            if figure.unit == Unit.NAME and " " in whole:
                yield whole.split(" ")[0]


def _counts(path: str, figure: Figure, colour: str) -> bool:
    return figure.unit == Unit.COUNT and bool(figure.value) and colour in path.split("_")


def _cut(string: str, shown: str, place: int) -> int:
    """How much of the string stands before an ellipsis; 0 where too little does to be the string."""
    for length in range(min(len(string), place), 11, -1):
        if shown[place - length : place].lower() == string[:length].lower():
            return length
    return 0


def _row_names(key: str, row: object) -> tuple[str, ...]:
    called = getattr(row, "label", None) or getattr(row, "name", None)
    return (f"[{key}]", str(called.value) if isinstance(called, Figure) else "")


_ESCAPED = re.compile(r"\\([\\`*\[\]<>|~#_!&])")
_ITEM = re.compile(rf"(?:^|· )(?P<place>\d{{1,2}}) (?=\[|{REFERENCE})", re.MULTILINE)

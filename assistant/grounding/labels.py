"""Whether the words beside a reference name the field it points at: "SPI is {{f1.cpi}}" does not name it.

Labels attach to a reference directly before it ("a budget of {{...}}") or after it ("{{...}} late tasks"). Where
labels attach and none of them may mean the field, sentence and field disagree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.grounding.lexicon import Label, Lexicon, is_worded, stems_of, tokens_of
from assistant.grounding.plain import flat
from assistant.grounding.references import Field, Passage
from tools.facts import Unit


@dataclass(frozen=True)
class Disagreement:
    """The words at a reference, and the field it points at, which they do not name."""

    words: str
    field: Field
    concepts: frozenset[str]


def disagreements(passage: Passage, lexicon: Lexicon) -> Iterator[Disagreement]:
    """Each reference whose sentence calls it something else."""
    reading = _Reading(passage, lexicon)
    for place, field in passage.known:
        if unit := _other_unit(passage.pieces[place + 1], field):
            yield Disagreement(unit, field, frozenset())
        elif label := reading.rival(place, field):
            yield Disagreement(label.words, field, label.concepts)


class _Reading:
    """The labels of a passage, handed out from left to right: a word that names one figure names no other."""

    def __init__(self, passage: Passage, lexicon: Lexicon) -> None:
        self.passage, self.lexicon = passage, lexicon
        self.tokens = [tokens_of(piece) for piece in passage.pieces]
        self.taken = [0] * len(self.tokens)

    def rival(self, place: int, field: Field) -> Label | None:
        """The label beside the reference that names something else; None where one names the field or none is there."""
        before, after = self._before(place), self._after(place)
        if after and self.lexicon.agrees(after[0], field):
            self.taken[place + 1] = after[0].last
            others = [label for label in after[1:] if self.lexicon.is_about(label, field)]
            is_whole = place > 0 and bool(_PART.fullmatch(self.passage.pieces[place]))
            named = is_whole or any(self.lexicon.agrees(each, field) for each in others)
            return others[0] if others and not named else None
        if before and self.lexicon.agrees(before, field):
            return None
        first = after[0] if after and not self._is_of_next(place, after[0]) and not is_worded(field) else None
        rivals = (label for label in (before, first) if label and self.lexicon.is_about(label, field))
        return next(rivals, None) or self._of_part(place, field)

    def _before(self, place: int) -> Label | None:
        piece, tokens = self.passage.pieces[place], self.tokens[place]
        is_between_commas = self.passage.pieces[place + 1].startswith(",") and piece.endswith(", ")
        label = self.lexicon.before(piece, tokens[:-1] if is_between_commas else tokens, self.taken[place])
        return None if label and place and _COMPARES.fullmatch(flat(label.words)) else label

    def _after(self, place: int) -> list[Label]:
        """The label after a reference; after a bare noun ("tasks") what is said of it too ("are late")."""
        piece, tokens = self.passage.pieces[place + 1], self.tokens[place + 1]
        first = self.lexicon.after(piece, tokens, 0)
        if first is None or stems_of(first.words) not in _NOUNS:
            return [first] if first else []
        said = self.lexicon.after(piece, tokens, first.last)
        return [first, said] if said else [first]

    def _is_of_next(self, place: int, after: Label) -> bool:
        """Whether words after a reference are the label of the one that follows."""
        following = self.passage.fields[place + 1] if place + 1 < len(self.passage.fields) else None
        if following is None or (after.first == 0 and stems_of(after.words) in _NOUNS):
            return False
        own = self.lexicon.before(self.passage.pieces[place + 1], self.tokens[place + 1], 0)
        return own is not None and own.first <= after.first < own.last and self.lexicon.agrees(own, following)

    def _of_part(self, place: int, field: Field) -> Label | None:
        """Of "a of b tasks are done": what is said of the part, where that is not what the part counts."""
        if place + 2 >= len(self.passage.pieces) or not _PART.fullmatch(self.passage.pieces[place + 1]):
            return None
        said = self._after(place + 1)[1:]
        return next((label for label in said if self._is_rival(label, field)), None)

    def _is_rival(self, label: Label, field: Field) -> bool:
        return self.lexicon.is_about(label, field) and not self.lexicon.agrees(label, field)


def _other_unit(after: str, field: Field) -> str:
    """The unit after a reference, which is not the field's: that was left out where the passage was read."""
    found = _UNIT.match(after)
    return found[1] if found and field.figure.unit not in (Unit.NAME, Unit.TEXT, Unit.KEY, Unit.NUMBER) else ""


_COMPARES = re.compile(r"behind|ahead(?: of)?|over|under|above|below|earlier|later|past|before")
_PART = re.compile(r"\s(?:out )?of (?:\w+ )?")
_NOUNS = frozenset({("task",), ("project",), ("activiti",), ("activ",), ("program",), ("milestone",), ("mileston",)})
_UNIT = re.compile(r"[\s-]?(days?|hours?|hrs?|h|weeks?|months?|%|percent|per cent)(?!\w)")

"""A passage as grounding looks at it: one text, in which each reference is one character."""

import re

from assistant.grounding.claims import Claim
from assistant.grounding.plain import REFERENCE, flat, unmarked
from assistant.grounding.references import Passage
from tools.facts import Unit


class View:
    """The text of a passage, and what stands beside its references."""

    def __init__(self, read: Passage) -> None:
        self.read = read
        self.pieces = [unmarked(piece) for piece in read.pieces]
        self.text = REFERENCE.join(self.pieces)

    @property
    def joins_figures(self) -> bool:
        """Whether a letter, a digit or a mark of numbers is joined to a reference, or joins two."""
        ends = ((before, after) for before, after in zip(self.pieces, self.pieces[1:], strict=False))
        joined = any(
            before[-1:].isalnum() or (before != "-" and before[-1:] in _JOINING) or _is_joined(after)
            for before, after in ends
        )
        return joined or any(piece in _BETWEEN_FIGURES for piece in self.pieces[1:-1])

    def is_label(self, claim: Claim) -> bool:
        """Whether a colour names the field of a reference in the same clause: "{{f1.projects_red}} red"."""
        place = self.text.count(REFERENCE, 0, claim.start)
        start = self.text.rfind(REFERENCE, 0, claim.start) + 1
        before, after = self.text[start : claim.start], self.text[claim.end :].partition(REFERENCE)[0]
        near = [self.read.fields[place - 1]] if place and not set(before) & _BREAKS else []
        if not near and place < len(self.read.fields) and not set(after) & _BREAKS:
            near = [self.read.fields[place]]
        return any(each is not None and flat(claim.words) in each.name.split("_") for each in near)

    def counts(self, claim: Claim) -> bool:
        """Whether the clause of a claim tells how many there are: "{{f1.matched}} projects are red", "none is red"."""
        place = self.text.count(REFERENCE, 0, claim.start)
        before = self.text[max(0, claim.start - _FAR) : claim.start]
        clause = _CLAUSE.split(before)[-1]
        field = self.read.fields[place - 1] if REFERENCE in clause else None
        is_count = field is not None and field.figure.unit == Unit.COUNT and not field.row
        return is_count or (REFERENCE not in clause and _NONE.search(clause) is not None)


def _is_joined(after: str) -> bool:
    return after[:1].isalnum() or after[:1] in _RAISING


_FAR = 200  # letters before a claim in which its clause may begin
_NONE = re.compile(r"\b(?:no|none|nothing|neither)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:.!?()\n]")
_BREAKS = frozenset(".,;:!?()\n")
_RAISING = frozenset("^×")
_JOINING = frozenset("-−+^×")
_BETWEEN_FIGURES = frozenset(".,'’/^+*×")

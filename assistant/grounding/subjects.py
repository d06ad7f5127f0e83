"""Whether a figure is of what its sentence speaks of: "GATE-31 is due {{f1.rows.GATE-44.finish}}" is not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from assistant.grounding.plain import flat
from assistant.grounding.references import Field, Fields, Passage

NAMING = ("name", "label", "key", "scope", "scope_key", "project", "task", "person")
OF_ROWS = ("name", "label", "key")
OWNERS = ("owner", "manager")


@dataclass(frozen=True)
class Mention:
    """Where a passage names a subject: the place of a piece and of a letter in it; -1 for the reference before it."""

    piece: int
    letter: int
    subject: str


@dataclass(frozen=True)
class Mismatch:
    """A field of one subject where the sentence speaks of another."""

    field: Field
    spoken_of: str
    instead: Field | None


@dataclass(frozen=True)
class Row:
    """A row, and what it is called, in small letters without hyphens."""

    called: str
    subject: str


class Subjects:
    """What the facts and their rows are called, to be recognised in a sentence."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._called: dict[str, str] = {}
        for field in fields:
            if _names(field) and len(str(field.figure.value)) > 2:
                self._called.setdefault(flat(str(field.figure.value)), field.subject)
        self._rows = [
            Row(called.replace("-", " "), subject) for called, subject in self._called.items() if "." in subject
        ]
        longest_first = sorted(self._called, key=len, reverse=True)
        self._pattern = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)") if longest_first else None
        )

    def mismatches(self, passage: Passage) -> Iterator[Mismatch]:
        """Each reference to a field of another subject than the one that its part of the sentence names."""
        mentions = list(self._mentions(passage))
        breaks = list(accumulate((len(_APART.findall(piece)) for piece in passage.pieces), initial=0))
        parts = [_part(passage, breaks, each) for each in mentions]
        for place, field in passage.known:
            near = [each for each, part in zip(mentions, parts, strict=True) if part == breaks[place + 1]]
            spoken_of = None if _names(field) else self._spoken_of(passage, place, field, near, mentions)
            if spoken_of:
                yield Mismatch(field, spoken_of, self._fields.of_subject(spoken_of, field.name))
            elif field.name in OWNERS and (owned := self._owned_by_another(field, passage.pieces[place + 1])):
                yield owned

    def _owned_by_another(self, field: Field, after: str) -> Mismatch | None:
        """What a person is said to own and somebody else does: "Ines owns the go-live"."""
        found = _OWNS.match(flat(after))
        rows = [each for each in self._rows if found and each.called in found["what"].replace("-", " ")]
        owners = [owner for each in rows if (owner := self._owner(each.subject))]
        if not owners or any(owner.figure.value == field.figure.value for owner in owners):
            return None
        return Mismatch(field, rows[0].subject, owners[0])

    def _owner(self, subject: str) -> Field | None:
        return next((found for name in OWNERS if (found := self._fields.of_subject(subject, name))), None)

    def _spoken_of(
        self, passage: Passage, place: int, field: Field, mentions: Sequence[Mention], everywhere: Sequence[Mention]
    ) -> str | None:
        """The other subject that is spoken of where the field is told; None where there is none."""
        named = {mention.subject for mention in mentions}
        before = [each for each in mentions if each.piece <= place]
        if before:
            is_near = _is_near(passage, before[-1], place)
            return before[-1].subject if self._is_other(field, before[-1], named, is_near) else None
        rows = {each.subject for each in mentions or everywhere if each.letter < 0 and "." in each.subject}
        return rows.pop() if field.row and len(rows) == 1 and field.subject not in rows else None

    def _is_other(self, field: Field, mention: Mention, named: set[str], near: bool) -> bool:
        if mention.subject == field.subject:
            return False
        same_fact = mention.subject.partition(".")[0] == field.fact.id
        rival = self._fields.of_subject(mention.subject, field.name)
        if same_fact and not (field.row and "." in mention.subject):
            is_told = field.subject in named and bool(field.row)
            return near and rival is not None and not is_told
        return near or field.subject not in named

    def _mentions(self, passage: Passage) -> Iterator[Mention]:
        for place, piece in enumerate(passage.pieces):
            before = passage.fields[place - 1] if place else None
            if before is not None and _names(before):
                yield Mention(place, -1, before.subject)
            for found in self._pattern.finditer(flat(piece)) if self._pattern else ():
                yield Mention(place, found.end(), self._called[found[0]])


def _names(field: Field) -> bool:
    return field.name in (OF_ROWS if field.row else NAMING)


def _part(passage: Passage, breaks: Sequence[int], mention: Mention) -> int:
    """Which line, item or half of a sentence a mention lies in, by the breaks before it."""
    return breaks[mention.piece] + len(_APART.findall(passage.pieces[mention.piece][: max(0, mention.letter)]))


def _is_near(passage: Passage, mention: Mention, place: int) -> bool:
    """Whether no mark or word that begins a new thought stands between a mention and the reference at a place."""
    pieces: Sequence[str] = passage.pieces[mention.piece : place + 1]
    between = " ".join([pieces[0][max(0, mention.letter) :], *pieces[1:]])
    return _BREAK.search(between) is None


_OWNS = re.compile(
    r"^\s+(?:owns|runs|manages|leads|has|does|handles|looks after|works on"
    r"|is (?:working on|responsible for|in charge of))\s+"
    r"(?P<what>[^,;:.!?()\n—–|]+)"
)
_APART = re.compile(r"[;\n·]|[.!?]\s")
_BREAK = re.compile(r"[,;:.!?()\n—–·|]|\b(?:and|but|while|whereas|then|than|which|because|with|so|as)\b", re.IGNORECASE)

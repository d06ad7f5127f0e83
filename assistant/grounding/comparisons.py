"""Whether what a sentence compares lies so: "{{f1.progress}} is above the planned {{f1.planned_progress}}" may not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from assistant.grounding.directions import SIGNS
from assistant.grounding.lexicon import Lexicon, concept_of, tokens_of
from assistant.grounding.plain import flat
from assistant.grounding.references import Field, Fields, Passage
from tools.facts import Unit

MORE = (
    r"above|in excess of|north of|exceed(?:s|ed|ing)?|outpac\w+|surpass\w*"
    r"|(?:more|higher|greater|bigger|larger|longer) than"
)
LESS = (
    r"below|under|south of|short of|(?:less|fewer|lower|smaller|shorter) than|falls? short of|trails?|lags?(?: behind)?"
)
BETTER = r"beats?|beat(?:ing|en)|better than|outperform\w*|tops?"
WORSE = r"miss(?:es|ed|ing)?|worse than"
LOWER_IS_BETTER = frozenset({"AC", "EAC", "EAC_remaining", "planned_cost", "late_tasks", "late_projects", "days_late"})


@dataclass(frozen=True)
class Said:
    """A comparison in words: whether the first is said to be greater (1) or smaller (-1), or equal beside that."""

    words: str
    way: int
    or_equal: bool


def miscompared(read: Passage, fields: Fields, lexicon: Lexicon) -> Iterator[str]:
    """What is said of a figure beside another that their values do not bear out."""
    for place, field in read.known:
        if concept_of(field) in SIGNS or (first := _size(field)) is None:
            continue
        other, between = _compared_with(read, place, fields, lexicon)
        second = _size(other) if other and _alike(field, other) else None
        said = _said(between, field) if second is not None else None
        if other and said and second is not None and not _holds(said, first, second):
            yield f'{field.reference} is not "{said.words}" {other.reference}: compare them as they are.'


def _compared_with(read: Passage, place: int, fields: Fields, lexicon: Lexicon) -> tuple[Field | None, str]:
    """The figure after a word of comparison, referred to or only named, and the words up to it."""
    piece = flat(read.pieces[place + 1])
    other = read.fields[place + 1] if place + 1 < len(read.fields) else None
    if other is not None and _TAIL.search(piece):
        return other, piece
    clause = _APART.split(piece)[0]
    found = _COMPARES.search(clause)
    return (_named(clause, found.end(), read.fields[place], fields, lexicon), clause) if found else (None, "")


def _named(clause: str, start: int, beside: Field | None, fields: Fields, lexicon: Lexicon) -> Field | None:
    """The one field of the same subject that the words after a comparison name: "beats the target"."""
    label = lexicon.after(clause, [token for token in tokens_of(clause) if token.start >= start], 0)
    if label is None or beside is None:
        return None
    meant = [each for each in fields if each.subject == beside.subject and _alike(beside, each)]
    meant = [each for each in meant if lexicon.agrees(label, each) and _size(each) is not None]
    return meant[0] if len(meant) == 1 and meant[0] != beside else None


def _said(between: str, field: Field) -> Said | None:
    found = _COMPARES.search(between)
    if found is None or _BREAK.search(between[: found.start()]):
        return None
    way = _way(found, field) * (-1 if between.startswith(" by", found.end()) else 1)
    is_denied = _DENIED.search(between[: found.start()]) is not None
    or_equal = is_denied or _OR_EQUAL.search(between) is not None
    return Said(found[0], -way if is_denied else way, or_equal) if way else None


def _way(found: re.Match[str], field: Field) -> int:
    """1 where the words say greater, -1 where they say smaller; of days, later is greater."""
    is_day, kind = field.figure.unit == Unit.DATE, found.lastgroup
    if kind in ("better", "worse"):
        lower = is_day or concept_of(field) in LOWER_IS_BETTER
        return (-1 if lower else 1) * (1 if kind == "better" else -1)
    if kind in ("ahead", "behind"):
        return (1 if kind == "ahead" else -1) * (-1 if is_day else 1)
    if kind in ("after", "before"):
        return (1 if kind == "after" else -1) if is_day else 0
    if kind == "over":
        return 0 if field.figure.unit == Unit.COUNT else 1
    return 1 if kind == "more" else -1


def _holds(said: Said, first: Decimal, second: Decimal) -> bool:
    return (first - second) * said.way > 0 or (said.or_equal and first == second)


def _alike(one: Field, other: Field) -> bool:
    return one.figure.unit == other.figure.unit and concept_of(other) not in SIGNS


def _size(field: Field) -> Decimal | None:
    """What a figure amounts to, as it is told; None for one that no other can be above or below."""
    value, unit = field.figure.value, field.figure.unit
    if value is None or isinstance(value, bool) or unit in _UNSIZED:
        return None
    try:
        return Decimal(date.fromisoformat(str(value)).toordinal()) if unit == Unit.DATE else Decimal(str(value))
    except (ValueError, InvalidOperation):
        return None


_UNSIZED = (Unit.NAME, Unit.TEXT, Unit.KEY, Unit.HEALTH, Unit.STATE, Unit.YES_NO)
_COMPARES = re.compile(
    rf"\b(?:(?P<more>{MORE})|(?P<less>{LESS})|(?P<better>{BETTER})|(?P<worse>{WORSE})|(?P<ahead>ahead of)"
    r"|(?P<behind>behind)|(?P<after>later than|after|past|beyond)|(?P<before>earlier than|before)|(?P<over>over))\b"
)
_TAIL = re.compile(
    rf"{_COMPARES.pattern.replace('?P<', '?P<_')}(?:\s+(?!(?:that|this|it|which|them)\b)[\w-]+){{0,5}}[\s(]*$"
)
_BREAK = re.compile(
    r"[;.!?()\n·|]|[:—–](?!\s*$)|\b(?:while|whereas|because|then|when|until)\b"
    r"|\b(?:and|but)\b(?!\s+(?:is|are|was|lies|so|thus|therefore|well|far|hence)\b)"
)
_APART = re.compile(r"[;:.!?()\n—–·|]")
_DENIED = re.compile(r"(?:\b(?:not|never|no|cannot|hardly)|n['’]t)(?:\s+\w+)?\s+$")
_OR_EQUAL = re.compile(
    r"\bor (?:equal|at|on|level|the same)\b|\b(?:at|on|equal to|level with) or\b|\bat (?:least|most)\b"
)

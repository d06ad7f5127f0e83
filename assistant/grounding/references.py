"""References of a model's prose to fields of facts, `{{f1.rows.GATE-31.finish}}`: found, looked up, worded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from pydantic import BaseModel

from assistant.narration.wording import say
from tools.facts import Fact, Figure, Unit

WRITTEN = re.compile(r"\{\{\s*([^{}\n]{1,300}?)\s*\}\}")
ASKED_FOR = ("value", "values")  # fields that were asked for are told exactly


@dataclass(frozen=True)
class Field:
    """A field that a reference points at. `row` is the key of its row, empty for a field of the fact itself."""

    fact: Fact
    path: str
    figure: Figure

    @property
    def reference(self) -> str:
        return f"{{{{{self.fact.id}.{self.path}}}}}"

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def row(self) -> str:
        if not self.path.startswith("rows."):
            return ""
        inside = self.path.removeprefix("rows.").removesuffix(f".{self.name}")
        return inside.removesuffix(".values")

    @property
    def subject(self) -> str:
        """What the field is of: a fact, or a row of it."""
        return f"{self.fact.id}.{self.row}" if self.row else self.fact.id

    @property
    def description(self) -> str:
        """What its kind of fact, or its line, says of the field."""
        owner = getattr(self.fact, "rows", {}).get(self.row) if self.row else self.fact
        declared = type(owner).model_fields.get(self.name) if isinstance(owner, BaseModel) else None
        return (declared.description or "") if declared else ""

    @property
    def text(self) -> str:
        """As narration tells it in a sentence; exact where the field itself was asked for."""
        is_asked_for = bool(set(ASKED_FOR) & set(self.path.split(".")))
        return say(self.figure, self.fact.as_of, exact=is_asked_for)


@dataclass
class Passage:
    """A passage taken apart: `pieces` of own words, and between each two of them a field, or None for one unknown."""

    pieces: list[str]
    fields: list[Field | None]
    unknown: list[str] = field(default_factory=list)

    @property
    def known(self) -> list[tuple[int, Field]]:
        return [(place, each) for place, each in enumerate(self.fields) if each is not None]


class Fields:
    """Every field of the facts by its path."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.by_path: dict[str, Field] = {}
        for fact in facts:
            as_of = Figure(value=fact.as_of.isoformat(), unit=Unit.DATE)
            for path, figure in (*fact.figures(), ("as_of", as_of)):
                self.by_path.setdefault(f"{fact.id}.{path}", Field(fact, path, figure))
            for key in getattr(fact, "rows", {}):
                path, figure = f"rows.{key}.key", Figure(value=key, unit=Unit.KEY)
                self.by_path.setdefault(f"{fact.id}.{path}", Field(fact, path, figure))
        self._small = {path.lower(): path for path in self.by_path}

    def __iter__(self) -> Iterator[Field]:
        return iter(self.by_path.values())

    def find(self, path: str) -> Field | None:
        """The field at this path, in capitals or not; None where there is none or it has no value."""
        found = self.by_path.get(path) or self.by_path.get(self._small.get(path.lower(), ""))
        return found if found is not None and found.figure.value is not None else None

    def of_subject(self, subject: str, name: str) -> Field | None:
        """The field of this name of a fact ("f1") or of one of its rows ("f1.GATE-31")."""
        fact, _, row = subject.partition(".")
        return self.find(f"{fact}.rows.{row}.{name}" if row else f"{fact}.{name}")

    def near(self, path: str, limit: int = 3) -> list[str]:
        """References that look like this one, or that hold a field of the same name."""
        small, name = path.lower(), path.lower().rpartition(".")[2]
        same = [each for key, each in self._small.items() if key.rpartition(".")[2] == name]
        close = [self._small[key] for key in get_close_matches(small, self._small, n=limit, cutoff=0.6)]
        return [f"{{{{{each}}}}}" for each in dict.fromkeys((*close, *same))][:limit]

    def read(self, text: str) -> Passage:
        """The passage with its references looked up, and without units and currencies that the fields bring along."""
        pieces = WRITTEN.split(text)
        paths = pieces[1::2]
        fields = [self.find(path) for path in paths]
        unknown = [path for path, found in zip(paths, fields, strict=True) if found is None]
        return Passage(_fitted(pieces[::2], fields), fields, unknown)


def _is_money(unit: str) -> bool:
    return unit not in frozenset(Unit)


def _fitted(pieces: list[str], fields: Sequence[Field | None]) -> list[str]:
    for place, found in enumerate(fields):
        if found is None:
            continue
        unit = found.figure.unit
        pieces[place + 1] = _SAID_AGAIN.get(unit, _CURRENCY_AFTER if _is_money(unit) else _NOTHING).sub(
            "", pieces[place + 1]
        )
        if _is_money(unit):
            pieces[place] = _CURRENCY_BEFORE.sub("", pieces[place])
        if isinstance(found.figure.value, str | int | float) and str(found.figure.value).startswith("-"):
            pieces[place] = _MINUS_BEFORE.sub("", pieces[place])
    return pieces


_NOTHING = re.compile(r"(?!)")
_SAID_AGAIN: dict[str, re.Pattern[str]] = {
    Unit.SHARE: re.compile(r"^\s?(?:%|percent\b|per cent\b|pct\b)"),
    Unit.HOURS: re.compile(r"^[\s-]?(?:h|hrs?|hours?)\b"),
    Unit.WORKING_DAYS: re.compile(r"^[\s-]?(?:(?:working|business)\s)?(?:workdays?|days?|d)\b"),
    Unit.CALENDAR_DAYS: re.compile(r"^[\s-]?(?:calendar\s)?days?\b"),
}
_CURRENCY_BEFORE = re.compile(r"(?:[€$£¥]|\b[A-Z]{3} ?)$")
_CURRENCY_AFTER = re.compile(r"^\s?(?:€|\$|£|(?:EUR|USD|GBP|[Ee]uros?|[Dd]ollars?|[Pp]ounds?)\b)")
_MINUS_BEFORE = re.compile(r"(?<=\s)[-−]$")

"""What a tool answers: figures with their units and metrics, and the rows they come from.

A tool returns one of four things: a Fact, a Clarification, a Refusal, or (from a later issue on) a Proposal.
`Fact.contract()` is the JSON other programs rely on; FACTS.md is generated from the classes that derive from Fact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

Scalar = bool | int | float | str | None


class Unit(StrEnum):
    """What a figure counts. Shares are 0 to 1, money is in major units as a decimal string, dates are ISO."""

    NAME = "name"
    TEXT = "text"
    KEY = "key"
    DATE = "date"
    SHARE = "share"
    RATIO = "ratio"
    COUNT = "count"
    NUMBER = "number"
    HOURS = "hours"
    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "calendar days"
    HEALTH = "health"
    STATE = "state"
    YES_NO = "yes/no"


class Figure(BaseModel):
    """One value with its unit and, where it is computed, the metric that defines it. Money's unit is its currency."""

    model_config = ConfigDict(frozen=True)

    value: Scalar
    unit: str
    metric: str = ""
    text: str = ""  # how a person reads it; made by narration


def name(value: str | None) -> Figure | None:
    return Figure(value=value, unit=Unit.NAME) if value else None


def text(value: str | None) -> Figure | None:
    return Figure(value=value, unit=Unit.TEXT) if value else None


def key(value: str | None) -> Figure | None:
    return Figure(value=value, unit=Unit.KEY) if value else None


def state(value: str | None) -> Figure | None:
    return Figure(value=value, unit=Unit.STATE) if value else None


def health(value: str | None, metric: str = "") -> Figure | None:
    return Figure(value=value, unit=Unit.HEALTH, metric=metric) if value else None


def day(value: date | datetime | None, metric: str = "") -> Figure | None:
    if value is None:
        return None
    shown = value.date() if isinstance(value, datetime) else value
    return Figure(value=shown.isoformat(), unit=Unit.DATE, metric=metric)


def count(value: int | None, metric: str = "") -> Figure | None:
    return None if value is None else Figure(value=value, unit=Unit.COUNT, metric=metric)


def share(value: float | None, metric: str = "") -> Figure | None:
    return None if value is None else Figure(value=value, unit=Unit.SHARE, metric=metric)


def ratio(value: float | None, metric: str = "") -> Figure | None:
    return None if value is None else Figure(value=value, unit=Unit.RATIO, metric=metric)


def hours(minutes: float | None, metric: str = "") -> Figure | None:
    return None if minutes is None else Figure(value=round(minutes / 60, 2), unit=Unit.HOURS, metric=metric)


def money(minor: int | Decimal | None, currency: str, metric: str = "") -> Figure | None:
    """Money from minor units, as a decimal string in major units."""
    if minor is None:
        return None
    return Figure(value=str((Decimal(minor) / 100).quantize(Decimal("0.01"))), unit=currency, metric=metric)


class SourceRef(BaseModel):
    """A row behind a fact: opens at `url`."""

    model_config = ConfigDict(frozen=True)

    id: str  # "project:GATE", "task:GATE-31", "person:tomas"
    kind: Literal["portfolio", "program", "project", "task", "person", "source"]
    label: str

    @property
    def url(self) -> str:
        kind, _, row_key = self.id.partition(":")
        return record_url(kind, row_key)


def record_url(kind: str, row_key: str) -> str:
    """The page of one record."""
    return f"/record/{kind}/{quote(row_key, safe='')}"


def project_url(key: str) -> str:
    """The page of a project's plan."""
    return f"/project/{quote(key, safe='')}"


class Line(BaseModel):
    """One row of a fact's table. Subclasses name their columns; a column without a value is None."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(BaseModel):
    """A tool's answer. Subclasses declare Figure fields (None where there is no value, or none this reader may see)."""

    model_config = ConfigDict(extra="forbid")

    kind: ClassVar[str]

    id: str = ""
    as_of: date
    sources: list[SourceRef] = Field(default_factory=list)
    progress_as_of: Figure | None = Field(
        None, description="the day its states and progress are of, where those of the day asked about are not on file"
    )

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every figure with its path: ("spi", ...), ("rows.GATE-31.finish", ...)."""
        for label, value in self:
            yield from _figures(label, value)

    def contract(self) -> dict[str, Any]:
        """{"id", "kind", "fields", "as_of", "sources"}; fields nest as `{{f1.rows.GATE-31.finish}}` refers to them."""
        fields = {label: _plain(value) for label, value in self if label not in ("id", "as_of", "sources")}
        return {
            "id": self.id,
            "kind": self.kind,
            "fields": {label: value for label, value in fields.items() if value is not None},
            "as_of": self.as_of.isoformat(),
            "sources": [source.id for source in self.sources],
        }


@dataclass(frozen=True)
class Option:
    """One candidate of a question back: what to answer, and how it reads."""

    key: str
    label: str
    kind: str


@dataclass(frozen=True)
class Clarification:
    """The tool cannot go on before the asker chooses."""

    question: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Refusal:
    """The tool cannot answer; `outcome` says why and `sentence` what to try next.

    not_found: nothing of that name that the asker can see, or the data was never imported.
    refused: the asker sees the thing but not this class of field. declined: the question is not one we answer.
    """

    outcome: Literal["not_found", "refused", "declined"]
    sentence: str


ToolResult = Fact | Clarification | Refusal


def _figures(path: str, value: Any) -> Iterator[tuple[str, Figure]]:
    if isinstance(value, Figure):
        yield path, value
    elif isinstance(value, Line):
        for label, inner in value:
            yield from _figures(f"{path}.{label}", inner)
    elif isinstance(value, dict):
        for label, inner in value.items():
            yield from _figures(f"{path}.{label}", inner)


def _plain(value: Any) -> Any:
    if isinstance(value, Figure):
        return value.model_dump(exclude={"metric"} if not value.metric else None)
    if isinstance(value, Line):
        return {label: _plain(inner) for label, inner in value if inner is not None}
    if isinstance(value, dict):
        return {label: _plain(inner) for label, inner in value.items()}
    return value

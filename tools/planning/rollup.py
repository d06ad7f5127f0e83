"""Figures of several projects: sums, and ratios of sums, never averages of ratios. Money stays by currency."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tools.planning.contracts import margin_share
from tools.planning.earned_value import difference, quotient
from tools.planning.progress import ProgressBasis, weighted_share


class Reading(Protocol):
    """The figures of one project that roll up; money is None where unknown, or not for this reader."""

    @property
    def is_open(self) -> bool: ...
    @property
    def is_late(self) -> bool: ...
    @property
    def is_watermelon(self) -> bool: ...
    @property
    def computed_health(self) -> str | None: ...
    @property
    def progress_share(self) -> float | None: ...
    @property
    def planned_share(self) -> float | None: ...
    @property
    def effort_minutes(self) -> int | None: ...
    @property
    def duration_minutes(self) -> int | None: ...
    @property
    def tasks_cost_minor(self) -> int | None: ...
    @property
    def budget_minor(self) -> int | None: ...
    @property
    def planned_value_minor(self) -> int | None: ...
    @property
    def earned_value_minor(self) -> int | None: ...
    @property
    def actual_cost_minor(self) -> int | None: ...
    @property
    def estimate_at_completion_minor(self) -> int | None: ...
    @property
    def estimate_by_remaining_minor(self) -> int | None: ...
    @property
    def revenue_minor(self) -> int | None: ...
    @property
    def revenue_at_completion_minor(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Share:
    """Progress of several projects, and what they were weighed by."""

    done: float | None
    planned: float | None
    basis: ProgressBasis

    @property
    def schedule_performance(self) -> float | None:
        """SPI where there is no money to measure it in; None before anything was planned to be done."""
        return quotient(self.done, self.planned)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many projects; `by_health` counts the computed health, None for those not judged."""

    projects: int
    open: int
    late: int
    watermelons: int
    by_health: dict[str | None, int]


@dataclass(frozen=True, slots=True)
class Money:
    """Sums of one currency in minor units. A ratio or difference is over the projects that have both of its sides."""

    budget_minor: int | None
    planned_value_minor: int | None
    earned_value_minor: int | None
    actual_cost_minor: int | None
    estimate_at_completion_minor: int | None
    estimate_by_remaining_minor: int | None
    revenue_minor: int | None
    revenue_at_completion_minor: int | None
    schedule_performance: float | None
    cost_performance: float | None
    overrun_minor: int | None
    overrun_by_remaining_minor: int | None
    margin_share: float | None
    margin_at_completion_share: float | None
    margin_by_remaining_share: float | None
    without_budget: int


def count(readings: Sequence[Reading]) -> Counts:
    return Counts(
        projects=len(readings),
        open=sum(1 for reading in readings if reading.is_open),
        late=sum(1 for reading in readings if reading.is_late),
        watermelons=sum(1 for reading in readings if reading.is_watermelon),
        by_health=dict(Counter(reading.computed_health for reading in readings)),
    )


def progress(readings: Iterable[Reading]) -> Share:
    """The weighted mean over projects with progress, by the first measure all have: effort, duration, cost."""
    known = [reading for reading in readings if reading.progress_share is not None]
    for basis, weights in (
        (ProgressBasis.EFFORT, [reading.effort_minutes for reading in known]),
        (ProgressBasis.DURATION, [reading.duration_minutes for reading in known]),
        (ProgressBasis.COST, [reading.tasks_cost_minor for reading in known]),
    ):
        if all(weights) and weights:
            return _share(known, [float(weight or 0) for weight in weights], basis)
    return Share(None, None, ProgressBasis.NONE)


def money(readings: Sequence[Reading]) -> Money:
    """Sums over projects of one currency."""
    eac, remaining = "estimate_at_completion_minor", "estimate_by_remaining_minor"
    at_completion = "revenue_at_completion_minor"
    return Money(
        budget_minor=_sum(readings, "budget_minor"),
        planned_value_minor=_sum(readings, "planned_value_minor"),
        earned_value_minor=_sum(readings, "earned_value_minor"),
        actual_cost_minor=_sum(readings, "actual_cost_minor"),
        estimate_at_completion_minor=_sum(readings, eac),
        estimate_by_remaining_minor=_sum(readings, remaining),
        revenue_minor=_sum(readings, "revenue_minor"),
        revenue_at_completion_minor=_sum(readings, at_completion),
        schedule_performance=quotient(*_both(readings, "earned_value_minor", "planned_value_minor")),
        cost_performance=quotient(*_both(readings, "earned_value_minor", "actual_cost_minor")),
        overrun_minor=difference(*_both(readings, eac, "budget_minor")),
        overrun_by_remaining_minor=difference(*_both(readings, remaining, "budget_minor")),
        margin_share=margin_share(*_both(readings, "revenue_minor", "actual_cost_minor")),
        margin_at_completion_share=margin_share(*_both(readings, at_completion, eac)),
        margin_by_remaining_share=margin_share(*_both(readings, at_completion, remaining)),
        without_budget=sum(1 for reading in readings if reading.budget_minor is None),
    )


def _share(readings: Sequence[Reading], weights: Sequence[float], basis: ProgressBasis) -> Share:
    done = weighted_share(weights, [reading.progress_share or 0.0 for reading in readings])
    if any(reading.planned_share is None for reading in readings):
        return Share(done, None, basis)
    return Share(done, weighted_share(weights, [reading.planned_share or 0.0 for reading in readings]), basis)


def _sum(readings: Iterable[Reading], field: str) -> int | None:
    known = [value for reading in readings if (value := getattr(reading, field)) is not None]
    return sum(known) if known else None


def _both(readings: Iterable[Reading], first: str, second: str) -> tuple[int | None, int | None]:
    """The two sums over the readings that have both; None where none has."""
    pairs = [(getattr(reading, first), getattr(reading, second)) for reading in readings]
    known = [(one, other) for one, other in pairs if one is not None and other is not None]
    return (sum(one for one, _ in known), sum(other for _, other in known)) if known else (None, None)

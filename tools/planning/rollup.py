"""The money of several projects: sums, and ratios of sums, never averages of ratios."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tools.planning.contracts import margin_share
from tools.planning.earned_value import difference, quotient


class Reading(Protocol):
    """The money of one project; None where unknown, or not for this reader."""

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
    @property
    def schedule_performance(self) -> float | None: ...


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
    schedule_performance: float | None
    cost_performance: float | None
    overrun_minor: int | None
    margin_at_completion_share: float | None
    without_budget: int


def money(readings: Sequence[Reading]) -> Money:
    """Sums over projects of one currency."""
    eac = "estimate_at_completion_minor"
    return Money(
        budget_minor=_sum(readings, "budget_minor"),
        planned_value_minor=_sum(readings, "planned_value_minor"),
        earned_value_minor=_sum(readings, "earned_value_minor"),
        actual_cost_minor=_sum(readings, "actual_cost_minor"),
        estimate_at_completion_minor=_sum(readings, eac),
        estimate_by_remaining_minor=_sum(readings, "estimate_by_remaining_minor"),
        revenue_minor=_sum(readings, "revenue_minor"),
        schedule_performance=_schedule_performance(readings),
        cost_performance=quotient(*_both(readings, "earned_value_minor", "actual_cost_minor")),
        overrun_minor=difference(*_both(readings, eac, "budget_minor")),
        margin_at_completion_share=margin_share(*_both(readings, "revenue_at_completion_minor", eac)),
        without_budget=sum(1 for reading in readings if reading.budget_minor is None),
    )


def _schedule_performance(readings: Sequence[Reading]) -> float | None:
    """Of one project its own, which is the same everywhere; of several earned over planned value."""
    if len(readings) == 1:
        return readings[0].schedule_performance
    return quotient(*_both(readings, "earned_value_minor", "planned_value_minor"))


def _sum(readings: Iterable[Reading], field: str) -> int | None:
    known = [value for reading in readings if (value := getattr(reading, field)) is not None]
    return sum(known) if known else None


def _both(readings: Iterable[Reading], first: str, second: str) -> tuple[int | None, int | None]:
    """The two sums over the readings that have both; None where none has."""
    pairs = [(getattr(reading, first), getattr(reading, second)) for reading in readings]
    known = [(one, other) for one, other in pairs if one is not None and other is not None]
    return (sum(one for one, _ in known), sum(other for _, other in known)) if known else (None, None)

"""Earned value: how much of the budget the work done is worth, what it cost, and where that trend ends.

Terms and formulas: PMI, Practice Standard for Earned Value Management (2nd edition, 2011); ANSI/EIA-748.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tools.planning.model import PlannedTask, ProjectPlan, Promise, Spending
from tools.planning.progress import counts


class BudgetBasis(StrEnum):
    """Where the budget at completion comes from."""

    BASELINE = "baseline"
    BUDGET = "budget"
    PLANNED_COST = "planned cost"
    TASKS = "tasks"
    NONE = "none"

    @property
    def is_budget(self) -> bool:
        """Whether somebody set it as the budget; the others stand in for one."""
        return self in (BudgetBasis.BASELINE, BudgetBasis.BUDGET)


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget at completion (BAC); None where no row gives one."""

    minor: int | None
    basis: BudgetBasis


@dataclass(frozen=True, slots=True)
class EarnedValue:
    """The three measures and the budget, in minor units; None where unknown."""

    budget_minor: int | None = None
    planned_minor: int | None = None
    earned_minor: int | None = None
    actual_minor: int | None = None

    @property
    def schedule_performance(self) -> float | None:
        """SPI, EV / PV; None before anything was planned to be done."""
        return quotient(self.earned_minor, self.planned_minor)

    @property
    def cost_performance(self) -> float | None:
        """CPI, EV / AC; None before any spending."""
        return quotient(self.earned_minor, self.actual_minor)

    @property
    def schedule_variance_minor(self) -> int | None:
        """SV, EV - PV."""
        return difference(self.earned_minor, self.planned_minor)

    @property
    def cost_variance_minor(self) -> int | None:
        """CV, EV - AC; below zero is an overrun."""
        return difference(self.earned_minor, self.actual_minor)

    @property
    def estimate_at_completion_minor(self) -> int | None:
        """EAC, AC + (BAC - EV) / CPI: the final cost if the work left costs what the work so far did."""
        cpi = self.cost_performance
        if not cpi or self.budget_minor is None or self.earned_minor is None or self.actual_minor is None:
            return None
        return round(self.actual_minor + (self.budget_minor - self.earned_minor) / cpi)

    @property
    def variance_at_completion_minor(self) -> int | None:
        """VAC, BAC - EAC; below zero is an overrun to come."""
        return difference(self.budget_minor, self.estimate_at_completion_minor)

    @property
    def to_complete_performance(self) -> float | None:
        """TCPI, (BAC - EV) / (BAC - AC): the CPI that the rest needs to meet the budget; None once it is spent."""
        left = difference(self.budget_minor, self.actual_minor)
        return quotient(difference(self.budget_minor, self.earned_minor), left) if left and left > 0 else None


def budget_at_completion(plan: ProjectPlan, leaves: Sequence[PlannedTask]) -> Budget:
    """The baseline's cost, else the budget, else the project's planned cost, else the sum of its tasks' costs."""
    baseline = plan.baseline.cost_minor if plan.baseline else None
    if baseline is None:
        baseline = _sum_of_all([(leaf.baseline or Promise()).cost_minor for leaf in leaves if counts(leaf)])
    choices = (
        (baseline, BudgetBasis.BASELINE),
        (plan.budget_minor, BudgetBasis.BUDGET),
        (plan.planned_cost_minor, BudgetBasis.PLANNED_COST),
        (_sum_of_all([leaf.cost_minor for leaf in leaves if counts(leaf)]), BudgetBasis.TASKS),
    )
    return next((Budget(minor, basis) for minor, basis in choices if minor is not None), Budget(None, BudgetBasis.NONE))


def value_weights(leaves: Sequence[PlannedTask], progress_weights: Sequence[float]) -> Sequence[float]:
    """What each leaf holds of the budget: its baseline or planned cost where all have one, else its progress weight."""
    costs = [_leaf_cost(leaf) if counts(leaf) else 0 for leaf in leaves]
    if any(costs) and None not in costs:
        return [float(cost or 0) for cost in costs]
    return progress_weights


def actual_cost(spending: Spending | None, overhead_share: float) -> int | None:
    """AC: labour with its overhead, and expenses; None where nothing is recorded in the project's currency."""
    if spending is None or spending.labour_cost_minor is None:
        return None
    return round(spending.labour_cost_minor * (1 + overhead_share)) + spending.expense_minor


def estimate_by_remaining(
    actual_minor: int | None, spending: Spending | None, remaining_minutes: int | None, overhead_share: float
) -> int | None:
    """EAC from below: what is spent, and the work left at the average cost rate so far; None without either."""
    rate = quotient(spending.labour_cost_minor, spending.minutes) if spending else None
    if actual_minor is None or rate is None or remaining_minutes is None:
        return None
    return round(actual_minor + remaining_minutes * rate * (1 + overhead_share))


def quotient(over: float | None, under: float | None) -> float | None:
    return None if over is None or not under else over / under


def part_of(minor: int | None, share: float | None) -> int | None:
    return None if minor is None or share is None else round(minor * share)


def difference(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first - second


def _leaf_cost(leaf: PlannedTask) -> int | None:
    promised = leaf.baseline.cost_minor if leaf.baseline else None
    return leaf.cost_minor if promised is None else promised


def _sum_of_all(costs: Sequence[int | None]) -> int | None:
    return sum(cost or 0 for cost in costs) if costs and None not in costs else None

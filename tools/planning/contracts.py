"""Revenue and margin: what the work done is worth to the firm under each type of contract."""

from dataclasses import dataclass
from datetime import date

from tools.planning.earned_value import part_of, quotient
from tools.planning.model import ContractType, ProjectPlan, Spending, Window


@dataclass(frozen=True, slots=True)
class Revenue:
    """In minor units; None where the contract and the records do not say."""

    so_far_minor: int | None = None
    at_completion_minor: int | None = None


@dataclass(frozen=True, slots=True)
class WorkSoFar:
    """What revenue depends on beside the contract itself."""

    progress_share: float | None
    remaining_minutes: int | None
    window: Window
    is_open: bool


def revenue(plan: ProjectPlan, work: WorkSoFar, day: date) -> Revenue:
    """What the contract has earned by `day`, and will have earned at its end.

    Fixed price: contract value times progress (IFRS 15, output method). Time and materials: billable time at its bill
    rates, and billable expenses; capped at the contract's value where so agreed. Retainer: evenly over its term.
    """
    match plan.contract_type:
        case ContractType.FIXED_PRICE:
            return Revenue(part_of(plan.contract_value_minor, work.progress_share), plan.contract_value_minor)
        case ContractType.RETAINER:
            return Revenue(part_of(plan.contract_value_minor, _term_share(work.window, day)), plan.contract_value_minor)
        case ContractType.TIME_AND_MATERIALS:
            billed = _billed(plan.spending)
            return Revenue(billed, _billed_at_completion(plan, work, billed))
        case ContractType.CAPPED:
            billed = _billed(plan.spending)
            cap = plan.contract_value_minor
            return Revenue(_capped(billed, cap), _capped(_billed_at_completion(plan, work, billed), cap))
        case _:
            return Revenue()


def margin_share(revenue_minor: int | None, cost_minor: int | None) -> float | None:
    """What is left of revenue after cost, as a share of revenue; None without revenue."""
    if revenue_minor is None or cost_minor is None or revenue_minor <= 0:
        return None
    return (revenue_minor - cost_minor) / revenue_minor


def _term_share(term: Window, day: date) -> float | None:
    """The share of the term's calendar days before `day`."""
    if term.start is None or term.finish is None:
        return None
    first, last = term.start.toordinal(), term.finish.toordinal()
    return min(1.0, max(0.0, (day.toordinal() - first) / (last + 1 - first)))


def _billed(spending: Spending | None) -> int | None:
    if spending is None or spending.billable_value_minor is None:
        return None
    return spending.billable_value_minor + spending.billable_expense_minor


def _billed_at_completion(plan: ProjectPlan, work: WorkSoFar, billed: int | None) -> int | None:
    """Billed so far, and the work left at the average value of an hour so far; the contract's value before any time."""
    if not work.is_open:
        return billed
    earned_per_minute = quotient(plan.spending.billable_value_minor, plan.spending.minutes) if plan.spending else None
    if billed is None or earned_per_minute is None or work.remaining_minutes is None:
        return plan.contract_value_minor
    return round(billed + work.remaining_minutes * earned_per_minute)


def _capped(minor: int | None, cap: int | None) -> int | None:
    return minor if minor is None or cap is None else min(minor, cap)

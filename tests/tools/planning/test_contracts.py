"""Stories about revenue and margin under each type of contract."""

import pytest

from tests.tools.planning.plans import MONDAY, in_days, on, plan, task
from tools.planning.model import ContractType, Spending

HALF_DONE = (task(1, "done", effort_minutes=600), task(2, effort_minutes=600))
SPENT = Spending(
    minutes=600,
    billable_minutes=480,
    labour_cost_minor=500_00,
    billable_value_minor=800_00,
    billable_expense_minor=50_00,
    expense_minor=100_00,
)


def figures(contract: ContractType, **given):
    return on(MONDAY, plan(*HALF_DONE, contract_type=contract, spending=SPENT, **given)).project


def test_a_fixed_price_is_earned_as_the_work_gets_done():
    fixed = figures(ContractType.FIXED_PRICE, contract_value_minor=2_000_00, budget_minor=1_400_00)

    assert (fixed.revenue_minor, fixed.revenue_at_completion_minor) == (1_000_00, 2_000_00)
    assert fixed.margin_share == pytest.approx((1_000 - 600) / 1_000)
    # EV 700 for AC 600: EAC = 600 + 700 / (700 / 600) = 1,200.
    assert fixed.margin_at_completion_share == pytest.approx((2_000 - 1_200) / 2_000)


def test_time_and_materials_earn_the_hours_billed_and_the_expenses_passed_on():
    """800 for ten hours: 80 an hour all told; ten hours are left."""
    billed = figures(ContractType.TIME_AND_MATERIALS)

    assert (billed.revenue_minor, billed.revenue_at_completion_minor) == (850_00, 1_650_00)


def test_a_cap_ends_what_can_be_billed():
    capped = figures(ContractType.CAPPED, contract_value_minor=1_000_00)

    assert (capped.revenue_minor, capped.revenue_at_completion_minor) == (850_00, 1_000_00)


def test_a_retainer_is_earned_as_its_term_passes():
    term = {"start": in_days(-5), "finish": in_days(4)}

    assert figures(ContractType.RETAINER, contract_value_minor=1_000_00, **term).revenue_minor == 500_00


def test_internal_work_earns_nothing():
    internal = figures(ContractType.INTERNAL)

    assert (internal.revenue_minor, internal.margin_share) == (None, None)


def test_the_margin_to_come_falls_back_on_the_work_left():
    """Without a budget there is no cost trend: 600 spent and ten hours at 50 left make 1,100."""
    fixed = figures(ContractType.FIXED_PRICE, contract_value_minor=2_000_00)

    assert fixed.estimate_at_completion_minor is None
    assert fixed.margin_at_completion_share == pytest.approx((2_000 - 1_100) / 2_000)


def test_a_finished_project_bills_no_more():
    closed = figures(ContractType.TIME_AND_MATERIALS, state="done")

    assert closed.revenue_at_completion_minor == closed.revenue_minor

"""Earned value by hand, with the arithmetic spelled out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.planning.plans import MONDAY, in_days, on, plan, task
from tools.planning.earned_value import EarnedValue
from tools.planning.model import Promise, Spending


def test_a_budget_of_ten_thousand_half_way_through():
    """The usual classroom case (as in PMI's Practice Standard for Earned Value Management, chapter on analysis).

    A budget of 10,000, of which 5,000 of work was planned by now; work worth 4,000 is done and has cost 5,000:
    SV = 4,000 - 5,000 = -1,000; CV = 4,000 - 5,000 = -1,000; SPI = CPI = 4,000 / 5,000 = 0.8;
    EAC = 5,000 + (10,000 - 4,000) / 0.8 = 12,500; VAC = -2,500; TCPI = (10,000 - 4,000) / (10,000 - 5,000) = 1.2.
    """
    value = EarnedValue(budget_minor=10_000, planned_minor=5_000, earned_minor=4_000, actual_minor=5_000)

    assert (value.schedule_variance_minor, value.cost_variance_minor) == (-1_000, -1_000)
    assert (value.schedule_performance, value.cost_performance) == (0.8, 0.8)
    assert (value.estimate_at_completion_minor, value.variance_at_completion_minor) == (12_500, -2_500)
    assert value.to_complete_performance == 1.2


def test_four_tasks_of_a_project_measured_on_the_second_monday():
    """Four tasks of a working week or two, budget 40,000.00 by their costs.

    A 10,000 done; B 10,000 half done; C 15,000 at a fifth; D 5,000 not begun. EV = 10,000 + 5,000 + 3,000 = 18,000.
    A and B were planned for the first week (all of it, 20,000), C for both weeks (half of it, 7,500), D for the second.
    PV = 27,500. Spent: 100 hours at 150.00 with 20 % overhead = 18,000, and expenses of 2,000: AC = 20,000.
    SPI = 18,000 / 27,500 = 0.6545; CPI = 18,000 / 20,000 = 0.9; EAC = 20,000 + 22,000 / 0.9 = 44,444.44.
    """
    week = {"start": MONDAY, "finish": in_days(4)}
    tasks = [
        task(1, "done", cost_minor=10_000_00, **week),
        task(2, "in_progress", done_share=0.5, cost_minor=10_000_00, **week),
        task(3, "in_progress", done_share=0.2, cost_minor=15_000_00, start=MONDAY, finish=in_days(11)),
        task(4, cost_minor=5_000_00, start=in_days(7), finish=in_days(11)),
    ]
    spending = Spending(minutes=100 * 60, labour_cost_minor=15_000_00, expense_minor=2_000_00)

    figures = on(in_days(7), plan(*tasks, spending=spending), overhead_share=0.2).project

    assert (figures.budget_minor, figures.budget_basis) == (40_000_00, "tasks")
    assert (figures.planned_value_minor, figures.earned_value_minor) == (27_500_00, 18_000_00)
    assert figures.actual_cost_minor == 20_000_00
    assert figures.schedule_performance == pytest.approx(18_000 / 27_500)
    assert figures.cost_performance == pytest.approx(0.9)
    assert figures.estimate_at_completion_minor == 44_444_44


def test_without_task_costs_the_budget_is_earned_by_effort():
    tasks = [task(1, "done", effort_minutes=600), task(2, effort_minutes=1_800)]

    figures = on(MONDAY, plan(*tasks, budget_minor=1_000_00)).project

    assert (figures.earned_value_minor, figures.budget_basis) == (250_00, "budget")


def test_a_baseline_is_what_value_is_planned_by():
    """The task was to be done last week; that its plan has moved on since does not change what was promised."""
    moved = task(
        1, effort_minutes=600, start=in_days(7), finish=in_days(11),
        baseline=Promise(in_days(-7), in_days(-3), cost_minor=800_00),
    )  # fmt: skip

    figures = on(MONDAY, plan(moved, budget_minor=1_000_00)).project

    assert (figures.budget_minor, figures.budget_basis) == (800_00, "baseline")
    assert (figures.planned_value_minor, figures.planned_share) == (800_00, 1.0)


def test_the_work_left_gives_a_second_estimate():
    """10 hours cost 1,000.00; 30 hours are left: 1,000 + 30 x 100 = 4,000.00, with a tenth of overhead 4,400.00."""
    left = task(1, "in_progress", done_share=0.25, effort_minutes=2_400, remaining_minutes=1_800)
    spending = Spending(minutes=600, labour_cost_minor=1_000_00)

    figures = on(MONDAY, plan(left, budget_minor=3_000_00, spending=spending), overhead_share=0.1).project

    assert figures.estimate_by_remaining_minor == 4_400_00
    assert figures.estimate_at_completion_minor == 4_400_00


def test_without_estimates_the_bookings_left_give_it():
    unknown = task(1, "in_progress")
    spending = Spending(minutes=600, labour_cost_minor=1_000_00)

    figures = on(MONDAY, plan(unknown, spending=spending, booked_cost_minor=500_00), overhead_share=0.1).project

    assert (figures.remaining_minutes, figures.estimate_by_remaining_minor) == (None, 1_650_00)


def test_before_any_spending_there_is_no_cost_performance():
    figures = on(MONDAY, plan(task(1, "done", effort_minutes=60), budget_minor=1_000)).project

    assert (figures.actual_cost_minor, figures.cost_performance, figures.estimate_at_completion_minor) == (None,) * 3


def test_cost_in_a_currency_without_a_rate_is_unknown_not_wrong():
    spending = Spending(minutes=600, labour_cost_minor=None, billable_value_minor=None)

    figures = on(MONDAY, plan(task(1, "done", effort_minutes=60), budget_minor=1_000, spending=spending)).project

    assert (figures.spent_minutes, figures.actual_cost_minor) == (600, None)


def test_a_closed_project_ends_at_what_it_cost():
    spending = Spending(minutes=60, labour_cost_minor=700)

    figures = on(MONDAY, plan(state="done", budget_minor=1_000, spending=spending)).project

    assert (figures.estimate_at_completion_minor, figures.estimate_by_remaining_minor) == (700, 700)


def test_without_money_schedule_performance_compares_shares():
    tasks = [task(1, "done", effort_minutes=60, start=in_days(-7), finish=in_days(-3)),
             task(2, effort_minutes=60, start=in_days(-7), finish=in_days(-3))]  # fmt: skip

    assert on(MONDAY, plan(*tasks)).project.schedule_performance == 0.5


costs = st.integers(1, 10**9)


@given(st.lists(st.tuples(costs, st.floats(0, 1)), min_size=1, max_size=20))
def test_earned_value_is_the_sum_of_what_the_tasks_earned(tasks):
    rows = [task(n, "in_progress", cost_minor=cost, done_share=share) for n, (cost, share) in enumerate(tasks)]

    earned = on(MONDAY, plan(*rows)).project.earned_value_minor

    assert earned == pytest.approx(sum(cost * share for cost, share in tasks), abs=1)


@given(costs, costs, costs)
def test_the_work_left_at_the_trend_is_budget_over_cost_performance(budget, earned, actual):
    """EAC = AC + (BAC - EV) / CPI is the same as BAC / CPI."""
    value = EarnedValue(budget, None, earned, actual)

    assert value.estimate_at_completion_minor == pytest.approx(budget * actual / earned, rel=1e-9, abs=1)

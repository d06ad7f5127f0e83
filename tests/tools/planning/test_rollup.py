"""Stories about figures of several projects."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.planning.plans import MONDAY, in_days, on, plan, task
from tools.planning import rollup
from tools.planning.measure import ProjectFigures
from tools.planning.model import Spending


def project(done: float, cost: int, actual: int, **given) -> ProjectFigures:
    work = task(1, "in_progress", done_share=done, effort_minutes=600, cost_minor=cost)
    dated = replace(work, start=in_days(-14), finish=in_days(11))
    spending = Spending(minutes=60, labour_cost_minor=actual)
    return on(MONDAY, plan(dated, spending=spending, **given)).project


def test_ratios_come_from_sums_and_never_from_averages():
    """CPI 2.0 of a project of 100 and 0.5 of one of 10,000: together 5,100 / 10,050, nowhere near the mean of 1.25."""
    small, large = project(1.0, 100, 50), project(0.5, 10_000, 10_000)

    total = rollup.money([small, large])

    assert (small.cost_performance, large.cost_performance) == (2.0, 0.5)
    assert total.cost_performance == pytest.approx(5_100 / 10_050)
    assert (total.budget_minor, total.earned_value_minor, total.actual_cost_minor) == (10_100, 5_100, 10_050)


def test_a_ratio_leaves_out_projects_that_lack_one_of_its_sides():
    known, unspent = project(0.5, 1_000, 400), replace(project(0.9, 9_000, 1), actual_cost_minor=None)

    assert rollup.money([known, unspent]).cost_performance == known.cost_performance


shares, costs = st.floats(0, 1), st.integers(1, 10**7)


@given(shares, costs, costs)
def test_of_one_project_the_roll_up_is_the_project(done, cost, actual):
    figures = project(done, cost, actual, budget_minor=cost)

    money = rollup.money([figures])

    assert money.schedule_performance == figures.schedule_performance
    assert money.cost_performance == figures.cost_performance
    assert money.estimate_at_completion_minor == figures.estimate_at_completion_minor

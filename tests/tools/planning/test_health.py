"""Stories about computed health."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.planning.plans import MONDAY, in_days, on, plan, task
from tools.planning.definitions import HealthThresholds
from tools.planning.health import NOT_JUDGED, WORDS, Signs, judge, looks_better_than_it_is
from tools.planning.model import Health, ProjectState, Spending

LIMITS = HealthThresholds()
FINE = Signs(ProjectState.ACTIVE, has_finish=True, progress_share=0.5, planned_share=0.5, open_tasks=10)


def signs(**changed) -> Signs:
    return Signs(**{field: getattr(FINE, field) for field in FINE.__slots__} | changed)


@pytest.mark.parametrize(
    ("changed", "health", "reasons"),
    [
        ({}, "green", ()),
        ({"schedule_performance": 0.95, "cost_performance": 0.95}, "green", ()),
        ({"schedule_performance": 0.91}, "amber", ("schedule.amber",)),
        ({"schedule_performance": 0.84}, "red", ("schedule.red",)),
        ({"cost_performance": 0.92}, "amber", ("cost.amber",)),
        ({"cost_performance": 0.89}, "red", ("cost.red",)),
        ({"is_late": True}, "amber", ("late.amber",)),
        ({"is_late": True, "days_late": 11}, "red", ("late.red",)),
        ({"promise_slip_days": -3}, "green", ()),
        ({"promise_slip_days": 1}, "amber", ("promise.amber",)),
        ({"promise_slip_days": 11}, "red", ("promise.red",)),
        ({"late_tasks": 1}, "amber", ("late_tasks.amber",)),
        ({"late_tasks": 5}, "red", ("late_tasks.red",)),
        ({"idle_days": 16}, "amber", ("idle.amber",)),
        ({"tasks_without_estimate": 5}, "amber", ("estimates.amber",)),
        ({"schedule_performance": 0.91, "cost_performance": 0.8}, "red", ("cost.red", "schedule.amber")),
    ],
)
def test_the_worst_sign_decides_and_every_sign_is_named(changed, health, reasons):
    verdict = judge(signs(**changed), LIMITS)

    assert (verdict.health, verdict.reasons) == (health, reasons)


def test_ratios_of_the_first_days_are_noise():
    assert judge(signs(schedule_performance=0.2, planned_share=0.03), LIMITS).health is Health.GREEN
    assert judge(signs(cost_performance=0.2, progress_share=0.03), LIMITS).health is Health.GREEN


@pytest.mark.parametrize("state", list(NOT_JUDGED))
def test_candidates_pauses_and_endings_are_not_judged(state):
    assert judge(signs(state=state, is_late=True), LIMITS).health is None


def test_with_nothing_to_judge_by_there_is_no_health():
    verdict = judge(signs(has_finish=False), LIMITS)

    assert (verdict.health, verdict.reasons) == (None, ("not_judged.no_data",))


def test_a_firm_may_be_stricter():
    assert judge(signs(cost_performance=0.97), HealthThresholds(amber_cpi=1.0)).health is Health.AMBER


def test_limits_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match="Red cannot begin before amber"):
        HealthThresholds(red_spi=0.99)


def test_a_watermelon_is_reported_better_than_it_is():
    """Green by report; but work worth 250 of a budget of 1,000 has cost 500."""
    done, open_ = task(1, "done", effort_minutes=60), task(2, effort_minutes=180, start=MONDAY, finish=in_days(30))
    spending = Spending(minutes=60, labour_cost_minor=500)

    figures = on(MONDAY, plan(done, open_, budget_minor=1_000, spending=spending, reported_health=Health.GREEN)).project

    assert (figures.computed_health, figures.health_reasons, figures.is_watermelon) == ("red", ("cost.red",), True)


def test_reporting_worse_than_the_figures_is_no_watermelon():
    assert not looks_better_than_it_is(Health.RED, Health.AMBER)
    assert not looks_better_than_it_is(None, Health.RED)
    assert not looks_better_than_it_is(Health.GREEN, None)


ratio = st.none() | st.floats(0, 3)
any_signs = st.builds(
    Signs, state=st.sampled_from(ProjectState), is_open=st.booleans(), has_finish=st.booleans(), is_late=st.booleans(),
    days_late=st.integers(0, 99), promise_slip_days=st.none() | st.integers(-99, 99), progress_share=ratio,
    planned_share=ratio, schedule_performance=ratio, cost_performance=ratio, open_tasks=st.integers(0, 9),
    late_tasks=st.integers(0, 9), tasks_without_estimate=st.integers(0, 9), idle_days=st.none() | st.integers(0, 99),
)  # fmt: skip


@given(any_signs)
def test_every_verdict_but_green_has_reasons_in_words(given_signs):
    verdict = judge(given_signs, LIMITS)

    assert all(reason in WORDS for reason in verdict.reasons)
    assert bool(verdict.reasons) == (verdict.health is not Health.GREEN)

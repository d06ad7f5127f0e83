"""Stories about whole projects: whatever a source may hold is measured, and nothing is counted twice."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.tools.planning.plans import CALENDAR, MONDAY, in_days, on, plan, task
from tools.planning.definitions import Definitions
from tools.planning.measure import measure
from tools.planning.model import ContractType, Health, ProjectState, Promise, Spending, TaskState

moments = st.none() | st.datetimes() | st.sampled_from([datetime(1, 1, 1), datetime(9999, 12, 31), MONDAY])
minutes = st.none() | st.integers(0, 10**12)
shifts = st.none() | st.integers(-(10**12), 10**12)
money = st.none() | st.integers(0, 10**15)
promises = st.none() | st.builds(Promise, moments, moments, money)
tasks = st.builds(
    dict, state=st.sampled_from(TaskState), is_milestone=st.booleans(), start=moments, finish=moments,
    duration_minutes=minutes, elapsed=st.booleans(), start_delay_minutes=shifts, actual_start=moments,
    actual_finish=moments, actual_duration_minutes=minutes, effort_minutes=minutes, remaining_minutes=minutes,
    spent_minutes=st.integers(0, 10**9), done_share=st.none() | st.floats(0, 1), cost_minor=money, baseline=promises,
    parent=st.none() | st.integers(0, 5),
)  # fmt: skip
projects = st.builds(
    dict, state=st.sampled_from(ProjectState), start=moments, finish=moments, duration_minutes=minutes,
    elapsed=st.booleans(), source_owns_dates=st.booleans(), promised_finish=st.none() | st.dates(), budget_minor=money,
    planned_cost_minor=money, baseline=promises, contract_type=st.none() | st.sampled_from(ContractType),
    contract_value_minor=money, reported_health=st.none() | st.sampled_from(Health),
    spending=st.none() | st.builds(Spending, st.just(600), st.integers(0, 600), money, money),
    booked_cost_minor=money, last_activity_on=st.none() | st.dates(),
)  # fmt: skip


def test_a_project_without_tasks_has_figures_too():
    figures = on(MONDAY, plan(finish=in_days(-1))).project

    assert (figures.tasks, figures.progress_share, figures.is_late, figures.computed_health) == (0, None, True, "amber")


def test_a_summarys_own_estimate_is_not_added_to_those_below_it():
    phase = task(1, effort_minutes=600, cost_minor=600)
    parts = (task(2, parent_id=1, effort_minutes=200, cost_minor=100), task(3, parent_id=1, effort_minutes=300))

    figures = on(MONDAY, plan(phase, *parts)).project

    assert (figures.effort_minutes, figures.remaining_minutes, figures.tasks_cost_minor) == (500, 500, 100)


def test_a_closed_project_ends_with_its_last_task():
    ended = task(1, "done", actual_start=in_days(-9), actual_finish=in_days(-2))
    earlier = task(2, "done", actual_start=in_days(-8), actual_finish=in_days(-5))

    closed, running = on(MONDAY, plan(ended, earlier, state="done")), on(MONDAY, plan(ended, earlier))

    assert (closed.project.actual_start, closed.project.actual_finish) == (in_days(-9), in_days(-2))
    assert running.project.actual_finish is None


@given(projects, st.lists(tasks, max_size=6), st.dates() | st.just(date.max))
def test_any_plan_can_be_measured_on_any_day(project, rows, day):
    parents = [row.pop("parent") for row in rows]
    # A parent with a higher number than its child: no circles.
    tree = [
        task(number, parent_id=parent if parent is not None and number < parent < len(rows) else None, **row)
        for number, (row, parent) in enumerate(zip(rows, parents, strict=True))
    ]

    measured = measure(plan(*tree, **project), day, Definitions(), CALENDAR)

    figures = measured.project
    assert len(measured.tasks) == len(tree)
    assert figures.tasks_open + figures.tasks_done <= figures.tasks
    assert max(figures.tasks_late, figures.tasks_blocked, figures.tasks_without_estimate) <= figures.tasks_open
    assert figures.is_late == (figures.is_open and figures.finish is not None and figures.finish.date() < day)
    assert (figures.days_late is not None) == figures.is_late


def test_where_progress_is_of_a_later_day_nothing_that_rests_on_it_is_known():
    work = task(1, "in_progress", effort_minutes=600, done_share=0.5, start=in_days(-5), finish=in_days(5))
    spending = Spending(600, 600, labour_cost_minor=400_00, billable_value_minor=500_00)
    given = {"budget_minor": 1_000_00, "contract_type": ContractType.FIXED_PRICE, "spending": spending}

    figures = on(MONDAY, plan(work, knows_progress=False, **given)).project

    assert (figures.progress_share, figures.actual_cost_minor) == (0.5, 400_00)
    unknown = ("earned_value_minor", "estimate_at_completion_minor", "estimate_by_remaining_minor", "cost_performance",
               "schedule_performance", "revenue_minor", "margin_at_completion_share", "computed_health")  # fmt: skip
    assert {getattr(figures, label) for label in unknown} == {None}
    assert figures.health_reasons == ("not_judged.past",)

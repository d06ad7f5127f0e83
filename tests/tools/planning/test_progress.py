"""Stories about progress, done and planned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.planning.plans import DAY, MONDAY, in_days, on, plan, task
from tools.planning.progress import done_share

STATES = ("not_started", "in_progress", "done", "cancelled")


@pytest.mark.parametrize(
    ("given_", "share"),
    [
        ({"state": "done", "done_share": 0.4}, 1.0),
        ({"state": "not_started"}, 0.0),
        ({"state": "in_progress", "done_share": 0.4}, 0.4),
        ({"state": "in_progress", "spent_minutes": 24 * 60, "remaining_minutes": 8 * 60, "effort_minutes": DAY}, 0.75),
        ({"state": "in_progress", "remaining_minutes": 120, "effort_minutes": 480}, 0.75),
        ({"state": "in_progress", "remaining_minutes": 960, "effort_minutes": 480}, 0.0),
        ({"state": "in_progress", "spent_minutes": 480, "effort_minutes": 480}, None),
        ({"state": "in_progress"}, None),
    ],
)
def test_a_task_is_done_as_far_as_the_records_say(given_, share):
    assert done_share(task(1, **given_)) == share


def test_effort_weighs_before_duration_and_duration_before_cost():
    done = {"state": "done", "effort_minutes": 100, "duration_minutes": 300, "cost_minor": 500}
    open_ = {"effort_minutes": 300, "duration_minutes": 100, "cost_minor": 500}

    by_effort = on(MONDAY, plan(task(1, **done), task(2, **open_))).project
    by_duration = on(MONDAY, plan(task(1, **done | {"effort_minutes": None}), task(2, **open_))).project
    only_cost = {"effort_minutes": None, "duration_minutes": None}
    by_cost = on(MONDAY, plan(task(1, **done | only_cost), task(2, **open_ | only_cost))).project

    assert (by_effort.progress_share, by_effort.progress_basis) == (0.25, "effort")
    assert (by_duration.progress_share, by_duration.progress_basis) == (0.75, "duration")
    assert (by_cost.progress_share, by_cost.progress_basis) == (0.5, "cost")


def test_where_most_tasks_have_no_estimate_there_is_no_progress():
    tasks = [task(n, "done") for n in range(1, 7)] + [task(n, effort_minutes=60) for n in range(7, 11)]

    figures = on(MONDAY, plan(*tasks)).project

    assert (figures.progress_share, figures.progress_basis) == (None, "none")
    assert figures.tasks_done == 6


def test_milestones_and_cancelled_tasks_weigh_nothing():
    figures = on(
        MONDAY,
        plan(
            task(1, "done", effort_minutes=60),
            task(2, "cancelled", effort_minutes=600),
            task(3, is_milestone=True, duration_minutes=0),
        ),
    ).project

    assert figures.progress_share == 1.0


def test_elapsed_and_working_durations_weigh_alike_over_a_week():
    week_of_work = task(1, "done", duration_minutes=5 * DAY)
    week_of_time = task(2, duration_minutes=7 * 1440, elapsed=True)

    assert on(MONDAY, plan(week_of_work, week_of_time)).project.progress_share == 0.5


def test_half_way_through_its_working_days_a_task_should_be_half_done():
    fortnight = task(1, start=MONDAY, finish=in_days(11), effort_minutes=60)

    assert on(in_days(7), plan(fortnight)).project.planned_share == 0.5


def test_what_is_due_today_is_not_yet_fully_planned_and_tomorrow_it_is():
    two_days = plan(task(1, start=MONDAY, finish=in_days(1), effort_minutes=60))

    assert on(in_days(1), two_days).project.planned_share == 0.5
    assert on(in_days(2), two_days).project.planned_share == 1.0


def test_unknown_progress_is_measured_by_the_same_rule_in_plan_and_fact():
    """The 0/100 rule: a running task that nobody rates is worth nothing until it is done, and planned so."""
    running = task(1, "in_progress", start=MONDAY, finish=in_days(11), effort_minutes=60)

    early, late = on(in_days(7), plan(running)).project, on(in_days(14), plan(running)).project

    assert (early.progress_share, early.planned_share, early.tasks_without_progress) == (0.0, 0.0, 1)
    assert (late.progress_share, late.planned_share) == (0.0, 1.0)


def test_a_task_without_dates_is_planned_over_its_projects_time():
    undated = plan(task(1, effort_minutes=60), start=MONDAY, finish=in_days(11))

    assert on(in_days(7), undated).project.planned_share == 0.5


def test_a_summary_is_as_far_as_its_leaves_by_their_weight():
    small, large = task(2, "done", parent_id=1, effort_minutes=60), task(3, parent_id=1, effort_minutes=180)

    summary = on(MONDAY, plan(task(1), small, large)).tasks[-1]

    assert (summary.done_share, summary.effort_minutes, summary.remaining_minutes) == (0.25, 240, 180)


def leaves(**given_):
    shares = st.none() | st.floats(0, 1)
    minutes = st.none() | st.integers(0, 10_000)
    return st.builds(
        dict, state=st.sampled_from(STATES), done_share=shares, effort_minutes=minutes, duration_minutes=minutes,
        cost_minor=minutes, remaining_minutes=minutes, is_milestone=st.booleans(), elapsed=st.booleans(),
        start=st.none() | st.integers(-100, 100).map(in_days), **given_,
    )  # fmt: skip


@given(st.lists(leaves(), max_size=12), st.integers(-200, 200))
def test_shares_lie_between_nothing_and_all(tasks, day):
    figures = on(in_days(day), plan(*(task(n, **given_) for n, given_ in enumerate(tasks)))).project

    assert all(share is None or 0 <= share <= 1 for share in (figures.progress_share, figures.planned_share))


@given(st.lists(leaves(), min_size=1, max_size=12), st.data())
def test_finishing_a_task_never_lowers_progress(tasks, data):
    finished = data.draw(st.integers(0, len(tasks) - 1))
    if tasks[finished]["state"] == "cancelled":
        tasks[finished]["state"] = "in_progress"

    def progress_of(rows):
        return on(MONDAY, plan(*(task(n, **row) for n, row in enumerate(rows)))).project.progress_share

    before = progress_of(tasks)
    tasks[finished] = tasks[finished] | {"state": "done"}
    after = progress_of(tasks)

    assert (before is None and after is None) or after >= before - 1e-12


@given(st.lists(leaves(), max_size=8), st.integers(-100, 100))
def test_more_is_planned_later_than_sooner(tasks, day):
    rows = plan(*(task(n, **given_) for n, given_ in enumerate(tasks)))

    sooner, later = on(in_days(day), rows).project.planned_share, on(in_days(day + 5), rows).project.planned_share

    assert (sooner is None and later is None) or later >= sooner - 1e-12

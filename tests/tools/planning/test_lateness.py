"""Stories about lateness."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.planning.plans import CALENDAR, DAY, MONDAY, in_days, on, plan, task
from tools.planning.lateness import days_late, is_late, promise_slip_days


def test_late_means_open_and_due_before_today():
    assert is_late(in_days(-1), MONDAY.date(), is_open=True)
    assert not is_late(MONDAY.replace(hour=8), MONDAY.date(), is_open=True)
    assert not is_late(in_days(-1), MONDAY.date(), is_open=False)
    assert not is_late(None, MONDAY.date(), is_open=True)


@pytest.mark.parametrize(("due", "working", "elapsed"), [(-7, 4, 7), (-4, 1, 4), (-3, 0, 3), (0, None, None)])
def test_days_late_count_as_the_project_counts(due, working, elapsed):
    def late(*, elapsed: bool) -> int | None:
        return days_late(in_days(due), MONDAY.date(), CALENDAR, is_open=True, elapsed=elapsed)

    assert (late(elapsed=False), late(elapsed=True)) == (working, elapsed)


def test_a_projects_late_tasks_are_leaves_and_open():
    phase = task(1, start=in_days(-20), finish=in_days(-7))
    late = task(2, parent_id=1, finish=in_days(-7))
    done = task(3, "done", parent_id=1, finish=in_days(-7))
    dropped = task(4, "cancelled", parent_id=1, finish=in_days(-7))

    figures = on(MONDAY, plan(phase, late, done, dropped)).project

    assert (figures.tasks, figures.tasks_open, figures.tasks_done, figures.tasks_late) == (3, 1, 1, 1)


def test_finished_late_is_something_else_than_late():
    done = task(1, "done", start=MONDAY, duration_minutes=DAY, actual_finish=datetime(2026, 3, 5, 16))
    closed = plan(done, state="done")

    measured = on(in_days(30), closed)

    assert (measured.project.is_late, measured.project.finished_late) == (False, True)
    assert (measured.tasks[0].finished_late, measured.tasks[0].days_finished_late) == (True, 3)


def test_a_project_of_unknown_state_is_open_until_all_its_tasks_are_closed():
    half = plan(task(1, "done"), task(2), state="unknown")
    full = plan(task(1, "done"), task(2, "cancelled"), state="unknown")

    assert on(MONDAY, half).project.is_open
    assert not on(MONDAY, full).project.is_open
    assert on(MONDAY, plan(state="unknown")).project.is_open


def test_a_promise_is_measured_against_the_last_thing_still_planned():
    """Promised for Thursday 2 April, planned for Friday 24 April: 16 working days of Monday to Friday."""
    assert promise_slip_days(date(2026, 4, 2), (datetime(2026, 4, 24, 17), None), CALENDAR) == 16
    assert promise_slip_days(date(2026, 3, 20), (datetime(2026, 3, 19),), CALENDAR) == -1
    assert promise_slip_days(None, (MONDAY,), CALENDAR) is None


def test_an_open_project_cannot_keep_a_promise_of_the_past():
    overdue = plan(task(1, finish=in_days(-14)), promised_finish=in_days(-7).date())

    assert on(MONDAY, overdue).project.promise_slip_days == 5


def test_what_stands_still_is_counted():
    figures = on(
        MONDAY,
        plan(
            task(1, is_blocked=True, effort_minutes=60),
            task(2, "done", is_blocked=True, is_owned=False),
            task(3, is_owned=False),
            task(4, is_milestone=True),
        ),
    ).project

    assert (figures.tasks_blocked, figures.tasks_unowned, figures.tasks_without_estimate) == (1, 1, 1)


@given(st.integers(-60, 60), st.integers(-60, 60))
def test_a_slip_one_way_is_a_gain_the_other_way(first, second):
    there = promise_slip_days(in_days(first).date(), (in_days(second),), CALENDAR)
    back = promise_slip_days(in_days(second).date(), (in_days(first),), CALENDAR)

    assert there == -back

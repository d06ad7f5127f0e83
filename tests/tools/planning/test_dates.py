"""Stories about planned and actual dates."""

from datetime import datetime

from tests.tools.planning.plans import DAY, MONDAY, in_days, on, plan, task


def test_two_working_days_from_friday_end_on_monday_and_two_elapsed_days_on_sunday():
    friday = in_days(4)
    working = task(1, start=friday, duration_minutes=2 * DAY)
    elapsed = task(2, start=friday, duration_minutes=2 * 1440, elapsed=True)

    first, second = on(MONDAY, plan(working, elapsed)).tasks

    assert first.finish == datetime(2026, 3, 9, 17)
    assert second.finish == datetime(2026, 3, 8)


def test_a_summary_runs_from_its_first_to_its_last_task():
    phase = task(1)
    first = task(2, parent_id=1, start=in_days(1), finish=in_days(3))
    last = task(3, parent_id=1, start=in_days(2), finish=in_days(9))

    summary = on(MONDAY, plan(phase, first, last)).tasks[-1]

    assert (summary.start, summary.finish, summary.is_leaf) == (in_days(1), in_days(9), False)


def test_a_summarys_own_dates_win_over_those_below_it():
    phase = task(1, start=MONDAY, finish=in_days(30))

    summary = on(MONDAY, plan(phase, task(2, parent_id=1, start=in_days(1), finish=in_days(3)))).tasks[-1]

    assert (summary.start, summary.finish) == (MONDAY, in_days(30))


def test_a_project_without_dates_takes_them_from_its_tasks():
    figures = on(MONDAY, plan(task(1, start=MONDAY, finish=in_days(4)))).project

    assert (figures.finish, figures.dates_basis) == (in_days(4), "tasks")


def test_unless_its_source_decides_its_dates():
    figures = on(MONDAY, plan(task(1, start=MONDAY, finish=in_days(4)), source_owns_dates=True)).project

    assert (figures.finish, figures.dates_basis, figures.tasks_finish) == (None, "none", in_days(4))


def test_a_projects_own_duration_makes_its_finish():
    own = plan(start=MONDAY, duration_minutes=10 * 1440, elapsed=True, source_owns_dates=True)

    figures = on(MONDAY, own).project

    assert (figures.finish, figures.dates_basis) == (in_days(10), "own")


def test_an_actual_start_is_the_planned_one_and_the_reported_delay():
    late = task(1, "done", start=MONDAY, duration_minutes=1440, elapsed=True, start_delay_minutes=3 * 1440)
    ended = task(
        2, "done", start=MONDAY, duration_minutes=1440, elapsed=True, start_delay_minutes=-1440,
        actual_duration_minutes=5 * 1440,
    )  # fmt: skip

    first, second = on(MONDAY, plan(late, ended)).tasks

    assert (first.actual_start, first.actual_finish) == (in_days(3), None)
    assert (second.actual_start, second.actual_finish, second.days_finished_late) == (in_days(-1), in_days(4), 3)


def test_what_has_not_begun_has_no_actual_start():
    waiting = task(1, start=MONDAY, start_delay_minutes=1440, elapsed=True)

    assert on(MONDAY, plan(waiting)).tasks[0].actual_start is None


def test_a_date_beyond_the_calendar_is_no_date():
    endless = task(1, start=MONDAY, duration_minutes=10**15, elapsed=True)

    assert on(MONDAY, plan(endless)).tasks[0].finish is None

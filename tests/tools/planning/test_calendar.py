"""Stories about the working calendar, held against numpy's business days."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.planning.calendar import WorkingCalendar

CALENDAR = WorkingCalendar()
FOUR_DAYS = WorkingCalendar.of_minutes((480, 480, 480, 480, 0, 0, 0))
GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 3), date(2026, 4, 6)
EASTER = WorkingCalendar(exceptions=dict.fromkeys((GOOD_FRIDAY, EASTER_MONDAY, date(2026, 4, 5)), ()))

TWO_SHIFTS = WorkingCalendar(
    (((480, 720), (780, 1020)),) * 5 + ((), ()),
    {date(2026, 3, 7): ((600, 720),), date(2026, 3, 10): (), date(2026, 3, 11): ((0, 1440),)},
)

days = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def test_a_task_due_on_monday_is_four_whole_days_late_on_the_next_monday():
    assert CALENDAR.days_since(date(2026, 2, 23), date(2026, 3, 2)) == 4


def test_nothing_is_lost_over_a_weekend():
    assert CALENDAR.days_since(date(2026, 2, 27), date(2026, 3, 2)) == 0


def test_a_two_day_task_that_starts_on_friday_ends_on_monday_evening():
    assert CALENDAR.add_minutes(datetime(2026, 2, 27), 960) == datetime(2026, 3, 2, 17)


def test_a_task_that_starts_after_lunch_ends_after_lunch():
    assert CALENDAR.add_minutes(datetime(2026, 3, 2, 13), 480) == datetime(2026, 3, 3, 13)


def test_days_off_are_passed_over():
    assert EASTER.add_minutes(datetime(2026, 4, 2), 960) == datetime(2026, 4, 7, 17)
    assert EASTER.working_days(date(2026, 4, 2), date(2026, 4, 8)) == 2
    assert EASTER.minutes_between(datetime(2026, 4, 2), datetime(2026, 4, 7)) == 960


def test_a_finish_without_a_time_of_day_includes_its_day():
    assert CALENDAR.minutes_between(datetime(2026, 3, 2), datetime(2026, 3, 3)) == 960


@pytest.mark.parametrize("minutes", [10**12, -(10**12)])
@pytest.mark.parametrize("calendar", [CALENDAR, EASTER])
def test_a_duration_too_long_for_any_date_is_said_to_be_so(calendar, minutes):
    with pytest.raises(OverflowError):
        calendar.add_minutes(datetime(2026, 3, 2), minutes)


@pytest.mark.parametrize("week", [(0,) * 7, (480,) * 6, (480, 480, 480, 480, 480, 0, 1_000)])
def test_a_week_that_nobody_can_work_is_refused(week):
    with pytest.raises(ValueError, match="day"):
        WorkingCalendar.of_minutes(week)


@given(days, days, st.sets(days, max_size=20))
def test_working_days_are_numpys_business_days(first, before, off):
    calendar = WorkingCalendar(exceptions=dict.fromkeys(off, ()))

    counted = calendar.working_days(min(first, before), max(first, before))

    assert counted == np.busday_count(min(first, before), max(first, before), holidays=sorted(off))


@given(days, st.integers(1, 400 * 480), st.sampled_from([CALENDAR, FOUR_DAYS, EASTER]))
def test_as_many_minutes_lie_between_as_were_added(day, minutes, calendar):
    start = datetime.combine(day, datetime.min.time())

    assert calendar.minutes_between(start, calendar.add_minutes(start, minutes)) == minutes


@given(days, st.integers(1, 60 * 480), st.sampled_from([CALENDAR, FOUR_DAYS, EASTER]))
def test_going_back_undoes_going_on(day, minutes, calendar):
    start = datetime.combine(day, datetime.min.time()) + timedelta(hours=11)
    reached = calendar.add_minutes(start, minutes)

    assert calendar.minutes_between(calendar.add_minutes(reached, -minutes), reached) == minutes


def test_a_pause_at_noon_is_not_worked():
    assert TWO_SHIFTS.add_minutes(datetime(2026, 3, 2, 11), 120) == datetime(2026, 3, 2, 14)
    assert TWO_SHIFTS.minutes_between(datetime(2026, 3, 2, 11), datetime(2026, 3, 2, 14)) == 120


def test_a_saturday_may_be_worked_and_a_day_may_be_worked_around_the_clock():
    assert TWO_SHIFTS.minutes_on(date(2026, 3, 7)) == 120
    assert TWO_SHIFTS.working_days(date(2026, 3, 2), date(2026, 3, 9)) == 6
    assert TWO_SHIFTS.minutes_between(datetime(2026, 3, 11), datetime(2026, 3, 11)) == 1_440


def test_evening_and_next_morning_are_one_position_told_apart_by_what_is_asked():
    evening, morning = datetime(2026, 3, 9, 17), datetime(2026, 3, 11)
    position = TWO_SHIFTS.position(evening)

    assert TWO_SHIFTS.position(morning) == position
    assert (TWO_SHIFTS.finish_at(position), TWO_SHIFTS.start_at(position)) == (evening, morning)


@pytest.mark.parametrize("shifts", [((600, 500),), ((500, 600), (550, 700)), ((0, 1441),), ((-5, 60),)])
def test_shifts_that_no_day_has_are_refused(shifts):
    with pytest.raises(ValueError, match="midnight"):
        WorkingCalendar(exceptions={date(2026, 3, 2): shifts})


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.sampled_from([CALENDAR, EASTER, TWO_SHIFTS]))
def test_finish_and_start_at_a_position_have_it(moment, calendar):
    moment = moment.replace(second=0, microsecond=0)
    position = calendar.position(moment)

    assert calendar.position(calendar.finish_at(position)) == calendar.position(calendar.start_at(position)) == position
    assert calendar.finish_at(position) <= calendar.start_at(position)

"""Earned schedule by numbers worked out by hand, as Lipke's papers do."""

from datetime import date, datetime, timedelta

import pytest

from tools.planning.calendar import WorkingCalendar
from tools.planning.earned_schedule import earned_schedule
from tools.planning.model import Window

CALENDAR = WorkingCalendar()
MONDAY = date(2026, 3, 2)


def days(first: int, last: int) -> Window:
    start = datetime(2026, 3, 2, 9)
    return Window(start + timedelta(days=first), start + timedelta(days=last, hours=8))


def test_behind_the_plan() -> None:
    # Two tasks of a week each, one after the other: 10 % a working day. After six days, 35 % are done.
    found = earned_schedule([(days(0, 4), 50), (days(7, 11), 50)], 0.35, date(2026, 3, 10), CALENDAR)

    assert found is not None
    assert (found.earned, found.gone, found.planned) == (pytest.approx(3.5), 6, 10)
    assert found.variance == pytest.approx(-2.5)
    assert found.performance == pytest.approx(3.5 / 6)
    # 10 / (3.5 / 6) = 17.1: the 17th working day
    assert found.end == date(2026, 3, 24)


def test_uneven_work_is_interpolated_between_the_days() -> None:
    # 10 on the first day, 30 on the second, 60 on the third: 25 earned lie half a day into the second.
    work = [(days(0, 0), 10), (days(1, 1), 30), (days(2, 2), 60)]
    found = earned_schedule(work, 0.25, date(2026, 3, 3), CALENDAR)

    assert found is not None
    assert found.earned == pytest.approx(1.5)
    assert found.variance == pytest.approx(0.5)


def test_work_that_is_all_done_has_earned_the_whole_plan_and_no_more() -> None:
    found = earned_schedule([(days(0, 4), 1)], 1.2, date(2026, 3, 16), CALENDAR)

    assert found is not None
    assert (found.earned, found.gone, found.planned) == (5, 10, 5)


def test_the_first_day_and_nothing_done_have_no_pace() -> None:
    fresh = earned_schedule([(days(0, 4), 1)], 0.0, MONDAY, CALENDAR)
    idle = earned_schedule([(days(0, 4), 1)], 0.0, date(2026, 3, 6), CALENDAR)

    assert fresh is not None and (fresh.performance, fresh.end) == (None, None)
    assert idle is not None and (idle.performance, idle.end) == (0, None)


@pytest.mark.parametrize("work", [[], [(Window(), 5.0)], [(days(0, 4), 0.0)]])
def test_without_dates_or_weights_there_is_none(work: list[tuple[Window, float]]) -> None:
    assert earned_schedule(work, 0.5, MONDAY, CALENDAR) is None

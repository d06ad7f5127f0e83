"""Days in SQL are the days that planning counts."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Date, literal, select

from storage.expressions import DayNumber, day_minutes, minutes_between, minutes_since
from tools.planning.calendar import WorkingCalendar

CALENDAR = WorkingCalendar()
FIRST = date(2026, 2, 23)  # a Monday
PAIRS = [(FIRST + timedelta(days=a), FIRST + timedelta(days=a + b)) for a in range(7) for b in range(16)]


def value(store, expression):
    with store.reading() as session:
        return session.execute(select(expression)).scalar()


@pytest.fixture
def found(store):
    """For each pair of days: minutes since, between and up to the end of the second, in one query."""
    columns = []
    for first, last in PAIRS:
        one, other, worked = literal(first, Date), literal(last, Date), literal("working")
        columns += [
            minutes_since(worked, one, other),
            minutes_between(worked, one, other),
            minutes_between(worked, one, other, inclusive=True),
        ]
    with store.reading() as session:
        row = session.execute(select(*(column.label(f"c{index}") for index, column in enumerate(columns)))).one()
    return [row[index : index + 3] for index in range(0, len(row), 3)]


def test_working_days_are_those_of_the_calendar(found):
    day = timedelta(days=1)
    expected = [
        (
            CALENDAR.days_since(first, last) * 480,
            CALENDAR.working_days(first, last) * 480,
            CALENDAR.working_days(first, last + day) * 480,
        )
        for first, last in PAIRS
    ]

    assert [tuple(each) for each in found] == expected


def test_elapsed_days_are_all_days(store):
    first, last = literal(date(2026, 2, 20), Date), literal(date(2026, 3, 2), Date)

    assert value(store, minutes_between(literal("elapsed"), first, last)) == 10 * 1440
    assert value(store, minutes_since(literal("elapsed"), first, last)) == 10 * 1440


def test_a_monday_is_a_multiple_of_seven(store):
    assert value(store, DayNumber(literal(FIRST, Date))) % 7 == 0


def test_a_day_has_the_minutes_of_its_basis(store):
    assert value(store, day_minutes(literal("working"))) == 480
    assert value(store, day_minutes(literal("elapsed"))) == 1440

"""Stories about people's hours, held against counting day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.planning.load import Held, Load, Worker

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)
FOUR_DAYS = (480, 480, 480, 480, 0, 0, 0)
DAY = 480


def load(*workers: Worker, held: tuple[Held, ...] = (), first: date = MONDAY, last: date = date(2026, 3, 8)) -> Load:
    return Load(workers, held, first, last)


def test_a_week_gives_what_the_contract_says_less_holidays_and_absence():
    worker = Worker(1, FOUR_DAYS, short_days={date(2026, 3, 3): 0, FRIDAY: 0}, away=((date(2026, 3, 3), FRIDAY),))
    hours = load(worker)

    assert hours.total(hours.contracted) == 4 * DAY
    assert hours.total(hours.holidays) == DAY  # the one on a day off takes nothing
    assert hours.total(hours.absent) == 2 * DAY  # a holiday is no absence
    assert hours.total(hours.available) == DAY


def test_half_a_holiday_leaves_half_a_day():
    hours = load(Worker(1, short_days={MONDAY: 240}))

    assert hours.total(hours.available) == 5 * DAY - 240


def test_nobody_has_hours_before_they_come_or_after_they_leave():
    hours = load(Worker(1, employed_from=FRIDAY), Worker(2, employed_until=MONDAY), Worker(3, employed_from=date.max))

    assert [hours.total(hours.contracted, person) for person in (1, 2, 3)] == [DAY, DAY, 0]


def test_a_booked_week_is_spread_over_the_days_somebody_works():
    hours = load(Worker(1, FOUR_DAYS, short_days={MONDAY: 0}), held=(Held(1, MONDAY, FRIDAY, 16 * 60),))

    assert hours.total(hours.firm) == 12 * 60  # a day less of four
    assert hours.total(hours.free) == (24 - 12) * 60


def test_tentative_work_is_apart_from_firm_work_and_weighted_by_its_chance():
    held = (
        Held(1, MONDAY, FRIDAY, 10 * 60),
        Held(1, MONDAY, FRIDAY, 20 * 60, is_firm=False, probability=0.4),
        Held(1, MONDAY, FRIDAY, 2 * 60, is_internal=True),
    )
    hours = load(Worker(1), held=held)

    assert hours.total(hours.firm) == 12 * 60
    assert hours.total(hours.internal) == 2 * 60
    assert hours.total(hours.tentative) == 20 * 60
    assert hours.total(hours.weighted) == 20 * 60


def test_what_one_week_has_too_much_frees_nothing_in_another():
    held = (Held(1, MONDAY, date(2026, 3, 8), 55 * 60),)
    hours = load(Worker(1), held=held, last=date(2026, 3, 15))

    assert hours.total(hours.over) == 15 * 60
    assert hours.total(hours.free) == 40 * 60


def test_weeks_in_a_row_are_one_overload_on_the_days_somebody_is_there():
    held = (Held(2, date(2026, 3, 9), date(2026, 3, 20), 55 * 60), Held(2, date(2026, 4, 1), date(2026, 4, 3), 50 * 60))
    hours = load(Worker(1), Worker(2), held=held, last=date(2026, 4, 5))
    [march] = hours.overloads()

    assert (march.person, march.first, march.last) == (2, date(2026, 3, 9), date(2026, 3, 20))
    assert (march.booked, march.available) == (110 * 60, 80 * 60)


def test_weeks_end_with_the_window():
    hours = load(first=date(2026, 3, 4), last=date(2026, 3, 16))

    assert hours.weeks == (
        (date(2026, 3, 4), date(2026, 3, 8)),
        (date(2026, 3, 9), date(2026, 3, 15)),
        (date(2026, 3, 16), date(2026, 3, 16)),
    )


def test_a_person_who_never_works_has_no_load():
    hours = load(Worker(1, (0,) * 7), held=(Held(1, MONDAY, FRIDAY, 600),))

    assert hours.total(hours.firm) == 0


def test_a_window_that_ends_before_it_starts_is_wrong():
    with pytest.raises(ValueError, match="before it starts"):
        Load((), (), FRIDAY, MONDAY)


span = st.tuples(st.integers(-10, 40), st.integers(0, 30)).map(
    lambda at: (MONDAY + timedelta(days=at[0]), MONDAY + timedelta(days=sum(at)))
)
worker = st.builds(
    Worker,
    st.just(1),
    st.tuples(*[st.integers(0, 600)] * 7),
    st.none() | span.map(lambda each: each[0]),
    st.none() | span.map(lambda each: each[1]),
    st.dictionaries(span.map(lambda each: each[0]), st.integers(0, 500), max_size=4),
    st.lists(span, max_size=3),
)
booking = st.builds(
    lambda days, minutes, firm, chance: Held(1, *days, minutes, firm, chance),
    span, st.integers(0, 4000), st.booleans(), st.floats(0, 1),
)  # fmt: skip


@given(worker, st.lists(booking, max_size=5), span)
def test_every_day_is_what_counting_it_alone_gives(worker, held, window):
    hours = Load([worker], held, *window)
    week = sum(worker.weekday_minutes)
    for at in range(hours.days):
        day = window[0] + timedelta(days=at)
        there = (worker.employed_from or day) <= day <= (worker.employed_until or day)
        contracted = worker.weekday_minutes[day.weekday()] if there else 0
        left = min(contracted, worker.short_days.get(day, contracted))
        available = 0 if any(first <= day <= last for first, last in worker.away) else left
        on = [each for each in held if each.first <= day <= each.last]
        weighted = sum(each.minutes_per_week * (1 if each.is_firm else each.probability) for each in on)

        assert hours.contracted[0, at] == contracted
        assert hours.available[0, at] == available
        assert hours.firm[0, at] == pytest.approx(
            sum(each.minutes_per_week for each in on if each.is_firm) * available / week if week else 0
        )
        assert hours.weighted[0, at] == pytest.approx(weighted * available / week if week else 0, abs=1e-6)

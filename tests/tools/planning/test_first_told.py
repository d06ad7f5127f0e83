"""Who hears first: 200 generated weeks of flags, told day by day."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tools.planning.calendar import WorkingCalendar
from tools.planning.first_told import Contradiction, Delivery, may_hear, unasked

CALENDAR = WorkingCalendar()
MONDAY = date(2026, 3, 2)
ABOVE = (101, 102)


@settings(max_examples=200, deadline=None)
@given(
    raised=st.lists(st.tuples(st.integers(0, 20), st.integers(1, 4)), max_size=8),
    silent=st.sets(st.integers(0, 27)),
)
def test_nobody_above_hears_before_a_working_day_has_passed_since_the_reporter_did(raised, silent):
    """`silent` are days without a round, as the service may be down."""
    flags: dict[int, Contradiction] = {}
    heard: dict[tuple[int, int], date] = {}
    for step in range(28):
        day = MONDAY + timedelta(days=step)
        for number, (when, reporter) in enumerate(raised):
            if when == step:
                flags[number] = Contradiction(number, reporter)
        if step in silent or day.weekday() > 4:
            continue
        for hearer, flag in list(unasked(flags.values(), ABOVE, day, CALENDAR)):
            flags[flag.id] = flag
            heard.setdefault((hearer, flag.id), day)

    for (hearer, number), day in heard.items():
        if hearer in ABOVE:
            first = heard[raised[number][1], number]
            between = sum((first + timedelta(days=step)).weekday() < 5 for step in range((day - first).days))
            assert between >= 1, f"{hearer} heard of {number} on {day}, its reporter on {first}"


def test_who_asks_gets_the_evidence_and_a_channel_never_does():
    fresh, told = Contradiction(1, reporter=7), Contradiction(1, reporter=7, told_on=MONDAY)
    friday, next_monday = date(2026, 3, 6), date(2026, 3, 9)

    assert may_hear(fresh, 101, Delivery.ASKED, MONDAY, CALENDAR)
    assert may_hear(fresh, 7, Delivery.UNASKED, MONDAY, CALENDAR)
    assert not may_hear(fresh, 101, Delivery.UNASKED, next_monday, CALENDAR)
    assert not may_hear(told, 101, Delivery.UNASKED, MONDAY, CALENDAR)
    assert may_hear(told, 101, Delivery.UNASKED, MONDAY + timedelta(days=1), CALENDAR)
    late = Contradiction(1, reporter=7, told_on=friday)
    assert not may_hear(late, 101, Delivery.UNASKED, friday, CALENDAR)
    assert may_hear(late, 101, Delivery.UNASKED, next_monday, CALENDAR)
    assert not may_hear(told, 7, Delivery.CHANNEL, next_monday, CALENDAR)

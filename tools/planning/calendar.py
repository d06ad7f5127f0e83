"""The working calendar: which minutes of which days are worked, and counting them."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate

DAY_STARTS_MINUTE = 9 * 60
DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class WorkingCalendar:
    """Minutes worked on each weekday, Monday first, each day from nine o'clock on, and the days off.

    A date without a time of day stands for the whole day: a start at midnight means the morning, a finish the evening.
    """

    weekday_minutes: tuple[int, ...] = (480, 480, 480, 480, 480, 0, 0)
    days_off: frozenset[date] = frozenset()
    _prefix_days: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _prefix_minutes: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _off: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _off_minutes: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.weekday_minutes) != 7 or not any(self.weekday_minutes):
            raise ValueError("A calendar has seven weekdays, and at least one of them is worked.")
        if not all(0 <= minutes <= DAY_MINUTES - DAY_STARTS_MINUTE for minutes in self.weekday_minutes):
            raise ValueError("A working day starts at nine and ends before midnight.")
        off = sorted(day for day in self.days_off if self.weekday_minutes[day.weekday()])
        derived = {
            "_prefix_days": _running_total(minutes > 0 for minutes in self.weekday_minutes),
            "_prefix_minutes": _running_total(self.weekday_minutes),
            "_off": tuple(day.toordinal() for day in off),
            "_off_minutes": _running_total(self.weekday_minutes[day.weekday()] for day in off),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def minutes_on(self, day: date) -> int:
        return 0 if day in self.days_off else self.weekday_minutes[day.weekday()]

    def working_days(self, first: date, before: date) -> int:
        """Working days from `first` on, `before` not included; below zero when `before` lies earlier."""
        return self._days_until(before.toordinal()) - self._days_until(first.toordinal())

    def days_since(self, due: date, today: date) -> int:
        """Whole working days that have passed between the day something was due and today, neither included."""
        return max(0, self.working_days(_day_after(due), today))

    def minutes_between(self, start: datetime, finish: datetime) -> int:
        """Working minutes from `start` to `finish`; a finish at midnight includes that day."""
        return max(0, self._minutes_until(_evening(finish)) - self._minutes_until(start))

    def minutes_until_day(self, start: datetime, day: date) -> int:
        """Working minutes from `start` to the morning of `day`."""
        return max(0, self._minutes_before_day(day.toordinal()) - self._minutes_until(start))

    def working_equivalent(self, elapsed_minutes: int) -> float:
        """Working minutes in that much elapsed time, over the average week."""
        return elapsed_minutes * self._prefix_minutes[7] / (7 * DAY_MINUTES)

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The moment when that many working minutes have passed since `start`; below zero, before it."""
        if minutes < 0:
            return self._walk_back(*self._skip_weeks(start, -minutes, -1))
        return self._walk(*self._skip_weeks(start, minutes, 1)) if minutes else start

    def _skip_weeks(self, moment: datetime, minutes: int, direction: int) -> tuple[datetime, int]:
        """Nearer to the goal by whole weeks, and the minutes left from there: at least one, at most a week of them."""
        while weeks := (minutes - 1) // self._prefix_minutes[7]:
            nearer = moment + timedelta(weeks=direction * weeks)
            minutes -= abs(self._minutes_until(nearer) - self._minutes_until(moment))
            moment = nearer
        return moment, minutes

    def _walk(self, moment: datetime, minutes: int) -> datetime:
        while True:
            morning = _morning(moment)
            begin = max(moment, morning)
            evening = morning + timedelta(minutes=self.minutes_on(moment.date()))
            room = int((evening - begin).total_seconds() // 60)
            if minutes <= room:
                return begin + timedelta(minutes=minutes)
            minutes -= max(0, room)
            moment = datetime.combine(_day_after(moment.date()), time.min)

    def _walk_back(self, moment: datetime, minutes: int) -> datetime:
        while True:
            morning = _morning(moment)
            end = min(moment, morning + timedelta(minutes=self.minutes_on(moment.date())))
            room = int((end - morning).total_seconds() // 60)
            if minutes <= room:
                return end - timedelta(minutes=minutes)
            minutes -= max(0, room)
            moment = datetime.combine(moment.date(), time.min) - timedelta(minutes=1)

    def _days_until(self, ordinal: int) -> int:
        weeks, rest = divmod(ordinal - 1, 7)
        days = weeks * self._prefix_days[7] + self._prefix_days[rest]
        return days - bisect_left(self._off, ordinal) if self._off else days

    def _minutes_before_day(self, ordinal: int) -> int:
        weeks, rest = divmod(ordinal - 1, 7)
        minutes = weeks * self._prefix_minutes[7] + self._prefix_minutes[rest]
        return minutes - self._off_minutes[bisect_left(self._off, ordinal)] if self._off else minutes

    def _minutes_until(self, moment: datetime) -> int:
        into_day = moment.hour * 60 + moment.minute - DAY_STARTS_MINUTE
        before = self._minutes_before_day(moment.toordinal())
        return before + min(into_day, self.minutes_on(moment.date())) if into_day > 0 else before


def is_midnight(moment: datetime) -> bool:
    return moment.hour == 0 and moment.minute == 0


def _running_total(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(accumulate(values, initial=0))


def _morning(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time.min) + timedelta(minutes=DAY_STARTS_MINUTE)


def _evening(finish: datetime) -> datetime:
    return finish + timedelta(minutes=DAY_MINUTES - 1) if is_midnight(finish) else finish


def _day_after(day: date) -> date:
    return day + timedelta(days=1)

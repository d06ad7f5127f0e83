"""The working calendar: which minutes of which days are worked, and counting them."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate, pairwise

DAY_STARTS_MINUTE = 9 * 60
DAY_MINUTES = 24 * 60
OFFICE_WEEK = (480, 480, 480, 480, 480, 0, 0)

Shifts = tuple[tuple[int, int], ...]  # the worked minutes of a day, from and to, counted from midnight


@dataclass(frozen=True)
class WorkingCalendar:
    """The shifts of each weekday, Monday first, and of the days that differ from it.

    A moment's position is the number of minutes worked before it, since the year 1. Between positions scheduling is
    plain arithmetic: an evening and the next morning have the same one, and `start_at` and `finish_at` tell them apart.
    A date without a time of day stands for the whole day: a start at midnight means the morning, a finish the evening.
    """

    week: tuple[Shifts, ...] = ()  # empty: the week of an office
    exceptions: Mapping[date, Shifts] = field(default_factory=dict, hash=False)
    _weekday_minutes: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _minutes_before_weekday: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _days_before_weekday: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _changed: tuple[int, ...] = field(init=False, repr=False, compare=False)  # the days that differ, as ordinals
    _more_minutes: tuple[int, ...] = field(init=False, repr=False, compare=False)  # up to each of them
    _more_days: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _ends: tuple[int, ...] = field(init=False, repr=False, compare=False)  # the position at the end of each of them

    def __post_init__(self) -> None:
        week = self.week or tuple(_from_nine(minutes) for minutes in OFFICE_WEEK)
        for shifts in (*week, *self.exceptions.values()):
            _check(shifts)
        usual = tuple(_minutes_of(shifts) for shifts in week)
        if len(week) != 7 or not any(usual):
            raise ValueError("A calendar has seven weekdays, and at least one of them is worked.")
        changed = sorted(self.exceptions)
        change = [(_minutes_of(self.exceptions[day]), usual[day.weekday()]) for day in changed]
        derived = {
            "week": week,
            "_weekday_minutes": usual,
            "_minutes_before_weekday": _running_total(usual),
            "_days_before_weekday": _running_total(minutes > 0 for minutes in usual),
            "_changed": tuple(day.toordinal() for day in changed),
            "_more_minutes": _running_total(now - before for now, before in change),
            "_more_days": _running_total((now > 0) - (before > 0) for now, before in change),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_ends", tuple(self._minutes_before_day(day + 1) for day in self._changed))

    @classmethod
    def of_minutes(cls, weekday_minutes: Iterable[int], days_off: Iterable[date] = ()) -> "WorkingCalendar":
        """So many minutes on each weekday, Monday first, each day from nine o'clock on."""
        return cls(tuple(map(_from_nine, weekday_minutes)), dict.fromkeys(days_off, ()))

    @property
    def weekday_minutes(self) -> tuple[int, ...]:
        """Minutes worked on each usual weekday, Monday first."""
        return self._weekday_minutes

    def shifts_on(self, day: date) -> Shifts:
        return self.exceptions[day] if day in self.exceptions else self.week[day.weekday()]

    def minutes_on(self, day: date) -> int:
        return _minutes_of(self.shifts_on(day))

    def working_days(self, first: date, before: date) -> int:
        """Working days from `first` on, `before` not included; below zero when `before` lies earlier."""
        return self._days_until(before.toordinal()) - self._days_until(first.toordinal())

    def days_since(self, due: date, today: date) -> int:
        """Whole working days that have passed between the day something was due and today, neither included."""
        return max(0, self.working_days(_day_after(due), today))

    def minutes_between(self, start: datetime, finish: datetime) -> int:
        """Working minutes from `start` to `finish`; a finish at midnight includes that day."""
        ends = finish.toordinal() + 1 if is_midnight(finish) else 0
        return max(0, (self._minutes_before_day(ends) if ends else self.position(finish)) - self.position(start))

    def minutes_until_day(self, start: datetime, day: date) -> int:
        """Working minutes from `start` to the morning of `day`."""
        return max(0, self._minutes_before_day(day.toordinal()) - self.position(start))

    def working_equivalent(self, elapsed_minutes: int) -> float:
        """Working minutes in that much elapsed time, over the average week."""
        return elapsed_minutes * self._week_minutes / (7 * DAY_MINUTES)

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The moment when that many working minutes have passed since `start`; below zero, before it.

        Raises OverflowError beyond the years a date can hold.
        """
        if not minutes:
            return start
        reached = self.position(start) + minutes
        return self.finish_at(reached) if minutes > 0 else self.start_at(reached)

    def position(self, moment: datetime) -> int:
        """The working minutes before a moment."""
        minute = moment.hour * 60 + moment.minute
        within = sum(min(minute, end) - begin for begin, end in self.shifts_on(moment.date()) if begin < minute)
        return self._minutes_before_day(moment.toordinal()) + within

    def start_at(self, position: int) -> datetime:
        """The moment at which work begins that has so many working minutes before it; OverflowError if no date can."""
        ordinal, into_day = self._day_at(position)
        try:
            day = date.fromordinal(ordinal)
        except (ValueError, OverflowError) as error:
            raise OverflowError("That day lies beyond the years a date can hold.") from error
        for begin, end in self.shifts_on(day):
            if into_day < end - begin:
                break
            into_day -= end - begin
        return datetime.combine(day, time.min) + timedelta(minutes=begin + into_day)

    def finish_at(self, position: int) -> datetime:
        """The moment at which work ends that takes up to so many working minutes; OverflowError if no date can."""
        return self.start_at(position - 1) + timedelta(minutes=1)

    @property
    def _week_minutes(self) -> int:
        return self._minutes_before_weekday[7]

    def _day_at(self, position: int) -> tuple[int, int]:
        """The day on which the minute behind a position is worked, as an ordinal, and the position within that day."""
        passed = bisect_right(self._ends, position)
        if passed < len(self._changed):
            begin = self._minutes_before_day(self._changed[passed])
            if position >= begin:
                return self._changed[passed], position - begin
        weeks, rest = divmod(position - self._more_minutes[passed], self._week_minutes)
        weekday = bisect_right(self._minutes_before_weekday, rest) - 1
        return weeks * 7 + weekday + 1, rest - self._minutes_before_weekday[weekday]

    def _days_until(self, ordinal: int) -> int:
        weeks, rest = divmod(ordinal - 1, 7)
        usual = weeks * self._days_before_weekday[7] + self._days_before_weekday[rest]
        return usual + self._more_days[bisect_right(self._changed, ordinal - 1)]

    def _minutes_before_day(self, ordinal: int) -> int:
        weeks, rest = divmod(ordinal - 1, 7)
        usual = weeks * self._week_minutes + self._minutes_before_weekday[rest]
        return usual + self._more_minutes[bisect_right(self._changed, ordinal - 1)]


def is_midnight(moment: datetime) -> bool:
    return moment.hour == 0 and moment.minute == 0


def _from_nine(minutes: int) -> Shifts:
    if not 0 <= minutes <= DAY_MINUTES - DAY_STARTS_MINUTE:
        raise ValueError("A working day starts at nine and ends before midnight.")
    return ((DAY_STARTS_MINUTE, DAY_STARTS_MINUTE + minutes),) if minutes else ()


def _check(shifts: Shifts) -> None:
    ends = [minute for shift in shifts for minute in shift]
    in_order = all(first <= second for first, second in pairwise(ends)) and all(begin < end for begin, end in shifts)
    if not in_order or (ends and not (ends[0] >= 0 and ends[-1] <= DAY_MINUTES)):
        raise ValueError("The shifts of a day follow one another between midnight and midnight.")


def _minutes_of(shifts: Shifts) -> int:
    return sum(end - begin for begin, end in shifts)


def _running_total(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(accumulate(values, initial=0))


def _day_after(day: date) -> date:
    return day + timedelta(days=1)

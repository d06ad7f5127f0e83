"""What time words depend on: today, the firm's year and week, and which of several years or weeks is likely meant."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import Enum, auto


class NoSuchDay(ValueError):  # the field's word, as in ProjectNotFound
    """The message names a day the calendar does not have."""


@dataclass(frozen=True)
class Window:
    """Days from `first` to `last`, both included. `is_break`: "by" it means before it begins."""

    first: date
    last: date
    ranged: bool = False  # the words name both ends
    is_break: bool = False
    counted_from: date | None = None  # the day that "five months from 1 May" counts from

    @classmethod
    def of_day(cls, day: date) -> "Window":
        return cls(day, day)


class Lean(Enum):
    """Where a date without its year, or a weekday without its week, is likely meant to lie."""

    NEAREST = auto()
    AHEAD = auto()
    BACK = auto()


@dataclass(frozen=True)
class Clock:
    """A fiscal year bears the number of the year it ends in. `not_before`, `not_after` bind one end of a range."""

    today: date
    fiscal_year_start_month: int = 1
    week_start: int = 1  # ISO weekday
    month_first: bool = False  # whether 01/08/2012 is 8 January
    lean: Lean = Lean.NEAREST
    not_before: date | None = None
    not_after: date | None = None

    def leaning(self, lean: Lean) -> "Clock":
        return replace(self, lean=lean)

    def week(self, weeks: int = 0) -> Window:
        return self.week_holding(self.today + timedelta(weeks=weeks))

    def week_holding(self, day: date) -> Window:
        first = day - timedelta(days=(day.isoweekday() - self.week_start) % 7)
        return Window(first, first + timedelta(days=6))

    def weekend(self, weeks: int = 0) -> Window:
        """Saturday and Sunday; the coming ones, or those under way."""
        saturday = self.today + timedelta(days=6 - self.today.isoweekday(), weeks=weeks)
        return Window(saturday, saturday + timedelta(days=1), is_break=True)

    def month(self, months: int = 0) -> Window:
        return months_from(self.today.replace(day=1), months, 1)

    def quarter(self, quarters: int = 0) -> Window:
        return months_from(self.today.replace(month=(self.today.month - 1) // 3 * 3 + 1, day=1), 3 * quarters, 3)

    def half(self, halves: int = 0) -> Window:
        return months_from(self.today.replace(month=1 if self.today.month < 7 else 7, day=1), 6 * halves, 6)

    def year(self, years: int = 0) -> Window:
        return calendar_year(self.today.year + years)

    def fiscal_year(self, number: int) -> Window:
        start = self.fiscal_year_start_month
        return months_from(date(number if start == 1 else number - 1, start, 1), 0, 12)

    @property
    def this_fiscal_year(self) -> int:
        start = self.fiscal_year_start_month
        return self.today.year + (1 if start > 1 and self.today.month >= start else 0)

    def near_years(self) -> range:
        """Years that a date without one may mean."""
        years = [day.year for day in (self.today, self.not_before, self.not_after) if day]
        return range(max(MINYEAR, min(years) - 1), min(MAXYEAR, max(years) + 1) + 1)

    def likely(self, windows: Sequence[Window]) -> Window:
        """The one of these windows of different years that is meant."""
        if self.not_before or self.not_after:
            return self._bound(windows)
        if self.lean is Lean.BACK:
            begun = [window for window in windows if window.first <= self.today]
            return begun[-1] if begun else windows[0]
        nearest = min(windows, key=lambda window: abs(_months(window.first) - _months(self.today)))
        if self.lean is Lean.AHEAD and nearest.last < self.today - _JUST_PASSED:
            return next((window for window in windows if window.last >= self.today), nearest)
        return nearest

    def upcoming(self, windows: Sequence[Window]) -> Window:
        """The first of these that is not over; for "since" the last that is."""
        if self.not_before or self.not_after:
            return self._bound(windows)
        if self.lean is Lean.BACK:
            over = [window for window in windows if window.last < self.today]
            return over[-1] if over else windows[0]
        return next((window for window in windows if window.last >= self.today), windows[-1])

    def this_years(self, windows: Sequence[Window], own: Window) -> Window:
        """This year's `own`, unless the words before it want one that is over, or one that is not."""
        if self.lean is Lean.BACK and own.first > self.today:
            return self.likely(windows)
        if self.lean is Lean.AHEAD and own.last < self.today - _JUST_PASSED:
            return self.upcoming(windows)
        return self._bound(windows) if self.not_before or self.not_after else own

    def _bound(self, windows: Sequence[Window]) -> Window:
        if self.not_before:
            return next((window for window in windows if window.last >= self.not_before), windows[-1])
        return next((w for w in reversed(windows) if self.not_after and w.first <= self.not_after), windows[0])


_JUST_PASSED = timedelta(days=14)  # "by February" on 2 March speaks of the month that is just over


def calendar_year(number: int) -> Window:
    return Window(date(number, 1, 1), date(number, 12, 31))


def iso_week(year: int, number: int, words: str) -> Window:
    try:
        first = date.fromisocalendar(year, number, 1)
        return Window(first, first + timedelta(days=6))
    except ValueError:
        raise NoSuchDay(f"“{words}” is not a week: {year} has no week {number}.") from None


def real_day(year: int, month: int, day: int, words: str) -> date:
    """The day, or NoSuchDay with a sentence that tells what is wrong with it."""
    if not 1 <= month <= 12:
        raise NoSuchDay(f"“{words}” is not a date: there is no month {month}.")
    if year > MAXYEAR or year < MINYEAR:
        raise OverflowError(words)
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise NoSuchDay(f"“{words}” is not a date: {calendar.month_name[month]} {year} has {days} days.")
    return date(year, month, day)


def shifted(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(year)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_from(first: date, after: int, length: int) -> Window:
    """`length` whole months, beginning `after` months after the month of `first`."""
    last = shifted(first, after + length - 1)
    return Window(shifted(first, after), last.replace(day=calendar.monthrange(last.year, last.month)[1]))


def working_days_from(day: date, count: int) -> date:
    """The day that many working days (Monday to Friday) after a day; before it where negative."""
    sign = 1 if count > 0 else -1
    weeks, rest = divmod(abs(count), 5)
    while count and day.isoweekday() > 5:
        day -= timedelta(days=sign)  # from a weekend one counts as from the working day before it
    day += timedelta(weeks=sign * weeks)
    for _ in range(rest):
        day += timedelta(days=sign)
        while day.isoweekday() > 5:
            day += timedelta(days=sign)
    return day


def _months(day: date) -> int:
    return day.year * 12 + day.month

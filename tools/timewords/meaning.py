"""What a tree of time words means: the days of each kind of phrase, on a given clock."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NoReturn

from lark import Token, Tree

from tools.timewords.clock import (
    Clock,
    Lean,
    NoSuchDay,
    Window,
    calendar_year,
    iso_week,
    months_from,
    real_day,
    shifted,
    working_days_from,
)
from tools.timewords.holidays import feast, season


class NotTime(Exception):
    """Words that the grammar takes, and that mean no days."""


@dataclass(frozen=True)
class YearSaid:
    """A year as said: of the calendar, or a fiscal one."""

    number: int
    is_fiscal: bool = False

    def window(self, clock: Clock) -> Window:
        return clock.fiscal_year(self.number) if self.is_fiscal else calendar_year(self.number)


@dataclass(frozen=True)
class Said:
    """One phrase: its terminals by kind, the phrases within it, and the clock it is read on."""

    tree: Tree[Token]
    words: str  # of the whole span, to be quoted
    clock: Clock

    @cached_property
    def _tokens(self) -> list[Token]:
        return list(_flat(self.tree.children))

    def all(self, *kinds: str) -> list[str]:
        return [str(token) for token in self._tokens if token.type in kinds]

    def one(self, *kinds: str) -> str:
        """The first terminal of these kinds; empty where there is none."""
        return next(iter(self.all(*kinds)), "")

    @property
    def today(self) -> date:
        return self.clock.today

    @property
    def which(self) -> str:
        return next((token.type for token in self._tokens if token.type in _OFFSETS), "")

    @property
    def offset(self) -> int:
        return _OFFSETS.get(self.which, 0)

    @property
    def unit(self) -> str:
        return self.one("UNIT")

    @property
    def is_working(self) -> bool:
        return bool(self.one("WORKING"))

    @property
    def count(self) -> int:
        return int(self.one("NUMBER", "COUNT") or 1)

    @property
    def ordinal(self) -> int:
        """Which one of several; -1 is the last."""
        if self.which:
            return -1 if self.which == "LAST" else _not_time()
        return int(self.one("ORDINAL", "NTH"))

    @property
    def day(self) -> int:
        return int(self.one("NUMBER", "NTH", "ORDINAL"))

    @property
    def month(self) -> int:
        return int(self.one("MONTH"))

    @property
    def weekday(self) -> int:
        return int(self.one("WEEKDAY"))

    @cached_property
    def year(self) -> YearSaid | None:
        """The year said beside the phrase; None without one."""
        if digits := self.one("YEAR", "APOSYEAR"):
            return YearSaid(_whole_year(digits))
        if digits := self.one("FYEAR"):
            return YearSaid(_whole_year(digits.split()[-1]), is_fiscal=True)
        nested = [child for child in self.tree.children if isinstance(child, Tree) and child.data == "of_year"]
        return Said(nested[0], self.words, self.clock).relative_year if nested else None

    @property
    def relative_year(self) -> YearSaid:
        if self.unit == "fy":
            return YearSaid(self.clock.this_fiscal_year + self.offset, is_fiscal=True)
        return YearSaid(self.today.year + self.offset) if self.unit == "year" else _not_time()

    def or_short(self, digits: list[str]) -> YearSaid | None:
        """The year, which may be two digits after the rest."""
        if not digits:
            return self.year
        return YearSaid(_whole_year(digits[0])) if len(digits[0]) in (2, 4) else _not_time()

    @property
    def inner(self) -> Window:
        """The days of the phrase within this one."""
        return window_of(nested[-1], self.words, self.clock) if (nested := phrases(self.tree)) else _not_time()


def phrases(tree: Tree[Token]) -> list[Tree[Token]]:
    """The phrases right within a phrase."""
    return [child for child in tree.children if isinstance(child, Tree) and child.data in _MEANINGS]


def window_of(tree: Tree[Token], words: str, clock: Clock) -> Window:
    """The days a tree means. Raises NotTime, NoSuchDay, and OverflowError or ValueError beyond the calendar."""
    return _MEANINGS[tree.data](Said(tree, words, clock))


_Meaning = Callable[[Said], Window]
_MEANINGS: dict[str, _Meaning] = {}
_OFFSETS = {"THIS": 0, "NEXT": 1, "COMING": 1, "LAST": -1}
_SMALL = frozenset({"which", "count", "unit", "ordinal", "day_number"})


def _means(*names: str) -> Callable[[_Meaning], _Meaning]:
    def register(meaning: _Meaning) -> _Meaning:
        _MEANINGS.update(dict.fromkeys(names, meaning))
        return meaning

    return register


def _flat(children: Iterable[Token | Tree[Token]]) -> Iterator[Token]:
    for child in children:
        if isinstance(child, Token):
            yield child
        elif child.data in _SMALL:
            yield from _flat(child.children)


def _not_time() -> NoReturn:
    raise NotTime


def _whole_year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else 2000 + int(digits)


# Dates


@_means("stamp")
def _stamp(said: Said) -> Window:
    year, month, day = (int(digits) for digits in _DIGITS.findall(said.one("STAMP"))[:3])
    return Window.of_day(real_day(year, month, day, said.words))


@_means("slashed")
def _slashed(said: Said) -> Window:
    first, second, *year = _DIGITS.findall(said.one("SLASHED", "SHORTDATE"))
    month_first = int(second) > 12 or (said.clock.month_first and int(first) <= 12)
    month, day = (int(first), int(second)) if month_first else (int(second), int(first))
    if not year:
        return Window.of_day(_day_in_some_year(said, month, day))
    return Window.of_day(real_day(_whole_year(year[0]), month, day, said.words))


@_means("day_of_month")
def _day_of_month(said: Said) -> Window:
    day = _dated(said, said.or_short(said.all("NUMBER", "NTH", "ORDINAL")[1:]))
    if said.one("WEEKDAY") and said.weekday != day.isoweekday():
        raise NoSuchDay(f"“{said.words}” does not fit together: {day.day} {day:%B %Y} is a {day:%A}.")
    return Window.of_day(day)


def _dated(said: Said, year: YearSaid | None) -> date:
    if year:
        months = _month_of(said.month, year, said.clock)
        return real_day(months.first.year, said.month, said.day, said.words)
    if said.which in ("NEXT", "LAST"):
        this = real_day(said.today.year, said.month, said.day, said.words)
        is_gone = this <= said.today if said.offset > 0 else this < said.today
        years = int(is_gone) if said.offset > 0 else int(is_gone) - 1
        return real_day(this.year + years, said.month, said.day, said.words)
    return _day_in_some_year(said, said.month, said.day)


def _day_in_some_year(said: Said, month: int, day: int) -> date:
    found: list[Window] = []
    for year in said.clock.near_years():
        try:
            found.append(Window.of_day(real_day(year, month, day, said.words)))
        except NoSuchDay:
            continue
    return said.clock.likely(found).first if found else real_day(said.today.year, month, day, said.words)


@_means("weekday_the_nth")
def _weekday_the_nth(said: Said) -> Window:
    return _nth_day(said, said.weekday)


@_means("bare")
def _the_nth(said: Said) -> Window:
    return _nth_day(said, None) if said.one("NTH", "ORDINAL") and said.day <= 31 and not said.year else _not_time()


def _nth_day(said: Said, weekday: int | None) -> Window:
    """The day of that number in the coming months (for "since": in the past ones)."""
    months = [said.clock.month(months) for months in range(-13, 14)]
    days = [month.first.replace(day=said.day) for month in months if 1 <= said.day <= month.last.day]
    days = [day for day in days if weekday in (None, day.isoweekday())]
    if not days:
        raise NoSuchDay(f"“{said.words}” is not a day of any month near.")
    return said.clock.upcoming([Window.of_day(day) for day in days])


# Months, years and their parts


@_means("month")
def _month(said: Said) -> Window:
    if said.year:
        return _month_of(said.month, said.year, said.clock)
    year, this = said.today.year, said.today.month
    if said.which == "NEXT":
        return _month_in(year + (said.month <= this), said.month)
    if said.which == "LAST":
        return _month_in(year - (said.month >= this), said.month)
    if said.which == "THIS":
        return _month_in(year, said.month)
    months = [_month_in(year, said.month) for year in said.clock.near_years()]
    return said.clock.upcoming(months) if said.which else said.clock.likely(months)


def _month_in(year: int, month: int) -> Window:
    return months_from(date(year, month, 1), 0, 1)


def _month_of(month: int, year: YearSaid, clock: Clock) -> Window:
    begins = year.window(clock).first
    return months_from(begins, (month - begins.month) % 12, 1)


@_means("iso_month")
def _iso_month(said: Said) -> Window:
    first, second = (int(digits) for digits in said.one("ISOMONTH").split())
    return _month_in(max(first, second), min(first, second))


@_means("year")
def _year(said: Said) -> Window:
    if said.unit not in ("", "year", "fy"):
        _not_time()
    if said.unit == "fy":
        return said.clock.fiscal_year(int(said.one("YEAR")))
    numbers = [_whole_year(digits) for digits in said.one("YEAR", "FYEAR").split()]
    if not said.one("FYEAR"):
        return calendar_year(numbers[0])
    first = numbers[-1] if numbers[-1] - numbers[0] == 1 else numbers[0]
    return Window(said.clock.fiscal_year(first).first, said.clock.fiscal_year(numbers[-1]).last)


@_means("part_of_year", "numbered")
def _part_of_year(said: Said) -> Window:
    kind, number, year = _part_said(said)
    if kind == "week":
        return _week_number(said, number, year)
    if not 1 <= number <= _PARTS[kind]:
        if not year:
            _not_time()
        raise NoSuchDay(f"“{said.words}” is not a {kind}: a year has {_PARTS[kind]} of them.")
    if year:
        return _part_in(year.window(said.clock), kind, number)
    return _part_of_some_year(said, kind, number)


def _part_of_some_year(said: Said, kind: str, number: int) -> Window:
    parts = [_part_in(calendar_year(year), kind, number) for year in said.clock.near_years()]
    return said.clock.this_years(parts, _part_in(said.clock.year(), kind, number))


def _part_said(said: Said) -> tuple[str, int, YearSaid | None]:
    """The kind of part, its number, and its year where one is said."""
    for terminal, kind in (("QUARTER", "quarter"), ("HALF", "half"), ("WEEKNO", "week")):
        if digits := said.one(terminal).split():
            return kind, int(digits[0]), _year_beside(said, digits[1:])
    if said.unit not in ("week", "quarter"):
        _not_time()
    return said.unit, said.count, said.year


def _year_beside(said: Said, digits: list[str]) -> YearSaid | None:
    if said.which:
        return said.relative_year
    if said.unit:
        return YearSaid(said.clock.this_fiscal_year, is_fiscal=True) if said.unit == "fy" else _not_time()
    return said.or_short(digits or said.all("NUMBER"))


def _part_in(year: Window, kind: str, number: int) -> Window:
    months = 12 // _PARTS[kind]
    return months_from(year.first, months * (number - 1), months)


def _week_number(said: Said, number: int, year: YearSaid | None) -> Window:
    if year:
        return iso_week(year.number, number, said.words) if not year.is_fiscal else _not_time()
    this = said.today.isocalendar().year
    own = iso_week(this, number, said.words)
    weeks = [week for each in said.clock.near_years() if each != this and (week := _week_or_none(each, number))]
    is_long_over = said.clock.lean is Lean.NEAREST and own.last < said.today - _HALF_A_YEAR
    clock = said.clock.leaning(Lean.AHEAD) if is_long_over else said.clock  # "w2" in December is next year's
    return clock.this_years(sorted([*weeks, own], key=lambda week: week.first), own)


def _week_or_none(year: int, number: int) -> Window | None:
    try:
        return iso_week(year, number, "")
    except NoSuchDay:
        return None


@_means("iso_week")
def _iso_week(said: Said) -> Window:
    year, number, *day = (int(digits) for digits in said.one("ISOWEEK").split())
    week = iso_week(year, number, said.words)
    return Window.of_day(week.first + timedelta(days=day[0] - 1)) if day else week


@_means("nth_of_year")
def _nth_of_year(said: Said) -> Window:
    units = said.all("UNIT")
    kind, is_fiscal = units[-1], units[0] == "fy" and len(units) > 1
    if said.is_working or kind not in _PARTS or (len(units) > 1 and not is_fiscal) or said.ordinal > _PARTS[kind]:
        _not_time()
    year = YearSaid(said.clock.this_fiscal_year, is_fiscal=True) if is_fiscal else said.year
    if year:
        return _part_in(year.window(said.clock), kind, said.ordinal)
    return _part_of_some_year(said, kind, said.ordinal)


_PARTS = {"quarter": 4, "half": 2}
_HALF_A_YEAR = timedelta(weeks=26)
_DIGITS = re.compile(r"[0-9]+")


# Days and periods around today


@_means("relative_day")
def _relative_day(said: Said) -> Window:
    day = said.today + timedelta(days=int(said.one("RELDAY")))
    return Window.of_day(day) if said.one("WEEKDAY") in ("", str(day.isoweekday())) else _not_time()


@_means("part_of_today")
def _part_of_today(said: Said) -> Window:
    return Window.of_day(said.today)


@_means("end_of_day", "at_clock", "edge")
def _some_hour(said: Said) -> Window:
    return said.inner if phrases(said.tree) else Window.of_day(said.today)


@_means("period")
def _period(said: Said) -> Window:
    if said.unit == "weekend":
        return said.clock.weekend(0 if said.which == "COMING" else said.offset)
    if said.unit == "fortnight" and said.offset:
        return _rolled(said, said.offset)
    return _unit_at(said.clock, said.unit, said.offset)


def _unit_at(clock: Clock, unit: str, offset: int) -> Window:
    """This unit of time, or one before or after it."""
    if unit == "fy":
        return clock.fiscal_year(clock.this_fiscal_year + offset)
    units = {"week": clock.week, "month": clock.month, "quarter": clock.quarter, "half": clock.half,
             "year": clock.year, "weekend": clock.weekend}  # fmt: skip
    return units[unit](offset) if unit in units else _not_time()


@_means("working_period")
def _working_period(said: Said) -> Window:
    if said.unit == "day" and said.offset:
        return Window.of_day(working_days_from(said.today, said.offset))
    if said.unit != "week":
        _not_time()
    monday = _day_of_week(said.clock.week(said.offset), 1).first
    return Window(monday, monday + timedelta(days=4))


@_means("after_next")
def _after_next(said: Said) -> Window:
    return _unit_at(said.clock, said.unit, 2)


@_means("before_last")
def _before_last(said: Said) -> Window:
    return _unit_at(said.clock, said.unit, -2)


@_means("unit_after")
def _unit_after(said: Said) -> Window:
    inner = said.inner
    if said.unit == "day":
        return Window.of_day(inner.last + timedelta(days=1))
    return _unit_at(replace(said.clock, today=inner.last), said.unit, 1)


@_means("unit_before")
def _unit_before(said: Said) -> Window:
    inner = said.inner
    if said.unit == "day":
        return Window.of_day(inner.first - timedelta(days=1))
    return _unit_at(replace(said.clock, today=inner.first), said.unit, -1)


@_means("to_date")
def _to_date(said: Said) -> Window:
    return Window(_unit_at(said.clock, said.one("TODATE"), 0).first, said.today)


@_means("so_far")
def _so_far(said: Said) -> Window:
    return Window(_unit_at(said.clock, said.unit, 0).first, said.today) if said.which == "THIS" else _not_time()


@_means("later_this")
def _later_this(said: Said) -> Window:
    if said.which != "THIS":
        _not_time()
    period = _unit_at(said.clock, said.unit, 0)
    is_later = said.one("LATER") == "later"
    return Window(said.today, period.last) if is_later else Window(period.first, said.today)


# Weekdays


@_means("weekday")
def _weekday(said: Said) -> Window:
    if said.which == "NEXT":
        return _day_of_week(said.clock.week(1), said.weekday)
    clock = said.clock.leaning(Lean.BACK) if said.which == "LAST" else said.clock
    near = said.clock.not_before or said.clock.not_after or said.today
    days = [near + timedelta(days=(said.weekday - near.isoweekday()) % 7 + away) for away in (-7, 0, 7)]
    return clock.upcoming([Window.of_day(day) for day in days])


def _day_of_week(week: Window, weekday: int) -> Window:
    return Window.of_day(week.first + timedelta(days=(weekday - week.first.isoweekday()) % 7))


@_means("weekday_week")
def _weekday_week(said: Said) -> Window:
    weeks = {"week": 1, "fortnight": 2}.get(said.unit) or _not_time()
    ahead = (said.weekday - said.today.isoweekday()) % 7
    return Window.of_day(said.today + timedelta(days=ahead, weeks=weeks))


@_means("weekday_after_next")
def _weekday_after_next(said: Said) -> Window:
    return _day_of_week(said.clock.week(2), said.weekday)


@_means("weekday_after")
def _weekday_after(said: Said) -> Window:
    after = said.inner.last + timedelta(days=1)
    return Window.of_day(after + timedelta(days=(said.weekday - after.isoweekday()) % 7))


@_means("weekday_before")
def _weekday_before(said: Said) -> Window:
    before = said.inner.first - timedelta(days=1)
    return Window.of_day(before - timedelta(days=(before.isoweekday() - said.weekday) % 7))


@_means("weekday_in")
def _weekday_in(said: Said) -> Window:
    if said.one("WEEKNO"):
        week = _week_number(said, int(said.one("WEEKNO")), None)
    elif said.which:
        week = said.clock.week(said.offset) if said.unit == "week" else _not_time()
    else:
        week = said.inner
    return _day_of_week(week, said.weekday) if (week.last - week.first).days == 6 else _not_time()


@_means("weekday_in_weeks")
def _weekday_in_weeks(said: Said) -> Window:
    weeks = {"week": 1, "fortnight": 2}.get(said.unit) or _not_time()
    return _day_of_week(said.clock.week(weeks * said.count), said.weekday)


# Counted from a day


@_means("rolling")
def _rolling(said: Said) -> Window:
    return _rolled(said, said.offset or _not_time())


@_means("within")
def _within(said: Said) -> Window:
    return _rolled(said, said.offset or 1)


def _rolled(said: Said, sign: int) -> Window:
    there = _stepped(said, said.today, sign)
    return Window(said.today, there) if sign > 0 else Window(there, said.today)


@_means("in_a_while")
def _in_a_while(said: Said) -> Window:
    return Window.of_day(_stepped(said, said.today, 1))


@_means("ago")
def _ago(said: Said) -> Window:
    return Window.of_day(_stepped(said, said.today, -1))


@_means("counted_from")
def _counted_from(said: Said) -> Window:
    return _counted(said, said.inner.first or said.inner.last)


@_means("counted_after")
def _counted_after(said: Said) -> Window:
    if phrases(said.tree):
        return _counted(said, said.inner.last)
    if said.unit not in ("week", "fortnight"):
        _not_time()
    return Window.of_day(_stepped(said, said.today + timedelta(days=int(said.one("RELDAY"))), 1))


def _counted(said: Said, day: date) -> Window:
    return replace(Window.of_day(_stepped(said, day, 1)), counted_from=day)


@_means("counted_on")
def _counted_on(said: Said) -> Window:
    return Window.of_day(_stepped(said, said.inner.last, 1)) if said.unit in ("week", "fortnight") else _not_time()


@_means("counted_before")
def _counted_before(said: Said) -> Window:
    return Window.of_day(_stepped(said, said.inner.first, -1))


def _stepped(said: Said, day: date, sign: int) -> date:
    count = sign * said.count
    if said.is_working:
        return working_days_from(day, count) if said.unit == "day" else working_days_from(day, 5 * count)
    if said.unit in _DAYS:
        return day + timedelta(days=count * _DAYS[said.unit])
    if said.unit == "hour":
        return day + timedelta(days=sign * (said.count // 24))
    return shifted(day, count * _MONTHS[said.unit]) if said.unit in _MONTHS else _not_time()


_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "fy": 12}


# Ends and stretches of a period


@_means("edge_of", "bare_end")
def _edge_of(said: Said) -> Window:
    return Window.of_day(said.inner.first if said.one("START") else said.inner.last)


@_means("end_of_short")
def _end_of_short(said: Said) -> Window:
    period = said.inner if phrases(said.tree) else _unit_at(said.clock, said.one("EOP"), 0)
    return Window.of_day(period.last) if period.last > period.first else _not_time()


@_means("end_of_unit")
def _end_of_unit(said: Said) -> Window:
    return Window.of_day(_unit_at(said.clock, said.unit, said.offset).last)


@_means("week_of")
def _week_of(said: Said) -> Window:
    inner = _inner_day(said)
    holding = _unit_at(replace(said.clock, today=inner.first), said.unit, 0)
    if said.unit == "week":
        return holding if (inner.last - inner.first).days < 7 else _not_time()
    return holding if inner == holding else _not_time()


@_means("week_from")
def _week_from(said: Said) -> Window:
    first = _inner_day(said).first
    return Window(first, first + timedelta(days=6)) if _of_one_week(said) else _not_time()


@_means("week_ending")
def _week_ending(said: Said) -> Window:
    return Window(said.inner.last - timedelta(days=6), said.inner.last) if _of_one_week(said) else _not_time()


def _of_one_week(said: Said) -> bool:
    inner = _inner_day(said)
    return said.unit in ("", "week") and inner.first == inner.last


def _inner_day(said: Said) -> Window:
    """The phrase within; or "the 23rd" by its number."""
    if phrases(said.tree):
        return said.inner
    return _nth_day(said, None) if said.one("NTH", "ORDINAL") and said.day <= 31 else _not_time()


@_means("third")
def _third(said: Said) -> Window:
    """Early, mid or late in a period: by months, by ten days of a month, by days of a working week."""
    period, place = said.inner, int(said.one("PART"))
    months, days = _months_in(period), (period.last - period.first).days + 1
    if months >= 3:
        return months_from(period.first, months * place // 3, months // 3)
    if days == 7:
        begins, ends = ((0, 1), (2, 2), (3, 4))[place]
        monday = _day_of_week(period, 1).first
        return Window(monday + timedelta(days=begins), monday + timedelta(days=ends))
    if not months:
        _not_time()
    length = 10 * months
    last = period.last if place == 2 else period.first + timedelta(days=length * (place + 1) - 1)
    return Window(period.first + timedelta(days=length * place), last)


@_means("rest_of")
def _rest_of(said: Said) -> Window:
    period = said.inner
    return replace(period, first=said.today) if period.first <= said.today <= period.last else period


@_means("nth_of")
def _nth_of(said: Said) -> Window:
    period, ordinal = said.inner, said.ordinal
    parts = list(_parts_of(period, said.unit, working=said.is_working))
    if not parts:
        _not_time()
    if ordinal > len(parts):
        raise NoSuchDay(f"“{said.words}” is no time: there are only {len(parts)} {said.unit}s in it.")
    return parts[ordinal - 1] if ordinal > 0 else _last_of(period, said.unit, parts)


def _parts_of(period: Window, unit: str, *, working: bool) -> Iterator[Window]:
    """The weeks, months and so on of a period; weeks are counted from its first day."""
    months = _months_in(period)
    if unit == "half" and months != 1 and months % 2 == 0:
        yield from (months_from(period.first, at, months // 2) for at in (0, months // 2))
    elif unit == "half":
        middle = period.first + timedelta(days=((period.last - period.first).days + 1) // 2)
        yield from (Window(period.first, middle - _DAY), Window(middle, period.last))
    elif unit in _MONTHS:
        yield from (months_from(period.first, at, _MONTHS[unit]) for at in range(0, months, _MONTHS[unit]))
    elif unit in ("day", "week", "weekend"):
        yield from _days_of(period, unit, working=working)


def _days_of(period: Window, unit: str, *, working: bool) -> Iterator[Window]:
    length = (period.last - period.first).days + 1
    days = (period.first + timedelta(days=at) for at in range(min(length, _LONGEST)))
    for at, day in enumerate(days):
        if unit == "week" and at % 7 == 0:
            yield Window(day, min(period.last, day + timedelta(days=6)))
        elif unit == "weekend" and day.isoweekday() == 6:
            yield Window(day, day + timedelta(days=1), is_break=True)
        elif unit == "day" and (day.isoweekday() < 6 or not working):
            yield Window.of_day(day)


def _last_of(period: Window, unit: str, parts: list[Window]) -> Window:
    return Window(max(period.first, period.last - timedelta(days=6)), period.last) if unit == "week" else parts[-1]


@_means("nth_count_of")
def _nth_count_of(said: Said) -> Window:
    """The first or the last so many days, weeks or months of a period."""
    period = said.inner
    if said.ordinal not in (1, -1) or said.unit not in (*_DAYS, *_MONTHS):
        _not_time()
    if said.is_working:
        days = [each.first for each in _days_of(period, "day", working=True)]
        days = days[: said.count] if said.ordinal > 0 else days[-said.count :]
        return Window(days[0], days[-1])
    if said.ordinal > 0:
        return Window(period.first, min(period.last, _stepped(said, period.first, 1) - timedelta(days=1)))
    after = period.last + timedelta(days=1)
    return Window(max(period.first, _stepped(said, after, -1)), period.last)


@_means("nth_weekday")
def _nth_weekday(said: Said) -> Window:
    period, ordinal = said.inner, said.ordinal
    days = [each for each in _days_of(period, "day", working=False) if each.first.isoweekday() == said.weekday]
    if ordinal > len(days) or not days:
        raise NoSuchDay(f"“{said.words}” is no day: there are only {len(days)} of that weekday in it.")
    return days[ordinal - 1] if ordinal > 0 else days[-1]


def _months_in(period: Window) -> int:
    """How many whole months a period is; 0 where it is none."""
    if period.first.day != 1 or (period.last + timedelta(days=1)).day != 1:
        return 0
    return (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1


_DAY = timedelta(days=1)
_LONGEST = 400  # days of a period that are counted one by one


# Feasts and seasons


@_means("holiday")
def _holiday(said: Said) -> Window:
    return _yearly(said, feast, said.one("HOLIDAY"))


@_means("feast_week")
def _feast_week(said: Said) -> Window:
    return said.clock.week_holding(_holiday(said).first) if said.unit == "week" else _not_time()


@_means("season")
def _season(said: Said) -> Window:
    return _yearly(said, season, said.one("SEASON"))


def _yearly(said: Said, days: Callable[[str, int], Window], name: str) -> Window:
    if said.year:
        return days(name, said.year.number) if not said.year.is_fiscal else _not_time()
    each = [days(name, year) for year in said.clock.near_years()]
    if said.which == "THIS":
        return days(name, said.today.year)
    if said.which == "NEXT":
        return next((window for window in each if window.first > said.today), each[-1])
    return said.clock.leaning(Lean.BACK).upcoming(each) if said.which == "LAST" else said.clock.upcoming(each)


# From one to another


@_means("range")
def _range(said: Said) -> Window:
    begin, finish = _ends(said)
    return Window(begin.first, finish.last, ranged=True)


@_means("joined")
def _joined(said: Said) -> Window:
    """Two days or periods side by side: "today and tomorrow", "March and April"."""
    begin, finish = _ends(said)
    return Window(begin.first, finish.last, ranged=True) if begin.last + _DAY == finish.first else _not_time()


def _ends(said: Said) -> tuple[Window, Window]:
    begin, finish = phrases(said.tree)
    if begin.data == "bare" and finish.data == "bare" and not _holds(begin, frozenset({"NTH"})):
        _not_time()
    if finish.data == "bare":
        return _with_number_after(said, begin, finish)
    if begin.data == "bare":
        return _with_number_before(said, begin, finish)
    if _holds(finish, _WITH_YEAR) and not _holds(begin, _WITH_YEAR | _RELATIVE):
        last = window_of(finish, said.words, said.clock)
        return window_of(begin, said.words, replace(said.clock, not_after=last.last)), last
    first = window_of(begin, said.words, said.clock)
    return first, window_of(finish, said.words, replace(said.clock, not_before=first.first))


def _with_number_after(said: Said, begin: Tree[Token], finish: Tree[Token]) -> tuple[Window, Window]:
    """ "mar 9 - 20", "weeks 10 to 12", "q1-3"."""
    number, to = Said(begin, said.words, said.clock), Said(finish, said.words, said.clock)
    first = window_of(begin, said.words, said.clock)
    if begin.data in ("part_of_year", "numbered"):
        kind, _, year = _part_said(number)
        year = year or YearSaid(first.last.isocalendar().year)
        last = _week_number(said, to.day, year) if kind == "week" else _part_in(year.window(said.clock), kind, to.day)
        return first, last
    if first.first != first.last:
        _not_time()
    day = first.first if not to.year else real_day(to.year.number, first.first.month, first.first.day, said.words)
    last_day = real_day(day.year, day.month, to.day, said.words)
    if last_day < day and to.one("NTH"):
        last_day = shifted(last_day, 1)
    return Window.of_day(day), Window.of_day(last_day)


def _with_number_before(said: Said, begin: Tree[Token], finish: Tree[Token]) -> tuple[Window, Window]:
    """ "9 to 20 march"."""
    last = window_of(finish, said.words, said.clock)
    if finish.data != "day_of_month":
        return window_of(begin, said.words, said.clock), last
    number = Said(begin, said.words, said.clock)
    return Window.of_day(real_day(last.first.year, last.first.month, number.day, said.words)), last


def _holds(tree: Tree[Token], kinds: frozenset[str]) -> bool:
    return any(True for _ in tree.scan_values(lambda leaf: isinstance(leaf, Token) and leaf.type in kinds))


_WITH_YEAR = frozenset({"YEAR", "APOSYEAR", "FYEAR", "STAMP", "SLASHED", "ISOWEEK", "ISOMONTH"})
_RELATIVE = frozenset({*_OFFSETS, "RELDAY"})

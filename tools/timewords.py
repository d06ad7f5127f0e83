"""Time words of a message as windows of days: dates, months, quarters, fiscal years, weeks, "by friday"."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

MONTHS = [month.lower() for month in calendar.month_name[1:]]
WEEKDAYS = [weekday.lower() for weekday in calendar.day_name]


class TimeRole(StrEnum):
    """What the words around a date make of it."""

    WITHIN = "within"
    BEFORE = "before"
    BY = "by"
    AFTER = "after"
    SINCE = "since"
    AS_OF = "as_of"


@dataclass(frozen=True)
class TimeSpan:
    """Words of a message from `start` to `end`, and the days they mean: both ends included, None where open.

    `problem` is a sentence where the words name a day that does not exist; the window is then empty of meaning.
    """

    start: int
    end: int
    words: str
    role: TimeRole = TimeRole.WITHIN
    first: date | None = None
    last: date | None = None
    problem: str = ""
    ranged: bool = False  # the words name both ends


@dataclass(frozen=True)
class Clock:
    """What time words depend on. A fiscal year bears the number of the year it ends in."""

    today: date
    fiscal_year_start_month: int = 1
    week_start: int = 1  # ISO weekday
    month_first: bool = False  # whether 01/08/2012 is 8 January

    def week(self, weeks: int = 0) -> "Window":
        first = self.today - timedelta(days=(self.today.isoweekday() - self.week_start) % 7) + timedelta(weeks=weeks)
        return Window(first, first + timedelta(days=6))

    def month(self, months: int = 0) -> "Window":
        return _months_from(_shift(self.today.replace(day=1), months), 1)

    def quarter(self, quarters: int = 0) -> "Window":
        first = date(self.today.year, (self.today.month - 1) // 3 * 3 + 1, 1)
        return _months_from(_shift(first, 3 * quarters), 3)

    def year(self, years: int = 0) -> "Window":
        return Window(date(self.today.year + years, 1, 1), date(self.today.year + years, 12, 31))

    def fiscal_year(self, number: int) -> "Window":
        start = self.fiscal_year_start_month
        return _months_from(date(number if start == 1 else number - 1, start, 1), 12)

    @property
    def this_fiscal_year(self) -> int:
        start = self.fiscal_year_start_month
        return self.today.year + (1 if start > 1 and self.today.month >= start else 0)


@dataclass(frozen=True)
class Window:
    """Days from `first` to `last`, both included; None where open."""

    first: date | None
    last: date | None
    ranged: bool = False


class NoSuchDay(ValueError):  # the field's word, as in ProjectNotFound
    """The message names a day the calendar does not have."""


def parse_times(
    text: str,
    today: date,
    fiscal_year_start_month: int = 1,
    week_start: int = 1,
    *,
    month_first: bool = False,
) -> list[TimeSpan]:
    """All time words of `text` (lower case), in order, the longest reading of each place."""
    clock = Clock(today, fiscal_year_start_month, week_start, month_first)
    cores = _longest_first([span for rule in _RULES for span in _apply(rule, text, clock)])
    return [_with_role(span, text) for span in _joined(cores, text)]


# Words that stand before a date and say which side of it is meant.

_ROLES = (
    (TimeRole.AS_OF, r"(?:as\s+(?:of|at|on)|as-of|on\s+the\s+data\s+of|status\s+date)(?:\s+the)?"),
    (TimeRole.BEFORE, r"(?:before|prior\s+to|earlier\s+than|ahead\s+of|sooner\s+than|preceding|<)(?:\s+the)?"),
    (
        TimeRole.BY,
        r"(?:by|until|till|til|up\s+to|no\s+later\s+than|not\s+later\s+than|on\s+or\s+before|through|<=)(?:\s+the)?",
    ),
    (TimeRole.AFTER, r"(?:after|later\s+than|past|beyond|following|>)(?:\s+the)?"),
    (TimeRole.SINCE, r"(?:since|from|starting\s+from|as\s+from|on\s+or\s+after|not\s+before|>=)(?:\s+the)?"),
    (TimeRole.WITHIN, r"(?:in|on|at|during|within|for|over|of|in\s+the\s+course\s+of)(?:\s+the)?"),
)
_ROLE_BEFORE = [(role, re.compile(rf"(?:^|(?<=\W)){words}\s*$")) for role, words in _ROLES]
_REACH = 40  # characters before a date in which such words are looked for
_BETWEEN = re.compile(r"(?:^|(?<=\W))(?:between|from|in)\s+(?:the\s+)?$")
_TO = re.compile(r"\s*(?:and|to|until|till|through|thru|-|–|—|\.\.+)\s*(?:the\s+)?")
_AN_END = re.compile(r"(?:the\s+)?end|eo")
_OR_LATER = re.compile(r"\s+(?:or\s+later|onwards?|and\s+later)\b")
_OR_EARLIER = re.compile(r"\s+or\s+(?:earlier|before)\b")


def _with_role(span: TimeSpan, text: str) -> TimeSpan:
    if span.problem or span.ranged or span.first is None or span.last is None:
        return span
    after = text[span.end :]
    for pattern, role in ((_OR_LATER, TimeRole.SINCE), (_OR_EARLIER, TimeRole.BY)):
        if found := pattern.match(after):
            return _sided(_widened(span, text, span.start, span.end + found.end()), role)
    reach = max(0, span.start - _REACH)
    cues = [
        (len(found.group()), role) for role, words in _ROLE_BEFORE if (found := words.search(text[reach : span.start]))
    ]
    if not cues:
        return span
    length, role = max(cues)
    if role is TimeRole.BEFORE and _AN_END.match(span.words):
        role = TimeRole.BY  # nobody who says "before the end of March" leaves out the 31st
    return _sided(_widened(span, text, span.start - length, span.end), role)


def _sided(span: TimeSpan, role: TimeRole) -> TimeSpan:
    first, last = span.first, span.last
    if first is None or last is None:
        return span
    windows = {
        TimeRole.BEFORE: Window(None, first - timedelta(days=1)),
        TimeRole.BY: Window(None, last),
        TimeRole.AFTER: Window(last + timedelta(days=1), None),
        TimeRole.SINCE: Window(first, None),
        TimeRole.AS_OF: Window(last, last),
        TimeRole.WITHIN: Window(first, last),
    }
    return replace(span, role=role, first=windows[role].first, last=windows[role].last)


def _joined(spans: list[TimeSpan], text: str) -> list[TimeSpan]:
    """Ranges: "between X and Y", "from X to Y", "X - Y"."""
    joined: list[TimeSpan] = []
    for span in spans:
        before = joined[-1] if joined else None
        link = _TO.fullmatch(text[before.end : span.start]) if before else None
        if before and link and _spans_a_range(before, span, text):
            opening = _BETWEEN.search(text[: before.start])
            start = opening.start() if opening else before.start
            whole = _widened(before, text, start, span.end)
            joined[-1] = replace(whole, last=span.last, problem=before.problem or span.problem, ranged=True)
        elif span.ranged and (opening := _BETWEEN.search(text[: span.start])):
            joined.append(_widened(span, text, opening.start(), span.end))
        else:
            joined.append(span)
    return [_checked(span) for span in joined]


def _spans_a_range(before: TimeSpan, span: TimeSpan, text: str) -> bool:
    ranged = bool(_BETWEEN.search(text[: before.start])) or "and" not in text[before.end : span.start]
    return ranged and before.first is not None and span.last is not None


def _checked(span: TimeSpan) -> TimeSpan:
    if span.first and span.last and span.first > span.last:
        return replace(span, problem=f"“{span.words.strip()}” ends before it starts.")
    return span


def _widened(span: TimeSpan, text: str, start: int, end: int) -> TimeSpan:
    return replace(span, start=start, end=end, words=text[start:end])


# Rules: a pattern, and what it means on a given clock (None: not a date after all).

_Meaning = Callable[[re.Match[str], Clock], Window | None]
_Rule = tuple[re.Pattern[str], _Meaning]

_MONTH_WORD = r"(?:" + "|".join([*MONTHS, "sept", *(month[:3] for month in MONTHS)]) + r")\.?"
_MONTH = rf"(?P<month>{_MONTH_WORD})"
_WEEKDAY = r"(?P<weekday>" + "|".join([*WEEKDAYS, "tues", "thurs", "thur", *(day[:3] for day in WEEKDAYS)]) + ")"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_UNIT = r"(?P<unit>days?|d|working\s+days?|weeks?|wks?|w|months?|mths?|quarters?|years?|yrs?)"
_WHICH = r"(?P<which>this|current|next|coming|last|previous|prev|past)"
_COUNT = r"(?P<count>\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|couple\s+of|few)"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_NUMBER_WORDS = "one two three four five six seven eight nine ten"
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS.split(), 1)}
# "may", "sun" and a bare year are time words only after one of these.
_CUES = (
    "in by of on to for and from this next last past till until since after before during through within"
    " early late mid between than due"
)
_NEEDS_CUE = "(?:" + "|".join(rf"(?<=\b{cue}\s)" for cue in _CUES.split()) + ")"


def _rule(pattern: str, meaning: _Meaning) -> _Rule:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?!\w|-\d)", re.ASCII), meaning


def _apply(rule: _Rule, text: str, clock: Clock) -> list[TimeSpan]:
    pattern, meaning = rule
    return [span for found in pattern.finditer(text) if (span := _span(found, meaning, clock))]


def _span(found: re.Match[str], meaning: _Meaning, clock: Clock) -> TimeSpan | None:
    words = found.group(0)
    try:
        window = meaning(found, clock)
    except NoSuchDay as problem:
        return TimeSpan(found.start(), found.end(), words, problem=str(problem))
    except (OverflowError, ValueError):
        return TimeSpan(found.start(), found.end(), words, problem=f"“{words}” is outside the years I can count with.")
    if window is None:
        return None
    return TimeSpan(found.start(), found.end(), words, first=window.first, last=window.last, ranged=window.ranged)


def _longest_first(spans: list[TimeSpan]) -> list[TimeSpan]:
    kept: list[TimeSpan] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _day_window(day: date) -> Window:
    return Window(day, day)


def _real_day(year: int, month: int, day: int, words: str) -> Window:
    if not 1 <= month <= 12:
        raise NoSuchDay(f"“{words}” is not a date: there is no month {month}.")
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise NoSuchDay(f"“{words}” is not a date: {MONTHS[month - 1].capitalize()} {year} has {days} days.")
    return _day_window(date(year, month, day))


def _iso(found: re.Match[str], _clock: Clock) -> Window:
    return _real_day(int(found["year"]), int(found["m"]), int(found["d"]), found.group(0))


def _slashed(found: re.Match[str], clock: Clock) -> Window:
    first, second = int(found["first"]), int(found["second"])
    month_first = second > 12 or (clock.month_first and first <= 12)
    month, day = (first, second) if month_first else (second, first)
    return _real_day(int(found["year"]), month, day, found.group(0))


def _month_number(word: str) -> int:
    return next(index for index, name in enumerate(MONTHS, 1) if name.startswith(word[:3]))


def _day_of_month(found: re.Match[str], clock: Clock) -> Window:
    month, day = _month_number(found["month"]), int(found["day"])
    if found["year"]:
        return _real_day(int(found["year"]), month, day, found.group(0))
    years = [year for year in _near_years(clock, month) if day <= calendar.monthrange(year, month)[1]]
    return _real_day(years[0] if years else clock.today.year, month, day, found.group(0))


def _near_years(clock: Clock, month: int) -> list[int]:
    """Years a month without one may mean: the nearest to today first."""
    here = clock.today.year * 12 + clock.today.month
    years = (clock.today.year - 1, clock.today.year, clock.today.year + 1)
    return sorted(years, key=lambda year: abs(year * 12 + month - here))


def _month_of_year(found: re.Match[str], _clock: Clock) -> Window:
    return _months_from(date(int(found["year"]), _month_number(found["month"]), 1), 1)


def _month_alone(found: re.Match[str], clock: Clock) -> Window:
    month = _month_number(found["month"])
    which = found.groupdict().get("which") or ""
    if which in ("next", "coming"):
        year = clock.today.year + (month <= clock.today.month)
    elif which in ("last", "previous", "prev", "past"):
        year = clock.today.year - (month >= clock.today.month)
    else:
        year = clock.today.year if which else _near_years(clock, month)[0]
    return _months_from(date(year, month, 1), 1)


def _quarter_of_year(found: re.Match[str], clock: Clock) -> Window:
    quarter = _ORDINALS.get(found["quarter"]) or int(found["quarter"])
    if found.groupdict().get("fiscal"):
        first = clock.fiscal_year(int(found["year"]) if found["year"] else clock.this_fiscal_year).first
    else:
        first = date(int(found["year"]) if found["year"] else clock.today.year, 1, 1)
    return _months_from(_shift(first or clock.today, 3 * (quarter - 1)), 3)


def _half_of_year(found: re.Match[str], clock: Clock) -> Window:
    year = int(found["year"]) if found["year"] else clock.today.year
    return _months_from(date(year, 1 if found["half"] in ("1", "1st", "first") else 7, 1), 6)


def _fiscal_year(found: re.Match[str], clock: Clock) -> Window:
    digits = found["fiscal"]
    return clock.fiscal_year(int(digits) if len(digits) == 4 else 2000 + int(digits))


def _calendar_year(found: re.Match[str], _clock: Clock) -> Window:
    return Window(date(int(found["year"]), 1, 1), date(int(found["year"]), 12, 31))


def _iso_week(found: re.Match[str], clock: Clock) -> Window:
    year, week = int(found["year"] or clock.today.isocalendar().year), int(found["week"])
    try:
        first = date.fromisocalendar(year, week, 1)
    except ValueError:
        raise NoSuchDay(f"“{found.group(0)}” is not a week: {year} has no week {week}.") from None
    return Window(first, first + timedelta(days=6))


def _relative_day(found: re.Match[str], clock: Clock) -> Window:
    word = found.group(0).replace(" ", "")
    offsets = {"yesterday": -1, "yday": -1, "tomorrow": 1, "tmrw": 1, "tmr": 1, "tomoz": 1, "dayaftertomorrow": 2}
    return _day_window(clock.today + timedelta(days=offsets.get(word, 0)))


def _offset(which: str) -> int:
    return {"next": 1, "coming": 1, "last": -1, "previous": -1, "prev": -1, "past": -1}.get(which, 0)


def _relative_period(found: re.Match[str], clock: Clock) -> Window | None:
    return _period(found["period"], _offset(found["which"]), clock)


def _period(word: str, offset: int, clock: Clock) -> Window | None:
    if word.startswith("w"):
        return clock.week(offset)
    if word.startswith("m"):
        return clock.month(offset)
    if word.startswith("q"):
        return clock.quarter(offset)
    if word.startswith(("fy", "fiscal", "financial")):
        return clock.fiscal_year(clock.this_fiscal_year + offset)
    return clock.year(offset)


def _rolling(found: re.Match[str], clock: Clock) -> Window:
    forward = found["way"].split()[-1] in ("next", "coming", "following", "within")
    there = _stepped(clock.today, found, 1 if forward else -1)
    return Window(clock.today, there) if forward else Window(there, clock.today)


def _in_a_while(found: re.Match[str], clock: Clock) -> Window:
    return _day_window(_stepped(clock.today, found, 1))


def _a_while_ago(found: re.Match[str], clock: Clock) -> Window:
    return _day_window(_stepped(clock.today, found, -1))


def _stepped(today: date, found: re.Match[str], sign: int) -> date:
    count, unit = _number(found["count"]), found["unit"]
    if unit.startswith("working"):
        return _working_days_from(today, sign * count)
    if unit.startswith("d"):
        return today + timedelta(days=sign * count)
    if unit.startswith("w"):
        return today + timedelta(weeks=sign * count)
    months = {"m": 1, "q": 3, "y": 12}[unit[0]] * count
    return _shift(today, sign * months)


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    return _NUMBERS.get(word) or {"a": 1, "an": 1, "few": 3}.get(word, 2)


def _working_days_from(day: date, count: int) -> date:
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.isoweekday() > 5:
            day += step
    return day


def _end_of_period(found: re.Match[str], clock: Clock) -> Window | None:
    window = _period(found["period"], _offset(found["which"] or ""), clock)
    return _edge(found["edge"], window)


def _end_of_month(found: re.Match[str], clock: Clock) -> Window | None:
    window = _month_of_year(found, clock) if found["year"] else _month_alone(found, clock)
    return _edge(found["edge"], window)


def _end_of_year(found: re.Match[str], clock: Clock) -> Window | None:
    return _edge(found["edge"], _fiscal_year(found, clock) if found["fiscal"] else _calendar_year(found, clock))


def _edge(word: str, window: Window | None) -> Window | None:
    day = window and (window.last if word.startswith(("end", "close")) else window.first)
    return _day_window(day) if day else None


def _end_of_short(found: re.Match[str], clock: Clock) -> Window | None:
    if found["period"] == "d":
        return _day_window(clock.today)
    return _edge("end", _period(found["period"], 0, clock))


def _weekday(found: re.Match[str], clock: Clock) -> Window:
    target = next(index for index, name in enumerate(WEEKDAYS, 1) if name.startswith(found["weekday"][:3]))
    which = found["which"] or ""
    ahead = (target - clock.today.isoweekday()) % 7
    if _offset(which) < 0:
        return _day_window(clock.today + timedelta(days=ahead - 7))
    if which == "next":
        monday = clock.today - timedelta(days=clock.today.isoweekday() - 1)
        return _day_window(monday + timedelta(days=7 + target - 1))
    return _day_window(clock.today + timedelta(days=ahead))


def _the_nth(found: re.Match[str], clock: Clock) -> Window:
    day = int(found["day"])
    for months in range(12):
        window = clock.month(months)
        if window.first and window.last and day <= window.last.day and window.first.replace(day=day) >= clock.today:
            return _day_window(window.first.replace(day=day))
    raise NoSuchDay(f"“{found.group(0)}” is not a day of any month.")


def _christmas(_found: re.Match[str], clock: Clock) -> Window:
    return _day_window(date(clock.today.year + (clock.today > date(clock.today.year, 12, 25)), 12, 25))


def _new_year(_found: re.Match[str], clock: Clock) -> Window:
    return _day_window(date(clock.today.year + 1, 1, 1))


def _year_to_date(_found: re.Match[str], clock: Clock) -> Window:
    return Window(date(clock.today.year, 1, 1), clock.today)


def _days_of_one_month(found: re.Match[str], clock: Clock) -> Window:
    month, words = _month_number(found["month"]), found.group(0)
    year = int(found["year"]) if found["year"] else _near_years(clock, month)[0]
    first, last = (_real_day(year, month, int(found[edge]), words).first for edge in ("from", "day"))
    return Window(first, last, ranged=True)


def _months_of_one_year(found: re.Match[str], _clock: Clock) -> Window:
    year = int(found["year"])
    first = date(year, _month_number(found["from"]), 1)
    return Window(first, _months_from(date(year, _month_number(found["month"]), 1), 1).last, ranged=True)


def _shift(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _months_from(first: date, months: int) -> Window:
    return Window(first, _shift(first, months) - timedelta(days=1))


_PERIOD = r"(?P<period>weeks?|wks?|months?|mths?|quarters?|qtrs?|fiscal\s+years?|financial\s+years?|fy|years?|yrs?)"
_EDGE = r"(?:the\s+)?(?P<edge>end|close|start|beginning)\s+of\s+(?:the\s+)?"
_ANY_YEAR = rf"(?:\s*,?\s*{_YEAR})?"

_RULES: tuple[_Rule, ...] = (
    _rule(r"(?P<year>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", _iso),
    _rule(r"(?P<year>(?:19|20)\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})", _iso),
    _rule(r"(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year>(?:19|20)\d\d)", _slashed),
    _rule(rf"{_DAY}\s+(?:of\s+)?{_MONTH}{_ANY_YEAR}", _day_of_month),
    _rule(rf"{_MONTH}\s+(?:the\s+)?{_DAY}{_ANY_YEAR}", _day_of_month),
    _rule(
        rf"(?P<from>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:-|–|to|until|and)\s*{_DAY}\s+(?:of\s+)?{_MONTH}{_ANY_YEAR}",
        _days_of_one_month,
    ),
    _rule(rf"(?P<from>{_MONTH_WORD})\s*(?:-|–|to|and|until|through)\s*{_MONTH}\s*,?\s*{_YEAR}", _months_of_one_year),
    _rule(rf"{_MONTH}\s*,?\s*(?:of\s+)?{_YEAR}", _month_of_year),
    _rule(rf"(?:{_WHICH}\s+){_MONTH}", _month_alone),
    _rule(r"(?P<month>january|february|april|june|july|august|september|october|november|december)", _month_alone),
    _rule(rf"{_NEEDS_CUE}{_MONTH}", _month_alone),
    _rule(rf"(?:(?P<fiscal>fy|fiscal|fiscal\s+year)\s*{_YEAR}\s*,?\s*)q(?P<quarter>[1-4])", _quarter_of_year),
    _rule(rf"(?:(?P<fiscal>fiscal)\s+)?q(?P<quarter>[1-4])(?:\s*(?:of\s+)?{_YEAR})?", _quarter_of_year),
    _rule(rf"q(?P<quarter>[1-4])\s*(?:of\s+)?(?P<fiscal>fy|fiscal\s+year)\s*{_YEAR}", _quarter_of_year),
    _rule(
        rf"(?P<quarter>[1-4])(?:st|nd|rd|th)\s+(?:(?P<fiscal>fiscal)\s+)?quarter(?:\s+(?:of\s+)?{_YEAR})?",
        _quarter_of_year,
    ),
    _rule(rf"(?P<half>first|second|1st|2nd|last)\s+half(?:\s+of)?(?:\s+{_YEAR})?", _half_of_year),
    _rule(rf"(?P<quarter>first|second|third|fourth|last)\s+quarter(?:\s+of)?\s+{_YEAR}", _quarter_of_year),
    _rule(rf"{_YEAR}\s*-?q(?P<quarter>[1-4])", _quarter_of_year),
    _rule(rf"h(?P<half>[12])(?:\s*(?:of\s+)?{_YEAR})?", _half_of_year),
    _rule(r"(?:fy|fiscal\s+year|financial\s+year|fiscal)\s*'?(?P<fiscal>(?:19|20)\d\d|\d\d)", _fiscal_year),
    _rule(rf"(?:calendar\s+|the\s+)?year\s+{_YEAR}", _calendar_year),
    _rule(rf"{_NEEDS_CUE}{_YEAR}", _calendar_year),
    _rule(r"(?P<year>(?:19|20)\d\d)-?w(?P<week>\d{1,2})", _iso_week),
    _rule(
        r"(?:calendar\s+week|week|wk|cw|kw|w)\s*(?P<week>\d{1,2})(?:\s+(?:of\s+)?(?P<year>(?:19|20)\d\d))?", _iso_week
    ),
    _rule(
        r"today|tonight|now|right\s+now|yesterday|yday|tomorrow|tmrw|tmr|tomoz|day\s+after\s+tomorrow", _relative_day
    ),
    _rule(rf"{_WHICH}\s+{_PERIOD}", _relative_period),
    _rule(
        rf"(?P<way>(?:(?:in|over|within)\s+)?(?:the\s+)?(?:next|coming|following|last|past|previous)|within)\s+{_COUNT}\s+{_UNIT}",
        _rolling,
    ),
    _rule(rf"in\s+{_COUNT}\s+{_UNIT}", _in_a_while),
    _rule(rf"{_COUNT}\s+{_UNIT}\s+from\s+now", _in_a_while),
    _rule(rf"{_COUNT}\s+{_UNIT}\s+ago", _a_while_ago),
    _rule(rf"{_EDGE}(?:{_WHICH}\s+)?{_PERIOD}", _end_of_period),
    _rule(rf"{_EDGE}{_MONTH}{_ANY_YEAR}", _end_of_month),
    _rule(rf"{_EDGE}(?:(?:fy|fiscal\s+year)\s*(?P<fiscal>\d{{4}})|{_YEAR})", _end_of_year),
    _rule(r"eo(?P<period>[dwmqy])", _end_of_short),
    _rule(rf"(?:{_WHICH}\s+){_WEEKDAY}", _weekday),
    _rule(r"(?P<which>)(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)", _weekday),
    _rule(rf"(?P<which>){_NEEDS_CUE}{_WEEKDAY}", _weekday),
    _rule(r"(?:the\s+)(?P<day>\d{1,2})(?:st|nd|rd|th)", _the_nth),
    _rule(r"x-?mas|christmas(?:\s+(?:day|eve))?", _christmas),
    _rule(r"new\s+year(?:'?s)?(?:\s+(?:day|eve))?", _new_year),
    _rule(r"ytd|year\s+to\s+date|so\s+far\s+this\s+year", _year_to_date),
)

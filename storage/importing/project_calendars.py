"""The calendars of an MS Project plan as rows of our calendars.csv: the shifts of a week, and the days that differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from dateutil import rrule

from storage.importing.project_xml import Element
from storage.importing.tables import FileUnreadable

DAYS_LIMIT = 20_000  # that differ, in one calendar
USUAL_SHIFTS = "08:00-12:00 13:00-17:00"
USUAL_WEEK = {0: "", **dict.fromkeys(range(1, 6), USUAL_SHIFTS), 6: ""}  # Sunday first, as MS Project counts
WEEKDAYS = (rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA)
# What a MonthItem of an exception means: any day, a weekday, a day of the weekend, then the weekdays from Sunday on.
MONTH_ITEMS = (WEEKDAYS, WEEKDAYS[1:6], (WEEKDAYS[0], WEEKDAYS[6]), *((day,) for day in WEEKDAYS))
MONTH_POSITIONS = (1, 2, 3, 4, -1)


@dataclass
class PlanCalendar:
    """Shifts as text ("08:00-12:00 13:00-17:00", blank: no work), Sunday first; days that differ by their dates."""

    name: str
    week: dict[int, str] = field(default_factory=lambda: dict(USUAL_WEEK))
    exceptions: dict[date, str] = field(default_factory=dict)

    @property
    def week_cell(self) -> str:
        """The week from Monday on."""
        return "; ".join(self.week[day % 7] for day in range(1, 8))

    @property
    def exceptions_cell(self) -> str:
        return "; ".join(f"{day} {shifts}".strip() for day, shifts in sorted(self.exceptions.items()))


def plan_calendars(elements: Iterable[Element]) -> dict[str, PlanCalendar]:
    """The calendars by their UIDs. A derived one has what it does not say from its base."""
    given = {element.get("UID"): element for element in elements}
    read: dict[str, PlanCalendar] = {}
    for uid in given:
        _read(uid, given, read, frozenset())
    return read


def _read(
    uid: str, given: Mapping[str, Element], read: dict[str, PlanCalendar], above: frozenset[str]
) -> PlanCalendar | None:
    if uid in read or uid not in given or uid in above or len(above) > 100:
        return read.get(uid)
    element = given[uid]
    calendar = PlanCalendar(element.get("Name") or f"Calendar {uid}")
    if base := _read(element.get("BaseCalendarUID"), given, read, above | {uid}):
        calendar.week, calendar.exceptions = dict(base.week), dict(base.exceptions)
    for day in element.all("WeekDays", "WeekDay"):
        number = day.get("DayType")
        if number == "0":
            _except(calendar, day)
        elif number in "1234567":
            calendar.week[int(number) - 1] = _shifts(day)
    for exception in element.all("Exceptions", "Exception"):
        _except(calendar, exception)
    read[uid] = calendar
    return calendar


def _except(calendar: PlanCalendar, exception: Element) -> None:
    shifts = _shifts(exception)
    for day in islice(_days(exception), DAYS_LIMIT + 1):
        calendar.exceptions[day] = shifts
    if len(calendar.exceptions) > DAYS_LIMIT:
        raise FileUnreadable(f"In the calendar '{calendar.name}' more than {DAYS_LIMIT:,} days differ from its week.")


def _shifts(day: Element) -> str:
    """What is worked on a day: its working times, else the usual ones."""
    if day.get("DayWorking") != "1":
        return ""
    times = ((part.get("FromTime")[:5], part.get("ToTime")[:5]) for part in day.all("WorkingTimes", "WorkingTime"))
    shifts = sorted({(start, "24:00" if end == "00:00" else end) for start, end in times if start and end})
    return " ".join(f"{start}-{end}" for start, end in shifts) or USUAL_SHIFTS


def _days(exception: Element) -> Iterable[date]:
    """The days an exception falls on, within its period; one that is no plain range recurs by its type."""
    period = next(exception.all("TimePeriod"), exception)
    try:
        first, last = (date.fromisoformat(period.get(name)[:10]) for name in ("FromDate", "ToDate"))
    except ValueError:
        return ()
    rule = _recurrence(exception, first)
    every = max(1, _whole(exception.get("Period"), 1))
    days = rrule.rrule(dtstart=_midnight(first), until=_midnight(last), interval=every, wkst=rrule.SU, **rule)
    return (moment.date() for moment in days)


def _recurrence(exception: Element, first: date) -> dict[str, Any]:
    month = _whole(exception.get("Month"), first.month - 1) % 12 + 1
    month_day = min(31, max(1, _whole(exception.get("MonthDay"), first.day)))
    item = MONTH_ITEMS[_whole(exception.get("MonthItem"), 0) % len(MONTH_ITEMS)]
    position = MONTH_POSITIONS[_whole(exception.get("MonthPosition"), 0) % len(MONTH_POSITIONS)]
    chosen = _whole(exception.get("DaysOfWeek"), 0)  # a bit for each weekday, Sunday's the lowest
    match exception.get("Type"):
        case "2":
            return {"freq": rrule.YEARLY, "bymonth": month, "bymonthday": month_day}
        case "3":
            return {"freq": rrule.YEARLY, "bymonth": month, "byweekday": item, "bysetpos": position}
        case "4":
            return {"freq": rrule.MONTHLY, "bymonthday": month_day}
        case "5":
            return {"freq": rrule.MONTHLY, "byweekday": item, "bysetpos": position}
        case "6":
            days = [day for number, day in enumerate(WEEKDAYS) if chosen >> number & 1]
            return {"freq": rrule.WEEKLY, "byweekday": days or None}
        case _:
            return {"freq": rrule.DAILY}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise

"""Absences out of a calendar file (iCalendar, RFC 5545): who is away from which day to which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar
from icalendar.error import BrokenCalendarProperty

from storage.importing.report import Problem
from storage.importing.tables import FileUnreadable, Table, check_is_file, content

HEADER = ["person", "starts_on", "ends_on", "reason"]
LEAST_HOURS = timedelta(hours=4)  # of a day that counts as a day away
AHEAD = timedelta(days=731)  # of the newest event, for those that repeat without end
MOST_TIMES = 1_000
BY = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_BARREN = 3  # each of them is searched to the end of the calendar, which takes seconds
MOST_DAYS = 3 * 366  # of one absence
LAST_DAY = date(2199, 12, 31)
NOBODY = (
    "This event names nobody: it needs an ATTENDEE or ORGANIZER with an e-mail, or a file named after a person's "
    "e-mail, such as tomas@firm.example.ics."
)
BROKEN = "The days of this event, or the rule by which it repeats, cannot be read."


class _EventWrong(ValueError):
    """An event cannot be read; the message says why."""


class _NeverTakesPlace(_EventWrong):
    def __init__(self) -> None:
        super().__init__("The rule by which this event repeats never comes true.")


@dataclass(frozen=True)
class _Days:
    first: date
    last: date


def read_feed(path: Path) -> Table:
    """The absences of a calendar as a table; rows are numbered as its events are. Raises FileUnreadable.

    Whole days count, and days of which an event takes four hours or more; cancelled events do not. The table's
    `since` is the first day of any event: from it on, the feed is all there is.
    """
    check_is_file(path)
    calendar = _parsed(path)
    events = list(enumerate(calendar.walk("VEVENT"), start=1))
    owner = next((name for name in (path.stem, str(calendar.get("X-WR-CALNAME", ""))) if _is_address(name)), None)
    table = Table(path.name, list(HEADER), [])
    horizon = _horizon([event for _, event in events])
    instead = {(str(event.get("UID")), _day(event, "RECURRENCE-ID")) for _, event in events if "RECURRENCE-ID" in event}
    starts: list[date] = []
    barren = 0
    for number, event in events:
        try:
            spans = [span for span in _spans(event, horizon) if _is_its_own(event, span, instead)]
            starts += [span.first for span in spans]
            if str(event.get("STATUS", "")).upper() == "CANCELLED":
                continue
            people = [owner] if owner else _people(event)
            if spans and not people:
                raise _EventWrong(NOBODY)
        except (_EventWrong, BrokenCalendarProperty) as wrong:
            sentence = str(wrong) if isinstance(wrong, _EventWrong) else BROKEN
            table.problems.append(Problem(sentence, path.name, number))
            barren += isinstance(wrong, _NeverTakesPlace)
            if barren == MOST_BARREN:
                raise FileUnreadable(f"{MOST_BARREN} of its events repeat by rules that never come true.") from wrong
            continue
        reason = str(event.get("SUMMARY", ""))
        for person in people:
            table.rows += [(number, [person, str(span.first), str(span.last), reason]) for span in spans]
    table.since = min(starts, default=None)
    return table


def _is_its_own(event: Any, span: _Days, instead: set[tuple[str, date | None]]) -> bool:
    """Whether no other event of the file stands for this time of a repeated one."""
    return "RECURRENCE-ID" in event or (str(event.get("UID")), span.first) not in instead


def _parsed(path: Path) -> Any:
    try:
        return Calendar.from_ical(content(path))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise FileUnreadable("This is no calendar that can be read: export it again as iCalendar (.ics).") from error


def _horizon(events: list[Any]) -> date:
    known = [day for event in events for name in ("DTSTART", "DTSTAMP") if (day := _day(event, name))]
    return min(max(known, default=LAST_DAY - AHEAD), LAST_DAY - AHEAD) + AHEAD


def _day(event: Any, name: str) -> date | None:
    """The day of a property; None where it has none that can be read."""
    try:
        value = getattr(event.get(name), "dt", None)
    except BrokenCalendarProperty:
        return None
    return _as_day(value) if isinstance(value, date) else None


def _spans(event: Any, horizon: date) -> Iterator[_Days]:
    """The days away of each time an event takes place."""
    start, length = _start_and_length(event)
    if isinstance(start, datetime) and str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return
    for begin in _times(event, start, horizon):
        if (days := _covered(begin, length)) is not None:
            yield days


def _start_and_length(event: Any) -> tuple[date | datetime, timedelta]:
    start, end = (getattr(event.get(name), "dt", None) for name in ("DTSTART", "DTEND"))
    if not isinstance(start, date):
        raise _EventWrong("This event has no day on which it starts.")
    length = getattr(event.get("DURATION"), "dt", None)
    if isinstance(end, date):
        if isinstance(start, datetime) != isinstance(end, datetime):
            raise _EventWrong("This event starts at a time of day and ends on a day, or the other way round.")
        length = _between(start, end)
    if not isinstance(length, timedelta):
        length = timedelta(0) if isinstance(start, datetime) else timedelta(days=1)
    if length < timedelta(0):
        raise _EventWrong("This event ends before it starts.")
    if length > timedelta(days=MOST_DAYS):
        raise _EventWrong("This event lasts more than three years; an absence does not.")
    return start, length


def _between(start: date, end: date) -> timedelta:
    """As clocks on the wall show it, where both have a time zone or neither."""
    if isinstance(start, datetime) and isinstance(end, datetime) and (start.tzinfo is None) != (end.tzinfo is None):
        return end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return end - start


def _times(event: Any, start: date | datetime, horizon: date) -> Iterator[date | datetime]:
    """When it takes place: once, or as its rule repeats it, local time, without the days that are taken out."""
    rule = event.get("RRULE")
    if rule is None:
        yield start
        return
    if isinstance(rule, list):
        raise _EventWrong("This event repeats by several rules; one can be read.")
    if rule.get("FREQ") not in ([each] for each in BY):
        raise _EventWrong("This event repeats within a day, or by no rule that can be read.")
    without = {_as_day(day.dt) for part in _listed(event.get("EXDATE")) for day in part.dts}
    until = min([horizon, *(_as_day(day) for day in rule.get("UNTIL", []))])
    named = {name: value for name, value in rule.items() if name.upper() != "UNTIL"}
    moment = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime.combine(start, time())
    try:
        repeated = rrulestr(type(rule)(named).to_ical().decode(), dtstart=moment)
        found = list(islice((each for each in repeated.between(moment, _end_of(until), inc=True)), MOST_TIMES + 1))
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        raise _EventWrong("The rule by which this event repeats cannot be read.") from error
    if len(found) > MOST_TIMES:
        raise _EventWrong(f"This event repeats more than {MOST_TIMES:,} times.")
    if not found:
        raise _NeverTakesPlace
    for each in found:
        if each.date() not in without:
            yield each if isinstance(start, datetime) else each.date()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _as_day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max)


def _covered(begin: date | datetime, length: timedelta) -> _Days | None:
    """The days an event takes; of one at times of day those it takes enough of, None where that is none."""
    if not isinstance(begin, datetime):
        return _Days(begin, begin + max(timedelta(0), length - timedelta(days=1)))
    start = begin.replace(tzinfo=None)
    end = start + length
    span = range((end.date() - start.date()).days + 1)
    days = [start.date() + timedelta(days=step) for step in span]
    taken = [day for day in days if _overlap(day, start, end) >= LEAST_HOURS]
    return _Days(taken[0], taken[-1]) if taken else None


def _overlap(day: date, start: datetime, end: datetime) -> timedelta:
    midnight = datetime.combine(day, time())
    return min(end, midnight + timedelta(days=1)) - max(start, midnight)


def _people(event: Any) -> list[str]:
    """The e-mails of those who are away: who attends and has not declined, else who organises."""
    attending = [each for each in _listed(event.get("ATTENDEE")) if _is_person(each)]
    named = [_address(each) for each in attending or _listed(event.get("ORGANIZER"))]
    return list(dict.fromkeys(address for address in named if _is_address(address)))


def _is_person(attendee: Any) -> bool:
    words = getattr(attendee, "params", {})
    kind, answer = str(words.get("CUTYPE", "")).upper(), str(words.get("PARTSTAT", "")).upper()
    return kind not in ("ROOM", "RESOURCE") and answer != "DECLINED"


def _address(value: Any) -> str:
    text = str(value).strip()
    return text[len("mailto:") :] if text.lower().startswith("mailto:") else text


def _is_address(text: str) -> bool:
    return "@" in text and " " not in text.strip()

"""Working time as one count: minutes of nine to five, Monday to Friday, since a Monday long ago."""

from datetime import date, datetime, time, timedelta

from storage.sample.quillmere.firm import DAY_MINUTES

_MONDAY = date(2024, 1, 1)
_OPENING = time(9)


def opening(day: date) -> int:
    """The count when `day` opens; a weekend opens with the next Monday."""
    weeks, weekday = divmod((day - _MONDAY).days, 7)
    return (weeks * 5 + min(weekday, 5)) * DAY_MINUTES


def closing(day: date) -> int:
    """The count when a working `day` closes."""
    return opening(day) + DAY_MINUTES


def start_moment(count: int) -> datetime:
    days, minutes = divmod(count, DAY_MINUTES)
    return datetime.combine(_day(days), _OPENING) + timedelta(minutes=minutes)


def finish_moment(count: int) -> datetime:
    """A day's last minute belongs to that day, not to the next morning."""
    days, minutes = divmod(count - 1, DAY_MINUTES)
    return datetime.combine(_day(days), _OPENING) + timedelta(minutes=minutes + 1)


def _day(working_days: int) -> date:
    weeks, weekday = divmod(working_days, 5)
    return _MONDAY + timedelta(weeks=weeks, days=weekday)

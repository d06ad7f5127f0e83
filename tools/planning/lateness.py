"""Lateness: what should have finished, by how much, and what finished after its day."""

from datetime import date, datetime

from tools.planning.calendar import WorkingCalendar
from tools.planning.model import Window


def is_late(finish: datetime | None, day: date, *, is_open: bool) -> bool:
    """Open, and planned to finish before `day`."""
    return is_open and finish is not None and finish.date() < day


def days_late(
    finish: datetime | None, day: date, calendar: WorkingCalendar, *, is_open: bool, elapsed: bool
) -> int | None:
    """Whole days since the planned finish; None when not late.

    Working days count only those that have fully passed: due on Friday and asked on Monday is late by no whole day yet.
    """
    if finish is None or not is_late(finish, day, is_open=is_open):
        return None
    return (day - finish.date()).days if elapsed else calendar.days_since(finish.date(), day)


def finished_after(planned: Window, actual: Window) -> bool:
    """Whether it is known to have finished on a later day than planned."""
    return (planned.finish is not None and actual.finish is not None) and actual.finish.date() > planned.finish.date()


def days_finished_late(planned: Window, actual: Window, calendar: WorkingCalendar, *, elapsed: bool) -> int | None:
    """Days from the planned to the actual finish, below zero when early; None unless both are known."""
    if planned.finish is None or actual.finish is None:
        return None
    if elapsed:
        return (actual.finish.date() - planned.finish.date()).days
    return calendar.working_days(planned.finish, actual.finish)


def promise_slip_days(
    promised: date | None, finishes: tuple[datetime | None, ...], calendar: WorkingCalendar
) -> int | None:
    """Working days from the promised day to the last of the finishes, below zero when before; None without either."""
    last = max((finish.date() for finish in finishes if finish is not None), default=None)
    return None if promised is None or last is None else calendar.working_days(promised, last)

"""Earned schedule: when the work done by now should have been done by the plan (Lipke, 2003)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tools.planning.calendar import WorkingCalendar
from tools.planning.model import Window

LONGEST_DAYS = 40 * 366


@dataclass(frozen=True)
class EarnedSchedule:
    """In working days since the plan's start. `end` is when the project ends if it goes on at this pace."""

    earned: float  # ES: how far along the plan the work is
    gone: int  # AT: the time gone by
    planned: int  # PD: how long the plan is
    end: date | None

    @property
    def variance(self) -> float:
        """SV(t): days ahead, below zero behind."""
        return self.earned - self.gone

    @property
    def performance(self) -> float | None:
        """SPI(t); None on the first day."""
        return self.earned / self.gone if self.gone else None


def earned_schedule(
    work: Sequence[tuple[Window, float]], earned_share: float, day: date, calendar: WorkingCalendar
) -> EarnedSchedule | None:
    """From the planned windows of tasks with their weights, and the weighted share done by the morning of a day.

    Planned value grows evenly over each task's working days. None without weights or dates.
    """
    dated = [
        (window.start.date(), window.finish.date(), weight) for window, weight in work if window.start and window.finish
    ]
    total = sum(weight for *_, weight in dated)
    if total <= 0:
        return None
    start, finish = min(first for first, *_ in dated), max(last for _, last, _ in dated)
    if (finish - start).days > LONGEST_DAYS:
        return None
    days = [start + timedelta(days=step) for step in range((finish - start).days + 1)]
    worked = [day for day in days if calendar.minutes_on(day) > 0] or [start]
    planned = _planned(dated, worked, calendar, total)
    gone = max(0, calendar.working_days(start, day))
    earned = _time_of(planned, min(max(earned_share, 0.0), 1.0))
    end = _day_after(start, round(len(worked) * gone / earned), calendar) if earned > 0 and gone else None
    return EarnedSchedule(earned, gone, len(worked), end)


def _planned(
    dated: Sequence[tuple[date, date, float]], worked: Sequence[date], calendar: WorkingCalendar, total: float
) -> list[float]:
    """The share of the work planned to be done by the end of each working day."""
    place = {day: number for number, day in enumerate(worked)}
    daily = [0.0] * len(worked)
    for first, last, weight in dated:
        count = max(1, calendar.working_days(first, last + timedelta(days=1)))
        begin = next((place[day] for day in worked if day >= first), len(worked) - 1)
        for number in range(begin, min(begin + count, len(worked))):
            daily[number] += weight / count / total
    shares, so_far = [], 0.0
    for share in daily:
        so_far += share
        shares.append(so_far)
    return shares


def _time_of(planned: Sequence[float], earned: float) -> float:
    """C whole days whose planned value is earned, and the part of the next: C + (EV - PV(C)) / (PV(C+1) - PV(C))."""
    before = 0.0
    for whole, share in enumerate(planned):
        if share > earned + 1e-9:
            return whole + (earned - before) / (share - before)
        before = share
    return float(len(planned))


def _day_after(start: date, days: int, calendar: WorkingCalendar) -> date | None:
    """The last of so many working days from a day on."""
    if days > LONGEST_DAYS:
        return None
    day, left = start, days
    while left > 0:
        left -= calendar.minutes_on(day) > 0
        day += timedelta(days=1)
    return day - timedelta(days=1)

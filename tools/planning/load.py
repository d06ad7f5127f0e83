"""People's hours: what their contracts give on each day, and what bookings take of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tools.planning.calendar import OFFICE_WEEK

Minutes = NDArray[np.float64]  # people x days, or people x stretches of days

LEAST_OVER = 1.0  # minutes: what bookings spread over days may be off


@dataclass(frozen=True)
class Worker:
    """One person: usual minutes of each weekday, Monday first, and the days on which it is less."""

    id: int
    weekday_minutes: tuple[int, ...] = OFFICE_WEEK
    employed_from: date | None = None
    employed_until: date | None = None
    short_days: Mapping[date, int] = field(default_factory=dict)  # public holidays: the most minutes worked on them
    away: Sequence[tuple[date, date]] = ()  # first and last days of absences


@dataclass(frozen=True)
class Held:
    """Minutes of each week that a booking holds, from its first day to its last."""

    person: int
    first: date
    last: date
    minutes_per_week: int
    is_firm: bool = True
    probability: float = 1.0
    is_internal: bool = False


@dataclass(frozen=True)
class Stretch:
    """Weeks in a row in which one person is booked for more than they are there."""

    person: int
    first: date
    last: date
    booked: float
    available: float


class Load:
    """The minutes of some people on each day of a window.

    Tables are people x days, in the order given. Contracted time less public holidays less absence is available. A
    booking's week is spread over the person's usual week, and takes nothing on days they are not there: of a week with
    a holiday it holds a day less. Linear in people x days + bookings.
    """

    def __init__(self, workers: Sequence[Worker], held: Sequence[Held], first: date, last: date) -> None:
        if last < first:
            raise ValueError(f"The window ends on {last}, before it starts on {first}.")
        self.first, self.last = first, last
        self.workers = workers
        self.row = {worker.id: row for row, worker in enumerate(workers)}
        self.days = (last - first).days + 1
        self._held = [each for each in held if each.person in self.row and each.first <= last and each.last >= first]

    @property
    def has_bookings(self) -> bool:
        """Whether any booking touches the window."""
        return bool(self._held)

    @cached_property
    def contracted(self) -> Minutes:
        """By the weekday pattern, within employment."""
        weekdays = (self.first.weekday() + np.arange(self.days)) % 7
        minutes = self._weeks[:, weekdays]
        for row, worker in enumerate(self.workers):
            minutes[row, : self._begin(worker.employed_from or self.first)] = 0
            minutes[row, self._end(worker.employed_until or self.last) :] = 0
        return minutes

    @cached_property
    def holidays(self) -> Minutes:
        """What public holidays take of the contracted time."""
        taken = np.zeros_like(self.contracted)
        for row, worker in enumerate(self.workers):
            for day, most in worker.short_days.items():
                if self.first <= day <= self.last:
                    at = self._begin(day)
                    taken[row, at] = max(0.0, self.contracted[row, at] - most)
        return taken

    @cached_property
    def absent(self) -> Minutes:
        """What absence takes of the rest."""
        away = np.zeros(self.contracted.shape, dtype=bool)
        for row, worker in enumerate(self.workers):
            for first, last in worker.away:
                away[row, self._begin(first) : self._end(last)] = True
        return np.where(away, self.contracted - self.holidays, 0.0)

    @cached_property
    def available(self) -> Minutes:
        return self.contracted - self.holidays - self.absent

    @cached_property
    def firm(self) -> Minutes:
        return self._booked(np.array([float(each.is_firm) for each in self._held]))

    @cached_property
    def internal(self) -> Minutes:
        """Of the firm bookings, those on the firm's own projects, as far as the reader may know."""
        return self._booked(np.array([float(each.is_firm and each.is_internal) for each in self._held]))

    @cached_property
    def tentative(self) -> Minutes:
        """All that is tentative, as if it came: firm and tentative together is the load if all lands."""
        return self._booked(np.array([float(not each.is_firm) for each in self._held]))

    @cached_property
    def weighted(self) -> Minutes:
        """Firm, and tentative times its probability."""
        return self._booked(np.array([1.0 if each.is_firm else each.probability for each in self._held]))

    @cached_property
    def weeks(self) -> tuple[tuple[date, date], ...]:
        """The ISO weeks of the window, its first and last as far as they lie within it."""
        monday = self.first - timedelta(days=self.first.weekday())
        starts = [max(self.first, monday + timedelta(days=step)) for step in range(0, (self.last - monday).days + 1, 7)]
        ends = [*(start - timedelta(days=1) for start in starts[1:]), self.last]
        return tuple(zip(starts, ends, strict=True))

    def summed(self, minutes: Minutes, starts: Sequence[date]) -> Minutes:
        """People x stretches: the days from each of these days (of the window, in order) to the next one."""
        return np.add.reduceat(minutes, [self._begin(start) for start in starts], axis=1)

    def by_week(self, minutes: Minutes) -> Minutes:
        """People x weeks."""
        return self.summed(minutes, [first for first, _ in self.weeks])

    def total(self, minutes: Minutes, person: int | None = None) -> int:
        """Whole minutes of the window, of one person or of all."""
        return round(float(minutes.sum() if person is None else minutes[self.row[person]].sum()))

    @cached_property
    def free(self) -> Minutes:
        """People x weeks: available time without a firm booking; too much in one week frees nothing in another."""
        return np.maximum(0.0, self.by_week(self.available) - self.by_week(self.firm))

    @cached_property
    def over(self) -> Minutes:
        """People x weeks: firm bookings beyond the available time."""
        return np.maximum(0.0, self.by_week(self.firm) - self.by_week(self.available))

    def overloads(self) -> list[Stretch]:
        """Every run of weeks somebody is overbooked in, by person and time, on the days they are there."""
        booked, available = self.by_week(self.firm), self.by_week(self.available)
        found: list[Stretch] = []
        for row in np.flatnonzero((self.over > LEAST_OVER).any(axis=1)).tolist():
            weeks = np.flatnonzero(self.over[row] > LEAST_OVER)
            for run in np.split(weeks, np.flatnonzero(np.diff(weeks) > 1) + 1):
                first, last = self._there(row, self.weeks[run[0]][0], self.weeks[run[-1]][1])
                sums = float(booked[row, run].sum()), float(available[row, run].sum())
                found.append(Stretch(self.workers[row].id, first, last, *sums))
        return found

    def _there(self, row: int, first: date, last: date) -> tuple[date, date]:
        """The first and the last day between these on which the person is there."""
        days = np.flatnonzero(self.available[row, self._begin(first) : self._end(last)])
        return first + timedelta(days=int(days[0])), first + timedelta(days=int(days[-1]))

    @cached_property
    def _weeks(self) -> Minutes:
        return np.array([worker.weekday_minutes for worker in self.workers], dtype=np.float64).reshape(-1, 7)

    def _booked(self, weights: NDArray[np.float64]) -> Minutes:
        """What bookings of these weights take: changes of each person's minutes a week, running along the days."""
        change = np.zeros((len(self.workers), self.days + 1))
        rows = [self.row[each.person] for each in self._held]
        minutes = np.array([each.minutes_per_week for each in self._held], dtype=np.float64) * weights
        np.add.at(change, (rows, [self._begin(each.first) for each in self._held]), minutes)
        np.add.at(change, (rows, [self._end(each.last) for each in self._held]), -minutes)
        week = self._weeks.sum(axis=1, keepdims=True)
        a_week: Minutes = np.cumsum(change, axis=1)[:, :-1]
        return a_week * self.available / np.where(week > 0, week, 1.0)

    def _begin(self, day: date) -> int:
        """How many days of the window lie before a day."""
        return min(max((day - self.first).days, 0), self.days)

    def _end(self, day: date) -> int:
        """How many days of the window lie up to a day, itself included."""
        return min(max((day - self.first).days + 1, 0), self.days)

"""Figures and sources made from rows: durations and lateness in the days their source counts, and the source it is."""

from datetime import date, datetime

from storage.records import TaskRecord
from storage.vocabulary import DurationBasis, Level
from tools.facts import Figure, SourceRef, Unit
from tools.planning.calendar import WorkingCalendar
from tools.planning.lateness import days_late

CALENDAR = WorkingCalendar()
LAST = datetime(9999, 12, 31)
DAYS = {DurationBasis.WORKING: Unit.WORKING_DAYS, DurationBasis.ELAPSED: Unit.CALENDAR_DAYS}


def days(minutes: int | None, basis: str, metric: str = "") -> Figure | None:
    """A length in the days its source counts."""
    if minutes is None:
        return None
    length = minutes / DurationBasis(basis).day_minutes
    return Figure(value=int(length) if length.is_integer() else round(length, 2), unit=days_unit(basis), metric=metric)


def whole_days(value: int | None, basis: str, metric: str = "") -> Figure | None:
    return None if value is None else Figure(value=value, unit=days_unit(basis), metric=metric)


def days_unit(basis: str) -> Unit:
    return DAYS[DurationBasis(basis)]


def task_lateness(task: TaskRecord, day: date) -> Figure | None:
    """Days since the planned finish of an open task; None when it is not late."""
    elapsed = task.duration_basis == DurationBasis.ELAPSED
    late = days_late(task.finish, day, CALENDAR, is_open=bool(task.is_open), elapsed=elapsed)
    return whole_days(late, task.duration_basis, "days_late")


def title(level: Level, key: str, name: str | None) -> str:
    """What a row is called: its name, else its key."""
    if name is not None and name != key:
        return name
    return f"Project {key}" if level is Level.PROJECT else key


def source_of(level: Level, key: str, name: str | None) -> SourceRef:
    """The record of a row, as answers cite it; tasks with their key before the name."""
    called = title(level, key, name)
    return SourceRef(id=f"{level}:{key}", kind=level.value, label=f"{key} {called}" if level is Level.TASK else called)


def soonest(finish: datetime | None) -> datetime:
    """To sort by finish, those without one last."""
    return finish or LAST

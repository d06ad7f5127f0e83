"""Figures and sources made from rows: durations and lateness in the days their source counts, and the source it is."""

from datetime import date, datetime

from storage.records import ProjectRecord, TaskRecord
from storage.vocabulary import DurationBasis
from tools.facts import Figure, SourceRef, Unit
from tools.planning.calendar import WorkingCalendar
from tools.planning.lateness import days_late

CALENDAR = WorkingCalendar()
LAST = datetime(9999, 12, 31)
DAY_MINUTES = {DurationBasis.WORKING: 480, DurationBasis.ELAPSED: 1440}
DAYS = {DurationBasis.WORKING: Unit.WORKING_DAYS, DurationBasis.ELAPSED: Unit.CALENDAR_DAYS}


def days(minutes: int | None, basis: str, metric: str = "") -> Figure | None:
    """A length in the days its source counts."""
    if minutes is None:
        return None
    length = minutes / DAY_MINUTES[DurationBasis(basis)]
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


def project_name(name: str | None, key: str) -> str:
    return name or f"Project {key}"


def project_source(project: ProjectRecord) -> SourceRef:
    return SourceRef(id=f"project:{project.key}", kind="project", label=project_name(project.name, project.key))


def task_source(task: TaskRecord) -> SourceRef:
    return SourceRef(id=f"task:{task.key}", kind="task", label=f"{task.key} {task.name}")


def soonest(finish: datetime | None) -> datetime:
    """To sort by finish, those without one last."""
    return finish or LAST

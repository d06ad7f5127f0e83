"""Small plans for the stories."""

from datetime import datetime, timedelta
from typing import Any

from tools.planning.calendar import WorkingCalendar
from tools.planning.definitions import Definitions
from tools.planning.measure import Measured, measure
from tools.planning.model import PlannedTask, ProjectPlan, ProjectState, TaskState

DAY = 480
MONDAY = datetime(2026, 3, 2)
CALENDAR = WorkingCalendar()


def task(number: int, state: str = "not_started", **given: Any) -> PlannedTask:
    return PlannedTask(number, TaskState(state), **given)


def plan(*tasks: PlannedTask, state: str = "active", **given: Any) -> ProjectPlan:
    return ProjectPlan(1, "GATE", tasks, ProjectState(state), **given)


def on(day: datetime, what: ProjectPlan, **definitions: Any) -> Measured:
    return measure(what, day.date(), Definitions(**definitions), CALENDAR)


def in_days(days: int) -> datetime:
    return MONDAY + timedelta(days=days)

"""Planned and actual dates: a row's own, else its start and duration, else those of the tasks below it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tools.planning.calendar import WorkingCalendar
from tools.planning.model import PlannedTask, ProjectPlan, TaskState, Timed, Window
from tools.planning.outline import Outline

NO_DATES = Window()


class DatesBasis(StrEnum):
    """Where a project's dates come from."""

    OWN = "own"
    TASKS = "tasks"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ProjectDates:
    window: Window
    basis: DatesBasis
    tasks: Window  # from the first to the last of its tasks, whatever the project's own dates say


def planned_windows(tree: Outline, calendar: WorkingCalendar) -> dict[int, Window]:
    """The planned start and finish of every task by its id."""
    windows = {task.id: own_window(task, calendar) for task in tree.leaves}
    for summary in tree.summaries:
        own = own_window(summary, calendar)
        below = span(windows[child.id] for child in tree.children[summary.id])
        windows[summary.id] = Window(own.start or below.start, own.finish or below.finish)
    return windows


def actual_windows(tree: Outline, planned: Mapping[int, Window], calendar: WorkingCalendar) -> dict[int, Window]:
    """When every task really started and finished; a summary starts with its first leaf and ends with its last."""
    windows = {task.id: actual_window(task, planned[task.id], calendar) for task in tree.leaves}
    for summary in tree.summaries:
        children = tree.children[summary.id]
        below = span(windows[child.id] for child in children)
        all_ended = all(windows[child.id].finish or child.state is TaskState.CANCELLED for child in children)
        windows[summary.id] = Window(
            summary.actual_start or below.start, summary.actual_finish or (below.finish if all_ended else None)
        )
    return windows


def own_window(row: Timed, calendar: WorkingCalendar) -> Window:
    """The dates a task or project has of its own: planned finish, or planned start and duration."""
    finish = row.finish
    if finish is None and row.start is not None and row.duration_minutes is not None:
        finish = shift(row.start, row.duration_minutes, calendar, elapsed=row.elapsed)
    return Window(row.start, finish)


def actual_window(task: PlannedTask, planned: Window, calendar: WorkingCalendar) -> Window:
    """As recorded, else the planned start and its reported delay, and from there the actual duration."""
    start, finish = task.actual_start, task.actual_finish
    if start is None and planned.start is not None and task.start_delay_minutes is not None and _has_begun(task):
        start = shift(planned.start, task.start_delay_minutes, calendar, elapsed=task.elapsed)
    if finish is None and start and task.actual_duration_minutes is not None and task.state is TaskState.DONE:
        finish = shift(start, task.actual_duration_minutes, calendar, elapsed=task.elapsed)
    return Window(start, finish)


def project_dates(
    plan: ProjectPlan, tree: Outline, windows: Mapping[int, Window], calendar: WorkingCalendar
) -> ProjectDates:
    """A project's own dates; what they lack comes from its tasks only where no source decides its dates."""
    live = (windows[task.id] for task in (*tree.leaves, *tree.summaries) if task.state is not TaskState.CANCELLED)
    tasks, own = span(live), own_window(plan, calendar)
    window = own if plan.source_owns_dates else Window(own.start or tasks.start, own.finish or tasks.finish)
    if window == NO_DATES:
        return ProjectDates(window, DatesBasis.NONE, tasks)
    return ProjectDates(window, DatesBasis.OWN if window == own else DatesBasis.TASKS, tasks)


def span(windows: Iterable[Window]) -> Window:
    """From the earliest start to the latest finish of those that have one."""
    start: datetime | None = None
    finish: datetime | None = None
    for window in windows:
        if window.start is not None and (start is None or window.start < start):
            start = window.start
        if window.finish is not None and (finish is None or window.finish > finish):
            finish = window.finish
    return Window(start, finish)


def shift(moment: datetime, minutes: int, calendar: WorkingCalendar, *, elapsed: bool) -> datetime | None:
    """That much later (or earlier); None beyond the years a date can hold."""
    try:
        return moment + timedelta(minutes=minutes) if elapsed else calendar.add_minutes(moment, minutes)
    except OverflowError:
        return None


def minutes_within(window: Window, calendar: WorkingCalendar, *, elapsed: bool) -> int | None:
    """Elapsed or working minutes from start to finish; None without both."""
    if window.start is None or window.finish is None:
        return None
    if elapsed:
        return max(0, int((window.finish - window.start).total_seconds() // 60))
    return calendar.minutes_between(window.start, window.finish)


def _has_begun(task: PlannedTask) -> bool:
    return task.state in (TaskState.IN_PROGRESS, TaskState.DONE)

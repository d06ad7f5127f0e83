"""Progress: how much of the work is done, how much should be, and what each task weighs in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from tools.planning.calendar import WorkingCalendar
from tools.planning.model import PlannedTask, TaskState, Window


class ProgressBasis(StrEnum):
    """What tasks are weighed by."""

    EFFORT = "effort"
    DURATION = "duration"
    COST = "cost"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight for each leaf, in their order; none for cancelled tasks, milestones and tasks without the measure."""

    basis: ProgressBasis
    of_leaf: tuple[float, ...]

    @property
    def total(self) -> float:
        return sum(self.of_leaf)


def done_share(task: PlannedTask) -> float | None:
    """How much of a leaf is done; None where it is under way and nothing says how far.

    By its state, else its own percentage, else the time spent against the time remaining, else the time remaining
    against the estimate. Time spent alone says nothing: a task can use up its estimate and be nowhere near done.
    """
    if task.state is TaskState.DONE:
        return 1.0
    if task.done_share is not None:
        return task.done_share
    if task.state is not TaskState.IN_PROGRESS:
        return 0.0
    if task.remaining_minutes is not None and task.spent_minutes + task.remaining_minutes > 0 < task.spent_minutes:
        return task.spent_minutes / (task.spent_minutes + task.remaining_minutes)
    if task.remaining_minutes is not None and task.effort_minutes:
        return max(0.0, 1 - task.remaining_minutes / task.effort_minutes)
    return None


def planned_share(
    window: Window, day: date, calendar: WorkingCalendar, *, elapsed: bool, at_finish_only: bool = False
) -> float | None:
    """How much of a leaf should be done by the morning of `day`, evenly over its time; None without dates.

    `at_finish_only` is the 0/100 rule (PMI, Practice Standard for Earned Value Management): all of it at the finish.
    It goes with tasks whose progress is unknown, so that plan and progress are measured by the same rule.
    """
    if window.finish is None:
        return None
    if window.finish.date() < day:
        return 1.0
    if window.start is None or at_finish_only or window.start.date() >= day:
        return 0.0
    if elapsed:
        morning = datetime.combine(day, time.min)
        return _part((morning - window.start).total_seconds(), (window.finish - window.start).total_seconds())
    return _part(calendar.minutes_until_day(window.start, day), calendar.minutes_between(window.start, window.finish))


def weigh(leaves: Sequence[PlannedTask], durations: Sequence[float | None]) -> Weights:
    """Weights by the measure that most tasks have, if at least half do: of equals effort, then duration, then cost."""
    counted = [counts(leaf) for leaf in leaves]
    measures = (
        (ProgressBasis.EFFORT, [leaf.effort_minutes for leaf in leaves]),
        (ProgressBasis.DURATION, durations),
        (ProgressBasis.COST, [leaf.cost_minor for leaf in leaves]),
    )
    most, chosen = 0, Weights(ProgressBasis.NONE, (0.0,) * len(leaves))
    for basis, values in measures:
        known = [v if c else None for v, c in zip(values, counted, strict=True)]
        coverage = sum(1 for value in known if value is not None)
        if coverage > most and 2 * coverage >= sum(counted) and any(known):
            most, chosen = coverage, Weights(basis, tuple(float(value or 0) for value in known))
    return chosen


def counts(leaf: PlannedTask) -> bool:
    return leaf.state is not TaskState.CANCELLED and not leaf.is_milestone


def weighted_share(weights: Sequence[float], shares: Sequence[float]) -> float | None:
    """The weighted mean; None where nothing weighs anything."""
    total = sum(weights)
    if total <= 0:
        return None
    return min(1.0, sum(weight * share for weight, share in zip(weights, shares, strict=True)) / total)


def remaining_minutes(task: PlannedTask) -> int | None:
    """The work left in a leaf: as recorded, else its estimate less what is done; None where neither is known."""
    if not task.is_open:
        return 0
    if task.remaining_minutes is not None:
        return task.remaining_minutes
    if task.effort_minutes is None:
        return None
    return round(task.effort_minutes * (1 - (done_share(task) or 0.0)))


def _part(passed: float, total: float) -> float:
    return min(1.0, max(0.0, passed / total)) if total > 0 else 0.0

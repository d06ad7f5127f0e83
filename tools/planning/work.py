"""The tasks of one project with what each method says of them, rolled up through the work breakdown structure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tools.planning.calendar import WorkingCalendar
from tools.planning.dates import ProjectDates, actual_windows, minutes_within, planned_windows, project_dates
from tools.planning.lateness import days_finished_late, finished_after
from tools.planning.model import PlannedTask, ProjectPlan, ProjectState, Window
from tools.planning.outline import Outline, outline
from tools.planning.progress import (
    Weights,
    counts,
    done_share,
    planned_share,
    remaining_minutes,
    weigh,
    weighted_share,
)


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """What planning derives of one task; of a summary, from the leaves below it. Holds for the plan, on any day."""

    task_id: int
    is_leaf: bool
    is_open: bool
    start: datetime | None
    finish: datetime | None
    actual_start: datetime | None
    actual_finish: datetime | None
    done_share: float | None
    duration_minutes: int | None
    effort_minutes: int | None
    remaining_minutes: int | None
    cost_minor: int | None
    finished_late: bool
    days_finished_late: int | None


class Work:
    """The tasks of one project with what each method says of them."""

    def __init__(self, plan: ProjectPlan, day: date, calendar: WorkingCalendar) -> None:
        self.plan, self.day, self.calendar = plan, day, calendar
        self.tree: Outline = outline(plan)
        self.leaves: Sequence[PlannedTask] = self.tree.leaves
        self.live = [leaf for leaf in self.leaves if counts(leaf)]
        self.open_leaves = [leaf for leaf in self.leaves if leaf.is_open]
        self.planned = planned_windows(self.tree, calendar)
        self.actual = actual_windows(self.tree, self.planned, calendar)
        self.dates: ProjectDates = project_dates(plan, self.tree, self.planned, calendar)
        self.done = [done_share(leaf) for leaf in self.leaves]
        self.durations = [self._duration(leaf) for leaf in self.leaves]
        self.weights: Weights = weigh(self.leaves, self._working_durations())
        self.remaining = [remaining_minutes(leaf) for leaf in self.leaves]

    @property
    def is_open(self) -> bool:
        """As its state says; of an unknown state, until all of its tasks are closed."""
        if self.plan.state is ProjectState.UNKNOWN:
            return not self.leaves or any(leaf.is_open for leaf in self.leaves)
        return self.plan.state not in (ProjectState.DONE, ProjectState.CANCELLED)

    def done_by(self, weights: Sequence[float]) -> float | None:
        """The weighted share done; what nothing is known of counts as not done (the 0/100 rule)."""
        return weighted_share(weights, [share or 0.0 for share in self.done])

    def planned_by(self, weights: Sequence[float]) -> float | None:
        """The weighted share that should be done by now; None where a task that weighs has no dates at all."""
        shares = [self._planned_share(leaf, done) for leaf, done in zip(self.leaves, self.done, strict=True)]
        if any(weight and share is None for weight, share in zip(weights, shares, strict=True)):
            return None
        return weighted_share(weights, [share or 0.0 for share in shares])

    def duration_minutes(self) -> int | None:
        """The sum of the leaves' durations, in working minutes; None where no leaf has one."""
        pairs = zip(self.leaves, self._working_durations(), strict=True)
        known = [duration for leaf, duration in pairs if counts(leaf) and duration is not None]
        return round(sum(known)) if known else None

    def remaining_minutes(self) -> int | None:
        """The work left; None where half of the open tasks or more do not say."""
        pairs = zip(self.leaves, self.remaining, strict=True)
        left = [minutes for leaf, minutes in pairs if counts(leaf) and leaf.is_open]
        known = [minutes for minutes in left if minutes is not None]
        return sum(known) if 2 * len(known) > len(left) or not left else None

    def task_figures(self) -> list[TaskFigures]:
        figures = {leaf.id: self._leaf_figures(index, leaf) for index, leaf in enumerate(self.leaves)}
        weights = {leaf.id: weight for leaf, weight in zip(self.leaves, self.weights.of_leaf, strict=True)}
        for summary in self.tree.summaries:
            below = [figures[child.id] for child in self.tree.children[summary.id]]
            weights[summary.id] = sum(weights[child.task_id] for child in below)
            figures[summary.id] = self._summary_figures(summary, below, [weights[child.task_id] for child in below])
        return list(figures.values())

    def _leaf_figures(self, index: int, leaf: PlannedTask) -> TaskFigures:
        planned, actual = self.planned[leaf.id], self.actual[leaf.id]
        late = days_finished_late(planned, actual, self.calendar, elapsed=leaf.elapsed)
        return TaskFigures(
            task_id=leaf.id,
            is_leaf=True,
            is_open=leaf.is_open,
            start=planned.start,
            finish=planned.finish,
            actual_start=actual.start,
            actual_finish=actual.finish,
            done_share=self.done[index],
            duration_minutes=self.durations[index],
            effort_minutes=leaf.effort_minutes,
            remaining_minutes=self.remaining[index],
            cost_minor=leaf.cost_minor,
            finished_late=finished_after(planned, actual),
            days_finished_late=late,
        )

    def _summary_figures(
        self, summary: PlannedTask, below: Sequence[TaskFigures], weights: Sequence[float]
    ) -> TaskFigures:
        planned, actual = self.planned[summary.id], self.actual[summary.id]
        late = days_finished_late(planned, actual, self.calendar, elapsed=summary.elapsed)
        return TaskFigures(
            task_id=summary.id,
            is_leaf=False,
            is_open=any(child.is_open for child in below),
            start=planned.start,
            finish=planned.finish,
            actual_start=actual.start,
            actual_finish=actual.finish,
            done_share=weighted_share(weights, [child.done_share or 0.0 for child in below]),
            duration_minutes=minutes_within(planned, self.calendar, elapsed=summary.elapsed),
            effort_minutes=total([child.effort_minutes for child in below]),
            remaining_minutes=total([child.remaining_minutes for child in below]),
            cost_minor=total([child.cost_minor for child in below]),
            finished_late=finished_after(planned, actual),
            days_finished_late=late,
        )

    def _duration(self, leaf: PlannedTask) -> int | None:
        if leaf.duration_minutes is not None:
            return leaf.duration_minutes
        return minutes_within(self.planned[leaf.id], self.calendar, elapsed=leaf.elapsed)

    def _working_durations(self) -> list[float | None]:
        """Durations in working minutes, so that a plan may mix both bases."""
        equivalent = self.calendar.working_equivalent
        return [
            equivalent(minutes) if leaf.elapsed and minutes is not None else minutes
            for leaf, minutes in zip(self.leaves, self.durations, strict=True)
        ]

    def _planned_share(self, leaf: PlannedTask, done: float | None) -> float | None:
        window = self.planned[leaf.id]
        if leaf.baseline is not None and leaf.baseline.finish is not None:
            window = Window(leaf.baseline.start or window.start, leaf.baseline.finish)
        if window.finish is None:
            window = self.dates.window
        return planned_share(window, self.day, self.calendar, elapsed=leaf.elapsed, at_finish_only=done is None)


def total(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None

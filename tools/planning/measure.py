"""All figures of one project on one day, from its plan: where the methods come together."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from tools.planning.calendar import WorkingCalendar
from tools.planning.contracts import Revenue, WorkSoFar, margin_share, revenue
from tools.planning.dates import DatesBasis, span
from tools.planning.definitions import Definitions
from tools.planning.earned_value import (
    Budget,
    BudgetBasis,
    EarnedValue,
    actual_cost,
    budget_at_completion,
    estimate_by_remaining,
    part_of,
    quotient,
    value_weights,
)
from tools.planning.health import Signs, judge, looks_better_than_it_is
from tools.planning.lateness import days_late, finished_after, is_late, promise_slip_days
from tools.planning.model import Health, ProjectPlan, TaskState, Window
from tools.planning.progress import ProgressBasis
from tools.planning.work import TaskFigures, Work, total

Known = TypeVar("Known", int, float)
SPI_PLACES = 6


@dataclass(frozen=True, slots=True)
class ProjectFigures:
    """The figures of one project on one day; money in minor units of its currency, None where not known."""

    is_open: bool
    start: datetime | None
    finish: datetime | None
    dates_basis: DatesBasis
    tasks_start: datetime | None
    tasks_finish: datetime | None
    actual_start: datetime | None
    actual_finish: datetime | None
    tasks: int
    tasks_open: int
    tasks_done: int
    tasks_late: int
    tasks_blocked: int
    tasks_unowned: int
    tasks_without_estimate: int
    tasks_without_progress: int
    progress_share: float | None
    planned_share: float | None
    progress_basis: ProgressBasis
    effort_minutes: int | None
    duration_minutes: int | None
    remaining_minutes: int | None
    spent_minutes: int
    billable_minutes: int
    days_late: int | None
    is_late: bool
    finished_late: bool
    promise_slip_days: int | None
    last_activity_on: date | None
    budget_minor: int | None
    budget_basis: BudgetBasis
    tasks_cost_minor: int | None
    planned_value_minor: int | None
    earned_value_minor: int | None
    actual_cost_minor: int | None
    labour_cost_minor: int | None
    expense_minor: int | None
    estimate_at_completion_minor: int | None
    estimate_by_remaining_minor: int | None
    revenue_minor: int | None
    revenue_at_completion_minor: int | None
    schedule_performance: float | None
    cost_performance: float | None
    margin_share: float | None
    margin_at_completion_share: float | None
    computed_health: Health | None
    health_reasons: tuple[str, ...]
    is_watermelon: bool


@dataclass(frozen=True, slots=True)
class Measured:
    project: ProjectFigures
    tasks: list[TaskFigures]


def measure(plan: ProjectPlan, day: date, definitions: Definitions, calendar: WorkingCalendar) -> Measured:
    """The figures of a project as of the morning of `day`, and those of its tasks. Raises PlanHasCycle.

    Where the plan knows the progress of a later day only, what rests on that of the day stays unknown.
    """
    work = Work(plan, day, calendar)
    return Measured(_Reading(work, definitions).figures(), work.task_figures())


class _Reading:
    """One project's work, measured with one organisation's definitions."""

    def __init__(self, work: Work, definitions: Definitions) -> None:
        self.work, self.plan, self.day, self.definitions = work, work.plan, work.day, definitions
        self.progress = work.done_by(work.weights.of_leaf)
        self.planned = work.planned_by(work.weights.of_leaf)
        self.budget: Budget = budget_at_completion(self.plan, work.leaves)
        self.value: EarnedValue = self._earned_value()
        self.remaining = work.remaining_minutes()
        self.revenue: Revenue = revenue(
            self.plan,
            WorkSoFar(self._then(self.progress), self._then(self.remaining), work.dates.window, work.is_open),
            self.day,
        )
        self.spi = self._schedule_performance()

    def figures(self) -> ProjectFigures:
        work, plan, spending = self.work, self.plan, self.plan.spending
        dates, actual = work.dates, self._actual_window()
        at_completion, from_below = self._estimate_at_completion(), self._estimate_by_remaining()
        verdict = judge(self._signs(), self.definitions.health)
        return ProjectFigures(
            is_open=work.is_open,
            start=dates.window.start,
            finish=dates.window.finish,
            dates_basis=dates.basis,
            tasks_start=dates.tasks.start,
            tasks_finish=dates.tasks.finish,
            actual_start=actual.start,
            actual_finish=actual.finish,
            tasks=len(work.leaves),
            tasks_open=len(work.open_leaves),
            tasks_done=sum(1 for leaf in work.leaves if leaf.state is TaskState.DONE),
            tasks_late=self._late_tasks(),
            tasks_blocked=sum(1 for leaf in work.open_leaves if leaf.is_blocked),
            tasks_unowned=sum(1 for leaf in work.open_leaves if not leaf.is_owned),
            tasks_without_estimate=self._tasks_without_estimate(),
            tasks_without_progress=sum(1 for share in work.done if share is None),
            progress_share=self.progress,
            planned_share=self.planned,
            progress_basis=work.weights.basis,
            effort_minutes=total([leaf.effort_minutes for leaf in work.live]),
            duration_minutes=work.duration_minutes(),
            remaining_minutes=self.remaining,
            spent_minutes=spending.minutes if spending else 0,
            billable_minutes=spending.billable_minutes if spending else 0,
            days_late=self._days_late(elapsed=plan.elapsed),
            is_late=is_late(dates.window.finish, self.day, is_open=work.is_open),
            finished_late=finished_after(dates.window, actual),
            promise_slip_days=self._promise_slip(actual),
            last_activity_on=plan.last_activity_on,
            budget_minor=self.budget.minor,
            budget_basis=self.budget.basis,
            tasks_cost_minor=total([leaf.cost_minor for leaf in work.leaves if leaf.state is not TaskState.CANCELLED]),
            planned_value_minor=self.value.planned_minor,
            earned_value_minor=self.value.earned_minor,
            actual_cost_minor=self.value.actual_minor,
            labour_cost_minor=spending.labour_cost_minor if spending else None,
            expense_minor=spending.expense_minor if spending else None,
            estimate_at_completion_minor=at_completion,
            estimate_by_remaining_minor=from_below,
            revenue_minor=self.revenue.so_far_minor,
            revenue_at_completion_minor=self.revenue.at_completion_minor,
            schedule_performance=self.spi,
            cost_performance=self.value.cost_performance,
            margin_share=margin_share(self.revenue.so_far_minor, self.value.actual_minor),
            margin_at_completion_share=margin_share(
                self.revenue.at_completion_minor, from_below if at_completion is None else at_completion
            ),
            computed_health=verdict.health,
            health_reasons=verdict.reasons,
            is_watermelon=looks_better_than_it_is(plan.reported_health, verdict.health),
        )

    def _schedule_performance(self) -> float | None:
        """Earned over planned value, by their shares: from a quotient of rounded amounts one could tell the budget."""
        if self.budget.minor is None:
            return quotient(self._then(self.progress), self.planned)
        weights = value_weights(self.work.leaves, self.work.weights.of_leaf)
        found = quotient(self._then(self.work.done_by(weights)), self.work.planned_by(weights))
        return None if found is None else round(found, SPI_PLACES)

    def _then(self, value: Known | None) -> Known | None:
        """What rests on progress; None where that of the day is not known."""
        return value if self.plan.knows_progress else None

    def _earned_value(self) -> EarnedValue:
        weights = value_weights(self.work.leaves, self.work.weights.of_leaf)
        budget = self.budget.minor
        return EarnedValue(
            budget_minor=budget,
            planned_minor=part_of(budget, self.work.planned_by(weights)),
            earned_minor=part_of(budget, self._then(self.work.done_by(weights))),
            actual_minor=actual_cost(self.plan.spending, self.definitions.overhead_share),
        )

    def _estimate_at_completion(self) -> int | None:
        """By the cost trend; of a closed project, what it cost."""
        return self._then(self.value.estimate_at_completion_minor if self.work.is_open else self.value.actual_minor)

    def _estimate_by_remaining(self) -> int | None:
        """By the estimates of the work left; where there are none, by the bookings left."""
        actual, overhead = self._then(self.value.actual_minor), self.definitions.overhead_share
        if not self.work.is_open:
            return actual
        if self.remaining is None and actual is not None and self.plan.booked_cost_minor is not None:
            return actual + round(self.plan.booked_cost_minor * (1 + overhead))
        return estimate_by_remaining(actual, self.plan.spending, self.remaining, overhead)

    def _actual_window(self) -> Window:
        """From the first actual start of its tasks to the last actual finish, once the project is closed."""
        actual = span(self.work.actual[leaf.id] for leaf in self.work.leaves)
        return Window(actual.start, None if self.work.is_open else actual.finish)

    def _late_tasks(self) -> int:
        windows, day = self.work.planned, self.day
        return sum(1 for leaf in self.work.open_leaves if is_late(windows[leaf.id].finish, day, is_open=True))

    def _tasks_without_estimate(self) -> int:
        """Open work with neither an effort nor a duration of its own."""
        open_work = (leaf for leaf in self.work.live if leaf.is_open)
        return sum(1 for leaf in open_work if leaf.effort_minutes is None and leaf.duration_minutes is None)

    def _days_late(self, *, elapsed: bool) -> int | None:
        finish, calendar = self.work.dates.window.finish, self.work.calendar
        return days_late(finish, self.day, calendar, is_open=self.work.is_open, elapsed=elapsed)

    def _promise_slip(self, actual: Window) -> int | None:
        """Against the promise: of an open project at least today, since it cannot finish before."""
        dates = self.work.dates
        today = datetime.combine(self.day, datetime.min.time())
        finishes = (dates.window.finish, dates.tasks.finish, today) if self.work.is_open else (actual.finish,)
        has_plan = dates.window.finish is not None or dates.tasks.finish is not None
        return promise_slip_days(self.plan.promised_finish, finishes, self.work.calendar) if has_plan else None

    def _idle_days(self) -> int | None:
        """Working days since anything was recorded; None where nothing ever was."""
        last = self.plan.last_activity_on
        return None if last is None else self.work.calendar.days_since(last, self.day)

    def _signs(self) -> Signs:
        work = self.work
        return Signs(
            state=self.plan.state,
            is_open=work.is_open,
            has_finish=work.dates.window.finish is not None,
            is_late=is_late(work.dates.window.finish, self.day, is_open=work.is_open),
            days_late=self._days_late(elapsed=False) or 0,
            promise_slip_days=self._promise_slip(Window()),
            progress_share=self.progress,
            planned_share=self.planned,
            schedule_performance=self.spi,
            cost_performance=self.value.cost_performance,
            open_tasks=len(work.open_leaves),
            late_tasks=self._late_tasks(),
            tasks_without_estimate=self._tasks_without_estimate(),
            idle_days=self._idle_days(),
            knows_progress=self.plan.knows_progress,
        )

"""Computed health: what the figures say of a project and why, beside what its manager reports."""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.planning.definitions import HealthThresholds
from tools.planning.model import Health, ProjectState

NOT_JUDGED = {
    ProjectState.CANDIDATE: "not_judged.candidate",
    ProjectState.ON_HOLD: "not_judged.on_hold",
    ProjectState.DONE: "not_judged.done",
    ProjectState.CANCELLED: "not_judged.cancelled",
}

WORDS = {
    "late.red": "well past its planned finish",
    "late.amber": "past its planned finish",
    "promise.red": "planned to finish well after the promised date",
    "promise.amber": "planned to finish after the promised date",
    "schedule.red": "far less is done than planned by now",
    "schedule.amber": "less is done than planned by now",
    "cost.red": "the work costs far more than it is worth in the budget",
    "cost.amber": "the work costs more than it is worth in the budget",
    "late_tasks.red": "most of its open tasks are late",
    "late_tasks.amber": "several of its open tasks are late",
    "idle.amber": "nothing has been recorded on it for weeks",
    "estimates.amber": "most of its open tasks have no estimate",
    "not_judged.candidate": "not started yet: a candidate",
    "not_judged.on_hold": "on hold",
    "not_judged.done": "done",
    "not_judged.cancelled": "cancelled",
    "not_judged.past": "not judged as of that day: what was done by then is not on file",
    "not_judged.no_data": "nothing to judge by: no dates, estimates or costs",
}


@dataclass(frozen=True, slots=True)
class Signs:
    """What health is judged by. Days are working days; None where unknown."""

    state: ProjectState
    is_open: bool = True
    has_finish: bool = False
    is_late: bool = False
    days_late: int = 0
    promise_slip_days: int | None = None
    progress_share: float | None = None
    planned_share: float | None = None
    schedule_performance: float | None = None
    cost_performance: float | None = None
    open_tasks: int = 0
    late_tasks: int = 0
    tasks_without_estimate: int = 0
    idle_days: int | None = None
    knows_progress: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """The computed health with the codes of its reasons, worst first; None where it cannot or need not be judged."""

    health: Health | None
    reasons: tuple[str, ...] = ()


def judge(signs: Signs, thresholds: HealthThresholds) -> Verdict:
    """The worst of all signs; green when none of them speaks."""
    if signs.state in NOT_JUDGED or not signs.is_open:
        return Verdict(None, (NOT_JUDGED.get(signs.state, "not_judged.done"),))
    if not signs.knows_progress:
        return Verdict(None, ("not_judged.past",))
    if not _can_be_judged(signs):
        return Verdict(None, ("not_judged.no_data",))
    found = sorted(_findings(signs, thresholds), key=lambda finding: -finding[1].severity)
    worst = found[0][1] if found else Health.GREEN
    return Verdict(worst, tuple(f"{sign}.{health}" for sign, health in found))


def looks_better_than_it_is(reported: Health | None, computed: Health | None) -> bool:
    """A watermelon: green outside, red inside; reported better than the figures say."""
    return reported is not None and computed is not None and reported.severity < computed.severity


def _can_be_judged(signs: Signs) -> bool:
    measures = (signs.schedule_performance, signs.cost_performance, signs.promise_slip_days)
    return signs.has_finish or signs.late_tasks > 0 or any(measure is not None for measure in measures)


def _findings(signs: Signs, limits: HealthThresholds) -> Iterator[tuple[str, Health]]:
    if signs.is_late:
        yield "late", Health.RED if signs.days_late > limits.red_days_late else Health.AMBER
    if (signs.promise_slip_days or 0) > 0:
        yield "promise", Health.RED if (signs.promise_slip_days or 0) > limits.red_days_late else Health.AMBER
    if (signs.planned_share or 0) >= limits.least_share and signs.schedule_performance is not None:
        yield from _below("schedule", signs.schedule_performance, limits.amber_spi, limits.red_spi)
    if (signs.progress_share or 0) >= limits.least_share and signs.cost_performance is not None:
        yield from _below("cost", signs.cost_performance, limits.amber_cpi, limits.red_cpi)
    if signs.open_tasks:
        yield from _open_work(signs, limits)


def _open_work(signs: Signs, limits: HealthThresholds) -> Iterator[tuple[str, Health]]:
    late_share = signs.late_tasks / signs.open_tasks
    if late_share >= limits.amber_late_tasks_share:
        yield "late_tasks", Health.RED if late_share >= limits.red_late_tasks_share else Health.AMBER
    if (signs.idle_days or 0) > limits.amber_idle_days:
        yield "idle", Health.AMBER
    if signs.tasks_without_estimate / signs.open_tasks >= limits.amber_without_estimate_share:
        yield "estimates", Health.AMBER


def _below(sign: str, value: float, amber: float, red: float) -> Iterator[tuple[str, Health]]:
    if value < red:
        yield sign, Health.RED
    elif value < amber:
        yield sign, Health.AMBER

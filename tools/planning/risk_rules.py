"""Signals of risk: what the records themselves speak of, with the evidence, each weighed by likelihood and impact.

Both are 1 (low) to 3 (high); a signal's score is their product, 1 to 9. What has begun already is a likelihood of 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tools.planning.model import Health

SERIOUS = 6  # a score from which a signal is serious
LONG_WAIT_DAYS = 5
LONG_LATE_DAYS = 10
MANY_BEHIND = 3
IDLE_DAYS = 10
STALE_DAYS = 3
MUCH_OVER = 1.25
LEAST_OVER = 1.1
MUCH_OF_WORK = 0.5
MOST_OF_WORK = 0.7
LEAST_WORK_MINUTES = 80 * 60
MANY_MISSING = 0.3
MOST_MISSING = 0.6
AHEAD_OF_TIME = 0.2  # share of the spare days used up beyond the share of the time gone


class Sign(StrEnum):
    """What kind of signal it is; of equal scores the earlier one comes first."""

    WAITING = "waiting"
    PROMISE = "promise"
    OVERBOOKED = "overbooked"
    CONTRACT = "contract"
    LATE = "late"
    SLACK = "slack"
    ONE_PERSON = "one person"
    CONTRADICTED = "contradicted"
    IDLE = "idle"
    ESTIMATES = "estimates"
    OWNERS = "owners"
    LINKS = "links"
    STALE = "stale"


ORDER = list(Sign)


@dataclass(frozen=True, slots=True)
class Weight:
    likelihood: int
    impact: int

    @property
    def score(self) -> int:
        return self.likelihood * self.impact


@dataclass(frozen=True, slots=True)
class TaskSigns:
    """An open task: working days late and waiting for somebody outside, and open tasks that wait for it."""

    is_late: bool = False
    days_late: int = 0
    days_waiting: int | None = None
    behind: int = 0


@dataclass(frozen=True, slots=True)
class ProjectSigns:
    """An open project. Days are working days; the promise's spare days are those between baseline and promise."""

    tasks_open: int = 0
    tasks_unowned: int | None = None  # None where the reader may not know
    tasks_without_estimate: int | None = None
    links: int | None = None
    promise_slip_days: int | None = None
    spare_days_at_first: int | None = None
    spare_days_left: int | None = None
    time_gone_share: float | None = None
    idle_days: int | None = None
    days_since_sync: int | None = None
    reported: Health | None = None
    computed: Health | None = None


def of_task(task: TaskSigns) -> tuple[Sign, Weight] | None:
    """Waiting for others goes before being late: it is why."""
    if task.days_waiting is not None:
        likelihood = 3 if task.days_waiting >= LONG_WAIT_DAYS or task.is_late else 2
        return Sign.WAITING, Weight(likelihood, 1 + (task.behind > 0) + (task.behind >= MANY_BEHIND))
    if task.is_late:
        return Sign.LATE, Weight(3, 1 + (task.behind > 0) + (task.days_late >= LONG_LATE_DAYS and task.behind > 0))
    return None


def of_project(project: ProjectSigns) -> Iterator[tuple[Sign, Weight]]:
    slip = project.promise_slip_days
    if slip is not None and slip > 0:
        yield Sign.PROMISE, Weight(3, 1 + (slip > LONG_WAIT_DAYS) + (slip > 3 * LONG_WAIT_DAYS))
    elif (burnt := slack_burnt(project)) is not None and burnt > (project.time_gone_share or 0) + AHEAD_OF_TIME:
        yield Sign.SLACK, Weight(2, 2)
    if project.reported and project.computed and project.reported.severity < project.computed.severity:
        yield Sign.CONTRADICTED, Weight(2, project.computed.severity - project.reported.severity)
    if project.idle_days is not None and project.idle_days >= IDLE_DAYS:
        yield Sign.IDLE, Weight(2, 1 + (project.idle_days >= 2 * IDLE_DAYS))
    for sign, missing in ((Sign.ESTIMATES, project.tasks_without_estimate), (Sign.OWNERS, project.tasks_unowned)):
        share = (missing or 0) / project.tasks_open if project.tasks_open else 0
        if share >= MANY_MISSING:
            yield sign, Weight(2, 1 + (share >= MOST_MISSING))
    if project.links == 0 and project.tasks_open > 1:
        yield Sign.LINKS, Weight(1, 2)
    if project.days_since_sync is not None and project.days_since_sync >= STALE_DAYS:
        yield Sign.STALE, Weight(1, 2)


def slack_burnt(project: ProjectSigns) -> float | None:
    """The share of the days between baseline and promise that slips have used up; None without such days."""
    if not project.spare_days_at_first or project.spare_days_at_first < 0 or project.spare_days_left is None:
        return None
    return (project.spare_days_at_first - project.spare_days_left) / project.spare_days_at_first


def of_load(booked: float, available: float, due: int) -> Weight | None:
    """An owner's firm bookings against the time they have; `due` are their tasks that end meanwhile."""
    if available <= 0 or booked / available < LEAST_OVER:
        return None
    return Weight(3, 1 + (booked / available >= MUCH_OVER) + (due > 0))


def of_contract(ends: date, work_ends: date, days_after: int) -> Weight | None:
    """Somebody's contract ends before the work they own; `days_after` working days of it lie behind that."""
    if ends >= work_ends:
        return None
    return Weight(3, 1 + (days_after > 0) + (days_after >= LONG_WAIT_DAYS))


def of_one_person(minutes: int, of_minutes: int) -> Weight | None:
    """How much of a project's remaining work hangs on one person."""
    if of_minutes < LEAST_WORK_MINUTES or minutes / of_minutes < MUCH_OF_WORK:
        return None
    return Weight(1, 2 + (minutes / of_minutes >= MOST_OF_WORK))

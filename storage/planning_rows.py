"""Whole plans as planning needs them, for nobody in particular: read by tools/readings.py, shown to no one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import Session, col

from storage.models import Baseline, Blocker, Booking, Expense, Person, Project, Source, StatusUpdate, Task, TimeEntry
from storage.vocabulary import BookingStatus

PROJECTS_AT_ONCE = 100


class PlannedProject(NamedTuple):
    """A project; `owns` are the fields its source decides ("project.planned_finish")."""

    id: int
    key: str
    revision: int
    state: str
    contract_type: str | None
    contract_value_minor: int | None
    currency: str
    planned_start: datetime | None
    planned_finish: datetime | None
    planned_duration_minutes: int | None
    duration_basis: str
    promised_finish: date | None
    planned_cost_minor: int | None
    budget_minor: int | None
    reported_health: str | None
    owns: list[str] | None


class PlannedTask(NamedTuple):
    id: int
    project_id: int
    parent_id: int | None
    state: str
    is_milestone: bool
    planned_start: datetime | None
    planned_finish: datetime | None
    planned_duration_minutes: int | None
    duration_basis: str
    start_delay_minutes: int | None
    actual_start: datetime | None
    actual_finish: datetime | None
    actual_duration_minutes: int | None
    effort_minutes: int | None
    remaining_minutes: int | None
    done_share: float | None
    planned_cost_minor: int | None
    owner_id: int | None
    waits_on: str | None


class Promised(NamedTuple):
    """One row of a baseline, of a task or (without one) of its project; later baselines come later."""

    project_id: int
    task_id: int | None
    planned_start: datetime | None
    planned_finish: datetime | None
    planned_cost_minor: int | None
    effort_minutes: int | None


class Spent(NamedTuple):
    """Time on a project; costs in the organisation's currency, at the rates of the day, before overheads."""

    minutes: int = 0
    billable_minutes: int = 0
    cost_minor: int = 0
    billable_minor: int = 0
    last_worked_on: date | None = None


class Expenses(NamedTuple):
    amount_minor: int = 0
    billable_minor: int = 0


class Booked(NamedTuple):
    """A firm booking that ends on the day or later; the rate is of one hour, None for a role without a name."""

    project_id: int
    starts_on: date
    ends_on: date
    minutes_per_week: int
    cost_rate_minor: int | None


@dataclass(frozen=True)
class PlanningRows:
    """Some projects with all their rows up to a day, in lists by project id or sums by project or task id."""

    day: date
    projects: list[PlannedProject]
    tasks: dict[int, list[PlannedTask]]
    promised: dict[int, list[Promised]]
    booked: dict[int, list[Booked]]
    spent: dict[int, Spent]
    expenses: dict[int, Expenses]
    task_minutes: dict[int, int]
    blocked_tasks: frozenset[int]
    last_status_on: dict[int, date]


def planning_rows(session: Session, project_days: Iterable[tuple[int, date]]) -> Iterator[PlanningRows]:
    """The rows behind the readings of these projects on their days, some projects at a time; nine queries each time.

    No rights apply: only `tools/readings.py` may call this, and what it computes is read back under the rights table.
    """
    by_day: dict[date, list[int]] = defaultdict(list)
    for project_id, day in project_days:
        by_day[day].append(project_id)
    for day, project_ids in by_day.items():
        for start in range(0, len(project_ids), PROJECTS_AT_ONCE):
            yield _rows(session, day, project_ids[start : start + PROJECTS_AT_ONCE])


def _rows(session: Session, day: date, ids: Sequence[int]) -> PlanningRows:
    return PlanningRows(
        day=day,
        projects=[PlannedProject(*row) for row in session.execute(_projects(ids))],
        tasks=_by_project(PlannedTask(*row) for row in session.execute(_tasks(ids))),
        promised=_by_project(Promised(*row) for row in session.execute(_promised(ids, day))),
        booked=_by_project(Booked(*row) for row in session.execute(_booked(ids, day))),
        spent={project_id: _spent(*sums) for project_id, *sums in session.execute(_time(ids, day))},
        expenses={row[0]: Expenses(int(row[1]), int(row[2])) for row in session.execute(_expenses(ids, day))},
        task_minutes={task_id: int(minutes) for task_id, minutes in session.execute(_task_time(ids))},
        blocked_tasks=frozenset(session.execute(_blocked(ids, day)).scalars()),
        last_status_on=dict(session.execute(_statuses(ids, day)).all()),
    )


def _projects(ids: Sequence[int]) -> Select[Any]:
    own = [getattr(Project, label) for label in PlannedProject._fields[:-1]]
    query = select(*own, col(Source.owns)).outerjoin(Source, col(Source.id) == col(Project.source_id))
    return query.where(col(Project.id).in_(ids)).order_by(col(Project.id))


def _tasks(ids: Sequence[int]) -> Select[Any]:
    columns = [getattr(Task, label) for label in PlannedTask._fields]
    return select(*columns).where(col(Task.project_id).in_(ids)).order_by(col(Task.project_id), col(Task.position))


def _promised(ids: Sequence[int], day: date) -> Select[Any]:
    columns = [getattr(Baseline, label) for label in Promised._fields]
    taken = and_(col(Baseline.project_id).in_(ids), col(Baseline.taken_on) <= day)
    return select(*columns).where(taken).order_by(col(Baseline.taken_on), col(Baseline.id))


def _booked(ids: Sequence[int], day: date) -> Select[Any]:
    columns = [getattr(Booking, label) for label in Booked._fields[:-1]]
    query = select(*columns, col(Person.cost_rate_minor)).outerjoin(Person, col(Person.id) == col(Booking.person_id))
    firm = and_(col(Booking.status) == BookingStatus.FIRM, col(Booking.ends_on) >= day)
    return query.where(col(Booking.project_id).in_(ids), firm)


def _time(ids: Sequence[int], day: date) -> Select[Any]:
    minutes = col(TimeEntry.minutes)
    billable_minutes = case((col(TimeEntry.billable), minutes), else_=0)
    sums: tuple[Any, ...] = (
        col(TimeEntry.project_id),
        func.sum(minutes),
        func.sum(billable_minutes),
        func.sum(minutes * col(TimeEntry.cost_rate_minor)),
        func.sum(billable_minutes * func.coalesce(col(TimeEntry.bill_rate_minor), 0)),
        func.max(col(TimeEntry.worked_on)),
    )
    return select(*sums).where(_worked(ids, day)).group_by(col(TimeEntry.project_id))


def _spent(minutes: Any, billable: Any, cost: Any, value: Any, last: date) -> Spent:
    """Sums as both databases give them; rates are of one hour."""
    return Spent(int(minutes), int(billable), round(int(cost) / 60), round(int(value) / 60), last)


def _expenses(ids: Sequence[int], day: date) -> Select[Any]:
    amount = col(Expense.amount_minor)
    billable = case((col(Expense.billable), amount), else_=0)
    sums: tuple[Any, ...] = (col(Expense.project_id), func.sum(amount), func.sum(billable))
    spent = and_(col(Expense.project_id).in_(ids), col(Expense.spent_on) <= day)
    return select(*sums).where(spent).group_by(col(Expense.project_id))


def _task_time(ids: Sequence[int]) -> Select[Any]:
    """Of all days: it is held against the work a task has left, which is known of the present only."""
    of_task = and_(col(TimeEntry.project_id).in_(ids), col(TimeEntry.task_id).is_not(None))
    sums: tuple[Any, ...] = (col(TimeEntry.task_id), func.sum(col(TimeEntry.minutes)))
    return select(*sums).where(of_task).group_by(col(TimeEntry.task_id))


def _worked(ids: Sequence[int], day: date) -> ColumnElement[bool]:
    return and_(col(TimeEntry.project_id).in_(ids), col(TimeEntry.worked_on) <= day)


def _blocked(ids: Sequence[int], day: date) -> Select[Any]:
    standing = and_(
        col(Blocker.opened_on) <= day, or_(col(Blocker.cleared_on).is_(None), col(Blocker.cleared_on) > day)
    )
    query = select(col(Blocker.task_id)).join(Task, col(Task.id) == col(Blocker.task_id))
    return query.where(col(Task.project_id).in_(ids), standing)


def _statuses(ids: Sequence[int], day: date) -> Select[Any]:
    written = and_(col(StatusUpdate.project_id).in_(ids), col(StatusUpdate.written_on) <= day)
    last: tuple[Any, ...] = (col(StatusUpdate.project_id), func.max(col(StatusUpdate.written_on)))
    return select(*last).where(written).group_by(col(StatusUpdate.project_id))


def _by_project(rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.project_id].append(row)
    return grouped

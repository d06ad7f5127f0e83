"""Turns storage's rows into what planning is told."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from storage import planning_rows as rows
from storage.models import Organisation
from storage.vocabulary import DurationBasis
from tools.planning.calendar import WorkingCalendar
from tools.planning.definitions import Definitions, HealthThresholds
from tools.planning.model import (
    ContractType,
    Health,
    PlannedTask,
    ProjectPlan,
    ProjectState,
    Promise,
    Spending,
    TaskState,
)

PROJECT_DATES = frozenset({"project.planned_start", "project.planned_finish", "project.planned_duration_minutes"})
NO_PROMISE = Promise()


@dataclass(frozen=True)
class Snapshot:
    """One project's plan as of a day, and the revision of its rows."""

    day: date
    revision: int
    plan: ProjectPlan


def definitions(session: Session) -> Definitions:
    """What this organisation computes with: its currency, and its policies where it has any."""
    organisation = session.get(Organisation, 1)
    if organisation is None:
        return Definitions()
    policies = organisation.policies
    return Definitions(
        currency=organisation.currency,
        overhead_share=policies.get("overhead_share", 0.0),
        exchange_rates=policies.get("exchange_rates", {}),
        weekday_minutes=tuple(policies.get("weekday_minutes", Definitions().weekday_minutes)),
        health=_thresholds(policies.get("health", {})),
    )


def snapshots(
    found: rows.PlanningRows, meaning: Definitions, calendar: WorkingCalendar, moved_on: Set[int] = frozenset()
) -> Iterator[Snapshot]:
    """A plan for each project of these rows; the progress of those that `moved_on` is of a later day than theirs."""
    for project in found.projects:
        plan = _plan(project, found, meaning, calendar)
        yield Snapshot(found.day, project.revision, replace(plan, knows_progress=project.id not in moved_on))


def _plan(
    project: rows.PlannedProject, found: rows.PlanningRows, meaning: Definitions, calendar: WorkingCalendar
) -> ProjectPlan:
    promises = _promises(found.promised.get(project.id, ()))
    rate = meaning.into(project.currency)
    return ProjectPlan(
        id=project.id,
        key=project.key,
        tasks=[_task(task, found, promises) for task in found.tasks.get(project.id, ())],
        state=ProjectState(project.state),
        start=project.planned_start,
        finish=project.planned_finish,
        duration_minutes=project.planned_duration_minutes,
        elapsed=project.duration_basis == DurationBasis.ELAPSED,
        source_owns_dates=not PROJECT_DATES.isdisjoint(project.owns or ()),
        promised_finish=project.promised_finish,
        planned_cost_minor=project.planned_cost_minor,
        budget_minor=project.budget_minor,
        baseline=promises.get(None),
        contract_type=ContractType(project.contract_type) if project.contract_type else None,
        contract_value_minor=project.contract_value_minor,
        reported_health=Health(project.reported_health) if project.reported_health else None,
        spending=_spending(found.spent.get(project.id), found.expenses.get(project.id), rate),
        booked_cost_minor=_booked_cost(found.booked.get(project.id, ()), found.day, calendar, rate),
        last_activity_on=_last_activity(project.id, found),
    )


def _task(task: rows.PlannedTask, found: rows.PlanningRows, promises: Mapping[int | None, Promise]) -> PlannedTask:
    return PlannedTask(
        id=task.id,
        state=_TASK_STATES[task.state],
        parent_id=task.parent_id,
        is_milestone=task.is_milestone,
        start=task.planned_start,
        finish=task.planned_finish,
        duration_minutes=task.planned_duration_minutes,
        elapsed=task.duration_basis == DurationBasis.ELAPSED,
        start_delay_minutes=task.start_delay_minutes,
        actual_start=task.actual_start,
        actual_finish=task.actual_finish,
        actual_duration_minutes=task.actual_duration_minutes,
        effort_minutes=task.effort_minutes,
        remaining_minutes=task.remaining_minutes,
        spent_minutes=found.task_minutes.get(task.id, 0),
        done_share=task.done_share,
        cost_minor=task.planned_cost_minor,
        baseline=promises.get(task.id),
        is_owned=task.owner_id is not None,
        is_blocked=task.waits_on is not None or task.id in found.blocked_tasks,
    )


def _promises(promised: Sequence[rows.Promised]) -> dict[int | None, Promise]:
    """The last promise of each task, and of the project under None; a later one keeps what it does not restate."""
    promises: dict[int | None, Promise] = {}
    for row in promised:
        stated: dict[str, Any] = {
            "start": row.planned_start,
            "finish": row.planned_finish,
            "cost_minor": row.planned_cost_minor,
        }
        changed = {label: value for label, value in stated.items() if value is not None}
        promises[row.task_id] = replace(promises.get(row.task_id, NO_PROMISE), **changed)
    return promises


def _spending(spent: rows.Spent | None, expenses: rows.Expenses | None, rate: float | None) -> Spending | None:
    if spent is None and expenses is None:
        return None
    spent, expenses = spent or rows.Spent(), expenses or rows.Expenses()
    return Spending(
        minutes=spent.minutes,
        billable_minutes=spent.billable_minutes,
        labour_cost_minor=None if rate is None else round(spent.cost_minor * rate),
        billable_value_minor=None if rate is None else round(spent.billable_minor * rate),
        expense_minor=expenses.amount_minor,
        billable_expense_minor=expenses.billable_minor,
    )


def _booked_cost(
    bookings: Sequence[rows.Booked], day: date, calendar: WorkingCalendar, rate: float | None
) -> int | None:
    """The cost of the firm bookings from `day` on; None without any, or where one has no rate."""
    if not bookings or rate is None or any(booking.cost_rate_minor is None for booking in bookings):
        return None
    days_a_week = sum(1 for minutes in calendar.weekday_minutes if minutes)
    cost = 0.0
    for booking in bookings:
        days = calendar.working_days(max(booking.starts_on, day), booking.ends_on + timedelta(days=1))
        hours = max(0, days) * booking.minutes_per_week / days_a_week / 60
        cost += hours * (booking.cost_rate_minor or 0)
    return round(cost * rate)


def _last_activity(project_id: int, found: rows.PlanningRows) -> date | None:
    """The last day with time entered, a status note written or a task finished, up to the day."""
    spent = found.spent.get(project_id)
    days = [task.actual_finish.date() for task in found.tasks.get(project_id, ()) if task.actual_finish]
    days += [day for day in (spent and spent.last_worked_on, found.last_status_on.get(project_id)) if day]
    return max((day for day in days if day <= found.day), default=None)


def _thresholds(policy: Mapping[str, Any]) -> HealthThresholds:
    known = {field.name for field in fields(HealthThresholds)}
    return HealthThresholds(**{label: value for label, value in policy.items() if label in known})


_TASK_STATES = {state.value: state for state in TaskState}

"""Time, expenses and invoices up to a day, in sums that a reader may see."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session, col

from storage.access import Access, FieldClass, Reader, resolve
from storage.models import BillingMilestone, Expense, Person, Project, Task, TaskReading, TimeEntry
from storage.records import ExpenseRecord, HoursRecord, InvoiceRecord, TimeRecord

_MINUTES_OF_A_RATE = 60  # rates are money for one hour


def time_by_project(session: Session, reader: Reader, project_ids: Iterable[int], as_of: date) -> dict[int, TimeRecord]:
    """Time on these projects up to a day, by project id: hours for whom team sums are open, cost for whom money is."""
    access = resolve(session, reader)
    seen_hours = access.team_summary()
    rows = and_(col(TimeEntry.project_id).in_(list(project_ids)), access.projects())
    return _time(session, access, col(TimeEntry.project_id), seen_hours, rows, as_of)


def time_by_task(session: Session, reader: Reader, project_id: int, as_of: date) -> dict[int, TimeRecord]:
    """Time on the tasks of a project up to a day, by task id: hours for its team, cost for whom money is open."""
    access = resolve(session, reader)
    rows = and_(col(TimeEntry.project_id) == project_id, col(TimeEntry.task_id).is_not(None), access.projects())
    return _time(session, access, col(TimeEntry.task_id), access.projects(FieldClass.TEAM), rows, as_of)


def time_by_person(
    session: Session, reader: Reader, project_ids: Iterable[int], as_of: date, since: date | None = None
) -> dict[int, TimeRecord]:
    """Time of each person on these projects up to a day, by person id, of work whose person the reader may know.

    What one person costs shows only to those who see rates.
    """
    access = resolve(session, reader)
    known = access.work_of(col(TimeEntry.person_id))
    rows = and_(col(TimeEntry.project_id).in_(list(project_ids)), known)
    if since is not None:
        rows = and_(rows, col(TimeEntry.worked_on) >= since)
    return _time(session, access, col(TimeEntry.person_id), known, rows, as_of)


def minutes_on_task(session: Session, reader: Reader, person_id: int, task_id: int) -> int:
    """The reader's own time on a visible task, as recorded; nobody else's, which is 0 here."""
    if reader.principals != (person_id,):
        return 0
    query = (
        select(func.coalesce(func.sum(col(TimeEntry.minutes)), 0))
        .join(Task, col(Task.id) == col(TimeEntry.task_id))
        .join(Project, col(Project.id) == col(Task.project_id))
        .where(col(TimeEntry.person_id) == person_id, col(TimeEntry.task_id) == task_id)
        .where(resolve(session, reader).projects())
    )
    return int(session.execute(query).scalar_one())


def people_whose_hours_show(session: Session, reader: Reader, person_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people whose hours worked the reader may sum."""
    query = select(col(Person.id)).where(col(Person.id).in_(list(person_ids)), resolve(session, reader).hours_of())
    return frozenset(session.execute(query).scalars())


def knows_all_hours(session: Session, reader: Reader) -> bool:
    """Whether such sums have nothing left out for this reader; it follows from rights alone."""
    return resolve(session, reader).knows_all_hours


def hours_by_week(
    session: Session, reader: Reader, person_ids: Iterable[int], weeks: Sequence[tuple[date, date]]
) -> dict[tuple[int, int], HoursRecord]:
    """Hours worked by person and place of the week among these, which come in order; as far as the reader may."""
    if not weeks:
        return {}
    access = resolve(session, reader)
    minutes, day = col(TimeEntry.minutes), col(TimeEntry.worked_on)
    week = case(*((day <= last, place) for place, (_, last) in enumerate(weeks))).label("week")
    columns: list[Any] = [
        col(TimeEntry.person_id), week, func.sum(minutes), func.sum(case((col(TimeEntry.billable), minutes), else_=0))
    ]  # fmt: skip
    query = (
        select(*columns)
        .join(Project, col(Project.id) == col(TimeEntry.project_id))
        .join(Person, col(Person.id) == col(TimeEntry.person_id))
        .where(
            col(TimeEntry.person_id).in_(list(person_ids)),
            day.between(weeks[0][0], weeks[-1][1]),
            access.hours_of(),
            or_(access.team_summary(), access.work_of(col(TimeEntry.person_id))),
        )
        .group_by(col(TimeEntry.person_id), "week")
    )
    return {(person, place): HoursRecord(*map(int, sums)) for person, place, *sums in session.execute(query)}


def approved_until(session: Session, reader: Reader, project_ids: Iterable[int], as_of: date) -> date | None:
    """The last day up to `as_of` with approved time on these visible projects; None without any."""
    approved = and_(col(TimeEntry.approved).is_(True), col(TimeEntry.worked_on) <= as_of)
    query = (
        select(func.max(col(TimeEntry.worked_on)))
        .join(Project, col(Project.id) == col(TimeEntry.project_id))
        .where(col(TimeEntry.project_id).in_(list(project_ids)), approved, resolve(session, reader).projects())
    )
    return session.execute(query).scalar()


def list_expenses(session: Session, reader: Reader, project_ids: Iterable[int], as_of: date) -> list[ExpenseRecord]:
    """Expenses up to a day of those projects whose money the reader sees, the latest first."""
    columns: list[Any] = [getattr(Expense, label) for label in ExpenseRecord.__annotations__]
    query = (
        select(*columns)
        .join(Project, col(Project.id) == col(Expense.project_id))
        .where(
            col(Expense.project_id).in_(list(project_ids)), col(Expense.spent_on) <= as_of, _sees_money(session, reader)
        )
        .order_by(col(Expense.spent_on).desc(), col(Expense.id))
    )
    return [ExpenseRecord(*row) for row in session.execute(query)]


def open_invoices(session: Session, reader: Reader, project_ids: Iterable[int], as_of: date) -> list[InvoiceRecord]:
    """Billing milestones not invoiced by a day, of projects whose money the reader sees, the next one first."""
    columns: list[Any] = [
        Project.id, Project.key, BillingMilestone.label, BillingMilestone.amount_minor, Project.currency,
        BillingMilestone.due_on, func.coalesce(col(TaskReading.finish), col(Task.planned_finish)),
    ]  # fmt: skip
    uninvoiced = or_(col(BillingMilestone.invoiced_on).is_(None), col(BillingMilestone.invoiced_on) > as_of)
    query = (
        select(*columns)
        .join(Project, col(Project.id) == col(BillingMilestone.project_id))
        .outerjoin(Task, col(Task.id) == col(BillingMilestone.task_id))
        .outerjoin(TaskReading, col(TaskReading.task_id) == col(Task.id))
        .where(col(Project.id).in_(list(project_ids)), uninvoiced, _sees_money(session, reader))
    )
    invoices = [InvoiceRecord(*row) for row in session.execute(query)]
    return sorted(invoices, key=lambda invoice: (invoice.expected_on or date.max, invoice.project_key, invoice.label))


def _time(
    session: Session, access: Access, by: Any, sees_hours: ColumnElement[bool], rows: ColumnElement[bool], as_of: date
) -> dict[int, TimeRecord]:
    minutes = col(TimeEntry.minutes)
    billable = case((col(TimeEntry.billable), minutes), else_=0)
    approved = case((col(TimeEntry.approved), minutes), else_=0)
    price = func.coalesce(col(TimeEntry.bill_rate_minor), 0)
    flags = (sees_hours, access.projects(FieldClass.MONEY), access.projects(FieldClass.RATE))
    columns: list[Any] = [
        by, func.max(col(TimeEntry.worked_on)), func.count(col(TimeEntry.person_id).distinct()), func.sum(minutes),
        func.sum(billable), func.sum(approved), func.sum(minutes * col(TimeEntry.cost_rate_minor)),
        func.sum(billable * price), *(func.min(case((flag, 1), else_=0)) for flag in flags),
    ]  # fmt: skip
    query = (
        select(*columns)
        .join(Project, col(Project.id) == col(TimeEntry.project_id))
        .where(rows, col(TimeEntry.worked_on) <= as_of)
        .group_by(by)
    )
    return {key: _record(*sums) for key, *sums in session.execute(query)}


def _record(last: date, people: int, minutes: Any, billable: Any, approved: Any, *rest: Any) -> TimeRecord:
    """A sum as both databases give it; every row of it must be seen, and rates are of one hour."""
    cost, price, *flags = rest
    classes = zip((FieldClass.TEAM, FieldClass.MONEY, FieldClass.RATE), flags, strict=True)
    values = {
        "last_worked_on": last,
        "people": people,
        "minutes": int(minutes),
        "billable_minutes": int(billable),
        "approved_minutes": int(approved),
        "cost_minor": round(int(cost) / _MINUTES_OF_A_RATE),
        "billable_minor": round(int(price) / _MINUTES_OF_A_RATE),
    }
    sees = frozenset({FieldClass.OPEN, *(field_class for field_class, flag in classes if flag)})
    return TimeRecord.of(values, sees, people=people)


def _sees_money(session: Session, reader: Reader) -> ColumnElement[bool]:
    return resolve(session, reader).projects(FieldClass.MONEY)

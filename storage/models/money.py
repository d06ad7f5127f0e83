"""Hours spent and invoices due."""

from datetime import date

from sqlmodel import Field, SQLModel

from storage.models.columns import link, minor, not_negative, row_id


class TimeEntry(SQLModel, table=True):
    """Time one person spent on one day; the rates are those of that day, in the organisation's currency."""

    __table_args__ = (not_negative("time_entry", "minutes"),)
    __tablename__ = "time_entry"

    id: int | None = row_id()
    person_id: int = link("person.id", required=True)
    project_id: int = link("project.id", required=True)
    task_id: int | None = link("task.id")
    worked_on: date = Field(index=True)
    minutes: int
    billable: bool = True
    approved: bool = False
    cost_rate_minor: int = minor(required=True)
    bill_rate_minor: int | None = minor()


class Expense(SQLModel, table=True):
    """Money spent on a project beside people's time, in the project's currency."""

    id: int | None = row_id()
    project_id: int = link("project.id", required=True)
    spent_on: date
    amount_minor: int = minor(required=True)
    label: str
    billable: bool = False


class BillingMilestone(SQLModel, table=True):
    """An amount that may be invoiced on a day, or when its task is done."""

    __tablename__ = "billing_milestone"

    id: int | None = row_id()
    project_id: int = link("project.id", required=True)
    task_id: int | None = link("task.id")
    label: str
    amount_minor: int = minor(required=True)
    due_on: date | None = None
    invoiced_on: date | None = None

"""Portfolios, programs, projects and tasks, and what ties them together."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.columns import (
    document,
    in_order,
    is_share,
    link,
    minor,
    moment,
    not_negative,
    one_of,
    row_id,
)
from storage.vocabulary import (
    BookingStatus,
    Confidentiality,
    ConstraintKind,
    ContractType,
    DurationBasis,
    Health,
    Level,
    LinkKind,
    ProjectState,
    TaskState,
)


class Portfolio(SQLModel, table=True):
    id: int | None = row_id()
    key: str = Field(unique=True)
    source_id: int | None = link("source.id")
    name: str = Field(index=True)
    manager_id: int | None = link("person.id")
    custom: dict[str, Any] = document()  # values of the CustomFields of this level


class Program(SQLModel, table=True):
    """Related projects managed for their benefits; `name` is None where the source gives only a key."""

    id: int | None = row_id()
    key: str = Field(unique=True)
    source_id: int | None = link("source.id")
    portfolio_id: int | None = link("portfolio.id")
    name: str | None = Field(default=None, index=True)
    manager_id: int | None = link("person.id")
    custom: dict[str, Any] = document()


class Project(SQLModel, table=True):
    """One project as its source gives it: nothing here is derived. `revision` grows with every write to its rows."""

    __table_args__ = (
        one_of("project", "state", ProjectState),
        one_of("project", "reported_health", Health),
        one_of("project", "confidentiality", Confidentiality),
        one_of("project", "contract_type", ContractType),
        one_of("project", "duration_basis", DurationBasis),
        in_order("project", "planned_start", "planned_finish"),
        not_negative("project", "planned_duration_minutes"),
    )

    id: int | None = row_id()
    key: str = Field(unique=True)
    source_id: int | None = link("source.id")
    portfolio_id: int | None = link("portfolio.id")
    program_id: int | None = link("program.id")
    name: str | None = Field(default=None, index=True)
    client: str | None = Field(default=None, index=True)
    manager_id: int | None = link("person.id")
    state: str = ProjectState.UNKNOWN
    confidentiality: str = Confidentiality.INTERNAL
    contract_type: str | None = None
    reported_health: str | None = None
    reported_health_on: date | None = None
    planned_start: datetime | None = moment()
    planned_finish: datetime | None = moment()
    planned_duration_minutes: int | None = minor()
    duration_basis: str = DurationBasis.WORKING
    promised_finish: date | None = None
    currency: str = Field(max_length=3)
    planned_cost_minor: int | None = minor()
    budget_minor: int | None = minor()
    contract_value_minor: int | None = minor()
    target_margin_share: float | None = None
    reported_cost_variance_minor: int | None = minor()  # as the source reports it; below zero is an overrun
    reported_delay_minutes: int | None = minor()  # as the source reports it
    calendar_id: int | None = link("calendar.id")
    revision: int = 0
    custom: dict[str, Any] = document()


class Task(SQLModel, table=True):
    """A task, summary or milestone of the work breakdown structure, as its source gives it."""

    __table_args__ = (
        one_of("task", "state", TaskState),
        one_of("task", "duration_basis", DurationBasis),
        one_of("task", "constraint_kind", ConstraintKind),
        in_order("task", "planned_start", "planned_finish"),
        is_share("task", "done_share"),
        not_negative("task", "planned_duration_minutes"),
        not_negative("task", "effort_minutes"),
        not_negative("task", "remaining_minutes"),
        UniqueConstraint("project_id", "position", name="uq_task_position"),
        Index("ix_task_owner_project", "owner_id", "project_id"),  # who is on a project's team
    )

    id: int | None = row_id()
    key: str = Field(unique=True)
    source_id: int | None = link("source.id")
    project_id: int = link("project.id", required=True)
    parent_id: int | None = link("task.id")
    position: int  # order within the project, from 1
    wbs: str | None = None
    name: str = Field(index=True)
    description: str | None = None
    owner_id: int | None = link("person.id", index=False)
    state: str = TaskState.NOT_STARTED
    source_state: str | None = Field(default=None, index=True)  # the source's own word
    is_milestone: bool = False
    deliverable_type: str | None = Field(default=None, index=True)
    planned_start: datetime | None = moment()
    planned_finish: datetime | None = moment()
    planned_duration_minutes: int | None = minor()
    duration_basis: str = DurationBasis.WORKING
    start_delay_minutes: int | None = minor()  # actual start - planned start, as the source reports it
    actual_start: datetime | None = moment()
    actual_finish: datetime | None = moment()
    actual_duration_minutes: int | None = minor()
    effort_minutes: int | None = minor()
    effort_low_minutes: int | None = minor()
    effort_high_minutes: int | None = minor()
    remaining_minutes: int | None = minor()
    done_share: float | None = None
    deadline: date | None = None
    constraint_kind: str | None = None
    constraint_at: datetime | None = moment()
    is_pinned: bool = False  # its dates were set by hand, and no link moves them
    calendar_id: int | None = link("calendar.id")  # None: the project's
    waits_on: str | None = None  # who or what outside the plan it waits for
    waits_since: date | None = None
    planned_cost_minor: int | None = minor()
    custom: dict[str, Any] = document()


class Dependency(SQLModel, table=True):
    """`successor` waits for `predecessor`; the two may belong to different projects."""

    __table_args__ = (
        one_of("dependency", "kind", LinkKind),
        one_of("dependency", "lag_basis", DurationBasis),
        UniqueConstraint("predecessor_id", "successor_id", "kind", name="uq_dependency"),
    )

    id: int | None = row_id()
    predecessor_id: int = link("task.id", required=True)
    successor_id: int = link("task.id", required=True)
    kind: str = LinkKind.FS
    lag_minutes: int = 0
    lag_basis: str = DurationBasis.WORKING


class Assignment(SQLModel, table=True):
    """Somebody who works on a task, its owner or beside its owner."""

    __table_args__ = (
        UniqueConstraint("task_id", "person_id", name="uq_assignment"),
        not_negative("assignment", "share"),
        not_negative("assignment", "effort_minutes"),
        Index("ix_assignment_person_task", "person_id", "task_id"),  # who is on a project's team
    )

    id: int | None = row_id()
    task_id: int = link("task.id", required=True)
    person_id: int = link("person.id", required=True, index=False)
    share: float = 1.0  # of the person's working time while the task lasts
    effort_minutes: int | None = minor()


class Booking(SQLModel, table=True):
    """Hours of a person, or of a role without a name, held for a project; both days included."""

    __table_args__ = (
        one_of("booking", "status", BookingStatus),
        in_order("booking", "starts_on", "ends_on"),
        not_negative("booking", "minutes_per_week"),
        is_share("booking", "probability"),
        Index("ix_booking_person_project", "person_id", "project_id"),  # who is on a project's team
    )

    id: int | None = row_id()
    project_id: int = link("project.id", required=True)
    person_id: int | None = link("person.id")
    role: str | None = None
    status: str = BookingStatus.FIRM
    probability: float = 1.0
    starts_on: date
    ends_on: date
    minutes_per_week: int
    do_not_move: bool = False


class Baseline(SQLModel, table=True):
    """What was promised for one task (or, without a task, for the project) when the baseline was taken."""

    id: int | None = row_id()
    project_id: int = link("project.id", required=True)
    task_id: int | None = link("task.id")
    name: str
    taken_on: date
    planned_start: datetime | None = moment()
    planned_finish: datetime | None = moment()
    planned_duration_minutes: int | None = minor()
    planned_cost_minor: int | None = minor()
    effort_minutes: int | None = minor()


class Alias(SQLModel, table=True):
    """Another name people use for a portfolio, program, project or person."""

    __table_args__ = (one_of("alias", "level", Level), UniqueConstraint("level", "entity_id", "text", name="uq_alias"))

    id: int | None = row_id()
    level: str
    entity_id: int
    text: str = Field(index=True)


class CustomField(SQLModel, table=True):
    """A field of the firm's own: its values lie in the `custom` column of its level under `key`."""

    __table_args__ = (UniqueConstraint("level", "key", name="uq_custom_field"),)

    id: int | None = row_id()
    level: str
    key: str
    label: str
    kind: str  # money lies as integer minor units, days as a number of days, dates as ISO text
    currency: str | None = Field(default=None, max_length=3)  # of a kind money
    field_class: str = "open"  # the class of DESIGN's rights table
    also_called: list[str] = document(list)


class SourceWord(SQLModel, table=True):
    """What a source, or the firm, calls one of our levels or fields ("activity" for task)."""

    __table_args__ = (UniqueConstraint("level", "field", "word", name="uq_source_word"),)

    id: int | None = row_id()
    level: str
    field: str | None = None  # None: the level itself
    word: str

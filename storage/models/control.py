"""Where rows come from, how they changed, what was said, and the figures kept for each day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlmodel import Column, Field, SQLModel

from storage.models.columns import BigId, anything, document, instant, link, minor, moment, one_of, row_id
from storage.vocabulary import Complaint, Decision, ProposalStatus, Verdict

LONGEST_NOTE = 500


class Source(SQLModel, table=True):
    """A system rows come from. `data_as_of` marks a snapshot: the default clock of its rows."""

    id: int | None = row_id()
    name: str = Field(unique=True)
    kind: str
    data_as_of: date | None = None
    synced_at: datetime | None = instant(required=False)
    owns: list[str] = document(list)  # "project.planned_finish": the fields this source decides


class ImportRun(SQLModel, table=True):
    """One import that was applied, and what it counted."""

    __tablename__ = "import_run"

    id: int | None = row_id()
    source_id: int = link("source.id", required=True)
    ran_at: datetime = instant()
    digest: str
    report: dict[str, Any] = document()


class History(SQLModel, table=True):
    """One edited field of one row, from the first write on: who, when, why, before and after."""

    __table_args__ = (Index("ix_history_row", "table", "row_id"),)

    id: int | None = row_id()
    at: datetime = instant(index=True)
    change_set: str = Field(index=True)  # all edits of one transaction share it
    person_id: int | None = link("person.id")
    cause: str
    table: str
    row_id: int
    field: str | None = None  # None: the whole row was added or removed
    before: Any = anything()
    after: Any = anything()
    project_id: int | None = Field(default=None, index=True)  # no foreign key: history outlives its rows


class Proposal(SQLModel, table=True):
    """A set of changes somebody proposed. Nothing of it is true before people who are entitled to it confirm it."""

    __table_args__ = (one_of("proposal", "status", ProposalStatus),)

    id: int | None = row_id()
    key: str = Field(unique=True)  # random: a counter would tell how much others plan
    version: int = 1
    digest: str  # of all that a click applies: the edits with the values they replace
    status: str = ProposalStatus.OPEN
    proposer_id: int = link("person.id", required=True)
    surface: str
    title: str
    reasons: list[str] = document(list)
    changes: list[dict[str, Any]] = document(list)  # typed, as tools/planning/changes.py knows them
    edits: list[dict[str, Any]] = document(list)  # row edits, as storage/edits.py knows them
    base: dict[str, int] = document()  # the revision of each project it touches, by the project's id
    created_at: datetime = instant()
    expires_at: datetime = instant()
    decided_at: datetime | None = instant(required=False)
    applied: list[dict[str, Any]] = document(list)  # the edits as they were applied, with the ids of new rows
    change_set: str | None = None  # of the history it wrote
    replaced_by: str | None = None  # the key of the proposal made in its place, or to undo it


class Approval(SQLModel, table=True):
    """One person's click on one version of a proposal."""

    __table_args__ = (one_of("approval", "decision", Decision),)

    id: int | None = row_id()
    proposal_id: int = link("proposal.id", required=True)
    person_id: int = link("person.id", required=True)
    digest: str  # of the version that was shown
    decision: str
    note: str = Field(default="", max_length=LONGEST_NOTE)
    at: datetime = instant()


class AuditEvent(SQLModel, table=True):
    """Who saw or did something; append-only, each row bound to the one before by its hash."""

    __tablename__ = "audit_event"

    id: int | None = row_id()
    at: datetime = instant()
    person_id: int | None = link("person.id")
    action: str
    outcome: str
    content_hash: str
    previous_hash: str
    hash: str = Field(unique=True)


class AuditContent(SQLModel, table=True):
    """What an audit event was about, apart from it, so that erasing a person's data leaves the chain whole."""

    __tablename__ = "audit_content"

    event_id: int = Field(sa_column=Column(BigId, ForeignKey("audit_event.id"), primary_key=True, autoincrement=False))
    salt: str  # nobody can guess from the hash alone what was erased
    subject: str
    details: dict[str, Any] = document()


class Conversation(SQLModel, table=True):
    """A thread of one person on one surface."""

    __table_args__ = (UniqueConstraint("person_id", "thread", name="uq_conversation_thread"),)

    id: int | None = row_id()
    person_id: int = link("person.id", required=True)
    thread: str
    surface: str
    title: str  # its first question
    started_at: datetime = instant()
    latest_at: datetime = instant()
    focus: dict[str, Any] = document()  # what "it" and "and the other one" refer to


class Message(SQLModel, table=True):
    """One question or answer; `answer` is the whole Answer JSON of an answer."""

    __table_args__ = (UniqueConstraint("conversation_id", "number", name="uq_message"),)

    id: int | None = row_id()
    conversation_id: int = link("conversation.id", required=True, index=False, on_delete="CASCADE")
    number: int  # within its conversation, from 1: an id would tell how much others talk
    at: datetime = instant()
    role: str
    text: str
    answer: dict[str, Any] = document()


class Feedback(SQLModel, table=True):
    """What a person thinks of one answer they got; it goes with its conversation."""

    __table_args__ = (
        UniqueConstraint("message_id", "person_id", name="uq_feedback"),
        one_of("feedback", "verdict", Verdict),
        one_of("feedback", "reason", Complaint),
    )

    id: int | None = row_id()
    message_id: int = link("message.id", required=True, index=False, on_delete="CASCADE")
    person_id: int = link("person.id", required=True)
    verdict: str
    reason: str | None = None
    note: str = Field(default="", max_length=LONGEST_NOTE)
    at: datetime = instant()


class TaskReading(SQLModel, table=True):
    """What planning derives of one task from its project's rows; true for that revision of the project."""

    __tablename__ = "task_reading"

    task_id: int = Field(primary_key=True, foreign_key="task.id", ondelete="CASCADE")
    project_id: int = link("project.id", required=True, on_delete="CASCADE")
    is_leaf: bool
    is_open: bool
    start: datetime | None = moment()
    finish: datetime | None = moment(index=True)
    actual_start: datetime | None = moment()
    actual_finish: datetime | None = moment()
    done_share: float | None = None
    duration_minutes: int | None = minor()  # of a summary: from its first start to its last finish
    effort_minutes: int | None = minor()  # of a summary, this and the two below: the sum of its leaves
    remaining_minutes: int | None = minor()
    cost_minor: int | None = minor()
    finished_late: bool = False
    days_finished_late: int | None = None  # below zero: early; None unless its actual finish is known


class ProjectReading(SQLModel, table=True):
    """The computed figures of one project on one day, for one revision of its rows; tools/planning defines each."""

    __tablename__ = "project_reading"
    __table_args__ = (UniqueConstraint("project_id", "day", name="uq_project_reading"),)

    id: int | None = row_id()
    project_id: int = link("project.id", required=True, on_delete="CASCADE")
    day: date = Field(index=True)
    revision: int
    definitions: str = ""  # the metric definitions and settings it was computed with
    is_open: bool
    start: datetime | None = moment()
    finish: datetime | None = moment()
    dates_basis: str  # "own", "tasks" or "none"
    tasks_start: datetime | None = moment()
    tasks_finish: datetime | None = moment()
    actual_start: datetime | None = moment()
    actual_finish: datetime | None = moment()
    tasks: int
    tasks_open: int
    tasks_done: int
    tasks_late: int
    tasks_blocked: int
    tasks_unowned: int
    tasks_without_estimate: int
    tasks_without_progress: int = 0  # in progress with nothing that says how far; they count as not done
    progress_share: float | None = None
    planned_share: float | None = None
    progress_basis: str  # "effort", "duration", "cost" or "none"
    effort_minutes: int | None = minor()
    duration_minutes: int | None = minor()  # the sum of its leaf tasks, in working minutes
    remaining_minutes: int | None = minor()
    spent_minutes: int = 0
    billable_minutes: int = 0
    cost_people: int = 0  # whose time is in the cost; of one or two it would show a rate
    days_late: int | None = None  # working or elapsed days, as the project counts
    is_late: bool
    finished_late: bool
    promise_slip_days: int | None = None  # working days the planned finish lies after the promised one
    last_activity_on: date | None = None
    budget_minor: int | None = minor()  # the budget at completion that the figures below measure against
    budget_basis: str = "none"  # "baseline", "budget", "planned cost", "tasks" or "none"
    tasks_cost_minor: int | None = minor()
    planned_value_minor: int | None = minor()
    earned_value_minor: int | None = minor()
    actual_cost_minor: int | None = minor()
    labour_cost_minor: int | None = minor()  # without overhead
    expense_minor: int | None = minor()
    estimate_at_completion_minor: int | None = minor()  # if the cost trend goes on
    estimate_by_remaining_minor: int | None = minor()  # if the remaining work costs what its estimates say
    revenue_minor: int | None = minor()
    revenue_at_completion_minor: int | None = minor()
    schedule_performance: float | None = None
    cost_performance: float | None = None
    margin_share: float | None = None
    margin_at_completion_share: float | None = None
    computed_health: str | None = None
    health_reasons: list[str] = document(list)  # codes of tools/planning/health.py
    is_watermelon: bool = False  # reported better than computed

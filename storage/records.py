"""What reads give: frozen records of rows, with the fields their reader may not see left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self, TypeVar, get_type_hints

from storage.access import FieldClass
from storage.vocabulary import Level

_OF_TIME = "of time"
_SHOWN = 80  # letters of an unknown name that are repeated back
FEWEST_PEOPLE = 3  # a sum over fewer would show somebody's rate

T = TypeVar("T")

# A field of one of these types is None for a reader who does not see its class; so may it be for one who does.
Team = Annotated[T | None, FieldClass.TEAM]
Money = Annotated[T | None, FieldClass.MONEY]
Rate = Annotated[T | None, FieldClass.RATE]
Private = Annotated[T | None, FieldClass.PRIVATE]
TimeCost = Annotated[T | None, FieldClass.MONEY, _OF_TIME]  # money that holds the cost or price of people's time


class NotFound(LookupError):
    """Nothing of this name; the same sentence whether it is hidden from the reader or does not exist."""

    level: Level

    def __init__(self, words: str) -> None:
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        super().__init__(f"No {self.level} “{shown}” that you can see. Try its name, or the key it has in its source.")


class PortfolioNotFound(NotFound):
    level = Level.PORTFOLIO


class ProgramNotFound(NotFound):
    level = Level.PROGRAM


class ProjectNotFound(NotFound):
    level = Level.PROJECT


class TaskNotFound(NotFound):
    level = Level.TASK


class PersonNotFound(NotFound):
    level = Level.PERSON


def shows_rate(people: int, sees: frozenset[FieldClass]) -> bool:
    """Whether a cost of these people's time would tell the reader what one of them costs."""
    return FieldClass.RATE not in sees and 0 < people < FEWEST_PEOPLE


@dataclass(frozen=True)
class Record:
    """A row as one reader sees it. Fields above the open class say so in their type, and nowhere else."""

    marks: ClassVar[dict[str, tuple[str, ...]]]

    def __init_subclass__(cls) -> None:
        hints = get_type_hints(cls, include_extras=True)
        cls.marks = {label: getattr(hints[label], "__metadata__", ()) for label in cls.__annotations__}

    @classmethod
    def of(cls, values: Mapping[str, Any], sees: frozenset[FieldClass], people: int = 0) -> Self:
        """The record of these values; `people` counts those whose time is in its cost."""
        shown = sees if shows_rate(people, sees) else sees | {_OF_TIME}
        return cls(**{label: values[label] if shown.issuperset(marks) else None for label, marks in cls.marks.items()})


@dataclass(frozen=True)
class PersonName:
    id: int
    key: str
    name: str


def person_name(person_id: int | None, key: str | None, name: str | None) -> PersonName | None:
    """A person from three columns of an outer join; None where nobody was joined."""
    return None if person_id is None else PersonName(person_id, key or "", name or "")


@dataclass(frozen=True)
class PortfolioRecord(Record):
    id: int
    key: str
    name: str
    manager: PersonName | None
    source_name: str | None
    custom: dict[str, Any]


@dataclass(frozen=True)
class ProgramRecord(Record):
    """A program; `name` is None where its source gives only a key."""

    id: int
    key: str
    name: str | None
    portfolio_id: int | None
    portfolio_key: str | None
    portfolio_name: str | None
    manager: PersonName | None
    source_name: str | None
    custom: dict[str, Any]


@dataclass(frozen=True)
class ProjectRecord(Record):
    """A project as its source gives it. `sees` are the classes of field its reader sees.

    `sees_summary`: also counts and sums over team fields. The portfolio is its own, else its program's.
    """

    id: int
    key: str
    name: str | None
    client: str | None
    state: str
    confidentiality: str
    contract_type: str | None
    portfolio_id: int | None
    portfolio_key: str | None
    portfolio_name: str | None
    program_id: int | None
    program_key: str | None
    program_name: str | None
    manager: PersonName | None
    reported_health: str | None
    reported_health_on: date | None
    planned_start: datetime | None
    planned_finish: datetime | None
    planned_duration_minutes: int | None
    duration_basis: str
    promised_finish: date | None
    reported_delay_minutes: int | None
    calendar_id: int | None
    currency: str
    revision: int
    source_name: str | None
    source_kind: str | None
    source_synced_at: datetime | None
    data_as_of: date | None
    custom: dict[str, Any]
    sees: frozenset[FieldClass]
    sees_summary: bool
    planned_cost_minor: Money[int]
    budget_minor: Money[int]
    contract_value_minor: Money[int]
    target_margin_share: Money[float]
    reported_cost_variance_minor: Money[int]


@dataclass(frozen=True)
class ReadingRecord(Record):
    """The computed figures of a project on a day. Its team fields are counts and sums, so a summary shows them too."""

    project_id: int
    day: date
    is_open: bool
    start: datetime | None
    finish: datetime | None
    dates_basis: str
    tasks_start: datetime | None
    tasks_finish: datetime | None
    actual_start: datetime | None
    actual_finish: datetime | None
    tasks: int
    tasks_open: int
    tasks_done: int
    tasks_late: int
    tasks_without_progress: int
    progress_share: float | None
    planned_share: float | None
    progress_basis: str
    duration_minutes: int | None
    days_late: int | None
    is_late: bool
    finished_late: bool
    promise_slip_days: int | None
    last_activity_on: date | None
    budget_basis: str
    schedule_performance: float | None
    computed_health: str | None
    health_reasons: tuple[str, ...]
    is_watermelon: bool
    tasks_blocked: Team[int]
    tasks_unowned: Team[int]
    tasks_without_estimate: Team[int]
    effort_minutes: Team[int]
    remaining_minutes: Team[int]
    spent_minutes: Team[int]
    billable_minutes: Team[int]
    budget_minor: Money[int]
    tasks_cost_minor: Money[int]
    planned_value_minor: Money[int]
    earned_value_minor: Money[int]
    expense_minor: Money[int]
    labour_cost_minor: TimeCost[int]
    actual_cost_minor: TimeCost[int]
    estimate_at_completion_minor: TimeCost[int]
    estimate_by_remaining_minor: TimeCost[int]
    revenue_minor: TimeCost[int]
    revenue_at_completion_minor: TimeCost[int]
    cost_performance: TimeCost[float]
    margin_share: TimeCost[float]
    margin_at_completion_share: TimeCost[float]


@dataclass(frozen=True)
class TaskRecord(Record):
    """A task as its source gives it, and below the line what planning derives of it (None before it did)."""

    id: int
    key: str
    name: str
    project_id: int
    project_key: str
    project_name: str | None
    parent_id: int | None
    position: int
    wbs: str | None
    state: str
    source_state: str | None
    is_milestone: bool
    deliverable_type: str | None
    planned_start: datetime | None
    planned_finish: datetime | None
    planned_duration_minutes: int | None
    duration_basis: str
    start_delay_minutes: int | None
    actual_start: datetime | None
    actual_finish: datetime | None
    actual_duration_minutes: int | None
    done_share: float | None
    deadline: date | None
    constraint_kind: str | None
    constraint_at: datetime | None
    is_pinned: bool
    calendar_id: int | None
    currency: str
    source_name: str | None
    custom: dict[str, Any]
    sees: frozenset[FieldClass]

    is_leaf: bool | None
    is_open: bool | None
    start: datetime | None
    finish: datetime | None
    derived_done_share: float | None
    finished_late: bool | None
    days_finished_late: int | None

    owner: Team[PersonName]
    description: str | None
    effort_minutes: Team[int]
    effort_low_minutes: Team[int]
    effort_high_minutes: Team[int]
    remaining_minutes: Team[int]
    waits_on: Team[str]
    waits_since: Team[date]
    planned_cost_minor: Money[int]
    derived_effort_minutes: Team[int]
    derived_remaining_minutes: Team[int]
    derived_cost_minor: Money[int]


@dataclass(frozen=True)
class CalendarRecord(Record):
    """A working calendar: the shifts of each weekday, Monday first, and of the days that differ, by ISO date."""

    id: int
    key: str
    name: str
    week: list[list[list[int]]]
    exceptions: dict[str, list[list[int]]]


@dataclass(frozen=True)
class LinkRecord:
    """A dependency seen from one of its tasks; of a hidden task only dates, state and progress are given."""

    kind: str
    lag_minutes: int
    lag_basis: str
    task_id: int | None
    task_key: str | None
    task_name: str | None
    project_key: str | None
    owner: PersonName | None
    state: str
    is_open: bool
    start: datetime | None
    finish: datetime | None


@dataclass(frozen=True)
class PersonRecord(Record):
    id: int
    key: str
    name: str
    email: str | None
    kind: str
    practice_id: int | None
    practice_name: str | None
    office: str | None
    grade: str | None
    job_title: str | None
    weekday_minutes: tuple[int, ...]
    employed_from: date | None
    employed_until: date | None
    active: bool
    cost_rate_minor: Rate[int]
    bill_rate_minor: Rate[int]


@dataclass(frozen=True)
class SkillRecord:
    """What a person can do, how well, and who says so."""

    person_id: int
    name: str
    level: str
    source: str
    noted_on: date | None
    evidence: str


@dataclass(frozen=True)
class BookingRecord:
    """Busy hours of a person; the project (and its role) are None where the reader may not know whose work it is."""

    person_id: int | None
    starts_on: date
    ends_on: date
    minutes_per_week: int
    status: str
    probability: float
    project_id: int | None
    project_key: str | None
    project_name: str | None
    role: str | None
    do_not_move: bool | None
    is_internal: bool | None


@dataclass(frozen=True)
class AbsenceRecord(Record):
    person_id: int
    starts_on: date
    ends_on: date
    reason: Private[str]


@dataclass(frozen=True)
class OfficeRecord:
    id: int
    name: str
    country: str | None
    subdivision: str | None


@dataclass(frozen=True)
class HolidayRecord:
    """A day on which an office, or (without one) the firm, works otherwise."""

    office_id: int | None
    day: date
    name: str
    minutes: int


@dataclass(frozen=True)
class StatusRecord(Record):
    project_id: int
    project_key: str
    task_key: str | None
    written_on: date
    health: str | None
    author: Team[PersonName]
    note: Team[str]


@dataclass(frozen=True)
class RiskRecord:
    key: str
    project_id: int
    project_key: str
    title: str
    owner: PersonName | None
    likelihood_share: float | None
    impact_share: float | None
    mitigation: str | None
    opened_on: date


@dataclass(frozen=True)
class BlockerRecord:
    """What stops a task, and since when."""

    task_id: int
    task_key: str
    task_name: str
    project_id: int
    project_key: str
    owner: PersonName | None
    note: str
    opened_on: date


@dataclass(frozen=True)
class TimeRecord(Record):
    """Time on one project, task or person; costs in the organisation's currency, at the rates of the day.

    `people` counts whose time it is. Overheads are not in it.
    """

    last_worked_on: date
    people: Team[int]
    minutes: Team[int]
    billable_minutes: Team[int]
    approved_minutes: Team[int]
    cost_minor: TimeCost[int]
    billable_minor: TimeCost[int]


@dataclass(frozen=True)
class HoursRecord:
    """Minutes somebody worked in a stretch of days, and those of them that are billable."""

    minutes: int
    billable_minutes: int


@dataclass(frozen=True)
class ExpenseRecord:
    project_id: int
    spent_on: date
    amount_minor: int
    label: str
    billable: bool


@dataclass(frozen=True)
class InvoiceRecord:
    """A billing milestone that is not invoiced: due when its task is done, or on a day."""

    project_id: int
    project_key: str
    label: str
    amount_minor: int
    currency: str
    due_on: date | None
    task_finish: datetime | None

    @property
    def expected_on(self) -> date | None:
        """The day its task should finish, else the day it is due; None where neither is known."""
        return self.task_finish.date() if self.task_finish else self.due_on


@dataclass(frozen=True)
class CustomFieldRecord:
    """A field of the firm's own: its key in `custom`, how it reads, and its class in the rights table."""

    level: Level
    key: str
    label: str
    kind: str
    currency: str | None
    field_class: FieldClass
    also_called: tuple[str, ...]

"""What planning is told: projects and tasks as plain data, checked where they are made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class PlanHasCycle(ValueError):
    """A task lies, over its parents, under itself."""

    def __init__(self, project: str) -> None:
        super().__init__(f"The tasks of {project} form a circle: one lies under itself. Correct its parent.")


class TaskState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


class ProjectState(StrEnum):
    CANDIDATE = "candidate"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    DONE = "done"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Health(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"

    @property
    def severity(self) -> int:
        return list(Health).index(self)


class ContractType(StrEnum):
    FIXED_PRICE = "fixed_price"
    TIME_AND_MATERIALS = "time_and_materials"
    RETAINER = "retainer"
    CAPPED = "capped_time_and_materials"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Window:
    """From the first moment to the last; None where nothing says so."""

    start: datetime | None = None
    finish: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What a baseline holds of one task, or of a whole project."""

    start: datetime | None = None
    finish: datetime | None = None
    cost_minor: int | None = None


class Timed(Protocol):
    """Anything with planned dates or a duration: a task, or a project."""

    @property
    def start(self) -> datetime | None: ...
    @property
    def finish(self) -> datetime | None: ...
    @property
    def duration_minutes(self) -> int | None: ...
    @property
    def elapsed(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One row of the work breakdown structure, as its source gives it. `elapsed`: durations run around the clock."""

    id: int
    state: TaskState
    parent_id: int | None = None
    is_milestone: bool = False
    start: datetime | None = None
    finish: datetime | None = None
    duration_minutes: int | None = None
    elapsed: bool = False
    start_delay_minutes: int | None = None
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    actual_duration_minutes: int | None = None
    effort_minutes: int | None = None
    remaining_minutes: int | None = None
    spent_minutes: int = 0
    done_share: float | None = None
    cost_minor: int | None = None
    baseline: Promise | None = None
    is_owned: bool = True
    is_blocked: bool = False

    def __post_init__(self) -> None:
        if self.done_share is not None and not 0 <= self.done_share <= 1:
            raise ValueError(f"A task cannot be done to {self.done_share}; the share lies between 0 and 1.")
        if min(self.duration_minutes or 0, self.effort_minutes or 0, self.remaining_minutes or 0) < 0:
            raise ValueError("A task cannot last or take less than nothing.")

    @property
    def is_open(self) -> bool:
        return self.state not in (TaskState.DONE, TaskState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Spending:
    """What a project has recorded up to the day, in its currency; None where no rate converts to that currency."""

    minutes: int = 0
    billable_minutes: int = 0
    labour_cost_minor: int | None = 0
    billable_value_minor: int | None = 0
    expense_minor: int = 0
    billable_expense_minor: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.billable_minutes <= self.minutes:
            raise ValueError("Billable time is a part of the time spent.")


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """One project with its tasks. `spending` is None where nothing was ever recorded."""

    id: int
    key: str
    tasks: Sequence[PlannedTask] = ()
    state: ProjectState = ProjectState.ACTIVE
    start: datetime | None = None
    finish: datetime | None = None
    duration_minutes: int | None = None
    elapsed: bool = False
    source_owns_dates: bool = False
    promised_finish: date | None = None
    planned_cost_minor: int | None = None
    budget_minor: int | None = None
    baseline: Promise | None = None
    contract_type: ContractType | None = None
    contract_value_minor: int | None = None
    reported_health: Health | None = None
    spending: Spending | None = None
    booked_cost_minor: int | None = None  # of the firm bookings from the day on, without overhead
    last_activity_on: date | None = None
    knows_progress: bool = True  # whether what is done is that of the day, and not of a later one

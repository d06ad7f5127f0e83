"""The one vocabulary of changes: what can be done to a plan, in a manager's words and on keys.

What somebody proposes, supposes or records is a list of these. They say nothing of rows: compiling does.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from tools.planning.model import Health, ProjectState, TaskState


class ChangeNotUnderstood(ValueError):
    """Stored or given data that is no change of this vocabulary."""


@dataclass(frozen=True, slots=True)
class MoveTask:
    """New planned dates. `follows`: because something before it moves."""

    task: str
    start: datetime | None
    finish: datetime | None
    duration_minutes: int | None = None  # where it takes longer or shorter than before
    follows: bool = False

    def __post_init__(self) -> None:
        if self.start and self.finish and self.finish < self.start:
            raise ValueError("A task cannot finish before it starts.")


@dataclass(frozen=True, slots=True)
class AssignTask:
    """A new owner, by key; None: nobody."""

    task: str
    person: str | None


@dataclass(frozen=True, slots=True)
class EstimateTask:
    """The work it takes in all."""

    task: str
    effort_minutes: int
    remaining_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class SetTaskState:
    """How it stands; `on` is the day it began or was done."""

    task: str
    state: TaskState
    on: date


@dataclass(frozen=True, slots=True)
class RateProgress:
    """How far it is, or the work that is left."""

    task: str
    done_share: float | None = None
    remaining_minutes: int | None = None

    def __post_init__(self) -> None:
        if self.done_share is not None and not 0 <= self.done_share <= 1:
            raise ValueError("Progress lies between 0 and 100 %.")
        if (self.remaining_minutes or 0) < 0:
            raise ValueError("No less than nothing can be left.")


@dataclass(frozen=True, slots=True)
class SetDeadline:
    task: str
    day: date | None


@dataclass(frozen=True, slots=True)
class RenameTask:
    task: str
    name: str


@dataclass(frozen=True, slots=True)
class AddTask:
    """A new task or milestone of a project, at its end; without dates where none are known."""

    project: str
    name: str
    start: datetime | None = None
    finish: datetime | None = None
    is_milestone: bool = False
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveTask:
    task: str


@dataclass(frozen=True, slots=True)
class LinkTasks:
    """`successor` waits for `predecessor`."""

    predecessor: str
    successor: str
    kind: str = "FS"
    lag_minutes: int = 0


@dataclass(frozen=True, slots=True)
class UnlinkTasks:
    predecessor: str
    successor: str


@dataclass(frozen=True, slots=True)
class RenameProject:
    project: str
    name: str


@dataclass(frozen=True, slots=True)
class SetProjectState:
    project: str
    state: ProjectState


@dataclass(frozen=True, slots=True)
class ReportHealth:
    project: str
    health: Health
    on: date


@dataclass(frozen=True, slots=True)
class PromiseFinish:
    project: str
    day: date


@dataclass(frozen=True, slots=True)
class SetBudget:
    project: str
    budget_minor: int

    def __post_init__(self) -> None:
        if self.budget_minor < 0:
            raise ValueError("A budget is not below zero.")


@dataclass(frozen=True, slots=True)
class RecordHours:
    """Time that a person worked on one day."""

    person: str
    project: str
    task: str | None
    day: date
    minutes: int

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= 24 * 60:
            raise ValueError("Hours of one day are more than none and at most 24.")


@dataclass(frozen=True, slots=True)
class RecordBlocker:
    task: str
    note: str
    day: date


@dataclass(frozen=True, slots=True)
class RecordRisk:
    project: str
    title: str
    owner: str | None
    day: date


@dataclass(frozen=True, slots=True)
class RecordNote:
    project: str
    task: str | None
    author: str
    note: str
    day: date


@dataclass(frozen=True, slots=True)
class RecordAbsence:
    person: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("An absence cannot end before it starts.")


Change = (
    MoveTask
    | AssignTask
    | EstimateTask
    | SetTaskState
    | RateProgress
    | SetDeadline
    | RenameTask
    | AddTask
    | RemoveTask
    | LinkTasks
    | UnlinkTasks
    | RenameProject
    | SetProjectState
    | ReportHealth
    | PromiseFinish
    | SetBudget
    | RecordHours
    | RecordBlocker
    | RecordRisk
    | RecordNote
    | RecordAbsence
)
KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Change)}


def to_json(change: Change) -> dict[str, Any]:
    """The change as plain data: its kind and its fields, dates as ISO text."""
    return {"kind": type(change).__name__} | {each.name: _plain(getattr(change, each.name)) for each in fields(change)}


def read_change(data: dict[str, Any]) -> Change:
    """The change that `to_json` gave. Raises ChangeNotUnderstood."""
    kind = KINDS.get(str(data.get("kind")))
    if kind is None:
        raise ChangeNotUnderstood(f"There is no change of the kind {data.get('kind')!r:.60}.")
    hints = get_type_hints(kind)
    given = {label: value for label, value in data.items() if label != "kind"}
    if given.keys() - hints.keys():
        raise ChangeNotUnderstood(f"{kind.__name__} has no field {sorted(given.keys() - hints.keys())[0]!r:.60}.")
    try:
        change: Change = kind(**{label: _typed(hints[label], value) for label, value in given.items()})
    except (TypeError, ValueError) as error:
        raise ChangeNotUnderstood(f"{kind.__name__}: {error}") from error
    return change


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, TaskState | ProjectState | Health) else value


def _typed(hint: Any, value: Any) -> Any:
    """A plain value as its field's type."""
    if value is None:
        return None
    kind = next(each for each in get_args(hint) if each is not type(None)) if _is_optional(hint) else hint
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return kind(value) if kind in (TaskState, ProjectState, Health) else value


def _is_optional(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType)

"""How far a schedule can be leaned on: the fourteen points of the DCMA's assessment, with its thresholds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tools.planning.calendar import WorkingCalendar
from tools.planning.network import ConstraintKind, LinkKind

FEW, MOST, INDEX = 0.05, 0.9, 0.95
LONG_DAYS = 44  # working days: two months
HARD = frozenset(
    {
        ConstraintKind.MUST_START_ON,
        ConstraintKind.MUST_FINISH_ON,
        ConstraintKind.START_NO_LATER,
        ConstraintKind.FINISH_NO_LATER,
    }
)


class Point(StrEnum):
    LOGIC = "logic"
    LEADS = "leads"
    LAGS = "lags"
    LINK_KINDS = "finish to start"
    HARD_CONSTRAINTS = "hard constraints"
    HIGH_FLOAT = "high float"
    NEGATIVE_FLOAT = "negative float"
    HIGH_DURATION = "high duration"
    INVALID_DATES = "invalid dates"
    RESOURCES = "resources"
    MISSED = "missed tasks"
    PATH_TEST = "critical path test"
    PATH_INDEX = "critical path length index"
    BASELINE_INDEX = "baseline execution index"


@dataclass(frozen=True, slots=True)
class CheckedTask:
    """A task without children. Days are working days; `has_owner` is None where the reader may not know."""

    key: str
    is_open: bool
    is_milestone: bool = False
    is_begun: bool = False
    has_before: bool = False
    has_behind: bool = False
    is_hard: bool = False
    float_days: float | None = None
    duration_days: float | None = None
    has_owner: bool | None = None
    actual_start: date | None = None
    actual_finish: date | None = None
    finish: date | None = None
    baseline_finish: date | None = None


@dataclass(frozen=True, slots=True)
class CheckedLink:
    kind: LinkKind
    lag_minutes: int


@dataclass(frozen=True, slots=True)
class Check:
    """One point: a share of tasks or links, or an index, against its limit. `value` None: it cannot be checked."""

    point: Point
    value: float | None
    limit: float
    passed: bool | None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckedSchedule:
    """What is checked. `moves` tells whether pushing a critical task far moves the end as far; None: not tried."""

    tasks: Sequence[CheckedTask]
    links: Sequence[CheckedLink]
    day: date
    finish: date
    baseline_finish: date | None = None
    moves: bool | None = None


def check(schedule: CheckedSchedule, calendar: WorkingCalendar) -> list[Check]:
    """All fourteen points, in their order."""
    return [*_of_network(schedule), *_of_tasks(schedule), *_of_progress(schedule, calendar)]


def _of_network(schedule: CheckedSchedule) -> Iterator[Check]:
    still_open = [task for task in schedule.tasks if task.is_open]
    loose = [task.key for task in still_open if not ((task.has_before or task.is_begun) and task.has_behind)]
    ends = 1 if loose and any(not task.has_behind for task in still_open) else 0  # the last one leads nowhere by right
    yield _at_most(Point.LOGIC, loose, len(still_open), FEW, allowed=ends)
    links = schedule.links
    kinds = [link.kind is LinkKind.FINISH_TO_START for link in links]
    yield _share(Point.LEADS, sum(link.lag_minutes < 0 for link in links), len(links), 0.0)
    yield _share(Point.LAGS, sum(link.lag_minutes > 0 for link in links), len(links), FEW)
    share = sum(kinds) / len(kinds) if kinds else None
    yield Check(Point.LINK_KINDS, share, MOST, None if share is None else share >= MOST)


def _of_tasks(schedule: CheckedSchedule) -> Iterator[Check]:
    tasks = [task for task in schedule.tasks if task.is_open]
    floats = [task for task in tasks if task.float_days is not None]
    lasting = [task for task in tasks if task.duration_days is not None and not task.is_milestone]
    yield _at_most(Point.HARD_CONSTRAINTS, [task.key for task in tasks if task.is_hard], len(tasks), FEW)
    high = [task.key for task in floats if (task.float_days or 0) > LONG_DAYS]
    yield _at_most(Point.HIGH_FLOAT, high, len(floats), FEW)
    yield _at_most(Point.NEGATIVE_FLOAT, [task.key for task in floats if (task.float_days or 0) < 0], len(floats), 0.0)
    long = [task.key for task in lasting if (task.duration_days or 0) > LONG_DAYS]
    yield _at_most(Point.HIGH_DURATION, long, len(lasting), FEW)
    wrong = [task.key for task in schedule.tasks if _has_wrong_dates(task, schedule.day)]
    yield _at_most(Point.INVALID_DATES, wrong, len(schedule.tasks), 0.0)
    known = [task for task in lasting if task.has_owner is not None]
    yield _at_most(Point.RESOURCES, [task.key for task in known if not task.has_owner], len(known), 0.0)


def _of_progress(schedule: CheckedSchedule, calendar: WorkingCalendar) -> Iterator[Check]:
    due = [task for task in schedule.tasks if task.baseline_finish and task.baseline_finish < schedule.day]
    missed = [task.key for task in due if task.is_open or (task.actual_finish or schedule.day) > _promise(task)]
    yield _at_most(Point.MISSED, missed, len(due), FEW)
    yield Check(Point.PATH_TEST, None if schedule.moves is None else float(schedule.moves), 1.0, schedule.moves)
    index = _path_index(schedule, calendar)
    yield Check(Point.PATH_INDEX, index, INDEX, None if index is None else index >= INDEX)
    done = sum(not task.is_open for task in schedule.tasks if task.baseline_finish)
    execution = done / len(due) if due else None
    yield Check(Point.BASELINE_INDEX, execution, INDEX, None if execution is None else execution >= INDEX)


def _promise(task: CheckedTask) -> date:
    return task.baseline_finish or date.max


def _has_wrong_dates(task: CheckedTask, day: date) -> bool:
    """Something that happened lies in the future, or something to come ends in the past."""
    happened = [moment for moment in (task.actual_start, task.actual_finish) if moment]
    is_past = task.is_open and task.finish is not None and task.finish < day
    return any(moment > day for moment in happened) or is_past


def _path_index(schedule: CheckedSchedule, calendar: WorkingCalendar) -> float | None:
    """(What is left of the path + its float to the baseline's end) / what is left of the path, in working days."""
    left = calendar.working_days(schedule.day, schedule.finish)
    if schedule.baseline_finish is None or left <= 0:
        return None
    return (left + calendar.working_days(schedule.finish, schedule.baseline_finish)) / left


def _at_most(point: Point, keys: Sequence[str], of: int, limit: float, *, allowed: int = 0) -> Check:
    share = max(0, len(keys) - allowed) / of if of else None
    return Check(point, share, limit, None if share is None else share <= limit, tuple(keys))


def _share(point: Point, count: int, of: int, limit: float) -> Check:
    share = count / of if of else None
    return Check(point, share, limit, None if share is None else share <= limit)

"""A schedule network as the critical path method reads it: activities, and the links between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tools.planning.calendar import DAY_MINUTES, WorkingCalendar
from tools.planning.model import Window

AROUND_THE_CLOCK = WorkingCalendar((((0, DAY_MINUTES),),) * 7)


class LinkKind(StrEnum):
    """What of the predecessor what of the successor waits for."""

    FINISH_TO_START = "FS"
    START_TO_START = "SS"
    FINISH_TO_FINISH = "FF"
    START_TO_FINISH = "SF"


FROM_FINISH = frozenset({LinkKind.FINISH_TO_START, LinkKind.FINISH_TO_FINISH})
TO_FINISH = frozenset({LinkKind.FINISH_TO_FINISH, LinkKind.START_TO_FINISH})


class ConstraintKind(StrEnum):
    """What a date binds. "Must" holds it against the links, too; "no later" only shows in the float."""

    MUST_START_ON = "must_start_on"
    MUST_FINISH_ON = "must_finish_on"
    START_NO_EARLIER = "start_no_earlier_than"
    START_NO_LATER = "start_no_later_than"
    FINISH_NO_EARLIER = "finish_no_earlier_than"
    FINISH_NO_LATER = "finish_no_later_than"


@dataclass(frozen=True, slots=True)
class Constraint:
    kind: ConstraintKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Activity:
    """One task without children. Minutes are worked ones of its calendar; None: the network's.

    `pinned` are dates that somebody set by hand, which no link moves. What has begun starts when it really did.
    """

    id: int
    duration_minutes: int
    calendar: WorkingCalendar | None = None
    constraint: Constraint | None = None
    deadline: datetime | None = None
    pinned: Window | None = None
    actual: Window = field(default_factory=Window)
    remaining_minutes: int | None = None

    def __post_init__(self) -> None:
        if min(self.duration_minutes, self.remaining_minutes or 0) < 0:
            raise ValueError("An activity cannot last less than nothing.")
        if self.pinned and self.pinned.start is None:
            raise ValueError("What is pinned has a start.")


@dataclass(frozen=True, slots=True)
class Link:
    """`successor` waits for `predecessor`, and the lag longer; a negative lag is a lead.

    A lag is worked time of the successor's calendar; an elapsed one runs around the clock.
    """

    predecessor: int
    successor: int
    kind: LinkKind = LinkKind.FINISH_TO_START
    lag_minutes: int = 0
    elapsed: bool = False


@dataclass(frozen=True)
class Network:
    """What begins at `start`. With a `data_date`, work left is not done before it."""

    activities: Sequence[Activity]
    links: Sequence[Link]
    start: datetime
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    data_date: datetime | None = None

"""Who hears first that the evidence contradicts a report: whoever reported, before anybody above and never a channel.

The one rule for chat, briefs, digests and everything else that is delivered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tools.planning.calendar import WorkingCalendar

DAYS_BEFORE_OTHERS = 1  # working days


class Delivery(StrEnum):
    """How a flag would reach somebody: as the answer to their own question, unasked, or where others read along."""

    ASKED = "asked"
    UNASKED = "unasked"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A flag against what `reporter` reported, and the day it first reached them."""

    id: int
    reporter: int
    told_on: date | None = None


def may_hear(flag: Contradiction, hearer: int | None, delivery: Delivery, day: date, calendar: WorkingCalendar) -> bool:
    """Whether a flag may be in what is delivered to somebody on a day.

    Who asks gets the evidence, and the reporter everything; unasked, others get it from the first working day on that
    lies a whole working day behind the reporter's. A channel never does.
    """
    if delivery is Delivery.CHANNEL:
        return False
    if delivery is Delivery.ASKED or hearer == flag.reporter:
        return True
    return flag.told_on is not None and calendar.working_days(flag.told_on, day) >= DAYS_BEFORE_OTHERS


def unasked(
    flags: Iterable[Contradiction], hearers: Iterable[int], day: date, calendar: WorkingCalendar
) -> Iterator[tuple[int, Contradiction]]:
    """What one day's unasked round delivers: first to each reporter what is new, then to others what they may hear."""
    standing = list(flags)
    for flag in standing:
        if flag.told_on is None:
            yield flag.reporter, replace(flag, told_on=day)
    for hearer in hearers:
        for flag in standing:
            if hearer != flag.reporter and may_hear(flag, hearer, Delivery.UNASKED, day, calendar):
                yield hearer, flag

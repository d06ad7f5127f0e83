"""What is found in a message: words that mean days, and on which side of those days they stand."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TimeRole(StrEnum):
    """What the words around a date make of it."""

    WITHIN = "within"
    BEFORE = "before"
    BY = "by"
    AFTER = "after"
    SINCE = "since"
    AS_OF = "as_of"


@dataclass(frozen=True)
class TimeSpan:
    """Words of a message from `start` to `end`, and the days they mean: both ends included, None where open.

    `problem` is a sentence where the words name a day that does not exist; the window is then empty of meaning.
    """

    start: int
    end: int
    words: str
    role: TimeRole = TimeRole.WITHIN
    first: date | None = None
    last: date | None = None
    problem: str = ""
    ranged: bool = False  # the words name both ends
    counted_from: date | None = None  # the day that "five months from 1 May" counts from
    exact: bool = False  # the words give day, month and year, so that nothing was resolved

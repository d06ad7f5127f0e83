"""Dates in forms that the grammar does not take ("15-apr-26"), read by dateparser: and those words only."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from tools.timewords.clock import Clock


def dates_outside(text: str, taken: Sequence[tuple[int, int]], clock: Clock) -> Iterator[tuple[int, int, date]]:
    """What looks like a date outside the places that are taken: where it stands, and the day."""
    for found in _DATE_LIKE.finditer(text):
        start, end = found.span()
        if all(end <= first or last <= start for first, last in taken) and (day := _parsed(found.group(), clock)):
            yield start, end, day


def _parsed(words: str, clock: Clock) -> date | None:
    import dateparser  # type: ignore[import-untyped]  # takes long to load, and few messages need it

    order = "MDY" if clock.month_first else "DMY"
    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": order, "STRICT_PARSING": True}
    found = dateparser.parse(words, languages=["en"], settings=settings)
    return found.date() if isinstance(found, datetime) else None


_NAMES = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_JOINT = r"[-./]"
_DATE_LIKE = re.compile(
    rf"(?<![\w./-])(?:[0-9]{{1,2}}{_JOINT}{_NAMES}{_JOINT}'?[0-9]{{2,4}}|[0-9]{{4}}{_JOINT}?\s?{_NAMES}{_JOINT}?\s?[0-9]{{1,2}}"
    rf"|{_NAMES}{_JOINT}[0-9]{{1,2}}{_JOINT}[0-9]{{2,4}})(?![\w-])",
    re.IGNORECASE,
)

"""A stream of text as passages: complete sentences or lines, each to be checked before it is shown."""

import re
from collections.abc import Iterable, Iterator

LONGEST = 600
"""Letters after which a passage ends at a blank, with or without a full stop."""


def passages(deltas: Iterable[str]) -> Iterator[str]:
    """Sentences and lines of the stream, which joined are the stream; what is left at its end comes last."""
    held = ""
    for delta in deltas:
        held += delta
        while end := _end(held):
            yield held[:end]
            held = held[end:]
    if held:
        yield held


def _end(text: str) -> int:
    """Where the first passage ends and another has begun; 0 where more may belong to it."""
    for found in _STOP.finditer(text, 0, LONGEST + 1):
        if found["reference"] or _is_no_stop(text, found.start()):
            continue
        if found["line"] or found.end() < len(text):
            return found.end()
    return _cut(text) if len(text) > LONGEST else 0


def _is_no_stop(text: str, place: int) -> bool:
    """Whether the full stop here ends an abbreviation, an initial or the number of a list's item."""
    before = text[:place].rsplit(None, 1)[-1] if text[:place].split() else ""
    opening = text[:place].rpartition("\n")[2].strip()
    is_item = text[place] == "." and opening.isdigit()
    return text[place] == "." and (is_item or bool(_ABBREVIATION.fullmatch(before.lstrip("(\"'“‘*_"))))


def _cut(text: str) -> int:
    """The last blank in reach that stands in no reference; the bound itself where there is none."""
    within = text[:LONGEST]
    opened = within.rfind("{{")
    if opened > 0 and "}}" not in within[opened:]:
        within = within[:opened]
    return within.rfind(" ") + 1 or len(within)


_STOP = re.compile(
    r"(?P<reference>\{\{[^{}\n]{0,300}(?:\}\}|\}?$))|(?P<line>\n+[ \t]*)|[.!?…]+[\"'”’)\]*_]*(?P<blank>\s+)(?=\S|$)"
)
_ABBREVIATION = re.compile(
    r"(?:e\.g|i\.e|etc|vs|cf|approx|ca|incl|excl|resp|no|nr|mr|mrs|ms|dr|st|jr|sr|inc|ltd|co|a\.m|p\.m|\w(?:\.\w)*)",
    re.IGNORECASE,
)

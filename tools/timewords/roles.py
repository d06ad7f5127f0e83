"""The words around a date: "by", "since", "no later than", "or later", and the side of it that they mean."""

import re
from dataclasses import replace
from datetime import timedelta

from tools.timewords.clock import Lean, Window
from tools.timewords.spans import TimeRole, TimeSpan


def role_before(text: str, start: int) -> tuple[int, TimeRole] | None:
    """The words right before a date that say which side of it is meant: where they begin, and the role."""
    reach = max(0, start - _REACH)
    found = [(match.start(), role) for role, words in _BEFORE if (match := words.search(text[reach:start]))]
    begin, role = min(found, default=(-1, TimeRole.WITHIN))
    return (reach + begin, role) if found else None


def role_after(text: str, end: int) -> tuple[int, TimeRole] | None:
    """The same of the words right after a date, and where they end."""
    found = [(match.end(), role) for role, words in _AFTER if (match := words.match(text, end))]
    return max(found, default=None)


def lean_of(role: TimeRole | None, text: str, start: int) -> Lean:
    """Whether the words before a date want one that is still to come, or one that is over."""
    if role in (TimeRole.BY, TimeRole.BEFORE, TimeRole.WITHIN) and _OVERDUE.search(text[max(0, start - _FAR) : start]):
        return Lean.BACK
    if role in (TimeRole.BY, TimeRole.BEFORE) or _DEADLINE.search(text[max(0, start - _REACH) : start]):
        return Lean.AHEAD
    is_since = role is TimeRole.SINCE and _SINCE.search(text[max(0, start - _REACH) : start])
    return Lean.BACK if is_since else Lean.NEAREST


def sided(span: TimeSpan, window: Window, role: TimeRole) -> TimeSpan:
    """The span with the days that lie on the side its role means."""
    before, after = window.first - _DAY, window.last + _DAY
    first, last = {
        TimeRole.BEFORE: (None, before),
        TimeRole.BY: (None, before if window.is_break else window.last),
        TimeRole.AFTER: (after, None),
        TimeRole.SINCE: (window.first, None),
        TimeRole.AS_OF: (window.last, window.last),
        TimeRole.WITHIN: (window.first, window.last),
    }[role]
    return replace(span, role=role, first=first, last=last)


_REACH = 40  # characters around a date in which such words are looked for
_FAR = 80  # the same for words that tell of what should be over
_DAY = timedelta(days=1)
_BEFORE = tuple(
    (role, re.compile(rf"(?:^|(?<=[^\w'])){words}(?:\s+the)?\s*$", re.IGNORECASE))
    for role, words in (
        (TimeRole.AS_OF, r"(?:as\s+(?:of|at|on)|as-of|on\s+the\s+data\s+of|status\s+date)"),
        (TimeRole.BEFORE, r"(?:before|b4|prior\s+to|earlier\s+than|ahead\s+of|sooner\s+than|preceding|pre-|<)"),
        (
            TimeRole.BY,
            r"(?:by|until|till|til|up\s+to(?:\s+and\s+including)?|(?:no|not)\s+later\s+than|on\s+or\s+before|latest\s+by|at\s+the\s+latest\s+by"
            r"|through|thru|<=)",
        ),
        (TimeRole.AFTER, r"(?:after|later\s+than|past|beyond|following|>)"),
        (
            TimeRole.SINCE,
            r"(?:(?:ever\s+)?since|from|starting\s+from|as\s+from|on\s+or\s+after|not\s+(?:before|until)"
            r"|(?:no|not)\s+(?:earlier|sooner)\s+than|>=)",
        ),
        (TimeRole.WITHIN, r"(?:in|on|at|during|within|for|over|of|in\s+the\s+course\s+of)"),
    )
)
_AFTER = tuple(
    (role, re.compile(words, re.IGNORECASE))
    for role, words in (
        (TimeRole.SINCE, r"\s+(?:or\s+later|onwards?|and\s+later|and\s+(?:beyond|after)|at\s+the\s+earliest)(?!\w)"),
        (TimeRole.BY, r"\s+(?:or\s+(?:earlier|before|sooner)|(?:at\s+(?:the\s+)?)?latest)(?!\w)"),
    )
)
_SINCE = re.compile(r"since(?:\s+the)?\s*$", re.IGNORECASE)
_OVERDUE = re.compile(
    r"\b(?:should(?:\s+have|'?ve|a)|(?:was|were)\s+(?:all\s+)?(?:due|supposed|meant|promised|planned))\b[^,.;?!]*$",
    re.IGNORECASE,
)
_DEADLINE = re.compile(r"(?<!was )(?<!were )\bdue(?:\s+(?:in|on|by|at))?(?:\s+the)?\s*$", re.IGNORECASE)

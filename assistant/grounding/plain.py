"""A model's text as it will be shown and compared: entities decoded, one form for each letter, nothing unseen."""

import html
import re
import unicodedata

REFERENCE = "\ufffc"
"""Stands in a view of the text where a reference to a field stood."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Mn", "Me"})
_DASHES = str.maketrans("‐‑‒", "---")
_EMPHASIS = re.compile(r"[*_~`\\]")


def canonical(text: str) -> str:
    """What a reader would see of the text: no entities, invisible characters or emoji; odd digits as plain ones."""
    decoded = text.encode("utf-8", "ignore").decode("utf-8")
    while (again := html.unescape(decoded)) != decoded:
        decoded = again
    if decoded.isascii():
        return "".join(mark for mark in decoded.replace("\t", " ") if mark >= " " or mark == "\n")
    composed = unicodedata.normalize("NFKC", "".join(_digits(mark) for mark in decoded)).translate(_DASHES)
    return "".join(" " if mark.isspace() and mark != "\n" else mark for mark in composed if _is_seen(mark))


def unmarked(text: str) -> str:
    """The text without signs of emphasis, that hide words only from a program."""
    return _EMPHASIS.sub("", text)


def flat(text: str) -> str:
    """Small letters without accents, each in its place."""
    if text.isascii():
        return text.lower()
    return "".join(mark.lower() if mark.isascii() else _base(mark) for mark in text)


def holds_number(text: str) -> bool:
    """Whether any character of it is a number in any script."""
    return any(mark.isdigit() or unicodedata.numeric(mark, None) is not None for mark in text)


def _base(mark: str) -> str:
    small = unicodedata.normalize("NFKD", mark)[0].lower()
    return {"ł": "l", "ø": "o", "đ": "d", "’": "'"}.get(small, small[0])


def _digits(mark: str) -> str:
    """A number sign of another script or style as plain digits."""
    if mark.isascii() or unicodedata.category(mark) not in ("Nd", "Nl", "No"):
        return mark
    value = unicodedata.numeric(mark, None)
    return mark if value is None else f"{value:g}"


def _is_seen(mark: str) -> bool:
    return mark.isspace() or unicodedata.category(mark) not in _DROPPED

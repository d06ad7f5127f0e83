"""Text from outside, made fit for every database and every surface."""

import re
import unicodedata
from collections.abc import Sequence

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
UNPRINTABLE = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff0-\uffff]")


def clean(text: str) -> str:
    """The text without NUL, with U+FFFD for lone surrogates, in the composed form (NFC); all else stays."""
    return unicodedata.normalize("NFC", LONE_SURROGATE.sub("\ufffd", text.replace("\x00", "")))


def printable(text: str) -> str:
    """One line without control, invisible or direction characters."""
    return " ".join(UNPRINTABLE.sub(" ", text).split())


def fit_for_xml(text: str) -> str:
    """The text without the characters that XML, and so a workbook, cannot hold."""
    return NOT_XML.sub("", text)


def plural(noun: str) -> str:
    """ "task" as "tasks", "activity" as "activities"."""
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def either(words: Sequence[str]) -> str:
    """ "Ana", "Ana or Ben", "Ana, Ben or Cleo"."""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)

"""Text from outside, made fit for every database: no NUL, no half characters, one form for each letter."""

import re
import unicodedata

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without NUL, with U+FFFD for lone surrogates, in the composed form (NFC); all else stays."""
    return unicodedata.normalize("NFC", LONE_SURROGATE.sub("\ufffd", text.replace("\x00", "")))

"""A text as the classifier meets it: chat spellings written out, no punctuation, place words for times and amounts."""

import re
from collections.abc import Iterator
from datetime import date

from assistant.builtin.words import read_words, written_out
from tools.amounts import parse_amounts
from tools.names import plain
from tools.timewords import parse_times

_SOME_DAY = date(2026, 3, 2)  # any: only where time words stand is looked at


def place_word(kind: str) -> str:
    """What stands for a name, a time or an amount in a text to be classified."""
    return f"xx{kind}xx"


def as_placeholders(text: str) -> str:
    """A text with place words as an utterance is written: "status of {project}"."""
    return re.sub(r"xx(\w+?)xx", r"{\1}", text)


def as_read(text: str) -> str:
    """An utterance as a message of the same words reaches the classifier."""
    written = written_out(plain(text))
    return " ".join(_words(written))


def _words(text: str) -> Iterator[str]:
    spans = [(each.start, each.end, "time") for each in parse_times(text, _SOME_DAY)]
    spans += [
        (each.start, each.end, "number") for each in parse_amounts(text) if not text[each.start : each.end].isalpha()
    ]
    reached = 0
    for start, end, kind in sorted(spans):
        if start >= reached:
            yield from (word.text for word in read_words(text[reached:start]))
            yield place_word(kind)
            reached = end
    yield from (word.text for word in read_words(text[reached:]))

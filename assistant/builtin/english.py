"""Which words are plain English, and so no slip of the keyboard for a word or a name known here."""

from functools import cache

from assistant.builtin import intent
from knowledge.embedding import whole_words


def is_plain_english(word: str) -> bool:
    return word in _words()


@cache
def _words() -> frozenset[str]:
    """The encoder's words where it is installed, and those that several utterances share."""
    return whole_words() | intent.shared_words()

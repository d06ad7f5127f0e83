"""Which words are plain English, and so no slip of the keyboard for a word or a name known here."""

from functools import lru_cache

from assistant.builtin import intent
from knowledge.embedding import whole_words


def is_plain_english(word: str) -> bool:
    """Whether the encoder, where it is installed, knows the word, or several utterances share it."""
    return word in whole_words() or word in intent.shared_words()


def everyday_words() -> list[str]:
    """The longer words of plain English that several utterances share; empty without the encoder."""
    return _everyday(intent.shared_words())


@lru_cache(maxsize=2)
def _everyday(shared: frozenset[str]) -> list[str]:
    return sorted(word for word in shared & whole_words() if word.isalpha() and len(word) >= _SHORTEST)


_SHORTEST = 5  # letters

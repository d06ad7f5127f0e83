"""Which words are plain English, and so no slip of the keyboard for a word or a name known here."""

from collections.abc import Collection
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

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


def in_plain_english(word: str) -> str:
    """A word with a slip mended, if that makes one of everyday talk; it may be part of a task's name as it is."""
    if len(word) < _SHORTEST - 1 or not word.isalpha() or is_plain_english(word):
        return word
    near = nearest(word, everyday_words())
    return near[0] if near else word


def nearest(text: str, words: Collection[str]) -> tuple[str, int] | None:
    """The word that a slip or two make of the text, and how many they are; slips seldom touch a first letter."""
    slips = 1 if len(text) < 9 else 2
    found = process.extractOne(text, words, scorer=DamerauLevenshtein.distance, score_cutoff=slips, processor=None)
    return (found[0], int(found[1])) if found and found[0][0] == text[0] else None


_SHORTEST = 5  # letters

"""Which words are plain English, and so no slip of the keyboard for a word or a name known here."""

from assistant.builtin import intent
from knowledge.embedding import whole_words


def is_plain_english(word: str) -> bool:
    """Whether the encoder, where it is installed, knows the word, or several utterances share it."""
    return word in whole_words() or word in intent.shared_words()

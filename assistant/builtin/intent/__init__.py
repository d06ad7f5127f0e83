"""Which of the tools a message is for: a calibrated classifier over n-grams and sentence vectors.

Trained from the utterances by `python -m assistant.builtin.intent`, or on first use. Names, times and amounts are
replaced by place words before, so that it learns the question and not the examples' names.
"""

from assistant.builtin.intent.examples import FOREIGN, UTTERANCES, utterances
from assistant.builtin.intent.kept import is_own_word, load, shared_words, train, use, without_embeddings
from assistant.builtin.intent.model import IntentModel
from assistant.builtin.intent.reading import as_placeholders, place_word

__all__ = (
    "FOREIGN",
    "UTTERANCES",
    "IntentModel",
    "as_placeholders",
    "is_own_word",
    "load",
    "place_word",
    "shared_words",
    "train",
    "use",
    "utterances",
    "without_embeddings",
)

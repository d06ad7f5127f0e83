"""A trained classifier of messages: its features, and the chance it gives each label."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.builtin.intent.examples import in_words
from knowledge.embedding import Encoder

BUCKETS = 1 << 15

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """Calibrated weights: the softmax of the scores is a chance that comes true as often as it says."""

    weights: NDArray[np.float16]  # label x bucket
    bias: Floats
    dense: NDArray[np.float16]  # label x width of a sentence vector; of width 0 for a head over n-grams alone

    def chances(self, text: str, vector: Floats) -> Floats:
        buckets, values = features(text)
        scores = self.weights[:, buckets].astype(np.float32) @ values + self.bias
        if self.dense.size:
            scores = scores + self.dense.astype(np.float32) @ vector
        shares = np.exp(scores - scores.max())
        chances: Floats = shares / shares.sum()
        return chances


@dataclass(frozen=True)
class IntentModel:
    """The classifier with its two heads, and what was seen of words when it was trained."""

    labels: tuple[str, ...]
    bare: Head  # over n-grams alone
    full: Head | None = None  # over n-grams and sentence vectors; None where it was trained without the encoder
    encoder: Encoder | None = None
    foreign_words: frozenset[str] = frozenset()  # that only questions outside our field hold
    shared_words: frozenset[str] = frozenset()  # that several utterances hold, so that they are no slips
    own_words: frozenset[str] = frozenset()  # of an organisation's own utterances

    def probabilities(self, text: str) -> dict[str, float]:
        """The chance of each label for a text with its names already replaced."""
        head, vector = self.bare, np.zeros(0, dtype=np.float32)
        if self.full is not None and self.encoder is not None:
            head, vector = self.full, self.encoder.encode([in_words(text)])[0]
        return dict(zip(self.labels, head.chances(text, vector).tolist(), strict=True))


def features(text: str) -> tuple[NDArray[np.int64], Floats]:
    """Buckets of the words, word pairs and letter groups of a text, with weights of length one."""
    counts: dict[int, float] = {}
    for gram, weight in _grams(text):
        bucket = zlib.crc32(gram.encode("utf-8", "ignore")) % BUCKETS
        counts[bucket] = counts.get(bucket, 0.0) + weight
    buckets = np.fromiter(counts, dtype=np.int64, count=len(counts))
    values: Floats = np.sqrt(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
    values /= np.linalg.norm(values) or 1.0
    return buckets, values


def _grams(text: str) -> Iterator[tuple[str, float]]:
    words = re.findall(r"\w+|[^\w\s]", text.lower())
    for place, word in enumerate(words):
        yield f"w:{word}", 1.0
        if place:
            yield f"p:{words[place - 1]} {word}", 1.0
    if words:
        yield f"first:{words[0]}", 0.5
    spaced = f" {' '.join(words)} "
    for size in range(2, 6):
        for start in range(len(spaced) - size + 1):
            yield spaced[start : start + size], 0.12

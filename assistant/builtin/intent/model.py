"""A trained classifier of messages: how like the utterances a message is, and the chance that gives each label."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.builtin.intent.examples import in_words
from knowledge.embedding import Encoder

BUCKETS = 1 << 15
VECTOR_STEPS = 300  # a number of a sentence vector is kept as so many times itself

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Memory:
    """The texts that were learned: which of them hold a gram, by its bucket, and the sentence vector of each."""

    starts: NDArray[np.int32]  # where the texts of each bucket begin; one more for the end
    texts: NDArray[np.uint16 | np.uint32]
    values: NDArray[np.float16]  # how much of each such text the bucket is
    vectors: NDArray[np.int8]  # text x width; of width 0 for a classifier that goes by grams alone

    def likeness_to(self, text: str, vector: Floats) -> Floats:
        """Of every text that was learned."""
        in_grams = np.zeros(len(self.vectors), dtype=np.float32)
        for bucket, value in zip(*features(text), strict=True):
            held = slice(self.starts[bucket], self.starts[bucket + 1])
            in_grams[self._texts[held]] += self._values[held] * value
        return likeness(in_grams, self._vectors @ vector if self.vectors.size else None)

    @cached_property
    def _texts(self) -> NDArray[np.intp]:
        return self.texts.astype(np.intp)

    @cached_property
    def _values(self) -> Floats:
        return self.values.astype(np.float32)

    @cached_property
    def _vectors(self) -> Floats:
        return self.vectors.astype(np.float32) / np.float32(VECTOR_STEPS)


@dataclass(frozen=True)
class IntentModel:
    """The classifier, and what was seen of words when it was trained."""

    labels: tuple[str, ...]
    memory: Memory
    weights: NDArray[np.float16]  # text x label: what being like it speaks for, calibrated
    bias: Floats
    encoder: Encoder | None = None
    foreign_words: frozenset[str] = frozenset()  # that only questions outside our field hold
    shared_words: frozenset[str] = frozenset()  # that several utterances hold, so that they are no slips
    own_words: frozenset[str] = frozenset()  # of an organisation's own utterances

    def probabilities(self, text: str) -> dict[str, float]:
        """The chance of each label for a text with its names already replaced; it comes true as often as it says."""
        vector = self.encoder.encode([in_words(text)])[0] if self.encoder else np.zeros(0, dtype=np.float32)
        scores = self.memory.likeness_to(text, vector) @ self._weights + self.bias
        shares = np.exp(scores - scores.max())
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))

    @cached_property
    def _weights(self) -> Floats:
        return self.weights.astype(np.float32)


def likeness(in_grams: Floats, in_meaning: Floats | None) -> Floats:
    """From the cosines between texts: grams and pairs of grams they share, and meaning, which fades fast."""
    alike = in_grams * (1.0 + in_grams)
    return alike if in_meaning is None else alike + np.exp(4.0 * (in_meaning - 1.0))


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

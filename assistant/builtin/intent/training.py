"""Fits the classifier to utterances, and calibrates it on what it saw for the first time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from assistant.builtin.intent.examples import (
    FOREIGN,
    all_words,
    examples,
    foreign_words,
    in_words,
    shared_words,
)
from assistant.builtin.intent.model import BUCKETS, VECTOR_STEPS, Floats, IntentModel, Memory, features, likeness
from knowledge.embedding import Encoder

OWN_WEIGHT = 4.0  # how much an organisation's own utterance counts: it is one against thousands
_RIDGE = 0.3
_COMMON = 512  # of the buckets are so common that a dense product of them is the faster
_ROWS = 1024  # of the table of likenesses, that are worked out at a time


@dataclass(frozen=True)
class Unseen:
    """The calibrated chances that cross-validation gave messages it had not learned from."""

    labels: tuple[str, ...]
    right: NDArray[np.int64]  # the label of each message
    chances: Floats  # message x label

    def curve(self, thresholds: Sequence[float]) -> list[tuple[float, float, float]]:
        """For each threshold: the share of messages whose best chance reaches it, and the share right of those."""
        top, best = self.chances.max(axis=1), self.chances.argmax(axis=1) == self.right
        return [
            (each, float((top >= each).mean()), float(best[top >= each].mean()) if (top >= each).any() else 1.0)
            for each in thresholds
        ]

    @property
    def share_right(self) -> float:
        return float((self.chances.argmax(axis=1) == self.right).mean())

    @property
    def share_of_foreign_seen(self) -> float:
        foreign = self.right == self.labels.index(FOREIGN)
        return float((self.chances[foreign].argmax(axis=1) == self.labels.index(FOREIGN)).mean())


def fit(
    spoken: Mapping[str, list[str]], encoder: Encoder | None, own: Mapping[str, list[str]] | None = None
) -> tuple[IntentModel, Unseen]:
    """The classifier for these utterances and an organisation's own, and how it did on unseen ones."""
    own = own or {}
    told = [*((each, 1.0) for each in examples(spoken)), *((each, OWN_WEIGHT) for each in examples(own))]
    Random(0).shuffle(told)  # into two halves
    learned = [(example, weight) for each, weight in told for example in each]
    labels = tuple(sorted({each.label for each, _ in learned}))
    right = np.array([labels.index(each.label) for each, _ in learned])
    counts = _rarity(right) * np.array([weight for _, weight in learned], dtype=np.float32)
    memory = _memory([each.text for each, _ in learned], encoder)
    table = _likenesses(memory)
    is_right = np.eye(len(labels), dtype=np.float32)[right]
    usual = is_right.mean(axis=0)
    scores = _unseen_scores(table, is_right - usual, counts) + usual
    sharpness = _sharpness(scores, right)
    bias = usual * sharpness
    weights = (_weights(table, is_right - usual, counts) * sharpness).astype(np.float16)
    words = foreign_words(spoken), shared_words(spoken), all_words(own)
    model = IntentModel(labels, memory, weights, bias, encoder, *words)
    return model, Unseen(labels, right, _softmax((scores - usual) * sharpness + bias))


def _memory(texts: Sequence[str], encoder: Encoder | None) -> Memory:
    rows = [features(text) for text in texts]
    buckets = np.concatenate([buckets for buckets, _ in rows])
    by_bucket = np.argsort(buckets, kind="stable")
    starts = np.searchsorted(buckets[by_bucket], np.arange(BUCKETS + 1)).astype(np.int32)
    holding = np.repeat(np.arange(len(rows)), [len(buckets) for buckets, _ in rows])[by_bucket]
    values = np.concatenate([values for _, values in rows])[by_bucket]
    vectors = encoder.encode([in_words(text) for text in texts]) if encoder else np.zeros((len(rows), 0))
    steps = np.clip(np.rint(vectors * VECTOR_STEPS), -127, 127).astype(np.int8)
    return Memory(starts, holding.astype(np.min_scalar_type(len(rows))), values.astype(np.float16), steps)


def _likenesses(memory: Memory) -> Floats:
    """Of every text to every text."""
    from scipy.sparse import csc_matrix  # type: ignore[import-untyped]

    count = len(memory.vectors)
    parts = (memory.values.astype(np.float32), memory.texts, memory.starts)
    by_use = np.argsort(-np.diff(memory.starts))
    grams = csc_matrix(parts, shape=(count, BUCKETS))[:, by_use].tocsr()
    common, rare = grams[:, :_COMMON].toarray(), grams[:, _COMMON:]
    across, vectors = rare.T.tocsr(), memory.vectors.astype(np.float32) / np.float32(VECTOR_STEPS)
    table = np.empty((count, count), dtype=np.float32)
    for first in range(0, count, _ROWS):
        last = min(first + _ROWS, count)
        rows = slice(first, last)
        in_grams = common[rows] @ common[:last].T + (rare[rows] @ across[:, :last]).toarray()
        table[rows, :last] = likeness(in_grams, vectors[rows] @ vectors[:last].T if vectors.size else None)
        table[:last, rows] = table[rows, :last].T
    return table


def _rarity(right: NDArray[np.int64]) -> Floats:
    """How much each text counts: one of a rare label more, though not as much more as it is rarer."""
    shares = np.bincount(right) / len(right)
    return np.sqrt(1 / shares / len(shares)).astype(np.float32)[right]


def _unseen_scores(table: Floats, sought: Floats, counts: Floats) -> Floats:
    """What each half scores by what the other taught: as little as people not met yet have of their own kind."""
    scores = np.empty_like(sought)
    first, second = slice(len(table) // 2), slice(len(table) // 2, None)
    for inside, outside in ((first, second), (second, first)):
        weights = _weights(table[inside, inside].copy(), sought[inside], counts[inside])
        scores[outside] = table[outside, inside] @ weights
    return scores


def _weights(table: Floats, sought: Floats, counts: Floats) -> Floats:
    """Kernel ridge regression (Saunders, Gammerman and Vovk, 1998). Uses up the table."""
    # Only here: reading a trained model needs numpy alone.
    from scipy.linalg import cho_factor, cho_solve  # type: ignore[import-untyped]

    table[np.diag_indices(len(table))] += _RIDGE / counts
    factor = cho_factor(table.T, lower=True, overwrite_a=True, check_finite=False)  # .T: as it lies in memory
    weights: Floats = cho_solve(factor, sought, check_finite=False)
    return weights


def _sharpness(scores: Floats, right: NDArray[np.int64]) -> float:
    """The factor that makes unseen messages likeliest (temperature scaling; Guo and others, 2017)."""
    tried = np.geomspace(1.0, 100.0, 60, dtype=np.float32)
    rows = np.arange(len(right))
    losses = [-np.log(np.maximum(_softmax(scores * each)[rows, right], 1e-12)).mean() for each in tried]
    return float(tried[int(np.argmin(losses))])


def _softmax(scores: Floats) -> Floats:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: Floats = shares / shares.sum(axis=1, keepdims=True)
    return chances

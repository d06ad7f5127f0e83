"""Fits the heads of the classifier to utterances, and calibrates them on what each saw for the first time."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.builtin.intent.examples import (
    FOREIGN,
    Example,
    all_words,
    examples,
    foreign_words,
    in_words,
    shared_words,
)
from assistant.builtin.intent.model import BUCKETS, Floats, Head, IntentModel, features
from knowledge.embedding import Encoder

FOLDS = 5
OWN_WEIGHT = 4  # how often an organisation's own utterance counts: it is one against thousands


@dataclass(frozen=True)
class Unseen:
    """The calibrated chances that five-fold cross-validation gave messages it had not learned from."""

    labels: tuple[str, ...]
    right: NDArray[np.int64]  # the label of each message
    chances: NDArray[np.float64]  # message x label

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
    """The classifier for these utterances and an organisation's own, and how its better head did on unseen ones."""
    own = own or {}
    learned = list(examples(spoken))
    learned += [replace(each, group=-1 - each.group) for each in examples(own)] * OWN_WEIGHT
    labels = tuple(sorted({each.label for each in learned}))
    grams = _grams_of(learned)
    bare, unseen = _head(grams, 0, learned, labels)
    full = None
    if encoder is not None:
        vectors = encoder.encode([in_words(each.text) for each in learned])
        full, unseen = _head(_beside(grams, vectors), vectors.shape[1], learned, labels)
    strange, shared = foreign_words(spoken), shared_words(spoken)
    return IntentModel(labels, bare, full, encoder, strange, shared, all_words(own)), unseen


def _head(matrix: Any, width: int, learned: Sequence[Example], labels: tuple[str, ...]) -> tuple[Head, Unseen]:
    """`width` columns at the end of the matrix are the sentence vectors."""
    right = np.array([labels.index(each.label) for each in learned])
    groups = np.array([each.group for each in learned])
    scores = _unseen_scores(matrix, right, groups, len(labels))
    sharpness = _sharpness(scores, right)
    fitted = _fitted(matrix, right)
    weights, bias = fitted.coef_ * sharpness, fitted.intercept_ * sharpness
    split = weights.shape[1] - width
    head = Head(weights[:, :split].astype(np.float16), bias.astype(np.float32), weights[:, split:].astype(np.float16))
    return head, Unseen(labels, right, _softmax(scores * sharpness))


def _fitted(matrix: Any, right: NDArray[np.int64]) -> Any:
    # Only here: reading a trained model needs numpy alone.
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

    return LinearSVC(C=2.0, class_weight="balanced", random_state=0).fit(matrix, right)


def _unseen_scores(
    matrix: Any, right: NDArray[np.int64], groups: NDArray[np.int64], labels: int
) -> NDArray[np.float64]:
    """What each message scores where it was not learned; all texts of one utterance are in one fold."""
    folds = np.random.default_rng(0).integers(0, FOLDS, np.ptp(groups) + 1)[groups - groups.min()]
    scores = np.zeros((len(right), labels))

    def score(fold: int) -> None:
        inside = folds != fold
        fitted = _fitted(matrix[inside], right[inside])
        scores[np.ix_(~inside, fitted.classes_)] = fitted.decision_function(matrix[~inside])

    with ThreadPoolExecutor() as threads:
        list(threads.map(score, range(FOLDS)))
    return scores


def _sharpness(scores: NDArray[np.float64], right: NDArray[np.int64]) -> float:
    """The factor that makes unseen messages likeliest (temperature scaling; Guo and others, 2017)."""
    tried = np.geomspace(0.5, 50.0, 60)
    rows = np.arange(len(right))
    losses = [-np.log(np.maximum(_softmax(scores * each)[rows, right], 1e-12)).mean() for each in tried]
    return float(tried[int(np.argmin(losses))])


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return chances


def _grams_of(learned: Sequence[Example]) -> Any:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    rows = [features(each.text) for each in learned]
    starts = np.cumsum([0, *(len(buckets) for buckets, _ in rows)])
    buckets = np.concatenate([buckets for buckets, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, buckets, starts), shape=(len(learned), BUCKETS))


def _beside(grams: Any, vectors: Floats) -> Any:
    from scipy.sparse import csr_matrix, hstack

    return hstack([grams, csr_matrix(vectors)]).tocsr()

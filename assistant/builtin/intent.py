"""Which of the tools a message is for: a linear classifier over word and letter n-grams, with a class for none of them.

Trained from the utterances beside this file by `python -m assistant.builtin.intent`, or on first use. Names, times and
amounts are replaced by place words before, so that the classifier learns the question and not the examples' names.
"""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from zipfile import BadZipFile

import numpy as np
import yaml
from numpy.typing import NDArray

UTTERANCES = Path(__file__).with_name("utterances")
FOREIGN = "out_of_scope"

_BUCKETS = 1 << 15
_SHARPNESS = 5.5  # makes the mean top probability equal the accuracy in five-fold cross-validation (0.73)
# What names look like that nobody knows.
_STRAY_NAMES = (
    *("apollo", "zeus", "river gateway", "billing revamp", "northwind", "customer portal", "data lake", "phoenix"),
    *(
        "osprey",
        "hr rollout",
        "payments",
        "mobile app",
        "kestrel migration",
        "atlas",
        "claims system",
        "warehouse move",
    ),
)


@dataclass(frozen=True)
class IntentModel:
    """Weights of a trained classifier."""

    labels: tuple[str, ...]
    weights: NDArray[np.float16]  # label x bucket
    bias: NDArray[np.float32]
    foreign_words: frozenset[str] = frozenset()  # that only questions outside our field hold

    def probabilities(self, text: str) -> dict[str, float]:
        """The chance of each label for a text with its names already replaced."""
        buckets, values = features(text)
        scores = self.weights[:, buckets].astype(np.float32) @ values + self.bias
        shares = np.exp(scores - scores.max())
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))


def features(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Buckets of the words, word pairs and letter groups of a text, with weights of length one."""
    counts: dict[int, float] = {}
    for gram, weight in _grams(text):
        bucket = zlib.crc32(gram.encode("utf-8", "ignore")) % _BUCKETS
        counts[bucket] = counts.get(bucket, 0.0) + weight
    buckets = np.fromiter(counts, dtype=np.int64, count=len(counts))
    values = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
    values = np.sqrt(values)
    return buckets, values / (np.linalg.norm(values) or 1.0)


def load() -> IntentModel:
    """The classifier for these utterances: from its file, else trained now."""
    return _load(_digest())


@cache
def _load(digest: str) -> IntentModel:
    try:
        with np.load(_home(digest), allow_pickle=False) as stored:
            labels = tuple(str(label) for label in stored["labels"])
            foreign = frozenset(str(word) for word in stored["foreign_words"])
            return IntentModel(labels, stored["weights"], stored["bias"], foreign)
    except (OSError, KeyError, ValueError, BadZipFile):
        return train()


def train() -> IntentModel:
    """Fit the classifier to the utterances and keep it in a file for next time."""
    # Only here: reading a trained model needs numpy alone.
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

    examples = list(_examples())
    labels = tuple(sorted({label for label, _ in examples}))
    matrix, classes = _matrix([text for _, text in examples]), [labels.index(label) for label, _ in examples]
    fitted = LinearSVC(C=1.0, class_weight="balanced", random_state=0).fit(matrix, classes)
    weights, bias = fitted.coef_ * _SHARPNESS, fitted.intercept_ * _SHARPNESS
    model = IntentModel(labels, weights.astype(np.float16), bias.astype(np.float32), _foreign_words())
    _store(model)
    return model


def utterances() -> Mapping[str, list[str]]:
    """The example messages of each label."""
    found: dict[str, list[str]] = {}
    for path in sorted(UTTERANCES.glob("*.yaml")):
        for label, texts in yaml.safe_load(path.read_text("utf-8")).items():
            found.setdefault(label, []).extend(str(text) for text in texts)
    return found


def place_word(kind: str) -> str:
    """What stands for a name, a time or an amount in a text to be classified."""
    return f"xx{kind}xx"


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _examples() -> Iterator[tuple[str, str]]:
    """Each utterance with place words and, where it names something, once more with a name nobody knows."""
    for label, texts in utterances().items():
        for number, text in enumerate(texts):
            yield label, _PLACEHOLDER.sub(lambda found: place_word(found[1]), text.lower())
            if "{" in text and label != FOREIGN:
                stray = _STRAY_NAMES[number % len(_STRAY_NAMES)]  # in turn, so that no label has a name of its own
                yield label, _named(text.lower(), stray)


def _named(text: str, stray: str) -> str:
    return _PLACEHOLDER.sub(lambda found: _stray(found[1], stray), text)


def _foreign_words() -> frozenset[str]:
    ours: set[str] = set()
    foreign: set[str] = set()
    for label, texts in utterances().items():
        words = {word for text in texts for word in re.findall(r"\w+", text.lower())}
        (foreign if label == FOREIGN else ours).update(words)
    return frozenset(foreign - ours)


def _stray(kind: str, name: str) -> str:
    return name if kind in ("project", "program", "task") else place_word(kind)


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


def _matrix(texts: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    rows = [features(text) for text in texts]
    starts = np.cumsum([0, *(len(buckets) for buckets, _ in rows)])
    buckets = np.concatenate([buckets for buckets, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, buckets, starts), shape=(len(texts), _BUCKETS))


def _digest() -> str:
    content = sha256(Path(__file__).read_bytes())
    for path in sorted(UTTERANCES.glob("*.yaml")):
        content.update(path.read_bytes())
    return content.hexdigest()[:16]


def _home(digest: str) -> Path:
    return UTTERANCES.with_name("trained") / f"intent-{digest}.npz"


def _store(model: IntentModel) -> None:
    """Keep the model for next time, where the folder may be written to."""
    path = _home(_digest())
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        handle, name = mkstemp(dir=path.parent, suffix=".npz")
        with open(handle, "wb") as file:  # noqa: PTH123  # a file descriptor, not a path
            np.savez_compressed(
                file,
                labels=np.array(model.labels),
                weights=model.weights,
                bias=model.bias,
                foreign_words=np.array(sorted(model.foreign_words), dtype=np.str_),
            )
        Path(name).replace(path)


if __name__ == "__main__":
    train()
    print(f"Trained on {sum(map(len, utterances().values()))} utterances.")

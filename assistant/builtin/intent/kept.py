"""The classifier this process uses: read from its file, else trained now and kept for next time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from threading import Lock
from typing import Any
from zipfile import BadZipFile

import numpy as np

from assistant.builtin.intent import examples
from assistant.builtin.intent.model import IntentModel, Memory
from assistant.builtin.intent.training import Unseen, fit
from knowledge.embedding import encoder


@dataclass
class _Chosen:
    own: Path | None = None  # the folder of an organisation's own utterances
    embeddings: bool = True


_chosen = _Chosen()
_training = Lock()


def use(own: Path | None) -> None:
    """From now on this process learns from an organisation's own utterances too."""
    _chosen.own = own


@contextmanager
def without_embeddings() -> Iterator[None]:
    """To see what the sentence vectors are worth."""
    _chosen.embeddings = False
    try:
        yield
    finally:
        _chosen.embeddings = True


def load() -> IntentModel:
    """The classifier for the utterances as they are now."""
    state = _state(_chosen.own)
    return _load(examples.UTTERANCES, _chosen.own if state else None, state, _chosen.embeddings)


def shared_words() -> frozenset[str]:
    """Words that several utterances hold, so that they are no slips."""
    return load().shared_words


def is_own_word(word: str) -> bool:
    """Whether it is a word of an organisation's own utterances."""
    return word in load().own_words


def train(own: Path | None = None, *, embeddings: bool = True) -> tuple[IntentModel, Unseen]:
    """Fit the classifier to the utterances, with those of an organisation's own folder, and keep it in a file."""
    with_own = examples.utterances(own) if own else None
    model, unseen = fit(examples.utterances(examples.UTTERANCES), encoder() if embeddings else None, with_own)
    _store(model, _file(own, model.encoder is not None))
    return model, unseen


@cache
def _load(_base: Path, own: Path | None, _state: tuple[tuple[str, int], ...], embeddings: bool) -> IntentModel:
    minilm = encoder() if embeddings else None
    with _training:
        try:
            return replace(_read(_file(own, minilm is not None)), encoder=minilm)
        except (OSError, KeyError, ValueError, BadZipFile):
            return train(own, embeddings=embeddings)[0]


def _read(path: Path) -> IntentModel:
    with np.load(path, allow_pickle=False) as stored:
        words = (frozenset(str(word) for word in stored[name]) for name in _WORDS)
        labels = tuple(str(label) for label in stored["labels"])
        memory = Memory(*(stored[name] for name in _MEMORY))
        return IntentModel(labels, memory, stored["weights"], stored["bias"], None, *words)


def _store(model: IntentModel, path: Path) -> None:
    """Keep the model, where the folder may be written to, in place of those of earlier utterances."""
    arrays: dict[str, Any] = {name: getattr(model.memory, name) for name in _MEMORY}
    arrays |= {name: np.array(sorted(getattr(model, name)), np.str_) for name in _WORDS}
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = mkstemp(dir=path.parent, suffix=".npz")
        with open(handle, "wb") as file:  # noqa: PTH123  # a file descriptor, not a path
            np.savez_compressed(file, labels=np.array(model.labels), weights=model.weights, bias=model.bias, **arrays)
        Path(name).replace(path)
        for earlier in set(path.parent.glob("intent-*.npz")) - set(path.parent.glob(f"{path.stem[:_STEM]}*")):
            earlier.unlink()


def _file(own: Path | None, embeddings: bool) -> Path:
    """One of each: with the sentence vectors, and by grams alone."""
    folder = own or examples.UTTERANCES.with_name("trained")
    digest = _digest([examples.UTTERANCES, *([own] if own else [])])
    return folder / f"intent-{digest}{'' if embeddings else '-grams'}.npz"


def _digest(folders: Iterable[Path]) -> str:
    """Of the utterances and of the code that learns them."""
    content = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        content.update(path.read_bytes())
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            content.update(path.read_bytes())
    return content.hexdigest()[:16]


def _state(own: Path | None) -> tuple[tuple[str, int], ...]:
    """What tells a changed folder from what it was."""
    return tuple((path.name, path.stat().st_mtime_ns) for path in sorted(own.glob("*.yaml"))) if own else ()


_STEM = len("intent-") + 16
_MEMORY = ("starts", "texts", "values", "vectors")
_WORDS = ("foreign_words", "shared_words", "own_words")

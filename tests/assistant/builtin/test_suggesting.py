"""What to ask next: it fits the answer, is not what was asked, and can be answered."""

import pytest

from assistant.agent import Assistant
from assistant.answer import Question
from tests.firm import MONDAY, Firm


@pytest.mark.parametrize("who", ["sam.okafor", "tomas.reyes"])
@pytest.mark.parametrize(
    "ask", ["how is Tern Gateway doing?", "how is tern doing", "which tasks of GATE are late?", "gate-31"]
)
def test_every_suggestion_is_answered(firm: Firm, ask: str, who: str) -> None:
    assistant, reader = Assistant(firm.store), firm.reader(who)
    answer = assistant.ask(Question(text=ask, reader=reader, today=MONDAY))
    outcomes = {
        each: assistant.ask(Question(text=each, reader=reader, today=MONDAY)).outcome for each in answer.suggestions
    }

    assert 1 <= len(outcomes) <= 3
    assert set(outcomes.values()) == {"answered"}, outcomes
    assert ask not in outcomes

"""Questions offered to a newcomer are questions that get an answer."""

import pytest

from integrations.app import Application
from integrations.examples import example_questions


@pytest.mark.parametrize("who", ["ruth.halloran", "tomas.reyes", "sam.okafor", "lena.brandt"])
def test_every_example_is_answered(sample: Application, who: str) -> None:
    person = sample.person(f"{who}@quillmere.example")
    examples = example_questions(sample, person)
    outcomes = {example: sample.ask(example, person, surface="test").outcome for example in examples}

    assert len(examples) >= 4
    assert outcomes == dict.fromkeys(examples, "answered")


def test_an_empty_store_has_no_examples(own: Application) -> None:
    assert example_questions(own, own.owner()) == []

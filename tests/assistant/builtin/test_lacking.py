"""What a message leaves open is asked: an order without its task, a customer without a name, a namesake of a task."""

import pytest

from tests.assistant.builtin.conftest import Understand
from tools.facts import Clarification, Refusal

COLM, INES, LENA, MAEVE, SEAN, TOBIAS, TOMAS = (
    f"{name}@quillmere.example"
    for name in (
        "colm.reidy",
        "ines.duarte",
        "lena.brandt",
        "maeve.corrigan",
        "sean.mccabe",
        "tobias.renner",
        "tomas.reyes",
    )
)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("log 3 hours", INES),
        ("push the deadline by two days", INES),
        ("block it", INES),
        ("4h", INES),
        ("delay the task", INES),
        ("take me off it", TOBIAS),
        ("please take me off that one from april, I have no more time", TOBIAS),
        ("same as last time please", TOBIAS),
        ("and the other one?", TOBIAS),
        ("the customer just called, theyre fuming. whats late for them", LENA),
        ("handover when?", COLM),
        ("move the training to the week after easter", SEAN),
        ("whats on annas list this week", MAEVE),
        ("whats on her plate", LENA),
    ],
)
def test_what_is_left_open_is_asked(read_as: Understand, text: str, who: str) -> None:
    assert isinstance(read_as(text, "quillmere", who).instead, Clarification)


def test_an_order_without_a_task_offers_ones_own(read_as: Understand) -> None:
    asked = read_as("log 3 hours", "quillmere", INES).instead

    assert isinstance(asked, Clarification)
    assert asked.options[0].key == "GATE-31"


def test_a_task_of_ones_own_needs_no_question(read_as: Understand) -> None:
    understood = read_as("handover when?", "quillmere", "piotr.sadowski@quillmere.example")

    assert understood.arguments == {"task": "HUBGW-20"}


@pytest.mark.parametrize(
    "text", ["status of the january 2012 release", "pecos release, is that one done", "databanks release late or not"]
)
def test_of_several_releases_it_is_asked_which(read_as: Understand, text: str) -> None:
    asked = read_as(text).instead

    assert isinstance(asked, Clarification)
    assert len(asked.options) > 1


@pytest.mark.parametrize(
    ("text", "who", "scope"),
    [
        ("did the gateway slip push my wallet release or was it something else", "aoife.kelleher", "MOB"),
        ("lena says its fine and the client says its not fine, gateway, green or not green", "sam.okafor", "GATE"),
    ],
)
def test_the_rest_of_the_message_says_which_is_meant(read_as: Understand, text: str, who: str, scope: str) -> None:
    understood = read_as(text, "quillmere", f"{who}@quillmere.example")

    assert scope in understood.arguments.values()


def test_a_vague_word_beside_a_sure_name_is_passed_over_and_told(read_as: Understand) -> None:
    understood = read_as("the passport denial one for child support, where did that end up")

    assert understood.arguments == {"project": "2207"}
    assert "support" in understood.note


@pytest.mark.parametrize("question", ["where is {}", "tell me about {}", "what about {}", "budget of {}"])
def test_a_name_nobody_bears_is_not_on_file_whether_or_not_a_hidden_project_bears_it(
    read_as: Understand, question: str
) -> None:
    hidden, absent = (
        read_as(question.format(name), "quillmere", TOMAS).instead for name in ("pension move", "penguin move")
    )

    assert isinstance(hidden, Refusal)
    assert isinstance(absent, Refusal)
    assert hidden.sentence.replace("pension", "penguin") == absent.sentence
    assert absent.sentence == "No portfolio, program or project that you can see is called “penguin move”."


@pytest.mark.parametrize("text", ["where is berlin", "tell me about the weather", "where is the coffee machine"])
def test_talk_of_the_world_is_not_looked_up(read_as: Understand, text: str) -> None:
    said = read_as(text, "quillmere", TOMAS).instead

    assert isinstance(said, Refusal)
    assert said.outcome == "declined"

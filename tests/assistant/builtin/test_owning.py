"""Whose project: "my project", "is mine on track", "Helena's project"."""

import pytest

from tests.assistant.builtin.conftest import Understand
from tools.facts import Clarification

EOIN, HELENA, RUTH, SAM = (
    f"{name}@quillmere.example" for name in ("eoin.barry", "helena.costa", "ruth.halloran", "sam.okafor")
)


@pytest.mark.parametrize(
    ("text", "who", "options"),
    [
        ("is mine on track", HELENA, ["TRAIN", "PORT"]),
        ("what is left in my project's budget", HELENA, ["TRAIN", "PORT"]),
        ("my project, any risks?", HELENA, ["TRAIN", "PORT"]),
        ("helenas project, will she make it", RUTH, ["TRAIN", "PORT"]),
        ("how is my program doing", SAM, ["TERN", "PLAT"]),
    ],
)
def test_of_several_own_ones_it_is_asked_which(read_as: Understand, text: str, who: str, options: list[str]) -> None:
    asked = read_as(text, "quillmere", who).instead

    assert isinstance(asked, Clarification)
    assert [option.key for option in asked.options] == options


@pytest.mark.parametrize(
    ("text", "who", "project"),
    [
        ("how is my project", EOIN, "PENS"),
        ("how is mine doing", EOIN, "PENS"),
        ("how is hugo's project", RUTH, "FIELD"),
    ],
)
def test_the_only_one_is_meant(read_as: Understand, text: str, who: str, project: str) -> None:
    understood = read_as(text, "quillmere", who)

    assert (understood.tool, understood.arguments) == ("project_status", {"project": project})


def test_the_one_that_is_chosen_is_asked_about(read_as: Understand) -> None:
    asked = read_as("is mine on track", "quillmere", HELENA)

    understood = read_as("2", "quillmere", HELENA, asked.focus)

    assert (understood.tool, understood.arguments) == ("project_status", {"project": "PORT"})


def test_several_are_shown_where_several_are_asked_for(read_as: Understand) -> None:
    understood = read_as("how are my projects", "quillmere", HELENA)

    assert understood.arguments == {"level": "project", "scope": HELENA}

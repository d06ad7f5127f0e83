"""How a critical path reads."""

import pytest

from assistant.narration import narrate
from tests.firm import MONDAY, Firm
from tools.schedule import ProjectSchedule, project_schedule


def told(firm: Firm, project: str, part: str | None = None) -> str:
    fact = project_schedule(firm.context("ruth"), project, part)
    assert isinstance(fact, ProjectSchedule)
    return narrate(fact, today=MONDAY).text


def test_the_end_comes_first_against_the_promise(firm: Firm) -> None:
    assert told(firm, "FIELD").startswith("**Field app ends ")
    assert "after the promised" in told(firm, "FIELD").split("\n")[0]
    assert "before the promised" in told(firm, "CRM").split("\n")[0]


def test_a_long_path_is_told_by_its_beginning_and_its_end(firm: Firm) -> None:
    path = next(line for line in told(firm, "CRM").split("\n") if "→" in line)

    assert "→ … →" in path
    assert "[CRM-35]" in path


@pytest.mark.parametrize(("part", "words"), [("testing", "has no slack"), ("zeppelins", "is called like “zeppelins”")])
def test_the_slack_of_a_part_is_told_before_the_path(firm: Firm, part: str, words: str) -> None:
    assert words in told(firm, "CRM", part).split("\n")[1]

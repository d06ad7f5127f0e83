from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding import unsupported
from assistant.narration import narrate
from tests.firm import MONDAY, Firm
from tools.finances import finances
from tools.portfolio import portfolio_overview
from tools.status import project_status
from tools.tasks import list_tasks
from tools.work import my_work, task_details


def narrated(firm: Firm, tool, *, who: str = "sam", note: str = "", **arguments):
    fact = tool(firm.context(who), **arguments).model_copy(update={"id": "f1"})
    told = narrate(fact, today=MONDAY, note=note, terms=frozenset({"SPI", "CPI"}))
    return told.text, [told.fact]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        (project_status, {"project": "GATE"}),
        (project_status, {"project": "FIELD"}),
        (portfolio_overview, {}),
        (portfolio_overview, {"level": "program"}),
        (portfolio_overview, {"sort": "-contract_value"}),
        (list_tasks, {"scope": "TERN", "state": "late"}),
        (list_tasks, {"state": "open", "measure": "count", "by": "project"}),
        (list_tasks, {"start": date(2026, 3, 2), "end": date(2026, 3, 8)}),
        (my_work, {"person": "tomas.reyes"}),
        (task_details, {"task": "GATE-31"}),
        (finances, {"scope": "TERN"}),
    ],
)
def test_whatever_narration_says_is_held_by_the_fact(firm, tool, arguments):
    text, facts = narrated(firm, tool, **arguments)

    assert unsupported(text, facts, "") == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("62 %", "63 %"),
        ("4 days", "5 days"),
        ("€203k", "€230k"),
        ("Wed 22 Apr", "Thu 22 Apr"),
        ("Wed 22 Apr", "Wed 29 Apr"),
        ("amber", "red"),
        ("Two late", "Eleven late"),
        ("Lena", "Dana"),
        ("[GATE-31]", "[GATE-32]"),
        ("No likely dates yet", "See Jane Miller"),
    ],
)
def test_a_figure_day_name_or_colour_that_was_changed_is_seen(firm, right: str, wrong: str):
    text, facts = narrated(firm, project_status, project="GATE")
    assert right in text

    assert unsupported(text.replace(right, wrong), facts, "where is it?")


def test_words_of_the_question_and_of_the_servers_note_are_supported(firm):
    note = "I took “gateway” as Tern Gateway, not Hub Gateway"
    text, facts = narrated(firm, project_status, project="GATE", note=note)

    assert unsupported(text, facts, "where is the gateway?", note) == []
    assert unsupported(text, facts, "where is the gateway?") == ["Hub Gateway"]


def test_how_many_more_there_are_must_follow_from_a_count(firm):
    text, facts = narrated(firm, list_tasks, scope="GATE", state="open")
    more = next(line for line in text.splitlines() if line.startswith("And "))

    assert unsupported(text, facts, "") == []
    assert unsupported(text.replace(more, "And 999 more."), facts, "") == ["999"]


@given(st.text(max_size=200))
def test_no_text_raises(text: str):
    assert unsupported(text, [], text) == []

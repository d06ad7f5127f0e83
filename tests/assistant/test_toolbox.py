"""What a language model may call, as whom, and what it is told of it; authority is the asker's whatever is written."""

from datetime import date
from time import monotonic
from typing import Any

import pytest

from assistant.answer import Question
from assistant.toolbox import MOST_CALLS, MOST_OFFERED, Toolbox, route
from tests.firm import MONDAY, Firm
from tools.catalog import TOOLS
from tools.facts import Clarification, Refusal
from tools.names import NameIndex

NAMES = [tool.name for tool in TOOLS]


def toolbox(firm: Firm, who: str, *offered: str) -> Toolbox:
    question = Question(text="?", reader=firm.reader(who), today=MONDAY)
    with firm.store.reading() as session:
        index = NameIndex.of(session)
    heard: list[str] = []
    return Toolbox(
        firm.store,
        question,
        index,
        MONDAY,
        None,
        list(offered or NAMES),
        monotonic() + 60,
        lambda: False,
        heard.append,
    )


def test_a_call_gives_the_fact_and_what_the_model_is_told_of_it(firm: Firm):
    box = toolbox(firm, "lena")
    words, fact = box.use("project_status", {"project": "Tern Gateway"})

    assert fact is box.facts[0] and fact.id == "f1"
    assert words.startswith('{"f1":{"kind":"project_status","project":"GATE"')
    assert box.calls[0].arguments == {"project": "GATE"}


def test_names_and_time_words_are_resolved_as_the_built_in_model_does(firm: Firm):
    box = toolbox(firm, "lena")
    box.use("my_work", {"person": "tomas", "start": "next week", "end": "next week"})

    assert box.calls[0].arguments == {
        "person": "tomas.reyes@quillmere.example",
        "start": "2026-03-09",
        "end": "2026-03-15",
    }


@pytest.mark.parametrize(
    ("words", "day"),
    [("2026-03-20", date(2026, 3, 20)), ("friday", date(2026, 3, 6)), ("end of march", date(2026, 3, 31))],
)
def test_days_may_be_written_in_words(firm: Firm, words: str, day: date):
    box = toolbox(firm, "lena")
    box.use("list_tasks", {"end": words})

    assert box.calls[0].arguments == {"end": day.isoformat()}


def test_a_scope_is_reported_by_its_key(firm: Firm):
    box = toolbox(firm, "lena")
    box.use("list_tasks", {"scope": "tern gateway", "state": "late"})

    box.use("finances", {"scope": "tern payments"})

    assert [call.arguments for call in box.calls] == [{"scope": "GATE", "state": "late"}, {"scope": "TERN"}]


@pytest.mark.parametrize(
    "arguments",
    [
        {"project": "GATE", "as": "siobhan@quillmere.example"},
        {"project": "GATE", "run_as": "admin"},
        {"project": "GATE", "reader": 1},
        {"project": ["GATE"]},
        {"project": {"key": "GATE"}},
        {},
        {"project": None},
    ],
)
def test_arguments_that_do_not_fit_come_back_as_a_sentence(firm: Firm, arguments: dict[str, Any]):
    box = toolbox(firm, "tomas")
    words, fact = box.use("project_status", arguments)

    assert fact is None and not box.calls
    assert "It takes: project." in words


def test_a_tool_that_is_not_offered_cannot_be_called(firm: Firm):
    box = toolbox(firm, "tomas", "my_work")
    words, fact = box.use("finances", {})

    assert fact is None and not box.calls
    assert words == "There is no tool 'finances' here. There are: my_work, more_tools."


def test_more_tools_lists_the_others_and_makes_those_callable_that_are_named(firm: Firm):
    box = toolbox(firm, "lena", "my_work")
    menu, _ = box.use("more_tools", {})
    told, _ = box.use("more_tools", {"names": ["project_status", "drop_tables"]})
    _, fact = box.use("project_status", {"project": "GATE"})

    assert "project_status: Where one project stands" in menu and "my_work:" not in menu
    assert told == "Callable now: project_status."
    assert fact is not None
    assert [schema["function"]["name"] for schema in box.schemas] == ["my_work", "project_status", "more_tools"]


def test_only_some_tools_become_callable_at_once(firm: Firm):
    box = toolbox(firm, "lena", "my_work")
    box.use("more_tools", {"names": list(NAMES)})

    assert len(box.offered) == 1 + MOST_OFFERED


@pytest.mark.parametrize("names", [None, [], "drop_tables", ["my_work"], [{"a": 1}], 7])
def test_a_model_that_asks_for_the_list_of_tools_over_and_over_is_lost(firm: Firm, names: Any):
    box = toolbox(firm, "lena", "my_work")
    for _ in range(6):
        box.use("more_tools", {"names": names})

    assert box.is_lost and box.offered == ["my_work"]


def test_the_authority_is_the_askers(firm: Firm):
    refused, fact = toolbox(firm, "tomas").use("finances", {"scope": "GATE"})

    assert fact is None
    assert refused == toolbox(firm, "tomas").use("finances", {"scope": "GATE"})[0]
    assert "for its managers" in refused


def test_what_a_hidden_row_would_answer_is_what_a_missing_one_does(firm: Firm):
    box, other = toolbox(firm, "nobody"), toolbox(firm, "nobody")

    assert box.use("project_status", {"project": "GATE"})[0].replace("GATE", "?") == (
        other.use("project_status", {"project": "ZZZZ"})[0].replace("ZZZZ", "?")
    )


def test_a_question_back_and_a_refusal_end_the_answer(firm: Firm):
    asked, missing = toolbox(firm, "ruth"), toolbox(firm, "ruth")
    asked.use("project_status", {"project": "gateway"})
    missing.use("project_status", {"project": "Zeus"})

    assert isinstance(asked.ended_by, Clarification) and len(asked.ended_by.options) == 2
    assert isinstance(missing.ended_by, Refusal) and missing.ended_by.outcome == "not_found"
    assert asked.use("project_status", {"project": "GATE"})[1] is None


def test_a_tool_that_is_still_to_come_ends_the_answer_with_what_to_ask_meanwhile(firm: Firm):
    box = toolbox(firm, "lena")
    box.use("forecast", {"scope": "GATE"})

    assert isinstance(box.ended_by, Refusal) and "yet" in box.ended_by.sentence


def test_a_condition_that_makes_no_sense_goes_back_to_the_model(firm: Firm):
    box = toolbox(firm, "lena")
    words, _ = box.use("list_tasks", {"where": ["sparkle > 3"]})

    assert box.ended_by is None and box.declined is not None
    assert "sparkle" in words


def test_a_model_that_calls_and_calls_is_lost(firm: Firm):
    box = toolbox(firm, "lena")
    for _ in range(6):
        box.use("project_status", {"project": "GATE"})

    assert box.is_lost and len(box.calls) == 1


def test_there_is_an_end_to_calls(firm: Firm):
    box = toolbox(firm, "lena")
    for number in range(MOST_CALLS + 5):
        box.use("list_tasks", {"limit": number + 1})

    assert len(box.calls) == MOST_CALLS and box.is_lost


def test_the_likeliest_tools_are_offered_and_one_alone_where_it_is_sure():
    chances = {"finances": 0.5, "project_status": 0.3, "my_work": 0.15, "forecast": 0.03, "out_of_scope": 0.02}

    assert route([], 0.0, lambda: chances) == ["finances", "project_status", "my_work"]
    assert route(["project_status"], 0.6, lambda: chances) == ["project_status", "finances", "my_work"]
    assert route(["project_status"], 0.95, lambda: pytest.fail("not needed")) == ["project_status"]
    assert route([], 0.0, lambda: {"out_of_scope": 0.99, "forecast": 0.01}) == ["forecast"]

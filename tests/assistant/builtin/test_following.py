"""Talk that goes on: what the next message changes, what it leaves, and when a new question begins."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.builtin.focus import Focus, Referent
from assistant.builtin.understanding import Understanding
from storage.vocabulary import Level
from tests.assistant.builtin.conftest import Understand
from tools.facts import Clarification

SAM, TOMAS, LENA = (f"{name}@quillmere.example" for name in ("sam.okafor", "tomas.reyes", "lena.brandt"))
Talk = Callable[..., Understanding]


@pytest.fixture
def talk(read_as: Understand) -> Talk:
    """The last of several messages in one thread, understood. `listed` is what an answer listed after the first."""

    def said(*messages: str, who: str = SAM, world: str = "quillmere", listed: tuple[str, ...] = ()) -> Understanding:
        understood = read_as(messages[0], world, who)
        for message in messages[1:]:
            kept = Focus.of(understood.focus)
            if listed and message is messages[1]:
                kept = kept.listing([Referent(Level.TASK, key) for key in listed], 0)
            understood = read_as(message, world, who, kept.kept())
        return understood

    return said


@pytest.mark.parametrize(
    ("messages", "tool", "arguments"),
    [
        # The time behind the one that was asked about.
        (
            ("GATE, tasks due this week", "and next?"),
            "list_tasks",
            {"scope": "GATE", "state": "due", "start": "2026-03-09", "end": "2026-03-15"},
        ),
        (
            ("which tasks of GATE finish in march?", "and the month after?"),
            "list_tasks",
            {"scope": "GATE", "start": "2026-04-01", "end": "2026-04-30"},
        ),
        # Another condition, measure or scope in the place of the last one.
        (("show open tasks on GATE", "but only the late ones"), "list_tasks", {"scope": "GATE", "state": "late"}),
        (
            ("show late tasks on GATE", "how many is that?"),
            "list_tasks",
            {"scope": "GATE", "state": "late", "measure": "count"},
        ),
        (
            ("which projects in platforms are late or red?", "which of those are over budget"),
            "portfolio_overview",
            {"level": "project", "scope": "PLAT", "filter": "over_budget", "where": ["late | red"]},
        ),
        (
            ("how many tasks of GATE are late", "which are they"),
            "list_tasks",
            {"scope": "GATE", "state": "late"},
        ),
        (
            ("total planned cost of tern projects", "and on average?"),
            "portfolio_overview",
            {"level": "project", "scope": "TERN", "measure": "mean", "of": "planned_cost"},
        ),
        (("which tasks are late in GATE", "same for field app"), "list_tasks", {"scope": "FIELD", "state": "late"}),
        (
            ("open tasks of hub gateway in march", "what about april"),
            "list_tasks",
            {"scope": "HUBGW", "state": "open", "start": "2026-04-01", "end": "2026-04-30"},
        ),
        # A chain: each message changes what the one before made of the question.
        (
            ("which tasks are late in GATE", "only the blocked ones", "same for field app", "how many is that?"),
            "list_tasks",
            {"scope": "FIELD", "state": "late", "where": ["blocked"], "measure": "count"},
        ),
        # What is talked about.
        (("how is Tern Gateway doing?", "and the hub one?"), "project_status", {"project": "HUBGW"}),
        (("wheres hub gateway at", "no i meant the tern one"), "project_status", {"project": "GATE"}),
        (("how is crm rollout doing", "which of its tasks are late"), "list_tasks", {"scope": "CRM", "state": "late"}),
        (("who owns GATE-31?", "and gate-44?"), "task_details", {"task": "GATE-44", "about": "owner"}),
    ],
)
def test_a_message_changes_what_it_speaks_of(
    talk: Talk, messages: tuple[str, ...], tool: str, arguments: dict[str, Any]
) -> None:
    understood = talk(*messages)

    assert (understood.tool, understood.arguments) == (tool, arguments)


def test_the_echo_spells_out_the_whole_question(talk: Talk) -> None:
    assert (
        talk("show open tasks on GATE", "but only the late ones").understood == "Tasks in Tern Gateway that are: late."
    )


def test_a_row_of_the_list_is_meant_by_its_place(talk: Talk) -> None:
    late = ("GATE-31", "GATE-44")
    first = talk("show late tasks on GATE", "the first one", listed=late)
    owner = talk("show late tasks on GATE", "who owns the second one", listed=late)
    next_one = talk("show late tasks on GATE", "who owns the first one", "and the second?", listed=late)

    assert (first.tool, first.arguments) == ("task_details", {"task": "GATE-31"})
    assert (owner.tool, owner.arguments) == ("task_details", {"task": "GATE-44", "about": "owner"})
    assert next_one.arguments == {"task": "GATE-44", "about": "owner"}


def test_the_other_one_is_the_reading_set_aside(talk: Talk) -> None:
    understood = talk("wheres the gateway at", "the other one", who=TOMAS)

    assert (understood.tool, understood.arguments) == ("project_status", {"project": "HUBGW"})


@pytest.mark.parametrize(
    ("first", "then", "tool", "arguments"),
    [
        ("which tasks are late in GATE", "how is crm rollout doing?", "project_status", {"project": "CRM"}),
        (
            "how is Field app doing?",
            "which projects are red",
            "portfolio_overview",
            {"level": "project", "filter": "red"},
        ),
        ("how is Field app doing?", "whats on my plate", "my_work", {"person": SAM}),
        (
            "show open tasks on GATE",
            "which tasks are blocked in field app",
            "list_tasks",
            {"scope": "FIELD", "state": "blocked"},
        ),
    ],
)
def test_a_new_question_carries_nothing_over(
    talk: Talk, first: str, then: str, tool: str, arguments: dict[str, Any]
) -> None:
    understood = talk(first, then)

    assert (understood.tool, understood.arguments) == (tool, arguments)


def test_why_asks_what_moved_the_thing_just_spoken_of(talk: Talk) -> None:
    understood = talk("how is Field app doing?", "why?")

    assert (understood.tool, understood.arguments["scope"]) == ("explain_change", "FIELD")


class TestChoices:
    def test_a_choice_is_remembered_and_not_asked_for_again(self, talk: Talk) -> None:
        later = talk(
            "wheres the gateway at??", "the second", "which projects are red", "which tasks are late in gateway"
        )

        assert (later.tool, later.arguments) == ("list_tasks", {"scope": "HUBGW", "state": "late"})

    def test_a_choice_answers_the_whole_question_that_waited(self, talk: Talk) -> None:
        chosen = talk("which tasks are late in field app?", "and gateway?", "tern")

        assert (chosen.tool, chosen.arguments) == ("list_tasks", {"scope": "GATE", "state": "late"})

    def test_both_answers_each_of_them(self, talk: Talk) -> None:
        both = talk("wheres the gateway at??", "both")

        assert [each.arguments for each in (both, *both.also)] == [{"project": "GATE"}, {"project": "HUBGW"}]

    def test_neither_asks_for_more_of_the_name(self, talk: Talk) -> None:
        neither = talk("wheres the gateway at??", "neither")

        assert isinstance(neither.instead, Clarification)
        assert "more of its name" in neither.instead.question

    def test_a_new_question_may_take_the_place_of_the_answer(self, talk: Talk) -> None:
        other = talk("wheres the gateway at??", "which tasks are late in field app?")

        assert other.arguments == {"scope": "FIELD", "state": "late"}


class TestWhatItIs:
    @pytest.mark.parametrize(
        "messages",
        [
            ("is it late?",),
            ("who owns this",),
            ("move it to friday",),
            ("how are crm rollout and mobile wallet", "who manages it"),
            ("what are dana kowal and kasia wolska working on", "what is she doing next week"),
        ],
    )
    def test_it_is_asked_where_nothing_or_several_things_could_be_meant(
        self, talk: Talk, messages: tuple[str, ...]
    ) -> None:
        assert isinstance(talk(*messages).instead, Clarification)

    def test_what_is_to_be_changed_is_asked_with_candidates_unless_it_is_certain(self, talk: Talk) -> None:
        unsure = talk("how are crm rollout and mobile wallet", "move it to 5 may")
        sure = talk("who owns GATE-44?", "move it to 13 march", who=LENA)

        assert isinstance(unsure.instead, Clarification)
        assert [option.key for option in unsure.instead.options] == ["CRM", "MOB"]
        assert sure.arguments["subject"] == "GATE-44"

    def test_the_askers_only_project_is_taken_before_asking(self, read_as: Understand) -> None:
        understood = read_as("will we make it", "quillmere", "eoin.barry@quillmere.example")

        assert understood.arguments.get("scope") == "PENS"


class TestSeveralAtOnce:
    def test_two_requests_are_understood_in_order(self, read_as: Understand) -> None:
        understood = read_as("is field app late? and what did it cost?", "quillmere", SAM)

        assert understood.arguments == {"project": "FIELD"}
        assert [each.arguments.get("scope") for each in understood.also] == ["FIELD"]

    def test_several_people_are_each_answered(self, read_as: Understand) -> None:
        understood = read_as("what are dana and kasia working on", "quillmere", SAM)

        assert [each.arguments["person"].split(".")[0] for each in (understood, *understood.also)] == ["dana", "kasia"]

    def test_two_rows_are_one_request(self, read_as: Understand) -> None:
        understood = read_as("compare mobile wallet and field app", "quillmere", SAM)

        assert understood.also == ()

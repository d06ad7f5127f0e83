"""Edits of a plan as proposals: what would change, what follows, what it does; and sentences where nothing can."""

from typing import Any

import pytest
from sqlmodel import select

from storage.edits import RowEdit
from storage.models import History
from tests.firm import Firm
from tools.catalog import find_tool
from tools.facts import Clarification, Refusal
from tools.proposing import ChangeProposal


def propose(firm: Firm, who: str, tool: str = "propose_change", **arguments: Any) -> Any:
    return find_tool(tool).call(firm.context(who), arguments)


def told(fact: ChangeProposal, subject: str) -> dict[str, tuple[Any, Any]]:
    """The fields of one row: before and after."""
    return {
        str(row.field.value): (row.before and row.before.value, row.after and row.after.value)
        for row in fact.rows.values()
        if row.subject.value == subject
    }


def test_a_task_keeps_its_length_and_pushes_what_waits_for_it(firm: Firm):
    fact = propose(firm, "lena", operation="move", subject="CRM-27", value="2026-03-24")

    assert told(fact, "CRM-27") == {
        "start": ("2026-03-17", "2026-03-24"),
        "finish": ("2026-03-26", "2026-04-02"),
    }
    assert told(fact, "CRM-29")["start"] == ("2026-03-30", "2026-04-06")
    assert fact.follow is not None
    assert fact.follow.value == 4
    assert fact.effects["CRM.schedule_finish"].after.value == "2026-04-22"


def test_earlier_pulls_nothing_along(firm: Firm):
    fact = propose(firm, "lena", operation="move", subject="CRM-42", value="-2 days")

    assert fact.follow is None
    assert told(fact, "CRM-42")["start"] == ("2026-03-30", "2026-03-26")


def test_a_day_off_becomes_the_next_working_day_and_says_so(firm: Firm):
    fact = propose(firm, "lena", operation="move", subject="CRM-27", value="2026-03-28")

    assert told(fact, "CRM-27")["start"][1] == "2026-03-30"
    assert "no working day" in str(fact.taken.value)


def test_a_due_date_moves_the_finish(firm: Firm):
    fact = propose(firm, "lena", operation="move", subject="GATE-52", value="2026-03-10", edge="finish")

    assert told(fact, "GATE-52") == {"start": ("2026-03-02", "2026-03-05"), "finish": ("2026-03-05", "2026-03-10")}


def test_a_milestone_moves_as_a_whole(firm: Firm):
    fact = propose(firm, "lena", operation="move", subject="GATE-54", value="2026-03-26")

    assert told(fact, "GATE-54") == {"start": ("2026-03-19", "2026-03-26"), "finish": ("2026-03-19", "2026-03-26")}


def test_a_summary_moves_what_of_it_has_not_begun(firm: Firm):
    fact = propose(firm, "lena", operation="move", subject="GATE-40", value="+2 days")

    assert told(fact, "GATE-45")["start"] == ("2026-03-04", "2026-03-06")
    assert told(fact, "GATE-51") == {}  # under way
    assert told(fact, "GATE-41") == {}  # done


def test_a_project_is_promised_for_another_day(firm: Firm):
    fact = propose(firm, "lena", operation="move", subject="CRM", value="2026-05-08")

    assert told(fact, "CRM") == {"promised finish": ("2026-04-24", "2026-05-08")}


def test_extending_changes_the_end_alone(firm: Firm):
    fact = propose(firm, "lena", operation="extend", subject="CRM-27", value="3 days")

    assert told(fact, "CRM-27") == {"finish": ("2026-03-26", "2026-03-31"), "duration": (8, 11)}


def test_a_new_link_pushes_what_has_to_wait(firm: Firm):
    fact = propose(firm, "lena", operation="add_link", subject="GATE-52", value="GATE-45")

    assert told(fact, "GATE-52")["waits for"][1].startswith("GATE-45")
    assert told(fact, "GATE-52")["start"] == (
        "2026-03-02",
        "2026-03-11",
    )  # GATE-45 itself waits for GATE-31, which is late


def test_a_circle_is_named_and_nothing_is_proposed(firm: Firm):
    refusal = propose(firm, "lena", operation="add_link", subject="GATE-31", value="GATE-50")

    assert isinstance(refusal, Refusal)
    assert "circle" in refusal.sentence
    assert "GATE-50" in refusal.sentence


def test_a_task_with_hours_is_not_removed(firm: Firm):
    refusal = propose(firm, "lena", operation="remove", subject="GATE-44")

    assert "hours recorded on it" in refusal.sentence
    assert "cancelled" in refusal.sentence


def test_one_without_goes_with_its_links_and_baselines(firm: Firm):
    fact = propose(firm, "lena", operation="remove", subject="GATE-49")

    assert {edit.table for edit in fact.draft.edits} == {"task", "dependency", "baseline"}
    assert all(edit.is_removal for edit in fact.draft.edits)


def test_an_estimate_keeps_what_was_done(firm: Firm):
    fact = propose(firm, "lena", operation="set_estimate", subject="GATE-44", value="2 days")

    assert told(fact, "GATE-44") == {"estimate": (8.0, 16.0), "work left": (6.0, 14.0)}


def test_who_should_take_it_is_asked_with_those_at_work_there(firm: Firm):
    asked = propose(firm, "lena", operation="assign", subject="GATE-52")

    assert isinstance(asked, Clarification)
    assert "owen.breen" in {option.key for option in asked.options}
    assert "tomas.reyes" not in {option.key for option in asked.options}


@pytest.mark.parametrize(
    ("operation", "subject", "value", "field", "after"),
    [
        ("assign", "GATE-52", "owen.breen", "owner", "Owen Breen"),
        ("set_state", "GATE-49", "cancelled", "state", "cancelled"),
        ("set_state", "HARB", "on hold", "state", "on_hold"),
        ("set_health", "GATE", "amber", "reported health", "amber"),
        ("set_budget", "CRM", "300k", "budget", "300000.00"),
        ("rename", "GATE-52", "Codes for banks", "name", "Codes for banks"),
        ("add_task", "GATE", "Write the notes", "new task", "Write the notes"),
        ("close", "CRM", None, "state", "done"),
    ],
)
def test_plain_edits(firm: Firm, operation: str, subject: str, value: str | None, field: str, after: str):
    who = "grainne" if subject == "HARB" else "lena"
    fact = propose(firm, who, operation=operation, subject=subject, value=value)

    assert told(fact, subject)[field][1] == after


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "Say what to change"),
        ({"operation": "move"}, "Say which task or project"),
        ({"operation": "move", "subject": "CRM-27"}, "Say where to"),
        ({"operation": "move", "subject": "CRM-27", "value": "soonish"}, "soonish"),
        ({"operation": "move", "subject": "CRM-27", "value": "2026-02-30"}, "2026-02-30"),
        ({"operation": "move", "subject": "CRM-27", "value": "9999-12-31"}, "years"),
        ({"operation": "move", "subject": "CRM-27", "value": "999999999 weeks"}, "years"),
        ({"operation": "move", "subject": "CRM-27", "value": "2026-03-17"}, "there already"),
        ({"operation": "move", "subject": "GATE-41", "value": "+2 days"}, "done or cancelled"),
        ({"operation": "set_state", "subject": "GATE-49", "value": "on_hold"}, "A task can be"),
        ({"operation": "set_health", "subject": "GATE", "value": "blue"}, "green, amber or red"),
        ({"operation": "set_budget", "subject": "GATE", "value": "-5"}, "budget"),
        ({"operation": "set_budget", "subject": "GATE", "value": "lots"}, "lots"),
        ({"operation": "set_estimate", "subject": "GATE-52", "value": "0 days"}, "how long"),
        ({"operation": "rename", "subject": "GATE-52", "value": " "}, "1 to 200"),
        ({"operation": "rename", "subject": "GATE-52", "value": "x" * 201}, "1 to 200"),
        ({"operation": "add_link", "subject": "GATE-52", "value": "GATE-52"}, "itself"),
        ({"operation": "remove_link", "subject": "GATE-52", "value": "GATE-53"}, "no link"),
        ({"operation": "remove", "subject": "GATE"}, "tasks, not projects"),
        ({"operation": "set_field", "subject": "GATE", "value": "x"}, "where they come from"),
        ({"operation": "set_health", "subject": "GATE", "value": "green"}, "nothing to change"),
    ],
    ids=str,
)
def test_what_cannot_be_changed_is_said_in_a_sentence(firm: Firm, arguments: dict[str, Any], words: str):
    refusal = propose(firm, "lena", **arguments)

    assert isinstance(refusal, Refusal), refusal
    assert words in refusal.sentence


def test_a_hidden_task_is_not_there_to_be_changed(firm: Firm):
    hidden = propose(firm, "nobody", operation="move", subject="CRM-27", value="+1 week")
    missing = propose(firm, "nobody", operation="move", subject="CRM-99", value="+1 week")

    assert hidden.sentence.replace("CRM-27", "CRM-99") == missing.sentence


def test_whose_it_is_today_is_not_told_to_whom_it_is_hidden_from(firm: Firm):
    fact = propose(firm, "ewa", operation="assign", subject="GATE-52", value="owen.breen")

    [row] = fact.rows.values()
    assert (row.why.value, row.before) == ("hidden", None)


def test_money_moves_only_where_the_asker_sees_it(firm: Firm):
    manager = propose(firm, "lena", operation="close", subject="CRM")
    member = propose(firm, "ewa", operation="close", subject="CRM")

    assert "CRM.EAC" in manager.effects
    assert "CRM.EAC" not in member.effects


def test_a_proposal_writes_nothing(own_firm: Firm):
    with own_firm.store.reading() as session:
        before = len(session.exec(select(History.id)).all())
    propose(own_firm, "lena", operation="move", subject="CRM-27", value="+1 week")

    with own_firm.store.reading() as session:
        assert len(session.exec(select(History.id)).all()) == before


class TestRecording:
    def test_done_with_the_hours_it_took_in_all(self, firm: Firm):
        fact = propose(firm, "tomas", "record_update", kind="done", subject="GATE-44", hours=24)

        hours = [row.after.value for row in fact.rows.values() if str(row.field.value).startswith("hours of")]
        assert told(fact, "GATE-44")["state"] == ("in_progress", "done")
        assert sum(hours) == 22  # two are recorded already
        assert [str(edit.after["worked_on"]) for edit in fact.draft.edits if edit.table == "time_entry"] == [
            "2026-02-25",
            "2026-02-26",
            "2026-03-02",
        ]  # Fridays are his own

    def test_nobody_records_the_hours_of_others(self, firm: Firm):
        fact = propose(firm, "lena", "record_update", kind="hours", subject="GATE-44", hours=3)

        [edit] = [edit for edit in fact.draft.edits if edit.table == "time_entry"]
        assert edit.after["person_id"] == firm.reader("lena").person_id

    def test_progress_moves_the_work_left(self, firm: Firm):
        fact = propose(firm, "tomas", "record_update", kind="progress", subject="GATE-44", value="60%")

        assert told(fact, "GATE-44") == {"progress": (0.25, 0.6), "work left": (6.0, 3.2)}

    def test_an_absence_has_no_reason(self, firm: Firm):
        fact = propose(firm, "tomas", "record_update", kind="absence", start="2026-03-12", end="2026-03-13")

        assert [edit.table for edit in fact.draft.edits] == ["absence"]
        assert set(fact.draft.edits[0].after) == {"person_id", "starts_on", "ends_on"}

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ({}, "Say what to record"),
            ({"kind": "done"}, "Say which task"),
            ({"kind": "done", "subject": "GATE-41"}, "done already"),
            ({"kind": "done", "subject": "GATE-44", "date": "2026-03-09"}, "still to come"),
            ({"kind": "done", "subject": "GATE-44", "hours": -1}, "between 0"),
            ({"kind": "hours", "subject": "GATE-44", "hours": 1e9}, "between 0"),
            ({"kind": "hours", "subject": "GATE-44", "hours": 999}, "31 days"),
            ({"kind": "hours", "subject": "GATE-44"}, "how many hours"),
            ({"kind": "hours", "subject": "GATE-40", "hours": 4}, "tasks below it"),
            ({"kind": "progress", "subject": "GATE-44", "value": "150%"}, "between 0 and 100"),
            ({"kind": "progress", "subject": "GATE-44", "value": "NaN"}, "how far"),
            ({"kind": "blocker", "subject": "GATE-44"}, "up to 1,000"),
            ({"kind": "note", "subject": "GATE", "value": "x" * 2000}, "up to 1,000"),
            ({"kind": "absence"}, "which day"),
            ({"kind": "absence", "start": "2026-03-12", "end": "2026-03-01"}, "before it begins"),
            ({"kind": "absence", "start": "2026-03-12", "end": "2036-03-01"}, "up to a year"),
        ],
        ids=str,
    )
    def test_what_cannot_be_recorded_is_said_in_a_sentence(self, firm: Firm, arguments: dict[str, Any], words: str):
        refusal = propose(firm, "tomas", "record_update", **arguments)

        assert isinstance(refusal, Refusal), refusal
        assert words in refusal.sentence

    def test_an_outsider_records_nothing(self, firm: Firm):
        assert isinstance(propose(firm, "nobody", "record_update", kind="done", subject="GATE-44"), Refusal)


def test_edits_of_a_draft_are_such_that_storage_takes(firm: Firm):
    fact = propose(firm, "lena", operation="move", subject="CRM-27", value="+1 week")

    assert all(isinstance(edit, RowEdit) and not edit.before for edit in fact.draft.edits)

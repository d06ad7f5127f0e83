"""What a message says of the arguments of each tool: people, places, days, lengths, money, and what is to change."""

from datetime import date
from typing import Any

import pytest

from assistant.builtin.filling import SLOTS, fill
from assistant.builtin.focus import Focus
from assistant.builtin.message import Asker, Message
from assistant.builtin.naming import find_scope
from assistant.builtin.query import QUERIED
from assistant.builtin.vocabulary import Vocabulary
from assistant.builtin.words import written_out
from storage.access import Reader
from storage.people import find_person_by_email
from tests.firm import MONDAY, Firm
from tools.catalog import TOOLS, find_tool
from tools.names import NameIndex, plain

ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("find_people", "who can do data modelling and is free the week of 9 march, 12 hours",
     {"skill": "data modelling", "start": "2026-03-09", "end": "2026-03-15", "hours": 12}),
    ("find_people", "looking for a swahili speaker", {"skill": "swahili speaker"}),
    ("utilisation", "utilisation of the change practice in january",
     {"scope": "CHG", "start": "2026-01-01", "end": "2026-01-31"}),
    ("utilisation", "how full is Kasia Wolska next week",
     {"scope": "kasia.wolska@quillmere.example", "start": "2026-03-09", "end": "2026-03-15"}),
    ("utilisation", "feb utilisation. finance says 78",
     {"start": "2026-02-01", "end": "2026-02-28", "compared_with": 0.78}),
    ("utilisation", "hr has another figure for february, 70.5 %",
     {"start": "2026-02-01", "end": "2026-02-28", "compared_with": 0.705}),
    ("utilisation", "whos overbooked in march", {"start": "2026-03-01", "end": "2026-03-31", "about": "overbooked"}),
    ("utilisation", "bench next month", {"start": "2026-04-01", "end": "2026-04-30", "about": "bench"}),
    ("utilisation", "who is over 100 percent", {"about": "overbooked"}),
    ("utilisation", "utilisation of the Malmö office in january, by practice",
     {"scope": "Malmö", "start": "2026-01-01", "end": "2026-01-31"}),
    ("utilisation", "utilisation per office", {"by": "office"}),
    ("utilisation", "what is my utilisation", {"scope": "tomas.reyes@quillmere.example"}),
    ("utilisation", "is Dana Kowal overbooked", {"scope": "dana.kowal@quillmere.example", "about": "overbooked"}),
    ("utilisation", "timesheets missing for february",
     {"start": "2026-02-01", "end": "2026-02-28", "about": "timesheets"}),
    ("utilisation", "what is utilisation divided by", {"about": "definition"}),
    ("capacity", "do we have enough business analysts in april",
     {"skill": "business analyst", "start": "2026-04-01", "end": "2026-04-30"}),
    ("project_schedule", "what drives the finish of audit prep", {"project": "AUDIT"}),
    ("project_schedule", "how much slack in testing for crm rollout", {"project": "CRM", "part": "testing"}),
    ("project_schedule", "how much float has GATE-48", {"project": "GATE", "part": "GATE-48"}),
    ("forecast", "how sure is field app before 24 april", {"scope": "FIELD", "date": "2026-04-24"}),
    ("forecast", "chance that crm rollout costs less than 240k", {"scope": "CRM", "budget": 240000}),
    ("explain_change", "what moved on ledger data since friday", {"scope": "LEDG", "since": "2026-02-27"}),
    ("benefits", "benefits of tern payments this year",
     {"scope": "TERN", "start": "2026-01-01", "end": "2026-12-31"}),
    ("surface_risks", "anything risky in the data practice", {"scope": "DATA"}),
    ("find_lessons", "have we learned anything about moving a data centre", {"topic": "moving a data centre"}),
    ("draft_plan", "plan for a payroll move, 3 people, start 4 may, live by 30 september, 300k",
     {"name": "payroll move", "people": 3, "start": "2026-05-04", "end": "2026-09-30", "budget": 300000}),
    ("propose_reallocation", "take some work off Dana Kowal in the next two weeks",
     {"person": "dana.kowal@quillmere.example", "start": "2026-03-02"}),
    ("what_if", "what if the certificate exchange slips by two weeks",
     {"operation": "delay", "subject": "GATE-31", "value": "2 weeks"}),
    ("what_if", "what if Ines Duarte is ill next week",
     {"operation": "absence", "subject": "ines.duarte@quillmere.example", "start": "2026-03-09", "end": "2026-03-15"}),
    ("what_if", "suppose we stop the knowledge base", {"operation": "stop", "subject": "KNOW"}),
    ("select_portfolio", "which bids fit into 1.8m with nine engineers from july",
     {"budget": 1800000, "people": 9, "start": "2026-07-01"}),
    ("propose_change", "push GATE-54 to the 27th", {"operation": "move", "subject": "GATE-54", "value": "2026-03-27"}),
    ("propose_change", "bring gate-54 forward by 2 days",
     {"operation": "move", "subject": "GATE-54", "value": "-2 days"}),
    ("propose_change", "give gate-51 from priya nair to owen breen",
     {"operation": "assign", "subject": "GATE-51", "value": "owen.breen@quillmere.example"}),
    ("propose_change", "set portal refresh to amber", {"operation": "set_health", "subject": "PORT", "value": "amber"}),
    ("propose_change", "put harbour portal on hold", {"operation": "set_state", "subject": "HARB", "value": "on_hold"}),
    (
        "propose_change",
        "rename training to Till school",
        {"operation": "rename", "subject": "TRAIN", "value": "Till school"},
    ),
    ("propose_change", "GATE-45 should wait for GATE-44, link them",
     {"operation": "add_link", "subject": "GATE-45", "value": "GATE-44"}),
    ("propose_change", "the estimate of hub-19 is more like 24 hours",
     {"operation": "set_estimate", "subject": "HUB-19", "value": "24 hours"}),
    ("record_update", "finished gate-44, it took 2 days", {"kind": "done", "subject": "GATE-44", "hours": 16}),
    ("record_update", "worked 5 hours on mob-18 yesterday",
     {"kind": "hours", "subject": "MOB-18", "hours": 5, "date": "2026-03-01"}),
    ("record_update", "crm-07 still needs 6 hours", {"kind": "remaining", "subject": "CRM-07", "hours": 6}),
    ("record_update", "gate-52 is 60 percent through", {"kind": "progress", "subject": "GATE-52", "value": "60%"}),
    ("record_update", "hub-18 is stuck, the vendor is silent", {"kind": "blocker", "subject": "HUB-18"}),
    ("record_update", "new risk for crm rollout: the licence ends in may",
     {"kind": "risk", "subject": "CRM", "value": "the licence ends in may"}),
    ("record_update", "i am on holiday from 6 to 10 april",
     {"kind": "absence", "subject": "tomas.reyes@quillmere.example", "start": "2026-04-06", "end": "2026-04-10"}),
    ("find_people", "we are short, i would need somebody for load testing, 2 days. who comes in question",
     {"skill": "load testing", "hours": 16}),
    ("forecast", "odds that the certificate exchange is done by 20 march", {"scope": "GATE", "date": "2026-03-20"}),
    ("explain_change", "tern gateway today against 2 february", {"scope": "GATE", "since": "2026-02-02"}),
    ("draft_plan", "a plan 4 alder, 5 ppl, from mid may", {"people": 5, "start": "2026-05-15"}),
    ("draft_plan", "plan for phase two of the archive, 4 people, five months from 1 may",
     {"name": "phase two of the archive", "people": 4, "start": "2026-05-01", "end": "2026-09-30"}),
    ("propose_reallocation", "Julia Nowak is off fri and mon, find cover",
     {"person": "julia.nowak@quillmere.example", "start": "2026-03-06", "end": "2026-03-09"}),
    ("what_if", "pretend Dana Kowal isn't there for all of march",
     {"operation": "absence", "subject": "dana.kowal@quillmere.example", "start": "2026-03-01", "end": "2026-03-31"}),
    ("what_if", "what if the devices arrive on 16 march, does 24 april work then",
     {"operation": "delay", "subject": "FIELD-23", "value": "2026-03-16"}),
    ("propose_change", "new task under delivery of the devices: test the cards, 2 days",
     {"operation": "add_task", "subject": "FIELD", "value": "test the cards, 2 days"}),
    ("record_update", "worked 4 hours on gate-52, about 10 to go",
     {"kind": "hours", "subject": "GATE-52", "hours": 4, "remaining": 10}),
    ("record_update", "gate-52: 6 days left", {"kind": "remaining", "value": "6 days", "hours": 48}),
    ("record_update", "gate-52 is blocked since thursday", {"kind": "blocker", "date": "2026-02-26"}),
    ("weekly_brief", "brief for client delivery, week 9", {"scope": "DELIVERY", "week": "2026-W09"}),
]  # fmt: skip


def filled(
    firm: Firm, tool: str, text: str, who: str = "tomas.reyes@quillmere.example", earlier: str = ""
) -> tuple[dict[str, Any], str]:
    """The arguments as JSON has them, and the echo."""
    with firm.store.reading() as session:
        person = find_person_by_email(session, who)
        reader = Reader(person.id if person else None)
        index = NameIndex.of(session).seen_by(session, reader)
        asker = Asker(session, reader, index, MONDAY, Vocabulary.of(session, reader, index))
        message = Message(asker, Focus.of(None).asked(earlier, None) if earlier else Focus.of(None), text)
        said = written_out(plain(text))
        query, pieces = message.read(said)
        found = fill(message, tool, said, query, pieces, find_scope(message, query))
    arguments = {
        label: value.isoformat() if isinstance(value, date) else value for label, value in found.arguments.items()
    }
    return arguments, found.understood


@pytest.mark.parametrize(("tool", "text", "expected"), ASKED, ids=[text[:60] for _, text, _ in ASKED])
def test_a_message_fills_what_it_says_of_a_tool(firm: Firm, tool: str, text: str, expected: dict[str, Any]) -> None:
    arguments, _ = filled(firm, tool, text)

    assert arguments | expected == arguments, arguments
    assert find_tool(tool).arguments.model_validate(arguments)


def test_every_tool_that_takes_no_query_has_its_slots() -> None:
    assert set(SLOTS) == {tool.name for tool in TOOLS} - QUERIED


def test_what_is_not_said_is_left_out(firm: Firm) -> None:
    assert filled(firm, "weekly_brief", "the brief please")[0] == {}
    assert filled(firm, "utilisation", "how is our utilisation")[0] == {}


def test_the_echo_names_rows_and_days_in_words(firm: Firm) -> None:
    assert filled(firm, "forecast", "will field app make the 24th of april")[1] == (
        "A forecast for Field app: on 24 April 2026."
    )
    assert filled(firm, "utilisation", "load of the data practice")[1] == "Utilisation for Data."
    assert filled(firm, "utilisation", "utilisation, hr says 70.5 %")[1] == "Utilisation: against 70.5 %."


def test_a_day_that_is_still_to_come_is_never_one_gone_by(firm: Firm) -> None:
    assert filled(firm, "draft_plan", "plan for a new archive, live on 1 september")[0]["end"] == "2026-09-01"


def test_my_people_are_those_of_the_practice_one_looks_after(firm: Firm) -> None:
    assert filled(firm, "utilisation", "load of my own lot", "sean.mccabe@quillmere.example")[0] == {"scope": "CHG"}
    assert filled(firm, "utilisation", "load of my own lot")[0] == {}


def test_what_is_recorded_is_of_the_tasks_the_asker_is_to_do(firm: Firm) -> None:
    text = "mark the load test as blocked"

    assert filled(firm, "record_update", text, "priya.nair@quillmere.example")[0]["subject"] == "GATE-51"


def test_a_bare_number_takes_the_place_of_what_it_is_nearest_to(firm: Firm) -> None:
    def then(question: str, tool: str, answer: str) -> dict[str, Any]:
        return filled(firm, tool, answer, earlier=question)[0]

    assert then("what fits into 1m and 8 people", "select_portfolio", "make it 1.4") == {"budget": 1400000}
    assert then("what fits into 1m and 8 people", "select_portfolio", "no make that 10") == {"people": 10}
    assert then("what if the devices arrive 4 weeks late", "what_if", "and 2?")["value"] == "2 weeks"
    assert then("a plan for alder, 4 people", "draft_plan", "with 5 please")["people"] == 5
    assert "people" not in then("a plan for alder, 4 people", "draft_plan", "it has 5 phases")


def test_a_confidential_task_is_no_subject_for_who_may_not_know_it(firm: Firm) -> None:
    told, _ = filled(firm, "what_if", "what if the certificate exchange slips a week", "nobody@elsewhere.example")

    assert "subject" not in told

"""Risks with their evidence, as different people may see them."""

from dataclasses import replace
from datetime import date

from sqlmodel import select

from assistant.narration import narrate
from storage.access import Reader
from storage.models import Project, Risk
from tests.firm import MONDAY
from tools.risks import Risks, surface_risks


def asked(firm, who="sam", scope="TERN") -> Risks:
    fact = surface_risks(firm.context(who), scope)
    assert isinstance(fact, Risks), fact
    return fact


def of_kind(fact: Risks, why: str):
    return [row for row in fact.rows.values() if row.why.value == why]


def test_the_worst_signals_come_first_with_their_evidence(firm):
    first, second, *_ = asked(firm).rows.values()

    assert (first.why.value, first.task.value, first.waits_on.value) == ("waiting", "GATE-31", "Tern's security team")
    assert (first.since.value, first.behind.value, first.owner.value) == ("2026-02-19", 3, "Ines Duarte")
    assert (second.why.value, second.name.value, second.days.value) == ("contract", "Marek Zielinski", 10)
    assert first.score.value == second.score.value == 9


def test_what_the_register_covers_has_its_entry_and_its_mitigation(firm):
    waiting, contract = (of_kind(asked(firm), why)[0] for why in ("waiting", "contract"))

    assert (waiting.register_key.value, contract.register_key.value) == ("R-14", "R-11")
    assert waiting.mitigation.value.startswith("Weekly call with Tern")


def test_what_nobody_registered_is_counted(own_firm):
    before = asked(own_firm)
    with own_firm.store.writing("test") as writer:
        gate = writer.session.exec(select(Project).where(Project.key == "GATE")).one()
        entry = {"key": "R-99", "project_id": gate.id, "title": "Too much hangs on Ines Duarte", "opened_on": MONDAY}
        writer.add(Risk, [entry])
    after = asked(own_firm)

    assert before.unregistered.value - after.unregistered.value == 1
    assert after.registered.value == before.registered.value + 1


def test_an_overbooked_owner_is_a_signal_with_hours(firm):
    rows = of_kind(asked(firm, "ruth", None), "overbooked")

    assert [row.name.value for row in rows] == ["Dana Kowal"]
    assert (rows[0].booked.value, rows[0].available.value) == (110, 80)


def test_green_that_is_not_is_there_for_who_asks_and_never_for_a_channel(firm):
    context = firm.context("sam")
    crowd = replace(context, reader=Reader(context.reader.person_id, audience=(context.reader.person_id,)))

    row, *_ = of_kind(asked(firm), "contradicted")
    assert (row.reported_health.value, row.computed_health.value) == ("green", "amber")
    assert of_kind(surface_risks(crowd, "TERN"), "contradicted") == []


def test_an_executive_sees_no_register_and_not_who_does_what(firm):
    fact = asked(firm, "colm", None)

    assert fact.registered is None
    assert all(row.register_key is None for row in fact.rows.values())
    assert not any(of_kind(fact, why) for why in ("waiting", "overbooked", "contract", "one person"))
    assert fact.partial is not None


def test_a_project_with_nothing_wrong_says_so_and_shows_its_register(firm):
    fact = asked(firm, scope="CRM")
    text = narrate(fact, today=MONDAY).text

    assert text.startswith("**Nothing in the records in CRM rollout speaks of a risk.**")
    assert "In the register: [R-06]" in text


def test_the_answer_fits_and_names_what_is_in_no_register(firm):
    text = narrate(asked(firm, "lena"), today=MONDAY).text

    assert text.startswith("**Three serious risks in Tern payments")
    assert "3 [LEDG-15]" in text
    assert "Not in the register." in text
    assert len(text.splitlines()) <= 6


def test_the_day_of_the_answer_is_that_of_the_data(firm):
    assert asked(firm).as_of == date(2026, 3, 2)

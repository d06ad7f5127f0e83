"""Demand against supply, by role and month, as different people may see it."""

from datetime import date

import pytest
from sqlmodel import select

from assistant.narration import narrate
from storage.models import Booking, Project
from tests.firm import MONDAY
from tools.capacity import Capacity, capacity
from tools.facts import Refusal

APRIL = {"start": date(2026, 4, 1), "end": date(2026, 4, 30)}


def asked(firm, who="ruth", **given) -> Capacity:
    fact = capacity(firm.context(who), **given)
    assert isinstance(fact, Capacity), fact
    return fact


def test_tentative_bookings_weigh_by_their_probability(firm):
    fact = asked(firm, skill="data engineer", **APRIL)

    certain, weighted, all_lands = (figure.value for figure in (fact.firm, fact.weighted, fact.if_all))
    assert weighted - certain == pytest.approx(0.4 * (all_lands - certain))
    assert fact.left_firm.value >= fact.left_weighted.value >= fact.left_if_all.value
    assert (fact.people.value, fact.ending.value, fact.unnamed.value) == (6, 1, 2)


def test_bookings_without_a_name_count_for_their_role(firm):
    fact = asked(firm, skill="data engineers", **APRIL)
    opened = [row for row in fact.rows.values() if row.why.value == "open"]

    assert [(row.name.value, row.hours_a_week.value) for row in opened] == [("Harbour portal", 20), ("Alder CRM", 32)]
    assert [row.chance.value if row.chance else None for row in opened] == [None, 0.4]


def test_the_usual_weeks_are_counted_from_a_frozen_clock(firm):
    fact = capacity(firm.context("ruth", as_of=date(2026, 3, 18)))

    assert isinstance(fact, Capacity)
    assert (fact.start.value, fact.end.value, fact.as_of) == ("2026-03-18", "2026-06-16", date(2026, 3, 18))


def test_each_role_has_a_line_for_each_month(firm):
    fact = asked(firm, scope="Data", start=date(2026, 4, 1), end=date(2026, 6, 30))
    months = [row.start.value for row in fact.rows.values() if row.name.value == "Data analyst"]

    assert months == ["2026-04-01", "2026-05-01", "2026-06-01"]
    assert fact.scope.value == "Data"


def test_a_role_that_only_bookings_have_is_short(own_firm):
    before = asked(own_firm, **APRIL)
    with own_firm.store.writing("test") as writer:
        project = writer.session.exec(select(Project).where(Project.key == "GATE")).one()
        days = {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 4, 30), "minutes_per_week": 2400}
        writer.add(Booking, [{"project_id": project.id, "role": "Blockchain shaman", **days}])
    fact = asked(own_firm, **APRIL)

    assert before.short_first is None
    assert (fact.short_first.value, fact.short_from.value, fact.short_roles.value) == (
        "Blockchain shaman",
        "2026-04-01",
        1,
    )
    assert fact.rows["blockchain-shaman-1"].left_firm.value == -1


def test_a_skill_can_be_counted_like_a_role(firm):
    fact = asked(firm, skill="kafka", **APRIL)

    assert (fact.role.value, fact.is_skill.value, fact.people.value) == ("Kafka", True, 4)


def test_without_days_it_is_a_quarter_from_today(firm):
    fact = asked(firm)

    assert (fact.start.value, fact.end.value) == ("2026-03-02", "2026-05-31")


def test_guests_see_no_roles_and_nobody(firm):
    assert isinstance(asked_by_guest := capacity(firm.context("hanna"), skill="data engineer"), Refusal)
    assert asked_by_guest.outcome == "not_found"


def test_a_role_nobody_has_is_not_guessed(firm):
    refusal = capacity(firm.context("ruth"), skill="data enginer mechanic")

    assert refusal.outcome == "not_found"
    assert refusal.sentence.startswith(
        "No role or skill that you can see is called “data enginer mechanic”. There are,"
    )


def test_too_long_a_window_is_declined(firm):
    assert "more than two years" in capacity(firm.context("ruth"), start=MONDAY, end=date(2199, 1, 1)).sentence


def test_the_answer_says_what_is_left_step_by_step(firm):
    text = narrate(asked(firm, skill="data engineer", **APRIL), today=MONDAY).text

    assert text.startswith("**Enough data engineers from Wed 1 Apr to Thu 30 Apr: 0.9 of 6 free with firm work, ")
    assert "Data engineer for Alder CRM (40 % likely), 32 h weekly, Mon 13 Apr to Fri 26 Jun" in text


def test_the_first_shortage_is_the_verdict_of_all_roles(firm):
    text = narrate(asked(firm, start=date(2026, 3, 1), end=date(2026, 3, 31)), today=MONDAY).text

    assert text.startswith("**From Sun 1 Mar to Tue 31 Mar, integration architects run short first, from Sun 1 Mar")

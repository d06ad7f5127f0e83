"""Who knows a thing and is free for it, as different people may see it."""

from datetime import date

import pytest

from assistant.narration import narrate
from tests.firm import MONDAY
from tools.facts import Refusal
from tools.staffing import FindPeople, find_people

NEXT_WEEK = {"start": date(2026, 3, 9), "end": date(2026, 3, 13)}


def asked(firm, who="tomas", skill="Terraform", **given) -> FindPeople:
    fact = find_people(firm.context(who), skill, **given)
    assert isinstance(fact, FindPeople), fact
    return fact


def test_those_with_the_hours_come_first_then_those_who_may_have_them(firm):
    fact = asked(firm, **NEXT_WEEK, hours=16)

    assert {key: row.enough.value for key, row in fact.rows.items()} == {
        "kasia.wolska": "yes",
        "owen.breen": "yes",
        "bartek.mazur": "if dropped",
        "dana.kowal": "no",
    }
    assert (fact.known.value, fact.enough.value) == (4, 2)
    bartek = fact.rows["bartek.mazur"]
    assert (bartek.free_at_least.value, bartek.free.value, bartek.chance.value) == (4, 20, 0.4)
    assert fact.through.value == "Joanna Lis"


def test_without_days_it_is_next_week_and_without_hours_any_time_will_do(firm):
    fact = asked(firm)

    assert (fact.start.value, fact.end.value) == ("2026-03-09", "2026-03-13")
    assert fact.enough.value == 3


def test_next_week_is_counted_from_a_frozen_clock(firm):
    fact = find_people(firm.context("tomas", as_of=date(2026, 3, 18)), "Terraform")

    assert isinstance(fact, FindPeople)
    assert (fact.start.value, fact.end.value, fact.as_of) == ("2026-03-23", "2026-03-27", date(2026, 3, 18))


def test_a_day_away_is_told_and_its_reason_is_not(firm):
    fact = asked(firm, **NEXT_WEEK)

    assert fact.rows["owen.breen"].away.value == 8
    assert "Leave" not in fact.model_dump_json()


def test_a_window_may_begin_today_and_never_ends_before_it_begins(firm):
    fact = asked(firm, start=date(2026, 3, 12), end=date(2026, 3, 1))

    assert fact.start == fact.end


def test_whoever_has_gone_by_then_is_not_found(firm):
    names = asked(firm, skill="Data migration", start=date(2026, 5, 11), end=date(2026, 5, 15)).rows

    assert list(names) == ["lukasz.baran"]  # Marek's contract ends in April


def test_who_knows_it_best_is_shown_even_when_full(firm):
    rows = asked(firm, skill="SQL", **NEXT_WEEK).rows

    assert "marek.zielinski" in rows
    assert len(rows) == 5


def test_guests_find_nobody(firm):
    assert find_people(firm.context("hanna"), "Terraform") == Refusal(
        "not_found", "No skills of people that you can see are on file, nor what their jobs are."
    )


@pytest.mark.parametrize("words", ["cobol", "sql and kotlin and swift"])
def test_what_nobody_knows_is_said(firm, words):
    assert isinstance(find_people(firm.context("tomas"), words), Refusal)


def test_the_answer_names_those_who_can_and_how_it_is_known(firm):
    text = narrate(asked(firm, **NEXT_WEEK, hours=16), today=MONDAY).text

    assert text.startswith(
        "**Kasia Wolska and Owen Breen know Terraform and have 16 h free from Mon 9 Mar to Fri 13 Mar; "
        "Bartek Mazur only if a tentative booking falls away.** Four people know it; Dana Kowal best, and is full."
    )
    assert "1 Kasia Wolska, Gdańsk: strong (certified, Integration hub), 21 h free" in text
    assert "3 Bartek Mazur, Gdańsk: good (rated by the manager), 4 h free, 20 h if tentative bookings (40 %)" in text
    assert len(text.splitlines()) <= 6


def test_nobody_with_the_hours_is_a_verdict_too(firm):
    text = narrate(asked(firm, **NEXT_WEEK, hours=39), today=MONDAY).text

    assert text.startswith("**Nobody who knows Terraform has 39 h free from Mon 9 Mar to Fri 13 Mar.**")

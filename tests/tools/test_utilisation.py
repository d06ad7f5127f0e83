from datetime import date

import pytest

from storage.access import Reader
from storage.models import Booking, Grant, Office, Organisation, Person, Project
from tests.firm import MONDAY
from tools.context import ToolContext
from tools.facts import Refusal
from tools.utilisation import TeamUtilisation, utilisation, utilisation_definition

FEBRUARY = {"start": date(2026, 2, 1), "end": date(2026, 2, 28)}
MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}
DANA = "dana.kowal@quillmere.example"


def asked(firm, who, scope=None, **arguments) -> TeamUtilisation:
    fact = utilisation(firm.context(who), scope, **arguments)
    assert isinstance(fact, TeamUtilisation), fact
    return fact


def test_days_gone_by_are_hours_that_count_over_hours_there_are(firm):
    fact = asked(firm, "ruth", **FEBRUARY)

    assert fact.share.value == pytest.approx(fact.counted.value / fact.base.value, abs=1e-6)
    assert fact.target.value == 0.75
    assert {row.name.value for row in fact.rows.values()} == {"Integration", "Data", "Change", "no practice"}
    assert sum(row.base.value for row in fact.rows.values()) == fact.base.value
    assert fact.booked is None


def test_without_days_it_is_last_month(firm):
    assert asked(firm, "ruth").share == asked(firm, "ruth", **FEBRUARY).share


def test_a_quarter_under_way_has_hours_worked_up_to_today_and_bookings_from_then_on(firm):
    fact = asked(firm, "ruth", "Data", start=date(2026, 1, 1), end=date(2026, 3, 31))

    assert (fact.worked_until.value, fact.booked_from.value) == ("2026-03-01", "2026-03-02")
    assert fact.share is not None and fact.booked_share is not None


def test_another_figure_is_told_apart_line_by_line(firm):
    fact = asked(firm, "ruth", **FEBRUARY, compared_with=0.78)

    assert fact.other_gives.value is True
    assert fact.other_share.value == pytest.approx(0.78, abs=0.005)
    assert fact.other_base.value + fact.without_office.value == fact.base.value
    assert fact.other_counted == fact.counted


def test_leave_explains_a_figure_that_leaves_it_out(firm):
    fact = asked(firm, "ruth", **FEBRUARY, compared_with=0.71)

    assert fact.base.value - fact.other_base.value == fact.without_absent.value == fact.absent.value


def test_what_differs_adds_up_to_the_two_bases(firm):
    for share in (0.68, 0.71, 0.72, 0.775, 0.79, 0.8, 0.95):
        fact = asked(firm, "ruth", **FEBRUARY, compared_with=share)
        parts = (fact.without_absent, fact.without_holidays, fact.without_office)

        assert sum(part.value for part in parts if part) == pytest.approx(fact.base.value - fact.other_base.value)


def test_a_figure_nothing_gives_says_what_it_would_need(firm):
    fact = asked(firm, "ruth", **FEBRUARY, compared_with=0.9)

    assert fact.other_gives.value is False
    assert fact.needed.value == pytest.approx(0.9 * fact.base.value, abs=0.01)
    assert fact.short.value == pytest.approx(fact.needed.value - fact.counted.value, abs=0.01)


def test_who_is_overbooked_is_told_to_everybody(firm):
    for who in ("tomas", "sam", "ruth", "joanna"):
        fact = asked(firm, who, **MARCH, about="overbooked")
        [dana] = fact.rows.values()

        assert dana.name.value == "Dana Kowal"
        assert (dana.start.value, dana.end.value) == ("2026-03-09", "2026-03-20")
        assert (dana.booked.value, dana.available.value, dana.booked_share.value) == (110, 80, 1.375)


def test_a_person_is_told_week_by_week(firm):
    fact = asked(firm, "tomas", DANA, about="overbooked")

    weeks = [row for row in fact.rows.values() if row.why.value == "week"]
    assert [row.booked.value for row in weeks] == [40, 55, 55, 40]


def test_the_bench_has_people_booked_for_less_than_half(firm):
    fact = asked(firm, "tomas", **MARCH, about="bench")

    assert fact.bench.value >= len(fact.rows) > 0
    assert all(row.booked_share.value < 0.5 for row in fact.rows.values())
    assert "Ruth Halloran" not in {row.name.value for row in fact.rows.values()}  # of no practice


def test_hours_worked_are_for_those_who_look_after_people(firm):
    member, manager = asked(firm, "tomas", **FEBRUARY), asked(firm, "sam", **FEBRUARY)

    assert member.share is manager.share is None
    assert member.withheld is not None
    assert member.booked == manager.booked
    assert asked(firm, "joanna", "INT", **FEBRUARY).share == asked(firm, "ruth", "INT", **FEBRUARY).share
    assert asked(firm, "joanna", **FEBRUARY).share is None
    assert asked(firm, "tomas", "me", **FEBRUARY).share is not None
    assert asked(firm, "tomas", DANA, **FEBRUARY).share is None


def test_sums_say_of_what_you_can_see_unless_rights_reach_everywhere(firm):
    assert asked(firm, "ruth", **FEBRUARY).partial is None
    assert asked(firm, "joanna", "INT", **FEBRUARY).partial is not None


def test_without_days_who_may_not_know_hours_is_told_the_weeks_to_come(firm):
    fact = asked(firm, "tomas")

    assert (fact.start.value, fact.end.value) == ("2026-03-02", "2026-03-29")


def test_missing_timesheets_are_booked_weeks_without_hours(firm):
    fact = asked(firm, "ruth", about="timesheets", **FEBRUARY)
    named = {(row.name.value, row.start.value) for row in fact.rows.values()}

    assert {("Niamh O'Brien", "2026-02-23"), ("Gráinne Fox", "2026-02-16")} <= named
    assert fact.could_reach.value == pytest.approx((fact.counted.value + fact.missing_hours.value) / fact.base.value)
    assert isinstance(utilisation(firm.context("tomas"), about="timesheets"), Refusal)


def test_people_whose_public_holidays_nobody_knows_are_counted(sqlite_store):
    with sqlite_store.writing("People") as writer:
        writer.add(Office, [{"key": "CORK", "name": "Cork", "country": "IE"}, {"key": "MOON", "name": "Moon"}])
        offices = ("Cork", "Moon", "Paris", None)
        people = [{"key": str(office), "name": f"At {office}", "office": office} for office in offices]
        readers = writer.add(Person, people)
        [project] = writer.add(Project, [{"key": "A", "name": "A", "currency": "EUR"}])
        held = {"starts_on": MONDAY, "ends_on": MONDAY, "minutes_per_week": 60}
        writer.add(Booking, [{"project_id": project, "person_id": readers[0], **held}])
    context = ToolContext(store=sqlite_store, reader=Reader(readers[0]), today=MONDAY)

    fact = utilisation(context, about="overbooked")

    assert isinstance(fact, TeamUtilisation)
    assert fact.no_holidays.value == 3


def test_nothing_on_file_is_no_zero(firm, sqlite_store):
    with sqlite_store.writing("A person") as writer:
        [ana] = writer.add(Person, [{"key": "ana", "name": "Ana"}])
        writer.add(Grant, [{"person_id": ana, "role": "executive", "scope_kind": "organisation"}])
    alone = ToolContext(store=sqlite_store, reader=Reader(ana), today=MONDAY)

    for arguments in ({}, {"about": "bench"}, {"about": "timesheets"}, MARCH):
        refusal = utilisation(alone, **arguments)
        assert isinstance(refusal, Refusal) and "on file" in refusal.sentence
    booked_only = asked(firm, "ruth", start=date(2025, 8, 11), end=date(2025, 8, 31), scope="tomas.reyes")
    assert booked_only.share is None and "on file" in booked_only.withheld.value


def test_lines_are_of_practices_or_of_offices(firm):
    fact = asked(firm, "ruth", **FEBRUARY, by="office")

    assert {row.name.value for row in fact.rows.values()} == {"Cork", "Gdańsk", "Malmö"}
    assert sum(row.counted.value for row in fact.rows.values()) == fact.counted.value


def test_an_office_is_a_scope(firm):
    fact = asked(firm, "ruth", "Malmö", **FEBRUARY)

    assert fact.people.value == 5
    assert fact.base.value == 768  # four of eight hours a day, one of 32 a week; no Swedish holiday in February


def test_a_practice_has_its_own_target(firm):
    assert asked(firm, "ruth", "change", **FEBRUARY).target.value == 0.7


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"start": date(2026, 3, 9), "end": date(2026, 3, 2)}, "before it starts"),
        ({"start": date(2020, 1, 1), "end": date(2026, 3, 2)}, "three years"),
        ({"compared_with": 78}, "0.78 for 78"),
        ({"scope": "zeus"}, "zeus"),
        ({"scope": "hanna.berg"}, "guest"),
        ({"scope": "PENS"}, "PENS"),
        ({"about": "timesheets", "scope": "me", "start": date(2026, 4, 1)}, "lies ahead"),
    ],
)
def test_what_cannot_be_told_is_said_in_a_sentence(firm, arguments, says):
    refusal = utilisation(firm.context("tomas"), **arguments)

    assert isinstance(refusal, Refusal)
    assert says in refusal.sentence


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_too(firm, day):
    for about in (None, "overbooked"):
        refusal = utilisation(firm.context("ruth", as_of=day), about=about)
        assert isinstance(refusal, Refusal) and "on file" in refusal.sentence


@pytest.mark.parametrize("policy", [{"base": "moon"}, {"colour": "red"}, {"target_share": 75}])
def test_a_definition_that_cannot_be_read_is_refused(sqlite_store, policy):
    with sqlite_store.writing("Definition") as writer:
        writer.change(Organisation, 1, {"policies": {"utilisation": policy}})

    with sqlite_store.reading() as session, pytest.raises((TypeError, ValueError)):
        utilisation_definition(session)

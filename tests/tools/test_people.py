from datetime import date

import pytest

from storage.records import PersonRecord
from tools.facts import Clarification, Refusal
from tools.people import Crew, find_crew, load_of, week_of

MARCH = date(2026, 3, 1), date(2026, 3, 31)


@pytest.fixture
def crew(firm):
    def found(who: str, scope: str | None) -> Crew | Clarification | Refusal:
        with firm.store.reading() as session:
            return find_crew(session, firm.reader(who), scope, *MARCH)

    return found


@pytest.mark.parametrize(
    ("scope", "name", "kind", "count"),
    [
        (None, None, "everybody", 40),
        ("everybody", None, "everybody", 40),
        ("INT", "Integration", "group", 15),
        ("the data practice", "Data", "group", 11),
        ("malmo", "Malmö", "group", 5),
        ("dana.kowal@quillmere.example", "Dana Kowal", "person", 1),
    ],
)
def test_a_scope_is_a_practice_an_office_a_person_or_everybody(crew, scope, name, kind, count):
    found = crew("tomas", scope)

    assert isinstance(found, Crew)
    assert (found.name, found.kind, len(found.people)) == (name, kind, count)


def test_a_project_is_those_who_are_booked_on_it_as_far_as_one_may_know(crew):
    assert {person.key for person in crew("lena", "GATE").people} >= {"dana.kowal", "tomas.reyes"}
    assert crew("lena", "TERN").kind == "place"
    for hidden in ("HUB", "no such thing"):
        assert isinstance(crew("fiona", hidden), Refusal)


def test_a_hidden_project_is_answered_like_a_missing_one(crew):
    hidden, missing = crew("tomas", "PENS"), crew("tomas", "QENS")

    assert isinstance(hidden, Refusal) and isinstance(missing, Refusal)
    assert hidden.sentence.replace("PENS", "…") == missing.sentence.replace("QENS", "…")


def test_a_guest_has_no_hours_and_an_outsider_sees_nobody(crew):
    assert "guest" in crew("ruth", "hanna.berg").sentence
    assert isinstance(crew("nobody", None), Refusal)


def test_busy_hours_are_the_same_for_everybody(firm):
    sums = set()
    for who in ("ruth", "tomas", "fiona", "joanna"):
        with firm.store.reading() as session:
            found = find_crew(session, firm.reader(who), None, *MARCH)
            load = load_of(session, firm.reader(who), found.people, *MARCH)
        sums.add((load.total(load.available), load.total(load.firm), load.total(load.tentative)))

    assert len(sums) == 1


def test_a_week_has_seven_days():
    def person(*minutes: int) -> PersonRecord:
        fields = dict.fromkeys(PersonRecord.__annotations__) | {"weekday_minutes": minutes}
        return PersonRecord(**fields)

    assert week_of(person()) == (480,) * 5 + (0, 0)
    assert week_of(person(480, 480, 0)) == (480, 480, 0, 0, 0, 0, 0)

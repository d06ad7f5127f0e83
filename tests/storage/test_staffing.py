"""People, bookings and absences as one reader sees them."""

from collections.abc import Callable
from datetime import date

import pytest

from storage.access import Reader
from storage.engine import Store
from storage.models import Absence, Booking, Grant, Person, Practice, Project
from storage.records import PersonNotFound
from storage.staffing import absences, bookings, find_person, list_people
from storage.vocabulary import Confidentiality, ContractType, PersonKind, Role

Add = Callable[..., int]
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 6)


def test_other_peoples_work_is_busy_hours_without_the_projects_name(store: Store, add: Add) -> None:
    dana, mate, stranger = (add(Person) for _ in range(3))
    open_project, secret = add(Project, key="GATE"), add(Project, confidentiality=Confidentiality.CONFIDENTIAL)
    add(Booking, person_id=dana, project_id=open_project, minutes_per_week=1440, role="engineer")
    add(Booking, person_id=dana, project_id=secret, minutes_per_week=480, status="tentative", probability=0.4)
    add(Booking, person_id=mate, project_id=open_project)
    with store.reading() as session:
        own, mates, strangers = (
            bookings(session, Reader(person), [dana], FIRST, LAST) for person in (dana, mate, stranger)
        )

    assert [(each.minutes_per_week, each.status, each.probability) for each in strangers] == [
        (1440, "firm", 1.0),
        (480, "tentative", 0.4),
    ]
    assert {(each.project_id, each.project_key, each.role, each.is_internal) for each in strangers} == {(None,) * 4}
    assert [each.project_key for each in mates] == ["GATE", None]
    assert None not in [each.project_key for each in own]


def test_bookings_touch_the_window_at_either_end(store: Store, add: Add) -> None:
    dana, project = add(Person), add(Project, contract_type=ContractType.INTERNAL)
    for first, last in ((1, 2), (6, 9), (7, 9), (1, 1)):
        days = {"starts_on": date(2026, 3, first), "ends_on": date(2026, 3, last)}
        add(Booking, person_id=dana, project_id=project, **days)
    with store.reading() as session:
        found = bookings(session, Reader(dana), [dana], FIRST, LAST)

    assert [each.starts_on.day for each in found] == [1, 6]
    assert all(each.is_internal for each in found)


def test_an_outsider_knows_of_nobody(store: Store, add: Add) -> None:
    dana = add(Person, key="dana")
    add(Booking, person_id=dana, project_id=add(Project, confidentiality=Confidentiality.PUBLIC))
    with store.reading() as session:
        assert bookings(session, Reader(None), [dana], FIRST, LAST) == []
        assert list_people(session, Reader(None)) == []
        with pytest.raises(PersonNotFound):
            find_person(session, Reader(None), "dana")


def test_days_away_are_known_and_the_reason_is_ones_own(store: Store, add: Add) -> None:
    priya, ruth = add(Person), add(Person)
    add(Grant, person_id=ruth, role=Role.ADMIN)
    add(Absence, person_id=priya, reason="surgery")
    with store.reading() as session:
        reasons = {
            person: [each.reason for each in absences(session, Reader(person), [priya], FIRST, LAST)]
            for person in (priya, ruth)
        }
        together = absences(session, Reader(priya, (ruth,)), [priya], FIRST, LAST)

    assert reasons == {priya: ["surgery"], ruth: [None]}
    assert [each.reason for each in together] == [None]


def test_what_a_person_costs_is_for_finance(store: Store, add: Add) -> None:
    rates = {"cost_rate_minor": 52_00, "bill_rate_minor": 110_00}
    dana, accountant, partner = add(Person, key="dana", **rates), add(Person), add(Person)
    add(Grant, person_id=accountant, role=Role.FINANCE)
    add(Grant, person_id=partner, role=Role.EXECUTIVE)
    with store.reading() as session:
        known = [find_person(session, Reader(person), "dana") for person in (accountant, partner, dana)]

    assert [(each.cost_rate_minor, each.bill_rate_minor) for each in known] == [
        (52_00, 110_00),
        (None, None),
        (None, None),
    ]


def test_people_are_found_by_key_or_address_and_listed_by_name(store: Store, add: Add) -> None:
    practice = add(Practice, name="Data")
    tomas = add(Person, key="tomas", name="Tomás Reyes", email="Tomas.Reyes@quillmere.example", practice_id=practice)
    weekdays = [480, 480, 480, 480, 0, 0, 0]
    dana = add(Person, name="Dana Kowal", weekday_minutes=weekdays)
    add(Person, name="Gone", active=False)
    reader = Reader(tomas)
    with store.reading() as session:
        found = {
            find_person(session, reader, words).id for words in ("tomas", "TOMAS", "tomas.reyes@quillmere.example")
        }
        assert found == {tomas}
        assert [each.name for each in list_people(session, reader)] == ["Dana Kowal", "Tomás Reyes"]
        assert [each.practice_name for each in list_people(session, reader, practice_id=practice)] == ["Data"]
        assert [each.weekday_minutes for each in list_people(session, reader, ids=[dana])] == [tuple(weekdays)]


def test_a_guest_knows_those_of_the_team(store: Store, add: Add) -> None:
    guest, mate = add(Person, kind=PersonKind.GUEST, name="Guest"), add(Person, name="Mate")
    project = add(Project)
    add(Person, name="Stranger")
    for person in (guest, mate):
        add(Booking, project_id=project, person_id=person)
    with store.reading() as session:
        assert [each.name for each in list_people(session, Reader(guest))] == ["Guest", "Mate"]

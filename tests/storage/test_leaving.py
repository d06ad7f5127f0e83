"""Leavers: what they could do ends at once, and what they did stays."""

from datetime import UTC, date, datetime

import pytest

from storage import api_keys, audit
from storage.access import Reader, resolve
from storage.engine import Store
from storage.grants import LastAdministrator, grant, list_grants
from storage.leaving import LeftBehind, PersonIsHere, come_back, leave, left_behind
from storage.models import Booking, Person, Project, Task
from storage.people import Member, PersonHasLeft, add_person, create_owner

FRIDAY = date(2026, 3, 6)
NOW = datetime(2026, 3, 6, 17, tzinfo=UTC)


@pytest.fixture
def ana(store: Store) -> Member:
    return add_person(store, "Ana Ruiz", "ana@example.org")


def test_keys_roles_and_rights_end_at_once(store, ana):
    key = api_keys.make_key(store, ana.id, "laptop")
    grant(store, ana.id, "executive")

    left = leave(store, ana.id, on=FRIDAY, at=NOW)

    assert (left.keys, left.roles) == (1, 1)
    with store.reading() as session:
        assert api_keys.bearer_of(session, key) is None
        assert api_keys.keys_were_made(session)
        assert list_grants(session, ana.id) == []
        assert not resolve(session, Reader(ana.id)).is_inside
        assert session.get_one(Person, ana.id).employed_until == FRIDAY
        assert [each.action for each in audit.latest(session, 1)] == ["leave"]
    with pytest.raises(PersonHasLeft):
        leave(store, ana.id, on=FRIDAY, at=NOW)


def test_who_comes_back_has_no_old_rights_and_no_old_keys(store, ana):
    key = api_keys.make_key(store, ana.id, "laptop")
    grant(store, ana.id, "executive")
    leave(store, ana.id, on=FRIDAY, at=NOW)

    come_back(store, ana.id, at=NOW)

    with store.reading() as session:
        assert resolve(session, Reader(ana.id)).is_inside
        assert list_grants(session, ana.id) == []
        assert api_keys.bearer_of(session, key) is None
    with pytest.raises(PersonIsHere, match="Ana Ruiz has not left"):
        come_back(store, ana.id, at=NOW)


def test_the_last_administrator_does_not_leave(store, ana):
    owner = create_owner(store, "Ruth", "ruth@example.org")

    with pytest.raises(LastAdministrator):
        leave(store, owner.id, on=FRIDAY, at=NOW)


def test_what_stays_in_their_name_is_counted(store, ana):
    with store.writing("Set up") as writer:
        [project] = writer.add(Project, [{"key": "GATE", "currency": "EUR", "manager_id": ana.id}])
        task = {"key": "GATE-1", "project_id": project, "position": 1, "name": "Write", "owner_id": ana.id}
        writer.add(Task, [task, {**task, "key": "GATE-2", "position": 2, "state": "done"}])
        booked = {"project_id": project, "person_id": ana.id, "starts_on": FRIDAY, "minutes_per_week": 480}
        writer.add(Booking, [{**booked, "ends_on": FRIDAY}, {**booked, "ends_on": date(2026, 4, 3)}])

    with store.reading() as session:
        behind = left_behind(session, ana.id, FRIDAY)
        nothing = left_behind(session, ana.id + 1, FRIDAY)

    assert behind == LeftBehind(open_tasks=1, managed=1, bookings=1)
    assert behind.sentence == "Still theirs: 1 open tasks, 1 projects or programs to manage, 1 bookings."
    assert nothing.sentence == "Nothing is left in their name."

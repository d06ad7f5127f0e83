"""People, grants and keys: what is entered is checked, what is done is noted, and keys are kept as hashes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from storage import audit, people
from storage.engine import Store
from storage.models import ApiKey, AuditEvent, History, Person, Practice, Project
from storage.vocabulary import PersonKind, Role


@pytest.fixture
def ana(store: Store) -> people.Member:
    return people.add_person(store, "Ana Ruiz", "ana@example.org")


def test_the_owner_administers_and_sees_everything(store):
    owner = people.create_owner(store, "Ruth Halloran", "Ruth@Example.org")

    assert (owner.key, owner.email) == ("ruth", "ruth@example.org")
    assert held(store, owner) == [("admin", "organisation", None), ("executive", "organisation", None),
                                  ("finance", "organisation", None)]  # fmt: skip


def test_people_are_found_by_address_in_any_case(store, ana):
    with store.reading() as session:
        assert people.find_person_by_email(session, " ANA@example.ORG ") == ana
        assert people.find_person_by_email(session, "ben@example.org") is None
        assert people.list_people(session) == [ana]


def test_two_people_with_one_local_name_have_two_keys(store, ana):
    guest = people.add_person(store, "Ana Blum", "ana@client.example", kind="guest")

    assert (ana.key, guest.key, guest.kind) == ("ana", "ana-2", PersonKind.GUEST)


@pytest.mark.parametrize(
    ("name", "email", "kind", "sentence"),
    [
        ("", "ben@example.org", "member", "A name has 1 to 200 characters"),
        (" \x00 ", "ben@example.org", "member", "A name has"),
        ("B" * 201, "ben@example.org", "member", "A name has"),
        ("Ben", "ben", "member", "'ben' is no e-mail address"),
        ("Ben", "ben@example.org, eve@example.org", "member", "no e-mail address"),
        ("Ben", "b@" + "x" * 300, "member", "no e-mail address"),
        ("Ben", "ANA@example.org", "member", "is the address of Ana Ruiz already"),
        ("Ben", "ben@example.org", "robot", "'robot' is no kind of person. Known: member, guest"),
    ],
)
def test_a_person_that_cannot_be_is_refused_in_a_sentence(store, ana, name, email, kind, sentence):
    with pytest.raises(people.NotAccepted, match=sentence):
        people.add_person(store, name, email, kind=kind)


def test_a_role_is_given_once_and_taken_away(store, ana):
    add_project(store, "GATE")

    first = people.grant(store, ana.id, "project_manager", "project", "GATE")
    again = people.grant(store, ana.id, Role.PROJECT_MANAGER, "project", "GATE")
    assert first == again
    assert held(store, ana) == [("project_manager", "project", "GATE")]

    people.revoke(store, ana.id, "project_manager", "project", "GATE")
    assert held(store, ana) == []


@pytest.mark.parametrize(
    ("role", "kind", "key", "sentence"),
    [
        ("king", "organisation", None, "'king' is no role. Known: team, project_manager"),
        ("team", "planet", "GATE", "'planet' is no scope. Known: organisation, portfolio"),
        ("team", "project", "NOPE", "There is no project with the key 'NOPE'"),
        ("team", "project", None, "The scope 'project' needs its key"),
        ("finance", "organisation", "GATE", "takes no key"),
        ("admin", "project", "GATE", "The role admin cannot be held on a project, only on: organisation"),
        ("project_manager", "practice", "data", "cannot be held on a practice"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_in_a_sentence(store, ana, role, kind, key, sentence):
    add_project(store, "GATE")

    with pytest.raises(people.NotAccepted, match=sentence):
        people.grant(store, ana.id, role, kind, key)
    assert held(store, ana) == []


def test_nobody_unknown_is_granted_anything(store):
    with pytest.raises(people.PersonUnknown, match="id 404"):
        people.grant(store, 404, "executive")


def test_a_role_that_is_not_held_cannot_be_taken(store, ana):
    with pytest.raises(people.GrantUnknown, match="does not hold that role"):
        people.revoke(store, ana.id, "finance")


def test_the_last_administrator_stays(store, ana):
    owner = people.create_owner(store, "Ruth", "ruth@example.org")

    with pytest.raises(people.LastAdministrator, match="Make another person admin first"):
        people.revoke(store, owner.id, "admin")
    people.grant(store, ana.id, "admin")
    people.revoke(store, owner.id, "admin")
    assert ("admin", "organisation", None) not in held(store, owner)


def test_a_resource_manager_is_one_of_a_practice(store, ana):
    with store.writing("Set up") as writer:
        writer.add(Practice, [{"key": "data", "name": "Data"}])

    people.grant(store, ana.id, "resource_manager", "practice", "data")

    assert held(store, ana) == [("resource_manager", "practice", "data")]


def test_a_key_says_who_asks_and_is_kept_only_as_a_hash(store, ana):
    key = people.make_key(store, ana.id, "laptop")

    assert key.startswith("ph_") and len(key) > 40
    assert owner_of(store, key) == ana
    with store.reading() as session:
        row = session.exec(select(ApiKey)).one()
        assert key not in repr(row.model_dump())
        assert [record.label for record in people.list_keys(session)] == ["laptop"]


def test_no_key_or_another_text_is_nobodys(store, ana):
    with store.reading() as session:
        assert not people.any_keys(session)
    key = people.make_key(store, ana.id, "laptop")

    assert [owner_of(store, text) for text in ("", key[:-1], key.upper(), "ph_\x00\ud800")] == [None] * 4
    with store.reading() as session:
        assert people.any_keys(session)


def test_a_key_ends_when_it_is_revoked(store, ana):
    key = people.make_key(store, ana.id, "laptop")
    with store.reading() as session:
        [record] = people.list_keys(session)

    people.revoke_key(store, record.id)

    assert owner_of(store, key) is None
    with pytest.raises(people.KeyUnknown, match="no key number"):
        people.revoke_key(store, record.id)


def test_a_key_ends_with_its_day_and_with_its_person(store, ana):
    soon = datetime.now(UTC) + timedelta(hours=1)
    lasting, ending = people.make_key(store, ana.id, "one"), people.make_key(store, ana.id, "two", expires_at=soon)
    with store.system() as session:
        row = session.exec(select(ApiKey).where(ApiKey.label == "two")).one()
        row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    assert (owner_of(store, lasting), owner_of(store, ending)) == (ana, None)

    with store.writing("Left the firm") as writer:
        writer.change(Person, ana.id, {"active": False})
    assert owner_of(store, lasting) is None
    with store.reading() as session:
        assert not people.any_keys(session)


def test_a_key_needs_a_label_and_a_future(store, ana):
    with pytest.raises(people.NameMissing):
        people.make_key(store, ana.id, " ")
    with pytest.raises(people.KeyWouldBeDead, match="expire in the future"):
        people.make_key(store, ana.id, "old", expires_at=datetime(2020, 1, 1, tzinfo=UTC))


def test_everything_done_to_people_is_noted_by_whom(store):
    owner = people.create_owner(store, "Ruth", "ruth@example.org")
    ana = people.add_person(store, "Ana", "ana@example.org", by=owner.id)
    people.grant(store, ana.id, "executive", by=owner.id)
    people.revoke(store, ana.id, "executive", by=owner.id)
    people.make_key(store, ana.id, "laptop", by=owner.id)

    with store.reading() as session:
        events = session.exec(select(AuditEvent)).all()
        edits = session.exec(select(History.table).where(History.person_id == owner.id)).all()
        assert audit.verify(session).altered_id is None
    assert [event.action for event in events] == [
        "create owner", "add person", "grant role", "revoke role", "make key",
    ]  # fmt: skip
    assert {event.person_id for event in events[1:]} == {owner.id}
    assert edits == ["person", "grant", "grant"]


def held(store: Store, person: people.Member) -> list[tuple[str, str, str | None]]:
    with store.reading() as session:
        grants = people.list_grants(session, person.id)
    return [(grant.role, grant.scope_kind, grant.scope_key) for grant in grants]


def owner_of(store: Store, key: str) -> people.Member | None:
    with store.reading() as session:
        return people.person_of_key(session, key)


def add_project(store: Store, key: str) -> None:
    with store.writing("Set up") as writer:
        writer.add(Project, [{"key": key, "currency": "EUR"}])

"""Grants: a role is held once on a scope that there is, and somebody always administers."""

import pytest

from storage.engine import Store
from storage.errors import NotAccepted
from storage.grants import GrantUnknown, LastAdministrator, grant, list_grants, revoke
from storage.models import Practice, Project
from storage.people import Member, PersonUnknown, add_person, create_owner
from storage.vocabulary import Role


@pytest.fixture
def ana(store: Store) -> Member:
    return add_person(store, "Ana Ruiz", "ana@example.org")


def test_a_role_is_given_once_and_taken_away(store, ana):
    add_project(store, "GATE")

    first = grant(store, ana.id, "project_manager", "project", "GATE")
    again = grant(store, ana.id, Role.PROJECT_MANAGER, "project", "GATE")
    assert first == again
    assert held(store, ana) == [("project_manager", "project", "GATE")]

    revoke(store, ana.id, "project_manager", "project", "GATE")
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

    with pytest.raises(NotAccepted, match=sentence):
        grant(store, ana.id, role, kind, key)
    assert held(store, ana) == []


def test_nobody_unknown_is_granted_anything(store):
    with pytest.raises(PersonUnknown, match="id 404"):
        grant(store, 404, "executive")


def test_a_role_that_is_not_held_cannot_be_taken(store, ana):
    with pytest.raises(GrantUnknown, match="does not hold that role"):
        revoke(store, ana.id, "finance")


def test_the_last_administrator_stays(store, ana):
    owner = create_owner(store, "Ruth", "ruth@example.org")

    with pytest.raises(LastAdministrator, match="Make another person admin first"):
        revoke(store, owner.id, "admin")
    grant(store, ana.id, "admin")
    revoke(store, owner.id, "admin")
    assert ("admin", "organisation", None) not in held(store, owner)


def test_a_resource_manager_is_one_of_a_practice(store, ana):
    with store.writing("Set up") as writer:
        writer.add(Practice, [{"key": "data", "name": "Data"}])

    grant(store, ana.id, "resource_manager", "practice", "data")

    assert held(store, ana) == [("resource_manager", "practice", "data")]


def held(store: Store, person: Member) -> list[tuple[str, str, str | None]]:
    with store.reading() as session:
        grants = list_grants(session, person.id)
    return [(each.role, each.scope_kind, each.scope_key) for each in grants]


def add_project(store: Store, key: str) -> None:
    with store.writing("Set up") as writer:
        writer.add(Project, [{"key": key, "currency": "EUR"}])

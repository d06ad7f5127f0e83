"""People: what is entered is checked, what is done is noted."""

import pytest
from sqlmodel import select

from storage import api_keys, audit, grants, people
from storage.engine import Store
from storage.models import AuditEvent, History
from storage.vocabulary import PersonKind


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


def test_everything_done_to_people_is_noted_by_whom(store):
    owner = people.create_owner(store, "Ruth", "ruth@example.org")
    ana = people.add_person(store, "Ana", "ana@example.org", by=owner.id)
    grants.grant(store, ana.id, "executive", by=owner.id)
    grants.revoke(store, ana.id, "executive", by=owner.id)
    api_keys.make_key(store, ana.id, "laptop", by=owner.id)

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
        found = grants.list_grants(session, person.id)
    return [(each.role, each.scope_kind, each.scope_key) for each in found]


ACCOUNT, OTHER_ACCOUNT = "T024BE7LD/U012AB3CD", "T024BE7LD/U0OTHER"


def account_of(store: Store, person: people.Member) -> str | None:
    with store.reading() as session:
        return people.slack_id_of(session, person.id)


def test_a_verified_address_links_an_account_once(store, ana):
    ben = people.add_person(store, "Ben Okafor", "ben@example.org")
    people.link_slack_id(store, ana.id, ACCOUNT)

    for person, account in ((ana, OTHER_ACCOUNT), (ben, ACCOUNT)):
        with pytest.raises(people.SlackIdTaken):
            people.link_slack_id(store, person.id, account)

    with store.reading() as session:
        assert people.find_person_by_slack_id(session, ACCOUNT) == ana
        assert people.find_person_by_slack_id(session, "T0OTHER/U012AB3CD") is None
    assert account_of(store, ben) is None


def test_an_administrator_moves_an_account_off_whoever_has_it(store, ana):
    ben = people.add_person(store, "Ben Okafor", "ben@example.org")
    people.link_slack_id(store, ana.id, ACCOUNT)

    people.set_slack_id(store, ben.id, ACCOUNT, by=ana.id)
    assert (account_of(store, ana), account_of(store, ben)) == (None, ACCOUNT)

    people.set_slack_id(store, ben.id, None, by=ana.id)
    assert account_of(store, ben) is None


@pytest.mark.parametrize(
    "account", ["U012AB3CD", "T024BE7LD:U012AB3CD", "t024be7ld/u012ab3cd", "T0/U0", ACCOUNT + "\n"]
)
def test_what_is_no_account_of_slack_is_refused(store, ana, account):
    with pytest.raises(people.SlackIdNotUnderstood):
        people.set_slack_id(store, ana.id, account)

    assert account_of(store, ana) is None

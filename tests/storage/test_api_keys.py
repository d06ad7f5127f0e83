"""API keys: kept as hashes, ended at once, and good for what their scope says."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from storage.api_keys import KeyUnknown, KeyWouldBeDead, any_keys, bearer_of, list_keys, make_key, revoke_key
from storage.engine import Store
from storage.models import ApiKey, Person
from storage.people import Member, NameMissing, PersonHasLeft, WordUnknown, add_person
from storage.vocabulary import KeyScope


@pytest.fixture
def ana(store: Store) -> Member:
    return add_person(store, "Ana Ruiz", "ana@example.org")


def test_a_key_says_who_asks_and_is_kept_only_as_a_hash(store, ana):
    key = make_key(store, ana.id, "laptop")

    assert key.startswith("ph_") and len(key) > 40
    assert owner_of(store, key) == ana
    with store.reading() as session:
        row = session.exec(select(ApiKey)).one()
        assert key not in repr(row.model_dump())
        assert [record.label for record in list_keys(session)] == ["laptop"]


def test_no_key_or_another_text_is_nobodys(store, ana):
    with store.reading() as session:
        assert not any_keys(session)
    key = make_key(store, ana.id, "laptop")

    assert [owner_of(store, text) for text in ("", key[:-1], key.upper(), "ph_\x00\ud800")] == [None] * 4
    with store.reading() as session:
        assert any_keys(session)


def test_a_key_ends_when_it_is_revoked(store, ana):
    key = make_key(store, ana.id, "laptop")
    with store.reading() as session:
        [record] = list_keys(session)

    revoke_key(store, record.id)

    assert owner_of(store, key) is None
    with pytest.raises(KeyUnknown, match="no key number"):
        revoke_key(store, record.id)


def test_a_key_ends_with_its_day_and_with_its_person(store, ana):
    soon = datetime.now(UTC) + timedelta(hours=1)
    lasting, ending = make_key(store, ana.id, "one"), make_key(store, ana.id, "two", expires_at=soon)
    with store.system() as session:
        row = session.exec(select(ApiKey).where(ApiKey.label == "two")).one()
        row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    assert (owner_of(store, lasting), owner_of(store, ending)) == (ana, None)

    with store.writing("Left the firm") as writer:
        writer.change(Person, ana.id, {"active": False})
    assert owner_of(store, lasting) is None
    with store.reading() as session:
        assert not any_keys(session)


def test_a_key_is_for_what_its_scope_says(store, ana):
    keys = [make_key(store, ana.id, "one", scope=scope) for scope in KeyScope] + [make_key(store, ana.id, "usual")]

    with store.reading() as session:
        scopes = [bearer.scope for key in keys if (bearer := bearer_of(session, key))]

    assert scopes == ["read", "confirm", "admin", "confirm"]
    assert [KeyScope.CONFIRM.covers(wanted) for wanted in KeyScope] == [True, True, False]


def test_who_left_gets_no_key(store, ana):
    with store.writing("Left the firm") as writer:
        writer.change(Person, ana.id, {"active": False})

    with pytest.raises(PersonHasLeft, match="Ana Ruiz has left"):
        make_key(store, ana.id, "laptop")


def test_a_key_needs_a_label_a_scope_and_a_future(store, ana):
    with pytest.raises(WordUnknown, match=r"is no scope of a key\. Known: read, confirm, admin"):
        make_key(store, ana.id, "old", scope="everything")
    with pytest.raises(NameMissing):
        make_key(store, ana.id, " ")
    with pytest.raises(KeyWouldBeDead, match="expire in the future"):
        make_key(store, ana.id, "old", expires_at=datetime(2020, 1, 1, tzinfo=UTC))


def owner_of(store: Store, key: str) -> Member | None:
    with store.reading() as session:
        bearer = bearer_of(session, key)
    return bearer.person if bearer else None

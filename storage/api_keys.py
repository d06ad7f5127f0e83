"""API keys: how programs, and people on the page, show who they are. Only a hash of each is kept."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from storage.engine import Store
from storage.errors import NotAccepted
from storage.models import ApiKey, Person
from storage.people import (
    LONGEST,
    Member,
    NameMissing,
    PersonHasLeft,
    entered_line,
    find_person,
    member_of,
    note_person,
    read_word,
)
from storage.text import clean
from storage.vocabulary import KeyScope

KEY_PREFIX = "ph_"


class KeyUnknown(NotAccepted):
    def __init__(self, key_id: int) -> None:
        super().__init__(f"There is no key number {key_id} that still works.")


class KeyWouldBeDead(NotAccepted):
    def __init__(self) -> None:
        super().__init__("A key must expire in the future, or never.")


@dataclass(frozen=True)
class KeyRecord:
    """A key without its text, which nobody can read again."""

    id: int
    person: Member
    label: str
    scope: KeyScope
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class Bearer:
    """Who a key stands for, and what may be done with it."""

    person: Member
    scope: KeyScope


def make_key(
    store: Store,
    person_id: int,
    label: str,
    *,
    scope: KeyScope | str = KeyScope.CONFIRM,
    expires_at: datetime | None = None,
    by: int | None = None,
) -> str:
    """A new key of this person. Its text is returned this once; the store keeps only its hash."""
    now = datetime.now(UTC)
    label, scope = entered_line(label), read_word("scope of a key", scope, KeyScope)
    if not 1 <= len(label) <= LONGEST:
        raise NameMissing
    if expires_at is not None and expires_at <= now:
        raise KeyWouldBeDead
    text = KEY_PREFIX + secrets.token_urlsafe(32)
    with store.system() as session:
        person = find_person(session, person_id)
        if not person.active:
            raise PersonHasLeft(person.name)
        row = ApiKey(person_id=person_id, digest=_digest(text), label=label, scope=scope, created_at=now)
        row.expires_at = expires_at
        session.add(row)
        note_person(session, by, "make key", person, label=label, scope=scope)
    return text


def end_keys(session: Session, person_id: int, at: datetime) -> int:
    """End all keys of a person, in the transaction of whoever says so; how many there were."""
    query = select(ApiKey).where(col(ApiKey.person_id) == person_id, col(ApiKey.revoked_at).is_(None))
    rows = session.exec(query).all()
    for row in rows:
        row.revoked_at = at
    return len(rows)


def revoke_key(store: Store, key_id: int, *, by: int | None = None) -> None:
    """End a key at once."""
    with store.system() as session:
        row = session.get(ApiKey, key_id)
        if row is None or row.revoked_at is not None:
            raise KeyUnknown(key_id)
        row.revoked_at = datetime.now(UTC)
        note_person(session, by, "revoke key", find_person(session, row.person_id), label=row.label)


def list_keys(session: Session) -> list[KeyRecord]:
    """All keys ever made, newest first."""
    query = select(ApiKey, Person).join(Person, col(Person.id) == ApiKey.person_id).order_by(col(ApiKey.id).desc())
    return [
        KeyRecord(
            row.id or 0,
            member_of(person),
            row.label,
            KeyScope(row.scope),
            row.created_at,
            row.expires_at,
            row.revoked_at,
        )
        for row, person in session.exec(query)
    ]


def bearer_of(session: Session, key: str) -> Bearer | None:
    """Whose key this is; None for one that never was, has ended, or belongs to somebody who left."""
    query = (
        select(Person, ApiKey.scope)
        .join(ApiKey, col(ApiKey.person_id) == Person.id)
        .where(ApiKey.digest == _digest(key), col(Person.active).is_(True), *_works_now())
    )
    row = session.exec(query).first()
    return Bearer(member_of(row[0]), KeyScope(row[1])) if row else None


def any_keys(session: Session) -> bool:
    """Whether anybody could ask with a key now."""
    query = select(ApiKey.id).join(Person, col(Person.id) == ApiKey.person_id)
    return session.exec(query.where(col(Person.active).is_(True), *_works_now()).limit(1)).first() is not None


def keys_were_made(session: Session) -> bool:
    """Whether keys are in use here, though the last may have ended: an end must never open a door."""
    return session.exec(select(ApiKey.id).limit(1)).first() is not None


def _works_now() -> tuple[Any, Any]:
    lasting = col(ApiKey.expires_at).is_(None) | (col(ApiKey.expires_at) > datetime.now(UTC))
    return col(ApiKey.revoked_at).is_(None), lasting


def _digest(key: str) -> str:
    return sha256(clean(key).strip().encode()).hexdigest()

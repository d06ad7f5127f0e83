"""Who may ask: people, their grants and their keys. Surfaces establish readers from these; tools never call them."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from storage import audit
from storage.changes.writer import Writer
from storage.engine import Store
from storage.errors import NotAccepted
from storage.models import ApiKey, Grant, Person, Portfolio, Practice, Program, Project
from storage.text import clean
from storage.vocabulary import PersonKind, Role, ScopeKind

KEY_PREFIX = "ph_"
LONGEST = 200
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
OWNER_ROLES = (Role.ADMIN, Role.EXECUTIVE, Role.FINANCE)

_SCOPES: dict[ScopeKind, type[SQLModel]] = {
    ScopeKind.PORTFOLIO: Portfolio,
    ScopeKind.PROGRAM: Program,
    ScopeKind.PROJECT: Project,
    ScopeKind.PRACTICE: Practice,
}
_PLACES: dict[Role, tuple[ScopeKind, ...]] = {
    Role.ADMIN: (ScopeKind.ORGANISATION,),
    Role.RESOURCE_MANAGER: (ScopeKind.ORGANISATION, ScopeKind.PRACTICE),
    Role.FINANCE: tuple(ScopeKind),
}
_WORK = tuple(kind for kind in ScopeKind if kind is not ScopeKind.PRACTICE)

W = TypeVar("W", bound=StrEnum)


class NameMissing(NotAccepted):
    def __init__(self) -> None:
        super().__init__(f"A name has 1 to {LONGEST} characters.")


class EmailNotUnderstood(NotAccepted):
    def __init__(self, email: str) -> None:
        super().__init__(f"'{email:.80}' is no e-mail address. Write one like ana@example.org.")


class EmailTaken(NotAccepted):
    def __init__(self, email: str, name: str) -> None:
        super().__init__(f"{email} is the address of {name} already. Choose another, or give roles to {name}.")


class PersonUnknown(NotAccepted):
    def __init__(self, person_id: int) -> None:
        super().__init__(f"There is no person with the id {person_id} in this store.")


class WordUnknown(NotAccepted):
    def __init__(self, what: str, word: str, known: type[StrEnum]) -> None:
        super().__init__(f"'{word:.80}' is no {what}. Known: {', '.join(known)}.")


class ScopeUnknown(NotAccepted):
    def __init__(self, kind: ScopeKind, key: str) -> None:
        super().__init__(f"There is no {kind} with the key '{key:.80}'. Its key is what its record shows, like GATE.")


class ScopeNeedsKey(NotAccepted):
    def __init__(self, kind: ScopeKind) -> None:
        needed = "takes no key: there is one" if kind is ScopeKind.ORGANISATION else "needs its key, like GATE"
        super().__init__(f"The scope '{kind}' {needed}.")


class RoleHasOtherScope(NotAccepted):
    def __init__(self, role: Role, kind: ScopeKind, places: tuple[ScopeKind, ...]) -> None:
        super().__init__(f"The role {role} cannot be held on a {kind}, only on: {', '.join(places)}.")


class GrantUnknown(NotAccepted):
    def __init__(self) -> None:
        super().__init__("This person does not hold that role there. `pilothouse grant list` shows who holds what.")


class LastAdministrator(NotAccepted):
    def __init__(self) -> None:
        super().__init__("Somebody must administer the organisation. Make another person admin first.")


class KeyUnknown(NotAccepted):
    def __init__(self, key_id: int) -> None:
        super().__init__(f"There is no key number {key_id} that still works.")


class KeyWouldBeDead(NotAccepted):
    def __init__(self) -> None:
        super().__init__("A key must expire in the future, or never.")


@dataclass(frozen=True)
class NewPerson:
    """A person as entered: cleaned, and checked."""

    name: str
    email: str
    kind: PersonKind = PersonKind.MEMBER

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _line(self.name))
        object.__setattr__(self, "email", _line(self.email).lower())
        if not 1 <= len(self.name) <= LONGEST:
            raise NameMissing
        if len(self.email) > LONGEST or not E_MAIL.fullmatch(self.email):
            raise EmailNotUnderstood(self.email)


@dataclass(frozen=True)
class Place:
    """A role on a scope as entered: checked as far as words go."""

    role: Role
    kind: ScopeKind
    key: str | None

    def __post_init__(self) -> None:
        if (self.kind is ScopeKind.ORGANISATION) is not (self.key is None):
            raise ScopeNeedsKey(self.kind)
        if self.kind not in (places := _PLACES.get(self.role, _WORK)):
            raise RoleHasOtherScope(self.role, self.kind, places)


@dataclass(frozen=True)
class Member:
    """A person as surfaces know them."""

    id: int
    key: str
    name: str
    email: str | None
    kind: str
    job_title: str | None
    active: bool


@dataclass(frozen=True)
class GrantRecord:
    """Who holds which role where; `scope_key` is None for the organisation."""

    id: int
    person: Member
    role: str
    scope_kind: str
    scope_key: str | None


@dataclass(frozen=True)
class KeyRecord:
    """A key without its text, which nobody can read again."""

    id: int
    person: Member
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def create_owner(store: Store, name: str, email: str) -> Member:
    """Add the store's owner: administrator, executive and finance of the organisation."""
    new = NewPerson(name, email)
    with store.writing("Made the store's owner") as writer:
        owner = _add(writer, new)
        grants = [{"person_id": owner.id, "role": role, "scope_kind": ScopeKind.ORGANISATION} for role in OWNER_ROLES]
        writer.add(Grant, grants)
        _note(writer.session, None, "create owner", owner)
    return owner


def add_person(
    store: Store, name: str, email: str, *, kind: PersonKind | str = PersonKind.MEMBER, by: int | None = None
) -> Member:
    """Add somebody to the directory, without any role; `by` is the person who does it."""
    new = NewPerson(name, email, _word("kind of person", kind, PersonKind))
    with store.writing("Added a person", person_id=by) as writer:
        person = _add(writer, new)
        _note(writer.session, by, "add person", person)
    return person


def list_people(session: Session) -> list[Member]:
    """Everybody, active people first, by name: for a surface that lets its owner choose who asks."""
    rows = session.exec(select(Person).order_by(col(Person.active).desc(), col(Person.name), col(Person.id)))
    return [_member(row) for row in rows]


def find_person_by_email(session: Session, email: str) -> Member | None:
    """The person of this address, in whatever case; None when there is nobody."""
    address = func.lower(col(Person.email)) == clean(email).strip().lower()
    row = session.exec(select(Person).where(address)).first()
    return _member(row) if row else None


def active_person(session: Session, person_id: int) -> Member | None:
    """The person of this id; None where there is nobody, or not any more."""
    row = session.get(Person, person_id)
    return _member(row) if row and row.active else None


def find_owner(session: Session) -> Member | None:
    """Who administers the organisation, the first who was given that role; None before there is anybody."""
    administers = (Grant.role == Role.ADMIN, Grant.scope_kind == ScopeKind.ORGANISATION, col(Person.active).is_(True))
    query = select(Person).join(Grant, col(Grant.person_id) == Person.id).where(*administers).order_by(col(Grant.id))
    row = session.exec(query.limit(1)).first()
    return _member(row) if row else None


def grant(
    store: Store,
    person_id: int,
    role: Role | str,
    scope_kind: ScopeKind | str = ScopeKind.ORGANISATION,
    scope_key: str | None = None,
    *,
    by: int | None = None,
) -> GrantRecord:
    """Give a person a role on a scope; a role already held stays as it is."""
    place = _place(role, scope_kind, scope_key)
    with store.writing("Granted a role", person_id=by) as writer:
        person = _find(writer.session, person_id)
        scope_id = _scope_id(writer.session, place)
        held = _held(writer.session, person_id, place, scope_id)
        if held is None:
            row = {"person_id": person_id, "role": place.role, "scope_kind": place.kind, "scope_id": scope_id}
            [held] = writer.add(Grant, [row])
            _note(writer.session, by, "grant role", person, place)
    return GrantRecord(held, person, place.role, place.kind, place.key)


def revoke(
    store: Store,
    person_id: int,
    role: Role | str,
    scope_kind: ScopeKind | str = ScopeKind.ORGANISATION,
    scope_key: str | None = None,
    *,
    by: int | None = None,
) -> None:
    """Take a role on a scope away; the last administrator stays."""
    place = _place(role, scope_kind, scope_key)
    with store.writing("Revoked a role", person_id=by) as writer:
        person = _find(writer.session, person_id)
        held = _held(writer.session, person_id, place, _scope_id(writer.session, place))
        if held is None:
            raise GrantUnknown
        if place.role is Role.ADMIN and _count_administrators(writer.session) == 1:
            raise LastAdministrator
        writer.remove(Grant, held)
        _note(writer.session, by, "revoke role", person, place)


def list_grants(session: Session, person_id: int | None = None) -> list[GrantRecord]:
    """Roles on scopes, of one person or of everybody, by name."""
    query = select(Grant, Person).join(Person, col(Person.id) == Grant.person_id)
    if person_id is not None:
        query = query.where(Grant.person_id == person_id)
    rows = session.exec(query.order_by(col(Person.name), col(Grant.id))).all()
    keys = {kind: _keys_of(session, model) for kind, model in _SCOPES.items()}
    return [
        GrantRecord(
            row.id or 0,
            _member(person),
            row.role,
            row.scope_kind,
            keys[ScopeKind(row.scope_kind)].get(row.scope_id or 0) if row.scope_id is not None else None,
        )
        for row, person in rows
    ]


def make_key(
    store: Store, person_id: int, label: str, *, expires_at: datetime | None = None, by: int | None = None
) -> str:
    """A new key of this person. Its text is returned this once; the store keeps only its hash."""
    now = datetime.now(UTC)
    label = _line(label)
    if not 1 <= len(label) <= LONGEST:
        raise NameMissing
    if expires_at is not None and expires_at <= now:
        raise KeyWouldBeDead
    text = KEY_PREFIX + secrets.token_urlsafe(32)
    with store.system() as session:
        person = _find(session, person_id)
        row = ApiKey(person_id=person_id, digest=_digest(text), label=label, created_at=now, expires_at=expires_at)
        session.add(row)
        _note(session, by, "make key", person, label=label)
    return text


def revoke_key(store: Store, key_id: int, *, by: int | None = None) -> None:
    """End a key at once."""
    with store.system() as session:
        row = session.get(ApiKey, key_id)
        if row is None or row.revoked_at is not None:
            raise KeyUnknown(key_id)
        row.revoked_at = datetime.now(UTC)
        _note(session, by, "revoke key", _find(session, row.person_id), label=row.label)


def list_keys(session: Session) -> list[KeyRecord]:
    """All keys ever made, newest first."""
    query = select(ApiKey, Person).join(Person, col(Person.id) == ApiKey.person_id).order_by(col(ApiKey.id).desc())
    return [
        KeyRecord(row.id or 0, _member(person), row.label, row.created_at, row.expires_at, row.revoked_at)
        for row, person in session.exec(query)
    ]


def person_of_key(session: Session, key: str) -> Member | None:
    """Whose key this is; None for one that never was, has ended, or belongs to somebody inactive."""
    query = (
        select(Person)
        .join(ApiKey, col(ApiKey.person_id) == Person.id)
        .where(ApiKey.digest == _digest(key), col(Person.active).is_(True), *_works_now())
    )
    row = session.exec(query).first()
    return _member(row) if row else None


def any_keys(session: Session) -> bool:
    """Whether anybody could ask with a key now."""
    query = select(ApiKey.id).join(Person, col(Person.id) == ApiKey.person_id)
    return session.exec(query.where(col(Person.active).is_(True), *_works_now()).limit(1)).first() is not None


def keys_were_made(session: Session) -> bool:
    """Whether keys are in use here, though the last may have ended: an end must never open a door."""
    return session.exec(select(ApiKey.id).limit(1)).first() is not None


def _line(text: str) -> str:
    """Text as entered, cleaned, on one line."""
    return " ".join(clean(text).split())


def _word(what: str, word: str, known: type[W]) -> W:
    try:
        return known(str(word).strip().lower())
    except ValueError:
        raise WordUnknown(what, word, known) from None


def _place(role: str, scope_kind: str, scope_key: str | None) -> Place:
    key = _line(scope_key or "") or None
    return Place(_word("role", role, Role), _word("scope", scope_kind, ScopeKind), key)


def _add(writer: Writer, new: NewPerson) -> Member:
    taken = find_person_by_email(writer.session, new.email)
    if taken is not None:
        raise EmailTaken(new.email, taken.name)
    key = _free_key(writer.session, new.email.partition("@")[0])
    [person_id] = writer.add(Person, [{"key": key, "name": new.name, "email": new.email, "kind": new.kind}])
    return Member(person_id, key, new.name, new.email, new.kind, None, active=True)


def _free_key(session: Session, wanted: str) -> str:
    taken = set(session.exec(select(Person.key).where(col(Person.key).startswith(wanted, autoescape=True))))
    number = 2
    key = wanted
    while key in taken:
        key, number = f"{wanted}-{number}", number + 1
    return key


def _find(session: Session, person_id: int) -> Member:
    row = session.get(Person, person_id)
    if row is None:
        raise PersonUnknown(person_id)
    return _member(row)


def _scope_id(session: Session, place: Place) -> int | None:
    if place.key is None:
        return None
    model: Any = _SCOPES[place.kind]
    found: int | None = session.exec(select(model.id).where(model.key == place.key)).first()
    if found is None:
        raise ScopeUnknown(place.kind, place.key)
    return found


def _held(session: Session, person_id: int, place: Place, scope_id: int | None) -> int | None:
    same = (Grant.person_id == person_id, Grant.role == place.role, Grant.scope_kind == place.kind)
    return session.exec(select(Grant.id).where(*same, col(Grant.scope_id).is_not_distinct_from(scope_id))).first()


def _count_administrators(session: Session) -> int:
    active = select(Grant.person_id).join(Person, col(Person.id) == Grant.person_id).where(col(Person.active).is_(True))
    return len(set(session.exec(active.where(Grant.role == Role.ADMIN))))


def _keys_of(session: Session, model: Any) -> dict[int, str]:
    return dict(session.exec(select(model.id, model.key)).all())


def _works_now() -> tuple[Any, Any]:
    lasting = col(ApiKey.expires_at).is_(None) | (col(ApiKey.expires_at) > datetime.now(UTC))
    return col(ApiKey.revoked_at).is_(None), lasting


def _digest(key: str) -> str:
    return sha256(clean(key).strip().encode()).hexdigest()


def _member(row: Person) -> Member:
    return Member(row.id or 0, row.key, row.name, row.email, row.kind, row.job_title, row.active)


def _note(
    session: Session, by: int | None, action: str, person: Member, place: Place | None = None, **details: Any
) -> None:
    """The audit event of an edit; `by` None is whoever holds the store's files."""
    if place is not None:
        details |= {"role": place.role, "scope_kind": place.kind, "scope_key": place.key}
    audit.append(session, person_id=by, action=action, subject=f"person:{person.key}", outcome="done", details=details)

"""Grants: who holds which role on which scope. Surfaces show and change them; rights are read from them."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from storage.engine import Store
from storage.errors import NotAccepted
from storage.models import Grant, Person, Portfolio, Practice, Program, Project
from storage.people import Member, entered_line, find_person, member_of, note_person, read_word
from storage.vocabulary import Role, ScopeKind

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
class GrantRecord:
    """Who holds which role where; `scope_key` is None for the organisation."""

    id: int
    person: Member
    role: str
    scope_kind: str
    scope_key: str | None


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
        person = find_person(writer.session, person_id)
        scope_id = _scope_id(writer.session, place)
        held = _held(writer.session, person_id, place, scope_id)
        if held is None:
            row = {"person_id": person_id, "role": place.role, "scope_kind": place.kind, "scope_id": scope_id}
            [held] = writer.add(Grant, [row])
            note_person(writer.session, by, "grant role", person, **asdict(place))
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
        person = find_person(writer.session, person_id)
        held = _held(writer.session, person_id, place, _scope_id(writer.session, place))
        if held is None:
            raise GrantUnknown
        if place.role is Role.ADMIN:
            keep_an_administrator(writer.session, person_id)
        writer.remove(Grant, held)
        note_person(writer.session, by, "revoke role", person, **asdict(place))


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
            member_of(person),
            row.role,
            row.scope_kind,
            keys[ScopeKind(row.scope_kind)].get(row.scope_id or 0) if row.scope_id is not None else None,
        )
        for row, person in rows
    ]


def keep_an_administrator(session: Session, leaving: int) -> None:
    """Raises LastAdministrator where nobody else administers the organisation."""
    active = select(Grant.person_id).join(Person, col(Person.id) == Grant.person_id).where(col(Person.active).is_(True))
    if set(session.exec(active.where(Grant.role == Role.ADMIN))) == {leaving}:
        raise LastAdministrator


def _place(role: str, scope_kind: str, scope_key: str | None) -> Place:
    key = entered_line(scope_key or "") or None
    return Place(read_word("role", role, Role), read_word("scope", scope_kind, ScopeKind), key)


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


def _keys_of(session: Session, model: Any) -> dict[int, str]:
    return dict(session.exec(select(model.id, model.key)).all())

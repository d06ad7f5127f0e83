"""Who may ask: the people of the directory. Surfaces establish readers from these; tools never call them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage import audit
from storage.changes.writer import Writer
from storage.engine import Store
from storage.errors import NotAccepted
from storage.models import Grant, Person
from storage.text import clean
from storage.vocabulary import PersonKind, Role, ScopeKind

LONGEST = 200
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
SLACK_ID = re.compile(r"[A-Z0-9]{3,20}/[A-Z0-9]{3,20}")
OWNER_ROLES = (Role.ADMIN, Role.EXECUTIVE, Role.FINANCE)

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


class PersonHasLeft(NotAccepted):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has left. `pilothouse people return EMAIL` lets them in again.")


class SlackIdTaken(NotAccepted):
    def __init__(self, slack_id: str) -> None:
        super().__init__(f"The account {slack_id} is somebody's already, or this person has another.")


class SlackIdNotUnderstood(NotAccepted):
    def __init__(self, slack_id: str) -> None:
        super().__init__(
            f"'{slack_id:.80}' is no account of Slack. Write the workspace and the member, like T024BE7LD/U012AB3CD; "
            "both are under “Copy member ID” and “Copy workspace ID” in Slack."
        )


class WordUnknown(NotAccepted):
    def __init__(self, what: str, word: str, known: type[StrEnum]) -> None:
        super().__init__(f"'{word:.80}' is no {what}. Known: {', '.join(known)}.")


@dataclass(frozen=True)
class NewPerson:
    """A person as entered: cleaned, and checked."""

    name: str
    email: str
    kind: PersonKind = PersonKind.MEMBER

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", entered_line(self.name))
        object.__setattr__(self, "email", entered_line(self.email).lower())
        if not 1 <= len(self.name) <= LONGEST:
            raise NameMissing
        if len(self.email) > LONGEST or not E_MAIL.fullmatch(self.email):
            raise EmailNotUnderstood(self.email)


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


def create_owner(store: Store, name: str, email: str) -> Member:
    """Add the store's owner: administrator, executive and finance of the organisation."""
    new = NewPerson(name, email)
    with store.writing("Made the store's owner") as writer:
        owner = _add(writer, new)
        grants = [{"person_id": owner.id, "role": role, "scope_kind": ScopeKind.ORGANISATION} for role in OWNER_ROLES]
        writer.add(Grant, grants)
        note_person(writer.session, None, "create owner", owner)
    return owner


def add_person(
    store: Store, name: str, email: str, *, kind: PersonKind | str = PersonKind.MEMBER, by: int | None = None
) -> Member:
    """Add somebody to the directory, without any role; `by` is the person who does it."""
    new = NewPerson(name, email, read_word("kind of person", kind, PersonKind))
    with store.writing("Added a person", person_id=by) as writer:
        person = _add(writer, new)
        note_person(writer.session, by, "add person", person)
    return person


def link_slack_id(store: Store, person_id: int, slack_id: str) -> None:
    """Note the account of somebody who has none yet, as their verified e-mail says. Raises SlackIdTaken."""
    with store.writing("Linked by the e-mail that Slack has verified") as writer:
        row = writer.session.get(Person, person_id)
        if row is None or row.slack_id or find_person_by_slack_id(writer.session, slack_id):
            raise SlackIdTaken(slack_id)
        writer.change(Person, person_id, {"slack_id": slack_id})
        note_person(writer.session, None, "link slack", member_of(row), account=slack_id)


def set_slack_id(store: Store, person_id: int, slack_id: str | None, *, by: int | None = None) -> Member:
    """Say which account of Slack is this person's; whoever had it has none then. None: no account."""
    if slack_id is not None and not SLACK_ID.fullmatch(slack_id):
        raise SlackIdNotUnderstood(slack_id)
    with store.writing("Linked an account of Slack", person_id=by) as writer:
        person = find_person(writer.session, person_id)
        holder = find_person_by_slack_id(writer.session, slack_id) if slack_id else None
        if holder and holder.id != person_id:
            writer.change(Person, holder.id, {"slack_id": None})
            writer.session.flush()
        writer.change(Person, person_id, {"slack_id": slack_id})
        note_person(writer.session, by, "link slack", person, account=slack_id or "none")
    return person


def slack_id_of(session: Session, person_id: int) -> str | None:
    """The account of this person, written TEAM/USER."""
    return session.exec(select(Person.slack_id).where(Person.id == person_id)).first()


def list_people(session: Session) -> list[Member]:
    """Everybody, active people first, by name: for a surface that lets its owner choose who asks."""
    rows = session.exec(select(Person).order_by(col(Person.active).desc(), col(Person.name), col(Person.id)))
    return [member_of(row) for row in rows]


def find_person_by_email(session: Session, email: str) -> Member | None:
    """The person of this address, in whatever case; None when there is nobody."""
    address = func.lower(col(Person.email)) == clean(email).strip().lower()
    row = session.exec(select(Person).where(address)).first()
    return member_of(row) if row else None


def find_person_by_slack_id(session: Session, slack_id: str) -> Member | None:
    """The person of this account, written TEAM/USER; None when there is nobody."""
    row = session.exec(select(Person).where(Person.slack_id == slack_id)).first()
    return member_of(row) if row else None


def find_person_by_key(session: Session, key: str) -> Member | None:
    """The person of this key; None when there is nobody."""
    row = session.exec(select(Person).where(Person.key == clean(key).strip())).first()
    return member_of(row) if row else None


def find_person(session: Session, person_id: int) -> Member:
    """The person of this id; raises PersonUnknown."""
    row = session.get(Person, person_id)
    if row is None:
        raise PersonUnknown(person_id)
    return member_of(row)


def active_person(session: Session, person_id: int) -> Member | None:
    """The person of this id; None where there is nobody, or not any more."""
    row = session.get(Person, person_id)
    return member_of(row) if row and row.active else None


def find_owner(session: Session) -> Member | None:
    """Who administers the organisation, the first who was given that role; None before there is anybody."""
    administers = (Grant.role == Role.ADMIN, Grant.scope_kind == ScopeKind.ORGANISATION, col(Person.active).is_(True))
    query = select(Person).join(Grant, col(Grant.person_id) == Person.id).where(*administers).order_by(col(Grant.id))
    row = session.exec(query.limit(1)).first()
    return member_of(row) if row else None


def entered_line(text: str) -> str:
    """Text as entered, cleaned, on one line."""
    return " ".join(clean(text).split())


def read_word(what: str, word: str, known: type[W]) -> W:
    """The member of an enumeration; raises WordUnknown, which names all of them."""
    try:
        return known(str(word).strip().lower())
    except ValueError:
        raise WordUnknown(what, word, known) from None


def member_of(row: Person) -> Member:
    return Member(row.id or 0, row.key, row.name, row.email, row.kind, row.job_title, row.active)


def note_person(session: Session, by: int | None, action: str, person: Member, **details: Any) -> None:
    """The audit event of an edit; `by` None is whoever holds the store's files."""
    audit.append(session, person_id=by, action=action, subject=f"person:{person.key}", outcome="done", details=details)


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

"""People who leave, and who come back: what they could do ends at once, what they did stays."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.api_keys import end_keys
from storage.engine import Store
from storage.errors import NotAccepted
from storage.grants import keep_an_administrator
from storage.models import Booking, Grant, Person, Portfolio, Program, Project, Task
from storage.people import Member, PersonHasLeft, find_person, note_person
from storage.vocabulary import TaskState


class PersonIsHere(NotAccepted):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has not left.")


@dataclass(frozen=True)
class Left:
    """What ended with a person's leaving."""

    person: Member
    keys: int
    roles: int


@dataclass(frozen=True)
class LeftBehind:
    """What still bears the name of somebody; for whoever holds the store's files, since it counts what is hidden."""

    open_tasks: int
    managed: int  # projects, programs and portfolios
    bookings: int  # that end later

    @property
    def sentence(self) -> str:
        counted = ((self.open_tasks, "open tasks"), (self.managed, "projects or programs to manage"))
        parts = [f"{count} {words}" for count, words in (*counted, (self.bookings, "bookings")) if count]
        return f"Still theirs: {', '.join(parts)}." if parts else "Nothing is left in their name."


def leave(store: Store, person_id: int, *, on: date, at: datetime, by: int | None = None) -> Left:
    """End a person's keys, roles and rights; `on` is their last day. The last administrator stays."""
    with store.writing("Left", person_id=by, at=at) as writer:
        person = find_person(writer.session, person_id)
        if not person.active:
            raise PersonHasLeft(person.name)
        keep_an_administrator(writer.session, person_id)
        held = writer.session.exec(select(col(Grant.id)).where(col(Grant.person_id) == person_id)).all()
        roles = [row_id for row_id in held if row_id is not None]
        writer.remove_many(Grant, roles)
        writer.change(Person, person_id, {"active": False, "employed_until": on})
        keys = end_keys(writer.session, person_id, at)
        note_person(writer.session, by, "leave", person, keys=keys, roles=len(roles))
    return Left(person, keys, len(roles))


def come_back(store: Store, person_id: int, *, at: datetime, by: int | None = None) -> Member:
    """Let somebody who left in again, as a member without roles and keys."""
    with store.writing("Came back", person_id=by, at=at) as writer:
        person = find_person(writer.session, person_id)
        if person.active:
            raise PersonIsHere(person.name)
        writer.change(Person, person_id, {"active": True, "employed_until": None})
        note_person(writer.session, by, "return", person)
    return person


def left_behind(session: Session, person_id: int, day: date) -> LeftBehind:
    """What is in this person's name after a day."""

    def count(*conditions: Any) -> int:
        return session.scalar(select(func.count()).where(*conditions)) or 0

    is_open = col(Task.state).in_((TaskState.NOT_STARTED, TaskState.IN_PROGRESS))
    return LeftBehind(
        count(col(Task.owner_id) == person_id, is_open),
        sum(count(col(level.manager_id) == person_id) for level in (Project, Program, Portfolio)),
        count(col(Booking.person_id) == person_id, col(Booking.ends_on) > day),
    )

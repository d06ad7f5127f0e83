"""People, and what their weeks are held by: bookings, absences and holidays, as far as a reader may see."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from storage.access import FieldClass, Reader, resolve
from storage.models import Absence, Booking, Grant, Holiday, Office, Person, Practice, Project, Skill
from storage.names import closest, spellings
from storage.records import (
    AbsenceRecord,
    BookingRecord,
    HolidayRecord,
    OfficeRecord,
    PersonName,
    PersonNotFound,
    PersonRecord,
    SkillRecord,
)
from storage.vocabulary import ContractType, Role, ScopeKind


def find_person(session: Session, reader: Reader, key: str) -> PersonRecord:
    """The person of this key or e-mail; raises PersonNotFound alike for a missing and a hidden one."""
    written = spellings(key)
    found = _people(session, reader, or_(col(Person.key).in_(written), func.lower(col(Person.email)).in_(written)))
    person = closest(found, key)
    if person is None:
        raise PersonNotFound(key)
    return person


def list_people(
    session: Session, reader: Reader, *, ids: Iterable[int] | None = None, practice_id: int | None = None
) -> list[PersonRecord]:
    """The visible people who are active, all or among these ids or of a practice, by name."""
    conditions: list[ColumnElement[bool]] = [col(Person.active).is_(True)]
    if ids is not None:
        conditions.append(col(Person.id).in_(list(ids)))
    if practice_id is not None:
        conditions.append(col(Person.practice_id) == practice_id)
    return _people(session, reader, *conditions)


def bookings(
    session: Session, reader: Reader, person_ids: Iterable[int], first: date, last: date
) -> list[BookingRecord]:
    """Bookings of these visible people that touch the days from first to last; other people's work has no name."""
    access = resolve(session, reader)
    named: Any = access.work_of(col(Booking.person_id)).label("named")
    query = (
        select(*_BOOKED, named)
        .join(Project, col(Project.id) == col(Booking.project_id))
        .join(Person, col(Person.id) == col(Booking.person_id))
        .where(col(Booking.person_id).in_(list(person_ids)), access.people(), _touches(Booking, first, last))
        .order_by(col(Booking.starts_on), col(Booking.id))
    )
    return [_booking(*row) for row in session.execute(query)]


def role_bookings(
    session: Session, reader: Reader, first: date, last: date, *, project_ids: Iterable[int] | None = None
) -> list[BookingRecord]:
    """Bookings of roles without a name that touch these days, all or of some projects; none to who is not of the firm.

    Which role, when and how much is open, as busy hours are; the project is told where the reader may know it.
    """
    access = resolve(session, reader)
    if not access.is_inside:
        return []
    query = (
        select(*_BOOKED, access.projects().label("named"))
        .join(Project, col(Project.id) == col(Booking.project_id))
        .where(col(Booking.person_id).is_(None), _touches(Booking, first, last))
        .order_by(col(Booking.starts_on), col(Booking.id))
    )
    if project_ids is not None:
        query = query.where(col(Booking.project_id).in_(list(project_ids)))
    return [replace(_booking(*row), role=row.role) for row in session.execute(query)]


def absences(
    session: Session, reader: Reader, person_ids: Iterable[int], first: date, last: date
) -> list[AbsenceRecord]:
    """Absences of these visible people that touch the days from first to last; the reason is only one's own."""
    access = resolve(session, reader)
    private = access.private(col(Absence.person_id))
    query = (
        select(Absence, private)
        .join(Person, col(Person.id) == col(Absence.person_id))
        .where(col(Absence.person_id).in_(list(person_ids)), access.people(), _touches(Absence, first, last))
        .order_by(col(Absence.starts_on), col(Absence.id))
    )
    return [_absence(absence, is_own) for absence, is_own in session.execute(query)]


def offices(session: Session, names: Iterable[str]) -> list[OfficeRecord]:
    """The offices of these names, by name; where people work is open to whoever sees them."""
    columns: list[Any] = [getattr(Office, label) for label in OfficeRecord.__annotations__]
    query = select(*columns).where(col(Office.name).in_(list(names))).order_by(col(Office.name))
    return [OfficeRecord(*row) for row in session.execute(query)]


def holidays_set(session: Session, first: date, last: date) -> list[HolidayRecord]:
    """The days the firm and its offices have set themselves, from first to last; open to everybody."""
    columns: list[Any] = [getattr(Holiday, label) for label in HolidayRecord.__annotations__]
    query = select(*columns).where(col(Holiday.day).between(first, last)).order_by(col(Holiday.day), col(Holiday.id))
    return [HolidayRecord(*row) for row in session.execute(query)]


def practice_targets(session: Session) -> dict[int | None, float]:
    """The utilisation that practices aim at, by the id of those that have one of their own; open to everybody."""
    columns: list[Any] = [Practice.id, Practice.utilisation_target_share]
    query = select(*columns).where(col(Practice.utilisation_target_share).is_not(None))
    return {row[0]: row[1] for row in session.execute(query)}


def skills(session: Session, reader: Reader) -> list[SkillRecord]:
    """The skills on file of all active people, best known first; none to who is not of the firm."""
    if not resolve(session, reader).is_inside:
        return []
    query = select(Skill).join(Person, col(Person.id) == col(Skill.person_id)).where(col(Person.active).is_(True))
    return [
        SkillRecord(row.person_id, row.name, row.level, row.source, row.noted_on, row.evidence)
        for row in session.scalars(query.order_by(col(Skill.name), col(Skill.person_id)))
    ]


def resource_managers(session: Session, reader: Reader) -> dict[int, PersonName]:
    """Who looks after the people of each practice, by its id; of several the first by name."""
    access = resolve(session, reader)
    query = (
        select(col(Grant.scope_id), col(Person.id), col(Person.key), col(Person.name))
        .join(Person, col(Person.id) == col(Grant.person_id))
        .where(col(Grant.role) == Role.RESOURCE_MANAGER, col(Grant.scope_kind) == ScopeKind.PRACTICE)
        .where(access.people(), col(Person.active).is_(True))
        .order_by(col(Person.name).desc())
    )
    return {practice: PersonName(*person) for practice, *person in session.execute(query)}


def _people(session: Session, reader: Reader, *conditions: ColumnElement[bool]) -> list[PersonRecord]:
    access = resolve(session, reader)
    query = (
        select(Person, col(Practice.name), access.rates())
        .outerjoin(Practice, col(Practice.id) == col(Person.practice_id))
        .where(access.people(), *conditions)
        .order_by(col(Person.name), col(Person.key))
    )
    return [_person(*row) for row in session.execute(query)]


def _person(person: Person, practice: str | None, sees_rate: bool) -> PersonRecord:
    sees = frozenset({FieldClass.OPEN, FieldClass.RATE} if sees_rate else {FieldClass.OPEN})
    values = vars(person) | {"practice_name": practice, "weekday_minutes": tuple(person.weekday_minutes)}
    return PersonRecord.of(values, sees)


# As BookingRecord has them; of work the reader may not know, the first six.
_BOOKED: list[Any] = [
    Booking.person_id, Booking.starts_on, Booking.ends_on, Booking.minutes_per_week, Booking.status,
    Booking.probability, Project.id, Project.key, Project.name, Booking.role, Booking.do_not_move,
    Project.contract_type,
]  # fmt: skip
_BUSY = 6


def _booking(*row: Any) -> BookingRecord:
    *fields, contract_type, named = row
    known = [*fields[_BUSY:], contract_type == ContractType.INTERNAL]
    return BookingRecord(*fields[:_BUSY], *(known if named else [None] * len(known)))


def _absence(absence: Absence, is_own: bool) -> AbsenceRecord:
    sees = frozenset({FieldClass.OPEN, FieldClass.PRIVATE} if is_own else {FieldClass.OPEN})
    return AbsenceRecord.of(vars(absence), sees)


def _touches(rows: type[Booking] | type[Absence], first: date, last: date) -> ColumnElement[bool]:
    return and_(col(rows.starts_on) <= last, col(rows.ends_on) >= first)

"""People of a scope and their hours, as one reader sees them: the only place that reads what weeks are held by."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlmodel import Session

from storage.access import Reader
from storage.names import practice_names
from storage.projects import list_projects
from storage.records import PersonRecord
from storage.staffing import absences, bookings, find_person, list_people, offices
from storage.vocabulary import BookingStatus, Level, PersonKind
from tools.facts import Clarification, Refusal, SourceRef
from tools.figures import source_of
from tools.holidays import holidays_of
from tools.names import plain
from tools.planning.calendar import OFFICE_WEEK
from tools.planning.load import Held, Load, Worker
from tools.resolve import Match, find_one

EVERYBODY = frozenset({"", "all", "everybody", "everyone", "us", "we", "the firm", "the whole firm", "the company"})
SCOPES = (Level.PROJECT, Level.PROGRAM, Level.PORTFOLIO, Level.PERSON)


@dataclass(frozen=True)
class Crew:
    """The members of the firm that a scope means, by name; its own name is None where that is everybody."""

    name: str | None
    people: list[PersonRecord]
    kind: Literal["everybody", "group", "place", "person"] = "everybody"  # group: a practice or an office
    sources: tuple[SourceRef, ...] = ()


def find_crew(
    session: Session, reader: Reader, scope: str | None, first: date, last: date
) -> Crew | Clarification | Refusal:
    """The people of a practice or an office, those booked on a project, program or portfolio in a window, or one."""
    words = plain(scope or "")
    members = [person for person in list_people(session, reader) if person.kind == PersonKind.MEMBER]
    if words in EVERYBODY:
        return Crew(None, members) if members else Refusal("not_found", "There is nobody here that you can see.")
    practices = {plain(form): name for key, name in practice_names(session) for form in (key, name)}
    practice = practices.get(words.removeprefix("the ").removesuffix(" practice").removesuffix(" team"))
    if practice is not None and (inside := [person for person in members if person.practice_name == practice]):
        return Crew(practice, inside, "group")
    if inside := [person for person in members if person.office and plain(person.office) == words]:
        return Crew(inside[0].office, inside, "group")
    match = find_one(session, reader, scope or "", SCOPES)
    if not isinstance(match, Match):
        return match
    if match.level is Level.PERSON:
        person = find_person(session, reader, match.key)
        if person.kind != PersonKind.MEMBER:
            return Refusal("declined", f"{person.name} is a guest: we hold no hours of theirs.")
        return Crew(person.name, [person], "person", (source_of(Level.PERSON, person.key, person.name),))
    return _booked_on(session, reader, match, members, first, last)


def _booked_on(
    session: Session, reader: Reader, match: Match, members: list[PersonRecord], first: date, last: date
) -> Crew | Refusal:
    """Those of whom the reader may know that they are booked there."""
    inside: dict[Level, dict[str, Any]] = {
        Level.PROJECT: {"ids": [match.id]},
        Level.PROGRAM: {"program_id": match.id},
        Level.PORTFOLIO: {"portfolio_id": match.id},
    }
    projects = {project.id for project in list_projects(session, reader, **inside[match.level])}
    held = bookings(session, reader, [person.id for person in members], first, last)
    there = {booking.person_id for booking in held if booking.project_id in projects}
    people = [person for person in members if person.id in there]
    if not people:
        return Refusal(
            "not_found",
            f"Nobody that you can see is booked on {match.name} from {first} to {last}; who works there is for its"
            " team and its managers. You can ask about a person or a practice.",
        )
    return Crew(match.name, people, "place", (source_of(match.level, match.key, match.name),))


def load_of(session: Session, reader: Reader, people: Sequence[PersonRecord], first: date, last: date) -> Load:
    """What these people are contracted for on each day of a window, and what holidays, absence and bookings take.

    Bookings of work the reader may not know are in it like all others: busy hours are open, their project is not.
    """
    ids = [person.id for person in people]
    away: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for absence in absences(session, reader, ids, first, last):
        away[absence.person_id].append((absence.starts_on, absence.ends_on))
    kept = holidays_of(session, {person.office for person in people if person.office}, first, last)
    short = {office: {day: each.minutes for day, each in days.items()} for office, days in kept.items()}
    workers = [
        Worker(
            person.id,
            week_of(person),
            person.employed_from,
            person.employed_until,
            short.get(person.office, short[None]),
            away[person.id],
        )
        for person in people
    ]
    held = [
        Held(
            booking.person_id,
            booking.starts_on,
            booking.ends_on,
            booking.minutes_per_week,
            booking.status == BookingStatus.FIRM,
            booking.probability,
            bool(booking.is_internal),
        )
        for booking in bookings(session, reader, ids, first, last)
        if booking.person_id is not None
    ]
    return Load(workers, held, first, last)


def without_holidays(session: Session, people: Sequence[PersonRecord]) -> int:
    """How many of these people work at no office whose country, and so its public holidays, is on file."""
    known = {office.name for office in offices(session, {person.office or "" for person in people}) if office.country}
    return sum(person.office not in known for person in people)


def week_of(person: PersonRecord) -> tuple[int, ...]:
    """Contracted minutes of the seven weekdays, Monday first."""
    pattern = person.weekday_minutes or OFFICE_WEEK
    return (*pattern, *([0] * (len(OFFICE_WEEK) - len(pattern))))

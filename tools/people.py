"""The hours of people as one reader sees them: the only place that reads what a week is contracted for and held by."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from storage.access import Reader
from storage.records import PersonRecord
from storage.staffing import absences, bookings
from storage.vocabulary import BookingStatus
from tools.holidays import holidays_of
from tools.planning.calendar import OFFICE_WEEK
from tools.planning.load import Held, Load, Worker


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


def week_of(person: PersonRecord) -> tuple[int, ...]:
    """Contracted minutes of the seven weekdays, Monday first."""
    pattern = person.weekday_minutes or OFFICE_WEEK
    return (*pattern, *([0] * (len(OFFICE_WEEK) - len(pattern))))

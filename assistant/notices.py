"""What people are told unasked: that somebody else moved a date of theirs. Seldom, within their own hours, or never.

The pace, all in one place: a digest within the person's working hours and outside their quiet ones, one a day and three
in seven days at most. What is not pressing waits until a week has passed since the last. What was not told within two
weeks is dropped. Who is muted is told nothing, and of what happens then nothing later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from assistant.narration.wording import say
from storage import notices as store_of
from storage.access import Reader
from storage.engine import Store
from storage.notices import ChoiceRecord, NoticeRecord
from storage.staffing import list_people
from storage.text import printable
from storage.vocabulary import NoticeKind
from tools.describing import EditLine, described
from tools.facts import Figure, Unit
from tools.people import load_of

FIRST_MINUTE, LAST_MINUTE = 9 * 60, 17 * 60  # of a working day, where the person is
MOST_A_WEEK = 3
PRESSING_DAYS = 7
MOST_LINES = 8
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Digest:
    """One message to one person: a heading, then a line for each date."""

    person_id: int
    notice_ids: tuple[int, ...]
    heading: str
    lines: tuple[str, ...]


def people_to_tell(store: Store, now: datetime) -> list[tuple[int, str]]:
    """Whoever has something to be told, with their account of Slack."""
    with store.reading() as session:
        return store_of.people_to_tell(session, now)


def digest_for(store: Store, person_id: int, *, local: datetime, now: datetime) -> Digest | None:
    """What this person is told at this moment, by their own clock and by ours; None for not now, or nothing."""
    minute = local.hour * 60 + local.minute
    if not FIRST_MINUTE <= minute < LAST_MINUTE:
        return None
    with store.reading() as session:
        choice = store_of.choice_of(session, person_id)
        if choice.is_muted or choice.is_quiet(minute):
            return None
        waiting = store_of.waiting_for(session, person_id, now)
        if not waiting or not _is_time(session, person_id, waiting, local, now):
            return None
        if not _works_on(session, person_id, local.date()):
            return None
        lines = list(_lines(session, Reader(person_id), waiting, local.date()))
    ids = tuple(each.id for each in waiting)
    if not lines:  # nothing of it is theirs to see any more
        return Digest(person_id, ids, "", ())
    left = len(lines) - MOST_LINES
    shown = [*lines[:MOST_LINES], *([f"And {left} more."] if left > 0 else [])]
    heading = "A date of yours moved." if len(lines) == 1 else f"{len(lines)} dates of yours moved."
    return Digest(person_id, ids, heading, tuple(shown))


def claim(store: Store, digest: Digest, at: datetime) -> bool:
    """Take it for oneself, before it is sent; False where somebody else has, or there is nothing in it to tell."""
    with store.system() as session:
        store_of.forget_old(session, at)
        if not digest.lines:
            store_of.drop(session, digest.notice_ids)
            return False
        return store_of.claim(session, digest.notice_ids, at)


def give_back(store: Store, digest: Digest) -> None:
    """It could not be sent."""
    with store.system() as session:
        store_of.give_back(session, digest.notice_ids)


def choice_of(store: Store, person_id: int) -> ChoiceRecord:
    with store.reading() as session:
        return store_of.choice_of(session, person_id)


def choose(store: Store, reader: Reader, **wanted: Any) -> ChoiceRecord:
    """Set what is named of `is_muted`, `quiet_from` and `quiet_until` for the reader. Raises NobodyToTell."""
    with store.system() as session:
        return store_of.choose(session, reader, **wanted)


def _is_time(session: Session, person_id: int, waiting: Sequence[NoticeRecord], local: datetime, now: datetime) -> bool:
    """Whether the pace allows another message today."""
    told = store_of.told_since(session, person_id, now - WEEK)
    if not told:
        return True
    offset = local.replace(tzinfo=None) - now.astimezone(UTC).replace(tzinfo=None)
    was_today = (told[0].astimezone(UTC).replace(tzinfo=None) + offset).date() == local.date()
    is_pressing = any(_is_near(each, local.date()) for each in waiting)
    return is_pressing and not was_today and len(told) < MOST_A_WEEK


def _is_near(notice: NoticeRecord, day: date) -> bool:
    """Whether a date of it, before or after, lies within the next days."""
    values = (value for edit in notice.edits for side in (edit.before, edit.after) for value in (side or {}).values())
    days = (found for value in values if (found := _day(value)))
    return any(day <= each <= day + timedelta(days=PRESSING_DAYS) for each in days)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _works_on(session: Session, person_id: int, day: date) -> bool:
    """Whether the person is contracted that day, and neither absent nor on holiday."""
    people = list_people(session, Reader(person_id), ids=[person_id])
    if not people:
        return False
    load = load_of(session, Reader(person_id), people, day, day)
    return bool(load.available.sum() > 0)


def _lines(session: Session, reader: Reader, waiting: Sequence[NoticeRecord], day: date) -> Iterator[str]:
    """A line for each date that is the reader's to see; of one that moved twice, from where it was to where it is."""
    shown: dict[tuple[str, str], tuple[EditLine, Figure | None, Figure | None, str]] = {}
    for notice in waiting:
        for line in described(session, reader, notice.edits):
            if line.kind != "set" or line.is_hidden or not _is_date(line.after or line.before):
                continue
            before, after = line.before, line.after
            if notice.kind is NoticeKind.TAKEN_BACK:
                before, after = after, before
            at = (line.key, line.label)
            first = shown[at][1] if at in shown else before
            shown[at] = (line, first, after, notice.by)
    for line, before, after, by in shown.values():
        if before == after:
            continue
        name = "" if line.name == line.key else f" {printable(line.name)}"
        words = f"{say(before, day) or 'nothing'} → {say(after, day) or 'nothing'}"
        yield f"[{printable(line.key)}]{name}: {line.label} {words} ({printable(by)})"


def _is_date(figure: Figure | None) -> bool:
    return figure is not None and figure.unit == Unit.DATE

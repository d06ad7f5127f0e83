"""Notices: who is to be told of which change, what was told when, and how much of it each person wants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, select

from storage.access import Reader
from storage.edits import RowEdit
from storage.errors import NotAccepted
from storage.models import Approval, Notice, NoticeChoice, Person, Project, Proposal, Task
from storage.vocabulary import NoticeKind

KEPT_DAYS = 14  # after which what was not told is no news any more
MINUTES_A_DAY = 24 * 60
_DATES = {
    "task": frozenset({"planned_start", "planned_finish", "deadline"}),
    "project": frozenset({"planned_start", "planned_finish", "promised_finish"}),
}


class NobodyToTell(NotAccepted):
    def __init__(self) -> None:
        super().__init__("I do not know who you are here, so there is nothing to set.")


@dataclass(frozen=True)
class NoticeRecord:
    """One thing somebody is to be told: the proposal that was applied, or taken back, with its edits."""

    id: int
    kind: NoticeKind
    by: str  # who proposed it
    edits: tuple[RowEdit, ...]


@dataclass(frozen=True)
class ChoiceRecord:
    """How much somebody wants to be told unasked; quiet hours in minutes of their day."""

    is_muted: bool = False
    quiet_from: int | None = None
    quiet_until: int | None = None

    def is_quiet(self, minute: int) -> bool:
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= minute < self.quiet_until
        return minute >= self.quiet_from or minute < self.quiet_until


def note_moved(session: Session, proposal_key: str, at: datetime) -> None:
    """Note for the owners of the dates that an applied proposal moved, but for those who proposed or confirmed it."""
    proposal = session.exec(select(Proposal).where(Proposal.key == proposal_key)).one()
    edits = [RowEdit.of(each) for each in proposal.applied]
    mine = {proposal.proposer_id, *_deciders(session, proposal.id or 0)}
    owners = {each for edit in edits if _moves(edit) for each in _owners(session, edit)} - mine
    _add(session, owners, proposal.id or 0, NoticeKind.MOVED, at)


def note_taken_back(session: Session, proposal_key: str, at: datetime) -> None:
    """Forget what was not told yet of a proposal that is undone; who was told is to hear of it."""
    proposal = session.exec(select(Proposal).where(Proposal.key == proposal_key)).one()
    told = (col(Notice.proposal_id) == proposal.id, col(Notice.told_at).is_not(None))
    people = set(session.scalars(sql_select(col(Notice.person_id)).where(*told)))
    people -= set(_deciders(session, proposal.id or 0))  # whoever takes it back knows
    of_it = (col(Notice.proposal_id) == proposal.id, col(Notice.told_at).is_(None))
    session.connection().execute(delete(Notice).where(*of_it))
    _add(session, people, proposal.id or 0, NoticeKind.TAKEN_BACK, at)


def people_to_tell(session: Session, now: datetime) -> list[tuple[int, str]]:
    """Whoever has something to be told, with their account of Slack."""
    query = (
        select(Person.id, Person.slack_id)
        .join(Notice, col(Notice.person_id) == Person.id)
        .where(*_is_waiting(now), col(Person.active).is_(True), col(Person.slack_id).is_not(None))
        .distinct()
        .order_by(col(Person.id))
    )
    return [(person_id, slack_id) for person_id, slack_id in session.exec(query) if person_id and slack_id]


def waiting_for(session: Session, person_id: int, now: datetime) -> list[NoticeRecord]:
    """What this person is to be told, oldest first."""
    query = (
        select(Notice, Proposal, Person.name)
        .join(Proposal, col(Proposal.id) == Notice.proposal_id)
        .join(Person, col(Person.id) == Proposal.proposer_id)
        .where(Notice.person_id == person_id, *_is_waiting(now))
        .order_by(col(Notice.at), col(Notice.id))
    )
    return [
        NoticeRecord(
            notice.id or 0, NoticeKind(notice.kind), name, tuple(RowEdit.of(each) for each in proposal.applied)
        )
        for notice, proposal, name in session.exec(query)
    ]


def told_since(session: Session, person_id: int, since: datetime) -> list[datetime]:
    """When this person was told something, the latest first."""
    query = (
        select(Notice.told_at)
        .where(Notice.person_id == person_id, col(Notice.told_at) >= since)
        .distinct()
        .order_by(col(Notice.told_at).desc())
    )
    return [at for at in session.exec(query) if at is not None]


def claim(session: Session, ids: Sequence[int], at: datetime) -> bool:
    """Mark these as told, before they are; False where somebody else does, or something of it is withdrawn."""
    untold = (col(Notice.id).in_(ids), col(Notice.told_at).is_(None))
    found = session.exec(select(func.count()).select_from(Notice).where(*untold)).one()
    if found != len(ids):
        return False
    session.connection().execute(update(Notice).where(*untold).values(told_at=at))
    return True


def give_back(session: Session, ids: Sequence[int]) -> None:
    """They could not be told after all."""
    session.connection().execute(update(Notice).where(col(Notice.id).in_(ids)).values(told_at=None))


def drop(session: Session, ids: Sequence[int]) -> None:
    """Nothing of these is theirs to be told any more. It was no message, so the pace does not count it."""
    session.connection().execute(delete(Notice).where(col(Notice.id).in_(ids), col(Notice.told_at).is_(None)))


def forget_old(session: Session, now: datetime) -> None:
    """Drop what is long told, or was never told in time."""
    session.connection().execute(delete(Notice).where(col(Notice.at) < now - timedelta(days=4 * KEPT_DAYS)))


def choice_of(session: Session, person_id: int) -> ChoiceRecord:
    row = session.get(NoticeChoice, person_id)
    return ChoiceRecord(row.is_muted, row.quiet_from, row.quiet_until) if row else ChoiceRecord()


def choose(session: Session, reader: Reader, **wanted: Any) -> ChoiceRecord:
    """Set what is named of `is_muted`, `quiet_from` and `quiet_until` for the reader. Raises NobodyToTell.

    What waits for somebody who mutes is dropped, and nothing is noted for them until they unmute.
    """
    if reader.person_id is None:
        raise NobodyToTell
    row = session.get(NoticeChoice, reader.person_id) or NoticeChoice(person_id=reader.person_id)
    for label in ("is_muted", "quiet_from", "quiet_until"):
        if label in wanted:
            value = wanted[label]
            setattr(row, label, value % MINUTES_A_DAY if isinstance(value, int) and label != "is_muted" else value)
    session.add(row)
    session.flush()
    if row.is_muted:
        waiting = (col(Notice.person_id) == row.person_id, col(Notice.told_at).is_(None))
        session.connection().execute(delete(Notice).where(*waiting))
    return ChoiceRecord(row.is_muted, row.quiet_from, row.quiet_until)


def _is_waiting(now: datetime) -> tuple[Any, ...]:
    return col(Notice.told_at).is_(None), col(Notice.at) >= now - timedelta(days=KEPT_DAYS)


def _moves(edit: RowEdit) -> bool:
    """Whether it sets a date of a row that was there before."""
    return (
        edit.before is not None and edit.after is not None and not _DATES.get(edit.table, set()).isdisjoint(edit.after)
    )


def _owners(session: Session, edit: RowEdit) -> list[int]:
    owner: Any = col(Task.owner_id) if edit.table == "task" else col(Project.manager_id)
    row_id: Any = col(Task.id) if edit.table == "task" else col(Project.id)
    return [each for each in session.scalars(sql_select(owner).where(row_id == edit.row_id)) if each is not None]


def _deciders(session: Session, proposal_id: int) -> Iterable[int]:
    return session.scalars(sql_select(col(Approval.person_id)).where(col(Approval.proposal_id) == proposal_id)).all()


def _add(session: Session, people: Iterable[int], proposal_id: int, kind: NoticeKind, at: datetime) -> None:
    of_it = (col(Notice.proposal_id) == proposal_id, col(Notice.kind) == kind)
    known = set(session.scalars(sql_select(col(Notice.person_id)).where(*of_it)))
    muted = set(session.scalars(sql_select(col(NoticeChoice.person_id)).where(col(NoticeChoice.is_muted).is_(True))))
    for person_id in sorted(set(people) - known - muted):
        session.add(Notice(person_id=person_id, proposal_id=proposal_id, kind=kind, at=at))
    session.flush()

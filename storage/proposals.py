"""Proposals: stored sets of row edits, which the clicks of entitled people apply once, or take back.

Everything a click depends on is checked again in the transaction that applies: who clicks, what they were shown,
and whether the rows still hold what the set replaces.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, select

from storage import audit
from storage.access import Reader, resolve
from storage.changes.applying import (
    Conflict,
    EditsConflict,
    apply,
    conflicts_of,
    inverse,
    with_present_values,
)
from storage.changes.writer import RowNotFound, Writer
from storage.confirming import Touch, approvers, is_enough, standing, touches, who_may, who_may_second
from storage.edits import Draft, RowEdit, check, digest_of
from storage.engine import Store
from storage.errors import NotAccepted
from storage.keys import new_key
from storage.models import Approval, Person, Project, Proposal, Source, Task
from storage.models.control import LONGEST_NOTE
from storage.notices import note_moved, note_taken_back
from storage.policies import decided_here, four_eyes
from storage.text import clean, either
from storage.vocabulary import Decision, FourEyes, ProposalStatus

DAYS_OPEN = 14
MOST_OPEN = 20  # of one person
MOST_A_DAY = 100
MOST_EDITS = 200
LONGEST_TITLE = 200


class ProposalNotFound(NotAccepted):
    """There is none, or none that this person has to do with: the same words for both."""

    def __init__(self, key: str) -> None:
        super().__init__(f"No proposal “{key:.20}” that you can see. `pilothouse proposals list` shows yours.")


class TooManyProposals(NotAccepted):
    def __init__(self, open_ones: int) -> None:
        waiting = f"{open_ones} of your proposals wait" if open_ones >= MOST_OPEN else "You made very many today"
        super().__init__(f"{waiting}: confirm or reject some first, or go on tomorrow.")


class ProposalDecided(NotAccepted):
    """It was applied, rejected, undone, replaced, or its time has passed."""


class NotYoursToConfirm(NotAccepted):
    """Who clicks is not entitled to all it touches; the sentence says who is."""


class NothingToChange(NotAccepted):
    def __init__(self) -> None:
        super().__init__("The plan holds that already: there is nothing to change.")


class RowGone(NotAccepted):
    def __init__(self) -> None:
        super().__init__("Something this would change is gone by now, so it cannot be proposed. Ask for what is there.")


class PlanMoved(NotAccepted):
    """Rows are not as the set expects them. Nothing was applied."""

    def __init__(self, conflicts: Sequence[Conflict] = ()) -> None:
        super().__init__("The plan moved since this was proposed, so nothing was applied.")
        self.conflicts = tuple(conflicts)


@dataclass(frozen=True)
class Click:
    """One approval so far."""

    person_id: int
    name: str
    at: datetime


@dataclass(frozen=True)
class ProposalRecord:
    """A proposal as somebody who has to do with it sees it; what each edit shows of its values is another matter."""

    id: int
    key: str
    version: int
    digest: str
    status: str
    is_expired: bool
    proposer_id: int
    proposer: str
    surface: str
    title: str
    reasons: tuple[str, ...]
    changes: tuple[Mapping[str, Any], ...]
    edits: tuple[RowEdit, ...]
    applied: tuple[RowEdit, ...]  # as they were written, with the ids and keys of new rows
    base: Mapping[int, int]
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    approved_by: tuple[Click, ...]
    is_entitled: bool  # whether its reader may confirm it
    wants_second: frozenset[FourEyes]  # for what a second person is wanted, if this reader confirms
    may_second: bool
    would_apply: bool  # whether this reader's yes, beside those there are, applies it
    has_approved: bool  # whether this reader said yes already
    note: str  # why it was rejected
    replaced_by: str | None

    @property
    def is_open(self) -> bool:
        return self.status == ProposalStatus.OPEN and not self.is_expired


@dataclass(frozen=True)
class Decided:
    """What a click came to. `waits_for`: names of those of whom a second click is wanted."""

    proposal: ProposalRecord
    is_applied: bool
    waits_for: tuple[str, ...] = ()


def save_proposal(session: Session, reader: Reader, draft: Draft, *, surface: str, at: datetime) -> str:
    """Store it, open; gives its key. An equal one of the same person that is still open is that one.

    In a session that writes. Raises NothingToChange, TooManyProposals, RowGone.
    """
    assert reader.person_id is not None
    for edit in draft.edits:
        check(edit)
        if edit.table == "status_update" and (edit.after or {}).get("author_id") != reader.person_id:
            raise NotAccepted("A note is written by whoever records it.")
    try:
        edits = [edit.to_json() for edit in with_present_values(session, draft.edits)]
    except RowNotFound:
        raise RowGone from None
    if not edits:
        raise NothingToChange
    if len(edits) > MOST_EDITS:
        raise NotAccepted(f"That would change {len(edits)} rows at once; a proposal changes at most {MOST_EDITS}.")
    own = select(Proposal).where(Proposal.proposer_id == reader.person_id)
    for each in session.exec(own.where(Proposal.status == ProposalStatus.OPEN, col(Proposal.expires_at) > at)):
        if each.edits == edits:
            return each.key
    _limit(session, reader.person_id, _still_open(session, reader.person_id, at), at)
    key = _free_key(session)
    found = touches(session, [RowEdit.of(edit) for edit in edits])
    row = Proposal(
        key=key,
        digest=digest_of(key, 1, edits),
        proposer_id=reader.person_id,
        surface=surface,
        title=clean(draft.title)[:LONGEST_TITLE],
        reasons=list(draft.reasons),
        changes=[dict(change) for change in draft.changes],
        edits=edits,
        base={str(project): revision for project, revision in _revisions(session, _projects(found)).items()},
        created_at=at,
        expires_at=at + timedelta(days=DAYS_OPEN),
    )
    session.add(row)
    session.flush()
    _note(session, row, reader.person_id, "propose", "open", at, edits=len(edits))
    return key


def find_proposal(session: Session, reader: Reader, key: str, at: datetime) -> ProposalRecord:
    """The proposal, for its proposer and for those whom it takes; raises ProposalNotFound for everybody else."""
    return _record(session, reader, _find(session, reader, key), at)


def list_proposals(session: Session, reader: Reader, at: datetime, *, limit: int = 50) -> list[ProposalRecord]:
    """The reader's own proposals, and the open ones that they may confirm; newest first."""
    query = select(Proposal).order_by(col(Proposal.id).desc())
    own = session.exec(query.where(Proposal.proposer_id == reader.person_id).limit(limit)).all()
    others = query.where(col(Proposal.proposer_id).is_distinct_from(reader.person_id))
    waiting = session.exec(others.where(Proposal.status == ProposalStatus.OPEN, col(Proposal.expires_at) > at)).all()
    rows = sorted({row.id: row for row in (*own, *waiting)}.values(), key=lambda row: row.created_at, reverse=True)
    return [_record(session, reader, row, at) for row in rows if _concerns(session, reader, row)][:limit]


def who_confirms(session: Session, record: ProposalRecord, reader: Reader) -> tuple[str, ...]:
    """Names of people who may confirm it, where the reader may not; of those wanted as the second, where they may."""
    found = touches(session, record.edits)
    me = reader.person_id or 0
    if record.is_entitled:
        return _names(session, who_may_second(session, found, me)) if record.wants_second else ()
    return _names(session, who_may(session, found, but=frozenset({me})))


def conflicts_of_record(session: Session, record: ProposalRecord) -> list[Conflict]:
    """Where the plan is no longer what an open set replaces, or no longer what an applied one made it."""
    if record.status == ProposalStatus.APPLIED:
        return conflicts_of(session, inverse(record.applied))
    return conflicts_of(session, record.edits) if record.is_open else []


def decided_by(session: Session, record: ProposalRecord) -> tuple[str, ...]:
    """The systems that decide fields this set changes: nothing is written there, and their imports may set it back."""
    here = decided_here(session)
    found = []
    for edit in record.edits:
        model: Any = {"task": Task, "project": Project}.get(edit.table)
        if model is None or edit.is_addition:
            continue
        columns: list[Any] = [Source.name, Source.owns]
        owning = sql_select(*columns).join(model, model.source_id == Source.id).where(model.id == edit.row_id)
        for name, owns in session.execute(owning):
            fields = {f"{edit.table}.{field}" for field in edit.after or {}} - here
            found += [name] if fields & set(owns) else []
    return tuple(dict.fromkeys(found))


def revisions_of(session: Session, record: ProposalRecord) -> dict[int, int]:
    """The revision of each project it touches, now."""
    return _revisions(session, _projects(touches(session, record.edits)))


def approve(
    store: Store, reader: Reader, key: str, *, digest: str, revisions: Mapping[int, int] | None = None, at: datetime
) -> Decided:
    """One person's click to confirm what they were shown: applies the set once enough people did.

    `digest` is that of the version on the card, `revisions` those of the projects it was drawn for. Raises
    ProposalNotFound, ProposalDecided, NotYoursToConfirm, PlanMoved; each refusal is audited. A set that is applied
    already, as it was shown, is told as applied: a click that comes twice does nothing more.
    """
    with _audited(store, reader, key, "approve proposal", at) as (writer, row):
        session = writer.session
        if row.status == ProposalStatus.APPLIED and row.digest == digest:
            return Decided(_record(session, reader, row, at), is_applied=True)
        _be_open(row, at)
        edits = [RowEdit.of(edit) for edit in row.edits]
        found = touches(session, edits)
        mine = standing(session, reader.person_id or 0, found)
        conflicts = conflicts_of(session, edits)
        if any(each.field is None for each in conflicts):  # whose a row was that is gone, nobody can say
            raise PlanMoved(conflicts)
        if not (mine.is_entitled or (mine.seconds and _may_want_second(session, found))):
            raise NotYoursToConfirm(_who(session, found))
        if digest != row.digest:
            raise PlanMoved
        if revisions is not None and _revisions(session, _projects(found)) != dict(revisions):
            raise PlanMoved
        if conflicts:
            raise PlanMoved(conflicts)
        _click(session, row, mine.person_id, Decision.APPROVED, at)
        clicked = approvers(session, row.id or 0, row.digest)
        if not is_enough(session, clicked, found):
            _note(session, row, mine.person_id, "approve proposal", "waits for a second person", at)
            waiting = [each for first in clicked for each in who_may_second(session, found, first)]
            return Decided(_record(session, reader, row, at), False, _names(session, dict.fromkeys(waiting)))
        writer.cause = f"{row.key}: {row.title}"
        try:
            applied = apply(writer, edits)
        except EditsConflict as conflict:
            raise PlanMoved(conflict.conflicts) from conflict
        row.applied = [edit.to_json() for edit in applied]
        row.status, row.decided_at, row.change_set = ProposalStatus.APPLIED, at, writer.change_set
        for undone in session.exec(select(Proposal).where(Proposal.replaced_by == row.key)):
            if undone.status == ProposalStatus.APPLIED:  # this one took it back
                undone.status, undone.decided_at = ProposalStatus.UNDONE, at
        _note(session, row, mine.person_id, "approve proposal", "applied", at, change_set=writer.change_set)
        session.flush()
        note_moved(session, row.key, at)
        return Decided(_record(session, reader, row, at), is_applied=True)


def reject(store: Store, reader: Reader, key: str, *, note: str = "", at: datetime) -> ProposalRecord:
    """End it, by its proposer or somebody who may confirm it."""
    with _audited(store, reader, key, "reject proposal", at) as (writer, row):
        session = writer.session
        if row.status == ProposalStatus.REJECTED:
            return _record(session, reader, row, at)
        _be_open(row, at)
        row.status, row.decided_at = ProposalStatus.REJECTED, at
        _click(session, row, reader.person_id or 0, Decision.REJECTED, at, note=note)
        _note(session, row, reader.person_id, "reject proposal", "rejected", at)
        return _record(session, reader, row, at)


def undo(store: Store, reader: Reader, key: str, *, at: datetime) -> ProposalRecord:
    """Take an applied set back as one step, exactly. What needed two people becomes a proposal that needs them again.

    Gives the proposal; its `replaced_by` names that new one. Raises PlanMoved with what has changed since.
    """
    with _audited(store, reader, key, "undo proposal", at) as (writer, row):
        session = writer.session
        if row.status == ProposalStatus.UNDONE:
            return _record(session, reader, row, at)
        if row.status != ProposalStatus.APPLIED:
            raise ProposalDecided(f"{row.key} was not applied, so there is nothing to undo.")
        edits = inverse([RowEdit.of(edit) for edit in row.applied])
        found = touches(session, edits)
        mine = standing(session, reader.person_id or 0, found)
        if not mine.is_entitled:
            raise NotYoursToConfirm(_who(session, found, "undo"))
        if conflicts := conflicts_of(session, edits):
            raise PlanMoved(conflicts)
        if not is_enough(session, [mine.person_id], found):
            if _is_waiting(session, row.replaced_by, at):
                return _record(session, reader, row, at)
            _limit(session, mine.person_id, _still_open(session, mine.person_id, at), at)
            row.replaced_by = _propose_inverse(session, row, edits, mine.person_id, at)
            _note(session, row, mine.person_id, "undo proposal", "proposed", at, proposal=row.replaced_by)
            return _record(session, reader, row, at)
        writer.cause = f"Undo of {row.key}: {row.title}"
        try:
            apply(writer, edits)
        except EditsConflict as conflict:
            raise PlanMoved(conflict.conflicts) from conflict
        row.status, row.decided_at = ProposalStatus.UNDONE, at
        _click(session, row, mine.person_id, Decision.UNDONE, at)
        _note(session, row, mine.person_id, "undo proposal", "undone", at, change_set=writer.change_set)
        note_taken_back(session, row.key, at)
        return _record(session, reader, row, at)


def supersede(store: Store, reader: Reader, key: str, drafts: Sequence[Draft], *, at: datetime) -> list[str]:
    """Put other proposals, of the reader, in the place of an open one, in one step. Gives their keys."""
    with _audited(store, reader, key, "replace proposal", at) as (writer, row):
        session = writer.session
        _be_open(row, at)
        row.status, row.decided_at = ProposalStatus.REPLACED, at
        session.flush()
        keys = [save_proposal(session, reader, draft, surface=row.surface, at=at) for draft in drafts]
        row.replaced_by = keys[0]
        _note(session, row, reader.person_id, "replace proposal", "replaced", at, proposals=keys)
        return keys


@contextmanager
def _audited(store: Store, reader: Reader, key: str, action: str, at: datetime) -> Iterator[tuple[Writer, Proposal]]:
    """The proposal, in one transaction that writes; a refusal rolls it back and leaves its own line in the audit."""
    try:
        with store.writing(f"Proposal {key:.20}", reader.person_id, at) as writer:
            yield writer, _find(writer.session, reader, key)
    except NotAccepted as refusal:
        with store.system() as session:
            audit.append(
                session,
                person_id=reader.person_id,
                action=action,
                subject=f"proposal:{key:.20}",
                outcome="refused",
                details={"why": type(refusal).__name__},
                at=at,
            )
        raise


def _find(session: Session, reader: Reader, key: str) -> Proposal:
    row = session.exec(select(Proposal).where(Proposal.key == clean(key).strip().upper())).first()
    if row is None or not _concerns(session, reader, row):
        raise ProposalNotFound(key)
    return row


def _concerns(session: Session, reader: Reader, row: Proposal) -> bool:
    """Whether a reader has to do with it: who proposed it, and who may confirm it; as long as they see all it is of."""
    if reader.person_id is None:
        return False
    found = touches(session, [RowEdit.of(edit) for edit in row.edits])
    if not _sees(session, reader, _projects(found)):
        return False
    mine = standing(session, reader.person_id, found)
    is_second = mine.seconds and _may_want_second(session, found)
    return row.proposer_id == reader.person_id or mine.is_entitled or is_second


def _sees(session: Session, reader: Reader, project_ids: set[int]) -> bool:
    query = select(func.count()).select_from(Project).where(col(Project.id).in_(project_ids))
    return session.exec(query.where(resolve(session, reader).projects())).one() == len(project_ids)


def _record(session: Session, reader: Reader, row: Proposal, at: datetime) -> ProposalRecord:
    edits = tuple(RowEdit.of(edit) for edit in row.edits)
    found = touches(session, edits)
    mine = standing(session, reader.person_id or 0, found)
    clicked = approvers(session, row.id or 0, row.digest)
    return ProposalRecord(
        id=row.id or 0,
        key=row.key,
        version=row.version,
        digest=row.digest,
        status=row.status,
        is_expired=row.status == ProposalStatus.OPEN and row.expires_at <= at,
        proposer_id=row.proposer_id,
        proposer=_names(session, [row.proposer_id])[0],
        surface=row.surface,
        title=row.title,
        reasons=tuple(row.reasons),
        changes=tuple(row.changes),
        edits=edits,
        applied=tuple(RowEdit.of(edit) for edit in row.applied),
        base={int(project): revision for project, revision in row.base.items()},
        created_at=row.created_at,
        expires_at=row.expires_at,
        decided_at=row.decided_at,
        approved_by=_clicks(session, row),
        is_entitled=mine.is_entitled,
        wants_second=mine.wants_second,
        may_second=mine.seconds and _may_want_second(session, found),
        would_apply=is_enough(session, [*clicked, mine.person_id], found),
        has_approved=mine.person_id in clicked,
        note=_why_rejected(session, row),
        replaced_by=row.replaced_by,
    )


def _clicks(session: Session, row: Proposal) -> tuple[Click, ...]:
    query = select(Approval, Person.name).join(Person, col(Person.id) == Approval.person_id)
    approved = query.where(
        Approval.proposal_id == row.id, Approval.digest == row.digest, Approval.decision == Decision.APPROVED
    )
    return tuple(Click(click.person_id, name, click.at) for click, name in session.exec(approved))


def _why_rejected(session: Session, row: Proposal) -> str:
    said = select(Approval.note).where(Approval.proposal_id == row.id, Approval.decision == Decision.REJECTED)
    return session.exec(said.order_by(col(Approval.id).desc())).first() or ""


def _be_open(row: Proposal, at: datetime) -> None:
    if row.status != ProposalStatus.OPEN:
        instead = f" {row.replaced_by} stands in its place." if row.status == ProposalStatus.REPLACED else ""
        raise ProposalDecided(f"{row.key} was {row.status} already.{instead}")
    if row.expires_at <= at:
        raise ProposalDecided(f"{row.key} has expired: proposals wait for {DAYS_OPEN} days. Ask for the change again.")


def _click(
    session: Session, row: Proposal, person_id: int, decision: Decision, at: datetime, *, note: str = ""
) -> None:
    """Note the click; the same person's second one on the same version says nothing more."""
    same = select(Approval.id).where(
        Approval.proposal_id == row.id,
        Approval.person_id == person_id,
        Approval.digest == row.digest,
        Approval.decision == decision,
    )
    if session.exec(same).first() is None:
        kept = clean(note)[:LONGEST_NOTE]
        session.add(
            Approval(
                proposal_id=row.id or 0, person_id=person_id, digest=row.digest, decision=decision, note=kept, at=at
            )
        )
        session.flush()


def _propose_inverse(session: Session, row: Proposal, edits: Sequence[RowEdit], by: int, at: datetime) -> str:
    """A proposal that takes another one back, for changes that one person alone does not make."""
    stored = [edit.to_json() for edit in edits]
    key = _free_key(session)
    session.add(
        Proposal(
            key=key,
            digest=digest_of(key, 1, stored),
            proposer_id=by,
            surface=row.surface,
            title=f"Undo of {row.key}: {row.title}"[:LONGEST_TITLE],
            edits=stored,
            base={str(each): revision for each, revision in _revisions(session, _touched(session, edits)).items()},
            created_at=at,
            expires_at=at + timedelta(days=DAYS_OPEN),
        )
    )
    session.flush()
    return key


def _free_key(session: Session) -> str:
    return new_key("P", lambda key: session.exec(select(Proposal.id).where(Proposal.key == key)).first() is not None)


def _limit(session: Session, person_id: int, still_open: int, at: datetime) -> None:
    """Raise TooManyProposals: many cards would tire whoever has to confirm them."""
    lately = select(func.count()).select_from(Proposal).where(Proposal.proposer_id == person_id)
    made = session.exec(lately.where(col(Proposal.created_at) > at - timedelta(days=1))).one()
    if still_open >= MOST_OPEN or made >= MOST_A_DAY:
        raise TooManyProposals(still_open)


def _still_open(session: Session, person_id: int, at: datetime) -> int:
    own = select(func.count()).select_from(Proposal).where(Proposal.proposer_id == person_id)
    return session.exec(own.where(Proposal.status == ProposalStatus.OPEN, col(Proposal.expires_at) > at)).one()


def _is_waiting(session: Session, key: str | None, at: datetime) -> bool:
    row = session.exec(select(Proposal).where(Proposal.key == key)).first() if key else None
    return row is not None and row.status == ProposalStatus.OPEN and row.expires_at > at


def _may_want_second(session: Session, found: Sequence[Touch]) -> bool:
    policy = four_eyes(session)
    return any(touch.kind in policy for touch in found)


def _who(session: Session, found: Sequence[Touch], act: str = "confirm") -> str:
    names = _names(session, who_may(session, found))
    if not names:
        return (
            "Nobody is entitled to confirm all of this yet. `pilothouse grant add EMAIL ROLE SCOPE` gives that right."
        )
    return f"This is not yours to {act}. {either(names)} can."


def _names(session: Session, person_ids: Iterable[int]) -> tuple[str, ...]:
    ids = list(person_ids)
    columns: list[Any] = [Person.id, Person.name]
    names = dict(session.execute(sql_select(*columns).where(col(Person.id).in_(ids))).all())
    return tuple(names[each] for each in ids if each in names)


def _touched(session: Session, edits: Sequence[RowEdit]) -> set[int]:
    return _projects(touches(session, edits))


def _projects(found: Sequence[Touch]) -> set[int]:
    return {project for touch in found for project in touch.project_ids}


def _revisions(session: Session, project_ids: set[int]) -> dict[int, int]:
    columns: list[Any] = [Project.id, Project.revision]
    return dict(session.execute(sql_select(*columns).where(col(Project.id).in_(project_ids))).all())


def _note(
    session: Session, row: Proposal, person_id: int | None, action: str, outcome: str, at: datetime, **details: Any
) -> None:
    audit.append(
        session,
        person_id=person_id,
        action=action,
        subject=f"proposal:{row.key}",
        outcome=outcome,
        details={"digest": row.digest, **details},
        at=at,
    )

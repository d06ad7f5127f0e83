"""From a tool's proposal to a stored one, the card a person sees of it, and what their click comes to.

A card is made of the stored set and of the plan as they are, for whoever looks. Its code stands for all it shows: a
click on a card that would look different by now applies nothing.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256

from sqlmodel import Session

from assistant.narration.wording import say
from storage import proposals as store_of
from storage.access import Reader
from storage.changes.applying import Conflict
from storage.edits import Draft, RowEdit
from storage.engine import Store
from storage.errors import NotAccepted
from storage.proposals import PlanMoved, ProposalRecord
from storage.text import either
from storage.vocabulary import ProposalStatus
from tools.describing import EditLine, described
from tools.effects import Effect, reach_of
from tools.facts import Figure, Refusal, Unit
from tools.proposing import ChangeProposal
from tools.readings import warm

CODE_LENGTH = 16


class PartNotPossible(NotAccepted):
    """The chosen lines cannot be confirmed without others."""


@dataclass(frozen=True)
class Card:
    """A proposal as one person sees it now."""

    record: ProposalRecord
    lines: tuple[EditLine, ...]
    effects: tuple[Effect, ...]
    conflicts: tuple[EditLine, ...]  # where the plan is not what the set replaces, or made it: as expected, as found
    has_moved: bool  # whether there are conflicts, also such as have no line: a row that is gone
    decided_by: tuple[str, ...]  # systems that decide some of its fields
    others: tuple[str, ...]  # who may confirm it instead, or who may be the second
    revisions: dict[int, int]
    code: str

    @property
    def may_confirm(self) -> bool:
        return self.record.is_open and (self.record.is_entitled or self.record.may_second)

    @property
    def may_propose_again(self) -> bool:
        return self.record.is_open and self.has_moved

    @property
    def may_undo(self) -> bool:
        return self.record.status == ProposalStatus.APPLIED and self.record.is_entitled and not self.has_moved

    @property
    def standing(self) -> str:
        """Where it stands and what comes next, in a sentence."""
        record = self.record
        match record.status:
            case ProposalStatus.APPLIED:
                again = f" {record.replaced_by} would take it back." if record.replaced_by else ""
                since = " Some of it is otherwise by now." if self.has_moved else ""
                return f"Applied{_by(record)}.{again}{since}"
            case ProposalStatus.REPLACED:
                return f"Replaced by {record.replaced_by}."
            case ProposalStatus.REJECTED | ProposalStatus.UNDONE:
                return f"{record.status.capitalize()}. The plan is as it was before."
        if record.is_expired:
            return "Expired. Ask for the change again."
        if self.has_moved:
            return "The plan moved since this was proposed. Nothing is changed."
        return f"Nothing is changed yet. {self._next()}"

    @property
    def carried(self) -> str:
        """What becomes of it in the systems its rows come from."""
        if not self.decided_by:
            return ""
        names = either(self.decided_by)
        return f"{names} decides some of this: nothing is written there, and its next import may set it back."

    def _next(self) -> str:
        record = self.record
        if record.has_approved:
            return f"You said yes. {either(self.others) or 'Somebody else'} has to, too."
        said = f"{_names(click.name for click in record.approved_by)} said yes. " if record.approved_by else ""
        if record.would_apply and (record.is_entitled or record.may_second):
            return f"{said}It is yours to confirm."
        if record.is_entitled:
            kinds = " and ".join(sorted(_KINDS[kind] for kind in record.wants_second))
            return f"{said}Your firm wants two people for {kinds}: you, and {either(self.others) or 'another'}."
        if record.may_second:
            return (
                f"{said}You may confirm it as the second person, beside {either(self.others) or 'whoever is entitled'}."
            )
        return f"{said}{either(self.others)} can confirm it." if self.others else f"{said}{NOBODY}"


NOBODY = "Nobody is entitled to confirm it yet: “pilothouse grant add EMAIL project_manager project:KEY” gives that."
_KINDS = {
    "baselines": "baselines",
    "budgets": "budgets",
    "contracts": "contracts",
    "outsiders": "people from outside one's own projects",
}


@dataclass(frozen=True)
class Outcome:
    """What a click came to: a sentence, and the card as it is now."""

    is_done: bool
    sentence: str
    card: Card
    is_noted: bool = False  # whether it counts, though nothing is applied yet


def keep(store: Store, reader: Reader, fact: ChangeProposal, *, surface: str) -> ChangeProposal | Refusal:
    """Store what a tool proposes, as the asker's; a refusal where the store takes it not."""
    if reader.person_id is None:
        return Refusal("declined", "I do not know who you are here, so I can propose nothing for you.")
    try:
        with store.system() as session:
            key = store_of.save_proposal(session, reader, fact.draft, surface=surface, at=_now())
    except NotAccepted as refused:
        return Refusal("declined", str(refused))
    return fact.model_copy(update={"proposal": Figure(value=key, unit=Unit.KEY)})


def list_cards(store: Store, reader: Reader) -> list[ProposalRecord]:
    """What the reader proposed, and what waits for a click of theirs; newest first."""
    with store.reading() as session:
        return store_of.list_proposals(session, reader, _now())


def card_of(store: Store, reader: Reader, key: str, *, today: date) -> Card:
    """The card of a proposal as this reader sees it. Raises ProposalNotFound."""
    with store.reading() as session:
        touched = list(store_of.revisions_of(session, store_of.find_proposal(session, reader, key, _now())))
    warm(store, today, project_ids=touched)
    with store.reading() as session:
        record = store_of.find_proposal(session, reader, key, _now())
        return _card(session, reader, record, today)


def confirm(store: Store, reader: Reader, key: str, *, today: date, code: str | None = None) -> Outcome:
    """Confirm what the card of this code showed (without a code: as it is now). Raises NotAccepted."""
    shown = card_of(store, reader, key, today=today)
    if code is not None and code != shown.code and shown.record.is_open:
        sentence = "The plan moved since you saw this card, so nothing was applied. Look again, then confirm."
        return Outcome(False, sentence, shown)
    try:
        decided = store_of.approve(store, reader, key, digest=shown.record.digest, revisions=shown.revisions, at=_now())
    except PlanMoved as moved:
        now = card_of(store, reader, key, today=today)
        return Outcome(False, _moved(now, moved), now)
    now = card_of(store, reader, key, today=today)
    if decided.is_applied:
        return Outcome(True, f"Done: {shown.record.title}. “Undo” takes it back as one step.", now)
    waiting = either(decided.waits_for) or "somebody else who is entitled"
    return Outcome(False, f"Your yes is noted. It is applied once {waiting} says yes, too.", now, is_noted=True)


def confirm_part(store: Store, reader: Reader, key: str, numbers: Sequence[int], *, today: date) -> Outcome:
    """Cut a proposal in two: the chosen edits (from 1) become one with a card of their own, the rest another.

    Both are checked against the plan as it is; nothing is applied. Raises NotAccepted.
    """
    shown = card_of(store, reader, key, today=today)
    record = shown.record
    chosen = {number - 1 for number in numbers}
    if not shown.may_confirm:
        raise PartNotPossible(shown.standing)
    if not chosen or not chosen < set(range(len(record.edits))):
        raise PartNotPossible(f"Choose some of the {len(record.edits)} changes of {key}, and not all of them.")
    part = [edit for number, edit in enumerate(record.edits) if number in chosen]
    rest = [edit for number, edit in enumerate(record.edits) if number not in chosen]
    if _refers_to(part, rest):
        raise PartNotPossible("What you chose hangs on a row that you left out. Choose both, or neither.")
    drafts = [_draft(record, edits) for edits in (part, rest)]
    first, second = store_of.supersede(store, reader, record.key, drafts, at=_now())
    sentence = f"{first} is a card of its own now, and the rest waits as {second}. Nothing is changed yet."
    return Outcome(True, sentence, card_of(store, reader, first, today=today))


def offer_again(store: Store, reader: Reader, key: str, *, today: date) -> Outcome:
    """A fresh proposal of the same changes to the plan as it is now, in place of one that it has left behind."""
    shown = card_of(store, reader, key, today=today)
    if not shown.may_propose_again:
        raise PartNotPossible(f"{shown.record.key} cannot be proposed again. {shown.standing}")
    [new] = store_of.supersede(store, reader, shown.record.key, [_draft(shown.record, shown.record.edits)], at=_now())
    sentence = f"{new} proposes it for the plan as it is now. Nothing is changed before you confirm it."
    return Outcome(True, sentence, card_of(store, reader, new, today=today))


def reject(store: Store, reader: Reader, key: str, *, today: date, note: str = "") -> Outcome:
    """End a proposal. Raises NotAccepted."""
    record = store_of.reject(store, reader, key, note=note, at=_now())
    return Outcome(True, f"{record.key} is rejected. The plan is as it was.", card_of(store, reader, key, today=today))


def undo(store: Store, reader: Reader, key: str, *, today: date) -> Outcome:
    """Take an applied proposal back as one step. Raises NotAccepted."""
    try:
        record = store_of.undo(store, reader, key, at=_now())
    except PlanMoved as moved:
        now = card_of(store, reader, key, today=today)
        conflicts = _conflict_lines_of(store, reader, moved.conflicts)
        why = f" {_said(conflicts)}" if conflicts else " Something hangs on what it added."
        return Outcome(False, f"The plan moved since, so nothing was undone.{why}", now)
    now = card_of(store, reader, record.replaced_by or key, today=today)
    if record.status == ProposalStatus.UNDONE:
        return Outcome(True, f"Undone: {record.title}. All is as it was before.", now)
    return Outcome(
        False,
        f"It took two people, so taking it back does, too: {record.replaced_by} proposes that.",
        now,
        is_noted=True,
    )


def _card(session: Session, reader: Reader, record: ProposalRecord, today: date) -> Card:
    edits = record.applied or record.edits
    lines = tuple(described(session, reader, edits, own=record.proposer_id == reader.person_id))
    revisions = store_of.revisions_of(session, record)
    effects: tuple[Effect, ...] = ()
    found = store_of.conflicts_of_record(session, record)
    conflicts = tuple(_conflict_lines(session, reader, found))
    if record.is_open:
        effects = reach_of(session, reader, list(revisions), record.edits, today).effects
    return Card(
        record,
        lines,
        effects,
        conflicts,
        bool(found),
        store_of.decided_by(session, record),
        store_of.who_confirms(session, record, reader),
        revisions,
        _code(record, lines, effects, conflicts),
    )


def _code(record: ProposalRecord, *shown: Iterable[EditLine | Effect]) -> str:
    """What stands for all that the card shows."""
    content = [record.digest, [[repr(each) for each in part] for part in shown]]
    return sha256(json.dumps(content).encode()).hexdigest()[:CODE_LENGTH]


def _conflict_lines(session: Session, reader: Reader, conflicts: Sequence[Conflict]) -> list[EditLine]:
    edits = [
        RowEdit(each.table, each.row_id, {each.field: each.expected}, {each.field: each.found})
        for each in conflicts
        if each.field is not None
    ]
    return described(session, reader, edits)


def _conflict_lines_of(store: Store, reader: Reader, conflicts: Sequence[Conflict]) -> list[EditLine]:
    with store.reading() as session:
        return _conflict_lines(session, reader, conflicts)


def _moved(card: Card, moved: PlanMoved) -> str:
    told = f" {_said(card.conflicts)}" if card.conflicts else ""
    return f"{moved}{told} “Propose again” makes a new one for the plan as it is."


def _said(conflicts: Sequence[EditLine]) -> str:
    """Which values are others by now, where the reader sees them."""
    told = [_one_said(line) for line in conflicts[:3]]
    return f"{'; '.join(told)}." if told else ""


def _one_said(line: EditLine) -> str:
    if line.is_hidden:
        return f"{line.label} of {line.key} is another now"
    expected, found = (say(figure, _now().date()) or "empty" for figure in (line.before, line.after))
    return f"{line.label} of {line.key} is {found} now, not {expected}"


def _draft(record: ProposalRecord, edits: Sequence[RowEdit]) -> Draft:
    asked = tuple(replace(edit, before=None if edit.is_addition else {}) for edit in edits)
    return Draft(record.title, record.changes, asked, record.reasons)


def _refers_to(part: Sequence[RowEdit], rest: Sequence[RowEdit]) -> bool:
    left_out = {edit.row_id for edit in rest if edit.is_addition}
    return any(
        value in left_out for edit in part for label, value in (edit.after or {}).items() if label.endswith("_id")
    )


def _by(record: ProposalRecord) -> str:
    return f" by {_names(click.name for click in record.approved_by)}" if record.approved_by else ""


def _names(names: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(names))


def _now() -> datetime:
    return datetime.now(UTC)

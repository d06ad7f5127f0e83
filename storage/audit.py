"""Audit events: who saw or did what, each bound to the one before by its hash, so that an altered row shows.

What an event was about lies in a row of its own, of which the event keeps a salted hash. Erasing a person's data
removes such rows, and an event of its own names them.
"""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, delete, select

from storage.changes.values import as_json, from_json
from storage.models import AuditContent, AuditEvent, Person
from storage.text import clean

FIRST_HASH = "0" * 64
ERASE = "erase"


@dataclass(frozen=True)
class AuditCheck:
    """What `verify` found. Note `last_hash` elsewhere: a chain cut short at its end still holds together."""

    events: int
    last_hash: str
    altered_id: int | None  # the first event that is not as it was written, or follows one that is gone

    @property
    def sentence(self) -> str:
        if self.altered_id is None:
            return f"All {self.events} audit events are as they were written; the last hash is {self.last_hash}."
        return f"Audit event {self.altered_id} is not as it was written, or an event before it is gone."


@dataclass(frozen=True)
class AuditRecord:
    """One event, with the key of whoever did it; None is whoever holds the store's files."""

    id: int
    at: datetime
    person: str | None
    action: str
    subject: str  # "erased" where its content is
    outcome: str
    details: Mapping[str, Any]


def latest(session: Session, limit: int) -> list[AuditRecord]:
    """The latest events, the last one first; for whoever holds the store's files."""
    query = (
        select(AuditEvent, AuditContent, Person.key)
        .outerjoin(AuditContent, col(AuditContent.event_id) == AuditEvent.id)
        .outerjoin(Person, col(Person.id) == AuditEvent.person_id)
        .order_by(col(AuditEvent.id).desc())
    )
    return [
        AuditRecord(
            event.id or 0,
            event.at,
            person,
            event.action,
            content.subject if content else "erased",
            event.outcome,
            content.details if content else {},
        )
        for event, content, person in session.exec(query.limit(limit))
    ]


def append(
    session: Session,
    *,
    person_id: int | None,
    action: str,
    subject: str,
    outcome: str,
    details: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Add an event to the chain, in a session that holds the store's writing lock (`writing` or `system`)."""
    content = AuditContent(
        event_id=0,
        salt=secrets.token_hex(16),
        subject=clean(subject),
        details=from_json(as_json(dict(details or {}))),
    )
    event = AuditEvent(
        at=(at or datetime.now(UTC)).astimezone(UTC),
        person_id=person_id,
        action=clean(action),
        outcome=clean(outcome),
        content_hash=_content_hash(content),
        previous_hash=_last_hash(session),
        hash="",
    )
    event.hash = _hash(event)
    session.add(event)
    session.flush()
    content.event_id = event.id or 0
    session.add(content)
    session.flush()


def erase(session: Session, event_ids: Collection[int], *, person_id: int | None, subject: str, at: datetime) -> None:
    """Remove what these events were about; one more event names them."""
    for event_id in event_ids:
        session.execute(delete(AuditContent).where(col(AuditContent.event_id) == event_id))
    append(
        session,
        person_id=person_id,
        action=ERASE,
        subject=subject,
        outcome="done",
        details={"events": sorted(event_ids)},
        at=at,
    )


def verify(session: Session) -> AuditCheck:
    """Compute the chain anew from its first event, and see that what is missing was erased on record."""
    erased = _erased(session)
    query = select(AuditEvent, AuditContent).outerjoin(AuditContent, col(AuditContent.event_id) == AuditEvent.id)
    events, previous = 0, FIRST_HASH
    for event, content in session.exec(query.order_by(col(AuditEvent.id)).execution_options(yield_per=1_000)):
        is_content_whole = _content_hash(content) == event.content_hash if content else event.id in erased
        if event.previous_hash != previous or event.hash != _hash(event) or not is_content_whole:
            return AuditCheck(events, previous, altered_id=event.id)
        events, previous = events + 1, event.hash
    return AuditCheck(events, previous, altered_id=None)


def _erased(session: Session) -> frozenset[int]:
    """The events whose content an event of erasure names."""
    query = select(AuditContent.details).join(AuditEvent, col(AuditEvent.id) == AuditContent.event_id)
    found = session.exec(query.where(AuditEvent.action == ERASE))
    return frozenset(event_id for details in found for event_id in details.get("events", ()))


def _last_hash(session: Session) -> str:
    last = session.exec(select(AuditEvent.hash).order_by(col(AuditEvent.id).desc()).limit(1)).first()
    return last or FIRST_HASH


def _content_hash(content: AuditContent) -> str:
    return _digest([content.salt, content.subject, content.details])


def _hash(event: AuditEvent) -> str:
    written = [event.previous_hash, event.at.isoformat(), event.person_id, event.action, event.outcome]
    return _digest([*written, event.content_hash])


def _digest(content: list[Any]) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

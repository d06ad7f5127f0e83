"""Audit events: who saw or did what, each bound to the one before by its hash, so that an altered row shows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from storage.changes.values import as_json, from_json
from storage.models import AuditEvent, Person
from storage.text import clean

FIRST_HASH = "0" * 64


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
    subject: str
    outcome: str
    details: Mapping[str, Any]


def latest(session: Session, limit: int) -> list[AuditRecord]:
    """The latest events, the last one first; for whoever holds the store's files."""
    query = select(AuditEvent, Person.key).outerjoin(Person, col(Person.id) == AuditEvent.person_id)
    return [
        AuditRecord(event.id or 0, event.at, person, event.action, event.subject, event.outcome, event.details)
        for event, person in session.exec(query.order_by(col(AuditEvent.id).desc()).limit(limit))
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
    event = AuditEvent(
        at=(at or datetime.now(UTC)).astimezone(UTC),
        person_id=person_id,
        action=clean(action),
        subject=clean(subject),
        outcome=clean(outcome),
        details=from_json(as_json(dict(details or {}))),
        previous_hash=_last_hash(session),
        hash="",
    )
    event.hash = _hash(event)
    session.add(event)
    session.flush()


def verify(session: Session) -> AuditCheck:
    """Compute the chain anew from its first event."""
    events, previous = 0, FIRST_HASH
    for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.id)).execution_options(yield_per=1_000)):
        if event.previous_hash != previous or event.hash != _hash(event):
            return AuditCheck(events, previous, altered_id=event.id)
        events, previous = events + 1, event.hash
    return AuditCheck(events, previous, altered_id=None)


def _last_hash(session: Session) -> str:
    last = session.exec(select(AuditEvent.hash).order_by(col(AuditEvent.id).desc()).limit(1)).first()
    return last or FIRST_HASH


def _hash(event: AuditEvent) -> str:
    content = [
        event.previous_hash,
        event.at.isoformat(),
        event.person_id,
        event.action,
        event.subject,
        event.outcome,
        event.details,
    ]
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

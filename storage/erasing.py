"""Erasing a person's data: their name and words go wherever they stand, what was done stays, under another name.

Hours, bookings, costs and owned tasks are the firm's figures and keep pointing at the row, which no longer says who it
was. Every text column of every table is searched for the person's name, e-mail and key, so that a new table is
covered, too. Backups made before, and files that are imported again, still hold what they hold.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Table, delete, select, update
from sqlmodel import AutoString, Session, SQLModel, col

from storage import audit
from storage.engine import Store
from storage.errors import NotAccepted
from storage.keys import new_key
from storage.models import (
    Absence,
    ApiKey,
    Approval,
    AuditContent,
    Conversation,
    Feedback,
    Grant,
    History,
    Message,
    Notice,
    NoticeChoice,
    Organisation,
    Person,
    Proposal,
    Skill,
)
from storage.people import Member, find_person

# What is kept as it is: audit rows have a way of their own, and keys are hashes.
_KEPT = frozenset({AuditContent.__tablename__, "audit_event"})
_PRIVATE: dict[str, None] = dict.fromkeys(("email", "slack_id", "job_title", "office", "grade", "practice_id"))


class StillHere(NotAccepted):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is still active. First `pilothouse people leave EMAIL`, then erase.")


@dataclass(frozen=True)
class Erased:
    """What became of somebody: the name that stands in the old one's place, and how many rows were rewritten."""

    key: str
    name: str
    rows: int
    audit_events: int


def erase(store: Store, person_id: int, *, at: datetime, by: int | None = None) -> Erased:
    """Erase a person who has left, for good, in one transaction. Raises StillHere."""
    with store.system() as session:
        person = find_person(session, person_id)
        if person.active:
            raise StillHere(person.name)
        key = new_key("former", lambda each: session.scalar(select(col(Person.id)).filter_by(key=each)) is not None)
        name = f"F{key[1:]}"  # one word, as answers call people by their first name
        rows = _forget(session, person_id)
        session.execute(
            update(Person).where(col(Person.id) == person_id).values({"key": key, "name": name, **_PRIVATE})
        )
        naming = _Naming.of(person, key, name)
        rows += _rewrite(session, naming)
        events = _audit_events(session, naming)
        audit.erase(session, events, person_id=by, subject=f"person:{key}", at=at)
        session.execute(update(Organisation).values(revision=Organisation.revision + 1))
    return Erased(key, name, rows, len(events))


@dataclass(frozen=True)
class _Naming:
    """How a person is called in texts, and what stands there instead."""

    pattern: re.Pattern[str]
    key: str
    name: str
    called: str

    @classmethod
    def of(cls, person: Member, key: str, name: str) -> "_Naming":
        """A key that is a mere word, like "open", counts only where it stands as a person's."""
        own_key = re.escape(person.key)
        ways = [re.escape(way) for way in (person.name, person.email) if way]
        ways.append(own_key if re.search(r"[^A-Za-z]", person.key) else rf"(?<=person[:/]){own_key}")
        alternatives = "|".join(sorted(ways, key=len, reverse=True))
        return cls(re.compile(rf"(?<![\w.@-])(?:{alternatives})(?![\w@-])", re.IGNORECASE), key, name, person.name)

    def without(self, text: str) -> str:
        def instead(found: re.Match[str]) -> str:
            return self.name if found[0].lower() == self.called.lower() else self.key

        return self.pattern.sub(instead, text)

    def in_value(self, value: Any) -> Any:
        """A value of a JSON column with every text in it rewritten, the names of fields too."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.in_value(each) for each in value]
        if isinstance(value, dict):
            return {self.without(label): self.in_value(each) for label, each in value.items()}
        return value


def _forget(session: Session, person_id: int) -> int:
    """Remove what is the person's alone; how many rows that were."""
    own_rows: dict[type[SQLModel], Any] = {
        model: session.scalars(select(col(model.id)).where(col(model.person_id) == person_id)).all()
        for model in (Absence, Skill)
    }
    histories = [
        (col(History.table) == model.__tablename__) & col(History.row_id).in_(ids) for model, ids in own_rows.items()
    ]
    histories.append((col(History.table) == "person") & (col(History.row_id) == person_id))
    statements = [delete(History).where(condition) for condition in histories]
    threads = select(col(Conversation.id)).where(col(Conversation.person_id) == person_id)
    proposed = select(col(Proposal.id)).where(col(Proposal.proposer_id) == person_id)
    said = select(col(Message.id)).where(col(Message.conversation_id).in_(threads))
    statements += [
        delete(Feedback).where((col(Feedback.person_id) == person_id) | col(Feedback.message_id).in_(said)),
        delete(Message).where(col(Message.conversation_id).in_(threads)),
        delete(Conversation).where(col(Conversation.person_id) == person_id),
        delete(Notice).where((col(Notice.person_id) == person_id) | col(Notice.proposal_id).in_(proposed)),
        delete(Approval).where(col(Approval.proposal_id).in_(proposed)),
        delete(Proposal).where(col(Proposal.proposer_id) == person_id),
        delete(Skill).where(col(Skill.person_id) == person_id),
        delete(Grant).where(col(Grant.person_id) == person_id),
        delete(NoticeChoice).where(col(NoticeChoice.person_id) == person_id),
    ]
    changes = [
        update(Absence).where(col(Absence.person_id) == person_id).values(reason=None),
        update(ApiKey).where(col(ApiKey.person_id) == person_id).values(label="erased"),
        update(Approval).where(col(Approval.person_id) == person_id).values(note=""),
    ]
    done = (session.connection().execute(statement) for statement in (*statements, *changes))
    return sum(result.rowcount for result in done)


def _rewrite(session: Session, naming: _Naming) -> int:
    """Every text of every table without the person's name; how many rows held it."""
    count = 0
    for table in SQLModel.metadata.sorted_tables:
        texts = [column for column in table.columns if _holds_text(column)]
        if table.name in _KEPT or not texts:
            continue
        for at_row, changed in list(_changed(session, table, texts, naming)):
            conditions = [column == value for column, value in zip(table.primary_key.columns, at_row, strict=True)]
            session.execute(update(table).where(*conditions).values(changed))
            count += 1
    return count


def _holds_text(column: Column[Any]) -> bool:
    """Whether anything may be written there; a word out of a list is no text."""
    lists = (str(each.sqltext) for each in column.table.constraints if isinstance(each, CheckConstraint))
    is_free = not any(words.startswith(f"{column.name} IN ") for words in lists)
    return isinstance(column.type, AutoString | JSON) and not column.foreign_keys and is_free


def _changed(
    session: Session, table: Table, texts: list[Column[Any]], naming: _Naming
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    keys = list(table.primary_key.columns)
    for row in session.execute(select(*keys, *texts).execution_options(yield_per=2_000)):
        changed = {}
        for column, value in zip(texts, row[len(keys) :], strict=True):
            if value and (rewritten := naming.in_value(value)) != value:
                changed[column.name] = rewritten
        if changed:
            yield tuple(row[: len(keys)]), changed


def _audit_events(session: Session, naming: _Naming) -> list[int]:
    """The events that were about the person, or name them."""
    query = select(col(AuditContent.event_id), col(AuditContent.subject), col(AuditContent.details))
    return [
        event_id
        for event_id, *content in session.execute(query.execution_options(yield_per=2_000))
        if naming.in_value(content) != content
    ]

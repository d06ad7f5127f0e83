"""Conversations: what was asked and answered, by person and thread; nobody reads another's."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.access import Reader
from storage.models import Conversation, Message
from storage.text import clean


class NobodyToRemember(ValueError):
    """Conversations are kept for people; an outsider has none."""

    def __init__(self) -> None:
        super().__init__("Without a known person there is no conversation to keep.")


@dataclass(frozen=True)
class ConversationRecord:
    """One thread of the reader. `focus` is what "it" and "the other one" refer to."""

    id: int
    thread: str
    surface: str
    started_at: datetime
    focus: dict[str, Any]


@dataclass(frozen=True)
class MessageRecord:
    """A question, or an answer with its whole JSON."""

    id: int
    at: datetime
    role: str
    text: str
    answer: dict[str, Any]


def new_thread() -> str:
    """A name for a thread that cannot be guessed."""
    return secrets.token_urlsafe(9)


def find_conversation(session: Session, reader: Reader, thread: str) -> ConversationRecord | None:
    """The reader's conversation of this name; None before its first message."""
    row = _row(session, reader, thread)
    return _record(row) if row else None


def list_conversations(session: Session, reader: Reader, *, limit: int = 50) -> list[ConversationRecord]:
    """The reader's conversations, latest first."""
    own = col(Conversation.person_id) == reader.person_id
    rows = session.exec(select(Conversation).where(own).order_by(col(Conversation.id).desc()).limit(limit))
    return [_record(row) for row in rows]


def list_messages(session: Session, reader: Reader, thread: str, *, limit: int = 50) -> list[MessageRecord]:
    """The latest messages of the reader's thread, oldest first."""
    query = (
        select(Message)
        .join(Conversation, col(Conversation.id) == Message.conversation_id)
        .where(Conversation.person_id == reader.person_id, Conversation.thread == clean(thread))
        .order_by(col(Message.id).desc())
        .limit(limit)
    )
    rows = session.exec(query).all()
    return [MessageRecord(row.id or 0, row.at, row.role, row.text, row.answer) for row in reversed(rows)]


def save_exchange(
    session: Session,
    reader: Reader,
    thread: str,
    *,
    surface: str,
    question: str,
    text: str,
    answer: Mapping[str, Any],
    focus: Mapping[str, Any],
    at: datetime,
) -> ConversationRecord:
    """Keep one question with its answer, and the focus it leaves; makes the conversation at its first question."""
    if reader.person_id is None:
        raise NobodyToRemember
    row = _row(session, reader, thread) or Conversation(
        person_id=reader.person_id, thread=clean(thread), surface=surface, started_at=at
    )
    row.focus = dict(focus)
    session.add(row)
    session.flush()
    record = _record(row)
    session.add(Message(conversation_id=record.id, at=at, role="question", text=clean(question)))
    session.flush()
    session.add(Message(conversation_id=record.id, at=at, role="answer", text=clean(text), answer=dict(answer)))
    session.flush()
    return record


def _row(session: Session, reader: Reader, thread: str) -> Conversation | None:
    own = (Conversation.person_id == reader.person_id, Conversation.thread == clean(thread))
    return session.exec(select(Conversation).where(*own)).first()


def _record(row: Conversation) -> ConversationRecord:
    return ConversationRecord(row.id or 0, row.thread, row.surface, row.started_at, row.focus)

"""Conversations: what was asked and answered, by person and thread; nobody reads another's."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from storage.access import Reader
from storage.models import Conversation, Message
from storage.text import clean, printable

LONGEST_TITLE = 120
MOST_WORDS = 8
LONGEST_WORD = 60


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
    title: str
    started_at: datetime
    latest_at: datetime
    focus: dict[str, Any]


@dataclass(frozen=True)
class MessageRecord:
    """A question, or an answer with its whole JSON; `number` counts from 1 within the conversation."""

    id: int
    number: int
    at: datetime
    role: str
    text: str
    answer: dict[str, Any]


@dataclass(frozen=True)
class FoundRecord:
    """A conversation, and the latest of its messages that holds all the words looked for."""

    conversation: ConversationRecord
    message: MessageRecord


def new_thread() -> str:
    """A name for a thread that cannot be guessed."""
    return secrets.token_urlsafe(9)


def find_conversation(session: Session, reader: Reader, thread: str) -> ConversationRecord | None:
    """The reader's conversation of this name; None before its first message."""
    row = _row(session, reader, thread)
    return _record(row) if row else None


def latest_in(session: Session, thread: str, surface: str) -> ConversationRecord | None:
    """The conversation last used of those that several people have in one thread of a surface."""
    shared = (Conversation.thread == clean(thread), Conversation.surface == surface)
    row = session.exec(select(Conversation).where(*shared).order_by(*_latest_first()).limit(1)).first()
    return _record(row) if row else None


def list_conversations(
    session: Session, reader: Reader, *, limit: int = 50, offset: int = 0
) -> list[ConversationRecord]:
    """The reader's conversations, the one last used first."""
    query = select(Conversation).where(_own(reader)).order_by(*_latest_first()).limit(limit).offset(offset)
    return [_record(row) for row in session.exec(query)]


def search_conversations(session: Session, reader: Reader, words: str, *, limit: int = 20) -> list[FoundRecord]:
    """The reader's conversations with a question or answer that holds all the words, the one last used first."""
    wanted = [word[:LONGEST_WORD] for word in printable(clean(words)).split()[:MOST_WORDS]]
    if not wanted:
        return []
    holding = and_(_own(reader), *(_holds(word) for word in wanted))
    latest = (
        select(func.max(Message.id))
        .join(Conversation, col(Conversation.id) == Message.conversation_id)
        .where(holding)
        .group_by(col(Message.conversation_id))
    )
    query = (
        select(Conversation, Message)
        .join(Message, col(Message.conversation_id) == Conversation.id)
        .where(col(Message.id).in_(latest))
        .order_by(*_latest_first())
        .limit(limit)
    )
    return [FoundRecord(_record(row), _message(message)) for row, message in session.exec(query)]


def list_messages(
    session: Session, reader: Reader, thread: str, *, limit: int = 50, before: int | None = None
) -> list[MessageRecord]:
    """The latest messages of the reader's thread, oldest first; `before` a number for the ones that lead up to it."""
    query = (
        select(Message)
        .join(Conversation, col(Conversation.id) == Message.conversation_id)
        .where(_own(reader), Conversation.thread == clean(thread))
        .order_by(col(Message.number).desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(col(Message.number) < before)
    return [_message(row) for row in reversed(session.exec(query).all())]


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
) -> int:
    """Keep one question with its answer, and the focus it leaves; gives the answer's number in its conversation."""
    if reader.person_id is None:
        raise NobodyToRemember
    row = _row(session, reader, thread) or Conversation(
        person_id=reader.person_id,
        thread=clean(thread),
        surface=surface,
        title=printable(clean(question))[:LONGEST_TITLE],
        started_at=at,
        latest_at=at,
    )
    row.focus, row.latest_at = dict(focus), at
    session.add(row)
    session.flush()
    assert row.id is not None
    number = _last_number(session, row.id) + 1
    asked = Message(conversation_id=row.id, number=number, at=at, role="question", text=clean(question))
    told = Message(
        conversation_id=row.id, number=number + 1, at=at, role="answer", text=clean(text), answer=dict(answer)
    )
    session.add_all((asked, told))
    session.flush()
    return told.number


def forget_conversation(session: Session, reader: Reader, thread: str) -> bool:
    """Remove the reader's conversation with all that hangs on it; False where there is none of that name."""
    row = _row(session, reader, thread)
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


def _row(session: Session, reader: Reader, thread: str) -> Conversation | None:
    return session.exec(select(Conversation).where(_own(reader), Conversation.thread == clean(thread))).first()


def _own(reader: Reader) -> ColumnElement[bool]:
    return col(Conversation.person_id) == reader.person_id


def _latest_first() -> Iterable[ColumnElement[Any]]:
    return col(Conversation.latest_at).desc(), col(Conversation.id).desc()


def _holds(word: str) -> ColumnElement[bool]:
    """Whether a message holds the word in any case. SQLite folds only ASCII, so the usual forms are looked for."""
    forms = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
    return or_(*(col(Message.text).icontains(form, autoescape=True) for form in forms))


def _last_number(session: Session, conversation_id: int) -> int:
    query = select(func.max(Message.number)).where(col(Message.conversation_id) == conversation_id)
    return session.exec(query).one() or 0


def _record(row: Conversation) -> ConversationRecord:
    return ConversationRecord(row.id or 0, row.thread, row.surface, row.title, row.started_at, row.latest_at, row.focus)


def _message(row: Message) -> MessageRecord:
    return MessageRecord(row.id or 0, row.number, row.at, row.role, row.text, row.answer)

"""What people think of the answers they got: one verdict for each answer and person, which they may change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.access import Reader
from storage.models import Conversation, Feedback, Message
from storage.models.control import LONGEST_NOTE
from storage.text import clean
from storage.vocabulary import Complaint, Verdict

MOST_LISTED = 500


class AnswerNotFound(LookupError):
    """No such answer among the reader's own; one of somebody else's is told the same."""

    def __init__(self) -> None:
        super().__init__("There is no such answer among yours. Reload the page to see those that are kept.")


@dataclass(frozen=True)
class FeedbackRecord:
    verdict: str
    reason: str | None
    note: str
    at: datetime


@dataclass(frozen=True)
class FeedbackGiven:
    """Feedback with what it is about, for whoever runs this; neither who gave it nor what they asked."""

    feedback: FeedbackRecord
    answer: dict[str, Any]


def save_feedback(
    session: Session,
    reader: Reader,
    thread: str,
    number: int,
    *,
    verdict: Verdict,
    reason: Complaint | None,
    note: str,
    at: datetime,
) -> FeedbackRecord:
    """Keep what the reader thinks of an answer in a thread of theirs, in place of what they thought before."""
    message = session.exec(
        select(Message)
        .join(Conversation, col(Conversation.id) == Message.conversation_id)
        .where(Conversation.person_id == reader.person_id, Conversation.thread == clean(thread))
        .where(Message.number == number, Message.role == "answer")
    ).first()
    if message is None or message.id is None or reader.person_id is None:
        raise AnswerNotFound
    known = select(Feedback).where(Feedback.message_id == message.id, Feedback.person_id == reader.person_id)
    row = session.exec(known).first() or Feedback(
        message_id=message.id, person_id=reader.person_id, verdict=verdict, at=at
    )
    row.verdict, row.reason, row.note, row.at = verdict, reason, clean(note)[:LONGEST_NOTE], at
    session.add(row)
    session.flush()
    return _record(row)


def feedback_in(session: Session, reader: Reader, thread: str) -> dict[int, FeedbackRecord]:
    """What the reader thinks of the answers in a thread of theirs, by the answer's number."""
    query = (
        select(Message.number, Feedback)
        .join(Message, col(Message.id) == Feedback.message_id)
        .join(Conversation, col(Conversation.id) == Message.conversation_id)
        .where(Conversation.thread == clean(thread))
        .where(Conversation.person_id == reader.person_id, Feedback.person_id == reader.person_id)
    )
    return {number: _record(row) for number, row in session.exec(query)}


def list_feedback(session: Session, *, limit: int = MOST_LISTED) -> list[FeedbackGiven]:
    """Everybody's feedback, latest first."""
    query = (
        select(Feedback, Message.answer)
        .join(Message, col(Message.id) == Feedback.message_id)
        .order_by(col(Feedback.at).desc(), col(Feedback.id).desc())
        .limit(limit)
    )
    return [FeedbackGiven(_record(row), dict(answer)) for row, answer in session.exec(query)]


def _record(row: Feedback) -> FeedbackRecord:
    return FeedbackRecord(row.verdict, row.reason, row.note, row.at)

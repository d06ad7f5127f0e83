"""The only writer of what a conversation leaves: exchanges, the thread's focus, feedback, and lines in the audit."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assistant.answer import Answer, Question
from assistant.builtin.focus import in_room
from storage import audit
from storage.access import Reader
from storage.conversations import find_conversation, forget_conversation, latest_in, new_thread, save_exchange
from storage.engine import Store
from storage.feedback import FeedbackRecord, save_feedback
from storage.flags import raise_flags
from storage.vocabulary import Complaint, Verdict

LONGEST_KEPT = 4_000


@dataclass(frozen=True)
class Thread:
    """Where a question stands: its thread, and what "it" and "the other one" mean there."""

    name: str
    focus: dict[str, Any] = field(default_factory=dict)


def open_thread(store: Store, question: Question) -> Thread:
    """The asker's thread of that name, or a new one. In a shared one, what it is about is what anybody said last."""
    if question.thread is None or question.onlooker_id:
        return Thread(new_thread())
    with store.reading() as session:
        known = find_conversation(session, question.reader, question.thread)
        latest = latest_in(session, question.thread, question.surface) if question.is_thread_shared else known
    focus = latest.focus if latest else {}
    return Thread(question.thread, in_room(focus, *question.room) if question.room else focus)


def record(store: Store, question: Question, answer: Answer, focus: dict[str, Any]) -> None:
    """Keep the exchange, in one transaction, and number the answer.

    An outsider's, and one seen through another's eyes, leave only their line in the audit.
    """
    now = datetime.now(UTC)
    kept = question.text[:LONGEST_KEPT]
    with store.system() as session:
        if question.reader.person_id is not None and not question.onlooker_id:
            answer.message = save_exchange(
                session,
                question.reader,
                answer.thread,
                surface=question.surface,
                question=kept,
                text=answer.text,
                answer=answer.contract(),
                focus=focus,
                at=now,
            )
        shown = [
            source.id.partition(":")[2] for fact in answer.facts for source in fact.sources if source.kind == "project"
        ]
        if shown:
            raise_flags(session, shown, answer.as_of or question.today, question.accountable_id, now)
        audit.append(
            session,
            person_id=question.accountable_id,
            action="see as" if question.onlooker_id else "ask",
            subject=" ".join(call.name for call in answer.tools) or "nothing",
            outcome=answer.outcome,
            details={
                "arguments": [call.arguments for call in answer.tools],
                "surface": question.surface,
                **({"as": question.reader.person_id} if question.onlooker_id else {}),
            },
            at=now,
        )


def give_feedback(
    store: Store,
    reader: Reader,
    thread: str,
    message: int,
    *,
    verdict: Verdict,
    reason: Complaint | None = None,
    note: str = "",
) -> FeedbackRecord:
    """Keep what the reader thinks of an answer of theirs; raises AnswerNotFound for any other."""
    with store.system() as session:
        return save_feedback(
            session, reader, thread, message, verdict=verdict, reason=reason, note=note, at=datetime.now(UTC)
        )


def forget(store: Store, reader: Reader, thread: str) -> bool:
    """Remove a conversation of the reader, which the audit notes without its words; False where there is none."""
    with store.system() as session:
        was_there = forget_conversation(session, reader, thread)
        if was_there:
            audit.append(
                session,
                person_id=reader.person_id,
                action="forget",
                subject="conversation",
                outcome="done",
                details={},
                at=datetime.now(UTC),
            )
    return was_there

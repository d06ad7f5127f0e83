"""The only writer of what a conversation leaves: the exchange, the thread's focus, and a line in the audit."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assistant.answer import Answer, Question
from storage import audit
from storage.conversations import find_conversation, new_thread, save_exchange
from storage.engine import Store

LONGEST_KEPT = 4_000


@dataclass(frozen=True)
class Thread:
    """Where a question stands: its thread, and what "it" and "the other one" mean there."""

    name: str
    focus: dict[str, Any] = field(default_factory=dict)


def open_thread(store: Store, question: Question) -> Thread:
    """The asker's thread of that name, or a new one."""
    if question.thread is None:
        return Thread(new_thread())
    with store.reading() as session:
        known = find_conversation(session, question.reader, question.thread)
    return Thread(question.thread, known.focus if known else {})


def record(store: Store, question: Question, answer: Answer, focus: dict[str, Any]) -> None:
    """Keep the exchange, in one transaction. An outsider's leaves only its line in the audit."""
    now = datetime.now(UTC)
    kept = question.text[:LONGEST_KEPT]
    with store.system() as session:
        if question.reader.person_id is not None:
            save_exchange(
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
        audit.append(
            session,
            person_id=question.reader.person_id,
            action="ask",
            subject=" ".join(call.name for call in answer.tools) or "nothing",
            outcome=answer.outcome,
            details={"arguments": [call.arguments for call in answer.tools], "surface": question.surface},
            at=now,
        )

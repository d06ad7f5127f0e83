"""Feedback: one verdict for each answer and person, changeable, and only on answers of one's own."""

from datetime import UTC, datetime

import pytest
from sqlmodel import func, select

from storage.access import Reader
from storage.conversations import forget_conversation, save_exchange
from storage.engine import Store
from storage.feedback import AnswerNotFound, feedback_in, list_feedback, save_feedback
from storage.models import Feedback
from storage.people import add_person
from storage.vocabulary import Complaint, Verdict

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def ana(store: Store) -> Reader:
    reader = Reader(add_person(store, "Ana", "ana@example.org").id)
    with store.system() as session:
        save_exchange(
            session, reader, "t1",
            surface="web", question="How is Gateway?", text="Green.", answer={"model": "builtin"}, focus={}, at=MORNING,
        )  # fmt: skip
    return reader


def test_a_verdict_may_be_changed_and_counts_once(store, ana):
    judge(store, ana, Verdict.DOWN, reason=Complaint.WRONG_FIGURE, note="It is \ud800 amber.")
    judge(store, ana, Verdict.UP)

    with store.reading() as session:
        [given] = list_feedback(session)
        kept = feedback_in(session, ana, "t1")
    assert (given.feedback.verdict, given.feedback.reason, given.feedback.note) == ("up", None, "")
    assert given.answer == {"model": "builtin"}
    assert kept == {2: given.feedback}


def test_a_reason_and_a_note_are_kept(store, ana):
    judge(store, ana, Verdict.DOWN, reason=Complaint.INCOMPLETE, note="n" * 900)

    with store.reading() as session:
        kept = feedback_in(session, ana, "t1")[2]
    assert (kept.verdict, kept.reason, kept.note) == ("down", "incomplete", "n" * 500)


def test_only_answers_of_ones_own_can_be_judged(store, ana):
    ben = Reader(add_person(store, "Ben", "ben@example.org").id)
    for reader, thread, number in [
        (ben, "t1", 2),
        (Reader(None), "t1", 2),
        (ana, "t1", 1),
        (ana, "t1", 3),
        (ana, "t9", 2),
    ]:
        with pytest.raises(AnswerNotFound):
            judge(store, reader, Verdict.UP, thread=thread, number=number)

    with store.reading() as session:
        assert list_feedback(session) == []
        assert feedback_in(session, ben, "t1") == {}


def test_feedback_goes_with_its_conversation(store, ana):
    judge(store, ana, Verdict.UP)
    with store.system() as session:
        forget_conversation(session, ana, "t1")

    with store.reading() as session:
        assert session.exec(select(func.count(Feedback.id))).one() == 0


def judge(
    store: Store,
    reader: Reader,
    verdict: Verdict,
    *,
    reason: Complaint | None = None,
    note: str = "",
    thread: str = "t1",
    number: int = 2,
) -> None:
    with store.system() as session:
        save_feedback(session, reader, thread, number, verdict=verdict, reason=reason, note=note, at=MORNING)

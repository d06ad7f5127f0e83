"""Conversations: kept by person and thread, and read by that person only."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import func, select

from storage.access import Reader
from storage.conversations import (
    NobodyToRemember,
    find_conversation,
    forget_conversation,
    list_conversations,
    list_messages,
    new_thread,
    save_exchange,
    search_conversations,
)
from storage.engine import Store
from storage.models import Message
from storage.people import add_person

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def ana(store: Store) -> Reader:
    return Reader(add_person(store, "Ana", "ana@example.org").id)


@pytest.fixture
def ben(store: Store) -> Reader:
    return Reader(add_person(store, "Ben", "ben@example.org").id)


def test_a_thread_goes_on_where_it_was_left(store, ana):
    ask(store, ana, "t1", "How is Gateway?", focus={"project": "GATE"})
    ask(store, ana, "t1", "And the APAC one?", focus={"project": "APAC"})

    with store.reading() as session:
        conversation = find_conversation(session, ana, "t1")
        messages = list_messages(session, ana, "t1")
    assert conversation is not None and conversation.focus == {"project": "APAC"}
    assert [message.role for message in messages] == ["question", "answer"] * 2
    assert messages[0].text == "How is Gateway?"
    assert messages[1].answer == {"outcome": "answered"}


def test_the_last_messages_are_given_when_there_are_many(store, ana):
    for number in range(3):
        ask(store, ana, "t1", f"Question {number}")

    with store.reading() as session:
        latest = list_messages(session, ana, "t1", limit=2)
        earlier = list_messages(session, ana, "t1", limit=2, before=latest[0].number)
    assert [message.text for message in latest] == ["Question 2", "An answer."]
    assert [(message.number, message.text) for message in earlier] == [(3, "Question 1"), (4, "An answer.")]


def test_a_conversation_is_called_by_its_first_question_and_listed_by_its_last(store, ana):
    ask(store, ana, "old", "How is\nGateway?", at=MORNING)
    ask(store, ana, "new", "x" * 500, at=MORNING + timedelta(hours=1))
    ask(store, ana, "old", "And now?", at=MORNING + timedelta(hours=2))

    with store.reading() as session:
        first, second = list_conversations(session, ana)
        assert list_conversations(session, ana, limit=1, offset=1) == [second]
    assert (first.title, first.started_at, first.latest_at) == (
        "How is Gateway?",
        MORNING,
        MORNING + timedelta(hours=2),
    )
    assert second.title == "x" * 120


@pytest.mark.parametrize(
    ("words", "finds"),
    [
        ("gateway", ["t1"]),
        ("GATEWAY how", ["t1"]),
        ("łódź", ["t2"]),
        ("ŁÓDŹ", ["t2"]),
        ("100%", ["t2"]),
        ("answer", ["t2", "t1"]),
        ("how łódź", []),
        ("a_s", []),
        ("%", ["t2"]),
        ("\\", []),
        ("  ", []),
        ("'; DROP TABLE message --", []),
        ("word " * 5_000, []),
    ],
)
def test_one_finds_what_one_asked_and_was_told(store, ana, words, finds):
    ask(store, ana, "t1", "How is Gateway?")
    ask(store, ana, "t2", "Is Łódź done to 100%?", at=MORNING + timedelta(hours=1))

    with store.reading() as session:
        assert [found.conversation.thread for found in search_conversations(session, ana, words)] == finds


def test_a_conversation_is_found_once_by_its_latest_hit(store, ana):
    for number in range(3):
        ask(store, ana, "t1", f"Gateway {number}?")

    with store.reading() as session:
        [found] = search_conversations(session, ana, "gateway")
    assert found.message.text == "Gateway 2?"


def test_nobody_finds_or_forgets_what_another_said(store, ana, ben):
    ask(store, ana, "t1", "How is Gateway?")
    with store.system() as session:
        assert not forget_conversation(session, ben, "t1")
        assert not forget_conversation(session, Reader(None), "t1")

    with store.reading() as session:
        assert search_conversations(session, ben, "gateway") == []
        assert search_conversations(session, Reader(None), "gateway") == []
        assert len(search_conversations(session, ana, "gateway")) == 1


def test_a_forgotten_conversation_leaves_no_message(store, ana):
    ask(store, ana, "t1", "How is Gateway?")
    ask(store, ana, "t2", "How is Gateway?")
    with store.system() as session:
        assert forget_conversation(session, ana, "t1")

    with store.reading() as session:
        assert [each.thread for each in list_conversations(session, ana)] == ["t2"]
        assert session.exec(select(func.count(Message.id))).one() == 2


def test_a_guessed_thread_shows_nothing_of_its_owner(store, ana, ben):
    ask(store, ana, "t1", "How is Gateway?", focus={"project": "GATE"})
    ask(store, ben, "t1", "How is it?")

    with store.reading() as session:
        assert find_conversation(session, ben, "t1").focus == {}
        assert [message.text for message in list_messages(session, ben, "t1")] == ["How is it?", "An answer."]
        assert [conversation.thread for conversation in list_conversations(session, ana)] == ["t1"]
        assert find_conversation(session, Reader(None), "t1") is None
        assert list_conversations(session, Reader(None)) == []


def test_an_outsider_has_no_conversation_to_keep(store):
    with pytest.raises(NobodyToRemember):
        ask(store, Reader(None), "t1", "Who are you?")


def test_awkward_text_is_kept(store, ana):
    ask(store, ana, "t\x00\udfff", "What \x00 is \ud800 this? 🚀 ﷽")

    with store.reading() as session:
        assert list_messages(session, ana, "t\x00\udfff")[0].text == "What  is \ufffd this? 🚀 ﷽"


def test_thread_names_are_not_to_be_guessed():
    assert len({new_thread() for _ in range(100)}) == 100
    assert min(len(new_thread()) for _ in range(100)) >= 12


def ask(
    store: Store,
    reader: Reader,
    thread: str,
    question: str,
    focus: dict[str, str] | None = None,
    at: datetime = MORNING,
) -> int:
    with store.system() as session:
        return save_exchange(
            session, reader, thread,
            surface="cli", question=question, text="An answer.", answer={"outcome": "answered"},
            focus=focus or {}, at=at,
        )  # fmt: skip

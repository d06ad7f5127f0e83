"""The conversations one had: listed by time, found, and forgotten; and nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.answer import Answer
from integrations.app import Application
from integrations.web.threads import read_history
from storage.audit import verify
from storage.people import add_person
from tests.integrations.conftest import MakeClient
from tests.integrations.web.test_pages import AMBER, say

PART = {"X-Fragment": "yes"}


def test_conversations_are_listed_by_when_they_were_last_used(own: Application) -> None:
    noon = datetime.now(UTC).replace(hour=12, minute=0)
    for days, thread in enumerate(["today", "yesterday", "lately"]):
        say(own, AMBER, thread, question=f"{thread}?", at=noon - timedelta(days=days))
    say(own, AMBER, "old", question="old?", at=noon - timedelta(days=400))
    listed = read_history(own, own.owner())

    assert [(days.label, [entry.title for entry in days.entries]) for days in listed.groups] == [
        ("Today", ["today?"]),
        ("Yesterday", ["yesterday?"]),
        ("The last seven days", ["lately?"]),
        ("Before", ["old?"]),
    ]
    assert listed.groups[0].entries[0].when == "12:00"
    assert str(noon.year - 1) in listed.groups[3].entries[0].when


def test_the_list_is_paged(own: Application, client: MakeClient) -> None:
    for number in range(45):
        say(own, AMBER, f"t{number}", question=f"question {number}?", at=datetime(2026, 3, 2, 8, number, tzinfo=UTC))
    web = client(own)

    assert "question 44?" in web.get("/history").text
    assert "question 4?" not in web.get("/history").text
    older = web.get("/history?offset=40").text
    assert "question 4?" in older and "question 5?" not in older and "Newer" in older
    assert web.get("/history?offset=x").status_code == web.get("/history?offset=99999999999").status_code == 200


def test_what_is_found_is_shown_with_the_words_around_it(own: Application, client: MakeClient) -> None:
    answer = Answer(outcome="answered", text=f"{'Before. ' * 30}**The <b>certificates</b> wait.** {'After. ' * 30}")
    say(own, answer, question="wheres gateway??")
    web = client(own)
    page = web.get("/history?q=CERTIFICATES").text

    assert "wheres gateway??" in page
    assert "<mark>certificates</mark>" in page and "&lt;b&gt;" in page
    assert "**" not in page and page.count("Before.") < 10 and page.count("After.") < 20
    assert "<html" not in web.get("/history?q=certificates", headers=PART).text
    assert "Nothing you asked" in web.get("/history?q=unheard").text


def test_nobody_finds_or_deletes_what_another_asked(own: Application, client: MakeClient) -> None:
    say(own, AMBER)
    add_person(own.store, "Mia Member", "mia@own.example")
    web = client(own)
    web.post("/as", data={"person": "mia@own.example"})

    assert "gateway" not in web.get("/history").text + web.get("/history?q=amber", headers=PART).text
    assert web.get("/forget?thread=t-1").status_code == 404
    foreign, missing = (web.post("/forget", data={"thread": thread}) for thread in ("t-1", "t-9"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text == missing.text
    web.post("/as", data={"person": "ana@own.example"})
    assert "wheres gateway??" in web.get("/history").text


def test_a_conversation_is_deleted_after_one_question_back(own: Application, client: MakeClient) -> None:
    say(own, AMBER)
    web = client(own)

    assert "cannot be undone" in web.get("/forget?thread=t-1").text
    assert "wheres gateway??" in web.get("/?thread=t-1").text
    assert web.post("/forget", data={"thread": "t-1"}).headers["location"] == "/history"
    assert "wheres gateway??" not in web.get("/?thread=t-1").text + web.get("/history").text
    with own.store.reading() as session:
        assert verify(session).altered_id is None


@pytest.mark.parametrize("q", ["%ff", "%00", "%27%20OR%201=1", "a" * 5_000, "%25", "_"])
def test_any_words_may_be_looked_for(own: Application, client: MakeClient, q: str) -> None:
    say(own, AMBER)

    assert client(own).get(f"/history?q={q}").status_code == 200

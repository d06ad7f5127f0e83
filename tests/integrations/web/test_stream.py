"""An answer as it comes about: its events in order, its end whatever happens, and its stop when nobody reads on."""

import json
from typing import Any

import pytest

from assistant.answer import Answer
from integrations.app import Application
from integrations.web import stream
from storage.access import Reader
from storage.conversations import list_messages
from tests.fakes import BrokenAssistant, FixedAssistant, SlowAssistant
from tests.integrations.conftest import MakeClient, with_assistant

EVENTS = {"Accept": "text/event-stream"}
GREEN = Answer(outcome="answered", text="**Tern is green.**\nNothing is late.")


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    told = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    return [(event["event"], json.loads(event["data"])) for event in told]


def test_the_events_end_with_the_answer(own: Application, client: MakeClient) -> None:
    web = client(with_assistant(own, FixedAssistant(GREEN)))
    told = events(web.post("/api/ask", json={"text": "how is tern?"}, headers=EVENTS).text)

    assert [name for name, _ in told] == ["status", "token", "token", "answer"]
    assert "".join(data["text"] for name, data in told if name == "token") == GREEN.text
    assert told[-1][1] == {**GREEN.contract(), "thread": "t-1"}


def test_what_was_heard_is_not_told_again(own: Application, client: MakeClient) -> None:
    assistant = SlowAssistant("One. ", "Two.")
    assistant.go_on(2)
    told = events(client(with_assistant(own, assistant)).post("/api/ask", json={"text": "x"}, headers=EVENTS).text)

    assert [data["text"] for name, data in told if name == "token"] == ["One. ", "Two."]
    assert told[-1][1]["text"] == "One. Two."


def test_the_page_is_told_how_it_looks_and_the_store_keeps_what_was_said(
    sample: Application, client: MakeClient
) -> None:
    asked = {"text": "where is the field app?", "thread": "t-stream"}
    told = events(client(sample).post("/ask", data=asked, headers=EVENTS).text)
    names = [name for name, _ in told]

    assert names[0] == "status" and names[-1] == "answer" and "token" in names
    assert told[names.index("token")][1]["html"].startswith("<p><strong>")
    answer = told[-1][1]
    assert answer["html"].lstrip().startswith("<article") and f'id="m{answer["message"]}"' in answer["html"]
    assert "where is the field app?" in answer["history"]
    with sample.store.reading() as session:
        kept = list_messages(session, Reader(sample.owner().id), "t-stream")
    assert kept[-1].text == answer["text"]


def test_hostile_words_are_inert_in_every_event(own: Application, client: MakeClient) -> None:
    hostile = "<img src=x onerror=alert(1)> **[x](javascript:alert(1))**"
    web = client(with_assistant(own, FixedAssistant(Answer(outcome="answered", text=hostile))))
    told = events(web.post("/ask", data={"text": hostile}, headers=EVENTS).text)

    shown = [data["html"] for _, data in told if "html" in data]
    assert len(shown) == 2
    assert not any("<img" in html or "<a " in html for html in shown)


def test_a_surprise_ends_in_an_apology(own: Application, client: MakeClient) -> None:
    web = client(with_assistant(own, BrokenAssistant()))
    for told in (
        events(web.post("/api/ask", json={"text": "x"}, headers=EVENTS).text),
        events(web.post("/ask", data={"text": "x"}, headers=EVENTS).text),
    ):
        assert told[-1][0] == "answer"
        assert told[-1][1]["outcome"] == "failed" and "secret" not in str(told)


def test_a_store_that_goes_away_meanwhile_ends_in_a_sentence(own: Application, client: MakeClient) -> None:
    assistant = SlowAssistant("One.")
    web = client(with_assistant(own, assistant))
    with web.stream("POST", "/ask", data={"text": "x"}, headers=EVENTS) as reply:
        own.store.migrate_down()
        assistant.go_on()
        told = events(reply.read().decode())

    assert told[-1][1]["outcome"] == "failed" and "pilothouse init" in told[-1][1]["text"]


def test_who_hangs_up_stops_the_assistant(own: Application, client: MakeClient) -> None:
    assistant = SlowAssistant("One. ", "Two.")
    web = client(with_assistant(own, assistant))
    assistant.go_on()
    with web.stream("POST", "/api/ask", json={"text": "x"}, headers=EVENTS) as reply:
        for line in reply.iter_lines():
            if "One." in line:
                break

    assert assistant.was_stopped.wait(5)


def test_a_long_silence_is_filled(own: Application, client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "QUIET_SECONDS", 0.05)
    assistant = SlowAssistant("One.")
    web = client(with_assistant(own, assistant))
    with web.stream("POST", "/api/ask", json={"text": "x"}, headers=EVENTS) as reply:
        lines = reply.iter_lines()
        assert any(line == ": still here" for line in lines)
        assistant.go_on()
        assert any('"answered"' in line for line in lines)


def test_streams_beyond_the_most_wait_for_their_turn(
    own: Application, client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream.Relay, "slots", stream.BoundedSemaphore(1))
    assistant = SlowAssistant("One.")
    web = client(with_assistant(own, assistant))
    with web.stream("POST", "/api/ask", json={"text": "x"}, headers=EVENTS) as first:
        assert "status" in next(first.iter_lines())
        with web.stream("POST", "/api/ask", json={"text": "y"}, headers=EVENTS) as second:
            assistant.go_on(2)
            assert "answered" in second.read().decode()


@pytest.mark.parametrize("path", ["/ask", "/api/ask", "/feedback", "/api/feedback", "/forget", "/theme"])
def test_another_site_starts_nothing(own: Application, client: MakeClient, path: str) -> None:
    headers = {**EVENTS, "Origin": "http://evil.example"}

    assert client(own).post(path, data={"text": "x"}, headers=headers).status_code == 403

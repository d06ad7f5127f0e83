"""What POST /api/ask takes, and what it says of what it does not."""

import json
from datetime import date
from typing import Any

import pytest

from assistant.answer import Answer
from integrations.app import Application
from storage.api_keys import make_key, revoke_key
from storage.people import add_person
from tests.fakes import BrokenAssistant, FixedAssistant
from tests.integrations.conftest import MakeClient, with_assistant

GREEN = Answer(outcome="answered", text="**Tern is green.**\nNothing is late.")


def test_a_question_is_answered_with_the_contract(own: Application, client: MakeClient) -> None:
    assistant = FixedAssistant(GREEN)
    reply = client(with_assistant(own, assistant)).post(
        "/api/ask", json={"text": "how is tern?", "as_of": "2026-03-02", "thread": "t-7"}
    )

    assert reply.status_code == 200
    assert reply.json() == {**GREEN.contract(), "thread": "t-7"}
    [question] = assistant.questions
    assert (question.text, question.as_of, question.thread) == ("how is tern?", date(2026, 3, 2), "t-7")
    assert question.reader.person_id == own.owner().id


@pytest.mark.parametrize("outcome", ["asked_back", "declined", "not_found", "refused"])
def test_every_outcome_but_failed_is_a_reply_with_200(own: Application, client: MakeClient, outcome: Any) -> None:
    answer = Answer(outcome=outcome, text="Which one?")
    reply = client(with_assistant(own, FixedAssistant(answer))).post("/api/ask", json={"text": "x"})

    assert (reply.status_code, reply.json()["outcome"]) == (200, outcome)


def test_a_surprise_is_logged_and_apologised_for(own: Application, client: MakeClient) -> None:
    reply = client(with_assistant(own, BrokenAssistant())).post("/api/ask", json={"text": "x"})

    assert (reply.status_code, reply.json()["outcome"]) == (500, "failed")
    assert "secret" not in reply.text and "Traceback" not in reply.text
    assert "ZeroDivisionError" in own.settings.log_file.read_text()


MISFITS = {
    "no JSON": ("text=hello", "is no JSON"),
    "nothing": ("", "is no JSON"),
    "wrong encoding": (b'{"text": "\xff"}', "is no JSON"),
    "deep": ("[" * 100_000, "nested too deeply"),
    "deep object": ('{"text":' * 5_000, "nested too deeply"),
    "no object": ("[1]", "no object"),
    "no text": ("{}", "“text” is missing"),
    "text of another type": ('{"text": 5}', "“text” cannot be used"),
    "no text but null": ('{"text": null}', "“text” cannot be used"),
    "unknown field": ('{"text": "x", "person_id": 1}', "“person_id” is no field"),
    "no date": ('{"text": "x", "as_of": "2012-02-30"}', "2012-02-30"),
    "a number as date": ('{"text": "x", "as_of": 20120801}', "no date"),
    "half a character": (json.dumps({"text": "x", "as": "\ud800"}), "“as” cannot be used"),
    "long thread": (json.dumps({"text": "x", "thread": "t" * 101}), "“thread” cannot be used"),
}


@pytest.mark.parametrize("body, says", MISFITS.values(), ids=MISFITS.keys())
def test_a_body_that_does_not_fit_is_told_so_in_a_sentence(
    own: Application, client: MakeClient, body: str | bytes, says: str
) -> None:
    reply = client(with_assistant(own, FixedAssistant(GREEN))).post("/api/ask", content=body)

    assert reply.status_code == 422
    assert says in reply.json()["detail"]


def test_a_body_beyond_the_limit_is_refused_in_a_sentence(own: Application, client: MakeClient) -> None:
    body = json.dumps({"text": "x" * 3_000_000})
    reply = client(own).post("/api/ask", content=body)

    assert reply.status_code == 413
    assert "2 MB" in reply.json()["detail"]


def test_on_loopback_without_keys_one_may_ask_as_anybody(own: Application, client: MakeClient) -> None:
    guest = add_person(own.store, "Gus Guest", "gus@other.example")
    assistant = FixedAssistant(GREEN)
    web = client(with_assistant(own, assistant))

    assert web.post("/api/ask", json={"text": "x", "as": "GUS@other.example"}).status_code == 200
    assert assistant.questions[0].reader.person_id == guest.id
    unknown = web.post("/api/ask", json={"text": "x", "as": "nobody@other.example"})
    assert unknown.status_code == 422
    assert "nobody@other.example" in unknown.json()["detail"]


def test_once_a_key_exists_the_key_says_who_asks(own: Application, client: MakeClient) -> None:
    member = add_person(own.store, "Mia Member", "mia@own.example")
    key = make_key(own.store, member.id, "test")
    assistant = FixedAssistant(GREEN)
    web = client(with_assistant(own, assistant))
    bearer = {"Authorization": f"Bearer {key}"}

    assert web.post("/api/ask", json={"text": "x"}).status_code == 401
    assert web.post("/api/ask", json={"text": "x"}, headers=bearer).status_code == 200
    assert assistant.questions[0].reader.person_id == member.id
    assert web.post("/api/ask", json={"text": "x", "as": "ana@own.example"}, headers=bearer).status_code == 403
    assert len(assistant.questions) == 1


def test_a_key_that_has_ended_opens_nothing(own: Application, client: MakeClient) -> None:
    owner = own.owner()
    ended, other = make_key(own.store, owner.id, "old"), make_key(own.store, owner.id, "other")
    revoke_key(own.store, 1)
    web = client(with_assistant(own, FixedAssistant(GREEN)))

    assert web.post("/api/ask", json={"text": "x"}, headers={"Authorization": f"Bearer {ended}"}).status_code == 401
    assert web.post("/api/ask", json={"text": "x"}, headers={"Authorization": f"Basic {other}"}).status_code == 401
    assert web.post("/api/ask", json={"text": "x"}, headers={"Authorization": f"Bearer {other}"}).status_code == 200


def test_the_end_of_the_last_key_opens_nothing(own: Application, client: MakeClient) -> None:
    make_key(own.store, own.owner().id, "only")
    revoke_key(own.store, 1)

    assert client(with_assistant(own, FixedAssistant(GREEN))).post("/api/ask", json={"text": "x"}).status_code == 401


def test_beyond_loopback_every_route_but_the_probes_wants_a_key(own: Application, client: MakeClient) -> None:
    web = client(own, host="0.0.0.0")

    assert {web.get(path).status_code for path in ("/livez", "/readyz")} == {200}
    wanting = ["/", "/openapi.json", "/record/project/GATE", "/nowhere"]
    assert {web.get(path).status_code for path in wanting} == {401}
    assert {web.post(path).status_code for path in ("/api/ask", "/ask", "/as", "/logout")} == {401}


def test_the_probe_says_why_questions_cannot_be_answered(own: Application, client: MakeClient) -> None:
    web = client(own)
    assert web.get("/readyz").json() == {"status": "ready"}
    own.store.migrate_down()

    reply = web.get("/readyz")
    assert reply.status_code == 503
    assert "pilothouse init" in reply.json()["detail"]
    assert web.get("/livez").status_code == 200


def test_the_interface_is_described_and_no_page_of_another_host_shows_it(own: Application, client: MakeClient) -> None:
    web = client(own)

    assert "/api/ask" in web.get("/openapi.json").json()["paths"]
    assert web.get("/docs").status_code == 404

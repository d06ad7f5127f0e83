"""Proposals over HTTP: the card says what a click would do, and only the click of somebody entitled does it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlmodel import select

from integrations.app import Application
from storage.models import Proposal, Task
from tests.integrations.conftest import MONDAY, MakeClient

LENA = "lena.brandt@quillmere.example"
TOMAS = "tomas.reyes@quillmere.example"
DAY = MONDAY.isoformat()

Decide = Callable[..., httpx.Response]


def ask(web: httpx.Client, who: str, text: str) -> dict[str, Any]:
    reply = web.post("/api/ask", json={"text": text, "as": who, "as_of": DAY})
    answer: dict[str, Any] = reply.json()
    assert answer["outcome"] == "answered", answer["text"]
    return answer


def propose(web: httpx.Client, who: str, text: str) -> str:
    [key] = ask(web, who, text)["proposals"]
    return str(key)


def card(web: httpx.Client, who: str, key: str) -> dict[str, Any]:
    reply = web.get(f"/api/proposals/{key}", params={"as_of": DAY}, headers={"Cookie": f"pilothouse_person={who}"})
    shown: dict[str, Any] = reply.json()
    return shown


def decide(web: httpx.Client, who: str, key: str, act: str, **body: Any) -> httpx.Response:
    return web.post(f"/api/proposals/{key}/{act}", json={"as": who, "as_of": DAY, **body})


def finish_of(application: Application, key: str) -> str:
    with application.store.reading() as session:
        return str(session.exec(select(Task.planned_finish).where(Task.key == key)).one())


@pytest.fixture
def web(own_sample: Application, client: MakeClient) -> httpx.Client:
    return client(own_sample)


def test_a_move_is_proposed_confirmed_and_undone(web: httpx.Client, own_sample: Application):
    before = finish_of(own_sample, "CRM-27")
    key = propose(web, LENA, "push CRM-27 by a week")
    assert finish_of(own_sample, "CRM-27") == before
    shown = card(web, LENA, key)
    assert shown["may"]["confirm"]

    done = decide(web, LENA, key, "approve", code=shown["code"])

    assert (done.status_code, done.json()["done"]) == (200, True)
    assert finish_of(own_sample, "CRM-27") == "2026-04-02 17:00:00"
    assert decide(web, LENA, key, "undo").json()["done"]
    assert finish_of(own_sample, "CRM-27") == before


def test_a_card_is_the_stored_set_and_nothing_else(web: httpx.Client, own_sample: Application):
    key = propose(web, LENA, "push CRM-27 by a week")
    shown = card(web, LENA, key)

    with own_sample.store.reading() as session:
        [stored] = session.exec(select(Proposal.edits).where(Proposal.key == key))
    assert {line["number"] for line in shown["lines"]} == set(range(1, len(stored) + 1))
    dates = {line["after"] for line in shown["lines"] if line["key"] == "CRM-27"}
    assert dates == {"Tue 24 Mar", "Thu 2 Apr"}


def test_without_the_code_of_the_card_nothing_is_applied(web: httpx.Client, own_sample: Application):
    before = finish_of(own_sample, "CRM-27")
    key = propose(web, LENA, "push CRM-27 by a week")

    assert decide(web, LENA, key, "approve").status_code == 422
    assert decide(web, LENA, key, "approve", code="0" * 16).status_code == 409
    assert finish_of(own_sample, "CRM-27") == before


def test_a_plan_that_moved_asks_to_look_again(web: httpx.Client, own_sample: Application):
    key = propose(web, LENA, "push CRM-27 by a week")
    code = card(web, LENA, key)["code"]
    with own_sample.store.writing("import of Jira") as writer:
        task = writer.session.exec(select(Task).where(Task.key == "CRM-27")).one()
        writer.change(Task, task.id or 0, {"planned_finish": task.planned_finish.replace(day=27)})  # type: ignore[union-attr]

    reply = decide(web, LENA, key, "approve", code=code)

    assert reply.status_code == 409
    assert [line["field"] for line in reply.json()["card"]["conflicts"]] == ["finish"]
    again = decide(web, LENA, key, "again").json()["card"]
    assert again["id"] != key
    assert decide(web, LENA, again["id"], "approve", code=again["code"]).json()["done"]


def test_a_task_that_is_gone_by_now_is_told(web: httpx.Client):
    key = propose(web, LENA, "rename GATE-49 to Refunds once more")
    removal = propose(web, LENA, "delete GATE-49")  # its baseline goes with it, so it takes two
    for who in (LENA, "sam.okafor@quillmere.example"):
        decided = decide(web, who, removal, "approve", code=card(web, who, removal)["code"])
    assert decided.json()["done"]

    shown = card(web, LENA, key)

    assert "moved" in shown["standing"]
    assert not shown["may"]["confirm"]
    assert decide(web, LENA, key, "approve", code=shown["code"]).status_code == 409
    assert decide(web, LENA, key, "again").status_code == 409


def test_a_part_gets_a_card_of_its_own_and_the_rest_stays_open(web: httpx.Client, own_sample: Application):
    key = propose(web, LENA, "push CRM-27 by a week")

    part = decide(web, LENA, key, "part", only=[1]).json()["card"]

    assert {line["key"] for line in part["lines"]} == {"CRM-27"}
    assert decide(web, LENA, part["id"], "approve", code=part["code"]).json()["done"]
    assert finish_of(own_sample, "CRM-27") == "2026-04-02 17:00:00"
    assert finish_of(own_sample, "CRM-28") == "2026-03-27 17:00:00"
    stands = {
        each["status"] for each in web.get("/api/proposals", headers={"Cookie": f"pilothouse_person={LENA}"}).json()
    }
    assert stands == {"open", "applied", "replaced"}


def test_who_is_not_entitled_is_told_who_is(web: httpx.Client, own_sample: Application):
    key = propose(web, TOMAS, "push GATE-52 by a week")
    shown = card(web, TOMAS, key)

    reply = decide(web, TOMAS, key, "approve", code=shown["code"])

    assert reply.status_code == 403
    assert "Lena Brandt" in reply.json()["detail"]
    assert not shown["may"]["confirm"]


def test_somebody_it_does_not_concern_finds_nothing(web: httpx.Client):
    key = propose(web, TOMAS, "push GATE-52 by a week")
    stranger = "ewa.gorska@quillmere.example"

    assert decide(web, stranger, key, "approve", code="0" * 16).status_code == 404
    found, missing = (decide(web, stranger, each, "reject").json() for each in (key, "P-ZZZZ"))
    assert found["detail"].replace(key, "P-ZZZZ") == missing["detail"]


def test_a_task_of_ones_own_is_done_with_one_yes(web: httpx.Client, own_sample: Application):
    key = propose(web, TOMAS, "done w/ gate-44 took 3d not 1")
    shown = card(web, TOMAS, key)
    hours = [line["after"] for line in shown["lines"] if line["field"].startswith("hours of")]

    assert decide(web, TOMAS, key, "approve", code=shown["code"]).json()["done"]
    assert hours == ["6 h", "8 h", "8 h"]
    with own_sample.store.reading() as session:
        assert session.exec(select(Task.state).where(Task.key == "GATE-44")).one() == "done"


def test_a_budget_takes_two(web: httpx.Client):
    key = propose(web, LENA, "set the budget of crm to 300k")
    first = decide(web, LENA, key, "approve", code=card(web, LENA, key)["code"])
    assert (first.status_code, first.json()["done"]) == (200, False)

    fiona = "fiona.daly@quillmere.example"
    assert decide(web, fiona, key, "approve", code=card(web, fiona, key)["code"]).json()["done"]


@pytest.mark.parametrize("body", ['{"code": 1}', "[]", "{", '{"only": ["x"]}', '{"apply": true}'])
def test_a_body_that_does_not_fit_is_told_so(web: httpx.Client, body: str):
    reply = web.post("/api/proposals/P-AAAA/approve", content=body)

    assert reply.status_code == 422
    assert reply.json()["detail"]


@pytest.mark.parametrize("act", ["apply", "approve%2F..", "x" * 2000])
def test_there_are_no_other_acts(web: httpx.Client, act: str):
    assert web.post(f"/api/proposals/P-AAAA/{act}", json={}).status_code in (404, 422)

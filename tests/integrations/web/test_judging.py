"""Feedback from the page and over the interface: kept, changed, and only on one's own answers."""

import json
from typing import Any

import pytest

from integrations.app import Application
from storage.api_keys import make_key
from storage.feedback import list_feedback
from storage.people import add_person
from tests.integrations.conftest import MakeClient
from tests.integrations.web.test_pages import AMBER, say

UP = {"thread": "t-1", "message": 2, "verdict": "up"}
PART = {"X-Fragment": "yes"}


def kept(application: Application) -> list[tuple[str, str | None, str]]:
    with application.store.reading() as session:
        given = [each.feedback for each in list_feedback(session)]
    return [(each.verdict, each.reason, each.note) for each in given]


def test_a_thumb_is_kept_shown_and_may_be_changed(own: Application, client: MakeClient) -> None:
    say(own, AMBER)
    web = client(own)
    reply = web.post("/feedback", data=UP)

    assert (reply.status_code, reply.headers["location"]) == (303, "/?thread=t-1#m2")
    assert 'value="up" aria-pressed="true"' in web.get("/?thread=t-1").text
    down = web.post("/feedback", data=UP | {"verdict": "down"}, headers=PART).text
    assert "<html" not in down and 'value="down" aria-pressed="true"' in down and "A figure is wrong" in down
    web.post("/feedback", data=UP | {"verdict": "down", "reason": "wrong_figure", "note": "It is 12.\r\n<b>"})
    assert kept(own) == [("down", "wrong_figure", "It is 12.\r\n<b>")]
    page = web.get("/?thread=t-1").text
    assert 'value="wrong_figure" checked' in page and "&lt;b&gt;" in page


def test_a_long_note_is_cut_on_the_page_and_refused_over_the_interface(own: Application, client: MakeClient) -> None:
    say(own, AMBER)
    web, long = client(own), {"verdict": "down", "note": "n" * 501}

    web.post("/feedback", data=UP | long)
    assert kept(own) == [("down", None, "n" * 500)]
    assert web.post("/api/feedback", json=UP | long).status_code == 422


def test_the_interface_keeps_feedback_too(own: Application, client: MakeClient) -> None:
    say(own, AMBER)
    reply = client(own).post("/api/feedback", json=UP | {"verdict": "down", "reason": "unclear", "note": "?"})

    assert reply.json() == {"message": 2, "verdict": "down", "reason": "unclear", "note": "?"}
    assert kept(own) == [("down", "unclear", "?")]


@pytest.mark.parametrize("place", [{"message": 1}, {"message": 3}, {"message": 2**31 - 1}, {"thread": "t-9"}])
def test_what_is_no_answer_of_ones_own_cannot_be_judged(
    own: Application, client: MakeClient, place: dict[str, Any]
) -> None:
    say(own, AMBER)
    mia = add_person(own.store, "Mia Member", "mia@own.example")
    web = client(own)
    missing = web.post("/api/feedback", json=UP | place)
    assert missing.status_code == web.post("/feedback", data=UP | place).status_code == 404

    hers = {"Authorization": f"Bearer {make_key(own.store, mia.id, 'test')}"}
    foreign = web.post("/api/feedback", json=UP, headers=hers)
    assert (foreign.status_code, foreign.text) == (404, missing.text)
    assert web.post("/api/feedback", json=UP).status_code == 401
    assert kept(own) == []


MISFITS = ["", "[1]", "{}", *(json.dumps(UP | wrong) for wrong in (
    {"verdict": "meh"}, {"message": "x"}, {"message": 0}, {"message": 10**30}, {"reason": "bad mood"},
    {"person_id": 1}, {"thread": "t" * 101}, {"note": None}, {"verdict": None},
))]  # fmt: skip


@pytest.mark.parametrize("body", MISFITS)
def test_a_body_that_does_not_fit_is_told_so(own: Application, client: MakeClient, body: str) -> None:
    reply = client(own).post("/api/feedback", content=body)

    assert reply.status_code == 422
    assert isinstance(reply.json()["detail"], str)


@pytest.mark.parametrize("wrong", [{"verdict": "meh"}, {"message": "x"}, {"reason": "bad mood"}, {"message": "9" * 40}])
def test_a_form_that_does_not_fit_keeps_nothing(own: Application, client: MakeClient, wrong: dict[str, str]) -> None:
    say(own, AMBER)

    assert client(own).post("/feedback", data=UP | wrong).status_code == 404
    assert kept(own) == []

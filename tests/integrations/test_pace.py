"""Questions a minute: one person's many keep nobody else waiting."""

import httpx

from integrations.app import Application
from integrations.pace import Pace
from integrations.settings import Settings
from storage.api_keys import make_key
from storage.people import add_person
from tests.integrations.conftest import MakeClient


def test_the_next_question_waits_for_the_oldest_to_be_a_minute_old() -> None:
    now = 100.0
    pace = Pace(2, clock=lambda: now)

    assert [pace.wait(1), pace.wait(1), pace.wait(2)] == [0.0, 0.0, 0.0]
    now = 130.0
    assert pace.wait(1) == 30.0
    now = 160.0
    assert pace.wait(1) == 0.0


def test_what_is_a_minute_old_takes_no_room() -> None:
    now = 0.0
    pace = Pace(1, clock=lambda: now)
    for person in range(1_000):
        pace.wait(person)
    now = 60.0

    pace.wait(None)

    assert len(pace._asked) == 1


def test_too_many_are_told_when_to_ask_again_and_others_are_answered(own: Application, client: MakeClient) -> None:
    slow = Application(Settings(home=own.settings.home, person_questions=2), own.store)
    mia = add_person(own.store, "Mia Member", "mia@own.example")
    keys = [make_key(own.store, person.id, "test") for person in (own.owner(), mia)]
    owners, members = (client(slow, headers={"Authorization": f"Bearer {key}"}) for key in keys)

    replies = [ask(owners) for _ in range(3)]

    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert 0 < int(replies[2].headers["retry-after"]) <= 60
    assert "Ask again in" in replies[2].json()["detail"]
    assert owners.post("/ask", data={"text": "what is late?"}).status_code == 429
    assert ask(members).status_code == 200


def ask(web: httpx.Client) -> httpx.Response:
    return web.post("/api/ask", json={"text": "what is late?"})

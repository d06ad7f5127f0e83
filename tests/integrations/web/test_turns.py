"""Many answers at once: they wait for their turn, and nothing else waits for them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore

from assistant.answer import Answer, Listener, Question
from integrations.app import Application
from integrations.web.turns import MOST_AT_ONCE
from tests.fakes import SlowAssistant
from tests.integrations.conftest import MakeClient, with_assistant

MANY = MOST_AT_ONCE + 12  # more than all threads that pages are served from


class Counting(SlowAssistant):
    """Tells of each question that it begins to answer."""

    def __init__(self, *passages: str) -> None:
        super().__init__(*passages)
        self.begun = Semaphore(0)

    def ask(self, question: Question, listener: Listener | None = None) -> Answer:
        self.begun.release()
        return super().ask(question, listener)


def test_pages_are_served_however_many_questions_are_asked(own: Application, client: MakeClient) -> None:
    assistant = Counting("One.")
    web = client(with_assistant(own, assistant))
    with ThreadPoolExecutor(MANY) as askers:
        asked = [askers.submit(web.post, "/api/ask", json={"text": "x"}) for _ in range(MANY)]
        assert all(assistant.begun.acquire(timeout=10) for _ in range(MOST_AT_ONCE))
        ready = [web.get("/readyz", timeout=5).status_code for _ in range(3)]
        has_more = assistant.begun.acquire(blocking=False)
        assistant.go_on(MANY)
        outcomes = {each.result().json()["outcome"] for each in asked}

    assert ready == [200, 200, 200]
    assert not has_more
    assert outcomes == {"answered"}

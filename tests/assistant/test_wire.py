"""The way to a provider: a connection is given back whatever becomes of the reply that came over it."""

from collections.abc import Callable
from contextvars import copy_context
from threading import Event, Thread

import httpx2
import pytest

from assistant.faults import NoReply, ReplyTooLong
from assistant.wire import MOST_BYTES, GivenUp, Watch, Wire, watch
from evals.provider import Fails, Move, Provider, Says

WELL = Says("All is well.")


@pytest.fixture
def over_one_connection() -> Callable[[Provider], httpx2.Client]:
    def client(provider: Provider) -> httpx2.Client:
        inner = httpx2.HTTPTransport(limits=httpx2.Limits(max_connections=1))
        return httpx2.Client(transport=Wire(provider.url, inner), base_url=provider.url, timeout=2)

    return client


def ask(client: httpx2.Client, seen: Watch) -> httpx2.Response:
    watch.set(seen)
    return client.post("/chat/completions", json={"stream": True})


def test_a_reply_that_begins_when_nobody_waits_any_longer_gives_its_connection_back(
    over_one_connection: Callable[[Provider], httpx2.Client],
):
    asked, go_on, seen = Event(), Event(), Watch()
    ended: list[BaseException] = []

    def late_once(_body: object) -> Move:
        asked.set()
        go_on.wait(5)
        return WELL

    def given_up() -> None:
        try:
            ask(client, seen)
        except GivenUp as error:
            ended.append(error)

    with Provider(late_once) as provider, over_one_connection(provider) as client:
        waiting = Thread(target=copy_context().run, args=(given_up,))
        waiting.start()
        asked.wait(5)
        seen.give_up()
        go_on.set()
        waiting.join(5)

        assert len(ended) == 1
        assert ask(client, Watch()).status_code == 200


@pytest.mark.parametrize(
    ("move", "fault"),
    [
        (Fails(200, "<html>hello</html>", "text/html"), NoReply),
        (Fails(200, '{"hello": 1}'), NoReply),
        (Fails(200, f'"{"a" * MOST_BYTES}"'), ReplyTooLong),
    ],
    ids=["HTML", "another shape", "too long"],
)
def test_what_is_no_reply_gives_its_connection_back(
    over_one_connection: Callable[[Provider], httpx2.Client], move: Move, fault: type[Exception]
):
    with Provider([move, WELL]) as provider, over_one_connection(provider) as client:
        with pytest.raises(fault):
            ask(client, Watch())

        assert ask(client, Watch()).status_code == 200


def test_another_host_is_never_asked(over_one_connection: Callable[[Provider], httpx2.Client]):
    with Provider([WELL]) as provider, over_one_connection(provider) as client:
        watch.set(Watch())
        with pytest.raises(NoReply):
            client.get("http://203.0.113.1/v1/models")

        assert not provider.requests

"""Bad weather: refusals, lost connections, dead processes, a slow model. Nothing is lost or doubled."""

import json
from collections.abc import Iterator

import pytest

from evals.standins.slack import SlackWorkspace, text_of
from integrations.app import Application
from storage.deliveries import Arrival, Deliveries
from tests.fakes import SlowAssistant
from tests.integrations.slack.conftest import LENA, TOMAS, OnMonday, Talk, listening, populate


def answered(talk: Talk, user: str) -> list[str]:
    """The messages that were answered, by their timestamps, in the order of the answers."""
    channel = talk.slack.world.channels[talk.slack.direct(user)]
    return [each["thread_ts"] for each in list(channel.messages) if each.get("user") == talk.slack.world.bot_user]


def test_a_storm_of_refusals_delays_answers_and_keeps_their_order(http_talk: Talk):
    http_talk.slack.storm(share=0.5, seconds=5)

    asked = {user: [http_talk.ask(user, f"hi {number}")["ts"] for number in range(6)] for user in (TOMAS, LENA)}

    http_talk.slack.wait_for(lambda: all(len(answered(http_talk, user)) >= 6 for user in asked), 60)
    http_talk.slack.wait_quiet()
    assert {user: answered(http_talk, user) for user in asked} == asked


def test_a_socket_that_is_cut_again_and_again_loses_nothing(socket_talk: Talk):
    asked = []
    for number in range(12):
        asked.append(socket_talk.ask(TOMAS, f"hi {number}")["ts"])
        if number % 3 == 1:
            socket_talk.slack.kill_sockets()

    socket_talk.slack.wait_for(lambda: len(answered(socket_talk, TOMAS)) >= 12, 90)
    socket_talk.slack.wait_quiet()
    assert sorted(answered(socket_talk, TOMAS)) == asked


def test_what_a_dead_process_acknowledged_is_answered_and_what_it_said_is_not_said_again(own_sample: Application):
    with SlackWorkspace(minute=6.0) as slack:
        populate(slack)
        dead = Deliveries.of(own_sample.store)
        events = [
            {"type": "message", "channel_type": "im", "user": TOMAS, "text": f"hi {number}",
             "channel": slack.direct(TOMAS), "ts": slack.world.stamp()}
            for number in (1, 2)
        ]  # fmt: skip
        kept = dead.keep(
            [Arrival(f"T0QUILL:message:{each['ts']}", "T0QUILL", json.dumps(slack.wrapped(each))) for each in events]
        )
        dead.mark(kept[0], "answer:0", "1772438400.999999")
        dead.close()

        with listening(OnMonday(own_sample.settings, own_sample.store), slack) as talk:
            slack.wait_for(lambda: answered(talk, TOMAS))
            slack.wait_quiet()

            assert answered(talk, TOMAS) == [events[1]["ts"]]


@pytest.fixture
def slow_talk(own_sample: Application) -> Iterator[tuple[Talk, SlowAssistant]]:
    assistant = SlowAssistant("**Tern Gateway is amber.** ", "Two tasks are late. ", "Watch GATE-31.")
    with SlackWorkspace(minute=6.0) as slack:
        populate(slack)
        with listening(OnMonday(own_sample.settings, own_sample.store, assistant), slack) as talk:
            yield talk, assistant


def test_an_answer_that_takes_its_time_grows_where_it_was_asked(slow_talk: tuple[Talk, SlowAssistant]):
    talk, assistant = slow_talk
    channel = talk.slack.world.channels[talk.slack.direct(TOMAS)]
    asked = talk.ask(TOMAS, "wheres the gateway")
    talk.slack.wait_for(lambda: any("ooking at Tern" in each[3] for each in talk.slack.world.statuses))

    assistant.go_on()
    growing = talk.slack.wait_for(lambda: next(each for each in channel.messages if each.get("is_streaming")))
    assert "amber" in growing["text"] and growing["thread_ts"] == asked["ts"]
    assistant.go_on(2)
    talk.slack.wait_for(lambda: growing["is_streaming"] is False)

    assert text_of(growing).count("amber") == 1
    assert "Watch GATE-31" in text_of(growing).replace("\\", "")
    assert len(answered(talk, TOMAS)) == 1


def test_the_stop_button_stops_the_work(slow_talk: tuple[Talk, SlowAssistant]):
    talk, assistant = slow_talk
    asked = talk.ask(TOMAS, "wheres the gateway")
    talk.slack.wait_for(lambda: any("ooking at Tern" in each[3] for each in talk.slack.world.statuses))

    talk.slack.stops(TOMAS, talk.slack.direct(TOMAS), asked["ts"])

    assert assistant.was_stopped.wait(5)
    assert "Stopped" in talk.read(TOMAS)

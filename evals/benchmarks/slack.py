"""Slack from outside: how soon the program acknowledges and shows that it works, and that nothing is lost or doubled.

The program runs in a process of its own; a stand-in workspace posts to it, and a stand-in provider keeps its model
waiting. Each part starts from a fresh copy of the sample.
"""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

from sqlmodel import select

from evals.benchmarks import Report
from evals.benchmarks.server import Asking, environment
from evals.provider import Hangs, Provider
from evals.standins.slack import Delivery, SlackWorkspace
from evals.worlds import World, quillmere
from storage.models import Person

RATE, ACK_SECONDS, STALL_SECONDS = 100, 30, 60.0  # events a second, for so long, with the model silent for so long
WARM_SECONDS = 10  # for what is loaded once
DELIVERIES, REPEATS = 10_000, 10
STORM_SECONDS, STORM_SHARE, STORM_PAUSE = 300.0, 0.5, 2.0
KILL_SECONDS, KILLS = 10.0, 6
PATIENCE_SECONDS = 900.0
PACE = {"PILOTHOUSE_PERSON_QUESTIONS": "1000000"}  # the same few people ask more than people do


def measure(*parts: str) -> Report:
    """Every part, or those that are named: acknowledging, repeats, storm, sockets."""
    found = {"acknowledging": _acknowledging, "repeats": _repeats, "storm": _storm, "sockets": _sockets}
    summary: dict[str, Any] = {}
    rows = []
    for name in parts or tuple(found):
        with TemporaryDirectory() as folder:
            figures = found[name](quillmere(Path(folder)))
        summary |= {f"{name}_{label}": value for label, value in figures.items()}
        rows.append({"part": name, **figures})
    return Report("slack", summary, rows)


def _acknowledging(world: World) -> dict[str, Any]:
    """100 events a second, while the language model says nothing. Rates of Slack are lifted: they bind it, not us."""
    with Provider([Hangs(STALL_SECONDS)]) as provider, SlackWorkspace(has_rates=False) as slack:
        users = _populate(slack, world)
        model = {
            "PILOTHOUSE_MODEL": "stalled", "OPENAI_BASE_URL": provider.url, "PILOTHOUSE_FAST_PATH": "false",
            "PILOTHOUSE_MODEL_PATIENCE": str(int(STALL_SECONDS)),
        }  # fmt: skip
        with Asking(world, _http(slack) | model | PACE) as server:
            slack.events_url = f"http://127.0.0.1:{server.port}/slack/events"
            slack.says(users[0], slack.direct(users[0]), "how is tern gateway doing")
            sleep(WARM_SECONDS)
            began = monotonic()
            sent: list[tuple[Delivery, str]] = []
            for number in range(RATE * ACK_SECONDS):
                sleep(max(0.0, began + number / RATE - monotonic()))
                user = users[number % len(users)]
                message = slack.says(user, slack.direct(user), f"how is tern gateway doing ({number})")
                sent.append((slack.deliveries[-1], message["ts"]))
            slack.wait_for(lambda: all(each.attempts for each, _ in sent), 60)
            sleep(2)
            statuses: dict[str, float] = {}
            for at, _, thread, _ in slack.world.statuses:
                statuses.setdefault(thread, at)
    acks = sorted(each.attempts[0][0] * 1000 for each, _ in sent)
    # Of one person's messages in one talk, the next waits for the answer before: its status comes then, not at once.
    firsts = [
        (statuses[thread] - each.began - each.attempts[0][0]) * 1000 for each, thread in sent if thread in statuses
    ]
    return {
        "events": len(sent),
        "p50_ms": round(acks[len(acks) // 2], 1),
        "p99_ms": round(quantiles(acks, n=100)[98], 1),
        "slowest_ms": round(acks[-1], 1),
        "refused": sum(status != 200 for each, _ in sent for _, status in each.attempts),
        "status_seen": len(firsts),
        "status_p50_ms": round(sorted(firsts)[len(firsts) // 2], 1),
        "status_p99_ms": round(quantiles(firsts, n=100)[98], 1),
    }


def _repeats(world: World) -> dict[str, Any]:
    """10,000 deliveries of 1,000 messages, repeated, replayed and out of order: each is to be answered once."""
    chance = random.Random(5)
    with SlackWorkspace(has_rates=False) as slack:
        users = _populate(slack, world)
        with Asking(world, _http(slack) | PACE) as server:
            slack.events_url = f"http://127.0.0.1:{server.port}/slack/events"
            for number in range(DELIVERIES // REPEATS):
                user = users[number % len(users)]
                slack.says(user, slack.direct(user), f"hi {number}")
            originals = list(slack.deliveries)
            again = [each for each in originals for _ in range(REPEATS - 1)]
            chance.shuffle(again)
            for number, each in enumerate(again):
                slack.again(each)
                if number % 20 == 0:
                    sleep(0.05)
            answers = _answered(slack, len(originals))
    statuses = Counter(status for each in originals for _, status in each.attempts)
    return {"deliveries": sum(statuses.values()), "errors_500": statuses[500], **answers}


def _storm(world: World) -> dict[str, Any]:
    """Half of all calls refused with 429 for five minutes, while people go on asking; Slack's own rates hold, too."""
    with SlackWorkspace() as slack:
        users = _populate(slack, world)
        with Asking(world, _http(slack) | PACE) as server:
            slack.events_url = f"http://127.0.0.1:{server.port}/slack/events"
            slack.storm(share=STORM_SHARE, seconds=STORM_SECONDS)
            until, number = monotonic() + STORM_SECONDS, 0
            while monotonic() < until:
                user = users[number % len(users)]
                slack.says(user, slack.direct(user), f"hi {number}")
                number += 1
                sleep(STORM_PAUSE)
            answers = _answered(slack, number)
        over = _over_rate(slack)
    refused = sum(each.answer.get("error") == "ratelimited" for each in slack.world.calls)
    return {
        "messages": number,
        "calls": len(slack.world.calls),
        "refused_429": refused,
        "over_the_rate": over,
        **answers,
    }


def _sockets(world: World) -> dict[str, Any]:
    """The socket is cut every ten seconds, while people go on asking."""
    with SlackWorkspace(way="socket", has_rates=False) as slack:
        users = _populate(slack, world)
        tokens = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
        }
        with _listening({**environment(world), **tokens, **PACE}):
            slack.wait_for(lambda: slack._sockets, 60)
            number = 0
            for _ in range(KILLS):
                until = monotonic() + KILL_SECONDS
                while monotonic() < until:
                    user = users[number % len(users)]
                    slack.says(user, slack.direct(user), f"hi {number}")
                    number += 1
                    sleep(0.1)
                slack.kill_sockets()
            answers = _answered(slack, number)
    taken = sum(each.is_taken for each in slack.deliveries)
    return {"messages": number, "kills": KILLS, "acknowledged": taken, **answers}


def _populate(slack: SlackWorkspace, world: World) -> list[str]:
    """The firm's people, each with an account that is linked already."""
    users = []
    with world.store.system() as session:
        for person in session.exec(select(Person).where(Person.kind == "member")):
            user = slack.person(f"U{person.id:05}", person.name, person.email or "")
            person.slack_id = f"{slack.world.team}/{user}"
            users.append(user)
    return users


def _http(slack: SlackWorkspace) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret, "SLACK_API_URL": slack.api_url
    }  # fmt: skip


def _answered(slack: SlackWorkspace, messages: int) -> dict[str, Any]:
    """How many messages were answered, how many twice, and whether each talk's answers are in its order."""
    until = monotonic() + PATIENCE_SECONDS
    while monotonic() < until and sum(len(each) for each in _replies(slack)) < messages:
        sleep(0.5)
    sleep(3)
    asked = {
        each["ts"] for channel in slack.world.channels.values() for each in channel.messages if _is_asked(slack, each)
    }
    counts = Counter(thread for threads in _replies(slack) for thread in threads)
    disorder = sum(threads != sorted(threads) for threads in _replies(slack))
    return {
        "lost": len(asked - counts.keys()),
        "doubled": sum(count > 1 for count in counts.values()),
        "out_of_order": disorder,
    }


def _replies(slack: SlackWorkspace) -> Iterator[list[str]]:
    """The messages that each talk's answers answer, in the order they were posted."""
    for channel in slack.world.channels.values():
        yield [str(each.get("thread_ts")) for each in list(channel.messages) if not _is_asked(slack, each)]


def _is_asked(slack: SlackWorkspace, message: dict[str, Any]) -> bool:
    return message.get("user") != slack.world.bot_user


def _over_rate(slack: SlackWorkspace) -> int:
    """Messages that went to a channel sooner than a second after the one before."""
    last: dict[str, float] = {}
    over = 0
    for call in slack.world.calls:
        if call.method == "chat.postMessage" and call.answer.get("ok"):
            channel = str(call.payload["channel"])
            over += call.at - last.get(channel, -10.0) < 1.0
            last[channel] = call.at
    return over


@contextmanager
def _listening(variables: dict[str, str]) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", "integrations.cli", "slack"], env=variables, stdout=quiet, stderr=quiet
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)

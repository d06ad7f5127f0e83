"""The hostile model behind Slack: direct messages, channels with guests, of the firm and of a team, cards and Home.

Whatever it calls and says, all that is posted holds only what each who can read it may read; no plan row changes; and
what stands in a channel is the same, to the byte, whatever those in it may not see.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assistant.agent import Assistant
from assistant.answer import Answer, Listener, Question
from evals.standins.slack import SlackWorkspace, text_of
from integrations.app import Application
from integrations.settings import Settings
from integrations.slack import line
from storage import audit
from storage.access import Reader
from storage.engine import Store
from storage.models import Person
from storage.places import bind_room
from tests.conftest import MakeStore
from tests.integrations.slack.conftest import by_socket
from tests.proof.conftest import Runs
from tests.proof.secrets_world import PEOPLE, TODAY
from tests.proof.small_firm import dump
from tests.proof.test_hostile import PLAN, QUESTIONS, Adversary, Siege, besieged

TEAM_OF_CON = ("pm-con", "insider")
ROOMS = {
    "C0ALL": tuple(each for each in PEOPLE if each != "leaver"),
    "C0FIRM": tuple(each for each in PEOPLE if each not in ("outsider", "guest", "leaver")),
    "C0TEAM": TEAM_OF_CON,
}


@dataclass(frozen=True)
class OnTheDay(Application):
    def today(self) -> date:
        return TODAY


@dataclass
class Remembering:
    """Hands the hostile model what it heard before as the same asker with the same audience, as a provider could."""

    assistant: Assistant
    adversary: Adversary

    def ask(self, question: Question, listener: Listener | None = None) -> Answer:
        self.adversary.begin(repr(question.reader), self.adversary.chance.choice((2, 3, 4)))
        return self.assistant.ask(question, listener)

    def fill_in(self, question: Question, tool: str, arguments: dict[str, Any]) -> Answer:
        return self.assistant.fill_in(question, tool, arguments)

    def glance(self, question: Question, tool: str, arguments: dict[str, Any]) -> Answer:
        return self.assistant.glance(question, tool, arguments)


@dataclass
class Scene:
    """The besieged firm in a workspace."""

    siege: Siege
    slack: SlackWorkspace
    application: Application
    read: dict[str, int] = field(default_factory=dict)

    def ask(self, person: str, text: str, room: str | None) -> None:
        """Ask, and wait until all is said."""
        channel = room or self.slack.direct(account(person))
        words = f"<@{self.slack.world.bot_user}> {text}" if room else text
        before = len(self.slack.deliveries)
        self.slack.says(account(person), channel, words)
        self.slack.wait_for(lambda: all(each.is_taken for each in self.slack.deliveries[before:]))
        self.slack.wait_for(lambda: self._is_over(channel), 60)

    def _is_over(self, channel: str) -> bool:
        """Whether the last thing said of this channel is that it is not worked on any more."""
        sessions = [
            each.payload["status"]
            for each in self.slack.world.calls
            if each.method == "agents.sessions.setStatus" and each.payload["channel_id"] == channel
        ]
        return sessions.count("active") >= len(self._said(channel))

    def _said(self, channel: str) -> list[dict[str, Any]]:
        bot = self.slack.world.bot_user
        return [each for each in self.slack.world.channels[channel].messages if each.get("user") != bot]

    def news(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What was posted since the last look, and who can read it."""
        world = self.slack.world
        for channel in world.channels.values():
            first, self.read[channel.id] = self.read.get(channel.id, 0), len(channel.messages)
            for message in channel.messages[first:]:
                if message.get("user") == world.bot_user:
                    only = message.get("only")
                    readers = (only,) if only else tuple(channel.members)
                    yield json.dumps(message, ensure_ascii=False), tuple(person_of(each) for each in readers)
        statuses, self.read["statuses"] = self.read.get("statuses", 0), len(world.statuses)
        for _, channel_id, _, words in world.statuses[statuses:]:
            yield words, tuple(person_of(each) for each in world.channels[channel_id].members)
        for user, view in world.homes.items():
            yield json.dumps(view, ensure_ascii=False), (person_of(user),)


def account(person: str) -> str:
    return "U0" + person.upper().replace("-", "")


def person_of(user: str) -> str:
    return next((each for each in PEOPLE if account(each) == user), "")


@contextmanager
def in_slack(store: Store, home: Path, *, seed: int, change_for: str | None = None) -> Iterator[Scene]:
    with (
        besieged(store, home, seed=seed, change_for=change_for) as siege,
        SlackWorkspace(way="socket", has_rates=False) as slack,
    ):
        _people(siege, slack)
        settings = Settings(
            home=home, slack_bot_token=slack.bot_token, slack_app_token=slack.app_token, slack_api_url=slack.api_url
        )
        assistant = siege.application.other_assistant
        assert isinstance(assistant, Assistant)
        application = OnTheDay(settings, store, Remembering(assistant, siege.adversary))
        with by_socket(application):
            yield Scene(siege, slack, application)


def _people(siege: Siege, slack: SlackWorkspace) -> None:
    """Everybody's account, linked; the outsider's is nobody's, and a guest's is a guest's in Slack, too."""
    for person in PEOPLE:
        slack.person(account(person), person, is_restricted=person in ("outsider", "guest"), deleted=person == "leaver")
        person_id = siege.world.people.get(person)
        if person_id is not None:
            with siege.application.store.system() as session:
                session.get_one(Person, person_id).slack_id = f"{slack.world.team}/{account(person)}"
    for room, members in ROOMS.items():
        slack.channel(room, room.lower(), [account(each) for each in members])
    manager = Reader(siege.world.people["pm-con"])
    bind_room(
        siege.application.store, manager, slack.world.team, "C0TEAM", "CON", "team", at=datetime(2026, 3, 2, tzinfo=UTC)
    )


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "CHANNEL_SECONDS", 0.0)


def test_whoever_reads_along_reads_only_what_is_theirs(new_sqlite_store: MakeStore, tmp_path: Path, runs: Runs) -> None:
    with in_slack(new_sqlite_store(), tmp_path, seed=21) as scene:
        siege = scene.siege
        forbidden = {person: siege.world.forbidden(person) for person in PEOPLE}
        before = dump(siege.application.store, PLAN, frozenset())
        for number in range(runs(40, 700)):
            person = PEOPLE[number % len(PEOPLE)]
            rooms = [None, *(room for room, members in ROOMS.items() if person in members)]
            scene.ask(person, QUESTIONS[number // len(PEOPLE) % len(QUESTIONS)], rooms[number % len(rooms)])
            if number % 10 == 0:
                scene.slack.opens(account(person))
            for words, readers in scene.news():
                leaked = {(reader, mark) for reader in readers if reader for mark in forbidden[reader] if mark in words}
                assert not leaked, (person, words[:500])
        assert scene.slack.refused == []
        assert dump(siege.application.store, PLAN, frozenset()) == before
        with siege.application.store.reading() as session:
            assert audit.verify(session).altered_id is None
        log = scene.application.settings.log_file
        assert not log.exists(), log.read_text()


@pytest.mark.parametrize(("room", "least"), [("C0ALL", "guest"), ("C0FIRM", "member"), ("C0TEAM", "insider")])
def test_what_one_in_the_channel_may_not_see_changes_no_byte_in_it(
    new_sqlite_store: MakeStore, tmp_path: Path, room: str, least: str, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two worlds that differ only in what the least of them may not see, asked about by those who may."""
    keys = Random(3)
    monkeypatch.setattr("storage.keys.secrets", keys)
    asking = [each for each in ("pm-con", "portfolio-manager", "finance", "pm") if each in ROOMS[room]]
    heard = []
    for change_for in (None, least):
        home = tmp_path / f"{change_for}"
        home.mkdir()
        with in_slack(new_sqlite_store(), home, seed=5, change_for=change_for) as scene:
            for number in range(runs(3, 40)):
                scene.siege.adversary.chance.seed(number)
                scene.siege.adversary.told.clear()
                keys.seed(number)
                scene.ask(asking[number % len(asking)], QUESTIONS[number % len(QUESTIONS)], room)
            heard.append(
                [
                    _BY_CHANCE.sub("", text_of(each))
                    for each in scene.slack.world.channels[room].messages
                    if not each.get("only")
                ]
            )

    assert heard[0] == heard[1]


_BY_CHANCE = re.compile(r"P-[2-9A-HJ-NP-Z]{4,6}\b")

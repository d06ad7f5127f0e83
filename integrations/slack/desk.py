"""What every act in Slack works with: the application, the line out, who is who, and what was posted already."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import BoundedSemaphore, Event
from typing import Any, ParamSpec, TypeVar

from integrations.app import Application
from integrations.slack.blocks import Message, sentence
from integrations.slack.line import Line, NotDelivered
from integrations.slack.people import People
from integrations.slack.rooms import Rooms
from storage.deliveries import Deliveries, DeliveryRecord

MOST_ANSWERS = 200  # begun at once; a language model that stalls keeps its own thread waiting and nothing else
MOST_COMPUTED = 1  # of them, not waiting for a model: more take as long, and keep what arrives from its turn
SURFACE = "slack"

Given = ParamSpec("Given")
Result = TypeVar("Result")


@dataclass
class Desk:
    """One workspace's desk. Belongs to one event loop; work that blocks goes to its own threads."""

    application: Application
    deliveries: Deliveries
    line: Line
    team: str
    bot_user: str
    people: People = field(init=False)
    rooms: Rooms = field(init=False)
    stops: dict[tuple[str, str], set[Event]] = field(default_factory=dict)  # of answers that are being made

    def __post_init__(self) -> None:
        self.people = People(self.application, self.line, self.team)
        self.rooms = Rooms(self.application, self.line, self.people)
        self._threads = ThreadPoolExecutor(MOST_ANSWERS, "slack")
        self._turns = BoundedSemaphore(MOST_COMPUTED)

    @property
    def pages_url(self) -> str | None:
        slack = self.application.settings.slack
        return slack.pages_url if slack else None

    async def in_thread(self, work: Callable[Given, Result], /, *given: Given.args, **named: Given.kwargs) -> Result:
        """Do what takes its time, like answering, beside the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *given, **named))

    @contextmanager
    def computing(self) -> Iterator[None]:
        """On a thread: one's turn to compute."""
        with self._turns:
            yield

    @contextmanager
    def idle(self) -> Iterator[None]:
        """On a thread that has its turn: let others have it meanwhile."""
        self._turns.release()
        try:
            yield
        finally:
            self._turns.acquire()

    def stop_answers(self, channel: str, thread: str) -> None:
        """Tell those who answer in this thread that nobody waits any longer."""
        for stop in self.stops.get((channel, thread), ()):
            stop.set()

    def close(self) -> None:
        for stops in self.stops.values():
            for stop in stops:
                stop.set()
        self._threads.shutdown(wait=False, cancel_futures=True)


@dataclass
class Post:
    """Where one delivery's replies go. Each step is posted once, also when the delivery is worked on again."""

    desk: Desk
    delivery: DeliveryRecord
    channel: str
    thread: str | None = None
    user: str = ""  # whose act it is

    async def say(self, step: str, message: Message) -> str:
        """Post to the channel; gives the message's timestamp, empty where Slack did not take it."""
        if (done := self.delivery.marks.get(step)) is not None:
            return str(done)
        where = {"thread_ts": self.thread} if self.thread else {}
        try:
            answer = await self.desk.line.say("chat.postMessage", self.channel, **where, **message.payload())
        except NotDelivered as refused:
            return await self._say_directly(step, message, refused)
        await self._mark(step, str(answer.get("ts", "")))
        return str(answer.get("ts", ""))

    async def say_all(self, step: str, messages: list[Message]) -> None:
        for number, message in enumerate(messages):
            await self.say(f"{step}:{number}", message)

    async def whisper(self, step: str, message: Message) -> None:
        """Show it to whoever acted, alone: in the same thread, or, in a direct message, as any other."""
        if self.channel.startswith("D"):
            await self.say(step, message)
            return
        if self.delivery.marks.get(step) is not None:
            return
        where = {"thread_ts": self.thread} if self.thread else {}
        try:
            await self.desk.line.say("chat.postEphemeral", self.channel, user=self.user, **where, **message.payload())
        except NotDelivered as refused:
            await self._say_directly(step, message, refused)
            return
        await self._mark(step, "shown")

    async def whisper_all(self, step: str, messages: list[Message]) -> None:
        for number, message in enumerate(messages):
            await self.whisper(f"{step}:{number}", message)

    async def status(self, words: str) -> None:
        """Show what is being done; nobody misses it."""
        if self.thread:
            line = self.desk.line
            await line.hint("assistant.threads.setStatus", channel_id=self.channel, thread_ts=self.thread, status=words)

    async def session(self, status: str) -> None:
        """Tell Slack whether this thread is being worked on: then it shows a button to stop."""
        if self.thread:
            await self.desk.line.hint(
                "agents.sessions.setStatus", channel_id=self.channel, thread_ts=self.thread, status=status
            )

    async def _say_directly(self, step: str, message: Message, refused: NotDelivered) -> str:
        """Where the channel takes no message (any more), whoever asked gets it in person."""
        if refused.reason not in GONE or not self.user or self.channel.startswith("D"):
            return ""
        line = self.desk.line
        try:
            opened = await line.call("conversations.open", users=self.user)
            direct = str((opened.get("channel") or {}).get("id", ""))
            await line.say("chat.postMessage", direct, **sentence("I cannot write in that channel.").payload())
            answer = await line.say("chat.postMessage", direct, **message.payload())
        except NotDelivered:
            return ""
        await self._mark(step, str(answer.get("ts", "")))
        return ""

    async def _mark(self, step: str, value: Any) -> None:
        await asyncio.to_thread(self.desk.deliveries.mark, self.delivery, step, value)


GONE = frozenset({"is_archived", "not_in_channel", "channel_not_found", "user_not_in_channel", "restricted_action"})

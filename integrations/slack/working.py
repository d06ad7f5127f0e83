"""Deliveries worked on: those of one talk in turn, talks side by side, what a dead process left taken up."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from integrations.slack.inbox import Inbox
from storage.deliveries import Deliveries, DeliveryRecord
from storage.errors import StoreError

LOOK_SECONDS = 8.0  # how often leases are renewed, and what others left is looked for
MOST_ATTEMPTS = 3

Work = Callable[[DeliveryRecord, dict[str, Any]], Awaitable[None]]


class Runner:
    """Works on deliveries in one event loop: each is greeted at once, and worked on in its turn."""

    def __init__(
        self, deliveries: Deliveries, greet: Work, work: Work, on_surprise: Callable[[BaseException], None]
    ) -> None:
        self.inbox = Inbox(deliveries, self.take)
        self.deliveries, self._greet, self._work = deliveries, greet, work
        self._on_surprise = on_surprise
        self._last: dict[str, asyncio.Task[None]] = {}  # of each talk, the last that was begun
        self._running: dict[int, asyncio.Task[None]] = {}
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._looking = asyncio.create_task(self._look())

    async def stop(self, seconds: float = 5.0) -> None:
        """Wait a little for what is being worked on; the rest is taken up at the next start."""
        if self._looking:
            self._looking.cancel()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=seconds)
        for task in list(self._running.values()):
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def take(self, delivery: DeliveryRecord) -> None:
        """Begin to work on it, after what came before it in the same talk."""
        if delivery.id in self._running:
            return
        body = json.loads(delivery.body) if delivery.body else {}
        talk = _talk_of(body)
        task = asyncio.create_task(self._worked(delivery, body, self._last.get(talk) if talk else None))
        self._running[delivery.id] = task
        task.add_done_callback(lambda _: self._running.pop(delivery.id, None))
        if talk:
            self._last[talk] = task
            task.add_done_callback(lambda _: self._forget(talk, task))

    @property
    def is_idle(self) -> bool:
        return not self._running

    def _forget(self, talk: str, task: "asyncio.Task[None]") -> None:
        if self._last.get(talk) is task:
            del self._last[talk]

    async def _worked(
        self, delivery: DeliveryRecord, body: dict[str, Any], before: "asyncio.Task[None] | None"
    ) -> None:
        try:
            await self._greet(delivery, body)
            if before is not None:
                await asyncio.wait([before])
            if delivery.attempts <= MOST_ATTEMPTS:
                await self._work(delivery, body)
            await asyncio.to_thread(self.deliveries.done, delivery.id)
        except Exception as surprise:  # nobody waits for this task; it is noted, and the delivery is ended
            self._on_surprise(surprise)
            if not isinstance(surprise, StoreError):
                await asyncio.to_thread(self.deliveries.done, delivery.id)

    async def _look(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.deliveries.stay_alive)
                await asyncio.to_thread(self.deliveries.forget_old)
                for delivery in await asyncio.to_thread(self.deliveries.left_behind):
                    self.take(delivery)
            except StoreError as problem:
                self._on_surprise(problem)
            await asyncio.sleep(LOOK_SECONDS)


def _talk_of(body: dict[str, Any]) -> str:
    """What is answered in order: one person's messages of one thread. Clicks wait for nothing."""
    event = body.get("event")
    if not isinstance(event, dict) or event.get("type") not in ("message", "app_mention"):
        return ""
    thread = event.get("thread_ts") or ("" if event.get("channel_type") == "im" else event.get("ts"))
    return f"{event.get('channel')}:{thread}:{event.get('user')}"

"""An answer as it comes about: what the assistant says from its thread, as events for whoever waits."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore, Event, Thread
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.answer import Answer, Listener
from integrations.app import Application, CannotDo
from integrations.log import apology, note_surprise
from integrations.web.turns import MOST_AT_ONCE
from storage.errors import StoreError

MEDIA_TYPE = "text/event-stream"
QUIET_SECONDS = 15.0
STILL_HERE = ": still here\n\n"  # a comment, so that nothing between us and the reader takes silence for the end

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Telling:
    """What to answer, and what the events say of it. `token` makes the data of a piece from the text so far."""

    ask: Callable[[Listener], Answer]
    answer: Callable[[Answer], Data] = Answer.contract
    token: Callable[[str, str], Data] = lambda piece, _so_far: {"text": piece}


class AnswerStream(StreamingResponse):
    """`status` while it works, `token` for each piece of the text, and one `answer` at the end.

    When nobody reads on, the assistant hears that it may stop.
    """

    def __init__(self, application: Application, telling: Telling) -> None:
        self.relay = Relay(application, telling)
        super().__init__(self.relay.events(), media_type=MEDIA_TYPE, headers={"X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.relay.stop()


class Relay(Listener):
    """Between the thread that answers and the loop that sends."""

    slots = BoundedSemaphore(MOST_AT_ONCE)

    def __init__(self, application: Application, telling: Telling) -> None:
        self._application = application
        self._telling = telling
        self._so_far = ""
        self._stopped = Event()
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[str | None] = asyncio.Queue()

    def status(self, words: str) -> None:
        self._put("status", {"text": words})

    def passage(self, text: str) -> None:
        self._so_far += text
        self._put("token", self._telling.token(text, self._so_far))

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        self._stopped.set()

    async def events(self) -> AsyncIterator[str]:
        """Every event, as it is said."""
        Thread(target=self._work, name="answer", daemon=True).start()
        while True:
            try:
                event = await asyncio.wait_for(self._events.get(), QUIET_SECONDS)
            except TimeoutError:
                event = STILL_HERE
            if event is None:
                return
            yield event

    def _work(self) -> None:
        with self.slots:
            if not self.stopped:
                self._put("answer", self._answered())
        self._send(None)

    def _answered(self) -> Data:
        """What the last event says; whatever happens, there is one."""
        try:
            answer = self._telling.ask(self)
            if not self._so_far:
                for piece in answer.text.splitlines(keepends=True):
                    self.passage(piece)
            return self._telling.answer(answer)
        except (StoreError, CannotDo) as problem:
            return Answer(outcome="failed", text=str(problem)).contract()
        except Exception as surprise:
            log = self._application.settings.log_file
            note_surprise(log, surprise, during="stream")
            return Answer(outcome="failed", text=apology(log)).contract()

    def _put(self, name: str, data: Data) -> None:
        self._send(f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n")

    def _send(self, event: str | None) -> None:
        if not self.stopped:
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)

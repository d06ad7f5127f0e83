"""One reply of a language model, read while it comes: given up at any moment, and strict about what counts as one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx2
import openai
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import add_ai_message_chunks
from langchain_core.messages.tool import invalid_tool_call, tool_call
from langsmith.run_helpers import tracing_context

from assistant.faults import (
    CutShort,
    EmptyReply,
    KeyRefused,
    ModelFault,
    ModelUnknown,
    NoReply,
    Overloaded,
    PromptTooLong,
    ReplyRefused,
    ReplyTooLong,
    RequestRefused,
    ServerFailed,
    TooSlow,
    Unreachable,
)
from assistant.models import LanguageModel
from assistant.wire import Watch, watch
from storage.text import clean

TICK_SECONDS = 0.05  # how soon a stop is noticed
LONGEST_REPLY = 12_000  # characters
MOST_CALLS = 8  # tools asked for at once
FIRST_WAIT_SECONDS = 0.3  # before another try, where the provider names no time


class Stopped(Exception):
    """The asker does not wait any longer."""


@dataclass(frozen=True)
class Waiting:
    """How long a reply is waited for: for its first words, between words, and for all of it (monotonic clock)."""

    first_seconds: float
    next_seconds: float
    until: float
    is_stopped: Callable[[], bool]
    idle: Callable[[], AbstractContextManager[None]] = nullcontext


class Reply:
    """One reply. Iterate `deltas()` for its words; `message` is the whole of it afterwards."""

    message: AIMessage

    def __init__(
        self, model: LanguageModel, messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]], waiting: Waiting
    ) -> None:
        self.model, self.messages, self.tools, self.waiting = model, messages, tools, waiting
        self.sent: list[str] = []  # the bodies of its requests
        self.text = ""
        self.called = ""  # the calls it asks for, as they were written

    def deltas(self) -> Iterator[str]:
        """Its words as they come; raises a ModelFault, or Stopped. A passing failure is tried again, once."""
        started = monotonic()
        try:
            yield from self._attempt(started)
        except ModelFault as fault:
            ready = monotonic() + (fault.wait_seconds or FIRST_WAIT_SECONDS)
            if not fault.may_pass or self.text or ready > min(started + self.waiting.first_seconds, self.waiting.until):
                raise
            self._rest(ready)
            yield from self._attempt(started)

    def _attempt(self, started: float) -> Iterator[str]:
        with self.model.breaker.passing():
            request = _Request(self.model, self.messages, self.tools)
            try:
                yield from self._read(request, started)
                self.message = _checked(request, self.text)
            finally:
                request.give_up()
                self.called += request.called
                self.sent.append(request.watch.sent)

    def _read(self, request: _Request, started: float) -> Iterator[str]:
        limit = started + self.waiting.first_seconds
        while (piece := self._awaited(request, min(limit, self.waiting.until))) is not None:
            if piece.content or piece.tool_call_chunks:
                limit = monotonic() + self.waiting.next_seconds
            if isinstance(piece.content, str) and piece.content:
                self.text += piece.content
                yield piece.content
            if len(self.text) + len(request.called) > LONGEST_REPLY:
                raise ReplyTooLong

    def _awaited(self, request: _Request, limit: float) -> AIMessageChunk | None:
        with self.waiting.idle():
            return self._next(request, limit)

    def _next(self, request: _Request, limit: float) -> AIMessageChunk | None:
        """The next piece; None at the end."""
        while (left := limit - monotonic()) > 0:
            self._check_stopped()
            try:
                return request.get(min(left, TICK_SECONDS))
            except Empty:
                continue
        raise TooSlow

    def _rest(self, until: float) -> None:
        while (left := until - monotonic()) > 0:
            self._check_stopped()
            sleep(min(left, TICK_SECONDS))

    def _check_stopped(self) -> None:
        if self.waiting.is_stopped():
            raise Stopped


class _Request:
    """One request on a thread of its own, so that whoever waits for it can stop waiting at any moment."""

    def __init__(self, model: LanguageModel, messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]]) -> None:
        self.watch = Watch()
        self.called = ""
        self._is_over = False
        self._read: list[AIMessageChunk] = []
        self._pieces: SimpleQueue[AIMessageChunk | ModelFault | None] = SimpleQueue()
        work, thread = copy_context().run, "language-model"
        Thread(target=work, args=(self._send, model, messages, tools), daemon=True, name=thread).start()

    def get(self, seconds: float) -> AIMessageChunk | None:
        """The next piece, None at the end; raises Empty, or what went wrong."""
        piece = self._pieces.get(timeout=seconds)
        self._is_over = not isinstance(piece, AIMessageChunk)
        if isinstance(piece, ModelFault):
            raise piece
        if piece is not None:
            self._read.append(piece)
            self.called += "".join(f"{call['name'] or ''}{call['args'] or ''}" for call in piece.tool_call_chunks)
        return piece

    @property
    def whole(self) -> AIMessageChunk | None:
        """All pieces as one; None before the first."""
        return add_ai_message_chunks(self._read[0], *self._read[1:]) if self._read else None

    def give_up(self) -> None:
        if not self._is_over:
            self.watch.give_up()

    def _send(self, model: LanguageModel, messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]]) -> None:
        watch.set(self.watch)
        offered: dict[str, Any] = {"tools": list(tools)} if tools else {}
        try:
            with tracing_context(enabled=False):
                for piece in model.chat.stream(list(messages), **offered):
                    if not isinstance(piece, AIMessageChunk) or not isinstance(piece.content, str):
                        raise NoReply
                    self._pieces.put(piece)
        except Exception as error:  # handed over, by name, to the thread that waits
            self._pieces.put(name_fault(error))
        else:
            self._pieces.put(None)


def name_fault(error: BaseException) -> ModelFault:
    """What an error of the client means."""
    for cause in _causes(error):
        if isinstance(cause, ModelFault):
            return cause
        if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError):
            return Unreachable()
    match error:
        case openai.APITimeoutError():
            return TooSlow()
        case openai.APIConnectionError():
            return CutShort()
        case openai.APIStatusError(status_code=status):
            return _of_status(status, error)
        case openai.APIError():
            return ServerFailed()
        case _:
            return NoReply()


def _of_status(status: int, error: openai.APIStatusError) -> ModelFault:
    if status == 429:
        return Overloaded(_wait_seconds(error.response.headers.get("retry-after", "")))
    if status >= 500:
        return ServerFailed()
    if status == 404:
        return ModelUnknown()
    if status in (400, 413) and _TOO_LONG.search(f"{error.code} {error.type} {error.message}"):
        return PromptTooLong()
    return KeyRefused() if status in (401, 403) else RequestRefused() if status >= 400 else NoReply()


# As OpenAI, vLLM, llama.cpp and others put it; newer clients leave the code out of the message LangChain looks at.
_TOO_LONG = re.compile(r"context[ _](?:length|window|size)|prompt is too long|too many tokens", re.IGNORECASE)


def _wait_seconds(header: str) -> float:
    """Seconds a provider wants to be left alone; a date in their place counts as too long to wait for."""
    try:
        return max(0.0, float(header)) if header else 0.0
    except ValueError:
        return float("inf")


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _checked(request: _Request, text: str) -> AIMessage:
    """The whole reply, where it is one."""
    whole = request.whole
    if whole is None:
        raise NoReply
    reason = whole.response_metadata.get("finish_reason")
    if reason == "length":
        raise ReplyTooLong
    if reason == "content_filter":
        raise ReplyRefused
    if not reason and not request.watch.is_complete:
        raise CutShort
    if not text.strip() and not whole.tool_call_chunks:
        raise EmptyReply if reason else NoReply
    return _message(whole, text)


def _message(whole: AIMessageChunk, text: str) -> AIMessage:
    """The reply with the calls it asks for, each with arguments that are an object, or set aside as unreadable."""
    good, bad = [], []
    for call in whole.tool_call_chunks[:MOST_CALLS]:
        name, raw, number = clean(call["name"] or ""), call["args"] or "{}", call["id"] or f"call_{uuid4().hex[:12]}"
        arguments = _object(raw)
        if arguments is None or not name:
            bad.append(invalid_tool_call(name=name[:64] or "unknown", args=clean(raw[:500]), id=number, error=None))
        else:
            good.append(tool_call(name=name[:64], args=arguments, id=number))
    return AIMessage(content=clean(text), tool_calls=good, invalid_tool_calls=bad)


def _object(raw: str) -> dict[str, Any] | None:
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return _cleaned(read) if isinstance(read, dict) else None


def _cleaned(value: Any) -> Any:
    """A value of JSON without characters that no store and no provider takes, like half a surrogate."""
    match value:
        case str():
            return clean(value)
        case dict():
            return {clean(label): _cleaned(inner) for label, inner in value.items()}
        case list():
            return [_cleaned(inner) for inner in value]
        case _:
            return value

"""The one way to a language model's provider: to its own host only, watched byte by byte, whole replies as streams."""

import json
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from socket import SHUT_RDWR
from threading import Event, Lock
from typing import Any

import httpx2

from assistant.faults import NoReply, ReplyTooLong

MOST_BYTES = 2_000_000  # of one reply


class GivenUp(Exception):
    """Nobody waits for this reply any longer."""


@dataclass
class Watch:
    """One request seen from outside: what was sent, whether its reply came to an end, and the way to break it off."""

    sent: str = ""
    is_complete: bool = False
    _given_up: Event = field(default_factory=Event)
    _socket: Any = None
    _lock: Lock = field(default_factory=Lock)

    def give_up(self) -> None:
        """End the request from another thread: at once after its reply has begun, else when it begins."""
        self._given_up.set()
        with self._lock, suppress(OSError):
            if self._socket is not None:
                self._socket.shutdown(SHUT_RDWR)

    def hold(self, stream: Any) -> None:
        """Remember the connection the reply comes over."""
        with self._lock:
            self._socket = stream.get_extra_info("socket") if stream is not None else None
        self.check()

    def let_go(self) -> None:
        """The connection is done with the reply and may serve another request."""
        with self._lock:
            self._socket = None

    def check(self) -> None:
        if self._given_up.is_set():
            raise GivenUp


watch: ContextVar[Watch] = ContextVar("watch")


class Wire(httpx2.BaseTransport):
    """Sends the requests of one client; a redirect to another host is not followed."""

    def __init__(self, base_url: str, inner: httpx2.BaseTransport) -> None:
        self.origin, self.inner = _origin(httpx2.URL(base_url)), inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if _origin(request.url) != self.origin:
            raise NoReply
        seen = watch.get()
        seen.check()
        seen.sent = request.content.decode()
        request.headers["accept-encoding"] = "identity"  # a packed reply may be any size
        response = self.inner.handle_request(request)
        try:
            seen.hold(response.extensions.get("network_stream"))
            return _watched(response, seen)
        except Exception:  # whatever it is, the connection goes back to its pool
            seen.let_go()
            response.close()
            raise

    def close(self) -> None:
        self.inner.close()


def _watched(response: httpx2.Response, seen: Watch) -> httpx2.Response:
    """The response with its bytes watched, and as a stream of events where it came as a whole."""
    assert isinstance(response.stream, httpx2.SyncByteStream)
    stream: httpx2.SyncByteStream = _Watched(response.stream, seen)
    headers = response.headers.multi_items()
    if is_packed(response):
        if response.status_code == 200:
            raise NoReply
        stream = _Unread(stream)
        headers = [(name, value) for name, value in headers if name.lower() not in _OF_BODY]
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code == 200 and kind == "text/html":
        raise NoReply
    if response.status_code == 200 and kind == "application/json":
        stream, seen.is_complete = httpx2.ByteStream(_events_of(stream, response.headers)), True
        headers = [(name, value) for name, value in headers if name.lower() not in _OF_BODY]
    return httpx2.Response(response.status_code, headers=headers, stream=stream, extensions=response.extensions)


_OF_BODY = frozenset({"content-length", "content-type", "content-encoding", "transfer-encoding"})


def is_packed(response: httpx2.Response) -> bool:
    """Whether a body is smaller than what it says, by an encoding that was not asked for."""
    return response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")


class _Unread(httpx2.SyncByteStream):
    """A body that nobody unpacks, in which a failure says more of itself."""

    def __init__(self, inner: httpx2.SyncByteStream) -> None:
        self.inner = inner

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    def close(self) -> None:
        self.inner.close()


class _Watched(httpx2.SyncByteStream):
    """A reply's bytes, until there are too many or nobody waits."""

    def __init__(self, inner: httpx2.SyncByteStream, seen: Watch) -> None:
        self.inner, self.seen = inner, seen

    def __iter__(self) -> Iterator[bytes]:
        length, tail = 0, b""
        for data in self.inner:
            self.seen.check()
            length, tail = length + len(data), (tail + data)[-32:]
            if length > MOST_BYTES:
                raise ReplyTooLong
            if b"[DONE]" in tail:
                self.seen.is_complete = True
            yield data

    def close(self) -> None:
        self.seen.let_go()
        self.inner.close()


def _events_of(body: httpx2.SyncByteStream, headers: httpx2.Headers) -> bytes:
    """A whole reply, of a server that does not stream, as the events of a stream."""
    try:
        whole = httpx2.Response(200, headers=headers, stream=body)
        whole.read()
        reply = json.loads(whole.content)
        choices = [_streamed(choice) for choice in reply["choices"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoReply from error
    event = {**reply, "object": "chat.completion.chunk", "choices": choices}
    return f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n".encode()


def _streamed(choice: dict[str, Any]) -> dict[str, Any]:
    message = dict(choice["message"])
    calls = [{"index": place, **call} for place, call in enumerate(message.get("tool_calls") or [])]
    delta = {**message, "tool_calls": calls or None}
    return {"index": choice.get("index", 0), "delta": delta, "finish_reason": choice.get("finish_reason")}


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port

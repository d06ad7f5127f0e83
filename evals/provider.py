"""A stand-in for a language model's provider on loopback: OpenAI's chat completions, from a script."""

import json
import socket
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Lock, Thread
from time import perf_counter
from types import TracebackType
from typing import Any

_numbers = count(1)


@dataclass(frozen=True)
class Says:
    """Prose. `finish` is why it ends; `pace_seconds` passes before each piece."""

    text: str
    finish: str | None = "stop"
    pace_seconds: float = 0.0
    refusal: str | None = None


@dataclass(frozen=True)
class Calls:
    """Tools asked for, each with its arguments: an object, or any text in its place."""

    calls: Sequence[tuple[str, Mapping[str, Any] | str]]
    text: str = ""

    @classmethod
    def one(cls, name: str, arguments: Mapping[str, Any] | str = "{}", /, **named: Any) -> "Calls":
        return cls([(name, named or arguments)])


@dataclass(frozen=True)
class Fails:
    """An answer of HTTP that is no reply."""

    status: int
    body: str = '{"error": {"message": "a failure", "type": "server_error", "code": null}}'
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hangs:
    """Nothing at all for so long, or until the provider is closed."""

    seconds: float = 60.0


@dataclass(frozen=True)
class Breaks:
    """The beginning of a stream, and then the connection is gone."""

    text: str


@dataclass(frozen=True)
class NoChoices:
    """A reply whose list of choices is empty."""


Move = Says | Calls | Fails | Hangs | Breaks | NoChoices
Script = Callable[[dict[str, Any]], Move]


@dataclass(frozen=True)
class Request:
    """What was sent: its body as text and as read, its headers and its path."""

    raw: str
    body: dict[str, Any]
    headers: dict[str, str]
    path: str


class Provider:
    """`with Provider([Calls.one("project_status", project="GATE"), Says("...")]) as provider:`; its address is `url`.

    A list is played move by move, and its last move goes on for ever; a function is asked for each request's move.
    """

    def __init__(self, script: Sequence[Move] | Script, *, streams: bool = True) -> None:
        self.script, self.streams = script, streams
        self.requests: list[Request] = []
        self.gone: list[int] = []  # requests whose asker went away before the end
        self.seconds = 0.0  # spent on replies
        self.closing = Event()
        self._left = Event()
        self._lock = Lock()

    def __enter__(self) -> "Provider":
        self._server = _Server(("127.0.0.1", 0), self._handler())
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def move(self, request: Request) -> tuple[int, Move]:
        """The number of the request, and what is done about it."""
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
        if callable(self.script):
            return number, self.script(request.body)
        return number, self.script[min(number, len(self.script)) - 1]

    def leave(self, number: int) -> None:
        """Note that whoever sent this request went away."""
        with self._lock:
            self.gone.append(number)
        self._left.set()

    def spend(self, seconds: float) -> None:
        with self._lock:
            self.seconds += seconds

    def wait_until_left(self, seconds: float) -> list[int]:
        """The requests whose asker went away, once there is one; none after so many seconds without."""
        self._left.wait(seconds)
        return list(self.gone)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(_Handler):
            served_by = provider

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: askers that go away in the middle are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    served_by: Provider
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_words: Any) -> None:
        """Nothing: the requests are kept in the provider."""

    def do_GET(self) -> None:
        self._whole(200, json.dumps({"object": "list", "data": [{"id": "scripted", "object": "model"}]}))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        started = perf_counter()
        body = json.loads(raw)
        number, move = self.served_by.move(Request(raw, body, dict(self.headers), self.path))
        try:
            self._play(move, streamed=self.served_by.streams and bool(body.get("stream")))
        except OSError:
            self.served_by.leave(number)
            self.close_connection = True
        finally:
            self.served_by.spend(perf_counter() - started)

    def _play(self, move: Move, *, streamed: bool) -> None:
        match move:
            case Fails(status, body, kind, headers):
                self._whole(status, body, kind, headers)
            case Hangs(seconds):
                self._hang(seconds)
            case Breaks(text):
                self._begin()
                self._event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": text}}]})
                self._reset()
            case NoChoices() if streamed:
                self._stream([{"choices": []}], 0.0)
            case NoChoices():
                self._whole(200, json.dumps(_reply([])))
            case Says() | Calls() if streamed:
                self._stream(list(_pieces(move)), move.pace_seconds if isinstance(move, Says) else 0.0)
            case Says() | Calls():
                self._whole(200, json.dumps(_reply([_choice(move)])))

    def _whole(
        self, status: int, body: str, kind: str = "application/json", headers: Mapping[str, str] | None = None
    ) -> None:
        data = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _stream(self, pieces: Sequence[dict[str, Any]], pace_seconds: float) -> None:
        self._begin()
        for piece in pieces:
            if pace_seconds:
                self.served_by.closing.wait(pace_seconds)
            self._event(piece)
        self._chunk("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, piece: dict[str, Any]) -> None:
        event = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **piece}
        self._chunk(f"data: {json.dumps(event)}\n\n")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _hang(self, seconds: float) -> None:
        """Wait; notice when the asker goes away meanwhile."""
        waited, step = 0.0, 0.05
        while waited < seconds and not self.served_by.closing.wait(step):
            waited += step
            self.connection.settimeout(0.001)
            try:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    raise ConnectionResetError
            except TimeoutError:
                continue
            finally:
                self.connection.settimeout(None)
        self.close_connection = True

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


def _pieces(move: Says | Calls) -> Iterator[dict[str, Any]]:
    """The chunks of a stream as OpenAI cuts them: the role, words of some letters, calls by index, the end."""
    yield _delta({"role": "assistant", "content": ""})
    for start in range(0, len(move.text), 12):
        yield _delta({"content": move.text[start : start + 12]})
    if isinstance(move, Says):
        if move.refusal:
            yield _delta({"refusal": move.refusal})
        yield _delta({}, finish=move.finish)
        return
    for place, (name, arguments) in enumerate(move.calls):
        raw = _raw(arguments)
        called = {"index": place, "id": f"call_{next(_numbers)}", "type": "function"}
        yield _delta({"tool_calls": [{**called, "function": {"name": name, "arguments": ""}}]})
        for start in range(0, len(raw), 20):
            yield _delta({"tool_calls": [{"index": place, "function": {"arguments": raw[start : start + 20]}}]})
    yield _delta({}, finish="tool_calls")


def _delta(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _choice(move: Says | Calls) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": move.text or None}
    if isinstance(move, Says):
        return {"index": 0, "message": {**message, "refusal": move.refusal}, "finish_reason": move.finish}
    message["tool_calls"] = [
        {"id": f"call_{next(_numbers)}", "type": "function", "function": {"name": name, "arguments": _raw(arguments)}}
        for name, arguments in move.calls
    ]
    return {"index": 0, "message": message, "finish_reason": "tool_calls"}


def _reply(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "scripted", "choices": choices}


def _raw(arguments: Mapping[str, Any] | str) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


STATUS_PROSE = (
    "**{{f1.name}} is {{f1.computed_health}}; it is reported {{f1.reported_health}}.**\n"
    "It is {{f1.progress}} done, {{f1.planned_progress}} were planned by now.\n"
    "The planned finish is {{f1.finish}}; promised was {{f1.promised_finish}}."
)
OVERFLOW = (
    '{"error": {"message": "too many tokens", "type": "invalid_request_error", "code": "context_length_exceeded"}}'
)

FAULTS: Mapping[str, Move] = {
    "429": Fails(429, headers={"Retry-After": "30"}),
    "500": Fails(500),
    "timeout": Hangs(),
    "cut stream": Breaks("**{{f1.name}} is"),
    "malformed call": Calls.one("project_status", '{"project": "GA'),
    "arguments no object": Calls.one("project_status", '["GATE"]'),
    "empty": Says(""),
    "refusal": Says("", refusal="I will not."),
    "no choices": NoChoices(),
    "HTML": Fails(200, "<html><body>Welcome</body></html>", "text/html"),
    "overflow": Fails(400, OVERFLOW),
    "length cut": Says("**It is", finish="length"),
    "unknown tool": Calls.one("drop_tables", everything=True),
}
"""What providers do wrong, each for as long as it is asked."""

"""A real server on a free loopback port, asked over one connection; and counting the queries of one question."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from http.client import HTTPConnection
from time import monotonic, perf_counter, sleep
from types import TracebackType
from typing import Any

from sqlalchemy import Engine, event

from assistant.agent import Assistant
from assistant.answer import Question
from evals.worlds import World
from storage.access import Reader

START_SECONDS = 30


class Asking:
    """`with Asking(world) as server: server.ask("...")`; the server runs in a process of its own."""

    def __init__(self, world: World, variables: Mapping[str, str] | None = None) -> None:
        self.world, self.variables = world, {**environment(world), **(variables or {})}
        self.port = _free_port()

    def __enter__(self) -> "Asking":
        command = [sys.executable, "-m", "integrations.cli", "serve", "--port", str(self.port)]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, env=self.variables, stdout=quiet, stderr=quiet)
        self._wait()
        self.connection = HTTPConnection("127.0.0.1", self.port)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.terminate()
        self.process.wait()

    def ask(self, text: str) -> dict[str, Any]:
        """One question in a thread of its own: milliseconds, bytes and outcome of the answer."""
        body = json.dumps({"text": text, "as_of": self.world.today.isoformat()})
        started = perf_counter()
        self.connection.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
        answer = self.connection.getresponse().read()
        spent = (perf_counter() - started) * 1000
        return {"text": text, "ms": spent, "bytes": len(answer), "outcome": json.loads(answer)["outcome"]}

    def _wait(self) -> None:
        until = monotonic() + START_SECONDS
        while monotonic() < until:
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=1)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                sleep(0.05)
        raise TimeoutError(f"The server did not become ready within {START_SECONDS} s.")


def environment(world: World) -> dict[str, str]:
    """The environment of a process that is to use this world's store."""
    database = world.ground.database
    return {
        **os.environ,
        "PILOTHOUSE_HOME": str(database.parent),
        "PILOTHOUSE_DATABASE_URL": f"sqlite:///{database}",
    }


def count_queries(world: World, text: str) -> int:
    """Statements the database runs for one warm question."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    assistant, reader = Assistant(world.store), Reader(world.person_id(None))
    question = Question(text=text, reader=reader, today=world.today)
    assistant.ask(question)
    event.listen(Engine, "before_cursor_execute", note)  # a store reads and writes with engines of their own
    try:
        assistant.ask(question)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(statements)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

"""What a language model costs us: calls, tokens and our own time for a status, and how its provider's faults are met.

The model is scripted, on loopback: its time is known, and taken off.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from assistant.agent import Assistant
from assistant.answer import Question
from assistant.models import LanguageModel, ModelSettings
from assistant.tokens import count_tokens
from evals.benchmarks import Report
from evals.benchmarks.server import Asking, environment
from evals.provider import FAULTS, STATUS_PROSE, Calls, Move, Provider, Says
from evals.worlds import World, quillmere
from storage.access import Reader

WORDS = (
    "where is {}?",
    "wheres {} at??",
    "hows {} doing",
    "is {} on track?",
    "status of {} pls",
    "give me an update on {}",
)
PROJECTS = ("Tern Gateway", "Field app", "CRM rollout", "Ledger data", "Mobile wallet", "Harbour portal")
ROUNDS = 3
FIXED = "where is Tern Gateway?"
WELL = Says("I cannot help with that.")
WAYS_IN = {"api": "application/json", "stream": "text/event-stream"}


def measure() -> Report:
    """Figures of a status question with a scripted model, then every fault at every way in."""
    with TemporaryDirectory() as folder:
        world = quillmere(Path(folder))
        statuses = list(_statuses(world))
        cold = _cold(world)
        faults = list(_faults(world))
    return Report("language-model", {**_summary(statuses), "cold_seconds": cold, **_met(faults)}, [*statuses, *faults])


def _statuses(world: World) -> Iterator[dict[str, Any]]:
    """Each question, after a round to warm up: calls, tokens of all that was sent, our own milliseconds."""
    with Provider(_status) as provider:
        assistant = Assistant(world.store, LanguageModel(ModelSettings("scripted", provider.url, is_fast=False)))
        for number in range(ROUNDS + 1):
            for words in WORDS:
                for project in PROJECTS:
                    row = _one(world, assistant, provider, words.format(project))
                    if number:
                        yield row


def _one(world: World, assistant: Assistant, provider: Provider, text: str) -> dict[str, Any]:
    provider.requests.clear()
    before, started = provider.seconds, perf_counter()
    answer = assistant.ask(Question(text=text, reader=Reader(world.person_id(None)), today=world.today))
    spent = perf_counter() - started - (provider.seconds - before)
    return {
        "text": text,
        "outcome": answer.outcome,
        "degraded": answer.degraded,
        "model_calls": len(provider.requests),
        "prompt_tokens": sum(count_tokens(request.raw) for request in provider.requests),
        "completion_tokens": answer.completion_tokens,
        "own_ms": round(spent * 1000, 1),
    }


def _status(body: dict[str, Any]) -> Move:
    """A model that looks the project up and then speaks of what it was told."""
    if body["messages"][-1]["role"] == "tool":
        return Says(STATUS_PROSE)
    question = str(body["messages"][-1]["content"])
    return Calls.one("project_status", project=next(name for name in PROJECTS if name in question))


def _cold(world: World) -> float:
    """Seconds of the first answer of a process, at the command line, with everything to load."""
    with Provider(_status) as provider:
        seconds: float = _at_command_line(world, provider)["seconds"]
        return seconds


def _faults(world: World) -> Iterator[dict[str, Any]]:
    """Every fault at every way in. Before each one the provider is well, so that its breaker is closed."""
    playing: list[Move] = []
    with Provider(lambda _body: playing[-1]) as provider:
        for fault, move in FAULTS.items():
            playing.append(move)
            yield {"fault": fault, "entry": "ask", **_at_command_line(world, provider)}
        with Asking(world, _variables(provider)) as server:
            for (fault, move), entry in product(FAULTS.items(), WAYS_IN):
                playing.append(WELL)
                _over_http(world, server, WAYS_IN["api"])
                playing.append(move)
                yield {"fault": fault, "entry": entry, **_over_http(world, server, WAYS_IN[entry])}


def _at_command_line(world: World, provider: Provider) -> dict[str, Any]:
    command = [sys.executable, "-m", "integrations.cli", "ask", FIXED, "--as-of", world.today.isoformat(), "--json"]
    variables = {**environment(world), **_variables(provider)}
    started = perf_counter()
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    seconds = perf_counter() - started
    answer = json.loads(done.stdout) if done.stdout else {}
    return _seen(answer, seconds, uncaught="Traceback" in done.stderr or done.returncode not in (0, 1))


def _over_http(world: World, server: Asking, accept: str) -> dict[str, Any]:
    connection = HTTPConnection("127.0.0.1", server.port)
    body = json.dumps({"text": FIXED, "as_of": world.today.isoformat()})
    started = perf_counter()
    connection.request("POST", "/api/ask", body, {"Content-Type": "application/json", "Accept": accept})
    reply = connection.getresponse()
    text = reply.read().decode()
    seconds = perf_counter() - started
    last = text.rpartition("event: answer\ndata: ")[2].partition("\n")[0] if accept != "application/json" else text
    return _seen(json.loads(last), seconds, uncaught=reply.status != 200)


def _variables(provider: Provider) -> dict[str, str]:
    """The environment that makes this provider's model answer everything."""
    return {"OPENAI_BASE_URL": provider.url, "PILOTHOUSE_MODEL": "scripted", "PILOTHOUSE_FAST_PATH": "false"}


def _seen(answer: Mapping[str, Any], seconds: float, *, uncaught: bool) -> dict[str, Any]:
    return {
        "seconds": round(seconds, 2),
        "outcome": answer.get("outcome"),
        "degraded": answer.get("degraded"),
        "blank": not str(answer.get("text", "")).strip(),
        "uncaught": uncaught,
    }


def _summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    own = [row["own_ms"] for row in rows]
    return {
        "questions": len(rows),
        "answered": sum(row["outcome"] == "answered" and not row["degraded"] for row in rows),
        "most_model_calls": max(row["model_calls"] for row in rows),
        "prompt_tokens": median(row["prompt_tokens"] for row in rows),
        "most_prompt_tokens": max(row["prompt_tokens"] for row in rows),
        "own_p50_ms": round(median(own), 1),
        "own_p95_ms": round(quantiles(own, n=20)[18], 1),
    }


def _met(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "faults": len(FAULTS),
        "faults_met": len(rows),
        "uncaught": sum(row["uncaught"] for row in rows),
        "blank": sum(row["blank"] for row in rows),
        "answered_in_faults": sum(row["outcome"] == "answered" for row in rows),
        "slowest_warm_seconds": max(row["seconds"] for row in rows if row["entry"] != "ask"),
        "slowest_cold_seconds": max(row["seconds"] for row in rows if row["entry"] == "ask"),
    }

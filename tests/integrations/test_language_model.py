"""A language model behind every surface: whatever its provider does, there is an answer; nothing leaves loopback."""

import ipaddress
import json
import socket
import sys
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from langchain_core.tracers.langchain import wait_for_all_tracers

from evals.provider import FAULTS, STATUS_PROSE, Calls, Fails, Move, Provider, Says
from integrations.app import Application
from integrations.cli import main
from integrations.doctor import examine
from integrations.settings import Settings
from storage.engine import Store
from tests.integrations.conftest import MONDAY, MakeClient

BUSY = 20  # seconds on a machine that does much else; the benchmark holds it to 5
STATUS = "where does tern gateway stand?"
TALK: list[Move] = [Calls.one("project_status", project="Tern Gateway"), Says(STATUS_PROSE)] * 9
ASKED = {"text": STATUS, "as_of": MONDAY.isoformat()}


@pytest.fixture
def with_model(sample_settings: Settings) -> Iterator[Any]:
    """`with_model(provider)` is the sample's application with that provider's model."""
    store = Store.open(sample_settings.store_url)

    def make(provider: Provider, **settings: Any) -> Application:
        chosen = {"model": "scripted", "openai_base_url": provider.url, "fast_path": False}
        return Application(Settings(home=sample_settings.home, **{**chosen, "model_patience": 15, **settings}), store)

    yield make
    store.close()


def events(stream: str) -> list[tuple[str, Any]]:
    """The events of a stream, without its comments."""
    parts = [part for part in stream.split("\n\n") if part.startswith("event: ")]
    named = [part.removeprefix("event: ").split("\ndata: ", 1) for part in parts]
    return [(name, json.loads(data)) for name, data in named]


class Entries:
    """The ways in: each gives the text that a person reads."""

    def __init__(
        self, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.client, self.monkeypatch, self.capsys = client, monkeypatch, capsys

    def api(self) -> str:
        reply = self.client.post("/api/ask", json=ASKED)
        assert reply.status_code == 200
        return str(reply.json()["text"])

    def api_stream(self) -> str:
        reply = self.client.post("/api/ask", json=ASKED, headers={"Accept": "text/event-stream"})
        heard = events(reply.text)
        tokens = "".join(data["text"] for name, data in heard if name == "token")
        assert [name for name, _ in heard].count("answer") == 1 and heard[-1][0] == "answer"
        assert tokens == heard[-1][1]["text"]
        return tokens

    def page(self) -> str:
        reply = self.client.post("/ask", data={**ASKED, "thread": f"t{monotonic()}"}, follow_redirects=True)
        assert reply.status_code == 200
        return reply.text

    def page_stream(self) -> str:
        reply = self.client.post("/ask", data={**ASKED, "thread": "s"}, headers={"Accept": "text/event-stream"})
        assert reply.status_code == 200 and events(reply.text)[-1][0] == "answer"
        return reply.text

    def cli(self, provider: Provider, settings: Settings) -> str:
        variables = {
            "PILOTHOUSE_HOME": str(settings.home),
            "PILOTHOUSE_MODEL": "scripted",
            "PILOTHOUSE_FAST_PATH": "false",
            "PILOTHOUSE_MODEL_PATIENCE": str(settings.model_patience),
            "OPENAI_BASE_URL": provider.url,
        }
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.setattr(sys, "argv", ["pilothouse", "ask", STATUS, "--as-of", MONDAY.isoformat()])
        with pytest.raises(SystemExit) as left:
            main()
        printed = self.capsys.readouterr()
        assert not left.value.code and "Traceback" not in printed.err
        return printed.out


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_provider_does_every_surface_answers_in_time(
    with_model: Any,
    client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: str,
) -> None:
    for entry in ("api", "api_stream", "page", "cli"):
        with Provider([FAULTS[fault]]) as provider:
            application = with_model(provider, model_patience=0.5 if fault == "timeout" else 15)
            entries = Entries(client(application), monkeypatch, capsys)
            started = monotonic()
            text = entries.cli(provider, application.settings) if entry == "cli" else getattr(entries, entry)()
            spent = monotonic() - started

        assert "Tern Gateway is amber" in text, entry
        assert "The language model " in text, entry
        assert provider.requests and spent < BUSY, entry


def test_the_model_answers_on_every_surface(
    with_model: Any, client: MakeClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Provider(TALK) as provider:
        application = with_model(provider)
        entries = Entries(client(application), monkeypatch, capsys)
        texts = [entries.api(), entries.api_stream(), entries.page(), entries.page_stream()]
        texts.append(entries.cli(provider, application.settings))

    for text in texts:
        assert "it is reported green" in text
        assert "built-in" not in text


def test_leaving_the_page_ends_the_providers_work_and_keeps_what_was_told(with_model: Any, client: MakeClient) -> None:
    slow = Says(f"{STATUS_PROSE}\n" * 40, pace_seconds=0.01)
    with Provider([TALK[0], slow]) as provider:
        application = with_model(provider)
        web = client(application)
        accept = {"Accept": "text/event-stream"}
        with web.stream("POST", "/api/ask", json={**ASKED, "thread": "left"}, headers=accept) as reply:
            for line in reply.iter_lines():
                if line == "event: token":
                    break
        assert provider.wait_until_left(5) == [2]
        until = monotonic() + 5
        while monotonic() < until and not (page := web.get("/?thread=left").text).count("Stopped before the end"):
            sleep(0.05)
    assert "Tern Gateway is amber" in page and "Stopped before the end" in page


def test_no_tracing_and_no_other_host_whatever_the_environment_says(
    with_model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[Any] = []
    connect = socket.socket.connect

    def note(self: socket.socket, address: Any) -> None:
        reached.append(address)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", note)
    with Provider(TALK) as provider, Provider([Fails(200)]) as trap:
        for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", trap.url)
        monkeypatch.setenv("LANGCHAIN_ENDPOINT", trap.url)
        monkeypatch.setenv("LANGSMITH_API_KEY", "ls-key")
        application = with_model(provider)
        answer = application.ask(STATUS, application.owner(), surface="test", as_of=MONDAY)
        wait_for_all_tracers()

    assert answer.model == "scripted" and answer.model_calls == 2
    assert not trap.requests
    assert reached and all(ipaddress.ip_address(host).is_loopback for host, *_ in reached)


def test_a_model_of_a_provider_elsewhere_is_not_asked_by_a_redirect(with_model: Any) -> None:
    with Provider(TALK) as elsewhere:
        away = Fails(
            307, "", headers={"Location": f"{elsewhere.url.replace('127.0.0.1', 'localhost')}/chat/completions"}
        )
        with Provider([away]) as provider:
            application = with_model(provider)
            answer = application.ask(STATUS, application.owner(), surface="test", as_of=MONDAY)

    assert answer.degraded and not elsewhere.requests


def told_by_doctor(settings: Settings) -> dict[str, str]:
    return {finding.subject: str(finding) for finding in examine(settings)}


def test_doctor_says_which_model_answers_and_whether_it_is_reached(sample_settings: Settings) -> None:
    chosen: dict[str, Any] = {"home": sample_settings.home, "openai_api_key": "sk-hidden"}
    with Provider(TALK) as provider:
        well = told_by_doctor(Settings(model="scripted", openai_base_url=provider.url, **chosen))
        other = told_by_doctor(Settings(model="gone", openai_base_url=provider.url, **chosen))
    down = told_by_doctor(Settings(model="scripted", openai_base_url=provider.url, **chosen))
    none = told_by_doctor(Settings(home=sample_settings.home))

    assert "scripted at http://127.0.0.1" in well["model"] and "with a key" in well["model"]
    assert well["its provider"] == "ok         its provider: answers"
    assert "has no gone" in other["its provider"] and "scripted" in other["its provider"]
    assert down["its provider"].startswith("attention") and "cannot be reached" in down["its provider"]
    assert "its provider" not in none and "needs no key" in none["model"]
    assert "hidden" not in repr((well, other, down))


def test_a_setting_that_cannot_be_used_is_said_at_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sample_settings: Settings
) -> None:
    monkeypatch.setenv("PILOTHOUSE_HOME", str(sample_settings.home))
    monkeypatch.setenv("OPENAI_BASE_URL", "localhost:11434")
    monkeypatch.setattr(sys, "argv", ["pilothouse", "ask", STATUS])
    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 1
    assert "OPENAI_BASE_URL cannot be used" in capsys.readouterr().err

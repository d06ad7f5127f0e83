"""The surfaces under test: the sample in a folder of its own, a server on a free loopback port, and no way out."""

import ipaddress
import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from integrations.app import Answering, Application
from integrations.setting_up import set_up
from integrations.settings import Settings
from integrations.web.server import create_web
from storage.engine import Store
from storage.people import create_owner

MONDAY = date(2026, 3, 2)
MakeClient = Callable[..., httpx.Client]


@pytest.fixture(autouse=True)
def stays_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket of a surface reaches another machine."""
    connect = socket.socket.connect

    def connect_nearby(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert ipaddress.ip_address(address[0]).is_loopback, f"A connection to {address[0]}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_nearby)


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The made-up firm, laid once for the whole run."""
    settings = Settings(home=tmp_path_factory.mktemp("sample"))
    set_up(settings, with_sample=True, day=MONDAY, organisation="", owner=("", ""))
    return settings


@pytest.fixture
def sample(sample_settings: Settings) -> Iterator[Application]:
    store = Store.open(sample_settings.store_url)
    yield Application(sample_settings, store)
    store.close()


@pytest.fixture
def own_sample(sample_settings: Settings, tmp_path: Path) -> Iterator[Application]:
    """A copy of the made-up firm to write to."""
    settings = Settings(home=tmp_path)
    source = Store.open(sample_settings.store_url)
    with (
        sqlite3.connect(source.engine.url.database or "") as laid,
        sqlite3.connect(tmp_path / "pilothouse.db") as copy,
    ):
        laid.backup(copy)
    source.close()
    store = Store.open(settings.store_url)
    yield Application(settings, store)
    store.close()


@pytest.fixture
def own(sqlite_template: Path, tmp_path: Path) -> Iterator[Application]:
    """A store of one's own with an owner, and nothing imported."""
    shutil.copyfile(sqlite_template, tmp_path / "pilothouse.db")
    settings = Settings(home=tmp_path)
    store = Store.open(settings.store_url)
    create_owner(store, "Ana Owner", "ana@own.example")
    yield Application(settings, store)
    store.close()


@pytest.fixture
def client() -> Iterator[MakeClient]:
    """`client(application)` is an HTTP client of a real server, which claims to be bound to `host`."""
    with Servers() as servers:
        yield servers.client


def with_assistant(application: Application, assistant: Answering) -> Application:
    return Application(application.settings, application.store, assistant)


class Servers:
    """Real servers, which end with the story."""

    def __init__(self) -> None:
        self.running: list[tuple[uvicorn.Server, threading.Thread, httpx.Client]] = []

    def __enter__(self) -> "Servers":
        return self

    def client(
        self, application: Application, *, host: str = "127.0.0.1", port: int = 0, **options: Any
    ) -> httpx.Client:
        config = uvicorn.Config(create_web(application, host=host), log_level="critical", proxy_headers=False)
        listener = socket.create_server(("127.0.0.1", port))
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        client = httpx.Client(base_url=address, timeout=30, trust_env=False, **options)
        self.running.append((server, thread, client))
        return client

    def kill(self) -> None:
        """End all of them at once, whatever they are about to say."""
        for server, thread, _ in self.running:
            server.force_exit = server.should_exit = True
            thread.join(timeout=10)

    def __exit__(self, *_error: object) -> None:
        for server, thread, client in self.running:
            client.close()
            server.should_exit = True
            thread.join(timeout=10)

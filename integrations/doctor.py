"""`pilothouse doctor`: what is ready here, and what to do about the rest."""

import asyncio
import os
import platform
import re
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, SQLModel, col, func, select

from integrations.settings import Settings
from storage.api_keys import any_keys
from storage.engine import Store
from storage.errors import StoreError
from storage.models import Organisation, Person, Portfolio, Program, Project, Task

if TYPE_CHECKING:
    from assistant.models import ModelSettings

OLDEST_PYTHON = (3, 11)
LEAST_FREE_MB = 200
COUNTED: dict[str, type[SQLModel]] = {
    "portfolios": Portfolio,
    "programs": Program,
    "projects": Project,
    "tasks": Task,
    "people": Person,
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `advice` is empty where it is well."""

    subject: str
    state: str
    advice: str = ""

    @property
    def ok(self) -> bool:
        return not self.advice

    def __str__(self) -> str:
        mark = "ok       " if self.ok else "attention"
        return f"{mark}  {self.subject}: {self.state}" + (f". {self.advice}" if self.advice else "")

    def to_json(self) -> dict[str, Any]:
        return {"ok": self.ok, **asdict(self)}


def examine(settings: Settings, *, port: int = 8080) -> list[Finding]:
    """Every finding; the store's own are left out where it cannot be opened, and that is said."""
    return [
        _python(),
        _packages(),
        _disk(settings.home),
        _port(port),
        *_models(settings),
        *_sign_in(settings),
        *_slack(settings),
        *_store(settings),
    ]


def _python() -> Finding:
    found = platform.python_version()
    advice = "" if sys.version_info >= OLDEST_PYTHON else "Install Python 3.11 or newer, then `make setup`."
    return Finding("Python", found, advice)


def _packages() -> Finding:
    missing = [name for name in _wanted_packages() if not _is_installed(name)]
    if missing:
        return Finding("packages", f"missing: {', '.join(missing)}", "Run `make setup` again.")
    return Finding("packages", f"all present, pilothouse {version('pilothouse')}")


def _wanted_packages() -> Iterator[str]:
    """The distributions pilothouse needs to run, without those of its extras."""
    for requirement in requires("pilothouse") or []:
        if "extra ==" not in requirement:
            yield re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _disk(home: Path) -> Finding:
    place = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(place).free // 1_000_000
    if not os.access(place, os.W_OK):
        return Finding("data folder", f"{home} cannot be written", "Set PILOTHOUSE_HOME to a folder of yours.")
    advice = "" if free >= LEAST_FREE_MB else f"Free some space: below {LEAST_FREE_MB} MB imports may fail."
    return Finding("data folder", f"{home}, {free:,} MB free", advice)


def _port(port: int) -> Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return Finding("port", f"{port} is in use", "Use another: pilothouse serve --port 8081.")
    return Finding("port", f"{port} is free")


def _models(settings: Settings) -> list[Finding]:
    from assistant.builtin.intent import load

    builtin = f"the built-in one, which needs no key and knows {len(load().labels)} kinds of question"
    chosen = settings.language_model
    if chosen is None:
        return [Finding("model", builtin)]
    key = "with a key" if chosen.key else "without a key"
    helped = f"; {builtin}, answers lookups it is sure of" if chosen.is_fast else ""
    return [Finding("model", f"{chosen.name} at {chosen.base_url}, {key}{helped}"), _provider(chosen)]


def _provider(chosen: "ModelSettings") -> Finding:
    from assistant.faults import KeyRefused, ModelFault
    from assistant.models import LanguageModel

    try:
        names = LanguageModel(chosen).reach()
    except KeyRefused as refused:
        return Finding("its provider", str(refused).rstrip("."), "Check OPENAI_API_KEY, or the file that holds it.")
    except ModelFault as fault:
        advice = "Start it, or check OPENAI_BASE_URL; until then the built-in model answers."
        return Finding("its provider", str(fault).rstrip("."), advice)
    if names and chosen.name not in names:
        known = ", ".join(names[:5])
        return Finding(
            "its provider", f"answers, and has no {chosen.name}", f"Set PILOTHOUSE_MODEL to one of: {known}."
        )
    return Finding("its provider", "answers")


def _sign_in(settings: Settings) -> list[Finding]:
    registration = settings.openid
    if registration is None:
        return []
    from integrations.openid import Provider, ProviderFailed

    try:
        asyncio.run(Provider(registration).discover())
    except ProviderFailed as failure:
        advice = f"Check PILOTHOUSE_OIDC_ISSUER, {registration.issuer}, and that it can be reached from here."
        return [Finding("sign-in", str(failure).rstrip("."), advice)]
    advice = "Set PILOTHOUSE_OIDC_CLIENT_SECRET to what the provider made." if registration.has_weak_secret else ""
    told = f"{registration.issuer} answers, and is to send people back to {registration.redirect_address}"
    return [Finding("sign-in", told, advice)]


def _slack(settings: Settings) -> list[Finding]:
    slack = settings.slack
    if slack is None:
        return []
    if not (slack.app_token or slack.signing_secret):
        advice = "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP. README.md has every step."
        return [Finding("Slack", "a bot token, and no way for messages to come in", advice)]
    if slack.signing_secret and slack.has_weak_secret:
        return [Finding("Slack", "the signing secret is a placeholder", "Copy it from the app's “Basic Information”.")]
    from integrations.slack.surface import look

    found = asyncio.run(look(slack))
    if found.problem:
        advice = "Copy the token from “OAuth & Permissions”, install the app again, or check the way to Slack."
        return [Finding("Slack", found.problem, advice)]
    ways = [way for way, token in (("Socket Mode", slack.app_token), ("HTTP", slack.signing_secret)) if token]
    missing = f"Add {', '.join(found.missing)} and install the app again." if found.missing else ""
    return [Finding("Slack", f"the app is in {found.team}, and listens by {' and '.join(ways)}", missing)]


def _store(settings: Settings) -> list[Finding]:
    try:
        store = Store.open(settings.store_url)
        with store.reading() as session:
            counts = {label: _count(session, model) for label, model in COUNTED.items()}
            has_keys = any_keys(session)
            laid_on = session.exec(select(col(Organisation.sample_laid_on))).first()
    except StoreError as problem:
        return [Finding("store", "cannot be used", str(problem))]
    told = ", ".join(f"{count:,} {label}" for label, count in counts.items())
    advice = "" if counts["projects"] else "Import some: pilothouse import PATH, or pilothouse init --sample."
    made_up = f" (the made-up sample, laid around {laid_on})" if laid_on else ""
    return [
        Finding("store", store.place),
        Finding("schema", f"{store.version()}, as this program wants it"),
        Finding("data", told + made_up, advice),
        Finding("API keys", _keys(has_keys, settings)),
    ]


def _keys(has_keys: bool, settings: Settings) -> str:
    if has_keys:
        return "asked of every caller" + (" who is not signed in" if settings.openid else "")
    return "none, so people sign in" if settings.openid else "none, so the server stays on loopback"


def _count(session: Session, model: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(model)).one()

"""The web server: routes behind their guards, and the rules for listening beyond this machine."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from integrations.app import Application, CannotDo, TooFast
from integrations.console import say
from integrations.log import apology, note_surprise
from integrations.settings import LEAST_SECRET
from integrations.web import administering, api, deciding, history, judging, pages, visiting
from integrations.web.doorkeeper import Door, Doorkeeper, KeyTooNarrow, NotAnAdministrator, NotYoursToSay
from integrations.web.guard import Guard, HostNames, is_loopback
from integrations.web.showing import show_sentence
from integrations.web.turns import new_turns
from storage.errors import StoreError


class KeysMissing(CannotDo):
    def __init__(self, host: str) -> None:
        super().__init__(
            f"Listening on {host} would open the store to the network, and no API key exists yet. "
            "Make one with `pilothouse people key EMAIL`, set up sign-in by OpenID Connect, "
            "or serve on 127.0.0.1 without PILOTHOUSE_HOSTS."
        )


class SecretTooWeak(CannotDo):
    def __init__(self) -> None:
        super().__init__(
            f"PILOTHOUSE_OIDC_CLIENT_SECRET is a placeholder, or has fewer than {LEAST_SECRET} characters. Set what "
            "the provider made, or none where this server is a public client there: PKCE stands in for it."
        )


class SlackSecretTooWeak(CannotDo):
    def __init__(self) -> None:
        super().__init__(
            f"SLACK_SIGNING_SECRET is a placeholder, or has fewer than {LEAST_SECRET} characters. "
            "Copy it from the app's page in Slack, “Basic Information”."
        )


class PortTaken(CannotDo):
    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"Cannot listen on {host}:{port} ({reason}). Choose another: --port {port + 1}.")


class Static(StaticFiles):
    """Files that a browser may keep, as long as it asks each time whether they are still the same."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        response = super().file_response(*args, **named)
        response.headers["Cache-Control"] = "no-cache"
        return response


def create_web(application: Application, *, host: str = "127.0.0.1") -> FastAPI:
    """The web application as it is served on `host`."""
    keeper = Doorkeeper(application, on_loopback=is_loopback(host))
    web = FastAPI(title="Pilothouse", docs_url=None, redoc_url=None, lifespan=_with_slack(application))
    web.state.application, web.state.keeper, web.state.turns = application, keeper, new_turns()
    for part in (api, pages, deciding, administering, history, judging, visiting):
        web.include_router(part.router)
    _add_sign_in(web, application)
    web.mount("/static", Static(directory=Path(__file__).parent / "static"))
    web.add_exception_handler(CannotDo, _say_expected)
    web.add_exception_handler(StoreError, _say_expected)
    web.add_exception_handler(HTTPException, _say_http)
    web.add_exception_handler(Exception, _apologise)
    web.add_middleware(Door, keeper=keeper)
    web.add_middleware(Guard, hosts=HostNames.of(host, application.settings.host_names))
    return web


def serve(application: Application, *, host: str, port: int) -> None:
    """Serve until stopped; raises KeysMissing, SecretTooWeak or PortTaken before anything listens."""
    application.check()
    names = application.settings.host_names  # of a proxy in front: the network comes in through it
    if names or not is_loopback(host):
        _check_guarded(application, ", ".join(names) or host)
    listener = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    say(f"Pilothouse answers on http://{shown}:{port} (Ctrl-C stops it).")
    config = uvicorn.Config(
        create_web(application, host=host),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    with suppress(KeyboardInterrupt):  # Ctrl-C is how a server is meant to be stopped
        uvicorn.Server(config).run(sockets=[listener])


def _with_slack(application: Application) -> Callable[[FastAPI], AbstractAsyncContextManager[None]] | None:
    """What begins and ends with the server where Slack posts to it; None where it does not."""
    settings = application.settings.slack
    if settings is None or not settings.signing_secret:
        return None

    @asynccontextmanager
    async def lifespan(web: FastAPI) -> AsyncIterator[None]:
        from integrations.slack.surface import Surface, door_of

        surface = Surface(application, settings)
        web.include_router(door_of(surface))
        await surface.start()
        try:
            yield
        finally:
            await surface.stop()

    return lifespan


def _add_sign_in(web: FastAPI, application: Application) -> None:
    """The routes of OpenID Connect, and what they need to load, where it is set up."""
    if application.settings.openid:
        from integrations.web import oidc

        web.state.sign_ins = oidc.new_sign_ins(application.settings.openid)
        web.include_router(oidc.router)


def _check_guarded(application: Application, reached_at: str) -> None:
    """Raise unless everybody who comes from the network must say who they are, by means that nobody can guess."""
    openid = application.settings.openid
    if openid is None and not application.has_keys():
        raise KeysMissing(reached_at)
    if openid and openid.has_weak_secret:
        raise SecretTooWeak
    slack = application.settings.slack
    if slack and slack.signing_secret and slack.has_weak_secret:
        raise SlackSecretTooWeak


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        raise PortTaken(host, port, (error.strerror or str(error)).lower()) from None
    return listener


async def _say_expected(request: Request, error: Exception) -> Response:
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 422)
    response: Response = JSONResponse({"detail": str(error)}, status_code=status)
    if "text/html" in request.headers.get("accept", ""):
        response = show_sentence(request, "Not done", str(error), status=status)
    if isinstance(error, TooFast):
        response.headers["Retry-After"] = str(error.seconds)
    return response


_STATUS: dict[type[Exception], int] = {
    StoreError: 503,
    NotYoursToSay: 403,
    KeyTooNarrow: 403,
    NotAnAdministrator: 403,
    TooFast: 429,
}


async def _say_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and not request.url.path.startswith("/api"):
        return pages.not_found(request)
    return JSONResponse({"detail": error.detail}, status_code=error.status_code, headers=error.headers)


async def _apologise(request: Request, surprise: Exception) -> Response:
    log = request.app.state.application.settings.log_file
    note_surprise(log, surprise, during=request.url.path)
    return JSONResponse({"detail": apology(log)}, status_code=500)

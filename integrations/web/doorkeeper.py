"""Who asks over HTTP: a key, a session made with a key, or, on loopback without keys, whoever one says."""

import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.app import Application, CannotDo, PersonNotKnown
from storage.people import Member
from storage.vocabulary import KeyScope

SESSION_COOKIE = "pilothouse_session"
PERSON_COOKIE = "pilothouse_person"
SESSION_SECONDS = 12 * 3600
MOST_SESSIONS = 10_000
OPEN_PATHS = ("/livez", "/readyz", "/login", "/static/")


class KeyWanted(CannotDo):
    def __init__(self) -> None:
        super().__init__("Send an API key: Authorization: Bearer ph_... (`pilothouse people key EMAIL` makes one).")


class KeyRefused(CannotDo):
    def __init__(self) -> None:
        super().__init__("That API key is not valid, or not any more.")


class KeyTooNarrow(CannotDo):
    def __init__(self, wanted: KeyScope) -> None:
        super().__init__(f"Your API key is not for this: it takes one made with --scope {wanted}.")


class NotAnAdministrator(CannotDo):
    def __init__(self) -> None:
        super().__init__("Only an administrator of the organisation can do that.")


class NotYoursToSay(CannotDo):
    def __init__(self) -> None:
        super().__init__("“as” works only on a server on loopback without API keys; here your key says who asks.")


@dataclass(frozen=True)
class Caller:
    """Who a request comes from. `is_open`: on loopback without keys, where the caller may ask as anyone."""

    asker: Member
    is_open: bool
    scope: KeyScope = KeyScope.ADMIN


@dataclass(frozen=True)
class Session:
    """What a session's cookie stands for, until a moment of the monotonic clock."""

    key: str
    ends_at: float


@dataclass
class Doorkeeper:
    """Trust in loopback hangs on the address the server is bound to, never on who connects."""

    application: Application
    on_loopback: bool
    _sessions: dict[str, Session] = field(default_factory=dict)  # in this process only

    def log_in(self, key: str) -> str | None:
        """The name of a new session; None for a key that is not valid."""
        if self.application.bearer_of(key) is None:
            return None
        if len(self._sessions) >= MOST_SESSIONS:
            self._sessions.pop(next(iter(self._sessions)))
        session = secrets.token_urlsafe(32)
        self._sessions[session] = Session(key, monotonic() + SESSION_SECONDS)
        return session

    def log_out(self, session: str | None) -> None:
        self._sessions.pop(session or "", None)

    def is_open(self) -> bool:
        return self.on_loopback and not self.application.keys_were_made()

    def caller(self, authorization: str | None, session: str | None, person: str | None) -> Caller:
        """Who asks; raises KeyWanted or KeyRefused. A key counts before a session, a session before a choice."""
        key = _bearer(authorization) if authorization else self._key_of(session)
        if key is not None:
            bearer = self.application.bearer_of(key)
            if bearer is None:
                raise KeyRefused
            return Caller(bearer.person, is_open=False, scope=bearer.scope)
        if not self.is_open():
            raise KeyWanted
        return Caller(self._chosen(person), is_open=True)

    def _key_of(self, session: str | None) -> str | None:
        """The key a session was made with; None for a session that has ended, or never was."""
        known = self._sessions.get(session or "")
        return known.key if known and known.ends_at > monotonic() else None

    def _chosen(self, person: str | None) -> Member:
        try:
            return self.application.person(person) if person else self.application.owner()
        except PersonNotKnown:
            return self.application.owner()


class Door:
    """ASGI middleware: no route but the open ones is reached by a caller that nobody vouches for."""

    def __init__(self, app: ASGIApp, keeper: Doorkeeper) -> None:
        self.app = app
        self.keeper = keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_open_path(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            caller = await run_in_threadpool(self._caller, HTTPConnection(scope))
        except (KeyWanted, KeyRefused) as refusal:
            await _turn_away(scope, refusal)(scope, receive, send)
            return
        state: MutableMapping[str, object] = scope.setdefault("state", {})
        state["caller"] = caller
        await self.app(scope, receive, send)

    def _caller(self, request: HTTPConnection) -> Caller:
        return self.keeper.caller(
            request.headers.get("authorization"),
            request.cookies.get(SESSION_COOKIE),
            unquote(request.cookies.get(PERSON_COOKIE, "")),
        )


def _bearer(authorization: str) -> str:
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _is_open_path(path: str) -> bool:
    return any(path == each or (each.endswith("/") and path.startswith(each)) for each in OPEN_PATHS)


def _turn_away(scope: Scope, refusal: CannotDo) -> Response:
    accepted = HTTPConnection(scope).headers.get("accept", "")
    if scope["method"] in ("GET", "HEAD") and "text/html" in accepted:
        return RedirectResponse("/login", status_code=303)
    return JSONResponse({"detail": str(refusal)}, status_code=401, headers={"WWW-Authenticate": "Bearer"})

"""Who asks over HTTP: a key, a session made by signing in, or, on loopback without either, whoever one says."""

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
from integrations.settings import RETURN_PATH
from storage.people import Member
from storage.vocabulary import KeyScope

SESSION_COOKIE = "pilothouse_session"
PERSON_COOKIE = "pilothouse_person"
SESSION_SECONDS = 12 * 3600
SIGN_IN_SECONDS = 8 * 3600  # of a person whom the OpenID provider vouched for
MOST_SESSIONS = 10_000
OPEN_PATHS = ("/livez", "/readyz", "/login", "/login/oidc", RETURN_PATH, "/slack/events", "/static/")


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


class SignInEnded(CannotDo):
    def __init__(self) -> None:
        super().__init__("Your sign-in has ended. Sign in again.")


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
    """What a session's cookie stands for, a key or a person's id, until a moment of the monotonic clock."""

    stands_for: str | int
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
        return self._begin(Session(key, monotonic() + SESSION_SECONDS))

    def admit(self, person: Member) -> str:
        """The name of a new session of somebody whom the OpenID provider vouched for."""
        return self._begin(Session(person.id, monotonic() + SIGN_IN_SECONDS))

    def log_out(self, session: str | None) -> None:
        self._sessions.pop(session or "", None)

    def is_open(self) -> bool:
        is_guarded = self.application.settings.openid or self.application.keys_were_made()
        return self.on_loopback and not is_guarded

    def caller(self, authorization: str | None, session: str | None, person: str | None) -> Caller:
        """Who asks: by key, else by session, else by choice. Raises KeyWanted, KeyRefused or SignInEnded."""
        shown = _bearer(authorization) if authorization else self._held(session)
        if isinstance(shown, int):
            return Caller(self._signed_in(shown, session), is_open=False)
        if shown is not None:
            bearer = self.application.bearer_of(shown)
            if bearer is None:
                raise KeyRefused
            return Caller(bearer.person, is_open=False, scope=bearer.scope)
        if not self.is_open():
            raise KeyWanted
        return Caller(self._chosen(person), is_open=True)

    def _begin(self, session: Session) -> str:
        if len(self._sessions) >= MOST_SESSIONS:
            self._sessions.pop(next(iter(self._sessions)))
        name = secrets.token_urlsafe(32)
        self._sessions[name] = session
        return name

    def _held(self, session: str | None) -> str | int | None:
        """The key or the person a session stands for; None for a session that has ended, or never was."""
        known = self._sessions.get(session or "")
        return known.stands_for if known and known.ends_at > monotonic() else None

    def _signed_in(self, person_id: int, session: str | None) -> Member:
        """The person as the store has them now; one who is not active any more is signed out."""
        person = self.application.active_person(person_id)
        if person is None:
            self.log_out(session)
            raise SignInEnded
        return person

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
        except (KeyWanted, KeyRefused, SignInEnded) as refusal:
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

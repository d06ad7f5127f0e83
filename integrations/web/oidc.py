"""Signing in with the organisation's account: a browser leaves for the OpenID provider, and comes back once."""

from dataclasses import dataclass, field
from secrets import compare_digest, token_urlsafe
from time import monotonic

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from integrations.app import Application, PersonNotKnown
from integrations.openid import Attempt, Provider, ProviderFailed, SignInFailed
from integrations.settings import RETURN_PATH, Registration
from integrations.web.doorkeeper import SESSION_COOKIE, SIGN_IN_SECONDS, Doorkeeper
from integrations.web.showing import application_of, show_login
from storage.people import Member

ATTEMPT_COOKIE = "pilothouse_sign_in"
ATTEMPT_SECONDS = 600
MOST_ATTEMPTS = 10_000

router = APIRouter(include_in_schema=False)


class NotBegunHere(SignInFailed):
    def __init__(self) -> None:
        super().__init__("This sign-in has ended already, or was begun in another browser. Begin again.")


class Declined(SignInFailed):
    def __init__(self) -> None:
        super().__init__("Your organisation's sign-in service did not let you in. Begin again, or ask whoever runs it.")


class NobodyHere(SignInFailed):
    """Says the same of an address that is not known and of one whose person is not active any more."""

    def __init__(self) -> None:
        super().__init__(
            "Your organisation's account belongs to nobody who may sign in here. Ask whoever runs this server."
        )


@dataclass
class SignIns:
    """The sign-ins under way, each tied to one browser by its cookie and good for one return."""

    provider: Provider
    _begun: dict[str, tuple[Attempt, float]] = field(default_factory=dict)  # in this process only

    def begin(self) -> tuple[str, Attempt]:
        """A new attempt, and the name that its browser keeps."""
        if len(self._begun) >= MOST_ATTEMPTS:
            self._begun.pop(next(iter(self._begun)))
        name, attempt = token_urlsafe(), Attempt()
        self._begun[name] = attempt, monotonic() + ATTEMPT_SECONDS
        return name, attempt

    def end(self, name: str, state: str) -> Attempt:
        """The attempt that came back, which cannot come back again; raises NotBegunHere."""
        attempt, ends_at = self._begun.get(name, (None, 0.0))
        if attempt is None or ends_at <= monotonic() or not compare_digest(attempt.state.encode(), state.encode()):
            raise NotBegunHere
        del self._begun[name]
        return attempt


def new_sign_ins(registration: Registration) -> SignIns:
    return SignIns(Provider(registration))


@router.get("/login/oidc")
async def leave(request: Request) -> Response:
    """Send the browser to the provider; here nothing changes but its cookie."""
    sign_ins = _sign_ins_of(request)
    name, attempt = sign_ins.begin()
    try:
        response = RedirectResponse(await sign_ins.provider.address_for(attempt), status_code=303)
    except SignInFailed as failure:
        return _say(request, failure)
    _set_cookie(request, response, ATTEMPT_COOKIE, name, seconds=ATTEMPT_SECONDS, path="/login")
    return response


@router.get(RETURN_PATH)
async def come_back(request: Request) -> Response:
    """Let in whoever the provider vouches for, where they are somebody here."""
    keeper: Doorkeeper = request.app.state.keeper
    try:
        person = await _vouched_for(request)
    except SignInFailed as failure:
        return _say(request, failure)
    response = RedirectResponse("/", status_code=303)
    # Lax: a strict cookie would stay behind in the redirects that began at the provider. Guard minds who sends forms.
    _set_cookie(request, response, SESSION_COOKIE, keeper.admit(person), seconds=SIGN_IN_SECONDS)
    return response


async def _vouched_for(request: Request) -> Member:
    """The person whom the provider sent back; raises SignInFailed."""
    sign_ins, said = _sign_ins_of(request), request.query_params
    attempt = sign_ins.end(request.cookies.get(ATTEMPT_COOKIE, ""), said.get("state", ""))
    if "error" in said:
        raise Declined
    email = await sign_ins.provider.email_of(said.get("code", ""), attempt)
    return await run_in_threadpool(_find_person, application_of(request), email)


def _find_person(application: Application, email: str) -> Member:
    """The active person of exactly this address, in whatever case; raises NobodyHere."""
    try:
        person = application.person(email)
    except PersonNotKnown:
        raise NobodyHere from None
    if _ascii_lower(person.email) != _ascii_lower(email):
        raise NobodyHere
    return person


def _ascii_lower(email: str | None) -> bytes:
    """In small letters of ASCII alone: beyond it other letters become these, as the Kelvin sign a k."""
    return (email or "").encode(errors="surrogatepass").lower()


def _sign_ins_of(request: Request) -> SignIns:
    sign_ins: SignIns = request.app.state.sign_ins
    return sign_ins


def _say(request: Request, failure: SignInFailed) -> Response:
    status = 502 if isinstance(failure, ProviderFailed) else 403
    return show_login(request, status=status, problem=str(failure))


def _set_cookie(request: Request, response: Response, name: str, value: str, *, seconds: int, path: str = "/") -> None:
    is_secure = application_of(request).settings.secure_cookies
    response.set_cookie(name, value, max_age=seconds, path=path, httponly=True, samesite="lax", secure=is_secure)

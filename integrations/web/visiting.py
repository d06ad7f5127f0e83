"""Signing in and out, asking as another person, and the theme: what a visitor's cookies say."""

from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from integrations.web.doorkeeper import PERSON_COOKIE, SESSION_COOKIE, SESSION_SECONDS, Doorkeeper
from integrations.web.pages import read_field
from integrations.web.showing import THEME_COOKIE, THEMES, application_of, caller_of, is_script, show_login

YEAR_SECONDS = 365 * 24 * 3600

router = APIRouter(include_in_schema=False)


@router.post("/as")
async def choose_person(request: Request) -> Response:
    """Ask as another person from now on; only where the caller may ask as anyone."""
    person = read_field(await request.form(), "person")
    response = RedirectResponse("/", status_code=303)
    if caller_of(request).is_open:
        response.set_cookie(PERSON_COOKIE, quote(person[:200]), httponly=True, samesite="strict")
    return response


@router.post("/theme")
async def choose_theme(request: Request) -> Response:
    """Light, dark, or as the system has it; kept in a cookie, so that no page flashes in the other."""
    theme = read_field(await request.form(), "theme")
    response = Response(status_code=204) if is_script(request) else RedirectResponse(_way_back(request), 303)
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=YEAR_SECONDS, httponly=True, samesite="lax", secure=_is_secure(request)
        )
    return response


@router.get("/login")
def login_form(request: Request) -> Response:
    return show_login(request)


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Trade an API key for a session cookie."""
    keeper: Doorkeeper = request.app.state.keeper
    session = await run_in_threadpool(keeper.log_in, read_field(await request.form(), "key").strip())
    if session is None:
        return show_login(request, status=401, problem="That key is not valid, or not any more.")
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=_is_secure(request),
    )
    return response


@router.post("/logout")
async def log_out(request: Request) -> Response:
    keeper: Doorkeeper = request.app.state.keeper
    keeper.log_out(request.cookies.get(SESSION_COOKIE))
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def _is_secure(request: Request) -> bool:
    return application_of(request).settings.secure_cookies


def _way_back(request: Request) -> str:
    """The page of ours that a form was sent from. Only its path counts, so it leads nowhere else."""
    try:
        came_from = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    path = "/" + came_from.path.lstrip("/\\")
    return f"{path}?{came_from.query}" if came_from.query else path

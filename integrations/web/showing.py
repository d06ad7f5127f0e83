"""Templates into pages, each in the theme its reader chose, and into the parts of pages a script asks for."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from integrations.app import Application
from integrations.web.doorkeeper import SESSION_COOKIE, Caller, KeyTooNarrow, NotAnAdministrator
from integrations.web.exchange import Exchange
from integrations.web.threads import History
from storage.access import Reader, resolve
from storage.vocabulary import KeyScope

THEME_COOKIE = "pilothouse_theme"
THEMES = {"system": "Auto", "light": "Light", "dark": "Dark"}
FRAGMENT_HEADER = "X-Fragment"
MOST_PEOPLE = 200


def show_page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page without a person: signing in, or one sentence."""
    theme = request.cookies.get(THEME_COOKIE, "system")
    chosen = theme if theme in THEMES else "system"
    shown = {"theme": chosen, "themes": THEMES, "organisation": "", "asker": None, "administers": False} | values
    return HTMLResponse(render(template, **shown), status_code=status)


def show_own_page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page for whoever asks, with their name on it."""
    caller = caller_of(request)
    application = application_of(request)
    people = application.people() if caller.is_open else []
    return show_page(
        request,
        template,
        status=status,
        organisation=application.organisation_name,
        asker=caller.asker,
        administers=caller.scope.covers(KeyScope.ADMIN) and _administers(request),
        people=people if len(people) <= MOST_PEOPLE else [],
        can_log_out=SESSION_COOKIE in request.cookies and not caller.is_open,
        **values,
    )


def show_login(request: Request, *, problem: str = "", status: int = 200) -> HTMLResponse:
    """The page to sign in on: with the organisation's account where there is a provider, and with a key."""
    settings = application_of(request).settings
    # The cookie of a sign-in under way is known only where the provider sends people back to.
    oidc_link = f"{settings.public_url}/login/oidc" if settings.openid else ""
    return show_page(request, "login.html", status=status, problem=problem, oidc_link=oidc_link)


def show_sentence(request: Request, title: str, sentence: str, *, status: int) -> HTMLResponse:
    return show_page(request, "sentence.html", status=status, title=title, sentence=sentence)


def is_script(request: Request) -> bool:
    """Whether a script asks for a part of a page."""
    return request.headers.get(FRAGMENT_HEADER) == "yes"


def show_part(template: str, **values: Any) -> HTMLResponse:
    return HTMLResponse(render(template, **values), headers={FRAGMENT_HEADER: "yes"})


def render_exchange(exchange: Exchange) -> str:
    """The HTML of one question and answer, alone."""
    return render("exchange.html", exchange=exchange)


def render_history(history: History, thread: str) -> str:
    """The HTML of the list of conversations, alone; `thread` is the open one."""
    return render("history_list.html", history=history, thread=thread)


def render(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)


def application_of(request: Request) -> Application:
    application: Application = request.app.state.application
    return application


def caller_of(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def may_ask(request: Request) -> None:
    """For routes that answer questions: raises TooFast."""
    application_of(request).admit(caller_of(request).asker)


def may_confirm(request: Request) -> None:
    """For routes that decide: raises KeyTooNarrow."""
    _want(request, KeyScope.CONFIRM)


def may_administer(request: Request) -> None:
    """For routes that change who may what: raises KeyTooNarrow, or NotAnAdministrator."""
    _want(request, KeyScope.ADMIN)
    if not _administers(request):
        raise NotAnAdministrator


def _administers(request: Request) -> bool:
    with application_of(request).store.reading() as session:
        return resolve(session, Reader(caller_of(request).asker.id)).administers


def _want(request: Request, scope: KeyScope) -> None:
    if not caller_of(request).scope.covers(scope):
        raise KeyTooNarrow(scope)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

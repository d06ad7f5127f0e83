"""The page: a conversation rendered on the server, that works without script, and the records behind it."""

import secrets
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from integrations.app import Application
from integrations.examples import example_questions
from integrations.web.doorkeeper import PERSON_COOKIE, SESSION_COOKIE, SESSION_SECONDS, Caller, Doorkeeper
from integrations.web.exchange import Exchange, read_exchange
from integrations.web.records import read_record
from storage.access import Reader
from storage.conversations import new_thread
from storage.text import clean

MOST_EXCHANGES = 30
MOST_PEOPLE = 200

router = APIRouter(include_in_schema=False)


@router.get("/")
def conversation(request: Request, thread: str = "", q: str = "", as_of: str = "") -> Response:
    """The conversation of a thread, or a new one with questions to start from."""
    application, caller = _application(request), _caller(request)
    thread, draft = clean(thread), clean(q)[:4000]
    said = application.exchanges(caller.asker, thread, MOST_EXCHANGES) if thread else []
    exchanges = [
        read_exchange(question, answer, anchor="latest" if place == len(said) else f"m{place}")
        for place, (question, answer) in enumerate(said, start=1)
    ]
    people = application.people() if caller.is_open else []
    return _page(
        "chat.html",
        organisation=application.organisation_name,
        asker=caller.asker,
        people=people if len(people) <= MOST_PEOPLE else [],
        can_log_out=SESSION_COOKIE in request.cookies and not caller.is_open,
        exchanges=exchanges,
        thread=thread or new_thread(),
        examples=[] if exchanges else example_questions(application, caller.asker),
        draft=draft,
        as_of=as_of if _read_day(as_of) else "",
    )


@router.post("/ask")
async def ask(request: Request) -> Response:
    """Answer the form's question: back to the page, or, for a script, only the exchange."""
    form = await request.form()
    text, thread, words = (_field(form, label) for label in ("text", "thread", "as_of"))
    as_of = _read_day(words)
    if words and as_of is None:
        return _sentence("That is no date", f"“{words[:40]}” is no date. Write one like 2026-03-02.", status=422)
    application, asker = _application(request), _caller(request).asker
    answer = await run_in_threadpool(
        application.ask, text, asker, surface="web", thread=thread[:100] or None, as_of=as_of
    )
    if request.headers.get("x-fragment") == "yes":
        exchange = read_exchange(text, answer.contract(), anchor=f"m-{secrets.token_hex(4)}")
        return HTMLResponse(render_exchange(exchange), headers={"X-Fragment": "yes"})
    if answer.outcome == "failed":
        return _sentence("That did not work", answer.text, status=500)
    if not answer.thread:
        return _sentence("Not answered", answer.text, status=422)
    query = f"&as_of={as_of}" if as_of else ""
    return RedirectResponse(f"/?thread={quote(answer.thread, safe='')}{query}#latest", status_code=303)


@router.post("/as")
async def choose_person(request: Request) -> Response:
    """Ask as another person from now on; only where the caller may ask as anyone."""
    person = _field(await request.form(), "person")
    response = RedirectResponse("/", status_code=303)
    if _caller(request).is_open:
        response.set_cookie(PERSON_COOKIE, quote(person[:200]), httponly=True, samesite="strict")
    return response


@router.get("/login")
def login_form() -> Response:
    return _page("login.html", organisation="", problem="")


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Trade an API key for a session cookie."""
    keeper: Doorkeeper = request.app.state.keeper
    session = await run_in_threadpool(keeper.log_in, _field(await request.form(), "key").strip())
    if session is None:
        return _page("login.html", status=401, organisation="", problem="That key is not valid, or not any more.")
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=_application(request).settings.secure_cookies,
    )
    return response


@router.post("/logout")
async def log_out(request: Request) -> Response:
    keeper: Doorkeeper = request.app.state.keeper
    keeper.log_out(request.cookies.get(SESSION_COOKIE))
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/record/{kind}/{key:path}")
def record(request: Request, kind: str, key: str) -> Response:
    """One record as this reader may see it; hidden and missing ones read the same."""
    application, asker = _application(request), _caller(request).asker
    shown = read_record(application.store, Reader(asker.id), kind, key, today=application.today())
    if shown is None:
        return _sentence("Nothing to show", "There is no such record that you can see.", status=404)
    return _page("record.html", organisation=application.organisation_name, asker=asker, record=shown)


def not_found() -> Response:
    return _sentence("Nothing here", "There is no such page.", status=404)


def _page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(_templates().get_template(template).render(**values), status_code=status)


def _sentence(title: str, sentence: str, *, status: int) -> HTMLResponse:
    return _page("sentence.html", status=status, organisation="", title=title, sentence=sentence)


def render_exchange(exchange: Exchange) -> str:
    """The HTML of one question and answer, alone."""
    return _templates().get_template("exchange.html").render(exchange=exchange)


@cache
def _templates() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _application(request: Request) -> Application:
    application: Application = request.app.state.application
    return application


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def _field(form: FormData, label: str) -> str:
    value = form.get(label, "")
    return clean(value) if isinstance(value, str) else ""


def _read_day(words: str) -> date | None:
    """The date; None where there is none."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None

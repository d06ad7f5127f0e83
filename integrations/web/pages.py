"""The page: a conversation rendered on the server, that works without script, and the records behind it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from assistant.answer import Answer, Listener
from integrations.app import Application
from integrations.examples import example_questions
from integrations.exporting import FORMATS, export_plan
from integrations.rendering.markdown import render_html
from integrations.web.exchange import read_exchange
from integrations.web.plans import read_plan
from integrations.web.records import read_record
from integrations.web.showing import (
    application_of,
    caller_of,
    is_script,
    may_ask,
    render_exchange,
    render_history,
    show_own_page,
    show_part,
    show_sentence,
)
from integrations.web.stream import MEDIA_TYPE, AnswerStream, Telling
from integrations.web.threads import Conversed, read_history, read_thread, thread_url
from integrations.web.turns import in_turn
from storage.access import Reader
from storage.conversations import new_thread
from storage.people import Member
from storage.records import NotFound
from storage.text import clean
from tools.context import ToolContext
from tools.readings import warm

LONGEST_THREAD = 100

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Asked:
    """One question of the page's form; `day` is as it was written, `as_of` None where that is no date."""

    application: Application
    asker: Member
    text: str
    thread: str
    day: str

    @property
    def as_of(self) -> date | None:
        return read_day(self.day)

    def answer(self, listener: Listener | None = None) -> Answer:
        return self.application.ask(
            self.text, self.asker, surface="web", thread=self.thread or None, as_of=self.as_of, listener=listener
        )

    def show(self, answer: Answer) -> Mapping[str, Any]:
        """The answer's contract, and how it looks on the page."""
        contract = answer.contract()
        listed = read_history(self.application, self.asker)
        return {
            **contract,
            "html": render_exchange(read_exchange(self.text, contract)),
            "history": render_history(listed, answer.thread),
        }


@router.get("/")
def conversation(request: Request, thread: str = "", q: str = "", as_of: str = "", before: str = "") -> Response:
    """The conversation of a thread, or a new one with questions to start from; `before` a number, its earlier part."""
    application, asker = application_of(request), caller_of(request).asker
    thread, draft = clean(thread)[:LONGEST_THREAD], clean(q)[:4000]
    start = read_number(before)
    said = read_thread(application.store, asker, thread, before=start) if thread else Conversed(())
    return show_own_page(
        request,
        "chat.html",
        said=said,
        is_past=start is not None,
        thread=thread or new_thread(),
        examples=[] if said.exchanges else example_questions(application, asker),
        draft=draft,
        as_of=as_of if read_day(as_of) else "",
        history=read_history(application, asker),
    )


@router.post("/ask", dependencies=[Depends(may_ask)])
async def ask(request: Request) -> Response:
    """Answer the form's question: back to the page, or, for a script, as events."""
    form = await request.form()
    text, thread, day = (read_field(form, label) for label in ("text", "thread", "as_of"))
    asked = Asked(application_of(request), caller_of(request).asker, text, thread[:LONGEST_THREAD], day)
    if day and asked.as_of is None:
        sentence = f"“{day[:40]}” is no date. Write one like 2026-03-02."
        return show_sentence(request, "That is no date", sentence, status=422)
    if MEDIA_TYPE in request.headers.get("accept", ""):
        return AnswerStream(asked.application, Telling(asked.answer, asked.show, _token))
    answer = await in_turn(request, asked.answer)
    if answer.outcome == "failed":
        return show_sentence(request, "That did not work", answer.text, status=500)
    if not answer.thread:
        return show_sentence(request, "Not answered", answer.text, status=422)
    query = f"&as_of={asked.as_of}" if asked.as_of else ""
    anchor = f"#m{answer.message}" if answer.message else ""
    return RedirectResponse(f"{thread_url(answer.thread)}{query}{anchor}", status_code=303)


@router.get("/record/{kind}/{key:path}")
def record(request: Request, kind: str, key: str) -> Response:
    """One record as this reader may see it; hidden and missing ones read the same."""
    application, asker = application_of(request), caller_of(request).asker
    shown = read_record(application.store, Reader(asker.id), kind, key, today=application.today())
    if shown is None:
        return show_sentence(request, "Nothing to show", "There is no such record that you can see.", status=404)
    if is_script(request):
        return show_part("record_part.html", record=shown, is_part=True)
    return show_own_page(request, "record.html", record=shown, is_part=False)


@router.get("/project/{key:path}")
def project(request: Request, key: str, as_of: str = "") -> Response:
    """The plan of a project as this reader may see it; hidden and missing ones read the same."""
    application, asker = application_of(request), caller_of(request).asker
    context = ToolContext(application.store, Reader(asker.id), application.today(), as_of=read_day(as_of))
    shown = read_plan(context, key)
    if shown is None:
        return show_sentence(request, "Nothing to show", "There is no such project that you can see.", status=404)
    return show_own_page(request, "project.html", plan=shown)


@router.get("/export/{kind}/{key:path}")
def export(request: Request, kind: str, key: str) -> Response:
    """The plan of a project as a file, as this reader may see it."""
    application, asker = application_of(request), caller_of(request).asker
    context = ToolContext(application.store, Reader(asker.id), application.today())
    warm(application.store, context.today)
    try:
        data = export_plan(context, key, kind) if kind in FORMATS else None
    except NotFound:
        data = None
    if data is None:
        return show_sentence(request, "Nothing to show", "There is no such project that you can see.", status=404)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", key).strip("-.") or "plan"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(data, media_type=FORMATS[kind].media_type, headers=headers)


def not_found(request: Request) -> Response:
    return show_sentence(request, "Nothing here", "There is no such page.", status=404)


def read_field(form: FormData, label: str) -> str:
    """One text of a form; empty where it is missing, or a file."""
    value = form.get(label, "")
    return clean(value) if isinstance(value, str) else ""


def read_number(words: str) -> int | None:
    """The number; None where there is none that a page could start at."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None


def _token(piece: str, so_far: str) -> Mapping[str, Any]:
    return {"text": piece, "html": render_html(so_far, {})}


def read_day(words: str) -> date | None:
    """The date; None where there is none."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None

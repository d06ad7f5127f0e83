"""The conversations one had: listed, searched, and forgotten."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from assistant import recording
from integrations.web.pages import read_field, read_number
from integrations.web.showing import application_of, caller_of, is_script, show_own_page, show_part, show_sentence
from integrations.web.threads import read_history
from storage.access import Reader
from storage.conversations import find_conversation
from storage.text import clean

router = APIRouter(include_in_schema=False)


@router.get("/history")
def history(request: Request, q: str = "", thread: str = "", offset: str = "") -> Response:
    """The asker's conversations, or those that hold the words; for a script the list alone."""
    start = read_number(offset) or 0
    listed = read_history(application_of(request), caller_of(request).asker, words=clean(q), offset=start)
    if is_script(request):
        return show_part("history_list.html", history=listed, thread=clean(thread))
    return show_own_page(request, "history.html", history=listed, thread="")


@router.get("/forget")
def confirm_forgetting(request: Request, thread: str = "") -> Response:
    """Ask once before a conversation is gone for good."""
    reader = Reader(caller_of(request).asker.id)
    with application_of(request).store.reading() as session:
        known = find_conversation(session, reader, clean(thread))
    if known is None:
        return _no_such_conversation(request)
    return show_own_page(request, "forget.html", known=known)


@router.post("/forget")
async def forget(request: Request) -> Response:
    """Remove one of the asker's own conversations, with its answers and their feedback."""
    thread = read_field(await request.form(), "thread")
    store, reader = application_of(request).store, Reader(caller_of(request).asker.id)
    if not await run_in_threadpool(recording.forget, store, reader, thread):
        return _no_such_conversation(request)
    return RedirectResponse("/history", status_code=303)


def _no_such_conversation(request: Request) -> Response:
    return show_sentence(request, "Nothing to delete", "There is no such conversation of yours.", status=404)

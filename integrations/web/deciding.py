"""Proposals on the page and over the interface: their cards, and the clicks that decide them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from assistant import approvals
from assistant.approvals import Card, Outcome, PartNotPossible
from assistant.cards import contract, heading
from integrations.web.api import BodyNotUnderstood, asker_of, read_json
from integrations.web.pages import read_day, read_field
from integrations.web.showing import (
    application_of,
    caller_of,
    is_script,
    may_confirm,
    show_own_page,
    show_part,
    show_sentence,
)
from storage.access import Reader
from storage.engine import Store
from storage.errors import NotAccepted
from storage.proposals import NotYoursToConfirm, ProposalNotFound

MOST_PARTS = 200
FIRST_YEAR, LAST_YEAR = 1970, 2200
Act = Literal["approve", "reject", "undo", "again", "part"]

router = APIRouter()


class DecideBody(BaseModel):
    """The body of a decision over the interface."""

    model_config = ConfigDict(extra="forbid")

    code: str | None = Field(default=None, max_length=40, description="The `code` of the card that was shown.")
    only: list[int] = Field(default_factory=list, max_length=MOST_PARTS, description="Of part: the chosen changes.")
    note: str = Field(default="", max_length=500, description="Of reject: why.")
    as_of: str | None = Field(default=None, max_length=10, description="Compute as of this day, like 2026-03-02.")
    as_: str | None = Field(default=None, alias="as", max_length=200, description="On loopback without keys only.")


@dataclass(frozen=True)
class Click:
    """One person's decision, as a surface read it."""

    act: str
    code: str | None = None
    only: tuple[int, ...] = ()
    note: str = ""


@router.get("/api/proposals", summary="What you proposed, and what waits for your yes")
def list_all(request: Request) -> Response:
    reader = Reader(caller_of(request).asker.id)
    return JSONResponse([heading(each) for each in approvals.list_cards(application_of(request).store, reader)])


@router.get("/api/proposals/{key}", summary="One proposal's card")
def show(request: Request, key: str, as_of: str = "") -> Response:
    application = application_of(request)
    today = _day(as_of) or application.today()
    try:
        card = approvals.card_of(application.store, Reader(caller_of(request).asker.id), key, today=today)
    except NotAccepted as refused:
        return _refuse(refused)
    return JSONResponse(contract(card, today))


@router.post(
    "/api/proposals/{key}/{act}",
    dependencies=[Depends(may_confirm)],
    summary="Approve, reject, undo, propose again, or take a part",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": DecideBody.model_json_schema()}}}
    },
)
async def decide(request: Request, key: str, act: Act) -> Response:
    """`{"done", "sentence", "card"}`; 409 where nothing was done, 403 and 404 as usual. To approve, send the code."""
    application = application_of(request)
    body = read_json(DecideBody, await request.body())
    if act == "approve" and not body.code:
        return JSONResponse({"detail": "Send the code of the card you saw: GET it first."}, status_code=422)
    asker = await run_in_threadpool(asker_of, application, caller_of(request), body.as_)
    today = _day(body.as_of or "") or application.today()
    click = Click(act, body.code, tuple(body.only), body.note)
    try:
        outcome = await run_in_threadpool(_carry_out, application.store, Reader(asker.id), key, click, today)
    except NotAccepted as refused:
        return _refuse(refused)
    shown = {"done": outcome.is_done, "sentence": outcome.sentence, "card": contract(outcome.card, today)}
    return JSONResponse(shown, status_code=200 if outcome.is_done or outcome.is_noted else 409)


@router.get("/proposals", include_in_schema=False)
def list_page(request: Request) -> Response:
    """The reader's proposals, and those that wait for them."""
    found = approvals.list_cards(application_of(request).store, Reader(caller_of(request).asker.id))
    return show_own_page(request, "proposals.html", proposals=[heading(each) for each in found])


@router.get("/proposal/{key}", include_in_schema=False)
def card_page(request: Request, key: str, as_of: str = "") -> Response:
    """The card of a proposal, alone or as a part of a page."""
    application = application_of(request)
    today = _day(as_of) or application.today()
    try:
        card = approvals.card_of(application.store, Reader(caller_of(request).asker.id), key, today=today)
    except NotAccepted as refused:
        return show_sentence(request, "Nothing to show", str(refused), status=404)
    return _show(request, card, today, as_of=as_of)


@router.post("/proposal/{key}", include_in_schema=False, dependencies=[Depends(may_confirm)])
async def decide_on_page(request: Request, key: str) -> Response:
    """A click on the card: the card as it is now, or, without a script, its page."""
    application = application_of(request)
    form = await request.form()
    only = tuple(int(each) for each in form.getlist("only") if isinstance(each, str) and each.isdigit())[:MOST_PARTS]
    as_of = read_field(form, "as_of")
    today = _day(as_of) or application.today()
    act = read_field(form, "act")
    click = Click(act, read_field(form, "code") or "none", only, read_field(form, "note")[:500])
    reader = Reader(caller_of(request).asker.id)
    try:
        outcome = await run_in_threadpool(_carry_out, application.store, reader, key, click, today)
    except NotAccepted as refused:
        return await run_in_threadpool(_show_refused, request, reader, key, refused, today, as_of)
    return _show(request, outcome.card, today, as_of=as_of, said=outcome.sentence)


def _day(words: str) -> date | None:
    """The day; None for none. Raises BodyNotUnderstood for what is none, or lies beyond what can be planned."""
    if not words:
        return None
    day = read_day(words)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BodyNotUnderstood(f"“as_of”: {words!r:.40} is no day to plan by; write one like 2026-03-02.")
    return day


def _carry_out(store: Store, reader: Reader, key: str, click: Click, today: date) -> Outcome:
    ways: dict[str, Callable[[], Outcome]] = {
        "approve": lambda: approvals.confirm(store, reader, key, today=today, code=click.code),
        "reject": lambda: approvals.reject(store, reader, key, today=today, note=click.note),
        "undo": lambda: approvals.undo(store, reader, key, today=today),
        "again": lambda: approvals.offer_again(store, reader, key, today=today),
        "part": lambda: approvals.confirm_part(store, reader, key, click.only, today=today),
    }
    if click.act not in ways:
        raise PartNotPossible("Choose one of the buttons of the card.")
    return ways[click.act]()


def _show(request: Request, card: Card, today: date, *, as_of: str, said: str = "") -> Response:
    shown: dict[str, Any] = {"card": contract(card, today), "as_of": as_of, "outcome": said}
    if is_script(request):
        return show_part("card.html", heading="h3", **shown)
    return show_own_page(request, "proposal.html", heading="h2", **shown)


def _show_refused(
    request: Request, reader: Reader, key: str, refused: NotAccepted, today: date, as_of: str
) -> Response:
    """The card with the reason on it, as long as it is theirs to see."""
    try:
        card = approvals.card_of(application_of(request).store, reader, key, today=today)
    except NotAccepted:
        return show_sentence(request, "Nothing to show", str(refused), status=404)
    return _show(request, card, today, as_of=as_of, said=str(refused))


def _refuse(refused: NotAccepted) -> Response:
    status = 404 if isinstance(refused, ProposalNotFound) else 403 if isinstance(refused, NotYoursToConfirm) else 409
    return JSONResponse({"detail": str(refused)}, status_code=status)

"""Slack's HTTP requests: verified, kept, acknowledged. Whatever they hold, the answer is never 500."""

from collections.abc import Callable
from time import time

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from integrations.slack.arrivals import Challenge, NotUnderstood, read_body
from integrations.slack.inbox import Keep
from integrations.slack.signing import is_signed
from storage.errors import StoreError

PATH = "/slack/events"


def new_door(secret: str, keep: Keep, *, clock: Callable[[], float] = time) -> APIRouter:
    """The route that Slack posts events, commands and clicks to."""
    router = APIRouter()

    @router.post(PATH, include_in_schema=False)
    async def receive(request: Request) -> Response:
        body = await request.body()
        if not is_signed(request.headers, body, secret, now=clock()):
            return _refuse("This is not signed by Slack, or too old.", 401)
        try:
            arrival = read_body(body, request.headers.get("content-type", ""))
        except NotUnderstood as problem:
            return _refuse(str(problem), 400)
        if isinstance(arrival, Challenge):
            return PlainTextResponse(arrival.words)
        if arrival is not None:
            try:
                await keep(arrival)
            except StoreError:  # not kept, so not acknowledged: Slack sends it again
                return _refuse("It cannot be kept right now. Send it again.", 503)
        return Response(status_code=200)

    return router


def _refuse(sentence: str, status: int) -> Response:
    return JSONResponse({"detail": sentence}, status_code=status)

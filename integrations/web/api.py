"""The HTTP interface: one question in, one answer out, as JSON or as a stream of events; and two probes."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from integrations.app import Application, CannotDo
from integrations.web.doorkeeper import Caller, NotYoursToSay
from storage.errors import StoreError
from storage.people import Member

router = APIRouter()


class AskBody(BaseModel):
    """The body of POST /api/ask."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str
    as_of: date | None = Field(default=None, description="Answer as of this day, like 2026-03-02.")
    thread: str | None = Field(default=None, max_length=100, description="Go on in this conversation.")
    as_: str | None = Field(
        default=None, alias="as", max_length=200, description="A person's e-mail; on loopback without keys only."
    )

    @field_validator("as_of", mode="before")
    @classmethod
    def _read_day(cls, value: Any) -> date | None:
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValueError(f"{value!r:.40} is no date; write one like 2026-03-02") from None


class BodyNotUnderstood(CannotDo):
    """The body is no question; the message says what is."""


@router.post(
    "/api/ask",
    summary="Ask one question",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": AskBody.model_json_schema()}}}
    },
)
async def ask(request: Request) -> Response:
    """The answer's contract JSON, with 200 for every outcome but `failed`; or, as text/event-stream, its events."""
    application: Application = request.app.state.application
    body = read_body(await request.body())
    asker = await run_in_threadpool(_asker, application, request.state.caller, body)
    if "text/event-stream" in request.headers.get("accept", ""):
        return StreamingResponse(_events(application, asker, body), media_type="text/event-stream")
    answer = await run_in_threadpool(
        application.ask, body.text, asker, surface="api", thread=body.thread, as_of=body.as_of
    )
    return JSONResponse(answer.contract(), status_code=500 if answer.outcome == "failed" else 200)


@router.head("/livez", include_in_schema=False)
@router.get("/livez", summary="Whether the process runs")
async def livez() -> dict[str, str]:
    return {"status": "alive"}


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", summary="Whether questions can be answered")
def readyz(request: Request) -> Response:
    try:
        request.app.state.application.check()
    except (StoreError, CannotDo) as problem:
        return JSONResponse({"status": "not ready", "detail": str(problem)}, status_code=503)
    return JSONResponse({"status": "ready"})


def read_body(raw: bytes) -> AskBody:
    """The question of a request's body; raises BodyNotUnderstood."""
    try:
        return AskBody.model_validate(json.loads(raw))
    except ValidationError as error:
        raise BodyNotUnderstood(_say_misfit(error)) from None
    except RecursionError:
        raise BodyNotUnderstood("The body is nested too deeply. Send one object with the field “text”.") from None
    except ValueError:
        raise BodyNotUnderstood('The body is no JSON. Send {"text": "your question"}.') from None


def _asker(application: Application, caller: Caller, body: AskBody) -> Member:
    if body.as_ is None:
        return caller.asker
    if not caller.is_open:
        raise NotYoursToSay
    return application.person(body.as_)


async def _events(application: Application, asker: Member, body: AskBody) -> AsyncIterator[str]:
    """`status` while it works, `token` for each piece of the text, and one `answer` at the end."""
    from assistant.answer import Listener

    loop, events = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    class Telling(Listener):
        def status(self, words: str) -> None:
            loop.call_soon_threadsafe(events.put_nowait, _event("status", {"text": words}))

    async def work() -> None:
        answer = await run_in_threadpool(
            application.ask, body.text, asker, surface="api", thread=body.thread, as_of=body.as_of, listener=Telling()
        )
        for piece in answer.text.splitlines(keepends=True):
            events.put_nowait(_event("token", {"text": piece}))
        events.put_nowait(_event("answer", answer.contract()))
        events.put_nowait(None)

    working = asyncio.create_task(work())
    while (event := await events.get()) is not None:
        yield event
    await working


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _say_misfit(error: ValidationError) -> str:
    problem = error.errors()[0]
    label = ".".join(str(part) for part in problem["loc"])
    match problem["type"]:
        case "missing":
            return f'“{label}” is missing. Send {{"text": "your question"}}.'
        case "extra_forbidden":
            return f"“{label:.40}” is no field of a question. Send text, and if you like as_of, thread and as."
        case "model_type" | "dict_type":
            return 'The body is no object. Send {"text": "your question"}.'
        case "value_error":
            return f"“{label}”: {problem['ctx']['error']}."
        case _:
            return f"“{label}” cannot be used: {problem['msg']}."

"""The HTTP interface: one question in, one answer out, as JSON or as a stream of events; and two probes."""

import json
from datetime import date
from functools import partial
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from integrations.app import Application, CannotDo
from integrations.web.doorkeeper import Caller, NotYoursToSay
from integrations.web.showing import may_ask
from integrations.web.stream import MEDIA_TYPE, AnswerStream, Telling
from integrations.web.turns import in_turn
from storage.errors import StoreError
from storage.people import Member

router = APIRouter()

Body = TypeVar("Body", bound=BaseModel)


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
    """The body does not fit; the message says what does."""


@router.post(
    "/api/ask",
    summary="Ask one question",
    dependencies=[Depends(may_ask)],
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": AskBody.model_json_schema()}}}
    },
)
async def ask(request: Request) -> Response:
    """The answer's contract JSON, with 200 for every outcome but `failed`; or, as text/event-stream, its events."""
    application: Application = request.app.state.application
    body = read_json(AskBody, await request.body())
    asker = await run_in_threadpool(asker_of, application, request.state.caller, body.as_)
    ask_it = partial(application.ask, body.text, asker, surface="api", thread=body.thread, as_of=body.as_of)
    if MEDIA_TYPE in request.headers.get("accept", ""):
        return AnswerStream(application, Telling(lambda listener: ask_it(listener=listener)))
    answer = await in_turn(request, ask_it)
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


def read_json(body: type[Body], raw: bytes) -> Body:
    """What a request's body says; raises BodyNotUnderstood."""
    try:
        return body.model_validate(json.loads(raw))
    except ValidationError as error:
        raise BodyNotUnderstood(_say_misfit(error, body)) from None
    except RecursionError:
        raise BodyNotUnderstood(f"The body is nested too deeply. {_wanted(body)}") from None
    except ValueError:
        raise BodyNotUnderstood(f"The body is no JSON. {_wanted(body)}") from None


def asker_of(application: Application, caller: Caller, named: str | None) -> Member:
    """Whoever the caller is; somebody they name only where anybody may be named. Raises NotYoursToSay."""
    if named is None:
        return caller.asker
    if not caller.is_open:
        raise NotYoursToSay
    return application.person(named)


def _say_misfit(error: ValidationError, body: type[BaseModel]) -> str:
    problem = error.errors()[0]
    label = ".".join(str(part) for part in problem["loc"])
    match problem["type"]:
        case "missing":
            return f"“{label}” is missing. {_wanted(body)}"
        case "extra_forbidden":
            return f"“{label:.40}” is no field here. {_wanted(body)}"
        case "model_type" | "dict_type":
            return f"The body is no object. {_wanted(body)}"
        case "value_error":
            return f"“{label}”: {problem['ctx']['error']}."
        case _:
            return f"“{label}” cannot be used: {problem['msg']}."


def _wanted(body: type[BaseModel]) -> str:
    """Which fields there are, in a sentence."""
    named = [(field.alias or label, field.is_required()) for label, field in body.model_fields.items()]
    needed, more = (", ".join(label for label, is_needed in named if is_needed is asked) for asked in (True, False))
    return f"Send an object with {needed}; it may have {more}." if needed else f"Send an object; it may have {more}."

"""What people think of answers: thumbs with a reason, from the page and over the interface."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from assistant import recording
from integrations.web.api import read_json
from integrations.web.exchange import judge
from integrations.web.pages import read_field
from integrations.web.showing import application_of, caller_of, is_script, show_part, show_sentence
from integrations.web.threads import thread_url
from storage.access import Reader
from storage.feedback import AnswerNotFound, FeedbackRecord
from storage.models.control import LONGEST_NOTE
from storage.vocabulary import Complaint, Verdict

router = APIRouter()


class FeedbackBody(BaseModel):
    """The body of POST /api/feedback."""

    model_config = ConfigDict(extra="forbid")

    thread: str = Field(max_length=100)
    message: int = Field(ge=1, le=2**31 - 1, description="The answer's `message`.")
    verdict: Verdict
    reason: Complaint | None = None
    note: str = Field(default="", max_length=LONGEST_NOTE)


@router.post(
    "/api/feedback",
    summary="Say whether an answer helped",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": FeedbackBody.model_json_schema()}}}
    },
)
async def feedback(request: Request) -> Response:
    """What is kept now; 404 for an answer that is not the caller's, or not there."""
    body = read_json(FeedbackBody, await request.body())
    try:
        kept = await run_in_threadpool(_keep, request, body)
    except AnswerNotFound as missing:
        return JSONResponse({"detail": str(missing)}, status_code=404)
    return JSONResponse({"message": body.message, "verdict": kept.verdict, "reason": kept.reason, "note": kept.note})


@router.post("/feedback", include_in_schema=False)
async def judge_on_page(request: Request) -> Response:
    """Keep the form's verdict: back to the answer, or, for a script, the form as it looks now."""
    form = await request.form()
    fields: dict[str, Any] = {label: read_field(form, label) for label in FeedbackBody.model_fields}
    fields |= {"reason": fields["reason"] or None, "note": fields["note"][:LONGEST_NOTE]}
    try:
        body = FeedbackBody.model_validate(fields)
        kept = await run_in_threadpool(_keep, request, body)
    except (ValidationError, AnswerNotFound):
        return show_sentence(request, "Not kept", str(AnswerNotFound()), status=404)
    if is_script(request):
        has_reason = kept.reason is not None or bool(kept.note)
        shown = judge(body.thread, body.message, kept, thanks=kept.verdict == Verdict.UP or has_reason)
        return show_part("feedback.html", judged=shown)
    return RedirectResponse(f"{thread_url(body.thread)}#m{body.message}", status_code=303)


def _keep(request: Request, body: FeedbackBody) -> FeedbackRecord:
    return recording.give_feedback(
        application_of(request).store,
        Reader(caller_of(request).asker.id),
        body.thread,
        body.message,
        verdict=body.verdict,
        reason=body.reason if body.verdict is Verdict.DOWN else None,
        note=body.note,
    )

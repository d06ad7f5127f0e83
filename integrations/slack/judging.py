"""Thumbs under an answer: up is kept at once, down asks why."""

import json
from typing import Any

from assistant.recording import give_feedback
from integrations.slack.blocks import sentence
from integrations.slack.cards import feedback_modal
from integrations.slack.desk import Desk, Post
from integrations.slack.proposing import open_view
from storage.access import Reader
from storage.feedback import AnswerNotFound
from storage.vocabulary import Complaint, Verdict

NOT_YOURS = "Only whoever asked can judge this answer. Ask it yourself, and you can."
THANKS = "Thank you, noted."


async def thumb(desk: Desk, post: Post, value: str, body: dict[str, Any]) -> None:
    """Keep the verdict; for a thumb down, the form that asks for a reason."""
    try:
        given = json.loads(value)
        thread, message, verdict = str(given["thread"]), int(given["message"]), Verdict(given["verdict"])
    except (ValueError, KeyError, TypeError):
        return
    if not await _keep(desk, post, thread, message, verdict):
        return
    if verdict is Verdict.DOWN:
        kept = {"thread": thread, "message": message, "channel": post.channel, "place": post.thread or ""}
        await open_view(desk, post, str(body.get("trigger_id", "")), feedback_modal(kept))
    else:
        await post.whisper("thanks", sentence(THANKS))


async def reason(desk: Desk, post: Post, kept: dict[str, Any], values: dict[str, str]) -> None:
    """Keep why an answer did not help."""
    said = values.get("reason", "")
    complaint = Complaint(said) if said in set(Complaint) else None
    thread, message = str(kept.get("thread", "")), kept.get("message")
    if isinstance(message, int) and await _keep(
        desk, post, thread, message, Verdict.DOWN, complaint, values.get("note", "")
    ):
        await post.whisper("thanks", sentence(THANKS))


async def _keep(
    desk: Desk,
    post: Post,
    thread: str,
    message: int,
    verdict: Verdict,
    complaint: Complaint | None = None,
    note: str = "",
) -> bool:
    caller = await desk.people.caller(desk.team, post.user)
    reader = Reader(caller.person.id if caller.person else None)
    try:
        await desk.in_thread(
            give_feedback,
            desk.application.store,
            reader,
            thread,
            message,
            verdict=verdict,
            reason=complaint,
            note=note[:500],
        )
    except AnswerNotFound:
        await post.whisper("not yours", sentence(NOT_YOURS))
        return False
    return True

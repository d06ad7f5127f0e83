"""The shortcuts of a message, "Record this" and "Add as risk": a form, and the card of what it says."""

import asyncio
from typing import Any

from integrations.slack.blocks import answer_messages, sentence
from integrations.slack.cards import record_modal
from integrations.slack.desk import SURFACE, Desk, Post
from integrations.slack.proposing import NOT_KNOWN, open_view, show_cards
from integrations.slack.text import mentioned, read_said
from storage.access import Reader
from tools.names import NameIndex

KINDS = {"record_note": "note", "record_risk": "risk"}


async def open_form(desk: Desk, post: Post, body: dict[str, Any]) -> None:
    """Open the form with the message's words and, in a bound channel, what the channel is about."""
    caller = await desk.people.caller(desk.team, post.user)
    if caller.person is None:
        await post.whisper("unknown", sentence(NOT_KNOWN))
        return
    message = body.get("message") or {}
    text = str(message.get("text") or "")
    accounts = await asyncio.gather(*(desk.people.account(user) for user in mentioned(text)[:20]))
    words = read_said(text, desk.bot_user, {each.user: each.name for each in accounts if each})
    room = await desk.rooms.find(post.channel)
    subject = room.record.key if room.record and await _sees(desk, caller.person.id, room.record.key) else ""
    place = {"channel": post.channel, "thread": str(message.get("thread_ts") or message.get("ts") or "")}
    kind = KINDS.get(str(body.get("callback_id")), "note")
    await open_view(desk, post, str(body.get("trigger_id", "")), record_modal(kind, words, subject, place))


async def record(desk: Desk, post: Post, kind: str, values: dict[str, str]) -> None:
    """Propose to record what the form says; its card is shown to whoever filled it in, alone."""
    caller = await desk.people.caller(desk.team, post.user)
    if caller.person is None:
        await post.whisper("unknown", sentence(NOT_KNOWN))
        return
    subject, value = values.get("subject", "").strip()[:100], values.get("value", "").strip()[:1_000]
    answer = await desk.in_thread(
        desk.application.fill_in,
        f"record on {subject}: {value}",
        "record_update",
        {"subject": subject, "kind": "risk" if kind == "risk" else "note", "value": value},
        caller.person,
        surface=SURFACE,
        thread=f"{SURFACE}/{desk.team}/{post.user}/forms",
    )
    if answer.proposals:
        await show_cards(desk, post, caller.person, answer.proposals, (), is_alone=True)
    else:
        await post.whisper_all("answer", answer_messages(answer.contract(), pages_url=desk.pages_url, own=False))


async def _sees(desk: Desk, person_id: int, key: str) -> bool:
    """Whether the person may know of what the channel is about."""

    def look() -> bool:
        with desk.application.store.reading() as session:
            seen = NameIndex.of(session).seen_by(session, Reader(person_id))
            return any(row.key == key for row in seen.rows)

    return await asyncio.to_thread(look)

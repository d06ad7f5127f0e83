"""Proposals in Slack: the card, what a click on it comes to, and the card as it is afterwards."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant import approvals
from assistant.cards import contract
from integrations.slack.blocks import Message, sentence
from integrations.slack.cards import card_message, reject_modal, review_modal, sentence_modal
from integrations.slack.desk import Desk, Post
from integrations.slack.line import NotDelivered
from storage.access import Party, Reader
from storage.errors import NotAccepted
from storage.people import Member

NOT_KNOWN = (
    "I do not know who you are here, so I cannot take this from you. Ask me anything, and I say how to link you."
)
TOO_LATE = "That took too long, so Slack did not open the form. Click once more."


@dataclass(frozen=True)
class Click:
    """A click on a card: which one, and what it showed."""

    act: str
    key: str
    code: str
    note: str = ""


async def show_cards(
    desk: Desk, post: Post, person: Member, keys: Sequence[str], audience: tuple[Party, ...], *, is_alone: bool = False
) -> None:
    """Post the cards of what somebody proposed, as far as those who read there may see them."""
    for key in keys:
        message = await desk.in_thread(card_now, desk, Reader(person.id, audience), key)
        if message is None:
            continue
        if is_alone:
            await post.whisper(f"card:{key}", message)
        else:
            await post.say(f"card:{key}", message)


def card_now(desk: Desk, reader: Reader, key: str, said: str = "") -> Message | None:
    """The card as it is for this reader; None where it is not theirs to see."""
    today = desk.application.today()
    try:
        card = approvals.card_of(desk.application.store, reader, key, today=today)
    except NotAccepted:
        return None
    return card_message(contract(card, today), desk.pages_url, said=said)


def read_click(act: str, value: str) -> Click | None:
    """The click that a button's value stands for; None for nonsense."""
    try:
        kept = json.loads(value)
        return Click(act, str(kept["id"])[:40], str(kept["code"])[:40])
    except (ValueError, KeyError, TypeError):
        return None


async def click(desk: Desk, post: Post, click: Click, body: dict[str, Any]) -> None:
    """Carry out what the click says, once, as whoever clicked; then show the card as it is."""
    caller = await desk.people.caller(desk.team, post.user)
    if caller.person is None:
        await post.whisper("unknown", sentence(NOT_KNOWN))
        return
    if click.act in ("review", "reject") and "trigger_id" in body:
        await _open(desk, post, caller.person, click, body)
        return
    reader = Reader(caller.person.id)
    if "click" in post.delivery.marks:
        said, key = post.delivery.marks["click"]
    else:
        said, key = await desk.in_thread(_carry_out, desk, reader, click)
        await asyncio.to_thread(desk.deliveries.mark, post.delivery, "click", [said, key])
    await _show_outcome(desk, post, reader, said, key, body)


def _carry_out(desk: Desk, reader: Reader, click: Click) -> tuple[str, str]:
    """What it came to in a sentence, and the key of the card to show; empty where there is none of theirs."""
    store, today = desk.application.store, desk.application.today()
    try:
        match click.act:
            case "confirm":
                outcome = approvals.confirm(store, reader, click.key, today=today, code=click.code or "none")
            case "reject":
                outcome = approvals.reject(store, reader, click.key, today=today, note=click.note)
            case "undo":
                outcome = approvals.undo(store, reader, click.key, today=today)
            case "again":
                outcome = approvals.offer_again(store, reader, click.key, today=today)
            case _:
                return "Use one of the buttons of the card.", ""
    except NotAccepted as refused:
        return str(refused), ""
    return outcome.sentence, outcome.card.record.key


async def _show_outcome(desk: Desk, post: Post, reader: Reader, said: str, key: str, body: dict[str, Any]) -> None:
    """Change the card that was clicked; who may not decide it hears so alone, and the card stays as it is."""
    if not key:
        await post.whisper("refused", sentence(said))
        return
    where = body.get("container") or {}
    channel, ts = str(where.get("channel_id") or ""), str(where.get("message_ts") or "")
    room = await desk.rooms.find(channel) if channel else None
    audience = room.audience if room and not room.is_direct and not where.get("is_ephemeral") else ()
    message = await desk.in_thread(card_now, desk, Reader(reader.person_id, audience), key, said)
    message = message or sentence(said)
    if where.get("is_ephemeral") or not (channel and ts):
        await post.whisper("outcome", message)
        return
    try:
        await desk.line.call("chat.update", channel=channel, ts=ts, **message.payload())
    except NotDelivered:
        await post.whisper("outcome", message)


async def _open(desk: Desk, post: Post, person: Member, click: Click, body: dict[str, Any]) -> None:
    """Open the form with before and after, or the one that asks why."""
    where = body.get("container") or {}
    place = {
        "channel": str(where.get("channel_id") or ""),
        "ts": str(where.get("message_ts") or ""),
        "thread": str(where.get("thread_ts") or where.get("message_ts") or ""),
        "alone": "yes" if where.get("is_ephemeral") else "",
    }
    today = desk.application.today()
    try:
        card = await desk.in_thread(
            approvals.card_of, desk.application.store, Reader(person.id), click.key, today=today
        )
        make = review_modal if click.act == "review" else reject_modal
        view = make(contract(card, today), place)
    except NotAccepted as refused:
        view = sentence_modal("Nothing to show", str(refused))
    await open_view(desk, post, str(body.get("trigger_id", "")), view)


async def open_view(desk: Desk, post: Post, trigger: str, view: dict[str, Any]) -> None:
    """Open a form; Slack takes a trigger for three seconds, after that it is said."""
    try:
        await desk.line.call("views.open", patience=2.0, trigger_id=trigger, view=view)
    except NotDelivered as refused:
        if refused.reason in ("expired_trigger_id", "trigger_expired", "exchanged_trigger_id"):
            await post.whisper("too late", sentence(TOO_LATE))


async def submit(desk: Desk, post: Post, callback: str, kept: dict[str, Any], values: dict[str, str]) -> None:
    """The form of a card, sent: what it stands for is a click like any other."""
    act = "confirm" if callback == "card:review" else "reject"
    given = Click(act, str(kept.get("id", ""))[:40], str(kept.get("code", ""))[:40], values.get("note", "")[:500])
    container = {
        "channel_id": kept.get("channel"),
        "message_ts": kept.get("ts"),
        "is_ephemeral": bool(kept.get("alone")),
    }
    await click(desk, post, given, {"container": container})

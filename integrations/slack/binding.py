"""`/pilothouse`: ask from anywhere, and say what a channel is about."""

import re
from datetime import UTC, datetime

from integrations.slack.asking import answer_text
from integrations.slack.blocks import sentence
from integrations.slack.desk import Desk, Post
from integrations.slack.proposing import NOT_KNOWN
from storage.access import Reader
from storage.errors import NotAccepted
from storage.places import bind_room, room_of, unbind_room
from tools.names import NameIndex

USAGE = (
    "Ask me anything: “/pilothouse whats late”. In a channel, “/pilothouse bind GATE for the team” (or “for the firm”, "
    "“for everyone”) says what it is about, “/pilothouse unbind” undoes that, “/pilothouse where” tells."
)
_BIND = re.compile(r"bind\s+(\S+)(?:\s+for\s+(?:the\s+)?(team|firm|everyone|everybody|public))?\s*[.!]?", re.IGNORECASE)
_AUDIENCES = {"everyone": "public", "everybody": "public"}


async def command(desk: Desk, post: Post, text: str) -> None:
    """Carry out what the command says; its answer is seen by whoever gave it, or, of a question, as in a thread."""
    words = " ".join(text.split())
    if words.lower() in ("", "help", "?"):
        await post.whisper("help", sentence(USAGE))
    elif words.lower() in ("unbind", "where") or words.lower().startswith("bind"):
        await post.whisper("bound", sentence(await _bound(desk, post, words)))
    else:
        await answer_text(desk, post, words)


async def _bound(desk: Desk, post: Post, words: str) -> str:
    caller = await desk.people.caller(desk.team, post.user)
    if caller.person is None:
        return NOT_KNOWN
    room = await desk.rooms.find(post.channel)
    if room.is_direct:
        return "This is a talk between the two of us. Bind a channel: type it there."
    said = await desk.in_thread(_carry_out, desk, Reader(caller.person.id), post.channel, words)
    desk.rooms.forget(post.channel)
    return said


def _carry_out(desk: Desk, reader: Reader, channel: str, words: str) -> str:
    store, now = desk.application.store, datetime.now(UTC)
    try:
        if words.lower() == "unbind":
            unbind_room(store, reader, desk.team, channel, at=now)
            return "Done: this channel is about nothing in particular again."
        if words.lower() == "where":
            return _where(desk, reader, channel)
        found = _BIND.fullmatch(words)
        if found is None:
            return USAGE
        audience = (found[2] or "firm").lower()
        record = bind_room(store, reader, desk.team, channel, found[1], _AUDIENCES.get(audience, audience), at=now)
    except NotAccepted as refused:
        return str(refused)
    return f"Done: this channel is about **{record.key}**. {_HEARD[record.audience]}"


_HEARD = {
    "public": "My answers here hold only what is public.",
    "firm": "My answers here hold what everybody of the firm may see.",
    "team": "My answers here hold what its team may see, as long as nobody else is in the channel.",
}


def _where(desk: Desk, reader: Reader, channel: str) -> str:
    with desk.application.store.reading() as session:
        record = room_of(session, desk.team, channel)
        if record is None:
            return "This channel is about nothing in particular. “/pilothouse bind GATE for the team” changes that."
        seen = NameIndex.of(session).seen_by(session, reader)
        name = record.key if any(row.key == record.key for row in seen.rows) else "something that is not yours to see"
    return f"This channel is about **{name}**. {_HEARD[record.audience]}"

"""What people are told unasked: digests of dates that others moved, in each one's own hours."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from assistant import notices
from assistant.notices import Digest
from integrations.slack.blocks import Message, button
from integrations.slack.desk import Desk
from integrations.slack.line import NotDelivered
from integrations.slack.text import Paragraph, Run, escape, inert, rich_text

LOOK_SECONDS = 300.0
WHY = "In your working hours, once a day at most. App Home has the settings."


async def tell_all(desk: Desk, now: datetime) -> int:
    """Send what is due now; how many were sent."""
    sent = 0
    for person_id, slack_id in await desk.in_thread(notices.people_to_tell, desk.application.store, now):
        team, _, user = slack_id.partition("/")
        if team != desk.team:
            continue
        account = await desk.people.account(user)
        if account is None or account.is_gone:
            continue
        local = (now + timedelta(seconds=account.utc_offset)).replace(tzinfo=None)
        sent += await _tell(desk, user, person_id, local, now)
    return sent


async def keep_telling(desk: Desk, on_surprise: Callable[[BaseException], None]) -> None:
    """Look every few minutes, until cancelled; whatever goes wrong, the next look tries again."""
    while True:
        try:
            await tell_all(desk, datetime.now(UTC))
        except Exception as surprise:  # nobody waits for this task: it is noted
            on_surprise(surprise)
        await asyncio.sleep(LOOK_SECONDS)


async def _tell(desk: Desk, user: str, person_id: int, local: datetime, now: datetime) -> bool:
    """Claimed first, so that two processes never tell the same; given back where Slack did not take it."""
    store = desk.application.store
    digest = await desk.in_thread(notices.digest_for, store, person_id, local=local, now=now)
    if digest is None or not await desk.in_thread(notices.claim, store, digest, now) or not digest.lines:
        return False
    try:
        opened = await desk.line.call("conversations.open", users=user)
        direct = str((opened.get("channel") or {}).get("id", ""))
        await desk.line.say("chat.postMessage", direct, **_message(digest).payload())
    except NotDelivered:
        await desk.in_thread(notices.give_back, store, digest)
        return False
    return True


def _message(digest: Digest) -> Message:
    paragraphs = [
        Paragraph((Run(digest.heading, is_bold=True),)),
        *(Paragraph((Run(inert(line)),), number=0) for line in digest.lines),
        Paragraph((Run(WHY, is_italic=True),)),
    ]
    blocks = [*rich_text(paragraphs), {"type": "actions", "elements": [button("Mute", "home:mute", "on")]}]
    return Message(escape(f"{digest.heading} {digest.lines[0]}"), blocks)

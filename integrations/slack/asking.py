"""A question in Slack, answered where it was asked: for all who read there, and the rest to whoever asked alone."""

import asyncio
from contextlib import AbstractContextManager, suppress
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

from assistant.answer import Listener
from integrations.app import Hearing, TooFast
from integrations.slack.blocks import Message, answer_messages, sentence
from integrations.slack.desk import SURFACE, Desk, Post
from integrations.slack.line import NotDelivered
from integrations.slack.people import Caller
from integrations.slack.proposing import show_cards
from integrations.slack.rooms import Room
from integrations.slack.text import mentioned, read_said, streamed
from storage.access import Reader
from storage.conversations import find_conversation, latest_in
from storage.people import find_person_by_slack_id

if TYPE_CHECKING:
    from assistant.answer import Answer

STREAM_AFTER_SECONDS = 1.5  # an answer that is there by then is one message
STREAM_EVERY_SECONDS = 1.0
FOR_ALL = "Made for everyone in this channel. What only you may see comes to you alone."
FOR_YOU = "Only you see this: it may hold what others here do not see."
LINK_YOURSELF = (
    "I do not know yet who you are here, so you get what is public. Ask your administrator for "
    "“pilothouse people slack YOUR-EMAIL {account}”."
)
HELP = (
    "Ask me about a project, your work, money, risks or people: “where is” and a project's name, "
    "“what is on my plate this week?”, “what is late?”"
)


async def answer_event(desk: Desk, post: Post, event: dict[str, Any]) -> None:
    """Answer a message of somebody: in a direct message, a mention, or a thread in which they asked before."""
    text = str(event.get("text") or "")
    is_direct = event.get("channel_type") == "im" or post.channel.startswith("D")
    is_called = is_direct or event.get("type") == "app_mention" or desk.bot_user in mentioned(text)
    names = [user for user in dict.fromkeys(mentioned(text)) if user != desk.bot_user]
    if not is_called and (names or not await desk.in_thread(_has_asked_before, desk, post)):
        return
    if is_called:
        await post.session("processing")
    try:
        known = {account.user: account.name for account in await _accounts(desk, names) if account}
        await answer_text(desk, post, read_said(text, desk.bot_user, known), is_called=is_called)
    finally:
        if is_called:
            await asyncio.gather(post.status(""), post.session("active"))


async def greet(desk: Desk, post: Post, event: dict[str, Any]) -> None:
    """Show at once that a question is read, whatever else is being worked on."""
    is_direct = event.get("channel_type") == "im"
    if is_direct or event.get("type") == "app_mention" or desk.bot_user in mentioned(str(event.get("text") or "")):
        await post.status("is reading your question")


async def answer_text(desk: Desk, post: Post, text: str, *, is_called: bool = True) -> None:
    """Answer these words of the one whose act it is. Without a call, only what is an answer is said."""
    caller = await desk.people.caller(desk.team, post.user)
    if caller.is_bot:
        return
    room = await desk.rooms.find(post.channel)
    if not text.strip():
        await post.whisper("empty", sentence(HELP))
        return
    try:
        desk.application.admit(caller.person)
    except TooFast as fast:
        await post.whisper("too fast", sentence(str(fast)))
        return
    hearing = room.own_hearing if room.is_direct else room.hearing
    answer, growing = await _ask(desk, post, caller, text, hearing, _thread(desk, post, room, is_own=room.is_direct))
    if not is_called and not (answer.facts or answer.options):
        return
    await _show(desk, post, room, caller, answer, growing)
    if not room.is_direct and caller.person and room.audience and not (answer.proposals or answer.stopped):
        own, _ = await _ask(
            desk, post, caller, text, room.own_hearing, _thread(desk, post, room, is_own=True), grows=False
        )
        if _says_more(own, answer):
            await _show_alone(desk, post, own)
    if caller.person is None and is_called:
        await post.whisper("link", sentence(_who_are_you(caller)))


def _who_are_you(caller: Caller) -> str:
    if not caller.may_link:
        return "You are a guest here, so you get what is public."
    return LINK_YOURSELF.format(account=f"{caller.team}/{caller.user}")


async def _accounts(desk: Desk, users: list[str]) -> list[Any]:
    return [await desk.people.account(user) for user in users[:20]]


def _thread(desk: Desk, post: Post, room: Room, *, is_own: bool) -> str:
    """The conversation's name: a direct message is one talk; in a channel each thread is, for all and for each."""
    if room.is_direct:
        return f"{SURFACE}/{desk.team}/{post.channel}"
    return f"{SURFACE}/{desk.team}/{post.channel}/{post.thread}{'/own' if is_own else ''}"


def _has_asked_before(desk: Desk, post: Post) -> bool:
    """Whether whoever writes in a thread has asked in it; what others say to each other there is not for us."""
    thread = f"{SURFACE}/{desk.team}/{post.channel}/{post.thread}"
    with desk.application.store.reading() as session:
        person = find_person_by_slack_id(session, f"{desk.team}/{post.user}")
        if person is None or latest_in(session, thread, SURFACE) is None:
            return False
        return find_conversation(session, Reader(person.id), thread) is not None


async def _ask(
    desk: Desk,
    post: Post,
    caller: Caller,
    text: str,
    hearing: Hearing,
    thread: str,
    *,
    grows: bool = True,
) -> "tuple[Answer, Growing | None]":
    """The answer, while its words grow in a stream where it takes its time."""
    stop = Event()
    place = (post.channel, post.thread or "")
    shown = Growing(desk, post, stop, asyncio.get_running_loop()) if grows else None
    listener = _Heard(desk, shown, stop)
    desk.stops.setdefault(place, set()).add(stop)
    try:
        answer = await desk.in_thread(_answer, desk, text, caller, thread, listener, hearing)
    finally:
        desk.stops[place].discard(stop)
        if not desk.stops[place]:
            del desk.stops[place]
    if shown:
        await shown.end()
    return answer, shown


def _answer(desk: Desk, text: str, caller: Caller, thread: str, listener: Listener, hearing: Hearing) -> "Answer":
    with desk.computing():
        return desk.application.ask(
            text, caller.person, surface=SURFACE, thread=thread, listener=listener, hearing=hearing
        )


async def _show(
    desk: Desk, post: Post, room: Room, caller: Caller, answer: "Answer", growing: "Growing | None"
) -> None:
    """Post the answer, or end its stream with what belongs below the words; then the cards of what it proposes."""
    contract = answer.contract()
    note = "" if room.is_direct or not room.audience else FOR_ALL
    if growing and growing.ts:
        has_grown = growing.holds(contract["text"])
        messages = answer_messages(contract, pages_url=desk.pages_url, note=note, has_text=not has_grown)
        await growing.finish(messages[0] if has_grown else None)
        await post.say_all("answer", messages[1:] if has_grown else messages)
    else:
        await post.say_all("answer", answer_messages(contract, pages_url=desk.pages_url, note=note))
    if answer.proposals and caller.person:
        audience = () if room.is_direct else room.audience
        await show_cards(desk, post, caller.person, answer.proposals, audience)


async def _show_alone(desk: Desk, post: Post, answer: "Answer") -> None:
    messages = answer_messages(answer.contract(), pages_url=desk.pages_url, note=FOR_YOU)
    await post.whisper_all("own", messages)
    if answer.proposals:
        caller = await desk.people.caller(desk.team, post.user)
        if caller.person:
            await show_cards(desk, post, caller.person, answer.proposals, (), is_alone=True)


def _says_more(own: "Answer", public: "Answer") -> bool:
    """Whether the asker alone is told anything else than all."""
    if own.outcome in ("failed", "declined"):
        return False
    return (own.text, own.outcome) != (public.text, public.outcome)


class Growing:
    """An answer's words in a stream, once it takes longer than a moment. Made in the loop, told from a thread."""

    def __init__(self, desk: Desk, post: Post, stop: Event, loop: asyncio.AbstractEventLoop) -> None:
        self.desk, self.post, self.stop, self.loop = desk, post, stop, loop
        self.ts = ""
        self.told = ""  # passages heard
        self.sent = ""  # of them, those in the stream
        self._status = ""
        self._began = monotonic()
        self._task: asyncio.Task[None] | None = asyncio.create_task(self._grow())
        self._is_over = asyncio.Event()

    def status(self, words: str) -> None:
        self._status = words

    def passage(self, text: str) -> None:
        self.told += text

    def holds(self, text: str) -> bool:
        """Whether what was streamed is this text, or its beginning."""
        return text.startswith(self.sent)

    async def end(self) -> None:
        """No more words will come."""
        self._is_over.set()
        if self._task:
            await self._task

    async def finish(self, below: Message | None) -> None:
        """End the stream: the words that are left, and what belongs below; without one, what stands is withdrawn."""
        line, left = self.desk.line, self.told[len(self.sent) :]
        try:
            if below is None:
                await line.call("chat.stopStream", channel=self.post.channel, ts=self.ts)
                await line.call("chat.delete", channel=self.post.channel, ts=self.ts)
                return
            end: dict[str, Any] = {"markdown_text": streamed(left)} if left.strip() else {}
            end |= {"blocks": below.blocks} if below.blocks else {}
            await line.call("chat.stopStream", channel=self.post.channel, ts=self.ts, **end)
        except NotDelivered:
            if below is not None:
                await self.post.say("answer after stream", below)

    async def _grow(self) -> None:
        """Show the state at once; begin a stream when words are there and the answer still is not."""
        shown = ""
        while not self._is_over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_over.wait(), STREAM_EVERY_SECONDS if shown or self.ts else 0.25)
            if self._is_over.is_set():
                return
            if self._status != shown:
                shown = self._status
                await self.post.status(shown[:1].lower() + shown[1:] if shown else "")
            if self.told != self.sent and monotonic() - self._began > STREAM_AFTER_SECONDS:
                await self._send()

    async def _send(self) -> None:
        words, line = self.told, self.desk.line
        try:
            if not self.ts:
                answer = await line.call(
                    "chat.startStream",
                    patience=0.0,
                    channel=self.post.channel,
                    thread_ts=self.post.thread,
                    recipient_user_id=self.post.user,
                    recipient_team_id=self.desk.team,
                    markdown_text=streamed(words),
                )
                self.ts = str(answer.get("ts", ""))
            else:
                new = streamed(words[len(self.sent) :])
                await line.call(
                    "chat.appendStream", patience=0.0, channel=self.post.channel, ts=self.ts, markdown_text=new
                )
        except NotDelivered:
            return  # what did not go now goes with the next words, or with the whole answer
        self.sent = words


class _Heard(Listener):
    """Hands on what the answering thread tells."""

    def __init__(self, desk: Desk, growing: Growing | None, stop: Event) -> None:
        self.desk, self.growing, self.stop = desk, growing, stop

    def idle(self) -> AbstractContextManager[None]:
        return self.desk.idle()

    def status(self, words: str) -> None:
        if self.growing:
            self.growing.status(words)

    def passage(self, text: str) -> None:
        if self.growing:
            self.growing.passage(text)

    @property
    def stopped(self) -> bool:
        return self.stop.is_set()

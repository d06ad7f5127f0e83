"""A person's conversations as the page shows them: the list at the side, what was found in them, and one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from urllib.parse import quote, urlencode

from assistant.narration.wording import say_date, shorten
from integrations.app import Application
from integrations.rendering.terminal import marked_text
from integrations.web.exchange import Exchange, read_exchange
from storage.access import Reader
from storage.conversations import ConversationRecord, FoundRecord, list_conversations, list_messages
from storage.conversations import search_conversations as search
from storage.engine import Store
from storage.feedback import feedback_in
from storage.people import Member
from storage.text import printable

MOST_EXCHANGES = 30
MOST_LISTED = 40
SNIPPET = 110


@dataclass(frozen=True)
class Entry:
    """One conversation; `before`, `hit` and `after` are the words around what was found."""

    thread: str
    title: str
    url: str
    when: str
    before: str = ""
    hit: str = ""
    after: str = ""


@dataclass(frozen=True)
class Days:
    """Conversations of about the same time."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class History:
    """One page of the list; `older` and `newer` lead to the pages beside it."""

    words: str
    groups: tuple[Days, ...]
    newer: str = ""
    older: str = ""


@dataclass(frozen=True)
class Conversed:
    """The last exchanges of a thread; `earlier` leads to those before them."""

    exchanges: tuple[Exchange, ...]
    earlier: str = ""


def read_history(application: Application, asker: Member, *, words: str = "", offset: int = 0) -> History:
    """The asker's conversations, the latest first; those that hold `words` where some are given."""
    zone, today, reader = application.time_zone, application.today(), Reader(asker.id)
    words = printable(words)[:200]
    with application.store.reading() as session:
        if words:
            found = search(session, reader, words)
            listed = [(each.conversation, _around(each, words)) for each in found]
        else:
            rows = list_conversations(session, reader, limit=MOST_LISTED + 1, offset=offset)
            listed = [(row, ("", "", "")) for row in rows]
    shown = [(row.latest_at.astimezone(zone), row, around) for row, around in listed[:MOST_LISTED]]
    return History(
        words,
        tuple(
            Days(label, tuple(_entry(row, moment, today, around) for moment, row, around in rows))
            for label, rows in groupby(shown, key=lambda each: _period(each[0].date(), today))
        ),
        newer=_page_url(max(0, offset - MOST_LISTED)) if offset else "",
        older=_page_url(offset + MOST_LISTED) if len(listed) > MOST_LISTED and not words else "",
    )


def read_thread(store: Store, asker: Member, thread: str, *, before: int | None = None) -> Conversed:
    """The asker's last exchanges in a thread, or the last ones before a number."""
    reader = Reader(asker.id)
    with store.reading() as session:
        messages = list_messages(session, reader, thread, limit=2 * MOST_EXCHANGES + 1, before=before)
        given = feedback_in(session, reader, thread)
    kept = messages[-2 * MOST_EXCHANGES :]
    exchanges = tuple(
        read_exchange(asked.text, {**told.answer, "message": told.number}, feedback=given.get(told.number))
        for asked, told in pairwise(kept)
        if (asked.role, told.role) == ("question", "answer")
    )
    has_more = len(messages) > len(kept)
    earlier = f"/?{urlencode({'thread': thread, 'before': kept[0].number})}" if has_more else ""
    return Conversed(exchanges, earlier)


def thread_url(thread: str) -> str:
    return f"/?thread={quote(thread, safe='')}"


def _entry(row: ConversationRecord, moment: datetime, today: date, around: tuple[str, str, str]) -> Entry:
    is_near = moment.date() >= today - timedelta(days=1)
    when = f"{moment:%H:%M}" if is_near else say_date(moment.date(), today)
    return Entry(row.thread, row.title or "An empty question", thread_url(row.thread), when, *around)


def _period(day: date, today: date) -> str:
    match (today - day).days:
        case 0:
            return "Today"
        case 1:
            return "Yesterday"
        case days if 1 < days <= 7:
            return "The last seven days"
        case _:
            return "Before"


def _around(found: FoundRecord, words: str) -> tuple[str, str, str]:
    """The text before, at and after the first place where one of the words stands."""
    text = printable(marked_text(found.message.text).plain)
    start, end = _first_place(text, words.split())
    if end == 0:
        return shorten(text, SNIPPET), "", ""
    opening = text[max(0, start - SNIPPET // 3) : start]
    return ("…" if start > len(opening) else "") + opening, text[start:end], shorten(text[end:], SNIPPET)


def _first_place(text: str, words: Iterable[str]) -> tuple[int, int]:
    folded = text.lower()
    places = [(at, at + len(word)) for word in words if (at := folded.find(word.lower())) >= 0]
    return min(places, default=(0, 0))


def _page_url(offset: int) -> str:
    return f"/history?offset={offset}" if offset else "/history"

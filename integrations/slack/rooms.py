"""Where somebody writes, and who can read it there: the audience that an answer in a channel must fit."""

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import Any

from integrations.app import Application, Hearing
from integrations.slack.line import Line, NotDelivered
from integrations.slack.people import People
from storage.access import Circle, Party, all_of_team
from storage.people import find_person_by_slack_id
from storage.places import RoomRecord, room_of
from storage.vocabulary import Audience, Level

KNOWN_SECONDS = 300.0  # for which a channel's members are taken as they were; joining and leaving is told as an event
PAGE = 500
MOST_MEMBERS = 5_000  # in a channel of more anybody may be: its answers are public


@dataclass(frozen=True)
class Room:
    """A conversation of Slack. In a direct message nobody hears beside the asker."""

    channel: str
    is_direct: bool
    is_archived: bool = False
    record: RoomRecord | None = None
    audience: tuple[Party, ...] = ()

    @property
    def hearing(self) -> Hearing:
        """For the answer that all of the room may read."""
        return Hearing(self.audience, self.topic, is_shared=not self.is_direct)

    @property
    def own_hearing(self) -> Hearing:
        """For the answer that the asker alone reads there."""
        return Hearing((), self.topic)

    @property
    def topic(self) -> tuple[Level, str] | None:
        return (self.record.level, self.record.key) if self.record else None


class Rooms:
    """The conversations of one workspace. Belongs to one event loop."""

    def __init__(self, application: Application, line: Line, people: People) -> None:
        self.application, self.line, self.people = application, line, people
        self._members: dict[str, tuple[float, dict[str, Any], list[str] | None]] = {}

    async def find(self, channel: str, *, is_direct: bool | None = None) -> Room:
        """The room, with whoever can read in it now."""
        if is_direct or (is_direct is None and channel.startswith("D")):
            return Room(channel, is_direct=True)
        info, members = await self._known(channel)
        if info.get("is_im"):
            return Room(channel, is_direct=True)
        record = await asyncio.to_thread(self._record, channel)
        audience = await self._audience(info, members, record)
        return Room(channel, False, bool(info.get("is_archived")), record, audience)

    def forget(self, channel: str) -> None:
        """Ask Slack again who is there: somebody came or left."""
        self._members.pop(channel, None)

    async def _known(self, channel: str) -> tuple[dict[str, Any], list[str] | None]:
        """What Slack says of a channel, and its members; None where it does not say, or there are too many."""
        at, info, members = self._members.get(channel, (-KNOWN_SECONDS, {}, None))
        if monotonic() - at < KNOWN_SECONDS:
            return info, members
        try:
            info = (await self.line.read("conversations.info", channel=channel)).get("channel") or {}
            members = await self._list_members(channel)
        except NotDelivered:
            return {}, None
        self._members[channel] = (monotonic(), info, members)
        return info, members

    async def _list_members(self, channel: str) -> list[str] | None:
        found: list[str] = []
        cursor = ""
        while len(found) <= MOST_MEMBERS:
            page = await self.line.read("conversations.members", channel=channel, limit=PAGE, cursor=cursor)
            found += [str(each) for each in page.get("members", ())]
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return found
        return None

    async def _audience(
        self, info: dict[str, Any], members: list[str] | None, record: RoomRecord | None
    ) -> tuple[Party, ...]:
        """The least of what was declared and of who is there; a room of which Slack says nothing is public."""
        if members is None or info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
            return (None,)
        accounts = [
            each for each in await self.people.accounts(members) if not (each and (each.is_bot or each.is_gone))
        ]
        if any(each is None or not each.is_inside for each in accounts):
            return (None,)
        if record is None or record.audience == Audience.FIRM:
            return (Circle(),)
        if record.audience == Audience.PUBLIC:
            return (None,)
        users = [each.user for each in accounts if each]
        return await asyncio.to_thread(self._of_team, record, users)

    def _of_team(self, record: RoomRecord, users: list[str]) -> tuple[Party, ...]:
        """The team, as long as all who are there are known to be of it; else anybody of the firm."""
        ids = frozenset({record.scope_id})
        team = Circle(projects=ids) if record.level is Level.PROJECT else Circle(programs=ids)
        with self.application.store.reading() as session:
            people = [find_person_by_slack_id(session, f"{self.people.team}/{user}") for user in users]
            is_all = all(people) and all_of_team(session, [each.id for each in people if each], team)
        return (team,) if is_all else (team, Circle())

    def _record(self, channel: str) -> RoomRecord | None:
        with self.application.store.reading() as session:
            return room_of(session, self.people.team, channel)

"""Who writes in Slack: a person by their id there, by their verified e-mail, else an outsider who is asked to link."""

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import Any

from integrations.app import Application
from integrations.slack.line import Line, NotDelivered
from storage.errors import NotAccepted
from storage.people import (
    Member,
    find_person_by_email,
    find_person_by_slack_id,
    link_slack_id,
)

KNOWN_SECONDS = 1_800.0  # for which Slack's list of people is taken as it was; a change is told as an event
PAGE = 500
MOST_PAGES = 100


@dataclass(frozen=True)
class Account:
    """An account of Slack. `is_inside` is a full member of this workspace, neither guest nor bot nor stranger."""

    user: str
    name: str
    email: str  # empty unless Slack has verified it
    is_inside: bool
    is_bot: bool
    is_gone: bool
    utc_offset: int = 0  # seconds


@dataclass(frozen=True)
class Caller:
    """Who asks, as Slack's event says; without a person they are an outsider."""

    team: str
    user: str
    person: Member | None
    account: Account | None

    @property
    def is_bot(self) -> bool:
        return bool(self.account and self.account.is_bot)

    @property
    def may_link(self) -> bool:
        """Whether they are of the workspace, so that an administrator would know them."""
        return self.person is None and bool(self.account and self.account.is_inside)


class People:
    """The accounts of one workspace, and the persons they are. Belongs to one event loop."""

    def __init__(self, application: Application, line: Line, team: str) -> None:
        self.application, self.line, self.team = application, line, team
        self._accounts: dict[str, Account] = {}
        self._as_of = -KNOWN_SECONDS
        self._loading = asyncio.Lock()

    async def caller(self, team: str, user: str) -> Caller:
        """Who this is now: rights and leaving count at once, since the store is asked each time."""
        account = await self.account(user)
        is_ours = team == self.team
        person = await asyncio.to_thread(self._person, f"{self.team}/{user}", account if is_ours else None)
        return Caller(self.team, user, person, account)

    async def account(self, user: str) -> Account | None:
        """The account of this id; None where Slack does not say."""
        if user not in self._accounts:
            try:
                found = await self.line.read("users.info", user=user)
            except NotDelivered:
                return None
            self._accounts[user] = self._account(found.get("user", {}))
        return self._accounts[user]

    async def accounts(self, users: list[str]) -> list[Account | None]:
        """The accounts of many ids, read in few calls."""
        async with self._loading:
            is_old = monotonic() - self._as_of > KNOWN_SECONDS
            if is_old and any(user not in self._accounts for user in users):
                await self._load()
        return [await self.account(user) for user in users]

    def forget(self, user: str) -> None:
        """Ask Slack again about this one: their account has changed."""
        self._accounts.pop(user, None)

    async def _load(self) -> None:
        cursor = ""
        for _ in range(MOST_PAGES):
            page = await self.line.read("users.list", limit=PAGE, cursor=cursor)
            for row in page.get("members", ()):
                self._accounts[row.get("id", "")] = self._account(row)
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                break
        self._as_of = monotonic()

    def _account(self, row: dict[str, Any]) -> Account:
        profile = row.get("profile") or {}
        is_guest = row.get("is_restricted") or row.get("is_ultra_restricted") or row.get("is_stranger")
        is_foreign = row.get("team_id", self.team) != self.team
        is_bot, is_gone = bool(row.get("is_bot")), bool(row.get("deleted"))
        is_inside = not (is_guest or is_foreign or is_bot or is_gone)
        email = profile.get("email") if row.get("is_email_confirmed") and is_inside else ""
        name = profile.get("real_name") or row.get("real_name") or row.get("name") or ""
        offset = row.get("tz_offset")
        return Account(
            str(row.get("id", "")),
            str(name),
            str(email or ""),
            is_inside,
            is_bot,
            is_gone,
            offset if isinstance(offset, int) else 0,
        )

    def _person(self, slack_id: str, account: Account | None) -> Member | None:
        """The person linked; else the one of the verified e-mail, who is linked now. Whoever left is nobody."""
        store = self.application.store
        with store.reading() as session:
            linked = find_person_by_slack_id(session, slack_id)
            found = linked or (find_person_by_email(session, account.email) if account and account.email else None)
        if found is None or not found.active or (account and account.is_gone):
            return None
        if linked is None:
            try:
                link_slack_id(store, found.id, slack_id)
            except NotAccepted:
                return None
        return found

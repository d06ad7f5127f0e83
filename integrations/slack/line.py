"""The one way out to Slack: within its rates, in order for each channel, patient with "not now"."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from time import monotonic
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

CHANNEL_SECONDS = 1.0  # Slack takes one message a second in a channel
PATIENCE_SECONDS = 900.0  # for which a message is tried again before it is given up
READING_SECONDS = 20.0  # and a look
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 30.0
PASSING = (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError)


class NotDelivered(Exception):
    """Slack did not take it; `reason` is Slack's own word for why."""

    def __init__(self, method: str, reason: str) -> None:
        super().__init__(f"Slack refused {method}: {reason}.")
        self.reason = reason


class Line:
    """Calls of the Web API with one workspace's token. Belongs to one event loop."""

    def __init__(self, client: AsyncWebClient, *, on_revoked: Callable[[], None] = lambda: None) -> None:
        self.client, self._on_revoked = client, on_revoked
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ready: dict[str, float] = {}  # when the next message may go to a channel

    async def say(self, method: str, channel: str, **payload: Any) -> dict[str, Any]:
        """Send a message, after those sent before it to the same channel. Raises NotDelivered."""
        async with self._turns[channel]:
            await asyncio.sleep(max(0.0, self._ready.get(channel, 0.0) - monotonic()))
            try:
                return await self.call(method, channel=channel, **payload)
            finally:
                self._ready[channel] = monotonic() + CHANNEL_SECONDS

    async def call(self, method: str, *, patience: float = PATIENCE_SECONDS, **payload: Any) -> dict[str, Any]:
        """Any other call, tried again while Slack asks for patience. Raises NotDelivered."""
        return await self._tried(method, patience, json=payload)

    async def _tried(self, method: str, patience: float, **payload: Any) -> dict[str, Any]:
        until, wait = monotonic() + patience, FIRST_WAIT_SECONDS
        while True:
            try:
                response = await self.client.api_call(method, **payload)
                return response.data if isinstance(response.data, dict) else {}
            except SlackApiError as error:
                reason, pause = _read(error)
                if pause is None:
                    self._note(reason)
                    raise NotDelivered(method, reason) from error
            except PASSING as error:
                reason, pause = type(error).__name__, None
            pause, wait = (wait, min(wait * 2, LONGEST_WAIT_SECONDS)) if pause is None else (pause, wait)
            if monotonic() + pause > until:
                raise NotDelivered(method, reason)
            await asyncio.sleep(pause)

    async def read(self, method: str, **payload: Any) -> dict[str, Any]:
        """A call that only looks; Slack takes its arguments as a form. Raises NotDelivered."""
        form = {label: value for label, value in payload.items() if value != ""}
        return await self._tried(method, READING_SECONDS, params=form)

    async def hint(self, method: str, **payload: Any) -> None:
        """A call that nobody misses, like a status: tried once."""
        try:
            await self.call(method, patience=0.0, **payload)
        except NotDelivered:
            return

    def _note(self, reason: str) -> None:
        if reason in ("token_revoked", "invalid_auth", "account_inactive"):
            self._on_revoked()


def _read(error: SlackApiError) -> tuple[str, float | None]:
    """Slack's word, and the seconds to wait before another try; None where it would not help."""
    response: Any = error.response
    data = response.data if isinstance(response.data, dict) else {}
    reason = str(data.get("error", "") or response.status_code)
    if response.status_code == 429 or reason in ("ratelimited", "rate_limited"):
        return "ratelimited", _seconds(response.headers)
    is_passing = response.status_code >= 500 or reason in ("internal_error", "fatal_error", "service_unavailable")
    return reason, FIRST_WAIT_SECONDS if is_passing else None


def _seconds(headers: Any) -> float:
    for name in ("Retry-After", "retry-after"):
        try:
            return max(0.0, float(headers[name]))
        except (KeyError, ValueError, TypeError):
            continue
    return 1.0

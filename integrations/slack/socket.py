"""Slack's Socket Mode: no port to open; what comes is kept, then acknowledged, as over HTTP."""

import logging
from collections.abc import Callable

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from integrations.slack.arrivals import NotUnderstood, read_payload
from integrations.slack.inbox import Keep
from storage.errors import StoreError

PING_SECONDS = 5.0


class Socket:
    """A connection that comes back by itself. Belongs to one event loop."""

    def __init__(
        self, app_token: str, web_client: AsyncWebClient, keep: Keep, on_surprise: Callable[[BaseException], None]
    ) -> None:
        self._keep, self._on_surprise = keep, on_surprise
        quiet = logging.getLogger(__name__)
        quiet.setLevel(logging.CRITICAL + 1)  # lost connections are no news to whoever runs this
        self.client = SocketModeClient(
            app_token=app_token, web_client=web_client, logger=quiet, ping_interval=PING_SECONDS, proxy=web_client.proxy
        )
        self.client.socket_mode_request_listeners.append(self._hear)

    async def open(self) -> None:
        await self.client.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        await self.client.close()  # type: ignore[no-untyped-call]

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Kept first; one that cannot be kept is not acknowledged, and Slack sends it again."""
        try:
            arrival = read_payload(request.payload)
            if arrival is not None:
                await self._keep(arrival)
        except NotUnderstood:
            pass  # nothing that could be understood the next time
        except StoreError as problem:
            self._on_surprise(problem)
            return
        try:
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        except (TimeoutError, ConnectionError) as lost:
            self._on_surprise(lost)

"""Deliveries kept before they are acknowledged: many at once in one transaction, on a thread of their own."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from storage.deliveries import Arrival, Deliveries, DeliveryRecord

MOST_AT_ONCE = 200

Found = Callable[[DeliveryRecord], None]
Keep = Callable[[Arrival], Awaitable[None]]


class Inbox:
    """Keeps what arrives, and hands on what is new. Belongs to one event loop."""

    def __init__(self, deliveries: Deliveries, hand_on: Found) -> None:
        self.deliveries, self._hand_on = deliveries, hand_on
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._keeping: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "slack inbox")  # its own: it waits behind nothing else

    async def keep(self, arrival: Arrival) -> None:
        """Return once it is on disk; work begins after that. Raises what the store raises."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, kept))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_all())
        await kept

    def close(self) -> None:
        self._thread.shutdown(wait=True)

    async def _keep_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            try:
                arrivals = [arrival for arrival, _ in batch]
                found = await asyncio.get_running_loop().run_in_executor(self._thread, self.deliveries.keep, arrivals)
            except Exception as error:  # handed over to whoever waits for it
                for _, kept in batch:
                    if not kept.done():
                        kept.set_exception(error)
                continue
            for _, kept in batch:
                if not kept.done():
                    kept.set_result(None)
            for delivery in found:
                self._hand_on(delivery)

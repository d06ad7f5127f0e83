"""How many answers are made at once, so that pages and probes are served however many are asked for."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request

MOST_AT_ONCE = 32

Made = TypeVar("Made")


def new_turns() -> CapacityLimiter:
    """The turns of one server."""
    return CapacityLimiter(MOST_AT_ONCE)


async def in_turn(request: Request, make: Callable[[], Made]) -> Made:
    """What `make` gives, from a thread of its own; whoever waits for a turn holds no thread."""
    turns: CapacityLimiter = request.app.state.turns
    return await run_sync(make, limiter=turns)

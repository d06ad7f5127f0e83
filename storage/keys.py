"""Keys that tell nothing: a counter would let people see how much is planned where they may not look."""

import secrets
from collections.abc import Callable

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without those that are read for one another
_SHORTEST = 4
_TRIES = 8  # of one length, before a longer one


def new_key(prefix: str, is_taken: Callable[[str], bool]) -> str:
    """A random key such as P-7KQ2 that nothing has yet."""
    length = _SHORTEST
    while True:
        for _ in range(_TRIES):
            key = f"{prefix}-{''.join(secrets.choice(_LETTERS) for _ in range(length))}"
            if not is_taken(key):
                return key
        length += 1

"""How many questions one person may ask in a minute, so that nobody keeps the others waiting."""

from collections import deque
from collections.abc import Callable
from threading import Lock
from time import monotonic

MINUTE = 60.0


class Pace:
    """The questions of the last minute, kept in this process."""

    def __init__(self, most: int, *, clock: Callable[[], float] = monotonic) -> None:
        self.most, self.clock = most, clock
        self._lock = Lock()
        self._asked: dict[int | None, deque[float]] = {}

    def wait(self, person_id: int | None) -> float:
        """Count a question: 0.0 where it may be asked, else the seconds until the next may. Outsiders share a count."""
        with self._lock:
            now = self.clock()
            self._forget(now)
            asked = self._asked.setdefault(person_id, deque())
            if len(asked) >= self.most:
                return asked[0] + MINUTE - now
            asked.append(now)
            return 0.0

    def _forget(self, now: float) -> None:
        for person_id, asked in list(self._asked.items()):
            while asked and now - asked[0] >= MINUTE:
                asked.popleft()
            if not asked:
                del self._asked[person_id]

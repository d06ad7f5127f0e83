"""Limits that hold outside the prompt: a circuit breaker for the provider, and what one person may use of it."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from assistant.faults import ModelFault, PersonSpent, Resting

DAY = 86_400.0


class Breaker:
    """Leaves a failing provider alone: opens after some failures within a window, then lets one request probe it."""

    def __init__(
        self,
        *,
        failures: int = 3,
        within_seconds: float = 60.0,
        rest_seconds: float = 30.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.failures, self.within, self.rest, self.clock = failures, within_seconds, rest_seconds, clock
        self._lock = Lock()
        self._failed_at: deque[float] = deque(maxlen=failures)
        self._opened_at: float | None = None
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Whether requests are held back; the one that probes is let through all the same."""
        with self._lock:
            return self._opened_at is not None and not self._may_probe()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Around one request; raises Resting where it must not be sent."""
        is_probe = self._enter()
        try:
            yield
        except ModelFault as fault:
            self._leave(is_probe, failed=fault.is_outage)
            raise
        except BaseException:
            self._leave(is_probe, failed=None)
            raise
        self._leave(is_probe, failed=False)

    def _enter(self) -> bool:
        with self._lock:
            if self._opened_at is None:
                return False
            if not self._may_probe():
                raise Resting
            self._is_probing = True
            return True

    def _leave(self, is_probe: bool, *, failed: bool | None) -> None:
        """`failed` is None where nothing was learnt of the provider."""
        with self._lock:
            if is_probe:
                self._is_probing = False
            if failed:
                self._note_failure(is_probe)
            elif failed is False:
                self._failed_at.clear()
                self._opened_at = None

    def _note_failure(self, is_probe: bool) -> None:
        now = self.clock()
        self._failed_at.append(now)
        is_full = len(self._failed_at) == self.failures and now - self._failed_at[0] <= self.within
        if is_probe or is_full:
            self._opened_at = now

    def _may_probe(self) -> bool:
        assert self._opened_at is not None
        return not self._is_probing and self.clock() - self._opened_at >= self.rest


@dataclass
class Share:
    """What one answer takes of a person's allowance: the most it may, until it has ended."""

    at: float
    tokens: int


class Allowance:
    """Tokens each person may use in the last 24 hours, kept in this process."""

    def __init__(self, tokens: int, *, clock: Callable[[], float] = monotonic) -> None:
        self.tokens, self.clock = tokens, clock
        self._lock = Lock()
        self._shares: dict[int | None, deque[Share]] = {}

    def share(self, person_id: int | None, most: int) -> Share:
        """Tokens for one answer, at most so many; whoever takes it notes in the end what was used.

        Raises PersonSpent where nothing is left, answers that are being made counted. Outsiders share one allowance.
        """
        with self._lock:
            shares, now = self._shares.setdefault(person_id, deque()), self.clock()
            while shares and now - shares[0].at > DAY:
                shares.popleft()
            if sum(share.tokens for share in shares) >= self.tokens:
                raise PersonSpent
            shares.append(Share(now, most))
            return shares[-1]

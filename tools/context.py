"""Everything a tool may lean on: the store, who asks, and the clock. Nothing else reaches a tool."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from time import monotonic

from sqlmodel import Session

from storage.access import Reader
from storage.engine import Store


class DeadlinePassed(Exception):
    """The answer took longer than its time budget."""

    def __init__(self) -> None:
        super().__init__("That took longer than the time I have for one answer. Try a smaller scope.")


@dataclass(frozen=True)
class ToolContext:
    """Made by the surface for one question. `as_of` is None unless the asker froze the clock."""

    store: Store
    reader: Reader
    today: date
    as_of: date | None = None
    deadline: float | None = None  # on the monotonic clock
    progress: Callable[[str, float], None] = field(default=lambda _text, _share: None)
    cancelled: Callable[[], bool] = field(default=lambda: False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A short session that the database keeps read-only."""
        if self.cancelled() or (self.deadline is not None and monotonic() > self.deadline):
            raise DeadlinePassed
        with self.store.reading() as session:
            yield session

"""What a narration knows beside the fact, and the register of how each kind of fact reads."""

from dataclasses import dataclass
from datetime import date
from functools import singledispatch

from assistant.narration.wording import say, say_date
from tools.facts import Fact, Figure


@dataclass(frozen=True)
class Telling:
    """To whom and when a fact is told."""

    today: date
    as_of: date
    asker: str = ""
    note: str = ""
    terms: frozenset[str] = frozenset()

    def say(self, figure: Figure | None, *, exact: bool = False) -> str:
        return say(figure, self.as_of, exact=exact)

    def foot(self, *parts: str) -> str:
        """The last line: which day, and what else the reader should know of the data."""
        shown = [f"As of {say_date(self.as_of, self.today)}", *parts, self.note]
        return f"_{'. '.join(part.rstrip('.') for part in shown if part)}._"


@singledispatch
def sentences(fact: Fact, telling: Telling) -> list[str]:
    """The lines that tell this kind of fact. Every kind must be registered; a test holds the catalogue to it."""
    raise LookupError(f"No narration for a fact of kind {fact.kind!r}.")

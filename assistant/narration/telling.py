"""What a narration knows beside the fact, and the register of how each kind of fact reads."""

from dataclasses import dataclass
from datetime import date
from functools import singledispatch

from assistant.narration.wording import say, say_date, shorten
from storage.text import plural
from tools.facts import Fact, Figure


@dataclass(frozen=True)
class Telling:
    """To whom and when a fact is told."""

    today: date
    as_of: date
    asker: str = ""
    note: str = ""
    terms: frozenset[str] = frozenset()
    states_of: str = ""  # whose day the states and progress are of, where it is not that of the answer

    def say(self, figure: Figure | None, *, exact: bool = False) -> str:
        return say(figure, self.as_of, exact=exact)

    def foot(self, *parts: str) -> str:
        """The last line: which day, and what else the reader should know of the data."""
        shown = [f"As of {say_date(self.as_of, self.today)}", self.states_of, *parts, self.note]
        return f"_{'. '.join(f'{part[:1].upper()}{part[1:]}'.rstrip('.') for part in shown if part)}._"


@singledispatch
def sentences(fact: Fact, telling: Telling) -> list[str]:
    """The lines that tell this kind of fact. Every kind must be registered; a test holds the catalogue to it."""
    raise LookupError(f"No narration for a fact of kind {fact.kind!r}.")


def noun(figure: Figure | None, level: str, count: int = 2) -> str:
    """What the source calls the level, in the plural unless there is one."""
    word = str(figure.value) if figure else level
    return word if count == 1 else plural(word)


def of_scope(scope: Figure | None, telling: Telling, *, by_person: bool = False) -> str:
    """Where: in a project, program or portfolio; of a person."""
    return f" {'of' if by_person else 'in'} {shorten(telling.say(scope), 80)}" if scope else ""


def that(conditions: Figure | None, telling: Telling, count: int = 2) -> str:
    """What the rows satisfy, as a clause after their noun."""
    if conditions is None:
        return ""
    clause = telling.say(conditions).replace("that are due and whose planned finish", "whose planned finish")
    return f" {_of_one(clause) if count == 1 else clause}"


def _of_one(clause: str) -> str:
    """The clause of a single row: "that is late", "that is a milestone"."""
    return clause.replace("that are milestones", "that is a milestone").replace("that are ", "that is ")

"""Facts in words, with no language model: the verdict first, at most six lines, plain words, an as-of line last."""

from dataclasses import dataclass
from datetime import date

# Importing these registers how each kind of fact reads.
from assistant.narration import (  # noqa: F401
    capacity,
    finances,
    lists,
    measurement,
    proposing,
    risks,
    schedule,
    staffing,
    status,
    utilisation,
    work,
)
from assistant.narration.telling import Telling, sentences
from assistant.narration.wording import say
from tools.facts import Fact, Figure, Line

__all__ = ["Narrated", "narrate", "sentences"]


@dataclass(frozen=True)
class Narrated:
    """A fact's words, and the fact with the wording of every figure put in."""

    text: str
    fact: Fact


def narrate(
    fact: Fact, *, today: date, asker: str = "", note: str = "", terms: frozenset[str] = frozenset()
) -> Narrated:
    """The fact as a person should read it. `terms` are the terms of art the asker used; `note` joins the last line."""
    telling = Telling(
        today=today, as_of=fact.as_of, asker=asker, note=note, terms=terms, states_of=_states_of(fact, today)
    )
    return Narrated("\n".join(sentences(fact, telling)), put_words(fact, fact.as_of))


def _states_of(fact: Fact, today: date) -> str:
    """Which day's states and progress are told, where they are not those of the day of the answer."""
    if fact.progress_as_of is None:
        return ""
    is_today = fact.progress_as_of.value == today.isoformat()
    return f"states and progress are as on file {'today' if is_today else 'on ' + say(fact.progress_as_of, today)}"


def put_words(fact: Fact, today: date) -> Fact:
    """The fact with each figure's `text` filled in."""
    return fact.model_copy(update={label: _worded(value, today) for label, value in fact})


def _worded(value: object, today: date) -> object:
    if isinstance(value, Figure):
        return value.model_copy(update={"text": say(value, today, exact=True)})
    if isinstance(value, Line):
        return value.model_copy(update={label: _worded(inner, today) for label, inner in value})
    if isinstance(value, dict):
        return {label: _worded(inner, today) for label, inner in value.items()}
    return value

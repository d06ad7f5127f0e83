"""Which row a name means, as this reader may see it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from storage.access import Reader
from storage.vocabulary import Level
from tools.facts import Clarification, Refusal


@dataclass(frozen=True)
class Match:
    """The one row a name means. `instead_of` names the reading that was set aside, empty if there was none."""

    level: Level
    id: int
    key: str
    name: str
    instead_of: str = ""


def find_one(
    session: Session, reader: Reader, words: str, levels: Collection[Level]
) -> Match | Clarification | Refusal:
    """The row of one of these levels that a key or a name means; hidden rows are no candidates."""
    return Refusal("not_found", f"Nothing that you can see is called “{words}”.")

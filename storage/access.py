"""Who may see what: the rights table of the design, as conditions that every read adds to its query."""

from dataclasses import dataclass
from enum import StrEnum


class FieldClass(StrEnum):
    """The classes of fields the rights table distinguishes."""

    OPEN = "open"  # names, dates, progress, health, busy hours
    TEAM = "team"  # notes, risks, blockers, who does what
    MONEY = "money"  # budget, cost, revenue, margin of a project and up
    RATE = "rate"  # one person's cost or bill rate
    PRIVATE = "private"  # reason of absence, erasure data


@dataclass(frozen=True)
class Reader:
    """Who asks, and who else can see the answer. A person id of None is an outsider.

    Rights are the intersection over the person and the audience. Surfaces make readers; tools and models never do.
    """

    person_id: int | None
    audience: tuple[int | None, ...] = ()

    @property
    def principals(self) -> tuple[int | None, ...]:
        return tuple(dict.fromkeys((self.person_id, *self.audience)))

"""How a field and a state describe themselves, so that questions can be asked of them in a person's words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import case

from storage.access import FieldClass
from storage.expressions import Expression
from storage.vocabulary import Level


class FieldKind(StrEnum):
    """How values of a field compare, add up and are shown."""

    MONEY = "money"  # integer minor units; the field's unit is the currency
    DAYS = "days"  # integer minutes; the field's unit is the duration basis
    HOURS = "hours"  # integer minutes
    DATE = "date"
    SHARE = "share"
    RATIO = "ratio"
    NUMBER = "number"
    COUNT = "count"
    TEXT = "text"
    KEY = "key"
    ENTITY = "entity"  # the name of a project, program or portfolio
    PERSON = "person"
    STATE = "state"
    HEALTH = "health"

    @property
    def adds_up(self) -> bool:
        return self in (FieldKind.MONEY, FieldKind.DAYS, FieldKind.HOURS, FieldKind.NUMBER, FieldKind.COUNT)

    @property
    def is_measurable(self) -> bool:
        return self.adds_up or self in (FieldKind.SHARE, FieldKind.RATIO, FieldKind.DATE)


class Right(StrEnum):
    """What a reader must be allowed to see a field: a class of the rights table, finer where the table is."""

    OPEN = "open"
    TEAM = "team"  # who does one task, and how long it takes them
    WORK = "work"  # how one task stands and what it takes; in counts and sums over many, a summary
    SUMMARY = "summary"  # counts and sums over team fields
    MONEY = "money"
    COST_OF_TIME = "cost of time"  # money that could tell what one person costs
    WHOLE_TEAM = "team of all below"  # a team field that a program or portfolio has of its own
    WHOLE_MONEY = "money of all below"

    @property
    def field_class(self) -> FieldClass:
        if self is Right.OPEN:
            return FieldClass.OPEN
        return (
            FieldClass.TEAM if self in (Right.TEAM, Right.WORK, Right.SUMMARY, Right.WHOLE_TEAM) else FieldClass.MONEY
        )


@dataclass(frozen=True, eq=False)
class Field:
    """One field of a level. `identity` is the key of the row that an entity or person field names."""

    key: str
    label: str
    kind: FieldKind
    value: Expression
    words: tuple[str, ...] = ()
    right: Right = Right.OPEN
    unit: Expression | None = None  # rows of another unit are summed, compared and sorted apart
    identity: Expression | None = None
    refers_to: Level | None = None
    comes_from: str = ""  # what would give it where it was never imported

    @property
    def names(self) -> tuple[str, ...]:
        return (self.key, self.label, *self.words)


@dataclass(frozen=True, eq=False)
class State:
    """A named condition: "late", "unowned", "over budget"."""

    key: str
    label: str
    condition: Expression
    words: tuple[str, ...] = ()
    right: Right = Right.OPEN
    needs: tuple[str, ...] = ()  # without any value of one of these fields nothing can be said of this state
    is_absence: bool = False  # of a value that others have: where none has one, it was never imported

    @property
    def names(self) -> tuple[str, ...]:
        return (self.key, self.label, *self.words)


def state_count(state: State) -> Field:
    """One for each row in the state: a field to add up."""
    return Field(state.key, state.label, FieldKind.COUNT, case((state.condition, 1), else_=0), right=state.right)


Named = TypeVar("Named", Field, State)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All fields and states of one level, found by any of their words."""

    level: Level
    fields: dict[str, Field]
    states: dict[str, State]
    _fields_by_word: dict[str, Field] = field(init=False, repr=False)
    _states_by_word: dict[str, State] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_fields_by_word", _by_word(self.fields.values()))
        object.__setattr__(self, "_states_by_word", _by_word(self.states.values()))

    def field(self, word: str) -> Field | None:
        """The field of that key, label or other name; None where this level has none. "custom." may stand before it."""
        return self._fields_by_word.get(plain(word)) or self._fields_by_word.get(plain(word).removeprefix("custom."))

    def state(self, word: str) -> State | None:
        """The state of that key, label or other name; None where this level has none."""
        return self._states_by_word.get(plain(word))


def plain(word: str) -> str:
    """A word as it is compared: lower case, single spaces, no underscores or hyphens."""
    return " ".join(word.lower().replace("_", " ").replace("-", " ").split())


def _by_word(named: Iterable[Named]) -> dict[str, Named]:
    listed = list(named)
    words: dict[str, Named] = {}
    for position in range(max((len(each.names) for each in listed), default=0)):
        for each in listed:  # keys and labels win over other words
            if position < len(each.names):
                words.setdefault(plain(each.names[position]), each)
    return words

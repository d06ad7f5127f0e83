"""Utilisation: hours that count over hours there are, by a definition that firms choose, and another told from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

ROUNDING = 0.005  # how far a share that is told in whole per cent may lie off
OVER, UNDER = 1.0, 0.5  # booked shares of what is available: overbooked above the one, on the bench below the other


class Numerator(StrEnum):
    """Which hours count."""

    BILLABLE = "billable"
    WORKED = "worked"


class Base(StrEnum):
    """What they are divided by."""

    CONTRACTED = "contracted"
    LESS_HOLIDAYS = "contracted_less_holidays"
    AVAILABLE = "available"  # contracted less public holidays and absence


class Whose(StrEnum):
    """Whose hours these are."""

    EVERYBODY = "everybody"
    PRACTICES = "practices"  # people of a practice only, not those who run the firm


@dataclass(frozen=True)
class UtilisationDefinition:
    """What one firm, or one of its departments, calls utilisation; the name is how it refers to it."""

    name: str = "U-1"
    numerator: Numerator = Numerator.BILLABLE
    base: Base = Base.LESS_HOLIDAYS
    whose: Whose = Whose.EVERYBODY
    target_share: float | None = None

    def __post_init__(self) -> None:
        if self.target_share is not None and not 0 < self.target_share <= 1:
            raise ValueError(f"A target of utilisation is a share above 0 and up to 1, not {self.target_share}.")

    @property
    def choices(self) -> tuple[Numerator, Base, Whose]:
        return self.numerator, self.base, self.whose


@dataclass(frozen=True)
class Hours:
    """The minutes of some people in a window."""

    billable: int = 0
    worked: int = 0
    contracted: int = 0
    holidays: int = 0
    absent: int = 0

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def counted(self, numerator: Numerator) -> int:
        return self.billable if numerator is Numerator.BILLABLE else self.worked

    def base(self, base: Base) -> int:
        without = {Base.CONTRACTED: 0, Base.LESS_HOLIDAYS: self.holidays, Base.AVAILABLE: self.holidays + self.absent}
        return self.contracted - without[base]


@dataclass(frozen=True)
class Reading:
    """Utilisation by one definition: minutes that count over minutes there are."""

    definition: UtilisationDefinition
    counted: int
    base: int

    @property
    def share(self) -> float | None:
        """None where there are no hours to divide by."""
        return self.counted / self.base if self.base > 0 else None

    def counted_for(self, share: float) -> int:
        """The minutes that would have to count on this base for another share."""
        return round(share * self.base)


def read(definition: UtilisationDefinition, hours: Mapping[Whose, Hours]) -> Reading:
    """Utilisation by this definition; `hours` has those of everybody and those of the practices."""
    whose = hours[definition.whose]
    return Reading(definition, whose.counted(definition.numerator), whose.base(definition.base))


def explain(share: float, ours: Reading, hours: Mapping[Whose, Hours]) -> tuple[Reading, bool]:
    """The definition that gives a share somebody else told, on the same hours, and whether it does.

    Among those that give it to the nearest per cent the one that differs least from ours, and rather in what it divides
    by than in what it counts; else the nearest of all.
    """
    readings = [ours, *(each for each in _others(ours.definition, hours) if each.share is not None)]
    giving = [each for each in readings if _off(each, share) <= ROUNDING]
    if giving:
        return min(giving, key=lambda each: (*_changes(each, ours), _off(each, share))), True
    return min(readings, key=lambda each: (_off(each, share), *_changes(each, ours))), False


def _others(ours: UtilisationDefinition, hours: Mapping[Whose, Hours]) -> Iterator[Reading]:
    for numerator, base, whose in product(Numerator, Base, Whose):
        if (numerator, base, whose) != ours.choices:
            yield read(replace(ours, numerator=numerator, base=base, whose=whose), hours)


def _off(reading: Reading, share: float) -> float:
    return abs((reading.share or 0.0) - share)


def _changes(reading: Reading, ours: Reading) -> tuple[int, bool]:
    """In how many choices two definitions differ, and whether in what they count."""
    both = zip(reading.definition.choices, ours.definition.choices, strict=True)
    return sum(one != other for one, other in both), reading.definition.numerator != ours.definition.numerator

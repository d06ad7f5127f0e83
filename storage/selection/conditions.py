"""What rows must satisfy: a field against a value, a named state, or one of a few words."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Date, and_, case, func, literal, or_

from storage.catalogue import Field, Right, State
from storage.expressions import Expression
from storage.vocabulary import DurationBasis


class Operator(StrEnum):
    EQUALS = "="
    DIFFERS = "!="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="
    CONTAINS = "contains"
    STARTS_WITH = "starts with"
    MISSING = "missing"
    PRESENT = "present"


@dataclass(frozen=True)
class Period:
    """Days that a date is compared with, both included: one day, a month, a year."""

    first: date
    last: date


@dataclass(frozen=True)
class Length:
    """A duration in minutes, as each basis counts its days."""

    working_minutes: float
    elapsed_minutes: float

    def in_basis(self, basis: Expression | None) -> Expression:
        if basis is None:
            return literal(self.elapsed_minutes)
        working = basis.in_((DurationBasis.WORKING,))
        return case((working, literal(self.working_minutes)), else_=literal(self.elapsed_minutes))


@dataclass(frozen=True)
class Amount:
    """Money in minor units; without a currency, of any."""

    minor: int
    currency: str | None = None


@dataclass(frozen=True, eq=False)
class Comparison:
    """A field against a value, or against another field of its kind."""

    field: Field
    operator: Operator
    value: "str | float | Period | Length | Amount | Field | None" = None

    @property
    def fields(self) -> tuple[Field, ...]:
        return (self.field, self.value) if isinstance(self.value, Field) else (self.field,)

    @property
    def rights(self) -> tuple[Right, ...]:
        return tuple(each.right for each in self.fields)

    def sql(self) -> Expression:
        if self.operator is Operator.MISSING:
            return self.field.value.is_(None)
        if self.operator is Operator.PRESENT:
            return self.field.value.is_not(None)
        if self.operator is Operator.DIFFERS:
            return _untrue(replace(self, operator=Operator.EQUALS).sql())
        return self._compared()

    def _compared(self) -> Expression:
        value, unit = self.field.value, self.field.unit
        match self.value:
            case Field() as other:
                return _apply(self.operator, value, other.value)
            case Period() as period:
                return _in_period(self.operator, value, period)
            case Length() as length:
                return _apply(self.operator, value, length.in_basis(unit))
            case Amount(minor, currency):
                compared = _apply(self.operator, value, literal(minor))
                return compared if currency is None or unit is None else and_(compared, unit.in_((currency,)))
            case str() as words:
                named = _apply_to_text(self.operator, value, words)
                identity = self.field.identity
                return named if identity is None else or_(named, func.lower(identity) == words.lower())
            case number:
                return _apply(self.operator, value, literal(number))


@dataclass(frozen=True, eq=False)
class Holds:
    """Being in a state, or not being in it."""

    state: State
    negated: bool = False

    @property
    def rights(self) -> tuple[Right, ...]:
        return (self.state.right,)

    def sql(self) -> Expression:
        return _untrue(self.state.condition) if self.negated else self.state.condition


@dataclass(frozen=True, eq=False)
class OneOf:
    """A field that has one of these very words, or none of them."""

    field: Field
    words: tuple[str, ...]
    negated: bool = False

    @property
    def rights(self) -> tuple[Right, ...]:
        return (self.field.right,)

    def sql(self) -> Expression:
        among = self.field.value.in_(self.words)
        return _untrue(among) if self.negated else among


@dataclass(frozen=True, eq=False)
class AnyOf:
    """At least one of several conditions."""

    conditions: "tuple[Condition, ...]"

    @property
    def rights(self) -> tuple[Right, ...]:
        return tuple(right for each in self.conditions for right in each.rights)

    def sql(self) -> Expression:
        return or_(*(each.sql() for each in self.conditions))


Condition = Comparison | Holds | OneOf | AnyOf


def _apply(operator: Operator, value: Expression, limit: Expression) -> Expression:
    match operator:
        case Operator.BELOW:
            return value < limit
        case Operator.AT_MOST:
            return value <= limit
        case Operator.ABOVE:
            return value > limit
        case Operator.AT_LEAST:
            return value >= limit
        case _:
            return value == limit


def _apply_to_text(operator: Operator, value: Expression, words: str) -> Expression:
    """Without regard to letter case."""
    match operator:
        case Operator.CONTAINS:
            return func.lower(value).contains(words.lower(), autoescape=True)
        case Operator.STARTS_WITH:
            return func.lower(value).startswith(words.lower(), autoescape=True)
        case _:
            return func.lower(value) == words.lower()


def _in_period(operator: Operator, value: Expression, period: Period) -> Expression:
    """Dates may be moments, so a day ends where the next one begins."""
    last = min(period.last, date.max - timedelta(days=1))
    first, after = literal(period.first, Date), literal(last + timedelta(days=1), Date)
    match operator:
        case Operator.BELOW:
            return value < first
        case Operator.AT_MOST:
            return value < after
        case Operator.ABOVE:
            return value >= after
        case Operator.AT_LEAST:
            return value >= first
        case _:
            return and_(value >= first, value < after)


def _untrue(condition: Expression) -> Expression:
    """False or not known."""
    return case((condition, 0), else_=1) == 1

"""Counts, sums, means, medians, extremes and shares of selected rows, as a whole or by group, in the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Integer,
    Result,
    Row,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    select,
    true,
)
from sqlmodel import Session

from storage.access import Reader
from storage.catalogue import Field, FieldKind, Right
from storage.expressions import Expression
from storage.selection.conditions import Comparison, Condition, OneOf
from storage.selection.frames import Frame, Selection


class Measure(StrEnum):
    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
    SHARE = "share"


class DatePart(StrEnum):
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


@dataclass(frozen=True, eq=False)
class Grouping:
    """By the values of a field, or by the year, quarter or month of a date."""

    field: Field
    part: DatePart | None = None

    @property
    def is_broad(self) -> bool:
        return self.field.kind in (FieldKind.ENTITY, FieldKind.STATE, FieldKind.DATE)

    @property
    def identity(self) -> Expression:
        return self.label if self.field.identity is None else self.field.identity

    @property
    def label(self) -> Expression:
        """A year as 2012, a quarter as 20123, a month as 201208; else the value."""
        value = self.field.value
        if self.part is None:
            return value
        year = cast(extract("year", value), Integer)
        if self.part is DatePart.YEAR:
            return year
        month = cast(extract("month", value), Integer)
        return year * 100 + month if self.part is DatePart.MONTH else year * 10 + (month + 2) // 3


@dataclass(frozen=True, eq=False)
class Question:
    """What to measure of the selected rows. A share is that of rows, or of a field's sum, in which `part` holds."""

    measure: Measure
    field: Field | None = None
    part: tuple[Condition, ...] = ()

    @property
    def adds_up(self) -> bool:
        return self.measure not in (Measure.MIN, Measure.MAX)

    @property
    def rights(self) -> tuple[Right, ...]:
        own = (self.field.right,) if self.field else ()
        return (*own, *(right for condition in self.part for right in condition.rights))


@dataclass(frozen=True)
class Measured:
    """A value over rows of one unit (a currency, a duration basis); exact where the field is. `part`: of a share.

    `value` is None where no row has one. `missing` counts rows among the `matched` that have none.
    """

    value: Fraction | float | date | None
    unit: str | None
    matched: int
    missing: int
    part: int | None = None
    label: Any = None
    key: Any = None


@dataclass(frozen=True)
class Groups:
    """The groups that come first, and how many there are."""

    rows: list[Measured]
    total: int


@dataclass(frozen=True)
class GroupOrder:
    """By value, by label or by number of rows; groups without a value come last."""

    by: Literal["value", "label", "count"] = "value"
    descending: bool = True


def measure(session: Session, reader: Reader, selection: Selection, question: Question) -> list[Measured]:
    """The value over all selected rows, one for each unit the field comes in; never empty. One query."""
    found = [_measured(question, row) for row in _Measuring(session, reader, selection, question).by_unit()]
    valued = [each for each in found if each.value is not None]
    if len(valued) > 1:
        return valued
    matched, missing = sum(each.matched for each in found), sum(each.missing for each in found)
    only = valued[0] if valued else Measured(None if question.field else Fraction(0), None, 0, 0)
    return [replace(only, matched=matched, missing=missing)]


def measure_groups(
    session: Session,
    reader: Reader,
    selection: Selection,
    question: Question,
    grouping: Grouping,
    *,
    order: GroupOrder,
    limit: int,
    apart: bool,
) -> Groups:
    """The value of each group, as many as the limit. `apart`: a group has one row for each unit. One query."""
    measuring = _Measuring(session, reader, selection, question, grouping)
    found = measuring.by_group(order, limit, apart).all()
    return Groups([_measured(question, row) for row in found], found[0].groups if found else 0)


class _Measuring:
    """The two layers of a measuring query: rows with their value, unit and group; and what they come to."""

    def __init__(
        self,
        session: Session,
        reader: Reader,
        selection: Selection,
        question: Question,
        grouping: Grouping | None = None,
    ) -> None:
        sums = selection.is_broad and question.adds_up and (grouping is None or grouping.is_broad)
        self.frame = Frame(session, reader, selection.level, selection.clock, selection.place, sums=sums)
        self.selection, self.question, self.grouping = selection, question, grouping

    def by_unit(self) -> Result[Any]:
        base = self._base(apart=True)
        return self.frame.run(self._summary(base, [base.c.unit]).group_by(base.c.unit).order_by(base.c.unit))

    def by_group(self, order: GroupOrder, limit: int, apart: bool) -> Result[Any]:
        base = self._base(apart)
        columns = [base.c.key, base.c.label, *([base.c.unit] if apart else [func.max(base.c.unit).label("unit")])]
        query = self._summary(base, [*columns, func.count().over().label("groups")])
        query = query.group_by(base.c.key, base.c.label, *([base.c.unit] if apart else []))
        if apart:
            query = query.having(func.count(base.c.value) > 0)
        ranks = {"value": self._rank(base), "label": base.c.label, "count": self._counts(base)[0]}
        rank = ranks[order.by]
        ranked = rank.desc() if order.descending else rank.asc()
        return self.frame.run(query.order_by(rank.is_(None), ranked, base.c.label, base.c.key).limit(limit))

    def _base(self, apart: bool) -> Subquery:
        rights = [self.frame.allows(right) for right in self.question.rights + self._group_rights()]
        where = [*self.frame.conditions(self.selection), *rights]
        rows = self.frame.select(self._columns(), where).subquery("selected")
        if self.question.measure is not Measure.MEDIAN:
            return rows
        return _histogram(rows, [rows.c.key, rows.c.label, rows.c.unit] if apart else [rows.c.key, rows.c.label])

    def _columns(self) -> dict[str, Expression]:
        field, grouping = self.question.field, self.grouping
        value = field.value if field else self._known_part()
        unit = case((value.is_not(None), field.unit)) if field and field.unit is not None else null()
        return {
            "value": value,
            "unit": cast(unit, String),
            "part": case((and_(true(), *(each.sql() for each in self.question.part)), 1), else_=0),
            "key": grouping.identity if grouping else null(),
            "label": grouping.label if grouping else null(),
        }

    def _known_part(self) -> Expression:
        """What is there when it is known whether a row belongs to the part."""
        compared = (each.field.value for each in self.question.part if isinstance(each, Comparison | OneOf))
        return next(compared, literal(1))

    def _group_rights(self) -> tuple[Right, ...]:
        return (self.grouping.field.right,) if self.grouping else ()

    def _summary(self, base: Subquery, columns: Sequence[Expression]) -> Select[Any]:
        first, second = self._parts(base)
        matched, present = self._counts(base)
        figures = {"matched": matched, "present": present, "first": first, "second": second}
        return select(*columns, *(figure.label(label) for label, figure in figures.items()))

    def _counts(self, base: Subquery) -> tuple[Expression, Expression]:
        """How many rows there are, and how many of them have a value."""
        if self.question.measure is Measure.MEDIAN:
            return func.sum(base.c.weight), func.max(base.c.present)
        return func.count(), func.count(base.c.value)

    def _parts(self, base: Subquery) -> tuple[Expression, Expression]:
        """The two figures that the value is made of."""
        value = base.c.value
        match self.question.measure:
            case Measure.COUNT:
                return func.count(), null()
            case Measure.SUM:
                return func.sum(value), null()
            case Measure.MEAN:
                return func.sum(value), func.count(value)
            case Measure.MIN:
                return func.min(value), null()
            case Measure.MAX:
                return func.max(value), null()
            case Measure.MEDIAN:
                half = base.c.present + 1
                return (
                    func.min(case((base.c.up_to >= half // 2, value))),
                    func.min(case((base.c.up_to >= (half + 1) // 2, value))),
                )
            case Measure.SHARE if self.question.field:
                return func.sum(case((base.c.part == 1, value), else_=0)), func.sum(value)
            case Measure.SHARE:
                return func.sum(base.c.part), func.count()

    def _rank(self, base: Subquery) -> Expression:
        first, second = self._parts(base)
        if self.question.measure in (Measure.MEAN, Measure.SHARE):
            return first * 1.0 / func.nullif(second, 0)
        is_date = self.question.field is not None and self.question.field.kind is FieldKind.DATE
        return first + second if self.question.measure is Measure.MEDIAN and not is_date else first


def _histogram(rows: Subquery, group: list[Any]) -> Subquery:
    """How many rows of a group have each value, and how many have it or a lower one: what a median is read from."""
    unit: list[Expression] = [rows.c.unit] if rows.c.unit in group else [func.max(rows.c.unit).label("unit")]
    others = [column for column in group if column is not rows.c.unit]
    counted = select(*others, *unit, rows.c.value, func.count().label("weight")).group_by(*group, rows.c.value)
    each = counted.subquery("counted")
    same = [each.c[str(column.key)] for column in group]
    up_to = func.sum(each.c.weight).over(partition_by=same, order_by=(each.c.value.is_(None), each.c.value))
    present: Expression = func.sum(case((each.c.value.is_not(None), each.c.weight))).over(partition_by=same)
    present = cast(present, BigInteger)  # PostgreSQL sums integers to decimals, which do not halve to whole numbers
    return select(*each.c, up_to.label("up_to"), present.label("present")).subquery("histogram")


def _measured(question: Question, row: Row[Any]) -> Measured:
    return Measured(
        value=_value(question.measure, row.first, row.second),
        unit=row.unit,
        matched=int(row.matched),
        missing=0 if question.measure is Measure.COUNT else int(row.matched - (row.present or 0)),
        part=int(row.first or 0) if question.measure is Measure.SHARE and question.field is None else None,
        label=getattr(row, "label", None),
        key=getattr(row, "key", None),
    )


def _value(measure: Measure, first: Any, second: Any) -> Fraction | float | date | None:
    if first is None or (measure in (Measure.MEAN, Measure.SHARE) and not second):
        return None
    if isinstance(first, date):
        return first + (second - first) / 2 if measure is Measure.MEDIAN else first
    if measure in (Measure.MEAN, Measure.SHARE):
        return _exact(first) / _exact(second)
    if measure is Measure.MEDIAN:
        return (_exact(first) + _exact(second)) / 2
    return _exact(first)


def _exact(number: int | float | Decimal) -> Fraction | float:
    return number if isinstance(number, float) else Fraction(number)

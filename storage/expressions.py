"""SQL that both databases understand: the clock, days between dates, working or elapsed, and dates kept as text."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, case, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.vocabulary import DurationBasis

WORKING_DAY_MINUTES = DurationBasis.WORKING.day_minutes
ELAPSED_DAY_MINUTES = DurationBasis.ELAPSED.day_minutes

Expression = ColumnElement[Any]


class DayNumber(FunctionElement[int]):
    """The Julian day number of a date or a moment: a Monday is a multiple of seven."""

    type = Integer()
    inherit_cache = True


class IsoDate(FunctionElement[Any]):
    """A date kept as ISO text."""

    type = Date()
    inherit_cache = True


class Lower(FunctionElement[int]):
    """The lower of two numbers."""

    type = Integer()
    inherit_cache = True


class Higher(FunctionElement[int]):
    """The higher of two numbers."""

    type = Integer()
    inherit_cache = True


@compiles(Lower)
def _(element: Lower, compiler: SQLCompiler, **options: Any) -> str:
    return f"least({compiler.process(element.clauses, **options)})"


@compiles(Higher)
def _(element: Higher, compiler: SQLCompiler, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


@compiles(Lower, "sqlite")
def _(element: Lower, compiler: SQLCompiler, **options: Any) -> str:
    return f"min({compiler.process(element.clauses, **options)})"


@compiles(Higher, "sqlite")
def _(element: Higher, compiler: SQLCompiler, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


@compiles(DayNumber, "sqlite")
def _(element: DayNumber, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(julianday(date({compiler.process(element.clauses, **options)})) + 0.5 AS INTEGER)"


@compiles(DayNumber, "postgresql")
def _(element: DayNumber, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(EXTRACT(JULIAN FROM CAST({compiler.process(element.clauses, **options)} AS DATE)) AS INTEGER)"


@compiles(IsoDate, "sqlite")
def _(element: IsoDate, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(IsoDate, "postgresql")
def _(element: IsoDate, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS DATE)"


def day_minutes(basis: Expression) -> Expression:
    """How many minutes one day has where durations count as `basis` says."""
    return case((basis == DurationBasis.WORKING, WORKING_DAY_MINUTES), else_=ELAPSED_DAY_MINUTES)


def minutes_since(basis: Expression, due: Expression, day: Expression) -> Expression:
    """Whole days passed since the day something was due, in minutes: elapsed, or the working days between the two."""
    working = _weekdays_before(DayNumber(day)) - _weekdays_before(DayNumber(due) + 1)
    passed = Higher(working, literal(0))
    elapsed = DayNumber(day) - DayNumber(due)
    return case((basis == DurationBasis.WORKING, passed * WORKING_DAY_MINUTES), else_=elapsed * ELAPSED_DAY_MINUTES)


def minutes_between(basis: Expression, first: Expression, last: Expression, *, inclusive: bool = False) -> Expression:
    """From one day to a later one, in minutes: elapsed, or the working days between (inclusive: and the last one)."""
    working = _weekdays_before(DayNumber(last) + int(inclusive)) - _weekdays_before(DayNumber(first))
    elapsed = DayNumber(last) - DayNumber(first)
    return case((basis == DurationBasis.WORKING, working * WORKING_DAY_MINUTES), else_=elapsed * ELAPSED_DAY_MINUTES)


def _weekdays_before(day_number: Expression) -> Expression:
    """Mondays to Fridays before a day, counted from a fixed Monday."""
    return (day_number // 7) * 5 + Lower(day_number % 7, literal(5))

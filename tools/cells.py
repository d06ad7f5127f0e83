"""Values of fields as figures: each in the unit a person reads it in."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from storage.catalogue import Field, FieldKind
from storage.selection.rows import Row
from storage.vocabulary import DurationBasis, ProjectState
from tools import facts
from tools.facts import Figure, Unit
from tools.figures import days_unit, title


def cell(row: Row, field: Field) -> Figure | None:
    """The field of a row; None where it has no value, or none that this reader may see."""
    value = row.values[field.key]
    if field.kind is FieldKind.ENTITY and field.refers_to and value.key:
        return facts.name(title(field.refers_to, value.key, value.raw))
    return figure(field, value.raw, value.unit)


def figure(field: Field, raw: Any, unit: str | None) -> Figure | None:
    """A value of the field, or a sum, mean or other measure of its values; None for none."""
    if raw is None:
        return None
    match field.kind:
        case FieldKind.MONEY:
            return facts.money(_decimal(raw), unit or "")
        case FieldKind.DAYS:
            basis = DurationBasis(unit or DurationBasis.WORKING)
            return Figure(value=_number(Fraction(raw) / basis.day_minutes), unit=days_unit(basis))
        case FieldKind.HOURS:
            return Figure(value=_number(Fraction(raw) / 60), unit=Unit.HOURS)
        case FieldKind.DATE:
            return facts.day(raw)
        case FieldKind.SHARE:
            return facts.share(float(raw))
        case FieldKind.RATIO:
            return facts.ratio(float(raw))
        case FieldKind.COUNT:
            return Figure(value=_number(raw), unit=Unit.COUNT)
        case FieldKind.NUMBER:
            return Figure(value=_number(raw), unit=Unit.NUMBER)
        case FieldKind.HEALTH:
            return facts.health(raw)
        case FieldKind.STATE:
            return None if raw == ProjectState.UNKNOWN else facts.state(raw)
        case FieldKind.KEY:
            return facts.key(raw)
        case FieldKind.TEXT:
            return facts.text(str(raw))
        case FieldKind.ENTITY | FieldKind.PERSON:
            return facts.name(raw)


def wording(raw: Any) -> str:
    """A value as the label of a group."""
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw)


def _number(number: Fraction | Decimal | float) -> int | float:
    """Whole where it is whole."""
    return int(number) if int(number) == number else float(number)


def _decimal(number: Fraction | Decimal | float) -> Decimal:
    exact = Fraction(number)
    return Decimal(exact.numerator) / Decimal(exact.denominator)

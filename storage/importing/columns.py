"""Where a field's cell is in a row, and how it becomes a value."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from storage.importing import values
from storage.importing.layout import Field, Kind
from storage.importing.mapping import ColumnMap, CustomMap, Scale, plain_name, scale_of
from storage.importing.values import MINUTES, NotReadable, Style
from storage.vocabulary import CustomKind, DurationBasis

Read = Callable[[str, DurationBasis], Any]
Places = dict[str, int]  # of the columns in a row, by their plain names

LONG_TEXTS = {"description", "note", "mitigation", "reason"}


class Column:
    """One mapped field of a table: takes the cell out of a row, and reads it."""

    def __init__(self, field: Field, mapping: ColumnMap, places: Places, style: Style) -> None:
        self.field = field
        self.header = mapping.column
        self._is_prose = field.kind is Kind.TEXT and field.column != "key"
        self._is_unsigned = field.kind in (Kind.MONEY, Kind.DURATION) and not field.signed
        self._cell = _cell_of(mapping, places)
        self._meanings = {_folded(word): meaning for word, meaning in mapping.values.items()}
        self._read = _negated(_reader(field, mapping.unit, scale_of(field, mapping.unit), style), mapping)

    def raw(self, cells: list[str]) -> str:
        """The cell without blanks around it, which only prose keeps."""
        cell = self._cell(cells)
        plain = cell.strip()
        return cell if self._is_prose and plain else plain

    def meant(self, cell: str) -> str:
        """The cell, or what the mapping says that it means."""
        return self._meanings.get(_folded(cell), cell) if self._meanings else cell

    def read(self, cell: str, basis: DurationBasis) -> Any:
        """The value of a cell. Raises NotReadable."""
        if not cell:
            if self.field.required:
                raise NotReadable("This cell may not be blank.")
            return self.field.default
        value = self._read(cell, basis)
        if value == "" and self.field.required:
            raise NotReadable("Nothing legible is left of this cell.")
        if self._is_unsigned and value < 0:
            raise NotReadable(f"'{cell}' is below zero.")
        return value


class CustomColumn:
    """One column kept as a field of the firm's own."""

    def __init__(self, key: str, mapping: CustomMap, places: Places, style: Style) -> None:
        self.key = key
        self.header = mapping.column
        self._is_prose = mapping.kind is CustomKind.TEXT
        self._cell = _cell_of(mapping, places)
        self._meanings = {_folded(word): meaning for word, meaning in mapping.values.items()}
        self._read = _negated(_custom_reader(mapping, scale_of(mapping, mapping.unit), style), mapping)

    def read(self, cells: list[str]) -> Any:
        """A value that JSON can hold; None for a blank cell. Raises NotReadable."""
        cell = self._cell(cells)
        plain = cell.strip()
        meant = self._meanings.get(_folded(plain)) or (cell if self._is_prose else plain)
        return self._read(meant, DurationBasis.WORKING) if plain else None


def _cell_of(mapping: ColumnMap, places: Places) -> Callable[[list[str]], str]:
    if mapping.column is None:
        constant = mapping.value or ""
        return lambda cells: constant
    place = places[plain_name(mapping.column)]
    return lambda cells: cells[place]


def _negated(read: Read, mapping: ColumnMap) -> Read:
    return (lambda cell, basis: -read(cell, basis)) if mapping.negate else read


def _reader(field: Field, unit: str, scale: Scale, style: Style) -> Read:
    match field.kind:
        case Kind.DURATION:
            return _duration_reader(unit or "hours", scale, style, by_basis=field.by_basis)
        case Kind.MONEY:
            return lambda cell, _: values.money(cell, style, scale.factor)
        case Kind.SHARE:
            return lambda cell, _: values.share(cell, style, percent=scale.is_percent)
        case Kind.DATE:
            return lambda cell, _: values.day(cell, style)
        case Kind.MOMENT:
            return lambda cell, _: values.moment(cell, style)
        case Kind.WORD if field.words:
            words = field.words
            return lambda cell, _: values.word(cell, words)
        case Kind.YES_NO:
            return lambda cell, _: values.yes_no(cell)
        case Kind.WEEK:
            return lambda cell, _: values.week(cell, style)
        case Kind.SHIFTS:
            return lambda cell, _: values.shifts_of_week(cell)
        case Kind.EXCEPTIONS:
            return lambda cell, _: values.shifts_by_day(cell)
        case Kind.UNITS:
            return lambda cell, _: values.units(cell, style)
        case Kind.WHOLE:
            return lambda cell, _: values.whole_number(cell, style)
        case Kind.EMAIL:
            return lambda cell, _: values.email(cell)
        case Kind.COUNTRY:
            return lambda cell, _: values.country(cell)
        case Kind.CURRENCY:
            return lambda cell, _: values.currency(cell)
        case Kind.TEXT if field.column in LONG_TEXTS:
            return lambda cell, _: values.text(cell)
        case _:
            return lambda cell, _: values.name(cell)


def _duration_reader(unit: str, scale: Scale, style: Style, *, by_basis: bool) -> Read:
    name = unit.split(" ")[0]
    minutes = {basis: MINUTES[basis][name] for basis in DurationBasis}
    if by_basis:
        return lambda cell, basis: values.duration(cell, style, minutes[basis])
    fixed = minutes[scale.basis or DurationBasis.WORKING]
    return lambda cell, _: values.duration(cell, style, fixed)


def _custom_reader(mapping: CustomMap, scale: Scale, style: Style) -> Read:
    match mapping.kind:
        case CustomKind.MONEY:
            return lambda cell, _: values.money(cell, style, scale.factor)
        case CustomKind.NUMBER:
            return lambda cell, _: _plain_number(values.number(cell, style))
        case CustomKind.SHARE:
            return lambda cell, _: values.share(cell, style, percent=scale.is_percent)
        case CustomKind.DATE:
            return lambda cell, _: _iso(values.day(cell, style))
        case CustomKind.DAYS:
            return lambda cell, _: _plain_number(values.number(cell, style) * _days_a_unit(mapping.unit, scale))
        case _:
            return lambda cell, _: values.text(cell)


def _days_a_unit(unit: str, scale: Scale) -> Decimal:
    minutes = MINUTES[scale.basis or DurationBasis.ELAPSED]
    return Decimal(minutes[(unit or "days").split(" ")[0]]) / minutes["days"]


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _iso(day: date) -> str:
    return day.isoformat()


def _folded(word: str) -> str:
    return " ".join(word.split()).casefold()

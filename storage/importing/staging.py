"""From tables of text to rows of typed values, with each cell that cannot be read named."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from storage.importing.columns import Column, CustomColumn, Places
from storage.importing.layout import Field, Kind, Layout
from storage.importing.mapping import SourceMap, TableMap, closest, plain_name, scale_of
from storage.importing.report import Problem
from storage.importing.tables import Table
from storage.importing.values import NotReadable, Style
from storage.vocabulary import DurationBasis

Wrong = tuple[str, str | None]  # a sentence, and the header it is about


@dataclass(slots=True)
class Row:
    """One row to be imported. Parents are still keys: checks and writer look them up."""

    number: int  # in its file
    values: dict[str, Any]  # by column of the model
    parents: dict[str, str]  # by column of the model; blank ones are absent
    custom: dict[str, Any]
    raw_key: str = ""  # the key as the file has it, before the mapping's values
    assumed: set[str] = field(default_factory=set)  # columns the file leaves open: their values are for new rows only

    @property
    def key(self) -> str:
        return str(self.values["key"])


@dataclass
class Staged:
    """The readable rows of one table, and all that was wrong with the others."""

    layout: Layout
    mapping: TableMap
    file: str
    fields: list[Field] = field(default_factory=list)  # those the file has
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    seen_keys: set[str] = field(default_factory=set)  # of all rows, also of those left out
    is_unreadable: bool = False  # the table lacks columns, so nothing is known of its rows

    def problem(self, row: Row, sentence: str, column: str | None = None) -> Problem:
        return Problem(sentence, self.file, row.number, self.header(column) if column else None)

    def header(self, column: str) -> str | None:
        """What stands over a column of the model in the file."""
        return next((self.mapping.columns[f.name].column for f in self.fields if f.column == column), None)

    def refuse(self, bad: dict[int, Problem]) -> None:
        """Leave out rows, by their number, and keep what is wrong with them."""
        self.problems += bad.values()
        self.rows = [row for row in self.rows if row.number not in bad]

    def has(self, column: str) -> bool:
        """Whether any row gives a value for a column of the model."""
        return any(row.values.get(column) is not None or column in row.parents for row in self.rows)


def stage(table: Table, layout: Layout, mapping: TableMap, source: SourceMap) -> Staged:
    """Read all cells. A missing column leaves the table without rows."""
    staged = Staged(layout, mapping, table.name, problems=list(table.problems))
    places = {plain_name(name): index for index, name in enumerate(table.header) if name}
    if missing := _missing_columns(table, layout, mapping, places):
        staged.problems += missing
        staged.is_unreadable = True
        return staged
    staged.fields = [known for known in layout.fields if known.name in mapping.columns]
    reader = _RowReader(staged, places, Style(source.decimal, source.dates))
    for number, cells in table.rows:
        reader.read(number, cells)
    if not table.rows and not table.problems:
        staged.warnings.append(Problem("The file has a header and no rows.", table.name))
    return staged


def _missing_columns(table: Table, layout: Layout, mapping: TableMap, places: Places) -> list[Problem]:
    mapped = [column.column for column in (*mapping.columns.values(), *mapping.custom.values()) if column.column]
    names = [name for name in dict.fromkeys(mapped) if plain_name(name) not in places]
    names += [next(iter(f.columns)) for f in layout.fields if f.required and f.name not in mapping.columns]
    return [_missing(name, table) for name in names] + [_twins(name, table) for name in mapped if _is_twin(name, table)]


def _missing(name: str, table: Table) -> Problem:
    hint = closest(name, [column for column in table.header if column])
    near = f"The closest is '{hint}'." if hint else f"The columns are {', '.join(table.header[:20])}."
    return Problem(f"The column '{name}' is missing. {near}", table.name, 1, name)


def _is_twin(name: str, table: Table) -> bool:
    return sum(plain_name(column) == plain_name(name) for column in table.header) > 1


def _twins(name: str, table: Table) -> Problem:
    alike = " and ".join(f"'{column}'" for column in table.header if plain_name(column) == plain_name(name))
    return Problem(f"The columns {alike} are called alike. Rename or remove one.", table.name, 1, name)


class _RowReader:
    """Reads the rows of one table."""

    def __init__(self, staged: Staged, places: Places, style: Style) -> None:
        self._staged = staged
        columns = [Column(known, staged.mapping.columns[known.name], places, style) for known in staged.fields]
        self._parents = [column for column in columns if column.field.kind is Kind.PARENT]
        self._values = [column for column in columns if column.field.kind is not Kind.PARENT]
        self._custom = [CustomColumn(key, custom, places, style) for key, custom in staged.mapping.custom.items()]
        self._key = next((column for column in columns if column.field.column == "key"), None)
        self._basis = next((column for column in columns if column.field.name == "duration_basis"), None)
        self._said_basis = _said_basis(staged)
        self._first_of_key: dict[str, int] = {}

    def read(self, number: int, cells: list[str]) -> None:
        row = Row(number, {}, {}, {})
        wrong = [*self._read_values(row, cells), *self._read_parents(row, cells), *self._read_custom(row, cells)]
        if self._key and "key" in row.values:
            row.raw_key = self._key.raw(cells)
            first = self._first_of_key.setdefault(row.key, number)
            self._staged.seen_keys.add(row.key)
            if first != number and self._staged.mapping.group:
                return
            if first != number:
                wrong.append((f"The key '{row.key}' is already that of row {first}.", self._key.header))
        if wrong:
            file = self._staged.file
            self._staged.problems += [Problem(sentence, file, number, header) for sentence, header in wrong]
        else:
            self._staged.rows.append(row)

    def _read_values(self, row: Row, cells: list[str]) -> Iterator[Wrong]:
        basis = self._row_basis(row, cells)
        for column in self._values:
            try:
                row.values[column.field.column] = column.read(column.meant(column.raw(cells)), basis)
            except NotReadable as error:
                yield str(error), column.header

    def _row_basis(self, row: Row, cells: list[str]) -> DurationBasis:
        """Working or elapsed: as a unit says, else as the row says, else working."""
        if self._said_basis:
            row.values["duration_basis"] = self._said_basis.value
            return self._said_basis
        if self._basis:
            said = self._basis.meant(self._basis.raw(cells)).casefold()
            return DurationBasis.ELAPSED if said == DurationBasis.ELAPSED else DurationBasis.WORKING
        return DurationBasis.WORKING

    def _read_parents(self, row: Row, cells: list[str]) -> Iterator[Wrong]:
        for column in self._parents:
            try:
                if key := column.read(column.meant(column.raw(cells)), DurationBasis.WORKING):
                    row.parents[column.field.column] = key
            except NotReadable as error:
                yield str(error), column.header

    def _read_custom(self, row: Row, cells: list[str]) -> Iterator[Wrong]:
        for column in self._custom:
            try:
                row.custom[column.key] = column.read(cells)
            except NotReadable as error:
                yield str(error), column.header


def _said_basis(staged: Staged) -> DurationBasis | None:
    """The basis of the rows' durations where a unit says it ("days elapsed")."""
    for known in staged.fields:
        if known.by_basis and (basis := scale_of(known, staged.mapping.columns[known.name].unit).basis):
            return basis
    return None

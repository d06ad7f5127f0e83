"""The tables of an answer, read from the figures of its facts: the same cells for a page and for a terminal."""

from dataclasses import dataclass
from typing import Any

from storage.text import printable

WORDED_UNITS = {"name", "text", "key"}
PLAIN_UNITS = WORDED_UNITS | {"date", "health", "state", "yes/no"}
LONG = 5
HEALTH_ORDER = {"red": "1", "amber": "2", "green": "3"}


@dataclass(frozen=True)
class Cell:
    """One figure as shown; `health` is set where the figure is a colour."""

    text: str = ""
    unit: str = ""
    value: str = ""

    @property
    def order(self) -> str:
        """What a column is sorted by: numbers and ISO dates as such, the worst health first, else the text."""
        if self.unit == "health":
            return HEALTH_ORDER.get(self.text.lower(), self.text)
        return self.value if self.is_number or self.is_date else self.text

    @property
    def is_number(self) -> bool:
        return bool(self.unit) and self.unit not in PLAIN_UNITS

    @property
    def is_date(self) -> bool:
        return self.unit == "date"

    @property
    def health(self) -> str:
        return self.text.lower() if self.unit == "health" else ""


@dataclass(frozen=True)
class Column:
    label: str
    is_number: bool


@dataclass(frozen=True)
class Row:
    """`name` heads the row: its name, or its key where it has none."""

    key: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Rows of one fact's field; `columns` are those after the name."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def is_long(self) -> bool:
        """Whether sorting it is of use."""
        return len(self.rows) > LONG


def read_tables(answer: dict[str, Any]) -> list[Table]:
    """Every table in the facts of an Answer's contract, in order; empty ones are left out."""
    return [
        _table(heading(fact["kind"] if label == "rows" else label), field)
        for fact in answer["facts"]
        for label, field in fact["fields"].items()
        if _is_rows(field)
    ]


def read_figures(answer: dict[str, Any]) -> list[tuple[str, Cell]]:
    """Every single figure in the facts, with its heading."""
    return [
        (heading(label), _cell(field))
        for fact in answer["facts"]
        for label, field in fact["fields"].items()
        if _is_figure(field)
    ]


def heading(label: str) -> str:
    """ "planned_finish" as "Planned finish"."""
    words = label.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _table(title: str, rows: dict[str, dict[str, Any]]) -> Table:
    labels = dict.fromkeys(
        label for line in rows.values() for label, field in line.items() if label != "name" and _is_figure(field)
    )
    shown = tuple(
        Row(key, _cell(line.get("name")).text or printable(key), tuple(_cell(line.get(label)) for label in labels))
        for key, line in rows.items()
    )
    columns = (Column(heading(label), any(row.cells[at].is_number for row in shown)) for at, label in enumerate(labels))
    return Table(title, tuple(columns), shown)


def _cell(figure: Any) -> Cell:
    if not _is_figure(figure) or figure["value"] is None:
        return Cell()
    # Narration escapes words for markdown; a cell shows them as they are.
    worded = figure["unit"] in WORDED_UNITS or not figure.get("text")
    return Cell(
        printable(str(figure["value"] if worded else figure["text"])), figure["unit"], printable(str(figure["value"]))
    )


def _is_figure(field: Any) -> bool:
    return isinstance(field, dict) and "value" in field and "unit" in field and not isinstance(field["value"], dict)


def _is_rows(field: Any) -> bool:
    return (
        isinstance(field, dict)
        and bool(field)
        and not _is_figure(field)
        and all(isinstance(line, dict) and not _is_figure(line) for line in field.values())
    )

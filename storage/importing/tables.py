"""Reading CSV files and Excel sheets into plain tables of text, with limits and sentences for all that can be wrong."""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from storage.importing.report import Problem

FILE_LIMIT = 200_000_000
UNPACKED_LIMIT = 1_000_000_000
PACKING_LIMIT = 500  # how much smaller a packed sheet may be than its text
CELL_LIMIT = 1_000_000
ROW_LIMIT = 2_000_000
COLUMN_LIMIT = 1_000
SHEET_ROW_LIMIT = 1_048_576
NARROW_RATIO_FROM = 10_000_000  # small files may be packed as tightly as they like

SPREADSHEETS = (".xlsx", ".xlsm")
LISTS = (".csv", ".tsv", ".txt")
# What openpyxl raises for workbooks that are not as they should be.
DAMAGE = (
    *(LookupError, ValueError, TypeError, AttributeError, OSError, EOFError, RuntimeError, OverflowError),
    *(ParseError, zipfile.BadZipFile, zlib.error, struct.error),
)


class FileUnreadable(Exception):
    """A file cannot be read as a table; the message says why and what to do."""


@dataclass
class Table:
    """A header and rows of text cells; each row knows its number in the file."""

    name: str  # as reports call it: "projects.csv", or "plan.xlsx, sheet Tasks"
    header: list[str]
    rows: list[tuple[int, list[str]]]
    problems: list[Problem] = field(default_factory=list)  # rows that were left out
    since: date | None = None  # of a feed: from that day on it has all there is


def read_tables(path: Path, *, sheet: str | None = None) -> dict[str, Table]:
    """The tables of a file by name: a CSV holds one, a workbook one a sheet. Raises FileUnreadable."""
    check_is_file(path)
    if path.suffix.lower() in SPREADSHEETS:
        return _read_workbook(path, sheet)
    if path.suffix.lower() == ".xls":
        raise FileUnreadable("This is an Excel file of the old kind. Save it as .xlsx or CSV.")
    if path.suffix.lower() not in LISTS:
        kinds = "use CSV or XLSX, or ICS for absences"
        raise FileUnreadable(f"'{path.suffix or path.name}' is no kind of file that can be imported: {kinds}.")
    return {path.stem: _read_list(path)}


def content(path: Path) -> bytes:
    """The bytes of a file; raises FileUnreadable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"The file cannot be read ({_reason(error)}).") from error


def check_is_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise FileUnreadable("This is a folder where a file is expected.")
        if not path.exists():
            raise FileUnreadable("There is no such file.")
        if not path.is_file():
            raise FileUnreadable("This is no ordinary file.")
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"The file cannot be read ({_reason(error)}).") from error
    if size > FILE_LIMIT:
        raise FileUnreadable(f"The file has {size / 1e6:,.0f} MB; the limit is {FILE_LIMIT / 1e6:,.0f} MB. Split it.")
    if size == 0:
        raise FileUnreadable("The file is empty.")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _read_list(path: Path) -> Table:
    text = _decoded(content(path))
    delimiter = _delimiter(text)
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return _table(path.name, _numbered(reader, path.name))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode(data, "utf-16", "UTF-16")
    if data.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"SQLite format 3")):
        raise FileUnreadable("This is not a text file, whatever its name says. Export the data as CSV.")
    if b"\0" in data:
        raise FileUnreadable("The file holds binary data, not text. Export the data as CSV in UTF-8.")
    return _decode(data, "utf-8-sig", "UTF-8")


def _decode(data: bytes, codec: str, label: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileUnreadable(
            f"Line {line} is not {label}. Save the file as 'CSV UTF-8' in Excel, "
            "or convert it: iconv -f WINDOWS-1252 -t UTF-8 old.csv > new.csv"
        ) from error


def _delimiter(text: str) -> str:
    """The separator the header uses most, outside of quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max((",", ";", "\t"), key=outside.count)


def _numbered(reader: Any, name: str) -> Iterator[tuple[int, list[str] | Problem]]:
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, Problem(_csv_sentence(str(error)), name, number)
        else:
            yield number, row


def _csv_sentence(error: str) -> str:
    if "unexpected end" in error:
        return "The file ends inside a quoted cell: it looks cut off, or a quotation mark is missing."
    if "field larger" in error:
        return f"A cell has more than {CELL_LIMIT:,} characters, or a quotation mark is missing."
    if "expected after" in error:
        return "A quoted cell goes on after its closing quotation mark. Write a quotation mark inside a cell twice."
    return f"The row cannot be read as CSV ({error})."


def _table(name: str, numbered: Iterator[tuple[int, list[str] | Problem]], *, pad: bool = False) -> Table:
    """The first row that is not blank is the header; rows of another width are problems."""
    table = Table(name, [], [])
    for number, row in numbered:
        if isinstance(row, Problem):
            table.problems.append(row)
        elif not "".join(row).strip():
            continue
        elif not table.header:
            table.header = _header(row)
        elif len(row) == len(table.header):
            table.rows.append((number, row))
        else:
            _add_of_other_width(table, number, row, pad=pad)
        if len(table.rows) > ROW_LIMIT:
            raise FileUnreadable(f"The file has more than {ROW_LIMIT:,} rows. Split it.")
    if not table.header and not table.problems:
        raise FileUnreadable("The file is empty.")
    return table


def _header(row: list[str]) -> list[str]:
    header = [cell.strip() for cell in row]
    while header and not header[-1]:
        header.pop()
    if len(header) > COLUMN_LIMIT:
        raise FileUnreadable(f"The header has {len(header):,} columns; the limit is {COLUMN_LIMIT:,}.")
    if twice := sorted({cell for cell in header if cell and header.count(cell) > 1}):
        raise FileUnreadable(f"The header names the column '{twice[0]}' twice.")
    return header


def _add_of_other_width(table: Table, number: int, row: list[str], *, pad: bool) -> None:
    """Blank cells behind the last column do not count, and a sheet leaves out those at a row's end."""
    wide = len(table.header)
    if pad and len(row) < wide:
        row = row + [""] * (wide - len(row))
    if len(row) >= wide and not any(cell.strip() for cell in row[wide:]):
        table.rows.append((number, row[:wide]))
        return
    many = "many" if len(row) > wide else "few"
    sentence = f"The row has {len(row)} cells where the header has {wide}: too {many}."
    if many == "few":
        sentence += " The row may be cut off."
    table.problems.append(Problem(sentence, table.name, number))


def _read_workbook(path: Path, sheet: str | None) -> dict[str, Table]:
    _check_archive(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, *DAMAGE) as error:
        raise _refused(error, "The file is no Excel workbook, or is damaged") from error
    try:
        names = [name for name in book.sheetnames if sheet is None or name == sheet]
        if not names:
            raise FileUnreadable(f"There is no sheet '{sheet}'. Sheets: {', '.join(book.sheetnames)}.")
        return _sheets(book, names, path.name)
    finally:
        book.close()


def _check_archive(path: Path) -> None:
    """Refuse what would unpack to far more than a spreadsheet needs, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileUnreadable("The file is no Excel workbook, or is damaged. Save it again as .xlsx or CSV.") from error
    packed = max(1, path.stat().st_size)
    if unpacked > UNPACKED_LIMIT or (unpacked > NARROW_RATIO_FROM and unpacked / packed > PACKING_LIMIT):
        raise FileUnreadable(
            f"The workbook would unpack to {unpacked / 1e6:,.0f} MB from {packed / 1e6:,.1f} MB. It was not opened."
        )


def _sheets(book: Any, names: list[str], file: str) -> dict[str, Table]:
    tables = {}
    for name in names:
        label = file if len(book.sheetnames) == 1 else f"{file}, sheet {name}"
        try:
            tables[name] = _table(label, _sheet_rows(book[name]), pad=True)
        except FileUnreadable:
            if len(names) == 1:
                raise
        except DAMAGE as error:
            raise _refused(error, f"The sheet '{name}' is damaged") from error
    if not tables:
        raise FileUnreadable("All sheets of the workbook are empty.")
    return tables


def _refused(error: BaseException, sentence: str) -> FileUnreadable:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DefusedXmlException):
            return FileUnreadable("The workbook declares XML entities. It was not read.")
        cause = cause.__cause__ or cause.__context__
    return FileUnreadable(f"{sentence}. Save it again as .xlsx or CSV.")


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[str] | Problem]]:
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > SHEET_ROW_LIMIT:
            raise FileUnreadable(f"The sheet has more than {SHEET_ROW_LIMIT:,} rows.")
        if len(row) > COLUMN_LIMIT:
            raise FileUnreadable(f"Row {number} has {len(row):,} cells; the limit is {COLUMN_LIMIT:,}.")
        yield number, [_cell_text(cell) for cell in row]


def _cell_text(cell: Any) -> str:
    """A cell as a CSV would hold it."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="minutes")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)

"""Files that are no tables, or not quite: each is refused with a sentence, and nothing is unpacked or followed."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from storage.importing import tables
from storage.importing.tables import FileUnreadable, Table, read_tables

LAUGHS = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">
<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plan.csv"


def the_table(path: Path) -> Table:
    (table,) = read_tables(path).values()
    return table


def refusal(path: Path) -> str:
    with pytest.raises(FileUnreadable) as error:
        read_tables(path)
    return str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        b"key,name\nA,caf\xc3\xa9\n",
        b"\xef\xbb\xbfkey,name\r\nA,caf\xc3\xa9\r\n",
        "key;name\nA;café\n".encode(),
        "key\tname\nA\tcafé".encode(),
        "key,name\nA,café\n".encode("utf-16"),
        "\n\nkey,name\n , \nA,café,,\n".encode(),
    ],
    ids=["plain", "byte order mark", "semicolons", "tabs", "UTF-16", "blank rows and cells"],
)
def test_the_usual_ways_to_write_csv_are_read_alike(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    table = the_table(file)

    assert table.header == ["key", "name"]
    assert [cells for _, cells in table.rows] == [["A", "café"]]


def test_rows_are_numbered_as_a_spreadsheet_does(file: Path) -> None:
    file.write_text('key,note\nA,"two\nlines"\nB,one\n')

    assert the_table(file).rows == [(2, ["A", "two\nlines"]), (3, ["B", "one"])]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"key,name\nA,caf\xe9\n", "Line 2 is not UTF-8"),
        (b"key,name\nA,\x00\x01\n", "binary data"),
        (b"PK\x03\x04 and more", "not a text file"),
        (b"key,key\n1,2\n", "twice"),
        ("key\n".encode("utf-16")[:-1], "not UTF-16"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(file: Path, content: bytes, sentence: str) -> None:
    file.write_bytes(content)

    assert sentence in refusal(file)


def test_rows_of_another_width_are_named(file: Path) -> None:
    file.write_text("a,b,c\n1,2,3\n1,2\n1,2,3,4\n")

    first, second = the_table(file).problems

    assert (first.row, first.sentence) == (
        3,
        "The row has 2 cells where the header has 3: too few. The row may be cut off.",
    )
    assert (second.row, second.sentence) == (4, "The row has 4 cells where the header has 3: too many.")


def test_a_file_that_ends_inside_quotes_is_said_to_be_cut_off(file: Path) -> None:
    file.write_text('key,name\nA,fine\nB,"cut')

    (problem,) = the_table(file).problems

    assert problem.row == 3 and "cut off" in problem.sentence


def test_missing_files_folders_loops_and_devices_are_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    folder = tmp_path / "folder.csv"
    folder.mkdir()

    assert refusal(tmp_path / "none.csv") == "There is no such file."
    assert refusal(folder) == "This is a folder where a file is expected."
    assert refusal(loop).startswith(("There is no such file", "The file cannot be read"))
    assert refusal(Path("/dev/zero")) == "This is no ordinary file."


def test_a_huge_file_is_refused_before_it_is_read(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(tables.FILE_LIMIT + 1)

    assert "the limit is 200 MB" in refusal(file)


def test_other_kinds_of_files_are_refused_by_name(tmp_path: Path) -> None:
    old, document = tmp_path / "plan.xls", tmp_path / "plan.pdf"
    old.write_bytes(b"\xd0\xcf\x11\xe0")
    document.write_bytes(b"%PDF")

    assert "old kind" in refusal(old)
    assert "'.pdf' is no kind of file" in refusal(document)


def test_sheets_are_tables_of_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "tasks"
    for row in (
        ["key", "start", "cost", "done"],
        ["A", datetime(2026, 3, 2), 5.0, True],
        ["B", date(2026, 3, 3), 0.25],
    ):
        book.worksheets[0].append(row)
    book.create_sheet("notes").append(["anything"])
    book.save(tmp_path / "plan.xlsx")

    sheets = read_tables(tmp_path / "plan.xlsx")

    assert list(sheets) == ["tasks", "notes"]
    assert sheets["tasks"].name == "plan.xlsx, sheet tasks"
    assert [cells for _, cells in sheets["tasks"].rows] == [
        ["A", "2026-03-02", "5", "yes"],
        ["B", "2026-03-03", "0.25", ""],
    ]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)

    assert "would unpack to 50 MB" in refusal(bomb)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_xml_entities_are_refused(tmp_path: Path, part: str) -> None:
    openpyxl.Workbook().save(tmp_path / "good.xlsx")
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(evil, "w") as archive:
        for name in good.namelist():
            archive.writestr(name, LAUGHS if name == part else good.read(name))

    assert "XML entities" in refusal(evil)


@pytest.mark.parametrize("content", [b"no archive at all", b"PK\x03\x04 half an archive"])
def test_damaged_workbooks_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plan.xlsx").write_bytes(content)

    assert "damaged" in refusal(tmp_path / "plan.xlsx")


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "plan.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")

    assert "damaged" in refusal(tmp_path / "plan.xlsx")

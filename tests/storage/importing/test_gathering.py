"""Finding out what was given: folders, single files, workbooks, and things that are none of these."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from storage.importing import ImportReport

Write = Callable[..., Path]
Import = Callable[..., ImportReport]


def test_a_single_file_is_known_by_its_columns(small_plan: Path, write: Write, do_import: Import) -> None:
    do_import(small_plan / "projects.csv")

    report = do_import(write("who is away.csv", "Key,Name,Office,Grade,Shoe size", "tomas,Tomás,Cork,2,42"))

    assert report.counts["people"].added == 1
    assert report.warnings[0].sentence == "Of people there is no field 'Shoe size'; left out."


def test_columns_that_fit_several_tables_are_not_guessed(write: Write, do_import: Import) -> None:
    report = do_import(write("things.csv", "key,name", "A,Anything"))

    assert "practices.csv or offices.csv or people.csv or" in report.problems[0].sentence


def test_the_sheets_of_a_workbook_are_tables(folder: Path, do_import: Import) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Projects"
    book.worksheets[0].append(["key", "name"])
    book.worksheets[0].append(["GATE", "Tern Gateway"])
    tasks = book.create_sheet("tasks")
    tasks.append(["key", "project", "name"])
    tasks.append(["GATE-1", "GATE", "Certificates"])
    book.create_sheet("scratch").append(["whatever"])
    book.save(folder / "plan.xlsx")

    report = do_import(folder / "plan.xlsx")

    assert (report.counts["projects"].added, report.counts["tasks"].added) == (1, 1)
    assert report.warnings[0].file == "plan.xlsx, sheet scratch"


def test_federal_files_given_one_by_one_are_recognised(do_import: Import) -> None:
    files = sorted(Path("storage/sample/hhs-it-portfolio").glob("*.csv"))

    assert do_import(*files).counts["tasks"].added == 1102


def test_columns_that_are_nobodys_are_a_problem_that_says_what_is_expected(write: Write, do_import: Import) -> None:
    report = do_import(write("odd.csv", "colour,taste", "red,sweet"))

    assert "none of our tables" in report.problems[0].sentence and "give a mapping" in report.problems[0].sentence


@pytest.mark.parametrize("name", ["nowhere", "nowhere.csv"])
def test_what_is_not_there_is_a_problem(tmp_path: Path, do_import: Import, name: str) -> None:
    report = do_import(tmp_path / name)

    assert report.refused and report.problems[0].sentence == "There is no such file or folder."


def test_an_empty_folder_says_what_it_could_hold(folder: Path, do_import: Import) -> None:
    assert "Expected a mapping.toml, or: practices.csv" in do_import(folder).problems[0].sentence


def test_a_loop_of_links_is_a_problem(tmp_path: Path, do_import: Import) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    assert do_import(tmp_path / "a").refused


def test_two_files_of_one_table_are_not_mixed(small_plan: Path, write: Write, do_import: Import) -> None:
    more = write("more.csv", "key,project,name,effort_hours", "GATE-9,GATE,More,1")

    report = do_import(small_plan / "tasks.csv", more)

    assert any("Import one at a time" in problem.sentence for problem in report.problems)


def test_a_header_without_rows_is_a_warning(write: Write, folder: Path, do_import: Import) -> None:
    write("projects.csv", "key,name")

    report = do_import(folder)

    assert report.warnings[0].sentence == "The file has a header and no rows."
    assert report.summary == "Nothing changed."


def test_a_broken_file_beside_good_ones_is_named(small_plan: Path, do_import: Import) -> None:
    (small_plan / "risks.csv").write_bytes(b"key,project\nR-1,\xff\xfe")

    (problem,) = do_import(small_plan).problems

    assert problem.file == "risks.csv" and "not UTF-8" in problem.sentence

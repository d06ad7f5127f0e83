"""What only shows when rows are read together: each is a problem of a row, and the store stays as it was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.engine import Store
from storage.importing import ImportReport
from storage.models import Holiday, Office
from storage.people import create_owner, find_owner

Write = Callable[..., Path]
Import = Callable[..., ImportReport]


@pytest.mark.parametrize(
    ("header", "rows", "row", "sentence"),
    [
        ("key,project,name", ["A,GATE,One", "A,GATE,Two"], 3, "The key 'A' is already that of row 2."),
        ("key,project,name", ["A,GATX,One"], 2, "There is no project 'GATX'; the closest is 'GATE'."),
        ("key,project,name,parent", ["A,GATE,One,Z"], 2, "There is no task 'Z'."),
        ("key,project,name,owner", ["A,GATE,One,nobody@q.example"], 2, "There is no person 'nobody@q.example'."),
        (
            "key,project,name,planned_start,planned_finish",
            ["A,GATE,One,2026-03-02,2026-03-01"],
            2,
            "2026-03-01 lies before planned start, 2026-03-02.",
        ),
        ("key,project,name,parent", ["A,GATE,One,A"], 2, "The tasks lie under each other: A > A."),
        ("key,project,name,state", ["A,GATE,One,nearly"], 2, "'nearly' is none of not_started, in_progress"),
        ("key,project,name,effort_hours", ["A,GATE,One,-3"], 2, "'-3' is below zero."),
        ("key,project,name,effort_hours", ["A,GATE,One,NaN"], 2, "'NaN' is no finite number."),
        ("key,project,name,done_percent", ["A,GATE,One,140"], 2, "'140' is outside 0 to 100."),
        ("key,project,name", ["A,GATE,"], 2, "This cell may not be blank."),
        ("key,project,title", ["A,GATE,One"], 1, "The column 'name' is missing."),
        ("key,project,nam", ["A,GATE,One"], 1, "The column 'name' is missing. The closest is 'nam'."),
    ],
)
def test_wrong_tasks_are_named_by_row(
    small_plan: Path, write: Write, do_import: Import, header: str, rows: list[str], row: int, sentence: str
) -> None:
    write("tasks.csv", header, *rows)

    report = do_import(small_plan)

    assert report.refused
    assert report.problems[0].row == row
    assert report.problems[0].sentence.startswith(sentence)


def test_tasks_under_each_other_are_written_out(small_plan: Path, write: Write, do_import: Import) -> None:
    write("tasks.csv", "key,project,name,parent", "A,GATE,One,C", "B,GATE,Two,A", "C,GATE,Three,B", "D,GATE,Four,A")

    problems = do_import(small_plan).problems

    assert [problem.row for problem in problems] == [2, 3, 4, 5]
    assert problems[0].sentence == "The tasks lie under each other: A > C > B > A."
    assert "has problems of its own" in problems[3].sentence


def test_links_in_a_circle_are_written_out(small_plan: Path, write: Write, do_import: Import) -> None:
    write(
        "dependencies.csv", "predecessor,successor", "GATE-1,GATE-2", "GATE-2,GATE-3", "GATE-3,GATE-1", "GATE-1,GATE-3"
    )

    (problem,) = do_import(small_plan).problems

    assert problem.row == 4
    assert problem.sentence == "The links run in a circle: GATE-1 > GATE-2 > GATE-3 > GATE-1."


def test_a_link_may_not_close_a_circle_with_links_of_the_store(
    small_plan: Path, write: Write, do_import: Import
) -> None:
    write("dependencies.csv", "predecessor,successor", "GATE-2,GATE-3")
    do_import(small_plan)
    write("dependencies.csv", "predecessor,successor", "GATE-3,GATE-2")

    (problem,) = do_import(small_plan).problems

    assert "circle" in problem.sentence


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["GATE-1,GATE-1"], "'GATE-1' cannot wait for itself."),
        (["GATE-1,GATE-2", "GATE-1,GATE-2"], "The link is already that of row 2."),
        (["GATE-1,GATE-9"], "There is no task 'GATE-9'; the closest is"),
    ],
)
def test_links_that_link_nothing_are_named(
    small_plan: Path, write: Write, do_import: Import, rows: list[str], sentence: str
) -> None:
    write("dependencies.csv", "predecessor,successor", *rows)

    (problem,) = do_import(small_plan).problems

    assert problem.sentence.startswith(sentence)


def test_hours_belong_to_the_project_of_their_task_and_to_a_day(
    small_plan: Path, write: Write, do_import: Import
) -> None:
    write("projects.csv", "key,name", "GATE,Tern Gateway", "HUB,Hub Gateway")
    write("people.csv", "key,name,cost_rate", "tomas,Tomás,60")
    write(
        "time_entries.csv",
        "person,project,task,worked_on,hours",
        "tomas,HUB,GATE-1,2026-03-02,3",
        "tomas,GATE,GATE-1,2026-03-02,25",
    )

    sentences = {problem.row: problem.sentence for problem in do_import(small_plan).problems}

    assert sentences == {
        2: "The task 'GATE-1' belongs to 'GATE', not to 'HUB'.",
        3: "Nobody works more than 24 hours on one day.",
    }


def test_people_share_no_e_mail(write: Write, folder: Path, do_import: Import) -> None:
    write("people.csv", "key,name,email", "a,Ann,ann@q.example", "b,Bob,ANN@q.example")

    (problem,) = do_import(folder).problems

    assert (problem.row, problem.column) == (3, "email")


def test_a_table_that_cannot_be_read_is_the_reason_given_for_its_children(
    small_plan: Path, write: Write, do_import: Import
) -> None:
    write("projects.csv", "name", "Tern Gateway")

    problems = do_import(small_plan).problems

    assert problems[0].sentence.startswith("The column 'key' is missing.")
    assert problems[1].sentence == "The projects could not be read, so 'GATE' is not known."


def test_a_finish_may_not_come_before_the_start_the_store_has(
    sqlite_store: Store, small_plan: Path, write: Write, do_import: Import
) -> None:
    do_import(small_plan)
    write("tasks.csv", "key,project,name,planned_finish", "GATE-1,GATE,Certificates,2026-01-01")

    (problem,) = do_import(small_plan).problems

    assert problem.row == 2 and "would start after it finishes" in problem.sentence


@pytest.mark.parametrize("row", ["root2,Evil,root@q.example,guest,yes", "root2,Evil,root@q.example,member,no"])
def test_a_file_cannot_lock_out_who_administers_the_store(
    sqlite_store: Store, folder: Path, write: Write, do_import: Import, row: str
) -> None:
    owner = create_owner(sqlite_store, "Root", "root@q.example")
    write("people.csv", "key,name,email,kind,active", row)

    report = do_import(folder)

    assert not report.applied
    assert "administers this store" in report.problems[0].sentence
    with sqlite_store.reading() as session:
        found = find_owner(session)
    assert found is not None and found.id == owner.id


@pytest.mark.parametrize(
    ("office", "holiday", "sentence"),
    [
        ("CORK,Cork,IRL", "CORK,2026-03-17,Day,0", "'IRL' is no country of two letters, such as IE."),
        ("CORK,Cork,IE", "LYON,2026-03-17,Day,0", "There is no office 'LYON'."),
        ("CORK,Cork,IE", "CORK,2026-03-17,Day,25", "A day has 24 hours."),
    ],
)
def test_offices_and_their_days_off_are_checked(
    write: Write, folder: Path, do_import: Import, office: str, holiday: str, sentence: str
) -> None:
    write("offices.csv", "key,name,country", office)
    write("holidays.csv", "office,day,name,hours", holiday)

    report = do_import(folder)

    assert report.refused
    assert sentence in [problem.sentence for problem in report.problems]


def test_two_offices_have_two_names(write: Write, folder: Path, do_import: Import) -> None:
    in_a_file = do_import(write("offices.csv", "key,name", "CORK,Cork", "LEE,Cork"))
    do_import(write("offices.csv", "key,name", "CORK,Cork"))
    in_the_store = do_import(write("offices.csv", "key,name", "MALMO,Cork"))

    for report in (in_a_file, in_the_store):
        assert [problem.sentence for problem in report.problems] == ["The office 'CORK' has this name already."]


def test_days_off_of_the_firm_come_in_beside_those_of_an_office(
    write: Write, folder: Path, sqlite_store: Store, do_import: Import
) -> None:
    write("offices.csv", "key,name,country", "CORK,Cork,ie")
    write(
        "holidays.csv",
        "office,day,name,hours",
        "CORK,2026-03-17,Worked,8",
        ",2026-12-24,Christmas Eve,4",
        ",2026-12-31,,",
    )

    report = do_import(folder, accept_good=True)
    again = do_import(folder, accept_good=True)

    assert [problem.column for problem in report.problems] == ["name"]
    assert not again.applied
    with sqlite_store.reading() as session:
        days = session.exec(select(Holiday).order_by(col(Holiday.day))).all()
        assert [(day.office_id is None, day.minutes) for day in days] == [(False, 480), (True, 240)]
        assert session.exec(select(Office.country)).all() == ["IE"]

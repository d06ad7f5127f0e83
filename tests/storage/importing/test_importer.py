"""Stories of whole imports: what comes in, what a second one changes, and what is refused."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text
from sqlmodel import col, select

from storage.engine import Store
from storage.importing import ImportReport, import_paths
from storage.models import (
    Absence,
    Alias,
    BillingMilestone,
    Blocker,
    Booking,
    CustomField,
    Dependency,
    Expense,
    History,
    ImportRun,
    Organisation,
    Person,
    Portfolio,
    Program,
    Project,
    Risk,
    Source,
    SourceWord,
    StatusUpdate,
    Task,
    TimeEntry,
)
from storage.text import clean

Write = Callable[..., Path]
Import = Callable[..., ImportReport]

FEDERAL = Path("storage/sample/hhs-it-portfolio")
NAUGHTY = Path("../shared/data/attacks/naughty_strings.json")
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with store.reading() as session:
        names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return {name: [tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}"'))] for name in names}


def test_the_federal_portfolio_comes_in_without_being_told_how(store: Store) -> None:
    report = import_paths(store, [FEDERAL], at=AT)

    assert report.applied and not report.problems
    assert {label: count.added for label, count in report.counts.items()} == {
        "portfolios": 11,
        "programs": 81,
        "projects": 202,
        "tasks": 1102,
        "aliases": report.counts["aliases"].added,
        "custom fields": 10,
        "words": 11,
    }
    assert [warning.row for warning in report.warnings] == [43, 108]  # delays of 730 and 3,105 days
    assert "No links: no critical path, no float" in report.cannot_answer
    with store.reading() as session:
        source = session.exec(select(Source)).one()
        assert (source.data_as_of, source.synced_at) == (date(2012, 8, 1), AT)
        assert "project.planned_start" in source.owns and "project.planned_finish" not in source.owns
        nedss = session.exec(select(Project).where(Project.key == "2006")).one()
        assert nedss.name == "NEDSS - Base System Development"
        assert session.get_one(Program, nedss.program_id).key == "009-000001378"


def test_federal_rows_are_kept_as_the_files_say(sqlite_store: Store) -> None:
    import_paths(sqlite_store, [FEDERAL], at=AT)
    activities = pd.read_csv(FEDERAL / "activities.csv", dtype=str, keep_default_na=False).set_index("activity_id")
    projects = pd.read_csv(FEDERAL / "projects.csv", dtype=str, keep_default_na=False).set_index("project_id")

    with sqlite_store.reading() as session:
        for task in session.exec(select(Task)):
            said = activities.loc[task.key]
            assert (task.name, task.source_state) == (said["name"], said.status)
            assert task.planned_cost_minor == Decimal(said.planned_cost_musd) * 100_000_000
            assert task.planned_duration_minutes == int(said.planned_duration_days) * 1440
            assert (task.duration_basis, task.planned_finish) == ("elapsed", None)
        for project in session.exec(select(Project)):
            said = projects.loc[project.key]
            assert project.name == (said["name"] or None)
            cost = project.planned_cost_minor
            assert (
                (said.planned_cost_musd == "")
                if cost is None
                else Decimal(cost) == Decimal(said.planned_cost_musd) * 10**8
            )
        hrsa = session.exec(select(Portfolio).where(Portfolio.key == "HRSA")).one()
        assert hrsa.name == "Health Resources and Services Administration"
        assert {"PECOS", "MAS", "NEDSS"} <= set(session.exec(select(Alias.text)))
        assert "activity" in session.exec(select(SourceWord.word).where(SourceWord.level == "task")).all()
        spend = session.exec(select(CustomField).where(CustomField.key == "enhancement_spend")).one()
        assert (spend.currency, spend.field_class) == ("USD", "money")


def test_the_same_files_again_change_nothing(store: Store) -> None:
    import_paths(store, [FEDERAL], at=AT)
    with store.reading() as session:
        edits, revision = len(session.exec(select(History.id)).all()), store.revision()

    again = import_paths(store, [FEDERAL], at=AT)

    assert (again.summary, again.applied) == ("Nothing changed.", False)
    with store.reading() as session:
        assert len(session.exec(select(History.id)).all()) == edits
        assert len(session.exec(select(ImportRun.id)).all()) == 1
    assert store.revision() == revision


def test_a_newer_file_changes_only_the_fields_that_differ(
    sqlite_store: Store, small_plan: Path, write: Write, do_import: Import
) -> None:
    do_import(small_plan)
    write("projects.csv", "key,name,planned_cost,currency", "GATE,Tern Gateway,1200,EUR")

    report = do_import(small_plan)

    assert report.counts["projects"].changed == 1 and report.counts["tasks"].unchanged == 3
    with sqlite_store.reading() as session:
        edits = session.exec(select(History).where(col(History.field).is_not(None))).all()
        assert [(edit.table, edit.field, edit.before, edit.after) for edit in edits] == [
            ("project", "planned_cost_minor", 100010, 120000)
        ]


def test_rows_that_are_gone_are_named_and_kept(
    sqlite_store: Store, small_plan: Path, write: Write, do_import: Import
) -> None:
    do_import(small_plan)
    write("tasks.csv", "key,project,name", "GATE-1,GATE,Certificates")

    report = do_import(small_plan)

    assert report.counts["tasks"].gone_names == ["GATE-2", "GATE-3"]
    assert "2 tasks: GATE-2, GATE-3" in str(report)
    with sqlite_store.reading() as session:
        assert len(session.exec(select(Task)).all()) == 3


def test_new_tasks_come_behind_those_already_there(
    sqlite_store: Store, small_plan: Path, write: Write, do_import: Import
) -> None:
    do_import(small_plan)
    write("tasks.csv", "key,project,parent,name", "GATE-9,GATE,GATE-8,Below", "GATE-8,GATE,GATE-1,New")

    do_import(small_plan)

    with sqlite_store.reading() as session:
        tasks = {task.key: task for task in session.exec(select(Task))}
        assert (tasks["GATE-8"].position, tasks["GATE-9"].position) == (4, 5)
        assert tasks["GATE-9"].parent_id == tasks["GATE-8"].id


def test_a_dry_run_reports_and_writes_nothing(sqlite_store: Store, small_plan: Path, do_import: Import) -> None:
    before = dump(sqlite_store)

    report = do_import(small_plan, dry_run=True)

    assert report.summary == "Would import from planner: projects 1 added; tasks 3 added."
    assert dump(sqlite_store) == before


def test_one_bad_row_keeps_the_store_as_it_was(
    sqlite_store: Store, small_plan: Path, write: Write, do_import: Import
) -> None:
    before = dump(sqlite_store)
    write("tasks.csv", "key,project,name,effort_hours", "GATE-1,GATE,Fine,3", "GATE-2,GATE,Wrong,many")

    report = do_import(small_plan)

    assert report.refused and not report.applied
    (problem,) = report.problems
    assert (problem.file, problem.row, problem.column) == ("tasks.csv", 3, "effort_hours")
    assert str(problem) == "tasks.csv, row 3, effort_hours: 'many' is not a number."
    assert dump(sqlite_store) == before


def test_accept_good_brings_in_the_rest_but_nothing_that_hangs_on_bad_rows(
    sqlite_store: Store, small_plan: Path, write: Write, do_import: Import
) -> None:
    write(
        "tasks.csv",
        "key,project,parent,name,effort_hours",
        "GATE-1,GATE,,Fine,3",
        "GATE-2,GATE,,Wrong,many",
        "GATE-3,GATE,GATE-2,Below it,1",
        "GATE-4,GATE,GATE-3,Below that,1",
    )

    report = do_import(small_plan, accept_good=True)

    assert report.applied and not report.refused
    assert [problem.row for problem in report.problems] == [3, 4, 5]
    assert "has problems of its own" in report.problems[1].sentence
    with sqlite_store.reading() as session:
        assert session.exec(select(Task.key)).all() == ["GATE-1"]


def test_a_key_of_another_source_is_refused_in_words(tmp_path: Path, small_plan: Path, do_import: Import) -> None:
    do_import(small_plan)
    other = tmp_path / "other"
    other.mkdir()
    (other / "projects.csv").write_text("key,name\nGATE,Somebody else's\n")

    report = do_import(other)

    assert report.problems[0].sentence == (
        "The project 'GATE' belongs to the source 'planner'; this import may not change it."
    )


def test_a_person_without_a_source_is_found_by_e_mail_and_taken_over(
    sqlite_store: Store, write: Write, folder: Path, do_import: Import
) -> None:
    with sqlite_store.writing("test") as writer:
        writer.add(Person, [{"key": "owner", "name": "Owner", "email": "ruth@firm.example"}])
    write("people.csv", "key,name,email", "ruth,Ruth Halloran,Ruth@Firm.example")

    do_import(folder)

    with sqlite_store.reading() as session:
        ruth = session.exec(select(Person)).one()
        assert (ruth.key, ruth.name, ruth.source_id is None) == ("ruth", "Ruth Halloran", False)


def test_a_field_set_here_and_set_back_by_its_source_is_said_with_both_values(
    sqlite_store: Store, small_plan: Path, do_import: Import
) -> None:
    do_import(small_plan)
    with sqlite_store.writing("renamed by Lena") as writer:
        task = writer.session.exec(select(Task).where(Task.key == "GATE-1")).one()
        writer.change(Task, task.id or 0, {"name": "Certificate exchange"})

    report = do_import(small_plan)

    (warning,) = report.warnings
    assert "Certificate exchange was set here" in warning.sentence and "the file says Certificates" in warning.sentence
    assert (warning.file, warning.row) == ("tasks.csv", 2)


def test_every_table_of_our_format_comes_in_and_comes_in_once(store: Store, write: Write, folder: Path) -> None:
    write("organisation.csv", "name,currency,time_zone", "Quillmere,GBP,Europe/Dublin")
    write("practices.csv", "key,name", "INT,Integration")
    write(
        "people.csv",
        "key,name,email,practice,weekday_hours,cost_rate",
        "tomas,Tomás Reyes,tomas@q.example,INT,8 8 8 8 0,60",
        "lena,Lena,lena@q.example,INT,,80",
    )
    write("portfolios.csv", "key,name,manager", "DEL,Delivery,lena@q.example")
    write("programs.csv", "key,name,portfolio", "TERN,Tern,DEL")
    write(
        "projects.csv",
        "key,name,program,manager,state,contract_type,reported_health,promised_finish,contract_value,target_margin_percent",
        "GATE,Tern Gateway,TERN,lena,active,fixed price,Green,2026-03-20,1240000,30",
    )
    write(
        "tasks.csv",
        "key,project,name,owner,planned_duration_days,duration_basis,effort_days,done_percent,is_milestone",
        "GATE-1,GATE,Certificates,tomas@q.example,4,working,2,50,no",
        "GATE-2,GATE,Live,tomas,3,elapsed,1.5,0,yes",
    )
    write("dependencies.csv", "predecessor,successor,kind,lag_days", "GATE-1,GATE-2,fs,2")
    write(
        "bookings.csv",
        "project,person,role,status,probability_percent,starts_on,ends_on,hours_per_week",
        "GATE,tomas,,firm,,2026-03-02,2026-03-27,16",
        "GATE,,Tester,tentative,40,2026-03-02,2026-03-27,8",
    )
    write("absences.csv", "person,starts_on,ends_on,reason", "tomas,2026-03-16,2026-03-17,holiday")
    write(
        "time_entries.csv",
        "person,project,task,worked_on,hours,approved",
        "tomas,GATE,GATE-1,2026-02-27,3.5,yes",
        "tomas,GATE,GATE-1,2026-02-27,2,no",
    )
    write("expenses.csv", "project,spent_on,amount,label", "GATE,2026-02-03,99.99,Licence")
    write("billing_milestones.csv", "project,task,label,amount,due_on", "GATE,GATE-2,At go-live,180000,2026-03-20")
    write("status_updates.csv", "project,author,written_on,health,note", "GATE,lena,2026-02-26,green,Signed off")
    write("risks.csv", "key,project,title,owner,likelihood_percent,opened_on", "R-14,GATE,Late,lena,60,2026-02-01")
    write("blockers.csv", "task,note,opened_on", "GATE-1,Waits on Tern,2026-02-19")
    write("aliases.csv", "level,key,alias", "project,GATE,the gateway")

    report = import_paths(store, [folder], at=AT)
    again = import_paths(store, [folder], at=AT)

    assert report.problems == report.warnings == []
    assert again.summary == "Nothing changed."
    with store.reading() as session:
        assert session.exec(select(Organisation.currency)).one() == "GBP"
        tomas = session.exec(select(Person).where(Person.key == "tomas")).one()
        assert (tomas.weekday_minutes, tomas.cost_rate_minor) == ([480, 480, 480, 480, 0, 0, 0], 6000)
        project = session.exec(select(Project)).one()
        assert (project.contract_value_minor, project.currency, project.target_margin_share) == (124000000, "GBP", 0.3)
        assert project.contract_type == "fixed_price" and project.reported_health == "green"
        first, second = session.exec(select(Task).order_by(Task.key)).all()
        assert (first.planned_duration_minutes, second.planned_duration_minutes) == (4 * 480, 3 * 1440)
        assert (first.effort_minutes, first.done_share, second.is_milestone) == (960, 0.5, True)
        assert session.exec(select(Dependency.lag_minutes)).one() == 960
        assert sorted(session.exec(select(Booking.probability))) == [0.4, 1.0]
        assert session.exec(select(col(Absence.ends_on))).one() == date(2026, 3, 17)
        assert sorted(session.exec(select(TimeEntry.minutes))) == [120, 210]
        assert set(session.exec(select(TimeEntry.cost_rate_minor))) == {6000}
        assert session.exec(select(Expense.amount_minor)).one() == 9999
        assert session.exec(select(BillingMilestone.amount_minor)).one() == 18000000
        assert session.exec(select(StatusUpdate.health)).one() == "green"
        assert session.exec(select(Risk.likelihood_share)).one() == 0.6
        assert session.exec(select(Blocker.note)).one() == "Waits on Tern"
        assert session.exec(select(Alias.text)).one() == "the gateway"


def test_a_changed_rate_leaves_hours_already_imported_alone(
    sqlite_store: Store, small_plan: Path, write: Write, do_import: Import
) -> None:
    write("people.csv", "key,name,cost_rate", "tomas,Tomás,60")
    write("time_entries.csv", "person,project,worked_on,hours", "tomas,GATE,2026-02-27,3")
    do_import(small_plan)
    write("people.csv", "key,name,cost_rate", "tomas,Tomás,70")

    do_import(small_plan)

    with sqlite_store.reading() as session:
        assert session.exec(select(TimeEntry.cost_rate_minor)).one() == 6000


def test_a_file_of_tasks_goes_into_one_project(sqlite_store: Store, write: Write, do_import: Import) -> None:
    file = write("plan export.csv", "Name,Planned start", "Certificates,2026-02-02", "Live,2026-03-20")

    report = do_import(file, as_project="GATE")

    assert report.applied and "numbered from GATE-1" in report.warnings[0].sentence
    with sqlite_store.reading() as session:
        assert session.exec(select(Task.key, Task.name)).all() == [("GATE-1", "Certificates"), ("GATE-2", "Live")]
        assert session.exec(select(Project.name)).one() == "GATE"
    assert do_import(file, as_project="GATE").summary == "Nothing changed."


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the shared attack strings are not beside the checkout")
def test_naughty_strings_go_through_names_descriptions_and_keys(
    sqlite_store: Store, small_plan: Path, write: Write, do_import: Import
) -> None:
    strings = [naughty for naughty in json.loads(NAUGHTY.read_text("utf-8")) if clean(naughty).strip()]
    rows = [[f"{clean(naughty).strip()} {number}", "GATE", naughty, naughty] for number, naughty in enumerate(strings)]
    write("tasks.csv", "key,project,name,description", *rows)

    report = do_import(small_plan)

    assert report.problems == []
    with sqlite_store.reading() as session:
        tasks = session.exec(select(Task).order_by(col(Task.position))).all()
    assert [task.name for task in tasks] == [clean(naughty) for naughty in strings]
    assert [task.description for task in tasks] == [clean(naughty) for naughty in strings]
    assert [task.key for task in tasks] == [clean(row[0]) for row in rows]
    assert do_import(small_plan).summary == "Nothing changed."


def test_a_name_too_long_for_a_database_is_a_problem_of_its_row(
    store: Store, write: Write, folder: Path, do_import: Import
) -> None:
    write("projects.csv", "key,name", "A,Alpha", ["B", "鷗" * 501])

    (problem,) = do_import(folder).problems

    assert (problem.row, problem.column) == (3, "name")


def test_two_columns_called_alike_are_a_problem(write: Write, folder: Path, do_import: Import) -> None:
    write("projects.csv", "key,name,Name,note,Note", "A,Alpha,Beta,,")

    (problem,) = do_import(folder).problems

    assert problem.sentence == "The columns 'name' and 'Name' are called alike. Rename or remove one."


def test_progress_is_told_from_nothing_to_all(small_plan: Path, do_import: Import) -> None:
    told: list[float] = []

    do_import(small_plan, progress=lambda text, share: told.append(share))

    assert told[0] == 0.0 and told[-1] == 1.0 and told == sorted(told)


def test_the_report_is_json_and_text(small_plan: Path, write: Write, do_import: Import) -> None:
    write("risks.csv", "key,project,title,opened_on", *(f"R-{n},GATE,Late,never" for n in range(150)))

    report = do_import(small_plan)

    document = json.loads(json.dumps(report.to_json()))
    assert (len(document["problems"]), document["problems_total"]) == (100, 150)
    assert document["problems_by_file"] == {"risks.csv": 150}
    assert "and 130 more" in str(report)


def fiscal_start(store: Store) -> int:
    with store.reading() as session:
        return session.exec(select(Organisation.fiscal_year_start_month)).one()


def test_the_fiscal_year_of_the_only_source_is_the_organisations(sqlite_store: Store) -> None:
    import_paths(sqlite_store, [FEDERAL], at=AT)

    assert fiscal_start(sqlite_store) == 10


def test_the_fiscal_year_of_a_source_beside_others_changes_nothing(
    sqlite_store: Store, small_plan: Path, do_import: Import
) -> None:
    do_import(small_plan)
    import_paths(sqlite_store, [FEDERAL], at=AT)

    assert fiscal_start(sqlite_store) == 1

"""Stories about keeping the readings fresh, on real stores."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import event
from sqlmodel import col, func, select

from storage.engine import Store
from storage.importing.importer import import_paths
from storage.models import (
    Baseline,
    Expense,
    Organisation,
    Person,
    Project,
    ProjectReading,
    Source,
    Task,
    TaskReading,
    TimeEntry,
)
from tools.readings import warm

MONDAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2)
FEDERAL = Path(__file__).parents[2] / "storage" / "sample" / "hhs-it-portfolio"
SNAPSHOT = date(2012, 8, 1)


def add_project(store: Store, key: str = "GATE", at: datetime | None = None, **given: object) -> int:
    """A project of two tasks of a day each: one done, one due a week ago."""
    with store.writing("test", at=at) as writer:
        row = {"key": key, "name": key, "state": "active", "currency": "EUR", "budget_minor": 1_000_00, **given}
        (project_id,) = writer.add(Project, [row])
        due = MORNING - timedelta(days=7)
        task = {"project_id": project_id, "planned_start": due, "planned_finish": due, "effort_minutes": 480}
        writer.add(
            Task,
            [
                task | {"key": f"{key}-1", "position": 1, "name": "Concept", "state": "done"},
                task | {"key": f"{key}-2", "position": 2, "name": "Build", "state": "not_started"},
            ],
        )
    return project_id


def reading_of(store: Store, project_id: int, day: date = MONDAY) -> ProjectReading:
    with store.reading() as session:
        of_day = (col(ProjectReading.project_id) == project_id, col(ProjectReading.day) == day)
        return session.exec(select(ProjectReading).where(*of_day)).one()


@contextmanager
def counted_statements(store: Store) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(store._reading_engine, "before_cursor_execute", note)
    yield statements
    event.remove(store._reading_engine, "before_cursor_execute", note)


def test_the_first_question_of_a_day_computes_every_project_once(store):
    gate, _ledger = add_project(store), add_project(store, "LEDG")

    assert [warm(store, MONDAY), warm(store, MONDAY), warm(store, MONDAY + timedelta(days=1))] == [2, 0, 2]

    reading = reading_of(store, gate)
    assert (reading.tasks, reading.tasks_late, reading.progress_share) == (2, 1, 0.5)
    assert (reading.planned_value_minor, reading.earned_value_minor) == (1_000_00, 500_00)
    assert (reading.computed_health, reading.days_late) == ("red", 4)


def test_only_a_project_that_changed_is_computed_again(store):
    gate, _ledger = add_project(store), add_project(store, "LEDG")
    warm(store, MONDAY)

    with store.reading() as session:
        build = session.exec(select(Task.id).where(Task.key == "GATE-2")).one()
    with store.writing("test") as writer:
        writer.change(Task, build, {"state": "done"})

    assert warm(store, MONDAY) == 1
    assert reading_of(store, gate).progress_share == 1.0
    with store.reading() as session:
        assert session.get(TaskReading, build).is_open is False


def test_a_question_about_one_project_computes_only_that_one(sqlite_store):
    gate, _ledger = add_project(sqlite_store), add_project(sqlite_store, "LEDG")

    assert warm(sqlite_store, MONDAY, as_of=date(2026, 2, 1), project_ids=[gate]) == 1
    assert reading_of(sqlite_store, gate, date(2026, 2, 1)).tasks_late == 0


def test_a_snapshots_own_day_is_its_clock(sqlite_store):
    with sqlite_store.writing("test") as writer:
        (source,) = writer.add(Source, [{"name": "Dashboard", "kind": "file", "data_as_of": SNAPSHOT}])
    gate = add_project(sqlite_store, source_id=source)

    warm(sqlite_store, MONDAY)

    assert reading_of(sqlite_store, gate, SNAPSHOT).tasks_late == 0


def test_another_overhead_is_another_reading(sqlite_store):
    gate = add_project(sqlite_store)
    warm(sqlite_store, MONDAY)

    with sqlite_store.writing("test") as writer:
        writer.change(Organisation, 1, {"policies": {"overhead_share": 0.2}})

    assert warm(sqlite_store, MONDAY) == 1
    assert reading_of(sqlite_store, gate).definitions


def test_time_costs_and_baselines_of_the_past_count_and_those_to_come_do_not(store):
    gate = add_project(store, contract_type="time_and_materials")
    with store.writing("test") as writer:
        (ines,) = writer.add(Person, [{"key": "ines", "name": "Ines", "cost_rate_minor": 60_00}])
        entry = {"person_id": ines, "project_id": gate, "cost_rate_minor": 60_00, "bill_rate_minor": 90_00}
        writer.add(
            TimeEntry,
            [
                entry | {"worked_on": MONDAY - timedelta(days=6), "minutes": 90},
                entry | {"worked_on": MONDAY - timedelta(days=5), "minutes": 30, "billable": False},
                entry | {"worked_on": MONDAY + timedelta(days=1), "minutes": 600},
            ],
        )
        writer.add(
            Expense,
            [{"project_id": gate, "spent_on": MONDAY, "amount_minor": 10_00, "label": "Train", "billable": True}],
        )
        taken = {"project_id": gate, "name": "Contract", "taken_on": MONDAY - timedelta(days=9)}
        moved = {"project_id": gate, "name": "New", "taken_on": MONDAY + timedelta(days=9)}
        writer.add(Baseline, [taken | {"planned_cost_minor": 800_00}, moved | {"planned_cost_minor": 999_00}])

    warm(store, MONDAY)

    reading = reading_of(store, gate)
    assert (reading.spent_minutes, reading.billable_minutes, reading.last_activity_on) == (120, 90, date(2026, 2, 25))
    assert (reading.actual_cost_minor, reading.labour_cost_minor, reading.expense_minor) == (130_00, 120_00, 10_00)
    assert (reading.revenue_minor, reading.budget_minor, reading.budget_basis) == (145_00, 800_00, "baseline")


def test_money_of_another_currency_is_converted_at_the_firms_rate(sqlite_store):
    gate = add_project(sqlite_store, currency="GBP")
    with sqlite_store.writing("test") as writer:
        writer.change(Organisation, 1, {"policies": {"exchange_rates": {"GBP": 1.25}}})
        (ines,) = writer.add(Person, [{"key": "ines", "name": "Ines"}])
        spent = {"person_id": ines, "project_id": gate, "worked_on": MONDAY, "minutes": 60, "cost_rate_minor": 100_00}
        writer.add(TimeEntry, [spent])

    warm(sqlite_store, MONDAY)

    assert reading_of(sqlite_store, gate).actual_cost_minor == 80_00


def test_when_nothing_is_stale_hardly_anything_is_asked(sqlite_store):
    for number in range(5):
        add_project(sqlite_store, f"P{number}")
    warm(sqlite_store, MONDAY)

    with counted_statements(sqlite_store) as statements:
        warm(sqlite_store, MONDAY)

    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 2


def test_the_number_of_queries_does_not_grow_with_the_projects(new_sqlite_store):
    def queries(projects: int) -> int:
        store = new_sqlite_store()
        for number in range(projects):
            add_project(store, f"P{number}")
        with counted_statements(store) as statements:
            warm(store, MONDAY)
        return len(statements)

    assert queries(1) == queries(12)


def test_an_empty_store_has_nothing_to_compute(sqlite_store):
    assert warm(sqlite_store, MONDAY) == 0


@pytest.fixture(scope="module")
def federal(sqlite_template, tmp_path_factory) -> Store:
    """The federal IT portfolio, imported and computed."""
    path = tmp_path_factory.mktemp("federal") / "store.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = Store.open(f"sqlite:///{path}")
    assert import_paths(store, [FEDERAL], at=datetime(2026, 3, 2, tzinfo=UTC)).applied
    warm(store, MONDAY)
    return store


@pytest.fixture(scope="module")
def activities() -> pd.DataFrame:
    """The same data as pandas reads it, with what the figures should be."""
    rows = pd.read_csv(FEDERAL / "activities.csv", dtype={"project_id": str, "activity_id": str})
    start = pd.to_datetime(rows.planned_start)
    rows["finish"] = start + pd.to_timedelta(rows.planned_duration_days, unit="D")
    rows["actual_start"] = start + pd.to_timedelta(rows.start_delay_days, unit="D")
    rows["actual_finish"] = rows.actual_start + pd.to_timedelta(rows.actual_duration_days, unit="D")
    rows["done"] = rows.status.str.startswith("Completed")
    rows["late"] = ~rows.done & (rows.finish < pd.Timestamp(SNAPSHOT))
    rows["days_finished_late"] = (rows.actual_finish - rows.finish).dt.days.where(rows.done)
    return rows


def test_federal_counts_and_progress_are_those_of_pandas(federal, activities):
    weighed = activities.assign(done_days=activities.planned_duration_days.where(activities.done, 0))
    expected = weighed.groupby("project_id").agg(
        tasks=("done", "size"), done=("done", "sum"), late=("late", "sum"),
        days=("planned_duration_days", "sum"), done_days=("done_days", "sum"),
    )  # fmt: skip
    with federal.reading() as session:
        found = session.exec(select(Project.key, ProjectReading).join(ProjectReading)).all()

    assert len(found) == len(expected) == 202
    for key, reading in found:
        row = expected.loc[key]
        assert reading.day == SNAPSHOT
        assert (reading.tasks, reading.tasks_done, reading.tasks_late) == (row.tasks, row.done, row.late)
        assert reading.progress_share == pytest.approx(row.done_days / row.days)
        assert reading.progress_basis == "duration"


def test_federal_dates_and_delays_are_those_of_pandas(federal, activities):
    expected = activities.set_index("activity_id")
    with federal.reading() as session:
        found = session.exec(select(Task.key, TaskReading).join(TaskReading)).all()

    assert len(found) == len(expected) == 1_102
    for key, reading in found:
        row = expected.loc[key]
        assert reading.finish == row.finish
        assert reading.actual_start == row.actual_start
        assert (reading.actual_finish, reading.days_finished_late) == (
            (None, None) if pd.isna(row.actual_finish) else (row.actual_finish, row.days_finished_late)
        )


def test_federal_project_dates_are_their_own_or_none(federal):
    projects = pd.read_csv(FEDERAL / "projects.csv", dtype={"project_id": str})
    dated = projects.dropna(subset=["planned_start"])
    finish = pd.to_datetime(dated.planned_start) + pd.to_timedelta(dated.planned_duration_days, unit="D")
    with federal.reading() as session:
        found = dict(session.exec(select(Project.key, ProjectReading.finish).join(ProjectReading)).all())
        late = session.exec(select(func.count()).select_from(ProjectReading).where(ProjectReading.is_late)).one()

    assert {key: value for key, value in found.items() if value} == dict(zip(dated.project_id, finish, strict=True))
    activities = pd.read_csv(FEDERAL / "activities.csv", dtype={"project_id": str})
    is_open = set(activities.project_id[~activities.status.str.startswith("Completed")])
    assert late == sum(1 for key, value in found.items() if value and value.date() < SNAPSHOT and key in is_open)


def test_what_rests_on_progress_is_unknown_for_a_day_before_the_last_of_it(store):
    gate = add_project(store, at=datetime(2026, 2, 1, tzinfo=UTC))
    with store.reading() as session:
        concept = session.exec(select(Task.id).where(Task.key == "GATE-1")).one()
    with store.writing("test", at=datetime(2026, 2, 27, tzinfo=UTC)) as writer:
        writer.change(Task, concept, {"state": "in_progress"})
    with store.writing("test", at=datetime(2026, 3, 1, tzinfo=UTC)) as writer:
        writer.change(Task, concept, {"name": "Concepts"})
    days = [date(2026, 2, 26), date(2026, 2, 27), MONDAY]

    for day in days:
        warm(store, MONDAY, as_of=day)

    assert [reading_of(store, gate, day).earned_value_minor is None for day in days] == [True, False, False]

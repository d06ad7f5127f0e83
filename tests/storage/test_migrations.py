"""The schema: migrations make what the models say, on both databases, all or nothing, and leave nothing behind."""

from datetime import date, datetime
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text
from sqlmodel import SQLModel, select

from storage import audit, migrations
from storage.engine import Store
from storage.errors import StoreNotMigrated
from storage.models import Blocker, Booking, Organisation, Person, Project, Task, TimeEntry
from storage.people import create_owner


def test_the_schema_is_what_the_models_say(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})

        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_check_of_the_models_is_kept_word_for_word(sqlite_store):
    with sqlite_store.engine.connect() as connection:
        inspector = inspect(connection)
        kept = {
            (table, check["name"], check["sqltext"])
            for table in SQLModel.metadata.tables
            for check in inspector.get_check_constraints(table)
        }

    said = {
        (table.name, check.name, str(check.sqltext))
        for table in SQLModel.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    assert kept == said


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("project", "(key, currency, confidentiality, duration_basis, revision, custom, state) "
                    "VALUES ('P', 'EUR', 'internal', 'working', 0, '{}', 'wonderful')"),
        ("practice", "(key, name) VALUES (NULL, 'Data')"),
    ],
)  # fmt: skip
def test_the_database_itself_refuses_what_is_not_allowed(store, table, values):
    with pytest.raises(Exception, match=r"(?i)constraint|null value"), store.system() as session:
        session.execute(text(f"INSERT INTO {table} {values}"))


def test_down_and_up_again_on_a_filled_store_leaves_nothing_behind(store):
    fill(store)

    store.migrate_down()

    assert tables_of(store) == {"alembic_version"}
    assert leftovers(store) == []
    with pytest.raises(StoreNotMigrated):
        store.revision()
    assert store.migrate() is True
    fill(store)
    with store.reading() as session:
        assert session.exec(select(Task.name)).all() == ["Write"]


def test_the_audit_holds_together_from_version_to_version(store):
    fill(store)

    store.migrate_down("0002")
    store.migrate()

    with store.reading() as session:
        assert audit.verify(session).sentence.startswith("All 1 audit events")
        assert [(each.action, each.subject) for each in audit.latest(session, 9)] == [("create owner", "person:ruth")]


def test_migrating_a_filled_store_again_keeps_every_row(store):
    fill(store)
    before = everything_in(store)

    assert store.migrate() is False
    assert everything_in(store) == before


def test_a_migration_that_fails_leaves_the_store_as_it_was(store, monkeypatch):
    fill(store)
    before = everything_in(store)
    monkeypatch.setattr("alembic.op.drop_index", lambda *_args, **_named: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        store.migrate_down()

    assert everything_in(store) == before


def test_two_processes_may_migrate_at_once(tmp_path):
    url = f"sqlite:///{tmp_path}/fresh.db"
    made: list[bool] = []
    threads = [Thread(target=lambda: made.append(Store.open(url).migrate())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 2
    assert Store.open(url).version() == migrations.VERSIONS[-1]


def test_the_versions_are_in_one_line_and_named_by_number():
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    chain = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]

    assert tuple(reversed(chain)) == migrations.VERSIONS


def fill(store: Store) -> None:
    """One row of every kind that refers to others."""
    with store.system() as session:
        if session.get(Organisation, 1) is None:
            session.add(Organisation(name="Testers Ltd"))
    owner = create_owner(store, "Ruth", "ruth@example.org")
    with store.writing("Fill", person_id=owner.id) as writer:
        [person] = writer.add(Person, [{"key": "dana", "name": "Dana", "employed_from": date(2020, 1, 1)}])
        [project] = writer.add(Project, [{"key": "GATE", "currency": "EUR", "manager_id": person}])
        start = datetime(2026, 3, 2, 9)
        row = {"key": "GATE-1", "project_id": project, "position": 1, "name": "Write", "planned_start": start}
        [task] = writer.add(Task, [row])
        writer.add(Blocker, [{"task_id": task, "note": "no access", "opened_on": date(2026, 3, 2)}])
        spent = {"worked_on": date(2026, 3, 2), "minutes": 60, "cost_rate_minor": 90_00}
        writer.add(TimeEntry, [{"person_id": person, "project_id": project, "task_id": task} | spent])
        window = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 6), "minutes_per_week": 480}
        writer.add(Booking, [{"project_id": project, "person_id": person} | window])


def everything_in(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as session:
        return {
            table.name: [tuple(row) for row in session.connection().execute(table.select())]
            for table in SQLModel.metadata.sorted_tables
        }


def tables_of(store: Store) -> set[str]:
    with store.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def leftovers(store: Store) -> list[str]:
    """Triggers, functions and sequences that belong to no table any more."""
    query = (
        "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index') AND name NOT LIKE 'sqlite_autoindex%'"
        if store.file
        else "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "UNION SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'"
    )
    with store.engine.connect() as connection:
        return list(connection.exec_driver_sql(query).scalars())

"""The store: it opens, keeps readers from writing, keeps writers apart, and says in sentences what is wrong."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlmodel import select

from storage.engine import Store
from storage.errors import (
    StoreBusy,
    StoreIsForeign,
    StoreIsNewer,
    StoreNotFound,
    StoreNotMigrated,
    StoreNotWritable,
    StoreUnreachable,
    StoreUnreadable,
    StoreUrlNotUnderstood,
)
from storage.models import Organisation, Portfolio


def test_a_reading_session_cannot_write_in_the_database(store):
    with pytest.raises(StoreNotWritable), store.reading() as session:
        session.execute(text("UPDATE organisation SET name = 'Taken over'"))

    assert organisation(store).name == "Testers Ltd"


def test_a_reading_session_cannot_lift_its_own_limits(store):
    lift = "PRAGMA query_only=OFF" if store.file else "SET TRANSACTION READ WRITE"

    with pytest.raises(Exception, match=r"read-?only|read-write mode"), store.reading() as session:
        session.exec(select(Organisation)).all()
        session.execute(text(lift))
        session.execute(text("DELETE FROM organisation"))

    assert organisation(store).name == "Testers Ltd"


def test_a_connection_that_has_read_may_write_when_it_is_used_again(store):
    organisation(store)

    with store.system() as session:
        session.exec(select(Organisation)).one().name = "Renamed Ltd"

    assert organisation(store).name == "Renamed Ltd"


def test_a_reading_session_sees_one_moment_throughout(store):
    with store.reading() as session:
        before = session.exec(select(Organisation.name)).one()
        with store.system() as other:
            other.exec(select(Organisation)).one().name = "Renamed Ltd"

        assert session.exec(select(Organisation.name)).one() == before

    assert organisation(store).name == "Renamed Ltd"


def test_an_exception_leaves_the_store_as_it_was(store):
    with pytest.raises(ZeroDivisionError), store.system() as session:
        session.exec(select(Organisation)).one().name = "Half done"
        session.flush()
        raise ZeroDivisionError

    assert organisation(store).name == "Testers Ltd"


def test_many_threads_write_one_after_the_other(store):
    start = Barrier(6)

    def add(number: int) -> None:
        start.wait()
        with store.writing("Add a portfolio") as writer:
            writer.add(Portfolio, [{"key": f"F{number}", "name": "One of six"}])

    threads = [Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.reading() as session:
        assert sorted(session.exec(select(Portfolio.id))) == [1, 2, 3, 4, 5, 6]
    assert store.revision() == 6


def test_a_writer_that_waits_too_long_is_told_so(store, monkeypatch, request):
    monkeypatch.setattr("storage.engine.BUSY_SECONDS", 1)
    impatient = Store.open(store.engine.url.render_as_string(hide_password=False))

    with store.system() as session:
        session.exec(select(Organisation)).one().name = "Still thinking"
        session.flush()
        with pytest.raises(StoreBusy, match="try again"), impatient.system():
            pass
    impatient.close()


def test_the_file_is_safe_against_power_cuts_and_dangling_rows(sqlite_store):
    with sqlite_store.engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        kept = [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas]
        waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()

    assert kept == ["wal", 2, 1]  # 2 is FULL
    assert waits >= 5_000


def test_a_foreign_key_that_points_nowhere_is_refused(store):
    with pytest.raises(Exception, match=r"(?i)foreign key"), store.writing("Mistake") as writer:
        writer.add(Portfolio, [{"key": "F", "name": "Orphan", "manager_id": 99}])


def test_a_file_may_have_any_name(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'déjà vu #1 100%' / 'my store?.db'}".replace("?", "%3F"))

    assert store.migrate()
    store.close()


def test_a_store_without_a_file_is_named(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/none.db")

    with pytest.raises(StoreNotFound, match="pilothouse init"), store.reading():
        pass
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_was_deleted_or_replaced_is_let_go(sqlite_store, sqlite_template):
    file = sqlite_store.file
    sqlite_store.revision()
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()

    with pytest.raises(StoreNotFound):
        sqlite_store.revision()
    shutil.copyfile(sqlite_template, file)
    assert sqlite_store.revision() == 0


def test_an_empty_file_wants_to_be_migrated_first(tmp_path):
    (tmp_path / "empty.db").touch()

    with pytest.raises(StoreNotMigrated, match="pilothouse init"):
        Store.open(f"sqlite:///{tmp_path}/empty.db").revision()


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    letter = tmp_path / "letter.db"
    letter.write_text("Dear reader, " * 100)

    with pytest.raises(StoreUnreadable, match="not a database"):
        Store.open(f"sqlite:///{letter}").migrate()
    assert letter.read_text().startswith("Dear reader")


def test_the_database_of_another_program_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "songs.db") as songs:
        songs.execute("CREATE TABLE song (title TEXT)")

    with pytest.raises(StoreIsForeign, match="another program"):
        Store.open(f"sqlite:///{tmp_path}/songs.db").migrate()


def test_a_store_of_a_newer_program_is_not_touched(store):
    with store.system() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    reopened = Store.open(store.engine.url.render_as_string(hide_password=False))

    with pytest.raises(StoreIsNewer, match="9999"):
        reopened.migrate()
    with pytest.raises(StoreIsNewer), reopened.reading():
        pass
    reopened.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(StoreNotWritable, match="cannot be written"):
        Store.open(f"sqlite:///{tmp_path}/file/store.db").migrate()


def test_a_server_that_does_not_answer_is_named_without_its_password():
    store = Store.open("postgresql://ana:secret@127.0.0.1:1/pilothouse")

    with pytest.raises(StoreUnreachable, match="cannot be reached") as caught, store.reading():
        pass
    assert "secret" not in str(caught.value)


def test_a_database_that_the_server_does_not_have_is_named(postgresql_server):
    url = postgresql_server.url.set(drivername="postgres", database="nowhere").render_as_string(hide_password=False)

    with pytest.raises(StoreNotFound, match="nowhere"):
        Store.open(url).revision()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "store.db",
        "mysql://host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///store.db?mode=rw",
        "postgresql://host:port/db",
        "\x00",
    ],
)
def test_an_address_of_nothing_known_is_refused(url):
    with pytest.raises(StoreUrlNotUnderstood, match="sqlite:///"):
        Store.open(url)


def test_an_address_that_cannot_be_read_is_refused_without_its_password():
    with pytest.raises(StoreUrlNotUnderstood) as caught:
        Store.open("postgresql://ana:secret@host:port/db")
    assert "secret" not in str(caught.value)


def test_an_option_that_the_server_does_not_have_is_named():
    store = Store.open("postgresql://127.0.0.1:1/db?bogus=1")

    with pytest.raises(StoreUnreachable, match="bogus"), store.reading():
        pass


def test_a_store_that_is_up_to_date_opens_without_the_migration_tool(sqlite_store):
    script = (
        "import sys; from storage.engine import Store\n"
        f"store = Store.open('sqlite:///{sqlite_store.place}')\n"
        "assert store.migrate() is False\n"
        "with store.reading(): pass\n"
        "assert 'alembic' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2])


def organisation(store: Store) -> Organisation:
    with store.reading() as session:
        return session.exec(select(Organisation)).one()

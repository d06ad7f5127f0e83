"""A backup holds every row as it is, also while people write; a file that is not whole restores nothing."""

import gzip
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlmodel import SQLModel, select

from storage import audit, backup
from storage.backup import BackupIsNewer, BackupNotReadable, BackupNotWritable, StoreNotEmpty
from storage.engine import Store
from storage.models import Organisation, Task
from tests.conftest import MakeStore
from tests.firm import Firm
from tests.proof.small_firm import dump

TABLES = tuple(sorted(SQLModel.metadata.tables))


@pytest.fixture
def file(firm: Firm, tmp_path: Path) -> Path:
    path = tmp_path / "firm.backup"
    backup.save(firm.store, path)
    return path


def empty(store: Store) -> Store:
    """Without the organisation that the tests' stores have."""
    with store.system() as session:
        for each in session.exec(select(Organisation)):
            session.delete(each)
    return store


def test_all_of_it_comes_back_on_either_database(firm: Firm, file: Path, store: Store):
    done = backup.restore(empty(store), file)

    assert dump(store, TABLES, frozenset()) == dump(firm.store, TABLES, frozenset())
    with store.reading() as session:
        assert audit.verify(session).last_hash == done.last_hash


def test_ids_go_on_where_they_were(file: Path, store: Store):
    backup.restore(empty(store), file)
    with store.reading() as session:
        project = session.exec(select(Task.project_id)).first()
        last = max(session.exec(select(Task.id)))

    with store.system() as session:
        session.add(task := Task(key="NEW-1", name="New", project_id=project, position=9_999))
        session.flush()
        assert task.id is not None
        assert task.id > last


def test_people_may_write_meanwhile(own_firm: Firm, tmp_path: Path, new_sqlite_store: MakeStore):
    is_over = Event()

    def write() -> None:
        number = 0
        while not is_over.is_set():
            number += 1
            with own_firm.store.writing("by hand") as writer:
                for task in (1, 2, 3):
                    writer.change(Task, task, {"description": str(number)})

    writing = Thread(target=write)
    writing.start()
    for attempt in range(3):
        backup.save(own_firm.store, tmp_path / f"{attempt}.backup")
    is_over.set()
    writing.join()

    store = empty(new_sqlite_store())
    backup.restore(store, tmp_path / "2.backup")
    with store.reading() as session:
        described = {session.get_one(Task, task).description for task in (1, 2, 3)}
    store.close()
    assert len(described) == 1  # one moment, not several


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: b"",
        lambda whole: b"PK\x03\x04 something else",
        lambda whole: gzip.compress(gzip.decompress(whole).replace(b"Tern Gateway", b"Torn Gateway")),
        lambda whole: gzip.compress(b"\n".join(gzip.decompress(whole).split(b"\n")[:-30])),
        lambda whole: gzip.compress(b"[1, 2]\n"),
        lambda whole: gzip.compress(b'{"format": "another"}\n{"sha256": "0"}\n'),
    ],
)
def test_what_is_not_whole_restores_nothing(file: Path, sqlite_store: Store, spoil):
    file.write_bytes(spoil(file.read_bytes()))
    before = dump(sqlite_store, TABLES)

    with pytest.raises(BackupNotReadable, match="Nothing was restored"):
        backup.restore(sqlite_store, file)

    assert dump(sqlite_store, TABLES) == before


def test_a_missing_file_is_told(tmp_path: Path, sqlite_store: Store):
    with pytest.raises(BackupNotReadable):
        backup.restore(sqlite_store, tmp_path / "nowhere")


def test_another_schema_is_told(file: Path, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("storage.migrations.VERSIONS", ("0001",))

    with pytest.raises(BackupIsNewer):
        backup.restore(sqlite_store, file)


def test_a_store_with_rows_is_not_filled(file: Path, sqlite_store: Store):
    with pytest.raises(StoreNotEmpty):
        backup.restore(sqlite_store, file)


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left(firm: Firm, tmp_path: Path):
    with pytest.raises(BackupNotWritable):
        backup.save(firm.store, tmp_path / "missing" / "file")

    assert list(tmp_path.iterdir()) == []

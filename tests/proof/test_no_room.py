"""A full disk and a store that cannot be written: one sentence, nothing changed, nothing half-written."""

import os
import resource
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from storage import audit
from storage.backup import BackupNotWritable, save
from storage.engine import Store
from storage.errors import StoreNotWritable
from storage.people import add_person
from tests.conftest import MakeStore
from tests.proof.small_firm import SmallFirm, dump, is_sound, lay
from tests.proof.test_kills import TABLES, Act, confirming, importing, undoing

NOBODY = 65534
ONLOOKER = "pilothouse_onlooker"
LITTLE = 36_000  # bytes: enough for what SQLite keeps beside a file, too little for what it writes ahead
Prepare = Callable[[SmallFirm, Path], Act]
DEEDS = pytest.mark.parametrize("prepare", [confirming, undoing, importing], ids=lambda each: each.__name__)
FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process to take its rights from")


def in_a_process(hamper: Callable[[], None], act: Callable[[], object]) -> str:
    """What a hampered process says of it: nothing, or the error's class and sentence."""
    told, says = os.pipe()
    child = os.fork()
    if child == 0:
        said = "died"
        try:
            hamper()
            act()
            said = ""
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        finally:
            os.write(says, said.encode())
            os._exit(0)
    os.close(says)
    os.waitpid(child, 0)
    said = b"".join(iter(lambda: os.read(told, 4096), b"")).decode()
    os.close(told)
    return said


def no_room(size: int) -> Callable[[], None]:
    """No file of the process grows beyond so many bytes, as on a disk that is full."""

    def hamper() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return hamper


def no_rights() -> None:
    """Whoever does it owns nothing here; root may write everywhere, so it becomes nobody."""
    "".encode("utf-8-sig")  # loaded while it may be read
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)


@FORKS
@DEEDS
def test_a_full_disk_changes_nothing(prepare: Prepare, new_sqlite_store: MakeStore, tmp_path: Path) -> None:
    firm = lay(new_sqlite_store())
    act = prepare(firm, tmp_path)
    before = dump(firm.store, TABLES)
    firm.store.close()

    said = in_a_process(no_room(LITTLE), lambda: act(again(firm)))

    assert said.startswith(StoreNotWritable.__name__), said
    assert "Check the disk and its permissions." in said
    assert dump(firm.store, TABLES) == before
    assert is_sound(firm.store)
    act(firm)
    assert dump(firm.store, TABLES) != before


@FORKS
@DEEDS
def test_a_file_that_cannot_be_written_changes_nothing(
    prepare: Prepare, new_sqlite_store: MakeStore, tmp_path: Path
) -> None:
    firm = lay(new_sqlite_store())
    act = prepare(firm, tmp_path)
    before = dump(firm.store, TABLES)
    firm.store.close()
    file = Path(firm.store.place)
    open_up(file.parent)
    file.chmod(0o444)
    file.parent.chmod(0o555)
    try:
        said = in_a_process(no_rights, lambda: act(again(firm)))
    finally:
        file.parent.chmod(0o755)

    assert said.startswith(StoreNotWritable.__name__), said
    file.chmod(0o644)
    assert dump(firm.store, TABLES) == before


@DEEDS
def test_a_server_that_lets_one_only_read_changes_nothing(
    prepare: Prepare, new_postgresql_store: MakeStore, tmp_path: Path
) -> None:
    firm = lay(new_postgresql_store())
    act = prepare(firm, tmp_path)
    before = dump(firm.store, TABLES)
    with firm.store.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {ONLOOKER} LOGIN")
        connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {ONLOOKER}")
    url = firm.store.engine.url.set(username=ONLOOKER, password=None).render_as_string(hide_password=False)
    onlooker = replace(firm, store=Store.open(url))

    with pytest.raises(StoreNotWritable, match="cannot be written"):
        act(onlooker)

    onlooker.store.close()
    assert dump(firm.store, TABLES) == before
    act(firm)
    with firm.store.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {ONLOOKER}")
        connection.exec_driver_sql(f"DROP ROLE {ONLOOKER}")


@FORKS
def test_a_backup_without_room_leaves_no_half_of_it(new_sqlite_store: MakeStore, tmp_path: Path) -> None:
    firm = lay(new_sqlite_store())
    folder = tmp_path / "backups"
    folder.mkdir()
    save(firm.store, folder / "b.gz")
    kept = (folder / "b.gz").read_bytes()

    said = in_a_process(no_room(1_000), lambda: save(again(firm).store, folder / "b.gz"))

    assert said.startswith(BackupNotWritable.__name__), said
    assert [each.name for each in folder.iterdir()] == ["b.gz"]
    assert (folder / "b.gz").read_bytes() == kept


@FORKS
def test_people_and_audit_keep_together_without_room(new_sqlite_store: MakeStore) -> None:
    """However much room there is, somebody is added with their event, or not at all."""
    firm = lay(new_sqlite_store())
    firm.store.close()
    file = Path(firm.store.place)
    outcomes = set()
    for room in range(LITTLE, 3 * LITTLE, LITTLE // 4):
        copy = file.with_name(f"copy-{room}.db")
        shutil.copyfile(file, copy)
        store = Store.open(f"sqlite:///{copy}")
        said = in_a_process(
            no_room(room),
            lambda: add_person(Store.open(f"sqlite:///{copy}"), "New", "new@example.org"),  # noqa: B023
        )
        found = dump(store, ("person", "audit_event", "audit_content", "history"))
        added = len(found["person"]) - 5
        assert (added, len(found["audit_event"]), len(found["audit_content"])) in ((0, 0, 0), (1, 1, 1))
        assert (said == "") == bool(added), said
        assert is_sound(store)
        with store.reading() as session:
            assert audit.verify(session).altered_id is None
        outcomes.add(bool(added))
        store.close()
    assert outcomes == {True, False}


def again(firm: SmallFirm) -> SmallFirm:
    return replace(firm, store=Store.open(f"sqlite:///{firm.store.place}"))


def open_up(folder: Path) -> None:
    """Let nobody in particular reach the folder."""
    for each in (folder, *folder.parents):
        if each.stat().st_uid == os.geteuid() and each != each.parent:
            each.chmod(each.stat().st_mode | 0o055)

"""Kill -9 at any statement: what was to be applied is there whole or not at all, and what was acknowledged is there."""

import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import event

from storage import audit
from storage.changes.applying import MODELS
from storage.edits import RowEdit
from storage.engine import Store
from storage.importing.importer import import_paths
from storage.proposals import undo
from tests.postgresql import Databases
from tests.proof.conftest import Runs
from tests.proof.small_firm import NOW, SmallFirm, dump, is_sound, lay

TABLES = (*MODELS, "import_run", "source")
Act = Callable[[SmallFirm], None]


class Place(Protocol):
    """Where stores lie that are copies of one: files, or databases of a server."""

    def prepared(self) -> Store:
        """The store that all others are copied from."""

    def copied(self) -> Iterator[Store]:
        """A copy, for as long as it is wanted."""


@dataclass
class Files:
    folder: Path
    template: Path

    def prepared(self) -> Store:
        shutil.copyfile(self.template, self.folder / "origin.db")
        return Store.open(f"sqlite:///{self.folder / 'origin.db'}")

    def copied(self) -> Iterator[Store]:
        for ending in ("", "-wal", "-shm"):
            if (self.folder / f"origin.db{ending}").exists():
                shutil.copyfile(self.folder / f"origin.db{ending}", self.folder / f"copy.db{ending}")
        store = Store.open(f"sqlite:///{self.folder / 'copy.db'}")
        yield store
        store.close()
        for left in self.folder.glob("copy.db*"):
            left.unlink()


@dataclass
class Server:
    databases: Databases
    origin: str = ""

    def prepared(self) -> Store:
        self.origin = self.databases.take()
        return self.databases.open(self.origin)

    def copied(self) -> Iterator[Store]:
        name = self.databases.copy(self.origin)
        store = self.databases.open(name)
        yield store
        store.close()
        self.databases.drop(name)


@dataclass
class Deed:
    """Something that writes: the plan before and after it, and how many statements it takes."""

    act: Act
    firm: SmallFirm
    before: dict[str, Any]
    after: dict[str, Any]
    statements: int


def make_deed(place: Place, prepare: Callable[[SmallFirm, Path], Act], folder: Path) -> Deed:
    origin = place.prepared()
    firm = lay(origin)
    act = prepare(firm, folder)
    before = dump(origin, TABLES)
    origin.close()
    with contextmanager(place.copied)() as store:
        counted = 0

        def count(*_: Any) -> None:
            nonlocal counted
            counted += 1

        event.listen(store.engine, "before_cursor_execute", count)
        act(replace(firm, store=store))
        after = dump(store, TABLES)
    assert before != after
    return Deed(act, firm, before, after, counted)


def killed(deed: Deed, store: Store, at: int) -> bool:
    """Do it in a process that is killed before this statement, or has ended; whether it said that it was done."""
    told, says = os.pipe()
    child = os.fork()
    if child == 0:
        url = store.engine.url.render_as_string(hide_password=False)
        own = Store.open(url)
        left = at

        def die(*_: Any) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(own.engine, "before_cursor_execute", die)
        event.listen(own.engine, "commit", die)
        try:
            deed.act(replace(deed.firm, store=own))
            os.write(says, b"done")
        finally:
            os._exit(0)
    os.close(says)
    os.waitpid(child, 0)
    said = os.read(told, 4)
    os.close(told)
    return said == b"done"


def confirming(firm: SmallFirm, _folder: Path) -> Act:
    key = firm.propose(
        firm.manager,
        RowEdit("task", firm.tasks[0], {}, {"name": "Other", "planned_finish": "2026-03-20T17:00:00"}),
        RowEdit("task", -1, None, {"project_id": firm.project, "name": "New"}),
        RowEdit("dependency", -2, None, {"predecessor_id": firm.tasks[0], "successor_id": -1}),
        RowEdit("task", firm.tasks[3], {}, None),
    )

    def act(world: SmallFirm) -> None:
        world.confirm(key, world.manager)

    return act


def undoing(firm: SmallFirm, _folder: Path) -> Act:
    key = firm.propose(
        firm.manager,
        RowEdit("task", firm.tasks[0], {}, {"name": "Other"}),
        RowEdit("task", -1, None, {"project_id": firm.project, "name": "New"}),
        RowEdit("task", firm.tasks[3], {}, None),
    )
    assert firm.confirm(key, firm.manager)

    def act(world: SmallFirm) -> None:
        undo(world.store, world.manager, key, at=NOW)

    return act


def importing(_firm: SmallFirm, folder: Path) -> Act:
    files = folder / "files"
    files.mkdir()
    (files / "projects.csv").write_text("key,name,currency\nC,Gamma,EUR\n")
    rows = "\n".join(f"C-{number},C,Task {number}" for number in range(30))
    (files / "tasks.csv").write_text(f"key,project,name\n{rows}\n")

    def act(world: SmallFirm) -> None:
        assert import_paths(world.store, [files], at=NOW).applied

    return act


DEEDS = pytest.mark.parametrize("prepare", [confirming, undoing, importing], ids=lambda each: each.__name__)
FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process to kill")


@FORKS
@DEEDS
def test_in_a_file_it_is_there_whole_or_not_at_all(
    prepare: Callable[[SmallFirm, Path], Act], sqlite_template: Path, tmp_path: Path, runs: Runs
) -> None:
    kill_often(Files(tmp_path, sqlite_template), prepare, tmp_path, runs(20, 334))


@FORKS
@DEEDS
def test_on_a_server_it_is_there_whole_or_not_at_all(
    prepare: Callable[[SmallFirm, Path], Act], postgresql_databases: Databases, tmp_path: Path, runs: Runs
) -> None:
    place = Server(postgresql_databases)
    kill_often(place, prepare, tmp_path, runs(3, 60))
    postgresql_databases.give_back(place.origin)


def kill_often(place: Place, prepare: Callable[[SmallFirm, Path], Act], folder: Path, times: int) -> None:
    deed = make_deed(place, prepare, folder)
    chance = random.Random(7)
    for number in range(times):
        with contextmanager(place.copied)() as store:
            is_let_live = number % 10 == 0
            at = deed.statements + 99 if is_let_live else chance.randint(0, deed.statements + 2)
            was_said = killed(deed, store, at)
            assert was_said or not is_let_live
            found = dump(store, TABLES)
            assert found in (deed.before, deed.after)
            assert found == deed.after or not was_said  # nothing acknowledged is lost
            assert store.file is None or is_sound(store)
            with store.reading() as session:
                assert audit.verify(session).altered_id is None

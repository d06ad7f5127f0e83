"""Kill -9 at any statement: what was to be applied is there whole or not at all, and what was acknowledged is there."""

import os
import random
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from storage import audit
from storage.changes.applying import MODELS
from storage.edits import RowEdit
from storage.engine import Store
from storage.importing.importer import import_paths
from storage.proposals import undo
from tests.proof.conftest import Runs
from tests.proof.small_firm import NOW, SmallFirm, dump, is_sound, lay

TABLES = (*MODELS, "import_run", "source")
Act = Callable[[SmallFirm], None]


@dataclass
class Deed:
    """Something that writes, on a store of its own each time: the file before it, and the plan before and after."""

    file: Path
    act: Act
    before: dict[str, Any]
    after: dict[str, Any]
    statements: int


def make_deed(folder: Path, template: Path, prepare: Callable[[SmallFirm], Act]) -> Deed:
    folder.mkdir()
    file = folder / "before.db"
    shutil.copyfile(template, file)
    store = Store.open(f"sqlite:///{file}")
    firm = lay(store)
    act = prepare(firm)
    before = dump(store, TABLES)
    store.close()
    done = folder / "after.db"
    copy_of(file, done)
    store = Store.open(f"sqlite:///{done}")
    counted = 0

    def count(*_: Any) -> None:
        nonlocal counted
        counted += 1

    event.listen(store.engine, "before_cursor_execute", count)
    act(with_store(firm, store))
    after = dump(store, TABLES)
    store.close()
    assert before != after
    return Deed(file, act, before, after, counted)


def with_store(firm: SmallFirm, store: Store) -> SmallFirm:
    return SmallFirm(**{**vars(firm), "store": store})


def copy_of(file: Path, target: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        if Path(f"{file}{ending}").exists():
            shutil.copyfile(f"{file}{ending}", f"{target}{ending}")


def killed(deed: Deed, firm: SmallFirm, file: Path, at: int) -> bool:
    """Do it in a process that is killed before this statement, or has ended; whether it said that it was done."""
    told, says = os.pipe()
    child = os.fork()
    if child == 0:
        store = Store.open(f"sqlite:///{file}")
        left = at

        def die(*_: Any) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(store.engine, "before_cursor_execute", die)
        event.listen(store.engine, "commit", die)
        try:
            deed.act(with_store(firm, store))
            os.write(says, b"done")
        finally:
            os._exit(0)
    os.close(says)
    os.waitpid(child, 0)
    said = os.read(told, 4)
    os.close(told)
    return said == b"done"


def confirming(firm: SmallFirm) -> Act:
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


def undoing(firm: SmallFirm) -> Act:
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


def importing(firm: SmallFirm) -> Act:
    folder = Path(firm.store.place).parent / "files"
    folder.mkdir()
    (folder / "projects.csv").write_text("key,name,currency\nC,Gamma,EUR\n")
    rows = "\n".join(f"C-{number},C,Task {number}" for number in range(30))
    (folder / "tasks.csv").write_text(f"key,project,name\n{rows}\n")

    def act(world: SmallFirm) -> None:
        assert import_paths(world.store, [folder], at=NOW).applied

    return act


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process to kill")
@pytest.mark.parametrize("prepare", [confirming, undoing, importing], ids=lambda each: each.__name__)
def test_it_is_there_whole_or_not_at_all(
    prepare: Callable[[SmallFirm], Act], sqlite_template: Path, tmp_path: Path, runs: Runs
) -> None:
    deed = make_deed(tmp_path / "deed", sqlite_template, prepare)
    firm = lay_again(tmp_path, sqlite_template)
    chance = random.Random(7)
    for number in range(runs(20, 334)):
        file = tmp_path / f"{number}.db"
        copy_of(deed.file, file)
        is_let_live = number % 10 == 0
        at = deed.statements + 99 if is_let_live else chance.randint(0, deed.statements + 2)
        was_said = killed(deed, firm, file, at)
        assert was_said or not is_let_live
        store = Store.open(f"sqlite:///{file}")
        found = dump(store, TABLES)
        assert found in (deed.before, deed.after)
        assert found == deed.after or not was_said  # nothing acknowledged is lost
        assert is_sound(store)
        with store.reading() as session:
            assert audit.verify(session).altered_id is None
        store.close()
        for left in tmp_path.glob(f"{number}.db*"):
            left.unlink()


def lay_again(folder: Path, template: Path) -> SmallFirm:
    """The same firm: its ids are those of every store it is laid in."""
    file = folder / "ids.db"
    shutil.copyfile(template, file)
    store = Store.open(f"sqlite:///{file}")
    firm = lay(store)
    store.close()
    return firm

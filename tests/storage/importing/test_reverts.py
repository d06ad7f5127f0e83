"""An import after a confirmed change: each field follows its declared owner, and no reversal goes unsaid."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from storage.access import Reader
from storage.edits import Draft, RowEdit
from storage.engine import Store
from storage.importing.importer import import_paths
from storage.importing.report import ImportReport
from storage.models import Dependency, Grant, Person, Task
from storage.policies import choose
from storage.proposals import approve, find_proposal, save_proposal
from tests.conftest import MakeStore

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PROJECTS = "key,name,currency\nGATE,Gateway,EUR\n"
HEAD = "key,project,name,planned_start,planned_finish\n"
ROWS = {"GATE-1": "GATE-1,GATE,Keys,2026-03-02,2026-03-06", "GATE-2": "GATE-2,GATE,Rules,2026-03-09,2026-03-13"}


class World:
    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        (folder / "projects.csv").write_text(PROJECTS)
        self.load(ROWS)
        with store.system() as session:
            boss = Person(key="boss", name="Boss", email="boss@example.org")
            session.add(boss)
            session.flush()
            assert boss.id is not None
            session.add(Grant(person_id=boss.id, role="portfolio_manager", scope_kind="organisation"))
            self.boss = Reader(boss.id)

    def load(self, rows: dict[str, str]) -> ImportReport:
        (self.folder / "tasks.csv").write_text(HEAD + "\n".join(rows.values()) + "\n")
        report = import_paths(self.store, [self.folder], at=NOW)
        assert not report.refused, [str(problem) for problem in report.problems]
        return report

    def task(self, key: str) -> Task | None:
        with self.store.reading() as session:
            return session.exec(select(Task).where(Task.key == key)).first()

    def confirm(self, *edits: RowEdit) -> None:
        with self.store.system() as session:
            key = save_proposal(session, self.boss, Draft("a change", (), edits), surface="test", at=NOW)
        with self.store.reading() as session:
            digest = find_proposal(session, self.boss, key, NOW).digest
        assert approve(self.store, self.boss, key, digest=digest, at=NOW).is_applied

    def move(self, key: str, finish: date) -> None:
        task = self.task(key)
        assert task is not None
        assert task.id is not None
        at = datetime(finish.year, finish.month, finish.day)  # as a file's date is kept
        self.confirm(RowEdit("task", task.id, {}, {"planned_finish": at}))

    def finish(self, key: str) -> date | None:
        task = self.task(key)
        return task.planned_finish.date() if task and task.planned_finish else None


@pytest.fixture
def world(new_sqlite_store: MakeStore, tmp_path: Path) -> World:
    folder = tmp_path / "jira"
    folder.mkdir()
    return World(new_sqlite_store(), folder)


def test_what_the_source_sets_back_is_said_once_with_both_values(world: World):
    world.move("GATE-1", date(2026, 3, 20))

    [notice] = world.load(ROWS).warnings

    assert "2026-03-20" in notice.sentence
    assert "2026-03-06" in notice.sentence
    assert notice.column == "planned_finish"
    assert world.finish("GATE-1") == date(2026, 3, 6)
    assert world.load(ROWS).warnings == []


def test_what_is_decided_here_stays_and_the_file_is_told(world: World):
    choose(world.store, "ownership", {"here": ["task.planned_finish"]})
    world.move("GATE-1", date(2026, 3, 20))

    [notice] = world.load(ROWS).warnings

    assert "it stays" in notice.sentence
    assert world.finish("GATE-1") == date(2026, 3, 20)


def test_a_row_that_the_file_lacks_keeps_what_was_confirmed(world: World):
    world.move("GATE-1", date(2026, 3, 20))

    assert world.load({"GATE-2": ROWS["GATE-2"]}).warnings == []
    assert world.finish("GATE-1") == date(2026, 3, 20)


def test_a_task_removed_here_that_comes_back_is_said(world: World):
    task = world.task("GATE-2")
    assert task is not None
    world.confirm(RowEdit("task", task.id or 0, {}, None))
    assert world.task("GATE-2") is None

    [notice] = world.load(ROWS).warnings

    assert "GATE-2 was removed here" in notice.sentence
    assert world.task("GATE-2") is not None


def test_a_task_added_here_whose_key_the_source_gives_to_another_is_said(world: World):
    project = world.task("GATE-1")
    assert project is not None
    world.confirm(RowEdit("task", -1, None, {"project_id": project.project_id, "name": "Draw up notes"}))
    assert world.task("GATE-3") is not None

    report = world.load(ROWS | {"GATE-3": "GATE-3,GATE,Something else,2026-03-16,2026-03-20"})

    assert any("Draw up notes" in notice.sentence and "Something else" in notice.sentence for notice in report.warnings)


def test_links_follow_the_same_rule(world: World):
    first, second = world.task("GATE-1"), world.task("GATE-2")
    assert first is not None
    assert second is not None
    link = {"predecessor_id": first.id, "successor_id": second.id}
    world.confirm(RowEdit("dependency", -1, None, link))
    world.load(ROWS)

    with world.store.reading() as session:
        assert len(session.exec(select(Dependency)).all()) == 1

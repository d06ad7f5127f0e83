"""Four people click at once: one of them applies it, and all hear that it is applied; on both databases."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlmodel import select

from storage.edits import RowEdit
from storage.engine import Store
from storage.errors import NotAccepted
from storage.models import History, Task
from storage.proposals import approve, reject, undo
from tests.proof.conftest import Runs
from tests.proof.small_firm import NOW, SmallFirm, lay

CLICKS = 4


@pytest.fixture
def firm(store: Store) -> SmallFirm:
    return lay(store)


def at_once(*acts: object) -> list[object]:
    """What each of these gives, begun at the same moment; a refusal as itself."""
    start = Barrier(len(acts))
    given: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        start.wait()
        try:
            given[place] = acts[place]()  # type: ignore[operator]
        except NotAccepted as refused:
            given[place] = refused

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def names_written(firm: SmallFirm) -> int:
    with firm.store.reading() as session:
        return len(session.exec(select(History.id).where(History.table == "task", History.field == "name")).all())


def test_one_of_four_clicks_applies(firm: SmallFirm, runs: Runs) -> None:
    races = runs(10, 500)
    for number in range(races):
        at = NOW + timedelta(days=number)  # nobody proposes so much on one day
        key = firm.propose(firm.manager, RowEdit("task", firm.tasks[0], {}, {"name": f"Name {number}"}), at=at)
        digest = firm.digest(key, firm.manager, at=at)

        def click(key: str = key, digest: str = digest, at: datetime = at) -> bool:
            return approve(firm.store, firm.manager, key, digest=digest, at=at).is_applied

        assert at_once(*[click] * CLICKS) == [True] * CLICKS
    assert names_written(firm) == races


def test_yes_and_no_at_once_is_one_of_them(firm: SmallFirm, runs: Runs) -> None:
    for number in range(runs(10, 250)):
        at = NOW + timedelta(days=number)  # nobody proposes so much on one day
        key = firm.propose(firm.manager, RowEdit("task", firm.tasks[1], {}, {"name": f"Name {number}"}), at=at)
        digest = firm.digest(key, firm.manager, at=at)
        before = names_written(firm)

        yes, no = at_once(
            lambda: approve(firm.store, firm.manager, key, digest=digest, at=at).is_applied,  # noqa: B023
            lambda: reject(firm.store, firm.manager, key, at=at).status,  # noqa: B023
        )

        assert (yes is True) is not (no == "rejected")
        assert names_written(firm) - before == int(yes is True)


def test_two_undo_at_once_undo_once(firm: SmallFirm, runs: Runs) -> None:
    for number in range(runs(10, 250)):
        at = NOW + timedelta(days=number)  # nobody proposes so much on one day
        key = firm.propose(firm.manager, RowEdit("task", firm.tasks[2], {}, {"name": f"Name {number}"}), at=at)
        assert firm.confirm(key, firm.manager, at=at)
        before = names_written(firm)

        given = at_once(*[lambda: undo(firm.store, firm.manager, key, at=at).status] * 2)  # noqa: B023

        assert given == ["undone", "undone"]
        assert names_written(firm) - before == 1
        with firm.store.reading() as session:
            assert session.get_one(Task, firm.tasks[2]).name == "Task 3"

"""Notices: owners of moved dates are noted, once each, but never for what they did themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlmodel import select

from storage import notices
from storage.access import Reader
from storage.edits import Draft, RowEdit
from storage.engine import Store
from storage.erasing import erase
from storage.leaving import leave
from storage.models import Notice, NoticeChoice, Person, Project, Task
from storage.notices import KEPT_DAYS, ChoiceRecord, NobodyToTell
from storage.proposals import approve, find_proposal, save_proposal, undo

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 17)
LATER = datetime(2026, 3, 13, 17)


@dataclass
class World:
    """A project of Lena's with a task of Tomas's and one of Dana's, all of them in Slack."""

    store: Store
    project: int
    tasks: dict[str, int]
    lena: Reader
    tomas: Reader
    dana: Reader

    def move(self, *owners: str, by: Reader | None = None, **values: object) -> str:
        """Lena confirms what moves the tasks of these owners; its key."""
        edits = [RowEdit("task", self.tasks[owner], {}, values or {"planned_finish": LATER}) for owner in owners]
        return self.apply(*edits, by=by)

    def apply(self, *edits: RowEdit, by: Reader | None = None) -> str:
        with self.store.system() as session:
            key = save_proposal(session, by or self.lena, Draft("a move", (), edits), surface="test", at=NOW)
        with self.store.reading() as session:
            digest = find_proposal(session, self.lena, key, NOW).digest
        assert approve(self.store, self.lena, key, digest=digest, at=NOW).is_applied
        return key

    def noted(self) -> list[tuple[int, str, bool]]:
        with self.store.reading() as session:
            rows = session.exec(select(Notice).order_by(Notice.id)).all()
        return [(row.person_id, row.kind, row.told_at is not None) for row in rows]

    def ids(self, reader: Reader) -> list[int]:
        with self.store.reading() as session:
            return [each.id for each in notices.waiting_for(session, reader.person_id or 0, NOW)]

    def claim(self, reader: Reader, at: datetime = NOW) -> bool:
        ids = self.ids(reader)
        with self.store.system() as session:
            return notices.claim(session, ids, at)

    def choose(self, reader: Reader, **wanted: object) -> ChoiceRecord:
        with self.store.system() as session:
            return notices.choose(session, reader, **wanted)


@pytest.fixture
def world(store: Store, add: Callable[..., int]) -> World:
    lena, tomas, dana = (
        add(Person, name=name, email=f"{name}@example.org", slack_id=f"T0TEAM/U0{name.upper()}")
        for name in ("Lena", "Tomas", "Dana")
    )
    project = add(Project, key="GATE", manager_id=lena)
    tasks = {
        name: add(Task, project_id=project, owner_id=owner, planned_finish=FRIDAY)
        for name, owner in (("lena", lena), ("tomas", tomas), ("dana", dana), ("nobody", None))
    }
    return World(store, project, tasks, Reader(lena), Reader(tomas), Reader(dana))


def test_the_owner_of_a_moved_date_is_noted_once_however_many_move(world: World):
    world.apply(
        RowEdit("task", world.tasks["tomas"], {}, {"planned_finish": LATER}),
        RowEdit("task", world.tasks["dana"], {}, {"deadline": "2026-03-20"}),
        RowEdit("task", world.tasks["nobody"], {}, {"planned_finish": LATER}),
    )

    assert world.noted() == [(world.tomas.person_id, "moved", False), (world.dana.person_id, "moved", False)]


def test_who_proposes_or_confirms_is_not_told_of_it(world: World):
    world.move("lena", "tomas", "dana", by=world.tomas)

    assert world.noted() == [(world.dana.person_id, "moved", False)]


def test_what_moves_no_date_is_not_told(world: World):
    world.move("tomas", name="Other rules")
    world.apply(RowEdit("task", -1, None, {"project_id": world.project, "name": "New", "planned_finish": LATER}))

    assert world.noted() == []


def test_taken_back_before_it_was_told_nobody_hears_of_it(world: World):
    undo(world.store, world.lena, world.move("tomas"), at=NOW)

    assert world.noted() == []


def test_who_was_told_hears_that_it_is_taken_back(world: World):
    key = world.move("tomas", "dana")
    world.claim(world.tomas)

    undo(world.store, world.lena, key, at=NOW)

    assert world.noted() == [
        (world.tomas.person_id, "moved", True),
        (world.tomas.person_id, "taken_back", False),
    ]


def test_who_takes_it_back_is_not_told_that(world: World, add: Callable[..., int]):
    key = world.move("tomas")
    world.claim(world.tomas)
    with world.store.writing("a new manager") as writer:
        writer.change(Project, world.project, {"manager_id": world.tomas.person_id})

    undo(world.store, world.tomas, key, at=NOW)

    assert world.noted() == [(world.tomas.person_id, "moved", True)]


def test_a_claim_counts_once_until_it_is_given_back(world: World):
    world.move("tomas")
    [notice] = world.ids(world.tomas)

    assert world.claim(world.tomas)
    with world.store.system() as session:
        assert not notices.claim(session, [notice], NOW)
        notices.give_back(session, [notice])
    assert world.claim(world.tomas)


def test_of_four_who_claim_at_once_one_may_tell(world: World):
    world.move("tomas")
    ids, start, outcomes = world.ids(world.tomas), Barrier(4), []

    def take() -> None:
        start.wait()
        with world.store.system() as session:
            outcomes.append(notices.claim(session, ids, NOW))

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, False, False, True]


def test_what_was_withdrawn_meanwhile_is_not_claimed(world: World):
    key = world.move("tomas")
    ids = world.ids(world.tomas)
    undo(world.store, world.lena, key, at=NOW)

    with world.store.system() as session:
        assert not notices.claim(session, ids, NOW)


def test_what_is_two_weeks_old_is_no_news(world: World):
    world.move("tomas")

    with world.store.reading() as session:
        for days, people in ((KEPT_DAYS, 1), (KEPT_DAYS + 1, 0)):
            assert len(notices.people_to_tell(session, NOW + timedelta(days=days))) == people


def test_who_has_no_account_or_has_left_is_not_listed(world: World):
    world.move("tomas", "dana")
    with world.store.writing("unlinked") as writer:
        writer.change(Person, world.tomas.person_id or 0, {"slack_id": None})
    leave(world.store, world.dana.person_id or 0, on=FRIDAY.date(), at=NOW)

    with world.store.reading() as session:
        assert notices.people_to_tell(session, NOW) == []


def test_who_mutes_has_nothing_waiting_then_or_later(world: World):
    world.move("tomas")
    world.choose(world.tomas, is_muted=True)
    world.move("tomas", planned_finish=LATER + timedelta(days=3))
    world.choose(world.tomas, is_muted=False)

    assert world.noted() == []

    world.move("tomas", planned_finish=LATER + timedelta(days=4))
    assert world.noted() == [(world.tomas.person_id, "moved", False)]


def test_a_choice_changes_what_is_named_of_it(world: World):
    world.choose(world.tomas, quiet_from=18 * 60, quiet_until=9 * 60)
    world.choose(world.tomas, is_muted=True)

    with world.store.reading() as session:
        assert notices.choice_of(session, world.tomas.person_id or 0) == ChoiceRecord(True, 1080, 540)
        assert notices.choice_of(session, world.dana.person_id or 0) == ChoiceRecord()
    with pytest.raises(NobodyToTell):
        world.choose(Reader(None), is_muted=True)


@pytest.mark.parametrize(
    ("begins", "ends", "quiet", "loud"),
    [(1080, 540, (1080, 0, 539), (540, 1079)), (720, 780, (720, 779), (719, 780)), (600, 600, (), (600,))],
)
def test_quiet_hours_may_go_over_midnight(begins, ends, quiet, loud):
    choice = ChoiceRecord(quiet_from=begins, quiet_until=ends)

    assert all(choice.is_quiet(minute) for minute in quiet)
    assert not any(choice.is_quiet(minute) for minute in loud)


def test_erasing_somebody_takes_their_notices_and_choice(world: World):
    world.move("tomas", "dana")
    world.choose(world.tomas, quiet_from=1080, quiet_until=540)
    leave(world.store, world.tomas.person_id or 0, on=FRIDAY.date(), at=NOW)

    erase(world.store, world.tomas.person_id or 0, at=NOW)

    assert world.noted() == [(world.dana.person_id, "moved", False)]
    with world.store.reading() as session:
        assert session.exec(select(NoticeChoice)).all() == []

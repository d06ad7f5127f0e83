"""Deliveries of Slack: kept once, worked on once, forgotten when done."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from storage import deliveries as module
from storage.deliveries import Arrival, Deliveries
from storage.engine import Store


@pytest.fixture
def kept(store: Store) -> Iterator[Deliveries]:
    deliveries = Deliveries.of(store)
    yield deliveries
    deliveries.close()


def arrival(key: str, team: str = "T1") -> Arrival:
    return Arrival(key, team, '{"text": "wheres apollo"}')


def test_a_delivery_is_kept_once_however_often_it_comes(kept: Deliveries):
    first = kept.keep([arrival("Ev1"), arrival("Ev2"), arrival("Ev1")])
    again = kept.keep([arrival("Ev2"), arrival("Ev3")])

    assert [each.key for each in first] == ["Ev1", "Ev2"]
    assert [each.key for each in again] == ["Ev3"]
    assert kept.keep([]) == []


def test_what_a_dead_process_left_is_worked_on_by_one_other(kept: Deliveries):
    [held] = kept.keep([arrival("Ev1")])
    kept.mark(held, "answer", "1772438400.000100")
    assert kept.left_behind() == []

    other = _other(kept)
    _let_it_die(kept)
    [found] = other.left_behind()

    assert (found.key, found.attempts, found.marks) == ("Ev1", 2, {"answer": "1772438400.000100"})
    assert other.left_behind() == []


def test_who_says_so_keeps_what_they_work_on(kept: Deliveries):
    kept.keep([arrival("Ev1")])
    _let_it_die(kept)

    kept.stay_alive()

    assert _other(kept).left_behind() == []


def test_what_is_done_keeps_no_words_and_is_still_no_news(kept: Deliveries):
    [held] = kept.keep([arrival("Ev1")])

    kept.done(held.id)

    with kept.engine.begin() as connection:
        assert list(connection.scalars(select(module._DELIVERY.c.body))) == [""]
    assert kept.keep([arrival("Ev1")]) == []
    assert kept.open_count() == 0


def test_what_is_old_and_done_is_forgotten(kept: Deliveries):
    [old, fresh] = kept.keep([arrival("Ev1"), arrival("Ev2")])
    kept.done(old.id)
    kept.done(fresh.id)
    long_ago = datetime.now(UTC) - timedelta(days=module.KEPT_DAYS + 1)
    with kept.engine.begin() as connection:
        connection.execute(update(module._DELIVERY).where(module._DELIVERY.c.id == old.id).values(done_at=long_ago))

    kept.forget_old()

    with kept.engine.begin() as connection:
        assert list(connection.scalars(select(module._DELIVERY.c.key))) == ["Ev2"]


def test_a_workspace_that_removes_the_app_leaves_nothing(kept: Deliveries):
    kept.install("T1", "Quillmere", "U0BOT")
    kept.install("T2", "Osprey", "U1BOT")
    kept.keep([arrival("Ev1"), arrival("Ev2", team="T2")])

    kept.purge("T1")

    assert [each.team for each in kept.installations()] == ["T2"]
    other = _other(kept)
    _let_it_die(kept)
    assert [each.key for each in other.left_behind()] == ["Ev2"]


def _other(kept: Deliveries) -> Deliveries:
    """Another process on the same deliveries."""
    other = Deliveries(kept.place, kept.engine)
    other.stay_alive()
    return other


def _let_it_die(kept: Deliveries) -> None:
    with kept.engine.begin() as connection:
        mine = module._WORKER.c.name == kept.worker
        long_ago = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(module._WORKER).where(mine).values(alive_until=long_ago))

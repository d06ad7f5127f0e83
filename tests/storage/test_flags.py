"""Flags against a report: raised once, told when its reporter has heard, ended when the contradiction is gone."""

from datetime import UTC, date, datetime

from sqlmodel import Session, select

from storage.engine import Store
from storage.flags import raise_flags
from storage.models import Flag, Person, Project, ProjectReading

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 2)


def flags(store: Store) -> list[Flag]:
    with Session(store.engine) as session:
        return list(session.exec(select(Flag)))


def reading(project: int, *, is_watermelon: bool) -> ProjectReading:
    counts = dict.fromkeys(
        ("tasks", "tasks_open", "tasks_done", "tasks_late", "tasks_blocked", "tasks_unowned", "tasks_without_estimate"),
        0,
    )
    return ProjectReading(
        project_id=project,
        day=DAY,
        revision=1,
        is_open=True,
        dates_basis="none",
        progress_basis="none",
        is_late=False,
        finished_late=False,
        is_watermelon=is_watermelon,
        health_reasons=["late.amber"],
        **counts,
    )


def test_a_flag_is_raised_told_and_ended(sqlite_store: Store) -> None:
    with sqlite_store.writing("test", None, AT) as writer:
        lena, sam = writer.add(Person, [{"key": "lena", "name": "Lena"}, {"key": "sam", "name": "Sam"}])
        (gate,) = writer.add(Project, [{"key": "GATE", "currency": "EUR", "manager_id": lena}])
    with sqlite_store.system() as session:
        session.add(reading(gate, is_watermelon=True))
        session.flush()
        raise_flags(session, ["GATE"], DAY, sam, AT)
        raise_flags(session, ["GATE"], DAY, sam, AT)
    (flag,) = flags(sqlite_store)
    assert (flag.reporter_id, flag.raised_on, flag.told_at, flag.evidence) == (lena, DAY, None, ["late.amber"])

    with sqlite_store.system() as session:
        raise_flags(session, ["GATE"], DAY, lena, AT)
    assert flags(sqlite_store)[0].told_at == AT

    with sqlite_store.system() as session:
        session.exec(select(ProjectReading)).one().is_watermelon = False
        session.flush()
        raise_flags(session, ["GATE"], DAY, sam, AT)
    assert [flag.ended_on for flag in flags(sqlite_store)] == [DAY]

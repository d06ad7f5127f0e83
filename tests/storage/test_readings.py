"""Readings: which are missing, how they are kept, and what of them a reader sees."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.access import Reader, resolve
from storage.engine import Store
from storage.models import Booking, Grant, Person, Project, ProjectReading, Source, Task, TaskReading, TimeEntry
from storage.readings import readings, save, shows_rate, stale
from storage.vocabulary import Role

Add = Callable[..., int]
TODAY, YESTERDAY = date(2026, 3, 2), date(2026, 3, 1)
SNAPSHOT = date(2012, 8, 1)

COUNTS = {"tasks": 1} | dict.fromkeys(
    ("tasks_open", "tasks_done", "tasks_late", "tasks_blocked", "tasks_unowned", "tasks_without_estimate"), 0
)
WORDS = {"dates_basis": "own", "progress_basis": "effort", "health_reasons": []}
FLAGS = {"is_open": True, "is_late": False, "finished_late": False}


def reading(project: int, day: date = TODAY, **figures: Any) -> dict[str, Any]:
    """A row as planning computes it."""
    return {"project_id": project, "day": day, "revision": 0, **COUNTS, **WORDS, **FLAGS, **figures}


def task_reading(task: int, project: int, **figures: Any) -> dict[str, Any]:
    return {"task_id": task, "project_id": project, "is_leaf": True, "is_open": True} | figures


def test_a_reading_is_stale_when_missing_outdated_or_defined_otherwise(store: Store, add: Add) -> None:
    fresh, moved, missing = (add(Project) for _ in range(3))
    save(store, [reading(fresh, definitions="D-1"), reading(moved, definitions="D-1")], [])
    with store.system() as session:
        row = session.get(Project, moved)
        assert row is not None
        row.revision = 1
    with store.reading() as session:
        assert stale(session, TODAY) == [(moved, TODAY), (missing, TODAY)]
        assert stale(session, TODAY, project_ids=[fresh, moved]) == [(moved, TODAY)]
        assert len(stale(session, TODAY, definitions="D-1")) == 2
        assert len(stale(session, TODAY, definitions="D-2")) == 3
        assert stale(session, TODAY, as_of=YESTERDAY, project_ids=[fresh]) == [(fresh, YESTERDAY)]


def test_the_clock_of_a_project_is_the_question_else_its_snapshot_else_today(store: Store, add: Add) -> None:
    live, federal = add(Project), add(Project, source_id=add(Source, data_as_of=SNAPSHOT))
    reader = Reader(add(Person))
    with store.reading() as session:
        assert stale(session, TODAY) == [(live, TODAY), (federal, SNAPSHOT)]
        assert {day for _, day in stale(session, TODAY, as_of=YESTERDAY)} == {YESTERDAY}
    save(store, [reading(federal, SNAPSHOT), reading(federal, YESTERDAY), reading(live)], [])
    with store.reading() as session:
        assert {key: each.day for key, each in readings(session, reader, [live, federal], TODAY).items()} == {
            live: TODAY,
            federal: SNAPSHOT,
        }
        assert list(readings(session, reader, [live, federal], TODAY, YESTERDAY)) == [federal]


def test_stale_readings_are_found_in_one_query(
    store: Store, add: Add, count_queries: Callable[[Session], AbstractContextManager[list[str]]]
) -> None:
    for _ in range(5):
        add(Project)
    with store.reading() as session, count_queries(session) as queries:
        assert len(stale(session, TODAY)) == 5
    assert len(queries) == 1


def test_saving_again_replaces_and_other_days_and_tasks_stay(store: Store, add: Add) -> None:
    project, other = add(Project), add(Project)
    task, elsewhere = add(Task, project_id=project), add(Task, project_id=other)
    save(store, [reading(project, YESTERDAY), reading(project), reading(other)], [
        task_reading(task, project), task_reading(elsewhere, other),
    ])  # fmt: skip
    finish = datetime(2026, 3, 20, 17)
    for _ in range(2):
        save(store, [reading(project, tasks_late=7)], [task_reading(task, project, finish=finish)])
    save(store, [reading(project, tasks_late=8)], [])
    with store.reading() as session:
        rows = session.exec(select(ProjectReading).order_by(col(ProjectReading.tasks_late), col(ProjectReading.day)))
        assert [(row.day, row.tasks_late) for row in rows] == [(YESTERDAY, 0), (TODAY, 0), (TODAY, 8)]
        finishes = {row.task_id: row.finish for row in session.exec(select(TaskReading))}
        assert finishes == {task: finish, elsewhere: None}


def test_figures_of_an_older_revision_are_let_go(store: Store, add: Add) -> None:
    project = add(Project, revision=2)
    task = add(Task, project_id=project)
    save(store, [reading(project, revision=1), reading(project + 999)], [task_reading(task, project)])
    with store.reading() as session:
        assert not session.exec(select(ProjectReading)).all()
        assert not session.exec(select(TaskReading)).all()


def test_each_reader_gets_the_figures_of_their_classes(store: Store, add: Add) -> None:
    manager, mate, partner, member = (add(Person) for _ in range(4))
    project = add(Project, manager_id=manager)
    add(Booking, project_id=project, person_id=mate)
    add(Grant, person_id=partner, role=Role.EXECUTIVE)
    money: dict[str, Any] = {
        "budget_minor": 100_00,
        "cost_performance": 0.9,
        "health_reasons": ["cost.red", "late.amber"],
    }
    save(store, [reading(project, progress_share=0.62, spent_minutes=600, computed_health="red", **money)], [])
    with store.reading() as session:
        found = {
            person: readings(session, Reader(person), [project], TODAY)[project]
            for person in (manager, mate, partner, member)
        }
        assert readings(session, Reader(None), [project], TODAY) == {}

    seen = {key: (each.budget_minor, each.cost_performance, each.spent_minutes) for key, each in found.items()}
    assert seen == {
        manager: (100_00, 0.9, 600),
        mate: (None, None, 600),
        partner: (100_00, 0.9, 600),
        member: (None, None, None),
    }
    assert {(each.progress_share, each.computed_health) for each in found.values()} == {(0.62, "red")}
    assert found[member].health_reasons == ("late.amber",)


def test_the_cost_of_one_or_two_people_is_kept_from_all_but_finance(store: Store, add: Add) -> None:
    partner, accountant = add(Person), add(Person)
    add(Grant, person_id=partner, role=Role.EXECUTIVE)
    add(Grant, person_id=accountant, role=Role.FINANCE)
    projects = [add(Project) for _ in range(4)]
    for people, project in enumerate(projects):
        for _ in range(people):
            add(TimeEntry, project_id=project, person_id=add(Person))
        add(TimeEntry, project_id=project, person_id=partner, worked_on=date(2026, 3, 3))
    save(store, [reading(each, actual_cost_minor=5, margin_share=0.3, budget_minor=9) for each in projects], [])
    with store.reading() as session:
        shown, full = (readings(session, Reader(person), projects, TODAY) for person in (partner, accountant))
        condition = shows_rate(resolve(session, Reader(partner)))
        veiled = session.exec(select(Project.id).join(ProjectReading).where(condition).order_by(col(Project.id))).all()

    assert [shown[each].actual_cost_minor for each in projects] == [5, None, None, 5]
    assert [shown[each].margin_share for each in projects] == [0.3, None, None, 0.3]
    assert {each.budget_minor for each in shown.values()} == {9}
    assert {each.actual_cost_minor for each in full.values()} == {5}
    assert veiled == projects[1:3]

"""Tasks and the links between them as one reader sees them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from sqlmodel import Session

from storage.access import FieldClass, Reader
from storage.engine import Store
from storage.models import Dependency, Grant, Person, Practice, Project, Task, TaskReading
from storage.records import TaskNotFound
from storage.tasks import find_task, list_tasks, predecessors, successors, tasks_of
from storage.vocabulary import Confidentiality, Role, ScopeKind, TaskState

Add = Callable[..., int]


@dataclass(frozen=True)
class Gateway:
    """A project with one task of Ines, a mate on its team, and a stranger."""

    project: int
    task: int
    ines: Reader
    mate: Reader
    stranger: Reader


@pytest.fixture
def gateway(add: Add) -> Gateway:
    people = [add(Person, name=name) for name in ("Ines", "Mate", "Stranger")]
    project = add(Project, key="GATE", name="Tern Gateway")
    task = add(
        Task,
        key="GATE-31",
        name="Certificate exchange",
        project_id=project,
        owner_id=people[0],
        effort_minutes=960,
        waits_on="Tern's security team",
        planned_finish=datetime(2026, 2, 23, 17),
        planned_cost_minor=900_00,
    )
    add(Task, project_id=project, owner_id=people[1])
    return Gateway(project, task, *(Reader(person) for person in people))


def test_whose_task_it_is_and_its_effort_are_for_the_team(store: Store, gateway: Gateway) -> None:
    with store.reading() as session:
        mates = find_task(session, gateway.mate, "GATE-31")
        strangers = find_task(session, gateway.stranger, "GATE-31")

    assert mates.owner is not None and mates.owner.name == "Ines"
    assert (mates.effort_minutes, mates.waits_on) == (960, "Tern's security team")
    assert (strangers.owner, strangers.effort_minutes, strangers.waits_on) == (None, None, None)
    assert strangers.planned_finish == datetime(2026, 2, 23, 17)
    assert mates.planned_cost_minor is None


def test_a_lead_sees_the_work_of_own_people_only(store: Store, gateway: Gateway, add: Add) -> None:
    practice = add(Practice)
    joanna, kasia = add(Person), add(Person, practice_id=practice)
    scope = {"scope_kind": ScopeKind.PRACTICE, "scope_id": practice}
    add(Grant, person_id=joanna, role=Role.RESOURCE_MANAGER, **scope)
    add(Task, key="GATE-44", project_id=gateway.project, owner_id=kasia, effort_minutes=60)
    with store.reading() as session:
        efforts = {task.key: task.effort_minutes for task in list_tasks(session, Reader(joanna), gateway.project)}

    assert (efforts["GATE-44"], efforts["GATE-31"]) == (60, None)


def test_tasks_come_in_the_order_of_the_plan_with_what_was_derived(store: Store, add: Add) -> None:
    project = add(Project)
    later = add(Task, key="A", project_id=project, position=20, state=TaskState.DONE)
    add(Task, key="B", project_id=project, position=10)
    with store.system() as session:
        finish = datetime(2026, 3, 2)
        session.add(
            TaskReading(task_id=later, project_id=project, is_leaf=True, is_open=False, finish=finish, done_share=1.0)
        )
    reader = Reader(add(Person))
    with store.reading() as session:
        first, last = list_tasks(session, reader, project)
        still_open = list_tasks(session, reader, project, only_open=True)

    assert (first.key, first.is_leaf, first.finish) == ("B", None, None)
    assert (last.key, last.finish, last.derived_done_share) == ("A", datetime(2026, 3, 2), 1.0)
    assert [task.key for task in still_open] == ["B"]


def test_a_task_of_a_hidden_project_is_not_found(store: Store, gateway: Gateway, add: Add) -> None:
    secret = add(Project, confidentiality=Confidentiality.CONFIDENTIAL)
    add(Task, key="SECRET-1", project_id=secret)
    with store.reading() as session:
        assert list_tasks(session, gateway.mate, secret) == []
        with pytest.raises(TaskNotFound):
            find_task(session, gateway.mate, "SECRET-1")


def test_the_plate_of_a_person_holds_open_tasks_that_start_in_time(store: Store, gateway: Gateway, add: Add) -> None:
    mine = {"project_id": gateway.project, "owner_id": gateway.ines.person_id}
    add(Task, key="LATER", planned_start=datetime(2026, 3, 9), **mine)
    add(Task, key="SOON", planned_start=datetime(2026, 3, 6, 9), **mine)
    add(Task, key="DONE", state=TaskState.DONE, **mine)
    until = date(2026, 3, 6)
    with store.reading() as session:
        assert [task.key for task in tasks_of(session, gateway.ines, gateway.ines.person_id or 0, until)] == [
            "GATE-31", "SOON",
        ]  # fmt: skip
        assert len(tasks_of(session, gateway.mate, gateway.ines.person_id or 0)) == 3
        assert tasks_of(session, gateway.stranger, gateway.ines.person_id or 0) == []


def test_a_hidden_neighbour_shows_its_dates_and_no_name(store: Store, gateway: Gateway, add: Add) -> None:
    secret = add(Project, confidentiality=Confidentiality.CONFIDENTIAL)
    ahead = add(Task, project_id=secret, name="Merger", owner_id=add(Person), planned_finish=datetime(2026, 3, 20))
    add(Dependency, predecessor_id=ahead, successor_id=gateway.task, lag_minutes=60)
    with store.reading() as session:
        [link] = predecessors(session, gateway.ines, [gateway.task])[gateway.task]

    assert (link.task_id, link.task_key, link.task_name, link.project_key, link.owner) == (None,) * 5
    assert (link.kind, link.lag_minutes, link.finish, link.is_open) == ("FS", 60, datetime(2026, 3, 20), True)


def test_neighbours_on_both_sides_come_in_one_query_each(
    store: Store,
    gateway: Gateway,
    add: Add,
    count_queries: Callable[[Session], AbstractContextManager[list[str]]],
) -> None:
    after = [add(Task, key=f"GATE-{n}", project_id=gateway.project, owner_id=add(Person)) for n in (45, 46)]
    for task in after:
        add(Dependency, predecessor_id=gateway.task, successor_id=task)
    with store.reading() as session, count_queries(session) as queries:
        waiting = successors(session, gateway.mate, [gateway.task])
        waits = predecessors(session, gateway.mate, after)

    assert [link.task_key for link in waiting[gateway.task]] == ["GATE-45", "GATE-46"]
    assert all(link.owner for link in waiting[gateway.task])
    assert {task: [link.task_key for link in links] for task, links in waits.items()} == {
        task: ["GATE-31"] for task in after
    }
    assert len(queries) == 2 + 2


def test_links_of_a_hidden_task_are_not_told(store: Store, gateway: Gateway, add: Add) -> None:
    secret = add(Project, confidentiality=Confidentiality.CONFIDENTIAL)
    hidden = add(Task, project_id=secret)
    add(Dependency, predecessor_id=hidden, successor_id=gateway.task)
    with store.reading() as session:
        assert successors(session, gateway.mate, [hidden]) == {}


def test_what_a_task_costs_is_for_who_sees_money(store: Store, gateway: Gateway, add: Add) -> None:
    accountant = add(Person)
    add(Grant, person_id=accountant, role=Role.FINANCE)
    with store.reading() as session:
        task = find_task(session, Reader(accountant), "gate-31")

    assert (task.planned_cost_minor, task.owner) == (900_00, None)
    assert task.sees == {FieldClass.OPEN, FieldClass.MONEY}

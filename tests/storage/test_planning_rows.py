"""Whole plans as planning reads them, up to a day."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

from sqlmodel import Session

from storage.engine import Store
from storage.models import (
    Baseline,
    Blocker,
    Booking,
    Expense,
    Person,
    Project,
    Source,
    StatusUpdate,
    Task,
    TimeEntry,
)
from storage.planning_rows import PROJECTS_AT_ONCE, Booked, Expenses, Spent, planning_rows
from storage.vocabulary import BookingStatus, Confidentiality

Add = Callable[..., int]
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)


def test_a_plan_comes_with_all_its_rows_up_to_the_day(store: Store, add: Add) -> None:
    source = add(Source, owns=["project.planned_finish"])
    project = add(Project, key="GATE", source_id=source, confidentiality=Confidentiality.CONFIDENTIAL, revision=3)
    task, blocked = (add(Task, project_id=project, planned_finish=datetime(2026, 3, 20)) for _ in range(2))
    dana = add(Person, cost_rate_minor=52_00)
    for day in (TODAY, TOMORROW):
        spent = {"project_id": project, "person_id": dana, "worked_on": day}
        add(TimeEntry, task_id=task, minutes=90, bill_rate_minor=100_00, **spent)
        add(TimeEntry, minutes=30, billable=False, **spent)
        add(Expense, project_id=project, spent_on=day, billable=day == TODAY)
        add(Baseline, project_id=project, taken_on=day, planned_finish=datetime(2026, 3, day.day))
        add(StatusUpdate, project_id=project, written_on=day)
        add(Blocker, task_id=blocked if day == TODAY else task, opened_on=day)
    with store.reading() as session:
        [rows] = planning_rows(session, [(project, TODAY)])

    [row] = rows.projects
    assert (row.key, row.revision, row.owns) == ("GATE", 3, ["project.planned_finish"])
    assert [each.id for each in rows.tasks[project]] == [task, blocked]
    assert rows.spent[project] == Spent(120, 90, 100_00, 150_00, TODAY)
    assert rows.task_minutes == {task: 180}  # of all days, like the work the task has left
    assert rows.expenses[project] == Expenses(50_00, 50_00)
    assert [each.planned_finish for each in rows.promised[project]] == [datetime(2026, 3, 2)]
    assert rows.last_status_on == {project: TODAY}
    assert rows.blocked_tasks == {blocked}


def test_firm_bookings_to_come_carry_the_rate_of_their_person(store: Store, add: Add) -> None:
    project = add(Project)
    dana = add(Person, cost_rate_minor=52_00)
    add(Booking, project_id=project, person_id=dana)
    add(Booking, project_id=project, role="engineer")
    add(Booking, project_id=project, person_id=dana, status=BookingStatus.TENTATIVE)
    add(Booking, project_id=project, person_id=dana, starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 27))
    with store.reading() as session:
        [rows] = planning_rows(session, [(project, TODAY)])

    week = (project, date(2026, 3, 2), date(2026, 3, 6), 480)
    assert rows.booked[project] == [Booked(*week, 52_00), Booked(*week, None)]


def test_projects_come_by_day_in_handfuls_with_a_steady_number_of_queries(
    store: Store,
    add: Add,
    count_queries: Callable[[Session], AbstractContextManager[list[str]]],
) -> None:
    projects = [add(Project) for _ in range(PROJECTS_AT_ONCE + 1)]
    days = [(project, TODAY) for project in projects] + [(projects[0], TOMORROW)]
    with store.reading() as session, count_queries(session) as queries:
        handfuls = [(rows.day, len(rows.projects)) for rows in planning_rows(session, days)]

    assert handfuls == [(TODAY, PROJECTS_AT_ONCE), (TODAY, 1), (TOMORROW, 1)]
    assert len(queries) == 9 * len(handfuls)

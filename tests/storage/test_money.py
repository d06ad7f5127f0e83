"""Time, expenses and invoices in sums that a reader may see."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from storage.access import Reader
from storage.engine import Store
from storage.models import BillingMilestone, Booking, Expense, Grant, Person, Practice, Project, Task, TimeEntry
from storage.money import (
    approved_until,
    hours_by_week,
    knows_all_hours,
    list_expenses,
    open_invoices,
    people_whose_hours_show,
    time_by_person,
    time_by_project,
    time_by_task,
)
from storage.vocabulary import Role

Add = Callable[..., int]
TODAY = date(2026, 3, 2)


class Firm:
    """A project of three people with a task, its manager, and readers of each kind."""

    def __init__(self, add: Add, people: int = 3) -> None:
        self.manager, self.accountant, self.partner, self.stranger = (Reader(add(Person)) for _ in range(4))
        add(Grant, person_id=self.accountant.person_id, role=Role.FINANCE)
        add(Grant, person_id=self.partner.person_id, role=Role.EXECUTIVE)
        self.project = add(Project, key="GATE", manager_id=self.manager.person_id, currency="EUR")
        self.task = add(Task, key="GATE-44", project_id=self.project, planned_finish=datetime(2026, 3, 19))
        self.people = [add(Person) for _ in range(people)]
        for person in self.people:
            add(Booking, project_id=self.project, person_id=person)
            spent = {"project_id": self.project, "task_id": self.task, "person_id": person}
            rates = {"cost_rate_minor": 50_00, "bill_rate_minor": 100_00}
            add(TimeEntry, minutes=90, approved=True, worked_on=date(2026, 2, 27), **spent, **rates)
            add(TimeEntry, minutes=30, billable=False, worked_on=TODAY, **spent, **rates)
            add(TimeEntry, minutes=999, worked_on=date(2026, 3, 3), **spent, **rates)


@pytest.fixture
def firm(add: Add) -> Firm:
    return Firm(add)


def test_hours_are_for_the_team_and_costs_for_who_sees_money(store: Store, firm: Firm) -> None:
    with store.reading() as session:
        sums = {
            name: time_by_project(session, reader, [firm.project], TODAY)[firm.project]
            for name, reader in vars(firm).items()
            if isinstance(reader, Reader)
        } | {"mate": time_by_project(session, Reader(firm.people[0]), [firm.project], TODAY)[firm.project]}

    assert {name: (each.minutes, each.cost_minor, each.billable_minor) for name, each in sums.items()} == {
        "manager": (360, 300_00, 450_00),
        "accountant": (None, 300_00, 450_00),
        "partner": (360, 300_00, 450_00),
        "mate": (360, None, None),
        "stranger": (None, None, None),
    }
    assert (sums["mate"].billable_minutes, sums["mate"].approved_minutes, sums["mate"].people) == (270, 270, 3)
    assert sums["stranger"].last_worked_on == TODAY


def test_a_sum_over_two_people_keeps_what_it_cost_from_all_but_finance(store: Store, add: Add) -> None:
    pair = Firm(add, people=2)
    with store.reading() as session:
        costs = [
            each.cost_minor
            for reader in (pair.manager, pair.partner, pair.accountant)
            for each in (
                time_by_project(session, reader, [pair.project], TODAY)[pair.project],
                time_by_task(session, reader, pair.project, TODAY)[pair.task],
            )
        ]

    assert costs == [None, None, None, None, 200_00, 200_00]


def test_time_on_a_task_is_its_teams(store: Store, firm: Firm) -> None:
    with store.reading() as session:
        minutes = [
            time_by_task(session, reader, firm.project, TODAY)[firm.task].minutes
            for reader in (Reader(firm.people[0]), firm.partner, firm.stranger)
        ]

    assert minutes == [360, None, None]


def test_hours_of_one_person_show_to_the_team_and_their_cost_to_finance_with_the_team(
    store: Store, firm: Firm, add: Add
) -> None:
    add(Grant, person_id=firm.manager.person_id, role=Role.FINANCE)
    with store.reading() as session:
        mates = time_by_person(session, Reader(firm.people[0]), [firm.project], TODAY)
        managers = time_by_person(session, firm.manager, [firm.project], TODAY, since=TODAY)
        strangers = time_by_person(session, firm.stranger, [firm.project], TODAY)

    assert [(mates[person].minutes, mates[person].cost_minor) for person in firm.people] == [(120, None)] * 3
    assert {(each.minutes, each.cost_minor) for each in managers.values()} == {(30, 25_00)}
    assert strangers == {}


def test_own_time_is_ones_own_to_read(store: Store, firm: Firm, add: Add) -> None:
    person = add(Person)
    add(TimeEntry, person_id=person, project_id=firm.project, minutes=45)
    with store.reading() as session:
        own = time_by_person(session, Reader(person), [firm.project], TODAY)

    assert {key: each.minutes for key, each in own.items()} == {person: 45}


WEEKS = [(date(2026, 2, 23), date(2026, 3, 1)), (TODAY, date(2026, 3, 8))]


def hours(store: Store, reader: Reader, people: list[int]) -> dict[tuple[int, int], tuple[int, int]]:
    with store.reading() as session:
        found = hours_by_week(session, reader, people, WEEKS)
    return {key: (each.minutes, each.billable_minutes) for key, each in found.items()}


def test_hours_by_week_are_for_who_looks_after_people(store: Store, add: Add) -> None:
    firm, practice = Firm(add), add(Practice)
    with store.system() as session:
        for key in firm.people[:2]:
            session.get_one(Person, key).practice_id = practice
    carer = Reader(add(Person))
    add(Grant, person_id=carer.person_id, role=Role.RESOURCE_MANAGER, scope_kind="practice", scope_id=practice)
    a_person = {0: (90, 90), 1: (1029, 999)}

    def of(*people: int) -> dict[tuple[int, int], tuple[int, int]]:
        return {(person, week): sums for person in people for week, sums in a_person.items()}

    assert hours(store, firm.partner, firm.people) == of(*firm.people)
    assert hours(store, carer, firm.people) == of(*firm.people[:2])
    assert hours(store, Reader(firm.people[0]), firm.people) == of(firm.people[0])
    for nobody in (firm.manager, firm.accountant, firm.stranger, Reader(None)):
        assert hours(store, nobody, firm.people) == {}
    assert hours(store, Reader(firm.partner.person_id, (firm.stranger.person_id,)), firm.people) == {}


def test_hours_on_a_hidden_project_are_in_nobodys_sum_who_may_not_know_it(store: Store, firm: Firm, add: Add) -> None:
    practice = add(Practice)
    with store.system() as session:
        session.get_one(Person, firm.people[0]).practice_id = practice
    carer = Reader(add(Person))
    add(Grant, person_id=carer.person_id, role=Role.RESOURCE_MANAGER, scope_kind="practice", scope_id=practice)
    before = hours(store, carer, firm.people)
    hidden = add(Project, confidentiality="confidential")
    add(TimeEntry, person_id=firm.people[0], project_id=hidden, worked_on=TODAY, minutes=77)

    assert hours(store, carer, firm.people) == before
    assert hours(store, firm.partner, firm.people)[firm.people[0], 1] == (1029 + 77, 999 + 77)
    with store.reading() as session:
        assert knows_all_hours(session, firm.partner)
        assert not knows_all_hours(session, carer)
        assert people_whose_hours_show(session, carer, firm.people) == {firm.people[0]}


def test_approved_time_ends_on_its_last_day(store: Store, firm: Firm, add: Add) -> None:
    with store.reading() as session:
        assert approved_until(session, firm.stranger, [firm.project], TODAY) == date(2026, 2, 27)
        assert approved_until(session, firm.stranger, [add(Project)], TODAY) is None


def test_expenses_up_to_the_day_are_for_who_sees_money(store: Store, firm: Firm, add: Add) -> None:
    add(Expense, project_id=firm.project, spent_on=TODAY, label="devices")
    add(Expense, project_id=firm.project, spent_on=date(2026, 3, 3))
    with store.reading() as session:
        assert [each.label for each in list_expenses(session, firm.manager, [firm.project], TODAY)] == ["devices"]
        assert list_expenses(session, Reader(firm.people[0]), [firm.project], TODAY) == []


def test_the_next_invoice_comes_first_by_its_day_or_its_tasks(store: Store, firm: Firm, add: Add) -> None:
    bill = {"project_id": firm.project}
    add(BillingMilestone, label="at client test", task_id=firm.task, **bill)
    add(BillingMilestone, label="in April", due_on=date(2026, 4, 1), **bill)
    add(BillingMilestone, label="sent", due_on=date(2026, 1, 1), invoiced_on=date(2026, 1, 2), **bill)
    add(BillingMilestone, label="unknown", **bill)
    with store.reading() as session:
        invoices = open_invoices(session, firm.partner, [firm.project], TODAY)
        hidden = open_invoices(session, firm.stranger, [firm.project], TODAY)

    assert [each.label for each in invoices] == ["at client test", "in April", "unknown"]
    assert [each.expected_on for each in invoices] == [date(2026, 3, 19), date(2026, 4, 1), None]
    assert hidden == []

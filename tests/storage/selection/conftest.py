"""A small world whose figures are kept: two programs, two currencies, both kinds of days."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlmodel import Session

from storage import models
from storage.access import Reader
from storage.catalogue import Field, State
from storage.engine import Store
from storage.fields import catalogue
from storage.selection.conditions import Condition
from storage.selection.frames import Clock, Place, Selection
from storage.vocabulary import DurationBasis, Level, Role, TaskState
from tools.readings import warm

MONDAY = date(2026, 3, 2)
Select = Callable[..., Selection]


@pytest.fixture
def owner(add: Callable[..., int]) -> Reader:
    """An executive of the whole organisation."""
    person = add(models.Person, name="Olga Owner")
    add(models.Grant, person_id=person, role=Role.EXECUTIVE)
    return Reader(person)


@pytest.fixture
def member(add: Callable[..., int]) -> Reader:
    return Reader(add(models.Person, name="Mia Member"))


@pytest.fixture
def world(store: Store, add: Callable[..., int], owner: Reader, member: Reader) -> dict[str, int]:
    """Alpha (EUR) and Beta (USD) under one program, Gamma (EUR, confidential) under none."""
    north = add(models.Portfolio, key="NORTH", name="North")
    apps = add(models.Program, key="APPS", name="Apps", portfolio_id=north)
    alpha = add(models.Project, key="ALPHA", name="Alpha", program_id=apps, planned_cost_minor=100_00)
    beta = add(models.Project, key="BETA", name="Beta", program_id=apps, planned_cost_minor=70_00, currency="USD")
    gamma = add(
        models.Project,
        key="GAMMA",
        name="Gamma",
        planned_cost_minor=500_00,
        confidentiality="confidential",
    )
    plain = {"planned_start": datetime(2026, 2, 2), "state": TaskState.IN_PROGRESS, "planned_cost_minor": 10_00}
    add(models.Task, key="A-1", name="Design", project_id=alpha, planned_finish=datetime(2026, 2, 20), **plain)
    add(
        models.Task,
        key="A-2",
        name="Build",
        project_id=alpha,
        planned_finish=datetime(2026, 3, 2),
        owner_id=member.person_id,
        **plain,
    )
    add(
        models.Task,
        key="B-1",
        name="Tests",
        project_id=beta,
        planned_duration_minutes=10 * 1440,
        duration_basis=DurationBasis.ELAPSED,
        source_state="Waiting for customer",
        **plain,
    )
    add(models.Task, key="G-1", name="Secret", project_id=gamma, planned_finish=datetime(2026, 2, 3), **plain)
    warm(store, MONDAY)
    return {"NORTH": north, "APPS": apps, "ALPHA": alpha, "BETA": beta, "GAMMA": gamma}


@pytest.fixture
def select() -> Select:
    def selected(level: Level = Level.TASK, *conditions: Condition, place: Place | None = None) -> Selection:
        return Selection(level, Clock(MONDAY), place, conditions)

    return selected


@pytest.fixture
def field() -> Callable[[Session, Level, str], Field]:
    def found(session: Session, level: Level, key: str) -> Field:
        return catalogue(session, level).fields[key]

    return found


@pytest.fixture
def state() -> Callable[[Session, Level, str], State]:
    def found(session: Session, level: Level, key: str) -> State:
        return catalogue(session, level).states[key]

    return found

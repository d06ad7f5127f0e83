"""The rights table, cell by cell, on both databases."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import ColumnElement, not_
from sqlmodel import Session, col, select

from storage.access import Access, FieldClass, Reader, resolve, seen
from storage.engine import Store
from storage.models import (
    Absence,
    Booking,
    Grant,
    Person,
    Portfolio,
    Practice,
    Program,
    Project,
    Task,
)
from storage.vocabulary import Confidentiality, PersonKind, Role, ScopeKind

# The table of the design, with "a confidential project exists only for its team, managers above, its project manager,
# finance and executives" written out. Each column alone: people of the firm are members beside their role.
TABLE = """
                       outsider guest member team pm  program portfolio resource   finance executive admin
    open  public       yes      yes   yes    yes  yes yes     yes       yes        yes     yes       yes
    open  internal     -        -     yes    yes  yes yes     yes       yes        yes     yes       names
    open  confidential -        -     -      yes  yes yes     yes       -          yes     yes       -
    team  public       -        -     -      yes  yes yes     yes       own-people -       summary   -
    team  internal     -        -     -      yes  yes yes     yes       own-people -       summary   -
    team  confidential -        -     -      yes  yes yes     yes       -          -       summary   -
    money public       -        -     -      -    yes yes     yes       -          yes     yes       -
    money internal     -        -     -      -    yes yes     yes       -          yes     yes       -
    money confidential -        -     -      -    yes yes     yes       -          yes     yes       -
    rate  public       -        -     -      -    -   -       -         -          yes     -         -
    rate  internal     -        -     -      -    -   -       -         -          yes     -         -
    rate  confidential -        -     -      -    -   -       -         -          yes     -         -
"""
COLUMNS = TABLE.split("\n")[1].split()
CELLS = {
    (column, FieldClass(words[0]), Confidentiality(words[1])): words[2 + place]
    for words in (line.split() for line in TABLE.strip().split("\n")[1:])
    for place, column in enumerate(COLUMNS)
}


@dataclass(frozen=True)
class World:
    """Three projects alike but for their confidentiality, and one person for each column of the table."""

    projects: dict[Confidentiality, int]
    people: dict[str, int | None]
    program: int
    portfolio: int

    def reader(self, *columns: str) -> Reader:
        asker, *audience = (self.people[column] for column in columns)
        return Reader(asker, tuple(audience))


@pytest.fixture
def world(add: Callable[..., int]) -> World:
    people: dict[str, int | None] = {column: add(Person, kind=PersonKind.GUEST, name=column) for column in COLUMNS}
    people |= {"outsider": None, "member": add(Person, name="member")}
    portfolio = add(Portfolio, manager_id=people["portfolio"])
    program = add(Program, portfolio_id=portfolio, manager_id=people["program"])
    practice = add(Practice)
    colleague = add(Person, practice_id=practice)
    for role in (Role.FINANCE, Role.EXECUTIVE, Role.ADMIN):
        add(Grant, person_id=people[role], role=role)
    managed = {"scope_kind": ScopeKind.PRACTICE, "scope_id": practice}
    add(Grant, person_id=people["resource"], role=Role.RESOURCE_MANAGER, **managed)
    projects = {}
    for level in Confidentiality:
        projects[level] = add(Project, program_id=program, manager_id=people["pm"], confidentiality=level)
        add(Booking, project_id=projects[level], person_id=people["team"])
        add(Task, project_id=projects[level], owner_id=colleague)
        add(Task, project_id=projects[level], owner_id=add(Person))
        add(Task, project_id=projects[level])
    return World(projects, people, program, portfolio)


@pytest.mark.parametrize("column", COLUMNS)
def test_each_cell_of_the_rights_table(store: Store, world: World, column: str) -> None:
    with store.reading() as session:
        access = resolve(session, world.reader(column))
        found = {
            (column, field_class, level): cell(session, access, field_class, project)
            for field_class in (FieldClass.OPEN, FieldClass.TEAM, FieldClass.MONEY, FieldClass.RATE)
            for level, project in world.projects.items()
        }

    assert found == {key: value for key, value in CELLS.items() if key[0] == column}


def test_an_answer_for_several_shows_what_each_of_them_may_see(store: Store, world: World) -> None:
    with store.reading() as session:
        for field_class in FieldClass:
            alone = {
                column: visible(session, resolve(session, world.reader(column)).projects(field_class))
                for column in COLUMNS
            }
            for first in COLUMNS:
                for second in COLUMNS:
                    together = resolve(session, world.reader(first, second)).projects(field_class)
                    assert visible(session, together) == alone[first] & alone[second], (field_class, first, second)


def test_what_is_not_seen_is_exactly_the_rest(store: Store, world: World, add: Callable[..., int]) -> None:
    bare = add(Project, confidentiality=Confidentiality.CONFIDENTIAL)
    with store.reading() as session:
        for column in COLUMNS:
            access = resolve(session, world.reader(column))
            hidden = visible(session, not_(access.projects()))
            assert hidden == {*world.projects.values(), bare} - visible(session, access.projects())


def test_flags_say_which_classes_of_a_project_are_seen(store: Store, world: World) -> None:
    with store.reading() as session:
        access = resolve(session, world.reader("pm"))
        columns: list[Any] = list(access.flags())
        rows = session.exec(select(*columns)).all()

    assert {seen(flags) for flags in rows} == {frozenset({FieldClass.OPEN, FieldClass.TEAM, FieldClass.MONEY})}


def test_a_grant_reaches_no_further_than_its_scope(store: Store, world: World, add: Callable[..., int]) -> None:
    other = add(Project, program_id=add(Program, portfolio_id=add(Portfolio)))
    inside = world.projects[Confidentiality.CONFIDENTIAL]
    everything = set(world.projects.values())
    scopes = {
        ScopeKind.PORTFOLIO: (world.portfolio, everything),
        ScopeKind.PROGRAM: (world.program, everything),
        ScopeKind.PROJECT: (inside, {inside}),
    }
    for role in (Role.FINANCE, Role.EXECUTIVE, Role.PROJECT_MANAGER, Role.PORTFOLIO_MANAGER):
        for kind, (scope, reached) in scopes.items():
            person = add(Person)
            add(Grant, person_id=person, role=role, scope_kind=kind, scope_id=scope)
            with store.reading() as session:
                access = resolve(session, Reader(person))
                assert visible(session, access.projects(FieldClass.MONEY)) == reached, (role, kind)
                assert visible(session, access.projects()) >= {inside, other}


def test_a_project_of_its_own_in_a_portfolio_belongs_to_the_portfolio(
    store: Store, world: World, add: Callable[..., int]
) -> None:
    direct = add(Project, portfolio_id=world.portfolio, confidentiality=Confidentiality.CONFIDENTIAL)
    with store.reading() as session:
        assert direct in visible(session, resolve(session, world.reader("portfolio")).projects(FieldClass.MONEY))
        assert direct not in visible(session, resolve(session, world.reader("program")).projects())


def test_owning_a_task_puts_one_on_the_team(store: Store, world: World, add: Callable[..., int]) -> None:
    secret = world.projects[Confidentiality.CONFIDENTIAL]
    owner = add(Person)
    add(Task, project_id=secret, owner_id=owner)
    with store.reading() as session:
        access = resolve(session, Reader(owner))
        assert visible(session, access.projects(FieldClass.TEAM)) == {secret}
        assert visible(session, access.projects(FieldClass.MONEY)) == set()


def test_who_has_left_is_an_outsider(store: Store, world: World, add: Callable[..., int]) -> None:
    gone = add(Person, active=False)
    add(Grant, person_id=gone, role=Role.EXECUTIVE)
    with store.reading() as session:
        known = visible(session, resolve(session, Reader(gone)).projects())

    assert known == {world.projects[Confidentiality.PUBLIC]}


def test_only_finance_sees_rates_and_of_a_practice_only_its_own(
    store: Store, world: World, add: Callable[..., int]
) -> None:
    practice = add(Practice)
    analyst = add(Person, practice_id=practice)
    partner = add(Person)
    add(Grant, person_id=partner, role=Role.FINANCE, scope_kind=ScopeKind.PRACTICE, scope_id=practice)
    with store.reading() as session:
        everyone = people(session, resolve(session, world.reader("member")).people())
        rates = {column: people(session, resolve(session, world.reader(column)).rates()) for column in COLUMNS}
        of_practice = people(session, resolve(session, Reader(partner)).rates())

    assert rates.pop("finance") == everyone
    assert set().union(*rates.values()) == set()
    assert of_practice == {analyst}


def test_the_reason_of_an_absence_is_a_members_own(store: Store, world: World, add: Callable[..., int]) -> None:
    absences = {column: add(Absence, person_id=person) for column, person in world.people.items() if person}
    with store.reading() as session:
        for column in COLUMNS:
            private = resolve(session, world.reader(column)).private(col(Absence.person_id))
            assert set(session.exec(select(Absence.id).where(private))) == (
                {absences["member"]} if column == "member" else set()
            )
        shared = resolve(session, world.reader("member", "finance")).private(col(Absence.person_id))
        assert not session.exec(select(Absence.id).where(shared)).all()


def test_people_are_known_inside_the_firm_and_to_guests_as_far_as_they_work_together(
    store: Store, world: World
) -> None:
    with store.reading() as session:
        everyone = set(session.exec(select(Person.id)))
        known = {column: people(session, resolve(session, world.reader(column)).people()) for column in COLUMNS}

    assert known["outsider"] == set()
    assert known["guest"] == {world.people["guest"]}
    assert {known[column] == everyone for column in ("member", "resource", "finance", "executive", "admin")} == {True}
    assert world.people["team"] in known["team"] and world.people["guest"] not in known["team"]


def test_programs_and_portfolios_are_known_with_a_project_in_them(
    store: Store, world: World, add: Callable[..., int]
) -> None:
    quiet = add(Program, portfolio_id=add(Portfolio))
    add(Project, program_id=quiet)
    with store.reading() as session:
        for column, inside in (("outsider", False), ("guest", False), ("team", False), ("member", True)):
            access = resolve(session, world.reader(column))
            programs = set(session.exec(select(Program.id).where(access.programs())))
            portfolios = set(session.exec(select(Portfolio.id).where(access.portfolios())))
            assert world.program in programs and world.portfolio in portfolios
            assert (quiet in programs) is inside
            assert len(portfolios) == (2 if inside else 1)


def test_rights_over_a_whole_scope_follow_from_roles_alone(store: Store, world: World) -> None:
    program = {"portfolio_id": world.portfolio, "program_id": world.program}
    with store.reading() as session:
        sees = {column: resolve(session, world.reader(column)) for column in COLUMNS}

    assert {column for column, access in sees.items() if access.whole(FieldClass.OPEN)} == {"finance", "executive"}
    assert {column for column, access in sees.items() if access.whole(FieldClass.MONEY, **program)} == {
        "program", "portfolio", "finance", "executive",
    }  # fmt: skip
    assert not resolve_both(store, world, "finance", "member").whole(FieldClass.OPEN)


def test_rights_are_read_in_two_queries_whoever_listens(store: Store, world: World, count_queries: Any) -> None:
    everybody = world.reader(*COLUMNS)
    with store.reading() as session, count_queries(session) as queries:
        resolve(session, everybody)
        resolve(session, everybody)

    assert len(queries) == 2


def cell(session: Session, access: Access, field_class: FieldClass, project: int) -> str:
    """What the table says here: yes, a part by its name, or nothing."""
    if project in visible(session, access.projects(field_class)):
        return "yes"
    if field_class is FieldClass.OPEN and project in visible(session, access.names()):
        return "names"
    if field_class is FieldClass.TEAM and project in visible(session, access.team_summary()):
        return "summary"
    if field_class is FieldClass.TEAM and (tasks := tasks_seen(session, access, project)):
        return "own-people" if tasks == 1 else "too much"
    return "-"


def tasks_seen(session: Session, access: Access, project: int) -> int:
    query = select(Task.id).join(Project).where(Task.project_id == project, access.task_team())
    return len(session.exec(query).all())


def visible(session: Session, condition: ColumnElement[bool]) -> set[int | None]:
    return set(session.exec(select(Project.id).where(condition)))


def people(session: Session, condition: ColumnElement[bool]) -> set[int | None]:
    return set(session.exec(select(Person.id).where(condition)))


def resolve_both(store: Store, world: World, first: str, second: str) -> Access:
    with store.reading() as session:
        return resolve(session, world.reader(first, second))

"""Projects, programs and portfolios as one reader sees them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from storage.access import FieldClass, Reader
from storage.engine import Store
from storage.models import CustomField, Grant, Person, Portfolio, Program, Project, Source
from storage.projects import (
    find_portfolio,
    find_program,
    find_project,
    list_portfolios,
    list_programs,
    list_projects,
)
from storage.records import NotFound, PortfolioNotFound, ProgramNotFound, ProjectNotFound
from storage.vocabulary import Confidentiality, PersonKind, Role

Add = Callable[..., int]


def test_a_manager_sees_the_money_and_a_colleague_does_not(store: Store, add: Add) -> None:
    lena, tomas = add(Person, name="Lena"), add(Person)
    add(Project, key="GATE", manager_id=lena, budget_minor=868_000_00, target_margin_share=0.3)
    with store.reading() as session:
        hers, his = (find_project(session, Reader(person), "GATE") for person in (lena, tomas))

    assert (hers.budget_minor, hers.target_margin_share) == (868_000_00, 0.3)
    assert (his.budget_minor, his.target_margin_share) == (None, None)
    assert FieldClass.MONEY in hers.sees and his.sees == {FieldClass.OPEN}
    assert his.manager is not None and his.manager.name == "Lena"


def test_a_project_names_what_stands_above_it(store: Store, add: Add) -> None:
    portfolio = add(Portfolio, key="CLIENTS")
    program = add(Program, key="TERN", portfolio_id=portfolio, name=None)
    source = add(Source, name="federal", data_as_of=date(2012, 8, 1))
    add(Project, key="2006", program_id=program, source_id=source)
    with store.reading() as session:
        project = find_project(session, Reader(add(Person)), "2006")

    assert (project.program_key, project.program_name, project.portfolio_key) == ("TERN", None, "CLIENTS")
    assert (project.source_name, project.data_as_of) == ("federal", date(2012, 8, 1))


def test_a_hidden_project_and_a_missing_one_are_the_same_sentence(store: Store, add: Add) -> None:
    reader = Reader(add(Person))
    add(Project, key="SECRET", confidentiality=Confidentiality.CONFIDENTIAL)
    with store.reading() as session:
        said = [error_of(find_project, session, reader, key) for key in ("SECRET", "NOSUCH")]

    assert said[0].replace("SECRET", "NOSUCH") == said[1]
    assert "NOSUCH" in said[1]


def test_keys_are_found_in_any_letter_case_the_same_case_first(store: Store, add: Add) -> None:
    reader = Reader(add(Person))
    add(Project, key="gate", name="small")
    add(Project, key="GATE", name="large")
    with store.reading() as session:
        names = [find_project(session, reader, key).name for key in ("gate", "GATE", " GATE ")]

    assert names == ["small", "large", "large"]


@pytest.mark.parametrize("key", ["", " ", "\0", "’ OR 1=1 --", "x" * 1_000_000, "\ud800"])
def test_odd_keys_are_not_found(store: Store, add: Add, key: str) -> None:
    with store.reading() as session:
        for find, error in (
            (find_project, ProjectNotFound),
            (find_program, ProgramNotFound),
            (find_portfolio, PortfolioNotFound),
        ):
            with pytest.raises(error) as caught:
                find(session, Reader(None), key)
            assert len(str(caught.value)) < 250


def test_lists_hold_what_is_visible_in_a_steady_number_of_queries(
    store: Store, add: Add, count_queries: Callable[[Session], AbstractContextManager[list[str]]]
) -> None:
    portfolio = add(Portfolio)
    program = add(Program, portfolio_id=portfolio)
    add(Project, key="B", program_id=program)
    add(Project, key="A", portfolio_id=portfolio)
    add(Project, key="C", program_id=program, confidentiality=Confidentiality.CONFIDENTIAL)
    add(Project, key="D")
    reader = Reader(add(Person))
    with store.reading() as session, count_queries(session) as queries:
        assert [each.key for each in list_projects(session, reader)] == ["A", "B", "D"]
        assert [each.key for each in list_projects(session, reader, portfolio_id=portfolio)] == ["A", "B"]
        assert [each.key for each in list_projects(session, reader, program_id=program)] == ["B"]
        assert len(list_programs(session, reader, portfolio_id=portfolio)) == len(list_portfolios(session, reader)) == 1

    assert len(queries) == 2 + 5  # for the rights, and one for each list


def test_a_guest_knows_a_program_by_its_public_project_only(store: Store, add: Add) -> None:
    guest = Reader(add(Person, kind=PersonKind.GUEST))
    shown, quiet = add(Program, key="SHOWN"), add(Program, key="QUIET")
    add(Project, program_id=shown, confidentiality=Confidentiality.PUBLIC)
    add(Project, program_id=quiet)
    with store.reading() as session:
        assert [each.key for each in list_programs(session, guest)] == ["SHOWN"]
        with pytest.raises(ProgramNotFound):
            find_program(session, guest, "QUIET")


def test_fields_of_the_firms_own_have_a_class_like_any_other(store: Store, add: Add) -> None:
    add(CustomField, level="project", key="region", label="Region", kind="text")
    add(CustomField, level="project", key="fee", label="Fee", kind="money", field_class="money")
    add(Project, key="GATE", custom={"region": "north", "fee": 5, "never_declared": 1})
    partner = add(Person)
    add(Grant, person_id=partner, role=Role.EXECUTIVE)
    with store.reading() as session:
        custom = [find_project(session, Reader(person), "GATE").custom for person in (partner, add(Person))]

    assert custom == [{"region": "north", "fee": 5}, {"region": "north"}]


def error_of(find: Any, *arguments: Any) -> str:
    with pytest.raises(NotFound) as caught:
        find(*arguments)
    return str(caught.value)

"""Portfolios, programs and projects as their sources give them, as far as a reader may see."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.access import Access, FieldClass, Reader, resolve, seen
from storage.models import Person, Portfolio, Program, Project, Source
from storage.names import closest, custom_values, spellings
from storage.records import (
    PortfolioNotFound,
    PortfolioRecord,
    ProgramNotFound,
    ProgramRecord,
    ProjectNotFound,
    ProjectRecord,
    person_name,
)
from storage.vocabulary import Level

_Manager = aliased(Person)
_MANAGER: list[Any] = [_Manager.id, _Manager.key, _Manager.name]


def find_project(session: Session, reader: Reader, key: str) -> ProjectRecord:
    """The project of this key; raises ProjectNotFound alike for a missing and a hidden one."""
    project = closest(_projects(session, reader, col(Project.key).in_(spellings(key))), key)
    if project is None:
        raise ProjectNotFound(key)
    return project


def list_projects(
    session: Session,
    reader: Reader,
    *,
    ids: Iterable[int] | None = None,
    program_id: int | None = None,
    portfolio_id: int | None = None,
) -> list[ProjectRecord]:
    """The visible projects, all or among these ids, of a program or of a portfolio, by key; in one query."""
    conditions: list[ColumnElement[bool]] = []
    if ids is not None:
        conditions.append(col(Project.id).in_(list(ids)))
    if program_id is not None:
        conditions.append(col(Project.program_id) == program_id)
    if portfolio_id is not None:
        conditions.append(portfolio_of() == portfolio_id)
    return _projects(session, reader, *conditions)


def portfolio_of() -> ColumnElement[int | None]:
    """The portfolio of a project, over Project outer-joined with its Program: its own, else its program's."""
    return func.coalesce(col(Project.portfolio_id), col(Program.portfolio_id))


def find_program(session: Session, reader: Reader, key: str) -> ProgramRecord:
    """The program of this key; raises ProgramNotFound alike for a missing and a hidden one."""
    program = closest(_programs(session, reader, col(Program.key).in_(spellings(key))), key)
    if program is None:
        raise ProgramNotFound(key)
    return program


def list_programs(session: Session, reader: Reader, *, portfolio_id: int | None = None) -> list[ProgramRecord]:
    """The visible programs, all or of a portfolio, by key."""
    inside = () if portfolio_id is None else (col(Program.portfolio_id) == portfolio_id,)
    return _programs(session, reader, *inside)


def find_portfolio(session: Session, reader: Reader, key: str) -> PortfolioRecord:
    """The portfolio of this key; raises PortfolioNotFound alike for a missing and a hidden one."""
    portfolio = closest(_portfolios(session, reader, col(Portfolio.key).in_(spellings(key))), key)
    if portfolio is None:
        raise PortfolioNotFound(key)
    return portfolio


def list_portfolios(session: Session, reader: Reader) -> list[PortfolioRecord]:
    """The visible portfolios, by key."""
    return _portfolios(session, reader)


def _projects(session: Session, reader: Reader, *conditions: ColumnElement[bool]) -> list[ProjectRecord]:
    access = resolve(session, reader)
    columns: list[Any] = [Project, Source, Program, Portfolio, *_MANAGER, access.team_summary(), *access.flags()]
    query = (
        select(*columns)
        .outerjoin(Program, col(Program.id) == col(Project.program_id))
        .outerjoin(Portfolio, col(Portfolio.id) == portfolio_of())
        .outerjoin(_Manager, col(_Manager.id) == col(Project.manager_id))
        .outerjoin(Source, col(Source.id) == col(Project.source_id))
        .where(access.projects(), *conditions)
        .order_by(col(Project.key))
    )
    return [_project(session, *row) for row in session.execute(query)]


def _project(
    session: Session,
    project: Project,
    source: Source | None,
    program: Program | None,
    portfolio: Portfolio | None,
    *rest: Any,
) -> ProjectRecord:
    *manager, sums_team, sees_team, sees_money, sees_rate = rest
    sees = seen((sees_team, sees_money, sees_rate))
    values = vars(project) | {
        "program_id": program.id if program else None,
        "program_key": program.key if program else None,
        "program_name": program.name if program else None,
        "portfolio_id": portfolio.id if portfolio else None,
        "portfolio_key": portfolio.key if portfolio else None,
        "portfolio_name": portfolio.name if portfolio else None,
        "manager": person_name(*manager),
        "source_name": source.name if source else None,
        "source_kind": source.kind if source else None,
        "source_synced_at": source.synced_at if source else None,
        "data_as_of": source.data_as_of if source else None,
        "custom": custom_values(session, Level.PROJECT, project.custom, sees),
        "sees": sees,
        "sees_summary": bool(sums_team),
    }
    return ProjectRecord.of(values, sees)


def _programs(session: Session, reader: Reader, *conditions: ColumnElement[bool]) -> list[ProgramRecord]:
    access = resolve(session, reader)
    columns: list[Any] = [Program, Portfolio, col(Source.name), *_MANAGER]
    query = (
        select(*columns)
        .outerjoin(Portfolio, col(Portfolio.id) == col(Program.portfolio_id))
        .outerjoin(_Manager, col(_Manager.id) == col(Program.manager_id))
        .outerjoin(Source, col(Source.id) == col(Program.source_id))
        .where(access.programs(), *conditions)
        .order_by(col(Program.key))
    )
    return [_program(session, access, *row) for row in session.execute(query)]


def _program(
    session: Session, access: Access, program: Program, portfolio: Portfolio | None, source: str | None, *manager: Any
) -> ProgramRecord:
    sees = _whole(access, program.portfolio_id, program.id)
    values = vars(program) | {
        "portfolio_key": portfolio.key if portfolio else None,
        "portfolio_name": portfolio.name if portfolio else None,
        "manager": person_name(*manager),
        "source_name": source,
        "custom": custom_values(session, Level.PROGRAM, program.custom, sees),
    }
    return ProgramRecord.of(values, sees)


def _portfolios(session: Session, reader: Reader, *conditions: ColumnElement[bool]) -> list[PortfolioRecord]:
    access = resolve(session, reader)
    columns: list[Any] = [Portfolio, col(Source.name), *_MANAGER]
    query = (
        select(*columns)
        .outerjoin(_Manager, col(_Manager.id) == col(Portfolio.manager_id))
        .outerjoin(Source, col(Source.id) == col(Portfolio.source_id))
        .where(access.portfolios(), *conditions)
        .order_by(col(Portfolio.key))
    )
    return [_portfolio(session, access, *row) for row in session.execute(query)]


def _portfolio(
    session: Session, access: Access, portfolio: Portfolio, source: str | None, *manager: Any
) -> PortfolioRecord:
    sees = _whole(access, portfolio.id, None)
    values = vars(portfolio) | {
        "manager": person_name(*manager),
        "source_name": source,
        "custom": custom_values(session, Level.PORTFOLIO, portfolio.custom, sees),
    }
    return PortfolioRecord.of(values, sees)


def _whole(access: Access, portfolio_id: int | None, program_id: int | None) -> frozenset[FieldClass]:
    """The classes of field that the reader sees throughout a program or portfolio."""
    classes = (each for each in FieldClass if access.whole(each, portfolio_id=portfolio_id, program_id=program_id))
    return frozenset({FieldClass.OPEN, *classes})

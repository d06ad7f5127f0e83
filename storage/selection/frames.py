"""Where selected rows come from: the joins of a level, the place, and what their reader may see of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnClause,
    Executable,
    False_,
    FromClause,
    Result,
    Select,
    True_,
    and_,
    case,
    false,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.sql.visitors import iterate
from sqlmodel import Session

from storage import fields
from storage.access import Access, FieldClass, Reader, resolve
from storage.catalogue import Field, FieldKind, Right
from storage.expressions import Expression
from storage.models import Portfolio, Program
from storage.readings import shows_rate
from storage.selection.conditions import AnyOf, Comparison, Condition, Holds, OneOf
from storage.vocabulary import Level


class PlaceKind(StrEnum):
    """What a question can be confined to."""

    PORTFOLIO = "portfolio"
    PROGRAM = "program"
    PROJECT = "project"
    PERSON = "person"
    CLIENT = "client"
    NO_PROGRAM = "no program"


@dataclass(frozen=True)
class Place:
    """Where to look: a row by its id, a client by name, or the projects without a program."""

    kind: PlaceKind
    id: int = 0
    name: str = ""


class Clock(NamedTuple):
    """The day a question is asked, and the day it froze the clock on, if it did."""

    today: date
    as_of: date | None = None


@dataclass(frozen=True)
class Selection:
    """Rows of one level, in one place, that satisfy all conditions."""

    level: Level
    clock: Clock
    place: Place | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def is_broad(self) -> bool:
        """Whether it is told apart by states and dates alone, so that it singles nobody's work out."""
        return all(_is_broad(each) for each in self.conditions)


@dataclass(frozen=True, eq=False)
class _Join:
    """A table that rows are joined with; an optional one only where a column of it is used."""

    table: FromClause
    on: Expression
    is_optional: bool = True


_PROJECT_JOINS = (
    _Join(fields.SOURCE, fields.SOURCE.c.id == fields.PROJECT.c.source_id),
    _Join(
        fields.PROJECT_READING,
        and_(
            fields.PROJECT_READING.c.project_id == fields.PROJECT.c.id,
            fields.PROJECT_READING.c.day == fields.DAY,
        ),
    ),
    _Join(fields.PROGRAM, fields.PROGRAM.c.id == fields.PROJECT.c.program_id),
    _Join(fields.PORTFOLIO, fields.PORTFOLIO.c.id == fields.PORTFOLIO_ID),
    _Join(fields.MANAGER, fields.MANAGER.c.id == fields.PROJECT.c.manager_id),
)
_TASK_JOINS = (
    _Join(fields.READING, fields.READING.c.task_id == fields.TASK.c.id, is_optional=False),
    _Join(fields.PROJECT, fields.PROJECT.c.id == fields.TASK.c.project_id, is_optional=False),
    _Join(fields.OWNER, fields.OWNER.c.id == fields.TASK.c.owner_id),
    *_PROJECT_JOINS,
)
_PROGRAM_JOINS = (
    _Join(fields.ROLLUP, fields.ROLLUP.c.parent_id == fields.PROGRAM.c.id),
    _Join(fields.PORTFOLIO, fields.PORTFOLIO.c.id == fields.PROGRAM.c.portfolio_id),
    _Join(fields.MANAGER, fields.MANAGER.c.id == fields.PROGRAM.c.manager_id),
)
_PORTFOLIO_JOINS = (
    _Join(fields.ROLLUP, fields.ROLLUP.c.parent_id == fields.PORTFOLIO.c.id),
    _Join(fields.PROGRAM_COUNT, fields.PROGRAM_COUNT.c.parent_id == fields.PORTFOLIO.c.id),
    _Join(fields.MANAGER, fields.MANAGER.c.id == fields.PORTFOLIO.c.manager_id),
)
_ROOT = {
    Level.TASK: (fields.TASK, _TASK_JOINS),
    Level.PROJECT: (fields.PROJECT, _PROJECT_JOINS),
    Level.PROGRAM: (fields.PROGRAM, _PROGRAM_JOINS),
    Level.PORTFOLIO: (fields.PORTFOLIO, _PORTFOLIO_JOINS),
}

_MODEL: dict[Level, type[Program] | type[Portfolio]] = {Level.PROGRAM: Program, Level.PORTFOLIO: Portfolio}


class Frame:
    """One level's rows as one reader may see them, on one clock."""

    def __init__(
        self,
        session: Session,
        reader: Reader,
        level: Level,
        clock: Clock,
        place: Place | None = None,
        *,
        sums: bool = False,
    ) -> None:
        self.session, self.reader, self.level, self._clock = session, reader, level, clock
        self._place, self._sums = place, sums
        self.access: Access = resolve(session, reader)
        self.root, self._joins = _ROOT[level]

    @property
    def id(self) -> Expression:
        return self.root.c.id

    @property
    def key(self) -> Expression:
        return self.root.c.key

    @property
    def name(self) -> Expression:
        return func.coalesce(self.root.c.name, self.root.c.key)

    def select(
        self, columns: Mapping[str, Expression], where: Iterable[Expression], order: Sequence[Expression] = ()
    ) -> Select[Any]:
        """These columns of the visible rows that satisfy all conditions."""
        conditions = (*self._rows(), *where)
        used = _tables_in((*columns.values(), *conditions, *order))
        query: Select[Any] = select(*(column.label(label) for label, column in columns.items()))
        query = query.select_from(self._joined(used)).where(*conditions).order_by(*order)
        return query.add_cte(*self._summed_up(used))

    def conditions(self, selection: Selection) -> list[Expression]:
        """What the selection asks of a row, and the rights to ask it."""
        rights = [self.allows(right) for condition in selection.conditions for right in condition.rights]
        return [*rights, *(condition.sql() for condition in selection.conditions)]

    def run(self, query: Executable) -> Result[Any]:
        return self.session.execute(query, self._clock._asdict())

    def shown(self, field: Field) -> Expression:
        """The field's value where the reader may see it, else NULL."""
        if field.right is Right.OPEN:
            return field.value
        return case((self.allows(field.right), field.value))

    def _within(self, place: Place) -> Expression:
        """Lying in a place; a person's place is the tasks they own, or what they manage."""
        match place.kind:
            case PlaceKind.PERSON:
                return self._of_person(place.id)
            case PlaceKind.CLIENT:
                return self._among_projects(func.lower(fields.PROJECT.c.client).in_((place.name.lower(),)))
            case PlaceKind.NO_PROGRAM:
                return self._among_projects(fields.PROJECT.c.program_id.is_(None))
            case PlaceKind.PROJECT:
                return self._among_projects(fields.PROJECT.c.id == place.id)
            case PlaceKind.PROGRAM if self.level is Level.PROGRAM:
                return fields.PROGRAM.c.id == place.id
            case PlaceKind.PROGRAM:
                return self._among_projects(fields.PROJECT.c.program_id == place.id)
            case PlaceKind.PORTFOLIO if self.level is Level.PROGRAM:
                return fields.PROGRAM.c.portfolio_id == place.id
            case PlaceKind.PORTFOLIO if self.level is Level.PORTFOLIO:
                return fields.PORTFOLIO.c.id == place.id
            case PlaceKind.PORTFOLIO:
                return self._among_projects(fields.PORTFOLIO_ID.in_((place.id,)))

    def allows(self, right: Right) -> Expression:
        """Whether the reader may see fields of this right, of a visible row."""
        if right is Right.OPEN:
            return true()
        if self.level in (Level.PROGRAM, Level.PORTFOLIO):
            return self._allows_above(right)
        access = self.access
        match right:
            case Right.TEAM | Right.WORK:
                return self._allows_team(right)
            case Right.SUMMARY:
                return self._of_projects(access.team_summary())
            case Right.COST_OF_TIME:
                return and_(access.projects(FieldClass.MONEY), not_(func.coalesce(shows_rate(access), false())))
            case _:
                return self._of_projects(access.projects(right.field_class))

    def sees_all(self, field_class: FieldClass) -> bool:
        """Whether rights alone, whatever rows exist, let the reader see this class of all that lies in the place."""
        if self.access.whole(field_class):
            return True
        match self._place:
            case Place(PlaceKind.PORTFOLIO, place_id):
                return self._is_true(self.access.whole_of(field_class, Portfolio), fields.PORTFOLIO.c.id == place_id)
            case Place(PlaceKind.PROGRAM, place_id):
                return self._is_true(self.access.whole_of(field_class, Program), fields.PROGRAM.c.id == place_id)
            case Place(PlaceKind.PROJECT, place_id):
                return self._is_true(self.access.projects(field_class), fields.PROJECT.c.id == place_id)
            case Place(PlaceKind.PERSON, place_id):
                return self.reader.principals == (place_id,)
            case _:
                return False

    def _rows(self) -> list[Expression]:
        """What makes a row one of the frame: it is visible, and lies in the place."""
        place = [] if self._place is None else [self._within(self._place)]
        if self.level is Level.TASK:
            is_confined = self._place is not None and self._place.kind is not PlaceKind.PERSON
            visible = [] if is_confined else [self._of_projects(self.access.projects())]
            return [*place, *visible, fields.READING.c.is_leaf]
        return [*place, self._visible()]

    def _visible(self) -> Expression:
        if self.level is Level.PROGRAM:
            return self.access.programs()
        return self.access.portfolios() if self.level is Level.PORTFOLIO else self.access.projects()

    def _joined(self, used: set[Any]) -> FromClause:
        needed = []
        for join in reversed(self._joins):
            if not join.is_optional or join.table in used:
                needed.append(join)
                used |= _tables_in((join.on,))
        joined: FromClause = self.root
        for join in reversed(needed):
            joined = joined.join(join.table, join.on, isouter=join.is_optional)
        return joined

    def _summed_up(self, used: set[Any]) -> list[CTE]:
        """What programs, or portfolios, have of their visible projects, where a query uses it."""
        rolled_up = [self._rolled_up] if fields.ROLLUP in used else []
        return [*rolled_up, *([self._program_count] if fields.PROGRAM_COUNT in used else [])]

    @cached_property
    def _rolled_up(self) -> CTE:
        projects = self._beside(Level.PROJECT)
        parent = fields.PROJECT.c.program_id if self.level is Level.PROGRAM else fields.PORTFOLIO_ID
        rights = (Right.SUMMARY, Right.MONEY, Right.COST_OF_TIME)
        columns: dict[str, Expression] = {
            "parent_id": parent,
            "currency": fields.ROLLED_CURRENCY,
            "progress": fields.ROLLED_PROGRESS,
            **fields.ROLLED_SPAN,
            **{f"sees_{right.name.lower()}": func.sum(case((projects.allows(right), 1))) for right in rights},
            **{each.key: func.sum(projects.shown(each)) for each in fields.ROLLED},
        }
        return projects.select(columns, [parent.is_not(None)]).group_by(parent).cte(fields.ROLLUP.name)

    @cached_property
    def _program_count(self) -> CTE:
        portfolio_id = fields.PROGRAM.c.portfolio_id
        columns = (portfolio_id.label("parent_id"), func.count().label("programs"))
        counted = select(*columns).where(self.access.programs()).group_by(portfolio_id)
        return counted.cte(fields.PROGRAM_COUNT.name)

    def _of_projects(self, condition: Expression) -> Expression:
        """A condition on projects; where tasks are selected, decided once for each project and not for each task."""
        if self.level is not Level.TASK or isinstance(condition, True_ | False_):
            return condition
        return fields.READING.c.project_id.in_(select(fields.PROJECT.c.id).where(condition).correlate(None))

    def _allows_team(self, right: Right) -> Expression:
        if self.level is not Level.TASK:
            return self.access.projects(FieldClass.TEAM)
        work = self.access.task_team()
        return or_(work, self._of_projects(self.access.team_summary())) if right is Right.WORK and self._sums else work

    def _allows_above(self, right: Right) -> Expression:
        """Programs and portfolios sum up what is visible below; fields of their own need rights over all of it."""
        whole = self.access.whole_of(right.field_class, _MODEL[self.level])
        if right in (Right.WHOLE_TEAM, Right.WHOLE_MONEY):
            return whole
        return or_(whole, func.coalesce(fields.ROLLUP.c[f"sees_{right.name.lower()}"], 0) > 0)

    def _is_true(self, condition: Expression, row: Expression) -> bool:
        return self.run(select(row).where(row, condition)).first() is not None

    def _of_person(self, person_id: int) -> Expression:
        """The tasks they own; or the projects, programs or portfolios they manage, themselves or from above."""
        if self.level is Level.TASK:
            return and_(fields.TASK.c.owner_id == person_id, self.access.task_team())
        managed = [self.root.c.manager_id == person_id]
        if self.level is Level.PROJECT:
            managed += [above.c.manager_id == person_id for above in (fields.PROGRAM, fields.PORTFOLIO)]
        elif self.level is Level.PROGRAM:
            managed.append(fields.PORTFOLIO.c.manager_id == person_id)
        return or_(*managed)

    def _among_projects(self, condition: Expression) -> Expression:
        """The rows that are, or hold, or belong to, a visible project of which the condition is true."""
        if self.level is Level.PROJECT:
            return condition
        if self.level is Level.TASK:  # from the visible projects down, not through all tasks
            found = self._beside(Level.PROJECT).select({"id": fields.PROJECT.c.id}, [condition])
            return fields.READING.c.project_id.in_(found)
        parent = fields.PROJECT.c.program_id if self.level is Level.PROGRAM else fields.PORTFOLIO_ID
        return self.id.in_(self._beside(Level.PROJECT).select({"id": parent}, [condition]))

    def _beside(self, level: Level) -> "Frame":
        return Frame(self.session, self.reader, level, self._clock)


def _is_broad(condition: Condition) -> bool:
    match condition:
        case Holds():
            return True
        case AnyOf(conditions):
            return all(_is_broad(each) for each in conditions)
        case OneOf(field):
            return field.kind is FieldKind.STATE
        case Comparison(field):
            return field.kind in (FieldKind.STATE, FieldKind.DATE, FieldKind.ENTITY)


def _tables_in(expressions: Iterable[Expression]) -> set[Any]:
    columns = (part for each in expressions for part in iterate(each) if isinstance(part, ColumnClause))
    return {column.table for column in columns if column.table is not None}

"""Who may see what: the rights table of the design, as conditions that every read adds to its query."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Label,
    Select,
    SQLColumnExpression,
    and_,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.elements import False_, True_
from sqlmodel import Session, col

from storage.models import Booking, Grant, Person, Portfolio, Program, Project, Task
from storage.vocabulary import Confidentiality, PersonKind, Role, ScopeKind


class FieldClass(StrEnum):
    """The classes of fields the rights table distinguishes."""

    OPEN = "open"  # names, dates, progress, health, busy hours
    TEAM = "team"  # notes, risks, blockers, who does what
    MONEY = "money"  # budget, cost, revenue, margin of a project and up
    RATE = "rate"  # one person's cost or bill rate
    PRIVATE = "private"  # reason of absence, erasure data


@dataclass(frozen=True)
class Circle:
    """Anybody of the firm, or of the team of these projects and programs: who may sit in a room, without names."""

    projects: frozenset[int] = frozenset()
    programs: frozenset[int] = frozenset()


Party = int | Circle | None  # a person by id, anybody of a circle, or an outsider


@dataclass(frozen=True)
class Reader:
    """Who asks, and who else can see the answer. A person id of None is an outsider.

    Rights are the intersection over the person and the audience. Surfaces make readers; tools and models never do.
    """

    person_id: int | None
    audience: tuple[Party, ...] = ()

    @property
    def principals(self) -> tuple[Party, ...]:
        return tuple(dict.fromkeys((self.person_id, *self.audience)))


MANAGERS = frozenset({Role.PROJECT_MANAGER, Role.PROGRAM_MANAGER, Role.PORTFOLIO_MANAGER})

# The columns of the rights table that see a class of the projects within their role's scope.
_SEEING = {
    FieldClass.OPEN: frozenset({Role.TEAM, *MANAGERS, Role.FINANCE, Role.EXECUTIVE}),
    FieldClass.TEAM: frozenset({Role.TEAM, *MANAGERS}),
    FieldClass.MONEY: frozenset({*MANAGERS, Role.FINANCE, Role.EXECUTIVE}),
    FieldClass.RATE: frozenset({Role.FINANCE}),
    FieldClass.PRIVATE: frozenset[Role](),
}
_FLAGGED = (FieldClass.TEAM, FieldClass.MONEY, FieldClass.RATE)


@dataclass(frozen=True)
class Scope:
    """Where a role reaches: everywhere, or certain portfolios, programs, projects and practices."""

    everywhere: bool = False
    portfolios: frozenset[int] = frozenset()
    programs: frozenset[int] = frozenset()
    projects: frozenset[int] = frozenset()
    practices: frozenset[int] = frozenset()

    def covers(self, project: type[Project]) -> ColumnElement[bool]:
        if self.everywhere:
            return true()
        below = select(col(Program.id)).where(col(Program.portfolio_id).in_(self.portfolios)).correlate(None)
        parts = (
            (self.projects, col(project.id).in_(self.projects)),
            (self.programs, col(project.program_id).in_(self.programs)),
            (self.portfolios, col(project.portfolio_id).in_(self.portfolios)),
            (self.portfolios, col(project.program_id).in_(below)),
        )
        return _any_of(*(condition for ids, condition in parts if ids))

    def holds(self, portfolio_id: int | None, program_id: int | None) -> bool:
        return self.everywhere or portfolio_id in self.portfolios or program_id in self.programs

    def covers_all_of(self, level: type[Program] | type[Portfolio]) -> ColumnElement[bool]:
        if self.everywhere:
            return true()
        portfolio_id: Any = col(Portfolio.id) if level is Portfolio else col(Program.portfolio_id)
        programs = col(Program.id).in_(self.programs) if level is Program and self.programs else false()
        return _any_of(programs, portfolio_id.in_(self.portfolios) if self.portfolios else false())

    def covers_practice_of(self, person: type[Person]) -> ColumnElement[bool]:
        if self.everywhere:
            return true()
        return col(person.practice_id).in_(self.practices) if self.practices else false()


@dataclass(frozen=True)
class Principal:
    """One person's standing: of the firm or not, and how far each role reaches. Without an id: an outsider."""

    person_id: int | None = None
    is_member: bool = False
    roles: dict[Role, Scope] = field(default_factory=dict)

    def sees(self, field_class: FieldClass, project: type[Project]) -> ColumnElement[bool]:
        seeing = _SEEING[field_class]
        conditions = [scope.covers(project) for role, scope in self.roles.items() if role in seeing]
        if field_class is FieldClass.OPEN:
            conditions.insert(0, self._not_hidden(project))
        if self.person_id is not None and Role.PROJECT_MANAGER in seeing:
            conditions.append(col(project.manager_id) == self.person_id)
        if self.person_id is not None and Role.TEAM in seeing:
            conditions.append(_on_team(self.person_id, project))
        return _any_of(*conditions)

    def names(self, project: type[Project]) -> ColumnElement[bool]:
        administered = self.reach(Role.ADMIN).covers(project)
        existing = col(project.confidentiality) != Confidentiality.CONFIDENTIAL
        return _any_of(self.sees(FieldClass.OPEN, project), _all_of(administered, existing))

    def summary(self, project: type[Project]) -> ColumnElement[bool]:
        return _any_of(self.reach(Role.EXECUTIVE).covers(project), self.sees(FieldClass.TEAM, project))

    def work_of(self, person_id: SQLColumnExpression[Any], project: type[Project]) -> ColumnElement[bool]:
        own = [person_id == self.person_id] if self.person_id is not None else []
        if Role.RESOURCE_MANAGER in self.roles:
            managed = self.reach(Role.RESOURCE_MANAGER).covers_practice_of(Person)
            own.append(person_id.in_(select(col(Person.id)).where(managed).correlate(None)))
        known = _all_of(self.sees(FieldClass.OPEN, project), _any_of(*own))
        return _any_of(self.sees(FieldClass.TEAM, project), known)

    def people(self) -> ColumnElement[bool]:
        if self._inside():
            return true()
        if self.person_id is None:
            return false()
        shared = _any_of(self.sees(FieldClass.TEAM, Project), self.sees(FieldClass.RATE, Project))
        booked = select(col(Booking.person_id)).join(Project, col(Project.id) == Booking.project_id).where(shared)
        owning = select(col(Task.owner_id)).join(Project, col(Project.id) == Task.project_id).where(shared)
        mates = (col(Person.id).in_(query.correlate(None)) for query in (booked, owning))
        return _any_of(col(Person.id) == self.person_id, *mates)

    def rates(self) -> ColumnElement[bool]:
        return self.reach(Role.FINANCE).covers_practice_of(Person)

    def programs(self) -> ColumnElement[bool]:
        if self._inside():
            return true()
        holding = select(col(Project.program_id)).where(self.names(Project)).correlate(None)
        programs, portfolios = self._scopes()
        mine = col(Program.portfolio_id).in_(portfolios)
        return _any_of(col(Program.id).in_(programs), mine, col(Program.id).in_(holding))

    def portfolios(self) -> ColumnElement[bool]:
        if self._inside():
            return true()
        known = self.names(Project)
        direct = select(col(Project.portfolio_id)).where(known).correlate(None)
        above = select(col(Program.portfolio_id)).join(Project, col(Project.program_id) == Program.id).where(known)
        programs, portfolios = self._scopes()
        over = select(col(Program.portfolio_id)).where(col(Program.id).in_(programs)).correlate(None)
        listed = col(Portfolio.id).in_(portfolios)
        return _any_of(listed, *(col(Portfolio.id).in_(ids) for ids in (direct, above.correlate(None), over)))

    def whole(self, field_class: FieldClass, portfolio_id: int | None, program_id: int | None) -> bool:
        reaching = (scope for role, scope in self.roles.items() if role in _SEEING[field_class])
        return any(scope.holds(portfolio_id, program_id) for scope in reaching)

    def hours_of(self) -> ColumnElement[bool]:
        if self.knows_all_hours():
            return true()
        own = [col(Person.id) == self.person_id] if self.person_id is not None else []
        return _any_of(*own, self.reach(Role.RESOURCE_MANAGER).covers_practice_of(Person))

    def knows_all_hours(self) -> bool:
        return self.reach(Role.EXECUTIVE).everywhere or self.whole(FieldClass.TEAM, None, None)

    def sees_all_of(self, field_class: FieldClass, level: type[Program] | type[Portfolio]) -> ColumnElement[bool]:
        reaching = (scope for role, scope in self.roles.items() if role in _SEEING[field_class])
        return _any_of(*(scope.covers_all_of(level) for scope in reaching))

    def _not_hidden(self, project: type[Project]) -> ColumnElement[bool]:
        confidentiality = col(project.confidentiality)
        if self.is_member or Role.RESOURCE_MANAGER in self.roles:
            return confidentiality != Confidentiality.CONFIDENTIAL
        return confidentiality == Confidentiality.PUBLIC

    def _inside(self) -> bool:
        everywhere = any(scope.everywhere for scope in self.roles.values())
        return self.is_member or everywhere or Role.RESOURCE_MANAGER in self.roles

    def reach(self, role: Role) -> Scope:
        """Where the person holds this role."""
        return self.roles.get(role, Scope())

    def _scopes(self) -> tuple[set[int], set[int]]:
        scopes = self.roles.values()
        return {i for s in scopes for i in s.programs}, {i for s in scopes for i in s.portfolios}


@dataclass(frozen=True)
class Access:
    """A reader's rights as conditions: each is the intersection over the person and the audience, true or false.

    `project` is the entity the query joins, an alias of Project where it joins more than one.
    """

    principals: tuple[Principal, ...]
    _over_projects: dict[FieldClass, ColumnElement[bool]] = field(default_factory=dict, repr=False, compare=False)

    def projects(
        self, field_class: FieldClass = FieldClass.OPEN, project: type[Project] = Project
    ) -> ColumnElement[bool]:
        """Over Project: those of which the reader sees this class of field."""
        if project is not Project:
            return _agreed(each.sees(field_class, project) for each in self.principals)
        # One question's reads ask for the same few conditions, and building them costs more than most of its queries.
        if field_class not in self._over_projects:
            self._over_projects[field_class] = _agreed(each.sees(field_class, project) for each in self.principals)
        return self._over_projects[field_class]

    def names(self, project: type[Project] = Project) -> ColumnElement[bool]:
        """Over Project: those whose name the reader may know; an administrator knows more names than dates."""
        return _agreed(each.names(project) for each in self.principals)

    def team_summary(self, project: type[Project] = Project) -> ColumnElement[bool]:
        """Over Project: those of whose team fields the reader sees counts and sums, if not the rows."""
        return _agreed(each.summary(project) for each in self.principals)

    def work_of(self, person_id: SQLColumnExpression[Any], project: type[Project] = Project) -> ColumnElement[bool]:
        """Over rows joined with Project: those whose person, in this column, the reader may see at this work."""
        return _agreed(each.work_of(person_id, project) for each in self.principals)

    def task_team(self, project: type[Project] = Project) -> ColumnElement[bool]:
        """Over Task joined with Project: those of which the reader sees owner, effort and notes."""
        return self.work_of(col(Task.owner_id), project)

    def people(self) -> ColumnElement[bool]:
        """Over Person: those whose name and busy hours the reader may see."""
        return _agreed(each.people() for each in self.principals)

    def hours_of(self) -> ColumnElement[bool]:
        """Over Person: those whose hours worked the reader may sum: one's own people, or everybody's."""
        return _agreed(each.hours_of() for each in self.principals)

    @property
    def knows_all_hours(self) -> bool:
        """Whether sums of hours worked have nothing left out for this reader, hidden projects included."""
        return all(each.knows_all_hours() for each in self.principals)

    @property
    def is_inside(self) -> bool:
        """Whether the reader is of the firm, so that what is open about its people is open to them."""
        return all(each._inside() for each in self.principals)

    def rates(self) -> ColumnElement[bool]:
        """Over Person: those whose cost and bill rate the reader sees."""
        return _agreed(each.rates() for each in self.principals)

    def programs(self) -> ColumnElement[bool]:
        """Over Program: those the reader knows of."""
        return _agreed(each.programs() for each in self.principals)

    def portfolios(self) -> ColumnElement[bool]:
        """Over Portfolio: those the reader knows of."""
        return _agreed(each.portfolios() for each in self.principals)

    def private(self, person_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        """Over rows of a person, in this column: the reader's own, as a member; seen by nobody else."""
        return _agreed(
            person_id == each.person_id if each.is_member and each.person_id is not None else false()
            for each in self.principals
        )

    def flags(self, project: type[Project] = Project) -> tuple[Label[bool], ...]:
        """Columns for a query over Project; `seen` reads them as classes of field."""
        return tuple(self.projects(each, project).label(f"sees_{each}") for each in _FLAGGED)

    def whole(self, field_class: FieldClass, *, portfolio_id: int | None = None, program_id: int | None = None) -> bool:
        """Whether the reader sees this class of every project of the program, the portfolio or (neither) the firm.

        It follows from rights alone, so that it is the same whether or not hidden projects exist. A program is
        given with its portfolio.
        """
        return all(each.whole(field_class, portfolio_id, program_id) for each in self.principals)

    def whole_of(self, field_class: FieldClass, level: type[Program] | type[Portfolio]) -> ColumnElement[bool]:
        """Over Program or Portfolio: those of which the reader sees this class of every project, as `whole` says it."""
        return _agreed(each.sees_all_of(field_class, level) for each in self.principals)

    @property
    def administers(self) -> bool:
        """Whether people, roles and settings are the reader's to see and change."""
        return all(each.roles.get(Role.ADMIN, Scope()).everywhere for each in self.principals)


def principal_of(session: Session, person_id: int) -> Principal:
    """One person's standing now, whatever was read of it before in this session."""
    return _principals(session, (person_id,))[0]


def resolve(session: Session, reader: Reader) -> Access:
    """The reader's rights; read in two queries, once a session."""
    known: dict[Reader, Access] = session.info.setdefault("access", {})
    if reader not in known:
        known[reader] = Access(_principals(session, reader.principals))
    return known[reader]


def all_of_team(session: Session, person_ids: Sequence[int], circle: Circle) -> bool:
    """Whether every one of these people sees the team fields of all the projects of a circle, or of its programs."""
    within = or_(col(Project.id).in_(circle.projects), col(Project.program_id).in_(circle.programs))
    unseen = (not_(_agreed([each.sees(FieldClass.TEAM, Project)])) for each in _principals(session, person_ids))
    return session.execute(select(literal(1)).where(within, _any_of(*unseen)).limit(1)).first() is None


def seen(flags: Sequence[bool | None]) -> frozenset[FieldClass]:
    """The classes of field that a row of `Access.flags` stands for."""
    return frozenset({FieldClass.OPEN, *(each for each, flag in zip(_FLAGGED, flags, strict=True) if flag)})


def _agreed(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """All of them; false and never unknown where a row has no manager or program, so that it may be negated."""
    agreed = _all_of(*conditions)
    return agreed if isinstance(agreed, True_ | False_) else func.coalesce(agreed, false())


def _any_of(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """One of them at least, as a constant where one is; none of none."""
    if any(isinstance(each, True_) for each in conditions):
        return true()
    open_ones = [each for each in conditions if not isinstance(each, False_)]
    return or_(*open_ones) if open_ones else false()


def _all_of(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """All of them, as a constant where one is; all of none."""
    if any(isinstance(each, False_) for each in conditions):
        return false()
    open_ones = [each for each in conditions if not isinstance(each, True_)]
    return and_(*open_ones) if open_ones else true()


def _on_team(person_id: int, project: type[Project]) -> ColumnElement[bool]:
    booked = select(literal(1)).where(col(Booking.person_id) == person_id, col(Booking.project_id) == project.id)
    owning = select(literal(1)).where(col(Task.owner_id) == person_id, col(Task.project_id) == project.id)
    return _any_of(booked.correlate(project).exists(), owning.correlate(project).exists())


def _principals(session: Session, parties: Sequence[Party]) -> tuple[Principal, ...]:
    ids = [party for party in parties if isinstance(party, int)]
    people = _people(session, ids) if ids else {}
    return tuple(
        _anybody_of(party) if isinstance(party, Circle) else people.get(party or 0, Principal()) for party in parties
    )


def _anybody_of(circle: Circle) -> Principal:
    scope = Scope(projects=circle.projects, programs=circle.programs)
    return Principal(is_member=True, roles={Role.TEAM: scope} if scope != Scope() else {})


def _people(session: Session, ids: list[int]) -> dict[int, Principal]:
    active = select(col(Person.id), col(Person.kind)).where(col(Person.id).in_(ids), col(Person.active).is_(True))
    kinds = dict(session.execute(active).all())
    held: dict[int | None, list[_Held]] = defaultdict(list)
    for person_id, role, scope_kind, scope_id in session.execute(_held_by(ids)):
        held[person_id].append(_Held(Role(role), ScopeKind(scope_kind), scope_id))
    return {
        person_id: Principal(person_id, kind == PersonKind.MEMBER, _reaches(held[person_id]))
        for person_id, kind in kinds.items()
    }


class _Held(NamedTuple):
    role: Role
    scope_kind: ScopeKind
    scope_id: int | None


def _held_by(person_ids: list[int]) -> CompoundSelect[Any]:
    """Grants, and the programs and portfolios people manage, as one list of roles on scopes."""
    granted: list[Any] = [col(Grant.person_id), col(Grant.role), col(Grant.scope_kind), col(Grant.scope_id)]
    return union_all(
        select(*granted).where(granted[0].in_(person_ids)),
        _managed_by(person_ids, Program, Role.PROGRAM_MANAGER, ScopeKind.PROGRAM),
        _managed_by(person_ids, Portfolio, Role.PORTFOLIO_MANAGER, ScopeKind.PORTFOLIO),
    )


def _managed_by(
    person_ids: list[int], level: type[Program] | type[Portfolio], role: Role, kind: ScopeKind
) -> Select[Any]:
    manager: Any = col(level.manager_id)
    return select(manager, literal(role.value), literal(kind.value), col(level.id)).where(manager.in_(person_ids))


def _reaches(held: Iterable[_Held]) -> dict[Role, Scope]:
    by_role: dict[Role, list[_Held]] = defaultdict(list)
    for each in held:
        by_role[each.role].append(each)
    return {role: _reach(rows) for role, rows in by_role.items()}


def _reach(held: Iterable[_Held]) -> Scope:
    ids: dict[ScopeKind, set[int]] = defaultdict(set)
    for each in held:
        ids[each.scope_kind].add(each.scope_id or 0)
    return Scope(
        ScopeKind.ORGANISATION in ids,
        frozenset(ids[ScopeKind.PORTFOLIO]),
        frozenset(ids[ScopeKind.PROGRAM]),
        frozenset(ids[ScopeKind.PROJECT]),
        frozenset(ids[ScopeKind.PRACTICE]),
    )

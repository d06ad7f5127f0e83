"""Who may confirm a set of edits: what lies within one's own rights; some kinds of change want a second person.

Everything is read from the rows the edits touch, as they are now: an edit says nothing of its own rights.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, union
from sqlmodel import Session, col

from storage.access import MANAGERS, FieldClass, Principal, principal_of
from storage.changes.applying import MODELS
from storage.edits import RowEdit
from storage.models import Approval, Assignment, Booking, Grant, Person, Portfolio, Program, Project, Task
from storage.policies import four_eyes
from storage.vocabulary import Decision, FourEyes, Role

MOST_NAMED = 4  # people who are named as those who may confirm


class Concern(Enum):
    """What an edit is about, as far as it decides who may confirm it."""

    PLAN = auto()  # dates, estimates, links, names, owners, the register of risks
    PROGRESS = auto()  # how a task stands, and what stops it: its owner's as well
    OWN = auto()  # hours worked and notes written: whose they are may confirm them as well
    ABSENCE = auto()
    BOOKING = auto()
    MONEY = auto()  # budgets and contracts


_PROGRESS = frozenset(
    {
        "state",
        "source_state",
        "done_share",
        "remaining_minutes",
        "actual_start",
        "actual_finish",
        "waits_on",
        "waits_since",
    }
)
_BUDGETS = frozenset({"budget_minor"})
_CONTRACTS = frozenset({"contract_value_minor", "contract_type", "target_margin_share"})


@dataclass(frozen=True)
class Touch:
    """What one edit touches: its projects, whose work or time it is, and who gets work by it."""

    concern: Concern
    project_ids: frozenset[int]
    person_id: int | None = None
    gains: int | None = None
    kind: FourEyes | None = None  # where a policy may want two people for it


@dataclass(frozen=True)
class Standing:
    """What one person may confirm of some touches, and of which of them they could be the second."""

    person_id: int
    lacking: tuple[Touch, ...]  # what they may not confirm
    wants_second: frozenset[FourEyes]  # what the policy wants a second person for, if they confirm
    seconds: bool  # whether they may be that second person

    @property
    def is_entitled(self) -> bool:
        return not self.lacking


def touches(session: Session, edits: Iterable[RowEdit]) -> list[Touch]:
    """What the edits touch. Rows to come are judged by what they will hold, all others by what they hold."""
    added = {edit.row_id: edit for edit in edits if edit.is_addition and edit.row_id < 0}
    return [touch for edit in edits for touch in _touches(session, edit, added)]


def standing(session: Session, person_id: int, found: Sequence[Touch]) -> Standing:
    """Where a person stands towards these touches now; nowhere, unless they are active."""
    clicker = _Clicker(session, principal_of(session, person_id), frozenset(_projects(found)))
    policy = four_eyes(session)
    return Standing(
        person_id,
        tuple(touch for touch in found if not clicker.may_confirm(touch)),
        frozenset(touch.kind for touch in found if touch.kind in policy and clicker.wants_second(touch)),
        all(clicker.may_second(touch) for touch in found if touch.kind in policy),
    )


def is_enough(session: Session, person_ids: Sequence[int], found: Sequence[Touch]) -> bool:
    """Whether the clicks of these people apply a set: of one who is entitled, and of a second where one is wanted."""
    stands = [standing(session, person_id, found) for person_id in dict.fromkeys(person_ids)]
    identities = _identities(session, person_ids)
    return any(
        first.is_entitled
        and (
            not first.wants_second
            or any(second.seconds and identities[second.person_id] != identities[first.person_id] for second in stands)
        )
        for first in stands
    )


def approvers(session: Session, proposal_id: int, digest: str) -> list[int]:
    """Who approved this version so far."""
    query = select(col(Approval.person_id)).where(
        col(Approval.proposal_id) == proposal_id,
        col(Approval.digest) == digest,
        col(Approval.decision) == Decision.APPROVED,
    )
    return list(session.execute(query.order_by(col(Approval.id))).scalars())


def who_may(session: Session, found: Sequence[Touch], *, but: frozenset[int] = frozenset()) -> list[int]:
    """Some people who may confirm all of it, those nearest to the work first."""
    candidates = dict.fromkeys(_candidates(session, found))
    able = (each for each in candidates if each not in but and standing(session, each, found).is_entitled)
    return [each for each, _ in zip(able, range(MOST_NAMED), strict=False)]


def who_may_second(session: Session, found: Sequence[Touch], first: int) -> list[int]:
    """Some people who may be the second, if `first` confirms."""
    candidates = dict.fromkeys(_candidates(session, found))
    identities = _identities(session, [*candidates, first])
    able = (
        each for each in candidates if identities[each] != identities[first] and standing(session, each, found).seconds
    )
    return [each for each, _ in zip(able, range(MOST_NAMED), strict=False)]


class _Clicker:
    """One person and the projects that are touched."""

    def __init__(self, session: Session, principal: Principal, project_ids: frozenset[int]) -> None:
        self.session, self.principal, self.project_ids = session, principal, project_ids

    def may_confirm(self, touch: Touch) -> bool:
        me = self.principal.person_id
        if me is None or not touch.project_ids <= self.visible:
            return False
        if touch.concern is Concern.MONEY:
            return touch.project_ids <= self.financed
        if touch.concern in (Concern.OWN, Concern.ABSENCE, Concern.PROGRESS) and touch.person_id == me:
            return True
        if touch.concern in (Concern.ABSENCE, Concern.BOOKING) and self._leads(touch.person_id):
            return True
        return bool(touch.project_ids) and touch.project_ids <= self.managed

    def wants_second(self, touch: Touch) -> bool:
        if touch.kind is not FourEyes.OUTSIDERS:
            return touch.kind is not None
        person = touch.gains
        if person is None or person == self.principal.person_id or self._leads(person):
            return False
        return person not in _at_work_in(self.session, self._own_projects())

    def may_second(self, touch: Touch) -> bool:
        """Whether this person may stand beside one who confirms: entitled, responsible for the people, or above."""
        if self.principal.person_id is None or not touch.project_ids <= self.visible:
            return False
        if touch.gains is not None and self._leads(touch.gains):
            return True
        return any(touch.project_ids <= held for held in (self.managed, self.financed, self.overseen))

    @cached_property
    def visible(self) -> frozenset[int]:
        return self._those(self.principal.sees(FieldClass.OPEN, Project))

    @cached_property
    def managed(self) -> frozenset[int]:
        return self._those(self._manages())

    @cached_property
    def financed(self) -> frozenset[int]:
        return self._those(self.principal.reach(Role.FINANCE).covers(Project))

    @cached_property
    def overseen(self) -> frozenset[int]:
        return self._those(self.principal.reach(Role.EXECUTIVE).covers(Project))

    def _manages(self) -> ColumnElement[bool]:
        scopes = (self.principal.reach(role) for role in MANAGERS)
        return or_(col(Project.manager_id) == self.principal.person_id, *(scope.covers(Project) for scope in scopes))

    def _own_projects(self) -> Any:
        return select(col(Project.id)).where(self._manages())

    def _those(self, condition: ColumnElement[bool]) -> frozenset[int]:
        query = select(col(Project.id)).where(col(Project.id).in_(self.project_ids), condition)
        return frozenset(self.session.execute(query).scalars())

    def _leads(self, person_id: int | None) -> bool:
        if person_id is None:
            return False
        scope = self.principal.reach(Role.RESOURCE_MANAGER)
        query = select(col(Person.id)).where(col(Person.id) == person_id, scope.covers_practice_of(Person))
        return self.session.execute(query).first() is not None


def _touches(session: Session, edit: RowEdit, added: Mapping[int, RowEdit]) -> list[Touch]:
    stored = {} if edit.is_addition else _stored(session, edit)
    row = {**stored, **(edit.after or {})}
    fields = frozenset(row if edit.is_addition or edit.is_removal else edit.after or ())
    places = _Places(session, added)
    projects = places.of(edit.table, stored, edit.row_id) | places.of(edit.table, row, edit.row_id)
    match edit.table:
        case "project":
            return _of_project(projects, fields)
        case "task":
            return _of_task(projects, stored.get("owner_id"), row, fields, is_new=edit.is_addition or edit.is_removal)
        case "assignment":
            return [_staffing(Concern.PLAN, projects, None if edit.is_removal else row["person_id"])]
        case "booking":
            return [_staffing(Concern.BOOKING, projects, None if edit.is_removal else row.get("person_id"))]
        case "blocker":
            return [Touch(Concern.PROGRESS, projects, places.owner_of(row["task_id"]))]
        case "status_update":
            own = row.get("author_id") if row.get("health") is None else None
            return [Touch(Concern.OWN, projects, own)]
        case "time_entry":
            return [Touch(Concern.OWN, projects, each) for each in _people(stored, row)]
        case "absence":
            return [Touch(Concern.ABSENCE, projects, each) for each in _people(stored, row)]
        case "baseline":
            return [Touch(Concern.PLAN, projects, kind=FourEyes.BASELINES)]
        case _:
            return [Touch(Concern.PLAN, projects)]


def _of_project(projects: frozenset[int], fields: frozenset[str]) -> list[Touch]:
    found = []
    if fields & _BUDGETS:
        found.append(Touch(Concern.MONEY, projects, kind=FourEyes.BUDGETS))
    if fields & _CONTRACTS:
        found.append(Touch(Concern.MONEY, projects, kind=FourEyes.CONTRACTS))
    if fields - _BUDGETS - _CONTRACTS:
        found.append(Touch(Concern.PLAN, projects))
    return found


def _of_task(
    projects: frozenset[int], owner_id: int | None, row: Mapping[str, Any], fields: frozenset[str], *, is_new: bool
) -> list[Touch]:
    if fields <= _PROGRESS and not is_new:
        return [Touch(Concern.PROGRESS, projects, owner_id)]
    return [_staffing(Concern.PLAN, projects, row.get("owner_id") if "owner_id" in fields else None)]


def _staffing(concern: Concern, projects: frozenset[int], person_id: int | None) -> Touch:
    kind = FourEyes.OUTSIDERS if person_id is not None else None
    return Touch(concern, projects, person_id, gains=person_id, kind=kind)


def _people(*rows: Mapping[str, Any]) -> list[int]:
    return list(dict.fromkeys(row["person_id"] for row in rows if row))


@dataclass(frozen=True)
class _Places:
    """Which projects rows belong to, also by the rows they refer to: what is half somebody else's touches both."""

    session: Session
    added: Mapping[int, RowEdit]

    def of(self, table: str, row: Mapping[str, Any], row_id: int) -> frozenset[int]:
        if not row:
            return frozenset()
        found = {row_id} if table == "project" else {row["project_id"]} if "project_id" in row else set[int]()
        tasks = (row.get(label) for label in _TASK_FIELDS)
        found |= {project for task in tasks if task is not None and (project := self._of_task(task)) is not None}
        return frozenset(found)

    def owner_of(self, task_id: int) -> int | None:
        return self.session.scalar(select(col(Task.owner_id)).where(col(Task.id) == task_id))

    def _of_task(self, task_id: int) -> int | None:
        if task_id in self.added:
            return int((self.added[task_id].after or {})["project_id"])
        return self.session.scalar(select(col(Task.project_id)).where(col(Task.id) == task_id))


_TASK_FIELDS = ("task_id", "parent_id", "predecessor_id", "successor_id")


def _stored(session: Session, edit: RowEdit) -> dict[str, Any]:
    """The row as it is; as the edit has it where it is gone, so that a conflict is told to whom it was shown."""
    table = MODELS[edit.table].__table__
    found = session.execute(select(table).where(table.c.id == edit.row_id)).mappings().first()
    return dict(found) if found is not None else dict(edit.before or {})


def _projects(found: Iterable[Touch]) -> set[int]:
    return {project for touch in found for project in touch.project_ids}


def _at_work_in(session: Session, projects: Any) -> frozenset[int]:
    """Who has work or a booking in these projects."""
    owning = select(col(Task.owner_id)).where(col(Task.project_id).in_(projects))
    booked = select(col(Booking.person_id)).where(col(Booking.project_id).in_(projects))
    helping = select(col(Assignment.person_id)).join(Task, col(Task.id) == Assignment.task_id)
    everybody: Any = union(owning, booked, helping.where(col(Task.project_id).in_(projects)))
    return frozenset(each for each in session.execute(everybody).scalars() if each is not None)


def _candidates(session: Session, found: Sequence[Touch]) -> list[int]:
    """People who might be entitled, those nearest to the work first: owners, managers upwards, then by grants."""
    projects = _projects(found)
    own = [touch.person_id for touch in found if touch.person_id is not None]
    managers: list[Any] = [col(Project.manager_id), col(Program.manager_id), col(Portfolio.manager_id)]
    above = (
        select(*managers)
        .outerjoin(Program, col(Program.id) == Project.program_id)
        .outerjoin(Portfolio, col(Portfolio.id) == func.coalesce(Project.portfolio_id, Program.portfolio_id))
        .where(col(Project.id).in_(projects))
    )
    rows = session.execute(above).all()
    upwards = [row[level] for level in range(3) for row in rows]
    granted = session.execute(select(col(Grant.person_id)).order_by(col(Grant.id))).scalars()
    return [each for each in (*own, *upwards, *granted) if each is not None]


def _identities(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """What tells two people apart: two records with one mailbox are one person."""
    columns: list[Any] = [Person.id, Person.email]
    query = select(*columns).where(col(Person.id).in_(list(person_ids)))
    return {person_id: _mailbox(email) or f"person {person_id}" for person_id, email in session.execute(query)}


def _mailbox(email: str | None) -> str:
    local, _, domain = (email or "").casefold().partition("@")
    return f"{local.partition('+')[0]}@{domain}" if domain else ""

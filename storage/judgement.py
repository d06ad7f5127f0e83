"""What people say of the work, as it stood on a day: status notes, open risks and blockers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.access import FieldClass, Reader, resolve
from storage.models import Blocker, Person, Project, Risk, StatusUpdate, Task
from storage.records import BlockerRecord, RiskRecord, StatusRecord, person_name

_Person = aliased(Person)
_PERSON: list[Any] = [_Person.id, _Person.key, _Person.name]


def latest_status(session: Session, reader: Reader, project_ids: Iterable[int], as_of: date) -> dict[int, StatusRecord]:
    """The last status update of each of these projects up to a day, by project id; one query."""
    of_project = and_(col(StatusUpdate.project_id).in_(list(project_ids)), col(StatusUpdate.task_id).is_(None))
    return {status.project_id: status for status in _last(session, reader, of_project, as_of)}


def latest_task_status(session: Session, reader: Reader, task_id: int, as_of: date) -> StatusRecord | None:
    """The last status update of a task up to a day."""
    return next(iter(_last(session, reader, col(StatusUpdate.task_id) == task_id, as_of)), None)


def open_risks(session: Session, reader: Reader, project_ids: Iterable[int], as_of: date) -> list[RiskRecord]:
    """Risks of these projects that were open on a day, likely and grave ones first; a field of the team's."""
    standing = and_(col(Risk.opened_on) <= as_of, or_(col(Risk.closed_on).is_(None), col(Risk.closed_on) > as_of))
    score = func.coalesce(col(Risk.likelihood_share), 0.5) * func.coalesce(col(Risk.impact_share), 0.5)
    columns: list[Any] = [Risk, Project.key, *_PERSON]
    query = (
        select(*columns)
        .join(Project, col(Project.id) == col(Risk.project_id))
        .outerjoin(_Person, col(_Person.id) == col(Risk.owner_id))
        .where(col(Risk.project_id).in_(list(project_ids)), standing, _sees_team(session, reader))
        .order_by(score.desc(), col(Risk.key))
    )
    return [_risk(*row) for row in session.execute(query)]


def open_blockers(session: Session, reader: Reader, project_ids: Iterable[int], as_of: date) -> list[BlockerRecord]:
    """What stood in the way of tasks of these projects on a day, oldest first; a field of the task's team."""
    standing = and_(
        col(Blocker.opened_on) <= as_of, or_(col(Blocker.cleared_on).is_(None), col(Blocker.cleared_on) > as_of)
    )
    columns: list[Any] = [Blocker, Task, Project.key, *_PERSON]
    query = (
        select(*columns)
        .join(Task, col(Task.id) == col(Blocker.task_id))
        .join(Project, col(Project.id) == col(Task.project_id))
        .outerjoin(_Person, col(_Person.id) == col(Task.owner_id))
        .where(col(Task.project_id).in_(list(project_ids)), standing, resolve(session, reader).task_team())
        .order_by(col(Blocker.opened_on), col(Blocker.id))
    )
    return [_blocker(*row) for row in session.execute(query)]


def _last(session: Session, reader: Reader, condition: ColumnElement[bool], as_of: date) -> list[StatusRecord]:
    """The last visible update of each project among those that meet the condition.

    Of an update the health is open; without a health only those who see the note learn of it.
    """
    sees_note = _sees_team(session, reader)
    known = and_(resolve(session, reader).projects(), or_(sees_note, col(StatusUpdate.health).is_not(None)))
    newest = func.row_number().over(
        partition_by=col(StatusUpdate.project_id),
        order_by=(col(StatusUpdate.written_on).desc(), col(StatusUpdate.id).desc()),
    )
    ranked = (
        select(col(StatusUpdate.id).label("id"), newest.label("place"))
        .join(Project, col(Project.id) == col(StatusUpdate.project_id))
        .where(condition, col(StatusUpdate.written_on) <= as_of, known)
        .subquery()
    )
    columns: list[Any] = [StatusUpdate, Project.key, Task.key, *_PERSON, sees_note]
    query = (
        select(*columns)
        .join(ranked, and_(ranked.c.id == col(StatusUpdate.id), ranked.c.place == 1))
        .join(Project, col(Project.id) == col(StatusUpdate.project_id))
        .outerjoin(Task, col(Task.id) == col(StatusUpdate.task_id))
        .outerjoin(_Person, col(_Person.id) == col(StatusUpdate.author_id))
    )
    return [_status(*row) for row in session.execute(query)]


def _status(status: StatusUpdate, project_key: str, task_key: str | None, *rest: Any) -> StatusRecord:
    *author, sees_note = rest
    values = vars(status) | {"project_key": project_key, "task_key": task_key, "author": person_name(*author)}
    return StatusRecord.of(values, frozenset({FieldClass.OPEN, FieldClass.TEAM} if sees_note else {FieldClass.OPEN}))


def _risk(risk: Risk, project_key: str, *owner: Any) -> RiskRecord:
    return RiskRecord(
        key=risk.key,
        project_id=risk.project_id,
        project_key=project_key,
        title=risk.title,
        owner=person_name(*owner),
        likelihood_share=risk.likelihood_share,
        impact_share=risk.impact_share,
        mitigation=risk.mitigation,
        opened_on=risk.opened_on,
    )


def _blocker(blocker: Blocker, task: Task, project_key: str, *owner: Any) -> BlockerRecord:
    return BlockerRecord(
        task_id=blocker.task_id,
        task_key=task.key,
        task_name=task.name,
        project_id=task.project_id,
        project_key=project_key,
        owner=person_name(*owner),
        note=blocker.note,
        opened_on=blocker.opened_on,
    )


def _sees_team(session: Session, reader: Reader) -> ColumnElement[bool]:
    return resolve(session, reader).projects(FieldClass.TEAM)

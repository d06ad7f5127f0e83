"""What was promised when a plan was frozen."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Subquery, func, select
from sqlmodel import Session, col

from storage.access import Reader, resolve
from storage.models import Baseline, Project


def baseline_finishes(session: Session, reader: Reader, project_ids: Iterable[int], as_of: date) -> dict[int, datetime]:
    """When each of these visible projects was to end by the last baseline taken up to a day, by project id."""
    newest = _newest(project_ids, as_of)
    query = (
        select(col(Baseline.project_id), func.max(col(Baseline.planned_finish)))
        .join(Project, col(Project.id) == col(Baseline.project_id))
        .join(newest, newest.c.project_id == col(Baseline.project_id))
        .where(col(Baseline.taken_on) == newest.c.taken_on, resolve(session, reader).projects())
        .group_by(col(Baseline.project_id))
    )
    return {project: finish for project, finish in session.execute(query) if finish is not None}


def task_baselines(
    session: Session, reader: Reader, project_id: int, as_of: date
) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Start and finish of the tasks of a visible project in the last baseline taken up to a day, by task id."""
    newest = _newest([project_id], as_of)
    query = (
        select(col(Baseline.task_id), col(Baseline.planned_start), col(Baseline.planned_finish))
        .join(Project, col(Project.id) == col(Baseline.project_id))
        .join(newest, newest.c.project_id == col(Baseline.project_id))
        .where(col(Baseline.taken_on) == newest.c.taken_on, col(Baseline.task_id).is_not(None))
        .where(resolve(session, reader).projects())
        .order_by(col(Baseline.id))
    )
    return {task: (start, finish) for task, start, finish in session.execute(query) if task is not None}


def _newest(project_ids: Iterable[int], as_of: date) -> Subquery:
    """The day of the last baseline of each project."""
    return (
        select(col(Baseline.project_id), func.max(col(Baseline.taken_on)).label("taken_on"))
        .where(col(Baseline.project_id).in_(list(project_ids)), col(Baseline.taken_on) <= as_of)
        .group_by(col(Baseline.project_id))
        .subquery()
    )

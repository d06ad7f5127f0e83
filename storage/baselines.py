"""What was promised when a plan was frozen."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.access import Reader, resolve
from storage.models import Baseline, Project


def baseline_finishes(session: Session, reader: Reader, project_ids: Iterable[int], as_of: date) -> dict[int, datetime]:
    """When each of these visible projects was to end by the last baseline taken up to a day, by project id."""
    newest = (
        select(col(Baseline.project_id), func.max(col(Baseline.taken_on)).label("taken_on"))
        .where(col(Baseline.project_id).in_(list(project_ids)), col(Baseline.taken_on) <= as_of)
        .group_by(col(Baseline.project_id))
        .subquery()
    )
    query = (
        select(col(Baseline.project_id), func.max(col(Baseline.planned_finish)))
        .join(Project, col(Project.id) == col(Baseline.project_id))
        .join(newest, newest.c.project_id == col(Baseline.project_id))
        .where(col(Baseline.taken_on) == newest.c.taken_on, resolve(session, reader).projects())
        .group_by(col(Baseline.project_id))
    )
    return {project: finish for project, finish in session.execute(query) if finish is not None}

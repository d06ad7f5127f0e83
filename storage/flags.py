"""Flags against what somebody reported: raised when first seen, told when it has reached whoever reported."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.models import Flag, Project, ProjectReading

CONTRADICTED = "contradicted"  # the code of tools/planning/risk_rules.py


def raise_flags(session: Session, project_keys: Iterable[str], day: date, hearer_id: int | None, at: datetime) -> None:
    """Note for these projects whether the figures of a day contradict the report, and whether its reporter has heard.

    For a system session. The reporter is the project's manager; `hearer_id` has just been shown the evidence. A flag
    whose contradiction is gone ends.
    """
    columns: list[Any] = [Project.id, Project.manager_id, ProjectReading.is_watermelon, ProjectReading.health_reasons]
    query = (
        select(*columns)
        .join(ProjectReading, col(ProjectReading.project_id) == col(Project.id))
        .where(col(Project.key).in_(list(project_keys)), col(ProjectReading.day) == day)
        .where(col(Project.manager_id).is_not(None))
    )
    found = {project: rest for project, *rest in session.execute(query)}
    standing = {
        flag.project_id: flag
        for flag in session.scalars(
            select(Flag).where(
                col(Flag.project_id).in_(found), col(Flag.kind) == CONTRADICTED, col(Flag.ended_on).is_(None)
            )
        )
    }
    for project, (manager, is_contradicted, reasons) in found.items():
        flag = standing.get(project)
        if flag is not None and (not is_contradicted or flag.reporter_id != manager):
            flag.ended_on, flag = day, None
        if is_contradicted and flag is None:
            flag = Flag(
                project_id=project, kind=CONTRADICTED, reporter_id=manager, raised_on=day, evidence=list(reasons)
            )
            session.add(flag)
        if flag is not None and flag.told_at is None and hearer_id == manager:
            flag.told_at = at

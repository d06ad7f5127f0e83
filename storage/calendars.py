"""Working calendars of plans."""

from sqlalchemy import select
from sqlmodel import Session, col

from storage.access import Reader, resolve
from storage.models import Calendar, Project, Task
from storage.records import CalendarRecord


def calendars_of(session: Session, reader: Reader, project_id: int) -> dict[int, CalendarRecord]:
    """The calendars that a visible project and its tasks go by, by id."""
    visible = resolve(session, reader).projects()
    of_project = select(col(Project.calendar_id)).where(col(Project.id) == project_id, visible)
    of_tasks = (
        select(col(Task.calendar_id))
        .join(Project, col(Project.id) == col(Task.project_id))
        .where(col(Task.project_id) == project_id, visible)
    )
    query = select(Calendar).where(col(Calendar.id).in_(of_project.union(of_tasks)))
    return {row.id: CalendarRecord.of(vars(row), frozenset()) for row in session.scalars(query) if row.id}

"""The figures kept for each project and day: which are missing, and how they are saved and read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, delete, func, insert, literal, not_, or_, select
from sqlmodel import Session, col

from storage.access import Access, FieldClass, Reader, resolve, seen
from storage.engine import Store
from storage.models import History, Project, ProjectReading, Source, TaskReading, TimeEntry
from storage.records import FEWEST_PEOPLE, ReadingRecord
from storage.vocabulary import Level

PROGRESS = ("state", "done_share", "remaining_minutes", "actual_start", "actual_finish", "actual_duration_minutes")
_CHUNK = 5_000  # rows a statement is given at once


def day_of(today: date, as_of: date | None = None) -> ColumnElement[date]:
    """The clock of a project, over Project outer-joined with its Source: as asked, else the snapshot's, else today."""
    if as_of is not None:
        return literal(as_of, Date)
    return func.coalesce(col(Source.data_as_of), literal(today, Date))


def of_day(today: date, as_of: date | None = None) -> ColumnElement[bool]:
    """Joins ProjectReading to Project (with its Source outer-joined) on the project's clock."""
    return and_(col(ProjectReading.project_id) == col(Project.id), col(ProjectReading.day) == day_of(today, as_of))


def stale(
    session: Session,
    today: date,
    as_of: date | None = None,
    project_ids: Sequence[int] | None = None,
    *,
    definitions: str | None = None,
) -> list[tuple[int, date]]:
    """Projects, with their day, whose reading is missing or older than their rows or the metric definitions."""
    day = day_of(today, as_of).label("day")
    outdated = [col(ProjectReading.id).is_(None), col(ProjectReading.revision) != col(Project.revision)]
    if definitions is not None:
        outdated.append(col(ProjectReading.definitions) != definitions)
    query = (
        select(col(Project.id), day)
        .outerjoin(Source, col(Source.id) == col(Project.source_id))
        .outerjoin(ProjectReading, of_day(today, as_of))
        .where(or_(*outdated))
        .order_by(col(Project.id))
    )
    if project_ids is not None:
        query = query.where(col(Project.id).in_(project_ids))
    return [(project_id, clock) for project_id, clock in session.execute(query)]


def moved_on(session: Session, today: date, as_of: date, project_ids: Sequence[int] | None = None) -> frozenset[int]:
    """Projects that were worked on after a day in their past: what their rows say is done is not what was done then."""
    query = _moved_on(today, as_of).distinct()
    if project_ids is not None:
        query = query.where(col(Project.id).in_(project_ids))
    return frozenset(session.execute(query).scalars())


def knows_progress(session: Session, reader: Reader, today: date, as_of: date) -> bool:
    """Whether what is done on that day is on file, for all the projects that the reader sees."""
    visible = _moved_on(today, as_of).where(resolve(session, reader).projects())
    return session.execute(visible.limit(1)).first() is None


def _moved_on(today: date, as_of: date) -> Select[Any]:
    """The projects with an edit of progress after the day, where their clock would be a later one by itself."""
    told = or_(col(History.field).is_(None), col(History.field).in_(PROGRESS))
    return (
        select(col(Project.id))
        .join(History, col(History.project_id) == col(Project.id))
        .outerjoin(Source, col(Source.id) == col(Project.source_id))
        .where(day_of(today) > as_of, col(History.at) > datetime.combine(as_of, time.max, UTC))
        .where(col(History.table).in_((Level.PROJECT, Level.TASK)), told)
    )


def save(store: Store, projects: Sequence[Mapping[str, Any]], tasks: Sequence[Mapping[str, Any]]) -> None:
    """Keep what was computed: rows of ProjectReading, and of TaskReading for those projects whose tasks were.

    Two processes may compute the same: writers take turns, and what belongs to a revision that a project no longer
    has is let go.
    """
    with store.system() as session:
        current = _unmoved(session, projects)
        kept = [row for row in projects if row["project_id"] in current]
        for day, rows in _by_day(kept).items():
            _save_day(session, day, rows)
        _save_tasks(session, [row for row in tasks if row["project_id"] in current])


def readings(
    session: Session, reader: Reader, project_ids: Iterable[int], today: date, as_of: date | None = None
) -> dict[int, ReadingRecord]:
    """The readings of these projects on their clock, by project id; those not visible or not computed are absent."""
    access = resolve(session, reader)
    summary = access.team_summary().label("sees_summary")
    query = (
        select(ProjectReading, summary, *access.flags())
        .join(Project, col(Project.id) == col(ProjectReading.project_id))
        .outerjoin(Source, col(Source.id) == col(Project.source_id))
        .where(col(Project.id).in_(list(project_ids)), access.projects(), of_day(today, as_of))
    )
    return {row.project_id: _record(row, summed, flags) for row, summed, *flags in session.execute(query)}


def shows_rate(access: Access) -> ColumnElement[bool]:
    """Over ProjectReading joined with Project: those whose cost would tell this reader what one person costs."""
    few = col(ProjectReading.cost_people).between(1, FEWEST_PEOPLE - 1)
    return and_(few, not_(access.projects(FieldClass.RATE)))


def _record(row: ProjectReading, summed: bool | None, flags: Sequence[bool | None]) -> ReadingRecord:
    sees = seen(flags) | ({FieldClass.TEAM} if summed else frozenset())
    # Health is open, but that cost is among its reasons is not.
    reasons = (each for each in row.health_reasons if FieldClass.MONEY in sees or not each.startswith("cost."))
    values = vars(row) | {"health_reasons": tuple(reasons)}
    return ReadingRecord.of(values, sees, people=row.cost_people)


def _unmoved(session: Session, projects: Sequence[Mapping[str, Any]]) -> set[int]:
    """The projects that still have the revision their figures were computed for."""
    revisions: dict[int, int] = {}
    for ids in _chunks([row["project_id"] for row in projects]):
        found = select(col(Project.id), col(Project.revision)).where(col(Project.id).in_(ids))
        revisions |= dict(session.execute(found).all())
    return {row["project_id"] for row in projects if revisions.get(row["project_id"]) == row["revision"]}


def _by_day(projects: Sequence[Mapping[str, Any]]) -> dict[date, list[Mapping[str, Any]]]:
    days: dict[date, list[Mapping[str, Any]]] = defaultdict(list)
    for row in projects:
        days[row["day"]].append(row)
    return days


def _save_day(session: Session, day: date, projects: Sequence[Mapping[str, Any]]) -> None:
    for rows in _chunks(projects):
        ids = [row["project_id"] for row in rows]
        people = _people_by_project(session, day, ids)
        on_day = and_(col(ProjectReading.day) == day, col(ProjectReading.project_id).in_(ids))
        session.execute(delete(ProjectReading).where(on_day))
        session.execute(
            insert(ProjectReading), [{**row, "cost_people": people.get(row["project_id"], 0)} for row in rows]
        )


def _people_by_project(session: Session, day: date, project_ids: Sequence[int]) -> dict[int, int]:
    people = func.count(col(TimeEntry.person_id).distinct())
    worked = and_(col(TimeEntry.project_id).in_(project_ids), col(TimeEntry.worked_on) <= day)
    query = select(col(TimeEntry.project_id), people).where(worked).group_by(col(TimeEntry.project_id))
    return dict(session.execute(query).all())


def _save_tasks(session: Session, tasks: Sequence[Mapping[str, Any]]) -> None:
    for ids in _chunks(sorted({row["project_id"] for row in tasks})):
        session.execute(delete(TaskReading).where(col(TaskReading.project_id).in_(ids)))
    for rows in _chunks(tasks):
        session.execute(insert(TaskReading), rows)


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))

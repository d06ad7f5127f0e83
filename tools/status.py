"""Where a project stands: health by the figures beside health as reported, progress, dates, late work, money."""

from collections.abc import Sequence, Set
from datetime import date, timedelta
from typing import Annotated, ClassVar

from pydantic import Field
from sqlmodel import Session

from storage.access import FieldClass, Reader
from storage.judgement import latest_status, open_blockers
from storage.money import approved_until
from storage.projects import find_project
from storage.readings import readings
from storage.records import LinkRecord, ProjectRecord, ReadingRecord, TaskRecord
from storage.tasks import list_tasks, successors
from storage.vocabulary import DurationBasis, Level, ProjectState
from tools import facts
from tools.context import ToolContext
from tools.facts import Fact, Figure, Line, Refusal, ToolResult, Unit
from tools.figures import days, soonest, source_of, task_lateness, title, whole_days
from tools.planning.earned_value import BudgetBasis
from tools.planning.health import WORDS
from tools.planning.lateness import is_late
from tools.resolve import Match, find_one

MOST_TASKS = 6
MOST_MILESTONES = 2
NO_FORECAST = "No likely dates yet"


class StatusLine(Line):
    """A task worth naming: late, blocked, or a milestone to come."""

    why: Figure = Field(description="late, blocked or milestone")
    name: Figure
    owner: Figure | None = Field(None, description="who does it, where the reader may see that")
    finish: Figure | None = Field(None, description="planned finish")
    days_late: Figure | None = None
    waits_on: Figure | None = Field(None, description="who or what outside the plan it waits for")
    waits_since: Figure | None = None
    holds_up: Figure | None = Field(None, description="open tasks that wait for it")


class ProjectStatus(Fact):
    """One project on one day."""

    kind: ClassVar[str] = "project_status"

    project: Figure = Field(description="its key")
    name: Figure
    state: Figure | None = None
    client: Figure | None = None
    program: Figure | None = None
    manager: Figure | None = None
    computed_health: Figure | None = Field(None, description="by SPI, CPI and lateness")
    health_reason: Figure | None = Field(None, description="why, in plain words")
    reported_health: Figure | None = Field(None, description="as its manager or source reports it")
    reported_on: Figure | None = None
    progress: Figure | None = None
    planned_progress: Figure | None = Field(None, description="share that should be done by the day of the answer")
    progress_basis: Figure | None = Field(None, description="what progress is weighted by")
    start: Figure | None = Field(None, description="planned start")
    finish: Figure | None = Field(None, description="planned finish")
    promised_finish: Figure | None = None
    promise_slip: Figure | None = Field(None, description="how far the planned finish lies after the promised one")
    dates_basis: Figure | None = Field(None, description="own: the project's; tasks: rolled up from its tasks")
    tasks_finish: Figure | None = Field(None, description="planned finish of its last task")
    days_late: Figure | None = None
    forecast: Figure | None = Field(None, description="why there is no likely and no safe date")
    tasks: Figure
    tasks_open: Figure
    tasks_done: Figure
    tasks_late: Figure
    tasks_blocked: Figure | None = None
    closed_lately: Figure | None = Field(None, description="tasks finished in the seven days before")
    closed_since: Figure | None = Field(None, description="the first of those seven days")
    last_activity: Figure | None = Field(None, description="the last day with time or progress on record")
    budget: Figure | None = None
    planned_cost: Figure | None = Field(None, description="as the source gives it")
    spent: Figure | None = None
    earned: Figure | None = None
    estimate_at_completion: Figure | None = None
    margin: Figure | None = Field(None, description="forecast at completion")
    target_margin: Figure | None = None
    spi: Figure | None = None
    cpi: Figure | None = None
    reported_delay: Figure | None = Field(None, description="delay as its source reports it")
    reported_cost_variance: Figure | None = Field(None, description="as reported; below zero is an overrun")
    time_until: Figure | None = Field(None, description="the last day with approved time")
    snapshot: Figure | None = Field(None, description="the day of its data, where the source is a snapshot")
    note: Figure | None = Field(None, description="the latest status note, where the reader may see it")
    note_by: Figure | None = None
    note_on: Figure | None = None
    rows: dict[str, StatusLine] = Field(default_factory=dict)


def project_status(context: ToolContext, project: Annotated[str, "key or name of one project"]) -> ToolResult:
    """Where one project stands: computed and reported health, progress, milestones, late and blocked work, money."""
    with context.reading() as session:
        match = find_one(session, context.reader, project, (Level.PROJECT,))
        if not isinstance(match, Match):
            return match
        record = find_project(session, context.reader, match.key)
        found = readings(session, context.reader, [record.id], context.today, context.as_of)
        if record.id not in found:
            return Refusal("refused", f"Of {match.name} you may know the name, and no more.")
        return _status(session, context, record, found[record.id])


def _status(session: Session, context: ToolContext, project: ProjectRecord, reading: ReadingRecord) -> ProjectStatus:
    reader, day = context.reader, reading.day
    tasks = [task for task in list_tasks(session, reader, project.id) if task.is_leaf is not False]
    blockers = {blocker.task_id for blocker in open_blockers(session, reader, [project.id], day)}
    rows = _lines(session, reader, tasks, blockers, reading)
    week_ago = day - min(timedelta(days=7), day - date.min)
    closed = facts.count(_closed_since(tasks, week_ago, day))
    note = latest_status(session, reader, [project.id], day).get(project.id)
    budget = reading.budget_minor if BudgetBasis(reading.budget_basis).is_budget else None
    money_seen, currency = FieldClass.MONEY in project.sees, project.currency
    return ProjectStatus(
        as_of=day,
        project=Figure(value=project.key, unit=Unit.KEY),
        name=Figure(value=title(Level.PROJECT, project.key, project.name), unit=Unit.NAME),
        state=None if project.state == ProjectState.UNKNOWN else facts.state(project.state),
        client=facts.name(project.client),
        program=facts.name(project.program_name or project.program_key),
        manager=facts.name(project.manager.name if project.manager else None),
        computed_health=facts.health(reading.computed_health, "computed_health"),
        health_reason=facts.text(_reason(reading, money_seen=money_seen)),
        reported_health=facts.health(project.reported_health, "reported_health"),
        reported_on=facts.day(project.reported_health_on),
        progress=facts.share(reading.progress_share, "percent_complete"),
        planned_progress=facts.share(reading.planned_share, "planned_percent"),
        progress_basis=facts.text(reading.progress_basis if reading.progress_basis != "none" else None),
        start=facts.day(reading.start, "planned_start"),
        finish=facts.day(reading.finish, "planned_finish"),
        promised_finish=facts.day(project.promised_finish, "promised_finish"),
        promise_slip=whole_days(reading.promise_slip_days, DurationBasis.WORKING, "promise_slip"),
        dates_basis=facts.text(reading.dates_basis),
        tasks_finish=facts.day(reading.tasks_finish),
        days_late=whole_days(reading.days_late, project.duration_basis, "days_late"),
        forecast=facts.text(NO_FORECAST) if reading.is_open else None,
        tasks=_count(reading.tasks, "tasks"),
        tasks_open=_count(reading.tasks_open, "open_tasks"),
        tasks_done=_count(reading.tasks_done, "done_tasks"),
        tasks_late=_count(reading.tasks_late, "late_tasks"),
        tasks_blocked=facts.count(reading.tasks_blocked, "blocked_tasks"),
        closed_lately=closed,
        closed_since=facts.day(week_ago if closed and closed.value else None),
        last_activity=facts.day(reading.last_activity_on, "last_activity"),
        budget=facts.money(budget, currency, "BAC"),
        planned_cost=facts.money(project.planned_cost_minor, currency, "planned_cost"),
        spent=facts.money(reading.actual_cost_minor, currency, "AC"),
        earned=facts.money(reading.earned_value_minor, currency, "EV"),
        estimate_at_completion=facts.money(reading.estimate_at_completion_minor, currency, "EAC"),
        margin=facts.share(reading.margin_at_completion_share, "margin_at_completion"),
        target_margin=facts.share(project.target_margin_share),
        spi=facts.ratio(reading.schedule_performance, "SPI"),
        cpi=facts.ratio(reading.cost_performance, "CPI"),
        reported_delay=days(project.reported_delay_minutes, project.duration_basis),
        reported_cost_variance=facts.money(project.reported_cost_variance_minor, currency),
        time_until=facts.day(approved_until(session, reader, [project.id], day)),
        snapshot=facts.day(project.data_as_of),
        note=facts.text(note.note if note else None),
        note_by=facts.name(note.author.name if note and note.author else None),
        note_on=facts.day(note.written_on if note and note.note else None),
        rows=rows,
        sources=[
            source_of(Level.PROJECT, project.key, project.name),
            *(source_of(Level.TASK, task.key, task.name) for task in tasks if task.key in rows),
        ],
    )


def _lines(
    session: Session, reader: Reader, tasks: Sequence[TaskRecord], blockers: Set[int], reading: ReadingRecord
) -> dict[str, StatusLine]:
    """The late and the blocked tasks, worst first, and the next milestones."""
    late = sorted((task for task in tasks if _is_late(task, reading)), key=lambda task: soonest(task.finish))
    waits = {task.id for task in tasks if task.waits_on and (task.waits_since or reading.day) <= reading.day}
    stuck = [task for task in tasks if task.is_open and task.id in waits | blockers and task not in late]
    coming = (task for task in tasks if task.is_open and task.is_milestone and not _is_late(task, reading))
    milestones = sorted((task for task in coming if task.finish), key=lambda task: soonest(task.finish))
    picked = [("late", task) for task in late] + [("blocked", task) for task in stuck]
    picked = picked[:MOST_TASKS] + [("milestone", task) for task in milestones[:MOST_MILESTONES]]
    waiting = successors(session, reader, [task.id for _, task in picked])
    return {task.key: _line(why, task, waiting.get(task.id, []), reading) for why, task in picked}


def _line(why: str, task: TaskRecord, waiting: Sequence[LinkRecord], reading: ReadingRecord) -> StatusLine:
    return StatusLine(
        why=Figure(value=why, unit=Unit.TEXT),
        name=Figure(value=task.name, unit=Unit.NAME),
        owner=facts.name(task.owner.name if task.owner else None),
        finish=facts.day(task.finish),
        days_late=task_lateness(task, reading.day) if why == "late" else None,
        waits_on=facts.text(task.waits_on),
        waits_since=facts.day(task.waits_since),
        holds_up=facts.count(sum(link.is_open for link in waiting) or None),
    )


def _is_late(task: TaskRecord, reading: ReadingRecord) -> bool:
    return bool(task.is_open and is_late(task.finish, reading.day, is_open=True))


def _closed_since(tasks: Sequence[TaskRecord], since: date, day: date) -> int | None:
    """Tasks that finished in these days; None where no finish is on record."""
    finishes = [task.actual_finish.date() for task in tasks if task.actual_finish]
    return sum(since <= finish <= day for finish in finishes) if finishes else None


def _reason(reading: ReadingRecord, *, money_seen: bool) -> str | None:
    """The worst reason this reader may know: what money says is for those who see money."""
    told = [code for code in reading.health_reasons if money_seen or not code.startswith("cost")]
    return WORDS.get(told[0]) if told else None


def _count(value: int, metric: str) -> Figure:
    return Figure(value=value, unit=Unit.COUNT, metric=metric)

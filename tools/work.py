"""What is on somebody's plate, and everything the records say of one task."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from sqlmodel import Session

from storage.access import FieldClass, Reader
from storage.catalogue import plain
from storage.judgement import latest_task_status, open_blockers
from storage.money import time_by_task
from storage.projects import find_project
from storage.records import LinkRecord, PersonRecord, StatusRecord, TaskRecord
from storage.staffing import find_person
from storage.tasks import find_task, predecessors, successors, tasks_of
from storage.vocabulary import Level, TaskState
from tools import facts
from tools.context import ToolContext
from tools.facts import Fact, Figure, Line, Refusal, ToolResult, Unit
from tools.figures import days, source_of, task_lateness, title
from tools.people import load_of, week_of
from tools.resolve import Match, find_one

MOST_TASKS = 10
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays")
ABOUT = {
    plain(word): field
    for field, words in {
        "state": ("state", "status", "source_state"),
        "owner": ("owner", "assignee"),
        "start": ("start", "planned_start"),
        "finish": ("finish", "planned_finish", "due"),
        "duration": ("duration", "planned_duration"),
        "actual_start": ("actual_start",),
        "actual_finish": ("actual_finish",),
        "actual_duration": ("actual_duration",),
        "start_delay": ("start_delay",),
        "days_late": ("days_late",),
        "progress": ("progress",),
        "effort": ("effort",),
        "remaining": ("remaining",),
        "spent": ("spent", "actual_cost"),
        "planned_cost": ("planned_cost", "cost"),
        "deliverable_type": ("deliverable_type", "type"),
        "description": ("description",),
        "waits_on": ("waits_on", "blocker"),
        "project": ("project",),
    }.items()
    for word in words
}
FIELD_CLASSES = {
    **dict.fromkeys(("owner", "effort", "remaining", "spent", "waits_on"), FieldClass.TEAM),
    "planned_cost": FieldClass.MONEY,
}
SAYS_DONE = re.compile(r"\b(done|finished|complete[d]?|closed|signed[ -]off|delivered|accepted)\b", re.IGNORECASE)
SAYS_NOT = re.compile(r"\b(not|n't|until|before|once|when|waiting)\b", re.IGNORECASE)


class WorkLine(Line):
    """One open task of the person."""

    name: Figure
    project: Figure
    remaining: Figure | None = Field(None, description="work left")
    finish: Figure | None = Field(None, description="planned finish")
    days_late: Figure | None = None
    waiting: Figure | None = Field(None, description="people whose open tasks wait for it")
    waits_on: Figure | None = None


class MyWork(Fact):
    """One person's open work in a window against the hours they have."""

    kind: ClassVar[str] = "my_work"

    person: Figure
    about: Figure | None = Field(None, description="blocking, where that is what was asked")
    start: Figure
    end: Figure
    tasks: Figure = Field(description="open tasks that start by the end of the window")
    awaited: Figure = Field(description="tasks among them that open tasks of others wait for")
    tasks_late: Figure
    work: Figure | None = Field(None, description="hours left on them; of each due later, at most the free hours")
    without_estimate: Figure | None = Field(None, description="tasks among them with no hours on record")
    free: Figure = Field(description="contracted hours less public holidays, absence and internal bookings")
    contracted: Figure
    holidays: Figure | None = Field(None, description="contracted hours that fall on public holidays")
    absent: Figure
    internal: Figure = Field(description="hours booked on the firm's own projects")
    tentative: Figure = Field(description="hours of tentative bookings, not counted")
    days_off: Figure | None = Field(None, description="working weekdays without contracted time")
    excess: Figure | None = Field(None, description="work over the free hours; below zero: hours to spare")
    rows: dict[str, WorkLine] = Field(default_factory=dict)


class LinkedTask(Line):
    """A task before or after the one asked for, a blocker, or a record that disagrees."""

    why: Figure = Field(description="needs, holds up, blocker or disagrees")
    name: Figure
    owner: Figure | None = None
    finish: Figure | None = Field(None, description="planned finish")
    state: Figure | None = None
    since: Figure | None = None


class TaskDetails(Fact):
    """One task as the records have it."""

    kind: ClassVar[str] = "task_details"

    task: Figure = Field(description="its key")
    name: Figure
    project: Figure
    about: Figure | None = Field(None, description="the one of these fields that was asked for")
    state: Figure
    source_state: Figure | None = Field(None, description="the source's own word")
    owner: Figure | None = None
    start: Figure | None = Field(None, description="planned start")
    finish: Figure | None = Field(None, description="planned finish")
    duration: Figure | None = Field(None, description="planned duration")
    actual_start: Figure | None = None
    actual_finish: Figure | None = None
    actual_duration: Figure | None = None
    start_delay: Figure | None = Field(None, description="as its source reports it")
    days_late: Figure | None = None
    progress: Figure | None = None
    effort: Figure | None = None
    remaining: Figure | None = Field(None, description="work left")
    spent: Figure | None = None
    planned_cost: Figure | None = None
    deliverable_type: Figure | None = None
    waits_on: Figure | None = None
    waits_since: Figure | None = None
    description: Figure | None = None
    note: Figure | None = Field(None, description="the latest status note on it, where the reader may see it")
    note_by: Figure | None = None
    note_on: Figure | None = None
    disagrees: Figure | None = Field(None, description="whether that note calls done what the record has open")
    rows: dict[str, LinkedTask] = Field(default_factory=dict)


def my_work(
    context: ToolContext,
    person: Annotated[str, "key, e-mail or name of a person; the asker's own by default"] = "me",
    start: Annotated[date | None, "first day; Monday of this week by default"] = None,
    end: Annotated[date | None, "last day; a week after the first by default"] = None,
    about: Annotated[Literal["blocking"] | None, "blocking: only what others wait for, to say whether they do"] = None,
) -> ToolResult:
    """What is on a person's plate: open tasks by due date, their hours against free hours, and who waits for them."""
    day = context.as_of or context.today
    first = start or day - timedelta(days=day.weekday())
    last = end or first + min(timedelta(days=6), date.max - first)
    if last < first:
        return Refusal("declined", f"That window ends on {last}, before it starts on {first}.")
    with context.reading() as session:
        match = find_one(session, context.reader, person, (Level.PERSON,))
        if not isinstance(match, Match):
            return match
        record = find_person(session, context.reader, match.key)
        return _plate(session, context.reader, record, (first, last), day, about)


def _plate(
    session: Session, reader: Reader, person: PersonRecord, window: tuple[date, date], day: date, about: str | None
) -> MyWork:
    first, last = window
    tasks = tasks_of(session, reader, person.id, until=last)
    waiting = successors(session, reader, [task.id for task in tasks])
    hours = load_of(session, reader, [person], *window)
    internal = hours.total(hours.internal)
    free = max(0, hours.total(hours.available) - internal)
    estimated = [_in_window(task, last, free) for task in tasks if task.remaining_minutes is not None]
    work = sum(estimated) if estimated else None
    lines = {task.key: _work_line(task, waiting.get(task.id, []), person, day) for task in tasks}
    awaited = [task for task in tasks if lines[task.key].waiting is not None]
    shown = (awaited if about else tasks)[:MOST_TASKS]
    return MyWork(
        as_of=day,
        about=facts.text(about),
        awaited=Figure(value=len(awaited), unit=Unit.COUNT),
        person=Figure(value=person.name, unit=Unit.NAME),
        start=Figure(value=first.isoformat(), unit=Unit.DATE),
        end=Figure(value=last.isoformat(), unit=Unit.DATE),
        tasks=Figure(value=len(tasks), unit=Unit.COUNT),
        tasks_late=Figure(value=sum(task_lateness(task, day) is not None for task in tasks), unit=Unit.COUNT),
        work=facts.hours(work, "remaining_work"),
        without_estimate=facts.count(len(tasks) - len(estimated)),
        free=_hours(free, "time_for_tasks"),
        contracted=_hours(hours.total(hours.contracted)),
        holidays=facts.hours(hours.total(hours.holidays) or None),
        absent=_hours(hours.total(hours.absent)),
        internal=_hours(internal),
        tentative=_hours(hours.total(hours.tentative)),
        days_off=facts.text(" and ".join(_days_off(person))),
        excess=None if work is None else facts.hours(work - free),
        rows={task.key: lines[task.key] for task in shown},
        sources=[
            source_of(Level.PERSON, person.key, person.name),
            *(source_of(Level.TASK, task.key, task.name) for task in shown),
        ],
    )


def _in_window(task: TaskRecord, last: date, free: int) -> int:
    """Minutes left on a task; of one due after the window, no more than the window's free time."""
    left = task.remaining_minutes or 0
    return min(left, free) if task.finish is not None and task.finish.date() > last else left


def _days_off(person: PersonRecord) -> list[str]:
    return [name for name, minutes in zip(WEEKDAYS, week_of(person), strict=False) if not minutes]


def _work_line(task: TaskRecord, waiting: Sequence[LinkRecord], person: PersonRecord, day: date) -> WorkLine:
    others = (link.owner.name for link in waiting if link.is_open and link.owner and link.owner.id != person.id)
    return WorkLine(
        name=Figure(value=task.name, unit=Unit.NAME),
        project=Figure(value=title(Level.PROJECT, task.project_key, task.project_name), unit=Unit.NAME),
        remaining=facts.hours(task.remaining_minutes),
        finish=facts.day(task.finish),
        days_late=task_lateness(task, day),
        waiting=facts.name(" and ".join(dict.fromkeys(others))),
        waits_on=facts.text(task.waits_on),
    )


def task_details(
    context: ToolContext,
    task: Annotated[str, "key or name of one task"],
    about: Annotated[str | None, "the one field that is asked for: owner, finish, planned_cost, ..."] = None,
) -> ToolResult:
    """What the records say of one task: dates, owner, blockers, links, and notes that disagree with its state."""
    with context.reading() as session:
        match = find_one(session, context.reader, task, (Level.TASK,))
        if not isinstance(match, Match):
            return match
        record = find_task(session, context.reader, match.key)
        project = find_project(session, context.reader, record.project_key)
        day = context.as_of or project.data_as_of or context.today
        fact = _details(session, context.reader, record, day)
        fact = fact.model_copy(update={"sources": [*fact.sources, source_of(Level.PROJECT, project.key, project.name)]})
        return _on(fact, about, record) if about else fact


def _on(fact: TaskDetails, about: str, task: TaskRecord) -> ToolResult:
    """The details with the one field that was asked for named; a refusal where it has no value to give."""
    asked = ABOUT.get(plain(about))
    if asked is None:
        known = ", ".join(ABOUT)
        return Refusal("declined", f"A task has no field “{about:.60}” that I can tell. There are: {known}.")
    if getattr(fact, asked) is not None:
        return fact.model_copy(update={"about": Figure(value=asked, unit=Unit.TEXT)})
    needed = FIELD_CLASSES.get(asked, FieldClass.OPEN)
    if needed not in task.sees:
        return Refusal("refused", f"The {plain(asked)} of {task.key} is not yours to see: ask its manager.")
    return Refusal("not_found", f"No {plain(asked)} is on record for {task.key} {task.name}.")


def _details(session: Session, reader: Reader, task: TaskRecord, day: date) -> TaskDetails:
    basis = task.duration_basis
    note = latest_task_status(session, reader, task.id, day)
    spent = time_by_task(session, reader, task.project_id, day).get(task.id)
    return TaskDetails(
        as_of=day,
        task=Figure(value=task.key, unit=Unit.KEY),
        name=Figure(value=task.name, unit=Unit.NAME),
        project=Figure(value=title(Level.PROJECT, task.project_key, task.project_name), unit=Unit.NAME),
        state=Figure(value=task.state, unit=Unit.STATE),
        source_state=facts.state(task.source_state),
        owner=facts.name(task.owner.name if task.owner else None),
        start=facts.day(task.start, "planned_start"),
        finish=facts.day(task.finish, "planned_finish"),
        duration=days(task.planned_duration_minutes, basis, "planned_duration"),
        actual_start=facts.day(task.actual_start),
        actual_finish=facts.day(task.actual_finish),
        actual_duration=days(task.actual_duration_minutes, basis),
        start_delay=days(task.start_delay_minutes, basis),
        days_late=task_lateness(task, day),
        progress=facts.share(task.derived_done_share, "percent_complete"),
        effort=facts.hours(task.effort_minutes),
        remaining=facts.hours(task.remaining_minutes),
        spent=facts.hours(spent.minutes if spent else None, "spent_time"),
        planned_cost=facts.money(task.planned_cost_minor, task.currency, "planned_cost"),
        deliverable_type=facts.text(task.deliverable_type),
        waits_on=facts.text(task.waits_on),
        waits_since=facts.day(task.waits_since),
        description=facts.text(task.description),
        note=facts.text(note.note if note else None),
        note_by=facts.name(note.author.name if note and note.author else None),
        note_on=facts.day(note.written_on if note and note.note else None),
        disagrees=Figure(value=True, unit=Unit.YES_NO) if _disagrees(task, note) else None,
        rows=_linked(session, reader, task, day),
        sources=[source_of(Level.TASK, task.key, task.name)],
    )


def _disagrees(task: TaskRecord, note: StatusRecord | None) -> bool:
    """Whether a note calls done what the record has open."""
    if task.state == TaskState.DONE or note is None or not note.note:
        return False
    return bool(SAYS_DONE.search(note.note)) and not SAYS_NOT.search(note.note)


def _linked(session: Session, reader: Reader, task: TaskRecord, day: date) -> dict[str, LinkedTask]:
    """What it needs, what waits for it, and what stands in its way; hidden tasks of other projects have no name."""
    needs = predecessors(session, reader, [task.id]).get(task.id, [])
    waiting = successors(session, reader, [task.id]).get(task.id, [])
    pairs = [("needs", link) for link in needs] + [("holds up", link) for link in waiting]
    rows = {link.task_key: _linked_line(why, link) for why, link in pairs if link.task_key and link.is_open}
    stopping = [each for each in open_blockers(session, reader, [task.project_id], day) if each.task_id == task.id]
    for number, blocker in enumerate(stopping, 1):
        rows[f"blocker-{number}"] = LinkedTask(
            why=Figure(value="blocker", unit=Unit.TEXT),
            name=Figure(value=blocker.note, unit=Unit.TEXT),
            since=facts.day(blocker.opened_on),
        )
    return rows


def _linked_line(why: str, link: LinkRecord) -> LinkedTask:
    return LinkedTask(
        why=Figure(value=why, unit=Unit.TEXT),
        name=Figure(value=link.task_name, unit=Unit.NAME),
        owner=facts.name(link.owner.name if link.owner else None),
        finish=facts.day(link.finish),
        state=facts.state(link.state),
    )


def _hours(minutes: int, metric: str = "") -> Figure:
    return Figure(value=round(minutes / 60, 2), unit=Unit.HOURS, metric=metric)

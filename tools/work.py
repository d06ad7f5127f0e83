"""What is on somebody's plate, and everything the records say of one task."""

from typing import ClassVar

from pydantic import Field

from tools.facts import Fact, Figure, Line


class WorkLine(Line):
    """One open task of the person."""

    name: Figure
    project: Figure
    remaining: Figure | None = None
    finish: Figure | None = Field(None, description="planned finish")
    days_late: Figure | None = None
    waiting: Figure | None = Field(None, description="people whose open tasks wait for it")
    waits_on: Figure | None = None


class MyWork(Fact):
    """One person's open work in a window against the hours they have."""

    kind: ClassVar[str] = "my_work"

    person: Figure
    start: Figure
    end: Figure
    tasks: Figure = Field(description="open tasks that start by the end of the window")
    tasks_late: Figure
    work: Figure | None = Field(None, description="hours left on those tasks")
    without_estimate: Figure | None = Field(None, description="tasks among them with no hours on record")
    free: Figure = Field(description="contracted hours less absence and internal bookings")
    contracted: Figure
    absent: Figure
    internal: Figure = Field(description="hours booked on the firm's own projects")
    tentative: Figure = Field(description="hours of tentative bookings, not counted")
    days_off: Figure | None = Field(None, description="working weekdays without contracted time")
    excess: Figure | None = Field(None, description="work beyond free hours; below zero: hours to spare")
    rows: dict[str, WorkLine] = Field(default_factory=dict)


class LinkedTask(Line):
    """A task before or after the one asked for, a blocker, or a record that disagrees."""

    why: Figure = Field(description="needs, holds up, blocker or disagrees")
    name: Figure
    owner: Figure | None = None
    finish: Figure | None = None
    state: Figure | None = None
    since: Figure | None = None


class TaskDetails(Fact):
    """One task as the records have it."""

    kind: ClassVar[str] = "task_details"

    task: Figure = Field(description="its key")
    name: Figure
    project: Figure
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
    remaining: Figure | None = None
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

"""Where a project stands: health by the figures beside health as reported, progress, dates, late work, money."""

from typing import ClassVar

from pydantic import Field

from tools.facts import Fact, Figure, Line


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
    computed_health: Figure | None = Field(None, description="by SPI, CPI and lateness; absent with nothing to judge by")
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
    days_late: Figure | None = None
    forecast: Figure | None = Field(None, description="why there is no likely and no safe date")
    tasks: Figure
    tasks_open: Figure
    tasks_done: Figure
    tasks_late: Figure
    tasks_blocked: Figure
    closed_lately: Figure | None = Field(None, description="tasks finished in the seven days before")
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
    reported_cost_variance: Figure | None = Field(None, description="as its source reports it; below zero is an overrun")
    time_until: Figure | None = Field(None, description="the last day with approved time")
    snapshot: Figure | None = Field(None, description="the day of its data, where the source is a snapshot")
    note: Figure | None = Field(None, description="the latest status note, where the reader may see it")
    note_by: Figure | None = None
    note_on: Figure | None = None
    rows: dict[str, StatusLine] = Field(default_factory=dict)

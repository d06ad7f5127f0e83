"""What can be asked at each level: every field and state with its words, its kind, who may see it, and its SQL."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Float,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlmodel import Session, SQLModel, col

import storage.models  # noqa: F401  registers the tables
from storage.access import FieldClass
from storage.catalogue import Catalogue, Field, FieldKind, Right, State
from storage.expressions import (
    ELAPSED_DAY_MINUTES,
    DayNumber,
    Expression,
    IsoDate,
    day_minutes,
    minutes_between,
    minutes_since,
)
from storage.models import CustomField
from storage.names import FirmWord, firm_words
from storage.text import plural as plural
from storage.vocabulary import CustomKind, DurationBasis, Health, Level, ProjectState, TaskState

_tables = SQLModel.metadata.tables

TASK = _tables["task"]
READING = _tables["task_reading"]
PROJECT = _tables["project"]
PROJECT_READING = _tables["project_reading"]
SOURCE = _tables["source"]
PROGRAM = _tables["program"]
PORTFOLIO = _tables["portfolio"]
OWNER = _tables["person"].alias("owner")
MANAGER = _tables["person"].alias("manager")
BLOCKER = _tables["blocker"]
ORGANISATION = _tables["organisation"]

# The clock of a row: the day the question froze, else that of its source's snapshot, else today.
DAY: Expression = func.coalesce(bindparam("as_of", type_=Date), SOURCE.c.data_as_of, bindparam("today", type_=Date))
PORTFOLIO_ID: Expression = func.coalesce(PROJECT.c.portfolio_id, PROGRAM.c.portfolio_id)


def catalogue(session: Session, level: Level) -> Catalogue:
    """The fields and states of a level, with the firm's own fields and words; two queries."""
    query = select(CustomField).where(col(CustomField.level) == level).order_by(col(CustomField.id))
    own = [_custom(each) for each in session.execute(query).scalars()]
    words = firm_words(session)
    built_in = {each.key: _as_called(each, level, words) for each in _FIELDS[level]}
    fields = built_in | {each.key: each for each in own if each.key not in built_in}
    return Catalogue(level, fields, {each.key: each for each in _STATES[level]})


def never_given(session: Session) -> frozenset[str]:
    """The fields that only sources give, of which no row of the store has a value; one query."""
    columns = {
        "reported_delay": PROJECT.c.reported_delay_minutes,
        "reported_cost_variance": PROJECT.c.reported_cost_variance_minor,
        "reported_overrun": PROJECT.c.reported_cost_variance_minor,
        "source_state": TASK.c.source_state,
        "actual_cost": _tables["time_entry"].c.id,
    }
    given = (exists(select(literal(1)).where(each.is_not(None))).label(key) for key, each in columns.items())
    found = session.execute(select(*given)).one()._mapping
    return frozenset(key for key in columns if not found[key])


def _as_called(field: Field, level: Level, words: Iterable[FirmWord]) -> Field:
    """The field with the words of the firm and its sources, for it or for the level it refers to."""
    columns = (field.key, f"{field.key}_minutes", f"{field.key}_minor")
    own = [
        each.word
        for each in words
        if (each.field is None and each.level is field.refers_to) or (each.level is level and each.field in columns)
    ]
    named = replace(field, words=(*field.words, field.label, *own)) if own else field
    called = _level_words(words).get(field.key if field.refers_to else field.key.removesuffix("s"))
    if called is None or (field.refers_to is None and field.key not in _COUNTS_OF_LEVELS):
        return named
    return replace(named, label=called if field.refers_to else plural(called))


def _level_words(words: Iterable[FirmWord]) -> dict[str, str]:
    """What the source calls a level, where it has a word of its own."""
    return {each.level.value: each.word for each in reversed(list(words)) if each.field is None}


_COUNTS_OF_LEVELS = frozenset({"tasks", "projects", "programs"})


def _money(key: str, label: str, value: Expression, *words: str, right: Right = Right.MONEY, gives: str = "") -> Field:
    return Field(key, label, FieldKind.MONEY, value, words, right, unit=PROJECT.c.currency, comes_from=gives)


def _days(key: str, label: str, value: Expression, basis: Expression, *words: str, gives: str = "") -> Field:
    return Field(key, label, FieldKind.DAYS, value, words, unit=basis, comes_from=gives)


def _date(key: str, label: str, value: Expression, *words: str, gives: str = "") -> Field:
    return Field(key, label, FieldKind.DATE, value, words, comes_from=gives)


def _text(key: str, label: str, value: Expression, *words: str, right: Right = Right.OPEN, gives: str = "") -> Field:
    return Field(key, label, FieldKind.TEXT, value, words, right, comes_from=gives)


def _entity(level: Level, value: Expression, identity: Expression, *words: str) -> Field:
    named = func.coalesce(value, identity)
    return Field(level.value, level.value, FieldKind.ENTITY, named, words, identity=identity, refers_to=level)


def _person(key: str, person: Any, *words: str, right: Right = Right.OPEN, gives: str = "") -> Field:
    kind, level = FieldKind.PERSON, Level.PERSON
    return Field(key, key, kind, person.c.name, words, right, None, person.c.key, level, gives)


def _without(key: str, missing: str, condition: Expression, *words: str) -> State:
    return State(key, f"without a {missing}", condition, words, needs=(missing,), is_absence=True)


# Tasks

_BASIS = TASK.c.duration_basis
_TASK_LATE = and_(READING.c.is_open, READING.c.finish < DAY)
_WEEK_STARTS = select(ORGANISATION.c.week_start).scalar_subquery()
_SAME_WEEK = (DayNumber(READING.c.finish) - _WEEK_STARTS + 1) // 7 == (DayNumber(DAY) - _WEEK_STARTS + 1) // 7
_UNCLEARED = (
    select(literal(1))
    .where(BLOCKER.c.task_id == TASK.c.id, BLOCKER.c.opened_on <= DAY)
    .where(or_(BLOCKER.c.cleared_on.is_(None), BLOCKER.c.cleared_on > DAY))
    .correlate(TASK, SOURCE)
)
_ACTUAL_DURATION = func.coalesce(
    TASK.c.actual_duration_minutes,
    minutes_between(_BASIS, READING.c.actual_start, READING.c.actual_finish, inclusive=True),
)
_START_DELAY = func.coalesce(
    TASK.c.start_delay_minutes, minutes_between(_BASIS, READING.c.start, READING.c.actual_start)
)

_TASK_FIELDS = (
    Field("key", "key", FieldKind.KEY, TASK.c.key, ("id", "number", "code")),
    _text("name", "name", TASK.c.name, "title"),
    _entity(Level.PROJECT, PROJECT.c.name, PROJECT.c.key),
    _entity(Level.PROGRAM, PROGRAM.c.name, PROGRAM.c.key),
    _entity(Level.PORTFOLIO, PORTFOLIO.c.name, PORTFOLIO.c.key),
    _text("client", "client", PROJECT.c.client, "customer"),
    _person("manager", MANAGER, "project manager", gives="a manager on the project"),
    _person("owner", OWNER, "assignee", "responsible", "person", right=Right.TEAM, gives="an owner on the tasks"),
    Field("state", "state", FieldKind.STATE, TASK.c.state),
    Field("source_state", "status in the source", FieldKind.STATE, TASK.c.source_state, ("status", "source status")),
    _text("deliverable_type", "deliverable type", TASK.c.deliverable_type, "output type", "deliverable", "type"),
    _text("wbs", "WBS code", TASK.c.wbs, "outline number"),
    _text("description", "description", TASK.c.description),
    _date("start", "planned start", READING.c.start, "planned_start", "start date", "starts", "begin"),
    _date("finish", "planned finish", READING.c.finish, "planned_finish", "due", "due date", "end", "end date", "ends"),
    _date("deadline", "deadline", TASK.c.deadline, gives="a deadline on the tasks"),
    _date("actual_start", "actual start", READING.c.actual_start, "started", gives="actual starts"),
    _date("actual_finish", "actual finish", READING.c.actual_finish, "finished", "completed", gives="actual finishes"),
    _days("planned_duration", "planned duration", READING.c.duration_minutes, _BASIS, "duration", "length", "long"),
    _days("actual_duration", "actual duration", _ACTUAL_DURATION, _BASIS, "took", gives="actual durations"),
    _days(
        "duration_variance",
        "actual less planned duration",
        _ACTUAL_DURATION - READING.c.duration_minutes,
        _BASIS,
        "duration overrun",
        "longer than planned",
        gives="actual durations",
    ),
    _days("start_delay", "start delay", _START_DELAY, _BASIS, "delay at start", "late start", gives="actual starts"),
    _days(
        "finish_delay",
        "finish delay",
        READING.c.days_finished_late * day_minutes(_BASIS),
        _BASIS,
        "delay at finish",
        "delay",
        gives="actual finishes",
    ),
    _days(
        "days_late",
        "days late",
        case((_TASK_LATE, minutes_since(_BASIS, READING.c.finish, DAY))),
        _BASIS,
        "lateness",
        "overdue",
    ),
    Field("progress", "progress", FieldKind.SHARE, READING.c.done_share, ("percent complete", "done share", "done")),
    _money("planned_cost", "planned cost", READING.c.cost_minor, "cost", "price", gives="planned costs of the tasks"),
    Field("effort", "effort", FieldKind.HOURS, READING.c.effort_minutes, ("estimate", "hours", "work"), Right.WORK),
    Field(
        "remaining", "remaining work", FieldKind.HOURS, READING.c.remaining_minutes, ("hours left", "left"), Right.WORK
    ),
)

_TASK_STATES = (
    State("open", "open", READING.c.is_open, ("unfinished", "not done", "active", "outstanding", "ongoing")),
    State("done", "done", TASK.c.state == TaskState.DONE, ("finished", "completed", "complete", "ready")),
    State("not_started", "not started", TASK.c.state == TaskState.NOT_STARTED, ("to do", "todo", "waiting to start")),
    State("in_progress", "in progress", TASK.c.state == TaskState.IN_PROGRESS, ("under way", "running", "started")),
    State("cancelled", "cancelled", TASK.c.state == TaskState.CANCELLED, ("canceled", "dropped")),
    State("late", "late", _TASK_LATE, ("overdue", "behind", "delayed"), needs=("finish",)),
    State("due", "due", READING.c.is_open, ("coming up", "to be done"), needs=("finish",)),
    State("due_this_week", "due this week", and_(READING.c.is_open, _SAME_WEEK), needs=("finish",)),
    State(
        "blocked",
        "blocked",
        and_(READING.c.is_open, or_(TASK.c.waits_on.is_not(None), exists(_UNCLEARED))),
        ("stuck", "waiting"),
        Right.WORK,
    ),
    State(
        "unowned",
        "without an owner",
        and_(READING.c.is_open, TASK.c.owner_id.is_(None)),
        ("unassigned", "no owner", "nobody on it"),
        Right.WORK,
        ("owner",),
        is_absence=True,
    ),
    State(
        "without_estimate",
        "without an estimate",
        and_(
            READING.c.is_open,
            TASK.c.is_milestone.is_(False),
            TASK.c.effort_minutes.is_(None),
            TASK.c.planned_duration_minutes.is_(None),
        ),
        ("unestimated", "no estimate", "not estimated"),
        Right.WORK,
    ),
    State(
        "finished_late",
        "finished late",
        READING.c.finished_late,
        ("closed late", "completed late", "done late"),
        needs=("actual_finish",),
    ),
    State("started_late", "started late", _START_DELAY > 0, ("delayed at start",), needs=("start_delay",)),
    State("milestones", "milestones", TASK.c.is_milestone.is_(True), ("milestone",)),
)

# Projects

_READ = PROJECT_READING.c
_OPEN = _READ.is_open
_HEALTH = _READ.computed_health
_PLAN_BASIS = PROJECT.c.duration_basis
_SPAN = minutes_between(_PLAN_BASIS, _READ.start, _READ.finish, inclusive=True)
_OVER_BUDGET = or_(
    _READ.estimate_at_completion_minor > _READ.budget_minor,
    and_(
        _READ.estimate_at_completion_minor.is_(None),
        or_(
            _READ.actual_cost_minor > _READ.budget_minor,
            PROJECT.c.reported_cost_variance_minor < 0,
        ),
    ),
)


def _count(key: str, label: str, value: Expression, *words: str, right: Right = Right.OPEN) -> Field:
    return Field(key, label, FieldKind.COUNT, value, words, right)


def _hours(key: str, label: str, value: Expression, *words: str, gives: str) -> Field:
    return Field(key, label, FieldKind.HOURS, value, words, Right.SUMMARY, comes_from=gives)


# What programs and portfolios count and add up of their projects; a program's field has the same key and words.
_COUNTED = (
    _count("tasks", "tasks", _READ.tasks, "number of tasks", "task count"),
    _count("tasks_open", "open tasks", _READ.tasks_open, "unfinished tasks"),
    _count("tasks_done", "done tasks", _READ.tasks_done, "finished tasks", "completed tasks"),
    _count("tasks_late", "late tasks", _READ.tasks_late, "overdue tasks"),
    _count("tasks_blocked", "blocked tasks", _READ.tasks_blocked, right=Right.SUMMARY),
    _count("tasks_unowned", "tasks without an owner", _READ.tasks_unowned, "unowned tasks", right=Right.SUMMARY),
    _count("tasks_without_estimate", "tasks without an estimate", _READ.tasks_without_estimate, right=Right.SUMMARY),
    _hours("effort", "effort", _READ.effort_minutes, "estimate", "work", gives="effort estimates of the tasks"),
    _hours("remaining", "remaining work", _READ.remaining_minutes, "hours left", gives="effort estimates of the tasks"),
    _hours(
        "spent",
        "time spent",
        func.nullif(_READ.spent_minutes, 0),
        "hours",
        "hours spent",
        "time booked",
        gives="time entries",
    ),
    _money("planned_cost", "planned cost", PROJECT.c.planned_cost_minor, "cost", "price", gives="planned costs"),
    _money("budget", "budget", PROJECT.c.budget_minor, "cost budget", gives="budgets"),
    _money("contract_value", "contract value", PROJECT.c.contract_value_minor, "contract", gives="contract values"),
    _money(
        "reported_cost_variance",
        "reported cost variance",
        PROJECT.c.reported_cost_variance_minor,
        "cost variance",
        "variance",
        gives="cost variances as a source reports them",
    ),
    _money(
        "reported_overrun",
        "reported cost overrun",
        -PROJECT.c.reported_cost_variance_minor,
        "cost overrun",
        "overrun",
        gives="cost variances as a source reports them",
    ),
    _money("tasks_cost", "planned cost of the tasks", _READ.tasks_cost_minor, "task cost", gives="costs of the tasks"),
    _money(
        "actual_cost",
        "actual cost",
        _READ.actual_cost_minor,
        "spend",
        "money spent",
        "burn",
        right=Right.COST_OF_TIME,
        gives="time entries or expenses",
    ),
    _money("planned_value", "planned value", _READ.planned_value_minor, "PV", gives="budgets and dates"),
    _money("earned_value", "earned value", _READ.earned_value_minor, "EV", gives="budgets and progress"),
    _money(
        "estimate_at_completion",
        "estimate at completion",
        _READ.estimate_at_completion_minor,
        "EAC",
        "final cost",
        "forecast cost",
        right=Right.COST_OF_TIME,
        gives="time entries or expenses",
    ),
    _money(
        "revenue", "revenue so far", _READ.revenue_minor, "revenue", right=Right.COST_OF_TIME, gives="contract values"
    ),
)


def _ratio(key: str, label: str, value: Expression, *words: str, right: Right = Right.OPEN, gives: str) -> Field:
    return Field(key, label, FieldKind.RATIO, value, words, right, comes_from=gives)


def _share(key: str, label: str, value: Expression, *words: str, right: Right = Right.OPEN, gives: str) -> Field:
    return Field(key, label, FieldKind.SHARE, value, words, right, comes_from=gives)


_PROJECT_FIELDS = (
    Field("key", "key", FieldKind.KEY, PROJECT.c.key, ("id", "number", "code")),
    _text("name", "name", PROJECT.c.name, "title", gives="names"),
    _entity(Level.PROGRAM, PROGRAM.c.name, PROGRAM.c.key),
    _entity(Level.PORTFOLIO, PORTFOLIO.c.name, PORTFOLIO.c.key),
    _text("client", "client", PROJECT.c.client, "customer", gives="a client on the projects"),
    _person("manager", MANAGER, "project manager", "PM", "owner", "lead", gives="a manager on the projects"),
    Field("state", "state", FieldKind.STATE, PROJECT.c.state, ("status",)),
    Field("health", "health", FieldKind.HEALTH, _HEALTH, ("computed health", "RAG", "colour", "color")),
    Field(
        "reported_health",
        "reported health",
        FieldKind.HEALTH,
        PROJECT.c.reported_health,
        ("reported status",),
        comes_from="health as somebody reports it",
    ),
    Field("contract_type", "contract type", FieldKind.STATE, PROJECT.c.contract_type, comes_from="contract types"),
    _date("start", "planned start", _READ.start, "planned_start", "start date", "starts", "begin"),
    _date("finish", "planned finish", _READ.finish, "planned_finish", "due", "due date", "end", "end date", "ends"),
    _date("promised_finish", "promised finish", PROJECT.c.promised_finish, "promise", "promised", gives="promises"),
    _date("actual_start", "actual start", _READ.actual_start, "started", gives="actual starts of the tasks"),
    _date("actual_finish", "actual finish", _READ.actual_finish, "finished", gives="actual finishes of the tasks"),
    _days(
        "planned_duration",
        "planned duration",
        func.coalesce(PROJECT.c.planned_duration_minutes, _SPAN),
        _PLAN_BASIS,
        "duration",
        "length",
        "long",
        "running",
    ),
    _days(
        "reported_delay",
        "reported delay",
        PROJECT.c.reported_delay_minutes,
        _PLAN_BASIS,
        "schedule delay",
        "delay",
        "slip",
        gives="delays as a source reports them",
    ),
    _days("days_late", "days late", _READ.days_late * day_minutes(_PLAN_BASIS), _PLAN_BASIS, "lateness", "overdue"),
    _days(
        "promise_slip",
        "working days past the promise",
        _READ.promise_slip_days * DurationBasis.WORKING.day_minutes,
        literal(DurationBasis.WORKING.value),
        "days past the promise",
        "slip past the promise",
        gives="promises",
    ),
    _share("progress", "progress", _READ.progress_share, "percent complete", "done share", gives="task states"),
    _share("planned_progress", "planned progress", _READ.planned_share, "planned share", gives="task dates"),
    _ratio(
        "schedule_performance", "schedule performance", _READ.schedule_performance, "SPI", gives="dates of the tasks"
    ),
    _ratio(
        "cost_performance",
        "cost performance",
        _READ.cost_performance,
        "CPI",
        right=Right.COST_OF_TIME,
        gives="time entries or expenses",
    ),
    _share(
        "margin",
        "margin so far",
        _READ.margin_share,
        "margin",
        "profit",
        right=Right.COST_OF_TIME,
        gives="contract values and time entries",
    ),
    _share(
        "margin_at_completion",
        "margin at completion",
        _READ.margin_at_completion_share,
        "forecast margin",
        "final margin",
        right=Right.COST_OF_TIME,
        gives="contract values and time entries",
    ),
    *_COUNTED,
)

_IS_GREEN_ONLY_REPORTED = and_(_OPEN, PROJECT.c.reported_health == Health.GREEN, _READ.is_watermelon)
_UNREPORTED = and_(_OPEN, PROJECT.c.reported_health.is_(None))

# States that programs and portfolios count: "late" gives them the field "projects_late".
_COUNTED_STATES = (
    State("open", "open", _OPEN, ("unfinished", "not done", "ongoing", "running", "not closed")),
    State("done", "done", ~_OPEN, ("finished", "completed", "closed", "complete")),
    State("late", "late", _READ.is_late, ("overdue", "behind", "delayed"), needs=("finish",)),
    State("red", "red", and_(_OPEN, _HEALTH == Health.RED), needs=("health",)),
    State("amber", "amber", and_(_OPEN, _HEALTH == Health.AMBER), ("yellow",), needs=("health",)),
    State("green", "green", and_(_OPEN, _HEALTH == Health.GREEN), ("healthy",), needs=("health",)),
    State(
        "green_not_green",
        "reported green but not green by the figures",
        _IS_GREEN_ONLY_REPORTED,
        ("watermelon", "watermelons", "green but not green", "not really green"),
        needs=("reported_health",),
    ),
    State(
        "unreported", "without reported health", _UNREPORTED, ("no report", "not reported"), needs=("reported_health",)
    ),
)

_PROJECT_STATES = (
    *_COUNTED_STATES,
    State("candidate", "candidate", PROJECT.c.state == ProjectState.CANDIDATE, ("bid", "proposed")),
    State("active", "active", PROJECT.c.state == ProjectState.ACTIVE, ("in progress", "under way", "in_progress")),
    State("on_hold", "on hold", PROJECT.c.state == ProjectState.ON_HOLD, ("paused", "stopped")),
    State("cancelled", "cancelled", PROJECT.c.state == ProjectState.CANCELLED, ("canceled", "dropped")),
    State(
        "not_started",
        "not started",
        and_(_OPEN, _READ.actual_start.is_(None), or_(_READ.start.is_(None), _READ.start >= DAY)),
        ("to do", "yet to start"),
    ),
    State("finished_late", "finished late", _READ.finished_late, ("closed late",), needs=("actual_finish",)),
    State(
        "past_promise",
        "planned past the promised date",
        and_(_OPEN, _READ.promise_slip_days > 0),
        (
            *("late on the promise", "late on its promise", "late on their promise", "late against the promise"),
            *("past its promise", "past their promise", "later than promised", "behind its promise"),
        ),
        needs=("promised_finish",),
    ),
    State(
        "over_budget",
        "over budget",
        _OVER_BUDGET,
        ("overspent", "over cost", "overrunning", "over plan"),
        Right.COST_OF_TIME,
        ("estimate_at_completion", "actual_cost", "reported_cost_variance"),
    ),
    _without("no_program", "program", PROJECT.c.program_id.is_(None), "no program", "no investment", "orphan"),
    State(
        "no_client", "without a client", PROJECT.c.client.is_(None), ("no client",), needs=("client",), is_absence=True
    ),
    State(
        "unowned",
        "without a manager",
        PROJECT.c.manager_id.is_(None),
        ("no manager",),
        needs=("manager",),
        is_absence=True,
    ),
)


def _all_weighed(weight: Expression) -> Expression:
    """Whether every project with progress weighs something."""
    return func.count(_READ.progress_share) == func.count(
        case((_READ.progress_share.is_not(None), func.nullif(weight, 0)))
    )


def _weighted(weight: Expression) -> Expression:
    """The mean progress of the projects that have any, weighted."""
    weighed = func.sum(case((_READ.progress_share.is_not(None), weight)))
    return func.sum(_READ.progress_share * weight) / func.nullif(weighed * 1.0, 0)


# Programs and portfolios: what they count and add up of their projects lies in the common table expression "rolled_up".

_STATE_COUNTS = tuple(
    _count(f"projects_{state.key}", f"{state.label} projects", case((state.condition, 1), else_=0))
    for state in _COUNTED_STATES
)
_NOT_OURS = (ProjectState.CANDIDATE, ProjectState.CANCELLED)  # no contract: their money is in no roll-up
IS_OURS = PROJECT.c.state.not_in(_NOT_OURS)


def _counted(each: Field) -> Field:
    return replace(each, value=case((IS_OURS, each.value))) if each.kind is FieldKind.MONEY else each


ROLLED = (
    _count("projects", "projects", literal(1), "number of projects", "project count"),
    *_STATE_COUNTS,
    *(_counted(each) for each in _COUNTED),
)
ROLLED_SPAN = {"start": func.min(_READ.start), "finish": func.max(_READ.finish)}
ROLLED_CURRENCY = case((func.min(PROJECT.c.currency) == func.max(PROJECT.c.currency), func.min(PROJECT.c.currency)))
_WEIGHTS = (_READ.effort_minutes, _READ.duration_minutes, _READ.tasks_cost_minor)
ROLLED_PROGRESS = case(*((_all_weighed(weight), _weighted(weight)) for weight in _WEIGHTS))
ROLLUP = table(
    "rolled_up",
    column("parent_id", BigInteger),
    column("currency", String),
    column("start", DateTime),
    column("finish", DateTime),
    column("progress", Float),
    *(column(f"sees_{right.name.lower()}", Integer) for right in (Right.SUMMARY, Right.MONEY, Right.COST_OF_TIME)),
    *(column(each.key, BigInteger) for each in ROLLED),
)
PROGRAM_COUNT = table("program_count", column("parent_id", BigInteger), column("programs", BigInteger))


def _rolled(each: Field) -> Field:
    """A field of the projects as their program, or portfolio, has it."""
    value: Expression = ROLLUP.c[each.key]
    if each.kind is FieldKind.MONEY:
        value = case((ROLLUP.c.currency.is_not(None), value))
    elif each.kind is FieldKind.COUNT:
        value = func.coalesce(value, 0)
    return replace(each, value=value, unit=ROLLUP.c.currency if each.kind is FieldKind.MONEY else None)


_ROLLED_HEALTH: Expression = case(
    (ROLLUP.c.projects_red > 0, Health.RED.value),
    (ROLLUP.c.projects_amber > 0, Health.AMBER.value),
    (ROLLUP.c.projects_green > 0, Health.GREEN.value),
)
_SEVERITY = {Health.RED.value: 3, Health.AMBER.value: 2, Health.GREEN.value: 1}
_ROLLED_FIELDS = (
    _person("manager", MANAGER, "owner", "lead", gives="a manager on record"),
    Field("health", "worst health", FieldKind.HEALTH, _ROLLED_HEALTH, ("RAG", "colour", "color")),
    _date("start", "planned start", ROLLUP.c.start, "planned_start", "start date", "starts"),
    _date("finish", "planned finish", ROLLUP.c.finish, "planned_finish", "due", "end", "end date", "ends"),
    _days(
        "planned_duration",
        "from first start to last finish",
        minutes_between(literal(DurationBasis.ELAPSED.value), ROLLUP.c.start, ROLLUP.c.finish),
        literal(DurationBasis.ELAPSED.value),
        "duration",
        "length",
        "long",
    ),
    _share("progress", "progress", ROLLUP.c.progress, "percent complete", gives="task states"),
    *(_rolled(each) for each in ROLLED),
)
_ROLLED_STATES = (
    State("open", "open", ROLLUP.c.projects_open > 0, ("unfinished", "ongoing", "active")),
    State("done", "done", and_(ROLLUP.c.projects > 0, ROLLUP.c.projects_open == 0), ("finished", "completed")),
    State("late", "with late projects", ROLLUP.c.projects_late > 0, ("overdue", "behind", "delayed")),
    *(State(each, f"{each} at worst", _ROLLED_HEALTH.in_((each.value,)), needs=("health",)) for each in Health),
    State(
        "green_not_green",
        "with projects reported green that are not",
        ROLLUP.c.projects_green_not_green > 0,
        ("watermelon", "watermelons", "green but not green"),
        needs=("projects_green_not_green",),
    ),
    State("empty", "without projects", ROLLUP.c.projects.is_(None), ("no projects",)),
)

_PROGRAM_FIELDS = (
    Field("key", "key", FieldKind.KEY, PROGRAM.c.key, ("id", "number", "code")),
    _text("name", "name", PROGRAM.c.name, "title", gives="names"),
    _entity(Level.PORTFOLIO, PORTFOLIO.c.name, PORTFOLIO.c.key),
    *_ROLLED_FIELDS,
)
_PROGRAM_STATES = (
    *_ROLLED_STATES,
    _without("no_portfolio", "portfolio", PROGRAM.c.portfolio_id.is_(None), "no portfolio"),
    State(
        "unowned",
        "without a manager",
        PROGRAM.c.manager_id.is_(None),
        ("no manager",),
        needs=("manager",),
        is_absence=True,
    ),
)
_PORTFOLIO_FIELDS = (
    Field("key", "key", FieldKind.KEY, PORTFOLIO.c.key, ("id", "number", "code")),
    _text("name", "name", PORTFOLIO.c.name, "title"),
    _count("programs", "programs", func.coalesce(PROGRAM_COUNT.c.programs, 0), "number of programs", "program count"),
    *_ROLLED_FIELDS,
)
_PORTFOLIO_STATES = (
    *_ROLLED_STATES,
    State(
        "unowned",
        "without a manager",
        PORTFOLIO.c.manager_id.is_(None),
        ("no manager",),
        needs=("manager",),
        is_absence=True,
    ),
)

_FIELDS = {
    Level.TASK: _TASK_FIELDS,
    Level.PROJECT: _PROJECT_FIELDS,
    Level.PROGRAM: _PROGRAM_FIELDS,
    Level.PORTFOLIO: _PORTFOLIO_FIELDS,
}
_STATES = {
    Level.TASK: _TASK_STATES,
    Level.PROJECT: _PROJECT_STATES,
    Level.PROGRAM: _PROGRAM_STATES,
    Level.PORTFOLIO: _PORTFOLIO_STATES,
}
# What an overview shows first: the worst health, of what is open.
ATTENTION = {
    Level.PROJECT: _count("attention", "health, worst first", case((_OPEN, case(_SEVERITY, value=_HEALTH)), else_=0)),
    Level.PROGRAM: _count("attention", "health, worst first", case(_SEVERITY, value=_ROLLED_HEALTH)),
    Level.PORTFOLIO: _count("attention", "health, worst first", case(_SEVERITY, value=_ROLLED_HEALTH)),
}

# The firm's own fields

_CUSTOM_COLUMN = {
    Level.TASK: TASK.c.custom,
    Level.PROJECT: PROJECT.c.custom,
    Level.PROGRAM: PROGRAM.c.custom,
    Level.PORTFOLIO: PORTFOLIO.c.custom,
}
_CUSTOM_KIND = {
    CustomKind.TEXT: FieldKind.TEXT,
    CustomKind.NUMBER: FieldKind.NUMBER,
    CustomKind.MONEY: FieldKind.MONEY,
    CustomKind.DATE: FieldKind.DATE,
    CustomKind.DAYS: FieldKind.DAYS,
    CustomKind.SHARE: FieldKind.SHARE,
}


def _custom(row: CustomField) -> Field:
    level, kind = Level(row.level), CustomKind(row.kind)
    return Field(
        row.key,
        row.label,
        _CUSTOM_KIND[kind],
        _custom_value(level, row.key, kind),
        (row.key, *row.also_called),
        _custom_right(level, FieldClass(row.field_class)),
        _custom_unit(kind, row.currency),
        comes_from=f"a column for {row.label}",
    )


def _custom_value(level: Level, key: str, kind: CustomKind) -> Expression:
    value: Any = _CUSTOM_COLUMN[level][key]
    match kind:
        case CustomKind.MONEY:
            return cast(value.as_string(), BigInteger)
        case CustomKind.DATE:
            return IsoDate(value.as_string())
        case CustomKind.DAYS:
            return cast(value.as_float() * ELAPSED_DAY_MINUTES, BigInteger)
        case CustomKind.NUMBER | CustomKind.SHARE:
            number: Expression = value.as_float()
            return number
        case CustomKind.TEXT:
            text: Expression = value.as_string()
            return text


def _custom_right(level: Level, field_class: FieldClass) -> Right:
    if field_class is FieldClass.OPEN:
        return Right.OPEN
    if level in (Level.PROGRAM, Level.PORTFOLIO):
        return Right.WHOLE_TEAM if field_class is FieldClass.TEAM else Right.WHOLE_MONEY
    return Right.TEAM if field_class is FieldClass.TEAM else Right.MONEY


def _custom_unit(kind: CustomKind, currency: str | None) -> Expression | None:
    if kind is CustomKind.DAYS:
        return literal(DurationBasis.ELAPSED.value)
    if kind is CustomKind.MONEY:
        return literal(currency) if currency else select(ORGANISATION.c.currency).scalar_subquery()
    return None

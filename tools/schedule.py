"""What decides when a project ends: its critical path, and how much float the rest has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import Field

from storage.access import FieldClass
from storage.baselines import task_baselines
from storage.projects import find_project
from storage.readings import readings
from storage.records import ProjectRecord, ReadingRecord, TaskRecord
from storage.vocabulary import DurationBasis, Level, TaskState
from tools import facts
from tools.context import ToolContext
from tools.facts import Fact, Figure, Line, Refusal, ToolResult, Unit
from tools.figures import days, source_of, title, whole_days
from tools.names import plain, words_of
from tools.networks import PlanNetwork, read_network
from tools.planning.critical_path import CriticalPath, LinksFormACircle
from tools.planning.earned_schedule import earned_schedule
from tools.planning.model import Window
from tools.planning.network import FROM_FINISH, Activity
from tools.planning.schedule_quality import HARD, Check, CheckedLink, CheckedSchedule, CheckedTask, Point, check
from tools.resolve import Match, find_one

MOST_ON_PATH = 8
MOST_NEAR = 4
PUSHED_DAYS = 600  # by which a driving task is pushed to see whether the end moves with it
DAY_MINUTES = DurationBasis.WORKING.day_minutes
INDICES = (Point.PATH_INDEX, Point.BASELINE_INDEX, Point.PATH_TEST)
NEAR_DAYS = 5  # working days of float that are little
NO_LINKS = (
    "{} has no links between its tasks on file, so nothing tells which of them decide its end;"
    " you can ask which of its tasks are late or due."
)
_ENDINGS = ("ing", "ed", "s")
_STEM = 2  # letters that a word without its ending has at least, and one more


class ScheduleLine(Line):
    """An open task on the critical path, or one with little float beside it."""

    why: Figure = Field(description="critical, near critical, asked: of the part asked for, or check: a weak point")
    name: Figure
    owner: Figure | None = Field(None, description="who does it, where the reader may see that")
    start: Figure | None = Field(None, description="earliest start, from the day of the answer on")
    finish: Figure | None = Field(None, description="earliest finish")
    total_float: Figure | None = Field(
        None, description="working days it may slip before the end, or a deadline, moves"
    )
    share: Figure | None = Field(None, description="of a check: the share or index found")
    limit: Figure | None = Field(None, description="of a check: what it may be at most, or must be at least")
    tasks: Figure | None = Field(None, description="of a check: tasks that fail it")


class ProjectSchedule(Fact):
    """The critical path of one project on one day."""

    kind: ClassVar[str] = "project_schedule"

    project: Figure = Field(description="its key")
    name: Figure
    finish: Figure | None = Field(None, description="when its last task ends by its links, from the day on")
    planned_finish: Figure | None = Field(None, description="as it is planned on file")
    promised_finish: Figure | None = None
    promise_slip: Figure | None = Field(None, description="how far that end lies after the promised finish")
    tasks_open: Figure
    critical: Figure = Field(description="open tasks without float")
    near_critical: Figure = Field(description="open tasks with float of five working days or less")
    on_path: Figure = Field(description="open tasks on the path that drives the end")
    part: Figure | None = Field(None, description="the part whose float was asked for, in the asker's words")
    part_tasks: Figure | None = Field(None, description="open tasks of that part")
    part_float: Figure | None = Field(None, description="the least float among them")
    alongside: Figure | None = Field(None, description="open tasks that wait for no end and hold up nothing: left out")
    without_length: Figure | None = Field(None, description="open tasks with neither dates nor a duration")
    baseline_finish: Figure | None = Field(None, description="when the last baseline had its last task end")
    baseline_slip: Figure | None = Field(None, description="how far its end by the links lies after that")
    slip_from: Figure | None = Field(None, description="the task of the path that adds most to that slip")
    slip_from_days: Figure | None = Field(None, description="how much of it that task adds")
    earned_days: Figure | None = Field(None, description="ES: working days of the plan that the work done is worth")
    gone_days: Figure | None = Field(None, description="AT: working days gone since the plan's start")
    schedule_performance_time: Figure | None = Field(None, description="SPI(t) = ES / AT")
    end_at_this_pace: Figure | None = Field(None, description="IEAC(t): planned days / SPI(t) from the plan's start")
    checks: Figure | None = Field(None, description="points of the DCMA's fourteen that could be checked")
    checks_failed: Figure | None = Field(None, description="those that fail; each has a row")
    rows: dict[str, ScheduleLine] = Field(default_factory=dict)


def project_schedule(
    context: ToolContext,
    project: Annotated[str, "key or name of one project"],
    part: Annotated[str | None, "a task, or words of the names of some, whose float is asked for"] = None,
) -> ToolResult:
    """What decides when one project ends: its critical path, the float of the rest or of a part, what it lacks."""
    with context.reading() as session:
        match = find_one(session, context.reader, project, (Level.PROJECT,))
        if not isinstance(match, Match):
            return match
        record = find_project(session, context.reader, match.key)
        found = readings(session, context.reader, [record.id], context.today, context.as_of)
        if FieldClass.OPEN not in record.sees or record.id not in found:
            return Refusal("refused", f"Of {match.name} you may know the name, and no more.")
        reading = found[record.id]
        tasks, plan = read_network(session, context.reader, record, reading.day)
        promised = task_baselines(session, context.reader, record.id, reading.day)
    if not (reading.is_open and any(task.is_open for task in plan.tasks.values())):
        return Refusal("declined", f"{match.name} has no open tasks: nothing of it is left to schedule.")
    if not plan.network.links:
        return Refusal("declined", NO_LINKS.format(match.name))
    try:
        return _fact(record, reading, _Schedule(tasks, plan, CriticalPath(plan.network), promised, reading.day), part)
    except LinksFormACircle as circle:
        keys = ", ".join(f"[{plan.tasks[each].key}]" for each in circle.ids if each in plan.tasks)
        return Refusal("declined", f"{match.name} cannot be scheduled: {keys} wait for one another in a circle.")
    except OverflowError:
        return Refusal("declined", f"{match.name} cannot be scheduled: its dates run beyond the year 9999.")


@dataclass(frozen=True)
class _Schedule:
    """A project that has something left to do, scheduled."""

    tasks: Sequence[TaskRecord]
    plan: PlanNetwork
    path: CriticalPath
    promised: Mapping[int, tuple[datetime | None, datetime | None]]  # start and finish by the last baseline
    day: date

    @property
    def open_tasks(self) -> list[TaskRecord]:
        return [task for task in self.plan.tasks.values() if task.is_open]

    @cached_property
    def dates(self) -> dict[int, Window]:
        """The early dates; a milestone that waits for an end has its day, not the next morning's."""
        return {
            each: self._evening(each) if self._ends_a_day(each) else self.path.early(each) for each in self.plan.tasks
        }

    @cached_property
    def driving(self) -> list[TaskRecord]:
        """The open tasks that drive the end of the project, one after the other."""
        ends = {each: (dates.finish, self.path.early(each).start) for each, dates in self.dates.items() if dates.finish}
        last = max(ends, key=lambda each: ends[each])
        tasks = (self.plan.tasks.get(each) for each in self.path.driving_path(last))
        return [task for task in tasks if task and task.is_open]

    @property
    def finish(self) -> datetime:
        return max(dates.finish for dates in self.dates.values() if dates.finish)

    def slack(self, task: TaskRecord) -> int:
        return self.path.total_float(task.id)

    @property
    def baseline_finish(self) -> date | None:
        """When the tasks that are scheduled were to end by the baseline."""
        finishes = [finish for task in self.plan.tasks if (finish := self._promise(task))]
        return max(finishes, default=None)

    def _promise(self, task_id: int) -> date | None:
        finish = self.promised.get(task_id, (None, None))[1]
        return finish.date() if finish else None

    def planned(self, task: TaskRecord) -> Window:
        """Its window by the baseline, else as it is planned."""
        start, finish = self.promised.get(task.id, (None, None))
        return Window(start or task.start, finish) if finish else Window(task.start, task.finish)

    @cached_property
    def slips(self) -> list[tuple[TaskRecord, int]]:
        """The tasks of the path with the working days that each adds to its slip against the baseline."""
        found, before = [], 0
        for task in self.driving:
            promise, finish = self._promise(task.id), self.dates[task.id].finish
            if promise is not None and finish is not None:
                slip = self.plan.network.calendar.working_days(promise, finish.date())
                found.append((task, slip - before))
                before = slip
        return found

    @cached_property
    def checks(self) -> list[Check]:
        """The DCMA's fourteen points."""
        network = self.plan.network
        behind = {link.successor for link in network.links}
        before = {link.predecessor for link in network.links}
        leaves = [self._checked(task, each in behind, each in before) for each, task in self.plan.tasks.items()]
        links = [CheckedLink(link.kind, link.lag_minutes) for link in network.links]
        finish = self.finish.date()
        checked = CheckedSchedule(leaves, links, self.day, finish, self.baseline_finish, self._moves())
        return check(checked, network.calendar)

    def _checked(self, task: TaskRecord, has_before: bool, has_behind: bool) -> CheckedTask:
        duration = task.planned_duration_minutes
        return CheckedTask(
            key=task.key,
            is_open=bool(task.is_open),
            is_milestone=task.is_milestone,
            is_begun=task.state == TaskState.IN_PROGRESS,
            has_before=has_before,
            has_behind=has_behind,
            is_hard=task.constraint_kind in HARD or task.is_pinned,
            float_days=self.slack(task) / DAY_MINUTES if task.is_open else None,
            duration_days=None if duration is None else duration / DurationBasis(task.duration_basis).day_minutes,
            has_owner=bool(task.owner) if FieldClass.TEAM in task.sees else None,
            actual_start=task.actual_start.date() if task.actual_start else None,
            actual_finish=task.actual_finish.date() if task.actual_finish else None,
            finish=task.finish.date() if task.finish else None,
            baseline_finish=self._promise(task.id),
        )

    def _moves(self) -> bool | None:
        """Whether the end moves as far as its first driving task when that is pushed by 600 working days."""
        if not self.driving:
            return None
        pushed, network = self.driving[0].id, self.plan.network
        longer = [_longer(each) if each.id == pushed else each for each in network.activities]
        try:
            moved = CriticalPath(replace(network, activities=longer)).finish
        except OverflowError:
            return None
        days = network.calendar.working_days(self.finish.date(), moved.date()) if moved else 0
        return days >= PUSHED_DAYS - 1

    def _ends_a_day(self, task_id: int) -> bool:
        dates, driving = self.path.early(task_id), self.path.drivers(task_id)
        return dates.start == dates.finish and bool(driving) and all(link.kind in FROM_FINISH for link in driving)

    def _evening(self, task_id: int) -> Window:
        start, calendar = self.path.early(task_id).start, self.plan.network.calendar
        moment = calendar.finish_at(calendar.position(start)) if start else None
        return Window(moment, moment)


def _fact(project: ProjectRecord, reading: ReadingRecord, schedule: _Schedule, part: str | None) -> ProjectSchedule:
    plan, path, promised = schedule.plan, schedule.path, project.promised_finish
    asked = _asked(schedule, part) if part else []
    least = min(asked, key=schedule.slack, default=None)
    rows = {task.key: _line(why, task, schedule) for why, task in _shown(schedule, asked)}
    checks, baseline = schedule.checks, schedule.baseline_finish
    behind = plan.network.calendar.working_days(baseline, schedule.finish.date()) if baseline else None
    worst = max(schedule.slips, key=lambda each: each[1], default=None) if behind and behind > 0 else None
    slip = plan.network.calendar.working_days(promised, schedule.finish.date()) if promised else None
    open_ids = [task.id for task in schedule.open_tasks]
    near = sum(path.is_near_critical(each, NEAR_DAYS * DurationBasis.WORKING.day_minutes) for each in open_ids)
    return ProjectSchedule(
        as_of=reading.day,
        project=Figure(value=project.key, unit=Unit.KEY),
        name=Figure(value=title(Level.PROJECT, project.key, project.name), unit=Unit.NAME),
        finish=facts.day(schedule.finish, "schedule_finish"),
        planned_finish=facts.day(reading.finish, "planned_finish"),
        promised_finish=facts.day(promised, "promised_finish"),
        promise_slip=whole_days(slip, DurationBasis.WORKING, "schedule_slip"),
        tasks_open=Figure(value=reading.tasks_open, unit=Unit.COUNT, metric="open_tasks"),
        critical=Figure(value=sum(map(path.is_critical, open_ids)), unit=Unit.COUNT),
        near_critical=Figure(value=near, unit=Unit.COUNT),
        on_path=Figure(value=len(schedule.driving), unit=Unit.COUNT),
        part=facts.text(part),
        part_tasks=facts.count(len(asked)) if part else None,
        part_float=days(schedule.slack(least), least.duration_basis, "total_float") if least else None,
        alongside=facts.count(len(plan.alongside) or None),
        without_length=facts.count(len(plan.without_length) or None),
        baseline_finish=facts.day(baseline),
        baseline_slip=whole_days(behind, DurationBasis.WORKING),
        slip_from=facts.name(worst[0].name) if worst and worst[1] > 0 else None,
        slip_from_days=whole_days(worst[1], DurationBasis.WORKING) if worst and worst[1] > 0 else None,
        **_pace(schedule, reading),
        checks=facts.count(sum(each.passed is not None for each in checks)),
        checks_failed=facts.count(sum(each.passed is False for each in checks)),
        rows=rows | _check_lines(checks),
        sources=[
            source_of(Level.PROJECT, project.key, project.name),
            *(source_of(Level.TASK, task.key, task.name) for task in plan.tasks.values() if task.key in rows),
        ],
    )


def _pace(schedule: _Schedule, reading: ReadingRecord) -> dict[str, Figure | None]:
    """Earned schedule, where the reader sees what progress is weighted by."""
    leaves = [task for task in schedule.tasks if task.is_leaf is not False and task.state != TaskState.CANCELLED]
    if reading.progress_share is None or reading.progress_basis not in ("effort", "duration"):
        return {}
    weights = [_weight(task, reading.progress_basis) for task in leaves]
    if reading.progress_basis == "effort" and not any(weights):
        return {}
    work = [(schedule.planned(task), weight or 0) for task, weight in zip(leaves, weights, strict=True)]
    found = earned_schedule(work, reading.progress_share, schedule.day, schedule.plan.network.calendar)
    if found is None:
        return {}
    return {
        "earned_days": Figure(value=round(found.earned, 1), unit=Unit.WORKING_DAYS),
        "gone_days": Figure(value=found.gone, unit=Unit.WORKING_DAYS),
        "schedule_performance_time": facts.ratio(
            round(found.performance, 2) if found.performance is not None else None
        ),
        "end_at_this_pace": facts.day(found.end),
    }


def _weight(task: TaskRecord, basis: str) -> int | None:
    return task.derived_effort_minutes if basis == "effort" else task.planned_duration_minutes


def _longer(activity: Activity) -> Activity:
    minutes = PUSHED_DAYS * DAY_MINUTES
    left = None if activity.remaining_minutes is None else activity.remaining_minutes + minutes
    return replace(activity, duration_minutes=activity.duration_minutes + minutes, remaining_minutes=left)


def _check_lines(checks: Sequence[Check]) -> dict[str, ScheduleLine]:
    """A row for each point that fails."""
    failed = [each for each in checks if each.passed is False]
    return {
        f"check-{number}": ScheduleLine(
            why=Figure(value="check", unit=Unit.TEXT),
            name=Figure(value=each.point.value, unit=Unit.TEXT),
            share=Figure(value=round(each.value or 0, 4), unit=Unit.RATIO if each.point in INDICES else Unit.SHARE),
            limit=Figure(value=each.limit, unit=Unit.RATIO if each.point in INDICES else Unit.SHARE),
            tasks=facts.count(len(each.keys) or None),
        )
        for number, each in enumerate(failed, start=1)
    }


def _asked(schedule: _Schedule, part: str) -> list[TaskRecord]:
    """The open tasks of that key, else those all of whose words stand in their name or in a heading above it."""
    if keyed := [task for task in schedule.open_tasks if task.key.lower() == part.strip().lower()]:
        return keyed
    by_id = {task.id: task for task in schedule.tasks}
    stems = {_stem(word.text) for word in words_of(plain(part))}
    found = [task for task in schedule.open_tasks if stems and any(stems <= each for each in _headings(task, by_id))]
    return sorted(found, key=schedule.slack)


def _headings(task: TaskRecord, by_id: Mapping[int, TaskRecord]) -> Iterator[set[str]]:
    above: TaskRecord | None = task
    while above is not None:
        yield {_stem(word.text) for word in words_of(plain(above.name))}
        above = by_id.get(above.parent_id) if above.parent_id is not None else None


def _stem(word: str) -> str:
    """ "testing", "tests" and "tested" are of one kind."""
    return next((word[: -len(end)] for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + _STEM), word)


def _shown(schedule: _Schedule, asked: Sequence[TaskRecord]) -> Iterator[tuple[str, TaskRecord]]:
    """The path, of a long one its first tasks and its last; what was asked for; what has least float beside it."""
    driving, half = schedule.driving, MOST_ON_PATH // 2
    told = driving if len(driving) <= MOST_ON_PATH else [*driving[:half], *driving[-half:]]
    yield from (("critical", task) for task in told)
    yield from (("asked", task) for task in asked[:MOST_NEAR] if task not in driving)
    beside = (task for task in schedule.open_tasks if task not in driving and task not in asked)
    for task in sorted(beside, key=schedule.slack)[:MOST_NEAR]:
        yield ("critical" if schedule.path.is_critical(task.id) else "near critical"), task


def _line(why: str, task: TaskRecord, schedule: _Schedule) -> ScheduleLine:
    dates = schedule.dates[task.id]
    return ScheduleLine(
        why=Figure(value=why, unit=Unit.TEXT),
        name=Figure(value=task.name, unit=Unit.NAME),
        owner=facts.name(task.owner.name if task.owner else None),
        start=facts.day(dates.start),
        finish=facts.day(dates.finish),
        total_float=days(schedule.slack(task), task.duration_basis, "total_float"),
    )

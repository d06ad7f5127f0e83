"""A plan as MS Project XML, that MS Project opens and `pilothouse import` reads back."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from integrations.exporting.plan import ExportedPlan
from storage.records import CalendarRecord, LinkRecord, TaskRecord
from storage.text import fit_for_xml
from storage.vocabulary import ConstraintKind, DurationBasis, LinkKind, TaskState
from tools.planning.calendar import WorkingCalendar

NAMESPACE = "http://schemas.microsoft.com/project"
LINK_TYPES = {LinkKind.FF: 0, LinkKind.FS: 1, LinkKind.SF: 2, LinkKind.SS: 3}
CONSTRAINT_TYPES = {
    ConstraintKind.MUST_START_ON: 2,
    ConstraintKind.MUST_FINISH_ON: 3,
    ConstraintKind.START_NO_EARLIER: 4,
    ConstraintKind.START_NO_LATER: 5,
    ConstraintKind.FINISH_NO_EARLIER: 6,
    ConstraintKind.FINISH_NO_LATER: 7,
}
DAYS, ELAPSED_DAYS = 7, 8  # the units durations and lags are shown in
USUAL = 1  # the UID of the calendar that stands for five days of eight hours


def write_xml(plan: ExportedPlan) -> bytes:
    """Outline, links, constraints, pins, progress, calendars, the last baseline, and owners as resources.

    A task without a constraint of its own may not start before its planned start, so that it stays where it is.
    """
    data = io.BytesIO()
    _Writer(data, plan).write()
    return data.getvalue()


class _Writer:
    def __init__(self, data: io.BytesIO, plan: ExportedPlan) -> None:
        self._xml = XMLGenerator(data, "utf-8", short_empty_elements=True)
        self._plan, self._uids = plan, plan.uids
        self._people = {person: uid for uid, person in enumerate(plan.people, start=1)}
        self._calendars = {calendar: uid for uid, calendar in enumerate(plan.calendars, start=USUAL + 1)}

    def write(self) -> None:
        project = self._plan.project
        starts = [task.start for task, _ in self._plan.tasks if task.start]
        self._xml.startDocument()
        with self._element("Project", {"xmlns": NAMESPACE}):
            self._texts(
                SaveVersion=14,
                Name=f"{project.key}.xml",
                Title=project.name or project.key,
                ScheduleFromStart=1,
                StartDate=project.planned_start or min(starts, default=None),
                FinishDate=project.planned_finish,
                CurrencyCode=project.currency,
                CalendarUID=self._calendars.get(project.calendar_id or 0, USUAL),
                MinutesPerDay=480,
                MinutesPerWeek=2400,
                DaysPerMonth=20,
                CurrentDate=datetime.combine(self._plan.day, datetime.min.time()),
            )
            with self._element("Calendars"):
                self._usual_calendar()
                for number, calendar in self._plan.calendars.items():
                    self._calendar(self._calendars[number], calendar)
            with self._element("Tasks"):
                for (task, depth), outline_number in zip(self._plan.tasks, _numbers(self._plan.tasks), strict=True):
                    self._task(task, depth, outline_number)
            with self._element("Resources"):
                for person, uid in self._people.items():
                    record = self._plan.people[person]
                    with self._element("Resource"):
                        self._texts(UID=uid, ID=uid, Name=record.name, Type=1, EmailAddress=record.email)
            with self._element("Assignments"):
                self._assignments()
        self._xml.endDocument()

    def _task(self, task: TaskRecord, depth: int, number: str) -> None:
        is_summary = task.is_leaf is False
        basis = ELAPSED_DAYS if task.duration_basis == DurationBasis.ELAPSED else DAYS
        constraint, bound = self._constraint(task, is_summary=is_summary)
        with self._element("Task"):
            self._texts(
                UID=self._uids[task.id],
                ID=task.position,
                Name=task.name,
                Active=0 if task.state == TaskState.CANCELLED else 1,
                Manual=1 if task.is_pinned else 0,
                Type=0,
                IsNull=0,
                WBS=task.wbs or number,
                OutlineNumber=number,
                OutlineLevel=depth + 1,
                Start=task.actual_start or task.start,
                Finish=task.actual_finish or task.finish,
                ManualStart=task.planned_start if task.is_pinned else None,
                ManualFinish=task.planned_finish if task.is_pinned else None,
                Duration=_duration(self._length(task)),
                DurationFormat=basis,
                Work=_duration(None if is_summary else task.effort_minutes),
                RemainingWork=_duration(None if is_summary else task.remaining_minutes),
                Milestone=int(task.is_milestone),
                Summary=int(is_summary),
                PercentComplete=_percent(task),
                ActualStart=task.actual_start,
                ActualFinish=task.actual_finish,
                ConstraintType=constraint,
                ConstraintDate=bound,
                Deadline=datetime.combine(task.deadline, datetime.min.time()) if task.deadline else None,
                CalendarUID=self._calendars.get(task.calendar_id or 0, -1),
                Notes=task.description,
            )
            for link in self._plan.links.get(task.id, ()):
                self._link(link)
            self._baseline(task)

    def _constraint(self, task: TaskRecord, *, is_summary: bool) -> tuple[int, datetime | None]:
        if task.constraint_kind and task.constraint_at:
            return CONSTRAINT_TYPES[ConstraintKind(task.constraint_kind)], task.constraint_at
        if is_summary or task.is_pinned or task.planned_start is None or task.actual_start:
            return 0, None
        return CONSTRAINT_TYPES[ConstraintKind.START_NO_EARLIER], task.planned_start

    def _length(self, task: TaskRecord) -> int | None:
        """Its duration, else the time between its dates by the calendar five days a week."""
        if task.is_milestone:
            return 0
        if task.planned_duration_minutes is not None:
            return task.planned_duration_minutes
        start, finish = task.start, task.finish
        return WorkingCalendar().minutes_between(start, finish) if start and finish else None

    def _link(self, link: LinkRecord) -> None:
        with self._element("PredecessorLink"):
            self._texts(
                PredecessorUID=self._uids[link.task_id or 0],
                Type=LINK_TYPES[LinkKind(link.kind)],
                CrossProject=0,
                LinkLag=link.lag_minutes * 10,
                LagFormat=ELAPSED_DAYS if link.lag_basis == DurationBasis.ELAPSED else DAYS,
            )

    def _baseline(self, task: TaskRecord) -> None:
        start, finish = self._plan.baselines.get(task.id, (None, None))
        if start or finish:
            with self._element("Baseline"):
                self._texts(Number=0, Start=min(start, finish) if start and finish else start, Finish=finish)

    def _assignments(self) -> None:
        owned = [(task, task.owner.id) for task, _ in self._plan.tasks if task.owner]
        known = [(task, self._people[person]) for task, person in owned if person in self._people]
        for number, (task, resource) in enumerate(known, start=1):
            with self._element("Assignment"):
                self._texts(
                    UID=number,
                    TaskUID=self._uids[task.id],
                    ResourceUID=resource,
                    Units=1,
                    Work=_duration(task.effort_minutes),
                )

    def _usual_calendar(self) -> None:
        week = [[[540, 1020]]] * 5 + [[], []]
        self._calendar(USUAL, CalendarRecord(0, "", "Five days of eight hours", week, {}))

    def _calendar(self, uid: int, calendar: CalendarRecord) -> None:
        with self._element("Calendar"):
            self._texts(UID=uid, Name=calendar.name, IsBaseCalendar=1, BaseCalendarUID=-1)
            with self._element("WeekDays"):
                for place, shifts in enumerate(calendar.week):
                    with self._element("WeekDay"):
                        self._texts(DayType=(place + 1) % 7 + 1, DayWorking=int(bool(shifts)))
                        self._shifts(shifts)
            if calendar.exceptions:
                with self._element("Exceptions"):
                    self._exceptions(calendar.exceptions)

    def _exceptions(self, exceptions: Mapping[str, Sequence[Sequence[int]]]) -> None:
        for day, shifts in sorted(exceptions.items()):
            with self._element("Exception"):
                with self._element("TimePeriod"):
                    start = datetime.combine(date.fromisoformat(day), datetime.min.time())
                    self._texts(FromDate=start, ToDate=start + timedelta(hours=23, minutes=59))
                self._texts(Type=1, DayWorking=int(bool(shifts)))
                self._shifts(shifts)

    def _shifts(self, shifts: Sequence[Sequence[int]]) -> None:
        if not shifts:
            return
        with self._element("WorkingTimes"):
            for start, end in shifts:
                with self._element("WorkingTime"):
                    self._texts(FromTime=_clock(start), ToTime=_clock(end))

    @contextmanager
    def _element(self, name: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        self._xml.startElement(name, AttributesImpl(dict(attributes or {})))
        yield
        self._xml.endElement(name)

    def _texts(self, **parts: str | int | datetime | None) -> None:
        """Elements that hold text, in the order given; one without a value is left out."""
        for name, value in parts.items():
            if value is not None and value != "":
                self._xml.startElement(name, AttributesImpl({}))
                shown = value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
                self._xml.characters(fit_for_xml(shown))
                self._xml.endElement(name)


def _numbers(tasks: Sequence[tuple[TaskRecord, int]]) -> Iterator[str]:
    counts: list[int] = []
    for _, depth in tasks:
        counts = [*counts[: depth + 1], *([0] * (depth + 1 - len(counts)))]
        counts[depth] += 1
        yield ".".join(map(str, counts))


def _duration(minutes: int | None) -> str | None:
    return None if minutes is None else f"PT{minutes // 60}H{minutes % 60}M0S"


def _percent(task: TaskRecord) -> int:
    if task.state == TaskState.DONE:
        return 100
    return min(99, round(100 * (task.done_share or task.derived_done_share or 0)))


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}:00"

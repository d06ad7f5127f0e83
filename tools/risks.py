"""What could go wrong: signals in the records with their evidence, beside the register."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, ClassVar

from pydantic import Field
from sqlmodel import Session

from storage.access import FieldClass
from storage.baselines import baseline_finishes
from storage.catalogue import Right
from storage.judgement import open_risks
from storage.projects import list_projects
from storage.readings import readings
from storage.records import LinkRecord, PersonRecord, ProjectRecord, ReadingRecord, RiskRecord, TaskRecord
from storage.selection.rows import list_ids
from storage.staffing import list_people
from storage.tasks import list_tasks, successors
from storage.vocabulary import Level
from tools import facts
from tools.context import ToolContext
from tools.facts import Fact, Figure, Line, SourceRef, ToolResult, Unit
from tools.figures import CALENDAR, source_of, title
from tools.names import plain
from tools.people import load_of
from tools.planning import risk_rules
from tools.planning.lateness import days_late, is_late
from tools.planning.model import Health
from tools.planning.risk_rules import ORDER, ProjectSigns, Sign, TaskSigns, Weight
from tools.selecting import Arguments, Asked, Unanswerable

MOST_PROJECTS = 12  # whose tasks are looked at; the worst by their figures
MOST_SIGNALS = 6
MOST_REGISTERED = 3
AHEAD_DAYS = 28  # in which owners are looked at for being overbooked
SHARED_WORDS = 2  # that a signal and an entry of the register have in common: one alone is chance
STEM = 5  # letters by which words of a signal and of the register are compared


class RiskLine(Line):
    """A signal with its evidence and the register's entry on it, or an entry that no signal speaks for."""

    why: Figure = Field(description="kind of signal, or register: an entry of the register by itself")
    project: Figure = Field(description="its name")
    name: Figure = Field(description="the task, person or project it is about, or the entry's title")
    task: Figure | None = Field(None, description="key of the task")
    owner: Figure | None = Field(None, description="of the task, or of the register's entry")
    score: Figure = Field(description="likelihood times impact, each 1 to 3; of an entry alone by its shares")
    days: Figure | None = Field(None, description="working days late, waited, slipped, idle, or of work behind an end")
    behind: Figure | None = Field(None, description="open tasks that wait for it")
    waits_on: Figure | None = None
    since: Figure | None = None
    start: Figure | None = None
    end: Figure | None = None
    share: Figure | None = Field(None, description="booked of the hours there, of the work left, or of tasks")
    booked: Figure | None = None
    available: Figure | None = None
    reported_health: Figure | None = None
    computed_health: Figure | None = None
    register_key: Figure | None = Field(None, description="of the entry that covers it")
    mitigation: Figure | None = Field(None, description="what the register does about it")


class Risks(Fact):
    """The signals of a scope, worst first, and what the register holds."""

    kind: ClassVar[str] = "surface_risks"

    scope: Figure | None = Field(None, description="where, by name; absent: everywhere")
    projects: Figure = Field(description="open projects looked at")
    looked_into: Figure = Field(description="projects among them whose tasks and people were looked at")
    signals: Figure
    serious: Figure = Field(description="signals that score six or more of nine")
    unregistered: Figure = Field(description="signals about a task or a person that no entry of the register covers")
    registered: Figure | None = Field(None, description="open entries of the register, where the reader sees it")
    partial: Figure | None = Field(None, description="set for readers without rights over the whole scope")
    rows: dict[str, RiskLine] = Field(default_factory=dict)


@dataclass(frozen=True)
class Signal:
    """One signal of a project; `evidence` are the fields of its line."""

    sign: Sign
    weight: Weight
    project: ProjectRecord
    name: str
    words: str = ""  # by which the register may know it
    owner: str | None = None
    task: TaskRecord | None = None
    person: PersonRecord | None = None
    evidence: Mapping[str, Figure | None] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[Any, ...]:
        return (-self.weight.score, -self.weight.impact, ORDER.index(self.sign), self.project.key, self.name)


def surface_risks(
    context: ToolContext,
    scope: Annotated[
        str | None, "key or name of a portfolio, program, project, client or manager; all by default"
    ] = None,
) -> ToolResult:
    """Scored risks with their evidence: signals in the records, those nobody has registered, and the register."""
    with context.reading() as session:
        try:
            asked = Asked(session, context, Level.PROJECT, Arguments(scope=scope))
        except Unanswerable as nothing:
            return nothing.result
        return _Search(session, context, asked).fact()


@dataclass(frozen=True)
class _Search:
    session: Session
    context: ToolContext
    asked: Asked

    @cached_property
    def found(self) -> dict[int, tuple[ProjectRecord, ReadingRecord]]:
        """The open projects of the scope with their readings, the worst first."""
        reader, context = self.context.reader, self.context
        projects = {
            each.id: each
            for each in list_projects(self.session, reader, ids=list_ids(self.session, reader, self.asked.selection))
        }
        known = readings(self.session, reader, list(projects), context.today, context.as_of)
        pairs = [(projects[each], reading) for each, reading in known.items() if reading.is_open]
        pairs.sort(key=lambda pair: (-_severity(pair[1]), -(pair[1].promise_slip_days or 0), pair[0].key))
        return {project.id: (project, reading) for project, reading in pairs}

    @cached_property
    def near(self) -> list[tuple[ProjectRecord, ReadingRecord]]:
        return list(self.found.values())[:MOST_PROJECTS]

    @cached_property
    def day(self) -> date:
        return max(
            (reading.day for _, reading in self.found.values()), default=self.context.as_of or self.context.today
        )

    @cached_property
    def has_owners(self) -> bool:
        """Whether any owner is on file: where none is, they were never imported, and say nothing of a risk."""
        return any((reading.tasks_unowned or 0) < reading.tasks_open for _, reading in self.found.values())

    @cached_property
    def has_estimates(self) -> bool:
        return any((reading.tasks_without_estimate or 0) < reading.tasks_open for _, reading in self.found.values())

    @cached_property
    def tasks(self) -> dict[int, list[TaskRecord]]:
        """The open tasks of each project looked into."""
        listed = {project.id: list_tasks(self.session, self.context.reader, project.id) for project, _ in self.near}
        return {
            project: [task for task in tasks if task.is_leaf is not False and task.is_open]
            for project, tasks in listed.items()
        }

    @cached_property
    def behind(self) -> dict[int, list[LinkRecord]]:
        ids = [task.id for tasks in self.tasks.values() for task in tasks]
        return successors(self.session, self.context.reader, ids)

    @cached_property
    def register(self) -> list[RiskRecord]:
        return open_risks(self.session, self.context.reader, list(self.found), self.day)

    @cached_property
    def signals(self) -> list[Signal]:
        found = [*self._of_projects(), *self._of_tasks(), *self._of_people()]
        return sorted(found, key=lambda signal: signal.rank)

    def _of_projects(self) -> Iterator[Signal]:
        finishes = baseline_finishes(self.session, self.context.reader, list(self.found), self.day)
        is_heard_by_others = bool(self.context.reader.audience)
        for project, reading in self.found.values():
            signs = self._signs(project, reading, finishes)
            evidence = _project_evidence(signs, project, reading)
            for sign, weight in risk_rules.of_project(signs):
                if sign is Sign.CONTRADICTED and is_heard_by_others:
                    continue
                name = title(Level.PROJECT, project.key, project.name)
                owner = project.manager.name if project.manager else None
                yield Signal(sign, weight, project, name, owner=owner, evidence=evidence[sign])

    def _signs(self, project: ProjectRecord, reading: ReadingRecord, finishes: Mapping[int, Any]) -> ProjectSigns:
        promised, finish, first = project.promised_finish, reading.finish, finishes.get(project.id)
        gone = None
        if reading.start and promised and promised > reading.start.date():
            whole = CALENDAR.working_days(reading.start.date(), promised)
            gone = CALENDAR.working_days(reading.start.date(), self.day) / whole if whole else None
        synced = project.source_synced_at
        return ProjectSigns(
            tasks_open=reading.tasks_open,
            tasks_unowned=reading.tasks_unowned if self.has_owners else None,
            tasks_without_estimate=reading.tasks_without_estimate if self.has_estimates else None,
            links=self._links(project.id),
            promise_slip_days=reading.promise_slip_days,
            spare_days_at_first=CALENDAR.working_days(first.date(), promised) if first and promised else None,
            spare_days_left=CALENDAR.working_days(finish.date(), promised) if finish and promised else None,
            time_gone_share=gone,
            idle_days=CALENDAR.working_days(reading.last_activity_on, self.day) if reading.last_activity_on else None,
            days_since_sync=CALENDAR.working_days(synced.date(), self.day) if synced else None,
            reported=Health(project.reported_health) if project.reported_health else None,
            computed=Health(reading.computed_health) if reading.computed_health else None,
        )

    def _links(self, project_id: int) -> int | None:
        if project_id not in self.tasks:
            return None
        return sum(len(self.behind.get(task.id, ())) for task in self.tasks[project_id])

    def _of_tasks(self) -> Iterator[Signal]:
        for project, reading in self.near:
            for task in self.tasks[project.id]:
                late = days_late(task.finish, reading.day, CALENDAR, is_open=True, elapsed=False) or 0
                waiting = CALENDAR.working_days(task.waits_since, reading.day) if task.waits_since else None
                behind = sum(link.is_open for link in self.behind.get(task.id, ()))
                overdue = is_late(task.finish, reading.day, is_open=True)
                if found := risk_rules.of_task(TaskSigns(overdue, late, waiting, behind)):
                    sign, weight = found
                    days = waiting if sign is Sign.WAITING else late
                    yield Signal(
                        sign,
                        weight,
                        project,
                        task.name,
                        words=f"{task.key} {task.name} {task.waits_on or ''}",
                        owner=task.owner.name if task.owner else None,
                        task=task,
                        evidence={
                            "days": _days(days),
                            "behind": facts.count(behind or None),
                            "waits_on": facts.text(task.waits_on),
                            "since": facts.day(task.waits_since),
                            "end": facts.day(task.finish),
                        },
                    )

    def _of_people(self) -> Iterator[Signal]:
        """Owners who are overbooked, whose contract ends too soon, or on whom most of a project hangs."""
        owned: dict[int, list[TaskRecord]] = {}
        for tasks in self.tasks.values():
            for task in tasks:
                if task.owner is not None:
                    owned.setdefault(task.owner.id, []).append(task)
        people = {each.id: each for each in list_people(self.session, self.context.reader, ids=list(owned))}
        projects = {project.id: project for project, _ in self.near}
        yield from self._overbooked(people, owned, projects)
        for person in people.values():
            if person.employed_until is None:
                continue
            for project_id, tasks in _by_project(owned[person.id]):
                yield from _contract(person, projects[project_id], tasks)
        for project, reading in self.near:
            yield from self._one_person(project, reading, people)

    def _overbooked(
        self,
        people: Mapping[int, PersonRecord],
        owned: Mapping[int, list[TaskRecord]],
        projects: Mapping[int, ProjectRecord],
    ) -> Iterator[Signal]:
        last = self.day + timedelta(days=AHEAD_DAYS - 1)
        load = load_of(self.session, self.context.reader, list(people.values()), self.day, last)
        for over in load.overloads():
            tasks = owned[over.person]
            due = [task for task in tasks if task.finish and over.first <= task.finish.date() <= over.last]
            weight = risk_rules.of_load(over.booked, over.available, len(due))
            if weight is None:
                continue
            person = people[over.person]
            yield Signal(
                Sign.OVERBOOKED,
                weight,
                projects[(due or tasks)[0].project_id],
                person.name,
                words=person.name,
                person=person,
                evidence={
                    "start": facts.day(over.first),
                    "end": facts.day(over.last),
                    "share": facts.share(round(over.booked / over.available, 4)),
                    "booked": facts.hours(over.booked),
                    "available": facts.hours(over.available),
                },
            )

    def _one_person(
        self, project: ProjectRecord, reading: ReadingRecord, people: Mapping[int, PersonRecord]
    ) -> Iterator[Signal]:
        minutes: dict[int, int] = {}
        for task in self.tasks[project.id]:
            if task.owner is not None and task.derived_remaining_minutes:
                minutes[task.owner.id] = minutes.get(task.owner.id, 0) + task.derived_remaining_minutes
        if not minutes or not reading.remaining_minutes:
            return
        most = max(minutes, key=lambda each: minutes[each])
        weight = risk_rules.of_one_person(minutes[most], reading.remaining_minutes)
        if weight and most in people:
            share = facts.share(round(minutes[most] / reading.remaining_minutes, 4))
            name = people[most].name
            yield Signal(
                Sign.ONE_PERSON, weight, project, name, words=name, person=people[most], evidence={"share": share}
            )

    def entry_of(self, signal: Signal) -> RiskRecord | None:
        """The register's entry of the project that shares most words with a signal: two, or of a person's name one."""
        wanted = _stems(signal.words)
        best: tuple[int, RiskRecord] | None = None
        for risk in self.register:
            if risk.project_id != signal.project.id:
                continue
            shared = len(wanted & _stems(f"{risk.title} {risk.mitigation or ''}"))
            if shared >= (1 if signal.person else SHARED_WORDS) and (best is None or shared > best[0]):
                best = shared, risk
        return best[1] if best else None

    def fact(self) -> Risks:
        shown = self.signals[:MOST_SIGNALS]
        contradicted = [each for each in self.signals[MOST_SIGNALS:] if each.sign is Sign.CONTRADICTED]
        shown += contradicted[:1]
        entries = {id(signal): self.entry_of(signal) for signal in self.signals if signal.words}
        covered = {entry.key for entry in entries.values() if entry}
        rows = {
            f"{signal.sign}-{number}": self._line(signal, entries.get(id(signal)))
            for number, signal in enumerate(shown, 1)
        }
        alone = [risk for risk in self.register if risk.key not in covered][:MOST_REGISTERED]
        rows |= {risk.key: self._entry_line(risk) for risk in alone}
        sees_register = any(FieldClass.TEAM in project.sees for project, _ in self.found.values())
        return Risks(
            as_of=self.day,
            scope=facts.name(self.asked.scope.name if self.asked.scope else None),
            projects=Figure(value=len(self.found), unit=Unit.COUNT),
            looked_into=Figure(value=len(self.near), unit=Unit.COUNT),
            signals=Figure(value=len(self.signals), unit=Unit.COUNT),
            serious=Figure(
                value=sum(signal.weight.score >= risk_rules.SERIOUS for signal in self.signals), unit=Unit.COUNT
            ),
            unregistered=Figure(
                value=sum(entry is None for entry in entries.values()) if sees_register else 0, unit=Unit.COUNT
            ),
            registered=facts.count(len(self.register)) if sees_register else None,
            partial=self.asked.partial([Right.WORK]),
            rows=rows,
            sources=list(self._sources(shown, alone)),
        )

    def _line(self, signal: Signal, entry: RiskRecord | None) -> RiskLine:
        return RiskLine(
            why=Figure(value=signal.sign.value, unit=Unit.TEXT),
            project=Figure(value=title(Level.PROJECT, signal.project.key, signal.project.name), unit=Unit.NAME),
            name=Figure(value=signal.name, unit=Unit.NAME),
            task=facts.key(signal.task.key if signal.task else None),
            owner=facts.name(signal.owner),
            score=Figure(value=signal.weight.score, unit=Unit.NUMBER),
            register_key=facts.key(entry.key if entry else None),
            mitigation=facts.text(entry.mitigation if entry else None),
            **signal.evidence,
        )

    def _entry_line(self, risk: RiskRecord) -> RiskLine:
        project = self.found[risk.project_id][0]
        score = 9 * (risk.likelihood_share or 0.5) * (risk.impact_share or 0.5)
        return RiskLine(
            why=Figure(value="register", unit=Unit.TEXT),
            project=Figure(value=title(Level.PROJECT, project.key, project.name), unit=Unit.NAME),
            name=Figure(value=risk.title, unit=Unit.NAME),
            owner=facts.name(risk.owner.name if risk.owner else None),
            score=Figure(value=round(score, 1), unit=Unit.NUMBER),
            since=facts.day(risk.opened_on),
            register_key=facts.key(risk.key),
            mitigation=facts.text(risk.mitigation),
        )

    def _sources(self, shown: Sequence[Signal], alone: Sequence[RiskRecord]) -> Iterator[SourceRef]:
        seen: set[str] = set()
        projects = [signal.project for signal in shown] + [self.found[risk.project_id][0] for risk in alone]
        for source in (
            *self.asked.scope_sources,
            *(source_of(Level.PROJECT, each.key, each.name) for each in projects),
            *(source_of(Level.TASK, each.task.key, each.task.name) for each in shown if each.task),
            *(source_of(Level.PERSON, each.person.key, each.person.name) for each in shown if each.person),
            *(source_of(Level.PROJECT, each.key, each.name) for each, _ in self.near[:1]),
        ):
            if source.id not in seen:
                seen.add(source.id)
                yield source


def _severity(reading: ReadingRecord) -> int:
    return Health(reading.computed_health).severity if reading.computed_health else -1


def _by_project(tasks: Sequence[TaskRecord]) -> Iterator[tuple[int, list[TaskRecord]]]:
    for project_id in dict.fromkeys(task.project_id for task in tasks):
        yield project_id, [task for task in tasks if task.project_id == project_id]


def _contract(person: PersonRecord, project: ProjectRecord, tasks: Sequence[TaskRecord]) -> Iterator[Signal]:
    ends, finishes = person.employed_until, [task.finish.date() for task in tasks if task.finish]
    if ends is None or not finishes:
        return
    last = max(finishes)
    after = CALENDAR.working_days(ends + timedelta(days=1), last + timedelta(days=1))
    if weight := risk_rules.of_contract(ends, last, after):
        evidence = {"start": facts.day(ends), "end": facts.day(last), "days": _days(after)}
        yield Signal(Sign.CONTRACT, weight, project, person.name, person.name, person=person, evidence=evidence)


def _project_evidence(
    signs: ProjectSigns, project: ProjectRecord, reading: ReadingRecord
) -> dict[Sign, dict[str, Figure | None]]:
    """What speaks for each signal of a project."""
    promised = facts.day(project.promised_finish)
    burnt = risk_rules.slack_burnt(signs)
    open_tasks = signs.tasks_open or 1
    return {
        Sign.PROMISE: {"days": _days(signs.promise_slip_days), "end": facts.day(reading.finish), "start": promised},
        Sign.SLACK: {"share": facts.share(burnt), "days": _days(signs.spare_days_left), "end": promised},
        Sign.CONTRADICTED: {
            "reported_health": facts.health(project.reported_health, "reported_health"),
            "computed_health": facts.health(reading.computed_health, "computed_health"),
        },
        Sign.IDLE: {"days": _days(signs.idle_days), "since": facts.day(reading.last_activity_on)},
        Sign.ESTIMATES: {"share": facts.share((signs.tasks_without_estimate or 0) / open_tasks)},
        Sign.OWNERS: {"share": facts.share((signs.tasks_unowned or 0) / open_tasks)},
        Sign.LINKS: {},
        Sign.STALE: {"days": _days(signs.days_since_sync), "since": facts.day(project.source_synced_at)},
    }


def _days(number: int | None) -> Figure | None:
    return None if number is None else Figure(value=number, unit=Unit.WORKING_DAYS)


def _stems(words: str) -> set[str]:
    """Words of a text by their first letters; keys whole, short words not at all."""
    return {word[:STEM] for word in plain(words).split() if len(word) >= STEM or "-" in word}

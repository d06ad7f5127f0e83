"""Lays the firm into an empty store: its rows, moved by whole weeks to lie around a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel import SQLModel, select

from storage.changes.writer import Writer
from storage.engine import Store
from storage.models import (
    Absence,
    Alias,
    Baseline,
    BillingMilestone,
    Blocker,
    Booking,
    Dependency,
    Expense,
    Grant,
    Office,
    Organisation,
    Person,
    Portfolio,
    Practice,
    Program,
    Project,
    Risk,
    Skill,
    Source,
    StatusUpdate,
    Task,
    TimeEntry,
)
from storage.sample.quillmere import firm as written
from storage.sample.quillmere.firm import DAY_MINUTES, LAID_AROUND, Firm, Line, Member, Page, quillmere, task_key
from storage.sample.quillmere.plan import Window, planned
from storage.sample.quillmere.progress import Progress, standing
from storage.sample.quillmere.timesheets import timesheets
from storage.sample.quillmere.worktime import finish_moment, start_moment
from storage.vocabulary import (
    BookingStatus,
    Confidentiality,
    ContractType,
    Level,
    PersonKind,
    ProjectState,
    SkillSource,
    TaskState,
)

FIRST_TIMESHEET = date(2025, 9, 1)
BASELINE_ON = date(2026, 1, 12)

Row = dict[str, Any]
Model = type[SQLModel]

_JIRA_WORDS = {TaskState.NOT_STARTED: "To Do", TaskState.IN_PROGRESS: "In Progress", TaskState.DONE: "Done"}


class StoreIsNotEmpty(ValueError):
    def __init__(self) -> None:
        super().__init__("The sample goes into an empty store only, and this one has people in it.")


def lay(store: Store, day: date) -> None:
    """Write the whole firm as it stands when `day` opens; the same day always gives the same rows."""
    monday = day - timedelta(days=day.weekday())
    shift = monday - LAID_AROUND
    at = datetime.combine(day, time(8), UTC)
    with store.writing("Laid the sample", at=at) as writer:
        if writer.session.exec(select(Person.id).limit(1)).first() is not None:
            raise StoreIsNotEmpty
        Laying(writer, quillmere(), day, shift).write()


@dataclass
class Laying:
    """One laying: what it writes with, and the ids of the rows written so far by their keys."""

    writer: Writer
    firm: Firm
    day: date
    shift: timedelta
    ids: dict[Model, dict[str, int]] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    done: dict[str, Progress] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day, in the dates of the files."""
        return self.day - self.shift

    def write(self) -> None:
        self.windows = planned(self.firm)
        self.done = standing(self.firm, self.windows, self.today)
        self._organisation()
        self._people()
        self._skills()
        self._portfolio()
        self._projects()
        self._tasks()
        self._links()
        self._baselines()
        self._aliases()
        self._grants()
        self._bookings()
        self._money()
        self._judgement()
        self._timesheets()

    def _organisation(self) -> None:
        page = self.firm.page
        organisation = {**page["organisation"], "sample_laid_on": self.day}
        if self.writer.session.get(Organisation, 1) is None:
            self.writer.add(Organisation, [{"id": 1, **organisation}])
        else:
            self.writer.change(Organisation, 1, organisation)
        self._keyed(Source, ((name, self._source(name, each)) for name, each in page["sources"].items()))
        self._keyed(Practice, ((key, {"key": key, **each}) for key, each in page["practices"].items()))
        self._keyed(Office, ((key, {"key": key, **each}) for key, each in page["offices"].items()))

    def _source(self, name: str, page: Page) -> Row:
        synced = datetime.combine(self.day, time.fromisoformat(page["synced"]), UTC)
        return {"name": name, "kind": page["kind"], "synced_at": synced, "owns": page["owns"]}

    def _people(self) -> None:
        members = self.firm.members
        self._keyed(Person, ((key, self._person(each)) for key, each in members.items()))
        self.writer.add(
            Absence,
            [
                {
                    "person_id": self._id(Person, each.key),
                    "starts_on": self._moved(first),
                    "ends_on": self._moved(last),
                    "reason": "Leave",
                }
                for each in members.values()
                for first, last in each.away
            ],
        )

    def _skills(self) -> None:
        rows = [
            {
                "person_id": self._id(Person, key),
                "name": skill,
                "level": page["level"],
                "source": page.get("source", SkillSource.OWN),
                "noted_on": self._moved(page["noted"]),
                "evidence": page.get("evidence", ""),
            }
            for key, skills in self.firm.skills.items()
            for skill, page in skills.items()
        ]
        self.writer.add(Skill, rows)

    def _person(self, member: Member) -> Row:
        page = member.page
        cost, bill = self.firm.grades.get(page.get("grade", ""), (None, None))
        return {
            "key": member.key,
            "name": page["name"],
            "email": page.get("email", f"{member.key}@quillmere.example"),
            "kind": page.get("kind", PersonKind.MEMBER),
            "practice_id": self._id(Practice, page.get("practice")),
            "office": page.get("office"),
            "grade": page.get("grade"),
            "job_title": page["title"],
            "weekday_minutes": member.weekday_minutes[:5] if "hours" in page else [],
            "employed_from": self._moved(page.get("since")),
            "employed_until": self._moved(page.get("until")),
            "cost_rate_minor": cost and cost * 100,
            "bill_rate_minor": bill and bill * 100,
        }

    def _portfolio(self) -> None:
        page = self.firm.page["portfolio"]
        manager = self._id(Person, page["manager"])
        self._keyed(Portfolio, [(page["key"], {"key": page["key"], "name": page["name"], "manager_id": manager})])
        self._keyed(
            Program,
            (
                (
                    key,
                    {
                        "key": key,
                        "name": each["name"],
                        "portfolio_id": self._id(Portfolio, page["key"]),
                        "manager_id": self._id(Person, each["manager"]),
                    },
                )
                for key, each in self.firm.page["programs"].items()
            ),
        )

    def _projects(self) -> None:
        self._keyed(Project, ((each.key, self._project(each)) for each in self.firm.projects.values()))

    def _project(self, project: written.Project) -> Row:
        page, window = project.page, self._span(project)
        return {
            "key": project.key,
            "name": page["name"],
            "portfolio_id": self._id(Portfolio, self.firm.page["portfolio"]["key"]),
            "program_id": self._id(Program, page["program"]),
            "client": page.get("client"),
            "manager_id": self._id(Person, page["manager"]),
            "state": page.get("state", ProjectState.ACTIVE),
            "confidentiality": page.get("confidentiality", Confidentiality.INTERNAL),
            "contract_type": page["contract"],
            "reported_health": page.get("reported"),
            "reported_health_on": self._moved(page.get("reported_on")),
            "planned_start": self._start(window.start),
            "planned_finish": self._finish(window.finish),
            "promised_finish": self._moved(page["promised"]),
            "currency": self.firm.page["organisation"]["currency"],
            "planned_cost_minor": _minor(page["budget"]),
            "budget_minor": _minor(page["budget"]),
            "contract_value_minor": _minor(page.get("contract_value")),
            "target_margin_share": page.get("target_margin"),
        }

    def _span(self, project: written.Project) -> Window:
        windows = [self.windows[line.key] for line in project.leaves]
        return Window(min(each.start for each in windows), max(each.finish for each in windows))

    def _tasks(self) -> None:
        lines = list(self.firm.lines())
        self.ids[Task] = dict(zip((line.key for line in lines), self.writer.reserve(Task, len(lines)), strict=True))
        self.writer.add(
            Task,
            [self._task(line, project.key) for project in self.firm.projects.values() for line in project.lines],
        )

    def _task(self, line: Line, project: str) -> Row:
        page, window, done = line.page, self.windows[line.key], self.done[line.key]
        waits = page.get("waits", {})
        return {
            "id": self.ids[Task][line.key],
            "key": line.key,
            "source_id": self._id(Source, "Jira"),
            "project_id": self._id(Project, project),
            "parent_id": self._id(Task, line.phase),
            "position": line.position,
            "wbs": line.wbs,
            "name": page["name"],
            "description": page.get("note"),
            "owner_id": self._id(Person, line.who[0] if line.who else None),
            "state": done.state,
            "source_state": "Blocked" if waits else _JIRA_WORDS[done.state],
            "is_milestone": line.is_milestone,
            "deliverable_type": page.get("kind"),
            "planned_start": self._finish(window.start) if line.is_milestone else self._start(window.start),
            "planned_finish": self._finish(window.finish),
            "planned_duration_minutes": window.finish - window.start,
            "actual_start": self._actual_start(line, done),
            "actual_finish": self._finish(done.actual_finish),
            "deadline": self._moved(page.get("deadline")),
            "waits_on": waits.get("for"),
            "waits_since": self._moved(waits.get("since")),
            **(_effort(line, done) if line.phase else {}),
        }

    def _actual_start(self, line: Line, done: Progress) -> datetime | None:
        return self._finish(done.actual_finish) if line.is_milestone else self._start(done.actual_start)

    def _links(self) -> None:
        self.writer.add(
            Dependency,
            [
                {
                    "predecessor_id": self._id(Task, link.task),
                    "successor_id": self._id(Task, line.key),
                    "kind": link.kind,
                    "lag_minutes": link.lag_minutes,
                }
                for line in self.firm.lines()
                for link in line.links
            ],
        )

    def _baselines(self) -> None:
        """What January's plan was: today's, less the working days each task has slipped since."""
        rows: list[Row] = []
        for project in self.firm.projects.values():
            if not project.page.get("baseline", True):
                continue
            start, finish = self._span(project).start, max(self._promised_then(line).finish for line in project.leaves)
            rows.append(
                {
                    **self._baseline(project.key, Window(start, finish)),
                    "planned_cost_minor": _minor(project.page["budget"]),
                }
            )
            rows += [
                {
                    **self._baseline(project.key, self._promised_then(line)),
                    "task_id": self._id(Task, line.key),
                    "effort_minutes": line.effort_minutes,
                }
                for line in project.leaves
            ]
        self.writer.add(Baseline, rows)

    def _promised_then(self, line: Line) -> Window:
        window, slipped = self.windows[line.key], round(line.page.get("slipped", 0) * DAY_MINUTES)
        return Window(window.start - slipped, window.finish - slipped)

    def _baseline(self, project: str, window: Window) -> Row:
        return {
            "project_id": self._id(Project, project),
            "name": "January",
            "taken_on": self._moved(BASELINE_ON),
            "planned_start": self._start(window.start),
            "planned_finish": self._finish(window.finish),
        }

    def _aliases(self) -> None:
        page = self.firm.page
        named: list[tuple[Level, Model, str, Page]] = [
            (Level.PORTFOLIO, Portfolio, page["portfolio"]["key"], page["portfolio"])
        ]
        named += [(Level.PROGRAM, Program, key, each) for key, each in page["programs"].items()]
        named += [(Level.PROJECT, Project, each.key, each.page) for each in self.firm.projects.values()]
        named += [(Level.PERSON, Person, each.key, each.page) for each in self.firm.members.values()]
        self.writer.add(
            Alias,
            [
                {"level": level, "entity_id": self._id(model, key), "text": text}
                for level, model, key, each in named
                for text in each.get("also_called", [])
            ],
        )

    def _grants(self) -> None:
        self.writer.add(Grant, [self._grant(each) for each in self.firm.page["grants"]])

    def _grant(self, page: Page) -> Row:
        kind, _, key = page.get("of", "organisation").partition(" ")
        models: dict[str, Model] = {
            "portfolio": Portfolio,
            "program": Program,
            "project": Project,
            "practice": Practice,
        }
        scope = self._id(models[kind], key) if key else None
        return {"person_id": self._id(Person, page["who"]), "role": page["role"], "scope_kind": kind, "scope_id": scope}

    def _bookings(self) -> None:
        self.writer.add(
            Booking,
            [
                self._booking(project, each)
                for project in self.firm.projects.values()
                for each in project.page["bookings"]
            ],
        )

    def _booking(self, project: written.Project, page: Page) -> Row:
        window = self._span(project)
        return {
            "project_id": self._id(Project, project.key),
            "person_id": self._id(Person, page.get("who")),
            "role": page.get("role"),
            "status": BookingStatus.TENTATIVE if "chance" in page else BookingStatus.FIRM,
            "probability": page.get("chance", 1.0),
            "starts_on": self._moved(page.get("from", start_moment(window.start).date())),
            "ends_on": self._moved(page.get("to", finish_moment(window.finish).date())),
            "minutes_per_week": round(page["hours"] * 60),
            "do_not_move": page.get("fixed", False),
        }

    def _money(self) -> None:
        for project in self.firm.projects.values():
            project_id = self._id(Project, project.key)
            self.writer.add(
                BillingMilestone,
                [
                    {
                        "project_id": project_id,
                        "label": each["label"],
                        "amount_minor": _minor(each["amount"]),
                        "task_id": self._id(Task, task_key(project.key, each["task"]) if "task" in each else None),
                        "due_on": self._moved(each.get("due")),
                        "invoiced_on": self._moved(each.get("invoiced")),
                    }
                    for each in project.page.get("milestones", [])
                ],
            )
            self.writer.add(
                Expense,
                [
                    {
                        "project_id": project_id,
                        "spent_on": self._moved(each["day"]),
                        "amount_minor": _minor(each["amount"]),
                        "label": each["label"],
                        "billable": each.get("billable", False),
                    }
                    for each in project.page.get("expenses", [])
                ],
            )

    def _judgement(self) -> None:
        for project in self.firm.projects.values():
            project_id = self._id(Project, project.key)
            self.writer.add(
                StatusUpdate,
                [
                    {
                        "project_id": project_id,
                        "author_id": self._id(Person, each["by"]),
                        "health": each.get("health"),
                        "task_id": self._id(Task, task_key(project.key, each["task"]) if "task" in each else None),
                        "written_on": self._moved(each["day"]),
                        "note": each["text"],
                    }
                    for each in project.page.get("notes", [])
                ],
            )
            self.writer.add(Risk, [self._risk(each, project_id) for each in project.page.get("risks", [])])
        waiting = [line for line in self.firm.lines() if "waits" in line.page]
        self.writer.add(
            Blocker,
            [
                {
                    "task_id": self._id(Task, line.key),
                    "note": line.page["waits"]["blocker"],
                    "opened_on": self._moved(line.page["waits"]["since"]),
                }
                for line in waiting
            ],
        )

    def _risk(self, risk: Page, project_id: int | None) -> Row:
        return {
            "key": risk["key"],
            "project_id": project_id,
            "title": risk["title"],
            "owner_id": self._id(Person, risk.get("who")),
            "likelihood_share": risk["likelihood"],
            "impact_share": risk["impact"],
            "mitigation": risk.get("mitigation"),
            "opened_on": self._moved(risk["opened"]),
            "closed_on": self._moved(risk.get("closed")),
        }

    def _timesheets(self) -> None:
        approved_to = LAID_AROUND - timedelta(days=3)
        rates = {
            key: self.firm.grades.get(each.page.get("grade", ""), [0, 0]) for key, each in self.firm.members.items()
        }
        unbilled = {
            each.key
            for each in self.firm.projects.values()
            if each.page["contract"] == ContractType.INTERNAL or each.page.get("state") == ProjectState.CANDIDATE
        }
        self.writer.add(
            TimeEntry,
            [
                {
                    "person_id": self._id(Person, each.person),
                    "project_id": self._id(Project, each.project),
                    "task_id": self._id(Task, each.task),
                    "worked_on": self._moved(each.day),
                    "minutes": each.minutes,
                    "billable": each.project not in unbilled,
                    "approved": each.day <= approved_to,
                    "cost_rate_minor": rates[each.person][0] * 100,
                    "bill_rate_minor": rates[each.person][1] * 100,
                }
                for each in timesheets(self.firm, self.done, FIRST_TIMESHEET, self.today)
            ],
        )

    def _keyed(self, model: Model, rows: Iterable[tuple[str, Row]]) -> None:
        keyed = dict(rows)
        self.ids[model] = dict(zip(keyed, self.writer.add(model, list(keyed.values())), strict=True))

    def _id(self, model: Model, key: str | None) -> int | None:
        return None if key is None else self.ids[model][key]

    def _moved(self, day: date | None) -> date | None:
        return None if day is None else day + self.shift

    def _start(self, count: int | None) -> datetime | None:
        return None if count is None else start_moment(count) + self.shift

    def _finish(self, count: int | None) -> datetime | None:
        return None if count is None else finish_moment(count) + self.shift


def _effort(line: Line, done: Progress) -> Row:
    """Three-point effort and what is left; nothing for a milestone and where nobody has estimated."""
    if line.is_milestone or line.page.get("estimated") is False:
        return {"done_share": done.done_share if done.state is TaskState.DONE else None}
    low, high = line.page.get("range", (0, 0))
    effort = line.effort_minutes
    return {
        "effort_minutes": effort,
        "effort_low_minutes": low * DAY_MINUTES or round(effort * 0.8),
        "effort_high_minutes": high * DAY_MINUTES or round(effort * 1.5),
        "remaining_minutes": round(effort * (1 - done.done_share)),
        "done_share": done.done_share,
    }


def _minor(amount: float | None) -> int | None:
    return None if amount is None else round(amount * 100)

"""What can be imported: the tables of our CSV folder and, for each, its fields and the columns that hold them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import SQLModel

from storage import models
from storage.vocabulary import (
    BookingStatus,
    Confidentiality,
    ConstraintKind,
    ContractType,
    DurationBasis,
    Health,
    Level,
    LinkKind,
    PersonKind,
    ProjectState,
    SkillLevel,
    SkillSource,
    TaskState,
)


class Kind(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    WORD = "one of a list"
    PARENT = "key"
    DATE = "date"
    MOMENT = "date, with a time if wanted"
    DURATION = "duration"
    MONEY = "money"
    SHARE = "share"
    WHOLE = "whole number"
    YES_NO = "yes or no"
    WEEK = "hours of the weekdays"
    SHIFTS = "shifts of the weekdays"
    EXCEPTIONS = "days with their shifts"
    UNITS = "number"
    EMAIL = "e-mail"
    CURRENCY = "currency"
    COUNTRY = "country"


@dataclass(frozen=True)
class Field:
    """One importable field. In our own format its column carries its name, plus its unit where it has one."""

    name: str
    column: str  # of the model
    kind: Kind = Kind.TEXT
    about: str = ""
    required: bool = False
    default: Any = None  # what a blank cell means
    words: type[StrEnum] | None = None
    refers: str | None = None  # the table whose key it holds; "level" where another cell says which
    by_basis: bool = False  # days are working or elapsed ones, as the row's duration_basis says
    signed: bool = False  # money and durations may be below zero

    @property
    def columns(self) -> dict[str, str]:
        """The columns of our own format that may hold it, with their units."""
        match self.kind:
            case Kind.DURATION if "hours" in self.name:
                return {self.name: "hours"}
            case Kind.DURATION:
                return {f"{self.name}_{unit}": unit for unit in ("days", "hours", "minutes")}
            case Kind.SHARE:
                return {f"{self.name}_share": "share", f"{self.name}_percent": "percent"}
            case _:
                return {self.name: ""}


@dataclass(frozen=True)
class Layout:
    """One table: its file, its fields, and which of them tell rows apart."""

    name: str
    file: str
    model: type[SQLModel]
    fields: tuple[Field, ...]
    identity: tuple[str, ...]  # columns of the model
    scope: str | None = None  # the column whose row says which source a row belongs to; None: its own source, or none
    ordered: tuple[tuple[str, str], ...] = ()  # columns of which the first may not come after the second
    plural: str = ""

    @property
    def label(self) -> str:
        return self.plural or f"{self.name}s".replace("_", " ")

    @property
    def is_keyed(self) -> bool:
        return self.identity == ("key",)

    @property
    def has_source(self) -> bool:
        return "source_id" in self.model.model_fields

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


def _key(about: str) -> Field:
    return Field("key", "key", required=True, about=about)


def _parent(name: str, table: str, about: str = "", *, required: bool = False) -> Field:
    return Field(name, f"{name}_id", Kind.PARENT, about, required, refers=table)


def _duration(name: str, about: str = "", *, by_basis: bool = False, column: str | None = None, **more: Any) -> Field:
    return Field(name, column or f"{name}_minutes", Kind.DURATION, about, by_basis=by_basis, **more)


def _money(name: str, about: str = "", *, required: bool = False, signed: bool = False) -> Field:
    return Field(name, f"{name}_minor", Kind.MONEY, about, required, signed=signed)


_BASIS = Field(
    "duration_basis",
    "duration_basis",
    Kind.WORD,
    "whether days are working days of 8 hours or elapsed days of 24",
    default=DurationBasis.WORKING,
    words=DurationBasis,
)
_PLANNED = (("planned_start", "planned_finish"),)
_WINDOW = (("starts_on", "ends_on"),)

ORGANISATION = Layout(
    "organisation",
    "organisation.csv",
    models.Organisation,
    (
        Field("name", "name", required=True),
        Field("currency", "currency", Kind.CURRENCY, default="EUR"),
        Field("time_zone", "time_zone", about="such as Europe/Dublin", default="UTC"),
        Field("week_start", "week_start", Kind.WHOLE, "1 is Monday", default=1),
        Field("fiscal_year_start_month", "fiscal_year_start_month", Kind.WHOLE, "1 is January", default=1),
    ),
    (),
    plural="organisation",
)

PRACTICE = Layout(
    "practice",
    "practices.csv",
    models.Practice,
    (
        _key("short and lasting"),
        Field("name", "name", required=True),
        Field("utilisation_target", "utilisation_target_share", Kind.SHARE, "left out: that of the organisation"),
    ),
    ("key",),
)

OFFICE = Layout(
    "office",
    "offices.csv",
    models.Office,
    (
        _key("short and lasting"),
        Field("name", "name", required=True, about="as the people there have it in `office`"),
        Field("country", "country", Kind.COUNTRY, "two letters, as IE: its public holidays are kept"),
        Field("subdivision", "subdivision", about="the part of the country, as BY of DE"),
    ),
    ("key",),
)

HOLIDAY = Layout(
    "holiday",
    "holidays.csv",
    models.Holiday,
    (
        _parent("office", "office", "left out: the whole firm"),
        Field("day", "day", Kind.DATE, required=True),
        Field("name", "name", required=True),
        _duration(
            "hours",
            "what a full-time person works that day: 8 where a public holiday is worked",
            column="minutes",
            default=0,
        ),
    ),
    ("office_id", "day"),
)

PERSON = Layout(
    "person",
    "people.csv",
    models.Person,
    (
        _key("short and lasting, such as the part of the e-mail before @"),
        Field("name", "name", required=True),
        Field("email", "email", Kind.EMAIL, "who logs in or asks is found by it"),
        Field("kind", "kind", Kind.WORD, default=PersonKind.MEMBER, words=PersonKind),
        _parent("practice", "practice"),
        Field("office", "office", about="the name of an office"),
        Field("grade", "grade"),
        Field("job_title", "job_title"),
        Field("weekday_hours", "weekday_minutes", Kind.WEEK, "contracted hours, Monday first: 8 8 8 8 0", default=[]),
        Field("employed_from", "employed_from", Kind.DATE),
        Field("employed_until", "employed_until", Kind.DATE),
        _money("cost_rate", "of one hour, in the organisation's currency"),
        _money("bill_rate", "of one hour, in the organisation's currency"),
        Field("active", "active", Kind.YES_NO, default=True),
    ),
    ("key",),
    ordered=(("employed_from", "employed_until"),),
    plural="people",
)

SKILL = Layout(
    "skill",
    "skills.csv",
    models.Skill,
    (
        _parent("person", "person", required=True),
        Field("name", "name", about="such as Terraform", required=True),
        Field("level", "level", Kind.WORD, required=True, words=SkillLevel),
        Field("source", "source", Kind.WORD, "who says so", default=SkillSource.OWN, words=SkillSource),
        Field("noted_on", "noted_on", Kind.DATE),
        Field("evidence", "evidence", about="such as the certificate, or where it was used", default=""),
    ),
    ("person_id", "name"),
    scope="person_id",
)

CALENDAR = Layout(
    "calendar",
    "calendars.csv",
    models.Calendar,
    (
        _key("short and lasting"),
        Field("name", "name", required=True),
        Field(
            "week",
            "week",
            Kind.SHIFTS,
            "Monday first, days apart by semicolons, no shift on a day off: 08:00-12:00 13:00-17:00; ...",
            required=True,
        ),
        Field(
            "exceptions",
            "exceptions",
            Kind.EXCEPTIONS,
            "days that differ, apart by semicolons: 2026-03-17; 2026-12-24 08:00-12:00",
            default={},
        ),
    ),
    ("key",),
)

PORTFOLIO = Layout(
    "portfolio",
    "portfolios.csv",
    models.Portfolio,
    (_key("short and lasting"), Field("name", "name", required=True), _parent("manager", "person")),
    ("key",),
)

PROGRAM = Layout(
    "program",
    "programs.csv",
    models.Program,
    (
        _key("short and lasting"),
        Field("name", "name"),
        _parent("portfolio", "portfolio"),
        _parent("manager", "person"),
    ),
    ("key",),
)

PROJECT = Layout(
    "project",
    "projects.csv",
    models.Project,
    (
        _key("such as GATE"),
        Field("name", "name"),
        _parent("program", "program"),
        _parent("portfolio", "portfolio", "left out: the portfolio of its program"),
        Field("client", "client"),
        _parent("manager", "person"),
        Field("state", "state", Kind.WORD, default=ProjectState.UNKNOWN, words=ProjectState),
        Field(
            "confidentiality",
            "confidentiality",
            Kind.WORD,
            default=Confidentiality.INTERNAL,
            words=Confidentiality,
        ),
        Field("contract_type", "contract_type", Kind.WORD, words=ContractType),
        Field("reported_health", "reported_health", Kind.WORD, "what its manager reports", words=Health),
        Field("reported_health_on", "reported_health_on", Kind.DATE),
        Field("planned_start", "planned_start", Kind.MOMENT),
        Field("planned_finish", "planned_finish", Kind.MOMENT),
        _duration("planned_duration", by_basis=True),
        _BASIS,
        Field("promised_finish", "promised_finish", Kind.DATE, "what the client was promised"),
        Field("currency", "currency", Kind.CURRENCY, "left out: that of the source, else of the organisation"),
        _money("planned_cost"),
        _money("budget"),
        _money("contract_value"),
        Field("target_margin", "target_margin_share", Kind.SHARE),
        _parent("calendar", "calendar", "its working time; left out: five days of eight hours"),
        _money("reported_cost_variance", "as reported: below zero is an overrun", signed=True),
        _duration("reported_delay", "as reported: above zero is late", by_basis=True, signed=True),
    ),
    ("key",),
    ordered=_PLANNED,
)

TASK = Layout(
    "task",
    "tasks.csv",
    models.Task,
    (
        _key("such as GATE-31"),
        _parent("project", "project", required=True),
        _parent("parent", "task", "the summary task it lies under, in the same project"),
        Field("name", "name", required=True),
        Field("wbs", "wbs"),
        Field("description", "description"),
        _parent("owner", "person"),
        Field("state", "state", Kind.WORD, default=TaskState.NOT_STARTED, words=TaskState),
        Field("source_state", "source_state", about="the source's own word for the state"),
        Field("is_milestone", "is_milestone", Kind.YES_NO, default=False),
        Field("deliverable_type", "deliverable_type"),
        Field("planned_start", "planned_start", Kind.MOMENT),
        Field("planned_finish", "planned_finish", Kind.MOMENT),
        _duration("planned_duration", by_basis=True),
        _BASIS,
        _duration("start_delay", "actual start less planned start", by_basis=True, signed=True),
        Field("actual_start", "actual_start", Kind.MOMENT),
        Field("actual_finish", "actual_finish", Kind.MOMENT),
        _duration("actual_duration", by_basis=True),
        _duration("effort", "of one person; days of 8 hours"),
        _duration("effort_low", "the effort if all goes well"),
        _duration("effort_high", "the effort if all goes badly"),
        _duration("remaining", "the effort still to do"),
        Field("done", "done_share", Kind.SHARE),
        Field("deadline", "deadline", Kind.DATE),
        Field("constraint", "constraint_kind", Kind.WORD, "what its date binds", words=ConstraintKind),
        Field("constraint_at", "constraint_at", Kind.MOMENT, "the date of the constraint"),
        Field("pinned", "is_pinned", Kind.YES_NO, "its dates were set by hand, and no link moves them", default=False),
        _parent("calendar", "calendar", "left out: the project's"),
        Field("waits_on", "waits_on", about="who or what outside the plan it waits for"),
        Field("waits_since", "waits_since", Kind.DATE),
        _money("planned_cost", "in its project's currency"),
    ),
    ("key",),
    ordered=(*_PLANNED, ("actual_start", "actual_finish")),
)

DEPENDENCY = Layout(
    "dependency",
    "dependencies.csv",
    models.Dependency,
    (
        _parent("predecessor", "task", required=True),
        _parent("successor", "task", "waits for the predecessor", required=True),
        Field("kind", "kind", Kind.WORD, default=LinkKind.FS, words=LinkKind),
        _duration("lag", "time between the two; below zero is a lead", default=0, signed=True),
        Field(
            "lag_basis",
            "lag_basis",
            Kind.WORD,
            "whether the lag is working time or runs around the clock",
            default=DurationBasis.WORKING,
            words=DurationBasis,
        ),
    ),
    ("predecessor_id", "successor_id", "kind"),
    scope="successor_id",
    plural="dependencies",
)

ASSIGNMENT = Layout(
    "assignment",
    "assignments.csv",
    models.Assignment,
    (
        _parent("task", "task", required=True),
        _parent("person", "person", "somebody who works on it, the owner or others", required=True),
        Field("units", "share", Kind.UNITS, "of the person's working time: 0.5 is half of it", default=1.0),
        _duration("effort", "of this person on it"),
    ),
    ("task_id", "person_id"),
    scope="task_id",
)

BASELINE = Layout(
    "baseline",
    "baselines.csv",
    models.Baseline,
    (
        _parent("project", "project", required=True),
        _parent("task", "task", "left out: of the whole project"),
        Field("name", "name", default="Baseline"),
        Field("taken_on", "taken_on", Kind.DATE, required=True),
        Field("planned_start", "planned_start", Kind.MOMENT),
        Field("planned_finish", "planned_finish", Kind.MOMENT),
        _duration("planned_duration", "working time"),
        _money("planned_cost", "in its project's currency"),
        _duration("effort"),
    ),
    ("project_id", "task_id", "name"),
    scope="project_id",
    ordered=_PLANNED,
)

BOOKING = Layout(
    "booking",
    "bookings.csv",
    models.Booking,
    (
        _parent("project", "project", required=True),
        _parent("person", "person", "left out: a role without a name"),
        Field("role", "role"),
        Field("status", "status", Kind.WORD, default=BookingStatus.FIRM, words=BookingStatus),
        Field("probability", "probability", Kind.SHARE, default=1.0),
        Field("starts_on", "starts_on", Kind.DATE, required=True),
        Field("ends_on", "ends_on", Kind.DATE, "the last day", required=True),
        _duration("hours_per_week", column="minutes_per_week", required=True),
        Field("do_not_move", "do_not_move", Kind.YES_NO, default=False),
    ),
    ("project_id", "person_id", "role", "starts_on"),
    scope="project_id",
    ordered=_WINDOW,
)

ABSENCE = Layout(
    "absence",
    "absences.csv",
    models.Absence,
    (
        _parent("person", "person", required=True),
        Field("starts_on", "starts_on", Kind.DATE, required=True),
        Field("ends_on", "ends_on", Kind.DATE, "the last day", required=True),
        Field("reason", "reason", about="private: only the person reads it"),
    ),
    ("person_id", "starts_on"),
    scope="person_id",
    ordered=_WINDOW,
)

TIME_ENTRY = Layout(
    "time_entry",
    "time_entries.csv",
    models.TimeEntry,
    (
        _parent("person", "person", required=True),
        _parent("project", "project", required=True),
        _parent("task", "task"),
        Field("worked_on", "worked_on", Kind.DATE, required=True),
        _duration("hours", column="minutes", required=True),
        Field("billable", "billable", Kind.YES_NO, default=True),
        Field("approved", "approved", Kind.YES_NO, default=False),
        _money("cost_rate", "of one hour; left out: the person's"),
        _money("bill_rate", "of one hour; left out: the person's"),
    ),
    ("person_id", "project_id", "task_id", "worked_on"),
    scope="project_id",
    plural="time entries",
)

EXPENSE = Layout(
    "expense",
    "expenses.csv",
    models.Expense,
    (
        _parent("project", "project", required=True),
        Field("spent_on", "spent_on", Kind.DATE, required=True),
        _money("amount", "in the project's currency; a credit is below zero", required=True, signed=True),
        Field("label", "label", required=True),
        Field("billable", "billable", Kind.YES_NO, default=False),
    ),
    ("project_id", "spent_on", "label"),
    scope="project_id",
)

BILLING_MILESTONE = Layout(
    "billing_milestone",
    "billing_milestones.csv",
    models.BillingMilestone,
    (
        _parent("project", "project", required=True),
        _parent("task", "task", "the amount may be invoiced when it is done"),
        Field("label", "label", required=True),
        _money("amount", "in the project's currency", required=True),
        Field("due_on", "due_on", Kind.DATE),
        Field("invoiced_on", "invoiced_on", Kind.DATE),
    ),
    ("project_id", "label"),
    scope="project_id",
)

STATUS_UPDATE = Layout(
    "status_update",
    "status_updates.csv",
    models.StatusUpdate,
    (
        _parent("project", "project", required=True),
        _parent("task", "task"),
        _parent("author", "person"),
        Field("written_on", "written_on", Kind.DATE, required=True),
        Field("health", "health", Kind.WORD, words=Health),
        Field("note", "note", default=""),
    ),
    ("project_id", "task_id", "author_id", "written_on"),
    scope="project_id",
)

RISK = Layout(
    "risk",
    "risks.csv",
    models.Risk,
    (
        _key("such as R-14"),
        _parent("project", "project", required=True),
        Field("title", "title", required=True),
        _parent("owner", "person"),
        Field("likelihood", "likelihood_share", Kind.SHARE),
        Field("impact", "impact_share", Kind.SHARE),
        Field("mitigation", "mitigation"),
        Field("opened_on", "opened_on", Kind.DATE, required=True),
        Field("closed_on", "closed_on", Kind.DATE),
    ),
    ("key",),
    scope="project_id",
    ordered=(("opened_on", "closed_on"),),
)

BLOCKER = Layout(
    "blocker",
    "blockers.csv",
    models.Blocker,
    (
        _parent("task", "task", required=True),
        Field("note", "note", required=True),
        Field("opened_on", "opened_on", Kind.DATE, required=True),
        Field("cleared_on", "cleared_on", Kind.DATE),
    ),
    ("task_id", "opened_on", "note"),
    scope="task_id",
    ordered=(("opened_on", "cleared_on"),),
)

ALIAS = Layout(
    "alias",
    "aliases.csv",
    models.Alias,
    (
        Field("level", "level", Kind.WORD, "portfolio, program, project or person", required=True, words=Level),
        Field("key", "entity_id", Kind.PARENT, "of what has the other name", required=True, refers="level"),
        Field("alias", "text", about="the other name", required=True),
    ),
    ("level", "entity_id", "text"),
    plural="aliases",
)

# Parents come before what refers to them.
LAYOUTS = (
    ORGANISATION,
    PRACTICE,
    OFFICE,
    HOLIDAY,
    PERSON,
    SKILL,
    CALENDAR,
    PORTFOLIO,
    PROGRAM,
    PROJECT,
    TASK,
    ASSIGNMENT,
    DEPENDENCY,
    BASELINE,
    BOOKING,
    ABSENCE,
    TIME_ENTRY,
    EXPENSE,
    BILLING_MILESTONE,
    STATUS_UPDATE,
    RISK,
    BLOCKER,
    ALIAS,
)
LAYOUT = {layout.name: layout for layout in LAYOUTS}

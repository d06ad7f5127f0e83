"""The rows behind an answer, one page each, as one reader may see them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from assistant.narration.wording import STATES, say_date, say_money, say_share
from integrations.rendering.table import heading
from storage.access import Reader
from storage.engine import Store
from storage.projects import find_portfolio, find_program, find_project, list_programs, list_projects
from storage.records import (
    NotFound,
    PersonName,
    PersonRecord,
    ProgramRecord,
    ProjectRecord,
    TaskRecord,
)
from storage.staffing import find_person
from storage.tasks import find_task, list_tasks, predecessors, successors, tasks_of
from storage.text import printable
from storage.vocabulary import DurationBasis
from tools.facts import project_url, record_url

MOST_ROWS = 300


@dataclass(frozen=True)
class Shown:
    """One value of a record; `url` opens the record it names, `key` is shown beside it."""

    label: str
    text: str
    url: str = ""
    health: str = ""
    key: str = ""


@dataclass(frozen=True)
class RecordList:
    """Rows that belong to a record; the first value of each opens it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Shown, ...], ...]
    left_out: int = 0


@dataclass(frozen=True)
class RecordPage:
    kind: str
    key: str
    title: str
    fields: tuple[Shown, ...]
    trail: tuple[Shown, ...] = ()
    lists: tuple[RecordList, ...] = ()
    source: str = ""
    question: str = ""
    plan: str = ""  # the page of a project's plan


@dataclass(frozen=True)
class _Reading:
    """What making a page leans on."""

    session: Session
    reader: Reader
    today: date


def read_record(store: Store, reader: Reader, kind: str, key: str, *, today: date) -> RecordPage | None:
    """The page of one record; None alike for a missing one, a hidden one, and a kind there is not."""
    make = PAGES.get(kind)
    if make is None:
        return None
    with store.reading() as session:
        try:
            return make(_Reading(session, reader, today), key)
        except NotFound:
            return None


def _portfolio(reading: _Reading, key: str) -> RecordPage:
    record = find_portfolio(reading.session, reading.reader, key)
    programs = list_programs(reading.session, reading.reader, portfolio_id=record.id)
    projects = list_projects(reading.session, reading.reader, portfolio_id=record.id)
    return RecordPage(
        "portfolio",
        record.key,
        _title(record),
        (*_person("Manager", record.manager), *_custom(record)),
        lists=(*_programs(programs), *_projects(reading, projects)),
        source=printable(record.source_name or ""),
        question=f"How is {_title(record)} doing?",
    )


def _program(reading: _Reading, key: str) -> RecordPage:
    record = find_program(reading.session, reading.reader, key)
    projects = list_projects(reading.session, reading.reader, program_id=record.id)
    return RecordPage(
        "program",
        record.key,
        _title(record),
        (*_person("Manager", record.manager), *_custom(record)),
        trail=_trail(("portfolio", record.portfolio_key, record.portfolio_name)),
        lists=_projects(reading, projects),
        source=printable(record.source_name or ""),
        question=f"How is {_title(record)} doing?",
    )


def _project(reading: _Reading, key: str) -> RecordPage:
    record = find_project(reading.session, reading.reader, key)
    tasks = list_tasks(reading.session, reading.reader, record.id)
    return RecordPage(
        "project",
        record.key,
        _title(record),
        (
            *_text("Client", record.client),
            *_person("Manager", record.manager),
            *_text("State", STATES.get(record.state, record.state)),
            *_health("Reported health", record.reported_health),
            *_day("Reported on", record.reported_health_on, reading.today),
            *_day("Planned start", record.planned_start, reading.today),
            *_day("Planned finish", record.planned_finish, reading.today),
            *_days("Planned duration", record.planned_duration_minutes, record.duration_basis),
            *_day("Promised finish", record.promised_finish, reading.today),
            *_days("Reported delay", record.reported_delay_minutes, record.duration_basis),
            *_text("Contract", STATES.get(record.contract_type or "", record.contract_type)),
            *_money("Planned cost", record.planned_cost_minor, record.currency),
            *_money("Budget", record.budget_minor, record.currency),
            *_money("Contract value", record.contract_value_minor, record.currency),
            *_share("Target margin", record.target_margin_share),
            *_money("Reported cost variance", record.reported_cost_variance_minor, record.currency),
            *_day("Data as of", record.data_as_of, reading.today),
            *_custom(record),
        ),
        trail=_trail(
            ("portfolio", record.portfolio_key, record.portfolio_name),
            ("program", record.program_key, record.program_name),
        ),
        lists=_tasks("Tasks", tasks, reading),
        source=_source(record),
        question=f"Where is {_title(record)}?",
        plan=project_url(record.key),
    )


def _task(reading: _Reading, key: str) -> RecordPage:
    record = find_task(reading.session, reading.reader, key)
    return RecordPage(
        "milestone" if record.is_milestone else "task",
        record.key,
        _title(record),
        (
            *_text("State", record.source_state or STATES.get(record.state, record.state)),
            *_person("Owner", record.owner),
            *_day("Planned start", record.planned_start, reading.today),
            *_day("Planned finish", record.planned_finish, reading.today),
            *_days("Planned duration", record.planned_duration_minutes, record.duration_basis),
            *_days("Start delay", record.start_delay_minutes, record.duration_basis),
            *_day("Started", record.actual_start, reading.today),
            *_day("Finished", record.actual_finish, reading.today),
            *_days("Actual duration", record.actual_duration_minutes, record.duration_basis),
            *_hours("Effort", record.effort_minutes),
            *_hours("Remaining", record.remaining_minutes),
            *_share("Done", record.done_share),
            *_day("Deadline", record.deadline, reading.today),
            *_text("Waits on", record.waits_on),
            *_day("Waits since", record.waits_since, reading.today),
            *_money("Planned cost", record.planned_cost_minor, record.currency),
            *_text("Type", record.deliverable_type),
            *_text("Position in the plan", record.wbs),
            *_text("Description", record.description),
            *_custom(record),
        ),
        trail=_trail(("project", record.project_key, record.project_name)),
        lists=(*_links("Waits for", predecessors, record, reading), *_links("Holds up", successors, record, reading)),
        source=printable(record.source_name or ""),
        question=f"What about {record.key}?",
    )


def _person_page(reading: _Reading, key: str) -> RecordPage:
    record: PersonRecord = find_person(reading.session, reading.reader, key)
    return RecordPage(
        "person",
        record.key,
        printable(record.name),
        (
            *_text("Title", record.job_title),
            *_text("Practice", record.practice_name),
            *_text("Office", record.office),
            *_text("Grade", record.grade),
            *_text("E-mail", record.email),
            *_day("Here since", record.employed_from, reading.today),
            *_day("Here until", record.employed_until, reading.today),
        ),
        lists=_tasks("Open tasks that you can see", tasks_of(reading.session, reading.reader, record.id), reading),
    )


PAGES: dict[str, Callable[[_Reading, str], RecordPage]] = {
    "portfolio": _portfolio,
    "program": _program,
    "project": _project,
    "task": _task,
    "person": _person_page,
}


def _programs(programs: list[ProgramRecord]) -> tuple[RecordList, ...]:
    rows = [(_link("program", each.key, each.name), *_or_blank(_person("", each.manager))) for each in programs]
    return _list("Programs", ("Program", "Manager"), rows)


def _projects(reading: _Reading, projects: list[ProjectRecord]) -> tuple[RecordList, ...]:
    rows = [
        (
            _link("project", each.key, each.name),
            Shown("", STATES.get(each.state, each.state)),
            *_or_blank(_health("", each.reported_health)),
            *_or_blank(_day("", each.planned_finish, reading.today)),
            *_or_blank(_person("", each.manager)),
        )
        for each in projects
    ]
    return _list("Projects", ("Project", "State", "Reported", "Planned finish", "Manager"), rows)


def _tasks(title: str, tasks: list[TaskRecord], reading: _Reading) -> tuple[RecordList, ...]:
    rows = [
        (
            _link("task", each.key, each.name),
            Shown("", printable(each.source_state or STATES.get(each.state, each.state))),
            *_or_blank(_day("", each.start or each.planned_start, reading.today)),
            *_or_blank(_day("", each.finish or each.planned_finish, reading.today)),
            *_or_blank(_person("", each.owner)),
        )
        for each in tasks
    ]
    return _list(title, ("Task", "State", "Start", "Finish", "Owner"), rows)


def _links(title: str, read: Callable[..., Any], task: TaskRecord, reading: _Reading) -> tuple[RecordList, ...]:
    rows = [
        (
            _link("task", link.task_key, link.task_name) if link.task_key else Shown("", "Work you cannot see"),
            Shown("", STATES.get(link.state, link.state)),
            *_or_blank(_day("", link.finish, reading.today)),
            *_or_blank(_person("", link.owner)),
        )
        for link in read(reading.session, reading.reader, [task.id]).get(task.id, [])
    ]
    return _list(title, ("Task", "State", "Finish", "Owner"), rows)


def _list(title: str, columns: tuple[str, ...], rows: list[tuple[Shown, ...]]) -> tuple[RecordList, ...]:
    if not rows:
        return ()
    return (RecordList(title, columns, tuple(rows[:MOST_ROWS]), max(0, len(rows) - MOST_ROWS)),)


def _trail(*steps: tuple[str, str | None, str | None]) -> tuple[Shown, ...]:
    return tuple(_link(kind, key, name) for kind, key, name in steps if key)


def _link(kind: str, key: str, name: str | None) -> Shown:
    return Shown("", printable(name or key), record_url(kind, key), key=printable(key) if name else "")


def _or_blank(shown: tuple[Shown, ...]) -> tuple[Shown, ...]:
    return shown or (Shown("", ""),)


def _title(record: Any) -> str:
    return printable(record.name or f"Without a name ({record.key})")


def _source(record: ProjectRecord) -> str:
    synced = f", read {record.source_synced_at:%d %b %Y %H:%M} UTC" if record.source_synced_at else ""
    return printable(f"{record.source_name}{synced}") if record.source_name else ""


def _text(label: str, text: str | None) -> tuple[Shown, ...]:
    return (Shown(label, printable(text)),) if text else ()


def _person(label: str, person: PersonName | None) -> tuple[Shown, ...]:
    return (Shown(label, printable(person.name), record_url("person", person.key)),) if person else ()


def _health(label: str, health: str | None) -> tuple[Shown, ...]:
    return (Shown(label, health, health=health),) if health else ()


def _day(label: str, moment: date | datetime | None, today: date) -> tuple[Shown, ...]:
    if moment is None:
        return ()
    return (Shown(label, say_date(moment.date() if isinstance(moment, datetime) else moment, today)),)


def _days(label: str, minutes: int | None, basis: str) -> tuple[Shown, ...]:
    if minutes is None:
        return ()
    days = minutes / DurationBasis(basis).day_minutes
    noun = "working days" if basis == DurationBasis.WORKING else "calendar days"
    return (Shown(label, f"{days:,.10g} {noun}"),)


def _hours(label: str, minutes: int | None) -> tuple[Shown, ...]:
    return () if minutes is None else (Shown(label, f"{round(minutes / 60, 2):g} h"),)


def _share(label: str, share: float | None) -> tuple[Shown, ...]:
    return () if share is None else (Shown(label, say_share(share, exact=True)),)


def _money(label: str, minor: int | None, currency: str) -> tuple[Shown, ...]:
    return () if minor is None else (Shown(label, say_money(Decimal(minor) / 100, currency, exact=True)),)


def _custom(record: Any) -> tuple[Shown, ...]:
    values: Iterable[tuple[str, Any]] = record.custom.items()
    return tuple(Shown(heading(label), printable(str(value))) for label, value in values if value not in (None, ""))

"""How far the critical path of a plan agrees with the dates another scheduler computed for it."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from evals.benchmarks import NotMeasurable, Report
from storage.access import Reader
from storage.calendars import calendars_of
from storage.engine import Store
from storage.importing import import_paths
from storage.people import create_owner
from storage.projects import find_project
from storage.tasks import list_tasks, predecessors
from tools.networks import network_as_planned, tasks_below, working_calendar
from tools.planning.calendar import WorkingCalendar
from tools.planning.critical_path import CriticalPath, LinksFormACircle, Span
from tools.readings import warm

NEEDED = ("uid", "early_start", "early_finish", "late_start", "late_finish", "total_slack_hours")
KEY = "PLAN"
AT = datetime(2026, 3, 2, tzinfo=UTC)


def measure(plan: Path, expected: Path) -> Report:
    """Import a plan of MS Project, schedule it by durations, links and constraints, and compare it with `expected`.

    `expected` is a CSV with the columns of NEEDED, moments as ISO text. The shares are over its rows: equal early
    start and finish, equal late ones, equal total slack. Raises NotMeasurable.
    """
    lines = _expected(expected)
    with TemporaryDirectory() as folder:
        started = perf_counter()
        spans = _spans(Store.open(f"sqlite:///{folder}/plan.db"), plan)
        seconds = perf_counter() - started
    rows = [_row(line, spans.get(line["uid"])) for line in lines]
    shares = {
        f"{what}_equal": sum(row[f"{what}_equal"] for row in rows) / len(rows) for what in ("early", "late", "slack")
    }
    return Report("critical-path", {"tasks": len(rows), **shares, "seconds": round(seconds, 3)}, rows)


def _expected(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            lines = list(reader)
    except (OSError, ValueError, csv.Error) as error:
        raise NotMeasurable(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if missing := [name for name in NEEDED if name not in (reader.fieldnames or ())]:
        raise NotMeasurable(f"{path} lacks the columns {', '.join(missing)}.")
    if not lines:
        raise NotMeasurable(f"{path} has no rows.")
    return lines


def _spans(store: Store, plan: Path) -> dict[str, Span]:
    """What the schedule gives each task, summaries included, by its UID."""
    store.migrate()
    reader = Reader(create_owner(store, "Owner", "owner@evals.example").id)
    report = import_paths(store, [plan], as_project=KEY, at=AT)
    if report.refused:
        raise NotMeasurable(f"{report.problems[0]}")
    warm(store, AT.date())
    with store.reading() as session:
        project = find_project(session, reader, KEY)
        tasks = list_tasks(session, reader, project.id)
        links = predecessors(session, reader, [task.id for task in tasks])
        calendars = {each: working_calendar(row) for each, row in calendars_of(session, reader, project.id).items()}
    if project.planned_start is None:
        raise NotMeasurable(f"{plan} does not say when it starts.")
    usual = calendars.get(project.calendar_id or 0, WorkingCalendar())
    planned = network_as_planned(tasks, links, project.planned_start, usual, calendars)
    try:
        path = CriticalPath(planned.network)
    except LinksFormACircle as circle:
        raise NotMeasurable(f"The links of {plan} run in a circle.") from circle
    below = tasks_below(tasks, planned.tasks)
    return {task.key.removeprefix(f"{KEY}-"): path.span(below[task.id]) for task in tasks if task.id in below}


def _row(line: Mapping[str, str], span: Span | None) -> dict[str, Any]:
    """One line of what was expected, with whether the three agree; a task that the schedule lacks agrees in nothing."""
    if span is None:
        return {"uid": line["uid"], "early_equal": False, "late_equal": False, "slack_equal": False}
    found = {"early": span.early, "late": span.late}
    dates = {
        f"{what}_{end}": _shown(getattr(window, end)) for what, window in found.items() for end in ("start", "finish")
    }
    slack = span.total_float / 60
    return {
        "uid": line["uid"],
        **dates,
        "total_slack_hours": slack,
        **{
            f"{what}_equal": all(dates[f"{what}_{end}"] == line[f"{what}_{end}"] for end in ("start", "finish"))
            for what in found
        },
        "slack_equal": slack == _hours(line["total_slack_hours"]),
    }


def _shown(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}" if moment else ""


def _hours(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

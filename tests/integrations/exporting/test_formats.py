"""Plans as files: read back they are the same, nothing in them comes alive, and they hold what the asker may see."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import icalendar
import openpyxl
import pytest
from sqlmodel import select

from integrations.exporting import FORMATS, export_plan
from storage.engine import Store
from storage.importing import import_paths
from storage.models import Calendar, Dependency, Project, Task
from storage.records import NotFound
from tests.firm import MONDAY
from tools.readings import warm

AT = datetime(2026, 3, 2, tzinfo=UTC)
NAUGHTY = Path(__file__).parents[4] / "shared" / "data" / "attacks" / "naughty_strings.json"
NAMES = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2", "\tx", "<b>&amp;</b>", "a\x1b[31m", "]]>", "\u202etxt.exe"]
SAME = (
    *("name", "is_milestone", "state", "deadline", "effort_minutes", "actual_start", "actual_finish"),
    *("remaining_minutes", "duration_basis", "is_pinned"),
)


def exported(firm, kind: str, who: str = "lena", key: str = "GATE") -> bytes:
    data = export_plan(firm.context(who), key, kind)
    assert data is not None
    return data


def plan_of(store: Store) -> tuple[dict[str, list[Any]], set[tuple[Any, ...]]]:
    """The tasks of Tern Gateway by their number, with what a plan is made of, and the links between them."""
    with store.reading() as session:
        project = session.exec(select(Project).where(Project.key == "GATE")).one()
        rows = {task.id: task for task in session.exec(select(Task).where(Task.project_id == project.id))}
        links = session.exec(select(Dependency)).all()
    number = {task_id: task.key.rpartition("-")[2].lstrip("0") for task_id, task in rows.items()}
    tasks = {
        number[task.id]: [number.get(task.parent_id), *(getattr(task, field) for field in SAME)]
        for task in rows.values()
    }
    found = {
        (number[link.predecessor_id], number[link.successor_id], link.kind, link.lag_minutes, link.lag_basis)
        for link in links
        if link.predecessor_id in rows and link.successor_id in rows
    }
    return tasks, found


def test_ms_project_xml_read_back_is_the_same_plan(firm, sqlite_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "plan.xml"
    path.write_bytes(exported(firm, "xml"))
    report = import_paths(sqlite_store, [path], as_project="GATE", at=AT)

    assert report.problems == report.warnings == []
    assert plan_of(sqlite_store) == plan_of(firm.store)
    with sqlite_store.reading() as session:
        assert [calendar.week[0] for calendar in session.exec(select(Calendar))] == [[[540, 1020]]]


def test_csv_read_back_is_the_same_plan(firm, sqlite_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    lines = list(csv.DictReader(io.StringIO(exported(firm, "csv").decode("utf-8-sig"))))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [name for name in lines[0] if name != "owner"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)
    report = import_paths(sqlite_store, [path], as_project="GATE", at=AT)

    assert report.problems == []
    assert plan_of(sqlite_store)[0] == plan_of(firm.store)[0]


def test_a_workbook_has_tasks_and_links(firm) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported(firm, "xlsx")))

    assert book.sheetnames == ["tasks", "dependencies"]
    assert (book["tasks"].max_row - 1, book["dependencies"].max_row - 1) == tuple(map(len, plan_of(firm.store)))


def test_a_calendar_has_tasks_over_their_days_and_milestones_on_theirs(firm) -> None:
    found = icalendar.Calendar.from_ical(exported(firm, "ics")).walk("VEVENT")
    events = {str(event["uid"]): event for event in found}
    with firm.store.reading() as session:
        live = session.exec(select(Task).where(Task.key == "GATE-65")).one()

    event = events["GATE-65@pilothouse"]
    assert event["dtstart"].dt == live.planned_finish.date()
    assert (event["dtend"].dt - event["dtstart"].dt).days == 1
    assert "GATE-01@pilothouse" not in events  # a summary


def test_what_the_asker_may_not_see_is_in_no_file(firm) -> None:
    for kind in FORMATS:
        data = exported(firm, kind, "ewa")
        assert b"ines.duarte" not in data and b"Ines" not in data
    with pytest.raises(NotFound):
        export_plan(firm.context("tomas"), "PENS", "xml")


@pytest.fixture
def hostile(own_firm):
    """A project whose tasks are called in the worst of ways."""
    naughty = json.loads(NAUGHTY.read_text("utf-8")) if NAUGHTY.is_file() else []
    names = NAMES + [name.encode("utf-8", "replace").decode().replace("\x00", "") or "x" for name in naughty]
    with own_firm.store.writing("test") as writer:
        (project,) = writer.add(Project, [{"key": "=EVIL()", "name": NAMES[0], "currency": "EUR"}])
        dates = dict.fromkeys(("planned_start", "planned_finish"), datetime(2026, 3, 2, 9))
        rows = [
            {
                "key": f"=E-{number}",
                "project_id": project,
                "position": number,
                "name": name,
                "description": name,
                **dates,
            }
            for number, name in enumerate(names, 1)
        ]
        writer.add(Task, rows)
    warm(own_firm.store, MONDAY)
    return own_firm


def test_no_cell_becomes_a_formula(hostile) -> None:
    text = exported(hostile, "csv", "ruth", "=EVIL()").decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    book = openpyxl.load_workbook(io.BytesIO(exported(hostile, "xlsx", "ruth", "=EVIL()")))
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "inlineStr", "n", "d"}


def test_xml_and_calendar_stay_well_formed(hostile) -> None:
    root = ElementTree.fromstring(exported(hostile, "xml", "ruth", "=EVIL()"))  # our own
    tasks = root.findall("{*}Tasks/{*}Task")
    events = icalendar.Calendar.from_ical(exported(hostile, "ics", "ruth", "=EVIL()")).walk("VEVENT")

    assert len(tasks) == len(events) >= len(NAMES)
    assert tasks[5].findtext("{*}Name") == "<b>&amp;</b>"

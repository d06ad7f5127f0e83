"""A plan as CSV, in the format that `pilothouse import` reads, and as a workbook. No cell can become a formula."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from integrations.exporting.plan import ExportedPlan
from storage.records import TaskRecord
from storage.text import fit_for_xml

COLUMNS = (
    *("key", "project", "parent", "name", "wbs", "description", "owner", "state", "is_milestone"),
    *("planned_start", "planned_finish", "planned_duration_minutes", "duration_basis"),
    *("actual_start", "actual_finish", "effort_minutes", "remaining_minutes", "done_share"),
    *("deadline", "constraint", "constraint_at", "pinned"),
)
LINK_COLUMNS = ("predecessor", "successor", "kind", "lag_minutes", "lag_basis")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
LONGEST_CELL = 32_767  # characters that a workbook's cell takes

Cell = str | int | float | date | datetime | None


def write_csv(plan: ExportedPlan) -> bytes:
    """The tasks as tasks.csv; text that a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in _tasks(plan):
        writer.writerow([_inert(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig", "replace")


def write_xlsx(plan: ExportedPlan) -> bytes:
    """The tasks and the links, a sheet each; text is stored as text whatever it begins with."""
    book = Workbook(write_only=True)
    for name, header, rows in (("tasks", COLUMNS, _tasks(plan)), ("dependencies", LINK_COLUMNS, _links(plan))):
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append(list(header))
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _tasks(plan: ExportedPlan) -> Iterator[list[Cell]]:
    keys = {task.id: task.key for task, _ in plan.tasks}
    for task, _ in plan.tasks:
        yield [
            *(task.key, plan.project.key, keys.get(task.parent_id or 0), task.name, task.wbs, task.description),
            *(task.owner.key if task.owner else None, task.state, _yes(task.is_milestone)),
            *(task.planned_start, task.planned_finish, task.planned_duration_minutes, task.duration_basis),
            *(task.actual_start, task.actual_finish, *_effort(task), task.done_share),
            *(task.deadline, task.constraint_kind, task.constraint_at, _yes(task.is_pinned)),
        ]


def _effort(task: TaskRecord) -> tuple[int | None, int | None]:
    return task.effort_minutes, task.remaining_minutes


def _links(plan: ExportedPlan) -> Iterator[list[Cell]]:
    keys = {task.id: task.key for task, _ in plan.tasks}
    for task, _ in plan.tasks:
        for link in plan.links.get(task.id, ()):
            yield [link.task_key, keys[task.id], link.kind, link.lag_minutes, link.lag_basis]


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _inert(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case date() | int() | float():
            return str(cell)
        case _:
            plain = fit_for_xml(cell)
            return f"'{plain}" if plain.startswith(FORMULA_SIGNS) else plain


def _cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=fit_for_xml(value)[:LONGEST_CELL])
    cell.data_type = "s"
    return cell

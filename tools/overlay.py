"""Records as they would be after a set of edits, which is not applied: for computing what it would do."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from storage.edits import RowEdit
from storage.planning_rows import PlannedProject, PlannedTask, PlanningRows
from storage.records import LinkRecord, TaskRecord
from storage.vocabulary import DurationBasis, LinkKind, TaskState

_DONE = (TaskState.DONE, TaskState.CANCELLED)
_DERIVED = {"planned_start": "start", "planned_finish": "finish", "done_share": "derived_done_share"}
_TASK_FIELDS = frozenset(each.name for each in fields(TaskRecord))


def edited_tasks(tasks: Sequence[TaskRecord], edits: Sequence[RowEdit]) -> list[TaskRecord]:
    """The tasks of one project with the edits of them, without those that go; what is new has no links yet."""
    values = {edit.row_id: edit.values for edit in edits if edit.table == "task" and not edit.is_removal}
    gone = {edit.row_id for edit in edits if edit.table == "task" and edit.is_removal}
    return [_task(task, values.get(task.id, {})) for task in tasks if task.id not in gone]


def edited_links(
    links: Mapping[int, Sequence[LinkRecord]], tasks: Sequence[TaskRecord], edits: Sequence[RowEdit]
) -> dict[int, list[LinkRecord]]:
    """What each task waits for, with the links that come and without those that go, as its predecessors will stand."""
    by_id = {task.id: task for task in tasks}
    gone = {
        ((edit.before or {}).get("predecessor_id"), (edit.before or {}).get("successor_id"))
        for edit in edits
        if edit.table == "dependency" and edit.is_removal
    }
    edited = {
        successor: [
            _link(link, by_id.get(link.task_id or 0)) for link in before if (link.task_id, successor) not in gone
        ]
        for successor, before in links.items()
        if successor in by_id
    }
    for edit in edits:
        if edit.table == "dependency" and edit.is_addition:
            values = edit.values
            predecessor = by_id.get(values["predecessor_id"])
            if predecessor is not None and values["successor_id"] in by_id:
                edited.setdefault(values["successor_id"], []).append(_new_link(predecessor, values))
    return edited


def edited_rows(found: PlanningRows, edits: Sequence[RowEdit]) -> PlanningRows:
    """The rows of whole plans with the edits of projects and tasks."""
    tasks = {project: _rows(project, rows, edits) for project, rows in found.tasks.items()}
    for project in found.projects:
        tasks.setdefault(project.id, _rows(project.id, [], edits))
    return replace(found, projects=[_project(each, edits) for each in found.projects], tasks=tasks)


def _task(task: TaskRecord, values: Mapping[str, Any]) -> TaskRecord:
    known = {label: value for label, value in values.items() if label in _TASK_FIELDS}
    derived = {_DERIVED[label]: value for label, value in known.items() if label in _DERIVED}
    if "state" in known:
        derived["is_open"] = known["state"] not in _DONE
    return replace(task, **known, **derived) if known else task


def _link(link: LinkRecord, task: TaskRecord | None) -> LinkRecord:
    if task is None:
        return link
    return replace(link, state=task.state, is_open=bool(task.is_open), start=task.start, finish=task.finish)


def _new_link(predecessor: TaskRecord, values: Mapping[str, Any]) -> LinkRecord:
    return LinkRecord(
        kind=values.get("kind", LinkKind.FS),
        lag_minutes=values.get("lag_minutes", 0),
        lag_basis=DurationBasis.WORKING,
        task_id=predecessor.id,
        task_key=predecessor.key,
        task_name=predecessor.name,
        project_key=predecessor.project_key,
        owner=None,
        state=predecessor.state,
        is_open=bool(predecessor.is_open),
        start=predecessor.start,
        finish=predecessor.finish,
    )


def _rows(project_id: int, rows: Sequence[PlannedTask], edits: Sequence[RowEdit]) -> list[PlannedTask]:
    of_tasks = [edit for edit in edits if edit.table == "task"]
    gone = {edit.row_id for edit in of_tasks if edit.is_removal}
    values = {edit.row_id: edit.values for edit in of_tasks if not edit.is_addition and not edit.is_removal}
    kept = [row._replace(**_known(row, values.get(row.id, {}))) for row in rows if row.id not in gone]
    new = [edit for edit in of_tasks if edit.is_addition and edit.values.get("project_id") == project_id]
    return [*kept, *(_new_row(edit) for edit in new)]


def _new_row(edit: RowEdit) -> PlannedTask:
    nothing = dict.fromkeys(PlannedTask._fields)
    plain = {"state": TaskState.NOT_STARTED, "is_milestone": False, "duration_basis": DurationBasis.WORKING}
    values = {label: value for label, value in edit.values.items() if label in PlannedTask._fields}
    return PlannedTask(**{**nothing, **plain, **values, "id": edit.row_id})


def _project(project: PlannedProject, edits: Sequence[RowEdit]) -> PlannedProject:
    for edit in edits:
        if edit.table == "project" and edit.row_id == project.id:
            project = project._replace(**_known(project, edit.values))
    return project


def _known(row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    return {label: value for label, value in values.items() if label in row._fields}

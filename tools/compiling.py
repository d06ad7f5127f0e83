"""From changes on keys to edits of rows, as this reader may see them: what is hidden from them cannot be named."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from functools import singledispatchmethod
from itertools import count
from typing import Any

from sqlmodel import Session

from storage.access import Reader
from storage.edits import RowEdit
from storage.projects import find_project
from storage.records import TaskRecord
from storage.staffing import find_person
from storage.tasks import find_task, link_between, rows_on
from tools.planning.changes import (
    AddTask,
    AssignTask,
    Change,
    EstimateTask,
    LinkTasks,
    MoveTask,
    PromiseFinish,
    RateProgress,
    RecordAbsence,
    RecordBlocker,
    RecordHours,
    RecordNote,
    RecordRisk,
    RemoveTask,
    RenameProject,
    RenameTask,
    ReportHealth,
    SetBudget,
    SetDeadline,
    SetProjectState,
    SetTaskState,
    UnlinkTasks,
)
from tools.planning.model import TaskState


class CannotChange(ValueError):
    """A change the plan does not allow; the sentence says why, and what to do instead."""


END_OF_DAY = time(17)


def compiled(session: Session, reader: Reader, changes: Sequence[Change]) -> list[RowEdit]:
    """The edits that these changes come to, in their order. Raises NotFound and CannotChange."""
    compiler = _Compiler(session, reader)
    return [edit for change in changes for edit in compiler.edits_of(change)]


class _Compiler:
    def __init__(self, session: Session, reader: Reader) -> None:
        self.session, self.reader = session, reader
        self._numbers = count(-1, -1)

    @singledispatchmethod
    def edits_of(self, change: Any) -> Iterator[RowEdit]:
        raise LookupError(f"No way to carry out {change!r}.")

    @edits_of.register
    def _(self, change: MoveTask) -> Iterator[RowEdit]:
        moved: dict[str, Any] = {"planned_start": change.start, "planned_finish": change.finish}
        if change.duration_minutes is not None:
            moved["planned_duration_minutes"] = change.duration_minutes
        yield self._set_task(change.task, **moved)

    @edits_of.register
    def _(self, change: AssignTask) -> Iterator[RowEdit]:
        yield self._set_task(change.task, owner_id=self._person(change.person) if change.person else None)

    @edits_of.register
    def _(self, change: EstimateTask) -> Iterator[RowEdit]:
        left = {} if change.remaining_minutes is None else {"remaining_minutes": change.remaining_minutes}
        yield self._set_task(change.task, effort_minutes=change.effort_minutes, **left)

    @edits_of.register
    def _(self, change: SetTaskState) -> Iterator[RowEdit]:
        task = self._task(change.task)
        values: dict[str, Any] = {"state": change.state.value}
        if change.state is TaskState.DONE:
            finish = datetime.combine(change.on, END_OF_DAY)
            start = task.actual_start or task.planned_start or finish
            values |= {"done_share": 1.0, "actual_finish": finish, "actual_start": min(start, finish)}
            values |= {"remaining_minutes": 0} if task.remaining_minutes or task.effort_minutes else {}
        elif task.state == TaskState.DONE:
            values |= {"done_share": None, "actual_finish": None}
        if change.state is TaskState.IN_PROGRESS and task.actual_start is None:
            values["actual_start"] = datetime.combine(change.on, time(9))
        yield self._set(task, **values)

    @edits_of.register
    def _(self, change: RateProgress) -> Iterator[RowEdit]:
        task = self._task(change.task)
        values: dict[str, Any] = {}
        if change.done_share is not None:
            values["done_share"] = change.done_share
            if task.effort_minutes is not None and change.remaining_minutes is None:
                values["remaining_minutes"] = round(task.effort_minutes * (1 - change.done_share))
        if change.remaining_minutes is not None:
            values["remaining_minutes"] = change.remaining_minutes
        if task.state in (TaskState.NOT_STARTED, TaskState.DONE):
            values |= {"state": TaskState.IN_PROGRESS.value, "actual_finish": None}
        yield self._set(task, **values)

    @edits_of.register
    def _(self, change: SetDeadline) -> Iterator[RowEdit]:
        yield self._set_task(change.task, deadline=change.day)

    @edits_of.register
    def _(self, change: RenameTask) -> Iterator[RowEdit]:
        yield self._set_task(change.task, name=change.name)

    @edits_of.register
    def _(self, change: AddTask) -> Iterator[RowEdit]:
        values: dict[str, Any] = {"planned_start": change.start, "planned_finish": change.finish}
        if change.owner:
            values["owner_id"] = self._person(change.owner)
        given = {label: value for label, value in values.items() if value is not None}
        project = self._project(change.project)
        yield self._add("task", project_id=project, name=change.name, is_milestone=change.is_milestone, **given)

    @edits_of.register
    def _(self, change: RemoveTask) -> Iterator[RowEdit]:
        task = self._task(change.task)
        hanging = rows_on(self.session, self.reader, task.id)
        if kept := [words for table, words in _KEPT.items() if hanging.get(table)]:
            instead = "Set it cancelled instead: that keeps the record."
            raise CannotChange(f"{task.key} has {' and '.join(kept)}, so it cannot be removed. {instead}")
        for table in _GOING:
            for row in hanging.get(table, ()):
                yield RowEdit(table, row["id"], row, None)
        yield RowEdit("task", task.id, {}, None)

    @edits_of.register
    def _(self, change: LinkTasks) -> Iterator[RowEdit]:
        before, after = self._task(change.predecessor), self._task(change.successor)
        if link_between(self.session, self.reader, before.id, after.id) is not None:
            raise CannotChange(f"{after.key} waits for {before.key} already.")
        ends = {"predecessor_id": before.id, "successor_id": after.id}
        yield self._add("dependency", **ends, kind=change.kind, lag_minutes=change.lag_minutes)

    @edits_of.register
    def _(self, change: UnlinkTasks) -> Iterator[RowEdit]:
        before, after = self._task(change.predecessor), self._task(change.successor)
        link = link_between(self.session, self.reader, before.id, after.id)
        if link is None:
            raise CannotChange(f"{after.key} does not wait for {before.key}: there is no link to take out.")
        yield RowEdit("dependency", link, {"predecessor_id": before.id, "successor_id": after.id}, None)

    @edits_of.register
    def _(self, change: RenameProject) -> Iterator[RowEdit]:
        yield self._set_project(change.project, name=change.name)

    @edits_of.register
    def _(self, change: SetProjectState) -> Iterator[RowEdit]:
        yield self._set_project(change.project, state=change.state.value)

    @edits_of.register
    def _(self, change: ReportHealth) -> Iterator[RowEdit]:
        yield self._set_project(change.project, reported_health=change.health.value, reported_health_on=change.on)

    @edits_of.register
    def _(self, change: PromiseFinish) -> Iterator[RowEdit]:
        yield self._set_project(change.project, promised_finish=change.day)

    @edits_of.register
    def _(self, change: SetBudget) -> Iterator[RowEdit]:
        yield self._set_project(change.project, budget_minor=change.budget_minor)

    @edits_of.register
    def _(self, change: RecordHours) -> Iterator[RowEdit]:
        task = self._task(change.task).id if change.task else None
        yield self._add(
            "time_entry",
            person_id=self._person(change.person),
            project_id=self._project(change.project),
            task_id=task,
            worked_on=change.day,
            minutes=change.minutes,
        )

    @edits_of.register
    def _(self, change: RecordBlocker) -> Iterator[RowEdit]:
        yield self._add("blocker", task_id=self._task(change.task).id, note=change.note, opened_on=change.day)

    @edits_of.register
    def _(self, change: RecordRisk) -> Iterator[RowEdit]:
        owner = self._person(change.owner) if change.owner else None
        project = self._project(change.project)
        yield self._add("risk", project_id=project, title=change.title, owner_id=owner, opened_on=change.day)

    @edits_of.register
    def _(self, change: RecordNote) -> Iterator[RowEdit]:
        yield self._add(
            "status_update",
            project_id=self._project(change.project),
            task_id=self._task(change.task).id if change.task else None,
            author_id=self._person(change.author),
            written_on=change.day,
            note=change.note,
        )

    @edits_of.register
    def _(self, change: RecordAbsence) -> Iterator[RowEdit]:
        yield self._add("absence", person_id=self._person(change.person), starts_on=change.start, ends_on=change.end)

    def _set_task(self, key: str, **values: Any) -> RowEdit:
        return self._set(self._task(key), **values)

    def _set(self, task: TaskRecord, **values: Any) -> RowEdit:
        return RowEdit("task", task.id, {}, values)

    def _set_project(self, key: str, **values: Any) -> RowEdit:
        return RowEdit("project", self._project(key), {}, values)

    def _add(self, table: str, **values: Any) -> RowEdit:
        return RowEdit(table, next(self._numbers), None, values)

    def _task(self, key: str) -> TaskRecord:
        return find_task(self.session, self.reader, key)

    def _project(self, key: str) -> int:
        return find_project(self.session, self.reader, key).id

    def _person(self, key: str) -> int:
        return find_person(self.session, self.reader, key).id


_KEPT = {
    "task": "tasks below it",
    "time_entry": "hours recorded on it",
    "billing_milestone": "an invoice hanging on it",
    "status_update": "status notes",
}
_GOING = ("dependency", "assignment", "blocker", "baseline")

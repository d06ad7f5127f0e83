"""Edits in words and figures, as one reader may see them: what stands there today, and what would."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlmodel import Session

from storage.access import FieldClass, Reader
from storage.edits import RowEdit, typed
from storage.projects import list_projects
from storage.records import PersonName, ProjectRecord, Record, TaskRecord
from storage.staffing import list_people
from storage.tasks import tasks_by_id
from storage.vocabulary import DurationBasis, Level
from tools import facts
from tools.facts import Figure, Unit
from tools.figures import days, title

Kind = Literal["set", "add", "remove"]


@dataclass(frozen=True)
class EditLine:
    """One field of one row, before and after; a row that comes or goes has one line. Hidden values are None."""

    kind: Kind
    level: Level
    key: str
    name: str
    project: str
    label: str
    before: Figure | None = None
    after: Figure | None = None
    is_hidden: bool = False
    edit: int = 0  # which of the edits it tells of


def described(session: Session, reader: Reader, edits: Sequence[RowEdit], *, own: bool = False) -> list[EditLine]:
    """The lines of a card, in the order of the edits. Rows that the reader does not see have none.

    `own`: what would be written are the reader's own words, so that they are shown also where the field is not theirs.
    """
    return list(_Describer(session, reader, edits, own=own).lines())


class _Describer:
    def __init__(self, session: Session, reader: Reader, edits: Sequence[RowEdit], *, own: bool) -> None:
        self.edits, self.own = edits, own
        task_ids = {each for edit in edits for each in _tasks_of(edit)}
        project_ids = {edit.row_id for edit in edits if edit.table == "project"}
        self.tasks = tasks_by_id(session, reader, task_ids)
        project_ids |= {task.project_id for task in self.tasks.values()}
        project_ids |= {int(values["project_id"]) for edit in edits if "project_id" in (values := _whole(edit))}
        self.projects = {each.id: each for each in list_projects(session, reader, ids=project_ids)}
        person_ids = {each for edit in edits for each in _people_of(edit)}
        self.people = {each.id: each.name for each in list_people(session, reader, ids=person_ids)}
        for task in self.tasks.values():
            if task.owner is not None:
                self.people.setdefault(task.owner.id, task.owner.name)

    def lines(self) -> Iterator[EditLine]:
        for number, edit in enumerate(self.edits):
            if edit.table == "task" and not edit.is_addition and edit.row_id in self.tasks:
                yield from self._of_row(number, edit, Level.TASK, self.tasks[edit.row_id])
            elif edit.table == "project" and edit.row_id in self.projects:
                yield from self._of_row(number, edit, Level.PROJECT, self.projects[edit.row_id])
            elif edit.table in _WHOLE and (edit.is_addition or edit.is_removal):
                yield from self._whole_row(number, edit)

    def _of_row(
        self, number: int, edit: RowEdit, level: Level, record: TaskRecord | ProjectRecord
    ) -> Iterator[EditLine]:
        project = record.project_id if isinstance(record, TaskRecord) else record.id
        place = (level, record.key, title(level, record.key, record.name), self._project(project))
        if edit.is_removal:
            yield EditLine("remove", *place, "removed", edit=number)
            return
        for field, after in edit.values.items():
            if field not in _FIELDS:
                continue
            label, make = _FIELDS[field]
            if not _is_seen(record, field):
                shown_after = make(self, record, after) if self.own else None
                yield EditLine("set", *place, label, after=shown_after, is_hidden=True, edit=number)
                continue
            stored = edit.before or {}
            before = typed(field, stored[field]) if field in stored else _value(record, field)
            shown = make(self, record, before), make(self, record, after)
            if shown[0] != shown[1]:
                yield EditLine("set", *place, label, *shown, edit=number)

    def _whole_row(self, number: int, edit: RowEdit) -> Iterator[EditLine]:
        """A row of its own (hours, a blocker, a link, a new task): one line on the task or project it is of."""
        values = {label: typed(label, value) for label, value in _whole(edit).items()}
        task = self.tasks.get(values.get("task_id") or values.get("successor_id") or 0)
        project = self.projects.get(task.project_id if task else values.get("project_id", 0))
        level, key, name = self._place(task, project, values)
        place = (level, key, name, self._project(project.id) if project else "")
        of = task or project
        sees = of.sees if of else frozenset({FieldClass.TEAM})
        hidden = edit.table in _TEAM and FieldClass.TEAM not in sees and not (self.own and edit.is_addition)
        for label, told in _WHOLE[edit.table](self, values):
            if edit.is_removal:
                yield EditLine("remove", *place, label, None if hidden else told, None, hidden, number)
            elif edit.is_addition:
                yield EditLine("add", *place, label, None, None if hidden else told, hidden, number)

    def _place(
        self, task: TaskRecord | None, project: ProjectRecord | None, values: dict[str, Any]
    ) -> tuple[Level, str, str]:
        if task is not None:
            return Level.TASK, task.key, task.name
        if project is not None:
            return Level.PROJECT, project.key, title(Level.PROJECT, project.key, project.name)
        person = self.people.get(values.get("person_id", 0), "somebody")
        return Level.PERSON, person, person

    def _project(self, project_id: int) -> str:
        project = self.projects.get(project_id)
        return title(Level.PROJECT, project.key, project.name) if project else ""

    def person(self, person_id: int | None) -> str:
        return "nobody" if person_id is None else self.people.get(person_id, "somebody")

    def task(self, task_id: int) -> str:
        known = self.tasks.get(task_id)
        if known is not None:
            return f"{known.key} {known.name}"
        return "a new task" if task_id < 0 else "a task elsewhere"


Make = Callable[[_Describer, Any, Any], Figure | None]


def _day(_: _Describer, __: Any, value: datetime | date | None) -> Figure | None:
    return facts.day(value)


def _hours(_: _Describer, __: Any, value: int | None) -> Figure | None:
    return facts.hours(value)


def _share(_: _Describer, __: Any, value: float | None) -> Figure | None:
    return facts.share(value)


def _text(_: _Describer, __: Any, value: str | None) -> Figure | None:
    return facts.text(value)


def _state(_: _Describer, __: Any, value: str | None) -> Figure | None:
    return facts.state(value)


def _person(describer: _Describer, _: Any, value: int | PersonName | None) -> Figure | None:
    person_id = value.id if isinstance(value, PersonName) else value
    return facts.name(describer.person(person_id))


def _money(_: _Describer, record: Any, value: int | None) -> Figure | None:
    return facts.money(value, record.currency)


def _yes(_: _Describer, __: Any, value: bool | None) -> Figure | None:
    return None if value is None else Figure(value=value, unit=Unit.YES_NO)


_FIELDS: dict[str, tuple[str, Make]] = {
    "name": ("name", _text),
    "owner_id": ("owner", _person),
    "state": ("state", _state),
    "planned_start": ("start", _day),
    "planned_finish": ("finish", _day),
    "planned_duration_minutes": (
        "duration",
        lambda _, record, value: days(value, getattr(record, "duration_basis", DurationBasis.WORKING)),
    ),
    "actual_start": ("started", _day),
    "actual_finish": ("done on", _day),
    "effort_minutes": ("estimate", _hours),
    "remaining_minutes": ("work left", _hours),
    "done_share": ("progress", _share),
    "deadline": ("deadline", _day),
    "waits_on": ("waits on", _text),
    "waits_since": ("waits since", _day),
    "is_milestone": ("milestone", _yes),
    "is_pinned": ("pinned", _yes),
    "parent_id": ("part of", lambda describer, _, value: facts.name(describer.task(value)) if value else None),
    "reported_health": ("reported health", lambda _, __, value: facts.health(value)),
    "promised_finish": ("promised finish", _day),
    "budget_minor": ("budget", _money),
    "contract_value_minor": ("contract value", _money),
    "contract_type": ("contract", _text),
    "target_margin_share": ("target margin", _share),
}
Told = Iterator[tuple[str, Figure | None]]


def _absence(_: _Describer, values: dict[str, Any]) -> Told:
    yield "away from", facts.day(values["starts_on"])
    yield "until", facts.day(values["ends_on"])


def _worked(describer: _Describer, values: dict[str, Any]) -> Told:
    day = values["worked_on"]
    yield (
        f"hours of {describer.person(values['person_id'])} on {day:%a} {day.day} {day:%b %Y}",
        facts.hours(values["minutes"]),
    )


def _new_task(_: _Describer, values: dict[str, Any]) -> Told:
    yield "new milestone" if values.get("is_milestone") else "new task", facts.text(values["name"])
    if finish := facts.day(values.get("planned_finish")):
        yield "its day", finish


def _one(label: str, make: Callable[[_Describer, dict[str, Any]], Figure | None]) -> Callable[..., Told]:
    def tell(describer: _Describer, values: dict[str, Any]) -> Told:
        yield label, make(describer, values)

    return tell


_WHOLE: dict[str, Callable[[_Describer, dict[str, Any]], Told]] = {
    "task": _new_task,
    "dependency": _one("waits for", lambda describer, values: facts.name(describer.task(values["predecessor_id"]))),
    "assignment": _one("with", lambda describer, values: facts.name(describer.person(values["person_id"]))),
    "booking": _one("booking", lambda describer, values: facts.name(describer.person(values.get("person_id")))),
    "baseline": _one("baseline", lambda _, values: facts.day(values.get("planned_finish"))),
    "blocker": _one("blocked", lambda _, values: facts.text(values["note"])),
    "risk": _one("new risk", lambda _, values: facts.text(values["title"])),
    "status_update": _one("note", lambda _, values: facts.text(values["note"])),
    "absence": _absence,
    "time_entry": _worked,
}
_TEAM = frozenset({"assignment", "booking", "blocker", "risk", "status_update", "time_entry"})
_TASK_FIELDS = ("task_id", "parent_id", "predecessor_id", "successor_id")
_PERSON_FIELDS = ("person_id", "owner_id", "author_id")
_CALLED = {"owner_id": "owner"}


def _whole(edit: RowEdit) -> dict[str, Any]:
    return {**(edit.before or {}), **(edit.after or {})}


def _tasks_of(edit: RowEdit) -> Iterator[int]:
    if edit.table == "task" and not edit.is_addition:
        yield edit.row_id
    values = _whole(edit)
    yield from (int(values[label]) for label in _TASK_FIELDS if values.get(label))


def _people_of(edit: RowEdit) -> Iterator[int]:
    for values in (edit.before or {}, edit.after or {}):
        yield from (int(values[label]) for label in _PERSON_FIELDS if values.get(label))


def _value(record: Record, field: str) -> Any:
    return getattr(record, _CALLED.get(field, field))


def _is_seen(record: TaskRecord | ProjectRecord, field: str) -> bool:
    marks = type(record).marks.get(_CALLED.get(field, field), ())
    return all(mark in record.sees for mark in marks if isinstance(mark, FieldClass))

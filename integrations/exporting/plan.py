"""What of a plan goes into a file, as its reader may see it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.baselines import task_baselines
from storage.calendars import calendars_of
from storage.projects import find_project
from storage.readings import readings
from storage.records import CalendarRecord, LinkRecord, PersonRecord, ProjectRecord, TaskRecord
from storage.staffing import list_people
from storage.tasks import list_tasks, predecessors
from tools.context import ToolContext
from tools.timeline import outline


@dataclass(frozen=True)
class ExportedPlan:
    """The tasks in their outline with how deep each lies, from 0; the links before each, within the plan, by its id."""

    project: ProjectRecord
    day: date
    tasks: Sequence[tuple[TaskRecord, int]]
    links: Mapping[int, Sequence[LinkRecord]]
    calendars: Mapping[int, CalendarRecord]
    baselines: Mapping[int, tuple[datetime | None, datetime | None]]
    people: Mapping[int, PersonRecord]  # owners of tasks, by id

    @property
    def uids(self) -> dict[int, int]:
        """A number for each task, by its id: that of its key where all have one of their own."""
        own = [re.fullmatch(rf"{re.escape(self.project.key)}-0*([1-9]\d{{0,8}})", task.key) for task, _ in self.tasks]
        numbers = [int(found[1]) for found in own if found]
        if len(set(numbers)) == len(self.tasks):
            return {task.id: number for (task, _), number in zip(self.tasks, numbers, strict=True)}
        return {task.id: number for number, (task, _) in enumerate(self.tasks, start=1)}


def read_plan_rows(context: ToolContext, key: str) -> ExportedPlan | None:
    """The plan of a project; None where the reader may know no more than its name. Raises NotFound."""
    with context.reading() as session:
        reader = context.reader
        project = find_project(session, reader, key)
        found = readings(session, reader, [project.id], context.today, context.as_of)
        if project.id not in found:
            return None
        tasks = list_tasks(session, reader, project.id)
        ids = {task.id for task in tasks}
        before = predecessors(session, reader, ids)
        owners = [task.owner.id for task in tasks if task.owner]
        return ExportedPlan(
            project=project,
            day=found[project.id].day,
            tasks=outline(tasks),
            links={task: [link for link in links if link.task_id in ids] for task, links in before.items()},
            calendars=calendars_of(session, reader, project.id),
            baselines=task_baselines(session, reader, project.id, found[project.id].day),
            people={person.id: person for person in list_people(session, reader, ids=owners)},
        )

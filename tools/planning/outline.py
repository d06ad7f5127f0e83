"""The work breakdown structure: which tasks are leaves, and the order in which figures roll up."""

from collections.abc import Iterable
from dataclasses import dataclass

from tools.planning.model import PlanHasCycle, PlannedTask, ProjectPlan


@dataclass(frozen=True, slots=True)
class Outline:
    """Leaves in plan order; summaries deepest first, so that children are known before their parent."""

    leaves: list[PlannedTask]
    summaries: list[PlannedTask]
    children: dict[int, list[PlannedTask]]


def outline(plan: ProjectPlan) -> Outline:
    """Raises PlanHasCycle. A parent outside the project is no parent."""
    ids = {task.id for task in plan.tasks}
    children: dict[int, list[PlannedTask]] = {}
    for task in plan.tasks:
        if task.parent_id in ids and task.parent_id is not None:
            children.setdefault(task.parent_id, []).append(task)
    if not children:
        return Outline(list(plan.tasks), [], {})
    reached = _top_down((task for task in plan.tasks if task.parent_id not in ids), children)
    if len(reached) < len(plan.tasks):
        raise PlanHasCycle(plan.key)
    summaries = [task for task in reversed(reached) if task.id in children]
    return Outline([task for task in plan.tasks if task.id not in children], summaries, children)


def _top_down(roots: Iterable[PlannedTask], children: dict[int, list[PlannedTask]]) -> list[PlannedTask]:
    reached = list(roots)
    for task in reached:  # grows while it is walked
        reached.extend(children.get(task.id, ()))
    return reached

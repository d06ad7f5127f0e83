"""The list of tools: the only place that knows them all."""

from tools import coming
from tools.capacity import capacity
from tools.changes import propose_change
from tools.finances import finances
from tools.portfolio import portfolio_overview
from tools.risks import surface_risks
from tools.schedule import project_schedule
from tools.staffing import find_people
from tools.status import project_status
from tools.tasks import list_tasks
from tools.toolkit import Tool
from tools.updates import record_update
from tools.utilisation import utilisation
from tools.work import my_work, task_details

_BUILT = tuple(
    Tool(function)
    for function in (
        project_status,
        portfolio_overview,
        list_tasks,
        my_work,
        task_details,
        finances,
        project_schedule,
        utilisation,
        find_people,
        capacity,
        surface_risks,
        propose_change,
        record_update,
    )
)
_COMING = tuple(
    Tool(function)
    for function in (
        coming.forecast,
        coming.explain_change,
        coming.benefits,
        coming.find_lessons,
        coming.draft_plan,
        coming.propose_reallocation,
        coming.what_if,
        coming.select_portfolio,
        coming.weekly_brief,
    )
)
TOOLS = (*_BUILT, *_COMING)
BUILT = tuple(tool.name for tool in _BUILT)  # those that answer
COMING = tuple(tool.name for tool in _COMING)  # those that say what to ask meanwhile


class ToolNotFound(LookupError):
    """No tool of that name; the message names those there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no tool {name!r}. There are: {', '.join(tool.name for tool in TOOLS)}.")


def find_tool(name: str) -> Tool:
    """The tool of that name; raises ToolNotFound."""
    for tool in TOOLS:
        if tool.name == name:
            return tool
    raise ToolNotFound(name)

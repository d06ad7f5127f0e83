"""Tasks by state, date, owner and any other condition, and figures over them."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from storage.catalogue import Field as Column
from storage.catalogue import state_count
from storage.selection.rows import Row, RowOrder, list_rows, tally
from storage.vocabulary import Level
from tools import facts
from tools.cells import cell
from tools.context import ToolContext
from tools.facts import Fact, Figure, Line, ToolResult, Unit
from tools.measurement import Measurement, measurement
from tools.selecting import Arguments, Asked, Unanswerable


class TaskLine(Line):
    """One task; `values` are the fields that were asked for beside these."""

    name: Figure
    project: Figure
    state: Figure | None = None
    source_state: Figure | None = Field(None, description="the state in its source's own words")
    owner: Figure | None = Field(None, description="who does it, where the reader may see that")
    finish: Figure | None = Field(None, description="planned finish")
    days_late: Figure | None = None
    progress: Figure | None = None
    values: dict[str, Figure] = Field(default_factory=dict)


class TaskList(Fact):
    """The tasks that were asked for, as many as fit, and how many there are."""

    kind: ClassVar[str] = "task_list"

    noun: Figure | None = Field(None, description="what the source calls a task")
    scope: Figure | None = Field(None, description="where, by name; absent: everywhere")
    scope_key: Figure | None = None
    conditions: Figure | None = Field(None, description="what the tasks satisfy, in words")
    sorted_by: Figure | None = None
    matched: Figure = Field(description="tasks that satisfy the conditions")
    shown: Figure
    rest: Figure | None = Field(None, description="matched tasks that are not shown")
    missing: Figure | None = Field(None, description="matched tasks without a value to sort by")
    open: Figure = Field(description="of the matched tasks")
    done: Figure
    late: Figure
    partial: Figure | None = Field(None, description="set for readers without rights over the whole scope")
    labels: dict[str, Figure] = Field(default_factory=dict, description="what the fields in `values` are called")
    rows: dict[str, TaskLine] = Field(default_factory=dict)


def list_tasks(
    context: ToolContext,
    scope: Annotated[
        str | None, "key or name of a portfolio, program, project, client or person; everything by default"
    ] = None,
    state: Annotated[
        str | None, "late, due, open, done, blocked, unowned, ..., or a source's own word such as closed"
    ] = None,
    start: Annotated[date | None, "first day of a window, ISO"] = None,
    end: Annotated[date | None, "last day of a window, ISO"] = None,
    window_on: Annotated[str, "the date the window is on: finish, start, actual_finish, ..."] = "finish",
    owner: Annotated[str | None, "name, key or e-mail of the person who does them"] = None,
    where: Annotated[list[str] | None, 'more conditions, such as "planned_cost > 5000" or "name contains test"'] = None,
    measure: Annotated[str | None, "count, sum, median, mean, min, max or share, instead of a list"] = None,
    of: Annotated[str | None, "the field measured; of a share: the condition, or the field whose sum is shared"] = None,
    by: Annotated[str | None, 'group the measure by a field, or by "year of start"'] = None,
    sort: Annotated[str | None, 'a field to sort by, with "-" before it for the highest first'] = None,
    limit: Annotated[int | None, "rows to show, at most 50; by default 10, of groups 25"] = None,
) -> ToolResult:
    """Tasks by state, date, owner and other conditions; or a count, sum, mean, median, extreme or share over them."""
    given = Arguments(scope, state, start, end, window_on, owner, where or (), measure, of, by, sort, limit)
    with context.reading() as session:
        try:
            asked = Asked(session, context, Level.TASK, given)
            return measurement(asked) if given.is_measuring else _listed(asked)
        except Unanswerable as nothing:
            return nothing.result


_SHOWN = ("name", "project", "state", "source_state", "owner", "finish", "days_late", "progress")
_COUNTED = ("open", "done", "late")
WITHHELD = "Which ones is for their project's team and its managers."


def _listed(asked: Asked) -> TaskList | Measurement:
    columns = asked.columns(_SHOWN)
    named = asked.asked_for(columns, _SHOWN)
    states = [state_count(asked.catalogue.states[key]) for key in _COUNTED]
    counts = tally(asked.session, asked.reader, asked.selection, [*states, *asked.count_of_sorted()])
    if counts["matched"] == 0 and asked.is_for_teams_only:
        return measurement(asked).model_copy(update={"withheld": facts.text(WITHHELD)})
    asked.check_found(counts)
    order = asked.order or RowOrder(asked.catalogue.fields["finish"])
    rows = list_rows(asked.session, asked.reader, asked.selection, columns, order=order, limit=asked.limit)
    return TaskList(
        **asked.stated(counts, len(rows)),
        **{key: Figure(value=counts[key], unit=Unit.COUNT) for key in _COUNTED},
        labels={each.key: Figure(value=each.label, unit=Unit.TEXT) for each in named},
        rows={row.key: _line(row, columns, named) for row in rows},
        sources=[*asked.scope_sources, *asked.sources_of(rows)],
    )


def _line(row: Row, columns: list[Column], named: list[Column]) -> TaskLine:
    cells = {column.key: cell(row, column) for column in columns}
    values = {each.key: value for each in named if (value := cells[each.key])}
    return TaskLine(**{key: cells[key] for key in _SHOWN}, values=values)

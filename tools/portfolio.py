"""Portfolios, programs and projects: the roll-up of a scope, those of its rows that matter, and figures over them."""

from dataclasses import replace
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from storage.catalogue import Field as Column
from storage.catalogue import Right
from storage.fields import ATTENTION, ROLLED
from storage.selection.conditions import Holds
from storage.selection.rows import Row, RowOrder, list_rows, sums_by_unit, tally
from storage.vocabulary import Level
from tools.cells import cell, figure
from tools.context import ToolContext
from tools.facts import Fact, Figure, Line, ToolResult, Unit
from tools.figures import title
from tools.measurement import measurement
from tools.selecting import Arguments, Asked, Unanswerable

MOST_PAST_PROMISE = 5


class OverviewLine(Line):
    """One portfolio, program or project; `values` are the fields that were asked for beside these."""

    name: Figure
    level: Figure
    program: Figure | None = None
    manager: Figure | None = None
    client: Figure | None = None
    state: Figure | None = None
    health: Figure | None = Field(None, description="by the figures; of a program or portfolio its worst project's")
    reported_health: Figure | None = None
    progress: Figure | None = None
    finish: Figure | None = Field(None, description="planned finish")
    promised_finish: Figure | None = None
    days_late: Figure | None = None
    projects: Figure | None = None
    projects_late: Figure | None = None
    tasks: Figure | None = None
    tasks_late: Figure | None = None
    values: dict[str, Figure] = Field(default_factory=dict)


class PromiseLine(Line):
    """A project whose planned finish, or today while it is open, lies after its promised date."""

    name: Figure
    promised_finish: Figure | None = None
    finish: Figure | None = Field(None, description="planned finish")
    promise_slip: Figure | None = Field(None, description="working days past the promise")


class MoneyTotals(Line):
    """Sums in one currency, over the projects whose money the reader may see."""

    planned_cost: Figure | None = None
    budget: Figure | None = None
    contract_value: Figure | None = None
    actual_cost: Figure | None = None
    estimate_at_completion: Figure | None = None
    reported_cost_variance: Figure | None = None


class PortfolioOverview(Fact):
    """The rows of one level that were asked for, those first that matter most, and the roll-up of all of them."""

    kind: ClassVar[str] = "portfolio_overview"

    level: Figure = Field(description="what the rows are: project, program or portfolio")
    noun: Figure | None = Field(None, description="what the source calls the level")
    scope: Figure | None = Field(None, description="where, by name; absent: everywhere")
    scope_key: Figure | None = None
    conditions: Figure | None = Field(None, description="what the rows satisfy, in words")
    sorted_by: Figure | None = None
    matched: Figure = Field(description="rows that satisfy the conditions")
    shown: Figure
    rest: Figure | None = Field(None, description="matched rows that are not shown")
    missing: Figure | None = Field(None, description="matched rows without a value to sort by")
    projects: Figure = Field(description="projects that the roll-up is over")
    projects_open: Figure
    projects_late: Figure
    projects_red: Figure
    projects_amber: Figure
    projects_green: Figure
    projects_green_not_green: Figure = Field(description="reported green, but not green by the figures")
    tasks: Figure
    tasks_done: Figure
    tasks_late: Figure
    money: dict[str, MoneyTotals] = Field(default_factory=dict, description="by currency")
    partial: Figure | None = Field(None, description="set for readers without rights over the whole scope")
    past_promise: dict[str, PromiseLine] = Field(
        default_factory=dict, description="where late projects are asked for: those beside them past their promise"
    )
    labels: dict[str, Figure] = Field(default_factory=dict, description="what the fields in `values` are called")
    rows: dict[str, OverviewLine] = Field(default_factory=dict)


def portfolio_overview(
    context: ToolContext,
    scope: Annotated[
        str | None,
        "key or name of a portfolio, program, project, client or manager, or no program; everything by default",
    ] = None,
    level: Annotated[Literal["project", "program", "portfolio"], "what the rows are"] = "project",
    filter: Annotated[  # noqa: A002  the argument's name is part of the tool's contract
        str | None, "late, red, amber, green, over_budget, green_not_green, open, done, no_program, unreported, ..."
    ] = None,
    start: Annotated[date | None, "first day of a window, ISO"] = None,
    end: Annotated[date | None, "last day of a window, ISO"] = None,
    window_on: Annotated[str, "the date the window is on: finish, start, promised_finish, ..."] = "finish",
    where: Annotated[list[str] | None, 'more conditions, such as "planned_cost > 5000000" or "tasks > 10"'] = None,
    measure: Annotated[str | None, "count, sum, median, mean, min, max or share, instead of a list"] = None,
    of: Annotated[str | None, "the field measured; of a share: the condition, or the field whose sum is shared"] = None,
    by: Annotated[str | None, 'group the measure by a field or level, or by "year of start"'] = None,
    sort: Annotated[str | None, 'a field to sort by, with "-" before it for the highest first'] = None,
    limit: Annotated[int | None, "rows to show, at most 50; by default 10, of groups 25"] = None,
) -> ToolResult:
    """Roll-up and list of projects, programs or portfolios: late, red, over budget; or figures over them."""
    given = Arguments(scope, filter, start, end, window_on, None, tuple(where or ()), measure, of, by, sort, limit)
    with context.reading() as session:
        try:
            asked = Asked(session, context, Level(level), given)
            return measurement(asked) if given.is_measuring else _overview(asked)
        except Unanswerable as nothing:
            return nothing.result


_SHOWN_ABOVE = ("name", "manager", "health", "progress", "finish", "projects", "projects_late", "tasks", "tasks_late")
_SHOWN = {
    Level.PROJECT: (
        *("name", "program", "manager", "client", "state", "health", "reported_health", "progress"),
        *("finish", "promised_finish", "days_late", "tasks", "tasks_late"),
    ),
    Level.PROGRAM: _SHOWN_ABOVE,
    Level.PORTFOLIO: _SHOWN_ABOVE,
}
_COUNTED = (
    *("projects", "projects_open", "projects_late", "projects_red", "projects_amber", "projects_green"),
    *("projects_green_not_green", "tasks", "tasks_done", "tasks_late"),
)


def _overview(asked: Asked) -> PortfolioOverview:
    columns = asked.columns(_SHOWN[asked.level])
    named = asked.asked_for(columns, _SHOWN[asked.level])
    totals = {each.key: each for each in ROLLED} if asked.level is Level.PROJECT else asked.catalogue.fields
    counted = [*(totals[key] for key in _COUNTED), *asked.count_of_sorted()]
    counts = tally(asked.session, asked.reader, asked.selection, counted)
    asked.check_found(counts)
    order = asked.order or RowOrder(ATTENTION[asked.level], descending=True)
    rows = list_rows(asked.session, asked.reader, asked.selection, columns, order=order, limit=asked.limit)
    money = _money(asked, [totals[key] for key in MoneyTotals.model_fields])
    return PortfolioOverview(
        level=Figure(value=asked.level, unit=Unit.TEXT),
        **asked.stated(counts, len(rows), [Right.MONEY] if money else []),
        **{key: Figure(value=counts[key], unit=Unit.COUNT) for key in _COUNTED},
        money=money,
        past_promise=_past_promise(asked),
        labels={each.key: Figure(value=each.label, unit=Unit.TEXT) for each in named},
        rows={row.key: _line(asked.level, row, columns, named) for row in rows},
        sources=[*asked.scope_sources, *asked.sources_of(rows)],
    )


def _past_promise(asked: Asked) -> dict[str, PromiseLine]:
    """Beside those that are late by their plan, those whose plan lies past what was promised; the furthest first."""
    conditions = asked.selection.conditions
    late = [each for each in conditions if isinstance(each, Holds) and each.state.key == "late" and not each.negated]
    if asked.level is not Level.PROJECT or not late:
        return {}
    others = tuple(each for each in conditions if each not in late)
    beside = (asked.read("past_promise").condition, replace(late[0], negated=True))
    selection = replace(asked.selection, conditions=(*others, *beside))
    columns = [asked.catalogue.fields[key] for key in ("promised_finish", "finish", "promise_slip")]
    order = RowOrder(columns[-1], descending=True)
    rows = list_rows(asked.session, asked.reader, selection, columns, order=order, limit=MOST_PAST_PROMISE)
    return {row.key: _promise_line(row, columns) for row in rows}


def _promise_line(row: Row, columns: list[Column]) -> PromiseLine:
    name = Figure(value=title(Level.PROJECT, row.key, row.name), unit=Unit.NAME)
    return PromiseLine(name=name, **{column.key: cell(row, column) for column in columns})


def _money(asked: Asked, summed: list[Column]) -> dict[str, MoneyTotals]:
    return {
        currency: MoneyTotals(**{each.key: figure(each, sums.get(each.key), currency) for each in summed})
        for currency, sums in sums_by_unit(asked.session, asked.reader, asked.selection, summed).items()
        if sums
    }


def _line(level: Level, row: Row, columns: list[Column], named: list[Column]) -> OverviewLine:
    cells = {column.key: cell(row, column) for column in columns}
    usual = {key: cells[key] for key in _SHOWN[level]}
    usual["name"] = Figure(value=title(level, row.key, row.name), unit=Unit.NAME)
    values = {each.key: value for each in named if (value := cells[each.key])}
    return OverviewLine(level=Figure(value=level, unit=Unit.TEXT), **usual, values=values)

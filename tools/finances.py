"""The money of a project, program, portfolio or client: budget, spent, earned, where it ends, margin."""

from typing import ClassVar

from pydantic import Field

from tools.facts import Fact, Figure, Line


class MoneyLine(Line):
    """One project's money."""

    name: Figure
    budget: Figure | None = None
    planned_cost: Figure | None = None
    spent: Figure | None = None
    earned: Figure | None = None
    estimate_at_completion: Figure | None = None
    over: Figure | None = Field(None, description="estimate at completion less budget")
    margin: Figure | None = None
    reported_cost_variance: Figure | None = None


class Finances(Fact):
    """Sums over the projects of a scope whose money the reader may see."""

    kind: ClassVar[str] = "finances"

    scope: Figure
    level: Figure
    projects: Figure = Field(description="projects of the scope whose money the reader may see")
    projects_without_budget: Figure
    contract_value: Figure | None = None
    budget: Figure | None = Field(None, description="BAC: the cost budget at completion")
    planned_cost: Figure | None = Field(None, description="as the source gives it")
    planned_value: Figure | None = Field(None, description="PV")
    earned: Figure | None = Field(None, description="EV")
    spent: Figure | None = Field(None, description="AC")
    cpi: Figure | None = None
    spi: Figure | None = None
    estimate_at_completion: Figure | None = Field(None, description="EAC if the cost trend goes on")
    estimate_by_remaining: Figure | None = Field(None, description="EAC if the remaining work costs what it is estimated")
    over: Figure | None = Field(None, description="estimate at completion less budget")
    progress: Figure | None = Field(None, description="EV over BAC")
    revenue: Figure | None = None
    margin: Figure | None = Field(None, description="forecast at completion")
    target_margin: Figure | None = None
    reported_cost_variance: Figure | None = Field(None, description="as the source reports it; below zero is an overrun")
    next_invoice: Figure | None = None
    next_invoice_on: Figure | None = None
    next_invoice_for: Figure | None = None
    time_until: Figure | None = None
    never_imported: Figure | None = Field(None, description="kinds of money that no row in scope has")
    partial: Figure | None = Field(None, description="set for readers without rights over the whole scope")
    rows: dict[str, MoneyLine] = Field(default_factory=dict)

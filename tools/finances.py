"""The money of a project, program, portfolio or the whole firm: budget, spent, earned, where it ends, margin."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field
from sqlmodel import Session

from storage.access import FieldClass, Reader, resolve
from storage.money import approved_until, open_invoices
from storage.projects import find_project, list_projects
from storage.readings import readings
from storage.records import InvoiceRecord, ProjectRecord, ReadingRecord
from storage.vocabulary import Level, ProjectState
from tools import facts
from tools.context import ToolContext
from tools.facts import Fact, Figure, Line, Refusal, SourceRef, ToolResult, Unit
from tools.figures import source_of, title
from tools.planning import rollup
from tools.planning.earned_value import BudgetBasis, difference, quotient
from tools.resolve import Match, find_one

MOST_ROWS = 10
EVERYTHING = "Everything you can see"
NOT_OURS = (ProjectState.CANDIDATE, ProjectState.CANCELLED)  # no contract: not in sums over several projects
KINDS = ("budget", "planned_cost", "spent", "contract_value")
_FIGURES = (
    "budget",
    "planned_cost",
    "planned_value",
    "contract_value",
    "revenue",
    "margin",
    "cpi",
    "spi",
    "spent",
    "earned",
)
ABOUT = {each: each for each in _FIGURES} | {  # what may be asked for by itself, and the figure it is
    "actual_cost": "spent",
    "earned_value": "earned",
    "eac": "estimate_at_completion",
    "estimate_at_completion": "estimate_at_completion",
}
PARTIAL = "Of the projects whose money you can see"


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
    about: Figure | None = Field(None, description="the one of these figures that was asked for")
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
    estimate_by_remaining: Figure | None = Field(None, description="EAC by the estimates of the work left")
    over: Figure | None = Field(None, description="estimate at completion less budget")
    earned_share: Figure | None = Field(None, description="EV over BAC")
    spent_share: Figure | None = Field(None, description="AC over BAC")
    revenue: Figure | None = None
    margin: Figure | None = Field(None, description="forecast at completion")
    target_margin: Figure | None = None
    reported_cost_variance: Figure | None = Field(None, description="as reported; below zero is an overrun")
    next_invoice: Figure | None = None
    next_invoice_on: Figure | None = Field(None, description="when it is due")
    next_invoice_for: Figure | None = None
    time_until: Figure | None = None
    never_imported: Figure | None = Field(None, description="kinds of money that no row in scope has")
    partial: Figure | None = Field(None, description="set for readers without rights over the whole scope")
    left_out: Figure | None = Field(None, description="projects in other currencies, not in the sums")
    rows: dict[str, MoneyLine] = Field(default_factory=dict)


def finances(
    context: ToolContext,
    scope: Annotated[str | None, "key or name of a project, program or portfolio; everything by default"] = None,
    about: Annotated[str | None, "the one figure asked for: budget, spent, margin, estimate_at_completion, ..."] = None,
) -> ToolResult:
    """Budget, spent, earned, estimate at completion, revenue and margin of a project, program or portfolio."""
    with context.reading() as session:
        match = _find(session, context.reader, scope)
        if match is not None and not isinstance(match, Match):
            return match
        projects = _projects(session, context.reader, match)
        seen = [project for project in projects if FieldClass.MONEY in project.sees]
        seen = [project for project in seen if project.state not in NOT_OURS] or seen
        label = match.name if match else EVERYTHING
        if not projects:
            return Refusal("not_found", f"No project that you can see belongs to {label}.")
        if not seen:
            return Refusal("refused", f"The money of {label} is for its managers and for finance; ask one of them.")
        fact = _Sheet(session, context, match, seen).fact()
        return _on(fact, about, label) if about else fact


def _on(fact: Finances, about: str, label: str) -> ToolResult:
    """The sheet with the one figure that was asked for named; a refusal where the data does not give it."""
    asked = ABOUT.get(about.strip().lower().replace(" ", "_"))
    if asked is None:
        known = ", ".join(ABOUT)
        return Refusal("declined", f"The money has no figure “{about:.60}” that I can tell. There are: {known}.")
    if getattr(fact, asked) is None:
        said = asked.upper() if asked in ("cpi", "spi") else asked.replace("_", " ").replace("spent", "actual cost")
        if fact.progress_as_of:
            return Refusal("not_found", f"No {said} of {label} for that day: what was done by then is not on file.")
        return Refusal("not_found", f"No {said} was ever imported for {label}, nor what it is computed from.")
    return fact.model_copy(update={"about": Figure(value=asked, unit=Unit.TEXT)})


def _find(session: Session, reader: Reader, scope: str | None) -> Match | ToolResult | None:
    if scope is None:
        return None
    return find_one(session, reader, scope, (Level.PROJECT, Level.PROGRAM, Level.PORTFOLIO))


def _projects(session: Session, reader: Reader, match: Match | None) -> list[ProjectRecord]:
    if match is None:
        return list_projects(session, reader)
    if match.level is Level.PROJECT:
        return [find_project(session, reader, match.key)]
    if match.level is Level.PROGRAM:
        return list_projects(session, reader, program_id=match.id)
    return list_projects(session, reader, portfolio_id=match.id)


class _Sheet:
    """The sums over the projects of one currency, that of most of them; the others are said to be left out."""

    def __init__(
        self, session: Session, context: ToolContext, match: Match | None, seen: Sequence[ProjectRecord]
    ) -> None:
        self.session, self.reader, self.match = session, context.reader, match
        self.currency = Counter(project.currency for project in seen).most_common(1)[0][0]
        self.projects = [project for project in seen if project.currency == self.currency]
        self.left_out = len(seen) - len(self.projects)
        ids = [project.id for project in self.projects]
        self.readings = readings(session, context.reader, ids, context.today, context.as_of)
        self.day = max((reading.day for reading in self.readings.values()), default=context.as_of or context.today)

    def fact(self) -> Finances:
        sums = rollup.money(list(self.readings.values()))
        end = sums.estimate_at_completion_minor
        invoice = self._next_invoice()
        single = self.projects[0] if len(self.projects) == 1 else None
        finances = Finances(
            as_of=self.day,
            scope=Figure(value=self.match.name if self.match else EVERYTHING, unit=Unit.NAME),
            level=Figure(value=self.match.level if self.match else "organisation", unit=Unit.TEXT),
            projects=Figure(value=len(self.projects), unit=Unit.COUNT),
            projects_without_budget=Figure(value=sums.without_budget, unit=Unit.COUNT),
            contract_value=self._sum("contract_value_minor"),
            budget=self._money(sums.budget_minor if self._has_budget() else None, "BAC"),
            planned_cost=self._sum("planned_cost_minor", "planned_cost"),
            planned_value=self._money(sums.planned_value_minor, "PV"),
            earned=self._money(sums.earned_value_minor, "EV"),
            spent=self._money(sums.actual_cost_minor, "AC"),
            cpi=facts.ratio(sums.cost_performance, "CPI"),
            spi=facts.ratio(sums.schedule_performance, "SPI"),
            estimate_at_completion=self._money(end, "EAC"),
            estimate_by_remaining=self._money(sums.estimate_by_remaining_minor, "EAC_remaining"),
            over=self._money(sums.overrun_minor, "overrun"),
            spent_share=facts.share(quotient(sums.actual_cost_minor, sums.budget_minor), "spent_share"),
            earned_share=facts.share(quotient(sums.earned_value_minor, sums.budget_minor), "earned_share"),
            revenue=self._money(sums.revenue_minor, "revenue"),
            margin=facts.share(sums.margin_at_completion_share, "margin_at_completion"),
            target_margin=facts.share(single.target_margin_share if single else None),
            reported_cost_variance=self._sum("reported_cost_variance_minor"),
            next_invoice=self._money(invoice.amount_minor if invoice else None),
            next_invoice_on=facts.day(invoice.expected_on if invoice else None),
            next_invoice_for=facts.text(invoice.label if invoice else None),
            time_until=facts.day(approved_until(self.session, self.reader, list(self.readings), self.day)),
            partial=facts.text(None if self._sees_all() else PARTIAL),
            left_out=facts.count(self.left_out or None),
            rows=self._rows(),
            sources=self._sources(),
        )
        return finances.model_copy(update={"never_imported": facts.text(_missing(finances))})

    def _rows(self) -> dict[str, MoneyLine]:
        lines = {project.key: self._line(project) for project in self.projects}
        ranked = sorted(lines.items(), key=lambda pair: -abs(float(str(pair[1].over.value)) if pair[1].over else 0.0))
        return dict(ranked[:MOST_ROWS])

    def _line(self, project: ProjectRecord) -> MoneyLine:
        reading = self.readings.get(project.id)
        over = None if reading is None else difference(reading.estimate_at_completion_minor, reading.budget_minor)
        return MoneyLine(
            name=Figure(value=title(Level.PROJECT, project.key, project.name), unit=Unit.NAME),
            budget=self._money(_budget(reading), "BAC"),
            planned_cost=self._money(project.planned_cost_minor, "planned_cost"),
            spent=self._money(reading.actual_cost_minor if reading else None, "AC"),
            earned=self._money(reading.earned_value_minor if reading else None, "EV"),
            estimate_at_completion=self._money(reading.estimate_at_completion_minor if reading else None, "EAC"),
            over=self._money(over, "overrun"),
            margin=facts.share(reading.margin_at_completion_share if reading else None, "margin_at_completion"),
            reported_cost_variance=self._money(project.reported_cost_variance_minor),
        )

    def _has_budget(self) -> bool:
        """Whether any project was given a budget; what stands in for one elsewhere is not called so here."""
        return any(BudgetBasis(reading.budget_basis).is_budget for reading in self.readings.values())

    def _sum(self, label: str, metric: str = "") -> Figure | None:
        values = [value for project in self.projects if (value := getattr(project, label)) is not None]
        return self._money(sum(values), metric) if values else None

    def _money(self, minor: int | None, metric: str = "") -> Figure | None:
        return facts.money(minor, self.currency, metric)

    def _next_invoice(self) -> InvoiceRecord | None:
        return next(iter(open_invoices(self.session, self.reader, list(self.readings), self.day)), None)

    def _sees_all(self) -> bool:
        if self.match is not None and self.match.level is Level.PROJECT:
            return True
        access, first = resolve(self.session, self.reader), self.projects[0]
        level = self.match.level if self.match else None
        return access.whole(
            FieldClass.MONEY,
            portfolio_id=first.portfolio_id if level else None,
            program_id=first.program_id if level is Level.PROGRAM else None,
        )

    def _sources(self) -> list[SourceRef]:
        projects = [source_of(Level.PROJECT, project.key, project.name) for project in self.projects[:MOST_ROWS]]
        if self.match is None or self.match.level is Level.PROJECT:
            return projects
        return [source_of(self.match.level, self.match.key, self.match.name), *projects]


def _budget(reading: ReadingRecord | None) -> int | None:
    return reading.budget_minor if reading and BudgetBasis(reading.budget_basis).is_budget else None


def _missing(finances: Finances) -> str | None:
    """The kinds of money that nothing in scope has, in a sentence."""
    absent = [kind.replace("_", " ") for kind in KINDS if getattr(finances, kind) is None]
    return f"Never imported: {', '.join(absent)}" if absent else None

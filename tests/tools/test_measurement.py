"""Every kind of measure over the federal portfolio, on both databases, against pandas on the published files."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from storage.access import Reader
from storage.engine import Store
from storage.importing.importer import import_paths
from storage.models import Grant, Person
from storage.sample import __file__ as samples
from storage.vocabulary import Role, ScopeKind
from tools.context import ToolContext
from tools.facts import Clarification, Fact, Refusal
from tools.portfolio import portfolio_overview
from tools.readings import warm
from tools.tasks import list_tasks

FILES = Path(samples).parent / "hhs-it-portfolio"
TODAY = date(2026, 3, 2)
DAY = pd.Timestamp("2012-08-01")
DONE = ["Completed - Closed", "Completed - Costs Pending"]


class Tables(NamedTuple):
    investments: pd.DataFrame
    projects: pd.DataFrame
    activities: pd.DataFrame


Case = tuple[Callable[..., Any], dict[str, Any], Callable[[Tables], Any]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def federal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolContext]:
    """The federal portfolio, asked by an owner who sees all money."""
    databases = None
    if request.param == "postgresql":
        databases = request.getfixturevalue("postgresql_databases")
        name = databases.take()
        store = databases.open(name)
    else:
        path = tmp_path_factory.mktemp("federal") / "federal.db"
        path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        store = Store.open(f"sqlite:///{path}")
    with store.system() as session:
        owner = Person(key="owner", name="Owner")
        session.add(owner)
        session.flush()
        for role in (Role.EXECUTIVE, Role.FINANCE):
            session.add(Grant(person_id=owner.id, role=role, scope_kind=ScopeKind.ORGANISATION))
    import_paths(store, [FILES], at=datetime.now(UTC))
    warm(store, TODAY)
    yield ToolContext(store=store, reader=Reader(owner.id), today=TODAY)
    store.close()
    if databases is not None:
        databases.give_back(name)


@pytest.fixture(scope="module")
def tables() -> Tables:
    investments = pd.read_csv(FILES / "investments.csv")
    projects = pd.read_csv(FILES / "projects.csv", parse_dates=["planned_start"])
    activities = pd.read_csv(FILES / "activities.csv", parse_dates=["planned_start"])
    for table in (projects, activities):
        table["finish"] = table.planned_start + pd.to_timedelta(table.planned_duration_days, unit="D")
    activities["open"] = ~activities.status.isin(DONE)
    projects["open"] = projects.project_id.isin(activities[activities.open].project_id)
    projects["late"] = projects.open & (projects.finish < DAY)
    projects["activities"] = projects.project_id.map(activities.groupby("project_id").size())
    activities["late"] = activities.open & (activities.finish < DAY)
    projects = projects.merge(investments, on="investment_id", how="left", suffixes=("", "_investment"))
    return Tables(investments, projects, activities.merge(projects, on="project_id", suffixes=("", "_project")))


def of_bureau(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[table.bureau == name]


def under(table: pd.DataFrame, acronym: str) -> pd.DataFrame:
    return table[table.name_investment.str.contains(f"({acronym})", regex=False, na=False)]


FDA = "Food and Drug Administration"
CDC = "Centers for Disease Control and Prevention"
HRSA = "Health Resources and Services Administration"
T, P = list_tasks, portfolio_overview

VALUES: dict[str, Case] = {
    "closed of a project": (
        T,
        {"scope": "NEDSS - Base System Development", "state": "closed", "measure": "count"},
        lambda t: len(
            t.activities[
                (t.activities.name_project == "NEDSS - Base System Development")
                & (t.activities.status == "Completed - Closed")
            ]
        ),
    ),
    "costs pending": (
        T,
        {"state": "costs pending", "measure": "count"},
        lambda t: (t.activities.status == "Completed - Costs Pending").sum(),
    ),
    "done holds both completed states": (
        T,
        {"state": "done", "measure": "count"},
        lambda t: (~t.activities.open).sum(),
    ),
    "not closed": (
        T,
        {"state": "not closed", "measure": "count"},
        lambda t: (t.activities.status != "Completed - Closed").sum(),
    ),
    "in progress": (T, {"state": "in progress", "measure": "count"}, lambda t: t.activities.open.sum()),
    "late": (T, {"state": "late", "measure": "count"}, lambda t: t.activities.late.sum()),
    "late or costs pending": (
        T,
        {"state": "late | costs pending", "measure": "count"},
        lambda t: (t.activities.late | (t.activities.status == DONE[1])).sum(),
    ),
    "should have finished by a day": (
        T,
        {"state": "open", "end": date(2012, 6, 30), "measure": "count"},
        lambda t: (t.activities.open & (t.activities.finish <= "2012-06-30")).sum(),
    ),
    "finishing within a window": (
        T,
        {"start": date(2012, 1, 1), "end": date(2012, 3, 31), "measure": "count"},
        lambda t: t.activities.finish.between("2012-01-01", "2012-03-31").sum(),
    ),
    "starting within a year": (
        T,
        {"where": ["start = 2012"], "measure": "count"},
        lambda t: (t.activities.planned_start.dt.year == 2012).sum(),
    ),
    "starting before a quarter": (
        T,
        {"where": ["planned_start < 2011-Q3"], "measure": "count"},
        lambda t: (t.activities.planned_start < "2011-07-01").sum(),
    ),
    "took longer than planned": (
        T,
        {"where": ["actual_duration > planned_duration"], "measure": "count"},
        lambda t: (t.activities.actual_duration_days > t.activities.planned_duration_days).sum(),
    ),
    "longer than half a year": (
        T,
        {"where": ["planned_duration >= 180 days"], "measure": "count"},
        lambda t: (t.activities.planned_duration_days >= 180).sum(),
    ),
    "cheap ones of a bureau": (
        T,
        {"scope": "FDA", "where": ["planned_cost < 50k"], "measure": "count"},
        lambda t: (of_bureau(t.activities, FDA).planned_cost_musd < 0.05).sum(),
    ),
    "named after something": (
        T,
        {"where": ["name contains test"], "measure": "count"},
        lambda t: t.activities.name.str.contains("test", case=False).sum(),
    ),
    "without an output type": (
        T,
        {"where": ["deliverable_type is missing"], "measure": "count"},
        lambda t: t.activities.output_type.isna().sum(),
    ),
    "other than one output type": (
        T,
        {"where": ["deliverable_type != Key Deliverable"], "measure": "count"},
        lambda t: (t.activities.output_type != "Key Deliverable").sum(),
    ),
    "either of two output types": (
        T,
        {"where": ["deliverable_type = Key Deliverable | Usable Functionality"], "measure": "count"},
        lambda t: t.activities.output_type.notna().sum(),
    ),
    "two conditions": (
        T,
        {"where": ["deliverable_type = usable functionality", "planned_cost > $1 million"], "measure": "count"},
        lambda t: ((t.activities.output_type == "Usable Functionality") & (t.activities.planned_cost_musd > 1)).sum(),
    ),
    "of no program": (
        T,
        {"scope": "no program", "measure": "count"},
        lambda t: t.activities.investment_id.isna().sum(),
    ),
    "share of usable functionality": (
        T,
        {"measure": "share", "of": "deliverable_type = Usable Functionality"},
        lambda t: (t.activities.output_type == "Usable Functionality").mean(),
    ),
    "share that is late": (
        T,
        {"scope": "HRSA", "measure": "share", "state": "late"},
        lambda t: of_bureau(t.activities, HRSA).late.mean(),
    ),
    "share of the open that is late": (
        T,
        {"state": "open", "measure": "share", "of": "late"},
        lambda t: t.activities[t.activities.open].late.mean(),
    ),
    "share of the cost that is closed": (
        T,
        {"measure": "share", "of": "planned_cost", "state": "closed"},
        lambda t: (
            t.activities[t.activities.status == DONE[0]].planned_cost_musd.sum() / t.activities.planned_cost_musd.sum()
        ),
    ),
    "median duration of a bureau": (
        T,
        {"scope": "CDC", "measure": "median", "of": "planned duration"},
        lambda t: of_bureau(t.activities, CDC).planned_duration_days.median(),
    ),
    "median of an even number": (
        T,
        {"state": "late", "measure": "median", "of": "duration"},
        lambda t: t.activities[t.activities.late].planned_duration_days.median(),
    ),
    "median cost": (
        T,
        {"measure": "median", "of": "cost"},
        lambda t: t.activities.planned_cost_musd.median() * 1e6,
    ),
    "mean actual duration": (
        T,
        {"measure": "mean", "of": "actual_duration"},
        lambda t: t.activities.actual_duration_days.mean(),
    ),
    "mean delay at the start": (
        T,
        {"scope": "FDA", "measure": "average", "of": "start_delay"},
        lambda t: of_bureau(t.activities, FDA).start_delay_days.mean(),
    ),
    "mean lateness": (
        T,
        {"measure": "mean", "of": "days_late"},
        lambda t: (DAY - t.activities[t.activities.late].finish).dt.days.mean(),
    ),
    "longest beyond plan": (
        T,
        {"measure": "max", "of": "duration_variance"},
        lambda t: (t.activities.actual_duration_days - t.activities.planned_duration_days).max(),
    ),
    "most delayed at its start": (
        T,
        {"measure": "max", "of": "start_delay"},
        lambda t: t.activities.start_delay_days.max(),
    ),
    "earliest start": (
        T,
        {"measure": "min", "of": "start"},
        lambda t: t.activities.planned_start.min().date().isoformat(),
    ),
    "total cost of activities": (
        T,
        {"scope": "FDA", "measure": "total", "of": "planned_cost"},
        lambda t: of_bureau(t.activities, FDA).planned_cost_musd.sum() * 1e6,
    ),
    "projects of an investment": (
        P,
        {"scope": "Medicare Appeals System", "measure": "count"},
        lambda t: len(under(t.projects, "MAS")),
    ),
    "planned cost under an investment": (
        P,
        {"scope": "PECOS", "measure": "sum", "of": "planned_cost"},
        lambda t: under(t.projects, "PECOS").planned_cost_musd.sum() * 1e6,
    ),
    "overrun under an investment": (
        P,
        {"scope": "HIGLAS", "measure": "sum", "of": "cost variance"},
        lambda t: under(t.projects, "HIGLAS").cost_variance_musd.sum() * 1e6,
    ),
    "late projects of a bureau": (
        P,
        {"scope": "HRSA", "filter": "late", "measure": "count"},
        lambda t: of_bureau(t.projects, HRSA).late.sum(),
    ),
    "projects without an investment": (
        P,
        {"filter": "no_program", "measure": "count"},
        lambda t: t.projects.investment_id.isna().sum(),
    ),
    "above five million": (
        P,
        {"where": ["planned_cost > $5 million"], "measure": "count"},
        lambda t: (t.projects.planned_cost_musd > 5).sum(),
    ),
    "starting in a year": (
        P,
        {"where": ["planned_start = 2012"], "measure": "count"},
        lambda t: (t.projects.planned_start.dt.year == 2012).sum(),
    ),
    "with more than ten activities": (
        P,
        {"where": ["tasks > 10"], "measure": "count"},
        lambda t: (t.projects.activities > 10).sum(),
    ),
    "done projects": (P, {"filter": "done", "measure": "count"}, lambda t: (~t.projects.open).sum()),
    "reported delay above a month": (
        P,
        {"where": ["reported_delay > 30 days"], "measure": "count"},
        lambda t: (t.projects.schedule_delay_days > 30).sum(),
    ),
    "longest project": (
        P,
        {"measure": "max", "of": "planned_duration"},
        lambda t: t.projects.planned_duration_days.max(),
    ),
    "dearest project": (
        P,
        {"measure": "max", "of": "planned_cost"},
        lambda t: t.projects.planned_cost_musd.max() * 1e6,
    ),
    "median cost of projects": (
        P,
        {"measure": "median", "of": "planned_cost"},
        lambda t: t.projects.planned_cost_musd.median() * 1e6,
    ),
    "mean number of activities": (
        P,
        {"measure": "mean", "of": "tasks"},
        lambda t: t.projects.activities.mean(),
    ),
    "last finish of a bureau": (
        P,
        {"scope": "FDA", "measure": "max", "of": "finish"},
        lambda t: of_bureau(t.projects, FDA).finish.max().date().isoformat(),
    ),
    "share of projects late": (
        P,
        {"measure": "share", "filter": "late"},
        lambda t: t.projects.late.mean(),
    ),
    "own field of projects": (
        P,
        {"measure": "median", "of": "days_since_update"},
        lambda t: t.projects.days_since_update.median(),
    ),
    "investments": (P, {"level": "program", "measure": "count"}, lambda t: len(t.investments)),
    "investments rated low": (
        P,
        {"level": "program", "where": ["custom.cio_rating <= 3"], "measure": "count"},
        lambda t: (t.investments.cio_rating <= 3).sum(),
    ),
    "mean rating of a bureau": (
        P,
        {"level": "program", "scope": "FDA", "measure": "mean", "of": "CIO rating"},
        lambda t: of_bureau(t.investments, FDA).cio_rating.mean(),
    ),
    "own money": (
        P,
        {"level": "program", "measure": "sum", "of": "enhancement_spend"},
        lambda t: t.investments.enhancement_spend_musd.sum() * 1e6,
    ),
    "own dates": (
        P,
        {"level": "program", "where": ["last_baseline >= 2012"], "measure": "count"},
        lambda t: (t.investments.last_baseline >= "2012").sum(),
    ),
    "investments with projects": (
        P,
        {"level": "program", "where": ["projects > 0"], "measure": "count"},
        lambda t: t.projects.investment_id.nunique(),
    ),
    "costliest investment": (
        P,
        {"level": "program", "measure": "max", "of": "planned_cost"},
        lambda t: t.projects.groupby("investment_id").planned_cost_musd.sum().max() * 1e6,
    ),
    "investments with late projects": (
        P,
        {"level": "program", "filter": "late", "measure": "count"},
        lambda t: t.projects[t.projects.late].investment_id.nunique(),
    ),
    "bureaus": (P, {"level": "portfolio", "measure": "count"}, lambda t: t.investments.bureau.nunique()),
    "most investments of a bureau": (
        P,
        {"level": "portfolio", "measure": "max", "of": "programs"},
        lambda t: t.investments.bureau.value_counts().max(),
    ),
}


@pytest.mark.parametrize("case", VALUES.values(), ids=VALUES.keys())
def test_a_value_is_what_pandas_gives(federal: ToolContext, tables: Tables, case: Case) -> None:
    tool, arguments, oracle = case
    fact = tool(federal, **arguments)

    assert isinstance(fact, Fact), fact
    assert same(fact.value.value, oracle(tables))  # type: ignore[attr-defined]


GROUPS: dict[str, Case] = {
    "activities by state": (T, {"by": "source_state"}, lambda t: t.activities.status.value_counts()),
    "activities by year": (
        T,
        {"by": "year of start"},
        lambda t: t.activities.groupby(t.activities.planned_start.dt.year.astype(str)).size(),
    ),
    "finishes by quarter": (
        T,
        {"by": "quarter of finish", "limit": 50},
        lambda t: t.activities.groupby(t.activities.finish.dt.to_period("Q").astype(str).str.replace("Q", "-Q")).size(),
    ),
    "starts by month": (
        T,
        {"scope": "FDA", "by": "month of start", "limit": 50},
        lambda t: (
            of_bureau(t.activities, FDA).groupby(of_bureau(t.activities, FDA).planned_start.dt.strftime("%Y-%m")).size()
        ),
    ),
    "median duration by output type": (
        T,
        {"measure": "median", "of": "planned_duration", "by": "deliverable_type"},
        lambda t: (
            t.activities.fillna({"output_type": "no deliverable type"})
            .groupby("output_type")
            .planned_duration_days.median()
        ),
    ),
    "late share by bureau": (
        T,
        {"measure": "share", "state": "late", "by": "portfolio"},
        lambda t: t.activities.fillna({"bureau": "no bureau"}).groupby("bureau").late.mean(),
    ),
    "cost by investment": (
        P,
        {"scope": "FDA", "measure": "sum", "of": "planned_cost", "by": "program"},
        lambda t: of_bureau(t.projects, FDA).groupby("name_investment").planned_cost_musd.sum() * 1e6,
    ),
    "investments by bureau": (
        P,
        {"level": "program", "measure": "count", "by": "portfolio", "limit": 20},
        lambda t: t.investments.bureau.value_counts(),
    ),
    "rating by bureau": (
        P,
        {"level": "program", "measure": "mean", "of": "cio_rating", "by": "bureau", "limit": 20},
        lambda t: t.investments.groupby("bureau").cio_rating.mean(),
    ),
    "investments by rating": (
        P,
        {"level": "program", "by": "CIO rating"},
        lambda t: t.investments.cio_rating.astype(str).value_counts(),
    ),
}


@pytest.mark.parametrize("case", GROUPS.values(), ids=GROUPS.keys())
def test_groups_are_what_pandas_gives(federal: ToolContext, tables: Tables, case: Case) -> None:
    tool, arguments, oracle = case
    fact = tool(federal, **arguments)

    assert isinstance(fact, Fact), fact
    found = {line.label.value: line.value.value for line in fact.rows.values()}  # type: ignore[attr-defined]
    expected = oracle(tables)
    assert found.keys() == set(expected.index)
    assert all(same(found[label], value) for label, value in expected.items())


LISTS: dict[str, Case] = {
    "overdue of the pilot": (
        T,
        {"scope": "NFPP pilot", "state": "in_progress", "end": date(2012, 8, 1)},
        lambda t: (
            t.activities[
                (t.activities.name_project == "NFPP - PILOT") & t.activities.open & (t.activities.finish <= DAY)
            ].activity_id
        ),
    ),
    "late of a bureau": (
        P,
        {"scope": "HRSA", "filter": "late"},
        lambda t: of_bureau(t.projects, HRSA)[lambda p: p.late].project_id,
    ),
    "five dearest": (
        P,
        {"scope": "FDA", "sort": "-planned_cost", "limit": 5},
        lambda t: of_bureau(t.projects, FDA).nlargest(5, "planned_cost_musd").project_id,
    ),
    "three that finish first": (
        P,
        {"scope": "CMS", "filter": "open", "sort": "finish", "limit": 3},
        lambda t: (
            of_bureau(t.projects, "Centers for Medicare and Medicaid Services")[lambda p: p.open]
            .nsmallest(3, "finish")
            .project_id
        ),
    ),
    "rated low in a bureau": (
        P,
        {"level": "program", "scope": "HHS", "where": ["cio_rating < 4"]},
        lambda t: (
            of_bureau(t.investments, "Department of Health and Human Services")[
                lambda i: i.cio_rating < 4
            ].investment_id
        ),
    ),
}


@pytest.mark.parametrize("case", LISTS.values(), ids=LISTS.keys())
def test_lists_hold_the_rows_that_pandas_finds(federal: ToolContext, tables: Tables, case: Case) -> None:
    tool, arguments, oracle = case
    fact = tool(federal, **arguments)

    assert isinstance(fact, Fact), fact
    assert set(fact.rows) == {str(key) for key in oracle(tables)}  # type: ignore[attr-defined]


def test_an_extreme_names_all_rows_that_hold_it(federal: ToolContext, tables: Tables) -> None:
    fact = portfolio_overview(federal, level="program", measure="max", of="cio_rating", limit=4)

    best = (tables.investments.cio_rating == 5).sum()
    assert (len(fact.rows), fact.holders.value, fact.rest.value) == (4, best, best - 4)


def test_rows_without_a_value_are_counted_as_missing(federal: ToolContext, tables: Tables) -> None:
    fact = portfolio_overview(federal, measure="sum", of="planned_cost")

    assert (fact.matched.value, fact.missing.value) == (202, tables.projects.planned_cost_musd.isna().sum())


def test_money_that_nobody_imported_is_said_to_be_never_imported(federal: ToolContext) -> None:
    refusal = portfolio_overview(federal, scope="HIGLAS", measure="sum", of="actual_cost")

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "not_found"
    assert "never" not in refusal.sentence.split()[0]
    assert "time entries or expenses" in refusal.sentence


def test_looking_for_what_lacks_a_value_that_nothing_has_finds_it_was_never_imported(federal: ToolContext) -> None:
    refusal = portfolio_overview(federal, level="program", filter="unowned")

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "not_found"


def test_a_frozen_clock_decides_what_is_late(federal: ToolContext, tables: Tables) -> None:
    day = date(2012, 3, 1)
    warm(federal.store, TODAY, as_of=day)
    frozen = ToolContext(store=federal.store, reader=federal.reader, today=TODAY, as_of=day)

    fact = portfolio_overview(frozen, filter="late", measure="count")

    late = tables.projects.open & (tables.projects.finish < pd.Timestamp(day))
    assert (fact.as_of, fact.value.value) == (day, late.sum())


NASTY = ("\x00", "\ud800", "' OR 1=1 --", "%", "\\", "${jndi}", "𝒳 \u202e", "a.b | c", "= = =", "x" * 5_000)


@pytest.mark.parametrize("words", NASTY)
def test_strange_words_in_any_argument_get_a_fact_or_a_sentence(federal: ToolContext, words: str) -> None:
    asked = (
        *({label: words} for label in ("scope", "by", "of", "sort", "measure")),
        *({"where": [text]} for text in (words, f"name contains {words}", f"name = {words}", f"finish < {words}")),
    )
    for arguments in asked:
        for result in (list_tasks(federal, **arguments), portfolio_overview(federal, **arguments)):
            assert isinstance(result, Fact | Refusal | Clarification)


def test_an_empty_store_has_nought_of_everything(sqlite_store: Store) -> None:
    empty = ToolContext(store=sqlite_store, reader=Reader(None), today=TODAY)

    assert portfolio_overview(empty).matched.value == 0
    assert list_tasks(empty, measure="count").value.value == 0


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, str):
        return bool(found == expected)
    return float(found) == pytest.approx(float(expected), rel=1e-9, abs=1e-9)

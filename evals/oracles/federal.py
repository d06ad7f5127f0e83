"""Truths about the federal IT portfolio, by pandas from the published files."""

from functools import cache
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]

from evals.oracles import Ground, Truth

DAY = pd.Timestamp("2012-08-01")
DONE = ("Completed - Closed", "Completed - Costs Pending")


@cache
def tables(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Investments, projects with their investment, and activities with their project; planned finishes added."""
    investments = pd.read_csv(folder / "investments.csv", dtype={"investment_id": str})
    projects = pd.read_csv(folder / "projects.csv", dtype={"project_id": str}, parse_dates=["planned_start"])
    activities = pd.read_csv(
        folder / "activities.csv", dtype={"activity_id": str, "project_id": str}, parse_dates=["planned_start"]
    )
    for table in (projects, activities):
        table["finish"] = table.planned_start + pd.to_timedelta(table.planned_duration_days, unit="D")
    activities["open"] = ~activities.status.isin(DONE)
    projects["open"] = projects.project_id.isin(activities[activities.open].project_id)
    projects = projects.merge(investments, on="investment_id", how="left", suffixes=("", "_investment"))
    return investments, projects, activities.merge(projects, on="project_id", suffixes=("", "_project"))


def closed_activities_of_nedss_base(ground: Ground) -> Truth:
    activities = _activities_of(ground, "NEDSS - Base System Development")
    closed = activities.status == "Completed - Closed"
    return Truth({"value": int(closed.sum())})


def planned_cost_under_pecos(ground: Ground) -> Truth:
    projects = _projects_under(ground, "(PECOS)")
    return Truth({"value": _dollars(projects.planned_cost_musd.sum()), "missing": 0})


def overdue_activities_of_nfpp(ground: Ground) -> Truth:
    activities = _activities_of(ground, "NFPP - PILOT")
    due = activities[(activities.status == "In-progress") & (activities.finish <= DAY)]
    return Truth({"matched": len(due)}, rows=set(due.activity_id))


def late_hrsa_projects(ground: Ground) -> Truth:
    _, projects, _ = tables(ground.files)
    late = projects[(projects.bureau == "Health Resources and Services Administration") & projects.open]
    late = late[late.finish < DAY]
    return Truth({"matched": len(late)})


def projects_of_medicare_appeals(ground: Ground) -> Truth:
    return Truth({"value": len(_projects_under(ground, "(MAS)"))})


def median_duration_of_cdc_activities(ground: Ground) -> Truth:
    _, _, activities = tables(ground.files)
    cdc = activities[activities.bureau == "Centers for Disease Control and Prevention"]
    return Truth({"value": float(cdc.planned_duration_days.median()), "matched": len(cdc)})


def most_investments_of_a_bureau(ground: Ground) -> Truth:
    investments, _, _ = tables(ground.files)
    return Truth({"value": int(investments.bureau.value_counts().max())})


def dearest_project(ground: Ground) -> Truth:
    _, projects, _ = tables(ground.files)
    top = projects.loc[projects.planned_cost_musd.idxmax()]
    return Truth({"value": _dollars(top.planned_cost_musd), "missing": int(projects.planned_cost_musd.isna().sum())})


def share_of_pecos_activities_closed(ground: Ground) -> Truth:
    _, _, activities = tables(ground.files)
    pecos = activities[activities.name_investment.str.contains("(PECOS)", regex=False, na=False)]
    return Truth({"value": float((pecos.status == "Completed - Closed").mean())})


def costs_pending(ground: Ground) -> Truth:
    _, _, activities = tables(ground.files)
    return Truth({"value": int((activities.status == "Completed - Costs Pending").sum())})


def projects_above_five_million(ground: Ground) -> Truth:
    _, projects, _ = tables(ground.files)
    return Truth({"value": int((projects.planned_cost_musd > 5).sum())})


def projects_without_investment(ground: Ground) -> Truth:
    _, projects, _ = tables(ground.files)
    return Truth({"value": int(projects.investment_id.isna().sum())})


def overrun_of_higlas(ground: Ground) -> Truth:
    projects = _projects_under(ground, "(HIGLAS)")
    return Truth({"value": _dollars(projects.cost_variance_musd.sum())})


def average_rating_of_fda(ground: Ground) -> Truth:
    investments, _, _ = tables(ground.files)
    return Truth({"value": float(investments[investments.bureau == "Food and Drug Administration"].cio_rating.mean())})


def longest_activity_of_nfpp(ground: Ground) -> Truth:
    return Truth({"value": float(_activities_of(ground, "NFPP - PILOT").planned_duration_days.max())})


def activities_starting_in_2012(ground: Ground) -> Truth:
    _, _, activities = tables(ground.files)
    return Truth({"value": int((activities.planned_start.dt.year == 2012).sum())})


def late_activities_of_cms_and_fda(ground: Ground) -> Truth:
    _, _, activities = tables(ground.files)
    late = activities[activities.open & (activities.finish < DAY)].bureau.value_counts()
    cms, fda = "Centers for Medicare and Medicaid Services", "Food and Drug Administration"
    return Truth(groups={"CMS": int(late[cms]), "FDA": int(late[fda])})


def open_usable_functionality(ground: Ground) -> Truth:
    _, _, activities = tables(ground.files)
    return Truth({"value": int((activities.open & (activities.output_type == "Usable Functionality")).sum())})


def cost_by_bureau(ground: Ground) -> Truth:
    _, projects, _ = tables(ground.files)
    sums = projects.groupby("bureau").planned_cost_musd.sum()
    hrsa = sums["Health Resources and Services Administration"]
    return Truth(groups={"HRSA": _dollars(hrsa), "NIH": _dollars(sums["National Institutes of Health"])})


def number_of_projects(ground: Ground, acronym: str) -> Truth:
    """Under the investment with this acronym."""
    return Truth({"value": len(_projects_under(ground, f"({acronym})"))})


def cost_of_projects(ground: Ground, acronym: str, measure: str) -> Truth:
    """ "sum", "mean", "min" or "max" of the planned costs of an investment's projects."""
    costs = _projects_under(ground, f"({acronym})").planned_cost_musd
    return Truth({"value": _dollars(getattr(costs, measure)())})


def number_of_activities(ground: Ground, project: str, status: str) -> Truth:
    activities = _activities_of(ground, project)
    return Truth({"value": int((activities.status == status).sum())})


def late_projects_of(ground: Ground, bureau: str) -> Truth:
    _, projects, _ = tables(ground.files)
    late = projects[(projects.bureau == bureau) & projects.open & (projects.finish < DAY)]
    return Truth({"matched": len(late)})


def _activities_of(ground: Ground, project: str) -> pd.DataFrame:
    _, _, activities = tables(ground.files)
    return activities[activities.name_project == project]


def _projects_under(ground: Ground, acronym: str) -> pd.DataFrame:
    _, projects, _ = tables(ground.files)
    return projects[projects.name_investment.str.contains(acronym, regex=False, na=False)]


def _dollars(millions: float) -> float:
    return round(float(millions) * 1_000_000, 2)

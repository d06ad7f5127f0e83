"""Every computed figure, defined once: what it means in words, in which unit, by which version and standard."""

from dataclasses import dataclass

from tools.planning.definitions import HealthThresholds

EVM = "PMI, Practice Standard for Earned Value Management, 2nd ed. (2011); ANSI/EIA-748"
PMBOK = "PMI, PMBOK Guide, 6th ed. (2017)"
IFRS_15 = "IFRS 15, Revenue from Contracts with Customers"
OWN = "Pilothouse"
LIMITS = HealthThresholds()


@dataclass(frozen=True)
class Metric:
    """One definition. Figures carry its id; a new meaning is a new version."""

    id: str
    label: str
    unit: str
    formula: str
    source: str = OWN
    version: str = "1"

    def __post_init__(self) -> None:
        if not (self.id and self.label and self.unit and self.formula.endswith(".")):
            raise ValueError(f"The metric {self.id!r} needs an id, a label, a unit and a formula in words.")


_DEFINED = (
    Metric(
        "percent_complete",
        "progress",
        "share",
        "Sum over leaf tasks of weight times share done, divided by the sum of weights. Weights are effort, else "
        "duration, else cost: the one most tasks have, if at least half do. A task is done to 1 when its state says "
        "so, to its own percentage, to spent / (spent + remaining) or 1 - remaining / effort; under way with none of "
        "these it counts as not done. Cancelled tasks and milestones weigh nothing.",
        EVM,
    ),
    Metric(
        "planned_percent",
        "planned progress",
        "share",
        "As progress, with the share of each task's planned time (of its baseline where it has one) that has passed by "
        "the morning of the day in place of the share done. A task whose progress is unknown counts when its planned "
        "finish has passed.",
        EVM,
    ),
    Metric(
        "BAC",
        "budget at completion",
        "money",
        "The baseline's cost, else the project's budget, else its planned cost, else the sum of its tasks' costs.",
        EVM,
    ),
    Metric(
        "PV",
        "planned value",
        "money",
        "BAC times planned progress, weighted by the tasks' costs where all have one.",
        EVM,
    ),
    Metric("EV", "earned value", "money", "BAC times progress, weighted by the tasks' costs where all have one.", EVM),
    Metric(
        "AC",
        "actual cost",
        "money",
        "Time entries at their cost rates, with the organisation's overhead, and expenses, up to the day.",
        EVM,
    ),
    Metric("spent_share", "budget spent", "share", "AC / BAC. Of several projects, from their sums.", EVM),
    Metric("earned_share", "value earned", "share", "EV / BAC. Of several projects, from their sums.", EVM),
    Metric("SV", "schedule variance", "money", "EV - PV; below zero is behind plan.", EVM),
    Metric("CV", "cost variance", "money", "EV - AC; below zero is an overrun.", EVM),
    Metric(
        "SPI",
        "schedule performance index",
        "ratio",
        "EV / PV; without a budget, progress / planned progress. Of several projects, from their sums.",
        EVM,
    ),
    Metric("CPI", "cost performance index", "ratio", "EV / AC. Of several projects, from their sums.", EVM),
    Metric(
        "EAC",
        "estimate at completion",
        "money",
        "AC + (BAC - EV) / CPI: the final cost if the rest costs what the work so far did. Of a closed project, AC.",
        EVM,
    ),
    Metric(
        "EAC_remaining",
        "estimate at completion by the work left",
        "money",
        "AC + the hours left at the average cost rate so far, with overhead; else + the firm bookings left.",
        EVM,
    ),
    Metric("VAC", "variance at completion", "money", "BAC - EAC; below zero is an overrun to come.", EVM),
    Metric("overrun", "over budget at completion", "money", "EAC - BAC; below zero is under budget.", EVM),
    Metric("TCPI", "to-complete performance index", "ratio", "(BAC - EV) / (BAC - AC).", EVM),
    Metric("planned_cost", "planned cost", "money", "As the source gives it for the project or task itself.", PMBOK),
    Metric(
        "tasks_cost", "cost of the tasks", "money", "Sum of the planned costs of leaf tasks that are not cancelled."
    ),
    Metric(
        "revenue",
        "revenue so far",
        "money",
        "Fixed price: contract value times progress. Time and materials: billable time at its bill rates and billable "
        "expenses, up to the cap if there is one. Retainer: contract value times the share of its term gone by.",
        IFRS_15,
    ),
    Metric(
        "revenue_at_completion",
        "revenue at completion",
        "money",
        "The contract value; of time and materials, revenue so far and the hours left at the average value of an hour.",
        IFRS_15,
    ),
    Metric("margin", "margin so far", "share", "(Revenue so far - AC) / revenue so far."),
    Metric(
        "margin_at_completion",
        "margin at completion",
        "share",
        "(Revenue at completion - EAC) / revenue at completion; EAC by the work left where there is no cost trend.",
    ),
    Metric("late", "late", "yes/no", "Open, and planned to finish before the day."),
    Metric(
        "days_late",
        "days late",
        "working days",
        "Whole working days between the planned finish and the day, neither included; calendar days where the source "
        "plans in elapsed time. Empty when not late.",
    ),
    Metric("late_projects", "late projects", "count", "Projects that are open and planned to finish before the day."),
    Metric("late_tasks", "late tasks", "count", "Leaf tasks that are open and planned to finish before the day."),
    Metric("finished_late", "finished late", "yes/no", "The actual finish lies on a later day than the planned one."),
    Metric(
        "days_finished_late",
        "days finished late",
        "working days",
        "Days from the planned to the actual finish, below zero when early; calendar days for elapsed time.",
    ),
    Metric(
        "promise_slip",
        "days after the promise",
        "working days",
        "Working days from the promised finish to the latest of planned finish, its last task's planned finish and, "
        "while open, the day itself; below zero is time to spare.",
    ),
    Metric(
        "planned_start",
        "planned start",
        "date",
        "Its own; of a summary or project without one, its first task's.",
        PMBOK,
    ),
    Metric(
        "planned_finish",
        "planned finish",
        "date",
        "Its own, else planned start + planned duration in working or elapsed time; of a summary without one, its last "
        "task's; of a project too, unless its source decides its dates.",
        PMBOK,
    ),
    Metric(
        "actual_start", "actual start", "date", "As recorded, else planned start + the start delay its source reports."
    ),
    Metric(
        "actual_finish", "actual finish", "date", "As recorded, else actual start + actual duration of a finished task."
    ),
    Metric(
        "planned_duration",
        "planned duration",
        "days",
        "As the source gives it, else from planned start to planned finish.",
    ),
    Metric(
        "effort",
        "effort",
        "hours",
        "Sum of the estimated work of leaf tasks that are neither cancelled nor milestones.",
    ),
    Metric(
        "remaining_work",
        "work left",
        "hours",
        "Sum over open leaf tasks of the work left on record, else effort times the share not done.",
    ),
    Metric("spent_time", "time spent", "hours", "Sum of the time entries up to the day."),
    Metric("billable_time", "billable time", "hours", "Sum of the billable time entries up to the day."),
    Metric("tasks", "tasks", "count", "Leaf tasks: those with none below them."),
    Metric("open_tasks", "open tasks", "count", "Leaf tasks that are neither done nor cancelled."),
    Metric("done_tasks", "done tasks", "count", "Leaf tasks whose state is done, costs pending included."),
    Metric(
        "blocked_tasks",
        "blocked tasks",
        "count",
        "Open leaf tasks with a blocker that is not cleared, or that wait on somebody outside the plan.",
    ),
    Metric("unowned_tasks", "tasks without an owner", "count", "Open leaf tasks that nobody owns."),
    Metric(
        "tasks_without_estimate",
        "tasks without an estimate",
        "count",
        "Open leaf tasks, milestones aside, with neither an effort nor a duration of their own.",
    ),
    Metric(
        "tasks_without_progress",
        "tasks of unknown progress",
        "count",
        "Leaf tasks under way with no percentage and no time remaining on record; they count as not done.",
    ),
    Metric(
        "last_activity",
        "last activity",
        "date",
        "The last day with time entered, a status note written or a task finished.",
    ),
    Metric(
        "computed_health",
        "health by the figures",
        "health",
        f"The worst of its signs. Red: SPI below {LIMITS.red_spi}, CPI below {LIMITS.red_cpi}, more than "
        f"{LIMITS.red_days_late} working days past the planned finish or the promise, or "
        f"{LIMITS.red_late_tasks_share:.0%} of the open tasks late. Amber: SPI below {LIMITS.amber_spi}, CPI below "
        f"{LIMITS.amber_cpi}, past the planned finish or the promise, {LIMITS.amber_late_tasks_share:.0%} of the open "
        f"tasks late, nothing recorded for {LIMITS.amber_idle_days} working days, or "
        f"{LIMITS.amber_without_estimate_share:.0%} of the open tasks without an estimate. Else green. A firm "
        "may set other limits. Candidates, projects on hold and closed ones are not judged.",
        version=LIMITS.version,
    ),
    Metric("watermelon", "looks better than it is", "yes/no", "The reported health is better than the computed one."),
)

METRICS = {metric.id: metric for metric in _DEFINED}
"""Every metric by its id."""

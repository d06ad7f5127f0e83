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
    """One definition. Figures carry its id; a new meaning is a new version. `words` is what people also call it."""

    id: str
    label: str
    unit: str
    formula: str
    source: str = OWN
    version: str = "1"
    words: tuple[str, ...] = ()

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
        words=("done", "complete", "completed", "finished", "of the work", "of the tasks", "way through", "along"),
    ),
    Metric(
        "planned_percent",
        "planned progress",
        "share",
        "As progress, with the share of each task's planned time (of its baseline where it has one) that has passed by "
        "the morning of the day in place of the share done. A task whose progress is unknown counts when its planned "
        "finish has passed.",
        EVM,
        words=("planned by now", "planned", "plan", "expected by now", "should be done", "done by now", "scheduled"),
    ),
    Metric(
        "BAC",
        "budget at completion",
        "money",
        "The baseline's cost, else the project's budget, else its planned cost, else the sum of its tasks' costs.",
        EVM,
        words=("budget", "cost budget"),
    ),
    Metric(
        "PV",
        "planned value",
        "money",
        "BAC times planned progress, weighted by the tasks' costs where all have one.",
        EVM,
    ),
    Metric(
        "EV",
        "earned value",
        "money",
        "BAC times progress, weighted by the tasks' costs where all have one.",
        EVM,
        words=("earned", "value earned", "worth of work", "work done"),
    ),
    Metric(
        "AC",
        "actual cost",
        "money",
        "Time entries at their cost rates, with the organisation's overhead, and expenses, up to the day.",
        EVM,
        words=("booked", "spent", "spend", "spending", "cost so far", "costs so far", "used"),
    ),
    Metric(
        "spent_share",
        "budget spent",
        "share",
        "AC / BAC. Of several projects, from their sums.",
        EVM,
        words=("spent", "used", "of the budget", "budget used", "consumed"),
    ),
    Metric(
        "earned_share",
        "value earned",
        "share",
        "EV / BAC. Of several projects, from their sums.",
        EVM,
        words=("earned", "done", "of the work", "complete"),
    ),
    Metric("SV", "schedule variance", "money", "EV - PV; below zero is behind plan.", EVM),
    Metric("CV", "cost variance", "money", "EV - AC; below zero is an overrun.", EVM),
    Metric(
        "SPI",
        "schedule performance index",
        "ratio",
        "EV / PV; without a budget, progress / planned progress. Of several projects, from their sums.",
        EVM,
        words=("schedule performance", "schedule index"),
    ),
    Metric(
        "CPI",
        "cost performance index",
        "ratio",
        "EV / AC. Of several projects, from their sums.",
        EVM,
        words=("cost performance", "cost index", "cost efficiency"),
    ),
    Metric(
        "EAC",
        "estimate at completion",
        "money",
        "AC + (BAC - EV) / CPI: the final cost if the rest costs what the work so far did. Of a closed project, AC.",
        EVM,
        words=(
            "final cost",
            "forecast cost",
            "end cost",
            "heading for",
            "will cost",
            "trend",
            "end",
            "finish at",
            "end up at",
            "expected cost",
        ),
    ),
    Metric(
        "EAC_remaining",
        "estimate at completion by the work left",
        "money",
        "AC + the hours left at the average cost rate so far, with overhead; else + the firm bookings left.",
        EVM,
        words=("final cost", "end", "forecast cost", "end cost", "heading for", "will cost", "from the remaining work"),
    ),
    Metric("VAC", "variance at completion", "money", "BAC - EAC; below zero is an overrun to come.", EVM),
    Metric(
        "overrun",
        "over budget at completion",
        "money",
        "EAC - BAC; below zero is under budget.",
        EVM,
        words=("over budget", "overrun", "over", "under budget", "under", "overspend", "above budget", "below budget"),
    ),
    Metric("TCPI", "to-complete performance index", "ratio", "(BAC - EV) / (BAC - AC).", EVM),
    Metric(
        "planned_cost",
        "planned cost",
        "money",
        "As the source gives it for the project or task itself.",
        PMBOK,
        words=("cost", "costs", "planned to cost", "price"),
    ),
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
        words=("margin", "end", "heading for"),
    ),
    Metric("late", "late", "yes/no", "Open, and planned to finish before the day."),
    Metric(
        "days_late",
        "days late",
        "working days",
        "Whole working days between the planned finish and the day, neither included; calendar days where the source "
        "plans in elapsed time. Empty when not late.",
        words=(
            "late",
            "behind",
            "overdue",
            "past due",
            "delay",
            "delayed",
            "ago",
            "behind schedule",
            "past its finish",
        ),
    ),
    Metric(
        "late_projects",
        "late projects",
        "count",
        "Projects that are open and planned to finish before the day.",
        words=("late", "overdue", "behind", "delayed"),
    ),
    Metric(
        "late_tasks",
        "late tasks",
        "count",
        "Leaf tasks that are open and planned to finish before the day.",
        words=("late", "overdue", "behind", "delayed"),
    ),
    Metric("finished_late", "finished late", "yes/no", "The actual finish lies on a later day than the planned one."),
    Metric(
        "days_finished_late",
        "days finished late",
        "working days",
        "Days from the planned to the actual finish, below zero when early; calendar days for elapsed time.",
        words=("late",),
    ),
    Metric(
        "promise_slip",
        "days after the promise",
        "working days",
        "Working days from the promised finish to the latest of planned finish, its last task's planned finish and, "
        "while open, the day itself; below zero is time to spare.",
        words=(
            "later",
            "after the promised date",
            "past the promise",
            "past its promise",
            "late",
            "slip",
            "slipped",
            "behind the promise",
            "before the promise",
            "earlier",
            "to spare",
            "ahead",
        ),
    ),
    Metric(
        "schedule_finish",
        "finish by the links",
        "date",
        "Critical path method: the last finish when every open task takes its planned duration, in the order of its "
        "links, none before its planned start and none of what is left before the day. What is under way has its "
        "duration times the share not done left, and all of it where nobody rates it.",
        PMBOK,
        words=("by its links", "by the links"),
    ),
    Metric(
        "schedule_slip",
        "days after the promise by the links",
        "working days",
        "Working days from the promised finish to the finish by the links; below zero is time to spare.",
        words=("after the promise by its links",),
    ),
    Metric(
        "total_float",
        "float",
        "working days",
        "Working time a task may slip before the end of the project, or a deadline, moves; calendar days for elapsed "
        "time. Below zero it has to end earlier than it can.",
        PMBOK,
        words=("slack", "float"),
    ),
    Metric(
        "planned_start",
        "planned start",
        "date",
        "Its own; of a summary or project without one, its first task's.",
        PMBOK,
        words=("since", "start", "started", "began", "begun", "starts", "begin", "begins", "beginning", "kick off"),
    ),
    Metric(
        "planned_finish",
        "planned finish",
        "date",
        "Its own, else planned start + planned duration in working or elapsed time; of a summary without one, its last "
        "task's; of a project too, unless its source decides its dates.",
        PMBOK,
        words=(
            "done",
            "finished",
            "completed",
            "finish",
            "finishes",
            "finishing",
            "end",
            "ends",
            "ending",
            "due",
            "deadline",
            "was due",
            "complete",
            "close",
            "ready",
        ),
    ),
    Metric(
        "promised_finish",
        "promised finish",
        "date",
        "The day it was promised for, as its source or manager gives it.",
        PMBOK,
        words=(
            "done",
            "finished",
            "ready",
            "promised",
            "promise",
            "promised date",
            "committed",
            "commitment",
            "deadline",
            "due",
        ),
    ),
    Metric(
        "reported_health",
        "reported health",
        "health",
        "As its manager or source reports it.",
        words=("reported", "report", "as reported", "reports it", "says it is", "calls it"),
    ),
    Metric(
        "actual_start",
        "actual start",
        "date",
        "As recorded, else planned start + the start delay its source reports.",
        words=("since", "started", "began", "begun"),
    ),
    Metric(
        "actual_finish",
        "actual finish",
        "date",
        "As recorded, else actual start + actual duration of a finished task.",
        words=("finished", "ended", "closed", "completed", "done", "delivered"),
    ),
    Metric(
        "planned_duration",
        "planned duration",
        "days",
        "As the source gives it, else from planned start to planned finish.",
        words=("duration", "of work", "lasts", "long", "planned to take", "length"),
    ),
    Metric(
        "effort",
        "effort",
        "hours",
        "Sum of the estimated work of leaf tasks that are neither cancelled nor milestones.",
        words=("estimated", "of work", "estimate", "estimates", "work estimated"),
    ),
    Metric(
        "remaining_work",
        "work left",
        "hours",
        "Sum over open leaf tasks of the work left on record, else effort times the share not done.",
        words=("left", "remaining", "to go", "to do", "outstanding", "work", "of work"),
    ),
    Metric(
        "spent_time",
        "time spent",
        "hours",
        "Sum of the time entries up to the day.",
        words=("spent", "logged", "booked", "hours spent", "worked"),
    ),
    Metric("billable_time", "billable time", "hours", "Sum of the billable time entries up to the day."),
    Metric(
        "available_hours",
        "hours available",
        "hours",
        "Contracted hours by the weekday pattern, within employment, less public holidays and absence.",
        words=("available", "there"),
    ),
    Metric(
        "booked_hours",
        "hours booked",
        "hours",
        "Firm bookings, each week of them spread over the person's usual week; on days they are not there, none.",
        words=("booked",),
    ),
    Metric(
        "free_hours",
        "free hours",
        "hours",
        "Available hours without a firm booking, week by week: what one week has too much frees nothing in another.",
        words=("free",),
    ),
    Metric(
        "full_time",
        "full-time people",
        "number",
        "Hours / eight hours for each weekday of the window.",
        words=("people", "full-time", "short"),
    ),
    Metric(
        "over_hours",
        "hours overbooked",
        "hours",
        "Firm bookings beyond the available hours, week by week.",
        words=("overbooked", "overloaded"),
    ),
    Metric(
        "booked_share",
        "share booked",
        "share",
        "Hours booked / hours available. Of several people, from their sums.",
        words=("booked", "loaded", "full", "busy", "load"),
    ),
    Metric(
        "utilisation",
        "utilisation",
        "share",
        "By the organisation's own definition: billable hours, or all hours worked, up to the day, over contracted "
        "hours, those less public holidays, or also less absence; of everybody, or of people in practices only.",
        words=("utilised", "billable", "utilization", "chargeable"),
    ),
    Metric(
        "time_for_tasks",
        "hours for tasks",
        "hours",
        "Available hours less firm bookings on the firm's own projects: what is left for tasks.",
        words=("free", "for tasks"),
    ),
    Metric("tasks", "tasks", "count", "Leaf tasks: those with none below them."),
    Metric(
        "open_tasks",
        "open tasks",
        "count",
        "Leaf tasks that are neither done nor cancelled.",
        words=("open", "remaining", "left", "to go", "not done", "outstanding"),
    ),
    Metric(
        "done_tasks",
        "done tasks",
        "count",
        "Leaf tasks whose state is done, costs pending included.",
        words=("done", "closed", "finished", "complete", "completed"),
    ),
    Metric(
        "blocked_tasks",
        "blocked tasks",
        "count",
        "Open leaf tasks with a blocker that is not cleared, or that wait on somebody outside the plan.",
        words=("blocked", "stuck", "waiting", "stopped", "held up"),
    ),
    Metric(
        "unowned_tasks",
        "tasks without an owner",
        "count",
        "Open leaf tasks that nobody owns.",
        words=("unowned", "nobody owns", "no owner"),
    ),
    Metric(
        "tasks_without_estimate",
        "tasks without an estimate",
        "count",
        "Open leaf tasks, milestones aside, with neither an effort nor a duration of their own.",
        words=("unestimated", "no estimate"),
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
        words=("since", "last touched", "last worked on", "last recorded", "last moved"),
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
        words=("health", "computed health", "judged", "by its figures", "computed"),
    ),
    Metric("watermelon", "looks better than it is", "yes/no", "The reported health is better than the computed one."),
)

METRICS = {metric.id: metric for metric in _DEFINED}
"""Every metric by its id."""

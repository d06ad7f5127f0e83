"""Which questions imported data can answer, and which it cannot, and why."""

from dataclasses import dataclass

from storage.importing.batch import Batch


@dataclass(frozen=True)
class Topic:
    """A group of questions; it can be answered when one of its needs is wholly there."""

    questions: str
    needs: tuple[tuple[str, ...], ...]  # "task.planned_finish", or "dependency" for any row of a table
    otherwise: str = ""  # what to say when none is; nothing where nobody would miss it


TOPICS = (
    Topic(
        "How many projects, programs and tasks there are, and which",
        (("project",), ("task",), ("program",)),
        "no projects, programs or tasks: nothing to list",
    ),
    Topic(
        "The state of tasks: open, in progress, done",
        (("task.state",),),
        "no states of tasks: nothing is known to be done",
    ),
    Topic(
        "When tasks start and finish, and which are late",
        (("task.planned_finish",), ("task.planned_start", "task.planned_duration_minutes")),
        "no finish of tasks, nor start and duration: no late tasks",
    ),
    Topic(
        "When projects finish, and which are late",
        (
            ("project.planned_finish",),
            ("project.planned_start", "project.planned_duration_minutes"),
            ("task.planned_finish",),
            ("task.planned_start", "task.planned_duration_minutes"),
        ),
        "no dates: no late projects",
    ),
    Topic(
        "Whether promised dates will be kept",
        (("project.promised_finish",),),
        "no promised dates: nothing to compare the plan with",
    ),
    Topic(
        "Planned cost",
        (("project.planned_cost_minor",), ("task.planned_cost_minor",)),
        "no planned cost: no sums of money",
    ),
    Topic(
        "Spending against budget",
        (("project.budget_minor", "time_entry"), ("project.budget_minor", "expense")),
        "no actual cost or no budget: no burn",
    ),
    Topic(
        "Cost performance and final cost",
        (("time_entry", "project.planned_cost_minor"), ("time_entry", "project.budget_minor")),
        "no actual cost: no cost performance (CPI), no final cost",
    ),
    Topic("Progress as reported", (("task.done_share",),)),
    Topic(
        "Progress by what is done, weighted by effort, else duration, else cost",
        (
            ("task.state", "task.effort_minutes"),
            ("task.state", "task.planned_duration_minutes"),
            ("task.state", "task.planned_cost_minor"),
            ("task.state", "task.planned_start", "task.planned_finish"),
            ("task.done_share",),
        ),
        "no states with effort, duration or cost: no progress",
    ),
    Topic(
        "Who owns and manages what",
        (("task.owner_id",), ("project.manager_id",)),
        "no people on the work: not who does what",
    ),
    Topic("Hours spent", (("time_entry",),), "no time entries: no hours spent"),
    Topic(
        "Utilisation, and who is free",
        (("person", "booking"), ("person", "time_entry")),
        "no people with bookings or hours: no utilisation",
    ),
    Topic("What waits for what, and the critical path", (("dependency",),), "no links: no critical path, no float"),
    Topic(
        "Likely and safe dates",
        (("task.effort_low_minutes", "task.effort_high_minutes"),),
        "no ranges of estimates: no forecasts",
    ),
    Topic(
        "Reported against computed health",
        (("project.reported_health",), ("status_update.health",)),
        "no reported health: nothing to hold the figures against",
    ),
    Topic("Cost variance as reported", (("project.reported_cost_variance_minor",),)),
    Topic("Delay as reported", (("project.reported_delay_minutes",), ("task.start_delay_minutes",))),
    Topic(
        "Revenue, margin and invoices",
        (("project.contract_value_minor",), ("billing_milestone",)),
        "no contract values or invoices: no revenue, no margin",
    ),
    Topic("Risks and blockers", (("risk",), ("blocker",), ("task.waits_on",)), "no risks or blockers on record"),
)


def answerable(batch: Batch) -> tuple[list[str], list[str]]:
    """What the imported rows can answer, and what they cannot, with the reason."""
    can = [topic.questions for topic in TOPICS if _has_one(batch, topic)]
    can += _custom_questions(batch)
    cannot = [topic.otherwise for topic in TOPICS if topic.otherwise and not _has_one(batch, topic)]
    return can, [f"{sentence[0].upper()}{sentence[1:]}" for sentence in cannot]


def _has_one(batch: Batch, topic: Topic) -> bool:
    return any(all(_has(batch, need) for need in needs) for needs in topic.needs)


def _has(batch: Batch, need: str) -> bool:
    table, _, column = need.partition(".")
    staged = batch.tables.get(table)
    return bool(staged and (staged.has(column) if column else staged.rows))


def _custom_questions(batch: Batch) -> list[str]:
    questions = []
    for name, staged in batch.tables.items():
        filled = {key for row in staged.rows for key, value in row.custom.items() if value is not None}
        if labels := [custom.label for key, custom in staged.mapping.custom.items() if key in filled]:
            questions.append(f"Of each {name}: {', '.join(labels)}")
    return questions

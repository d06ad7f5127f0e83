"""The questions benchmarks ask, by tool; `{project}` and `{program}` stand for a name of the world."""

STATUS = "where is {project}?"
OVERVIEW = "which projects are late?"

MIX = (
    STATUS,
    "hows {project} doing",
    "is {project} on track?",
    OVERVIEW,
    "which projects are red?",
    "which greens arent really green",
    "how many projects are over budget?",
    "which tasks of {project} are late?",
    "how many open tasks does {project} have?",
    "tasks due this week in {project}",
    "how many projects does {program} have?",
    "burn vs budget on {project}",
    "finances of {program}",
    "whats on my plate this week",
    "what is the weather in Dublin",
)

"""How the critical path of a project reads."""

from assistant.narration.telling import Telling, sentences
from assistant.narration.wording import counted, is_above_zero, whole
from tools.facts import Figure
from tools.schedule import ProjectSchedule, ScheduleLine

TOLD_BESIDE = 1
EARNED_SCHEDULE = "EARNED SCHEDULE"
TOLD_ON_PATH = 5
TOLD_WEAK = 1


@sentences.register
def _(fact: ProjectSchedule, telling: Telling) -> list[str]:
    if "DCMA" in telling.terms and fact.checks is not None:
        return [f"**{_points(fact, telling)}**", *_failed(fact, telling), telling.foot(_alongside(fact))]
    if EARNED_SCHEDULE in telling.terms and fact.earned_days is not None:
        return [f"**{_pace(fact, telling)}**", telling.foot(_alongside(fact))]
    lines = [_end(fact, telling), _part(fact, telling), _path(fact, telling)]
    lines += [_beside(fact, telling) if fact.part is None else "", _weak(fact, telling)]
    return [*(line for line in lines if line), telling.foot(_alongside(fact))]


def _part(fact: ProjectSchedule, telling: Telling) -> str:
    """What was asked for, before the rest."""
    if fact.part is None:
        return ""
    asked, count = telling.say(fact.part), whole(fact.part_tasks)
    if not count:
        return f"No open task there is called like “{asked}”."
    tasks = f"“{asked}” ({counted(count, 'open task')})"
    if not is_above_zero(fact.part_float):
        return f"{tasks} has no slack: it is on the critical path."
    return f"{tasks} has {telling.say(fact.part_float, exact=True)} of slack at least."


def _end(fact: ProjectSchedule, telling: Telling) -> str:
    said = (
        f"**{telling.say(fact.name)} ends {telling.say(fact.finish)} by its links{_against_promise(fact, telling)}.**"
    )
    if fact.planned_finish and fact.finish and fact.planned_finish.value != fact.finish.value:
        said = f"{said} Planned for {telling.say(fact.planned_finish)}."
    return f"{said}{_against_baseline(fact, telling)}"


def _against_baseline(fact: ProjectSchedule, telling: Telling) -> str:
    if not is_above_zero(fact.baseline_slip):
        return ""
    most = f", most of it from {telling.say(fact.slip_from)}" if fact.slip_from else ""
    return f" Against the baseline: {telling.say(fact.baseline_slip)} later{most}."


def _against_promise(fact: ProjectSchedule, telling: Telling) -> str:
    slip = fact.promise_slip
    if slip is None or fact.promised_finish is None:
        return ""
    promised = telling.say(fact.promised_finish)
    if is_above_zero(slip):
        return f", {telling.say(slip, exact=True)} after the promised {promised}"
    if whole(slip) == 0:
        return ", as promised"
    spare = Figure(value=-whole(slip), unit=slip.unit, metric=slip.metric)
    return f", {telling.say(spare, exact=True)} before the promised {promised}"


def _path(fact: ProjectSchedule, telling: Telling) -> str:
    """The path step by step; of a long one its beginning and its end."""
    on_path = whole(fact.on_path)
    steps = [_step(key, row, telling) for key, row in fact.rows.items() if row.why.value == "critical"][:on_path]
    half = TOLD_ON_PATH // 2
    told = steps if on_path <= TOLD_ON_PATH else [*steps[:half], "…", *steps[-half:]]
    return f"Critical path: {' → '.join(told)}." if told else ""


def _step(key: str, row: ScheduleLine, telling: Telling) -> str:
    return f"[{key}] {telling.say(row.name)} ({telling.say(row.finish)})"


def _beside(fact: ProjectSchedule, telling: Telling) -> str:
    near = [(key, row) for key, row in fact.rows.items() if row.why.value == "near critical"][:TOLD_BESIDE]
    told = ", ".join(f"[{key}] {telling.say(row.name)} {telling.say(row.total_float, exact=True)}" for key, row in near)
    return f"Least slack beside it: {told}." if told else ""


def _weak(fact: ProjectSchedule, telling: Telling) -> str:
    """What makes these dates weaker, in plain words; the two points with most tasks."""
    found = [row for row in fact.rows.values() if row.why.value == "check" and row.name.value in _PLAIN and row.tasks]
    found.sort(key=lambda row: -whole(row.tasks))
    told = [f"{counted(whole(row.tasks), 'task')} {_PLAIN[str(row.name.value)]}" for row in found[:TOLD_WEAK]]
    if fact.without_length:
        told.append(f"{counted(whole(fact.without_length), 'open task')} with neither dates nor a duration")
    return f"These dates are weaker for it: {', '.join(told)}." if told else ""


def _pace(fact: ProjectSchedule, telling: Telling) -> str:
    earned, gone = telling.say(fact.earned_days, exact=True), telling.say(fact.gone_days, exact=True)
    index = f", a pace of {telling.say(fact.schedule_performance_time)}" if fact.schedule_performance_time else ""
    end = f"; at this pace it ends {telling.say(fact.end_at_this_pace)}" if fact.end_at_this_pace else ""
    return f"{telling.say(fact.name)} has earned {earned} of its plan in {gone}{index}{end}."


def _points(fact: ProjectSchedule, telling: Telling) -> str:
    points = f"the {telling.say(fact.checks)} DCMA points that can be checked"
    if not whole(fact.checks_failed):
        return f"{telling.say(fact.name)} passes all of {points}."
    return f"{telling.say(fact.name)} fails {telling.say(fact.checks_failed)} of {points}."


def _failed(fact: ProjectSchedule, telling: Telling) -> list[str]:
    told = [_point(row, telling) for row in fact.rows.values() if row.why.value == "check"]
    return [f"Not passed: {'; '.join(told)}."] if told else []


def _point(row: ScheduleLine, telling: Telling) -> str:
    bound = "at least" if row.name.value in _AT_LEAST else "at most"
    tasks = f", {counted(whole(row.tasks), 'task')}" if row.tasks else ""
    return f"{telling.say(row.name)} {telling.say(row.share, exact=True)} ({bound} {telling.say(row.limit)}{tasks})"


_PLAIN = {
    "logic": "lead nowhere or wait for nothing",
    "high duration": "last over two months",
    "missed tasks": "missed their baseline",
    "hard constraints": "are tied to a date by hand",
    "invalid dates": "have dates that cannot be",
    "resources": "have no owner",
}
_AT_LEAST = frozenset(
    {"finish to start", "critical path test", "critical path length index", "baseline execution index"}
)


def _alongside(fact: ProjectSchedule) -> str:
    return f"{counted(whole(fact.alongside), 'task')} running alongside left out" if fact.alongside else ""

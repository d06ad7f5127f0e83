"""How the critical path of a project reads."""

from assistant.narration.telling import Telling, sentences
from assistant.narration.wording import counted, is_above_zero, whole
from tools.facts import Figure
from tools.schedule import ProjectSchedule, ScheduleLine

TOLD_BESIDE = 2
TOLD_ON_PATH = 5


@sentences.register
def _(fact: ProjectSchedule, telling: Telling) -> list[str]:
    lines = [_end(fact, telling), _part(fact, telling), _path(fact, telling), _beside(fact, telling), _lacks(fact)]
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
        return f"{said} On file it is planned for {telling.say(fact.planned_finish)}."
    return said


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
    return f"Critical path, where any slip moves the end: {' → '.join(told)}." if told else ""


def _step(key: str, row: ScheduleLine, telling: Telling) -> str:
    return f"[{key}] {telling.say(row.name)} ({telling.say(row.finish)})"


def _beside(fact: ProjectSchedule, telling: Telling) -> str:
    near = [(key, row) for key, row in fact.rows.items() if row.why.value == "near critical"][:TOLD_BESIDE]
    told = ", ".join(f"[{key}] {telling.say(row.name)} {telling.say(row.total_float, exact=True)}" for key, row in near)
    return f"Least slack beside it: {told}." if told else ""


def _lacks(fact: ProjectSchedule) -> str:
    if not fact.without_length:
        return ""
    return f"{counted(whole(fact.without_length), 'open task')} with neither dates nor a duration: taken as nothing."


def _alongside(fact: ProjectSchedule) -> str:
    return f"{counted(whole(fact.alongside), 'task')} running alongside left out" if fact.alongside else ""

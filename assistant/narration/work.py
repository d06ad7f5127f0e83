"""How somebody's plate and one task read."""

from assistant.narration.telling import Telling, sentences
from assistant.narration.wording import (
    counted,
    fitting,
    in_lines,
    inert,
    is_above_zero,
    listed,
    sentence,
    shorten,
    whole,
)
from tools.work import LinkedTask, MyWork, TaskDetails, WorkLine

OF_SEEN = "of what you can see"
SHOWN = 4  # tasks of a plate; two a line


@sentences.register
def _(fact: MyWork, telling: Telling) -> list[str]:
    rows = [f"{number} {_on_plate(key, row, telling)}" for number, (key, row) in enumerate(fact.rows.items(), 1)]
    shown = fitting(rows[:SHOWN])
    more = whole(fact.awaited if fact.about else fact.tasks) - len(shown)
    verdict = (
        f"**{_awaited(fact, telling)}**" if fact.about else f"**{_balance(fact, telling)}** {_hours(fact, telling)}"
    )
    lines = [verdict.rstrip(), *in_lines(shown, 2)]
    if more > 0:
        lines.append(f"And {counted(more, 'more task')}.")
    return [*lines, telling.foot(*_plate_footing(fact, telling))]


def _awaited(fact: MyWork, telling: Telling) -> str:
    is_own = fact.person.value == telling.asker
    whose = "yours" if is_own else f"{telling.say(fact.person)}'s"
    if not fact.awaited.value:
        return f"No: nobody waits for an open task of {whose}{'' if is_own else ' that you can see'}."
    return f"Yes: others wait for {counted(whole(fact.awaited), 'open task')} of {whose}."


def _balance(fact: MyWork, telling: Telling) -> str:
    if fact.person.value != telling.asker:
        return _balance_of_other(fact, telling)
    if not fact.tasks.value:
        return f"Nothing open on your plate: {telling.say(fact.free)} free."
    if fact.work is None:
        return f"You have {counted(whole(fact.tasks), 'open task')}, none with hours on record."
    balance = f"{telling.say(fact.work)} of work for {telling.say(fact.free)} free"
    excess = telling.say(fact.excess)
    if excess in ("", "0 h"):
        return f"{balance}: it fits."
    return f"{balance}: {excess.lstrip('−')} to spare." if excess.startswith("−") else f"{balance}: {excess} too much."


def _balance_of_other(fact: MyWork, telling: Telling) -> str:
    """Somebody else may have work that the asker does not see: what is free of it is not said, hidden or not."""
    name = telling.say(fact.person)
    if not fact.tasks.value:
        return f"Nothing open on {name}'s plate, {OF_SEEN}."
    if fact.work is None:
        return f"{name} has {counted(whole(fact.tasks), 'open task')}, {OF_SEEN}, none with hours on record."
    excess = f": {telling.say(fact.excess)} too much" if is_above_zero(fact.excess) else ""
    return f"{name} has {telling.say(fact.work)} of work, {OF_SEEN}{excess}."


def _hours(fact: MyWork, telling: Telling) -> str:
    parts = [f"{telling.say(fact.contracted)} contracted"]
    if fact.days_off is not None:
        parts.append(f"{telling.say(fact.days_off)} off")
    taken = ((fact.holidays, "public holidays"), (fact.absent, "away"), (fact.internal, "booked internal"))
    parts += [f"{telling.say(figure)} {words}" for figure, words in taken if figure is not None and figure.value]
    return f"({', '.join(parts)})"


def _on_plate(key: str, row: WorkLine, telling: Telling) -> str:
    parts = [f"[{key}] {shorten(telling.say(row.name), 60)}"]
    if row.remaining is not None:
        parts.append(telling.say(row.remaining))
    if row.finish is not None:
        parts.append(f"{'was due' if row.days_late else 'due'} {telling.say(row.finish)}")
    if row.waits_on is not None:
        parts.append(f"waits on {telling.say(row.waits_on)}")
    if row.waiting is not None:
        parts.append(f"holds up {telling.say(row.waiting)}")
    return ", ".join(parts)


def _plate_footing(fact: MyWork, telling: Telling) -> list[str]:
    parts = [f"From {telling.say(fact.start)} to {telling.say(fact.end)}"]
    if fact.without_estimate is not None and fact.without_estimate.value:
        parts.append(f"{counted(whole(fact.without_estimate), 'task')} without hours not counted")
    tentative = telling.say(fact.tentative) if fact.tentative.value else "none"
    parts.append(f"Tentative bookings not counted ({tentative})")
    return parts


@sentences.register
def _(fact: TaskDetails, telling: Telling) -> list[str]:
    if fact.about is not None and fact.about.value != "state":
        return [_looked_up(fact, str(fact.about.value), telling), telling.foot(_project(fact, telling))]
    lines = [
        f"**{_task_verdict(fact, telling)}** {_record(fact, telling)}".rstrip(),
        _said(fact, telling),
        _facts_of(fact, telling),
        _links(fact, telling),
        telling.foot(_project(fact, telling)),
    ]
    return [line for line in lines if line]


def _project(fact: TaskDetails, telling: Telling) -> str:
    return f"Project {telling.say(fact.project).removeprefix('Project ')}"


def _looked_up(fact: TaskDetails, field: str, telling: Telling) -> str:
    """The one field that was asked for, and how the task stands."""
    value = telling.say(getattr(fact, field), exact=True)
    name = f"[{fact.task.value}] {shorten(telling.say(fact.name), 80)}"
    late = f", {telling.say(fact.days_late)} late" if is_above_zero(fact.days_late) and field != "days_late" else ""
    return f"**{name}: {_called(field)} {value}.** It is {telling.say(fact.state)}{late}."


def _called(field: str) -> str:
    description = TaskDetails.model_fields[field].description or ""
    return description if description.startswith("planned ") else field.replace("_", " ")


def _task_verdict(fact: TaskDetails, telling: Telling) -> str:
    name = f"[{fact.task.value}] {shorten(telling.say(fact.name), 80)}"
    if fact.state.value == "done":
        when = f" since {telling.say(fact.actual_finish)}" if fact.actual_finish else ""
        return f"{name} is done{when}."
    late = f", {telling.say(fact.days_late)} late" if is_above_zero(fact.days_late) else ""
    owner = f" ({telling.say(fact.owner)})" if fact.owner else ""
    if fact.disagrees is not None and fact.disagrees.value:
        return f"{name} is not done, as far as the records go{late and f' and{late[1:]}'}."
    return f"{name} is {telling.say(fact.state)}{owner}{late}."


def _record(fact: TaskDetails, telling: Telling) -> str:
    if fact.source_state is None:
        return ""
    return f"Its source says “{telling.say(fact.source_state)}”."


def _said(fact: TaskDetails, telling: Telling) -> str:
    if fact.note is None:
        return ""
    who = telling.say(fact.note_by) or "Someone"
    return f"{who} wrote on {telling.say(fact.note_on)}: “{shorten(inert(str(fact.note.value)), 140)}”"


def _facts_of(fact: TaskDetails, telling: Telling) -> str:
    has_owner = fact.owner is not None and (fact.state.value == "done" or fact.disagrees is not None)
    parts = [f"with {telling.say(fact.owner)}"] if has_owner else []
    if fact.start and fact.finish:
        length = f" ({telling.say(fact.duration)})" if fact.duration else ""
        parts.append(f"planned {telling.say(fact.start)} to {telling.say(fact.finish)}{length}")
    elif fact.finish:
        parts.append(f"planned finish {telling.say(fact.finish)}")
    if fact.actual_duration is not None:
        parts.append(f"took {telling.say(fact.actual_duration)}")
    if is_above_zero(fact.start_delay):
        parts.append(f"started {telling.say(fact.start_delay)} late")
    if fact.progress is not None and fact.state.value == "in_progress":
        parts.append(f"{telling.say(fact.progress)} done")
    if fact.effort is not None:
        parts.append(f"{telling.say(fact.effort)} estimated{_left(fact, telling)}")
    if fact.planned_cost is not None:
        parts.append(f"planned cost {telling.say(fact.planned_cost, exact=True)}")
    if fact.deliverable_type is not None:
        parts.append(telling.say(fact.deliverable_type))
    return sentence(", ".join(parts))


def _left(fact: TaskDetails, telling: Telling) -> str:
    """The work left of an open task."""
    if fact.remaining is None or fact.effort is None or fact.state.value == "done":
        return ""
    return ", all of it left" if fact.remaining.value == fact.effort.value else f", {telling.say(fact.remaining)} left"


def _links(fact: TaskDetails, telling: Telling) -> str:
    parts = []
    if fact.waits_on is not None:
        since = f" since {telling.say(fact.waits_since)}" if fact.waits_since else ""
        parts.append(f"Waits on {telling.say(fact.waits_on)}{since}")
    for why, words in (("blocker", "Blocked"), ("needs", "Needs"), ("holds up", "Holds up")):
        named = [_link(key, row, telling) for key, row in fact.rows.items() if row.why.value == why]
        if named:
            parts.append(f"{words}{':' if why == 'blocker' else ''} {listed(named[:SHOWN])}")
    return ". ".join(parts) + "." if parts else ""


def _link(key: str, row: LinkedTask, telling: Telling) -> str:
    if row.why.value == "blocker":
        return shorten(telling.say(row.name), 100).rstrip(".")
    return f"[{key}]"

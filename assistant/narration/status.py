"""How the status of one project reads."""

from assistant.narration.telling import Telling, sentences
from assistant.narration.wording import counted, is_above_zero, listed, number_word, sentence, whole
from tools.facts import Figure, Unit
from tools.status import ProjectStatus, StatusLine

SHOWN = 2  # tasks named in one sentence


@sentences.register
def _(fact: ProjectStatus, telling: Telling) -> list[str]:
    lines = [
        _verdict(fact, telling),
        _progress(fact, telling),
        _lately(fact, telling),
        _money(fact, telling),
        telling.foot(*_footing(fact, telling)),
    ]
    return [line for line in lines if line]


def _verdict(fact: ProjectStatus, telling: Telling) -> str:
    parts = (f"**{_headline(fact, telling)}.**", _why(fact, telling), _dates(fact, telling))
    return " ".join(part for part in parts if part)


def _headline(fact: ProjectStatus, telling: Telling) -> str:
    name = telling.say(fact.name)
    computed, reported = fact.computed_health, fact.reported_health
    if _is(fact.state, "done", "cancelled", "candidate", "on_hold"):
        return f"{name} is {_standing(fact, telling)}"
    late = f" and {telling.say(fact.days_late)} late" if is_above_zero(fact.days_late) else ""
    if computed is None:
        said = f"; {_reporter(fact, telling)} reports it {reported.value}" if reported else ""
        return f"{name} {_unjudged(fact, telling)}{said}"
    if reported is None:
        return f"{name} is {computed.value} by its figures{late}"
    if reported.value == computed.value:
        return f"{name} is {computed.value}, as {_reporter(fact, telling)} reports"
    return f"{name} is {computed.value}; {_reporter(fact, telling)} reports it {reported.value}"


def _unjudged(fact: ProjectStatus, telling: Telling) -> str:
    reason = telling.say(fact.health_reason)
    return f"is {reason}" if reason and not reason.startswith("nothing") else "has nothing to judge its health by"


def _why(fact: ProjectStatus, telling: Telling) -> str:
    if fact.health_reason is None or not _is(fact.computed_health, "amber", "red"):
        return ""
    reason = telling.say(fact.health_reason)
    if "planned by now" in reason or ("promised" in reason and is_above_zero(fact.promise_slip)):
        return ""  # the dates, or the next line, say so in figures
    return sentence(reason)


def _standing(fact: ProjectStatus, telling: Telling) -> str:
    assert fact.state is not None
    return "a candidate, not yet started" if fact.state.value == "candidate" else telling.say(fact.state)


def _reporter(fact: ProjectStatus, telling: Telling) -> str:
    return telling.say(fact.manager).split(" ")[0] if fact.manager else "its source"


def _dates(fact: ProjectStatus, telling: Telling) -> str:
    finish, promised = telling.say(fact.finish), telling.say(fact.promised_finish)
    if not finish:
        return f"Promised for {promised}; no planned finish on record." if promised else "No planned finish on record."
    late = _ago(fact, telling)
    rolled_up = " by its tasks" if _is(fact.dates_basis, "tasks") else ""
    if promised and is_above_zero(fact.promise_slip) and not late:
        return f"Promised for {promised}, planned{rolled_up} for {finish}: {telling.say(fact.promise_slip)} later."
    if promised and promised != finish:
        return f"Promised for {promised}, planned{rolled_up} for {finish}{late}."
    return f"Planned finish{rolled_up} {finish}{late}{_not_late(fact)}."


def _ago(fact: ProjectStatus, telling: Telling) -> str:
    """Calendar days are so many days ago; working days are counted out as such."""
    if fact.days_late is None or not is_above_zero(fact.days_late):
        return ""
    if fact.days_late.unit == Unit.CALENDAR_DAYS:
        return f", {telling.say(fact.days_late)} ago"
    return f", {telling.say(fact.days_late, exact=True)} late"


def _not_late(fact: ProjectStatus) -> str:
    """Said of open work only: what is done or unknown is neither late nor not."""
    is_open = (fact.computed_health or fact.progress_as_of) is not None and fact.forecast is not None
    return ", so not late" if is_open and fact.days_late is None else ""


def _progress(fact: ProjectStatus, telling: Telling) -> str:
    parts = (_named(fact, "late", telling), _named(fact, "blocked", telling))
    return " ".join([_done(fact, telling), *(f"{part}." for part in parts if part)])


def _done(fact: ProjectStatus, telling: Telling) -> str:
    tasks = f"{fact.tasks_done.value} of {counted(whole(fact.tasks), 'task')}"
    if fact.progress is None:
        return f"{tasks} done."
    if fact.planned_progress is None:
        return f"{telling.say(fact.progress)} done ({tasks})."
    done, planned = telling.say(fact.progress), telling.say(fact.planned_progress)
    if fact.progress_as_of is not None:
        return f"{done} done as on file {_then(fact, telling)}; {planned} was planned by that day."
    return f"{done} done, {planned} planned by now."


def _then(fact: ProjectStatus, telling: Telling) -> str:
    day = fact.progress_as_of
    return "today" if _is(day, telling.today.isoformat()) else f"on {telling.say(day)}"


def _named(fact: ProjectStatus, why: str, telling: Telling) -> str:
    rows = [(key, row) for key, row in fact.rows.items() if row.why.value == why]
    total = whole(fact.tasks_late) if why == "late" else len(rows)
    if not total:
        return ""
    rows = rows[:SHOWN]
    named = ", ".join(_task(key, row, telling) for key, row in rows)
    rest = f" and {total - len(rows)} more" if total > len(rows) else ""
    return f"{number_word(total)} {why}: {named}{rest}" if named else f"{number_word(total)} {why}"


def _task(key: str, row: StatusLine, telling: Telling) -> str:
    details = []
    if row.owner is not None:
        details.append("yours" if row.owner.value == telling.asker else telling.say(row.owner).split(" ")[0])
    if is_above_zero(row.days_late):
        details.append(telling.say(row.days_late))
    if row.waits_on is not None:
        since = f" since {telling.say(row.waits_since)}" if row.waits_since else ""
        details.append(f"waits on {telling.say(row.waits_on)}{since}")
    if row.holds_up is not None and row.holds_up.value:
        details.append(f"holds up {whole(row.holds_up)}")
    return f"[{key}] {telling.say(row.name)}" + (f" ({', '.join(details)})" if details else "")


def _lately(fact: ProjectStatus, telling: Telling) -> str:
    closed = fact.closed_lately
    parts = []
    if closed is not None and closed.value:
        since = f" since {telling.say(fact.closed_since)}" if fact.closed_since else " lately"
        parts.append(f"{counted(whole(closed), 'task')} closed{since}.")
    coming = [row for row in fact.rows.values() if row.why.value == "milestone"]
    if coming:
        named = " · ".join(f"{telling.say(row.name)} {telling.say(row.finish)}" for row in coming[:SHOWN])
        parts.append(f"Next: {named}.")
    return " ".join(parts)


def _money(fact: ProjectStatus, telling: Telling) -> str:
    if fact.budget is not None and fact.spent is not None:
        end = f"; heading for {telling.say(fact.estimate_at_completion)}" if fact.estimate_at_completion else ""
        return f"Spent {telling.say(fact.spent)} of {telling.say(fact.budget)}{end}."
    planned = [f"Planned cost {telling.say(fact.planned_cost, exact=True)}"] if fact.planned_cost is not None else []
    reported = []
    if fact.reported_cost_variance is not None and float(str(fact.reported_cost_variance.value)):
        way = "over" if str(fact.reported_cost_variance.value).startswith("-") else "under"
        amount = telling.say(fact.reported_cost_variance, exact=True).lstrip("−")
        reported.append(f"{amount} {way} plan")
    if is_above_zero(fact.reported_delay):
        reported.append(f"a delay of {telling.say(fact.reported_delay)}")
    said = [f"its source reports {listed(reported)}"] if reported else []
    return sentence("; ".join([*planned, *said]))


def _footing(fact: ProjectStatus, telling: Telling) -> list[str]:
    parts = []
    if fact.snapshot is not None:
        is_today = fact.snapshot.value == fact.as_of.isoformat()
        parts.append(f"The data is a snapshot of {'that day' if is_today else telling.say(fact.snapshot)}")
    if fact.time_until is not None:
        parts.append(f"Time approved to {telling.say(fact.time_until)}")
    if fact.progress is not None and not _is(fact.progress_basis, "effort"):
        parts.append(f"Progress weighted by {telling.say(fact.progress_basis)}")
    if fact.forecast is not None:
        parts.append(telling.say(fact.forecast))
    return parts


def _is(figure: Figure | None, *values: str) -> bool:
    return figure is not None and figure.value in values

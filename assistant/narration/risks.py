"""How risks read: the worst signals with their evidence, each with what the register holds on it."""

from collections.abc import Callable

from assistant.narration.telling import Telling, of_scope, sentences
from assistant.narration.wording import counted, number_word, shorten, whole
from tools.risks import RiskLine, Risks

TOLD = 3
LONGEST_MITIGATION = 40
WITH_MITIGATION = 2


@sentences.register
def _(fact: Risks, telling: Telling) -> list[str]:
    signals = [row for row in fact.rows.values() if row.why.value != "register"][:TOLD]
    entries = [row for row in fact.rows.values() if row.why.value == "register"][: TOLD - len(signals)]
    lines = [f"**{_verdict(fact, signals, telling)}**"]
    lines += [f"{number} {_signal(row, number, fact, telling)}" for number, row in enumerate(signals, 1)]
    lines += [_entry(row, telling) for row in entries]
    return [*lines, telling.foot(*_footing(fact, signals, telling))]


def _verdict(fact: Risks, signals: list[RiskLine], telling: Telling) -> str:
    where = of_scope(fact.scope, telling)
    if not whole(fact.projects):
        return f"No open projects{where} that you can see, so no risks."
    if not signals:
        return f"Nothing in the records{where} speaks of a risk."
    serious = whole(fact.serious)
    if not serious:
        return f"Nothing serious{where}: {counted(whole(fact.signals), 'weak signal')}."
    new = whole(fact.unregistered) if fact.registered else 0
    missing = f"; {new} of {counted(whole(fact.signals), 'signal')} not registered" if new else ""
    return f"{number_word(serious)} serious {'risk' if serious == 1 else 'risks'}{where}{missing}."


def _signal(row: RiskLine, number: int, fact: Risks, telling: Telling) -> str:
    told = _TOLD[str(row.why.value)](row, telling)
    if row.why.value in _OF_OWNED and row.owner is not None:
        told = f"{told} Owner {telling.say(row.owner)}."
    if row.register_key is not None:
        plan = ""
        if row.mitigation is not None and number <= WITH_MITIGATION:
            plan = f": {shorten(telling.say(row.mitigation), LONGEST_MITIGATION).rstrip('.')}"
        return f"{told} [{telling.say(row.register_key)}]{plan}."
    is_new = fact.registered is not None and row.why.value in _REGISTRABLE
    return f"{told} Not in the register." if is_new else told


def _of(row: RiskLine, telling: Telling) -> str:
    return f" ({telling.say(row.project)})"


def _waiting(row: RiskLine, telling: Telling) -> str:
    on = f" on {telling.say(row.waits_on)}" if row.waits_on else ""
    since = f" since {telling.say(row.since)}" if row.since else ""
    return f"{_task(row, telling)} waits{on}{since}{_behind(row, telling)}."


def _late(row: RiskLine, telling: Telling) -> str:
    return f"{_task(row, telling)} was due {telling.say(row.end)}{_behind(row, telling)}."


def _task(row: RiskLine, telling: Telling) -> str:
    return f"[{telling.say(row.task)}] {shorten(telling.say(row.name), 50)}"


def _behind(row: RiskLine, telling: Telling) -> str:
    return f"; {counted(whole(row.behind), 'task')} behind it" if row.behind else ""


def _promise(row: RiskLine, telling: Telling) -> str:
    return (
        f"{telling.say(row.name)} is planned to end {telling.say(row.end)}, {telling.say(row.days)} past its promise."
    )


def _slack(row: RiskLine, telling: Telling) -> str:
    return f"{telling.say(row.name)} has used {telling.say(row.share)} of its spare days: {telling.say(row.days)} left."


def _contradicted(row: RiskLine, telling: Telling) -> str:
    reported, computed = telling.say(row.reported_health), telling.say(row.computed_health)
    return f"{telling.say(row.name)} is reported {reported}, and is {computed} by the figures."


def _overbooked(row: RiskLine, telling: Telling) -> str:
    hours = f"{telling.say(row.booked)} in {telling.say(row.available)}"
    when = f"from {telling.say(row.start)} to {telling.say(row.end)}"
    return f"{telling.say(row.name)} is booked {telling.say(row.share)} {when} ({hours}){_of(row, telling)}."


def _contract(row: RiskLine, telling: Telling) -> str:
    before = f"{telling.say(row.days)} before" if row.days and row.days.value else "before"
    work = f"their work on {telling.say(row.project)} does"
    return f"{telling.say(row.name)}'s contract ends {telling.say(row.start)}, {before} {work}."


def _one_person(row: RiskLine, telling: Telling) -> str:
    return f"{telling.say(row.share)} of what is left of {telling.say(row.project)} hangs on {telling.say(row.name)}."


def _idle(row: RiskLine, telling: Telling) -> str:
    return f"{telling.say(row.name)}: nothing on record for {telling.say(row.days)}, since {telling.say(row.since)}."


def _estimates(row: RiskLine, telling: Telling) -> str:
    return f"{telling.say(row.name)}: {telling.say(row.share)} of its open tasks have no estimate."


def _owners(row: RiskLine, telling: Telling) -> str:
    return f"{telling.say(row.name)}: {telling.say(row.share)} of its open tasks have no owner."


def _links(row: RiskLine, telling: Telling) -> str:
    return f"{telling.say(row.name)}: no open task is linked to another, so nothing tells what a slip would cost."


def _stale(row: RiskLine, telling: Telling) -> str:
    return f"{telling.say(row.name)}: its source was last read {telling.say(row.since)}."


_TOLD: dict[str, Callable[[RiskLine, Telling], str]] = {
    "waiting": _waiting,
    "promise": _promise,
    "overbooked": _overbooked,
    "contract": _contract,
    "late": _late,
    "slack": _slack,
    "one person": _one_person,
    "contradicted": _contradicted,
    "idle": _idle,
    "estimates": _estimates,
    "owners": _owners,
    "links": _links,
    "stale": _stale,
}
_OF_OWNED = frozenset({"waiting", "late"})
_REGISTRABLE = frozenset({"waiting", "late", "overbooked", "contract", "one person"})


def _entry(row: RiskLine, telling: Telling) -> str:
    owner = f", {telling.say(row.owner)}" if row.owner else ""
    return f"In the register: [{telling.say(row.register_key)}] {shorten(telling.say(row.name), 70)}{owner}."


def _footing(fact: Risks, signals: list[RiskLine], telling: Telling) -> list[str]:
    parts = []
    told = {id(row) for row in signals}
    green = [row for row in fact.rows.values() if row.why.value == "contradicted" and id(row) not in told]
    parts += [_contradicted(row, telling).rstrip(".") for row in green[:1]]
    more = whole(fact.signals) - len(signals)
    if more > 0 and not (fact.registered and whole(fact.unregistered)):
        parts.append(counted(more, "more signal"))
    if fact.registered is not None:
        parts.append(f"{counted(whole(fact.registered), 'entry')} in the register")
    if fact.partial is not None:
        parts.append(telling.say(fact.partial))
    return parts

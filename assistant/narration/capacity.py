"""How demand against supply reads: full-time people left or short, firm and with the pipeline."""

from assistant.narration.telling import Telling, sentences
from assistant.narration.wording import counted, listed, whole
from storage.text import plural
from tools.capacity import Capacity, CapacityLine
from tools.facts import Figure

MOST_ROLES = 2
MOST_OPEN = 2


@sentences.register
def _(fact: Capacity, telling: Telling) -> list[str]:
    lines = [f"**{_verdict(fact, telling)}**{_hours(fact, telling)}", *_roles(fact, telling), _open(fact, telling)]
    lines.append(_free(fact, telling))
    return [*(line for line in lines if line), telling.foot(*_footing(fact, telling))]


def _verdict(fact: Capacity, telling: Telling) -> str:
    when = f"from {telling.say(fact.start)} to {telling.say(fact.end)}"
    if fact.role is None:
        return f"{when[:1].upper()}{when[1:]}, {_first_short(fact, telling)}."
    role = f"{telling.say(fact.role)} people" if fact.is_skill else _plural(fact.role, telling)
    where = f" in {telling.say(fact.scope)}" if fact.scope else ""
    if not whole(fact.people):
        return f"There are no {role}{where} {when}."
    if _is_short(fact.left_firm):
        return f"{_size(fact.left_firm, telling)} {role} too few{where} {when}, with firm work alone."
    pipeline = _pipeline(fact, telling)
    if _is_short(fact.left_weighted) or _is_short(fact.left_if_all):
        return f"Enough {role}{where} {when} for firm work, not for all that may come: {pipeline}."
    return f"Enough {role}{where} {when}: {pipeline}."


def _first_short(fact: Capacity, telling: Telling) -> str:
    """Of all roles, the one that runs short first."""
    where = f" in {telling.say(fact.scope)}" if fact.scope else ""
    if fact.short_first is None:
        return f"no role runs short{where}"
    more = whole(fact.short_roles) - 1
    others = f", and {counted(more, 'more role')}" if more > 0 else ""
    return f"{_plural(fact.short_first, telling)} run short first{where}, from {telling.say(fact.short_from)}{others}"


def _plural(role: Figure, telling: Telling) -> str:
    """ "Data engineer" as "data engineers"."""
    said = telling.say(role)
    return plural(f"{said[:1].lower()}{said[1:]}")


def _pipeline(fact: Capacity, telling: Telling) -> str:
    """Full-time people left, step by step; steps that change nothing are not told."""
    parts = [f"{telling.say(fact.left_firm)} of {telling.say(fact.people)} free with firm work"]
    if fact.left_weighted.value != fact.left_firm.value:
        parts.append(f"{_left(fact.left_weighted, telling)} with the weighted pipeline")
    if fact.left_if_all.value != fact.left_weighted.value:
        parts.append(f"{_left(fact.left_if_all, telling)} if all of it lands")
    return ", ".join(parts)


def _is_short(figure: Figure) -> bool:
    return isinstance(figure.value, int | float) and figure.value < 0


def _size(figure: Figure, telling: Telling) -> str:
    return telling.say(figure).lstrip("−")


def _left(figure: Figure, telling: Telling) -> str:
    return f"{_size(figure, telling)} short" if _is_short(figure) else telling.say(figure)


def _hours(fact: Capacity, telling: Telling) -> str:
    if not whole(fact.people):
        return ""
    return f" {telling.say(fact.available)} there, {telling.say(fact.firm)} firmly booked."


def _roles(fact: Capacity, telling: Telling) -> list[str]:
    """Each role over the months: firm, then with the weighted pipeline; one role in one month is told already."""
    by_role: dict[str, list[CapacityLine]] = {}
    for row in fact.rows.values():
        if row.why.value == "role":
            by_role.setdefault(str(row.name.value), []).append(row)
    if fact.role is not None and all(len(rows) == 1 for rows in by_role.values()):
        return []
    shown = list(by_role.values())[:MOST_ROLES]
    return [f"{telling.say(rows[0].name)}: {', '.join(_month(row, telling) for row in rows)}" for rows in shown]


def _month(row: CapacityLine, telling: Telling) -> str:
    firm, weighted = telling.say(row.left_firm), telling.say(row.left_weighted)
    return f"from {telling.say(row.start)} {firm if firm == weighted else f'{firm} / {weighted}'}"


def _open(fact: Capacity, telling: Telling) -> str:
    rows = [row for row in fact.rows.values() if row.why.value == "open"]
    if not rows:
        return ""
    shown = rows[: MOST_OPEN if fact.role else 1]
    more = whole(fact.unnamed) - len(shown)
    told = [_booking(row, telling) for row in shown]
    return f"Nobody named yet: {'; '.join(told)}{f'; {more} more' if more > 0 else ''}."


def _booking(row: CapacityLine, telling: Telling) -> str:
    chance = f" ({telling.say(row.chance)} likely)" if row.chance else ""
    when = f"{telling.say(row.start)} to {telling.say(row.end)}"
    return (
        f"{telling.say(row.role)} for {telling.say(row.name)}{chance}, {telling.say(row.hours_a_week)} weekly, {when}"
    )


def _free(fact: Capacity, telling: Telling) -> str:
    rows = [row for row in fact.rows.values() if row.why.value == "free"] if fact.role else []
    told = [f"{telling.say(row.name)} {telling.say(row.free)}" for row in rows]
    return f"Most time without a firm booking: {listed(told)}." if told else ""


def _footing(fact: Capacity, telling: Telling) -> list[str]:
    parts = []
    if _roles(fact, telling):
        parts.append("Full-time people left, firm / with the weighted pipeline")
    if fact.ending is not None:
        ends = "contract ends" if whole(fact.ending) == 1 else "contracts end"
        parts.append(f"{telling.say(fact.ending)} {ends} by then")
    parts.append("Holidays and leave are counted")
    return parts

"""How a proposed change reads: what it is, what it does, and that nothing of it has happened yet."""

from collections.abc import Sequence

from assistant.narration.telling import Telling, sentences
from assistant.narration.wording import counted, inert, sentence, shorten, whole
from tools.proposing import METRICS, ChangeProposal, EditRow, EffectRow

SHOWN = 3  # lines of edits
TOLD_FIRST = ("schedule_finish", "planned_finish", "promise_slip", "EAC", "margin_at_completion", "percent_complete")


@sentences.register
def _(fact: ChangeProposal, telling: Telling) -> list[str]:
    lines = [f"**{shorten(telling.say(fact.what), 110)}?** Nothing is changed yet."]
    lines += _edits(fact, telling)
    if fact.follow is not None:
        lines.append(f"{counted(whole(fact.follow), 'task')} after it {_verb(whole(fact.follow))} along.")
    lines.append(sentence(_effects(fact, telling)))
    return [line for line in (*lines, telling.foot(*_footing(fact, telling))) if line]


def _edits(fact: ChangeProposal, telling: Telling) -> list[str]:
    """The rows that were asked for, the fields of one row together."""
    by_row: dict[str, list[EditRow]] = {}
    for row in fact.rows.values():
        if row.why.value != "follows":
            by_row.setdefault(str(row.subject.value), []).append(row)
    told = [_row(rows, telling) for rows in by_row.values()]
    more = len(told) - SHOWN
    return [*told[:SHOWN], *([f"And {counted(more, 'row')} more."] if more > 0 else [])]


def _row(rows: Sequence[EditRow], telling: Telling) -> str:
    key, name = rows[0].subject.value, shorten(telling.say(rows[0].name), 60)
    who = f"[{key}] {name}" if key != rows[0].name.value else name
    return f"{who}: {', '.join(_field(row, telling) for row in rows)}."


def _field(row: EditRow, telling: Telling) -> str:
    label, before, after = str(row.field.value), telling.say(row.before), telling.say(row.after)
    if row.why.value == "hidden" and row.after is None:
        return f"{label}, which is not yours to see"
    if row.before is None and row.after is None:
        return label
    if row.why.value == "hidden":
        return f"{label} {_quoted(row, after)}"
    if not before:
        return f"{label} {_quoted(row, after)}"
    return f"{label} {before} → {after or 'nothing'}"


def _quoted(row: EditRow, after: str) -> str:
    """Words that somebody wrote stand in quotation marks."""
    is_prose = row.field.value in ("note", "blocked", "new risk", "new task", "new milestone", "name")
    return f"“{shorten(inert(str(row.after.value)), 140)}”" if is_prose and row.after is not None else after


def _effects(fact: ChangeProposal, telling: Telling) -> str:
    found = {
        row.metric.metric: row for row in fact.effects.values() if telling.say(row.before) != telling.say(row.after)
    }
    told = [_effect(metric, found[metric], telling) for metric in TOLD_FIRST if metric in found]
    if "schedule_finish" in found and "planned_finish" in found:
        told = told[:1] + told[2:]
    if not told:
        return "" if fact.project is None else f"nothing else of {telling.say(fact.project)} moves, of what you can see"
    project = telling.say(next(iter(fact.effects.values())).project)
    return f"{project}: {', '.join(told[:4])}"


def _effect(metric: str, row: EffectRow, telling: Telling) -> str:
    before, after = telling.say(row.before), telling.say(row.after)
    if metric == "promise_slip" and row.after is not None:
        days = float(str(row.after.value))
        return f"{after} after its promise" if days > 0 else "within its promise"
    return f"{METRICS[metric]} {before} → {after}"


def _footing(fact: ChangeProposal, telling: Telling) -> list[str]:
    hidden = any(row.why.value == "hidden" for row in fact.rows.values())
    return [telling.say(fact.taken), "What stands there is not yours to see" if hidden else ""]


def _verb(count: int) -> str:
    return "moves" if count == 1 else "move"

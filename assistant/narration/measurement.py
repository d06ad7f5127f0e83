"""How a measured value reads: a count, a sum, a median, an extreme, a share, as a whole or by group."""

import re

from assistant.narration.telling import Telling, noun, of_scope, sentences, that
from assistant.narration.wording import in_lines, shorten, whole
from tools.facts import Unit
from tools.measurement import MeasuredLine, Measurement

SHOWN = 12  # groups or holders, four a line
MEASURES = {"sum": "Total", "mean": "Average", "median": "Median", "min": "Lowest", "max": "Highest"}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
DATE_MEASURES = {"min": "Earliest", "max": "Latest"}


@sentences.register
def _(fact: Measurement, telling: Telling) -> list[str]:
    lines = [
        f"**{_verdict(fact, telling)}**{_over(fact, telling)}",
        *_rows(fact, telling),
        _missing(fact, telling),
        telling.say(fact.withheld),
        telling.foot(telling.say(fact.partial)),
    ]
    return [line for line in lines if line]


def _verdict(fact: Measurement, telling: Telling) -> str:
    if fact.by is not None:
        return _grouped(fact, telling)
    measure = str(fact.measure.value)
    if measure == "count":
        counted = whole(fact.value)
        where = f"{of_scope(fact.scope, telling)}{that(fact.conditions, telling, counted)}"
        return f"{f'{counted:,}' if counted else 'No'} {_nouns(fact, counted)}{where}."
    if fact.value is None:
        return f"{_label(fact, telling)}: {'; '.join(_by_unit(fact, telling)) or 'no value'}."
    value = telling.say(fact.value, exact=True)
    if measure == "share":
        part = telling.say(fact.part) or "that"
        return f"{value} of {_whole(fact, telling)}{of_scope(fact.scope, telling)}: {part}."
    holders = list(fact.rows.items())
    if measure in DATE_MEASURES and len(holders) == 1:
        return f"{_label(fact, telling)}: {value}, {_holder(*holders[0], telling)}."
    return f"{_label(fact, telling)}: {value}."


def _over(fact: Measurement, telling: Telling) -> str:
    """What it was measured over, where the verdict does not say so."""
    measure, matched = str(fact.measure.value), whole(fact.matched)
    if measure == "count" or fact.by is not None:
        return ""
    if measure == "share":
        counted = f" {whole(fact.fulfilled):,} of {matched:,}." if fact.fulfilled else ""
        return counted + (f" Only those {telling.say(fact.conditions)}." if fact.conditions else "")
    where = f"{of_scope(fact.scope, telling)}{that(fact.conditions, telling, matched)}"
    return f" Over {matched:,} {_nouns(fact, matched)}{where}."


def _grouped(fact: Measurement, telling: Telling) -> str:
    top = next(iter(fact.rows.values()), None)
    where = f"{of_scope(fact.scope, telling)}{that(fact.conditions, telling)}"
    what = f"{_label(fact, telling)}{where}, by {telling.say(fact.by)}"
    if top is None:
        return f"{what}: nothing to group."
    first = "most in" if _leads(top, fact) else "first"
    return f"{what}: {first} {telling.say(top.label)}, {_value(top, telling)}."


def _leads(top: MeasuredLine, fact: Measurement) -> bool:
    """Whether the first group has more than any other of those shown."""
    values = [row.value.value for row in fact.rows.values() if row.value is not None]
    numbers = [float(str(value)) for value in values if _NUMBER.fullmatch(str(value))]
    adds_up = str(fact.measure.value) in ("count", "sum") and len(numbers) == len(values) > 1
    return adds_up and top.value is not None and numbers[0] > max(numbers[1:])


def _label(fact: Measurement, telling: Telling) -> str:
    measure = str(fact.measure.value)
    if measure == "count":
        return f"Number of {_nouns(fact, 2)}"
    if measure == "share":
        return f"Share: {telling.say(fact.part)}" if fact.part else "Share"
    of = telling.say(fact.of)
    if fact.value is not None and fact.value.unit == Unit.COUNT and measure in ("min", "max"):
        return f"{'Most' if measure == 'max' else 'Fewest'} {of}"
    is_date = fact.value is not None and fact.value.unit == "date"
    return f"{DATE_MEASURES[measure] if is_date else MEASURES[measure]} {of}"


def _whole(fact: Measurement, telling: Telling) -> str:
    return telling.say(fact.of) if fact.of else f"the {_nouns(fact, 2)}"


def _rows(fact: Measurement, telling: Telling) -> list[str]:
    rows = list(fact.rows.items())
    if fact.by is not None:
        told = [f"{telling.say(row.label)} {_value(row, telling)}" for _, row in rows[1:] if row.value is not None]
    elif str(fact.measure.value) in DATE_MEASURES and len(rows) > 1 and fact.value is not None:
        told = [_holder(key, row, telling) for key, row in rows]
    else:
        return []
    shown = told[:SHOWN]
    lines = in_lines(shown, 4)
    more = len(told) - len(shown) + whole(fact.rest)
    return [*lines, f"And {more:,} more."] if more else lines


def _value(row: MeasuredLine, telling: Telling) -> str:
    return telling.say(row.value, exact=True) or "no value"


def _holder(key: str, row: MeasuredLine, telling: Telling) -> str:
    project = f" of {shorten(telling.say(row.project), 60)}" if row.project else ""
    return f"[{telling.say(row.key) or key}] {shorten(telling.say(row.label), 80)}{project}"


def _by_unit(fact: Measurement, telling: Telling) -> list[str]:
    """The value in each currency or kind of days; of an extreme, with the row that holds it."""
    if str(fact.measure.value) in DATE_MEASURES:
        rows = fact.rows.items()
        return [f"{telling.say(row.value, exact=True)}, {_holder(key, row, telling)}" for key, row in rows]
    return [f"{telling.say(row.value, exact=True)} over {whole(row.matched):,}" for row in fact.rows.values()]


def _missing(fact: Measurement, telling: Telling) -> str:
    missing = whole(fact.missing)
    if not missing:
        return ""
    what = telling.say(fact.of) or "value"
    has, is_ = ("has", "is") if missing == 1 else ("have", "are")
    return f"{missing:,} {_nouns(fact, missing)} {has} no {what} and {is_} left out."


def _nouns(fact: Measurement, count: int) -> str:
    return noun(fact.noun, str(fact.level.value), count)

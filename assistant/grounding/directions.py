"""Which side a signed figure lies on, and whether the words beside it say so: "{{f1.over}} over budget"."""

import re
from collections.abc import Callable, Iterator

from assistant.grounding.lexicon import concept_of
from assistant.grounding.plain import REFERENCE, flat
from assistant.grounding.references import Field, Fields, Passage
from assistant.grounding.vocabulary import VERDICTS

COST = {"overrun": 1, "VAC": -1, "CV": -1, "reported_cost_variance": -1}
TIME = {
    "promise_slip": 1,
    "days_late": 1,
    "late_tasks": 1,
    "late_projects": 1,
    "reported_delay": 1,
    "start_delay": 1,
    "days_finished_late": 1,
    "SV": -1,
    "excess": 1,
}
COSTS = ("AC", "EAC", "EAC_remaining", "tasks_cost")
SIGNS = COST | TIME
"""Figures that say by their sign how something lies; 1 where above zero is the bad side."""

BAD = re.compile(r"\b(?:over|above|too\s+much|late|later|behind|after|beyond|overrun\w*|overspen[dt])\b")
GOOD = re.compile(r"\b(?:under|below|less|early|earlier|ahead|before|to\s+spare|spare|within|saved|underspen[dt])\b")
PROGRESS = {
    "percent_complete": ("percent_complete", "planned_percent"),
    "planned_percent": ("percent_complete", "planned_percent"),
    "EV": ("EV", "PV"),
    "PV": ("EV", "PV"),
}
"""Figures that say how time stands by what is done, and what of it stands against what was planned."""


def direction_of(read: Passage, place: int) -> int:
    """-1 where the words after a reference say that a figure below zero is meant, 1 for above; 0 where they do not."""
    field = read.fields[place]
    if field is None or not _sign(field):
        return 0
    after = _CLAUSE.split(flat(read.pieces[place + 1]))[0]
    told = [(found.start(), way) for pattern, way in ((BAD, 1), (GOOD, -1)) if (found := pattern.search(after))]
    return min(told)[1] * SIGNS[concept_of(field)] if told else 0


def misdirected(read: Passage, fields: Fields, is_known: Callable[[str], bool]) -> Iterator[str]:
    """References whose words say the other side, and verdicts that no figure of the sentence bears out.

    `is_known` tells whether a verdict is a condition that was asked for.
    """
    for place, field in read.known:
        if (said := direction_of(read, place)) and said != _sign(field):
            way = "below" if _sign(field) < 0 else "above"
            yield f"{field.reference} is {way} zero: say it the other way round."
    yield from _unborne(read, fields, is_known)


def _unborne(read: Passage, fields: Fields, is_known: Callable[[str], bool]) -> Iterator[str]:
    text = flat(REFERENCE.join(read.pieces))
    for pattern, about, way in VERDICTS:
        if (found := pattern.search(text)) and not is_known(found[0]):
            known = COST if about == "cost" else TIME
            if about == "cost" and any(_overspent(field, fields) == way for _, field in read.known):
                continue
            signed = [field for _, field in read.known if concept_of(field) in known]
            borne = any(_sign(field) * known[concept_of(field)] == way for field in signed)
            shown = about == "time" and any(_lag(field, fields) in (way, 0) for _, field in read.known)
            if not borne and not shown:
                yield f'Leave out "{found[0]}", or name the figure that says so in the same sentence.'


def _lag(field: Field, fields: Fields) -> int | None:
    """1 where less is done than planned, -1 where more is, 0 where that is open; None where a figure tells neither."""
    concept = concept_of(field)
    if concept == "SPI":
        return _side(1 - (_number(field) or 1))
    if concept not in PROGRESS:
        return None
    done, planned = (_beside(field, each, fields) for each in PROGRESS[concept])
    return _side(planned - done) if done is not None and planned is not None else 0


def _overspent(field: Field, fields: Fields) -> int | None:
    """1 where a cost lies above the budget of its subject, -1 where below; None for what is no cost."""
    cost, budget = _number(field), _beside(field, "BAC", fields)
    return _side(cost - budget) if concept_of(field) in COSTS and cost is not None and budget is not None else None


def _beside(field: Field, concept: str, fields: Fields) -> float | None:
    """The figure of this concept that is of the same subject."""
    same = (each for each in fields if each.subject == field.subject and concept_of(each) == concept)
    return next((number for each in same if (number := _number(each)) is not None), None)


def _sign(field: Field) -> int:
    return _side(_number(field) or 0) if concept_of(field) in SIGNS else 0


def _side(number: float) -> int:
    return (number > 0) - (number < 0)


def _number(field: Field) -> float | None:
    value = field.figure.value
    if value is None or isinstance(value, bool):
        return None
    try:
        return float(value)
    except ValueError:
        return None


_CLAUSE = re.compile(r"[,;:.!?()\n—–]")

"""Which side a signed figure lies on, and whether the words beside it say so: "{{f1.over}} over budget"."""

import re
from collections.abc import Callable, Iterator

from assistant.grounding.lexicon import concept_of
from assistant.grounding.plain import REFERENCE, flat
from assistant.grounding.references import Field, Passage
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
SIGNS = COST | TIME
"""Figures that say by their sign how something lies; 1 where above zero is the bad side."""

BAD = re.compile(r"\b(?:over|above|too\s+much|late|later|behind|after|beyond|overrun\w*|overspen[dt])\b")
GOOD = re.compile(r"\b(?:under|below|less|early|earlier|ahead|before|to\s+spare|spare|within|saved|underspen[dt])\b")
PROGRESS = ("percent_complete", "planned_percent", "SPI", "EV", "PV")


def direction_of(read: Passage, place: int) -> int:
    """-1 where the words after a reference say that a figure below zero is meant, 1 for above; 0 where they do not."""
    field = read.fields[place]
    if field is None or not _sign(field):
        return 0
    after = _CLAUSE.split(flat(read.pieces[place + 1]))[0]
    told = [(found.start(), way) for pattern, way in ((BAD, 1), (GOOD, -1)) if (found := pattern.search(after))]
    return min(told)[1] * SIGNS[concept_of(field)] if told else 0


def misdirected(read: Passage, is_known: Callable[[str], bool]) -> Iterator[str]:
    """References whose words say the other side, and verdicts that no figure of the sentence bears out.

    `is_known` tells whether a verdict is a condition that was asked for.
    """
    for place, field in read.known:
        if (said := direction_of(read, place)) and said != _sign(field):
            way = "below" if _sign(field) < 0 else "above"
            yield f"{field.reference} is {way} zero: say it the other way round."
    yield from _unborne(read, is_known)


def _unborne(read: Passage, is_known: Callable[[str], bool]) -> Iterator[str]:
    text = flat(REFERENCE.join(read.pieces))
    for pattern, about, way in VERDICTS:
        if (found := pattern.search(text)) and not is_known(found[0]):
            known = COST if about == "cost" else TIME
            fields = [field for _, field in read.known if concept_of(field) in known]
            borne = any(_sign(field) * known[concept_of(field)] == way for field in fields)
            shown = about == "time" and any(concept_of(field) in PROGRESS for _, field in read.known)
            if not borne and not shown:
                yield f'Leave out "{found[0]}", or name the figure that says so in the same sentence.'


def _sign(field: Field) -> int:
    value = field.figure.value
    if concept_of(field) not in SIGNS or isinstance(value, bool) or value is None:
        return 0
    try:
        number = float(value)
    except ValueError:
        return 0
    return (number > 0) - (number < 0)


_CLAUSE = re.compile(r"[,;:.!?()\n—–]")

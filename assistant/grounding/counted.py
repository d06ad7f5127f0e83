"""What a figure is said to count or to be per: "{{f1.tasks}} people", "{{f1.spent}} per month"."""

import re
from collections.abc import Iterator

from assistant.grounding.lexicon import concept_of, stems_of
from assistant.grounding.plain import flat
from assistant.grounding.references import Field, Passage
from tools.facts import Unit
from tools.planning.metrics import METRICS

OF_LISTS = ("matched", "shown", "rest", "missing", "groups", "holders", "fulfilled", "value")
"""Counts of the rows of a list, which the asker's own nouns may name."""

SAME = (
    frozenset(stems_of("task activity activities item ticket job delivery deliveries deliverable")),
    frozenset(stems_of("project investment initiative")),
    frozenset(stems_of("program investment")),
    frozenset(stems_of("portfolio bureau department unit team")),
)


def miscounted(read: Passage, question: str) -> Iterator[str]:
    """Counts before a noun that their field does not know, and figures told as rates that are none."""
    asked = set(stems_of(question))
    for place, field in read.known:
        after, before = flat(read.pieces[place + 1]), flat(read.pieces[place])
        noun = _noun(after, field) if field.figure.unit == Unit.COUNT else ""
        if noun and not _knows(field, noun, asked):
            yield f"{field.reference} is {_called(field)}, and counts no {noun}."
        rate = _RATE_AFTER.match(after) or (_RATE_BEFORE.search(before) if _is_amount(field) else None)
        if rate and not _is_rate(field):
            yield f'{field.reference} is no rate: leave out "{rate[0].strip()}".'


def _noun(after: str, field: Field) -> str:
    """The noun directly after a count, in the plural; one alone has none."""
    is_one = str(field.figure.value) in ("1", "1.0")
    found = _NOUN.match(after)
    if found is None or found["noun"] in _NO_NOUNS:
        return ""
    return found["noun"] if found["noun"] in _PEOPLE or (not is_one and found["noun"].endswith("s")) else ""


def _knows(field: Field, noun: str, asked: set[str]) -> bool:
    if noun in _PEOPLE:
        return bool(_OF_PEOPLE.search(f"{field.name} {field.description}".replace("_", " ")))
    stems = set(stems_of(noun))
    known = {*stems_of(field.name), *stems_of(field.description), *stems_of(getattr(field.fact, "kind", ""))}
    if metric := METRICS.get(concept_of(field)):
        known |= {stem for words in (metric.id, metric.label, *metric.words) for stem in stems_of(words)}
    if field.name in OF_LISTS:
        known |= (
            asked
            | {stem for each in SAME for stem in each}
            | {stem for name in _labels(field) for stem in stems_of(name)}
        )
    known |= {stem for each in SAME if each & known for stem in each}
    return not stems or bool(stems & known) or noun in _ANYTHING


def _labels(field: Field) -> tuple[str, ...]:
    """What the fields of the rows of a list are called: groups are of one of them."""
    by = (getattr(field.fact, name, None) for name in ("by", "level", "conditions"))
    return tuple(str(figure.value) for figure in by if figure is not None)


def _called(field: Field) -> str:
    metric = METRICS.get(concept_of(field))
    return metric.label if metric else field.name.replace("_", " ")


def _is_amount(field: Field) -> bool:
    return field.figure.unit not in (Unit.NAME, Unit.TEXT, Unit.KEY, Unit.DATE, Unit.HEALTH, Unit.STATE, Unit.YES_NO)


def _is_rate(field: Field) -> bool:
    return bool(
        {"per", "rate", "rating", "daily", "weekly", "monthly"}
        & set(re.findall(r"[a-z]+", flat(f"{field.name} {field.description}")))
    )


_PEOPLE = frozenset({"people", "persons", "men", "women", "children", "staff", "folk", "folks", "heads"})
_OF_PEOPLE = re.compile(r"\b(?:people|persons?|team|staff|owners?|holders)\b")
_ANYTHING = frozenset(
    {"things", "ones", "items", "others", "rows", "entries", "records", "cases", "lines", "points", "pieces"}
)
_OTHER_WORDS = """
    is was has does this as its us less plus minus versus unless whereas always besides perhaps towards across
    afterwards sometimes otherwise days hours weeks months years quarters minutes
"""
_NO_NOUNS = frozenset(_OTHER_WORDS.split())
_NOUN = re.compile(
    r"^\s+(?:(?:other|more|further|different|such|skilled|key|big|small|active|current|new|old|busy|whole|late|open|red|amber"
    r"|green|(?!need\b)\w+(?:ed|al|ive|ic|ful|ous|able|ent|ant|y))\s+)?(?P<noun>[a-z]{3,})\b"
)
_SPAN = r"(?:day|week|month|quarter|year|hour|head|person|task|project|client|customer|annum|unit|piece)"
_RATE_AFTER = re.compile(
    rf"^\s*(?:/\s*{_SPAN}\b|(?:per|for each|for every|an?|each|every)\s+{_SPAN}\b"
    r"|(?:monthly|weekly|daily|yearly|hourly|annually|each|apiece)\b)"
)
_RATE_BEFORE = re.compile(rf"\b(?:monthly|weekly|daily|yearly|hourly|annual|per {_SPAN})(?:\s+\w+){{0,3}}\s+$")

"""What a sentence denies or takes back: health turned round, nothing late where something is."""

import re
from collections.abc import Iterator

from assistant.grounding.lexicon import concept_of
from assistant.grounding.plain import REFERENCE, flat
from assistant.grounding.references import Field, Fields, Passage
from tools.facts import Unit

RIVALS = {"computed_health": "reported_health", "health": "reported_health", "reported_health": "computed_health"}
LATE, BLOCKED, WAITING = ("late",), ("blocked", "waits"), ("blocked", "waits", "waiting")
STANDING = {
    r"late|overdue|delayed|behind(?: schedule)?": LATE,
    r"blocked|stuck|held up|on hold": BLOCKED,
    r"waiting|waits": WAITING,
}


def denied(read: Passage, fields: Fields) -> Iterator[str]:
    """What the fields contradict of all that a passage denies, and health that it says to have changed."""
    for place, field in read.known:
        if field.figure.unit == Unit.HEALTH:
            yield from _of_health(read, place, field, fields)
        elif field.figure.unit not in _WORDED and _NOT_BEFORE.search(_before(read, place)) and _is_alone(read, field):
            yield f"{field.reference} is so: say it without a denial."
    text = flat(REFERENCE.join(read.pieces))
    if found := _THAN_THAT.search(text):
        yield f'Leave out "{found[0]}": no field says how much.'
    yield from _nothing(text, read, fields)


def _of_health(read: Passage, place: int, field: Field, fields: Fields) -> Iterator[str]:
    before, after = _before(read, place), flat(read.pieces[place + 1])
    rival = _rival(field, fields)
    differs = rival is not None and rival.figure.value != field.figure.value
    is_reported = concept_of(field) == "reported_health"
    told = _sentence(read, place)
    if changed := _CHANGED.search(told):
        yield f'Leave out "{changed[0]}": {field.reference} says how it stands, no field how it stood.'
    is_attributed = bool(_ATTRIBUTED.search(before)) or (is_reported and bool(_AS_SAID.search(after)))
    beside = read.fields[place - 1] if place else None
    is_beside = beside is not None and beside == rival and bool(_CONTRAST.fullmatch(flat(read.pieces[place])))
    contrasts = is_reported or is_attributed or is_beside
    if _DENIES.search(before) and not (differs and contrasts):
        yield f"{field.reference} is so: say how it stands without a denial."
    says_same = _AGREES.search(told) is not None
    is_credited = (is_attributed and not _DENIES.search(before)) or _AS_SAID.search(after) is not None
    if not is_reported and not _DENIES.search(before) and (is_credited or says_same) and (differs or rival is None):
        instead = f"; {rival.reference} is what was reported" if rival else ""
        yield f"{field.reference} is by the figures, and nobody reported it{instead}."


def _rival(field: Field, fields: Fields) -> Field | None:
    """Health by the figures where a field is health as reported, and the other way round."""
    other = RIVALS.get(field.name)
    found = fields.of_subject(field.subject, other) if other else None
    return found or (fields.of_subject(field.subject, "health") if other == "computed_health" else None)


def _before(read: Passage, place: int) -> str:
    """The clause before a reference, in which the references of people stay to be seen."""
    pieces = [flat(piece) for piece in read.pieces[: place + 1]]
    joined = "".join(piece + (_mark(read.fields[spot]) if spot < place else "") for spot, piece in enumerate(pieces))
    return _CLAUSE.split(joined)[-1]


def _mark(field: Field | None) -> str:
    return _PERSON if field is not None and field.figure.unit == Unit.NAME and field.name in _PEOPLE else REFERENCE


def _sentence(read: Passage, place: int) -> str:
    """The sentence of a reference, without the words of others."""
    text, at = flat(REFERENCE.join(read.pieces)), -1
    for _ in range(place + 1):
        at = text.index(REFERENCE, at + 1)
    start = max((found.end() for found in _STOP.finditer(text, 0, at)), default=0)
    stop = _STOP.search(text, at)
    return text[start : stop.start() if stop else len(text)]


def _is_alone(read: Passage, field: Field) -> bool:
    """Whether no other figure of the same unit stands in the passage to be the one that holds."""
    return not any(other.figure.unit == field.figure.unit for _, other in read.known if other != field)


def _nothing(text: str, read: Passage, fields: Fields) -> Iterator[str]:
    """What is said to be nowhere, or not so of a row that the sentence names, and is."""
    for found in _NOTHING.finditer(text):
        rows = _rows_of(text, found, read)
        kinds = next(kinds for words, kinds in STANDING.items() if re.fullmatch(words, found["standing"]))
        if field := _standing(kinds, found["noun"] or "", rows, fields):
            yield f'Leave out "{found[0]}": see {field.reference}.'
    rows = {field.subject for _, field in read.known if field.row}
    for found in _NOT_SO.finditer(text) if len(rows) == 1 else ():
        kinds = next(kinds for words, kinds in STANDING.items() if re.fullmatch(words, found["standing"]))
        if field := _standing(kinds, "", rows, fields):
            yield f'Leave out "{found[0]}": see {field.reference}.'


def _rows_of(text: str, found: re.Match[str], read: Passage) -> set[str]:
    """The rows that a denial is about: of its clause, or of all the passage where it points back ("there")."""
    start = max((mark.end() for mark in _CLAUSE.finditer(text, 0, found.start())), default=0)
    stop = _CLAUSE.search(text, found.end())
    end = stop.start() if stop else len(text)
    places = range(len(read.fields))
    if not _BACK.search(text[start:end]):
        places = range(text.count(REFERENCE, 0, start), text.count(REFERENCE, 0, end))
    near = (read.fields[place] for place in places)
    return {field.subject for field in near if field is not None and field.row}


def _standing(kinds: tuple[str, ...], noun: str, rows: set[str], fields: Fields) -> Field | None:
    """A field that says that something is late, blocked or waiting, of these rows where any are named."""
    about = "projects" if noun.startswith(("project", "program")) else "tasks"
    for field in fields:
        parts = field.name.split("_")
        is_near = not rows or field.subject in rows
        if set(kinds) & set(parts) and is_near and about in _counted(field, parts) and _is_more_than_none(field):
            return field
    return None


def _counted(field: Field, parts: list[str]) -> set[str]:
    """What a field tells of: projects, tasks, or, of a row, what the rows of its fact are."""
    if named := {"projects", "tasks"} & set(parts):
        return named
    level = getattr(field.fact, "level", None)
    return {"projects"} if field.row and level is not None and level.value == "project" else {"tasks"}


def _is_more_than_none(field: Field) -> bool:
    value = field.figure.value
    if field.figure.unit in (Unit.COUNT, Unit.WORKING_DAYS, Unit.CALENDAR_DAYS) and value is not None:
        return float(value) > 0
    return bool(value)


_WORDED = (Unit.NAME, Unit.TEXT, Unit.KEY, Unit.STATE, Unit.YES_NO)
_PEOPLE = frozenset({"manager", "owner", "note_by", "person"})
_PERSON = "\ufffc manager "
_CLAUSE = re.compile(r"[,;:.!?()\n—–|]")
_BACK = re.compile(r"\b(?:there|(?:of|in|on|for) (?:it|them|this|that|these|those))\b")
_STOP = re.compile(r"[.!?;]\s|\n")
_DENIES = re.compile(
    r"\b(?:not|never|no longer|neither|nor|hardly|scarcely|far from|anything but|rather than|instead of|cannot)\b"
    r"|n['’]t\b"
)
_CONTRAST = re.compile(r"\W*(?:(?:and|but) )?(?:not|rather than|instead of)\s*")
_NOT_BEFORE = re.compile(r"(?:\b(?:not|never|hardly)|n['’]t)\s+(?:(?:at|on|by|really|quite|even|just|yet|the)\s+)*$")
_CHANGED = re.compile(
    r"\b(?:used to|no longer|not any ?more|any ?more|formerly|previously|once was|was once|until recently"
    r"|went from|back to|recover(?:s|ed|ing)?|improv(?:es|ed|ing)|worsen(?:s|ed|ing)|deteriorat(?:es|ed|ing)"
    r"|has become|became|turn(?:s|ed)|(?:better|worse|fine|well) (?:now|again))\b"
)
_VERBS = (
    r"report(?:s|ed)?|says?|said|thinks?|thought|calls?|called|believes?|considers?|rates?|rated|marks?|marked|sees?"
    r"|claims?"
)
_WHO = r"\bmanager|\blead|\bowner|\bshe|\bhe|\bthey"
_ATTRIBUTED = re.compile(
    rf"(?:{_WHO})\b\W+(?:\w+\W+){{0,2}}(?:{_VERBS})\b|\baccording to (?:the |its |her |his )?(?:{_WHO})"
)
_AS_SAID = re.compile(
    rf"^\s*,?\s+as\b(?:\s+\w+){{0,3}}\s*(?:{_VERBS})?\s*$|^\s*,?\s+as (?:the |its )?(?:{_WHO}) (?:{_VERBS})\b"
)
_AGREES = re.compile(rf"\b(?:{_VERBS}) (?:the same|so too|so as well|it so)\b|\bagrees?\b")
_THAN_THAT = re.compile(
    r"\b(?:more|less|higher|lower|fewer|later|earlier|better|worse) than (?:that|this|those|it)"
    r"(?=\s*(?:$|[,;:.!?)\n—–]))"
)
_IS = r"(?:is|are|was|were|has|have|gets?|remains?|(?:is |are )?currently)"
_ANY = "|".join(STANDING)
_NOUNS = r"projects?|programs?|tasks?|activit(?:y|ies)|work"
_NOTHING = re.compile(
    rf"\b(?:nothing|nobody|no[\s-]?one|none|no(?: single)? (?P<noun>{_NOUNS})|neither)\b"
    rf"(?!\s+(?:else|other|more|further)\b)(?:\s+(?!and\b|but\b)[\w{REFERENCE}'-]+){{0,5}}?\s+(?P<standing>{_ANY})\b"
)
_NOT_SO = re.compile(rf"(?:\b{_IS} (?:not|never|neither)|\b(?:is|are)n['’]t)(?: \w+)? (?P<standing>{_ANY})\b")

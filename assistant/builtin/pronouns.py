"""What "it", "the second one", "the other project" and "the hub one" stand for in the talk so far."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.builtin.focus import PLACES, Referent, Said, referent
from assistant.builtin.message import Message
from assistant.builtin.query import Query, Scope
from storage.directory import NameRow
from storage.vocabulary import Level
from tools.names import Hit, How, Word, plain, words_of
from tools.resolve import matched


def bind(message: Message, text: str) -> Said:
    """The message with "it" for whatever points back, and the row that it points to."""
    text = _MONTH.sub(r"in \1", _SAME.sub("and", text)) if message.focus.question else text
    if _MEANS.search(text) and message.focus.question:
        text = f"no, {_MEANS.sub(' ', _NOT_SO.sub('', text)).strip()}"
    corrected = _CORRECTS.sub("", text)
    is_correction = corrected != text and bool(message.focus.question)
    said = _placed(message, corrected) or _other(message, corrected) or _contrasted(message, corrected, is_correction)
    if said:
        return said if not is_correction else replace(said, text=f"and {said.text}")
    if is_correction:
        return Said(f"and {corrected}", None)
    return Said(_OTHER.sub("that one", text), _subject(message, text))


def is_of_person(text: str) -> bool:
    """Whether the word that points back stands for somebody."""
    return bool(_PERSON.search(text))


def points_back(text: str) -> bool:
    """Whether a word of the message stands for something said before."""
    return bool(_PRONOUN.search(_EXPLETIVE.sub(" ", text)))


def is_singular(text: str) -> bool:
    """Whether it is one thing or person: rows of a list could not be meant."""
    return bool(_SINGULAR.search(text))


def points_out_of(text: str) -> bool:
    """Whether the first such word has nothing before it in the message that it could stand for."""
    found = _PRONOUN.search(_EXPLETIVE.sub(" ", text))
    before = text[: found.start()] if found else text
    return bool(found) and (bool(_UNNAMED.search(before)) or all(map(_may_precede, words_of(before))))


def _may_precede(word: Word) -> bool:
    return word.text in _BEFORE_IT or word.text[0].isdigit()


def points_at_thing(text: str) -> bool:
    """Whether it is something that is spoken of, whoever else is named: "put Anna on it", "is that one mine"."""
    return bool(_POINTER.search(_EXPLETIVE.sub(" ", text))) and not is_of_person(text)


def pronoun_of(text: str) -> str:
    """The first word that points back; empty if there is none."""
    found = _PRONOUN.search(_EXPLETIVE.sub(" ", text))
    return found.group() if found else ""


def bound(message: Message, query: Query, rows: Iterable[Referent]) -> Query:
    """The query with these rows in the place of its pronoun."""
    query = replace(query, scopes=list(query.scopes), people=list(query.people), pronoun=True)
    for each in rows:
        match = message.row_of(each.level, each.key)
        row = message.index.row(match.level, match.id) if match else None
        if match and match.level is Level.TASK:
            query.task_match = query.task_match or match
        elif row and row.level is Level.PERSON:
            query.people.append(_meant(row))
        elif row:
            query.scopes.append(_meant(row))
    return query


def _meant(row: NameRow) -> Scope:
    return Scope(row.label, (Hit(row, How.CODE),), row.level if row.level is not Level.PERSON else None)


def _placed(message: Message, text: str) -> Said | None:
    """ "the second one", "number 3": a row of the last list."""
    worst = _WORST.search(text)
    if worst and message.focus.lists and message.focus.listed:
        return Said(f"{text[: worst.start()]}it{text[worst.end() :]}", message.focus.listed[0])
    found = _PLACED.search(text)
    row = message.focus.placed(next(each for each in found.groups() if each)) if found else None
    return Said(f"{text[: found.start()]}it{text[found.end() :]}", row) if found and row else None


def _other(message: Message, text: str) -> Said | None:
    """ "the other one": the reading that was set aside, else what was talked about before."""
    found = _OTHER.search(text)
    subjects = message.focus.subjects
    if found is None:
        return None
    earlier = [row for row in message.focus.rows if row not in subjects and (not subjects or _is_like(row, subjects))]
    row = next(iter((*message.focus.aside, *earlier)), None)
    return Said(f"{text[: found.start()]}it{text[found.end() :]}", row) if row else None


def _is_like(row: Referent, subjects: Sequence[Referent]) -> bool:
    return row.level is subjects[0].level


def _contrasted(message: Message, text: str, is_correction: bool) -> Said | None:
    """ "the hub one" after Tern Gateway is Hub Gateway: set aside before, or sharing a word of its name."""
    found = _ONE.search(text) or (_WHOLE.fullmatch(text) if is_correction else None)
    if found is None or not message.focus.subjects:
        return None
    said = {word.text for word in words_of(found[1])}
    rows = [row for row in _alike(message) if said and said <= _words_of(row)]
    return (
        Said(f"{text[: found.start()]}it{text[found.end() :]}", referent(matched(rows[0]))) if len(rows) == 1 else None
    )


def _alike(message: Message) -> list[NameRow]:
    """The rows that the last subject could be mistaken for."""
    subject = message.focus.subjects[0]
    row = message.index.by_key(subject.level, subject.key)
    aside = [message.index.by_key(each.level, each.key) for each in message.focus.aside]
    shared = _words_of(row) if row else set[str]()
    near = [each for each in message.index.rows if row and each.level is row.level and each is not row]
    return [each for each in aside if each] or [each for each in near if shared & _words_of(each)]


def _words_of(row: NameRow) -> set[str]:
    return {word.text for name in (row.name or row.key, *row.aliases) for word in words_of(plain(name))}


def _subject(message: Message, text: str) -> Referent | None:
    """What "it" is: the one thing the last answer was about, or the only row it listed."""
    if not points_back(text):
        return None
    focus, is_person = message.focus, bool(_PERSON.search(text))
    if _THIS.search(text) and len(focus.talk) == 1:
        return focus.talk[0]
    rows = [row for row in focus.talk if (row.level is Level.PERSON) is is_person]
    if not rows and not is_person:
        rows = list(focus.listed) if focus.lists else [row for row in focus.rows if row.level is not Level.PERSON][:1]
    return rows[0] if len(rows) == 1 else None


_SAME = re.compile(r"^(?:(?:ok|and|but|now)[\s,]+)*(?:the )?same (?:thing )?(?:for|with|in|at|of|on)\b")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTH = re.compile(rf"^(?:(?:ok|and|but|so)[\s,]+)*(?:(?:what|how) about |and |only |just )?({_MONTHS})(?=[\s?!.]*$)")
_MEANS = re.compile(r"[\s,]*\bi (?:mean|meant)\b[\s,]*")
_NOT_SO = re.compile(r",\s*not (?:this|that|the|on|in|for)?\b.*$")
_CORRECTS = re.compile(
    r"^(?:(?:no+|nope|nah|sorry|oops|wait|not that(?: one)?)\b[\s,.!-]*)+(?:i (?:mean|meant)\b\s*)?|^i meant?\b\s*"
)
_PLACED = re.compile(
    rf"\b(?:the )?(?:(?:number|no\.?|nr\.?) |#)(\d{{1,2}})\b|\b(?:the )?({PLACES}) (?:one|of (?:them|those|these))\b"
    r"|\bthe (first|second|third|fourth|fifth|sixth|last|[1-6](?:st|nd|rd|th))(?=[\s?!.]*$)"
)
_WORST = re.compile(r"\bthe (?:worst|top) one\b")  # lists begin with what matters most
_OTHER = re.compile(
    r"\bthe other (?:one|project|program|programme|task|investment|portfolio)\b|\bthe other(?=[\s?!.]*$)"
)
_ONE = re.compile(
    r"\bthe ((?!(?:other|same|only|first|second|third|last|next|big|red|late|worst|right)\b)[\w']+(?: [\w']+)?) one\b"
)
_WHOLE = re.compile(r"(?:the )?([\w' ]{2,40}?)(?: one)?[\s?!.]*")
_THING = r"(?:one|project|program|programme|portfolio|task|activity|investment|ticket|person|guy)"
_EXPLETIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|will|would|could|should|may|might|can|if|does|do|did|has|have) there\b"
    r"|\bthere (?:is|are|was|were|be|been|will|has|have)\b|\bmake it(?= \d)|\bwhat time is it\b"
)
_PRONOUN = re.compile(
    rf"\b(?:it|its|it's|itself|there|they|them|their|theirs|those|these|he|she|him|his|her|hers)\b"
    rf"|\b(?:that|this) {_THING}\b|\bthe other (?:one|two)\b"
    r"|\b(?:that|this)(?=[\s?!.,]*$)|\b(?:is|does|was|of|about|own|owns) (?:that|this)\b"
)
_POINTER = re.compile(rf"\bit\b|\b(?:that|this) {_THING}\b|\b(?:those|these|the other) (?:one|two)\b")
_THIS = re.compile(r"\b(?:that|this)(?=[\s?!.,]*$)")
# What may stand before an "it" that means something outside of the message.
_SMALL_WORDS = """
    what which who whose whom when where how why is are was were do does did can could will would should has
    have had and but so ok then also too just only even still again the a an of on in for about to by with at
    from off up down out over into s now please hey hi hello thanks well not no yes much many late early soon
    far long more less if what's i we you me us my our let's let got get gets getting need want any some all
    both one ones next last week month today tomorrow whats hows whos wheres whens
    """
_THEIR_VERBS = """
    projects tasks activities programs investments people open number budget cost costs status progress owns own
    manages runs leads blocks holds move push give set put mark close change make done finished log record book
    add delay fix show list tell link take drop stop start begin finish block unblock reopen cancel delete
    remove approve assign reassign extend shorten postpone pull bring shift split swap replace pause resume keep
    leave redo undo send share copy check see update critical works working think happened happens goes going
    """
_BEFORE_IT = frozenset((_SMALL_WORDS + _THEIR_VERBS).split())
_UNNAMED = re.compile(
    r"\b(?:customer|client|customers|clients)\b"
)  # whom a "them" may stand for, though nobody is named
_SINGULAR = re.compile(r"\b(?:it|its|he|she|him|his|her|hers)\b")
_PERSON = re.compile(r"\b(?:he|she|him|his|her|hers)\b|\b(?:that|this) (?:person|guy)\b")

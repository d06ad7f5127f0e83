"""Messages that only make sense with the talk before them, said in full: reports, calls for a way out, bare numbers."""

import re
from math import log

from assistant.builtin.focus import Focus, Referent, Said
from assistant.builtin.message import Message
from storage.fields import plural
from tools.names import plain, words_of


def reported(focus: Focus, text: str) -> Said | None:
    """ "done since friday", "its blocked": said of the task that the talk is about."""
    found, task = _REPORTED.fullmatch(text), _subject(focus)
    return Said(f"it is {found[1]}", task) if found and task and task.is_task and "?" not in text else None


def calls_for_way_out(focus: Focus, text: str) -> Said | None:
    """ "ok fix that", "any suggestions?": after somebody's load, of the one whose it is."""
    loaded = _subject(focus) if focus.tool in _OF_LOAD else None
    return Said("fix it", loaded) if loaded and _SOLVE.fullmatch(text) else None


def with_unit(focus: Focus, text: str) -> str:
    """ "make it 1.4" after "1m and 8 people": with the unit of the amount that it comes nearest to."""
    found = _MAKE_IT.fullmatch(text)
    number = float(found[1]) if found else 0.0
    earlier = " ".join(said.text for said in focus.question)
    amounts = [(abs(log(float(each[1]) / number)), each[2]) for each in _AMOUNTS.finditer(earlier)] if number else []
    return f"{text.rstrip(' ?!.')} {min(amounts)[1]}" if amounts else text


def with_noun(message: Message, said: Said) -> str:
    """ "which of its releases" of a program most of whose projects are called that: its projects."""
    found = _OF_ITS.search(said.text)
    match = message.row_of(said.it.level, said.it.key) if said.it and found else None
    row = message.index.row(match.level, match.id) if match else None
    children = message.index.children(row) if row else []
    names = [{word.text for word in words_of(plain(each.label))} for each in children]
    if not found or not children or 2 * sum(found[1] in each for each in names) < len(children):
        return said.text
    level = children[0].level
    noun = plural(message.vocabulary.level_words.get(level, level.value))
    return f"{said.text[: found.start(1)]}{noun}{said.text[found.end() :]}"


def asks_for_parts(text: str) -> bool:
    """ "split that by practice"."""
    return bool(_BY.match(text))


def _subject(focus: Focus) -> Referent | None:
    return focus.talk[0] if len(focus.talk) == 1 else None


_OPENING = (
    r"(?:(?:ok(?:ay)?|and|so|well|then|yes|yep|hey|now|please|can you|could you|can we|how do we|how can we)[\s,]+)*"
)
_REPORTED = re.compile(
    rf"{_OPENING}(?:(?:it|that|this)(?: one)?(?:'s| is| was| has been| got)? |its |thats )?"
    r"((?:now |all |finally |already |still |since \S+ )?(?:done|finished|completed?|closed|blocked|stuck|on hold)\b"
    r"(?! (?:by|projects?|tasks?|ones?)\b).*)"
)
_SOLVE = re.compile(
    rf"{_OPENING}"
    r"(?:(?:fix|solve|sort|resolve|relieve|help) (?:it|that|this|him|her|them)(?: out)?"
    r"|(?:make|give me|have you|any|got any|what are|show me)(?: me| us)?(?: an?| some| your| my| our| the)? "
    r"(?:suggestions?|proposals?|options|ideas?)\b.*"
    r"|what do you (?:suggest|propose)|what can (?:we|i) do(?: about (?:it|that|this))?)"
    r"(?:[\s,]+(?:please|thanks|then))*[\s?!.]*"
)
_OF_LOAD = frozenset({"utilisation", "my_work", "capacity"})
_MAKE_IT = re.compile(
    r"(?:(?:ok|and|no|or|but|sorry)[\s,]+)*(?:make it |rather |with |say )?(\d+(?:\.\d+)?)(?: please)?[\s?!.]*"
)
_AMOUNTS = re.compile(
    r"(?<![\w.])(\d*[1-9]\d*(?:\.\d+)?) ?"
    r"(k|m|mio|million|people|persons|engineers|testers|weeks?|days?|hours?|h|months?|%)(?!\w)"
)
_OF_ITS = re.compile(r"\b(?:its|their|the) ([a-z]{3,}?)s\b")
_BY = re.compile(
    r"(?:(?:ok|and|now|please|can you|could you|so)[\s,]+)*(?:split|break|group|show|sort|order|rank|list)"
    r"(?: (?:that|it|them|this|those|these))?(?: down| up)? (?:by|per)\b"
)

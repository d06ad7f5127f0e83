"""What is said to a question put back: options of it, none of them, that it is dropped, or a pick that misses."""

import re
from collections.abc import Sequence

from assistant.builtin import replies
from assistant.builtin.focus import PLACES, Focus
from assistant.builtin.sureness import READING
from tools.facts import Clarification, Option, Refusal

Picked = Sequence[Option] | Clarification | Refusal


def picked(focus: Focus, words: str) -> Picked | None:
    """The options that plain words pick, or what is to be said instead; None where they are on something else.

    A Clarification with options leaves the question open with those.
    """
    if _NEVER_MIND.fullmatch(words):
        return replies.dropped()
    if not focus.options:
        return None
    if _NOT_NOW.fullmatch(words):
        return replies.dropped()
    if _NONE.fullmatch(words):
        return replies.none_of_them(is_reading=focus.options[0].kind == READING)
    return _options_picked(focus, words)


def _options_picked(focus: Focus, words: str) -> Picked | None:
    if _ALL.fullmatch(words):
        return focus.options
    if one := focus.choice(words):
        return [one]
    if _OTHER.fullmatch(words):
        return _left(focus, [each for each in focus.options if focus.is_about(each)])
    if (others := _NOT.fullmatch(words)) and (one := focus.choice(others[1])):
        return _left(focus, [one])
    if len(focus.options) == 1 and _YES.fullmatch(words):
        return focus.options
    parts = _PARTED.split(words)
    found = list(dict.fromkeys(each for part in parts if (each := focus.choice(part))))
    if len(found) == len(parts) and not _OR.search(words):
        return found
    is_open = all(focus.choice(part) or _PLACE.fullmatch(part) for part in parts)
    return _again(focus.options) if is_open or _OPEN.fullmatch(words) else None


def _left(focus: Focus, without: Sequence[Option]) -> Picked:
    """What is left without these: picked where it is one, and asked about where there are more."""
    left = [each for each in focus.options if each not in without]
    return left if len(left) == 1 else _again(left or focus.options)


def _again(options: Sequence[Option]) -> Clarification:
    return Clarification(replies.choose(len(options)), tuple(options))


_POLITE = r"(?:[\s,]+(?:please|pls|thanks|thank you|then|it|that|for now))*[\s!.?]*"
_LEADING = r"(?:(?:no|nah|ok|okay|oh|sorry|please|well|hm+|actually)[\s,.]+)*"
_NEVER_MIND = re.compile(
    rf"{_LEADING}(?:forget (?:it|that|about it)|never ?mind|nvm|leave it|doesn't matter|does not matter){_POLITE}"
)
_NOT_NOW = re.compile(
    rf"{_LEADING}(?:cancel|stop|nothing|not now|not today|later|maybe later|drop it|skip it|no thanks|no thank you|"
    rf"quit|exit|abort){_POLITE}"
)
_NONE = re.compile(
    r"(?:no+|nope|nah|(?:no,? )?(?:neither|none)(?: (?:one )?of (?:them|those|these|the two|the above))?|no one)[\s!.]*"
)
_ALL = re.compile(r"(?:both|all)(?: (?:of )?(?:them|those|these))?(?:,? (?:please|pls))?[\s!.]*")
_OTHER = re.compile(rf"{_LEADING}(?:the )?other(?: one)?{_POLITE}")
_NOT = re.compile(rf"{_LEADING}not (.+)")
_YES = re.compile(r"(?:yes|yep|yeah|yup|ok|okay|sure|right|correct|exactly|please)(?:[\s,]+(?:please|pls))?[\s!.]*")
_UNSURE = (
    r"either|any|whichever|whatever|which(?: one)?s?|what|huh|hm+|"
    r"idk|dunno|(?:i )?(?:don't|do not) know|not sure|no idea"
)
_OPEN = re.compile(rf"{_YES.pattern}|{_LEADING}(?:{_UNSURE})(?: (?:one|of them|of those))?{_POLITE}")
_PLACE = re.compile(
    r"(?:(?:i mean|i meant|take|option|number|no|nr|#)\.?\s*)?(?:the\s+)?"
    rf"(?:{PLACES}|seventh|eighth|ninth|tenth|seven|eight|nine|ten|[-+]?\d{{1,6}}(?:[.,]\d+)?(?:st|nd|rd|th)?)"
    r"(?:\s+(?:one|option|of them|please|pls))*\s*[.!?)]*"
)
_PARTED = re.compile(r"\s*(?:,(?:\s*(?:and|or)\b)?|\b(?:and|or)\b|[&+;/])\s*")
_OR = re.compile(r"\bor\b")

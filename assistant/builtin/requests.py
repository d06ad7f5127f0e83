"""Two or three requests in one message: where one ends and the next begins. When in doubt, it is one."""

import re
from collections.abc import Iterator

MOST = 3


def split_requests(text: str) -> list[str]:
    """The requests of a message in order; the message itself where it is one."""
    sentences = [each for part in _SENTENCE.split(text) if (each := part.strip())]
    parts = [piece for each in sentences for piece in _clauses(each)]
    asking = [each for each in parts if _is_request(each)]
    return asking if len(asking) > 1 and len(asking) == len(parts) - _greetings(parts) else [text]


def _clauses(sentence: str) -> Iterator[str]:
    """ "wheres gateway and whats on my plate"; not "gateway and ledger", nor "show who owns it and what it costs"."""
    begin = 0
    for found in _AND.finditer(sentence):
        before, after = sentence[begin : found.start()].strip(), sentence[found.end() :]
        if _is_request(before) and _BEGINS.match(after) and not _EMBEDDED.match(after):
            yield before
            begin = found.end()
    yield sentence[begin:].strip()


def _is_request(words: str) -> bool:
    return len(words.split()) > 1 and (words.endswith("?") or bool(_REQUEST.match(words)))


def _greetings(parts: list[str]) -> int:
    return sum(bool(_GREETING.fullmatch(each)) for each in parts)


_SENTENCE = re.compile(r"(?<=[?;!])\s+|;\s*|(?<=[a-z0-9]{2}\.)\s+(?=[A-Za-z])|\n+", re.IGNORECASE)
_AND = re.compile(r",?\s+(?:and(?: also)?|also|plus|&)\s+(?:then\s+|also\s+)?|,\s+(?:also|then)\s+", re.IGNORECASE)
_WH = r"(?:what|which|who|whom|whose|when|where|why|how)(?:['’]?s|['’]?re)?"
_BE = r"(?:is|are|was|were|do|does|did|has|have|can|could|will|would|should)"
_DO = (
    r"(?:show|list|give|tell|find|count|move|push|set|put|mark|log|record|add|draft|close|reopen|assign|reassign|book|"
    r"compare|explain|forecast|propose|free|swap|link|rename|delay|check|any)"
)
_WHOM = r"(?:it|they|he|she|we|i|you|there|that|this|those|these|the|my|our|his|her|their|its|any|anyone|anybody)"
_BEGINS = re.compile(rf"(?:{_WH}\s+\S+|{_BE}\s+{_WHOM}\b|{_DO}\s+\S+)", re.IGNORECASE)
_EMBEDDED = re.compile(
    rf"{_WH}\s+(?:it|they|he|she|we|you|the|my|our|each)\b(?!\s*$)|{_WH}\s*$|any\s+\w+\s*$"
    r"|free\s+(?:on|in|at|next|this|from|between|over|for|tomorrow|today|until|by)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    rf"(?:(?:hi|hey|hello|ok(?:ay)?|so|and|also|now|please|pls|then|um|well|thanks|thx|good morning)\b[\s,!.]*)*"
    rf"(?:{_WH}|{_BE}|{_DO}|status of|health of|budget of|done with|finished with|i need|i want)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:hi|hey|hello|thanks|thank you|thx|good (?:morning|afternoon)|please|cheers)[\s\w]{0,14}[!.,]*", re.IGNORECASE
)

"""Turns of phrase that only the whole message tells: one row against another, rows that have others in some state."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from assistant.builtin.pieces import Piece
from assistant.builtin.query import Compared, HasValue, InState, Query
from assistant.builtin.slots.board import CHILDREN, DEPTH
from assistant.builtin.vocabulary import Vocabulary
from storage.vocabulary import Level

# Which field a comparison is on, and whether the most of it or the least is asked for.
_COMPARATIVES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("dearer", "costlier", "pricier", "bigger", "larger"), ("cost", "max")),
    **dict.fromkeys(("cheaper", "smaller"), ("cost", "min")),
    **dict.fromkeys(("later",), ("finish", "max")),
    **dict.fromkeys(("earlier", "sooner"), ("finish", "min")),
    **dict.fromkeys(("longer", "slower"), ("duration", "max")),
    **dict.fromkeys(("shorter", "quicker", "faster"), ("duration", "min")),
    **dict.fromkeys(("further", "farther"), ("progress", "max")),
}
_MORE = {"more": "max", "less": "min", "more than": "max", "less than": "min"}
_WITHIN = re.compile(r"\b(which|what|how many)\b(.*\b)(?:under|within|below|inside)(?: the| their)? budget\b")
_YES_OR_NO = re.compile(r"\by ?/ ?n\b")
_LINES_EACH = re.compile(
    r"\b(?:one|two|three|1|2|3|a) (?:short )?(?:line|sentence|bullet|row)s?"
    r" (?:per|for each|for every|each) (project|program|task)\b"
)
_PURPOSE = re.compile(
    r"[,;.] (?:i |we )?(?:need|want|have|got|going) to (?:paste|send|copy|forward|print|share|mail|email)\b[^?]*$"
)
_NOT_GREEN = re.compile(
    r"\b(?:report(?:s|ed)?|says?|shows?|claims?)(?: (?:to be|they are|it is))? green"
    r" (?:while|when|although|though|and|but) (?:your|the|our) (?:numbers|figures|data)"
    r" (?:say|show|tell)s? (?:otherwise|different(?:ly)?|(?:something|anything) else|not)"
    r"|\bgreens? (?:would|do|should) (?:you|i|we) (?:not|never) (?:believe|trust|put [\w ]*money on|bet on)"
)
_UNTOUCHED = re.compile(
    r"(?:(?:that|which) )?\b(?:nobody|no one|noone|no-one)(?: has| have| had)?(?: ever| yet)? (?:estimated|sized)\b"
)
_UNCLAIMED = re.compile(
    r"(?:(?:that|which) )?(?:\bha(?:s|ve) )?\b(?:nobody|no one|noone|no-one)"
    r"(?: has| have| is| has been)?(?: ever| yet)?"
    r" (?:picked(?: \w+)? up|taken(?: on)?|claimed|assigned|owns?|(?:working )?on)\b"
)
_PAST_DUE = re.compile(
    r"(?:\b(?:that|which) )?(?:\b(?:is|are|was|were) )?"
    r"\b(?:(?:meant|supposed|scheduled|planned|due) to(?: have been| be)?"
    r"|(?:should|ought to)(?:'?ve| have)(?: been)?|should be)"
    r" (?:done|finished|closed|completed?|ready|over)\b(?: by (?:now|today))?(.*?)"
    r"[\s,]+(?:and|n|but|yet)(?: still)?"
    r" (?:isn'?t|aren'?t|wasn'?t|weren'?t|hasn'?t|haven'?t|is not|are not|has not|have not)"
    r"(?: been)?(?: (?:done|finished|closed|completed?|ready|over))?(?: yet)?[\s?.!]*$"
)
_HARMLESS = frozenset({"planned", "date", "dates", "list", "overview", "latest"})  # beside a field they add nothing


def rephrased(text: str) -> str:
    """The text with what has a plainer form in that form: under budget is not over it, due and not done is late."""
    text = _PURPOSE.sub("", _LINES_EACH.sub(r"\1s", text))
    text = _NOT_GREEN.sub("reported green but not", text)
    text = _YES_OR_NO.sub("yes or no", text)
    text = _UNTOUCHED.sub("without estimate", text)
    text = _UNCLAIMED.sub("are unowned", text)
    text = _PAST_DUE.sub(r"are late\1", text)
    return _WITHIN.sub(r"\1\2not overspent", text)


def reread(query: Query, pieces: Sequence[Piece], vocabulary: Vocabulary) -> None:
    """Put right in the query what the slots could not see one by one."""
    _below_budget(query, pieces, vocabulary)
    _compare(query, pieces)
    _count_below(query, pieces, vocabulary)
    if query.asked or query.of or query.sort:
        query.unknown = [word for word in query.unknown if word not in _HARMLESS]


def _below_budget(query: Query, pieces: Sequence[Piece], vocabulary: Vocabulary) -> None:
    """What has no budget is not under it; where no money was ever spent on record, the reported variance tells."""
    over = InState("over_budget", negated=True)
    if over not in query.conditions or not any(piece.text == "overspent" for piece in pieces):
        return
    if "actual_cost" in vocabulary.never_given:
        query.conditions[query.conditions.index(over)] = Compared("variance", ">", Decimal(0))
    else:
        query.conditions.append(Compared("budget", "present"))


def _compare(query: Query, pieces: Sequence[Piece]) -> None:
    """ "is A dearer than B", "which is bigger, A or B": the extreme of the two, with its value."""
    if len(query.scopes) != 2 or query.is_analytic or query.level:
        return
    texts = [piece.text for piece in pieces]
    found = next(((text, *_COMPARATIVES[text]) for text in texts if text in _COMPARATIVES), None)
    more = next((_MORE[text] for text in texts if text in _MORE), None)
    if found:
        word, query.of, query.measure = found
        query.unknown = [each for each in query.unknown if each != word]
    elif more and len(query.asked) == 1 and not query.conditions:
        query.of, query.measure = query.asked[0], more
    else:
        return
    query.asked, query.either = [], False
    levels = {scope.hits[0].row.level for scope in query.scopes}
    query.level = levels.pop() if len(levels) == 1 else None


def _count_below(query: Query, pieces: Sequence[Piece], vocabulary: Vocabulary) -> None:
    """ "which bureaus have late activities": those of which some activity is late, not those that are late."""
    if query.level is None or len(query.conditions) != 1:
        return
    condition = query.conditions[0]
    at = next((place for place, piece in enumerate(pieces) if _says(piece, condition)), None)
    below = _level_after(pieces, at) if at is not None else None
    if below is None or DEPTH[below] <= DEPTH[query.level]:
        return
    state = condition.state if isinstance(condition, InState) else "done"
    count = f"{CHILDREN[below]}_{state}"
    if vocabulary.field(query.level, count) and not getattr(condition, "negated", False):
        query.conditions = [Compared(count, ">", Decimal(0))]


def _says(piece: Piece, condition: object) -> bool:
    if isinstance(condition, InState):
        return condition.state in piece.readings.get("states", ())
    return isinstance(condition, HasValue) and condition.words == "closed" and piece.text == "closed"


def _level_after(pieces: Sequence[Piece], at: int) -> Level | None:
    after = next((piece for piece in pieces[at + 1 :] if not piece.is_filler), None)
    value = after.value("levels") if after else None
    return Level(value) if value in CHILDREN else None

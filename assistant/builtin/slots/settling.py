"""What follows from a query as a whole, and what of the message is left over."""

from decimal import Decimal

from assistant.builtin.english import in_plain_english, is_plain_english
from assistant.builtin.intent import shared_words
from assistant.builtin.pieces import Piece
from assistant.builtin.query import Compared, Condition, HasValue, InState, Query
from assistant.builtin.slots.board import ARTICLES, CHILDREN, Board
from assistant.builtin.slots.ordering import ADDING
from assistant.builtin.words import lexicon
from storage.vocabulary import Level
from tools.amounts import AmountUnit
from tools.names import How

_SHORTEST_KEY = 3  # digits
_BEFORE_NAMES = frozenset({"of", "for", "in", "on", "at", "under", "from", "within", "is", "has", "does", "by"})
_BEFORE_CHOICES = _BEFORE_NAMES - {"is", "has", "does"} | frozenset(
    {"with", "about", "called", "named", "like", "per", "non", "against", "via", "only", "which", "whose"}
)
_SPEAKER = frozenset({"i", "im", "me"})
_CHOOSING = {"levels", "fields", "negation"}
_AFTER_VERBS = frozenset({"under", "in", "within", "inside", "below", "with", "its", "their", "his", "her", "the"})
_SAYING_NOT = frozenset({"open", "late", "green_not_green"})
_WEIGHTY = frozenset({"before", "after", "since", "until", "besides", "except", "without", "unlike", "instead", "but"})


def settle_all(board: Board) -> None:
    board.query.topics = [value for _, piece in board.free("topics") for value in piece.readings["topics"]]
    board.take(*(at for at, _ in board.free("topics")))
    board.query.pronoun = any("pronoun" in piece.readings for piece in board.pieces)
    board.query.names_expected = any(_is_name_like(board, at) for at in range(len(board.pieces)))
    _counts_of_children(board)
    _settle(board)
    _settle_subject(board)
    _settle_counted(board)
    aside = _clauses_aside(board)
    mine = (piece for piece in board.pieces if "me" in piece.readings and piece.clause not in aside)
    board.query.mine = board.query.mine and (not aside or any(mine))
    negations = (piece for at, piece in board.free("negation") if piece.clause not in aside and not _repeats(board, at))
    board.query.loose_negation = next((piece.text for piece in negations), "")
    board.query.only_filler = all(piece.is_filler for piece in board.pieces)
    board.query.either = any(piece.text in ("or", "and/or") for piece in board.pieces)
    unread = [piece for at, piece in enumerate(board.pieces) if at not in board.used and _is_unread(board, at)]
    board.query.unknown = [piece.text for piece in unread if piece.clause not in aside]
    board.query.passed = [piece.text for piece in unread if piece.clause in aside]
    board.query.light = frozenset(piece.text for piece in unread if _is_light(board, board.pieces.index(piece)))


def _repeats(board: Board, at: int) -> bool:
    """Whether a last "and is not" only says again that something is open, or not what was reported."""
    after = board.near(at, 1)
    said = (*board.query.conditions, *board.query.part)
    return after is None and any(isinstance(each, InState) and each.state in _SAYING_NOT for each in said)


def _clauses_aside(board: Board) -> set[int]:
    """The clauses in which nothing is asked, beside others in which something is: "the big picture", "in a meeting".

    Nor in sentences that only name something, beside one that asks: "I have Tern for lunch. What is late there?" Bare
    words that no place was found for stay: "zeus: how many tasks are late" may speak of a name.
    """
    used = (piece for at, piece in enumerate(board.pieces) if at in board.used and piece.text not in _SPEAKER)
    asking = {piece.clause for piece in used if not piece.is_filler}
    if not asking:
        return set()
    if not (board.query.scopes or board.query.people or board.query.task):
        wordy = {piece.clause for piece in board.pieces if piece.is_filler}
        asking |= {piece.clause for piece in board.pieces} - wordy
    asked = {piece.sentence for at, piece in enumerate(board.pieces) if at in board.used and _is_asking(piece)}
    telling = {piece.clause for piece in board.pieces if asked and piece.sentence not in asked}
    return ({piece.clause for piece in board.pieces} - asking) | telling


def _is_asking(piece: Piece) -> bool:
    return bool(piece.readings.keys() & {"levels", "measures", "superlatives", "fields", "states", "group"})


def _is_unread(board: Board, at: int) -> bool:
    """A word that says nothing; or a number right after one level word, where the key of a row would stand."""
    piece = board.pieces[at]
    if piece.is_word or (bool(piece.readings) and piece.readings.keys() <= {"pay", "help"}):
        return True
    before = board.pieces[at - 1] if at else piece
    is_key = piece.amount is not None and len(piece.text) >= _SHORTEST_KEY and piece.text.isdigit()
    return is_key and "levels" in before.readings and not before.text.endswith("s")


def _is_light(board: Board, at: int) -> bool:
    """Whether a word of everyday talk stands where no name and no condition would: "do we *even* have", "I *fear*"."""
    piece = board.pieces[at]
    word = in_plain_english(piece.text)
    if not is_plain_english(word) or piece.text in _WEIGHTY:
        return False
    before, after = (board.pieces[place] if 0 <= place < len(board.pieces) else None for place in (at - 1, at + 1))
    if _is_verb(before, after):
        return True
    if word not in shared_words():
        return False
    if before and (before.text in _BEFORE_CHOICES or _is_part(before) or before.readings.keys() & _CHOOSING):
        return False
    return not (after and ("levels" in after.readings or after.mentions))


def _is_verb(before: Piece | None, after: Piece | None) -> bool:
    """ "projects *sit* under the NIH", "project *blew* its budget": between rows and what is told of them."""
    return bool(before and after and "levels" in before.readings and after.text in _AFTER_VERBS)


def _is_part(piece: Piece) -> bool:
    """Whether it is a part of a name, which the next word may go on with."""
    return bool(piece.mentions) and all(mention.how is How.PART for mention in piece.mentions)


def _settle(board: Board) -> None:
    """What follows from the whole: an order replaces a sum, a narrower condition one that it implies."""
    query = board.query
    if query.group and query.measure is None:
        amounts = [sense for sense in query.asked if sense in ADDING]
        query.measure, query.of = ("sum", amounts[0]) if amounts and query.of is None else ("count", query.of)
        query.asked = [sense for sense in query.asked if sense not in amounts]
    if _compares_numbers(board):
        query.measure = "count"
    if query.group == "owner" and query.level is None:
        query.level = Level.TASK
    if query.sort and not query.group and query.measure in ("sum", "max", "min"):
        query.measure = None
    if query.measure is None and not query.sort and "duration_variance" in query.asked and query.plural:
        query.asked.remove("duration_variance")
        query.conditions.append(Compared("duration_variance", ">", Decimal(0), AmountUnit.DAYS))
    if query.plural and not query.is_analytic and query.asked == ["overrun"] and not query.conditions:
        query.asked, query.conditions = [], [InState("over_budget")]
    if query.measure == "share" and not query.part and not query.of:
        query.part = [each for each in query.conditions if isinstance(each, InState | HasValue)]
        query.conditions = [each for each in query.conditions if each not in query.part]
    if "actual_duration" in query.asked:
        query.asked = [sense for sense in query.asked if sense != "duration"]
    _drop_nouns(query)
    for conditions in (query.conditions, query.part):
        _drop_implied(board, conditions)


def _compares_numbers(board: Board) -> bool:
    """ "does CMS or FDA have more late activities": how many each of them has."""
    query = board.query
    asks_number = any(piece.text in ("more", "fewer", "most") for piece in board.pieces)
    of_each = query.level is not None and len(query.scopes) > 1 and not query.asked
    return asks_number and of_each and not query.is_analytic


def _settle_subject(board: Board) -> None:
    """ "status of", "health of" ask for the whole picture; "portfolio overview" is about everything there is."""
    query = board.query
    if query.scopes and query.level is None and not query.is_analytic:
        query.asked = [sense for sense in query.asked if sense not in ("state", "health")]
    if (
        query.level is Level.PORTFOLIO
        and not query.plural
        and not query.scopes
        and not query.is_analytic
        and not query.conditions
    ):
        query.level = None


def _settle_counted(board: Board) -> None:
    """ "how many people work on X" counts the owners of tasks, "how many clients" the values of a field."""
    query = board.query
    if query.measure != "count" or query.level is not None or query.group or not query.asked:
        return
    counted = query.asked.pop(0)
    if counted == "people":
        query.level, query.group = Level.TASK, "owner"
        query.conditions.append(Compared("owner", "present"))
    else:
        query.group = counted
        query.conditions.append(Compared(counted, "present"))


def _drop_nouns(query: Query) -> None:
    """ "usable functionality deliverables" names a field only to say whose value it is."""
    held = {
        each.field
        for value in (*query.conditions, *query.part)
        if isinstance(value, HasValue)
        for each in value.options
    }
    senses = lexicon()["senses"]
    query.asked = [sense for sense in query.asked if held.isdisjoint({sense, *senses.get(sense, ())})]


def _drop_implied(board: Board, conditions: list[Condition]) -> None:
    """ "completed with costs pending" is the one state, not both that are completed; in progress is open."""
    values = [each for each in conditions if isinstance(each, HasValue) and not each.negated]
    for wide in values:
        if any(narrow is not wide and _within(narrow, wide) for narrow in values) and wide in conditions:
            conditions.remove(wide)
    said = [each for each in values if any(option.field == "source_state" for option in each.options)]
    if said and InState("done") in conditions:
        conditions.remove(InState("done"))
    running = any(isinstance(each, InState) and each.state in ("in_progress", "active") for each in conditions)
    if (said or running) and InState("open") in conditions:
        conditions.remove(InState("open"))


def _is_name_like(board: Board, at: int) -> bool:
    """Whether an unknown word stands after "of", "for" or a level, where a name would."""
    if not board.pieces[at].is_word or at == 0:
        return False
    before = board.pieces[at - 1]
    before = board.pieces[at - 2] if before.text in ARTICLES and at > 1 else before
    return before.text in _BEFORE_NAMES or before.is_word or "levels" in before.readings


def _counts_of_children(board: Board) -> None:
    """ "average number of activities per project" measures a count that each has; "cost per project" the projects."""
    query = board.query
    is_mean = query.measure in ("mean", "median") and query.of is not None
    if is_mean and query.is_per and query.level is None and query.group in (Level.TASK, Level.PROJECT):
        query.level, query.group = Level(query.group), None
    measures_nothing = query.measure in ("mean", "median", "min", "max") and query.of is None
    if measures_nothing and query.level in CHILDREN and query.group in set(Level):
        query.level, query.of, query.group = Level(query.group), CHILDREN[query.level], None


def _within(narrow: HasValue, wide: HasValue) -> bool:
    inner = {(each.field, value) for each in narrow.options for value in each.values}
    outer = {(each.field, value) for each in wide.options for value in each.values}
    return inner < outer

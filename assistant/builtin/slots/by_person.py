"""Money or hours asked for by person or by hour: they are on file for whole projects, and rates are nobody's to ask."""

from assistant.builtin.pieces import Piece
from assistant.builtin.slots.board import Board
from storage.vocabulary import Level

_MONEY = frozenset(
    {
        *("budget", "budget_left", "actual_cost", "eac", "earned", "margin", "revenue", "contract_value", "money"),
        *("overrun", "variance"),
    }
)
_COSTS = frozenset({"cost", "planned_cost"})  # beside a person these ask for pay, which is refused elsewhere
_AN_HOUR = frozenset({"per hour", "an hour"})
_RATES = frozenset({"rate", "rates"})
_OF_ALL = frozenset({"blended", "average", "mean", "effective", "internal", "standard"})
_ASKING = frozenset({"how", "what"})
_DOES = frozenset({"does", "did", "has", "is", "will", "would"})
_HOURS = frozenset({"hours", "hrs", "time"})
_NO_RATES = (
    "What an hour costs or is billed at I do not tell. The budget and the spend of a project I do, to who may see."
)
_NOT_BY_PERSON = "Money is on file for each project, not for each person: ask for that of a project, program or client."
_NO_HOURS = "Hours are on file for neither each person nor each project in this way: ask what is on somebody's plate."


def by_person(board: Board) -> None:
    """Declines it in a sentence: without its person or hour it would be another question."""
    if problem := _problem(board):
        board.query.impossible.append(problem)


def _problem(board: Board) -> str:
    said = {sense for piece in board.pieces for sense in piece.readings.get("fields", ())}
    is_money, is_pay = not said.isdisjoint(_MONEY | _COSTS), not said.isdisjoint(_COSTS)
    if not board.query.people and _asks_for_rate(board, is_money=is_money):
        return _NO_RATES
    if is_money and (_is_per_person(board) or (_is_of_one(board) and not is_pay)):
        return _NOT_BY_PERSON
    query = board.query
    counts_for_want = query.group is not None and query.measure == "count" and bool(query.people)
    return _NO_HOURS if counts_for_want and not _HOURS.isdisjoint(query.unknown) else ""


def _asks_for_rate(board: Board, *, is_money: bool) -> bool:
    texts = [piece.text for piece in board.pieces]
    blended = any(text in _RATES and not _OF_ALL.isdisjoint(texts[:at]) for at, text in enumerate(texts))
    return blended or (is_money and not _AN_HOUR.isdisjoint(texts))


def _is_per_person(board: Board) -> bool:
    """ "margin per person"; but tasks have owners, and what they cost may be on file."""
    if any(Level.TASK in piece.readings.get("levels", ()) for piece in board.pieces):
        return False
    for at, piece in enumerate(board.pieces):
        after = board.near(at, 1) if "group" in piece.readings else None
        if after is not None and _is_people(board.pieces[after]):
            return True
    return False


def _is_people(piece: Piece) -> bool:
    return piece.value("levels") == "person" or "people" in piece.readings.get("fields", ())


def _is_of_one(board: Board) -> bool:
    """ "how much budget of GATE does Ines eat"; who manages what is no matter of money."""
    query = board.query
    if not (query.people and query.scopes) or query.person_role or query.level is not None:
        return False
    named = {scope.words for scope in query.people}
    places = [at for at, piece in enumerate(board.pieces) if piece.text in named and at]
    asked = bool(board.pieces) and not _ASKING.isdisjoint(board.pieces[0].text.split())
    return asked and any(not _DOES.isdisjoint(board.pieces[at - 1].text.split()) for at in places)

"""Numbers that nothing on file can have: a year no calendar of projects knows, fewer rows than one, days below none."""

from assistant.builtin.pieces import Piece
from assistant.builtin.query import DATE_FIELDS
from assistant.builtin.slots.board import NEAR, Board
from tools.amounts import Amount, AmountUnit

_YEARS = range(1900, 2200)
_LARGEST = 10**15  # beyond what a column of money holds
_YEAR_DIGITS = 4
_BEFORE_YEARS = frozenset({"in", "by", "before", "after", "since", "until", "till", "during", "from", "year"})
_OF_DAYS_TO_COME = frozenset({"next", "last", "past", "coming", "within"})


def impossible(board: Board) -> None:
    """Declines such a number in a sentence: to pass it over would answer another question."""
    for at, piece in enumerate(board.pieces):
        if piece.amount is None or at in board.used or piece.mentions or piece.time:
            continue
        if problem := _problem(board, at, piece, piece.amount):
            board.query.impossible.append(problem)
            board.take(at)


def _problem(board: Board, at: int, piece: Piece, amount: Amount) -> str:
    said = f"{amount.value:f}"[:40]
    if _is_limit(board, at):
        return f"There are no “top {said}”: say how many you want to see, from one up." if amount.value < 1 else ""
    if abs(amount.value) >= _LARGEST:
        return f"“{piece.text[:40]}” is larger than any number that I can compare with."
    if amount.unit is AmountUnit.NUMBER and _is_year(board, at, piece):
        known = f"{_YEARS.start} to {_YEARS.stop - 1}"
        return f"“{piece.text}” is not a year that I can look in: I know those from {known}."
    if amount.unit in (AmountUnit.DAYS, AmountUnit.HOURS) and amount.value < 0 and _counts_from_none(board, at):
        return f"“-{piece.text.removeprefix('-')}” is less than none: give it without the minus."
    return ""


def _is_limit(board: Board, at: int) -> bool:
    before, amount = board.near(at, -1), board.pieces[at].amount
    is_count = amount is not None and amount.unit is AmountUnit.NUMBER
    return is_count and before is not None and "limit" in board.pieces[before].readings


def _is_year(board: Board, at: int, piece: Piece) -> bool:
    """A number after "year"; or one of four digits where a day would stand: "due in 9999"."""
    if not piece.text.isdigit() or int(piece.text) in _YEARS or not at:
        return False
    before = board.pieces[at - 1].text.split()
    if "year" in before:
        return True
    dated = any(not DATE_FIELDS.isdisjoint(each.readings.get("fields", ())) for each in board.pieces[:at])
    after = board.pieces[at + 1].readings if at + 1 < len(board.pieces) else {}
    stands = dated and not _BEFORE_YEARS.isdisjoint(before) and not {"levels", "fields"} & after.keys()
    return stands and len(piece.text) == _YEAR_DIGITS


def _counts_from_none(board: Board, at: int) -> bool:
    """Whether the days are of lateness, or to come, or gone by."""
    near = board.pieces[max(0, at - NEAR) : at + 2]
    return any(each.value("states") == "late" or not _OF_DAYS_TO_COME.isdisjoint(each.text.split()) for each in near)

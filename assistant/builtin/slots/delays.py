"""Words for being late where they stand for a number of days: "delayed the most", "late by more than 10 days"."""

from assistant.builtin.pieces import Piece
from assistant.builtin.slots.board import NEAR, Board

_AT_START = frozenset({"at", "in", "it", "is", "their", "the", "on"})  # "its" may be read as "it is"


def delay_said(board: Board, at: int) -> str | None:
    """The delay that a word right before says, or the piece itself ("most delayed"); None where none is spoken of."""
    piece = board.pieces[at]
    if (piece.value("superlatives") or "").endswith("_delay"):
        return "start_delay" if at_start(board, at) else "delay"
    before = board.near(at, -1, over=_is_skipped)
    if before is not None and board.field_at(before) == "start":
        late = board.near(before, -1, over=_is_skipped)
        if late is not None and _is_late(board, late):
            board.take(before, late)
            return "start_delay"
    if before is None or not _is_late(board, before):
        return None
    board.take(before)
    if at_start(board, at):
        return "start_delay"
    return "delay" if board.pieces[before].text.startswith(("delay", "slip")) else "days_late"


def at_start(board: Board, at: int) -> bool:
    """Whether "at its start" follows; it is then used up."""
    for place in range(at + 1, min(at + 1 + NEAR, len(board.pieces))):
        if board.field_at(place) == "start" and board.pieces[place - 1].text in _AT_START:
            board.take(place)
            return True
    return False


def _is_late(board: Board, at: int | None) -> bool:
    return at is not None and at not in board.used and board.pieces[at].value("states") == "late"


def _is_skipped(piece: Piece) -> bool:
    return piece.is_filler or piece.text == "by" or piece.value("pronoun") is not None

"""Words to search for in names and descriptions."""

from collections.abc import Iterator, Sequence

from assistant.builtin.pieces import Piece
from assistant.builtin.query import SaysText
from assistant.builtin.slots.board import Board

_CUT = 12  # words of a text that is searched for


def text_searches(board: Board) -> None:
    for at, piece in board.free("text"):
        said = list(_text_after(board, at))
        words = " ".join(board.pieces[place].quote or board.pieces[place].text for place in said)
        if words and _is_text_search(board, at, piece, said):
            only_name = any(place.value("in_name") for place in board.pieces) or piece.value("text") != "about"
            board.query.conditions.append(SaysText(words, board.negated(at), in_name_only=only_name))
            board.take(at, *said)
    for at, piece in enumerate(board.pieces):
        if piece.quote and at not in board.used:
            board.query.conditions.append(SaysText(piece.quote, board.negated(at)))
            board.take(at)
    board.take(*(at for at, _ in board.free("in_name")))


def _is_text_search(board: Board, at: int, piece: Piece, said: Sequence[int]) -> bool:
    """ "projects about loans", but not "tell me about Apollo" or "the project called Apollo"."""
    before = board.near(at, -1, over=lambda each: each.is_filler or "negation" in each.readings)
    quoted = any(board.pieces[place].quote for place in said)
    listed = before is not None and "levels" in board.pieces[before].readings and board.is_plural(before)
    return quoted or (listed and piece.value("text") != "called") or any("in_name" in p.readings for p in board.pieces)


def _text_after(board: Board, at: int) -> Iterator[int]:
    for place in range(at + 1, min(at + 1 + _CUT, len(board.pieces))):
        piece = board.pieces[place]
        if piece.text in ("the", "a", "an", "word", "words", "term") and not piece.quote:
            continue
        if piece.time or piece.amount or {"in_name", "compare", "levels", "negation"} & piece.readings.keys():
            return
        if piece.is_filler and piece.text in ("that", "which", "in", "of", "for", "are", "is", "with", "and", "by"):
            return
        yield place

"""A message as the classifier reads it: its words, with place words for names, times and amounts."""

from collections.abc import Iterable

from assistant.builtin import intent
from assistant.builtin.pieces import Piece
from tools.timewords import TimeRole


def masked(pieces: Iterable[Piece]) -> str:
    """The words, but for what only sets the clock: "as of 1 August" changes no question."""
    return " ".join(_masked(piece) for piece in pieces if not (piece.time and piece.time.role is TimeRole.AS_OF))


def _masked(piece: Piece) -> str:
    if piece.task:
        return intent.place_word("task")
    if piece.mentions:
        return intent.place_word(max(piece.mentions, key=lambda each: each.how).hits[0].row.level.value)
    if piece.time:
        return intent.place_word("time")
    return intent.place_word("number") if piece.amount and not piece.written.isalpha() else piece.written

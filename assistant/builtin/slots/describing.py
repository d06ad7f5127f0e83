"""Questions what something is: "what does HIGLAS do", "what is the PECOS investment about", "describe it"."""

import re

from assistant.builtin.slots.board import Board

_SHAPE = re.compile(
    r"what (?:does|do|did) (?:that|it|NAME) (?:do|cover|deliver)"
    r"|what (?:is|are|was|were) (?:that|it|NAME)(?: (?:all )?(?:about|for|used for|meant for|supposed to do))?"
    r"|what NAME (?:does|is about|is for|is)"
    r"|(?:explain|summari[sz]e) (?:NAME|it)(?: for me)?"
)
_UNSAID = frozenset({"the", "a", "an", "our", "please", "exactly", "actually", "so", "ok", "hey", "tell", "me"})


def descriptions(board: Board) -> None:
    """Asks for the description, where the message has that shape once its name is taken out."""
    shape = " ".join(_words(board))
    if (
        board.query.scopes
        and board.query.measure is None
        and _SHAPE.fullmatch(re.sub(r"NAME(?: NAME)+", "NAME", shape))
    ):
        board.query.asked.append("description")
        board.take(*(at for at, piece in enumerate(board.pieces) if piece.is_word or piece.value("text") == "about"))


def _words(board: Board) -> list[str]:
    """The words, with one in place of names and the level words beside them."""
    named = {scope.words for scope in board.query.scopes}
    words = []
    for at, piece in enumerate(board.pieces):
        if piece.text in named or (at in board.used and "levels" in piece.readings):
            words.append("NAME")
        elif not (piece.is_filler and (piece.text in _UNSAID or "polite" in piece.readings)):
            words.append(piece.text)
    return words

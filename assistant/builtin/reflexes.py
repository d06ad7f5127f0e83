"""Messages answered before any tool is chosen: calls for help, how to import, and what a person earns."""

import re
from collections.abc import Sequence

from assistant.builtin import replies
from assistant.builtin.pieces import Piece
from assistant.builtin.query import Query
from tools.facts import Clarification, Refusal

_EVERYONE = frozenset({"everyone", "everybody", "anyone", "anybody", "who", "each"})
_HOW_TO = re.compile(
    r"how (?:do|can|could|should|would|to)\b|where (?:do|can)\b|(?:can|could) (?:i|we|you)\b|i (?:want|need)"
)
_COMMANDS = frozenset({"delete", "remove", "rename", "cancel", "postpone", "reassign", "reopen", "approve", "archive"})
_MAKING = frozenset({"make", "makes", "making", "get", "gets"})


def is_order(pieces: Sequence[Piece], query: Query) -> bool:
    """Whether a message begins with a command about something on file: "rename the portal"."""
    return bool(query.scopes and pieces and pieces[0].text in _COMMANDS)


def reflex(pieces: Sequence[Piece], query: Query) -> Clarification | Refusal | None:
    """The reply that needs no look at the data; None where there is none."""
    if asks_for_pay(pieces, query):
        return replies.pay()
    kinds = {piece.value("help") for piece in pieces} - {None}
    if "importing" in kinds and _asks_how(pieces, query):
        return replies.importing()
    if "examples" in kinds and all(piece.is_filler or "help" in piece.readings for piece in pieces):
        return replies.unclear()
    return None


def asks_for_pay(pieces: Sequence[Piece], query: Query) -> bool:
    """Whether it is about what a person earns or costs: salaries always are, rates and costs beside a person."""
    kinds = {piece.value("pay") for piece in pieces} - {None}
    if "always" in kinds:
        return True
    if query.level is not None:
        return False
    of_people = bool(query.people) or any(_is_people(piece) for piece in pieces)
    if "of_people" in kinds:
        return of_people or query.mine
    costs = "cost" in (*query.asked[:1], query.sort, query.of)
    return of_people and (costs or (bool(query.people) and _how_much_made(pieces)))


def _is_people(piece: Piece) -> bool:
    return (
        piece.text.removesuffix("s") in _EVERYONE
        or piece.value("levels") == "person"
        or piece.value("fields") in ("people", "owner")
    )


def _how_much_made(pieces: Sequence[Piece]) -> bool:
    texts = [piece.text for piece in pieces]
    return texts[:2] == ["how", "much"] and texts[-1] in _MAKING


def _asks_how(pieces: Sequence[Piece], query: Query) -> bool:
    """Whether somebody wants to do it, and not to know of work that is called so."""
    begins = bool(_HOW_TO.match(" ".join(piece.text for piece in pieces)))
    return not query.scopes and (begins or all(piece.is_filler or "help" in piece.readings for piece in pieces))

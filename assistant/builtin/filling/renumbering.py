"""A bare number in a message that goes on: "make that 6", "with 5 please" and "1.4" take the place of an argument."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import log
from typing import Any

from assistant.builtin.filling.said import Said
from assistant.builtin.filling.slots import number
from assistant.builtin.words import filler
from tools.amounts import AmountUnit

_TAKEN = ("people", "budget", "hours", "days", "remaining")
_SCALES = (1, 1_000, 1_000_000)
_LEAST_SCALED = 10_000  # "1.4" after a budget of a million is in millions
_QUANTITY = re.compile(r"([+-]?)\d+(?:\.\d+)? (hour|day|week|month|quarter|year)s?")
_TURNING = frozenset(
    {"no", "make", "that", "it", "its", "with", "for", "try", "say", "if", "only", "instead", "rather", "then", "be"}
    | {"rest", "same", "else", "all", "better", "sorry", "actually", "and", "or", "what", "about", "how", "at", "w"}
)


def renumbered(said: Said, before: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The argument of the earlier message that the number comes nearest to, with the number in its place."""
    value = _only_number(said)
    if value is None:
        return
    quantity = _QUANTITY.fullmatch(str(before.get("value", "")))
    if quantity:
        yield "value", f"{quantity[1]}{number(value)} {quantity[2]}{'' if value == 1 else 's'}"
        return
    choices = [
        (abs(log(float(value) * scale / float(before[label]))), label, scale)
        for label in _TAKEN
        if isinstance(before.get(label), int | float) and before[label] > 0
        for scale in (_SCALES if before[label] >= _LEAST_SCALED else _SCALES[:1])
    ]
    if choices:
        _, label, scale = min(choices)
        yield label, number(value * scale)


def _only_number(said: Said) -> Decimal | None:
    """The one bare number that begins a message that says nothing else up to its first comma; None without one."""
    numbers = [piece for piece in said.pieces if piece.amount and piece.amount.unit is AmountUnit.NUMBER]
    if len(numbers) != 1 or not numbers[0].amount or numbers[0].amount.value <= 0:
        return None
    end = said.clause_end(numbers[0].first)
    others = {said.words[at] for at in range(end) if not numbers[0].first <= at < numbers[0].last}
    return numbers[0].amount.value if others <= _TURNING | filler() | {"please"} else None

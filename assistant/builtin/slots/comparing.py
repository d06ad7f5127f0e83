"""Fields compared with amounts: "more than $5 million", "a rating of 4", "with a delay"."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from assistant.builtin.query import Compared
from assistant.builtin.slots.board import CHILDREN, NEAR, Board
from assistant.builtin.slots.delays import at_start, delay_said
from storage.catalogue import FieldKind
from tools.amounts import Amount, AmountUnit

_OPERATORS = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<=", "equal": "="}
_FIELD_OF_UNIT = {AmountUnit.MONEY: "cost", AmountUnit.DAYS: "duration", AmountUnit.HOURS: "effort"}
_DELAYS = frozenset({"delay", "start_delay", "duration_variance"})


def comparisons(board: Board) -> None:
    for at, piece in board.free("compare"):
        after = board.near(at, 1)
        amount = board.free_amount(after)
        if amount is None or after is None:
            _or_more(board, at)
            continue
        if piece.value("compare") == "between":
            _between(board, at, after, amount)
        else:
            operator = _OPERATORS[piece.value("compare") or "equal"]
            if board.negated(at):
                operator = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "=": "!="}[operator]
            _compare(board, at, after, operator, amount)
    for at in range(len(board.pieces)):
        if (amount := board.free_amount(at)) is not None and amount.unit is not AmountUnit.NUMBER:
            _plainly_compared(board, at, amount)
        elif amount is not None:
            _equal_to_number(board, at, amount)


def _or_more(board: Board, at: int) -> None:
    """ "5 million or more"."""
    before = at - 1
    amount = board.free_amount(before)
    if amount is not None and board.pieces[at].text.startswith(("or ", "and ")):
        _compare(board, before, before, _OPERATORS[board.pieces[at].value("compare") or "equal"], amount)
        board.take(at)


def _between(board: Board, at: int, first: int, low: Amount) -> None:
    second = board.near(first, 1)
    high = board.free_amount(second)
    if high is None or second is None:
        return
    if low.unit is AmountUnit.NUMBER and high.unit is not AmountUnit.NUMBER:
        scale = 1_000_000 if high.unit is AmountUnit.MONEY and high.value >= 1_000_000 and low.value < 1_000 else 1
        if high.unit is AmountUnit.MONEY and 1_000 <= high.value < 1_000_000 and low.value < 1_000:
            scale = 1_000
        low = replace(low, unit=high.unit, currency=high.currency, value=low.value * scale)
    sense = _compared_field(board, at, second, high)
    board.add(Compared(sense, ">=", low.value, low.unit, low.currency))
    board.add(Compared(sense, "<=", high.value, high.unit, high.currency))
    board.take(at, first, second)


def _compare(board: Board, at: int, amount_at: int, operator: str, amount: Amount) -> None:
    board.take(at, amount_at)
    board.add(
        Compared(_compared_field(board, at, amount_at, amount), operator, amount.value, amount.unit, amount.currency)
    )


def _plainly_compared(board: Board, at: int, amount: Amount) -> None:
    before = board.near(at, -1)
    sense = board.field_at(before)
    if sense and before is not None and _fits(board, sense, amount):
        board.take(at, before)
        board.add(Compared(sense, "=", amount.value, amount.unit, amount.currency))


def _equal_to_number(board: Board, at: int, amount: Amount) -> None:
    """ "a rating of 4", "rated 4", "rating is 4"."""
    before = board.near(at, -1)
    sense = board.field_at(before)
    if sense and before is not None and board.kind(sense) in (FieldKind.NUMBER, FieldKind.COUNT):
        board.take(at, before)
        board.add(Compared(sense, "=", amount.value, amount.unit))


def _compared_field(board: Board, first: int, last: int, amount: Amount) -> str:
    """The field an amount is compared with: counted things right after it, a field near it, else what its unit says."""
    after = board.near(last, 1)
    if amount.unit is AmountUnit.NUMBER and (counted := _counted_after(board, after)):
        return counted
    if amount.unit is AmountUnit.DAYS and after is not None and board.pieces[after].value("states") == "late":
        board.take(after)
        return _lateness(board, first)
    if amount.unit is AmountUnit.DAYS and (delay := delay_said(board, first)):
        return "start_delay" if at_start(board, last) else delay
    for place in _places_around(board, first, last):
        sense = board.field_at(place)
        if sense and _fits(board, sense, amount):
            board.take(place)
            return sense
    return _FIELD_OF_UNIT.get(amount.unit, "progress" if amount.unit is AmountUnit.SHARE else "cost")


def _lateness(board: Board, first: int) -> str:
    """ "started 60 days late" is a delay at the start; without such a word the days that open work is late."""
    for at in range(max(0, first - NEAR), first):
        if "start" in board.pieces[at].text or board.pieces[at].text == "began":
            board.take(at)
            return "start_delay"
    return "days_late"


def _counted_after(board: Board, at: int | None) -> str | None:
    if at is None:
        return None
    state, level = None, board.level_at(at)
    after = board.near(at, 1)
    if level is None and "states" in board.pieces[at].readings and after is not None:
        state, level = board.pieces[at].value("states"), board.level_at(after)
    if level not in CHILDREN:
        return None
    board.take(at, after if state and after is not None else at)
    return f"{CHILDREN[level]}_{state}" if state else CHILDREN[level]


def _places_around(board: Board, first: int, last: int) -> Iterator[int]:
    yield from range(first - 1, max(-1, first - 1 - NEAR), -1)
    yield from range(last + 1, min(len(board.pieces), last + 1 + NEAR))


def _fits(board: Board, sense: str, amount: Amount) -> bool:
    kind = board.kind(sense)
    fitting = {
        AmountUnit.MONEY: (FieldKind.MONEY,),
        AmountUnit.DAYS: (FieldKind.DAYS,),
        AmountUnit.HOURS: (FieldKind.HOURS,),
        AmountUnit.SHARE: (FieldKind.SHARE,),
    }
    if amount.unit is AmountUnit.NUMBER:
        return kind is not None and (kind.adds_up or kind in (FieldKind.RATIO, FieldKind.SHARE))
    return kind in fitting[amount.unit]


def signed(board: Board) -> None:
    """ "a negative cost variance"."""
    for at, piece in board.free("sign"):
        after = board.near(at, 1)
        sense = board.field_at(after)
        if sense and after is not None:
            board.add(
                Compared(sense, "<" if piece.value("sign") == "negative" else ">", Decimal(0), AmountUnit.NUMBER),
                at,
            )
            board.take(at, after)


def having(board: Board) -> None:
    """ "with a schedule delay" means one above zero."""
    for at, _ in board.free("presence"):
        after = board.near(at, 1)
        sense = board.field_at(after)
        beyond = board.near(after, 1) if after is not None else None
        compared = beyond is not None and bool({"compare", "negation"} & board.pieces[beyond].readings.keys())
        if sense in _DELAYS and after is not None and not compared and not board.free_amount(beyond):
            board.add(Compared(sense or "", ">", Decimal(0), AmountUnit.DAYS), at)
            board.take(at, after)

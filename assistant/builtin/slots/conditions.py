"""States, values and days that rows must have, and what "not" and "without" make of them."""

from dataclasses import replace

from assistant.builtin.pieces import Piece
from assistant.builtin.query import DATE_FIELDS, Compared, Condition, HasValue, InState
from assistant.builtin.slots.board import NEAR, Board
from storage.vocabulary import Level
from tools.timewords import TimeRole, TimeSpan

_PAST = frozenset({"was", "were", "did", "stood"})
_ASKING = frozenset({"where", "how", "what", "which", "who"})
_STANDS = frozenset({"stand", "do", "look", "fare", "go"})
_NOW = frozenset({"now", "right now", "today", "by now", "as of now", "as of today"})


def states_and_values(board: Board) -> None:
    for at, piece in enumerate(board.pieces):
        if at in board.used or not ({"states", "value", "opposites"} & piece.readings.keys()):
            continue
        if _is_about_time(board, at):
            continue
        if condition := _condition_of(board, at, piece):
            board.add(condition, at)
            board.take(at)
    for at, _ in board.free("negation"):
        after = board.near(at, 1)
        lacking = _missing(board, after)
        if lacking and after is not None:
            board.add(lacking, after)
            board.take(at, after)


def _is_about_time(board: Board, at: int) -> bool:
    """ "started in 2012" speaks of a date, not of a state."""
    after = board.near(at, 1)
    piece = board.pieces[at]
    dated = after is not None and board.pieces[after].time is not None
    return dated and piece.value("fields") == "started"


def _condition_of(board: Board, at: int, piece: Piece) -> Condition | None:
    before = board.pieces[at - 1].text if at else ""
    state = piece.value("states")
    if state in ("red", "amber", "green") and before in ("reported", "reportedly"):
        return Compared("reported_health", "=", state)
    negated = board.negated(at)
    if opposite := piece.value("opposites"):
        return InState(opposite, not negated)
    value = piece.value("value")
    if value and (state is None or state == "closed" or "closed" in piece.readings.get("states", ())):
        return HasValue(value, board.vocabulary.values[value], negated)
    if state in ("active", "in_progress") and negated and piece.text == "started":
        return InState("not_started")
    return InState(state, negated) if state else None


def _missing(board: Board, at: int | None) -> Condition | None:
    if at is None or at in board.used:
        return None
    level = board.level_at(at)
    if level in (Level.PROGRAM, Level.PORTFOLIO):
        return InState("no_program" if level is Level.PROGRAM else "no_portfolio")
    if level is Level.PROJECT:
        return InState("empty")
    sense = board.field_at(at)
    return Compared(sense, "missing") if sense else None


def times(board: Board) -> None:
    for at, piece in enumerate(board.pieces):
        if piece.time is None or at in board.used:
            continue
        board.query.times.append(piece.time)
        board.take(at)
        _bind(board, at, piece.time)


def _bind(board: Board, at: int, time: TimeSpan) -> None:
    if time.problem or (time.words in _NOW and _said_states(board)):
        return
    state = _pop_state(board, "should_have_finished")
    if state:
        board.add(InState("open"), at)
        _add_window(board, "finish", replace(time, first=None) if time.last else time, at)
    elif time.role is TimeRole.AS_OF:
        board.query.as_of = time.last
    elif sense := _dated_field(board, at):
        if sense == "finish" and any("did" in piece.text.split() for piece in board.pieces):
            sense = "finished"  # "what did we finish last week"
        _add_window(board, sense, time, at)
        board.query.due = board.query.due or (sense == "finish" and any(piece.text == "due" for piece in board.pieces))
    elif _has_state(board, "done") or _has_state(board, "closed"):
        _add_window(board, "finished", time, at)
    elif time.first == time.last and time.role is TimeRole.WITHIN and _is_of_then(board):
        board.query.as_of = time.last
    else:
        board.query.window = board.query.window or time


def _is_of_then(board: Board) -> bool:
    """Whether it asks how things stood: "where was GATE on 1 October"; what a person did then is a matter of days."""
    if _has_state(board, "late"):
        return True
    past = next((at for at, piece in enumerate(board.pieces) if not _PAST.isdisjoint(piece.text.split())), None)
    if past is None or board.query.people or board.query.mine:
        return False
    before = board.pieces[: past + 1]
    asks = any(not _ASKING.isdisjoint(piece.text.split()) for piece in before)
    is_first = all(piece.is_filler for piece in board.pieces[:past])
    return (asks or is_first) and ("did" not in board.pieces[past].text.split() or bool(_STANDS & _words(board)))


def _words(board: Board) -> set[str]:
    return {word for piece in board.pieces for word in piece.text.split()}


def _dated_field(board: Board, at: int) -> str | None:
    """The date field nearest before a time (or right after it)."""
    for place in (*range(at - 1, max(-1, at - 1 - NEAR), -1), at + 1):
        if not 0 <= place < len(board.pieces) or place in board.used - _dated_places(board):
            continue
        senses = board.pieces[place].readings.get("fields", ())
        sense: str | None = next((each for each in senses if each in DATE_FIELDS), None)
        if sense and not ({"states", "value"} & board.pieces[place].readings.keys() and place in board.used):
            board.take(place)
            return sense
    return None


def _dated_places(board: Board) -> set[int]:
    return {at for at in board.used if board.pieces[at].value("fields") in DATE_FIELDS}


def _pop_state(board: Board, state: str) -> bool:
    for conditions in (board.query.conditions, board.query.part):
        if InState(state) in conditions:
            conditions.remove(InState(state))
            return True
    return False


def _said_states(board: Board) -> list[InState]:
    return [each for each in (*board.query.conditions, *board.query.part) if isinstance(each, InState)]


def _has_state(board: Board, state: str) -> bool:
    held = [*board.query.conditions, *board.query.part]
    return any(isinstance(each, InState) and each.state == state and not each.negated for each in held) or (
        state == "closed"
        and any(isinstance(each, HasValue) and not each.negated and "closed" in each.words for each in held)
    )


def _add_window(board: Board, sense: str, time: TimeSpan, at: int) -> None:
    if time.first:
        board.add(Compared(sense, ">=", time.first), at)
    if time.last:
        board.add(Compared(sense, "<=", time.last), at)

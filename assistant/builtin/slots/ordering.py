"""What is measured, by which groups, in which order, and how much of it."""

from assistant.builtin.pieces import Piece
from assistant.builtin.query import DATE_FIELDS, InState
from assistant.builtin.slots.board import CHILDREN, DEPTH, Board, hits_of
from assistant.builtin.slots.delays import at_start, delay_said
from storage.catalogue import FieldKind
from storage.vocabulary import Level
from tools.amounts import AmountUnit

ADDING = ("cost", "overrun", "variance", "actual_cost", "budget", "contract_value", "effort", "remaining", "spent")
_MOST_ROWS = 50  # that a list shows
_ANY = ("most_any", "least_any")
_SUPERLATIVE_FIELDS = frozenset({"cost", "duration", "finish", "start", "delay", "days_late", "overrun", "took"})
_PER = frozenset({"per", "each", "for each", "for every"})


def grouping(board: Board) -> None:
    for at, piece in board.free("group"):
        after = board.near(at, 1)
        what = _groupable(board, after)
        if after is not None and what:
            board.query.group, board.query.is_per = what, piece.text in _PER
            board.take(at, after)
    for at, piece in board.free("order"):
        after = board.near(at, 1)
        what = _groupable(board, after)
        if (
            piece.value("order") == "by"
            and piece.text == "by"
            and after is not None
            and what
            and (_is_measured(board) or _adds(board, at))
        ):
            board.query.group = what
            board.take(at, after)
    _group_of_superlative(board)


def _group_of_superlative(board: Board) -> None:
    """ "which bureau has the most late projects": the first level is the group, the second what is counted."""
    if _group_by_load(board):
        return
    levels = [at for at, _ in board.free("levels") if board.level_at(at)]
    fields = [at for at, piece in board.free("fields") if _grouping_field(board, piece) and not board.level_at(at)]
    fields += [at for at, piece in enumerate(board.pieces) if piece.text == "who"]
    most = [at for at, piece in board.free("superlatives") if _is_of_groups(board, at, piece)]
    for at in most:
        before = [place for place in levels if place < at]
        after = [place for place in levels if place > at]
        held = [place for place in fields if place < at]
        if held and after and not before:
            _group_by_field(board, at, held[0], board.need(after[0]))
            return
        if not before or not after or board.level_at(before[0]) is board.level_at(after[0]):
            continue
        if _counts_as_field(board, at, after[0], board.need(before[0])):
            continue
        if board.is_plural(after[0]) and DEPTH[board.need(after[0])] > DEPTH[board.need(before[0])]:
            board.query.group = board.need(before[0])
            if not any(True for _ in board.free("measures")):
                board.query.measure = "sum" if _between_is_field(board, at, after[0]) else "count"
            board.query.descending = (board.pieces[at].value("superlatives") or "").startswith("most")
            board.query.limit = _limit_before(board, before[0]) or (5 if board.is_plural(before[0]) else 1)
            board.take(at, before[0])
            return


def _group_by_load(board: Board) -> bool:
    """ "who is the busiest" counts the open tasks of each."""
    asks_people = any(piece.text == "who" or _is_people(piece) for piece in board.pieces)
    for at, piece in board.free("superlatives"):
        direction, _, sense = (piece.value("superlatives") or "").partition("_")
        if sense == "load" and asks_people:
            board.query.level, board.query.group, board.query.measure = Level.TASK, "owner", "count"
            board.query.descending, board.query.limit = direction == "most", 5
            board.query.conditions.append(InState("open"))
            board.take(at, *(place for place, each in enumerate(board.pieces) if _is_people(each)))
            return True
    return False


def _is_people(piece: Piece) -> bool:
    return piece.value("levels") == "person" or "people" in piece.readings.get("fields", ())


def _is_of_groups(board: Board, at: int, piece: Piece) -> bool:
    """ "the most late projects", "the biggest share of"."""
    after = board.near(at, 1)
    measured = after is not None and "measures" in board.pieces[after].readings
    return piece.value("superlatives") in ((*_ANY, "most_size", "least_size") if measured else _ANY)


def _group_by_field(board: Board, most: int, at: int, counted: Level) -> None:
    """ "which client has the most projects", "who has the most late tasks"."""
    sense = _grouping_field(board, board.pieces[at]) or "owner"
    if counted is Level.TASK and sense == "manager" and "manag" not in board.pieces[at].text:
        sense = "owner"  # "who owns the most tasks"
    board.query.group, board.query.measure = sense, "count"
    board.query.descending = board.pieces[most].value("superlatives") == "most_any"
    board.query.limit = 5 if board.is_plural(at) or board.pieces[0].text == "who" else 1
    board.take(most, at)


def _counts_as_field(board: Board, most: int, counted: int, level: Level) -> bool:
    """Whether the level keeps that very count as a field, so that its rows can be put in order by it."""
    between = [piece for piece in board.pieces[most + 1 : counted] if not piece.is_filler]
    states = [piece.value("states") for piece in between]
    if len(between) > 1 or (
        counted + 1 < len(board.pieces) and not board.pieces[-1].is_filler and counted != len(board.pieces) - 1
    ):
        return False
    sense = CHILDREN[board.need(counted)]
    key = f"{sense}_{states[0]}" if states and states[0] else sense
    return (not between or bool(states[0])) and board.vocabulary.field(level, key) is not None


def _between_is_field(board: Board, first: int, last: int) -> bool:
    return any(board.measurable(board.field_at(at)) for at in range(first, last))


def _limit_before(board: Board, at: int) -> int | None:
    before = board.near(at, -1)
    amount = board.pieces[before].amount if before is not None else None
    if amount is None or before is None or amount.unit is not AmountUnit.NUMBER:
        return None
    board.take(before)
    return int(amount.value)


def _groupable(board: Board, at: int | None) -> str | None:
    if at is None or at in board.used:
        return None
    piece = board.pieces[at]
    if "parts" in piece.readings:
        return piece.text.rstrip("s")
    return board.level_at(at) or _grouping_field(board, piece)


def _grouping_field(board: Board, piece: Piece) -> str | None:
    if _is_people(piece):
        return "owner"
    senses = piece.readings.get("fields", ())
    return next(iter(senses), None) if not any(map(board.measurable, senses)) else None


def _is_measured(board: Board) -> bool:
    return any(True for kind in ("measures",) for _ in board.free(kind)) or _counts_by_words(board)


def _adds(board: Board, at: int) -> bool:
    """ "budget by client": what adds up stands right before."""
    before = board.near(at, -1)
    return board.field_at(before) in ADDING and not any("superlatives" in piece.readings for piece in board.pieces)


def _counts_by_words(board: Board) -> bool:
    return any("levels" in piece.readings for piece in board.pieces) and not any(
        "superlatives" in piece.readings or "limit" in piece.readings for piece in board.pieces
    )


def superlatives(board: Board) -> None:
    for at, piece in board.free("superlatives"):
        direction, _, sense = (piece.value("superlatives") or "").partition("_")
        if board.query.group or board.query.sort:
            break
        if (sense == "date" and not _is_of_dates(board, at)) or (sense == "any" and _is_plain_extreme(board, at)):
            continue
        sort = _date_field(board, direction) if sense == "date" else None
        sort = (
            sort
            or (delay_said(board, at) if sense in ("any", "delay") else None)
            or (sense if sense in _SUPERLATIVE_FIELDS else None)
            or _field_around(board, at)
            or ("cost" if sense == "size" else None)
        )
        if sort is None:
            continue
        board.query.sort, board.query.descending = sort, direction == "most"
        board.query.limit = _limit_around(board, at)
        board.take(at)
        return
    for at, piece in board.free("limit"):
        limit = _amount_after(board, at)
        if limit:
            board.query.limit, board.query.descending = limit, piece.value("limit") == "top"
            board.take(at)
            return


def _is_of_dates(board: Board, at: int) -> bool:
    """ "the last project to finish", "ends last", "the latest planned finish"; but not "the first 5 projects"."""
    if board.field_at(board.near(at, -1)) in DATE_FIELDS:
        return True
    after = board.near(at, 1)
    if after is None or board.free_amount(after):
        return False
    piece = board.pieces[after]
    dated = "levels" in piece.readings or board.field_at(after) in DATE_FIELDS or bool(hits_of(piece))
    said = any(each.value("fields") in DATE_FIELDS for each in board.pieces)
    return dated and (said or board.pieces[at].text in ("latest", "earliest"))


def _date_field(board: Board, direction: str) -> str:
    for at, piece in board.free("fields"):
        if sense := next((each for each in piece.readings["fields"] if each in DATE_FIELDS), None):
            board.take(at)
            return sense
    return "finish" if direction == "most" else "start"


def _is_plain_extreme(board: Board, at: int) -> bool:
    """ "maximum planned duration of ..." asks for a value, where "which has the maximum ..." asks for a row."""
    is_measure = "measures" in board.pieces[at].readings
    asks_row = any(piece.text in ("which", "who") for piece in board.pieces) or (
        board.query.level is not None and not board.query.plural
    )
    return is_measure and not asks_row


def _field_around(board: Board, at: int) -> str | None:
    """The measurable field near a superlative, after it first; the number of something counts too."""
    after = board.near(at, 1)
    for place in (after, board.near(after, 1) if after is not None else None, board.near(at, -1)):
        sense = board.field_at(place)
        if sense and board.measurable(sense) and place is not None:
            board.take(place)
            return "start_delay" if sense == "delay" and at_start(board, place) else sense
        if count := _counted(board, place):
            return count
    return None


def _counted(board: Board, at: int | None) -> str | None:
    """ "the most late tasks": the count of a lower level, of all or of those in a state."""
    if at is None:
        return None
    level, state, said = board.level_at(at), None, [at]
    if level is None and "states" in board.pieces[at].readings and (after := board.near(at, 1)) is not None:
        state, level, said = board.pieces[at].value("states"), board.level_at(after), [at, after]
    if level not in CHILDREN or board.query.level is None or DEPTH[level] <= DEPTH[board.query.level]:
        return None
    board.take(*said)
    return f"{CHILDREN[level]}_{state}" if state else CHILDREN[level]


def _limit_around(board: Board, at: int) -> int:
    for step in (-1, 1):
        beside = board.near(at, step)
        amount = board.pieces[beside].amount if beside is not None and beside not in board.used else None
        if amount and beside is not None and amount.unit is AmountUnit.NUMBER and amount.value >= 1:
            board.take(beside)
            return min(int(amount.value), _MOST_ROWS)
    after = board.near(at, 1)
    asks_value = after is not None and "fields" in board.pieces[after].readings and not _asks_for_rows(board)
    return 5 if board.query.plural and not asks_value else 1


def _asks_for_rows(board: Board) -> bool:
    return any(piece.text in ("which", "list", "show", "find") for piece in board.pieces)


def _amount_after(board: Board, at: int) -> int | None:
    after = board.near(at, 1)
    amount = board.pieces[after].amount if after is not None and after not in board.used else None
    if amount is None or after is None or amount.unit is not AmountUnit.NUMBER or amount.value < 1:
        return None
    board.take(after)
    return min(int(amount.value), _MOST_ROWS)


def measures(board: Board) -> None:
    for at, piece in board.free("measures"):
        measure = piece.value("measures")
        if board.query.measure is None or (board.query.measure == "count" and measure in ("mean", "median")):
            board.query.measure = measure
        board.take(at)
    if board.query.measure is None and board.query.sort is None:
        for at, piece in board.free("superlatives"):
            if "measures" in piece.readings:
                board.query.measure = "max" if piece.value("superlatives") == "most_any" else "min"
                board.take(at)


def order(board: Board) -> None:
    for at, piece in board.free("order"):
        if piece.value("order") == "by":
            after = board.near(at, 1, over=lambda each: each.is_filler or "measures" in each.readings)
            sense = board.field_at(after)
            if sense and after is not None:
                board.query.sort = sense
                if board.query.limit is None:
                    board.query.descending = board.kind(sense) is not FieldKind.DATE
                board.take(at, after)
        else:
            board.query.descending = piece.value("order") == "descending"
            board.take(at)


def asked_fields(board: Board) -> None:
    for at, piece in board.free("fields"):
        senses = piece.readings["fields"]
        board.take(at)
        if senses[0] == "people" and board.query.measure is None:
            continue  # who is meant, not a field: only how many is asked of it
        if board.query.measure in ("sum", "mean", "median", "min", "max", "share") and board.query.of is None:
            measurable = next((sense for sense in senses if board.measurable(sense)), None)
            if measurable:
                board.query.of = measurable
                continue
        board.query.asked.append(senses[0])
        board.query.words[senses[0]] = piece.text
        board.query.by_label = board.vocabulary.is_label(senses[0], piece.text)

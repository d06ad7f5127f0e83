"""Whom and what a message is about: tasks, names, people, and the level asked for."""

from collections.abc import Sequence

from assistant.builtin.pieces import Piece
from assistant.builtin.query import HasValue, Scope
from assistant.builtin.slots.board import Board, hits_of, is_article, surest
from storage.vocabulary import Level
from tools.names import Hit, How


def task_keys(board: Board) -> None:
    for at, piece in enumerate(board.pieces):
        if piece.task is not None:
            board.query.task = piece
            board.take(at)
            before = board.near(at, -1, over=is_article)
            if board.level_at(before) is Level.TASK and before is not None:
                board.take(before)


def names(board: Board) -> None:
    for at, piece in enumerate(board.pieces):
        hits = hits_of(piece)
        if _is_client(board, at, piece):
            continue
        if at in board.used or not hits or all(hit.row.level is Level.PERSON for hit in hits):
            continue
        if (only := _only_child(board, at, hits)) is None:
            hits = surest(hits)
        level = _level_beside(board, at, only or hits)
        negated = board.negated(at)
        fitting = only or tuple(hit for hit in hits if level is None or hit.row.level is level)
        board.query.scopes.append(Scope(piece.text, surest(fitting), level, negated, _is_predicate(board, at)))
        board.take(at)


def _is_predicate(board: Board, at: int) -> bool:
    """Whether it is said of something that it is, or belongs to, this one."""
    before = [piece.text for piece in board.pieces[:at] if not is_article(piece)]
    while before and before[-1] in _WHERE:
        before.pop()
    return bool(before) and before[-1] in _BEING


_WHERE = frozenset({"in", "at", "of", "to", "from", "with", "within", "under", "inside"})
_BEING = frozenset(
    {"is", "are", "was", "were", "belong", "belongs", "lies", "lie", "sits", "sit", "comes", "falls", "goes"}
)


def _is_client(board: Board, at: int, piece: Piece) -> bool:
    """ "client Osprey" is the client, though a project may be called so too."""
    before = board.near(at, -1)
    if before is None or "value" not in piece.readings or board.field_at(before) != "client":
        return False
    board.query.conditions.append(
        HasValue(piece.readings["value"][0], board.vocabulary.values[piece.readings["value"][0]], by_field=True)
    )
    board.take(before, at)
    return True


def _only_child(board: Board, at: int, hits: Sequence[Hit]) -> tuple[Hit, ...] | None:
    """ "the eRA project" is the one project under eRA that is called after it; but not "which eRA project"."""
    after = board.near(at, 1, over=is_article)
    level = board.level_at(after)
    sure = [hit for hit in hits if hit.how > How.PART]
    if after is None or level is None or board.is_plural(after) or not sure or sure[0].row.level is level:
        return None
    if any(_CHOOSING & piece.readings.keys() or piece.text in _WHICH for piece in board.pieces):
        return None
    parents = {hit.row.place for hit in sure}
    below = tuple(hit for hit in hits if hit.row.level is level and parents & set(hit.row.parents))
    return below if len(below) == 1 else None


_CHOOSING = frozenset({"superlatives", "measures", "group", "limit"})
_WHICH = frozenset({"which", "any", "every", "all", "no", "list", "show"})


def _level_beside(board: Board, at: int, hits: Sequence[Hit]) -> Level | None:
    """The level word that belongs to a name: "project 2006", "the Medicare Appeals System investment"."""
    levels = {hit.row.level for hit in hits}
    for step in (-1, 1):
        beside = board.near(at, step, over=is_article)
        level = board.level_at(beside)
        if beside is None or level not in levels or board.is_plural(beside):
            continue
        board.take(beside)
        return level
    return None


def people(board: Board) -> None:
    for at, piece in enumerate(board.pieces):
        hits = tuple(hit for hit in hits_of(piece) if hit.row.level is Level.PERSON)
        if at not in board.used and hits and not _ROLES & set(piece.readings.get("fields", ())):
            board.query.people.append(Scope(piece.text, hits, Level.PERSON, board.negated(at)))
            board.take(at)
    if board.query.people:
        roles = [board.pieces[at].value("fields") for at, _ in board.free("fields")]
        board.query.person_role = next((role for role in roles if role in ("manager", "owner")), None)
        board.take(*(at for at, piece in board.free("fields") if piece.value("fields") in ("manager", "owner")))


_ROLES = frozenset({"owner", "manager", "people"})  # a person may be on file as "Owner"


def whose(board: Board) -> None:
    for at, _ in board.free("me"):
        board.query.mine = True
        board.take(at)
    board.take(*(at for at, piece in board.free("whole") if "levels" not in piece.readings))


def targets(board: Board) -> None:
    """The level asked for: the first after a measure, else the first; a level above it that stands alone is left."""
    levels = [at for at, _ in board.free("levels") if board.level_at(at)]
    if not levels:
        return
    measures = [at for at, _ in board.free("measures")]
    after = [at for at in levels if measures and at > measures[0]]
    chosen = (after or levels)[0]
    board.query.level, board.query.plural, board.target_at = board.need(chosen), board.is_plural(chosen), chosen
    board.take(chosen)

"""Composes a query from the pieces of a message."""

from collections.abc import Sequence

from assistant.builtin.pieces import Piece
from assistant.builtin.query import Query
from assistant.builtin.slots import (
    by_person,
    comparing,
    conditions,
    describing,
    impossible,
    ordering,
    settling,
    subjects,
    text_search,
)
from assistant.builtin.slots.board import Board
from assistant.builtin.vocabulary import Vocabulary

# Each step takes the pieces it understands away from those after it.
_STEPS = (
    subjects.task_keys,
    text_search.text_searches,
    subjects.names,
    describing.descriptions,
    subjects.people,
    subjects.whose,
    impossible.impossible,
    ordering.grouping,
    subjects.targets,
    ordering.superlatives,
    comparing.comparisons,
    comparing.signed,
    comparing.having,
    ordering.measures,
    conditions.states_and_values,
    conditions.times,
    ordering.order,
    ordering.asked_fields,
    settling.settle_all,
    by_person.by_person,
)


def compose(pieces: Sequence[Piece], vocabulary: Vocabulary) -> Query:
    """The query that these pieces make."""
    board = Board(pieces, vocabulary)
    for step in _STEPS:
        step(board)
    return board.query

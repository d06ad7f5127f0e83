"""Clients as names: the one project that is done for a client may be called by the client's name."""

from assistant.builtin.message import Message
from assistant.builtin.query import HasValue, Query
from storage.selection.conditions import Comparison, Operator
from storage.selection.frames import Clock, Selection
from storage.selection.rows import list_rows
from storage.vocabulary import Level
from tools.resolve import Match

CLIENT = "client"


def only_project(message: Message, query: Query) -> Match | None:
    """The project of the client that is spoken of, where there is one; the condition is then taken out of the query."""
    said = next((each for each in query.conditions if isinstance(each, HasValue) and client_of(each)), None)
    if said is None or said.by_field or query.level not in (None, Level.TASK):
        return None
    field = message.vocabulary.catalogues[Level.PROJECT].fields[CLIENT]
    condition = Comparison(field, Operator.EQUALS, client_of(said))
    selection = Selection(Level.PROJECT, Clock(message.today), conditions=(condition,))
    rows = list_rows(message.session, message.reader, selection, [], limit=2)
    if len(rows) != 1:
        return None
    query.conditions.remove(said)
    return message.row_of(Level.PROJECT, rows[0].key)


def client_of(condition: HasValue) -> str | None:
    """The one client that a condition asks for; None where it asks for something else, or for others than one."""
    values = [value for each in condition.options if each.field == CLIENT for value in each.values]
    return values[0] if len(values) == 1 and not condition.negated else None

"""How sure a reading is: taken, taken with a note of how it was read, or asked back where two are close."""

from collections.abc import Mapping

from assistant.builtin import replies
from assistant.builtin.following import Whole
from assistant.builtin.intent import FOREIGN
from assistant.builtin.message import Instead, Message
from assistant.builtin.query import Query
from tools.facts import Clarification, Option
from tools.names import How
from tools.resolve import Match

READING = "reading"  # the kind of an option that is no row, but one of two things a message may ask for
NOTED = 0.6  # below this chance, an answer says how the message was read
_CLOSE = 0.5  # below this chance the likeliest tool is not taken without asking
_NEAR = 0.6  # the second of them is then asked about, too, if it is this nearly as likely
_OF_PART = 0.85  # what a name of which a part was said is worth; whole names and codes are sure
_OF_SLIPS = 0.9
_OF_ONE_OF_TWO = 0.85  # where another row could have been meant


def chosen_tool(message: Message) -> str:
    """The tool that the asker chose when two readings were close; empty where none was."""
    return message.chosen.key if message.chosen and message.chosen.kind == READING else ""


def ask_between(message: Message, whole: Whole, tools: Mapping[str, float], tool: str, scope: Match | None) -> None:
    """Ask which of two things is wanted, where nothing else separates them."""
    if tool != max(tools, key=lambda each: tools[each]) or whole.tool or message.chosen or says_which(whole.query):
        return
    others = {other: chance for other, chance in tools.items() if other not in (tool, FOREIGN)}
    second = max(others, key=lambda each: others[each])
    if tools[tool] >= _CLOSE or tools[second] < _NEAR * tools[tool] or {tool, second} in _ALIKE:
        return
    name = scope.name if scope else ""
    options = tuple(Option(each, replies.reading(each, name), READING) for each in (tool, second))
    raise Instead(Clarification(replies.which_reading(*(each.label for each in options)), options))


def sureness(chance: float, query: Query, subject: Match | None) -> float:
    """The chance that both the tool and the names are right."""
    hits = [scope.hits[0] for scope in (*query.scopes, *query.people)]
    if any(hit.how is How.PART for hit in hits):
        chance *= _OF_PART
    if any(hit.misspelt for hit in hits):
        chance *= _OF_SLIPS
    return chance * (_OF_ONE_OF_TWO if subject and subject.instead_of else 1.0)


def says_which(query: Query) -> bool:
    """Whether what the query holds settles it."""
    return bool(query.is_analytic or query.level or query.task or query.topics or query.asked or query.conditions)


# What answers much the same: asking would be a needless question.
_ALIKE = (
    {"portfolio_overview", "list_tasks"},
    {"project_status", "portfolio_overview"},
    {"project_status", "task_details"},
    {"my_work", "list_tasks"},
    {"finances", "portfolio_overview"},
    {"task_details", "list_tasks"},
    {"propose_change", "record_update"},
    {"utilisation", "my_work"},
)

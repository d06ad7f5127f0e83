"""The odds of a message's tools: the classifier's, moved by what the query holds, and when either settles it alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.builtin import intent
from assistant.builtin.masking import masked
from assistant.builtin.pieces import Piece
from assistant.builtin.query import QUERIED, Query, Scope
from assistant.builtin.routing import route
from storage.vocabulary import Level
from tools.names import How
from tools.resolve import Match

NO_DOUBT = 0.95  # the chance from which the words alone settle it
_SETTLED = 0.85  # the chance from which no evidence takes a message from a tool
SURE = 0.5  # the chance from which a tool is taken to be meant
_LIKELY = 0.75  # the chance from which a message is foreign although it holds words of ours
_SURELY_FOREIGN = 0.9  # the chance from which not even a project's name makes a message one of ours
_LEAST_OURS = 0.15  # below it, none of the tools is worth a project's name
_MOST = 0.5  # the share of a name from which it is hardly said by chance


def likeliest(tools: Mapping[str, float]) -> str:
    return max(tools, key=lambda each: tools[each])


@dataclass(frozen=True)
class Odds:
    """The classifier's chances of each tool and of none, and the words that only foreign messages hold."""

    chances: Mapping[str, float]
    foreign_words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> "Odds":
        model = intent.load()
        return cls(model.probabilities(masked(pieces)), model.foreign_words)

    @property
    def surely(self) -> str:
        """The tool that the words alone settle; empty where they do not."""
        tool = likeliest(self.chances)
        return tool if self.chances[tool] >= _SETTLED else ""

    @property
    def is_surely_filled(self) -> bool:
        """Whether the words alone settle it for a tool that takes no query."""
        return self.surely not in (*QUERIED, intent.FOREIGN, "")

    def routed(self, query: Query, scope: Match | None) -> dict[str, float]:
        """The chances with the evidence of the query."""
        return route(query, scope, self.chances, self.foreign_words)

    def tools(self, query: Query, scope: Match | None) -> dict[str, float]:
        """The same where nothing settles it; a name alone makes no message ours, and none takes a named one away."""
        tools = self.routed(query, scope)
        if query.among or _is_named_alone(query) or (_is_about_work(query) and _may_be_ours(tools)):
            tools.pop(intent.FOREIGN, None)
        elif self.chances.get(intent.FOREIGN, 0.0) > (_LIKELY if _asks_for_data(query) else SURE):
            tools[intent.FOREIGN] = 1.0
        is_filled = self.is_surely_filled and not _is_bare_lookup(query)
        is_own_work = self.surely == "my_work" and _is_of_nobody(query, scope)
        return dict(self.chances) if is_filled or is_own_work else tools


def is_named(query: Query) -> bool:
    """Whether what the message is about is named beyond chance."""
    return _is_named_alone(query) or _is_about_work(query)


def _is_named_alone(query: Query) -> bool:
    """Whether nothing is said but a row's whole name or code, with words that are known around it."""
    hits = [scope.hits[0] for scope in query.scopes]
    return bool(hits) and not query.unknown and all(hit.how > How.PART and not hit.misspelt for hit in hits)


def _is_about_work(query: Query) -> bool:
    """Whether a project or a task is named, nearly in whole; clients and offices are named in much other talk, too."""
    named = (scope.hits[0] for scope in query.scopes if _is_nearly_whole(scope))
    return query.task is not None or any(hit.row.level is Level.PROJECT for hit in named)


def _is_nearly_whole(scope: Scope) -> bool:
    hit = scope.hits[0]
    return hit.how > How.PART or hit.cover > _MOST or len(scope.words.split()) > 2


def _may_be_ours(tools: Mapping[str, float]) -> bool:
    """Whether some tool is likely enough beside the chance that a message is for none."""
    ours = max(chance for tool, chance in tools.items() if tool != intent.FOREIGN)
    return ours > _LEAST_OURS and tools[intent.FOREIGN] < _SURELY_FOREIGN


def _asks_for_data(query: Query) -> bool:
    return bool(query.plural or query.is_analytic or query.conditions or (query.asked and query.scopes))


def _is_bare_lookup(query: Query) -> bool:
    """Whether one field of what is named is asked for, and nothing else: words of it may be those of another tool."""
    return bool(query.scopes) and len(query.asked) == 1 and not (query.conditions or query.window)


def _is_of_nobody(query: Query, scope: Match | None) -> bool:
    """ "todos": tasks of which nothing more is said, neither where nor which."""
    return query.level in (None, Level.TASK) and not (scope or query.conditions or query.is_analytic or query.people)

"""The tools a language model may use for one answer, as the asker: few at first, called by name, counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assistant.answer import Question, ToolCall
from assistant.calling import as_resolved, call_tool, settle_arguments
from assistant.narration import put_words
from assistant.progress import say_progress
from assistant.prompts import MORE, MORE_TOOLS, fact_words, tool_menu, tool_schema
from storage.engine import Store
from tools.catalog import COMING, TOOLS, find_tool
from tools.facts import Clarification, Fact, Refusal, ToolResult
from tools.names import NameIndex
from tools.toolkit import ArgumentsMisfit

MOST_CALLS = 20
MOST_SLIPS = 4  # calls that could not be made, before the model is taken to be lost
SURE_OF_TOOLS = 0.8  # the confidence from which only the tools that were understood are offered first
MOST_OFFERED = 4
LEAST_CHANCE = 0.1


@dataclass
class Toolbox:
    """What may be called, and what calling it gave. The principal is the question's, whatever the arguments say."""

    store: Store
    question: Question
    index: NameIndex
    today: date
    as_of: date | None
    offered: list[str]
    until: float
    is_stopped: Callable[[], bool]
    status: Callable[[str], None]
    facts: list[Fact] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    made: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # the calls, as they were written
    ended_by: Clarification | Refusal | None = None  # the server's own words, which end the answer
    declined: Refusal | None = None
    is_menu_told: bool = False
    slips: int = 0
    asked: int = 0

    @property
    def schemas(self) -> list[dict[str, Any]]:
        """The offered tools as a model is told of them, and the way to the others."""
        offered = [tool_schema(find_tool(name), is_brief=name in COMING) for name in self.offered]
        return offered if len(offered) == len(TOOLS) else [*offered, MORE_TOOLS]

    @property
    def is_lost(self) -> bool:
        """Whether the model calls and calls, and nothing comes of it."""
        return self.slips >= MOST_SLIPS or self.asked > MOST_CALLS

    def use(self, name: str, arguments: Mapping[str, Any]) -> tuple[str, Fact | None]:
        """What the model is told of a call, and the fact it gave."""
        self.asked += 1
        if self.ended_by is not None:
            return "Not called: the asker is asked something first.", None
        if self.asked > MOST_CALLS:
            return "No more tools for this answer.", None
        if name == MORE:
            return self._more(arguments.get("names")), None
        if name not in self.offered:
            return self._slip(f"There is no tool {name!r} here. There are: {', '.join(self.offered)}, {MORE}."), None
        return self._called(name, arguments)

    def _called(self, name: str, arguments: Mapping[str, Any]) -> tuple[str, Fact | None]:
        try:
            with self.store.reading() as session:
                settled = settle_arguments(session, self.question, self.index, name, arguments, self.today)
        except ArgumentsMisfit as misfit:
            return self._slip(str(misfit)), None
        if (name, settled) in self.made:
            return self._slip("You have the result of that call already."), None
        self.made.append((name, settled))
        self.status(say_progress(name, settled, self.index))
        called = call_tool(
            self.store,
            self.question,
            self.index,
            name,
            settled,
            as_of=self.as_of,
            deadline=self.until,
            cancelled=self.is_stopped,
        )
        result = called.result
        self.calls.append(as_resolved(called.call, result, self.index) if isinstance(result, Fact) else called.call)
        return self._told(name, result)

    def _told(self, name: str, result: ToolResult) -> tuple[str, Fact | None]:
        match result:
            case Fact():
                fact = put_words(result.model_copy(update={"id": f"f{len(self.facts) + 1}"}), result.as_of)
                self.facts.append(fact)
                return fact_words(fact), fact
            case Refusal(outcome="declined", sentence=sentence) if name not in COMING:
                self.declined = result
                return self._slip(sentence), None
            case Clarification(question=sentence) | Refusal(sentence=sentence):
                self.ended_by = result
                return sentence, None

    def _more(self, names: Any) -> str:
        """The other tools, a line each; those that are named, as many as are offered at once, become callable."""
        others = [tool for tool in TOOLS if tool.name not in self.offered]
        asked = names if isinstance(names, list) else [names]
        wanted = [tool.name for tool in others if tool.name in asked][:MOST_OFFERED]
        if wanted:
            self.offered += wanted
            return f"Callable now: {', '.join(wanted)}."
        if self.is_menu_told:
            return self._slip(f"You have the list; call {MORE} with names of it.")
        self.is_menu_told = True
        return tool_menu(others)

    def _slip(self, sentence: str) -> str:
        self.slips += 1
        return sentence


def route(understood: Sequence[str], confidence: float, chances: Callable[[], Mapping[str, float]]) -> list[str]:
    """The tools to offer first: those the built-in model took, alone where it is sure, else with the likeliest."""
    if understood and confidence >= SURE_OF_TOOLS:
        return list(dict.fromkeys(understood))[:MOST_OFFERED]
    chance = chances()
    likely = sorted((tool.name for tool in TOOLS if tool.name in chance), key=lambda name: -chance[name])
    fitting = [name for name in likely if chance[name] >= LEAST_CHANCE]
    return list(dict.fromkeys([*understood, *(fitting or likely[:1])]))[:MOST_OFFERED]

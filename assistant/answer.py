"""A question as a surface asks it, who listens for the answer, and the one Answer object every surface shows."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from storage.access import Reader
from storage.vocabulary import Level
from tools.facts import Fact, Option
from tools.proposing import ChangeProposal

Outcome = Literal["answered", "asked_back", "declined", "not_found", "refused", "failed"]


class Question(BaseModel):
    """What was asked, by whom, in which thread. The reader comes from the surface, never from text."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    text: str
    reader: Reader
    onlooker_id: int | None = None  # who looks through the reader's eyes: nothing is proposed or kept for the reader
    today: date
    surface: str = "api"
    thread: str | None = None
    is_thread_shared: bool = False  # others may have asked in it before, heard by the same audience
    room: tuple[Level, str] | None = None  # level and key of what the room it is asked in is about
    as_of: date | None = None

    @property
    def accountable_id(self) -> int | None:
        """Who has asked, whoever's eyes they look through."""
        return self.onlooker_id or self.reader.person_id


class Listener:
    """Who waits for an answer. A surface overrides what it can show; this one waits in silence.

    Called from the thread that answers. The Answer's text in the end is what counts: it holds all passages, in order.
    """

    def status(self, words: str) -> None:
        """What is being done now, in a few words."""

    def passage(self, text: str) -> None:
        """The next words of the answer, after they passed every check."""

    @property
    def stopped(self) -> bool:
        """Whether nobody waits any longer; work then ends at the next occasion."""
        return False

    def idle(self) -> AbstractContextManager[None]:
        """Entered while nothing is computed, since a language model is waited for."""
        return nullcontext()


class ToolCall(BaseModel):
    """A tool with its arguments as resolved: keys, e-mails, ISO dates."""

    name: str
    arguments: dict[str, Any]
    ms: float = 0.0
    confidence: float = 1.0  # the chance that the built-in model gave its reading


class Citation(BaseModel):
    """A row that an answer stands on: `id` is its kind and key ("task:GATE-31"), `url` its page of ours."""

    id: str
    kind: str
    label: str
    url: str


class Answer(BaseModel):
    """The result of one question. `contract()` is the JSON of DESIGN section 7."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    outcome: Outcome
    text: str
    understood: str = ""
    facts: list[Fact] = Field(default_factory=list)
    citations: list[Citation] = Field(default_factory=list)
    question_back: str | None = None
    options: list[Option] = Field(default_factory=list)
    charts: list[dict[str, Any]] = Field(default_factory=list)
    tools: list[ToolCall] = Field(default_factory=list)
    grounded_figures: int = 0
    unsupported_figures: int = 0
    suggestions: list[str] = Field(default_factory=list)
    thread: str = ""
    message: int | None = None  # its number in the thread; None where it was not kept
    model: str = "builtin"
    degraded: bool = False
    stopped: bool = False  # by the asker, before its end
    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    latency_ms: float = 0.0
    as_of: date | None = None

    @property
    def proposals(self) -> list[str]:
        """The keys of what was proposed with it; each has a card of its own."""
        found = (fact.proposal for fact in self.facts if isinstance(fact, ChangeProposal))
        return list(dict.fromkeys(str(figure.value) for figure in found if figure is not None))

    def contract(self) -> dict[str, Any]:
        """The Answer as other programs read it: instants and days in ISO form, `latency_ms` to a tenth."""
        return {
            "outcome": self.outcome,
            "text": self.text,
            "understood": self.understood,
            "facts": [fact.contract() for fact in self.facts],
            "citations": [citation.model_dump() for citation in self.citations],
            "proposals": self.proposals,
            "clarify": self._clarify(),
            "charts": self.charts,
            "tools": [call.model_dump() for call in self.tools],
            "grounding": {"figures": self.grounded_figures, "unsupported": self.unsupported_figures},
            "suggestions": self.suggestions,
            "thread": self.thread,
            "message": self.message,
            "model": self.model,
            "degraded": self.degraded,
            "stopped": self.stopped,
            "model_calls": self.model_calls,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "latency_ms": round(self.latency_ms, 1),
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }

    def _clarify(self) -> dict[str, Any] | None:
        if self.question_back is None:
            return None
        options = [{"key": option.key, "label": option.label, "kind": option.kind} for option in self.options]
        return {"question": self.question_back, "options": options}

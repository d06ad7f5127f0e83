"""Our rules around LangChain's agent loop: what a model sees, how its reply is read, how its calls are made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from time import monotonic
from typing import Any, cast

from langchain.agents import create_agent
from langchain.agents.middleware.types import AgentMiddleware, AgentState, ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langgraph.types import Command
from langsmith.run_helpers import tracing_context

from assistant.answer import Listener
from assistant.faults import AnswerSpent, CallsMalformed, ModelFault, ProseUngrounded
from assistant.grounding import Ground, Names
from assistant.models import LanguageModel
from assistant.prompts import SYSTEM
from assistant.reply import Reply, Stopped, Waiting
from assistant.speech import Speech
from assistant.tokens import count_tokens
from assistant.toolbox import Toolbox

MOST_MODEL_CALLS = 12
MOST_STEPS = 60  # of the loop: a model's reply and its tools are two
MEND = "That answer cannot be given: {problems} Write it again without that{kept}."
KEPT = "; what you wrote before it stands, so go on from there"
POINTLESS = "It refers to no field of a result."
UNREADABLE = "A tool call could not be read: its arguments must be one JSON object. Call again."


@dataclass
class Talk:
    """One answer in the making: what was sent and heard, what was found, what was told."""

    model: LanguageModel
    toolbox: Toolbox
    speech: Speech
    names: Names
    has_fallback: bool  # whether the built-in model could answer instead
    until: float
    listener: Listener
    bare: str = ""  # prose that came without any fact
    fault: ModelFault | None = None
    is_stopped_early: bool = False
    requests: list[str] = field(default_factory=list)
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def run(self, words: str) -> None:
        """The loop from the question to its end; faults and stops are noted, not raised."""
        try:
            with tracing_context(enabled=False):
                loop_of(self.model).invoke(
                    {"messages": [HumanMessage(words)]},
                    {"recursion_limit": MOST_STEPS, "max_concurrency": 1},
                    context=self,
                )
        except ModelFault as fault:
            self.fault = fault
        except Stopped:
            self.is_stopped_early = True

    def reply(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """The model's next message, told to the asker as far as it is prose about facts."""
        if self.toolbox.ended_by is not None:
            return AIMessage("")
        if self.toolbox.is_lost:
            raise AnswerSpent
        message = self._heard(messages, self.toolbox.schemas)
        if message.invalid_tool_calls and not message.tool_calls:
            message = self._again(messages)
        if message.tool_calls:
            self.speech.withdraw()
            return AIMessage(content=message.content, tool_calls=message.tool_calls)
        if self.toolbox.facts and not self._is_good:
            self._mend(messages, message)
        self.speech.release()
        return message

    @property
    def _is_good(self) -> bool:
        """Whether what was heard can be told, and tells something of the facts."""
        return not self.speech.problems and self.speech.figures > 0

    def _heard(self, messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]]) -> AIMessage:
        self._check_budget()
        reply = Reply(self.model, messages, tools, self._waiting())
        try:
            if self.toolbox.facts:
                self.speech.hear(Ground.of(self.toolbox.facts, self.toolbox.question.text, self.names), reply.deltas())
            else:
                self.bare = "".join(reply.deltas())
        finally:
            self._note(reply)
        return reply.message

    def _again(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """Once more, where nothing of what was asked for could be read."""
        message = self._heard([*messages, HumanMessage(UNREADABLE)], self.toolbox.schemas)
        if message.invalid_tool_calls and not message.tool_calls:
            raise CallsMalformed
        return message

    def _mend(self, messages: Sequence[BaseMessage], message: AIMessage) -> None:
        """The one rebuild of prose that said more than the facts."""
        kept = KEPT if self.speech.told else ""
        problems = " ".join(dict.fromkeys(self.speech.problems))[:1_000] or POINTLESS
        asked = HumanMessage(MEND.format(problems=problems, kept=kept))
        self._heard([*messages, AIMessage(message.content), asked], [])
        if not self._is_good:
            self.speech.withdraw()
            raise ProseUngrounded

    def _check_budget(self) -> None:
        settings = self.model.settings
        is_spent = self.prompt_tokens + self.completion_tokens >= settings.answer_tokens
        if is_spent or len(self.requests) >= MOST_MODEL_CALLS or monotonic() >= self.until:
            raise AnswerSpent

    def _waiting(self) -> Waiting:
        settings = self.model.settings
        is_spare = self.has_fallback or bool(self.toolbox.facts)
        first = min(settings.patience_seconds, settings.timeout_seconds) if is_spare else settings.timeout_seconds
        listener = self.listener
        return Waiting(first, settings.timeout_seconds, self.until, lambda: listener.stopped, listener.idle)

    def _note(self, reply: Reply) -> None:
        self.requests += reply.sent
        self.prompt_tokens += sum(count_tokens(body) for body in reply.sent)
        self.completion_tokens += count_tokens(reply.text + reply.called)


@cache
def loop_of(model: LanguageModel) -> Any:
    """LangChain's agent for a model; it keeps nothing of an answer, so that one serves all."""
    return create_agent(model.chat, tools=[], system_prompt=SYSTEM, middleware=[_Rules()], context_schema=Talk)


class _Rules(AgentMiddleware[AgentState[Any], Talk]):
    """Hands each step of the loop to the Talk it belongs to; the framework's own model and tool calls are not used."""

    def wrap_model_call(
        self, request: ModelRequest[Talk], handler: Callable[[ModelRequest[Talk]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        messages = [*([request.system_message] if request.system_message else []), *request.messages]
        return ModelResponse(result=[request.runtime.context.reply(messages)])

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage:
        called = request.tool_call
        talk: Talk = cast("Any", request.runtime).context
        words, fact = talk.toolbox.use(called["name"], called["args"])
        return ToolMessage(words, tool_call_id=called["id"] or "", name=called["name"], artifact=fact)

"""One question, one road: find its thread, answer it as the asker, keep what was said."""

from contextlib import AbstractContextManager
from time import perf_counter
from typing import TYPE_CHECKING, Any

from assistant import recording
from assistant.answer import Answer, Listener, Question
from assistant.builtin_answers import answer_by_builtin, answer_by_call
from assistant.recording import Thread
from storage.engine import Store
from storage.text import clean

if TYPE_CHECKING:
    from assistant.models import LanguageModel

EMPTY = (
    "You asked nothing yet. Try “where is” and a project's name, “what is late?” or “what is on my plate this week?”"
)


class Assistant:
    """Answers questions over one store: with a language model where there is one, else with the built-in one."""

    def __init__(self, store: Store, language_model: "LanguageModel | None" = None) -> None:
        self.store, self.language_model = store, language_model

    def ask(self, question: Question, listener: Listener | None = None) -> Answer:
        """The Answer to one question, recorded in the asker's thread. Expected failures are outcomes, not errors."""
        started = perf_counter()
        telling = _Telling(listener or Listener())
        question = question.model_copy(update={"text": clean(question.text)})
        thread = recording.open_thread(self.store, question)
        if question.text.strip():
            telling.status("Reading your question")
            answer, focus = self._answered(question, thread, telling)
        else:
            answer, focus = Answer(outcome="declined", text=EMPTY), thread.focus
        telling.rest_of(answer.text)
        answer.thread = thread.name
        answer.latency_ms = (perf_counter() - started) * 1000
        recording.record(self.store, question, answer, focus)
        return answer

    def fill_in(self, question: Question, tool: str, arguments: dict[str, Any]) -> Answer:
        """The Answer to a form that says which tool is meant; recorded as the question's words."""
        thread = recording.open_thread(self.store, question)
        answer = answer_by_call(self.store, question, tool, arguments)
        answer.thread = thread.name
        recording.record(self.store, question, answer, thread.focus)
        return answer

    def glance(self, question: Question, tool: str, arguments: dict[str, Any]) -> Answer:
        """What a page of the asker's own shows unasked; nothing of it is recorded."""
        return answer_by_call(self.store, question, tool, arguments)

    def _answered(self, question: Question, thread: Thread, listener: Listener) -> tuple[Answer, dict[str, Any]]:
        if self.language_model is None:
            return answer_by_builtin(self.store, question, thread.focus, listener)
        from assistant.model_answers import answer_by_model

        return answer_by_model(self.store, question, thread.focus, listener, self.language_model)


def warm(model: "LanguageModel") -> None:
    """Load what the first answer of a language model needs, ahead of it."""
    from assistant.middleware import loop_of
    from assistant.tokens import count_tokens

    loop_of(model)
    count_tokens("")


class _Telling(Listener):
    """Tells the listener each word of the answer once, in order."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.told = ""

    def status(self, words: str) -> None:
        self.listener.status(words)

    def passage(self, text: str) -> None:
        self.told += text
        self.listener.passage(text)

    @property
    def stopped(self) -> bool:
        return self.listener.stopped

    def idle(self) -> AbstractContextManager[None]:
        return self.listener.idle()

    def rest_of(self, text: str) -> None:
        """The lines of the whole text that were not told yet; none where it is not what was begun."""
        if text.startswith(self.told):
            for line in text.removeprefix(self.told).splitlines(keepends=True):
                self.passage(line)

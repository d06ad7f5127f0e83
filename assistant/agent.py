"""One question, one road: find its thread, answer it as the asker, keep what was said."""

from time import perf_counter

from assistant import recording
from assistant.answer import Answer, Listener, Question
from assistant.builtin_answers import answer_by_builtin
from storage.engine import Store
from storage.text import clean

EMPTY = (
    "You asked nothing yet. Try “where is” and a project's name, “what is late?” or “what is on my plate this week?”"
)


class Assistant:
    """Answers questions over one store with the built-in model."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def ask(self, question: Question, listener: Listener | None = None) -> Answer:
        """The Answer to one question, recorded in the asker's thread. Expected failures are outcomes, not errors."""
        started = perf_counter()
        listener = listener or Listener()
        question = question.model_copy(update={"text": clean(question.text)})
        thread = recording.open_thread(self.store, question)
        if question.text.strip():
            listener.status("Reading your question")
            answer, focus = answer_by_builtin(self.store, question, thread.focus, listener)
        else:
            answer, focus = Answer(outcome="declined", text=EMPTY), thread.focus
        answer.thread = thread.name
        answer.latency_ms = (perf_counter() - started) * 1000
        recording.record(self.store, question, answer, focus)
        return answer

"""Stand-ins a test can read at one glance."""

from threading import Event, Semaphore

from assistant.answer import Answer, Listener, Question


class FixedAssistant:
    """Gives every question the same answer, and remembers the questions."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.questions: list[Question] = []

    def ask(self, question: Question, listener: Listener | None = None) -> Answer:
        self.questions.append(question)
        (listener or Listener()).status("Looking it up")
        return self.answer.model_copy(update={"thread": question.thread or "t-1"})


class BrokenAssistant:
    """Fails in a way nobody expected."""

    def ask(self, question: Question, listener: Listener | None = None) -> Answer:
        raise ZeroDivisionError("a surprise with a secret in it")


class SlowAssistant:
    """Says one passage each time it is let, and stops where nobody listens any longer."""

    def __init__(self, *passages: str) -> None:
        self.passages, self.steps, self.was_stopped = passages, Semaphore(0), Event()

    def go_on(self, passages: int = 1) -> None:
        self.steps.release(passages)

    def ask(self, question: Question, listener: Listener | None = None) -> Answer:
        listener = listener or Listener()
        listener.status("Looking at Tern Gateway")
        for passage in self.passages:
            while not self.steps.acquire(timeout=0.02):
                if listener.stopped:
                    self.was_stopped.set()
                    return Answer(outcome="declined", text="Stopped.", stopped=True)
            listener.passage(passage)
        return Answer(outcome="answered", text="".join(self.passages), thread=question.thread or "t-1")

"""Stand-ins a test can read at one glance."""

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

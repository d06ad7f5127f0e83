"""Stand-ins a test can read at one glance."""

from collections.abc import Callable

from assistant.answer import Answer, Question


class FixedAssistant:
    """Gives every question the same answer, and remembers the questions."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.questions: list[Question] = []

    def ask(self, question: Question, progress: Callable[[str], None] = lambda _words: None) -> Answer:
        self.questions.append(question)
        progress("Looking it up")
        return self.answer.model_copy(update={"thread": question.thread or "t-1"})


class BrokenAssistant:
    """Fails in a way nobody expected."""

    def ask(self, question: Question, progress: Callable[[str], None] = lambda _words: None) -> Answer:
        raise ZeroDivisionError("a surprise with a secret in it")

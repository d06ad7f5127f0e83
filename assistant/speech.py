"""A model's prose on its way to the asker: whole sentences, each checked, told once nothing can take them back."""

from collections.abc import Iterable

from assistant.answer import Listener
from assistant.grounding import Ground, passages


class Speech:
    """What of a reply was told, and what has to be mended before the rest can be."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.told: list[str] = []
        self.figures = 0
        self.problems: list[str] = []
        self._held: list[str] = []  # good sentences that no figure has come after yet
        self._space = ""  # between the last sentence told and the next

    @property
    def text(self) -> str:
        return "".join(self.told)

    def hear(self, ground: Ground, deltas: Iterable[str]) -> None:
        """Tell the good sentences up to the first that is not; hear out the rest for what else is wrong."""
        self.problems, self._held = [], []
        for passage in passages(deltas):
            checked = ground.check(passage)
            self.problems += checked.problems
            if not self.problems and checked.text.strip() not in self._words:
                self._held.append(checked.text)
                self.figures += checked.figures
            # Words without a figure may be the preamble of another tool call.
            if not self.problems and (checked.figures or self.told):
                self.release()

    @property
    def _words(self) -> set[str]:
        """The sentences told already: a reply written anew often begins with them."""
        return {text.strip() for text in self.told}

    def release(self) -> None:
        for text in self._held:
            words = text.strip()
            before = self._space + text[: len(text) - len(text.lstrip())]
            if words:
                self._tell(words, before)
            self._space = text[len(text.rstrip()) :] if words else before
        self._held = []

    def _tell(self, words: str, before: str) -> None:
        """Words after what was told, on a line of their own where one was begun."""
        lines = before.count("\n")
        space = "\n" * min(lines, 2) if lines else " "
        told = f"{space}{words}" if self.told else words
        self.told.append(told)
        self.listener.passage(told)

    def withdraw(self) -> None:
        """Forget what was held back."""
        self._held = []

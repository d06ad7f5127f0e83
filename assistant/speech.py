"""A model's prose on its way to the asker: whole sentences, each checked, told once nothing can take them back."""

from collections.abc import Iterable

from assistant.answer import Listener
from assistant.grounding import Checked, Ground, passages

MOST_LINES = 6
MOST_LETTERS = 1_800


class Speech:
    """What of a reply was told, and what has to be mended before the rest can be."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.told: list[str] = []
        self.is_cut = False  # whether more was said than fits in an answer
        self.figures = 0
        self.problems: list[str] = []
        self._held: list[Checked] = []  # good sentences that no figure has come after yet
        self._space = ""  # between the last sentence told and the next

    @property
    def text(self) -> str:
        return "".join(self.told)

    def hear(self, ground: Ground, deltas: Iterable[str]) -> None:
        """Tell the good sentences up to the first that is not; hear out the rest for what else is wrong."""
        self.problems, self._held = [], []
        for passage in passages(deltas):
            if self.is_cut:
                continue
            checked = ground.check(passage)
            self.problems += checked.problems
            if not self.problems and checked.text.strip() not in self._words:
                self._held.append(checked)
            # Words without a figure may be the preamble of another tool call.
            if not self.problems and (checked.figures or self.told):
                self.release()

    @property
    def _words(self) -> set[str]:
        """The sentences told already: a reply written anew often begins with them."""
        return {text.strip() for text in self.told}

    def release(self) -> None:
        for checked in self._held:
            text = checked.text
            words = text.strip()
            before = self._space + text[: len(text) - len(text.lstrip())]
            if words and self._tell(words, before):
                self.figures += checked.figures
            self._space = text[len(text.rstrip()) :] if words else before
        self._held = []

    def _tell(self, words: str, before: str) -> bool:
        """Words after what was told, on a line of their own where one was begun; False where they do not fit."""
        lines = before.count("\n")
        space = "\n" * min(lines, 2) if lines else " "
        told = f"{space}{words}" if self.told else words
        self.is_cut = self.is_cut or _is_too_long(self.text + told)
        if not self.is_cut:
            self.told.append(told)
            self.listener.passage(told)
        return not self.is_cut

    def withdraw(self) -> None:
        """Forget what was held back."""
        self._held = []


def _is_too_long(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > MOST_LINES or len(text) > MOST_LETTERS

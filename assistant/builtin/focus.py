"""What a thread is about: the last question, the row it was on, and the choice it is waiting for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from storage.vocabulary import Level
from tools.facts import Clarification, Option
from tools.names import plain, words_of
from tools.resolve import Match


@dataclass(frozen=True)
class Focus:
    """Made of the JSON the thread keeps; anything odd in it is as good as nothing."""

    text: str = ""
    level: Level | None = None
    key: str = ""
    waiting: str = ""  # the question that a choice would answer
    options: tuple[Option, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Focus":
        kept = kept or {}
        options = tuple(
            Option(str(each.get("key", "")), str(each.get("label", "")), str(each.get("kind", "")))
            for each in kept.get("options") or ()
            if isinstance(each, Mapping)
        )
        level = Level(kept["level"]) if kept.get("level") in set(Level) else None
        return cls(str(kept.get("text", "")), level, str(kept.get("key", "")), str(kept.get("waiting", "")), options)

    def kept(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        options = [{"key": each.key, "label": each.label, "kind": each.kind} for each in self.options]
        everything = {
            "text": self.text,
            "level": self.level.value if self.level else "",
            "key": self.key,
            "waiting": self.waiting,
            "options": options,
        }
        return {label: value for label, value in everything.items() if value}

    def asked(self, text: str, match: Match | None) -> "Focus":
        """After a question that was answered."""
        if match is None or match.level is Level.PERSON:
            return Focus(text, self.level, self.key)
        return Focus(text, match.level, match.key)

    def asking_back(self, text: str, question: Clarification) -> "Focus":
        return Focus(self.text, self.level, self.key, text, question.options)

    def choice(self, words: str) -> Option | None:
        """The option that a message picks: by number, by order, or by its name; None if it picks none."""
        if not self.options:
            return None
        number = _NUMBERED.fullmatch(words)
        if number:
            place = _ORDER.get(number[1]) or int(number[1])
            place = len(self.options) if number[1] == "last" else place
            return self.options[place - 1] if 1 <= place <= len(self.options) else None
        return _named(words, self.options)


_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": -1,
          "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "former": 1, "latter": 2,
          "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6}  # fmt: skip
_NUMBERED = re.compile(
    rf"(?:(?:i mean|i meant|take|option|number|no|nr|#)\.?\s*)?(?:the\s+)?({'|'.join(_ORDER)}|\d{{1,2}})"
    r"(?:\s+(?:one|option|of them|project|program|task|please|pls))*\s*[.!)]?"
)
_AROUND = frozenset(
    [
        "the",
        "a",
        "an",
        "one",
        "i",
        "mean",
        "meant",
        "please",
        "pls",
        "thanks",
        "of",
        "them",
        "project",
        "program",
        "task",
        "option",
        "yes",
        "no",
        "it",
        "is",
        "that",
    ]
)


def _named(words: str, options: Sequence[Option]) -> Option | None:
    """The one option whose name, or key, holds all the words that matter."""
    said = [word.text for word in words_of(words) if word.text not in _AROUND]
    if not said or len(said) > 8:
        return None
    held = [option for option in options if _holds(option, said)]
    if len(held) == 1:
        return held[0]
    alike = [option for option in options if fuzz.ratio(" ".join(said), plain(option.label)) > 85]
    return alike[0] if len(alike) == 1 else None


def _holds(option: Option, said: Sequence[str]) -> bool:
    held = {word.text for text in (option.label, option.key) for word in words_of(plain(text))}
    return all(any(word.startswith(text) for word in held) for text in said)

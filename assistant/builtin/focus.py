"""What a thread is about: the last question, the rows talked about, the rows listed, and the choice it waits for."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from rapidfuzz import fuzz

from storage.vocabulary import Level
from tools.facts import Clarification, Option
from tools.names import plain, words_of
from tools.resolve import Match

_MOST_ROWS = 12  # kept of each kind
_MOST_TURNS = 6  # of one question that is asked on and on


@dataclass(frozen=True)
class Referent:
    """A row that was talked about, and the words that meant it."""

    level: Level
    key: str
    words: str = ""

    @property
    def is_task(self) -> bool:
        return self.level is Level.TASK


@dataclass(frozen=True)
class Said:
    """A message in plain words. `it` is the row that a pronoun in it stands for."""

    text: str
    it: Referent | None = None


@dataclass(frozen=True)
class Focus:
    """Made of the JSON the thread keeps; anything odd in it is as good as nothing."""

    question: tuple[Said, ...] = ()  # the last one, and what changed it since
    tool: str = ""  # that answered it
    subjects: tuple[Referent, ...] = ()  # what the last answer was about
    rows: tuple[Referent, ...] = ()  # all that was talked about, newest first
    listed: tuple[Referent, ...] = ()  # the rows of the last list, in order
    unlisted: int = 0  # rows that the list had no room for
    lists: bool = False  # whether the last answer was that list
    aside: tuple[Referent, ...] = ()  # readings that were set aside
    choices: tuple[Referent, ...] = ()  # what was answered when a question was put back, for the words in doubt
    waiting: tuple[Said, ...] = ()  # the question that a choice would answer
    doubtful: str = ""  # the words the choice is about
    options: tuple[Option, ...] = ()
    room: Referent | None = None  # what the room is about in which they talk

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Focus":
        kept = kept or {}
        return cls(
            question=_all_said(kept.get("question")),
            tool=_text(kept.get("tool")),
            subjects=_referents(kept.get("subjects")),
            rows=_referents(kept.get("rows")),
            listed=_referents(kept.get("listed")),
            unlisted=kept["unlisted"] if isinstance(kept.get("unlisted"), int) else 0,
            lists=kept.get("lists") is True,
            aside=_referents(kept.get("aside")),
            choices=_referents(kept.get("choices")),
            waiting=_all_said(kept.get("waiting")),
            doubtful=_text(kept.get("doubtful")),
            options=tuple(
                Option(_text(each.get("key")), _text(each.get("label")), _text(each.get("kind")))
                for each in _mappings(kept.get("options"))
            ),
            room=_it(kept.get("room")),
        )

    def kept(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        everything: dict[str, Any] = {
            "question": [_said_kept(each) for each in self.question],
            "tool": self.tool,
            "unlisted": self.unlisted,
            "lists": self.lists,
            "waiting": [_said_kept(each) for each in self.waiting],
            "doubtful": self.doubtful,
            "options": [{"key": each.key, "label": each.label, "kind": each.kind} for each in self.options],
        }
        for label in ("subjects", "rows", "listed", "aside", "choices"):
            everything[label] = [_kept(each) for each in getattr(self, label)]
        everything["room"] = _kept(self.room) if self.room else None
        return {label: value for label, value in everything.items() if value}

    @property
    def talk(self) -> tuple[Referent, ...]:
        """What they talk about: what the last answer was about, before the first one what their room is about."""
        return self.subjects or ((self.room,) if self.room and not self.question else ())

    def asked(self, text: str, match: Match | None) -> "Focus":
        """After a question in one message that was answered with this row."""
        return self.answered([Said(plain(text))], "", [referent(match)] if match else [])

    def answered(self, question: Sequence[Said], tool: str, subjects: Iterable[Referent]) -> "Focus":
        """After a question that was answered."""
        about = tuple(subjects)
        return replace(
            self.settled(),
            question=(*question[:1], *question[1:][1 - _MOST_TURNS :]),
            tool=tool,
            subjects=about,
            rows=_newest_first((*about, *self.rows)),
            lists=False,
            aside=(),
        )

    def asking_back(self, text: str, asked: Clarification) -> "Focus":
        """After a question in one message that was put back."""
        return self.put_back([Said(plain(text))], "", asked)

    def put_back(self, question: Sequence[Said], doubtful: str, asked: Clarification) -> "Focus":
        return replace(self, waiting=tuple(question), doubtful=doubtful, options=asked.options)

    def about(self, subjects: Iterable[Referent]) -> "Focus":
        """With all of these as what the last answer was about."""
        said = tuple(dict.fromkeys(subjects))
        return replace(self, subjects=said, rows=_newest_first((*said, *self.rows)))

    def settled(self) -> "Focus":
        """Without a question that waits for an answer."""
        return replace(self, waiting=(), doubtful="", options=())

    def choosing(self, words: str, option: Option) -> "Focus":
        """With the option remembered as what these words mean."""
        if not words or option.kind not in set(Level):
            return self
        others = tuple(each for each in self.choices if each.words != words)
        chosen = Referent(Level(option.kind), option.key, words)
        return replace(self, choices=(chosen, *others)[:_MOST_ROWS])

    def listing(self, rows: Iterable[Referent], rest: int) -> "Focus":
        """With the rows that the answer listed; those of an earlier list stay until there is a new one."""
        listed = tuple(rows)
        if not listed:
            return self
        return replace(self, listed=listed[:_MOST_ROWS], unlisted=rest + max(0, len(listed) - _MOST_ROWS), lists=True)

    def chosen(self, words: str) -> Referent | None:
        """What the asker said these words mean, when asked earlier in the thread."""
        return next((each for each in self.choices if each.words == words), None)

    def choice(self, words: str) -> Option | None:
        """The option that a message picks: by number, by order, or by its name; None if it picks none."""
        if not self.options:
            return None
        number = _NUMBERED.fullmatch(words)
        if number:
            return _at(self.options, number[1])
        return _named(words, self.options)

    def is_about(self, option: Option) -> bool:
        """Whether the last answer was about this row."""
        return any((each.level, each.key) == (option.kind, option.key) for each in self.subjects)

    def placed(self, words: str) -> Referent | None:
        """The listed row at a place: "first", "2", "last"."""
        return _at(self.listed, words)


def in_room(kept: Mapping[str, Any], level: Level, key: str) -> dict[str, Any]:
    """What a thread keeps, in a room that is about this row."""
    return {**kept, "room": _kept(Referent(level, key))}


def referent(match: Match, words: str = "") -> Referent:
    return Referent(match.level, match.key, words)


_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": -1,
          "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "former": 1, "latter": 2,
          "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6}  # fmt: skip
PLACES = "|".join(_ORDER)
_NUMBERED = re.compile(
    rf"(?:(?:i mean|i meant|take|option|number|no|nr|#)\.?\s*)?(?:the\s+)?({PLACES}|\d{{1,2}})"
    r"(?:\s+(?:one|option|of them|project|program|task|please|pls))*\s*[.!)]?"
)
_AROUND = frozenset(
    {"the", "a", "an", "one", "i", "mean", "meant", "please", "pls", "thanks", "of", "them"}
    | {"project", "program", "task", "option", "yes", "no", "it", "is", "that"}
)


Each = TypeVar("Each")


def _at(rows: Sequence[Each], words: str) -> Each | None:
    place = _ORDER.get(words) or int(words)
    place = len(rows) if place < 0 else place
    return rows[place - 1] if 1 <= place <= len(rows) else None


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


def _newest_first(rows: Iterable[Referent]) -> tuple[Referent, ...]:
    once: dict[tuple[Level, str], Referent] = {}
    for row in rows:
        once.setdefault((row.level, row.key), row)
    return tuple(once.values())[:_MOST_ROWS]


def _mappings(kept: Any) -> list[Mapping[str, Any]]:
    return [each for each in kept if isinstance(each, Mapping)] if isinstance(kept, list) else []


def _text(kept: Any) -> str:
    return kept if isinstance(kept, str) else ""


def _referents(kept: Any) -> tuple[Referent, ...]:
    return tuple(found for each in _mappings(kept) if (found := _referent(each)))


def _referent(kept: Mapping[str, Any]) -> Referent | None:
    level = kept.get("level")
    return Referent(Level(level), _text(kept.get("key")), _text(kept.get("words"))) if level in set(Level) else None


def _kept(row: Referent) -> dict[str, str]:
    return {"level": row.level.value, "key": row.key} | ({"words": row.words} if row.words else {})


def _all_said(kept: Any) -> tuple[Said, ...]:
    return tuple(Said(_text(each.get("text")), _it(each.get("it"))) for each in _mappings(kept) if each.get("text"))


def _it(kept: Any) -> Referent | None:
    return _referent(kept) if isinstance(kept, Mapping) else None


def _said_kept(said: Said) -> dict[str, Any]:
    return {"text": said.text} | ({"it": _kept(said.it)} if said.it else {})

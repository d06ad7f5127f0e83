"""The task that a message speaks of by words of its name: "the cert exchange" for "Certificate exchange with X"."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any
from weakref import WeakKeyDictionary

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from sqlmodel import Session

from storage.access import Reader
from storage.directory import hidden_names, own_work, plan_revision
from storage.names import TaskName, every_task_name, tasks_among
from storage.vocabulary import Level
from tools.resolve import Match, matched_task

LEAST = 0.45  # the share of its name that must be said, rarer words counting more
LEAST_ALONE = 0.3  # the same, where no other name holds any of the words
CLEARLY = 1.2  # how much more of its name must be said than of the next one's
_OWN_CLEARLY = 2.0  # the same, than of one in the reader's own work
_WHOLE = 0.99
MOST = 0.6  # of a name whose words stand together
_LITTLE = frozenset({"the", "a", "an", "and", "of", "for", "in", "on", "to", "at", "by", "with", "from", "is", "it"})
ARRIVING = frozenset(
    [
        "come",
        "comes",
        "coming",
        "came",
        "arrive",
        "arrives",
        "arrived",
        "arriving",
        "deliver",
        "delivered",
        "here",
        "late",
        "later",
    ]
)
ABBREVIATIONS = {
    "uat": (("user", "test"), ("user", "acceptance", "test"), ("user", "acceptance")),
    "fat": (("factory", "acceptance", "test"),),
    "sat": (("site", "acceptance", "test"),),
    "sit": (("system", "integration", "test"),),
    "poc": (("proof", "concept"),),
    "pentest": (("penetration", "test"),),
}
_MOST_WORDS = 40  # of a message that are looked for
_MOST_NAMES = 40  # that are looked up for a message
_VIEWS_KEPT = 16
_STEM = 4  # letters from which a word may stand for longer ones that begin so
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_NUMBER_BEFORE = re.compile(r"^\W*\d[\d.]*\s*[:)]\s+")  # a source's number of it, which nobody says: "282483: Test"


@dataclass(frozen=True)
class Saying:
    """A name of tasks, the share of it that a message says, and the places of the words that say it."""

    name: int
    cover: float
    places: frozenset[int]


@dataclass(frozen=True)
class Linked:
    """A task, the share of its name that the message says, and the places of the words that say it."""

    task: TaskName
    cover: float
    places: frozenset[int]


class TaskIndex:
    """The names of all tasks of one store at one revision, by their words."""

    def __init__(self, tasks: Iterable[tuple[str, int, int]]) -> None:
        self._tasks: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for name, task_id, project_id in tasks:
            self._tasks[name.lower()].append((task_id, project_id))
            for short in _abbreviations(name):
                self._tasks[short].append((task_id, project_id))
        self._words = [_content(name) for name in self._tasks]
        self._ids = list(self._tasks.values())
        self._holding: dict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(self._words):
            for word in words:
                self._holding[word].append(place)

    @classmethod
    def of(cls, session: Session, reader: Reader) -> "TaskIndex":
        """The index of what this reader may know, built once for each revision: a hidden name shifts no choice."""
        engine, revision = session.get_bind().engine, plan_revision(session)
        hidden = frozenset(row_id for level, row_id in hidden_names(session, reader) if level is Level.PROJECT)
        kept = _INDEXES.get(engine)
        if kept is None or kept[0] != revision or len(kept[1]) >= _VIEWS_KEPT:
            _INDEXES[engine] = kept = (revision, {})
        view = kept[1].get(hidden)
        if view is None:
            kept[1][hidden] = view = cls(each for each in every_task_name(session) if each[2] not in hidden)
        return view

    def ids(self, name: int, project_ids: Collection[int] | None = None) -> list[int]:
        """The tasks of that name, in these projects or everywhere."""
        return [task for task, project in self._ids[name] if project_ids is None or project in project_ids]

    def sayings(self, words: Mapping[int, str]) -> list[Saying]:
        """The names of which the words, by their places, say anything; those that say most first."""
        held: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for place, word in list(words.items())[:_MOST_WORDS]:
            for own in self._alike(word) if _tells(word) else ():
                for name in self._holding[own]:
                    held[name][own].add(place)
        self._add_deliveries(held, words)
        found = [self._saying(name, said) for name, said in held.items()]
        return sorted(found, key=lambda each: (-round(each.cover, 3), each.name))

    def _add_deliveries(self, held: Mapping[int, dict[str, set[int]]], words: Mapping[int, str]) -> None:
        """ "The devices arrive" speaks of their delivery, where something of that name is said beside it."""
        places = {place for place, word in words.items() if word in ARRIVING}
        for name in self._holding["delivery"] if places and "delivery" in self._holding else ():
            if held.get(name):
                held[name]["delivery"] |= places

    def in_stretches(self, saying: Saying, words: Mapping[int, str]) -> Iterator[Saying]:
        """What each stretch of neighbouring words says of a name by itself."""
        for places in _stretches(saying.places, words):
            own = {place: self._alike(words[place]) & set(self._words[saying.name]) for place in places}
            said = {word: {place for place in own if word in own[place]} for each in own.values() for word in each}
            yield self._saying(saying.name, said)

    def _saying(self, name: int, said: Mapping[str, set[int]]) -> Saying:
        cover = sum(map(self._weight, said)) / (sum(map(self._weight, self._words[name])) or 1.0)
        return Saying(name, cover, frozenset().union(*said.values()))

    def _weight(self, word: str) -> float:
        """How much a word tells: less, the more names hold it."""
        return 1.0 / sqrt(len(self._holding[word]))

    def _alike(self, said: str) -> set[str]:
        """The words of names that are this word, begin it, are begun by it, or are a slip away."""
        stem = _stem(said)
        found = {word for word in (said, stem, f"{stem}s") if word in self._holding}
        if len(stem) >= _STEM:
            found.update(self._beginning(stem))
            found.update(stem[:end] for end in range(_STEM, len(stem)) if stem[:end] in self._holding)
        if not found and len(said) > _STEM and said.isalpha():
            near = process.extractOne(said, self._vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=1)
            found.update(near[:1] if near and near[0][0] == said[0] else ())
        return found

    def _beginning(self, stem: str) -> Iterator[str]:
        at = bisect_left(self._vocabulary, stem)
        while at < len(self._vocabulary) and self._vocabulary[at].startswith(stem):
            yield self._vocabulary[at]
            at += 1

    @cached_property
    def _vocabulary(self) -> list[str]:
        return sorted(self._holding)


def link_tasks(
    session: Session, reader: Reader, words: Mapping[int, str], project_ids: Collection[int] | None = None
) -> list[Linked]:
    """Visible tasks of whose names the words, by their places, say enough; the best first, own work before others."""
    index = TaskIndex.of(session, reader)
    sayings = [each for each in index.sayings(words) if index.ids(each.name, project_ids)]
    own = own_work(session, reader)
    sure = [each for each in sayings if each.cover >= LEAST]
    close = [*sure, *_own_beside(sure, sayings, index, own)] or _alone(sayings)
    widest = [each for each in close if not any(each.places < other.places for other in close)][:_MOST_NAMES]
    by_id = {task: each for each in widest for task in index.ids(each.name, project_ids)}
    linked = [Linked(task, by_id[task.id].cover, by_id[task.id].places) for task in tasks_among(session, reader, by_id)]
    return sorted(linked, key=lambda each: (-round(each.cover, 2), each.task.project_id not in own, each.task.key))


def _own_beside(
    sure: Sequence[Saying], sayings: Sequence[Saying], index: TaskIndex, own: Collection[int]
) -> list[Saying]:
    """Names in the reader's own work of which a little less is said, by the same words as of others."""
    near = [each for each in sayings if LEAST_ALONE <= each.cover < LEAST and index.ids(each.name, own)]
    return [each for each in near if any(each.places >= other.places for other in sure)]


def held_task_said(
    session: Session, reader: Reader, words: Mapping[int, str], held: Collection[int | None]
) -> Match | None:
    """The one of these tasks of whose name as many words are said as of any other's; None where it is not one."""
    index = TaskIndex.of(session, reader)
    sayings = index.sayings(words)
    widest = max((len(each.places) for each in sayings), default=0)
    said = [each for each in sayings if len(each.places) == widest and (widest > 1 or each.cover >= LEAST)]
    found = [task for each in said for task in index.ids(each.name) if task in held]
    tasks = tasks_among(session, reader, found) if len(found) == 1 else []
    return matched_task(tasks[0]) if tasks else None


def tasks_said(
    session: Session, reader: Reader, words: Mapping[int, str], near: Collection[int]
) -> Iterator[tuple[int, int, Match, bool]]:
    """Tasks of whose names most stands in one stretch of two words and more: from, up to, which, and whether all of it.

    Of several it is the one of the projects `near`, or of the reader's own work; else none of them.
    """
    index = TaskIndex.of(session, reader)
    told = [each for each in index.sayings(words) if each.cover >= MOST and len(each.places) > 1]
    parts = [part for each in told for part in index.in_stretches(each, words)]
    said = [each for each in parts if each.cover >= MOST and len(each.places) > 1]
    widest = [each for each in said if not any(each.places < other.places for other in said)]
    for places in dict.fromkeys(each.places for each in widest):
        best = max(each.cover for each in widest if each.places == places)
        names = [each.name for each in widest if each.places == places and each.cover == best]
        linked = _nearest(session, reader, [index.ids(name, near) for name in names]) or _nearest(
            session, reader, [index.ids(name) for name in names]
        )
        if found := clearest([Linked(task, best, places) for task in linked], session, reader):
            yield min(places), max(places) + 1, matched_task(found.task), best >= _WHOLE


def _nearest(session: Session, reader: Reader, ids: Iterable[list[int]]) -> list[TaskName]:
    return tasks_among(session, reader, [each for found in ids for each in found])


def clearest(linked: Sequence[Linked], session: Session, reader: Reader) -> Linked | None:
    """The one task that is said more clearly than all others, or alone in the reader's own work; None on a tie."""
    near = [each for each in linked if linked[0].cover < CLEARLY * each.cover]
    if not near or (len(near) == 1 and (len(linked) == 1 or near[0].cover >= _WHOLE)):
        return near[0] if near else None
    own = own_work(session, reader)
    is_vague = near[0].cover < MOST or (len(near[0].places) == 1 and near[0].cover < _WHOLE)
    reach = _OWN_CLEARLY if is_vague else CLEARLY
    mine = [each for each in linked if each.task.project_id in own and linked[0].cover < reach * each.cover]
    for choice in (mine, near, _running(mine), _running(near)):
        if len(choice) == 1:
            return choice[0]
    return None


def _running(linked: Sequence[Linked]) -> list[Linked]:
    """Those whose project is more than a bid yet; all where none of them says it as clearly as the others."""
    best = max((each.cover for each in linked), default=0.0)
    return [each for each in linked if not each.task.is_of_bid and best < CLEARLY * each.cover]


def _alone(sayings: Sequence[Saying]) -> list[Saying]:
    """A name of which less is said, where no other name holds those words."""
    return [
        each
        for each in sayings
        if each.cover >= LEAST_ALONE and not any(each.places & other.places for other in sayings if other is not each)
    ]


def _stretches(places: Iterable[int], words: Mapping[int, str]) -> list[list[int]]:
    """Runs of places between which nothing but little words stands."""
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and all(words.get(at, "?") in _LITTLE for at in range(runs[-1][-1] + 1, place)):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _content(name: str) -> list[str]:
    found = (word.removesuffix("'s") for word in _WORD.findall(_NUMBER_BEFORE.sub("", name)))
    return [word for word in dict.fromkeys(found) if word not in _LITTLE]


def _abbreviations(name: str) -> list[str]:
    """What people write for the whole of a name: "uat" for "User test", "User acceptance testing"."""
    words = _content(name.lower())
    return [
        short
        for short, forms in ABBREVIATIONS.items()
        for form in forms
        if len(form) == len(words) and all(said.startswith(word) for said, word in zip(words, form, strict=True))
    ]


def _tells(word: str) -> bool:
    """Whether a word may be one of a name's: more than a letter and no little word; a number always may."""
    return word not in _LITTLE and (len(word) > 1 or word.isdigit())


def _stem(word: str) -> str:
    return word.removesuffix("s") if len(word) >= _STEM else word


_INDEXES: WeakKeyDictionary[Any, tuple[int | None, dict[frozenset[int], TaskIndex]]] = WeakKeyDictionary()

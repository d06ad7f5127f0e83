"""The task that a message speaks of by words of its name: "the cert exchange" for "Certificate exchange with X"."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from rapidfuzz.distance import DamerauLevenshtein
from sqlmodel import Session

from storage.access import Reader
from storage.directory import own_work
from storage.names import TaskName, tasks_holding
from tools.names import plain, words_of

LEAST = 0.45  # the share of its name that must be said, rarer words counting more
LEAST_ALONE = 0.3  # the same, where no other name holds any of the words
CLEARLY = 1.2  # how much more of its name must be said than of the next one's
_LITTLE = frozenset({"the", "a", "an", "and", "of", "for", "in", "on", "to", "at", "by", "with", "from", "is", "it"})
_MOST_WORDS = 24  # of a message that are looked for
_STEM = 4  # letters from which a word may stand for longer ones that begin so


@dataclass(frozen=True)
class Linked:
    """A task, the share of its name that the message says, and which words of the message say it."""

    task: TaskName
    cover: float
    words: frozenset[str]


def link_tasks(
    session: Session, reader: Reader, words: Sequence[str], project_ids: Collection[int] | None = None
) -> list[Linked]:
    """Tasks whose names the words say enough of, the best first; those of the reader's own work before others."""
    said = [word for word in dict.fromkeys(words) if len(word) > 1 and word not in _LITTLE][:_MOST_WORDS]
    found = tasks_holding(session, reader, [_stem(word) for word in said], project_ids)
    names = {task.id: _content(task.name) for task in found}
    common = Counter(word for held in names.values() for word in held)
    linked = [_linked(task, names[task.id], said, common) for task in found]
    close = [each for each in linked if each.cover >= LEAST] or _alone(linked)
    widest = [each for each in close if not any(each.words < other.words for other in close)]
    own = own_work(session, reader) if len(widest) > 1 else frozenset[int]()
    return sorted(widest, key=lambda each: (-round(each.cover, 2), each.task.project_id not in own, each.task.key))


def clearest(linked: Sequence[Linked], session: Session, reader: Reader) -> TaskName | None:
    """The one task that is said more clearly than all others, or alone in the reader's own work; None on a tie."""
    if not linked:
        return None
    near = [each.task for each in linked if linked[0].cover < CLEARLY * each.cover]
    if len(near) == 1:
        return near[0]
    own = own_work(session, reader)
    mine = [task for task in near if task.project_id in own]
    return mine[0] if len(mine) == 1 else None


def _linked(task: TaskName, name: Sequence[str], said: Sequence[str], common: Mapping[str, int]) -> Linked:
    weights = {word: 1 / sqrt(common[word]) for word in name}
    pairs = [(word, each) for word in weights for each in said if _alike(word, each)]
    held = sum(weights[word] for word in {word for word, _ in pairs})
    return Linked(task, held / (sum(weights.values()) or 1.0), frozenset(each for _, each in pairs))


def _alone(linked: Sequence[Linked]) -> list[Linked]:
    """A task of whose name less is said, where nothing else holds those words."""
    words = Counter(word for each in linked for word in each.words)
    return [each for each in linked if each.cover >= LEAST_ALONE and all(words[word] == 1 for word in each.words)]


def _content(name: str) -> list[str]:
    return [word for word in dict.fromkeys(_words(name)) if word not in _LITTLE]


def _words(text: str) -> Iterator[str]:
    return (word.text for word in words_of(plain(text)))


def _stem(word: str) -> str:
    return word.removesuffix("s") if len(word) >= _STEM else word


def _alike(held: str, said: str) -> bool:
    """Whether one is the other, begins it, or is a slip away."""
    if held == said or _stem(held) == _stem(said):
        return True
    short, long = sorted((_stem(held), _stem(said)), key=len)
    if len(short) >= _STEM and long.startswith(short):
        return True
    return len(short) > _STEM and DamerauLevenshtein.distance(held, said, score_cutoff=1) <= 1

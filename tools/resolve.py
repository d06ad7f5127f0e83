"""Which row a name means, as this reader may see it: one match, a question back, or a sentence saying there is none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from sqlmodel import Session

from storage.access import Reader
from storage.directory import NameRow, Place, managed_projects, own_work, people_beside
from storage.names import TaskName, task_keyed, tasks_named
from storage.vocabulary import Level
from tools.facts import Clarification, Option, Refusal
from tools.names import Hit, How, NameIndex, plain, shortened, words_of

MOST_OPTIONS = 6
_ANY_LEVEL = (Level.PORTFOLIO, Level.PROGRAM, Level.PROJECT, Level.TASK, Level.PERSON)


@dataclass(frozen=True)
class Match:
    """The one row a name means. `instead_of` names the reading that was set aside, empty if there was none."""

    level: Level
    id: int
    key: str
    name: str
    instead_of: str = ""


@dataclass(frozen=True)
class Preference:
    """What separates close readings: the rows the talk is about, and whether the asker's own work counts."""

    focus: frozenset[Place] = frozenset()
    own: bool = True


def find_one(
    session: Session, reader: Reader, words: str, levels: Collection[Level] = _ANY_LEVEL
) -> Match | Clarification | Refusal:
    """The row of one of these levels that a key or a name means; hidden rows are no candidates."""
    index = NameIndex.of(session).seen_by(session, reader)
    if Level.PERSON in levels and plain(words) in _MYSELF:
        return find_myself(reader, index)
    if Level.PERSON in levels and "@" in words and (person := _by_email(index, words)):
        return matched(person)
    for level in levels:
        if row := index.by_key(level, words.strip()):
            return matched(row)
    if Level.TASK in levels and (task := task_keyed(session, reader, words)):
        return matched_task(task)
    hits = index.named(words, levels)
    if hits and (hits[0].how > How.PART or Level.TASK not in levels):
        return choose(session, reader, index, hits, words)
    found = find_task(session, reader, words) if Level.TASK in levels else None
    if isinstance(found, Match | Clarification):
        return found
    return choose(session, reader, index, hits, words) if hits else not_found(index, words, levels)


def find_myself(reader: Reader, index: NameIndex) -> Match | Refusal:
    """The asker, where the surface says who that is."""
    row = index.row(Level.PERSON, reader.person_id)
    return matched(row) if row else Refusal("not_found", "I do not know who you are here, so “my” has no meaning yet.")


def find_task(
    session: Session, reader: Reader, words: str, project_ids: Collection[int] | None = None
) -> Match | Clarification | None:
    """The task whose name holds these words, or words that begin so ("cert" in "certificate"); None without any."""
    said = [word.text for word in words_of(plain(words)) if word.text not in _SMALL]
    if not said:
        return None
    found = [task for task in tasks_named(session, reader, said, project_ids, limit=40) if _begins(task.name, said)]
    exact = [task for task in found if plain(task.name) == plain(words)]
    if len(exact or found) == 1:
        return matched_task((exact or found)[0])
    if len(own := _in_own_work(session, reader, exact or found)) == 1:
        return replace(matched_task(own[0]), instead_of=_first_other([task_label(task) for task in found], own[0].name))
    return _which_task(words, exact or found) if found else None


def choose(
    session: Session,
    reader: Reader,
    index: NameIndex,
    hits: Sequence[Hit],
    words: str,
    preference: Preference = Preference(),  # frozen
) -> Match | Clarification:
    """One of the rows that words mean: where code, alias, family, the talk or the asker's own work separates them."""
    rows = [hit.row for hit in hits]
    taken = _only(rows) or _clearly_best(hits) or _family(index, rows, words)
    if taken:
        return _taken(taken, rows, index)
    in_focus = [row for row in rows if row.place in preference.focus]
    if len(in_focus) == 1:
        return _taken(in_focus[0], rows, index)
    near = _near(session, reader, rows) if preference.own else []
    return _taken(near[0], rows, index) if len(near) == 1 else which(words, near or rows)


def which(words: str, rows: Sequence[NameRow]) -> Clarification:
    """The question which of these rows the words mean."""
    options = tuple(Option(row.key, _label(row, rows), row.level) for row in rows[:MOST_OPTIONS])
    more = len(rows) - len(options)
    rest = f" ({more} more match; say more of the name if it is none of these.)" if more > 0 else ""
    return Clarification(f"Which “{shortened(words.strip())}” do you mean?{rest}", options)


def not_found(index: NameIndex, words: str, levels: Collection[Level]) -> Refusal:
    """A sentence for a name that nothing visible bears, with the names that come close."""
    kinds = _or_list([level.value for level in _ANY_LEVEL if level in levels]) if len(levels) < len(_ANY_LEVEL) else ""
    close = index.close_to(words, levels)
    hint = f" Close: {', '.join(map(shortened, close))}." if close else ""
    what = f"No {kinds} that you can see is called" if kinds else "Nothing that you can see is called"
    return Refusal("not_found", f"{what} “{shortened(words.strip())}”.{hint}")


def matched(row: NameRow) -> Match:
    return Match(row.level, row.id, row.key, row.label)


def matched_task(task: TaskName) -> Match:
    return Match(Level.TASK, task.id, task.key, task.name)


_MYSELF = frozenset({"me", "i", "my", "myself", "mine"})
_SMALL = frozenset({"the", "a", "an", "and", "of", "for", "in", "on", "to", "at", "by", "with", "s"})
_CLEARLY = 1.5  # how much more of a name must be said than of the next


def _by_email(index: NameIndex, words: str) -> NameRow | None:
    email = words.strip().lower()
    return next((row for row in index.rows if row.email and row.email.lower() == email), None)


def _only(rows: Sequence[NameRow]) -> NameRow | None:
    return rows[0] if len(rows) == 1 else None


def _clearly_best(hits: Sequence[Hit]) -> NameRow | None:
    first, second = hits[0], hits[1]
    whole = first.cover >= 0.99 > second.cover  # all of a name against part of a longer one
    return first.row if whole or (first.cover >= 0.5 and first.cover >= _CLEARLY * second.cover) else None


def _near(session: Session, reader: Reader, rows: Sequence[NameRow]) -> list[NameRow]:
    """The projects among these that the asker manages, else works on; where all are people, those who work on them."""
    if all(row.level is Level.PERSON for row in rows):
        beside = people_beside(session, reader)
        return [row for row in rows if row.id in beside]
    own = own_work(session, reader)
    near = [row for row in rows if row.level is Level.PROJECT and row.id in own]
    managed = managed_projects(session, reader) if len(near) > 1 else frozenset[int]()
    return [row for row in near if row.id in managed] or near


def _family(index: NameIndex, rows: Sequence[NameRow], words: str) -> NameRow | None:
    """The parent where all other rows are below it, or where the rows are (nearly) all of its children.

    Words of which one is in no name of the parent ("Apollo release") mean one of the children.
    """
    for row in rows:
        if all(other is row or row.place in other.parents for other in rows):
            return row
    shared = set.intersection(*(set(row.parents[:1]) for row in rows))
    for level, parent_id in shared:
        parent = index.row(level, parent_id)
        family = [child for child in index.children(parent) if child.level is rows[0].level] if parent else []
        if parent and len(rows) >= 0.8 * len(family) and _may_be_called(parent, words):
            return parent
    return None


def _may_be_called(row: NameRow, words: str) -> bool:
    """Whether the words are of its names, or of many: "Apollo releases"."""
    names = {word.text for name in (row.label, *row.aliases) for word in words_of(plain(name))}
    said = [word.text for word in words_of(plain(words)) if word.text not in _SMALL]
    return all(any(word.startswith(text) or text.startswith(word) for word in names) for text in said) or (
        said[-1].endswith("s") and said[-1] not in names
    )


def _taken(row: NameRow, rows: Sequence[NameRow], index: NameIndex) -> Match:
    others = [other for other in rows if other is not row and not _related(row, other)]
    return replace(matched(row), instead_of=_first_other([other.label for other in others], row.label))


def _related(row: NameRow, other: NameRow) -> bool:
    return row.place in other.parents or other.place in row.parents


def _first_other(labels: Sequence[str], taken: str) -> str:
    return next((label for label in labels if label != taken), "")


def _label(row: NameRow, among: Sequence[NameRow]) -> str:
    alone = len({other.level for other in among}) == 1
    named = shortened(row.label) if row.label == row.key else f"{shortened(row.label)} ({row.key})"
    return named if alone else f"{named}, {row.level}"


def _begins(name: str, said: Sequence[str]) -> bool:
    words = [word.text for word in words_of(plain(name))]
    return all(any(word.startswith(text) for word in words) for text in said)


def _in_own_work(session: Session, reader: Reader, tasks: Sequence[TaskName]) -> list[TaskName]:
    own = own_work(session, reader) if tasks else frozenset[int]()
    return [task for task in tasks if task.project_id in own]


def _which_task(words: str, tasks: Sequence[TaskName]) -> Clarification:
    nearest = sorted(tasks, key=lambda task: -fuzz.ratio(plain(words), plain(task.name)))
    options = tuple(Option(task.key, task_label(task), Level.TASK) for task in nearest[:MOST_OPTIONS])
    return Clarification(f"Which task do you mean by “{shortened(words.strip())}”?", options)


def task_label(task: TaskName) -> str:
    return f"{shortened(task.name)} ({task.key}, {shortened(task.project_name or task.project_key)})"


def _or_list(words: Sequence[str]) -> str:
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)

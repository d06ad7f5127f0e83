"""What one message holds that arguments are made of: its places, people, tasks, days, amounts and other words."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.builtin.filling.cues import phrases, vocabulary
from assistant.builtin.linking import ARRIVING, LEAST, LEAST_ALONE, MOST, clearest, held_task_said, link_tasks
from assistant.builtin.message import Message
from assistant.builtin.naming import address, in_focus
from assistant.builtin.owning import own_projects
from assistant.builtin.pieces import Piece
from assistant.builtin.query import Query
from assistant.builtin.slots.board import hits_of, surest
from assistant.builtin.words import Phrase, filler, read_words
from storage.directory import NameRow, own_work
from storage.names import office_names, practice_names, practices_managed, task_keyed
from storage.records import TaskRecord
from storage.tasks import tasks_by_id, tasks_of
from storage.vocabulary import Level
from tools.facts import Clarification
from tools.names import How, plain, words_of
from tools.resolve import Match, choose, find_myself, matched_task
from tools.timewords import TimeSpan

_MOST_TASKS = 2  # that one message speaks of
_JOINING = frozenset({"and", "&", "or", "plus", "+", "also", "on"})
PLACES = (Level.PORTFOLIO, Level.PROGRAM, Level.PROJECT)


@dataclass(frozen=True)
class Found:
    """A row, and the words of the message that name it."""

    match: Match
    first: int
    last: int


class Said:
    """One message, read for the arguments of a tool that nobody is asked back about."""

    def __init__(
        self,
        message: Message,
        text: str,
        query: Query,
        pieces: Sequence[Piece],
        scope: Match | None = None,
        aside: frozenset[int] = frozenset(),
        cue: int | None = None,
    ) -> None:
        self.message, self.text, self.query, self.pieces = message, text, query, pieces
        self.words = [word.text for word in read_words(text)]
        self._scope, self._aside, self.cue = scope, aside, cue

    def without(self, phrases: Sequence[Phrase], cue: int | None = None) -> "Said":
        """The same message with the words of these phrases left out of names; `cue` is where one of them ends."""
        aside = self._aside | {at for phrase in phrases for at in range(phrase.first, phrase.last)}
        return Said(self.message, self.text, self.query, self.pieces, self._scope, aside, cue)

    @property
    def head(self) -> "Said":
        """The words before a colon; all where there is none."""
        words, colon, _ = self.text.partition(": ")
        if not colon:
            return self
        end = len(read_words(words))
        behind = frozenset(range(end, len(self.words)))
        pieces = [piece for piece in self.pieces if piece.last <= end]
        return Said(self.message, self.text, self.query, pieces, self._scope, self._aside | behind, self.cue)

    @cached_property
    def own_project(self) -> Match | None:
        """The asker's only project, where they speak of their own."""
        own = own_projects(self.message) if {"us", "our", "we", "my"} & set(self.words) else []
        return own[0] if len(own) == 1 else None

    def phrases(self, book: str) -> list[Phrase]:
        """Every place where one of the phrases of a book of cues stands."""
        return list(phrases(book).find(self.words))

    @cached_property
    def scope(self) -> Match | None:
        """The place the message is about, else the one of the talk where it says "it"; the innermost of several."""
        if self._scope and self._scope.level in PLACES:
            return self._scope
        places = self.places
        if not places:
            focused = in_focus(self.message, self.query)
            return focused if focused and focused.level in PLACES else None
        return max((each.match for each in places), key=lambda match: PLACES.index(match.level))

    @cached_property
    def places(self) -> list[Found]:
        return list(self._rows(PLACES))

    @cached_property
    def people(self) -> list[Found]:
        return list(self._rows((Level.PERSON,)))

    def _rows(self, levels: Sequence[Level]) -> Iterator[Found]:
        """What the pieces name for sure, or so nearly that one reading wins."""
        for piece in self.pieces:
            hits = surest([hit for hit in hits_of(piece) if hit.row.level in levels])
            if hits and not piece.task:
                message = self.message
                taken = choose(message.session, message.reader, message.index, hits, piece.text, message.preference)
                if not isinstance(taken, Clarification):
                    yield Found(taken, piece.first, piece.last)

    @cached_property
    def asker(self) -> Match | None:
        found = find_myself(self.message.reader, self.message.index)
        return found if isinstance(found, Match) else None

    @cached_property
    def project_of_task(self) -> Match | None:
        """The project of the task that is spoken of, where no project is, or one above it."""
        scope = self.scope
        if scope and scope.level is Level.PROJECT:
            return None
        if self.task_by_key:
            return self.project_of(self.task_by_key)
        below = {row.id for row in self.message.index.rows if row.level is Level.PROJECT and _is_below(row, scope)}
        own = below & own_work(self.message.session, self.message.reader)
        near = self._project_said(own, LEAST)
        keyed = next((each.match for each in self._keyed if each.last - each.first > 1), None)
        return near or (self.project_of(keyed) if keyed else self._project_said(below, MOST))

    def _project_said(self, project_ids: Collection[int], least: float) -> Match | None:
        """The one of these projects of whose tasks two words of a name or more are said."""
        message = self.message
        linked = link_tasks(message.session, message.reader, self._task_words(named=True), project_ids)
        said = [each.task for each in linked if each.cover >= least and _stand_together(each.places)]
        keys = {task.project_key for task in said}
        return message.row_of(Level.PROJECT, keys.pop()) if len(keys) == 1 else None

    @cached_property
    def held_task(self) -> Match | None:
        """The one task that the asker is to do of which as many words are said as of any."""
        session, reader = self.message.session, self.message.reader
        if self.task_by_key or reader.person_id is None:
            return None
        held = {task.id for task in tasks_of(session, reader, reader.person_id)}
        return held_task_said(session, reader, self._task_words(named=True), held)

    def project_of(self, match: Match) -> Match | None:
        """The project that a task belongs to; a place itself."""
        if match.level is not Level.TASK:
            return match
        task = task_keyed(self.message.session, self.message.reader, match.key)
        return self.message.row_of(Level.PROJECT, task.project_key) if task else None

    @cached_property
    def practice(self) -> tuple[str, str] | None:
        """Key and name of the practice that is spoken of: "the data practice", "how loaded is integration"."""
        named = {place for each in self.pieces if _is_sure(each) for place in range(each.first, each.last)}
        for key, name in practice_names(self.message.session):
            for form in (name, key):
                held = [word.text for word in words_of(plain(form))]
                for first in range(len(self.words) - len(held) + 1):
                    last = first + len(held)
                    said = self.words[first:last] == held and named.isdisjoint(range(first, last))
                    if said and not self._is_role(last):
                        return key, name
        return self._own_practice if self._says_own_people else None

    @cached_property
    def office(self) -> str | None:
        """The office that is spoken of: "the cork office", "how loaded is malmö"."""
        for name in office_names(self.message.session):
            held = [word.text for word in words_of(plain(name))]
            if any(self.words[first : first + len(held)] == held for first in range(len(self.words))):
                return name
        return None

    @property
    def _says_own_people(self) -> bool:
        """ "my own lot", "my people"."""
        behind = (self.words[at + 1 : at + 3] for at, word in enumerate(self.words) if word == "my")
        return any(
            near[:1]
            and (near[0] in vocabulary("practice") or (near[0] == "own" and near[-1] in vocabulary("practice")))
            for near in behind
        )

    @property
    def _own_practice(self) -> tuple[str, str] | None:
        managed = practices_managed(self.message.session, self.message.reader.person_id)
        return managed[0] if len(managed) == 1 else None

    def _is_role(self, at: int) -> bool:
        return at < len(self.words) and self.words[at] in vocabulary("roles")

    @cached_property
    def tasks(self) -> list[Match]:
        """The tasks that are said, the surest first: by key, by most of their names, by words of them."""
        if self._keyed:
            return [each.match for each in self._keyed]
        least = MOST if self.scope else LEAST_ALONE
        return [each.match for each in self._linked(least)[:1]]

    @cached_property
    def pair(self) -> list[Match]:
        """The tasks that are said, by key or by most of their names, in the order of the message."""
        found = sorted([*self._keyed, *self._linked(MOST)], key=lambda each: each.first)
        return [each.match for each in {each.match.key: each for each in reversed(found)}.values()][::-1]

    @property
    def task_by_key(self) -> Match | None:
        keyed = (piece.task for piece in self.pieces if piece.task and any(map(str.isdigit, piece.text)))
        return next(keyed, None)

    @cached_property
    def _keyed(self) -> list[Found]:
        return [Found(piece.task, piece.first, piece.last) for piece in self.pieces if piece.task]

    def _linked(self, least: float) -> list[Found]:
        """Two tasks at most, by words of their names; those of the place that is spoken of first."""
        place, words = self.scope, self._task_words()
        within = [place.id] if place and place.level is Level.PROJECT else None
        return self._linked_in(words, within, least)

    def _linked_in(self, words: dict[int, str], project_ids: list[int] | None, least: float) -> list[Found]:
        message, found = self.message, list[Found]()
        while len(found) < _MOST_TASKS:
            linked = link_tasks(message.session, message.reader, words, project_ids)
            best = clearest(linked, message.session, message.reader)
            if best is None or best.cover < least:
                break
            found.append(Found(matched_task(best.task), min(best.places), max(best.places) + 1))
            words = {at: word for at, word in words.items() if at not in best.places}
        return found

    def _task_words(self, *, named: bool = False) -> dict[int, str]:
        """Words that may be those of a task's name: not times, amounts, keys, or names of people and places.

        With `named` those of a task that was found by its name, too.
        """
        taken = set(self._aside)
        for piece in self.pieces:
            is_keyed = piece.task is not None and not (named and piece.task is not self.task_by_key)
            if piece.time or piece.amount or is_keyed or _is_sure(piece):
                taken.update(range(piece.first, piece.last))
        return {
            at: word
            for at, word in enumerate(self.words)
            if word in ARRIVING or (at not in taken and word not in filler())
        }

    @cached_property
    def talk(self) -> Match | None:
        """The row the thread is about, where the message says "it" or names nothing."""
        return in_focus(self.message, self.query, must=True)

    @property
    def rows(self) -> list[Match]:
        """Every row the message may have named."""
        found = [each.match for each in (*self.people, *self.places)]
        return [*self.tasks, *found, *(each for each in (self.scope, self.asker, self.talk) if each)]

    @cached_property
    def times(self) -> list[tuple[int, TimeSpan]]:
        """Each day or window that is said, and the word it begins at."""
        return [(piece.first, piece.time) for piece in self.pieces if piece.time and not piece.time.problem]

    def planned(self, task: Match) -> TaskRecord | None:
        """The task as planned; None where it is not there any more."""
        found = tasks_by_id(self.message.session, self.message.reader, [task.id]) if task.id else {}
        return found.get(task.id)

    @property
    def times_beside(self) -> list[TimeSpan]:
        """The first time that is said, and those that follow it with nothing but an "and" between."""
        said = [piece for piece in self.pieces if piece.time and not piece.time.problem]
        beside = said[:1]
        for piece in said[1:]:
            if not set(self.words[beside[-1].last : piece.first]) <= _JOINING:
                break
            beside.append(piece)
        times = [piece.time for piece in beside if piece.time]
        return times if all(time.first and time.last for time in times) else times[:1]

    def clause_end(self, at: int) -> int:
        """The end of the part between punctuation marks in which a word stands."""
        clause = next((piece.clause for piece in self.pieces if piece.first <= at < piece.last), None)
        ends = [piece.last for piece in self.pieces if piece.clause == clause]
        return max(ends, default=len(self.words))

    @cached_property
    def earlier(self) -> "Said | None":
        """The message before this one in the thread; None at its beginning."""
        said = [each.text for each in self.message.focus.question if each.text != self.text]
        return Said(self.message, said[-1], *self.message.read(said[-1])) if said else None

    def before(self, at: int, count: int = 3) -> list[str]:
        """The words right before a place."""
        return self.words[max(0, at - count) : at]

    def address(self, match: Match) -> str:
        return address(self.message, match)


def _stand_together(places: Collection[int]) -> bool:
    """Two words or more, with no more words between them than they are."""
    return len(places) > 1 and max(places) - min(places) < 2 * len(places)


def _is_below(row: NameRow, place: Match | None) -> bool:
    return place is None or (place.level, place.id) in row.parents


def _is_sure(piece: Piece) -> bool:
    return any(mention.how > How.PART for mention in piece.mentions)

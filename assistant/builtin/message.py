"""One message as it came: its words, who sent it, and what the thread was about."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from assistant.builtin.asker import does_tasks_only
from assistant.builtin.focus import Focus
from assistant.builtin.linking import tasks_said
from assistant.builtin.phrasing import rephrased, reread
from assistant.builtin.pieces import Piece, read_pieces
from assistant.builtin.query import Query
from assistant.builtin.slots import compose
from assistant.builtin.vocabulary import Vocabulary
from storage.access import Reader
from storage.directory import Place, plan_calendar
from storage.names import task_keyed
from storage.vocabulary import Level
from tools.facts import Clarification, Option, Refusal
from tools.names import NameIndex
from tools.resolve import Match, Preference, matched, matched_task
from tools.timewords import parse_times


class Instead(Exception):
    """A question back or a refusal takes the tool's place."""

    def __init__(self, result: Clarification | Refusal) -> None:
        super().__init__(result)
        self.result = result


@dataclass(frozen=True)
class Asker:
    """Who writes, what they may see, and when."""

    session: Session
    reader: Reader
    index: NameIndex  # as they may see it
    today: date
    vocabulary: Vocabulary


@dataclass
class Message:
    """What every step of understanding may look at; `notes` gathers what the answer has to add."""

    asker: Asker
    focus: Focus
    original: str
    chosen: Option | None = None
    notes: list[str] = field(default_factory=list)
    doubtful: str = ""  # the words that a question back is about

    def __post_init__(self) -> None:
        self.session, self.reader, self.index = self.asker.session, self.asker.reader, self.asker.index
        self.today, self.vocabulary = self.asker.today, self.asker.vocabulary

    def read(self, text: str) -> tuple[Query, list[Piece]]:
        """The query that a plain text makes, and its pieces."""
        text = rephrased(_UP_TO.sub(r"\1 doing", text))
        settings = plan_calendar(self.session)
        times = parse_times(
            text,
            self.today,
            settings.fiscal_year_start_month,
            settings.week_start,
            month_first=settings.month_first,
            known=self.index.holds,
        )
        pieces = read_pieces(text, times, self.index, self.vocabulary, self.task_keyed, self.tasks_said)
        query = compose(pieces, self.vocabulary)
        reread(query, pieces, self.vocabulary)
        return query, pieces

    def task_keyed(self, key: str) -> Match | None:
        found = task_keyed(self.session, self.reader, key)
        return matched_task(found) if found else None

    def tasks_said(self, words: Mapping[int, str], near: Collection[int]) -> Iterator[tuple[int, int, Match, bool]]:
        return tasks_said(self.session, self.reader, words, near)

    def row_of(self, level: Level | str, key: str) -> Match | None:
        """The row of a level with this key, as the sender may see it."""
        if level == Level.TASK:
            return self.task_keyed(key)
        row = self.index.by_key(Level(level), key) if level in set(Level) else None
        return matched(row) if row else None

    @property
    def preference(self) -> Preference:
        """What separates close readings: the option chosen, else what the last answers were about."""
        if self.chosen:
            return Preference(frozenset(self._places([(self.chosen.kind, self.chosen.key)])))
        talk = self.focus.talk or self.focus.rows
        return Preference(frozenset(self._places([(each.level, each.key) for each in talk])))

    def _places(self, rows: Iterable[tuple[str, str]]) -> Iterator[Place]:
        found = (self.row_of(level, key) for level, key in rows)
        return ((match.level, match.id) for match in found if match)

    def as_written(self, words: str) -> str:
        """Words in the letters of the message, so that a sentence quotes them as they were said."""
        found = re.search(r"\W+".join(map(re.escape, words.split())), self.original, re.IGNORECASE)
        return found.group() if found else words

    def does_tasks_only(self) -> bool:
        """Whether the sender has tasks and looks after no project."""
        projects = self.vocabulary.catalogues[Level.PROJECT]
        return does_tasks_only(self.session, self.reader, self.index, projects, self.today)


_UP_TO = re.compile(r"^((?:what(?:'?s| is| are))\b(?: [\w.'-]+){1,4}?) up to\b(?! \$?\d)")

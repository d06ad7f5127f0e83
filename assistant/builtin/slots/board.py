"""The pieces of one message laid out, which of them are used up, and the query that grows from them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.builtin.pieces import Piece
from assistant.builtin.query import Condition, Query
from assistant.builtin.vocabulary import Vocabulary
from storage.catalogue import FieldKind
from storage.vocabulary import Level
from tools.amounts import Amount
from tools.names import Hit, How

CHILDREN = {Level.TASK: "tasks", Level.PROJECT: "projects", Level.PROGRAM: "programs"}
DEPTH = {Level.PORTFOLIO: 0, Level.PROGRAM: 1, Level.PROJECT: 2, Level.TASK: 3}
ARTICLES = frozenset({"the", "a", "an", "our", "my", "called", "named"})
NEAR = 4  # pieces between a field and what it is compared with


@dataclass
class Board:
    """What the steps of composing share. A place is the position of a piece."""

    pieces: Sequence[Piece]
    vocabulary: Vocabulary
    query: Query = field(default_factory=Query)
    used: set[int] = field(default_factory=set)
    target_at: int | None = None  # the piece that says the level

    def free(self, kind: str) -> Iterator[tuple[int, Piece]]:
        return ((at, piece) for at, piece in enumerate(self.pieces) if at not in self.used and kind in piece.readings)

    def near(self, at: int, step: int, *, over: Callable[[Piece], bool] | None = None) -> int | None:
        """The next piece before or after that is not filler (or is not skipped by `over`)."""
        skipped = over or (lambda piece: piece.is_filler)
        at += step
        while 0 <= at < len(self.pieces) and skipped(self.pieces[at]):
            at += step
        return at if 0 <= at < len(self.pieces) else None

    def take(self, *places: int) -> None:
        self.used.update(places)

    def level_at(self, at: int | None) -> Level | None:
        value = self.pieces[at].value("levels") if at is not None and at not in self.used else None
        return Level(value) if value and value != "person" else None

    def need(self, at: int) -> Level:
        return self.level_at(at) or Level.PROJECT

    def is_plural(self, at: int) -> bool:
        return self.pieces[at].text.endswith("s")

    def field_at(self, at: int | None) -> str | None:
        if at is None or at in self.used:
            return None
        return self.pieces[at].value("fields")

    def negated(self, at: int) -> bool:
        """Whether "not", "without" or the like stands right before; it is then used up."""
        before = self.near(at, -1)
        if before is None or "negation" not in self.pieces[before].readings or before in self.used:
            return False
        self.take(before)
        return True

    def free_amount(self, at: int | None) -> Amount | None:
        return self.pieces[at].amount if at is not None and at not in self.used else None

    def kind(self, sense: str) -> FieldKind | None:
        found = (self.vocabulary.field(level, sense) for level in self.vocabulary.catalogues)
        return next((each.kind for each in found if each is not None), None)

    def measurable(self, sense: str | None) -> bool:
        if sense is None:
            return False
        fields = (self.vocabulary.field(level, sense) for level in self.vocabulary.catalogues)
        return any(each is not None and each.kind.is_measurable for each in fields) or sense in ("actual_cost",)

    def add(self, condition: Condition, at: int | None = None) -> None:
        """Of a share, what is said after the level is the part, what is said before it the whole."""
        if self.query.measure == "share" and (at is None or self.target_at is None or at > self.target_at):
            self.query.part.append(condition)
        else:
            self.query.conditions.append(condition)


def is_article(piece: Piece) -> bool:
    return piece.text in ARTICLES


def hits_of(piece: Piece) -> tuple[Hit, ...]:
    """All rows a piece may name, the surest first."""
    hits = [hit for mention in piece.mentions for hit in mention.hits]
    return tuple({hit.row.place: hit for hit in reversed(hits)}.values())[::-1]


def surest(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    best = max((hit.how for hit in hits), default=How.PART)
    return tuple(hit for hit in hits if hit.how is best)

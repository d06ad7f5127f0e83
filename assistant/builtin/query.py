"""A message taken apart: level, measure, field, conditions, grouping, order, scope and time."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from assistant.builtin.pieces import Piece
from assistant.builtin.vocabulary import FieldValue
from storage.vocabulary import Level
from tools.amounts import AmountUnit
from tools.names import Hit
from tools.resolve import Match
from tools.timewords import TimeSpan

DATE_FIELDS = frozenset({"start", "started", "finish", "finished", "deadline", "promised"})

# The tools that take a query; the arguments of the others are filled one by one (see filling/).
QUERIED = frozenset({"project_status", "portfolio_overview", "list_tasks", "my_work", "task_details", "finances"})


@dataclass(frozen=True)
class Compared:
    """A field (a sense of the lexicon or a catalogue key) against a value; `operator` as the tools write it."""

    field: str
    operator: str
    value: Decimal | date | str | None = None
    unit: AmountUnit | None = None
    currency: str | None = None


@dataclass(frozen=True)
class InState:
    state: str
    negated: bool = False


@dataclass(frozen=True)
class HasValue:
    """One of the values that a phrase stands for."""

    words: str
    options: tuple[FieldValue, ...]
    negated: bool = False
    by_field: bool = False  # said with the field's name: "client Osprey"


@dataclass(frozen=True)
class SaysText:
    words: str
    negated: bool = False
    in_name_only: bool = False


@dataclass(frozen=True)
class AnyOf:
    """At least one of these: "late or red", with more asked of the same rows later on."""

    conditions: "tuple[Condition, ...]"


Condition = Compared | InState | HasValue | SaysText | AnyOf


@dataclass(frozen=True)
class Scope:
    """Words that name rows, with all they may mean."""

    words: str
    hits: tuple[Hit, ...]
    level: Level | None = None  # the level word beside it
    negated: bool = False
    is_predicate: bool = False  # "that is in CMS", "is HRSA's"


@dataclass
class Query:
    """A message taken apart. Fields and states are senses; levels are None where none was said."""

    level: Level | None = None
    plural: bool = False
    measure: str | None = None  # count, sum, mean, median, min, max, share
    of: str | None = None  # what is measured
    asked: list[str] = field(default_factory=list)  # fields to look up, by sense
    by_label: bool = False  # what is looked up was called by the field's own name
    words: dict[str, str] = field(default_factory=dict)  # how each field was said
    conditions: list[Condition] = field(default_factory=list)
    part: list[Condition] = field(default_factory=list)  # of a share
    either: bool = False  # "red or late"
    group: str | None = None
    is_per: bool = False  # the group was said as "per", which with a mean may be what the mean is over
    sort: str | None = None
    descending: bool = True
    limit: int | None = None
    scopes: list[Scope] = field(default_factory=list)
    among: tuple[Level, tuple[str, ...]] | None = None  # several rows of one level, by key
    people: list[Scope] = field(default_factory=list)
    person_role: str | None = None  # manager or owner
    task: Piece | None = None  # by its key
    task_match: Match | None = None  # by words of its name
    topics: list[str] = field(default_factory=list)  # tools that take no query, of which its words speak
    pronoun: bool = False
    names_expected: bool = False  # an unknown word stands where a name would
    mine: bool = False
    times: list[TimeSpan] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)  # numbers that nothing can have, each declined in a sentence
    window: TimeSpan | None = None
    as_of: date | None = None
    due: bool = False  # "due" means open work, where the days are still to come
    only_filler: bool = False
    loose_negation: str = ""  # a "not" that belongs to nothing understood
    unknown: list[str] = field(default_factory=list)
    light: frozenset[str] = frozenset()  # those of them that stand where no name and no condition would
    passed: list[str] = field(default_factory=list)  # words of clauses in which nothing is asked

    @property
    def problems(self) -> list[str]:
        return [*(time.problem for time in self.times if time.problem), *self.impossible]

    @property
    def is_analytic(self) -> bool:
        return bool(self.measure or self.sort or self.group)

    @property
    def only_states(self) -> bool:
        """Whether it is a bare "what is late?"."""
        beside = (self.level, self.asked, self.scopes, self.people, self.task, self.task_match, self.among, self.of)
        others = (self.window, self.as_of, self.topics, self.part, self.unknown, self.loose_negation, self.group)
        are_states = bool(self.conditions) and all(isinstance(each, InState) for each in self.conditions)
        return are_states and not any((*beside, *others)) and not (self.is_analytic or self.mine or self.pronoun)

    @property
    def only_due(self) -> bool:
        """Whether it is a bare "what is due?"."""
        bare = replace(self, asked=[], conditions=[InState("due")])
        return (
            self.asked == ["finish"] and self.words.get("finish") == "due" and not self.conditions and bare.only_states
        )

    @property
    def says_nothing(self) -> bool:
        """Whether nothing in the message is known to mean anything."""
        held = (
            self.level,
            self.conditions,
            self.asked,
            self.people,
            self.task,
            self.task_match,
            self.window,
            self.topics,
        )
        return not (any(held) or self.mine or self.of or self.sort or self.group)

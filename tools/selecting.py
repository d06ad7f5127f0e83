"""What the arguments of list_tasks and portfolio_overview mean: rows of a level, or a question back, or a refusal."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import case
from sqlmodel import Session

from storage.access import FieldClass, Reader
from storage.catalogue import Catalogue, Field, FieldKind, Right, plain
from storage.fields import catalogue
from storage.names import firm_words
from storage.readings import knows_progress
from storage.selection.conditions import Comparison, Holds, Operator, Period
from storage.selection.frames import Clock, Frame, Place, PlaceKind, Selection
from storage.selection.measures import DatePart, Grouping
from storage.selection.rows import MOST_ROWS, Row, RowOrder, clocks, find_client, known, list_rows, list_words
from storage.text import clean
from storage.vocabulary import Level
from tools import facts
from tools.conditions import ConditionNotUnderstood, ConditionReader, Said, shown_day
from tools.context import ToolContext
from tools.facts import Clarification, Figure, Refusal, SourceRef
from tools.figures import source_of
from tools.resolve import Match, find_one

USUAL_ROWS, USUAL_GROUPS = 10, 25
PARTIAL = "of what you can see"
MOST_CITED = 5
EVERYWHERE = frozenset({"", "all", "everything", "everywhere", "any", "the store", "whole portfolio"})
WITHOUT_PROGRAM = frozenset({"no program", "no programme", "no investment", "without program", "without a program"})
_SCOPES = (Level.PORTFOLIO, Level.PROGRAM, Level.PROJECT, Level.PERSON)
_PART = "year|quarter|month"
_PART_OF_DATE = re.compile(rf"(?P<part>{_PART}) of (?:the )?(?P<field>.+)|(?P<before>.+) (?:by )?(?P<after>{_PART})")


Meaning = TypeVar("Meaning")


class Unanswerable(Exception):
    """The question ends here, with a question back or a refusal."""

    def __init__(self, result: Clarification | Refusal) -> None:
        super().__init__(result)
        self.result = result


@dataclass(frozen=True)
class Arguments:
    """The arguments both tools share, as they were given."""

    scope: str | None = None
    state: str | None = None
    start: date | None = None
    end: date | None = None
    window_on: str = "finish"
    owner: str | None = None
    where: Sequence[str] = ()
    measure: str | None = None
    of: str | None = None
    by: str | None = None
    sort: str | None = None
    limit: int | None = None

    @property
    def is_measuring(self) -> bool:
        return bool(self.measure or self.of or self.by)


@dataclass(frozen=True)
class Scope:
    """Where to look, as people and as the database know it."""

    place: Place
    name: str
    source: SourceRef | None = None
    key: str | None = None


class Asked:
    """One question, read: which rows, in which words, and who may see them all. Raises Unanswerable."""

    def __init__(self, session: Session, context: ToolContext, level: Level, arguments: Arguments) -> None:
        self.session, self.context, self.level, self.arguments = session, context, level, arguments
        self.reader: Reader = context.reader
        self.catalogue: Catalogue = catalogue(session, level)
        self.conditions = ConditionReader(self.catalogue, self._source_words)
        self.scope = self._scope()
        self.said: list[Said] = self._said()
        self.selection = Selection(
            level=level,
            clock=Clock(context.today, context.as_of),
            place=self.scope.place if self.scope else None,
            conditions=tuple(each.condition for each in self.said),
        )

    @property
    def fields(self) -> list[Field]:
        """The fields that the conditions look at."""
        return list(dict.fromkeys(field for each in self.said for field in each.fields))

    @property
    def limit(self) -> int:
        usual = USUAL_GROUPS if self.arguments.by else USUAL_ROWS
        return usual if self.arguments.limit is None else max(1, min(self.arguments.limit, MOST_ROWS))

    @property
    def words(self) -> Figure | None:
        return facts.text(" and ".join(each.clause for each in self.said if each.words))

    @cached_property
    def day(self) -> date:
        """The clock of the answer: the latest among the projects of the place."""
        return self.context.as_of or clocks(self.session, self.reader, self.selection)[0]

    @cached_property
    def noun(self) -> Figure | None:
        words = (each.word for each in firm_words(self.session) if each.level is self.level and each.field is None)
        return facts.text(next(words, None))

    def field(self, words: str) -> Field:
        return understood(lambda: self.conditions.field(words))

    def read(self, text: str) -> Said:
        return self._with_name(understood(lambda: self.conditions.read(text)))

    @cached_property
    def order(self) -> RowOrder | None:
        """By the field to sort by; None where none was given."""
        words = self.arguments.sort
        return RowOrder(self.field(words.lstrip("-+")), words.startswith("-")) if words else None

    @property
    def scope_sources(self) -> list[SourceRef]:
        return [self.scope.source] if self.scope and self.scope.source else []

    def columns(self, shown: Sequence[str]) -> list[Field]:
        """The fields always shown, and those that the conditions and the order look at."""
        usual = [self.catalogue.fields[key] for key in shown]
        return list(dict.fromkeys((*usual, *self.fields, *([self.order.field] if self.order else []))))

    def asked_for(self, columns: Sequence[Field], shown: Sequence[str]) -> list[Field]:
        """Of the columns, those that were asked for: the one sorted by, and those not always shown."""
        sorted_by = self.order.field if self.order else None
        return [each for each in columns if each is sorted_by or each.key not in shown]

    def count_of_sorted(self) -> list[Field]:
        """Counts the rows with a value to sort by."""
        if self.order is None:
            return []
        present = case((self.order.field.value.is_not(None), 1))
        return [replace(self.order.field, key="sorted", kind=FieldKind.COUNT, value=present, unit=None)]

    def check_found(self, counts: Mapping[str, int]) -> None:
        """Raise where hidden or missing data are the reason for an empty or unsorted list."""
        if counts["matched"] == 0 or self.is_of_absence:
            self.explain_nothing()
        elif self.order and counts["sorted"] == 0:
            self.explain_nothing([self.order.field])

    def stated(self, counts: Mapping[str, int], shown: int, rights: Iterable[Right] = ()) -> dict[str, Any]:
        """What every list says of itself."""
        matched = counts["matched"]
        order = self.order
        asked = [right for each in self.selection.conditions for right in each.rights]
        return {
            "as_of": self.day,
            "noun": self.noun,
            "scope": facts.name(self.scope.name if self.scope else None),
            "scope_key": facts.key(self.scope.key if self.scope else None),
            "conditions": self.words,
            "sorted_by": facts.text(order.field.label if order else None),
            "matched": facts.count(matched),
            "shown": facts.count(shown),
            "rest": facts.count(matched - shown or None),
            "missing": facts.count(matched - counts["sorted"]) if order else None,
            "partial": self.partial([*rights, *asked, *([order.field.right] if order else [])]),
        }

    def grouping(self, words: str) -> Grouping:
        """A field, or "year of planned start"."""
        if (found := _PART_OF_DATE.fullmatch(plain(words).replace(".", " "))) and not self.catalogue.field(words):
            dated = self.field(found["field"] or found["before"])
            if dated.kind is FieldKind.DATE:
                return Grouping(dated, DatePart(found["part"] or found["after"]))
        return Grouping(self.field(words))

    def partial(self, rights: Iterable[Right]) -> Figure | None:
        """Said to every reader without rights over the whole place, whether or not anything is hidden."""
        classes = {FieldClass.OPEN, *(right.field_class for right in rights)}
        frame = Frame(self.session, self.reader, self.level, self.selection.clock, self.selection.place)
        sees_all = all(frame.sees_all(each) for each in sorted(classes))
        return None if sees_all else Figure(value=PARTIAL, unit=facts.Unit.TEXT)

    @property
    def is_of_absence(self) -> bool:
        """Whether it asks for what lacks a value: then nothing may have one, and all be found."""
        states = [each.condition.state for each in self.said if isinstance(each.condition, Holds)]
        missing = (each.condition for each in self.said if isinstance(each.condition, Comparison))
        return any(each.is_absence for each in states) or any(each.operator is Operator.MISSING for each in missing)

    @property
    def is_for_teams_only(self) -> bool:
        """Whether it asks how tasks stand of which the reader sees no more than counts."""
        rights = [right for each in self.selection.conditions for right in each.rights if right is Right.WORK]
        there = known(self.session, self.reader, self.selection, [], rights, sums=False)
        return bool(rights) and not any(there.allowed.values())

    def sources_of(self, rows: Sequence[Row]) -> list[SourceRef]:
        """What a list cites; an empty one, the rows it was looked for in."""
        return [source_of(self.level, row.key, row.name) for row in rows] or self.evidence(self.selection)

    def evidence(self, selection: Selection) -> list[SourceRef]:
        """The first rows behind a figure; behind a nought, the first it was looked for in."""
        for looked_at in (selection, replace(selection, conditions=())):
            if rows := list_rows(self.session, self.reader, looked_at, [], limit=MOST_CITED):
                return [source_of(self.level, row.key, row.name) for row in rows]
        return []

    def explain_nothing(self, fields: Sequence[Field] = (), part: Sequence[Said] = (), *, sums: bool = False) -> None:
        """Raise the reason why nothing was found, where it is that fields are hidden or were never imported."""
        said = list(dict.fromkeys((*self.said, *part)))
        states = [each.condition.state for each in said if isinstance(each.condition, Holds)]
        needed = [[self.catalogue.fields[key] for key in state.needs] for state in states if state.needs]
        asked = [
            [self._giver(each)] for each in dict.fromkeys((*(each for one in said for each in one.fields), *fields))
        ]
        every = list(dict.fromkeys(each for group in (*asked, *needed) for each in group))
        rights = [*(state.right for state in states), *(each.right for group in asked for each in group)]
        there = known(self.session, self.reader, self.selection, every, rights, sums=sums)
        if there.rows == 0:
            return
        for right in rights:
            if there.allowed[right] == 0:
                raise Unanswerable(Refusal("refused", _REFUSED[right.field_class]))
        for group in (*asked, *needed):
            hidden = all(there.allowed[each.right] == 0 for each in group)
            if not hidden and not any(there.present[each.key] for each in group):
                self._check_past(group[0])
                raise Unanswerable(Refusal("not_found", self._never_imported(group)))
            if unknown := [each for each in group if each.key in _BY_PROGRESS and not there.present[each.key]]:
                self._check_past(unknown[0])

    def _with_name(self, said: Said) -> Said:
        """With the name of a person who is given by key."""
        held = said.condition
        if (
            not isinstance(held, Comparison)
            or held.field.kind is not FieldKind.PERSON
            or not isinstance(held.value, str)
        ):
            return said
        match = find_one(self.session, self.reader, held.value, (Level.PERSON,))
        if not isinstance(match, Match) or match.key != held.value:
            return said
        return replace(said, words=said.words.replace(match.key, match.name))

    def _giver(self, field: Field) -> Field:
        """The field that has to be on file: only what is late has days late, of whatever has a planned finish."""
        return self.catalogue.fields.get("finish", field) if field.key == "days_late" else field

    def _check_past(self, field: Field) -> None:
        """Raise where a field has no value because the progress of the day it is asked for is not on file."""
        as_of, today = self.context.as_of, self.context.today
        if field.key in _BY_PROGRESS and as_of and not knows_progress(self.session, self.reader, today, as_of):
            sentence = f"I cannot tell the {field.label} of {shown_day(as_of)}: what was done by then is not on file."
            raise Unanswerable(Refusal("not_found", sentence))

    def _never_imported(self, group: Sequence[Field]) -> str:
        labels = " or ".join(dict.fromkeys(each.label for each in group))
        sources = " or ".join(dict.fromkeys(each.comes_from for each in group if each.comes_from))
        where = f" for {self.scope.name}" if self.scope else ""
        mend = f" Importing {sources} would give it." if sources else ""
        return f"No {labels} was ever imported{where}, so I cannot say.{mend}"

    def _scope(self) -> Scope | None:
        words = clean(self.arguments.scope) if self.arguments.scope is not None else None
        if words is None or plain(words) in EVERYWHERE:
            return None
        if plain(words) in WITHOUT_PROGRAM:
            return Scope(Place(PlaceKind.NO_PROGRAM), "no program")
        match = find_one(self.session, self.reader, words, _SCOPES)
        is_exact = isinstance(match, Match) and plain(words) in (plain(match.name), plain(match.key))
        client = None if is_exact else find_client(self.session, self.reader, words)
        if client is not None:
            return Scope(Place(PlaceKind.CLIENT, name=client), client)
        if not isinstance(match, Match):
            raise Unanswerable(match)
        return _scope_of(match)

    def _said(self) -> list[Said]:
        given = self.arguments
        said = [self._state(given.state)] if given.state else []
        said += [self.read(text) for text in given.where]
        if given.owner:
            said.append(self._owner(given.owner))
        return [*said, *self._window()]

    def _state(self, words: str) -> Said:
        """A state; "due" without a window is due this week."""
        is_open_ended = self.arguments.start is None and self.arguments.end is None
        meant = "due this week" if plain(words) == "due" and is_open_ended and self.level is Level.TASK else words
        return self.read(meant)

    def _owner(self, words: str) -> Said:
        match = find_one(self.session, self.reader, words, (Level.PERSON,))
        if not isinstance(match, Match):
            raise Unanswerable(match)
        held = self.catalogue.fields["owner" if self.level is Level.TASK else "manager"]
        return Said(Comparison(held, Operator.EQUALS, match.key), f"{held.label} is {match.name}", (held,))

    def _window(self) -> list[Said]:
        start, end = self.arguments.start, self.arguments.end
        if start is None and end is None:
            return []
        dated = self.field(self.arguments.window_on)
        if dated.kind is not FieldKind.DATE:
            raise Unanswerable(Refusal("declined", f"“{dated.label}” is no date, so it has no window."))
        if start and end and start > end:
            raise Unanswerable(Refusal("declined", f"The window ends on {end} before it starts on {start}."))
        bounds = ((Operator.AT_LEAST, "from", start), (Operator.AT_MOST, "to" if start else "by", end))
        given = [(operator, preposition, day) for operator, preposition, day in bounds if day]
        words = " ".join([f"{dated.label} is", *(f"{preposition} {shown_day(day)}" for _, preposition, day in given)])
        limits = [Comparison(dated, operator, Period(day, day)) for operator, _, day in given]
        return [Said(limit, words if limit is limits[0] else "", (dated,)) for limit in limits]

    def _source_words(self, field: Field) -> list[str]:
        return list_words(self.session, self.reader, self.level, field)


def understood(read: Callable[[], Meaning]) -> Meaning:
    """What was read; a condition that makes no sense ends the question with its sentence."""
    try:
        return read()
    except ConditionNotUnderstood as error:
        raise Unanswerable(Refusal("declined", str(error))) from error


def _scope_of(match: Match) -> Scope:
    source = source_of(match.level, match.key, match.name)
    return Scope(Place(PlaceKind(match.level.value), match.id), match.name, source, match.key)


_BY_PROGRESS = frozenset(
    {
        *("health", "schedule_performance", "cost_performance", "earned_value", "estimate_at_completion", "revenue"),
        *("margin", "margin_at_completion"),
    }
)
_REFUSED = {
    FieldClass.TEAM: "Who does what, and at what effort, is for a project's team and its managers: ask one of them.",
    FieldClass.MONEY: "Money is for a project's managers, finance and executives: ask one of them.",
}

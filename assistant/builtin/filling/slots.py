"""The kinds of arguments, each of which finds itself in a message."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from assistant.builtin.filling.cues import vocabulary
from assistant.builtin.filling.said import PLACES, Said
from assistant.builtin.pieces import Piece
from storage.vocabulary import Level
from tools.amounts import AmountUnit
from tools.timewords import TimeRole, TimeSpan

DAY_HOURS = 8
_LITTLE = frozenset({"the", "a", "an", "of", "and", "for", "in", "on", "to", "at", "by", "with", "or"})
_LONGEST = 16  # words of an argument that is made of words
_WEEK = 7
_HALF_A_YEAR = 183
_FEBRUARY = 2


class Slot(Protocol):
    """One argument, or the two ends of a window."""

    def read(self, said: Said) -> Iterator[tuple[str, Any]]: ...


@dataclass(frozen=True)
class Place:
    """A portfolio, program or project by key; a practice, or a person by e-mail, where the tool takes them."""

    name: str = "scope"
    practices: bool = False
    people: bool = False
    levels: tuple[Level, ...] = PLACES

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        if self.people and said.people:
            yield self.name, said.address(said.people[0].match)
        elif self.practices and said.practice:
            yield self.name, said.practice[0]
        elif said.scope and said.scope.level in self.levels:
            yield self.name, said.scope.key


@dataclass(frozen=True)
class Person:
    name: str = "person"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        if said.people:
            yield self.name, said.address(said.people[0].match)


@dataclass(frozen=True)
class Window:
    """The first days that are said, as `start` and `end`."""

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for _, time in said.times[:1]:
            yield from ((name, day) for name, day in (("start", time.first), ("end", time.last)) if day)


@dataclass(frozen=True)
class Ends:
    """A start and an end that are said apart: "start 13 april, live before summer"."""

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for at, time in said.times:
            if time.ranged:
                yield "start", time.first
                yield "end", time.last
            elif _is_end(said, at, time):
                yield "end", ahead(named_day(time), time, said)
            else:
                yield "start", ahead(time.first or time.last, time, said)


@dataclass(frozen=True)
class Day:
    """The day that is named; a past one where `past`: "since friday" is the last one."""

    name: str
    past: bool = False

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for _, time in said.times[:1]:
            day = time.first if self.past and time.first else named_day(time)
            if day:
                yield self.name, _in_the_past(day, said.message.today) if self.past else ahead(day, time, said)


@dataclass(frozen=True)
class Week:
    name: str = "week"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for _, time in said.times[:1]:
            if day := time.first or time.last:
                year, week, _ = day.isocalendar()
                yield self.name, f"{year}-W{week:02}"


@dataclass(frozen=True)
class Hours:
    """Hours; days as hours of a working day."""

    name: str = "hours"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        if (hours := next(lengths(said), None)) is not None:
            yield self.name, hours


@dataclass(frozen=True)
class Length:
    """How long something may take, in calendar days."""

    name: str = "days"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for piece in said.pieces:
            if piece.amount and piece.amount.unit is AmountUnit.DAYS:
                yield self.name, number(piece.amount.value)
                return


@dataclass(frozen=True)
class Money:
    name: str = "budget"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for piece in said.pieces:
            if piece.amount and piece.amount.unit is AmountUnit.MONEY:
                yield self.name, number(piece.amount.value)
                return


@dataclass(frozen=True)
class Heads:
    """A number of people."""

    name: str = "people"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        if (heads := next(counted_people(said), None)) is not None:
            yield self.name, heads


@dataclass(frozen=True)
class Words:
    """What is asked for in words: all of the message that does not belong to the asking."""

    name: str
    book: str
    places: bool = True  # whether names of projects and people may be among them

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        if words := self._words(said):
            yield self.name, words

    def _words(self, said: Said) -> str:
        after = [phrase.last for phrase in said.phrases(f"words.{self.book}.after")]
        for first in (*after, 0):
            if words := self._content(said, first):
                return words
        return ""

    def _content(self, said: Said, first: int) -> str:
        """Runs of words that matter, little words kept within a run."""
        aside, taken = vocabulary(f"words.{self.book}.without"), self._taken(said)
        runs: list[list[str]] = [[]]
        for at in range(first, len(said.words)):
            word = said.words[at]
            if at in taken or (word in aside and word not in _LITTLE):
                runs.append([])
            elif runs[-1] or word not in _LITTLE:
                runs[-1].append(word)
        return " ".join(" ".join(_without_tail(run)) for run in runs if run)[: _LONGEST * 12]

    def _taken(self, said: Said) -> set[int]:
        return {at for piece in said.pieces if self._is_other(said, piece) for at in range(piece.first, piece.last)}

    def _is_other(self, said: Said, piece: Piece) -> bool:
        if piece.time or (
            piece.amount and (piece.amount.unit is not AmountUnit.NUMBER or _counts_people(said, piece.last))
        ):
            return True
        return not self.places and any((piece.first, piece.last) == (each.first, each.last) for each in said.people)


@dataclass(frozen=True)
class Role:
    """A role by its noun and the words before it: "data engineers"."""

    name: str = "skill"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for at, word in enumerate(said.words):
            if word in vocabulary("roles"):
                before = said.words[at - 1] if at else ""
                kind = before if before.isalpha() and before not in vocabulary("words.skill.without") | _LITTLE else ""
                yield self.name, f"{kind} {word.removesuffix('s')}".strip()
                return


def lengths(said: Said) -> Iterator[float | int]:
    """Amounts of time as working hours."""
    for piece in said.pieces:
        if piece.amount and piece.amount.unit is AmountUnit.HOURS:
            yield number(piece.amount.value)
        elif piece.amount and piece.amount.unit is AmountUnit.DAYS:
            count, unit = spoken_length(piece)
            yield number(count * {"day": DAY_HOURS, "week": 5 * DAY_HOURS}.get(unit, 20 * DAY_HOURS))


def spoken_length(piece: Piece) -> tuple[Decimal, str]:
    """How many of which unit an amount of time is, as it was said: 21 days of "three weeks" are 3 weeks."""
    assert piece.amount is not None
    unit = "hour" if piece.amount.unit is AmountUnit.HOURS else "day"
    return (piece.amount.said or piece.amount.value), piece.amount.said_unit or unit


def counted_people(said: Said) -> Iterator[float | int]:
    for piece in said.pieces:
        amount = piece.amount
        if amount is None or amount.unit is AmountUnit.MONEY or not 0 < amount.value < 1_000:
            continue
        if amount.unit is AmountUnit.PEOPLE or (amount.unit is AmountUnit.NUMBER and _counts_people(said, piece.last)):
            yield number(amount.value)


def _counts_people(said: Said, after: int) -> bool:
    near = said.words[after : after + 3]
    return any(word in vocabulary("people") or word in vocabulary("roles") for word in near)


def named_day(time: TimeSpan) -> date | None:
    """The day the words name: of "before 1 june" the first of June, of "by the end of june" the thirtieth."""
    if time.role is TimeRole.BEFORE and time.last:
        return time.last + timedelta(days=1)
    if time.role is TimeRole.AFTER and time.first:
        return time.first - timedelta(days=1)
    return time.last or time.first


def ahead(day: date | None, time: TimeSpan, said: Said) -> date | None:
    """The same day of the year to come, where a day gone by was said without its year of something still to be."""
    if day is None or time.exact or day >= said.message.today or (said.message.today - day).days < _HALF_A_YEAR // 2:
        return day
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == _FEBRUARY else day.day)


def number(value: Decimal) -> float | int:
    return int(value) if value == value.to_integral_value() else float(value)


def _in_the_past(day: date, today: date) -> date:
    """The same weekday of a week gone by, for a day that was said without its year."""
    while today < day <= today + timedelta(days=_WEEK):
        day -= timedelta(days=_WEEK)
    return day


def _is_end(said: Said, at: int, time: TimeSpan) -> bool:
    before = said.before(at)
    if time.role in (TimeRole.BY, TimeRole.BEFORE):
        return True
    if time.role in (TimeRole.SINCE, TimeRole.AFTER):
        return False
    return any(word in vocabulary("days.end") for word in before) and not any(
        word in vocabulary("days.start") for word in before
    )


def _without_tail(run: list[str]) -> list[str]:
    while run and run[-1] in _LITTLE:
        run = run[:-1]
    return run

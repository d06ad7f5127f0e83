"""The kinds of arguments, each of which finds itself in a message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from assistant.builtin.filling.cues import cues, phrases, vocabulary
from assistant.builtin.filling.said import PLACES, Said
from assistant.builtin.pieces import Piece
from storage.vocabulary import Level
from tools.amounts import AmountUnit
from tools.timewords import TimeRole, TimeSpan

DAY_HOURS = 8
_LITTLE = frozenset({"the", "a", "an", "of", "and", "for", "in", "on", "to", "at", "by", "with", "or"})
_CHAT_FOR = frozenset({"4", "2"})  # at the beginning, for "for" and "to"
_LONGEST = 16  # words of an argument that is made of words
_MIDST, _MID_OF_MONTH = 15, (11, 20)  # the day that "mid may" names, and the ends of what it covers
_NEAR = 3  # words behind a number in which what it counts is looked for
_MID = re.compile(r"\bmid(?:dle)?\b", re.IGNORECASE)
_WEEK = 7
_HALF_A_YEAR = 183
_FEBRUARY = 2
_LEAST_PERCENT, _MOST_PERCENT = 20, 150  # of a bare number that may be a share


class Slot(Protocol):
    """One argument, or the two ends of a window."""

    def read(self, said: Said) -> Iterator[tuple[str, Any]]: ...


@dataclass(frozen=True)
class Place:
    """A portfolio, program or project by key; a practice, or a person by e-mail, where the tool takes them."""

    name: str = "scope"
    practices: bool = False
    people: bool = False
    offices: bool = False
    of_tasks: bool = False  # whether a task stands for its project
    levels: tuple[Level, ...] = PLACES

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        if self.people and said.people:
            yield self.name, said.address(said.people[0].match)
        elif self.people and said.asker and any(True for _ in said.phrases("mine")):
            yield self.name, said.address(said.asker)
        elif self.practices and said.practice:
            yield self.name, said.practice[0]
        elif self.offices and not said.scope and said.office:
            yield self.name, said.office
        elif self.of_tasks and (project := said.project_of_task):
            yield self.name, project.key
        elif said.scope and said.scope.level in self.levels:
            yield self.name, said.scope.key


@dataclass(frozen=True)
class Person:
    """Who is named; else who the thread is about, where nothing else is."""

    name: str = "person"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        talk = said.talk if not (said.places or said.tasks) else None
        if said.people:
            yield self.name, said.address(said.people[0].match)
        elif talk and talk.level is Level.PERSON:
            yield self.name, said.address(talk)


@dataclass(frozen=True)
class Window:
    """The first days that are said, with those right beside them, as `start` and `end`."""

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        if beside := said.times_beside:
            first, last = beside[0].first, beside[-1].last
            if first and last and last < first:  # "friday and monday"
                last = last + timedelta(days=_WEEK) if (first - last).days < _WEEK else first
            yield from ((name, day) for name, day in (("start", first), ("end", last)) if day)


@dataclass(frozen=True)
class Ends:
    """A start and an end that are said apart: "start 13 april, live before summer"."""

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for at, time in said.times:
            if time.ranged:
                yield "start", time.first
                yield "end", time.last
            elif time.counted_from and time.last:
                yield "start", time.counted_from
                yield "end", time.last - timedelta(days=1)
            elif _is_end(said, at, time):
                yield "end", ahead(named_day(time), time, said)
            else:
                yield "start", ahead(first_day(time), time, said)


@dataclass(frozen=True)
class Day:
    """The day that is named; where `past` the earliest, if it is over: "since friday" is the last one."""

    name: str
    past: bool = False

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        if self.past:
            today = said.message.today
            days = [_in_the_past(day, today) for _, time in said.times if (day := _begun(time))]
            over = [day for day in days if day < today] or (days if set(days) == {today} else [])
            if over:
                yield self.name, min(over)
            return
        for _, time in said.times[:1]:
            if day := named_day(time):
                yield self.name, ahead(day, time, said)


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
class Left:
    """Hours still to be worked, said beside those that were: "4 hours, about 10 to go"."""

    name: str = "remaining"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        lengths_said = [piece for piece in said.pieces if _may_be_hours(piece)]
        left = next((piece for piece in lengths_said[1:] if _is_left(said, piece)), None)
        if left and not _is_left(said, lengths_said[0]):
            yield self.name, working_hours(left)


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
    carries: bool = False  # whether "that" may be what the thread was about

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        if words := self._words(said):
            yield self.name, words

    def _words(self, said: Said) -> str:
        after = [phrase.last for phrase in said.phrases(f"words.{self.book}.after")]
        for first, last in (*((each, said.clause_end(each)) for each in after), (0, len(said.words))):
            if words := self._content(said, first, last):
                return words
        earlier = said.earlier if self.carries else None
        return self._content(earlier, 0, len(earlier.words)) if earlier else ""

    def _content(self, said: Said, first: int, last: int) -> str:
        """Runs of words that matter, little words kept within a run."""
        aside, taken = vocabulary(f"words.{self.book}.without"), self._taken(said)
        runs: list[list[str]] = [[]]
        for at in range(first, last):
            word = said.words[at]
            if at in taken or (word in aside and word not in _LITTLE):
                runs.append([])
            elif runs[-1] or word not in _LITTLE | _CHAT_FOR:
                runs[-1].append(word)
        return " ".join(" ".join(_without_tail(run)) for run in runs if run)[: _LONGEST * 12]

    def _taken(self, said: Said) -> set[int]:
        return {at for piece in said.pieces if self._is_other(said, piece) for at in range(piece.first, piece.last)}

    def _is_other(self, said: Said, piece: Piece) -> bool:
        if piece.time or (piece.amount and (piece.amount.unit is not AmountUnit.NUMBER or _counts_people(said, piece))):
            return True
        return not self.places and any((piece.first, piece.last) == (each.first, each.last) for each in said.people)


@dataclass(frozen=True)
class Part:
    """The task, or the kind of tasks, whose float is asked for: "slack in testing"."""

    name: str = "part"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for phrase in said.phrases("words.part.after"):
            end = said.clause_end(phrase.first)
            if keyed := next(
                (each.task for each in said.pieces if each.task and phrase.last <= each.first < end), None
            ):
                yield self.name, keyed.key
                return
            named = {at for found in (*said.places, *said.people) for at in range(found.first, found.last)}
            words = [said.words[at] for at in range(phrase.last, end) if at not in named and at < len(said.words)]
            if told := " ".join(word for word in words if word not in _LITTLE | vocabulary("words.part.without")):
                yield self.name, told
                return


@dataclass(frozen=True)
class Role:
    """A role by its noun and the words before it: "data engineers"."""

    name: str = "skill"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for at, word in enumerate(said.words):
            if word in vocabulary("roles"):
                before = said.words[at - 1] if at else ""
                kind = before if before.isalpha() and before not in _beside_roles() else ""
                yield self.name, f"{kind} {word.removesuffix('s')}".strip()
                return
        for at, word in enumerate(said.words[1:], start=1):
            if said.words[at - 1] in vocabulary("counted") and self._may_be_one(said, at, word):
                yield self.name, word
                return

    def _may_be_one(self, said: Said, at: int, word: str) -> bool:
        """A word that is counted and is no name: "enough plumbers", "more java people"."""
        is_named = any(each.first <= at < each.last for each in (*said.places, *said.people))
        return word.isalpha() and word not in _beside_roles() and not is_named


def _beside_roles() -> frozenset[str]:
    """Words that stand before a role and are none of it."""
    return vocabulary("words.skill.without") | vocabulary("counted") | _LITTLE


@dataclass(frozen=True)
class Choice:
    """One of a few words, each by the phrases that speak for it; the first of them that is said."""

    name: str

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        for word in cues()["choices"][self.name]:
            if any(True for _ in said.phrases(f"choices.{self.name}.{word}")):
                yield self.name, word
                return


@dataclass(frozen=True)
class Told:
    """A share that somebody else told: "finance says 78"; none that is a limit, as in "over 100 percent"."""

    name: str = "compared_with"

    def read(self, said: Said) -> Iterator[tuple[str, Any]]:
        if not any(True for _ in said.phrases("told.said")):
            return
        for piece in said.pieces:
            amount = piece.amount
            if amount is None or vocabulary("told.limits") & set(said.before(piece.first, 2)):
                continue
            if amount.unit is AmountUnit.NUMBER and _LEAST_PERCENT <= amount.value <= _MOST_PERCENT:
                yield self.name, number(amount.value / 100)
                return
            if amount.unit is AmountUnit.SHARE:
                yield self.name, number(amount.value)
                return


def lengths(said: Said) -> Iterator[float | int]:
    """Amounts of time as working hours."""
    for piece in said.pieces:
        if piece.amount and piece.amount.unit in (AmountUnit.HOURS, AmountUnit.DAYS):
            yield working_hours(piece)


def working_hours(piece: Piece) -> float | int:
    """A length of time, or a bare number of hours."""
    assert piece.amount is not None
    if piece.amount.unit is not AmountUnit.DAYS:
        return number(piece.amount.value)
    count, unit = spoken_length(piece)
    return number(count * {"day": DAY_HOURS, "week": 5 * DAY_HOURS}.get(unit, 20 * DAY_HOURS))


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
        if amount.unit is AmountUnit.PEOPLE or (amount.unit is AmountUnit.NUMBER and _counts_people(said, piece)):
            yield number(amount.value)


def _counts_people(said: Said, number: Piece) -> bool:
    """Whether people stand right behind a number, and no other number between; "phase two" counts nothing."""
    if set(said.before(number.first, 1)) & vocabulary("numbered"):
        return False
    ends = [piece.first for piece in said.pieces if piece.amount and piece.first >= number.last]
    near = said.words[number.last : min([number.last + _NEAR, said.clause_end(number.first), *ends])]
    return any(word in vocabulary("people") or word in vocabulary("roles") for word in near)


def _may_be_hours(piece: Piece) -> bool:
    return piece.amount is not None and piece.amount.unit in (AmountUnit.HOURS, AmountUnit.DAYS, AmountUnit.NUMBER)


def _is_left(said: Said, piece: Piece) -> bool:
    around = said.words[max(0, piece.first - 2) : piece.last + _NEAR]
    return any(True for _ in phrases("operations.record_update.remaining.said").find(around))


def named_day(time: TimeSpan) -> date | None:
    """The day the words name: of "before 1 june" the first of June, of "by the end of june" the thirtieth."""
    if middle := _middle(time):
        return middle
    if time.role is TimeRole.BEFORE and time.last:
        return time.last + timedelta(days=1)
    if time.role is TimeRole.AFTER and time.first:
        return time.first - timedelta(days=1)
    return time.last or time.first


def first_day(time: TimeSpan) -> date | None:
    """The day on which something begins: of "in may" the first, of "mid may" the fifteenth."""
    return _middle(time) or time.first or time.last


def _middle(time: TimeSpan) -> date | None:
    if not _MID.search(time.words) or not (time.first or time.last):
        return None
    if time.first and time.last:
        return time.first + (time.last - time.first) // 2
    return next((day.replace(day=_MIDST) for day in (time.first, time.last) if day and day.day in _MID_OF_MONTH), None)


def _begun(time: TimeSpan) -> date | None:
    return time.first or named_day(time)


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

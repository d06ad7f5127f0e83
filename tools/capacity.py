"""Whether there are enough people: what is booked of each role, without names too, against the hours they have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import Field
from sqlmodel import Session

from storage.access import Reader
from storage.records import BookingRecord, PersonRecord, SkillRecord
from storage.staffing import role_bookings, skills
from storage.vocabulary import BookingStatus, Level
from tools import facts
from tools.context import ToolContext
from tools.facts import Fact, Figure, Line, Refusal, SourceRef, ToolResult, Unit
from tools.figures import source_of, title
from tools.names import plain
from tools.people import Crew, find_crew, load_of
from tools.planning.load import Held, Load, Minutes, Worker
from tools.skills import Wanted, near, wanted

USUAL_WEEKS = 13
LONGEST_DAYS = 2 * 366
MOST_MONTHS = 4
MOST_ROLES = 6
MOST_OPEN = 4
MOST_FREE = 3
DAY_MINUTES = 480
WEEKEND = 5
NO_BOOKINGS = "No bookings of people or of roles are on file there that you can see; they come by import."


class CapacityLine(Line):
    """A role in a month, a booking that has no name yet, or somebody with time."""

    why: Figure = Field(description="role: a role in a stretch of days; open: a booking without a name; free: a person")
    name: Figure = Field(description="the role, the project of the booking, or the person")
    role: Figure | None = None
    start: Figure | None = None
    end: Figure | None = None
    people: Figure | None = Field(None, description="who have that role")
    left_firm: Figure | None = Field(None, description="full-time people left by firm bookings; below zero: short")
    left_weighted: Figure | None = Field(None, description="the same with tentative bookings times their probability")
    left_if_all: Figure | None = Field(None, description="the same if all tentative bookings come")
    hours_a_week: Figure | None = Field(None, description="of the booking")
    chance: Figure | None = Field(None, description="how likely the booking is, where it is tentative")
    free: Figure | None = Field(None, description="hours of the person without a firm booking in the window")


class Capacity(Fact):
    """What is booked of people and roles in a window against the hours there are."""

    kind: ClassVar[str] = "capacity"

    scope: Figure | None = Field(None, description="the practice, office or project that was asked for")
    role: Figure | None = Field(None, description="the role or skill that was asked for")
    is_skill: Figure | None = Field(None, description="yes: it is a skill on file, and not a role")
    start: Figure
    end: Figure
    people: Figure
    available: Figure = Field(description="hours they have: contracted less public holidays and absence")
    firm: Figure = Field(description="hours of firm bookings, those without a name too")
    weighted: Figure = Field(description="the same with tentative bookings times their probability")
    if_all: Figure = Field(description="the same if all tentative bookings come")
    left_firm: Figure = Field(description="full-time people left by firm bookings; below zero: short")
    left_weighted: Figure = Field(description="the same with tentative bookings times their probability")
    left_if_all: Figure = Field(description="the same if all tentative bookings come")
    unnamed: Figure | None = Field(None, description="bookings of roles that nobody has been named for")
    ending: Figure | None = Field(None, description="people whose contract ends within the window")
    short_first: Figure | None = Field(None, description="the role that first runs short with the weighted pipeline")
    short_from: Figure | None = Field(None, description="when the month begins in which it does")
    short_roles: Figure | None = Field(None, description="roles that run short in some month of the window")
    rows: dict[str, CapacityLine] = Field(default_factory=dict)


def capacity(
    context: ToolContext,
    scope: Annotated[
        str | None, "key or name of a portfolio, program, project, client or practice; all by default"
    ] = None,
    start: Annotated[date | None, "first day of a window, ISO"] = None,
    end: Annotated[date | None, "last day of a window, ISO"] = None,
    skill: Annotated[str | None, "the role or skill that is counted, in words; all by default"] = None,
) -> ToolResult:
    """Demand by role and practice against supply: firm, with the weighted pipeline, if all lands; who runs short."""
    day = context.as_of or context.today
    first = start or day
    last = max(first, end or first + timedelta(weeks=USUAL_WEEKS, days=-1))
    if (last - first).days > LONGEST_DAYS:
        return Refusal("declined", "That is more than two years; bookings do not reach so far. Ask for less.")
    with context.reading() as session:
        crew = find_crew(session, context.reader, scope, first, last)
        if not isinstance(crew, Crew):
            return crew
        found = _Demand.of(session, context.reader, crew, skill, first, last)
        if isinstance(found, _Demand) and not found.has_bookings:
            return Refusal("not_found", NO_BOOKINGS)
        return found if isinstance(found, Refusal) else found.fact(day)


@dataclass(frozen=True)
class _Demand:
    """The people of one role or of all, and the bookings of roles without a name."""

    crew: Crew
    role: str | None
    is_skill: bool
    people: Sequence[PersonRecord]
    open: Sequence[BookingRecord]
    load: Load
    first: date
    last: date

    @classmethod
    def of(
        cls, session: Session, reader: Reader, crew: Crew, words: str | None, first: date, last: date
    ) -> "_Demand | Refusal":
        unnamed = [each for each in role_bookings(session, reader, first, last) if each.role]
        if crew.kind == "group":
            titles = {plain(person.job_title) for person in crew.people if person.job_title}
            unnamed = [each for each in unnamed if plain(each.role or "") in titles]
        elif crew.kind == "place":
            keys = {source.id.partition(":")[2] for source in crew.sources}
            unnamed = [each for each in unnamed if each.project_key in keys]
        elif crew.kind == "person":
            unnamed = []
        people, name, is_skill = list(crew.people), None, False
        if words:
            ids = {one.id for one in people}
            on_file = [each for each in skills(session, reader) if each.person_id in ids]
            roles = {each for each in (*(one.job_title for one in people), *(each.role for each in unnamed)) if each}
            meant = wanted(words, {each.name for each in on_file}, roles)
            if meant is None:
                return _nothing_like(words, roles)
            name, is_skill = " and ".join(meant.skills) or " or ".join(sorted(meant.titles)), bool(meant.skills)
            people = [person for person in people if _has(person, meant, on_file)]
            unnamed = [each for each in unnamed if each.role in meant.titles]
        return cls(crew, name, is_skill, people, unnamed, load_of(session, reader, people, first, last), first, last)

    @property
    def has_bookings(self) -> bool:
        return bool(self.open) or self.load.has_bookings

    @cached_property
    def unnamed(self) -> Load:
        """The bookings without a name, each as one whom nobody stands for, five days a week."""
        workers = [Worker(number) for number in range(len(self.open))]
        held = [
            Held(
                number,
                each.starts_on,
                each.ends_on,
                each.minutes_per_week,
                each.status == BookingStatus.FIRM,
                each.probability,
            )
            for number, each in enumerate(self.open)
        ]
        return Load(workers, held, self.first, self.last)

    @cached_property
    def periods(self) -> list[tuple[date, date]]:
        """The months of the window, its first and last as far as they lie within it."""
        starts = [self.first]
        while (following := _next_month(starts[-1])) <= self.last:
            starts.append(following)
        return list(zip(starts, [*(each - timedelta(days=1) for each in starts[1:]), self.last], strict=True))

    @cached_property
    def roles(self) -> dict[str, list[PersonRecord]]:
        """The people of each role, by their job titles; a role that only bookings have, has none."""
        found: dict[str, list[PersonRecord]] = {}
        for person in self.people:
            found.setdefault(person.job_title or "no job title", []).append(person)
        known = {plain(role): role for role in found}
        for each in self.open:
            found.setdefault(known.get(plain(each.role or ""), each.role or ""), [])
        return found

    def minutes(self, kind: str, role: str | None, period: int | None) -> float:
        """Of the people (their available time, or bookings firm, weighted or all) and of bookings without a name."""
        named = self._sum(_table(self.load, kind), [self.load.row[each.id] for each in self._of(role)], period)
        if kind == "available":
            return named
        rows = [
            number for number, each in enumerate(self.open) if role is None or plain(each.role or "") == plain(role)
        ]
        return named + self._sum(_table(self.unnamed, kind), rows, period)

    def _of(self, role: str | None) -> Sequence[PersonRecord]:
        return self.people if role is None else self.roles[role]

    def _sum(self, minutes: Minutes, rows: Sequence[int], period: int | None) -> float:
        first, last = (self.first, self.last) if period is None else self.periods[period]
        days = slice((first - self.first).days, (last - self.first).days + 1)
        return float(minutes[list(rows), days].sum()) if rows else 0.0

    def left(self, kind: str, role: str | None = None, period: int | None = None) -> float:
        """Full-time people left once bookings of that kind are served; below zero, people that are short."""
        first, last = (self.first, self.last) if period is None else self.periods[period]
        minutes = self.minutes("available", role, period) - self.minutes(kind, role, period)
        return round(minutes / max(1, _weekdays(first, last)) / DAY_MINUTES, 1) + 0.0

    @cached_property
    def shortages(self) -> list[tuple[int, str]]:
        """Months and roles that are short with the weighted pipeline; the first month and most missed role first."""
        found = [
            (period, role)
            for period in range(len(self.periods))
            for role in self.roles
            if self.left("weighted", role, period) < 0
        ]
        return sorted(found, key=lambda each: (each[0], self.left("weighted", each[1], each[0])))

    def fact(self, today: date) -> Capacity:
        ending = [
            each for each in self.people if each.employed_until and self.first <= each.employed_until <= self.last
        ]
        rows = dict(self._rows())
        period, role = self.shortages[0] if self.shortages else (None, None)
        return Capacity(
            as_of=today,
            scope=facts.name(self.crew.name),
            role=facts.text(self.role),
            is_skill=Figure(value=True, unit=Unit.YES_NO) if self.is_skill else None,
            start=_day(self.first),
            end=_day(self.last),
            people=Figure(value=len(self.people), unit=Unit.COUNT),
            available=_hours(self.minutes("available", None, None)),
            firm=_hours(self.minutes("firm", None, None)),
            weighted=_hours(self.minutes("weighted", None, None)),
            if_all=_hours(self.minutes("all", None, None)),
            left_firm=_people(self.left("firm")),
            left_weighted=_people(self.left("weighted")),
            left_if_all=_people(self.left("all")),
            unnamed=facts.count(len(self.open) or None),
            ending=facts.count(len(ending) or None),
            short_first=facts.text(role),
            short_from=facts.day(self.periods[period][0] if period is not None else None),
            short_roles=facts.count(len({each for _, each in self.shortages}) or None),
            rows=rows,
            sources=list(self._sources()),
        )

    def _rows(self) -> Iterator[tuple[str, CapacityLine]]:
        short = list(dict.fromkeys(role for _, role in self.shortages))
        others = sorted(
            (role for role in self.roles if role not in short), key=lambda role: self.left("weighted", role)
        )
        for role in [*short, *others][:MOST_ROLES]:
            for period in range(min(len(self.periods), MOST_MONTHS)):
                yield f"{plain(role).replace(' ', '-')}-{period + 1}", self._role_line(role, period)
        for number, each in enumerate(self.open[:MOST_OPEN], start=1):
            yield f"open-{number}", _open_line(each)
        for person in self._freest()[:MOST_FREE]:
            yield person.key, self._free_line(person)

    def _role_line(self, role: str, period: int) -> CapacityLine:
        first, last = self.periods[period]
        return CapacityLine(
            why=Figure(value="role", unit=Unit.TEXT),
            name=Figure(value=role, unit=Unit.TEXT),
            start=_day(first),
            end=_day(last),
            people=Figure(value=len(self.roles[role]), unit=Unit.COUNT),
            left_firm=_people(self.left("firm", role, period)),
            left_weighted=_people(self.left("weighted", role, period)),
            left_if_all=_people(self.left("all", role, period)),
        )

    def _freest(self) -> list[PersonRecord]:
        """Who has most time without a firm booking, then by name."""
        free = {person.id: float(self.load.free[self.load.row[person.id]].sum()) for person in self.people}
        some = [person for person in self.people if free[person.id] >= DAY_MINUTES]
        return sorted(some, key=lambda person: (-free[person.id], person.name))

    def _free_line(self, person: PersonRecord) -> CapacityLine:
        return CapacityLine(
            why=Figure(value="free", unit=Unit.TEXT),
            name=Figure(value=person.name, unit=Unit.NAME),
            role=facts.text(person.job_title),
            free=facts.hours(float(self.load.free[self.load.row[person.id]].sum()), "free_hours"),
        )

    def _sources(self) -> Iterator[SourceRef]:
        seen = set()
        projects = [each for each in self.open if each.project_key]
        for source in (
            *self.crew.sources,
            *(source_of(Level.PROJECT, each.project_key or "", each.project_name) for each in projects),
            *(source_of(Level.PERSON, person.key, person.name) for person in self._freest()[:MOST_FREE]),
            *(source_of(Level.PERSON, person.key, person.name) for person in self.people[:MOST_FREE]),
        ):
            if source.id not in seen:
                seen.add(source.id)
                yield source


def _open_line(booking: BookingRecord) -> CapacityLine:
    key = booking.project_key
    is_tentative = booking.status == BookingStatus.TENTATIVE
    return CapacityLine(
        why=Figure(value="open", unit=Unit.TEXT),
        name=Figure(value=title(Level.PROJECT, key, booking.project_name) if key else "other work", unit=Unit.NAME),
        role=facts.text(booking.role),
        start=_day(booking.starts_on),
        end=_day(booking.ends_on),
        hours_a_week=facts.hours(booking.minutes_per_week),
        chance=facts.share(booking.probability if is_tentative else None),
    )


def _has(person: PersonRecord, meant: Wanted, on_file: Sequence[SkillRecord]) -> bool:
    if meant.titles:
        return person.job_title in meant.titles
    return set(meant.skills) <= {each.name for each in on_file if each.person_id == person.id}


def _nothing_like(words: str, roles: set[str]) -> Refusal:
    close = near(words, roles)
    hint = f" There are, for example, {', '.join(close)}." if close else ""
    return Refusal("not_found", f"No role or skill that you can see is called “{words.strip()}”.{hint}")


def _table(load: Load, kind: str) -> Minutes:
    match kind:
        case "available":
            return load.available
        case "firm":
            return load.firm
        case "weighted":
            return load.weighted
        case _:
            return load.firm + load.tentative


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _weekdays(first: date, last: date) -> int:
    whole, rest = divmod((last - first).days + 1, 7)
    return whole * WEEKEND + sum((first.weekday() + step) % 7 < WEEKEND for step in range(rest))


def _day(day: date) -> Figure:
    return Figure(value=day.isoformat(), unit=Unit.DATE)


def _hours(minutes: float) -> Figure:
    return Figure(value=round(minutes / 60, 2), unit=Unit.HOURS)


def _people(number: float) -> Figure:
    return Figure(value=number, unit=Unit.NUMBER, metric="full_time")

"""Who knows a thing and is free for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field
from sqlmodel import Session

from storage.records import PersonRecord, SkillRecord
from storage.staffing import list_people, resource_managers, skills
from storage.vocabulary import Level, PersonKind, SkillLevel, SkillSource
from tools import facts
from tools.context import ToolContext
from tools.facts import Fact, Figure, Line, Refusal, ToolResult, Unit
from tools.figures import source_of
from tools.people import load_of
from tools.planning.load import Load
from tools.skills import Wanted, near, wanted

MOST_SHOWN = 5
ANYBODY = "anybody"
LEVELS = list(SkillLevel)
SOURCES = {
    SkillSource.OWN: "own rating",
    SkillSource.MANAGER: "rated by the manager",
    SkillSource.CERTIFICATE: "certified",
}


class PersonLine(Line):
    """One person who knows it, or has that job."""

    name: Figure
    office: Figure | None = None
    title: Figure | None = Field(None, description="job title")
    level: Figure | None = Field(None, description="learning, good, strong or expert; of several skills the least")
    rated: Figure | None = Field(None, description="who says so")
    evidence: Figure | None = Field(None, description="what speaks for it, such as a project")
    noted_on: Figure | None = None
    free: Figure = Field(description="hours in the window, if every tentative booking falls away")
    free_at_least: Figure | None = Field(None, description="the same, if every tentative booking comes")
    chance: Figure | None = Field(None, description="how likely these tentative bookings are, by their hours")
    enough: Figure = Field(description="whether that is enough: yes, if dropped (only without those bookings), or no")
    away: Figure | None = Field(None, description="contracted hours in the window that fall on absence")


class FindPeople(Fact):
    """Who knows a skill, or does a job, with their free hours in a window; best first."""

    kind: ClassVar[str] = "find_people"

    asked: Figure = Field(description="what was looked for, as it is on file")
    is_title: Figure | None = Field(None, description="yes: it is a job title, and not a skill")
    start: Figure
    end: Figure
    hours: Figure | None = Field(None, description="free hours that are needed")
    known: Figure = Field(description="people who know it")
    enough: Figure = Field(description="people among them with the hours needed, or any without")
    without_skills: Figure | None = Field(None, description="people of the same practices with no skills on file")
    through: Figure | None = Field(None, description="who looks after the people of the best one's practice")
    rows: dict[str, PersonLine] = Field(default_factory=dict)


def find_people(
    context: ToolContext,
    skill: Annotated[str | None, "a skill, a role or what the work is about, in words"] = None,
    start: Annotated[date | None, "first day of a window, ISO"] = None,
    end: Annotated[date | None, "last day of a window, ISO"] = None,
    hours: Annotated[float | None, "free hours needed in the window"] = None,
) -> ToolResult:
    """Find people who know a skill or do a job and are free in a window, ranked by skill and free hours."""
    first, last = _window(context.as_of or context.today, start, end)
    with context.reading() as session:
        people = {
            person.id: person
            for person in list_people(session, context.reader)
            if person.kind == PersonKind.MEMBER and _is_employed(person, first, last)
        }
        on_file = [each for each in skills(session, context.reader) if each.person_id in people]
        titles = {person.job_title for person in people.values() if person.job_title}
        if not on_file and not titles:
            return Refusal("not_found", "No skills of people that you can see are on file, nor what their jobs are.")
        found = wanted(skill, {each.name for each in on_file}, titles) if skill else Wanted(titles=frozenset(titles))
        if found is None:
            return _unknown(skill or "", {each.name for each in on_file})
        return _Search(session, context, people, on_file, found, first, last, hours).fact()


def _window(today: date, start: date | None, end: date | None) -> tuple[date, date]:
    """What was said; without days, next week."""
    if start is None and end is None:
        monday = today + timedelta(days=7 - today.weekday())
        return monday, monday + timedelta(days=4)
    first = start or today
    last = end or first + timedelta(days=6 - first.weekday())
    return first, max(first, last)


def _is_employed(person: PersonRecord, first: date, last: date) -> bool:
    return (person.employed_from or first) <= last and (person.employed_until or last) >= first


def _unknown(words: str, known: set[str]) -> Refusal:
    close = near(words, known)
    hint = f" On file are, for example, {', '.join(close)}." if close else ""
    return Refusal("not_found", f"Nobody that you can see has “{words.strip()}” among their skills on file.{hint}")


@dataclass(frozen=True)
class _Search:
    session: Session
    context: ToolContext
    people: Mapping[int, PersonRecord]
    on_file: Sequence[SkillRecord]
    wanted: Wanted
    first: date
    last: date
    hours: float | None

    @cached_property
    def skills(self) -> dict[int, list[SkillRecord]]:
        """Of each person who has all that is wanted, their skills among it."""
        found: dict[int, list[SkillRecord]] = {}
        for each in self.on_file:
            if each.name in self.wanted.skills:
                found.setdefault(each.person_id, []).append(each)
        return {person: each for person, each in found.items() if len(each) == len(self.wanted.skills)}

    @cached_property
    def known(self) -> list[PersonRecord]:
        if self.wanted.skills:
            return [self.people[person] for person in self.skills]
        return [person for person in self.people.values() if person.job_title in self.wanted.titles]

    @cached_property
    def load(self) -> Load:
        return load_of(self.session, self.context.reader, self.known, self.first, self.last)

    @cached_property
    def free(self) -> dict[int, tuple[float, float]]:
        """Free minutes of each person, with all tentative bookings and with none of them."""
        load = self.load
        least = np.maximum(0.0, load.by_week(load.available - load.firm - load.tentative)).sum(axis=1)
        most = load.free.sum(axis=1)
        return {worker.id: (float(least[row]), float(most[row])) for row, worker in enumerate(self.load.workers)}

    def enough(self, person: PersonRecord) -> str:
        least, most = self.free[person.id]
        needed = (self.hours or 0) * 60
        if least >= needed and least > 0:
            return "yes"
        return "if dropped" if most >= needed and most > least else "no"

    def level(self, person: PersonRecord) -> int:
        return min((LEVELS.index(SkillLevel(each.level)) for each in self.skills.get(person.id, ())), default=0)

    def fact(self) -> ToolResult:
        order = ("yes", "if dropped", "no")
        ranked = sorted(
            self.known,
            key=lambda person: (
                order.index(self.enough(person)), -self.level(person), -self.free[person.id][0], person.name
            ),
        )  # fmt: skip
        if not ranked:
            return _unknown(" and ".join(self.wanted.skills), {each.name for each in self.on_file})
        shown = self._shown(ranked)
        through = resource_managers(self.session, self.context.reader).get(ranked[0].practice_id or 0)
        asked = " and ".join(self.wanted.skills) if self.wanted.skills else ", ".join(sorted(self.wanted.titles))
        is_anybody = not self.wanted.skills and len(self.wanted.titles) == len(
            {person.job_title for person in self.people.values() if person.job_title}
        )
        return FindPeople(
            as_of=self.context.as_of or self.context.today,
            asked=Figure(value=ANYBODY if is_anybody else asked, unit=Unit.TEXT),
            is_title=None if self.wanted.skills else Figure(value=True, unit=Unit.YES_NO),
            start=_day(self.first),
            end=_day(self.last),
            hours=Figure(value=self.hours, unit=Unit.HOURS) if self.hours is not None else None,
            known=Figure(value=len(ranked), unit=Unit.COUNT),
            enough=Figure(value=sum(self.enough(person) == "yes" for person in ranked), unit=Unit.COUNT),
            without_skills=facts.count(self._without_skills() or None) if self.wanted.skills else None,
            through=facts.name(through.name if through and through.id != ranked[0].id else None),
            rows={person.key: self._line(person) for person in shown},
            sources=[source_of(Level.PERSON, person.key, person.name) for person in shown],
        )

    def _shown(self, ranked: Sequence[PersonRecord]) -> list[PersonRecord]:
        """The first few, and who knows it best of all if not among them."""
        shown = list(ranked[:MOST_SHOWN])
        best = max(ranked, key=self.level)
        return shown if best in shown or self.level(best) <= max(map(self.level, shown)) else [*shown[:-1], best]

    def _without_skills(self) -> int:
        practices = {person.practice_id for person in self.known}
        rated = {each.person_id for each in self.on_file}
        return sum(person.practice_id in practices and person.id not in rated for person in self.people.values())

    def _line(self, person: PersonRecord) -> PersonLine:
        held = sorted(self.skills.get(person.id, ()), key=lambda each: LEVELS.index(SkillLevel(each.level)))
        least, most = self.free[person.id]
        away = self.load.total(self.load.absent, person.id)
        tentative = self.load.total(self.load.tentative, person.id)
        expected = self.load.total(self.load.weighted - self.load.firm, person.id)
        return PersonLine(
            name=Figure(value=person.name, unit=Unit.NAME),
            office=facts.name(person.office),
            title=facts.text(person.job_title),
            level=facts.text(held[0].level if held else None),
            rated=facts.text(SOURCES[SkillSource(held[0].source)] if held else None),
            evidence=facts.text(held[0].evidence if held else None),
            noted_on=facts.day(held[0].noted_on if held else None),
            free=Figure(value=round(most / 60, 2), unit=Unit.HOURS, metric="free_hours"),
            free_at_least=facts.hours(least) if most > least else None,
            chance=facts.share(round(expected / tentative, 4)) if tentative and most > least else None,
            enough=Figure(value=self.enough(person), unit=Unit.TEXT),
            away=facts.hours(away) if away else None,
        )


def _day(day: date) -> Figure:
    return Figure(value=day.isoformat(), unit=Unit.DATE)

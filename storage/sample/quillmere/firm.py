"""The firm as its YAML files tell it: people, projects and the lines of their plans, typed and checked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from storage.vocabulary import DurationBasis, LinkKind

Page = dict[str, Any]  # one YAML document, or one line of it

_FOLDER = Path(__file__).parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINK = re.compile(r"(?:(?P<project>[A-Z]+)-)?(?P<number>\d+)(?P<kind>FS|SS|FF|SF)?(?:(?P<lag>[+-]\d+)d)?")
DAY_MINUTES = DurationBasis.WORKING.day_minutes
LAID_AROUND = date(2026, 3, 2)  # the Monday whose week the files describe


class SampleIsWrong(ValueError):
    """A YAML file of the sample contradicts itself."""


@dataclass(frozen=True)
class Member:
    """One person, with the days they are away (first and last)."""

    key: str
    page: Page
    away: tuple[tuple[date, date], ...]

    @property
    def weekday_minutes(self) -> list[int]:
        return [int(hours * 60) for hours in self.page.get("hours", [8] * 5)] + [0, 0]

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.away)


@dataclass(frozen=True)
class Link:
    """What a task comes after: the key of another task, how, and the lag in working minutes."""

    task: str
    kind: LinkKind
    lag_minutes: int


@dataclass(frozen=True)
class Line:
    """One line of a plan. `effort_minutes` and the people are empty for a phase and for a milestone."""

    key: str
    position: int
    wbs: str
    phase: str | None  # key of the phase it belongs to; None: it is one itself
    page: Page
    who: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    effort_minutes: int = 0
    overrun: float = 1.0

    @property
    def is_milestone(self) -> bool:
        return bool(self.page.get("milestone", False))

    @property
    def duration_minutes(self) -> int:
        return _minutes(self.page.get("days", 0))


@dataclass(frozen=True)
class Project:
    key: str
    page: Page
    lines: tuple[Line, ...]

    @property
    def leaves(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.phase)

    @property
    def team(self) -> tuple[str, ...]:
        """Everyone booked by name, in the order of the file."""
        return tuple(dict.fromkeys(each["who"] for each in self.page["bookings"] if "who" in each))


@dataclass(frozen=True)
class Firm:
    page: Page
    grades: dict[str, list[int]]
    members: dict[str, Member]
    projects: dict[str, Project]
    skills: dict[str, dict[str, Page]]  # by person, then skill

    def lines(self) -> Iterator[Line]:
        for project in self.projects.values():
            yield from project.lines


@cache
def quillmere() -> Firm:
    """The whole firm, in the dates of the files."""
    people = _read("people.yaml")
    members = {key: _member(key, page) for key, page in people["people"].items()}
    firm = _read("firm.yaml")
    projects = [_project(_read(f"projects/{key}.yaml")) for key in firm["projects"]]
    return Firm(firm, people["grades"], members, {project.key: project for project in projects}, _read("skills.yaml"))


def _read(name: str) -> Page:
    page: Page = yaml.load((_FOLDER / name).read_text(encoding="utf-8"), Loader=_LOADER)
    return page


def _member(key: str, page: Page) -> Member:
    return Member(key, page, tuple(_window(str(text)) for text in page.get("away", [])))


def _window(text: str) -> tuple[date, date]:
    first, _, last = text.partition(" ")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def _project(page: Page) -> Project:
    lines: list[Line] = []
    phase: Line | None = None
    previous: str | None = None
    phases = tasks = 0
    for position, (number, line) in enumerate(page["plan"].items(), start=1):
        key = task_key(page["key"], number)
        told = {"phase": line} if isinstance(line, str) else line
        if "phase" in told:
            phases, tasks = phases + 1, 0
            phase = Line(
                key, position, str(phases), None, {"name": told["phase"], "load": told.get("load", page["load"])}
            )
            lines.append(phase)
        elif phase is None:
            raise SampleIsWrong(f"{key} comes before the first phase.")
        else:
            tasks += 1
            place = Line(key, position, f"{phases}.{tasks}", phase.key, told)
            lines.append(_task(page, place, phase, previous))
            previous = key
    return Project(page["key"], page, tuple(lines))


def _task(project: Page, place: Line, phase: Line, previous: str | None) -> Line:
    page = place.page
    who = tuple(page.get("who", "").split())
    links = _links(project["key"], page["after"]) if "after" in page else _following(previous)
    effort = _minutes(page.get("effort", page.get("days", 0) * len(who) * phase.page["load"]))
    return replace(place, who=who, links=links, effort_minutes=effort, overrun=project["overrun"])


def _following(previous: str | None) -> tuple[Link, ...]:
    return (Link(previous, LinkKind.FS, 0),) if previous else ()


def _links(project: str, text: str | int | None) -> tuple[Link, ...]:
    return tuple(_link(project, word) for word in str(text or "").split())


def _link(project: str, word: str) -> Link:
    match = _LINK.fullmatch(word)
    if match is None:
        raise SampleIsWrong(f"{project}: {word!r} is no link; write 12, 12SS+2d or LEDG-12FF.")
    task = task_key(match["project"] or project, int(match["number"]))
    return Link(task, LinkKind(match["kind"] or "FS"), int(match["lag"] or 0) * DAY_MINUTES)


def task_key(project: str, number: int) -> str:
    return f"{project}-{number:02}"


def _minutes(amount: float | str) -> int:
    """Working minutes of `3` (days) or `"14h"`."""
    if isinstance(amount, str):
        return round(float(amount.removesuffix("h")) * 60)
    return round(amount * DAY_MINUTES)


def remaining_minutes(line: Line) -> int | None:
    """What the file says is left; None where it says nothing."""
    return _minutes(line.page["remaining"]) if "remaining" in line.page else None

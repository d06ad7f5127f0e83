"""A proposal as a tool gives it: what would change, what that does, and the draft that recording stores."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from pydantic import Field, PrivateAttr
from sqlmodel import Session

from storage.access import Reader
from storage.edits import Draft
from storage.vocabulary import Level
from tools import facts
from tools.compiling import CannotChange, compiled
from tools.describing import EditLine, described
from tools.effects import Effect, reach_of
from tools.facts import Fact, Figure, Line, SourceRef, Unit
from tools.figures import source_of
from tools.planning.changes import Change, MoveTask, to_json

MOST_ROWS = 30
METRICS = {
    "planned_finish": "planned finish",
    "schedule_finish": "end by its links",
    "promise_slip": "slip against its promise",
    "late_tasks": "late tasks",
    "percent_complete": "progress",
    "computed_health": "health by the figures",
    "BAC": "budget",
    "EAC": "cost at the end",
    "margin_at_completion": "margin at the end",
}


class EditRow(Line):
    """One field, before and after."""

    subject: Figure = Field(description="key of the row")
    name: Figure
    field: Figure = Field(description="what of it would change")
    before: Figure | None = None
    after: Figure | None = None
    why: Figure = Field(description="asked for, follows (from what is asked for), or hidden (its value today)")


class EffectRow(Line):
    """One figure of a project, as it is and as it would be."""

    project: Figure
    metric: Figure
    before: Figure | None = None
    after: Figure | None = None


class ChangeProposal(Fact):
    """A change somebody wants. Nothing of it is true before a person who is entitled to it confirms it."""

    kind: ClassVar[str] = "change_proposal"

    proposal: Figure | None = Field(None, description="its key, once it is stored")
    what: Figure = Field(description="the change, in a few words")
    subject: Figure = Field(description="key of the task, project or person it is about")
    name: Figure
    project: Figure | None = None
    taken: Figure | None = Field(None, description="what was assumed, in words")
    edits: Figure = Field(description="fields and rows that would change")
    follow: Figure | None = Field(None, description="tasks that would move because others do")
    rows: dict[str, EditRow] = Field(default_factory=dict)
    effects: dict[str, EffectRow] = Field(default_factory=dict)

    _draft: Draft | None = PrivateAttr(default=None)

    @property
    def draft(self) -> Draft:
        """What is stored of it; never shown to a model."""
        assert self._draft is not None
        return self._draft


class Subject:
    """What a change is about: a row, and the project it belongs to."""

    def __init__(self, level: Level, key: str, name: str, project: str = "", project_ids: Sequence[int] = ()) -> None:
        self.level, self.key, self.name, self.project, self.project_ids = level, key, name, project, project_ids


def proposal(
    session: Session,
    reader: Reader,
    subject: Subject,
    what: str,
    changes: Sequence[Change],
    *,
    day: date,
    taken: str = "",
) -> ChangeProposal:
    """The changes as a proposal, with what they do. Raises NotFound and CannotChange."""
    edits = compiled(session, reader, changes)
    lines = described(session, reader, edits, own=True)
    if not lines:
        raise CannotChange(f"{subject.key} is so already: there is nothing to change.")
    reach = reach_of(session, reader, subject.project_ids, edits, day)
    if reach.circle:
        raise CannotChange(f"Then {', '.join(reach.circle[:6])} would wait for one another in a circle.")
    following = {change.task for change in changes if isinstance(change, MoveTask) and change.follows}
    fact = ChangeProposal(
        as_of=day,
        what=Figure(value=what, unit=Unit.TEXT),
        subject=Figure(value=subject.key, unit=Unit.KEY),
        name=Figure(value=subject.name, unit=Unit.NAME),
        project=facts.name(subject.project),
        taken=facts.text(taken),
        edits=Figure(value=len(lines), unit=Unit.COUNT),
        follow=facts.count(len(following) or None),
        rows=edit_rows(lines, following),
        effects=effect_rows(reach.effects),
        sources=_sources(subject, lines),
    )
    fact._draft = Draft(what, tuple(to_json(change) for change in changes), tuple(edits))
    return fact


def edit_rows(lines: Sequence[EditLine], following: set[str] | frozenset[str] = frozenset()) -> dict[str, EditRow]:
    """The lines by a name of their own."""
    return {
        f"{line.key}.{line.label.replace(' ', '_')}.{number}": EditRow(
            subject=Figure(value=line.key, unit=Unit.KEY),
            name=Figure(value=line.name, unit=Unit.NAME),
            field=Figure(value=line.label, unit=Unit.TEXT),
            before=line.before,
            after=line.after,
            why=Figure(value=_why(line, following), unit=Unit.TEXT),
        )
        for number, line in enumerate(lines[:MOST_ROWS], 1)
    }


def effect_rows(effects: Sequence[Effect]) -> dict[str, EffectRow]:
    return {
        f"{effect.project}.{effect.metric}": EffectRow(
            project=Figure(value=effect.name, unit=Unit.NAME),
            metric=Figure(value=METRICS[effect.metric], unit=Unit.TEXT, metric=effect.metric),
            before=effect.before,
            after=effect.after,
        )
        for effect in effects
    }


def _why(line: EditLine, following: set[str] | frozenset[str]) -> str:
    if line.is_hidden:
        return "hidden"
    return "follows" if line.key in following and line.label in ("start", "finish") else "asked for"


def _sources(subject: Subject, lines: Sequence[EditLine]) -> list[SourceRef]:
    tasks = {line.key: line.name for line in lines if line.level is Level.TASK}
    first = source_of(subject.level, subject.key, subject.name)
    others = (source_of(Level.TASK, key, name) for key, name in tasks.items() if key != subject.key)
    return [first, *others]

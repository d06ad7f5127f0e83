"""A project's plan as one page: how it stands, its Gantt chart, the load of its people, and both as tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.narration import narrate
from assistant.narration.wording import STATES, counted, say_date, say_days, say_share
from integrations.rendering.drawing import draw_gantt, draw_load
from integrations.rendering.gantt import Item, Shape, lay_out
from integrations.rendering.load_chart import Week, lay_out_load
from integrations.rendering.markdown import render_html
from storage.records import NotFound
from storage.text import printable
from tools.context import ToolContext
from tools.facts import Fact, Unit, record_url
from tools.people import Crew, find_crew, load_of
from tools.readings import warm
from tools.schedule import project_schedule
from tools.status import project_status
from tools.timeline import PlanLine, Timeline, read_timeline

WEEKS = 8
MOST_PEOPLE = 30
MOST_LINES = 3_000
SAME = "The table below says the same."


@dataclass(frozen=True)
class Line:
    """A line of the table beside the chart."""

    key: str
    url: str
    name: str
    depth: int
    is_summary: bool
    state: str
    start: str
    finish: str
    baseline: str
    done: str
    slack: str
    owner: str
    is_late: bool
    is_critical: bool


@dataclass(frozen=True)
class PersonLoad:
    name: str
    url: str
    weeks: tuple[str, ...]


@dataclass(frozen=True)
class PlanPage:
    """All of the page. A chart with nothing to draw is empty; `unlinked` says why nothing is critical."""

    key: str
    name: str
    told: tuple[str, ...]
    gantt: str
    left_out: int
    pressing_left_out: int
    unlinked: str
    lines: tuple[Line, ...]
    lines_left_out: int
    load: str
    weeks: tuple[str, ...]
    people: tuple[PersonLoad, ...]
    people_left_out: int
    question: str
    files: tuple[tuple[str, str], ...] = (("xml", "MS Project"), ("xlsx", "XLSX"), ("csv", "CSV"), ("ics", "ICS"))


def read_plan(context: ToolContext, key: str) -> PlanPage | None:
    """The page of a project; None alike for a missing one, a hidden one, and one of which only the name is known."""
    day = context.as_of or context.today
    warm(context.store, context.today, as_of=context.as_of)
    try:
        timeline = read_timeline(context, key)
    except NotFound:
        return None
    if timeline is None:
        return None
    chart = lay_out([_item(line, day) for line in timeline.lines], timeline.links, timeline.day)
    mondays, load, people_left_out = _load(context, timeline.key, day)
    drawn = lay_out_load([(name, weeks) for name, _, weeks in load], mondays)
    return PlanPage(
        key=timeline.key,
        name=printable(timeline.name),
        told=tuple(_told(context, timeline)),
        gantt=draw_gantt(chart, f"Gantt chart of {timeline.name}", _described(timeline)) if chart else "",
        left_out=chart.left_out if chart else 0,
        pressing_left_out=chart.pressing_left_out if chart else 0,
        unlinked=timeline.unlinked,
        lines=tuple(_line(line, day) for line in timeline.lines[:MOST_LINES]),
        lines_left_out=max(0, len(timeline.lines) - MOST_LINES),
        load=draw_load(drawn, f"Load of the people of {timeline.name}", SAME) if drawn else "",
        weeks=tuple(say_date(monday, day) for monday in mondays),
        people=tuple(PersonLoad(printable(name), url, tuple(map(_hours, weeks))) for name, url, weeks in load),
        people_left_out=people_left_out,
        question=f"Where is {timeline.name}?",
    )


def _told(context: ToolContext, timeline: Timeline) -> Iterator[str]:
    """The status and the schedule in the words of an answer, as HTML."""
    for fact in (project_status(context, timeline.key), project_schedule(context, timeline.key)):
        if isinstance(fact, Fact):
            links = {source.id.partition(":")[2]: source.url for source in fact.sources}
            yield render_html(narrate(fact, today=context.today).text, links)


def _described(timeline: Timeline) -> str:
    late = sum(line.is_late for line in timeline.lines)
    critical = sum(line.is_critical for line in timeline.lines)
    lines = counted(len(timeline.lines), "line")
    return f"{lines}, {late} late, {critical} without slack. {SAME}"


def _item(line: PlanLine, today: date) -> Item:
    shape = Shape.SUMMARY if line.is_summary else Shape.MILESTONE if line.is_milestone else Shape.TASK
    said = [printable(line.name), *(part for part in (_when(line, today), _standing(line)) if part)]
    return Item(
        label=printable(line.name),
        depth=line.depth,
        shape=shape,
        start=line.start,
        finish=line.finish,
        baseline_start=line.baseline_start,
        baseline_finish=line.baseline_finish,
        deadline=line.deadline,
        done_share=line.done_share,
        is_critical=line.is_critical,
        is_late=line.is_late,
        note=": ".join([said[0], ", ".join(said[1:])]) if said[1:] else said[0],
    )


def _when(line: PlanLine, today: date) -> str:
    days = [say_date(moment.date(), today) for moment in (line.start, line.finish) if moment]
    return " to ".join(dict.fromkeys(days))


def _standing(line: PlanLine) -> str:
    done = say_share(line.done_share) + " done" if line.done_share is not None and not line.is_milestone else ""
    marks = [done, "late" if line.is_late else "", "no slack" if line.is_critical else ""]
    return ", ".join(mark for mark in marks if mark)


def _line(line: PlanLine, today: date) -> Line:
    slack = "" if line.slack_days is None else say_days(line.slack_days, Unit.WORKING_DAYS)
    return Line(
        key=line.key,
        url=record_url("task", line.key),
        name=printable(line.name),
        depth=min(line.depth, 6),
        is_summary=line.is_summary,
        state=STATES.get(line.state, line.state),
        start=say_date(line.start.date(), today) if line.start else "",
        finish=say_date(line.finish.date(), today) if line.finish else "",
        baseline=say_date(line.baseline_finish.date(), today) if line.baseline_finish else "",
        done=say_share(line.done_share) if line.done_share is not None else "",
        slack=slack,
        owner=printable(line.owner or ""),
        is_late=line.is_late,
        is_critical=line.is_critical,
    )


def _load(context: ToolContext, key: str, day: date) -> tuple[list[date], list[tuple[str, str, list[Week]]], int]:
    """Who is booked there as far as the reader may know, with their whole load by week; the rest are counted."""
    monday = day - timedelta(days=day.weekday())
    last = monday + timedelta(days=7 * WEEKS - 1)
    mondays = [monday + timedelta(days=7 * step) for step in range(WEEKS)]
    with context.reading() as session:
        crew = find_crew(session, context.reader, key, monday, last)
        if not isinstance(crew, Crew) or crew.kind != "place":
            return mondays, [], 0
        load = load_of(session, context.reader, crew.people, monday, last)
    available, firm, tentative = (load.by_week(each) / 60 for each in (load.available, load.firm, load.tentative))
    people = []
    for row, person in enumerate(crew.people[:MOST_PEOPLE]):
        hours = zip(available[row].tolist(), firm[row].tolist(), tentative[row].tolist(), strict=True)
        weeks = [Week(*each) for each in hours]
        people.append((person.name, record_url("person", person.key), weeks))
    return mondays, people, max(0, len(crew.people) - MOST_PEOPLE)


def _hours(week: Week) -> str:
    """ "32 of 40 h, and 8 h perhaps"."""
    perhaps = f", {week.tentative:.0f} h perhaps" if week.tentative >= 0.5 else ""
    over = f" ({week.share:.0%})" if week.is_over and week.share else ""
    return f"{week.firm:.0f} of {week.available:.0f} h{over}{perhaps}"

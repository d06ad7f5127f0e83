"""A plan as calendar events: tasks over their days, milestones on theirs."""

from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from integrations.exporting.plan import ExportedPlan
from storage.records import TaskRecord
from storage.text import printable
from storage.vocabulary import TaskState


def write_ics(plan: ExportedPlan) -> bytes:
    """Every task and milestone with dates, by a lasting UID; summaries and what was cancelled are left out."""
    calendar = Calendar()
    calendar.add("prodid", "-//Pilothouse//Plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", printable(plan.project.name or plan.project.key))
    stamp = datetime.combine(plan.day, time.min, UTC)
    for task, _ in plan.tasks:
        if task.is_leaf is not False and task.state != TaskState.CANCELLED and (days := _days(task)):
            calendar.add_component(_event(task, days, stamp))
    return bytes(calendar.to_ical())


def _days(task: TaskRecord) -> tuple[date, date] | None:
    start, finish = task.actual_start or task.start, task.actual_finish or task.finish
    first, last = start or finish, finish or start
    if first is None or last is None:
        return None
    return (last.date(), last.date()) if task.is_milestone else (first.date(), max(first, last).date())


def _event(task: TaskRecord, days: tuple[date, date], stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{printable(task.key)}@pilothouse")
    event.add("dtstamp", stamp)
    event.add("dtstart", days[0])
    event.add("dtend", days[1] + timedelta(days=1))  # the first day that is not in it any more
    event.add("summary", printable(f"{'◆ ' if task.is_milestone else ''}{task.name}"))
    event.add("transp", "TRANSPARENT")
    if task.owner:
        event.add("description", f"{printable(task.key)}: {printable(task.owner.name)}")
    return event

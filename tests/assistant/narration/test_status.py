"""How the status of a project reads, today and as of a day that is past."""

from datetime import date

from assistant.narration import narrate
from tests.firm import MONDAY, Firm
from tools.catalog import find_tool
from tools.facts import Fact, Figure, Unit
from tools.readings import warm
from tools.status import ProjectStatus

FEBRUARY = date(2026, 2, 2)


def told(firm: Firm, tool: str, as_of: date | None = None, **arguments: str) -> str:
    context = firm.context("ruth", as_of=as_of)
    warm(firm.store, context.today, as_of=as_of)
    fact = find_tool(tool).call(context, arguments)
    assert isinstance(fact, Fact)
    return narrate(fact, today=MONDAY).text


def test_progress_of_today_is_not_told_as_that_of_a_past_day(firm: Firm) -> None:
    text = told(firm, "project_status", FEBRUARY, project="GATE")

    assert "done as on file today" in text and "was planned by that day" in text
    assert "heading for" not in text
    assert "_As of Mon 2 Feb. States and progress are as on file today." in text


def test_the_money_of_a_past_day_ends_nowhere(firm: Firm) -> None:
    assert "needs the progress of that day" in told(firm, "finances", FEBRUARY, scope="GATE")
    assert "needs the progress of that day" not in told(firm, "finances", scope="GATE")


def test_today_asked_for_by_its_date_is_today(firm: Firm) -> None:
    assert told(firm, "project_status", MONDAY, project="GATE") == told(firm, "project_status", project="GATE")


def test_working_days_are_not_counted_as_days_ago(firm: Firm) -> None:
    fact = find_tool("project_status").call(firm.context("ruth"), {"project": "CRM"})
    assert isinstance(fact, ProjectStatus)
    late = {"finish": Figure(value="2026-02-23", unit=Unit.DATE), "promised_finish": None}

    working, calendar = (
        narrate(fact.model_copy(update=late | {"days_late": Figure(value=4, unit=unit)}), today=MONDAY).text
        for unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
    )

    assert "Mon 23 Feb, 4 working days late." in working
    assert "Mon 23 Feb, 4 days ago." in calendar

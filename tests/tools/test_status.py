from datetime import date

from tools.facts import Refusal
from tools.readings import warm
from tools.status import ProjectStatus, project_status


def status(firm, who, project) -> ProjectStatus:
    fact = project_status(firm.context(who), project)
    assert isinstance(fact, ProjectStatus)
    return fact


def test_a_project_reported_better_than_its_figures_shows_both(firm):
    fact = status(firm, "ruth", "GATE")

    assert fact.reported_health.value == "green"
    assert fact.computed_health.value in ("amber", "red")
    assert fact.health_reason.value


def test_late_tasks_come_with_what_they_wait_for_and_hold_up(firm):
    row = status(firm, "lena", "GATE").rows["GATE-31"]

    assert row.why.value == "late"
    assert row.days_late.value == 4
    assert row.waits_on.value == "Tern's security team"
    assert row.holds_up.value == 3


def test_the_first_day_of_the_calendar_has_no_week_before_it(firm):
    context = firm.context("ruth", as_of=date.min)
    warm(firm.store, context.today, as_of=context.as_of)

    assert isinstance(project_status(context, "GATE"), ProjectStatus)


def test_a_team_member_sees_no_money(firm):
    fact = status(firm, "tomas", "GATE")

    assert fact.tasks_blocked is not None
    assert (fact.budget, fact.spent, fact.estimate_at_completion, fact.margin, fact.cpi) == (None,) * 5


def test_who_sees_no_money_is_not_told_that_the_reason_is_money(firm):
    for project in ("GATE", "PORT", "KNOW"):
        reason = status(firm, "tomas", project).health_reason

        assert reason is None or "budget" not in reason.value


def test_who_is_not_of_the_team_sees_no_owner(firm):
    outside = status(firm, "fiona", "KNOW")

    assert all(row.owner is None for row in outside.rows.values())
    assert outside.tasks_late.value > 0


def test_a_hidden_project_answers_like_a_missing_one(firm):
    hidden = project_status(firm.context("hanna"), "GATE")
    missing = project_status(firm.context("hanna"), "ZEUS")

    assert isinstance(hidden, Refusal) and isinstance(missing, Refusal)
    assert hidden.outcome == missing.outcome == "not_found"
    assert hidden.sentence.replace("GATE", "ZEUS") == missing.sentence


def test_every_source_is_the_project_or_a_task_that_is_shown(firm):
    fact = status(firm, "ruth", "FIELD")

    assert [source.id for source in fact.sources] == ["project:FIELD", *(f"task:{key}" for key in fact.rows)]


def test_without_a_forecast_engine_it_says_so_and_gives_no_likely_date(firm):
    assert "No likely dates" in status(firm, "ruth", "CRM").forecast.value

"""Stories about what decides the end of a project of the sample, on Monday 2 March 2026."""

from datetime import date

from tools.facts import Refusal
from tools.schedule import ProjectSchedule, project_schedule


def schedule(firm, who, project, part=None) -> ProjectSchedule:
    fact = project_schedule(firm.context(who), project, part)
    assert isinstance(fact, ProjectSchedule), fact
    return fact


def test_the_path_leads_link_by_link_to_the_last_open_task(firm):
    fact = schedule(firm, "ruth", "CRM")
    path = [key for key, row in fact.rows.items() if row.why.value == "critical"][: fact.on_path.value]

    assert path[-1] == "CRM-35"
    assert fact.finish.value == fact.rows["CRM-35"].finish.value
    assert all(fact.rows[key].total_float.value <= 0 for key in path)
    assert fact.critical.value >= len(path)


def test_a_part_is_found_by_words_of_its_names_or_its_key(firm):
    testing = schedule(firm, "ruth", "CRM", "testing")

    assert testing.part_tasks.value >= 1
    assert testing.part_float.value == 0
    assert schedule(firm, "ruth", "CRM", "CRM-42").part_tasks.value == 1
    assert schedule(firm, "ruth", "CRM", "zeppelins").part_tasks.value == 0


def test_what_runs_alongside_decides_no_end(firm):
    fact = schedule(firm, "ruth", "GATE")

    assert fact.alongside.value == 1
    assert "GATE-67" not in fact.rows


def test_a_slip_is_counted_from_the_promise(firm):
    fact = schedule(firm, "ruth", "FIELD")

    assert fact.promise_slip.value > 0
    assert date.fromisoformat(fact.finish.value) > date.fromisoformat(fact.promised_finish.value)


def test_who_is_not_of_the_team_sees_dates_and_no_owner(firm):
    fact = schedule(firm, "fiona", "KNOW")

    assert fact.rows
    assert all(row.owner is None for row in fact.rows.values())


def test_a_hidden_project_answers_like_a_missing_one(firm):
    hidden, missing = (project_schedule(firm.context("hanna"), key) for key in ("PENS", "NOPE"))

    assert isinstance(hidden, Refusal) and isinstance(missing, Refusal)
    assert hidden.sentence.replace("PENS", "NOPE") == missing.sentence

"""Overviews of the made-up firm, as its people may see it."""

from datetime import date

import pytest
from sqlalchemy import text

from assistant.narration import narrate
from tests.firm import MONDAY
from tools.facts import Refusal
from tools.finances import Finances, finances
from tools.measurement import Measurement
from tools.portfolio import PortfolioOverview, portfolio_overview
from tools.readings import warm


def overview(firm, who, **arguments) -> PortfolioOverview:
    fact = portfolio_overview(firm.context(who), **arguments)
    assert isinstance(fact, PortfolioOverview), fact
    return fact


def measured(firm, who, **arguments) -> Measurement:
    fact = portfolio_overview(firm.context(who), **arguments)
    assert isinstance(fact, Measurement), fact
    return fact


def test_the_roll_up_counts_all_and_the_rows_show_the_worst_first(firm):
    fact = overview(firm, "ruth", limit=5)

    health = [line.health.value for line in fact.rows.values() if line.health]
    assert health == sorted(health, key=["red", "amber", "green"].index)
    assert fact.projects.value == fact.matched.value == fact.shown.value + fact.rest.value
    judged = fact.projects_red.value + fact.projects_amber.value + fact.projects_green.value
    assert judged <= fact.projects_open.value


@pytest.mark.parametrize("state", ["red", "amber", "green", "late", "green_not_green", "open"])
def test_a_filter_lists_as_many_as_the_roll_up_counts(firm, state):
    whole = overview(firm, "ruth")
    found = portfolio_overview(firm.context("ruth"), filter=state)

    assert found.matched.value == getattr(whole, f"projects_{state}").value


def test_a_program_rolls_up_to_the_same_figures_as_its_projects(firm):
    line = overview(firm, "ruth", level="program").rows["TERN"]
    below = overview(firm, "ruth", scope="TERN")

    assert line.projects.value == below.projects.value
    assert line.projects_late is None or line.projects_late.value == below.projects_late.value
    assert line.tasks.value == below.tasks.value


def test_the_progress_of_a_program_weighs_its_projects_by_their_effort(firm):
    below = overview(firm, "ruth", scope="TERN", where=["effort > 0 hours"]).rows.values()
    known = [(line.progress.value, line.values["effort"].value) for line in below if line.progress]
    line = overview(firm, "ruth", level="program").rows["TERN"]

    weighted = sum(share * effort for share, effort in known) / sum(effort for _, effort in known)
    assert line.progress.value == pytest.approx(weighted)


def test_money_in_an_overview_is_the_money_of_finances(firm):
    sums = finances(firm.context("ruth"), "TERN")
    rolled = overview(firm, "ruth", scope="TERN").money

    assert isinstance(sums, Finances)
    (currency,) = rolled
    assert rolled[currency].contract_value.value == sums.contract_value.value
    assert rolled[currency].actual_cost.value == sums.spent.value


def test_a_member_sees_projects_and_no_money(firm):
    fact = overview(firm, "tomas")

    assert fact.money == {}
    assert fact.partial is not None


ASKING_FOR_MONEY = ({"measure": "sum", "of": "budget"}, {"filter": "over_budget"}, {"sort": "-budget"})


@pytest.mark.parametrize("arguments", ASKING_FOR_MONEY)
def test_money_is_refused_to_a_member_in_every_argument(firm, arguments):
    refusal = portfolio_overview(firm.context("tomas"), scope="Tern", **arguments)

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "refused"
    assert "finance" in refusal.sentence


def test_a_client_is_a_scope(firm):
    with firm.store.reading() as session:
        query = "SELECT client, count(*) FROM project WHERE client IS NOT NULL GROUP BY client ORDER BY 2 DESC, 1"
        client, projects = session.execute(text(query)).first()

    counted = measured(firm, "ruth", where=[f"client = {client}"], measure="count")
    assert counted.value.value == projects


def test_groups_by_client_name_the_value_of_each(firm):
    fact = measured(firm, "ruth", by="client", limit=50)

    assert sum(line.value.value for line in fact.rows.values()) == fact.value.value
    assert fact.groups.value == len(fact.rows)


def test_the_best_of_a_level_is_named_with_its_source(firm):
    fact = measured(firm, "ruth", measure="max", of="contract_value")

    (key,) = fact.rows
    assert fact.rows[key].value == fact.value
    assert fact.sources[0].id == f"project:{key}"


def test_an_outsider_finds_public_projects_only(firm):
    with firm.store.reading() as session:
        public = session.execute(text("SELECT key FROM project WHERE confidentiality = 'public'")).scalars().all()

    assert set(overview(firm, "nobody").rows) == set(public)


def test_what_rests_on_the_progress_of_a_past_day_cannot_be_told(firm):
    day = date(2026, 2, 2)
    context = firm.context("ruth", as_of=day)
    warm(firm.store, context.today, as_of=day)

    for state in ("red", "over_budget"):
        refusal = portfolio_overview(context, filter=state)
        assert isinstance(refusal, Refusal)
        assert "what was done by then is not on file" in refusal.sentence


def test_where_nothing_is_late_days_late_are_not_missing(firm):
    assert overview(firm, "ruth", where=["days_late > 300 days"]).matched.value == 0


def test_beside_late_projects_stand_those_past_their_promise(firm):
    fact = overview(firm, "ruth", filter="late")

    assert fact.matched.value == 0
    assert list(fact.past_promise) == list(overview(firm, "ruth", filter="past_promise").rows) == ["FIELD", "KNOW"]
    assert "[FIELD] Field app (promised Thu 2 Apr, planned" in narrate(fact, today=MONDAY).text
    assert not overview(firm, "ruth", filter="red").past_promise


def test_a_person_in_a_condition_is_told_by_name(firm):
    fact = overview(firm, "ruth", where=["manager = lena.brandt"])

    assert fact.conditions.value == "whose manager is Lena Brandt"

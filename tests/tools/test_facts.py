from datetime import date
from pathlib import Path

import pytest

from assistant.narration import sentences
from tools import catalog, facts
from tools.facts import Fact, Figure, Unit
from tools.facts_page import PAGE, page
from tools.planning.metrics import METRICS

KINDS = sorted(Fact.__subclasses__(), key=lambda fact: fact.kind)


def asked(firm):
    context = firm.context("ruth")
    for name, arguments in (
        ("project_status", {"project": "GATE"}),
        ("portfolio_overview", {}),
        ("portfolio_overview", {"measure": "sum", "of": "budget", "by": "program"}),
        ("list_tasks", {"scope": "GATE", "state": "late"}),
        ("my_work", {"person": "tomas.reyes"}),
        ("task_details", {"task": "GATE-31"}),
        ("finances", {"scope": "TERN"}),
        ("project_schedule", {"project": "GATE", "part": "test"}),
        ("utilisation", {"compared_with": 0.78}),
        ("find_people", {"skill": "Terraform"}),
        ("capacity", {"skill": "data engineer"}),
        ("surface_risks", {"scope": "TERN"}),
        ("propose_change", {"operation": "move", "subject": "CRM-27", "value": "+1 week"}),
    ):
        fact = catalog.find_tool(name).call(context, arguments)
        assert isinstance(fact, Fact), fact
        yield fact


def test_the_page_of_facts_is_what_the_classes_say():
    assert PAGE.read_text("utf-8") == page(), "run `make facts`"


def test_every_kind_of_fact_is_reached_by_a_question(firm):
    assert {fact.kind for fact in asked(firm)} == {kind.kind for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_kind_of_fact_has_words(kind):
    assert sentences.dispatch(kind) is not sentences.dispatch(Fact)


def test_every_metric_a_figure_names_is_defined(firm):
    named = {figure.metric for fact in asked(firm) for _, figure in fact.figures() if figure.metric}

    assert named - set(METRICS) == set()


def test_every_fact_says_where_it_comes_from(firm):
    for fact in asked(firm):
        assert fact.sources, fact.kind
        assert len({source.id for source in fact.sources}) == len(fact.sources), fact.kind


def test_the_contract_holds_values_units_and_nothing_that_is_absent(firm):
    fact = next(asked(firm))
    contract = fact.contract()

    assert contract["kind"] == "project_status"
    assert contract["fields"]["progress"]["unit"] == "share"
    assert 0 <= contract["fields"]["progress"]["value"] <= 1
    assert (
        contract["fields"]["finish"]["value"] == date.fromisoformat(contract["fields"]["finish"]["value"]).isoformat()
    )
    assert contract["fields"]["rows"]["GATE-31"]["days_late"] == {
        "value": 4, "unit": "working days", "metric": "days_late", "text": ""
    }  # fmt: skip
    assert None not in contract["fields"].values()


def test_money_is_a_decimal_string_in_major_units():
    assert facts.money(123456, "EUR") == Figure(value="1234.56", unit="EUR")
    assert facts.money(-1, "USD") == Figure(value="-0.01", unit="USD")
    assert facts.money(None, "EUR") is None


def test_a_moment_is_shown_as_its_day_and_nothing_as_nothing():
    assert facts.day(date(2026, 3, 2)) == Figure(value="2026-03-02", unit=Unit.DATE)
    assert facts.name("") is None


def test_the_page_is_where_the_design_says():
    assert Path(PAGE).parts[-2:] == ("tools", "FACTS.md")

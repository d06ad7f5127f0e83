import pytest
from sqlalchemy import text

from assistant.narration import narrate
from tests.firm import MONDAY
from tools.facts import Refusal
from tools.finances import Finances, finances


def money(firm, who, scope=None) -> Finances:
    fact = finances(firm.context(who), scope)
    assert isinstance(fact, Finances)
    return fact


def test_a_program_is_the_sum_of_its_projects(firm):
    program = money(firm, "ruth", "TERN")
    projects = [money(firm, "ruth", key) for key in program.rows]

    for label in ("budget", "spent", "earned", "contract_value"):
        parts = [getattr(project, label) for project in projects]
        assert float(getattr(program, label).value) == pytest.approx(sum(float(part.value) for part in parts if part))


def test_contract_values_are_those_of_the_rows(firm):
    with firm.store.reading() as session:
        total = session.execute(
            text(
                "SELECT sum(contract_value_minor) FROM project JOIN program ON program.id = program_id"
                " WHERE program.key = 'TERN'"
            )
        ).scalar()

    assert money(firm, "ruth", "TERN").contract_value.value == f"{total / 100:.2f}"


def test_ratios_come_from_sums_and_not_from_averages(firm):
    fact = money(firm, "ruth", "TERN")

    assert fact.cpi.value == pytest.approx(float(fact.earned.value) / float(fact.spent.value), abs=1e-3)


def test_money_is_refused_to_a_member_and_says_whom_to_ask(firm):
    refusal = finances(firm.context("tomas"), "GATE")

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "refused"
    assert "finance" in refusal.sentence


def test_a_manager_of_one_project_gets_its_money_and_is_told_that_others_are_left_out(firm):
    fact = money(firm, "aoife", "TERN")

    assert fact.partial is not None
    assert list(fact.rows) == ["MOB"]


def test_a_bid_without_a_contract_is_not_in_the_firm_s_sums(firm):
    assert "ALDER" not in money(firm, "ruth").rows


@pytest.mark.parametrize(
    ("about", "figure"), [("budget", "budget"), ("EAC", "estimate_at_completion"), ("actual cost", "spent")]
)
def test_one_figure_that_is_asked_for_is_told_first_and_in_full(firm, about, figure):
    fact = finances(firm.context("ruth"), "GATE", about)

    assert isinstance(fact, Finances)
    told = narrate(fact, today=MONDAY, asker="Ruth Halloran").text.split("\n")[0]
    assert f"{float(getattr(fact, figure).value):,.0f}" in told.split("**")[1]


def test_a_figure_that_nobody_keeps_is_declined_with_those_there_are(firm):
    refusal = finances(firm.context("ruth"), "GATE", "shoe size")

    assert isinstance(refusal, Refusal)
    assert "estimate_at_completion" in refusal.sentence

from assistant.narration import narrate
from tests.firm import MONDAY
from tools.measurement import Measurement
from tools.tasks import list_tasks


def test_who_gets_a_count_in_place_of_the_rows_is_told_why(firm):
    fact = list_tasks(firm.context("colm"), state="blocked")
    assert isinstance(fact, Measurement) and fact.withheld is not None

    assert str(fact.withheld.value) in narrate(fact, today=MONDAY).text


def test_an_extreme_names_the_row_that_holds_it(firm):
    fact = list_tasks(firm.context("ruth"), measure="max", of="planned_duration")
    assert isinstance(fact, Measurement)

    text = narrate(fact, today=MONDAY).text
    assert all(f"[{key}]" in text for key in list(fact.rows)[:1])

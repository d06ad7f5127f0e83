"""Lists of tasks on the made-up firm, as its people may see them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from tests.firm import MONDAY
from tools.facts import Clarification, Refusal
from tools.measurement import Measurement
from tools.tasks import TaskList, list_tasks


def listed(context, **arguments) -> TaskList:
    fact = list_tasks(context, **arguments)
    assert isinstance(fact, TaskList), fact
    return fact


@contextmanager
def statements(store) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    with store.reading() as session:
        engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_late_tasks_come_oldest_first_with_the_scope_as_first_source(firm):
    fact = listed(firm.context("lena"), scope="GATE", state="late")

    finishes = [line.finish.value for line in fact.rows.values()]
    assert finishes == sorted(finishes)
    assert all(finish < MONDAY.isoformat() for finish in finishes)
    assert fact.late.value == fact.matched.value == len(finishes)
    assert [source.id for source in fact.sources] == ["project:GATE", *(f"task:{key}" for key in fact.rows)]


def test_due_without_a_window_is_due_this_week(firm):
    week = listed(firm.context("ruth"), state="due", limit=50)
    same = listed(firm.context("ruth"), state="open", start=MONDAY, end=date(2026, 3, 8), limit=50)

    assert set(week.rows) == set(same.rows)


def test_a_list_shows_no_more_than_the_limit_and_counts_the_rest(firm):
    fact = listed(firm.context("ruth"), limit=3)

    assert (fact.shown.value, len(fact.rows)) == (3, 3)
    assert fact.matched.value == fact.shown.value + fact.rest.value
    assert listed(firm.context("ruth"), limit=10_000).shown.value == 50


def test_fields_that_are_asked_for_are_shown(firm):
    fact = listed(firm.context("lena"), scope="GATE", where=["planned_duration > 3 days"], sort="-planned_duration")

    lengths = [line.values["planned_duration"].value for line in fact.rows.values()]
    assert lengths == sorted(lengths, reverse=True)
    assert min(lengths) > 3
    assert fact.sorted_by.value == "planned duration"


def test_somebody_s_tasks_are_those_they_own(firm):
    fact = listed(firm.context("tomas"), owner="Tomás Reyes", state="open", limit=50)
    same = listed(firm.context("tomas"), scope="tomas.reyes@quillmere.example", state="open", limit=50)

    assert fact.rows
    assert set(fact.rows) == set(same.rows)
    assert {line.owner.value for line in fact.rows.values()} == {"Tomás Reyes"}


def test_who_does_what_is_told_to_an_executive_as_a_count_only(firm):
    fact = list_tasks(firm.context("colm"), state="blocked")
    known = listed(firm.context("ruth"), state="blocked")

    assert isinstance(fact, Measurement)
    assert fact.value.value == known.matched.value
    assert fact.withheld is not None
    assert {f"task:{key}" for key in known.rows}.isdisjoint(source.id for source in fact.sources)


def test_effort_is_refused_to_who_is_not_on_the_team(firm):
    refusal = list_tasks(firm.context("nobody"), measure="sum", of="effort")

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "refused"


def test_money_is_refused_to_a_member(firm):
    refusal = list_tasks(firm.context("tomas"), scope="GATE", measure="sum", of="planned_cost")

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "refused"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"state": "asleep"}, "States I know"),
        ({"where": ["zeal > 3"]}, "There is no field “zeal”"),
        ({"measure": "mode", "of": "planned_cost"}, "I know: count, sum"),
        ({"measure": "sum"}, "The sum of what?"),
        ({"measure": "sum", "of": "finish"}, "cannot be added up"),
        ({"measure": "median", "of": "name"}, "is no figure"),
        ({"measure": "share"}, "A share needs a condition"),
        ({"start": date(2026, 3, 9), "end": date(2026, 3, 2)}, "ends on 2026-03-02 before it starts"),
        ({"window_on": "name", "end": date(2026, 3, 2)}, "is no date"),
        ({"sort": "zeal"}, "There is no field"),
        ({"by": "zeal"}, "There is no field"),
    ],
)
def test_what_it_does_not_know_it_refuses_in_a_sentence(firm, arguments, says):
    refusal = list_tasks(firm.context("ruth"), **arguments)

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "declined"
    assert says in refusal.sentence


def test_an_unknown_name_is_not_found_and_an_ambiguous_one_asks_back(firm):
    unknown = list_tasks(firm.context("ruth"), scope="zeus")
    ambiguous = list_tasks(firm.context("ruth"), scope="Gateway")

    assert isinstance(unknown, Refusal)
    assert unknown.outcome == "not_found"
    assert isinstance(ambiguous, Clarification)
    assert {option.key for option in ambiguous.options} == {"GATE", "HUBGW"}


def test_queries_do_not_grow_with_the_answer(firm):
    context = firm.context("ruth")
    with statements(firm.store) as for_few:
        listed(context, state="late", limit=1)
    with statements(firm.store) as for_many:
        listed(context, state="open", limit=50)

    assert len(for_many) == len(for_few)


def test_a_list_for_part_of_the_firm_says_so_to_who_does_not_see_all_of_it(firm):
    assert listed(firm.context("tomas"), state="late").partial is not None
    assert listed(firm.context("ruth"), state="late").partial is None


def test_one_field_or_another_may_hold_the_words(firm):
    context = firm.context("ruth")
    both = list_tasks(context, where=["name contains retry | description contains retry"], measure="count")
    names = list_tasks(context, where=["name contains retry"], measure="count")
    descriptions = list_tasks(context, where=["description contains retry", "name contains retry"], measure="count")
    alone = list_tasks(context, where=["description contains retry"], measure="count")

    assert both.value.value == names.value.value + alone.value.value - descriptions.value.value
    assert both.value.value > 0

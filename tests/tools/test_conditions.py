"""Conditions as people write them, and sentences for those that make no sense."""

from datetime import date
from types import SimpleNamespace

import pytest

from storage.fields import catalogue
from storage.selection.conditions import Amount, AnyOf, Comparison, Holds, Length, OneOf, Operator, Period
from storage.vocabulary import Level
from tools.conditions import ConditionNotUnderstood, ConditionReader

WORDS = ["Completed - Closed", "Completed - Costs Pending", "In-progress"]


@pytest.fixture
def read(sqlite_store):
    with sqlite_store.reading() as session:
        readers = {
            level: ConditionReader(catalogue(session, level), lambda _: WORDS) for level in (Level.TASK, Level.PROJECT)
        }
    return SimpleNamespace(task=readers[Level.TASK].read, project=readers[Level.PROJECT].read)


@pytest.mark.parametrize(
    ("text", "field", "operator", "value"),
    [
        ("planned_cost > 5000000", "planned_cost", Operator.ABOVE, Amount(5_000_000_00)),
        ("planned cost >= $5 million", "planned_cost", Operator.AT_LEAST, Amount(5_000_000_00, "USD")),
        ("cost is more than 50k", "planned_cost", Operator.ABOVE, Amount(50_000_00)),
        ("planned_duration < 30 days", "planned_duration", Operator.BELOW, Length(30 * 480, 30 * 1440)),
        ("duration at most 2 weeks", "planned_duration", Operator.AT_MOST, Length(10 * 480, 14 * 1440)),
        ("effort > 16 hours", "effort", Operator.ABOVE, 960.0),
        ("progress >= 50%", "progress", Operator.AT_LEAST, 0.5),
        ("progress < 0.5", "progress", Operator.BELOW, 0.5),
        ("finish <= 2012-08-01", "finish", Operator.AT_MOST, Period(date(2012, 8, 1), date(2012, 8, 1))),
        ("start = 2012-02", "start", Operator.EQUALS, Period(date(2012, 2, 1), date(2012, 2, 29))),
        ("planned start after 2012-Q3", "start", Operator.ABOVE, Period(date(2012, 7, 1), date(2012, 9, 30))),
        ("deliverable_type = Usable Functionality", "deliverable_type", Operator.EQUALS, "Usable Functionality"),
        ("name contains loans", "name", Operator.CONTAINS, "loans"),
        ("deadline is missing", "deadline", Operator.MISSING, None),
        ("state = in progress", "state", Operator.EQUALS, "in_progress"),
    ],
)
def test_a_field_an_operator_and_a_value(read, text, field, operator, value):
    condition = read.task(text).condition

    assert isinstance(condition, Comparison)
    assert (condition.field.key, condition.operator, condition.value) == (field, operator, value)


def test_two_fields_of_one_kind_compare(read):
    condition = read.task("actual_duration > planned duration").condition

    assert (condition.field.key, condition.value.key) == ("actual_duration", "planned_duration")


def test_a_state_of_ours_wins_over_a_source_s_word(read):
    assert isinstance(read.task("in progress").condition, Holds)
    assert read.task("not late").condition.negated


def test_a_source_s_own_word_matches_in_part(read):
    assert read.task("closed").condition.words == ("Completed - Closed",)
    assert read.task("completed - costs pending").condition.words == ("Completed - Costs Pending",)
    assert isinstance(read.task("not closed").condition, OneOf)


def test_one_of_several(read):
    either, values = read.task("late | closed"), read.task("deliverable_type = A | B")

    assert isinstance(either.condition, AnyOf)
    assert either.words == "late or “Completed - Closed”"
    assert [each.value for each in values.condition.conditions] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("zeal > 3", "There is no field “zeal”"),
        ("planned_cost > lots", "is no amount"),
        ("planned_cost > NaN", "is no amount"),
        ("planned_cost > 1e400", "is no amount"),
        ("planned_cost > 3 days", "cannot be compared"),
        ("planned_duration > 99999999999999999999 days", "cannot be compared"),
        ("finish < 2012-13-45", "is no date"),
        ("finish < someday", "is no date"),
        ("name > 3", "has no order"),
        ("planned_cost contains 3", "is no text"),
        ("asleep", "States I know: open"),
        ("", "States I know: open"),
        ("x" * 1000, "too long"),
        ("planned_cost >", "is no amount"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(read, text, says):
    with pytest.raises(ConditionNotUnderstood, match=says.replace("|", r"\|")):
        read.task(text)


def test_states_of_projects_are_others_than_those_of_tasks(read):
    assert read.project("over budget").condition.state.key == "over_budget"
    with pytest.raises(ConditionNotUnderstood, match="over budget"):
        read.task("over budget")

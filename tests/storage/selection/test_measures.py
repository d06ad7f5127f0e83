"""Values are exact, and what has different units is never mixed."""

from datetime import datetime
from fractions import Fraction

import pytest

from storage import models
from storage.selection.conditions import Comparison, Holds, Operator
from storage.selection.frames import Place, PlaceKind
from storage.selection.measures import (
    DatePart,
    Grouping,
    GroupOrder,
    Measure,
    Question,
    measure,
    measure_groups,
)
from storage.vocabulary import Level
from tools.readings import warm


def test_money_adds_up_by_currency(store, world, owner, select, field):
    with store.reading() as session:
        cost = field(session, Level.TASK, "planned_cost")
        sums = measure(session, owner, select(), Question(Measure.SUM, cost))

    assert [(each.unit, each.value, each.matched) for each in sums] == [("EUR", 30_00, 3), ("USD", 10_00, 1)]


def test_working_and_elapsed_days_are_measured_apart(store, world, member, select, field):
    with store.reading() as session:
        duration = field(session, Level.TASK, "planned_duration")
        longest = measure(session, member, select(), Question(Measure.MAX, duration))

    assert [(each.unit, each.value) for each in longest] == [("elapsed", 10 * 1440), ("working", 21 * 480)]


def test_a_mean_and_a_median_of_minor_units_are_exact(store, add, owner, select, field):
    project = add(models.Project)
    for number, minor in enumerate((1, 2, 4, None)):
        add(models.Task, project_id=project, position=number, planned_cost_minor=minor)
    warm(store, select().clock.today)
    with store.reading() as session:
        cost = field(session, Level.TASK, "planned_cost")

        def value(kind):
            return measure(session, owner, select(), Question(kind, cost))[0]

        assert value(Measure.MEAN).value == Fraction(7, 3)
        assert value(Measure.MEDIAN).value == 2
        assert (value(Measure.MEDIAN).matched, value(Measure.MEDIAN).missing) == (4, 1)


@pytest.mark.parametrize(
    ("costs", "median"), [((3,), 3), ((1, 2), Fraction(3, 2)), ((5, 5, 9, 9), 7), ((1, 1, 1, 8), 1)]
)
def test_a_median_halves_its_two_middle_values(store, add, owner, select, field, costs, median):
    project = add(models.Project)
    for number, minor in enumerate(costs):
        add(models.Task, project_id=project, position=number, planned_cost_minor=minor)
    warm(store, select().clock.today)
    with store.reading() as session:
        cost = field(session, Level.TASK, "planned_cost")
        assert measure(session, owner, select(), Question(Measure.MEDIAN, cost))[0].value == median


def test_late_is_before_the_day_and_not_on_it(store, world, member, select, state):
    with store.reading() as session:
        late = measure(
            session, member, select(Level.TASK, Holds(state(session, Level.TASK, "late"))), Question(Measure.COUNT)
        )

    assert late[0].matched == 2  # A-2 is due today


def test_days_late_pass_over_weekends_only_where_days_are_worked(store, world, member, select, field):
    with store.reading() as session:
        late = field(session, Level.TASK, "days_late")
        rows = measure_groups(
            session,
            member,
            select(),
            Question(Measure.MAX, late),
            Grouping(field(session, Level.TASK, "key")),
            order=GroupOrder("label", descending=False),
            limit=10,
            apart=True,
        ).rows

    assert [(row.key, row.unit, row.value) for row in rows] == [
        ("A-1", "working", 5 * 480),
        ("B-1", "elapsed", 18 * 1440),
    ]


def test_a_snapshot_keeps_its_own_clock(store, world, add, member, select, state):
    old = add(models.Source, data_as_of=datetime(2012, 8, 1).date())
    project = add(models.Project, key="OLD", source_id=old)
    add(models.Task, key="O-1", project_id=project, state="in_progress", planned_finish=datetime(2012, 8, 5))
    warm(store, select().clock.today)
    with store.reading() as session:
        late = select(
            Level.TASK,
            Holds(state(session, Level.TASK, "late")),
            place=Place(PlaceKind.PROJECT, project),
        )
        assert measure(session, member, late, Question(Measure.COUNT))[0].matched == 0


def test_groups_come_largest_first_and_say_how_many_more_there_are(store, world, member, select, field):
    with store.reading() as session:
        groups = measure_groups(
            session,
            member,
            select(),
            Question(Measure.COUNT),
            Grouping(field(session, Level.TASK, "project")),
            order=GroupOrder(),
            limit=1,
            apart=False,
        )

    assert [(row.key, row.label, row.value) for row in groups.rows] == [("ALPHA", "Alpha", 2)]
    assert groups.total == 2


def test_dates_group_by_quarter(store, world, member, select, field):
    with store.reading() as session:
        groups = measure_groups(
            session,
            member,
            select(),
            Question(Measure.COUNT),
            Grouping(field(session, Level.TASK, "start"), DatePart.QUARTER),
            order=GroupOrder("label", descending=False),
            limit=9,
            apart=False,
        )

    assert [(row.label, row.value) for row in groups.rows] == [(20261, 3)]


def test_a_share_of_a_sum_weighs_rows_by_it(store, world, owner, select, field):
    eur = Place(PlaceKind.PROJECT, world["ALPHA"])
    with store.reading() as session:
        cost, name = field(session, Level.TASK, "planned_cost"), field(session, Level.TASK, "name")
        design = Comparison(name, Operator.EQUALS, "design")
        share = measure(session, owner, select(place=eur), Question(Measure.SHARE, cost, (design,)))

    assert share[0].value == Fraction(1, 2)


def test_nothing_has_a_count_of_nought_and_no_sum(store, owner, select, field):
    with store.reading() as session:
        cost = field(session, Level.PROJECT, "planned_cost")

        assert measure(session, owner, select(Level.PROJECT), Question(Measure.COUNT))[0].value == 0
        assert measure(session, owner, select(Level.PROJECT), Question(Measure.SUM, cost))[0].value is None

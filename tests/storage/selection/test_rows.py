"""The rows an answer shows: in order, few, and with a fixed number of queries."""

from storage import models
from storage.fields import ATTENTION, ROLLED
from storage.selection.conditions import Comparison, Operator
from storage.selection.measures import Measure, Question, measure
from storage.selection.rows import (
    RowOrder,
    clocks,
    find_client,
    list_holders,
    list_rows,
    list_words,
    sums_by_unit,
    tally,
)
from storage.vocabulary import Level
from tools.readings import warm


def keys(rows):
    return [row.key for row in rows]


def test_rows_without_a_value_come_last_in_both_directions(store, world, owner, select, field):
    with store.reading() as session:
        late = field(session, Level.TASK, "days_late")

        assert keys(list_rows(session, owner, select(), [], order=RowOrder(late, descending=True)))[-1] == "A-2"
        assert keys(list_rows(session, owner, select(), [], order=RowOrder(late)))[-1] == "A-2"


def test_days_of_both_kinds_are_sorted_by_their_number(store, world, owner, select, field):
    with store.reading() as session:
        length = field(session, Level.TASK, "planned_duration")
        rows = list_rows(session, owner, select(), [], order=RowOrder(length))

    assert keys(rows) == ["G-1", "B-1", "A-1", "A-2"]  # 2 working, 10 elapsed, 15 and 21 working days


def test_all_rows_that_hold_an_extreme_are_named_up_to_the_limit(store, world, member, select, field):
    with store.reading() as session:
        start = field(session, Level.TASK, "start")
        first = measure(session, member, select(), Question(Measure.MIN, start))
        holders = list_holders(session, member, select(), start, [start], held=first, limit=2)

    assert (keys(holders.rows), holders.total) == (["A-1", "A-2"], 3)


def test_a_tally_counts_states_over_all_selected_rows(store, world, owner, select):
    with store.reading() as session:
        counts = tally(session, owner, select(Level.PROJECT), ROLLED[:4])

    assert counts["matched"] == counts["projects"] == counts["projects_open"] == 3


def test_sums_stay_by_currency(store, world, owner, select):
    money = [each for each in ROLLED if each.key in ("planned_cost", "budget")]
    with store.reading() as session:
        assert sums_by_unit(session, owner, select(Level.PROJECT), money) == {
            "EUR": {"planned_cost": 600_00},
            "USD": {"planned_cost": 70_00},
        }


def test_words_and_clients_of_hidden_projects_do_not_exist(store, world, add, member, owner, field):
    with store.writing("a client") as writer:
        writer.change(models.Project, world["GAMMA"], {"client": "Quiet Ltd"})
    with store.reading() as session:
        said = field(session, Level.TASK, "source_state")

        assert list_words(session, member, Level.TASK, said) == ["Waiting for customer"]
        assert find_client(session, owner, "quiet LTD") == "Quiet Ltd"
        assert find_client(session, member, "quiet LTD") is None


def test_the_clock_of_an_empty_place_is_today(store, owner, select):
    with store.reading() as session:
        assert clocks(session, owner, select()) == [select().clock.today]


def test_text_is_compared_without_regard_to_case_or_wildcards(store, world, member, select, field):
    with store.reading() as session:
        name = field(session, Level.TASK, "name")

        def found(operator, words):
            return keys(list_rows(session, member, select(Level.TASK, Comparison(name, operator, words)), []))

        assert found(Operator.EQUALS, "DESIGN") == ["A-1"]
        assert found(Operator.CONTAINS, "%") == []
        assert found(Operator.STARTS_WITH, "bu") == ["A-2"]
        assert found(Operator.EQUALS, "x' OR 1=1 --") == []


def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(store, world, add, owner, select, field, count_queries):
    def statements():
        with store.reading() as session:
            shown = [field(session, Level.PROJECT, key) for key in ("name", "planned_cost", "tasks")]
            with count_queries(session) as sent:
                list_rows(session, owner, select(Level.PROJECT), shown, order=RowOrder(ATTENTION[Level.PROJECT]))
            return len(sent)

    few = statements()
    for _ in range(30):
        add(models.Project)
    warm(store, select().clock.today)

    assert statements() == few

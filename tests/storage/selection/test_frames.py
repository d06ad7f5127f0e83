"""A selection never shows, counts or sums what its reader may not see."""

from storage import models
from storage.access import FieldClass, Reader
from storage.catalogue import Right
from storage.selection.conditions import Amount, Comparison, Holds, Operator
from storage.selection.frames import Clock, Frame, Place, PlaceKind
from storage.selection.measures import Measure, Question, measure
from storage.selection.rows import known, list_rows
from storage.vocabulary import Level

COUNT = Question(Measure.COUNT)


def keys(rows):
    return [row.key for row in rows]


def test_confidential_work_is_neither_listed_nor_counted(store, world, member, owner, select):
    with store.reading() as session:
        assert keys(list_rows(session, member, select(), [])) == ["A-1", "A-2", "B-1"]
        assert measure(session, member, select(), COUNT)[0].matched == 3
        assert measure(session, owner, select(), COUNT)[0].matched == 4
        assert measure(session, Reader(None), select(), COUNT)[0].matched == 0


def test_an_audience_sees_what_all_of_it_see(store, world, member, owner, select):
    both = Reader(owner.person_id, (member.person_id,))
    with store.reading() as session:
        assert measure(session, both, select(), COUNT)[0].matched == 3


def test_a_hidden_place_is_empty(store, world, member, select):
    gamma = Place(PlaceKind.PROJECT, world["GAMMA"])
    with store.reading() as session:
        for level in (Level.TASK, Level.PROJECT):
            assert list_rows(session, member, select(level, place=gamma), []) == []


def test_money_takes_the_right_to_see_it(store, world, member, owner, select, field):
    with store.reading() as session:
        cost = field(session, Level.PROJECT, "planned_cost")
        total = Question(Measure.SUM, cost)
        dear = Comparison(cost, Operator.ABOVE, Amount(1_00))

        assert [each.value for each in measure(session, member, select(Level.PROJECT), total)] == [None]
        assert measure(session, member, select(Level.PROJECT, dear), COUNT)[0].matched == 0
        assert {
            row.values["planned_cost"].raw for row in list_rows(session, member, select(Level.PROJECT), [cost])
        } == {None}
        assert {each.unit: each.value for each in measure(session, owner, select(Level.PROJECT), total)} == {
            "EUR": 600_00,
            "USD": 70_00,
        }


def test_programs_sum_up_only_the_money_that_is_seen(store, world, add, member, select, field):
    add(models.Grant, person_id=member.person_id, role="project_manager", scope_kind="project", scope_id=world["BETA"])
    with store.reading() as session:
        cost = field(session, Level.PROGRAM, "planned_cost")
        projects = field(session, Level.PROGRAM, "projects")
        row = list_rows(session, member, select(Level.PROGRAM), [cost, projects])[0]

    assert (row.values["projects"].raw, row.values["planned_cost"].raw) == (2, None)  # two currencies do not add up


def test_who_does_a_task_is_for_its_team_and_for_themselves(store, world, member, owner, select, field):
    with store.reading() as session:
        who = field(session, Level.TASK, "owner")
        owners = {row.key: row.values["owner"].raw for row in list_rows(session, owner, select(), [who])}
        own = {row.key: row.values["owner"].raw for row in list_rows(session, member, select(), [who])}

    assert set(owners.values()) == {None}  # an executive sees sums of team fields, not who does what
    assert own["A-2"] == "Mia Member"


def test_an_executive_counts_tasks_without_an_owner_but_does_not_list_them(store, world, owner, select, state, field):
    with store.reading() as session:
        unowned = Holds(state(session, Level.TASK, "unowned"))
        named = Comparison(field(session, Level.TASK, "key"), Operator.EQUALS, "A-1")

        assert measure(session, owner, select(Level.TASK, unowned), COUNT)[0].matched == 3
        assert list_rows(session, owner, select(Level.TASK, unowned), []) == []
        assert measure(session, owner, select(Level.TASK, unowned, named), COUNT)[0].matched == 0  # no summary of one


def test_what_is_known_of_a_place_tells_hidden_from_absent(store, world, member, owner, select, field):
    with store.reading() as session:
        cost, deadline = field(session, Level.TASK, "planned_cost"), field(session, Level.TASK, "deadline")
        hidden = known(session, member, select(), [cost, deadline], (), sums=False)
        seen = known(session, owner, select(), [cost, deadline], (), sums=False)

    assert (hidden.allowed[Right.MONEY], hidden.present["planned_cost"]) == (0, 0)
    assert (seen.allowed[Right.MONEY], seen.present["planned_cost"], seen.present["deadline"]) == (4, 4, 0)


def test_seeing_all_of_a_place_follows_from_rights_alone(store, world, add, member, owner):
    add(models.Grant, person_id=member.person_id, role="program_manager", scope_kind="program", scope_id=world["APPS"])
    apps, north = Place(PlaceKind.PROGRAM, world["APPS"]), Place(PlaceKind.PORTFOLIO, world["NORTH"])
    with store.reading() as session:

        def sees_all(reader, place):
            return Frame(session, reader, Level.TASK, Clock(None), place).sees_all(FieldClass.MONEY)

        assert sees_all(member, apps)
        assert not sees_all(member, north)
        assert not sees_all(member, None)
        assert sees_all(owner, None)


def test_a_manager_s_place_is_what_they_manage_or_own(store, world, add, member, owner, select):
    boss = add(models.Person, name="Ben Boss")
    with store.writing("hand over") as writer:
        writer.change(models.Program, world["APPS"], {"manager_id": boss})
    with store.reading() as session:
        managed = select(Level.PROJECT, place=Place(PlaceKind.PERSON, boss))
        owned = select(Level.TASK, place=Place(PlaceKind.PERSON, member.person_id))

        assert keys(list_rows(session, owner, managed, [])) == ["ALPHA", "BETA"]
        assert keys(list_rows(session, member, owned, [])) == ["A-2"]

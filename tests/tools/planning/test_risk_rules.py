"""What signals of risk weigh."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.planning.model import Health
from tools.planning.risk_rules import (
    ProjectSigns,
    Sign,
    TaskSigns,
    of_contract,
    of_load,
    of_one_person,
    of_project,
    of_task,
    slack_burnt,
)


def score(found) -> int:
    return found.score if found else 0


@pytest.mark.parametrize(
    ("task", "sign", "weight"),
    [
        (TaskSigns(days_waiting=2), Sign.WAITING, 2),
        (TaskSigns(days_waiting=7, behind=3), Sign.WAITING, 9),
        (TaskSigns(is_late=True, days_waiting=2, behind=1), Sign.WAITING, 6),
        (TaskSigns(is_late=True), Sign.LATE, 3),
        (TaskSigns(is_late=True, days_late=12, behind=2), Sign.LATE, 9),
    ],
)
def test_a_task_weighs_by_how_long_and_what_is_behind_it(task, sign, weight):
    found = of_task(task)

    assert found is not None
    assert (found[0], found[1].score) == (sign, weight)


def test_a_task_on_time_is_no_signal():
    assert of_task(TaskSigns(behind=9)) is None


@pytest.mark.parametrize(
    ("signs", "found"),
    [
        ({"promise_slip_days": 16}, {Sign.PROMISE: 9}),
        ({"promise_slip_days": 0}, {}),
        ({"spare_days_at_first": 10, "spare_days_left": 2, "time_gone_share": 0.5}, {Sign.SLACK: 4}),
        ({"spare_days_at_first": 10, "spare_days_left": 6, "time_gone_share": 0.5}, {}),
        ({"reported": Health.GREEN, "computed": Health.RED}, {Sign.CONTRADICTED: 4}),
        ({"reported": Health.RED, "computed": Health.GREEN}, {}),
        ({"idle_days": 21}, {Sign.IDLE: 4}),
        ({"tasks_open": 10, "tasks_without_estimate": 6, "tasks_unowned": 3}, {Sign.ESTIMATES: 4, Sign.OWNERS: 2}),
        ({"tasks_open": 3, "links": 0}, {Sign.LINKS: 2}),
        ({"tasks_open": 3, "links": None}, {}),
        ({"days_since_sync": 3}, {Sign.STALE: 2}),
    ],
)
def test_a_project_gives_the_signals_its_figures_speak_of(signs, found):
    assert {sign: weight.score for sign, weight in of_project(ProjectSigns(**signs))} == found


def test_slack_is_burnt_by_what_slips_take_of_the_days_before_the_promise():
    assert slack_burnt(ProjectSigns(spare_days_at_first=8, spare_days_left=-2)) == 1.25
    assert slack_burnt(ProjectSigns(spare_days_at_first=0, spare_days_left=-2)) is None
    assert slack_burnt(ProjectSigns(spare_days_left=3)) is None


def test_people_weigh_by_load_contract_and_share():
    assert [score(of_load(booked, 80, 1)) for booked in (80, 90, 110)] == [0, 6, 9]
    assert of_load(10, 0, 0) is None
    ends = date(2026, 4, 30)
    assert [
        score(of_contract(ends, date(2026, *day), after)) for day, after in [((4, 30), 0), ((5, 2), 0), ((5, 14), 10)]
    ] == [0, 3, 9]
    assert [score(of_one_person(minutes, 6000)) for minutes in (2000, 3000, 5000)] == [0, 2, 3]
    assert of_one_person(4000, 4000) is None


@given(st.booleans(), st.integers(0, 60), st.integers(0, 60) | st.none(), st.integers(0, 9))
def test_no_score_leaves_one_to_nine(overdue, late, waiting, behind):
    found = of_task(TaskSigns(overdue, late, waiting, behind))

    assert found is None or 1 <= found[1].score <= 9

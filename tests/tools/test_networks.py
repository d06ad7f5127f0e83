"""How a plan on file becomes a network: what counts, what is left out, and what of other projects holds it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

from storage.records import LinkRecord, TaskRecord
from tools.networks import network_as_planned, network_of
from tools.planning.calendar import WorkingCalendar
from tools.planning.critical_path import CriticalPath

DAY = date(2026, 3, 2)
CALENDAR = WorkingCalendar()


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour)


def task(number: int, **given: Any) -> TaskRecord:
    usual = {
        "id": number,
        "key": f"T-{number}",
        "name": f"Task {number}",
        "parent_id": None,
        "is_leaf": True,
        "state": "not_started",
        "is_open": True,
        "is_milestone": False,
        "duration_basis": "working",
        "start": at(2),
        "finish": at(3, 17),
        "planned_duration_minutes": None,
        "deadline": None,
        "actual_start": None,
        "actual_finish": None,
        "derived_done_share": None,
        "planned_start": None,
        "planned_finish": None,
        "constraint_kind": None,
        "constraint_at": None,
        "is_pinned": False,
        "calendar_id": None,
    }
    return cast(TaskRecord, SimpleNamespace(**usual | given))


def link(before: int | None, kind: str = "FS", lag: int = 0, **given: Any) -> LinkRecord:
    usual = {"kind": kind, "lag_minutes": lag, "lag_basis": "working", "task_id": before, "state": "not_started"}
    usual |= {"start": None, "finish": None}
    return cast(LinkRecord, SimpleNamespace(**usual | given))


def path_of(tasks: Sequence[TaskRecord], links: Mapping[int, Sequence[LinkRecord]]) -> CriticalPath:
    return CriticalPath(network_of(tasks, links, DAY, CALENDAR).network)


def test_links_of_a_summary_hold_for_all_below_it() -> None:
    tasks = [task(1), task(2, is_leaf=False), task(3, parent_id=2), task(4, parent_id=2), task(5)]
    path = path_of(tasks, {2: [link(1)], 5: [link(2)]})

    assert path.early(3).start == path.early(4).start == at(4)
    assert path.early(5).start == at(6)


def test_nothing_starts_before_its_planned_start_or_before_the_day() -> None:
    overdue = task(1, start=datetime(2026, 2, 2, 9), finish=datetime(2026, 2, 3, 17))
    path = path_of([overdue, task(2, start=at(9), finish=at(9, 17))], {2: [link(1)]})

    assert path.early(1).start == at(2)
    assert path.early(2).start == at(9)


def test_of_what_is_under_way_the_share_not_done_is_left() -> None:
    begun = task(1, state="in_progress", start=datetime(2026, 2, 23, 9), finish=at(6, 17), derived_done_share=0.5)
    unrated = task(2, state="in_progress", start=datetime(2026, 2, 27, 9), finish=datetime(2026, 2, 27, 17))
    path = path_of([begun, unrated], {})

    assert path.early(1).finish == at(6, 17)  # half of ten days from Monday on
    assert path.early(2).finish == at(2, 17)


def test_a_task_of_another_project_keeps_its_dates_and_a_hidden_one_too() -> None:
    known, hidden = link(99, start=at(2), finish=at(4, 17)), link(None, start=at(2), finish=at(5, 17))
    path = path_of([task(1), task(2)], {1: [known], 2: [hidden]})

    assert (path.early(1).start, path.early(2).start) == (at(5), at(6))


def test_what_runs_alongside_is_left_out_unless_it_is_all_there_is() -> None:
    support, work = task(1, finish=at(31, 17)), task(2)
    end = task(3, is_milestone=True)
    plan = network_of([support, work, end], {1: [link(2, "SS")], 3: [link(2)]}, DAY, CALENDAR)

    assert [each.key for each in plan.alongside] == ["T-1"]
    assert set(plan.tasks) == {2, 3}
    assert network_of([task(1), task(2)], {}, DAY, CALENDAR).alongside == []


def test_work_of_unknown_length_is_told() -> None:
    unknown = task(1, start=None, finish=None)
    plan = network_of([unknown, task(2)], {2: [link(1)]}, DAY, CALENDAR)

    assert [each.key for each in plan.without_length] == ["T-1"]


def test_cancelled_work_is_no_part_of_it_and_done_work_has_its_dates() -> None:
    done = task(1, state="done", is_open=False, actual_start=datetime(2026, 2, 2, 9), actual_finish=at(3, 17))
    path = path_of([done, task(2), task(3, state="cancelled", is_open=False)], {2: [link(1)]})

    assert path.early(1).finish == at(3, 17)
    assert path.early(2).start == at(4)


def test_a_constraint_goes_before_the_planned_start_and_pinned_dates_before_both() -> None:
    bound = task(1, constraint_kind="start_no_earlier_than", constraint_at=at(5))
    pinned = task(2, is_pinned=True, planned_start=at(4), planned_finish=at(4, 17))
    path = path_of([bound, pinned], {2: [link(1)]})

    assert path.early(1).start == at(5)
    assert (path.early(2).start, path.early(2).finish) == (at(4), at(4, 17))


def test_a_task_may_keep_a_calendar_of_its_own_and_a_lag_run_around_the_clock() -> None:
    weekend = WorkingCalendar.of_minutes((0, 0, 0, 0, 0, 480, 480))
    tasks = [task(1, planned_duration_minutes=480, calendar_id=7), task(2, start=None)]
    links = {2: [link(1, lag=2 * 1440, lag_basis="elapsed")]}
    path = CriticalPath(network_of(tasks, links, DAY, CALENDAR, {7: weekend}).network)

    assert path.early(1).start == at(7)
    assert path.early(2).start == at(10)  # two days behind Saturday evening is Monday evening


def test_as_planned_only_durations_links_and_constraints_count() -> None:
    tasks = [
        task(1, planned_duration_minutes=960, state="in_progress", actual_start=at(2), derived_done_share=0.5),
        task(2, planned_duration_minutes=480, start=at(20)),
        task(3, planned_duration_minutes=480, constraint_kind="finish_no_later_than", constraint_at=at(31)),
    ]
    links = {2: [link(1), link(None, start=at(1), finish=at(30))]}
    path = CriticalPath(network_as_planned(tasks, links, at(9), CALENDAR, {}).network)

    assert (path.early(1).start, path.early(2).start, path.early(3).start) == (at(9), at(11), at(9))
    assert path.finish == at(11, 17)

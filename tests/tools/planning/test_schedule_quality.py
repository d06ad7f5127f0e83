"""The fourteen points, each against a schedule made to pass or fail just it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tools.planning.calendar import WorkingCalendar
from tools.planning.network import LinkKind
from tools.planning.schedule_quality import Check, CheckedLink, CheckedSchedule, CheckedTask, Point, check

TODAY, CALENDAR = date(2026, 3, 2), WorkingCalendar()
GOOD = CheckedTask(
    "T",
    is_open=True,
    has_before=True,
    has_behind=True,
    float_days=3,
    duration_days=5,
    has_owner=True,
    finish=date(2026, 3, 9),
    baseline_finish=date(2026, 3, 9),
)
LINKS = [CheckedLink(LinkKind.FINISH_TO_START, 0)] * 20


def checked(*tasks: CheckedTask, links: list[CheckedLink] = LINKS, **given: Any) -> dict[Point, Check]:
    """Twenty good tasks, the last of which ends the project, and these."""
    usual = [replace(GOOD, key=f"T{number}") for number in range(19)] + [replace(GOOD, key="END", has_behind=False)]
    done = replace(GOOD, key="DONE", is_open=False, baseline_finish=date(2026, 2, 2), actual_finish=date(2026, 2, 2))
    schedule = {"finish": date(2026, 3, 30), "baseline_finish": date(2026, 3, 30), "moves": True} | given
    points = check(CheckedSchedule([*usual, done, *tasks], links, TODAY, **schedule), CALENDAR)
    return {each.point: each for each in points}


def test_a_good_schedule_passes_all_fourteen() -> None:
    points = checked()

    assert list(points) == list(Point)
    assert [point for point, each in points.items() if not each.passed] == []


@pytest.mark.parametrize(
    ("point", "wrong"),
    [
        (Point.LOGIC, {"has_behind": False}),
        (Point.LOGIC, {"has_before": False}),
        (Point.HARD_CONSTRAINTS, {"is_hard": True}),
        (Point.HIGH_FLOAT, {"float_days": 45}),
        (Point.NEGATIVE_FLOAT, {"float_days": -1}),
        (Point.HIGH_DURATION, {"duration_days": 45}),
        (Point.INVALID_DATES, {"actual_start": date(2026, 3, 3)}),
        (Point.INVALID_DATES, {"finish": date(2026, 2, 27)}),
        (Point.RESOURCES, {"has_owner": False}),
        (Point.MISSED, {"baseline_finish": date(2026, 2, 20)}),
        (Point.BASELINE_INDEX, {"baseline_finish": date(2026, 2, 20)}),
    ],
)
def test_what_is_wrong_fails_its_point_and_is_named(point: Point, wrong: dict[str, Any]) -> None:
    bad = [replace(GOOD, key=f"BAD{number}", **wrong) for number in range(2)]
    found = checked(*bad)[point]

    assert found.passed is False
    if point is not Point.BASELINE_INDEX:
        assert set(found.keys) >= {"BAD0", "BAD1"}


@pytest.mark.parametrize(
    ("point", "link"),
    [
        (Point.LEADS, CheckedLink(LinkKind.FINISH_TO_START, -480)),
        (Point.LAGS, CheckedLink(LinkKind.FINISH_TO_START, 480)),
        (Point.LINK_KINDS, CheckedLink(LinkKind.START_TO_START, 0)),
    ],
)
def test_links_fail_by_their_share(point: Point, link: CheckedLink) -> None:
    assert checked(links=LINKS)[point].passed
    assert checked(links=[*LINKS, *[link] * 3])[point].passed is False


def test_the_path_and_its_length_are_checked() -> None:
    late = checked(finish=date(2026, 4, 13), moves=False)

    assert late[Point.PATH_TEST].passed is False
    assert late[Point.PATH_INDEX].value == pytest.approx((30 - 10) / 30)
    assert late[Point.PATH_INDEX].passed is False


def test_what_nothing_is_known_of_is_not_checked() -> None:
    unknown = [replace(GOOD, has_owner=None, float_days=None, duration_days=None, baseline_finish=None)]
    points = check(CheckedSchedule(unknown, [], TODAY, date(2026, 3, 30)), CALENDAR)

    cannot = {each.point for each in points if each.passed is None}
    assert cannot == {
        *(Point.LEADS, Point.LAGS, Point.LINK_KINDS, Point.HIGH_FLOAT, Point.NEGATIVE_FLOAT, Point.HIGH_DURATION),
        *(Point.RESOURCES, Point.MISSED, Point.PATH_TEST, Point.PATH_INDEX, Point.BASELINE_INDEX),
    }

"""Stories about the critical path, held against a solver that knows no order and one calendar only."""

import csv
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.planning.plans import DAY, MONDAY
from tools.planning.calendar import WorkingCalendar
from tools.planning.critical_path import CriticalPath, LinksFormACircle
from tools.planning.model import Window
from tools.planning.network import AROUND_THE_CLOCK, Activity, Constraint, ConstraintKind, Link, LinkKind, Network

ORACLE = Path(__file__).parents[4] / "shared" / "data" / "calendar-oracle"
FS, SS, FF, SF = LinkKind
NINE = MONDAY.replace(hour=9)


def schedule(*activities: Activity, links: tuple[Link, ...] = (), **given: Any) -> CriticalPath:
    return CriticalPath(Network(activities, links, NINE, **given))


def days(count: float) -> int:
    return round(count * DAY)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour)


def test_the_longest_chain_is_critical_and_the_rest_has_float() -> None:
    path = schedule(
        *(Activity(number, days(length)) for number, length in enumerate((2, 5, 1, 3), 1)),
        links=(Link(1, 2), Link(1, 3), Link(2, 4), Link(3, 4)),
    )

    assert path.finish == at(13, 17)
    assert path.driving_path() == [1, 2, 4]
    assert [path.is_critical(each) for each in (1, 2, 3, 4)] == [True, True, False, True]
    assert (path.total_float(3), path.free_float(3)) == (days(4), days(4))
    assert path.is_near_critical(3, days(5))
    assert not path.is_near_critical(3, days(3))


@pytest.mark.parametrize(
    ("kind", "lag", "start"),
    [
        (FS, 0, at(4, 9)),
        (FS, days(1), at(5, 9)),
        (FS, -days(1), at(3, 9)),
        (SS, days(0.5), at(2, 13)),
        (FF, days(2), at(3, 9)),  # two days behind the end on Tuesday, three days long
        (SF, days(4), at(3, 9)),
    ],
)
def test_each_kind_of_link_holds_its_successor(kind: LinkKind, lag: int, start: datetime) -> None:
    path = schedule(Activity(1, days(2)), Activity(2, days(3)), links=(Link(1, 2, kind, lag),))

    assert path.early(2).start == start


def test_a_lag_may_run_around_the_clock() -> None:
    path = schedule(Activity(1, days(5)), Activity(2, DAY), links=(Link(1, 2, FS, 48 * 60, elapsed=True),))

    assert path.early(2).start == at(9, 9)  # from Friday evening over the weekend


def test_an_activity_may_keep_hours_of_its_own() -> None:
    dries = Activity(2, 72 * 60, calendar=AROUND_THE_CLOCK)
    path = schedule(Activity(1, days(5)), dries, Activity(3, DAY), links=(Link(1, 2), Link(2, 3)))

    assert path.early(2) == Window(at(6, 17), at(9, 17))
    assert path.early(3).start == at(10, 9)
    assert path.late(2).finish == at(10, 9)
    assert path.total_float(2) == 16 * 60  # of the clock: until the morning in which it is needed


@pytest.mark.parametrize(
    ("kind", "day", "start"),
    [
        (ConstraintKind.START_NO_EARLIER, at(11, 9), at(11, 9)),
        (ConstraintKind.FINISH_NO_EARLIER, at(11, 17), at(10, 9)),
        (ConstraintKind.MUST_START_ON, at(3, 9), at(3, 9)),
        (ConstraintKind.MUST_FINISH_ON, at(3, 17), at(2, 9)),
        (ConstraintKind.START_NO_LATER, at(3, 9), at(4, 9)),
        (ConstraintKind.FINISH_NO_LATER, at(3, 17), at(4, 9)),
    ],
)
def test_each_kind_of_constraint_binds_what_it_says(kind: ConstraintKind, day: datetime, start: datetime) -> None:
    bound = Activity(2, days(2), constraint=Constraint(kind, day))
    path = schedule(Activity(1, days(2)), bound, links=(Link(1, 2),))

    assert path.early(2).start == start
    assert (path.total_float(2) < 0) == ("no_later" in kind)


def test_a_deadline_that_is_missed_shows_as_float_below_zero() -> None:
    path = schedule(Activity(1, days(5), deadline=at(4, 17)), Activity(2, days(9)))

    assert path.total_float(1) == -days(2)
    assert path.is_critical(1)
    assert path.early(1).finish == at(6, 17)


def test_what_is_pinned_stays_and_has_the_float_its_links_leave() -> None:
    pinned = Activity(2, DAY, pinned=Window(at(9, 9), at(9, 17)))
    path = schedule(Activity(1, days(2)), pinned, links=(Link(1, 2),))

    assert path.early(2) == Window(at(9, 9), at(9, 17))
    assert path.total_float(1) == days(3)
    assert path.drivers(2) == []


def test_work_left_is_done_from_the_data_date_on() -> None:
    done = Activity(1, days(2), actual=Window(at(2, 9), at(4, 17)))
    begun = Activity(2, days(5), actual=Window(at(5, 9)), remaining_minutes=days(4))
    path = schedule(done, begun, Activity(3, DAY), links=(Link(1, 2), Link(2, 3)), data_date=at(9, 9))

    assert path.early(1) == Window(at(2, 9), at(4, 17))
    assert path.early(2) == Window(at(5, 9), at(12, 17))
    assert path.early(3).start == at(13, 9)
    assert not path.is_critical(1)
    assert path.is_critical(2)


def test_a_circle_is_named() -> None:
    links = (Link(1, 2), Link(2, 3), Link(3, 4), Link(4, 2), Link(4, 5))
    with pytest.raises(LinksFormACircle, match="3 tasks wait for one another") as raised:
        schedule(*(Activity(number, DAY) for number in range(1, 6)), links=links)

    assert sorted(raised.value.ids) == [2, 3, 4]


def test_a_link_has_two_ends_in_the_network() -> None:
    with pytest.raises(ValueError, match="two ends"):
        schedule(Activity(1, DAY), links=(Link(1, 2),))


def test_nothing_has_no_end() -> None:
    path = schedule()

    assert path.finish is None
    assert path.driving_path() == []


@pytest.mark.parametrize("given", [{"duration_minutes": -1}, {"duration_minutes": 1, "pinned": Window()}])
def test_what_no_activity_can_be_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"last|pinned"):
        Activity(1, **given)


def test_dates_beyond_the_calendar_overflow() -> None:
    with pytest.raises(OverflowError):
        schedule(Activity(1, 10**12))


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[int], list[Link]]:
    """Durations, and links that point from lower to higher numbers."""
    lengths = draw(st.lists(st.integers(0, 9), min_size=1, max_size=12))
    pairs = [(first, second) for second in range(len(lengths)) for first in range(second)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=20, unique=True)) if pairs else []
    return lengths, [
        Link(first, second, draw(st.sampled_from(LinkKind)), draw(st.integers(-3, 5))) for first, second in chosen
    ]


@given(networks())
def test_dates_are_those_that_pushing_until_nothing_moves_gives(network: tuple[list[int], list[Link]]) -> None:
    lengths, links = network
    activities = [Activity(number, length, calendar=AROUND_THE_CLOCK) for number, length in enumerate(lengths)]
    path = CriticalPath(Network(activities, links, NINE, AROUND_THE_CLOCK))
    early, late = _pushed(lengths, links)

    for number, length in enumerate(lengths):
        assert path.early(number).start == NINE + timedelta(minutes=early[number])
        assert path.late(number).finish == NINE + timedelta(minutes=late[number] + length)
        assert path.total_float(number) == late[number] - early[number]


def _pushed(lengths: list[int], links: list[Link]) -> tuple[list[int], list[int]]:
    """Early and late starts, by moving whatever breaks a link until none is broken."""
    held = {link.successor for link in links}
    early = [-100 if number in held else 0 for number in range(len(lengths))]
    for _ in lengths:
        for link in links:
            early[link.successor] = max(early[link.successor], _least(link, early[link.predecessor], lengths))
    late = [max(start + length for start, length in zip(early, lengths, strict=True)) - length for length in lengths]
    for _ in lengths:
        for link in links:
            shift = _gap(link, lengths)
            late[link.predecessor] = min(late[link.predecessor], late[link.successor] - shift)
    return early, late


def _gap(link: Link, lengths: list[int]) -> int:
    """By how much the successor's start lies behind the predecessor's."""
    begins = {FS: lengths[link.predecessor], SS: 0, FF: lengths[link.predecessor], SF: 0}[link.kind]
    ends = {FS: 0, SS: 0, FF: lengths[link.successor], SF: lengths[link.successor]}[link.kind]
    return begins + link.lag_minutes - ends


def _least(link: Link, start: int, lengths: list[int]) -> int:
    least = start + _gap(link, lengths)
    return max(0, least) if link.kind is FF else least


@pytest.mark.parametrize("number", [1, 2, 5, 6])
def test_the_dates_are_those_of_another_scheduler(number: int) -> None:
    if not ORACLE.is_dir():
        pytest.skip(f"{ORACLE} is not there")
    network, outline = _network(ORACLE / f"network-{number}.xml")
    path = CriticalPath(network)
    rows = list(csv.DictReader((ORACLE / f"network-{number}.csv").open()))
    own_habits = 0
    for row in rows:
        below = [each.id for each in network.activities if outline[each.id].startswith(f"{outline[int(row['uid'])]}.")]
        found = path.span(below or [int(row["uid"])])
        assert (_shown(found.late.start), _shown(found.late.finish)) == (row["late_start"], row["late_finish"])
        assert found.total_float / 60 == float(row["total_slack_hours"])
        is_equal = (_shown(found.early.start), _shown(found.early.finish)) == (row["early_start"], row["early_finish"])
        own_habits += not is_equal
        assert (
            is_equal or network.activities[[each.id for each in network.activities].index(int(row["uid"]))].constraint
        )

    assert own_habits <= 0.04 * len(rows)  # its constraints on days off, and its finishes without a duration


def _network(path: Path) -> tuple[Network, dict[int, str]]:
    """A network of the oracle's files, with the outline number of each of its tasks."""
    root = ElementTree.parse(path).getroot()  # our own file
    space = {"": root.tag[1:].partition("}")[0]}
    week: list[tuple[tuple[int, int], ...]] = [()] * 7
    exceptions = {}
    for day in root.iterfind(".//WeekDay", space):
        shifts = tuple(
            (_minute(each.findtext("FromTime", "", space)), _minute(each.findtext("ToTime", "", space)))
            for each in day.iterfind(".//WorkingTime", space)
        )
        if weekday := int(day.findtext("DayType", "0", space)):
            week[(weekday - 2) % 7] = shifts
        else:
            first, last = (datetime.fromisoformat(day.findtext(f".//{end}Date", "", space)) for end in ("From", "To"))
            exceptions |= {(first + timedelta(step)).date(): shifts for step in range((last - first).days + 1)}
    outline, activities, links = {}, [], []
    for task in root.iterfind(".//Task", space):
        number, constraint = int(task.findtext("UID", "", space)), int(task.findtext("ConstraintType", "0", space))
        outline[number] = task.findtext("OutlineNumber", "", space)
        if task.findtext("Summary", "", space) == "1":
            continue
        hours, minutes = re.findall(r"\d+", task.findtext("Duration", "", space))[:2]
        kind = {4: ConstraintKind.START_NO_EARLIER, 6: ConstraintKind.FINISH_NO_EARLIER}.get(constraint)
        day = task.findtext("ConstraintDate", "", space)
        bound = Constraint(kind, datetime.fromisoformat(day)) if kind else None
        activities.append(Activity(number, int(hours) * 60 + int(minutes), constraint=bound))
        links += [
            Link(
                int(each.findtext("PredecessorUID", "", space)),
                number,
                (FF, FS, SF, SS)[int(each.findtext("Type", "", space))],
                int(each.findtext("LinkLag", "", space)) // 10,
            )
            for each in task.iterfind("PredecessorLink", space)
        ]
    start = datetime.fromisoformat(root.findtext("StartDate", "", space))
    return Network(activities, links, start, WorkingCalendar(tuple(week), exceptions)), outline


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:5])


def _shown(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}" if moment else ""

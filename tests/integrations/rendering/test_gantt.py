"""Where everything of a Gantt chart lies, whatever the plan; and that its picture does nothing."""

import itertools
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.rendering.drawing import draw_gantt, draw_load
from integrations.rendering.gantt import LABELS, LETTER, MOST_ROWS, ROW, Gantt, Item, Shape, lay_out
from integrations.rendering.load_chart import Week, lay_out_load

TODAY = date(2026, 3, 2)
NAUGHTY = Path(__file__).parents[4] / "shared" / "data" / "attacks" / "naughty_strings.json"
HOSTILE = "<script>alert(1)</script>\" onload='x' ]]> &amp; \u202e\x00\x1b[31m"


def item(label: str = "Work", first: int = 0, last: int = 4, **given: object) -> Item:
    start = datetime(2026, 3, 2, 9) + timedelta(days=first)
    return Item(label, start=start, finish=datetime(2026, 3, 2, 17) + timedelta(days=last), **given)


@st.composite
def items(draw: st.DrawFn) -> Item:
    if draw(st.integers(0, 9)) == 0:
        return Item(draw(st.text(max_size=60)), depth=draw(st.integers(0, 9)))
    begin = draw(st.integers(-3000, 3000))
    length = draw(st.integers(0, 400))
    slipped = draw(st.integers(-50, 50))
    dates = {"baseline_finish": datetime(2026, 3, 2) + timedelta(days=begin + length + slipped)} if slipped else {}
    return item(
        draw(st.text(max_size=60)),
        begin,
        begin + length,
        depth=draw(st.integers(0, 9)),
        shape=draw(st.sampled_from(Shape)),
        done_share=draw(st.none() | st.floats(0, 1)),
        is_critical=draw(st.booleans()),
        deadline=draw(st.none() | st.just(TODAY)),
        **dates,
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(items(), min_size=1, max_size=40), st.data())
def test_bars_lie_in_the_plot_and_links_join_them(plan: list[Item], data: st.DataObject) -> None:
    number = st.integers(0, len(plan) - 1)
    links = data.draw(st.lists(st.tuples(number, number, st.sampled_from(("FS", "SS", "FF", "SF"))), max_size=10))
    chart = lay_out(plan, links, TODAY)
    if chart is None:
        assert all(each.start is each.finish is each.baseline_finish is None for each in plan)
        return
    boxes = {row.number: row.box for row in chart.rows if row.box}
    assert [row.y for row in chart.rows] == [chart.plot.y + place * ROW for place in range(len(chart.rows))]
    for row in chart.rows:
        assert len(row.label) * LETTER <= LABELS - row.label_x + LETTER
        for box in (row.box, row.done, row.ghost):
            if box is not None:
                assert box.width >= 0
                assert row.y <= box.y
                assert box.y + box.height <= row.y + ROW
                assert LABELS - 8 <= box.x <= box.right <= LABELS + chart.plot.width + 10
    drawn = [link for link in links if link[0] in boxes and link[1] in boxes]
    assert len(chart.links) == len(drawn)
    for (before, after, kind), points in zip(drawn, chart.links, strict=True):
        ends = (boxes[before].right if kind[0] == "F" else boxes[before].x, boxes[before].middle)
        into = (boxes[after].x if kind[1] == "S" else boxes[after].right, boxes[after].middle)
        assert points[0] == pytest.approx(ends, abs=0.06)
        assert points[-1] == pytest.approx(into, abs=0.06)
        assert all(x == other_x or y == other_y for (x, y), (other_x, other_y) in itertools.pairwise(points))
    for marks in (chart.months, chart.ticks):
        assert all(after.x - mark.x >= 20 for mark, after in itertools.pairwise(marks))


def test_a_bar_runs_to_the_end_of_its_last_day_and_today_is_marked() -> None:
    chart = lay_out([item(last=4), item(first=5, last=5, shape=Shape.MILESTONE)], [], TODAY)

    assert chart is not None
    work, milestone = (row.box for row in chart.rows)
    assert work and milestone and chart.today_x is not None
    day = work.width / (5 - 9 / 24)
    assert milestone.x + 7 - work.right == pytest.approx(day, abs=0.2)
    assert chart.today_x < work.x < work.right < milestone.right


def test_a_plan_long_gone_has_no_today() -> None:
    chart = lay_out([item()], [], TODAY + timedelta(days=400))

    assert chart is not None and chart.today_x is None


def test_of_a_huge_plan_the_upper_levels_and_what_presses_are_drawn() -> None:
    plan = [item(f"Phase {number}", depth=0, shape=Shape.SUMMARY) for number in range(20)]
    plan += [item(f"Task {number}", depth=1, is_late=number == 7) for number in range(2000)]
    chart = lay_out(plan, [(20, 21, "FS")], TODAY)

    assert isinstance(chart, Gantt)
    assert len(chart.rows) <= MOST_ROWS
    assert {row.item.label for row in chart.rows} >= {"Phase 0", "Phase 19", "Task 7"}
    assert (chart.left_out, chart.pressing_left_out) == (2020 - len(chart.rows), 0)


def test_what_presses_comes_first_and_what_of_it_has_no_room_is_counted() -> None:
    plan = [item(f"Task {number}", is_late=number % 4 == 0) for number in range(1000)]
    chart = lay_out(plan, [], TODAY)

    assert chart is not None
    assert all(row.item.is_late for row in chart.rows)
    assert chart.pressing_left_out == 250 - MOST_ROWS


def test_a_deadline_beyond_all_dates_has_its_place() -> None:
    chart = lay_out([item(deadline=TODAY + timedelta(days=300))], [], TODAY)

    assert chart is not None and chart.rows[0].box
    deadline, box = chart.rows[0].deadline_x, chart.rows[0].box
    assert deadline is not None
    assert deadline - box.x > 40 * box.width


def test_without_dates_there_is_nothing_to_draw() -> None:
    assert lay_out([Item("Someday")], [], TODAY) is None
    assert lay_out([], [], TODAY) is None
    assert lay_out_load([], [TODAY]) is None


@pytest.mark.parametrize("source", ["own", "naughty strings"])
def test_whatever_is_written_in_a_plan_its_picture_does_nothing(source: str) -> None:
    if source != "own" and not NAUGHTY.is_file():
        pytest.skip(f"{NAUGHTY} is not there")
    words = [HOSTILE] if source == "own" else json.loads(NAUGHTY.read_text("utf-8"))
    chart = lay_out(
        [item(each, note=each) for each in words[:MOST_ROWS]], [(0, 1, "FS")] if len(words) > 1 else [], TODAY
    )
    assert chart is not None
    loads = lay_out_load([(each, [Week(40, 55, 8)]) for each in words], [TODAY])
    assert loads is not None
    for picture in (draw_gantt(chart, words[0], words[-1]), draw_load(loads, words[0], words[-1])):
        root = ElementTree.fromstring(picture)  # our own, and well-formed whatever it was made of
        assert {each.tag.partition("}")[2] for each in root.iter()} <= {
            *("svg", "title", "desc", "rect", "text", "path", "polyline", "g", "defs", "pattern"),
        }
        names = {name for each in root.iter() for name in each.attrib}
        assert not [name for name in names if name.startswith("on") or "href" in name or name == "style"]


def test_too_much_is_said_in_figures_and_in_words() -> None:
    chart = lay_out_load([("Dana", [Week(40, 55), Week(0, 8), Week(40, 20, 40), Week(0, 0)])], [TODAY] * 4)

    assert chart is not None
    over, away, perhaps, nothing = chart.rows[0].cells
    assert (over.words, over.is_over, away.words) == ("138%", True, "away")
    assert perhaps.firm and perhaps.tentative and not perhaps.is_over
    assert perhaps.tentative.y < perhaps.firm.y == perhaps.tentative.y + perhaps.tentative.height
    assert nothing.firm is nothing.tentative is None

"""The comparison with another scheduler: on its own files, and on what cannot be compared."""

from pathlib import Path

import pytest

from evals.benchmarks import NotMeasurable
from evals.benchmarks.critical_path import NEEDED, measure

ORACLE = Path(__file__).parents[4] / "shared" / "data" / "calendar-oracle"
PLAN = """<Project><Title>Two</Title><StartDate>2026-03-02T09:00:00</StartDate><Tasks>
<Task><UID>1</UID><Name>One</Name><OutlineLevel>1</OutlineLevel><Duration>PT8H0M0S</Duration></Task>
<Task><UID>2</UID><Name>Two</Name><OutlineLevel>1</OutlineLevel><Duration>PT4H0M0S</Duration>{link}</Task>
</Tasks></Project>"""
LINK = "<PredecessorLink><PredecessorUID>{}</PredecessorUID><Type>1</Type></PredecessorLink>"
FIRST = "1,2026-03-02T09:00,2026-03-02T17:00,2026-03-02T09:00,2026-03-02T17:00,0.0"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xml"
    path.write_text(PLAN.format(link=LINK.format(1)))
    return path


def expected(plan: Path, *lines: str) -> Path:
    path = plan.with_name("expected.csv")
    path.write_text("\n".join([",".join(NEEDED), *lines]))
    return path


def test_what_agrees_and_what_does_not_is_counted_by_itself(plan: Path) -> None:
    second = "2,2026-03-03T09:00,2026-03-03T14:00,2026-03-03T09:00,2026-03-03T13:00,1.0"
    summary = measure(plan, expected(plan, FIRST, second, "9,,,,,")).summary

    assert {name: summary[name] for name in ("tasks", "early_equal", "late_equal", "slack_equal")} == {
        "tasks": 3,
        "early_equal": 1 / 3,
        "late_equal": 2 / 3,
        "slack_equal": 1 / 3,
    }


@pytest.mark.parametrize("number", [1, 2, 5, 6])
def test_a_plan_as_imported_gives_the_dates_of_another_scheduler(number: int) -> None:
    if not ORACLE.is_dir():
        pytest.skip(f"{ORACLE} is not there")
    summary = measure(ORACLE / f"network-{number}.xml", ORACLE / f"network-{number}.csv").summary

    assert (summary["late_equal"], summary["slack_equal"]) == (1, 1)
    assert summary["early_equal"] >= 0.96  # that scheduler's two habits: data/README.md names them


def test_what_cannot_be_compared_is_said_in_a_sentence(plan: Path) -> None:
    with pytest.raises(NotMeasurable, match=r"nowhere\.csv cannot be read: No such file"):
        measure(plan, plan.with_name("nowhere.csv"))
    with pytest.raises(NotMeasurable, match="has no rows"):
        measure(plan, expected(plan))
    plan.with_name("expected.csv").write_text("uid\n1")
    with pytest.raises(NotMeasurable, match="lacks the columns early_start, early_finish"):
        measure(plan, plan.with_name("expected.csv"))
    plan.write_text("<plan/>")
    with pytest.raises(NotMeasurable, match="no MS Project plan"):
        measure(plan, expected(plan, FIRST))

"""A plan line by line, as different people may see it."""

import pytest

from storage.records import NotFound
from tools.timeline import read_timeline


def test_lines_come_as_an_outline_with_dates_baselines_and_slack(firm):
    plan = read_timeline(firm.context("lena"), "GATE")
    lines = {line.key: line for line in plan.lines}

    assert plan.lines[0].is_summary
    assert plan.lines[1].depth == 1
    late, path = lines["GATE-31"], [line for line in plan.lines if line.is_critical]
    assert late.is_late
    assert (late.owner, late.baseline_finish is not None) == ("Ines Duarte", True)
    assert path and all(line.slack_days <= 0 and not line.is_summary for line in path)
    assert all(line.slack_days is None for line in plan.lines if line.state == "done")


def test_links_join_lines_by_their_numbers(firm):
    plan = read_timeline(firm.context("lena"), "GATE")

    assert plan.links
    assert all(0 <= before < len(plan.lines) and 0 <= after < len(plan.lines) for before, after, _ in plan.links)


def test_owners_are_for_the_team(firm):
    seen = read_timeline(firm.context("ewa"), "GATE").lines
    assert {line.owner for line in seen} == {None}


def test_hidden_and_missing_projects_are_not_found_alike(firm):
    for key in ("PENS", "NOPE"):
        with pytest.raises(NotFound):
            read_timeline(firm.context("tomas"), key)


def test_a_plan_without_links_says_why_nothing_is_critical(firm):
    plan = read_timeline(firm.context("ruth"), "HUBGW")

    assert bool(plan.unlinked) is not bool(plan.links)

"""Stories about the work breakdown structure."""

import pytest

from tests.tools.planning.plans import plan, task
from tools.planning.model import PlanHasCycle
from tools.planning.outline import outline


def test_summaries_come_deepest_first_so_that_figures_can_roll_up():
    tree = outline(plan(task(1), task(2, parent_id=1), task(3, parent_id=2), task(4, parent_id=1)))

    assert [leaf.id for leaf in tree.leaves] == [3, 4]
    assert [summary.id for summary in tree.summaries] == [2, 1]


def test_a_task_that_lies_under_itself_is_named_by_its_project():
    with pytest.raises(PlanHasCycle, match="GATE"):
        outline(plan(task(1, parent_id=2), task(2, parent_id=1), task(3)))


def test_a_parent_outside_the_project_is_no_parent():
    assert outline(plan(task(1, parent_id=99))).summaries == []

"""Confirmed changes and imports, in whatever order: the value is its owner's, and no reversal is silent."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.policies import choose
from tests.conftest import MakeStore
from tests.proof.conftest import Runs
from tests.storage.importing.test_reverts import ROWS, World

FINISHES = st.integers(min_value=6, max_value=28).map(lambda day: date(2026, 3, day))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("confirm"), FINISHES),
        st.tuples(st.just("import"), FINISHES),
        st.tuples(st.just("import without"), FINISHES),
        st.tuples(st.just("own"), st.booleans()),
    ),
    min_size=1,
    max_size=8,
)


def test_no_reversal_is_silent(
    new_sqlite_store: MakeStore, tmp_path_factory: pytest.TempPathFactory, runs: Runs
) -> None:
    @settings(max_examples=runs(40, 1_000), deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def in_any_order(steps: list[tuple[str, date | bool]]) -> None:
        folder = tmp_path_factory.mktemp("jira")
        world = World(new_sqlite_store(), folder)
        confirmed, decided = False, False  # whether the value is one that somebody confirmed here
        for step, value in steps:
            before = world.finish("GATE-1")
            if step == "own":
                decided = value
                choose(world.store, "ownership", {"here": ["task.planned_finish"] if value else []})
            elif step == "confirm":
                if value != before:
                    world.move("GATE-1", value)
                    confirmed = True
            else:
                row = f"GATE-1,GATE,Keys,2026-03-02,{value}"
                report = world.load({"GATE-2": ROWS["GATE-2"]} | ({"GATE-1": row} if step == "import" else {}))
                after = world.finish("GATE-1")
                expected = before if step == "import without" or decided else value
                assert after == expected
                said = [notice.sentence for notice in report.warnings if notice.column == "planned_finish"]
                differs = step == "import" and value != before
                assert len(said) == int(differs and (confirmed or decided))
                assert all(str(value) in sentence for sentence in said)
                if confirmed and after != before:
                    assert str(before) in said[0]
                    confirmed = False
        world.store.close()

    in_any_order()

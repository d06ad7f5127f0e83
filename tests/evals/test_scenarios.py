"""Every scenario, asked and scored; the worlds are built once for each worker."""

from pathlib import Path

import pytest

from evals.run import ask, run
from evals.scenario import Scenario, Suite, load_suites
from evals.worlds import World, build

CASES = [(suite.world, scenario) for suite in load_suites() for scenario in suite.scenarios]


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, World]:
    folder: Path = tmp_path_factory.mktemp("worlds")
    return {name: build(name, folder) for name in {name for name, _ in CASES}}


@pytest.mark.parametrize(("world", "scenario"), CASES, ids=[f"{name}: {case.name}" for name, case in CASES])
def test_scenario(worlds: dict[str, World], world: str, scenario: Scenario):
    outcome = ask(worlds[world], world, scenario)

    assert outcome.complaints == (), f"asked {scenario.ask!r}, answered {outcome.answer['text']!r}"


def test_suites_of_one_world_share_it(tmp_path: Path):
    one = [Suite(world=suite.world, scenarios=suite.scenarios[:1]) for suite in load_suites()]

    outcomes = run(one, tmp_path)

    assert len(outcomes) == len(one) > len({suite.world for suite in one})


def test_there_are_scenarios_on_both_worlds():
    assert len(CASES) >= 30
    assert {name for name, _ in CASES} == {"quillmere", "hhs-it-portfolio"}


def test_names_are_unique_so_that_threads_are_too():
    names = [(world, case.name) for world, case in CASES]

    assert len(names) == len(set(names))

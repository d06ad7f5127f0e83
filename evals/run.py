"""Asks every scenario and scores the answers; what `pilothouse eval` and the test run print."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from assistant.agent import Assistant
from assistant.answer import Question
from evals.oracles import find_oracle
from evals.scenario import Scenario, Suite, Turn, load_suites
from evals.scorers import complaints
from evals.worlds import World, build
from storage.access import Reader


@dataclass(frozen=True)
class Outcome:
    """One scenario, the answer to its last message, and what is wrong with any that is scored."""

    world: str
    scenario: Scenario
    answer: dict[str, Any]
    complaints: tuple[str, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.complaints


def run(suites: Iterable[Suite] | None = None, folder: Path | None = None) -> list[Outcome]:
    """Every scenario of these suites (all of them by default), each world built once in `folder`."""
    if folder is None:
        with TemporaryDirectory() as temporary:
            return run(suites, Path(temporary))
    chosen = list(suites or load_suites())
    worlds = {name: build(name, folder) for name in dict.fromkeys(suite.world for suite in chosen)}
    return [ask(worlds[suite.world], suite.world, scenario) for suite in chosen for scenario in suite.scenarios]


def ask(world: World, name: str, scenario: Scenario) -> Outcome:
    """Ask one scenario's messages in a thread of their own and score the answers."""
    assistant = Assistant(world.store)
    reader = Reader(world.person_id(scenario.asker))
    started = perf_counter()
    found: list[str] = []
    answer: dict[str, Any] = {}
    for turn in scenario.turns:
        question = Question(
            text=turn.ask,
            reader=reader,
            today=world.today,
            surface="eval",
            thread=scenario.name,
            as_of=scenario.as_of,
        )
        answer = assistant.ask(question).contract()
        found += [f"{turn.ask!r}: {each}" for each in _complaints(world, scenario, turn, answer)]
    return Outcome(name, scenario, answer, tuple(found), perf_counter() - started)


def _complaints(world: World, scenario: Scenario, turn: Turn, answer: dict[str, Any]) -> Iterable[str]:
    if turn.expect is None:
        return []
    oracle = turn.expect.oracle
    truth = find_oracle(oracle)(world.ground, *turn.expect.of) if oracle else None
    return complaints(answer, turn.expect, truth, " ".join(each.ask for each in scenario.turns))

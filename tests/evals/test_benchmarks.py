"""What must not grow is counted here; how long things take is for the benchmarks."""

import pytest

from assistant.agent import Assistant
from assistant.answer import Question
from evals.benchmarks import NAMES, BenchNotFound, find_bench
from evals.benchmarks.questions import MIX, OVERVIEW, STATUS
from evals.benchmarks.server import count_queries
from evals.worlds import World, grown, project_name
from storage.access import Reader


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    folder = tmp_path_factory.mktemp("grown")
    return grown(folder, 12, tasks_each=20), grown(folder, 60, tasks_each=20)


@pytest.mark.parametrize(
    "words", [STATUS, OVERVIEW, "finances of {program}", "how many open tasks does {project} have?"]
)
def test_queries_do_not_grow_with_the_portfolio(worlds: tuple[World, World], words: str):
    text = words.format(project=project_name(3), program="Program 0")
    few, many = (count_queries(world, text) for world in worlds)

    assert few == many


@pytest.mark.parametrize("words", [STATUS, OVERVIEW])
def test_answers_do_not_grow_with_the_portfolio(worlds: tuple[World, World], words: str):
    few, many = (len(str(answer(world, words.format(project=project_name(3))).contract())) for world in worlds)

    assert many <= few * 1.1


@pytest.mark.parametrize("words", MIX)
def test_every_question_of_the_mix_is_understood(worlds: tuple[World, World], words: str):
    text = words.format(project=project_name(3), program="Program 0")
    expected = "declined" if "weather" in text else "answered"

    assert answer(worlds[1], text).outcome == expected


def test_a_benchmark_that_does_not_exist_names_those_that_do():
    with pytest.raises(BenchNotFound, match="importing"):
        find_bench("wind")


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_can_be_found(name: str):
    assert callable(find_bench(name))


def answer(world: World, text: str):
    question = Question(text=text, reader=Reader(world.person_id(None)), today=world.today)
    return Assistant(world.store).ask(question)

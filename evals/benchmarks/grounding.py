"""What of a model's prose gets past grounding: clean prose of real facts, and the same prose spoilt in every way."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import yaml

from assistant.grounding import Ground, Names
from assistant.narration import put_words
from evals.benchmarks import Report
from evals.benchmarks.spoiling import CLAIMS, LITERAL, REFERENCES, Cast, Spoilt, spoilt
from evals.worlds import BUILDERS, World, build
from storage.access import Reader
from tools.catalog import find_tool
from tools.context import ToolContext
from tools.facts import Fact
from tools.names import NameIndex

PROSE = Path(__file__).parent / "prose.yaml"


@dataclass(frozen=True)
class Case:
    """One fact of a world, the question that asks for it, and clean prose that speaks of it."""

    fact: Fact
    question: str
    cast: Cast
    names: Names
    prose: tuple[str, ...]


def measure() -> Report:
    """The share of spoilt prose that is caught, by the way it was spoilt; of clean prose that is not let pass."""
    with TemporaryDirectory() as folder:
        worlds = {name: build(name, Path(folder)) for name in BUILDERS}
        rows = [row for case in read_cases(worlds) for row in checked(case)]
    return Report("grounding", summary(rows), [row for row in rows if row["caught"] == (row["class"] == "clean")])


def read_cases(worlds: Mapping[str, World]) -> Iterator[Case]:
    """The cases of prose.yaml over these worlds, each fact asked as the world's owner."""
    for written in yaml.safe_load(PROSE.read_text("utf-8")):
        wanted = written["fact"]
        if world := worlds.get(wanted["world"]):
            fact = _asked(world, wanted["tool"], wanted["arguments"])
            with world.store.reading() as session:
                index = NameIndex.of(session)
            yield Case(fact, written["question"], Cast.of(index), Names.of(index), tuple(written["prose"]))


def _asked(world: World, tool: str, arguments: dict[str, Any]) -> Fact:
    context = ToolContext(store=world.store, reader=Reader(world.person_id(None)), today=world.today)
    result = find_tool(tool).call(context, arguments)
    if not isinstance(result, Fact):
        raise LookupError(f"{tool} of {arguments} gave no fact: {result}")
    return put_words(result.model_copy(update={"id": "f1"}), result.as_of)


def checked(case: Case) -> Iterator[dict[str, Any]]:
    """A row for each passage of a case, clean and spoilt."""
    ground = Ground.of([case.fact], case.question, case.names)
    ground.check("Made ready.")  # reads the names and labels, which later checks find ready
    for prose in case.prose:
        for each in (Spoilt("clean", prose), *spoilt(prose, case.fact, case.cast, case.question)):
            started = process_time()
            found = ground.check(each.text)
            spent = (process_time() - started) * 1000
            yield {
                "class": each.kind,
                "text": each.text,
                "caught": bool(found.problems),
                "shown": found.text,
                "problems": list(found.problems),
                "ms": round(spent, 3),
            }


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of all rows."""
    by_class: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_class[row["class"]].append(row)
    clean = by_class.pop("clean")
    cuts = quantiles([row["ms"] for row in rows], n=100)
    return {
        "mutations": sum(map(len, by_class.values())),
        "literal_passed": sum(not row["caught"] for kind in LITERAL for row in by_class[kind]),
        "references_caught": _share([row for kind in REFERENCES for row in by_class[kind]]),
        "claims_caught": _share([row for kind in CLAIMS for row in by_class[kind]]),
        "caught_by_class": {kind: _counted(found) for kind, found in sorted(by_class.items()) if found},
        "clean": len(clean),
        "false_alarms": sum(row["caught"] for row in clean),
        "check_p50_ms": round(cuts[49], 3),
        "check_p99_ms": round(cuts[98], 3),
    }


def _share(rows: list[dict[str, Any]]) -> float:
    return round(sum(bool(row["caught"]) for row in rows) / max(1, len(rows)), 4)


def _counted(rows: list[dict[str, Any]]) -> str:
    return f"{sum(row['caught'] for row in rows)} of {len(rows)}"

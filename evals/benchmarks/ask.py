"""How long a running server takes to answer, over one connection, with the scenarios' kinds of question."""

from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from evals.benchmarks import Report
from evals.benchmarks.questions import MIX
from evals.benchmarks.server import Asking
from evals.worlds import World, grown, project_name, quillmere

ROUNDS = 8
SAMPLE_NAMES = ("Tern Gateway", "Field app", "CRM rollout", "Ledger data")


def measure() -> Report:
    """p50 and p99 of warm answers on the sample, and with 1,000 projects and 200,000 tasks."""
    with TemporaryDirectory() as folder:
        sample = _times(quillmere(Path(folder)), SAMPLE_NAMES, "Tern")
        large = _times(grown(Path(folder), 1000), [project_name(number) for number in (3, 250, 601, 998)], "Program 7")
    summary = {
        **_percentiles(sample, ""),
        **_percentiles(large, "large_"),
    }
    return Report(
        "ask", summary, [{"world": "sample", **row} for row in sample] + [{"world": "large", **row} for row in large]
    )


def _times(world: World, projects: "tuple[str, ...] | list[str]", program: str) -> list[dict[str, Any]]:
    messages = [words.format(project=name, program=program) for name in projects for words in MIX]
    with Asking(world) as server:
        for message in messages:
            server.ask(message)
        return [server.ask(message) for _ in range(ROUNDS) for message in messages]


def _percentiles(rows: list[dict[str, Any]], prefix: str) -> dict[str, Any]:
    cuts = quantiles([row["ms"] for row in rows], n=100)
    return {
        f"{prefix}p50_ms": round(cuts[49], 1),
        f"{prefix}p99_ms": round(cuts[98], 1),
        f"{prefix}questions": len(rows),
    }

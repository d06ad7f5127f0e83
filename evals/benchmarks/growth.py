"""How time, queries and answer size grow from 10 to 1,000 projects: log-log slopes, zero where nothing grows."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from evals.benchmarks import Report
from evals.benchmarks.questions import OVERVIEW, STATUS
from evals.benchmarks.server import Asking, count_queries
from evals.worlds import World, grown, project_name

SIZES = (10, 100, 1000)
ROUNDS = 15
QUESTIONS = {"project_status": STATUS.format(project=project_name(3)), "portfolio_overview": OVERVIEW}


def measure() -> Report:
    """Slopes over the three sizes for the status of one project and for the overview of all."""
    with TemporaryDirectory() as folder:
        rows = [row for size in SIZES for row in _measured(grown(Path(folder), size), size)]
    summary = {
        tool: {
            label: _slope([row[label] for row in rows if row["tool"] == tool]) for label in ("ms", "queries", "bytes")
        }
        for tool in QUESTIONS
    }
    return Report("growth", summary, rows)


def _measured(world: World, size: int) -> list[dict[str, Any]]:
    with Asking(world) as server:
        return [{"projects": size, "tool": tool, **_one(world, server, message)} for tool, message in QUESTIONS.items()]


def _one(world: World, server: Asking, message: str) -> dict[str, Any]:
    for _ in range(3):
        server.ask(message)
    runs = [server.ask(message) for _ in range(ROUNDS)]
    return {
        "ms": median(run["ms"] for run in runs),
        "bytes": runs[0]["bytes"],
        "queries": count_queries(world, message),
    }


def _slope(values: list[float]) -> float:
    slope, _ = np.polyfit(np.log(SIZES), np.log(values), 1)
    return round(float(slope), 3)

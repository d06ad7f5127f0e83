"""How long `pilothouse ask` takes from a cold shell: a process of its own for every question, on the sample."""

import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from evals.benchmarks import Report
from evals.benchmarks.server import environment
from evals.worlds import quillmere

RUNS = 7
COMMAND = [sys.executable, "-m", "integrations.cli", "ask", "wheres the gateway at??", "--as-of", "2026-03-02"]


def measure() -> Report:
    """Seconds of each run and their median; the first run, with nothing cached by Python, is among them."""
    with TemporaryDirectory() as folder:
        world = quillmere(Path(folder))
        rows = [{"seconds": round(_run(environment(world)), 3)} for _ in range(RUNS)]
    seconds = [row["seconds"] for row in rows]
    return Report("cold", {"seconds": median(seconds), "slowest_seconds": max(seconds)}, rows)


def _run(environment: dict[str, str]) -> float:
    started = perf_counter()
    subprocess.run(COMMAND, env=environment, capture_output=True, check=True)
    return perf_counter() - started

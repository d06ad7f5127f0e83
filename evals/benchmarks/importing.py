"""How long the federal portfolio takes to import, with its readings, into an empty store."""

from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from evals.benchmarks import Report
from evals.worlds import FEDERAL_FILES, SAMPLE_DAY
from storage.engine import Store
from storage.importing import import_paths
from storage.people import create_owner
from tools.readings import warm

RUNS = 5


def measure() -> Report:
    """Seconds of the import and of the first readings, each run in a store of its own."""
    with TemporaryDirectory() as folder:
        rows = [_run(Path(folder) / f"{run}.db") for run in range(RUNS)]
    totals = [row["import_seconds"] + row["readings_seconds"] for row in rows]
    return Report("importing", {"seconds": round(median(totals), 3), "slowest_seconds": round(max(totals), 3)}, rows)


def _run(database: Path) -> dict[str, float]:
    store = Store.open(f"sqlite:///{database}")
    store.migrate()
    create_owner(store, "Owner", "owner@evals.example")
    started = perf_counter()
    import_paths(store, [FEDERAL_FILES], at=datetime(2026, 3, 2, tzinfo=UTC))
    imported = perf_counter()
    warm(store, SAMPLE_DAY)
    return {"import_seconds": imported - started, "readings_seconds": perf_counter() - imported}

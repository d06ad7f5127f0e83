"""Schedules: the critical path of many tasks, one edit re-planned in ever larger portfolios, and importing plans."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
from sqlmodel import col, select

from evals.benchmarks import Report
from evals.worlds import World, grown, project_name
from storage.access import Reader
from storage.models import Task
from tools.context import ToolContext
from tools.planning.calendar import WorkingCalendar
from tools.planning.critical_path import CriticalPath
from tools.planning.network import Activity, Link, LinkKind, Network
from tools.readings import warm
from tools.schedule import project_schedule
from tools.status import project_status

SEED, ROUNDS = 1, 9
PATHS = (1_000, 3_000, 10_000)  # tasks
PORTFOLIOS = (10, 100, 1_000)  # projects of 200 tasks
PLAN_TASKS = 5_000
START = datetime(2026, 3, 2, 9)
IMPORTER = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from storage.engine import Store
from storage.importing import import_paths
def most():  # of memory so far; resource's figure would be that of the process which started this one
    lines = Path("/proc/self/status").read_text().splitlines() if Path("/proc/self/status").exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)
idle = most()
store = Store.open(f"sqlite:///{sys.argv[2]}")
store.migrate()
report = import_paths(store, [Path(sys.argv[1])], at=datetime.now(UTC))
assert not report.refused, report
print(report.seconds, idle, most())
"""


def measure() -> Report:
    """Milliseconds by size, the slope of an edit over portfolios, and seconds and megabytes of importing a plan."""
    paths = [{"tasks": size, "critical_path_ms": _scheduled(network(size))} for size in PATHS]
    with TemporaryDirectory() as folder:
        edits = [_edited(grown(Path(folder), size), size) for size in PORTFOLIOS]
        plan = _imported(Path(folder))
    slope, _ = np.polyfit(np.log(PORTFOLIOS), np.log([row["edit_ms"] for row in edits]), 1)
    most = paths[-1]["critical_path_ms"]
    return Report(
        "schedules", {"critical_path_ms": most, "edit_slope": round(float(slope), 3), **plan}, [*paths, *edits]
    )


def network(tasks: int) -> Network:
    """Tasks of up to ten days, each behind one or two of the 200 before it, by links of every kind, some with lags."""
    random = Random(SEED)
    activities = [Activity(number, random.randrange(20) * 240) for number in range(tasks)]
    links = []
    for number in range(1, tasks):
        for _ in range(random.choice((1, 1, 2))):
            before, kind = random.randrange(max(0, number - 200), number), random.choice(list(LinkKind))
            links.append(Link(before, number, kind, random.choice((0, 0, 0, 480, -240))))
    holidays = {datetime(2026 + year, 12, 25).date(): () for year in range(10)}
    return Network(activities, links, START, WorkingCalendar(exceptions=holidays))


def _scheduled(given: Network) -> float:
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        CriticalPath(given)
        times.append((perf_counter() - started) * 1000)
    return round(median(times), 1)


def _edited(world: World, projects: int) -> dict[str, Any]:
    """A task's finish is moved, and the status and schedule of its project are asked for."""
    context = ToolContext(world.store, Reader(world.person_id(None)), world.today)
    warm(world.store, world.today)
    with world.store.reading() as session:
        tasks = session.exec(select(Task.id, Task.planned_finish).where(col(Task.planned_finish).is_not(None)).limit(1))
        task_id, finish = tasks.one()
    assert finish is not None
    times = []
    for step in range(1, ROUNDS + 1):
        with world.store.writing("bench") as writer:
            writer.change(Task, task_id or 0, {"planned_finish": finish + timedelta(days=step)})
        started = perf_counter()
        warm(world.store, world.today)
        for ask in (project_status, project_schedule):
            ask(context, project_name(0))
        times.append((perf_counter() - started) * 1000)
    world.store.close()
    return {"projects": projects, "edit_ms": round(median(times), 1)}


def _imported(folder: Path) -> dict[str, float]:
    """A plan of MS Project, imported by a process of its own: seconds, and megabytes beyond idle."""
    plan = folder / "plan.xml"
    plan.write_text(_plan(PLAN_TASKS))
    command = [sys.executable, "-c", IMPORTER, str(plan), str(folder / "plan.db")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    seconds, idle, most = (float(each) for each in told)
    return {"import_tasks": PLAN_TASKS, "import_seconds": round(seconds, 2), "import_mb": most - idle}


def _plan(tasks: int) -> str:
    """Ten tasks under each summary, each linked to the one before it."""
    parts = []
    for number in range(1, tasks + 1):
        is_summary = number % 11 == 1
        link = f"<PredecessorLink><PredecessorUID>{number - 1}</PredecessorUID><Type>1</Type></PredecessorLink>"
        day = START + timedelta(days=number // 10)
        parts.append(
            f"<Task><UID>{number}</UID><Name>Task {number}</Name><OutlineLevel>{2 - is_summary}</OutlineLevel>"
            f"<Start>{day.isoformat()}</Start><Finish>{day.replace(hour=17).isoformat()}</Finish>"
            f"<Duration>PT8H0M0S</Duration><Notes>{'What there is to say of it. ' * 8}</Notes>"
            f"{'' if is_summary or number % 11 == 2 else link}</Task>"
        )
    head = f"<Title>Large</Title><StartDate>{START.isoformat()}</StartDate>"
    return f"<Project>{head}<Tasks>{''.join(parts)}</Tasks></Project>"

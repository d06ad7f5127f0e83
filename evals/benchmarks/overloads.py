"""How finding overbooked people grows with bookings: 100 people over a year, the check alone and the whole answer."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from evals.benchmarks import Report
from storage.access import Reader
from storage.engine import Store
from storage.models import Booking, Organisation, Person, Project
from tools.context import ToolContext
from tools.planning.load import Held, Load, Worker
from tools.utilisation import TeamUtilisation, utilisation

SIZES = (1_000, 3_000, 10_000)
PEOPLE, ROUNDS, SEED = 100, 15, 7
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAYS = 365


def measure() -> Report:
    """Median milliseconds at each number of bookings, the sizes in turn, and log-log slopes; 1 is linear."""
    with TemporaryDirectory() as folder:
        firms = {size: _firm(size) for size in SIZES}
        stores = {size: _laid(Path(folder) / f"{size}.db", *firm) for size, firm in firms.items()}
        rows: list[dict[str, Any]] = [{"bookings": size, "overbooked": _asked(stores[size])} for size in SIZES]
        runs: dict[str, Callable[[int], int]] = {
            "check": lambda size: _checked(*firms[size]),
            "answer": lambda size: _asked(stores[size]),
        }
        for label, run in runs.items():
            for row, ms in zip(rows, _timed(run), strict=True):
                row[f"{label}_ms"] = ms
        for context in stores.values():
            context.store.close()
    slopes = {f"{label}_slope": _slope([row[f"{label}_ms"] for row in rows]) for label in ("check", "answer")}
    return Report("overloads", slopes, rows)


def _timed(run: Callable[[int], int]) -> list[float]:
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        for size in SIZES:
            started = perf_counter()
            run(size)
            times[size].append((perf_counter() - started) * 1000)
    return [round(median(times[size]), 1) for size in SIZES]


def _slope(values: list[float]) -> float:
    slope, _ = np.polyfit(np.log(SIZES), np.log(values), 1)
    return round(float(slope), 2)


def _checked(workers: list[Worker], held: list[Held]) -> int:
    return len({each.person for each in Load(workers, held, FIRST, LAST).overloads()})


def _asked(context: ToolContext) -> int:
    fact = utilisation(context, start=FIRST, end=LAST, about="overbooked")
    assert isinstance(fact, TeamUtilisation) and fact.overbooked is not None, fact
    return int(str(fact.overbooked.value))


def _laid(path: Path, workers: list[Worker], held: list[Held]) -> ToolContext:
    """The same firm in a store, as one of its people asks."""
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    with store.writing("A firm to measure") as writer:
        writer.add(Organisation, [{"id": 1, "name": "Measured"}])
        people = writer.add(Person, [{"key": f"p{each.id}", "name": f"Person {each.id}"} for each in workers])
        [project] = writer.add(Project, [{"key": "ALL", "name": "All work", "currency": "EUR"}])
        writer.add(Booking, [_booking(each, people[each.person], project) for each in held])
    return ToolContext(store=store, reader=Reader(people[0]), today=FIRST)


def _booking(held: Held, person: int, project: int) -> dict[str, Any]:
    days = {"starts_on": held.first, "ends_on": held.last, "minutes_per_week": held.minutes_per_week}
    return {"person_id": person, "project_id": project, **days}


def _firm(bookings: int) -> tuple[list[Worker], list[Held]]:
    """People with holidays and leave, and bookings of two to ten weeks, the same each time."""
    random = Random(SEED)
    holidays = {FIRST + timedelta(days=day): 0 for day in range(0, DAYS, 30)}
    workers = [Worker(person, short_days=holidays, away=(_span(random, 10),)) for person in range(PEOPLE)]
    share = 40 * 60 * PEOPLE * 9 / bookings  # as much work whatever the number of bookings
    held = [
        Held(person, *_span(random, random.randrange(14, 71)), round(share * random.uniform(0.5, 1.5)))
        for person in random.choices(range(PEOPLE), k=bookings)
    ]
    return workers, held


def _span(random: Random, days: int) -> tuple[date, date]:
    first = FIRST + timedelta(days=random.randrange(DAYS - days))
    return first, first + timedelta(days=days)

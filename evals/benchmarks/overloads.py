"""How the check for overbooked people grows with bookings: the load of 100 people over a year, day by day."""

from datetime import date, timedelta
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from evals.benchmarks import Report
from tools.planning.load import Held, Load, Worker

SIZES = (1_000, 3_000, 10_000)
PEOPLE, ROUNDS, SEED = 100, 15, 7
FIRST, DAYS = date(2026, 1, 1), 365


def measure() -> Report:
    """Milliseconds at each number of bookings, in turn, and the log-log slope; 1 is linear."""
    firms = {size: _firm(size) for size in SIZES}
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        for size, (workers, held) in firms.items():
            started = perf_counter()
            found = _overloads(workers, held)
            times[size].append((perf_counter() - started) * 1000)
            assert found, "there is nothing to find"
    rows: list[dict[str, Any]] = [
        {"bookings": size, "people": PEOPLE, "ms": round(median(times[size]), 2), "overloads": _overloads(*firms[size])}
        for size in SIZES
    ]
    slope, _ = np.polyfit(np.log(SIZES), np.log([row["ms"] for row in rows]), 1)
    sizes = {f"ms_{row['bookings']}": row["ms"] for row in rows}
    return Report("overloads", {**sizes, "slope": round(float(slope), 2)}, rows)


def _overloads(workers: list[Worker], held: list[Held]) -> int:
    return len(Load(workers, held, FIRST, FIRST + timedelta(days=DAYS - 1)).overloads())


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

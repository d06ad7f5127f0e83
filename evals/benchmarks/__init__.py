"""Benchmarks by name: each measures one thing and gives the same shape of report."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

NAMES = (
    "ask",
    "cold",
    "critical-path",
    "grounding",
    "growth",
    "importing",
    "language-model",
    "overloads",
    "schedules",
    "slack",
    "understanding",
)


class BenchNotFound(LookupError):
    def __init__(self, name: str) -> None:
        super().__init__(f"No benchmark is called {name!r}. There are: {', '.join(NAMES)}.")


class NotMeasurable(ValueError):
    """What was given to a benchmark cannot be measured; the message says why."""


@dataclass(frozen=True)
class Report:
    """`summary` holds the figures, `rows` what they were made of."""

    bench: str
    summary: dict[str, Any]
    rows: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {"bench": self.bench, "machine": machine(), "summary": self.summary, "rows": self.rows}


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
    }


def find_bench(name: str) -> Callable[..., Report]:
    """The benchmark of that name; raises BenchNotFound."""
    if name not in NAMES:
        raise BenchNotFound(name)
    bench: Callable[..., Report] = import_module(f"evals.benchmarks.{name.replace('-', '_')}").measure
    return bench

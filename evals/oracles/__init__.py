"""Truths to score answers by, computed apart: nothing here imports the product, only files and plain SQL."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Truth:
    """Figures of the first fact by field, its row keys (None: not checked), and the value of each group."""

    figures: dict[str, Any] = field(default_factory=dict)
    rows: set[str] | None = None
    groups: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ground:
    """Where an oracle finds its raw material: the folder of files, or the SQLite file of the store."""

    files: Path
    database: Path


def find_oracle(name: str) -> Callable[..., Truth]:
    """The oracle "federal.closed_activities": a function of the module of that name, of the ground and any words."""
    module, _, function = name.partition(".")
    oracle: Callable[..., Truth] = getattr(import_module(f"evals.oracles.{module}"), function)
    return oracle

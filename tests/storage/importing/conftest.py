"""A folder to write small files into, and an import that needs no more than its paths."""

import csv
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage.engine import Store
from storage.importing import ImportReport, import_paths

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)

Write = Callable[..., Path]
Import = Callable[..., ImportReport]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Named like a source would be."""
    path = tmp_path / "planner"
    path.mkdir()
    return path


@pytest.fixture
def write(folder: Path) -> Write:
    """Write one CSV file: a header line, then rows of text."""

    def write(name: str, header: str, *rows: Iterable[str]) -> Path:
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [header.split(","), *(row.split(",") if isinstance(row, str) else row for row in rows)]
            )
        return folder / name

    return write


@pytest.fixture
def small_plan(write: Write, folder: Path) -> Path:
    """One project with three tasks."""
    write("projects.csv", "key,name,planned_cost,currency", "GATE,Tern Gateway,1000.10,EUR")
    write(
        "tasks.csv",
        "key,project,parent,name,state,planned_start,planned_finish",
        "GATE-1,GATE,,Certificates,in progress,2026-02-02,2026-02-20",
        "GATE-2,GATE,GATE-1,Ask for them,done,2026-02-02,2026-02-06",
        "GATE-3,GATE,GATE-1,Install them,not started,2026-02-09,2026-02-20",
    )
    return folder


@pytest.fixture
def do_import(sqlite_store: Store) -> Import:
    """Import into the empty store."""

    def do_import(*paths: Path, **options: Any) -> ImportReport:
        return import_paths(sqlite_store, paths, at=AT, **options)

    return do_import

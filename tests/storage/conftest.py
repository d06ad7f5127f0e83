"""Rows for small worlds: what a story does not mention gets a value that does not matter."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from storage import models
from storage.engine import Store

Add = Callable[..., int]

_PLAIN: dict[type[Any], Callable[[int], dict[str, Any]]] = {
    models.Absence: lambda _: {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 6)},
    models.Baseline: lambda _: {"name": "first", "taken_on": date(2026, 1, 5)},
    models.BillingMilestone: lambda _: {"label": "first half", "amount_minor": 100_00},
    models.Blocker: lambda _: {"note": "no access", "opened_on": date(2026, 3, 1)},
    models.Booking: lambda _: {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 6), "minutes_per_week": 480},
    models.CustomField: lambda _: {},
    models.Dependency: lambda _: {},
    models.Expense: lambda _: {"spent_on": date(2026, 3, 1), "amount_minor": 50_00, "label": "train"},
    models.Grant: lambda _: {"scope_kind": "organisation"},
    models.Person: lambda n: {"key": f"person-{n}", "name": f"Person {n}"},
    models.Portfolio: lambda n: {"key": f"F{n}", "name": f"Portfolio {n}"},
    models.Practice: lambda n: {"key": f"practice-{n}", "name": f"Practice {n}"},
    models.Program: lambda n: {"key": f"G{n}", "name": f"Program {n}"},
    models.Project: lambda n: {"key": f"P{n}", "name": f"Project {n}", "currency": "EUR"},
    models.Risk: lambda n: {"key": f"R-{n}", "title": "it may rain", "opened_on": date(2026, 3, 1)},
    models.Source: lambda n: {"name": f"source {n}", "kind": "csv"},
    models.SourceWord: lambda _: {},
    models.StatusUpdate: lambda _: {"written_on": date(2026, 3, 1), "note": "all fine"},
    models.Task: lambda n: {"key": f"T-{n}", "name": f"Task {n}", "position": n},
    models.TimeEntry: lambda _: {"worked_on": date(2026, 3, 1), "minutes": 60, "cost_rate_minor": 50_00},
}


@pytest.fixture
def add(store: Store) -> Add:
    """Adds one row and gives its id: `add(Task, project_id=gate, name="Retry rules")`."""
    numbers = count(1)

    def add_row(model: type[Any], **values: Any) -> int:
        row = model(**_PLAIN[model](next(numbers)) | values)
        with store.system() as session:
            session.add(row)
            session.flush()
            return int(row.id)

    return add_row


@pytest.fixture
def count_queries() -> Callable[[Session], AbstractContextManager[list[str]]]:
    """Collects the statements a session sends."""

    @contextmanager
    def counted(session: Session) -> Iterator[list[str]]:
        statements: list[str] = []
        engine = session.connection().engine

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        yield statements
        event.remove(engine, "before_cursor_execute", note)

    return counted

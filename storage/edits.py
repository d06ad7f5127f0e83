"""Row edits as plain data: what a confirmed change does to one row, in values that JSON knows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

# All that a proposal may ever write, by table. Whatever else an edit names is refused where it is made.
EDITABLE: Mapping[str, frozenset[str]] = {
    table: frozenset(fields.split())
    for table, fields in {
        "project": """name state reported_health reported_health_on planned_start planned_finish promised_finish
            budget_minor contract_value_minor contract_type target_margin_share""",
        "task": """project_id parent_id key name owner_id state source_state is_milestone planned_start planned_finish
            planned_duration_minutes actual_start actual_finish effort_minutes remaining_minutes done_share
            deadline is_pinned waits_on waits_since""",
        "dependency": "predecessor_id successor_id kind lag_minutes lag_basis",
        "assignment": "task_id person_id share effort_minutes",
        "booking": "project_id person_id role status probability starts_on ends_on minutes_per_week",
        "baseline": "project_id task_id name taken_on planned_start planned_finish planned_duration_minutes",
        "blocker": "task_id note opened_on cleared_on",
        "risk": "project_id title owner_id likelihood_share impact_share mitigation opened_on closed_on",
        "status_update": "project_id task_id author_id written_on health note",
        "absence": "person_id starts_on ends_on",
        "time_entry": "person_id project_id task_id worked_on minutes billable",
    }.items()
}


MOMENTS = frozenset({"planned_start", "planned_finish", "actual_start", "actual_finish"})
DAYS = frozenset(
    {
        "promised_finish",
        "reported_health_on",
        "deadline",
        "waits_since",
        "starts_on",
        "ends_on",
        "taken_on",
        "opened_on",
        "closed_on",
        "cleared_on",
        "written_on",
        "worked_on",
    }
)


class EditNotAllowed(ValueError):
    """A row or a field that no proposal may touch; an error of the program that made it."""


@dataclass(frozen=True)
class RowEdit:
    """One row set, added (`before` is None) or removed (`after` is None).

    A row to come has a number below zero, by which other edits of the set may refer to it. Whoever proposes an edit
    need not know, nor may see, what it replaces: storage puts that into `before`.
    """

    table: str
    row_id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def is_addition(self) -> bool:
        return self.before is None

    @property
    def is_removal(self) -> bool:
        return self.after is None

    @property
    def values(self) -> dict[str, Any]:
        """What the row will hold, dates as dates; of a removal nothing."""
        return {label: typed(label, value) for label, value in (self.after or {}).items()}

    def to_json(self) -> dict[str, Any]:
        return {"table": self.table, "row_id": self.row_id, "before": self.before, "after": self.after}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "RowEdit":
        return cls(stored["table"], stored["row_id"], stored["before"], stored["after"])


@dataclass(frozen=True)
class Draft:
    """What somebody wants changed, before it is stored."""

    title: str
    changes: tuple[Mapping[str, Any], ...]
    edits: tuple[RowEdit, ...]
    reasons: tuple[str, ...] = ()


def check(edit: RowEdit) -> None:
    """Raises EditNotAllowed for one that no proposal may hold."""
    if edit.table not in EDITABLE:
        raise EditNotAllowed(f"Proposals do not write {edit.table}.")
    if edit.is_addition is not (edit.row_id < 0):
        raise EditNotAllowed("A row to come has a number below zero, and no other row has.")
    if unknown := set(edit.after or ()) - EDITABLE[edit.table]:
        raise EditNotAllowed(f"Proposals do not write {', '.join(sorted(unknown))} of a {edit.table}.")


def digest_of(key: str, version: int, edits: list[dict[str, Any]]) -> str:
    """What a click is bound to: SHA-256 of the edits, with the values they replace, and of whose they are."""
    content = json.dumps([key, version, edits], sort_keys=True, separators=(",", ":"))
    return sha256(content.encode()).hexdigest()


def typed(field: str, value: Any) -> Any:
    """A value as its column takes it: a date from its text."""
    if not isinstance(value, str):
        return value
    if field in MOMENTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if field in DAYS else value

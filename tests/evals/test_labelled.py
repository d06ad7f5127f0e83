"""Labelled messages: which files are taken, and when arguments mean what a label says."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evals.labelled import LabelError, lacking, load_messages

HELD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"project": "GATE"}, {"project": "gate"}),
    ({"scope": "Gannet Freight"}, {"where": ["client = Gannet Freight"]}),
    ({"state": "late"}, {"filter": "late"}),
    ({"state": "unestimated"}, {"state": "without_estimate"}),
    ({"state": "green but not green"}, {"filter": "green_not_green"}),
    ({"state": "due"}, {"start": "2026-03-02", "end": "2026-03-08"}),
    ({"start": date(2026, 3, 2)}, {"start": "2026-03-02"}),
    ({"week": date(2026, 3, 2)}, {"week": "2026-W10"}),
    ({"value": date(2026, 3, 27)}, {"value": "2026-03-27"}),
    ({"value": "+2d"}, {"value": "2 days"}),
    ({"value": "1 week"}, {"value": "7 days"}),
    ({"value": "5%"}, {"value": "5 %"}),
    ({"budget": 1200000}, {"budget": "1200000"}),
    ({"people": 1}, {"value": "1 people"}),
    ({"operation": "owner"}, {"operation": "assign"}),
    ({"operation": "new task"}, {"operation": "add_task"}),
    ({"topic": "late devices"}, {"topic": "devices that came late"}),
    ({"skill": ["sql", "pipelines"]}, {"skill": "sql and pipelines"}),
]
LACKED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"project": "GATE"}, {"project": "CRM"}),
    ({"state": "late"}, {"filter": "red"}),
    ({"state": "late"}, {"state": "finished"}),
    ({"start": date(2026, 3, 2)}, {"end": "2026-03-02"}),
    ({"week": date(2026, 3, 2)}, {"week": "2026-W11"}),
    ({"value": "+2d"}, {"value": "3 days"}),
    ({"budget": 1200000}, {"budget": "120000"}),
    ({"skill": ["sql", "pipelines"]}, {"skill": "sql"}),
    ({"topic": "late devices"}, {}),
]


@pytest.mark.parametrize(("expected", "arguments"), HELD)
def test_slots_are_compared_by_meaning(expected: dict[str, Any], arguments: dict[str, Any]) -> None:
    assert lacking(expected, arguments) == []


@pytest.mark.parametrize(("expected", "arguments"), LACKED)
def test_another_meaning_is_lacking(expected: dict[str, Any], arguments: dict[str, Any]) -> None:
    assert lacking(expected, arguments) == list(expected)


@pytest.mark.parametrize(
    "row",
    [
        "{world: mars, ask: hi, ambiguous: true}",
        "{world: quillmere, ask: hi}",
        "{world: quillmere, ask: hi, talk: [hi], tool: my_work}",
        "{world: quillmere, ask: hi, tool: my_work, slot: {}}",
        "hi",
    ],
)
def test_a_row_that_says_too_little_is_refused_with_its_place(tmp_path: Path, row: str) -> None:
    path = tmp_path / "messages.yaml"
    path.write_text(f"- {{world: quillmere, ask: hi, ambiguous: true}}\n- {row}\n")

    with pytest.raises(LabelError, match="message 2"):
        load_messages([path])

"""What a report says the data can answer follows from what is in it."""

from collections.abc import Callable
from pathlib import Path

from storage.importing import ImportReport

Write = Callable[..., Path]
Import = Callable[..., ImportReport]

LINKS = "What waits for what, and the critical path"
NO_LINKS = "No links: no critical path, no float"


def test_links_are_missed_until_there_are_some(small_plan: Path, write: Write, do_import: Import) -> None:
    without = do_import(small_plan, dry_run=True)
    write("dependencies.csv", "predecessor,successor", "GATE-2,GATE-3")
    linked = do_import(small_plan, dry_run=True)

    assert NO_LINKS in without.cannot_answer and LINKS not in without.can_answer
    assert NO_LINKS not in linked.cannot_answer and LINKS in linked.can_answer


def test_a_column_without_values_answers_nothing(small_plan: Path, write: Write, do_import: Import) -> None:
    write("projects.csv", "key,name,promised_finish", "GATE,Tern Gateway,")

    report = do_import(small_plan, dry_run=True)

    assert "No promised dates: nothing to compare the plan with" in report.cannot_answer

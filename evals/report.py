"""The outcomes of an eval run as a table for people and as JSON for programs."""

from collections.abc import Sequence
from typing import Any

from evals.run import Outcome


def to_text(outcomes: Sequence[Outcome]) -> str:
    """One line a scenario, the complaints below it, and the count last."""
    lines = []
    for outcome in outcomes:
        mark = "ok  " if outcome.passed else "FAIL"
        lines.append(f"{mark} {outcome.world}: {outcome.scenario.name}")
        lines += [f"       {complaint}" for complaint in outcome.complaints]
    return "\n".join([*lines, f"{sum(o.passed for o in outcomes)} of {len(outcomes)} scenarios passed"])


def to_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    rows = [
        {
            "world": outcome.world,
            "scenario": outcome.scenario.name,
            "passed": outcome.passed,
            "complaints": list(outcome.complaints),
            "seconds": round(outcome.seconds, 3),
        }
        for outcome in outcomes
    ]
    return {"passed": sum(outcome.passed for outcome in outcomes), "total": len(outcomes), "scenarios": rows}

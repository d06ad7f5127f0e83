"""FACTS.md: every kind of fact with its fields, written from the classes themselves (`python -m tools.facts_page`)."""

from pathlib import Path
from typing import Any, get_args

from tools import catalog
from tools.facts import Fact, Line
from tools.planning.metrics import METRICS

PAGE = Path(__file__).parent / "FACTS.md"
OWN = ("id", "as_of", "sources")
OPENING = """# Facts

What tools answer, written by `make facts` from the classes in this folder: change those, not this page. A field is
`{"value", "unit", "metric", "text"}`; money is in major units as a decimal string with its currency as the unit, dates
are ISO, shares are 0 to 1. A field without a value, or that this reader may not see, is left out. `rows` is keyed by
the row's key.
"""


def page() -> str:
    """The whole page."""
    assert catalog.TOOLS  # importing the catalogue loads every module that declares a fact
    kinds = sorted(Fact.__subclasses__(), key=lambda fact: fact.kind)
    return "\n".join([OPENING, *(section for kind in kinds for section in _section(kind)), *_metrics()]) + "\n"


def _section(fact: type[Fact]) -> list[str]:
    lines = [f"## {fact.kind}", "", fact.__doc__ or "", "", "| field | meaning |", "|---|---|"]
    lines += _rows(fact, "")
    for line in _line_types(fact):
        lines += _rows(line, "rows.KEY.")
    return [*lines, ""]


def _rows(model: type[Fact] | type[Line], prefix: str) -> list[str]:
    return [
        f"| `{prefix}{name}` | {field.description or name.replace('_', ' ')} |"
        for name, field in model.model_fields.items()
        if name not in OWN and name != "rows"
    ]


def _line_types(fact: type[Fact]) -> list[type[Line]]:
    rows = fact.model_fields.get("rows")
    inner: tuple[Any, ...] = get_args(rows.annotation) if rows else ()
    return [kind for kind in inner if isinstance(kind, type) and issubclass(kind, Line)]


def _metrics() -> list[str]:
    lines = ["## Metrics", "", "| metric | version | unit | formula |", "|---|---|---|---|"]
    return [*lines, *(f"| `{m.id}` | {m.version} | {m.unit} | {m.formula} |" for m in METRICS.values())]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

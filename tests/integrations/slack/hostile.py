"""Text that people and attackers write, and answers and cards that hold it everywhere."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

ATTACKS = Path(__file__).parents[4] / "shared" / "data" / "attacks"
NAUGHTY = ATTACKS / "naughty_strings.json"
INJECTIONS = ATTACKS / "injection" / "agentdojo_attack_templates.json"
OURS = [
    "<!channel> <@U0LENA> <#C0GATE|general> <!subteam^S1>",
    "@channel @here @everyone",
    "<https://evil.example/x|GATE-31>",
    "[GATE-31](https://evil.example) https://evil.example www.evil.example evil.example mailto:a@evil.example",
    "*bold* _it_ ~no~ `code` ```block``` :rotating_light:",
    "> quoted\n>>> and on\n- point\n1. first\n# head",
    "a\u202eb\u200bc\u2060d\ufeffe\u00adf\U000e0041\U000e0042\x00\x1b[31m\ud800",
    "&lt;!channel&gt; &amp;lt;",
    "\u200b\n\u200b",
    " " * 6_000,
    f"**b**{' ' * 6_000}x",
    "\n" * 6_000,
    "&" * 6_000,
    "<" * 6_000,
    "n" * 40_000,
    "ü " * 20_000,
    "👩‍👩‍👧 " * 5_000,
    "- x\n" * 3_000,
    "[GATE-31] " * 3_000,
    "**a** " * 3_000,
    "",
]
TEXTS = st.one_of(
    st.sampled_from(OURS), st.text(max_size=300), st.text(alphabet="*_`~<>&[]()#\n :@/.ab1-\u200b", max_size=300)
)
Json = dict[str, Any]


def naughty() -> list[str]:
    """The strings at hand: ours, and the collected ones where they lie beside this checkout."""
    collected = json.loads(NAUGHTY.read_text(encoding="utf-8")) if NAUGHTY.exists() else []
    return [*OURS, *collected, *(_strings(json.loads(INJECTIONS.read_text("utf-8"))) if INJECTIONS.exists() else [])]


def answer(text: str = "**Fine.**", **more: Any) -> Json:
    """An Answer's JSON with no more than its words."""
    plain: Json = {
        "outcome": "answered", "text": text, "understood": "", "facts": [], "citations": [], "proposals": [],
        "clarify": None, "charts": [], "tools": [], "grounding": {"figures": 0, "unsupported": 0}, "suggestions": [],
        "thread": "slack/T1/D1", "message": 4, "model": "builtin", "degraded": False, "stopped": False, "as_of": None,
    }  # fmt: skip
    return plain | more


def answer_full_of(text: str, *, rows: int = 4, columns: int = 3) -> Json:
    """An answer that says this text wherever it can say one."""
    cell = {"value": text, "unit": "name", "text": text}
    row = {"name": cell} | {f"{text[:100]}{number}": cell for number in range(columns)}
    return answer(
        text,
        facts=[{"id": "f1", "kind": text or "x", "fields": {"rows": {f"{text}{at}": row for at in range(rows)}}}],
        citations=[
            {"id": f"task:{text}", "kind": "task", "label": text, "url": f"/record/task/{at}"} for at in range(9)
        ]
        + [{"id": f"task:L{text}", "kind": "task", "label": f"long {text}", "url": f"/record/task/{'x' * 9_000}"}],
        clarify={"question": "", "options": [{"key": text, "label": text, "kind": "project"} for _ in range(30)]},
        suggestions=[text] * 9,
        degraded=True,
    )


def card(lines: int = 1, **more: Any) -> Json:
    """A card that moves a task."""
    line = {
        "number": 1, "kind": "set", "level": "task", "key": "GATE-52", "name": "Error codes", "project": "Tern Gateway",
        "field": "finish", "before": "Thu 5 Mar", "after": "Fri 13 Mar", "hidden": False,
    }  # fmt: skip
    plain: Json = {
        "id": "P-248K", "title": "Move GATE-52", "status": "open", "version": 1, "proposer": "Lena Brandt",
        "created_at": "2026-03-02T08:00:00", "expires_at": "2026-03-09T08:00:00", "decided_at": None,
        "standing": "Nothing is changed yet. It is yours to confirm.",
        "lines": [line | {"number": number + 1, "key": f"GATE-{number}"} for number in range(lines)],
        "effects": [{"project": "Tern Gateway", "metric": "finish", "label": "finish", "before": "a", "after": "b"}],
        "carried": "", "conflicts": [], "reasons": [], "approved_by": [], "wants_second": [], "who": [],
        "may": {"confirm": True, "reject": True, "part": False, "undo": False, "propose_again": False},
        "note": "", "code": "c0de", "replaced_by": None,
    }  # fmt: skip
    return plain | more


def card_full_of(text: str, *, lines: int = 40) -> Json:
    """A card that says this text wherever it can say one."""
    named = dict.fromkeys(("key", "name", "project", "field", "before", "after"), text)
    full = [each | named for each in card(lines)["lines"]]
    effect = dict.fromkeys(("project", "metric", "label", "before", "after"), text)
    said = dict.fromkeys(("title", "proposer", "standing", "carried", "note"), text)
    every = dict.fromkeys(("confirm", "reject", "part", "undo", "propose_again"), True)
    held = {"lines": full, "effects": [effect] * 30, "conflicts": full, "reasons": [text] * 9, "may": every}
    return card() | said | held


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _strings(each)]

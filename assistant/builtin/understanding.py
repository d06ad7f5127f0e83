"""What a message asks for: a tool with its arguments, a question back, or an honest no. No language model."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from storage.access import Reader
from tools.facts import Clarification, Refusal
from tools.names import NameIndex


@dataclass(frozen=True)
class Understanding:
    """Either `tool` with `arguments`, or `instead`: the question back or the refusal that takes the tool's place.

    `as_of` is the day the message set the clock to. `focus` is what the thread keeps for the next message.
    """

    tool: str | None
    arguments: dict[str, Any] = field(default_factory=dict)
    understood: str = ""
    confidence: float = 0.0
    instead: Clarification | Refusal | None = None
    as_of: date | None = None
    note: str = ""  # which reading was taken where two were close: "I took “gateway” as Tern Gateway, not Hub Gateway."
    focus: dict[str, Any] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()


def understand(
    text: str,
    *,
    session: Session,
    reader: Reader,
    index: NameIndex,
    today: date,
    focus: dict[str, Any] | None = None,
) -> Understanding:
    """Read one message as this reader would mean it."""
    return Understanding(
        tool=None,
        instead=Refusal("declined", "I did not understand that. Ask me where a project stands."),
        focus=focus or {},
    )

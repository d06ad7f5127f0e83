"""`pilothouse feedback`: what people think of their answers, for whoever runs this; never what they asked."""

from typing import Annotated, Any

import typer

from integrations.app import open_application
from integrations.console import AsJson, show, show_json
from storage.feedback import FeedbackGiven, list_feedback
from storage.text import printable

feedback = typer.Typer(help="What people think of their answers.", no_args_is_help=True, rich_markup_mode=None)


@feedback.command("list")
def list_all(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Verdicts with their reasons, the latest first; neither who gave them nor what was asked."""
    with open_application().store.reading() as session:
        given = [_to_json(each) for each in list_feedback(session, limit=limit)]
    if as_json:
        show_json(given)
    else:
        for each in given:
            show("  ".join(part for part in (each["at"][:16], *_words(each)) if part))


def _to_json(given: FeedbackGiven) -> dict[str, Any]:
    return {
        "at": given.feedback.at.isoformat(),
        "verdict": given.feedback.verdict,
        "reason": given.feedback.reason,
        "note": given.feedback.note,
        "outcome": given.answer.get("outcome", ""),
        "tools": [call["name"] for call in given.answer.get("tools", [])],
        "model": given.answer.get("model", ""),
    }


def _words(given: dict[str, Any]) -> list[str]:
    about = [given["outcome"], *given["tools"], given["model"]]
    return [given["verdict"], given["reason"] or "", " ".join(about), printable(given["note"])]

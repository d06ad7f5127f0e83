"""One question with its answer as the page shows it, made from the answer's contract JSON."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from integrations.rendering.markdown import render_html, source_links
from integrations.rendering.table import Cell, Table, read_figures, read_tables
from integrations.rendering.terminal import model_name
from storage.feedback import FeedbackRecord
from storage.text import printable
from storage.vocabulary import Complaint

MOST_CITATIONS = 8
OUTCOMES = {
    "asked_back": "One question back",
    "declined": "Not answered",
    "not_found": "Not found",
    "refused": "Not yours to see",
    "failed": "That did not work",
    "stopped": "Stopped",
}
COMPLAINTS = {
    Complaint.WRONG_FIGURE: "A figure is wrong",
    Complaint.MISUNDERSTOOD: "Not what I asked",
    Complaint.INCOMPLETE: "Something is missing",
    Complaint.UNCLEAR: "Hard to read",
    Complaint.OTHER: "Something else",
}


@dataclass(frozen=True)
class Choice:
    """One option of a question back; `answer` is what choosing it says."""

    answer: str
    label: str
    kind: str


@dataclass(frozen=True)
class Judged:
    """Which answer a person may judge, and what they think of it so far; `thanks` once they just said so."""

    thread: str
    message: int
    verdict: str = ""
    reason: str = ""
    note: str = ""
    thanks: bool = False
    complaints: tuple[tuple[str, str], ...] = tuple((each.value, words) for each, words in COMPLAINTS.items())


@dataclass(frozen=True)
class Exchange:
    """A question with its answer, ready to be shown: `html` is safe as it stands, every other text is plain."""

    anchor: str
    thread: str
    question: str
    outcome: str
    outcome_words: str
    html: Markup
    options: tuple[Choice, ...]
    proposals: tuple[str, ...]
    tables: tuple[Table, ...]
    figures: tuple[tuple[str, Cell], ...]
    citations: tuple[dict[str, str], ...]
    more_citations: tuple[dict[str, str], ...]
    links: dict[str, str]
    suggestions: tuple[str, ...]
    understood: str
    as_of: str
    as_of_words: str
    model: str
    degraded: bool
    judged: Judged | None


def read_exchange(question: str, answer: dict[str, Any], *, feedback: FeedbackRecord | None = None) -> Exchange:
    """What the page shows of an answer; every text in it is inert."""
    message = answer.get("message")
    links = source_links(answer["citations"])
    clarify = answer["clarify"] or {"question": "", "options": []}
    citations = tuple(answer["citations"])
    return Exchange(
        anchor=f"m{message or secrets.token_hex(4)}",
        thread=answer["thread"],
        question=printable(question),
        outcome=answer["outcome"],
        outcome_words=OUTCOMES.get("stopped" if answer.get("stopped") else answer["outcome"], ""),
        # The options of a question back are buttons, so its text is only the question.
        html=Markup(render_html(clarify["question"] or answer["text"], links)),
        options=tuple(_choice(option) for option in clarify["options"]),
        proposals=tuple(answer["proposals"]),
        tables=() if answer["proposals"] else tuple(read_tables(answer)),  # a card says it all
        figures=tuple(read_figures(answer)),
        citations=citations[:MOST_CITATIONS],
        more_citations=citations[MOST_CITATIONS:],
        links=links,
        suggestions=tuple(printable(suggestion) for suggestion in answer["suggestions"]),
        understood=printable(answer["understood"]),
        as_of=answer["as_of"] or "",
        as_of_words=_say_day(answer["as_of"]),
        model=model_name(answer),
        degraded=answer["degraded"],
        judged=judge(answer["thread"], message, feedback) if message else None,
    )


def judge(thread: str, message: int, feedback: FeedbackRecord | None, *, thanks: bool = False) -> Judged:
    """What the page shows of what a person thinks of an answer."""
    if feedback is None:
        return Judged(thread, message)
    return Judged(thread, message, feedback.verdict, feedback.reason or "", printable(feedback.note), thanks)


def _choice(option: dict[str, str]) -> Choice:
    return Choice(option["key"], printable(option["label"]), option["kind"])


def _say_day(iso: str | None) -> str:
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"

"""One question with its answer as the page shows it, made from the answer's contract JSON."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from integrations.rendering.markdown import render_html, source_links
from integrations.rendering.table import Cell, Table, read_figures, read_tables
from integrations.rendering.terminal import model_name
from storage.text import printable

MOST_CITATIONS = 8


@dataclass(frozen=True)
class Choice:
    """One option of a question back; `answer` is what choosing it says."""

    answer: str
    label: str
    kind: str


@dataclass(frozen=True)
class Exchange:
    anchor: str
    thread: str
    question: str
    outcome: str
    html: Markup
    options: tuple[Choice, ...]
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


def read_exchange(question: str, answer: dict[str, Any], *, anchor: str) -> Exchange:
    """What the page shows of an answer; every text in it is inert."""
    links = source_links(answer["citations"])
    clarify = answer["clarify"] or {"question": "", "options": []}
    citations = tuple(answer["citations"])
    return Exchange(
        anchor=anchor,
        thread=answer["thread"],
        question=printable(question),
        outcome=answer["outcome"],
        # The options of a question back are buttons, so its text is only the question.
        html=Markup(render_html(clarify["question"] or answer["text"], links)),
        options=tuple(_choice(option) for option in clarify["options"]),
        tables=tuple(read_tables(answer)),
        figures=tuple(read_figures(answer)),
        citations=citations[:MOST_CITATIONS],
        more_citations=citations[MOST_CITATIONS:],
        links=links,
        suggestions=tuple(printable(suggestion) for suggestion in answer["suggestions"]),
        understood=printable(answer["understood"]),
        as_of=answer["as_of"] or "",
        as_of_words=_say_day(answer["as_of"]),
        model=model_name(answer),
    )


def _choice(option: dict[str, str]) -> Choice:
    return Choice(option["key"], printable(option["label"]), option["kind"])


def _say_day(iso: str | None) -> str:
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"

"""An answer as messages of Slack: the verdict first, then tables, where it comes from, and what to ask next.

Limits are Slack's, as of 2026 (shared/SLACK.md names them); each is met with some room.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from integrations.rendering.markdown import source_links
from integrations.rendering.table import Cell, Table, read_tables
from integrations.slack.text import Paragraph, Run, inert, notice, one_line, plain, read_markdown, rich_text, visible

Block = dict[str, Any]

MOST_BLOCKS = 40  # of 50
MOST_CHARACTERS = 9_000  # of about 13,200 in all blocks of a message
LONGEST_NOTICE = 3_000  # the text beside the blocks, which a notification shows
LONGEST_BUTTON, LONGEST_VALUE, LONGEST_URL = 75, 2_000, 2_000
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 100, 12, 60
TABLE_CHARACTERS = 7_000
MOST_TABLES, MOST_SOURCES, MOST_OPTIONS, MOST_SUGGESTIONS = 3, 5, 8, 3
SHORT_TABLE = 2  # rows of which the words say it all


@dataclass(frozen=True)
class Message:
    """What one message of Slack holds."""

    text: str
    blocks: list[Block] = field(default_factory=list)

    def payload(self) -> dict[str, Any]:
        shown = {"text": self.text, "unfurl_links": False, "unfurl_media": False}
        return shown | ({"blocks": self.blocks} if self.blocks else {})


def sentence(text: str) -> Message:
    """Words of ours as one message; more than fits is cut."""
    blocks = rich_text(read_markdown(text, {})) or rich_text([Paragraph((Run("…"),))])
    first, *rest = _split(blocks)
    return _message([*first, *small([Run("Cut here: there is more.")])] if rest else first, text)


def answer_messages(
    answer: Mapping[str, Any],
    *,
    pages_url: str | None,
    note: str = "",
    own: bool = True,
    has_text: bool = True,
) -> list[Message]:
    """The Answer's JSON as one or more messages.

    `own`: whether whoever reads it is whoever asked, so that they may judge it. `has_text` is false where its words
    were streamed already.
    """
    clarify = answer["clarify"] or {"question": "", "options": []}
    words = read_markdown(clarify["question"] or answer["text"], _links(answer, pages_url))
    blocks = rich_text(words) if has_text else []
    tables = [] if answer["proposals"] else [each for each in read_tables(dict(answer)) if len(each.rows) > SHORT_TABLE]
    for table in tables[:MOST_TABLES]:
        blocks += _table(table)
    if len(tables) > MOST_TABLES:
        blocks += small([Run(f"And {len(tables) - MOST_TABLES:,} more tables.")])
    if foot := _foot(answer, pages_url, note):
        blocks += rich_text([Paragraph(tuple(foot))])
    blocks += _choices(clarify["options"]) or _suggestions(answer["suggestions"])
    if own and answer.get("message") is not None:
        blocks.append(_judging(answer["thread"], answer["message"]))
    if not blocks:
        return [sentence(answer["text"])] if has_text else [_message([], plain(words))]
    return [_message(part, plain(words)) for part in _split(blocks)]


def button(label: str, action: str, value: str, *, style: str = "") -> Block:
    """A button; a value too long for Slack is a mistake of ours."""
    assert len(value) <= LONGEST_VALUE, action
    shown: Block = {
        "type": "button",
        "text": words_of(label, LONGEST_BUTTON),
        "action_id": action,
        "value": value,
    }
    return shown | ({"style": style} if style else {})


def words_of(text: str, longest: int) -> Block:
    """Plain text, in which Slack parses nothing."""
    return {"type": "plain_text", "text": one_line(text, longest), "emoji": False}


def small(runs: Sequence[Run]) -> list[Block]:
    """A line beside the point."""
    return rich_text([Paragraph(tuple(Run(run.text, run.is_bold, True, run.url) for run in runs))])


def _message(blocks: list[Block], words: str) -> Message:
    return Message(notice(words, LONGEST_NOTICE), blocks)


def _split(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks in messages, none too long."""
    held: list[Block] = []
    for block in blocks:
        size = sum(map(weight, held)) + weight(block)
        is_full = len(held) >= MOST_BLOCKS or size > MOST_CHARACTERS
        if held and is_full:
            yield held
            held = []
        held.append(block)
    if held:
        yield held


def weight(block: Block) -> int:
    """The characters of a block, as Slack counts them, or more; many small parts weigh too."""
    return max(sum(_texts(block)), len(json.dumps(block, ensure_ascii=False)) // 8)


def _texts(value: Any) -> Iterator[int]:
    match value:
        case str():
            yield len(value)
        case dict():
            for label, inner in value.items():
                if label in ("text", "caption", "url", "value", "elements", "rows"):
                    yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)


def _table(table: Table) -> list[Block]:
    """A table's first rows, and how many more there are."""
    columns = table.columns[: MOST_COLUMNS - 1]
    rows: list[list[Block]] = [[_cell(Cell("Name")), *(_cell(Cell(each.label)) for each in columns)]]
    size = 0
    for row in table.rows[:MOST_ROWS]:
        cells = [_cell(Cell(row.name)), *(_cell(each) for each in row.cells[: len(columns)])]
        size += sum(len(each["text"]) for each in cells)
        if size > TABLE_CHARACTERS:
            break
        rows.append(cells)
    left = len(table.rows) - len(rows) + 1
    blocks: list[Block] = []
    if len(rows) > 1:
        blocks.append({"type": "data_table", "caption": one_line(table.title, 150), "rows": rows, "page_size": 10})
    if left:
        blocks += small([Run(f"And {left:,} more rows.")])
    return blocks


def _cell(cell: Cell) -> Block:
    return {"type": "raw_text", "text": one_line(cell.text, LONGEST_CELL)}


def _page(pages_url: str | None, url: str) -> str:
    """The address of a page of ours; empty where there are none, or Slack would not take it."""
    return f"{pages_url}{url}" if pages_url and len(pages_url) + len(url) <= LONGEST_URL else ""


def _links(answer: Mapping[str, Any], pages_url: str | None) -> dict[str, str]:
    """The page of each source by its key."""
    pages = {key: _page(pages_url, url) for key, url in source_links(answer["citations"]).items()}
    return {key: page for key, page in pages.items() if page}


def _foot(answer: Mapping[str, Any], pages_url: str | None, note: str) -> list[Run]:
    """Where it comes from, for whom it is, and who answered."""
    runs: list[Run] = []
    named = {each["label"]: each for each in answer["citations"]}
    if pages_url and named:
        shown = list(named.values())[:MOST_SOURCES]
        runs.append(Run("From ", is_italic=True))
        for number, each in enumerate(shown):
            url = _page(pages_url, each["url"])
            runs += [*([Run(", ")] if number else []), Run(one_line(each["label"], 80), is_italic=not url, url=url)]
        left = len(named) - len(shown)
        runs.append(Run(f" and {left:,} more. " if left else ". ", is_italic=True))
    if answer["degraded"]:
        runs.append(Run("The language model was out of reach; the built-in one answered. ", is_italic=True))
    if note:
        runs.append(Run(note, is_italic=True))
    return runs


def _choices(options: Sequence[Mapping[str, str]]) -> list[Block]:
    """The readings of a question put back, one button each; a button says its number."""
    buttons = [
        button(option["label"], f"choose:{number}", f"{number}")
        for number, option in enumerate(options[:MOST_OPTIONS], 1)
    ]
    return [{"type": "actions", "elements": buttons}] if buttons else []


def _suggestions(suggestions: Sequence[str]) -> list[Block]:
    shown = [each for each in suggestions if inert(each).strip()][:MOST_SUGGESTIONS]
    buttons = [button(each, f"ask:{number}", visible(each)[:LONGEST_VALUE]) for number, each in enumerate(shown)]
    return [{"type": "actions", "elements": buttons}] if buttons else []


def _judging(thread: str, message: int) -> Block:
    def thumb(label: str, verdict: str) -> Block:
        value = json.dumps({"thread": thread, "message": message, "verdict": verdict})
        return {"text": {"type": "plain_text", "text": label, "emoji": False}, "value": value}

    element = {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": thumb("Helped", "up"),
        "negative_button": thumb("Did not help", "down"),
    }
    return {"type": "context_actions", "elements": [element]}

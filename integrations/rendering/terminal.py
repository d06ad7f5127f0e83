"""An answer as a terminal shows it: the text, its tables, its sources, and how it was understood."""

from collections.abc import Sequence
from typing import IO, Any

from markdown_it.token import Token
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from integrations.rendering.markdown import parser
from integrations.rendering.table import Table, read_tables
from storage.text import UNPRINTABLE, printable

PIPE_WIDTH = 160
MOST_SOURCES = 8
MOST_ROWS = 30
STYLES = {"strong_open": "bold", "em_open": "italic", "strong_close": "", "em_close": ""}
HEALTH_STYLES = {"green": "green", "amber": "yellow", "red": "bold red"}


def console_for(stream: IO[str], *, color: bool) -> Console:
    """A console that styles only what a person watches; a pipe gets plain wide lines."""
    watched = stream.isatty()
    return Console(
        file=stream,
        no_color=not color,
        force_terminal=watched,
        width=None if watched else PIPE_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
    )


def render_answer(console: Console, answer: dict[str, Any]) -> None:
    """Show the contract JSON of an answer."""
    console.print(marked_text(answer["text"]))
    keys = {citation["id"].partition(":")[2] for citation in answer["citations"]}
    for table in read_tables(answer):
        console.print(_grid(table, keys))
    for line in footnotes(answer):
        console.print(Text(line, style="dim"))


def marked_text(text: str) -> Text:
    """Markdown as styled text: bold and italics become styles, the marks go."""
    shown = Text()
    for block in parser().parse(text):
        if block.type == "list_item_open":
            shown.append("• ")
        elif block.type == "inline":
            shown.append_text(_line(block.children or []))
            shown.append("\n")
    shown.rstrip()
    return shown


def _line(tokens: Sequence[Token]) -> Text:
    shown, style = Text(), ""
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            shown.append("\n")
        elif token.type in STYLES:
            style = STYLES[token.type]
        else:
            shown.append(UNPRINTABLE.sub(" ", token.content), style)
    return shown


def footnotes(answer: dict[str, Any]) -> list[str]:
    """How the question was read, the sources, and the model that answered."""
    lines = []
    if answer["understood"]:
        lines.append(f"Understood: {printable(answer['understood'])}")
    keys = [printable(citation["id"]) for citation in answer["citations"]]
    if keys:
        more = f" and {len(keys) - MOST_SOURCES} more" if len(keys) > MOST_SOURCES else ""
        lines.append(f"Sources: {', '.join(keys[:MOST_SOURCES])}{more}")
    as_of = f" · as of {answer['as_of']}" if answer["as_of"] else ""
    lines.append(f"{model_name(answer)}{as_of}")
    return lines


def model_name(answer: dict[str, Any]) -> str:
    """Who answered, in words."""
    name = "Built-in model" if answer["model"] == "builtin" else str(answer["model"])
    return f"{name}, standing in" if answer["degraded"] else name


def _grid(table: Table, keys: set[str]) -> Grid:
    """The table; rows that are records show the key they can be asked about by."""
    grid = Grid(title=table.title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, title_style="bold")
    grid.add_column("")
    for column in table.columns:
        grid.add_column(column.label, justify="right" if column.is_number else "left")
    for row in table.rows[:MOST_ROWS]:
        name = f"{printable(row.key)} {row.name}" if row.key in keys and row.key != row.name else row.name
        grid.add_row(Text(name), *(Text(cell.text, style=HEALTH_STYLES.get(cell.health, "")) for cell in row.cells))
    if len(table.rows) > MOST_ROWS:
        grid.caption = f"and {len(table.rows) - MOST_ROWS} more rows (--json shows all)"
    return grid

"""A proposal's card as lines of a terminal, from its JSON."""

from typing import Any

from rich.console import Console
from rich.text import Text

from storage.text import printable


def render_card(console: Console, card: dict[str, Any]) -> None:
    """Show what would change, what that does, where it stands, and what can be done."""
    console.print(Text(f"{card['id']}  {printable(card['title'])}", style="bold"))
    for line in card["lines"]:
        console.print(Text(f"  {line['number']}. {_line(line)}"))
    for effect in card["effects"]:
        change = f"{effect['before']} → {effect['after']}"
        console.print(Text(f"     {printable(effect['project'])}: {effect['label']} {printable(change)}"))
    for line in card["conflicts"]:
        found = "another" if line["hidden"] else printable(line["after"]) or "empty"
        console.print(Text(f"  ! {line['field']} of {printable(line['key'])} is {found} by now", style="yellow"))
    for sentence in (card["carried"], card["standing"]):
        if sentence:
            console.print(Text(f"  {printable(sentence)}"))


def render_heading(console: Console, heading: dict[str, Any]) -> None:
    """One proposal of a list."""
    made = heading["created_at"][:10]
    words = f"{heading['id']}  {heading['status']:<9} {made}  {printable(heading['title'])}"
    console.print(Text(f"{words}  ({printable(heading['proposer'])})"))


def next_steps(card: dict[str, Any]) -> list[str]:
    """The commands that would decide it."""
    may, key = card["may"], card["id"]
    steps = (
        ("confirm", f"pilothouse proposals approve {key}"),
        ("propose_again", f"pilothouse proposals again {key}"),
        ("reject", f"pilothouse proposals reject {key}"),
        ("undo", f"pilothouse proposals undo {key}"),
    )
    return [command for action, command in steps if may[action]]


def _line(line: dict[str, Any]) -> str:
    name = "" if line["name"] == line["key"] else f" {printable(line['name'])}"
    what = f"{printable(line['key'])}{name}: {line['field']}"
    before, after = printable(line["before"]), printable(line["after"])
    if line["kind"] == "remove":
        return f"{what} {before}".rstrip() if line["field"] == "removed" else f"{what} {before}, taken out"
    if line["hidden"]:
        return f"{what} → {after} (what stands there is not yours to see)"
    return f"{what} {before} → {after or 'nothing'}" if before else f"{what} → {after or 'nothing'}"

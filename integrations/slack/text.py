"""Words for Slack, inert by construction: rich text, where nothing is parsed, and what people write read as plain text.

Slack parses mrkdwn for mentions, links and formatting, and has no way to escape all of it. In a `rich_text` block a
text element is literal, and a link is one only where we say so; so nothing of ours is sent as mrkdwn.

Slack's apps may still make links of what looks like an address, so a word joiner, which nobody sees, parts those
("evil.example"). What a person sends back to us, in a form or by a button, goes without it.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markdown_it.token import Token

from integrations.rendering.markdown import parser
from storage.text import UNPRINTABLE, clean

LONGEST_RUN = 2_800  # characters of one block
MOST_PARAGRAPHS = 100  # of one block
DEEPEST = 5
# Before "://", within "www.", "mailto:" and "evil.example", and within ":siren:".
_ADDRESS = re.compile(
    r"(?<=[A-Za-z])(?=://)|(?<=www)(?=\.)|(?<=mailto)(?=:)|(?<=\w)(?=\.[^\W\d_]{2})|(?<!\d:)(?<=:)(?=[\w+'-]{1,60}:)",
    re.IGNORECASE,
)
# Invisible beyond UNPRINTABLE: soft hyphen, direction and vowel marks, Hangul fillers, tags.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u3164\uffa0\U000e0000-\U000e0fff]")
_BREAK = re.compile("\r\n?|[\u2028\u2029]")
# What formats in mrkdwn, which has no way to escape it, as signs that look alike.
_LOOKALIKE = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"})
_MARKUP = re.compile(r"<([^<>]{1,2000})>")
_SENTENCE = re.compile(r"(?<=[.!?;:,])\s+|\s+")


@dataclass(frozen=True)
class Run:
    """Words of one look."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    url: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or one point of a list: `number` 0 for a bullet, None for no list."""

    runs: tuple[Run, ...]
    number: int | None = None
    depth: int = 0

    @property
    def length(self) -> int:
        return sum(len(run.text) for run in self.runs)


def visible(text: str) -> str:
    """Text in which nothing invisible remains; line breaks stay, and a tab is a space."""
    lines = _BREAK.sub("\n", clean(text)).replace("\t", " ").split("\n")
    return "\n".join(_INVISIBLE.sub("", UNPRINTABLE.sub("", line)) for line in lines)


def inert(text: str) -> str:
    """Visible text in which nothing reads as an address or the name of an emoji."""
    return _ADDRESS.sub("\N{WORD JOINER}", visible(text))


def one_line(text: str, longest: int) -> str:
    """Inert, on one line, cut to a length with an ellipsis; never empty."""
    words = " ".join(inert(text).split()) or "–"
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


def escape(text: str) -> str:
    """For the few places that Slack always parses: what is shown of a message in a notification."""
    words = inert(text).translate(_LOOKALIKE).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"^(\s*)(?=&gt;)", "\\1\N{WORD JOINER}", words, flags=re.MULTILINE)  # or it quotes


def notice(text: str, longest: int) -> str:
    """Escaped on one line, cut to a length that counts the escapes, and never within one; never empty."""
    words = escape(one_line(text, longest))
    return words if len(words) <= longest else re.sub(r"&[a-z]*$", "", words[: longest - 1]).rstrip() + "…"


def read_markdown(text: str, links: Mapping[str, str]) -> list[Paragraph]:
    """An answer's own markdown; a bracketed name that `links` knows ("GATE-31") becomes a link to its page."""
    found: list[Paragraph] = []
    number: list[int | None] = []
    for token in parser().parse(text, {"links": links}):
        match token.type:
            case "bullet_list_open":
                number.append(0)
            case "ordered_list_open":
                number.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                number.pop()
            case "inline":
                runs = tuple(_runs(token.children or []))
                if any(run.text.strip() for run in runs):
                    found.append(Paragraph(runs, number[-1] if number else None, max(0, len(number) - 1)))
            case "list_item_close":
                if number[-1]:
                    number[-1] += 1
    return found


def plain(paragraphs: Iterable[Paragraph]) -> str:
    """The same without any look."""
    return "\n".join(
        f"{f'{each.number}. ' if each.number else '• ' if each.number == 0 else ''}{''.join(r.text for r in each.runs)}"
        for each in paragraphs
    )


def rich_text(paragraphs: Sequence[Paragraph]) -> list[dict[str, Any]]:
    """Blocks that show them, each within what one block takes."""
    blocks = []
    for part in _parts([piece for each in paragraphs for piece in _cut_paragraph(each)]):
        elements: list[dict[str, Any]] = [_element(each, is_last=each is part[-1]) for each in part]
        blocks.append({"type": "rich_text", "elements": elements})
    return blocks


def streamed(text: str) -> str:
    """A passage of an answer for a stream, which Slack reads as markdown: bold and lists alone mean anything."""
    shown = []
    for each in read_markdown(text, {}):
        mark = f"{each.number}. " if each.number else "- " if each.number == 0 else ""
        shown.append(mark + "".join(f"**{_literal(r.text)}**" if r.is_bold else _literal(r.text) for r in each.runs))
    return "\n".join(shown) + ("\n\n" if text.endswith("\n\n") else "\n" if text.endswith("\n") else "")


def cut(text: str, limit: int) -> Iterator[str]:
    """Pieces within the limit, ending where a line, a sentence or at least a word does, where there is one."""
    while len(text) > limit:
        end = max(text.rfind("\n", 0, limit), 0) or _last_space(text, limit) or limit
        if piece := text[:end].rstrip():
            yield piece
        text = text[end:].lstrip()
    if text:
        yield text


def read_said(text: str, bot_user: str, names: Mapping[str, str]) -> str:
    """What somebody wrote, in plain words: without our own mention, others by name, links by their label."""

    def plainly(found: re.Match[str]) -> str:
        inside, _, label = found[1].partition("|")
        if inside.startswith("@"):
            return "" if inside[1:] == bot_user else names.get(inside[1:], label or "somebody")
        if inside.startswith(("#", "!")):
            return f"#{label}" if inside.startswith("#") and label else label.lstrip("@") or ""
        return label or inside.removeprefix("mailto:")

    return " ".join(html.unescape(_MARKUP.sub(plainly, clean(text))).split(" ")).strip()


def mentioned(text: str) -> list[str]:
    """The users whom a text mentions, in order."""
    return re.findall(r"<@([A-Z0-9]{2,30})(?:\|[^<>]*)?>", text)


def _runs(tokens: Sequence[Token]) -> Iterator[Run]:
    bold = italic = 0
    url = ""
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                if words := inert(token.content):
                    yield Run(words, bold > 0, italic > 0, url)
            case "softbreak" | "hardbreak":
                yield Run("\n")
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open" | "link_close":
                url = str(token.attrs.get("href", "")) if token.nesting > 0 else ""


def _cut_paragraph(paragraph: Paragraph) -> Iterator[Paragraph]:
    """The paragraph in pieces, each short enough for a block."""
    held: list[Run] = []
    for run in paragraph.runs:
        for text in cut(run.text, LONGEST_RUN) if len(run.text) > LONGEST_RUN else (run.text,):
            if held and sum(len(each.text) for each in held) + len(text) > LONGEST_RUN:
                yield replace(paragraph, runs=tuple(held))
                held = []
            held.append(replace(run, text=text))
    if held:
        yield replace(paragraph, runs=tuple(held))


def _parts(paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    held: list[Paragraph] = []
    for each in paragraphs:
        is_full = len(held) >= MOST_PARAGRAPHS or sum(one.length for one in held) + each.length > LONGEST_RUN
        if held and is_full:
            yield held
            held = []
        held.append(each)
    if held:
        yield held


def _element(paragraph: Paragraph, *, is_last: bool) -> dict[str, Any]:
    runs = list(paragraph.runs)
    if paragraph.number is None:
        return _section(runs if is_last else [*runs, Run("\n")])
    shown: dict[str, Any] = {
        "type": "rich_text_list",
        "style": "ordered" if paragraph.number else "bullet",
        "indent": min(paragraph.depth, DEEPEST),
        "elements": [_section(runs)],
    }
    return shown | ({"offset": paragraph.number - 1} if paragraph.number > 1 else {})


def _section(runs: Iterable[Run]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": [_run(run) for run in runs if run.text]}


def _run(run: Run) -> dict[str, Any]:
    style = {name: True for name, is_on in (("bold", run.is_bold), ("italic", run.is_italic)) if is_on}
    shown: dict[str, Any] = {"type": "text", "text": run.text}
    if run.url:
        shown = {"type": "link", "url": run.url, "text": run.text}
    return shown | ({"style": style} if style else {})


def _last_space(text: str, limit: int) -> int:
    ends = [found.start() for found in _SENTENCE.finditer(text, limit // 2, limit)]
    sentences = [end for end in ends if text[end - 1] in ".!?"]
    return (sentences or ends or [0])[-1]


def _literal(text: str) -> str:
    """Text that Slack's markdown takes as it is: its signs escaped, angle brackets as single quotation marks."""
    shown = text.replace("<", "‹").replace(">", "›")
    return re.sub(r"([\\`*_~\[\]()#|!])", r"\\\1", shown)

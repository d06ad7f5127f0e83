"""What a model may not write because the server makes it: links, images, mentions, HTML, code; the rest made inert."""

import re

from assistant.grounding.plain import REFERENCE

_REFUSED = (
    (re.compile(r"!\[[^\]\n]*\]\s*[(\[]"), "an image"),
    (re.compile(r"\]\s*\([^)\n]*\)?|\]\s*\[|^\s*\[[^\]\n]+\]:", re.MULTILINE), "a link"),
    (
        re.compile(
            r"\b[a-z][a-z0-9+.-]*:(?://|\\\\)|\bwww\.|\b(?:mailto|javascript|data|file|vbscript|tel):\S", re.IGNORECASE
        ),
        "a link",
    ),
    (
        re.compile(
            rf"(?<![\w:])//[\w{REFERENCE}]|[\w{REFERENCE}-]\.(?:[a-z]{{2,}}|[A-Z]{{2,}})\b|[\w{REFERENCE}-]\.[a-z][\w-]*[/\\]"
            r"|\w\s+\.\s?[a-z]|\w\s?[(\[{]?\bdot\b[)\]}]?\s?(?:com|net|org|io|\w{2,24}\s+slash)\b|\[\.\]|\(\.\)",
        ),
        "a link",
    ),
    (re.compile(r"<[@#!][^>\s]*>?|(?<![\w@])@[\w.-]+|\w@\w"), "a mention"),
    (re.compile(r"<\s*/?\s*[a-z!?][^>\n]*>?", re.IGNORECASE), "HTML"),
    (re.compile(r"```|~~~"), "code"),
)
_INERT = re.compile(r"[\\`\[\]<>|~#]|!(?=\[)|&(?=[#\w])")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.MULTILINE)
_NUMBERED = re.compile(r"^([ \t]*)\d{1,3}[.)][ \t]+", re.MULTILINE)


def refused(text: str) -> list[str]:
    """What the server alone makes, as far as the text holds any."""
    return list(dict.fromkeys(kind for pattern, kind in _REFUSED if pattern.search(text)))


def tidy(text: str) -> str:
    """Without headings, code marks and numbers of list items, which say nothing and are made by surfaces."""
    return _NUMBERED.sub(r"\1- ", _HEADING.sub("", text)).replace("`", "")


def inert(text: str) -> str:
    """Own words in which emphasis and lists remain, and rows of a table; nothing else is markup."""
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    if line.lstrip().startswith("|"):
        return "|".join(_INERT.sub(r"\\\g<0>", cell) for cell in line.split("|"))
    return _INERT.sub(r"\\\g<0>", line)

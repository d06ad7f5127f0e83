"""The words around arguments, as written in cues.yaml."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.builtin.words import Phrasebook

CUES = Path(__file__).with_name("cues.yaml")


@cache
def cues() -> Mapping[str, Any]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the base: "on", "off" and "no" are words here
    content: Mapping[str, Any] = yaml.load(CUES.read_text("utf-8"), Loader=loader)
    return content


@cache
def phrases(book: str) -> Phrasebook:
    """The phrases of one list of the file, named by its path: "days.start", "operations.what_if.delay.said"."""
    return Phrasebook((book, book, phrase) for phrase in _at(book))


@cache
def vocabulary(book: str) -> frozenset[str]:
    """The words of one list of the file."""
    return frozenset(_at(book))


@cache
def operations(tool: str) -> Mapping[str, Mapping[str, Any]]:
    """What a tool may suppose, edit or record."""
    found: Mapping[str, Mapping[str, Any]] = cues()["operations"][tool]
    return found


def _at(book: str) -> list[str]:
    found: Any = cues()
    for part in book.split("."):
        found = found[part]
    return list(found)

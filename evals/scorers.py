"""What makes an answer wrong: each scorer gives the sentences it would complain with, none when the answer is good."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from evals.grounded import NUMBER_WORDS, ungrounded
from evals.oracles import Truth
from evals.scenario import Expectation

JARGON = re.compile(r"\b(SPI|CPI|EAC|BAC|TCPI|P50|P80|float|WBS|DCMA)\b")
EMPTY_WORDS = re.compile(
    r"\b(sorry|apologi\w+|unfortunately|great question|happy to|certainly|of course|as an ai)\b", re.I
)
TELLING = re.compile(
    rf"\d|\b(?:{'|'.join(NUMBER_WORDS)}|red|amber|green|no|not|nothing|none|done|candidate|is|has)\b", re.I
)
FALSE_PRECISION = re.compile(r"\d\.\d{2,} (?:(?:working |calendar )?days\b|%)")
MOST_LINES, MOST_WORDS, FIRST_WORDS = 6, 110, 15
TOLERANCE = Decimal("0.0005")


def complaints(answer: dict[str, Any], expect: Expectation, truth: Truth | None, asked: str) -> Iterator[str]:
    """Everything wrong with an answer, as its JSON shows it."""
    yield from _outcome(answer, expect)
    yield from _wording(answer, asked)
    text = answer["text"]
    yield from (f"does not say {words!r}" for words in expect.says if words.lower() not in text.lower())
    yield from (f"says {words!r}" for words in expect.never_says if words.lower() in text.lower())
    cited = {citation["id"] for citation in answer["citations"]}
    yield from (f"does not cite {row}" for row in expect.cites if row not in cited)
    if truth is not None:
        yield from _truth(answer, truth)


def _outcome(answer: dict[str, Any], expect: Expectation) -> Iterator[str]:
    if answer["outcome"] != expect.outcome:
        yield f"outcome {answer['outcome']}, not {expect.outcome}"
    called = [call["name"] for call in answer["tools"]]
    wanted = expect.tools or ([expect.tool] if expect.tool else called)
    if called != wanted:
        yield f"called {called}, not {wanted}"
    arguments = answer["tools"][0]["arguments"] if answer["tools"] else {}
    for label, value in expect.arguments.items():
        if arguments.get(label) != value:
            yield f"{label} is {arguments.get(label)!r}, not {value!r}"


def _wording(answer: dict[str, Any], asked: str) -> Iterator[str]:
    text = answer["text"]
    if not text.strip():
        yield "is blank"
    beside = ("|",) if answer["outcome"] != "asked_back" else ("|", *(f"{number}. " for number in range(1, 10)))
    prose = [line for line in text.splitlines() if line.strip() and not line.startswith(beside)]
    if len(prose) > MOST_LINES * max(1, len(answer["facts"])):
        yield f"has {len(prose)} lines"
    if len(" ".join(prose).split()) > MOST_WORDS * max(1, len(answer["facts"])):
        yield f"has {len(' '.join(prose).split())} words"
    terms = set(JARGON.findall(text)) - {word.upper() for word in asked.split()} - set(asked.split())
    if terms:
        yield f"uses terms of art: {', '.join(sorted(terms))}"
    yield from (f"says {found[0]!r}, falsely precise" for found in FALSE_PRECISION.finditer(text))
    yield from (f"says {found[0]!r}, which tells nothing" for found in EMPTY_WORDS.finditer(text))
    if answer["outcome"] == "answered" and len(answer["facts"]) == 1 and answer["tools"]:
        yield from _verdict(next((part for part in text.split("\n\n") if "_As of" in part), text))
    if answer["facts"]:
        yield from ungrounded(answer, asked)
    if answer["grounding"]["unsupported"]:
        yield "has figures that no fact supports"
    if answer["outcome"] == "answered" and not answer["citations"]:
        yield "cites nothing"


def _verdict(text: str) -> Iterator[str]:
    """The verdict comes first, in bold, and the first fifteen words say how it stands."""
    if not text.startswith("**"):
        yield "does not begin with its verdict in bold"
    if not TELLING.search(" ".join(text.split()[:FIRST_WORDS])):
        yield f"says nothing in its first {FIRST_WORDS} words"


def _truth(answer: dict[str, Any], truth: Truth) -> Iterator[str]:
    fields = answer["facts"][0]["fields"] if answer["facts"] else {}
    for label, expected in truth.figures.items():
        found = fields.get(label, {}).get("value")
        if not _same(found, expected):
            yield f"{label} is {found!r}; the oracle says {expected!r}"
    if truth.rows is not None:
        found_rows = set(fields.get("rows", {}))
        if found_rows != truth.rows:
            yield f"rows {sorted(found_rows)}; the oracle says {sorted(truth.rows)}"
    for group, expected in truth.groups.items():
        found = fields.get("rows", {}).get(group, {}).get("value", {}).get("value")
        if not _same(found, expected):
            yield f"{group} is {found!r}; the oracle says {expected!r}"


def _same(found: Any, expected: Any) -> bool:
    if isinstance(expected, str) or isinstance(found, bool) or found is None:
        return bool(found == expected)
    return abs(Decimal(str(found)) - Decimal(str(expected))) <= TOLERANCE * max(Decimal(1), abs(Decimal(str(expected))))

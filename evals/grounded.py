"""Whether an answer says only what its own JSON holds; reads the JSON and nothing of the product."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

WORDS = "one two three four five six seven eight nine ten eleven twelve"
NUMBER_WORDS = {word: number for number, word in enumerate(WORDS.split(), 1)}
COLOURS = ("red", "amber", "green", "yellow")
SCALES = {"k": 1_000, "M": 1_000_000}


@dataclass(frozen=True)
class Held:
    """The values of an answer's fields, by what they are."""

    numbers: frozenset[Decimal]
    days: frozenset[date]
    strings: frozenset[str]
    counts: frozenset[int]
    colours: frozenset[str]
    rows: frozenset[str]
    conditions: tuple[str, ...]


def ungrounded(answer: dict[str, Any], asked: str) -> Iterator[str]:
    """A sentence for each figure, day, key and colour of the text that neither a field nor the question holds."""
    held = _held(answer)
    text = _bare("\n\n".join(part for part in answer["text"].split("\n\n") if "_As of" in part), held)
    spoken = f"{asked} {' '.join(held.conditions)}".lower()
    yield from (
        f"says the day {words!r}" for words, known in _days(text, held) if not known and words.lower() not in spoken
    )
    text = _DAY.sub(" ", _unnumbered(text))
    for found in _NUMBER.finditer(text):
        if not _is_known(found, held, text) and not re.search(rf"(?<![\d.,]){found['number']}(?![\d])", spoken):
            yield f"says the figure {found[0].strip()!r}"
    for word in re.findall(r"\b[a-z]+\b", text.lower()):
        if NUMBER_WORDS.get(word, 0) > 1 and NUMBER_WORDS[word] not in held.counts and word not in spoken:
            yield f"says the number {word!r}"
        if word in COLOURS and word not in held.colours and word not in spoken:
            yield f"says {word!r}"
    for key in re.findall(r"\[([A-Z]+-\d+)\]", text):
        yield f"names {key}"


def _unnumbered(text: str) -> str:
    """Without the numbers of rows that are told one a line, from 1 on."""
    lines, number = [], 1
    for line in text.splitlines():
        is_next = line.startswith(f"{number} ")
        lines.append(line.removeprefix(f"{number} ") if is_next else line)
        number += is_next
    return "\n".join(lines)


def _held(answer: dict[str, Any]) -> Held:
    fields = [pair for fact in answer["facts"] for pair in _fields(fact["fields"])]
    rows = [key for fact in answer["facts"] for key in fact["fields"].get("rows", {})]
    values = [(field["value"], field["unit"]) for _, field in fields]
    numbers = {number for value, unit in values if (number := _number(value, unit)) is not None}
    texts = {str(value) for value, unit in values if unit in ("name", "text", "key", "state")}
    dates = {date.fromisoformat(str(value)) for value, unit in values if unit == "date"}
    shown = {colour for path, field in fields for colour in COLOURS if field["value"] and colour in path.split("_")}
    return Held(
        numbers=frozenset(numbers),
        days=frozenset(dates | {date.fromisoformat(fact["as_of"]) for fact in answer["facts"]}),
        strings=frozenset({*texts, *(field["text"] for _, field in fields if field["value"] in texts), *rows}),
        counts=frozenset(int(value) for value, unit in values if unit == "count"),
        colours=frozenset({str(value) for value, unit in values if unit == "health"} | shown),
        rows=frozenset(rows),
        conditions=tuple(str(field["value"]) for path, field in fields if path in ("conditions", "part")),
    )


def _fields(tree: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for label, inner in tree.items():
        if isinstance(inner, dict) and "unit" in inner and "value" in inner:
            yield label, inner
        elif isinstance(inner, dict):
            yield from _fields(inner, label)


def _number(value: Any, unit: str) -> Decimal | None:
    """The value as a text tells it: shares per hundred, signs in words."""
    if isinstance(value, bool) or unit in ("name", "text", "key", "state", "health", "date"):
        return None
    try:
        number = abs(Decimal(str(value)))
    except InvalidOperation:
        return None
    return number * 100 if unit == "share" else number


def _bare(text: str, held: Held) -> str:
    """The text without emphasis, escapes, and whatever strings the fields hold, whole or cut short."""
    bare = re.sub(r"\\(.)", r"\1", text.replace("**", ""))
    for string in sorted(held.strings, key=len, reverse=True):
        edges = (r"(?<!\w)" if string[:1].isalnum() else "", r"(?!\w)" if string[-1:].isalnum() else "")
        bare = re.sub(f"{edges[0]}{re.escape(string)}{edges[1]}", "¤", bare) if string else bare
    for string in held.strings:
        for length in range(min(len(string), 600), 20, -1):
            if f"{string[:length]}…" in bare:
                bare = bare.replace(f"{string[:length]}…", "¤")
                break
    return re.sub(r"(?m)(^|· )\d+ (?=\[)", r"\1", bare)


def _days(text: str, held: Held) -> Iterator[tuple[str, bool]]:
    for found in _DAY.finditer(text):
        yield found[0], any(_is_day(found, day) for day in held.days)


def _is_day(found: re.Match[str], day: date) -> bool:
    """Whether what a text says of a day is true of this one."""
    if found["iso"]:
        return found["iso"] == day.isoformat()
    told = (found["weekday"] or f"{day:%a}", int(found["day"]), found["month"], found["year"] or str(day.year))
    return told == (f"{day:%a}", day.day, f"{day:%b}", str(day.year))


def _is_known(found: re.Match[str], held: Held, text: str) -> bool:
    """Whether a field rounds to the number, or it counts the rows that are not named."""
    shown = Decimal(found["number"].replace(",", ""))
    scale = SCALES.get(found["scale"] or "", 1)
    places = len(found["number"].partition(".")[2])
    slack = Decimal(scale) / 10**places * Decimal("0.5001")
    if any(abs(number - shown * scale) <= slack for number in held.numbers):
        return True
    is_rest = text[found.end() :].startswith(" more") and not places
    return is_rest and any(0 < count - shown <= max(len(held.rows), 1) for count in held.counts)


_DAY = re.compile(
    r"(?:(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\b(?P<day>\d{1,2}) "
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b(?: (?P<year>\d{4}))?"
    r"|(?P<iso>\d{4}-\d\d-\d\d)"
)
_NUMBER = re.compile(r"(?<![\w.,])(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?P<scale>[kM]\b)?")

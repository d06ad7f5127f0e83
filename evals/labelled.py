"""Messages labelled with the tool and the slots they mean, and whether an answer's arguments mean the same."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

MESSAGES = Path(__file__).with_name("messages")
WORLDS = {"quillmere": "quillmere", "federal": "hhs-it-portfolio"}


class LabelError(ValueError):
    """A message file that cannot be used; the sentence says where and why."""


@dataclass(frozen=True)
class Labelled:
    """What was said (the last of `talk` counts), by whom in which world, and what a fair reader takes it for."""

    world: str
    talk: tuple[str, ...]
    asker: str | None = None
    tools: tuple[str, ...] = ()  # any of them is right
    slots: Mapping[str, Any] = field(default_factory=dict)
    out_of_scope: bool = False
    ambiguous: bool = False

    @property
    def is_answerable(self) -> bool:
        return bool(self.tools)


def load_messages(paths: Iterable[Path] = ()) -> list[Labelled]:
    """The messages of these files; of all in evals/messages where none is named. Raises LabelError."""
    files = list(paths) or sorted(MESSAGES.glob("*.yaml"))
    if not files:
        raise LabelError(f"There are no messages in {MESSAGES}.")
    return [message for path in files for message in _read(path)]


def _read(path: Path) -> list[Labelled]:
    try:
        rows = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LabelError(f"{path} cannot be read as a list of messages: {error}") from error
    if not isinstance(rows, list):
        raise LabelError(f"{path} is not a list of messages.")
    return [_message(row, f"{path}, message {number}") for number, row in enumerate(rows, 1)]


def _message(row: Any, place: str) -> Labelled:
    if not isinstance(row, dict) or not row.keys() <= _KEYS or row.get("world") not in WORLDS:
        raise LabelError(f"{place}: it takes {', '.join(sorted(_KEYS))}; world is {' or '.join(WORLDS)}.")
    if ("ask" in row) == ("talk" in row) or sum(key in row for key in ("tool", "out_of_scope", "ambiguous")) != 1:
        raise LabelError(f"{place}: it needs ask or talk, and one of tool, out_of_scope and ambiguous.")
    tools = row.get("tool", ())
    return Labelled(
        WORLDS[row["world"]],
        tuple(row.get("talk") or (row["ask"],)),
        row.get("as"),
        (tools,) if isinstance(tools, str) else tuple(tools),
        row.get("slots") or {},
        bool(row.get("out_of_scope")),
        bool(row.get("ambiguous")),
    )


_KEYS = frozenset({"world", "as", "ask", "talk", "tool", "slots", "out_of_scope", "ambiguous"})


def lacking(expected: Mapping[str, Any], arguments: Mapping[str, Any]) -> list[str]:
    """The expected slots that the arguments do not hold, by meaning."""
    return [slot for slot, value in expected.items() if not _holds(slot, value, arguments)]


def _holds(slot: str, value: Any, arguments: Mapping[str, Any]) -> bool:
    if isinstance(value, list):
        return all(_holds(slot, each, arguments) for each in value)
    if slot == "state" and _plain(value) == "due":
        return bool({"start", "end"} & arguments.keys()) or _says(value, arguments.values())
    given = [arguments[name] for name in _NAMES.get(slot, (slot,)) if arguments.get(name) is not None]
    if isinstance(value, date):
        return any(_day(each) == value for each in _flat(given))
    if isinstance(value, int | float):
        return any(float(value) in _numbers(each) for each in _flat(given))
    if slot in _IN_WORDS:
        return _says(value, given)
    return any(_means(str(value), each) for each in _flat(given))


# The arguments that may hold a slot, by the names that tools give them.
_SUBJECT = ("project", "scope", "task", "subject", "person", "owner", "where", "filter", "like", "client", "name")
_NAMES = {
    **dict.fromkeys(("project", "scope", "task", "subject", "person"), _SUBJECT),
    "state": ("state", "filter", "where", "of", "measure"),
    "date": ("date", "value", "start", "end"),
    "value": ("value", "date", "days", "hours"),
    "since": ("since", "start", "date", "as_of"),
    "people": ("people", "value"),
    "budget": ("budget", "value"),
    "hours": ("hours", "value"),
    "topic": ("topic", "subject", "scope"),
    "skill": ("skill", "topic", "scope"),
}
_IN_WORDS = frozenset({"state", "operation", "kind", "topic", "skill"})
# Words for one meaning: those of the labels, and those that tools say instead.
_SAME = (
    {"date", "move", "extend", "postpone"},
    {"owner", "assign"},
    {"estimate", "duration", "effort"},
    {"leave", "remove", "cut"},
    {"unestimated", "estimate"},
)
_LITTLE = frozenset({"the", "of", "a", "an", "and", "in", "on", "to", "with", "for", "set", "add", "but", "no", "not"})


def _says(value: Any, given: Iterable[Any]) -> bool:
    """Whether words mean the same: they share a word, or words for one meaning."""
    wanted = _words(value)
    return any(wanted & _words(each) for each in _flat(given))


def _words(value: Any) -> set[str]:
    words = {word for word in re.findall(r"[^\W_]+", _plain(value)) if word not in _LITTLE} or {_plain(value)}
    same = {f"={number}" for number, group in enumerate(_SAME) if group & words}
    return {word[:5] for word in words} | same


def _means(value: str, given: Any) -> bool:
    """Whether keys, names or quantities are one: "+2d" is "2 days"."""
    wanted, said = _plain(value), _plain(given)
    if wanted == said or said.endswith(f"= {wanted}"):
        return True
    day = _day(value)
    return _day(given) == day if day else bool(_quantities(wanted) & _quantities(said))


def _quantities(text: str) -> set[tuple[float, str]]:
    found = _QUANTITY.fullmatch(text)
    if not found:
        return set()
    number, unit = float(found[1].replace(",", "")), found[2][:1]
    return {(number * days, "d") for days in (5, 7)} if unit == "w" else {(number, unit)}


def _numbers(given: Any) -> list[float]:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return [float(given)]
    return [float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", str(given))]


def _day(given: Any) -> date | None:
    """The day that an argument says; the Monday of a week. None if it says none."""
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(f"{given}-1" if _WEEK.fullmatch(str(given)) else str(given))
    except ValueError:
        return None


def _flat(given: Iterable[Any]) -> list[Any]:
    """The values, those of lists one by one."""
    lists = (value if isinstance(value, list | tuple) else [value] for value in given)
    return [each for values in lists for each in values]


def _plain(value: Any) -> str:
    return str(value).strip().lower().replace("_", " ")


_QUANTITY = re.compile(r"[+-]?(\d[\d,]*(?:\.\d+)?)\s*(%|[a-z]*)")
_WEEK = re.compile(r"\d{4}-W\d{2}")

"""The example messages of each label: where they are kept, and the texts a classifier learns from them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import yaml

from assistant.builtin.intent.reading import as_read, place_word

UTTERANCES = Path(__file__).parents[1] / "utterances"
FOREIGN = "out_of_scope"

# What stands for the placeholders of utterances: names nobody knows, in turn, so that no label has a name of its own.
NAMES: Mapping[str, tuple[str, ...]] = {
    "place": (
        *("apollo", "zeus", "river gateway", "billing revamp", "northwind", "customer portal", "data lake", "phoenix"),
        *("osprey", "hr rollout", "payments", "mobile app", "kestrel migration", "atlas", "claims system"),
        *("warehouse move", "saturn", "green roof", "ticket shop", "payroll two", "delta", "harvest", "blue line"),
        *("orion move", "bluebird", "titan two", "hub refresh", "records office", "site b", "pegasus"),
        *("lighthouse", "core banking switch", "intake desk", "quay street", "permit desk", "fleet tracker"),
        *("museum wing", "nova", "cold chain", "booking engine", "loyalty app", "school meals"),
        *("tram line six", "lab move", "case files", "rivet", "grid upgrade", "ledger clean-up"),
        *("north campus", "visitor centre", "sparrow", "pension switch", "reader kiosks", "solar park"),
        *("heron", "spare parts shop", "voice line", "archive scan", "dock four", "juniper", "staff portal"),
        *("alder", "health cards", "timber hall", "meter swap", "cedar gate", "parking app", "tax forms"),
        *("water works", "bridge street", "canteen", "basalt", "erp uplift", "license desk", "call centre"),
        *("open data", "garnet", "travel desk", "field tablets", "beacon", "city map", "identity hub", "larch"),
    ),
    "task": (
        *("wireframes", "firewall change", "vendor assessment", "kick-off workshop", "data cleansing", "smoke test"),
        *("security review", "printer rollout", "training material", "badge printing", "network cut-over"),
        *("user interviews", "contract signing", "server order", "logo approval", "address import", "test plan"),
        *("go-live checklist", "interface spec", "second rehearsal", "load test", "handover notes", "pilot week"),
    ),
    "skill": (
        *("java", "figma", "data modelling", "oracle", "salesforce", "docker", "german", "power bi", "react"),
        *("test automation", "azure", "ux design", "contract law", "sap", "copywriting", "networking", "python"),
        *("statistics", "procurement", "workshop moderation", "migration", "security"),
        *("kafka", "kubernetes", "terraform", "entra id", "iso 27001", "prince2", "angular", "snowflake", "gdpr"),
        *("cobol", "mainframe", "load testing", "scrum", "penetration testing", "polish", "accounting", "excel"),
    ),
    "client": (
        *("northwind", "the city council", "harper foods", "lumen energy", "the ministry", "acme", "orchid bank"),
        *("st brigid hospital", "vega logistics", "contoso", "the client"),
    ),
}
_KINDS = {"project": "place", "program": "place", "portfolio": "place", "task": "task"}
_SPOKEN = {
    "project": "the project",
    "program": "the program",
    "portfolio": "the portfolio",
    "task": "the task",
    "person": "anna",
    "time": "next week",
    "number": "20",
}


@dataclass(frozen=True)
class Example:
    """One text to learn."""

    label: str
    text: str


def in_words(text: str) -> str:
    """A text with its place words as somebody would say them, for the encoder, which knows no place words."""
    return _PLACE_WORD.sub(lambda found: _SPOKEN.get(found[1], found[1]), text)


def utterances(*folders: Path) -> dict[str, list[str]]:
    """The example messages of each label in the files of these folders."""
    found: dict[str, list[str]] = {}
    for path in chain.from_iterable(sorted(folder.glob("*.yaml")) for folder in folders):
        for label, texts in yaml.safe_load(path.read_text("utf-8")).items():
            found.setdefault(label, []).extend(str(text) for text in texts)
    return found


def examples(spoken: Mapping[str, list[str]]) -> Iterator[tuple[Example, ...]]:
    """Each utterance with place words; every third that names something once more, with a name nobody knows."""
    each = ((label, text.lower()) for label, texts in spoken.items() for text in texts)
    for number, (label, text) in enumerate(each):
        is_told_twice = number % 3 == 0 and label != FOREIGN and _NAMED.search(text)
        words_for = (_masked, _named) if is_told_twice else (_masked,)
        yield tuple(Example(label, as_read(_filled(text, word_for, number // 3))) for word_for in words_for)


def foreign_words(spoken: Mapping[str, list[str]]) -> frozenset[str]:
    """Words that only messages outside our field hold."""
    ours = all_words({label: texts for label, texts in spoken.items() if label != FOREIGN})
    return all_words({FOREIGN: spoken.get(FOREIGN, [])}) - ours


def shared_words(spoken: Mapping[str, list[str]]) -> frozenset[str]:
    """Words that several utterances hold."""
    counts = Counter(word for texts in spoken.values() for text in texts for word in _words(text))
    return frozenset(word for word, count in counts.items() if count > 1)


def all_words(spoken: Mapping[str, list[str]]) -> frozenset[str]:
    return frozenset(word for texts in spoken.values() for text in texts for word in _words(text))


def _filled(text: str, word_for: Callable[[str, int], str], number: int) -> str:
    return _PLACEHOLDER.sub(lambda found: word_for(found[1], number), text)


def _masked(kind: str, number: int) -> str:
    return _in_turn(kind, number) if kind in ("skill", "client") else place_word(kind)


def _named(kind: str, number: int) -> str:
    return _in_turn(_KINDS.get(kind, kind), number) if kind in (*_KINDS, "skill", "client") else place_word(kind)


def _in_turn(kind: str, number: int) -> str:
    return NAMES[kind][number % len(NAMES[kind])]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", _PLACEHOLDER.sub(" ", text.lower())))


_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NAMED = re.compile(r"\{(?:project|program|portfolio|task)\}")
_PLACE_WORD = re.compile(r"xx(\w+?)xx")

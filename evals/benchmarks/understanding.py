"""How well the built-in model understands labelled messages, with and without the sentence embeddings."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from assistant.agent import Assistant
from assistant.answer import Answer, Question
from assistant.builtin import intent
from evals.benchmarks import Report
from evals.labelled import Labelled, lacking, load_messages
from evals.worlds import World, build
from storage.access import Reader

THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
NOTHING = "asked back or declined"
FOREIGN = "out of scope"


@dataclass(frozen=True)
class Reading:
    """One message and what the assistant made of it. `tool` is empty where it called none."""

    message: Labelled
    outcome: str
    tool: str
    lacking: tuple[str, ...]
    confidence: float
    ms: float

    @property
    def is_right(self) -> bool:
        return self.tool in self.message.tools

    @property
    def is_full(self) -> bool:
        return self.is_right and not self.lacking

    @property
    def is_turned_away(self) -> bool:
        return not self.tool and self.outcome in ("declined", "refused", "asked_back")

    @property
    def is_well(self) -> bool:
        """Whether it became what a fair reader expects."""
        if self.message.out_of_scope:
            return self.is_turned_away
        return self.outcome == "asked_back" if self.message.ambiguous else self.is_full


def measure(paths: Sequence[Path] = ()) -> Report:
    """Shares of what was understood, asked back and declined, and the confusion; rows: the messages that went wrong."""
    messages = load_messages(paths)
    with TemporaryDirectory() as folder:
        worlds = {name: build(name, Path(folder) / name) for name in dict.fromkeys(each.world for each in messages)}
        whole = read(messages, worlds)
        with intent.without_embeddings():
            bare = read(messages, worlds)
    summary = {
        "messages": len(messages),
        **figures(whole),
        "without_embeddings": figures(bare),
        "curve": curve(whole),
        "curve_without_embeddings": curve(bare),
        "confusion": confusion(whole),
    }
    return Report("understanding", summary, [_row(each) for each in whole if not each.is_well])


def read(messages: Sequence[Labelled], worlds: Mapping[str, World]) -> list[Reading]:
    """What becomes of every message, asked as its person in a thread of its own."""
    assistants = {name: Assistant(world.store) for name, world in worlds.items()}
    return [_read(each, worlds[each.world], assistants[each.world]) for each in messages]


def _read(message: Labelled, world: World, assistant: Assistant) -> Reading:
    reader, thread = Reader(world.person_id(message.asker)), token_hex(8)
    started = perf_counter()
    for text in message.talk:
        answer = assistant.ask(Question(text=text, reader=reader, today=world.today, surface="eval", thread=thread))
    return reading(message, answer, (perf_counter() - started) * 1000)


def reading(message: Labelled, answer: Answer, ms: float = 0.0) -> Reading:
    """How an answer compares with what the message means; of several calls, the one that fits best counts."""
    fits = [
        Reading(message, answer.outcome, call.name, tuple(lacking(message.slots, call.arguments)), call.confidence, ms)
        for call in answer.tools
        if answer.outcome != "asked_back"
    ]
    nothing = Reading(message, answer.outcome, "", (), 0.0, ms)
    return min(fits, key=lambda each: (not each.is_right, len(each.lacking)), default=nothing)


def figures(readings: Sequence[Reading]) -> dict[str, Any]:
    """The shares of the issue, each of the messages it speaks of."""
    ours = [each for each in readings if each.message.is_answerable]
    foreign = [each for each in readings if each.message.out_of_scope]
    ambiguous = [each for each in readings if each.message.ambiguous]
    times = sorted(each.ms for each in readings)
    return {
        "right_tool": _share(ours, lambda each: each.is_right),
        "right_tool_and_slots": _share(ours, lambda each: each.is_full),
        "needless_questions": _share(ours, lambda each: each.outcome == "asked_back"),
        "out_of_scope_turned_away": _share(foreign, lambda each: each.is_turned_away),
        "ambiguous_asked_back": _share(ambiguous, lambda each: each.outcome == "asked_back"),
        "p50_ms": round(times[len(times) // 2], 1) if times else None,
    }


def curve(readings: Sequence[Reading]) -> list[dict[str, float | None]]:
    """Answering only from a confidence on: the share that is then answered, and the share right of those."""
    ours = [each for each in readings if not each.message.ambiguous]
    return [_at(threshold, ours) for threshold in THRESHOLDS]


def _at(threshold: float, readings: Sequence[Reading]) -> dict[str, float | None]:
    answered = [each for each in readings if each.tool and each.confidence >= threshold]
    right = _share(answered, lambda each: each.is_right)
    return {"confidence": threshold, "answered": round(len(answered) / max(1, len(readings)), 4), "right": right}


def confusion(readings: Sequence[Reading]) -> str:
    """A markdown table: what messages mean (rows) by what they were taken for (columns), numbered; right ones bold."""
    counts = Counter((_meant(each), each.tool or NOTHING) for each in readings if not each.message.ambiguous)
    labels = sorted({label for pair in counts for label in pair} - {FOREIGN, NOTHING})
    columns = [*labels, NOTHING]
    heads = [str(number) for number in range(1, len(columns) + 1)]
    lines = [f"| | {' | '.join(heads)} |", "|---" * (len(columns) + 1) + "|"]
    for number, row in enumerate((*labels, FOREIGN), 1):
        cells = [_cell(counts[row, column], is_right=_fits(row, column)) for column in columns]
        lines.append(f"| {number} {row} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _meant(reading: Reading) -> str:
    """The label that a reading is counted under: its own tool where that is right, else the first that would be."""
    if reading.message.out_of_scope:
        return FOREIGN
    return reading.tool if reading.is_right else reading.message.tools[0]


def _fits(row: str, column: str) -> bool:
    return row == column or (row, column) == (FOREIGN, NOTHING)


def _cell(count: int, *, is_right: bool) -> str:
    return f"**{count}**" if count and is_right else str(count or "")


def _share(readings: Sequence[Reading], holds: Callable[[Reading], bool]) -> float | None:
    """None where there is nothing to take a share of."""
    return round(sum(map(holds, readings)) / len(readings), 4) if readings else None


def _row(reading: Reading) -> dict[str, Any]:
    message = reading.message
    return {
        "message": " / ".join(message.talk),
        "meant": "ambiguous" if message.ambiguous else _meant(reading),
        "taken_for": reading.tool or reading.outcome,
        "lacking": list(reading.lacking),
        "confidence": reading.confidence,
    }

"""What an import did, or would do: counts, problems by row, and what the data can answer."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

SHOWN_IN_FULL = 100


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input. `row` counts as a spreadsheet does: the header is row 1."""

    sentence: str
    file: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = [self.file, f"row {self.row}" if self.row else "", self.column or ""]
        return f"{', '.join(part for part in place if part)}: {self.sentence}"


@dataclass
class LevelCount:
    """What happened to the rows of one level; `gone` rows are in the store, no longer in the file, and kept."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    gone_names: list[str] = field(default_factory=list)

    @property
    def edits(self) -> str:
        """What is written, in words; empty when nothing is."""
        parts = [f"{self.added:,} added" if self.added else "", f"{self.changed:,} changed" if self.changed else ""]
        return ", ".join(part for part in parts if part)


@dataclass
class ImportReport:
    """The outcome of one import; `applied` is False after a dry run, a refusal, or when nothing changed."""

    source: str
    dry_run: bool = False
    applied: bool = False
    counts: dict[str, LevelCount] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    can_answer: list[str] = field(default_factory=list)
    cannot_answer: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def nothing_changed(self) -> bool:
        return not any(count.added or count.changed for count in self.counts.values())

    @property
    def refused(self) -> bool:
        """Whether problems kept the store as it was."""
        return bool(self.problems) and not self.applied

    @property
    def summary(self) -> str:
        """The outcome in one sentence."""
        if self.refused and not self.dry_run:
            count = len(self.problems)
            return f"Nothing was imported: {count:,} problem{'' if count == 1 else 's'} to mend first."
        if self.nothing_changed:
            return "Nothing changed." if not self.problems else "Nothing valid to import."
        verb = "Would import" if self.dry_run else "Imported"
        parts = [f"{label} {count.edits}" for label, count in self.counts.items() if count.edits]
        return f"{verb} from {self.source}: {'; '.join(parts)}."

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "summary": self.summary,
            "applied": self.applied,
            "dry_run": self.dry_run,
            "counts": {label: asdict(count) for label, count in self.counts.items()},
            **_listed("problems", self.problems),
            **_listed("warnings", self.warnings),
            "can_answer": self.can_answer,
            "cannot_answer": self.cannot_answer,
            "seconds": round(self.seconds, 3),
        }


def _listed(label: str, problems: list[Problem]) -> dict[str, Any]:
    """The first hundred in full, and how many there are in each file."""
    return {
        label: [asdict(problem) for problem in problems[:SHOWN_IN_FULL]],
        f"{label}_total": len(problems),
        f"{label}_by_file": dict(Counter(problem.file for problem in problems)),
    }

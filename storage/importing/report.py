"""What an import did, or would do: counts, problems by row, and what the data can answer."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

SHOWN_IN_FULL = 100
SHOWN_AS_TEXT = 20


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
    removed: int = 0  # absences that a feed no longer has

    @property
    def edits(self) -> str:
        """What is written, in words; empty when nothing is."""
        parts = ((self.added, "added"), (self.changed, "changed"), (self.removed, "removed"))
        return ", ".join(f"{count:,} {word}" for count, word in parts if count)


@dataclass
class ImportReport:
    """The outcome of one import; `applied` is False after a dry run, a refusal, or when nothing changed."""

    source: str
    dry_run: bool = False
    applied: bool = False
    refused: bool = False  # problems keep, or in a dry run would keep, the store as it is
    counts: dict[str, LevelCount] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    can_answer: list[str] = field(default_factory=list)
    cannot_answer: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def summary(self) -> str:
        """The outcome in one sentence."""
        if self.refused:
            return f"Nothing {'would be' if self.dry_run else 'was'} imported: {_counted(self.problems, 'problem')}."
        parts = [f"{label} {count.edits}" for label, count in self.counts.items() if count.edits]
        if not parts:
            return "Nothing changed."
        return f"{'Would import' if self.dry_run else 'Imported'} from {self.source}: {'; '.join(parts)}."

    def __str__(self) -> str:
        parts = [
            self.summary,
            *_paragraph(_counted(self.problems, "problem"), self.problems),
            *_paragraph(_counted(self.warnings, "warning"), self.warnings),
            *self._gone(),
        ]
        if not self.refused:
            parts += _paragraph("This data can answer", self.can_answer)
            parts += _paragraph("It cannot answer", self.cannot_answer)
        return "\n".join(parts)

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "summary": self.summary,
            "applied": self.applied,
            "refused": self.refused,
            "dry_run": self.dry_run,
            "counts": {label: asdict(count) for label, count in self.counts.items()},
            **_listed("problems", self.problems),
            **_listed("warnings", self.warnings),
            "can_answer": self.can_answer,
            "cannot_answer": self.cannot_answer,
            "seconds": round(self.seconds, 3),
        }

    def _gone(self) -> list[str]:
        gone = {label: count for label, count in self.counts.items() if count.gone}
        lines = [f"{count.gone:,} {label}: {_some(count.gone_names)}" for label, count in gone.items()]
        return _paragraph("No longer in the files, and kept in the store", lines)


def _listed(label: str, problems: list[Problem]) -> dict[str, Any]:
    """The first hundred in full, and how many there are in each file."""
    return {
        label: [asdict(problem) for problem in problems[:SHOWN_IN_FULL]],
        f"{label}_total": len(problems),
        f"{label}_by_file": dict(Counter(problem.file for problem in problems)),
    }


def _paragraph(title: str, lines: list[Any]) -> list[str]:
    if not lines:
        return []
    more = [f"  and {len(lines) - SHOWN_AS_TEXT:,} more"] if len(lines) > SHOWN_AS_TEXT else []
    return ["", f"{title}:", *(f"  {line}" for line in lines[:SHOWN_AS_TEXT]), *more]


def _some(names: list[str]) -> str:
    return ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")


def _counted(things: list[Any], noun: str) -> str:
    return f"{len(things):,} {noun}{'' if len(things) == 1 else 's'}"

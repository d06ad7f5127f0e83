"""Values that somebody set here and that an import sets back: each is said with both values."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from storage.importing.differences import Difference
from storage.importing.report import Problem
from storage.models import History

CHUNK = 5_000
IMPORTED = "import of "  # how the cause of an import's edits begins


def reverted(session: Session, differences: list[Difference]) -> list[Problem]:
    """A warning for each field whose last edit was made here and whose source now says otherwise."""
    return [warning for difference in differences if difference.changed for warning in _of_table(session, difference)]


def _of_table(session: Session, difference: Difference) -> Iterator[Problem]:
    for (row_id, field), edit in _last_edits(session, difference).items():
        edits, row = difference.changed[row_id], difference.rows.get(row_id)
        if field in edits and row is not None and not edit.cause.startswith(IMPORTED):
            said = f"{_shown(edit.after)} was set here on {edit.at:%Y-%m-%d} ({edit.cause})"
            sentence = f"{said}; the file says {_shown(edits[field])}, and its source decides."
            yield Problem(sentence, difference.file, row.number, field)


def _last_edits(session: Session, difference: Difference) -> dict[tuple[int, str], History]:
    found: dict[tuple[int, str], History] = {}
    ids = sorted(difference.changed)
    table: Any = difference.model.__tablename__
    for start in range(0, len(ids), CHUNK):
        query = select(History).where(History.table == table, col(History.row_id).in_(ids[start : start + CHUNK]))
        for edit in session.exec(query.where(col(History.field).is_not(None)).order_by(col(History.id))):
            found[edit.row_id, str(edit.field)] = edit
    return found


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)

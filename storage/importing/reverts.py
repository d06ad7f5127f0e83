"""Where an import meets what people changed here: each field follows its declared owner, and nothing goes silently.

A source decides the fields it brings, unless the organisation decides them here (the policy "ownership"). A value that
somebody set here and the source sets back, one that stays against the source, and a row that was removed here and
comes back: each is said once, with both values.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from storage.importing.differences import Difference, Record
from storage.importing.layout import LAYOUTS
from storage.importing.report import Problem
from storage.models import History

CHUNK = 5_000
_MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\d[T ]00:00:00")
IMPORTED = "import of "  # how the cause of an import's edits begins


def settle(session: Session, differences: Sequence[Difference], decided_here: frozenset[str]) -> list[Problem]:
    """Take out of the differences what is decided here, and say where the file and what was done here disagree."""
    return [notice for difference in differences for notice in _settle(session, difference, decided_here)]


def _settle(session: Session, difference: Difference, decided_here: frozenset[str]) -> Iterator[Problem]:
    if difference.added:
        yield from _brought_back(session, difference)
    if not difference.changed:
        return
    table = _table(difference.model)
    made_here = _made_here(session, difference)
    for row_id, edits in list(difference.changed.items()):
        row = difference.rows.get(row_id)
        for field in list(edits):
            here = made_here.get((row_id, field))
            if row is None or field == "source_id":
                continue
            if f"{table}.{field}" in decided_here:
                sentence = f"the file says {_shown(edits[field])}, and this field is decided here; it stays"
                del edits[field]
                yield Problem(f"{_said(here)}{sentence}.", difference.file, row.number, field)
            elif here is not None:
                sentence = f"the file says {_shown(edits[field])}, and its source decides"
                yield Problem(f"{_said(here)}{sentence}.", difference.file, row.number, field)
        if not edits:
            del difference.changed[row_id]
            difference.unchanged += 1


def _made_here(session: Session, difference: Difference) -> dict[tuple[int, str], tuple[Any, History]]:
    """The value and the edit, by row and field, of those whose last edit was made here and not by an import."""
    last: dict[tuple[int, str], tuple[Any, History]] = {}
    for edit in _edits_of(session, _table(difference.model), sorted(difference.changed)):
        if edit.field is not None:
            last[edit.row_id, edit.field] = (edit.after, edit)
        elif edit.after is not None:  # the whole row was added: so was each of its fields
            last.update({(edit.row_id, field): (value, edit) for field, value in edit.after.items()})
    return {place: found for place, found in last.items() if not found[1].cause.startswith(IMPORTED)}


def _edits_of(session: Session, table: str, ids: Sequence[int]) -> Iterator[History]:
    for start in range(0, len(ids), CHUNK):
        of_rows = select(History).where(History.table == table, col(History.row_id).in_(ids[start : start + CHUNK]))
        yield from session.exec(of_rows.order_by(col(History.id)))


def _brought_back(session: Session, difference: Difference) -> Iterator[Problem]:
    """Rows that are new to the store because somebody removed them here."""
    identity = _IDENTITIES.get(_table(difference.model))
    if identity is None:
        return
    went = select(History).where(History.table == _table(difference.model), col(History.field).is_(None))
    removed = session.exec(went.where(col(History.after).is_(None)).order_by(col(History.id)))
    gone = {_identity(edit.before, identity): edit for edit in removed if edit.before}
    for record in difference.added if gone else ():
        edit = gone.get(_identity(record, identity))
        if edit is not None and not edit.cause.startswith(IMPORTED):
            what = " / ".join(_shown(record.get(column)) for column in identity)
            sentence = f"{what} was removed here on {edit.at:%Y-%m-%d} ({edit.cause}); the file has it, so it is back."
            yield Problem(sentence, difference.file)


def _identity(values: Record, columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(values.get(column)) for column in columns)


def _said(here: tuple[Any, History] | None) -> str:
    if here is None:
        return ""
    value, edit = here
    return f"{_shown(value)} was set here on {edit.at:%Y-%m-%d} ({edit.cause}); "


def _shown(value: Any) -> str:
    """A value as a person reads it; a date without a time of day as the date."""
    if value is None:
        return "nothing"
    words = str(value)
    return words[:10] if _MIDNIGHT.fullmatch(words) else words


def _table(model: type[SQLModel]) -> str:
    return str(model.__tablename__)


_IDENTITIES = {_table(layout.model): layout.identity for layout in LAYOUTS if layout.identity}

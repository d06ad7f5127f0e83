"""Absences that a feed brought in and no longer has: moved, cancelled or deleted where they are kept."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from storage.importing.batch import Batch
from storage.importing.differences import Difference
from storage.importing.gathering import Found
from storage.importing.layout import ABSENCE
from storage.models import Absence, History


def withdraw(
    session: Session, batch: Batch, found: Iterable[Found], cause: str, differences: Iterable[Difference]
) -> None:
    """Have the difference remove what earlier imports of this cause added from the feed's first day on, and it lacks.

    Nothing is removed while any of its events cannot be read, nor what somebody entered or another file brought.
    """
    since = next((each.table.since for each in found if each.layout is ABSENCE and each.table.since), None)
    difference = next((each for each in differences if each.model is Absence), None)
    if since is None or difference is None or batch.tables[ABSENCE.name].problems:
        return
    rows = batch.rows(ABSENCE.name)
    kept = {(batch.known.id_of("person", row.parents["person_id"]), row.values["starts_on"]) for row in rows}
    brought = select(History.row_id).where(
        History.table == Absence.__tablename__, History.cause == cause, col(History.field).is_(None)
    )
    query = select(Absence).where(col(Absence.starts_on) >= since, col(Absence.id).in_(brought))
    for absence in session.exec(query):
        if (absence.person_id, absence.starts_on) not in kept and absence.id is not None:
            difference.removed.append(absence.id)
    difference.gone = []

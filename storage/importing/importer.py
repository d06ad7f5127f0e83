"""`import_paths`: from files to rows of the store, or to a report of why not."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import select
from sqlmodel import Session, col

from storage.changes.writer import Writer
from storage.engine import Store
from storage.importing.answerable import answerable
from storage.importing.batch import Batch
from storage.importing.checks import check
from storage.importing.differences import Difference, Record, compare
from storage.importing.gathering import PLAN_KIND, Gathered, gather
from storage.importing.known import look_up
from storage.importing.layout import LAYOUT
from storage.importing.mapping import TableMap, scale_of
from storage.importing.meeting import meet
from storage.importing.report import ImportReport, Problem
from storage.importing.reverts import IMPORTED, settle
from storage.importing.staging import Row, Staged, stage
from storage.importing.withdrawing import withdraw
from storage.importing.writing import save_source, write
from storage.models import ImportRun, Organisation, Project
from storage.policies import decided_here
from storage.vocabulary import CustomKind

Progress = Callable[[str, float], None]


def import_paths(
    store: Store,
    paths: Sequence[Path | str],
    *,
    mapping: Path | str | None = None,
    as_project: str | None = None,
    accept_good: bool = False,
    dry_run: bool = False,
    at: datetime,
    person_id: int | None = None,
    progress: Progress = lambda text, share: None,
) -> ImportReport:
    """Import files or folders into the store, all or nothing, and report what was done.

    `mapping` is a TOML file, or the name of a shipped one; without it a folder's own mapping.toml, a shipped mapping
    whose columns are there, or our own format is used. `as_project` is the key of the project whose tasks one file
    holds. With `accept_good`, the rows without problems are imported, and the others reported.
    """
    started = perf_counter()
    progress("Reading files", 0.0)
    gathered = gather([Path(path) for path in paths], mapping, as_project)
    tables = _stage(gathered, progress)
    report = ImportReport(gathered.name, dry_run=dry_run)
    has_problems = gathered.problems or any(staged.problems for staged in tables.values())
    if dry_run or (has_problems and not accept_good):
        with store.reading() as session:
            _plan(session, gathered, tables, as_project, report, progress)
            report.refused = _is_refused(report, tables, accept_good=accept_good)
    else:
        with store.writing(f"{IMPORTED}{gathered.name}", person_id, at) as writer:
            differences = _plan(writer.session, gathered, tables, as_project, report, progress)
            report.refused = _is_refused(report, tables, accept_good=accept_good)
            if not report.refused:
                progress("Writing", 0.8)
                _write(writer, gathered, tables, differences, report, at)
    report.seconds = perf_counter() - started
    progress("Done", 1.0)
    return report


def _stage(gathered: Gathered, progress: Progress) -> dict[str, Staged]:
    tables = {}
    for number, found in enumerate(gathered.found):
        progress(f"Reading {found.table.name}", 0.1 + 0.4 * number / len(gathered.found))
        tables[found.layout.name] = stage(found.table, found.layout, found.mapping, gathered.source)
    return tables


def _plan(
    session: Session,
    gathered: Gathered,
    tables: dict[str, Staged],
    as_project: str | None,
    report: ImportReport,
    progress: Progress,
) -> list[Difference]:
    """Check the rows against each other and the store, and report what would be written."""
    progress("Checking", 0.5)
    unreadable = gathered.unreadable | {name for name, staged in tables.items() if staged.is_unreadable}
    batch = Batch(gathered.source, look_up(session, gathered.name), tables, unreadable)
    if gathered.source.kind == PLAN_KIND:
        meet(batch)
    if as_project is not None:
        _add_project(batch, as_project)
    check(batch)
    progress("Comparing with the store", 0.65)
    differences = compare(session, batch, _custom_fields(gathered, tables), _words(gathered))
    withdraw(session, batch, gathered.found, f"{IMPORTED}{gathered.name}", differences)
    notices = settle(session, differences, decided_here(session))
    report.problems = gathered.problems + batch.problems
    report.warnings = gathered.warnings + batch.warnings + _older(batch, gathered) + notices
    report.can_answer, report.cannot_answer = answerable(batch)
    report.counts = {each.label: each.count for each in differences if each.unchanged or each.gone or not each.is_empty}
    return [each for each in differences if not each.is_empty]


def _write(
    writer: Writer,
    gathered: Gathered,
    tables: dict[str, Staged],
    differences: list[Difference],
    report: ImportReport,
    at: datetime,
) -> None:
    """Apply the differences; an import that changes nothing is only noted as a sync of its source."""
    source_id = save_source(writer, gathered.name, gathered.source, _owned(tables), at)
    if not differences:
        return
    write(writer, differences, source_id)
    _ensure_organisation(writer, gathered)
    _adopt_fiscal_year(writer, gathered, source_id)
    report.applied = True
    run = ImportRun(source_id=source_id, ran_at=at, digest=gathered.digest, report=report.to_json())
    writer.session.add(run)


def _is_refused(report: ImportReport, tables: dict[str, Staged], *, accept_good: bool) -> bool:
    return bool(report.problems) and not (accept_good and any(staged.rows for staged in tables.values()))


def _older(batch: Batch, gathered: Gathered) -> list[Problem]:
    given, known = gathered.source.data_as_of, batch.known.data_as_of
    if given is None or known is None or given >= known:
        return []
    return [Problem(f"The data is of {given}; the store already has that of {known}.", gathered.name)]


def _add_project(batch: Batch, key: str) -> None:
    """The project whose tasks are imported; one that is not there yet is made, with its key as its name."""
    if key in batch.known.rows["project"] or any(row.key == key for row in batch.rows("project")):
        return
    values = {"key": key, "name": key, "currency": None}
    staged = Staged(LAYOUT["project"], TableMap(file=LAYOUT["project"].file, columns={}), "--as")
    staged.rows.append(Row(0, values, {}, {}))
    batch.tables = {"project": staged, **batch.tables}


def _owned(tables: dict[str, Staged]) -> set[str]:
    return {f"{name}.{field.column}" for name, staged in tables.items() for field in staged.fields}


def _custom_fields(gathered: Gathered, tables: dict[str, Staged]) -> list[Record]:
    return [
        {
            "level": name,
            "key": key,
            "label": custom.label,
            "kind": custom.kind.value,
            "currency": (scale_of(custom, custom.unit).currency or gathered.source.currency)
            if custom.kind is CustomKind.MONEY
            else None,
            "field_class": custom.field_class.value,
            "also_called": custom.also_called,
        }
        for name, staged in tables.items()
        for key, custom in staged.mapping.custom.items()
    ]


def _words(gathered: Gathered) -> list[Record]:
    records = []
    for place, words in gathered.words.items():
        level, _, field = place.partition(".")
        records += [{"level": level, "field": field or None, "word": word} for word in dict.fromkeys(words)]
    return records


def _ensure_organisation(writer: Writer, gathered: Gathered) -> None:
    if writer.session.scalars(select(Organisation)).first() is None:
        currency = {"currency": gathered.source.currency} if gathered.source.currency else {}
        writer.add(Organisation, [{"id": 1, "name": gathered.name, **currency}])


def _adopt_fiscal_year(writer: Writer, gathered: Gathered, source_id: int) -> None:
    """The source's fiscal year is the organisation's where all its projects come from there."""
    month = gathered.source.fiscal_year_start_month
    elsewhere = col(Project.source_id).is_distinct_from(source_id)
    if month is None or writer.session.scalars(select(col(Project.id)).where(elsewhere).limit(1)).first() is not None:
        return
    organisation = writer.session.scalars(select(Organisation)).one()
    if organisation.fiscal_year_start_month != month:
        writer.change(Organisation, organisation.id, {"fiscal_year_start_month": month})

"""`pilothouse import`: with a progress bar, and the figures of what came in computed before the first question."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from integrations.app import Application
from integrations.settings import color_is_wanted
from storage.importing import ImportReport, import_paths
from tools.readings import warm


def run_import(
    application: Application,
    paths: list[Path],
    *,
    mapping: str | None,
    project: str | None,
    accept_good: bool,
    dry_run: bool,
) -> ImportReport:
    """Import the files as the store's owner; all or nothing."""
    with progress_bar() as tell:
        report = import_paths(
            application.store,
            paths,
            mapping=mapping,
            as_project=project,
            accept_good=accept_good,
            dry_run=dry_run,
            at=datetime.now(UTC),
            person_id=application.owner().id,
            progress=tell,
        )
        if report.applied:
            tell("Computing figures", 0.95)
            warm(application.store, application.today())
            tell("Done", 1.0)
    return report


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """A bar on stderr that `tell(text, share)` moves; nothing is drawn where nobody watches."""
    console = Console(stderr=True, no_color=not color_is_wanted())
    columns = (TextColumn("{task.description:<24}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("Reading files", total=1.0)
        yield lambda text, share: progress.update(bar, description=text, completed=share)

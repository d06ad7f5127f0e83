"""The log: one JSON line for each event, in a file of the data folder; never questions, answers or keys."""

import sys
from pathlib import Path


def note_surprise(path: Path, surprise: BaseException, *, during: str) -> None:
    """Keep what went wrong, with its traceback, for whoever runs this. A log that cannot be written stops nothing."""
    import structlog

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            logger = structlog.wrap_logger(
                structlog.WriteLogger(file),
                processors=[
                    structlog.processors.add_log_level,
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.processors.format_exc_info,
                    structlog.processors.JSONRenderer(),
                ],
            )
            logger.error("surprise", during=during, exc_info=surprise)
    except OSError as error:
        print(f"The log {path} cannot be written: {error}.", file=sys.stderr)


def apology(path: Path) -> str:
    return f"Sorry, something went wrong here. It is noted in {path}. Try again, or ask differently."

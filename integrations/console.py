"""How commands speak: data on stdout, messages on stderr, dates read, and one sentence for whatever goes wrong."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import typer

from integrations.app import CannotDo
from integrations.log import apology, note_surprise
from integrations.settings import SettingsError, read_settings
from storage.errors import StoreError
from storage.text import UNPRINTABLE

EXPECTED = (CannotDo, SettingsError, StoreError)

AsJson = typer.Option("--json", help="Print JSON.")


def say(message: str) -> None:
    """A message to the person at the terminal."""
    print(_inert(message), file=sys.stderr, flush=True)


def show(text: str) -> None:
    """A line of data."""
    print(_inert(text), flush=True)


def show_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str), flush=True)


def read_day(words: str | date) -> date:
    """A date as the command line takes it; anything else is wrong usage."""
    if isinstance(words, date):
        return words
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise typer.BadParameter(f"“{words}” is no date. Write one like 2026-03-02.") from None


@contextlib.contextmanager
def in_sentences() -> Iterator[None]:
    """Every error ends as one sentence and exit code 1; what nobody expected is logged first."""
    _never_fail_on_characters()
    try:
        yield
    except EXPECTED as error:
        say(str(error))
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        say("Stopped.")
        raise SystemExit(130) from None
    except BrokenPipeError:
        # The reader of our output has gone: not an error of ours, but Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except Exception as surprise:
        log = _log_file()
        note_surprise(log, surprise, during=" ".join(sys.argv[1:2]))
        say(apology(log))
        raise SystemExit(1) from None


def _inert(text: str) -> str:
    """Lines without control, invisible or direction characters, which a terminal would obey."""
    return "\n".join(UNPRINTABLE.sub(" ", line) for line in text.split("\n"))


def _log_file() -> Path:
    try:
        return read_settings().log_file
    except SettingsError:
        return Path("pilothouse.log").absolute()


def _never_fail_on_characters() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")

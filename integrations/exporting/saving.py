"""`pilothouse export`: the project that words mean, written whole or not at all."""

from datetime import date
from pathlib import Path

from integrations.app import Application, CannotDo
from integrations.exporting.formats import export_plan
from storage.access import Reader
from storage.people import Member
from storage.vocabulary import Level
from tools.context import ToolContext
from tools.facts import Clarification, Refusal
from tools.readings import warm
from tools.resolve import find_one


def export_named(application: Application, asker: Member, words: str, kind: str, as_of: date | None) -> bytes:
    """The plan of the project that words mean, as this asker. Raises CannotDo with a sentence where there is none."""
    today = application.today()
    warm(application.store, today, as_of=as_of)
    context = ToolContext(application.store, Reader(asker.id), today, as_of=as_of)
    with context.reading() as session:
        match = find_one(session, context.reader, words, (Level.PROJECT,))
    if isinstance(match, Clarification):
        raise CannotDo(f"{match.question} {', '.join(option.key for option in match.options)}")
    if isinstance(match, Refusal):
        raise CannotDo(match.sentence)
    if match.level is not Level.PROJECT:
        raise CannotDo(f"{match.name} is a {match.level.value}; name one of its projects.")
    data = export_plan(context, match.key, kind)
    if data is None:
        raise CannotDo(f"Of {match.name} you may know the name, and no more.")
    return data


def save(data: bytes, path: Path) -> None:
    """Write a file whole or not at all. Raises CannotDo with a sentence."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CannotDo(f"{path} cannot be written ({error.strerror}).") from error

"""`pilothouse audit`: who saw and changed what, and whether the record of it is as it was written."""

from typing import Annotated, Any

import typer

from integrations.app import open_application
from integrations.console import AsJson, show, show_json
from storage import audit as record

audit = typer.Typer(help="Who saw and changed what.", no_args_is_help=True, rich_markup_mode=None)

Json = Annotated[bool, AsJson]


@audit.command("verify")
def verify(as_json: Json = False) -> None:
    """Compute the chain of events anew; name the first one that was altered."""
    with open_application().store.reading() as session:
        found = record.verify(session)
    if as_json:
        show_json({"events": found.events, "last_hash": found.last_hash, "altered": found.altered_id})
    else:
        show(found.sentence)
    if found.altered_id is not None:
        raise typer.Exit(1)


@audit.command("list")
def list_events(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most, the latest first.")] = 100,
    as_json: Json = False,
) -> None:
    """The latest events: when, who, what, and what became of it."""
    with open_application().store.reading() as session:
        found = record.latest(session, limit)
    if as_json:
        show_json([_to_json(each) for each in found])
        return
    for each in found:
        show(f"{each.at:%Y-%m-%d %H:%M}  {each.person or '-'}  {each.action}  {each.subject}  {each.outcome}")


def _to_json(event: record.AuditRecord) -> dict[str, Any]:
    return {
        "id": event.id,
        "at": event.at.isoformat(),
        "person": event.person,
        "action": event.action,
        "subject": event.subject,
        "outcome": event.outcome,
        "details": event.details,
    }

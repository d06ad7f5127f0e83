"""`pilothouse proposals`: what was proposed, and a person's yes, no or undo."""

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.app import open_application
from integrations.console import AsJson, read_day, say, show_json

if TYPE_CHECKING:
    from assistant.approvals import Card, Outcome
    from integrations.app import Application

proposals = typer.Typer(help="What was proposed: confirm it, or not.", no_args_is_help=True, rich_markup_mode=None)

Key = Annotated[str, typer.Argument(metavar="ID", help="Like P-7KQ2.")]
As = Annotated[str | None, typer.Option("--as", metavar="EMAIL", help="Who decides (default: the store's owner).")]
AsOf = Annotated[date | None, typer.Option(parser=read_day, metavar="DATE", help="Compute as of this day.")]
Json = Annotated[bool, AsJson]


@proposals.command("list")
def list_proposals(decider: As = None, as_json: Json = False) -> None:
    """Yours, and those that wait for your yes; newest first."""
    from assistant.approvals import list_cards
    from assistant.cards import heading
    from integrations.rendering.card import render_heading
    from storage.access import Reader

    application = open_application()
    found = [heading(each) for each in list_cards(application.store, Reader(application.asker(decider).id))]
    if as_json:
        show_json(found)
        return
    for each in found:
        render_heading(_console(), each)
    if not found:
        say("No proposals that concern you. Ask for a change, like “move” and a task and a day.")


@proposals.command("show")
def show_proposal(key: Key, decider: As = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """One proposal: what would change, what that does, who may confirm it."""
    from assistant.approvals import card_of
    from storage.access import Reader

    application = open_application()
    reader = Reader(application.asker(decider).id)
    today = as_of or application.today()
    _show(card_of(application.store, reader, key, today=today), today, as_json=as_json)


@proposals.command("approve")
def approve(
    key: Key,
    only: Annotated[str, typer.Option(metavar="1,2", help="Confirm some of its changes; the rest stays open.")] = "",
    code: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of the card you saw; another applies nothing.")
    ] = None,
    decider: As = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Say yes. It is applied at once, unless your firm wants a second person for it."""
    from assistant.approvals import confirm, confirm_part
    from storage.access import Reader

    application = open_application()
    reader = Reader(application.asker(decider).id)
    today = as_of or application.today()
    if only:
        part = confirm_part(application.store, reader, key, _numbers(only), today=today)
        say(part.sentence)
        key, code = part.card.record.key, None
    _end(confirm(application.store, reader, key, today=today, code=code), today, as_json=as_json)


@proposals.command("reject")
def reject_proposal(
    key: Key,
    note: Annotated[str, typer.Option(help="Why, for whoever proposed it.")] = "",
    decider: As = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Say no: it can no longer be confirmed."""
    from assistant.approvals import reject
    from storage.access import Reader

    application = open_application()
    reader, today = Reader(application.asker(decider).id), as_of or application.today()
    _end(reject(application.store, reader, key, today=today, note=note), today, as_json=as_json)


@proposals.command("undo")
def undo_proposal(key: Key, decider: As = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """Take an applied proposal back, as one step."""
    from assistant.approvals import undo
    from storage.access import Reader

    application = open_application()
    reader, today = Reader(application.asker(decider).id), as_of or application.today()
    _end(undo(application.store, reader, key, today=today), today, as_json=as_json)


@proposals.command("again")
def propose_again(key: Key, decider: As = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """Propose the same for the plan as it is now, in place of one that the plan has left behind."""
    from assistant.approvals import offer_again
    from storage.access import Reader

    application = open_application()
    reader = Reader(application.asker(decider).id)
    today = as_of or application.today()
    _end(offer_again(application.store, reader, key, today=today), today, as_json=as_json)


def show_cards(application: "Application", person_id: int, keys: list[str], today: date) -> None:
    """Below an answer: where each of its proposals stands, and the commands that decide it."""
    from assistant.approvals import card_of
    from assistant.cards import contract
    from integrations.rendering.card import next_steps
    from storage.access import Reader

    for key in keys:
        card = contract(card_of(application.store, Reader(person_id), key, today=today), today)
        say(f"{key}: {card['standing']}")
        for step in next_steps(card):
            say(f"  {step}")


def _end(outcome: "Outcome", today: date, *, as_json: bool) -> None:
    from assistant.cards import contract

    if as_json:
        show_json({"done": outcome.is_done, "sentence": outcome.sentence, "card": contract(outcome.card, today)})
    else:
        say(outcome.sentence)
        if not outcome.is_done:
            _show(outcome.card, today, as_json=False)
    if not (outcome.is_done or outcome.is_noted):
        raise typer.Exit(1)


def _show(card: "Card", today: date, *, as_json: bool) -> None:
    from assistant.cards import contract
    from integrations.rendering.card import next_steps, render_card

    shown = contract(card, today)
    if as_json:
        show_json(shown)
        return
    render_card(_console(), shown)
    for step in next_steps(shown):
        say(f"  {step}")


def _numbers(words: str) -> list[int]:
    try:
        return [int(each) for each in words.split(",")]
    except ValueError:
        raise typer.BadParameter(f"“{words:.40}” are no numbers. Write them like 1,3.") from None


def _console() -> Any:
    from integrations.rendering.terminal import console_for
    from integrations.settings import color_is_wanted

    return console_for(sys.stdout, color=color_is_wanted())

"""`pilothouse definition`: what the firm's figures mean, where that is for it to choose."""

from typing import Annotated, Any

import typer

from integrations.app import CannotDo, open_application
from integrations.console import AsJson, show, show_json
from storage.policies import choose
from tools.planning.utilisation import Base, Numerator, UtilisationDefinition, Whose

definitions = typer.Typer(help="What your figures mean.", no_args_is_help=True, rich_markup_mode=None)


@definitions.callback()
def group() -> None:
    """What your figures mean, where that is yours to choose."""


@definitions.command("utilisation")
def define_utilisation(
    name: Annotated[str | None, typer.Option(help="How you refer to it, such as U-2.")] = None,
    numerator: Annotated[Numerator | None, typer.Option(help="Which hours count.")] = None,
    base: Annotated[Base | None, typer.Option(help="What they are divided by.")] = None,
    whose: Annotated[Whose | None, typer.Option(help="Whose hours these are.")] = None,
    target: Annotated[float | None, typer.Option(metavar="PERCENT", help="What you aim at.")] = None,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Show what utilisation is here, or choose it."""
    from tools.utilisation import utilisation_definition

    application = open_application()
    given: dict[str, Any] = {"name": name, "numerator": numerator, "base": base, "whose": whose}
    given |= {"target_share": None if target is None else target / 100}
    chosen = {label: value for label, value in given.items() if value is not None}
    try:
        UtilisationDefinition(**chosen)
    except ValueError as error:
        raise CannotDo(str(error)) from error
    if chosen:
        choose(application.store, "utilisation", chosen, by=application.owner().id)
    with application.store.reading() as session:
        definition = utilisation_definition(session)
    if as_json:
        show_json({label: getattr(definition, label) for label in given})
        return
    aim = f", target {definition.target_share * 100:g} %" if definition.target_share else ""
    hours = f"{definition.numerator} hours over {definition.base} hours".replace("_", " ")
    show(f"{definition.name}: {hours}, of {definition.whose}{aim}")

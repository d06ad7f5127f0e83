"""`pilothouse definition`: what the firm's figures mean, where that is for it to choose."""

from typing import Annotated, Any

import typer

from integrations.app import CannotDo, open_application
from integrations.console import AsJson, show, show_json
from storage.importing.layout import LAYOUTS
from storage.policies import choose, decided_here, four_eyes
from storage.vocabulary import FourEyes
from tools.planning.utilisation import Base, Numerator, UtilisationDefinition, Whose

IMPORTABLE = frozenset(f"{layout.name}.{field.column}" for layout in LAYOUTS for field in layout.fields)

definitions = typer.Typer(help="What your figures mean.", no_args_is_help=True, rich_markup_mode=None)


@definitions.callback()
def group() -> None:
    """What your figures mean, where that is yours to choose."""


@definitions.command("four-eyes")
def define_four_eyes(
    kinds: Annotated[list[str] | None, typer.Argument(metavar="[KIND]...", help=", ".join(FourEyes))] = None,
    none: Annotated[bool, typer.Option("--none", help="Nothing wants a second person.")] = False,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Show which changes want two people here, or choose them."""
    application = open_application()
    if kinds or none:
        if unknown := set(kinds or ()) - set(FourEyes):
            raise CannotDo(f"There is no kind “{sorted(unknown)[0]:.40}”. There are: {', '.join(FourEyes)}.")
        choose(application.store, "four_eyes", {"kinds": sorted(set(kinds or ()))}, by=application.owner().id)
    with application.store.reading() as session:
        chosen = sorted(four_eyes(session))
    show_json(chosen) if as_json else show(", ".join(chosen) or "Nothing wants a second person.")


@definitions.command("ownership")
def define_ownership(
    here: Annotated[
        list[str] | None, typer.Option(metavar="FIELD", help="Decided here, like task.planned_finish.")
    ] = None,
    source: Annotated[list[str] | None, typer.Option(metavar="FIELD", help="Decided by the system it is from.")] = None,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Show which imported fields are decided here, so that no import changes them, or choose them."""
    application = open_application()
    with application.store.reading() as session:
        chosen = (decided_here(session) | set(here or ())) - set(source or ())
    if unknown := {*(here or ()), *(source or ())} - IMPORTABLE:
        raise CannotDo(f"There is no imported field “{sorted(unknown)[0]:.60}”. Write it like task.planned_finish.")
    if here or source:
        choose(application.store, "ownership", {"here": sorted(chosen)}, by=application.owner().id)
    show_json(sorted(chosen)) if as_json else show("\n".join(sorted(chosen)) or "Every field follows its source.")


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

"""Calls a tool function by name with checked arguments: the one door through which any model reaches the tools."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from storage.readings import knows_progress
from storage.records import NotFound
from storage.selection.frames import Clock, Selection
from storage.selection.rows import clocks, list_rows
from storage.vocabulary import Level
from tools import facts
from tools.context import ToolContext
from tools.facts import Fact, Refusal, ToolResult

NOTHING = (
    "Nothing is on file yet that you can see. “pilothouse import” with the path of a file or folder brings projects in,"
    " “pilothouse init --sample” a made-up firm to try."
)


class ArgumentsMisfit(ValueError):
    """Arguments a tool cannot use; the sentence names the one that does not fit, and those it takes."""


@dataclass(frozen=True)
class Tool:
    """A tool function `(context, **flat arguments) -> ToolResult`; its docstring is what a model reads."""

    function: Callable[..., ToolResult]

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def description(self) -> str:
        return inspect.getdoc(self.function) or ""

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The flat, typed arguments with their descriptions; unknown ones are refused."""
        hints = get_type_hints(self.function, include_extras=True)
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        fields: dict[str, Any] = {
            parameter.name: (hints[parameter.name], _field(parameter, hints[parameter.name]))
            for parameter in parameters
        }
        return create_model(self.name, __config__=ConfigDict(extra="forbid"), **fields)

    @cached_property
    def days(self) -> frozenset[str]:
        """The arguments that are dates."""
        fields = self.arguments.model_fields.items()
        return frozenset(label for label, field in fields if date in (field.annotation, *get_args(field.annotation)))

    def checked(self, arguments: Mapping[str, Any]) -> BaseModel:
        """The arguments as their types; raises ArgumentsMisfit."""
        try:
            return self.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            raise ArgumentsMisfit(self._misfit(error)) from error

    def call(self, context: ToolContext, arguments: Mapping[str, Any]) -> ToolResult:
        """Run the tool; arguments that do not fit, and rows that do not exist for the reader, make a Refusal."""
        try:
            checked = self.checked(arguments)
        except ArgumentsMisfit as misfit:
            return Refusal("declined", str(misfit))
        given = {label: getattr(checked, label) for label in self.arguments.model_fields}
        result: ToolResult
        try:
            result = _dated(context, self.function(context, **given))
        except NotFound as missing:
            result = Refusal("not_found", str(missing))
        return (nothing_on_file(context) or result) if _is_empty(result) else result

    def _misfit(self, error: ValidationError) -> str:
        problem = error.errors()[0]
        label = ".".join(str(part) for part in problem["loc"])
        known = ", ".join(self.arguments.model_fields)
        return f"{self.name} cannot use {label[:80]!r}: {problem['msg']}. It takes: {known}."


def nothing_on_file(context: ToolContext) -> Refusal | None:
    """How to begin, where the reader sees no project, program or portfolio at all, hidden or absent; else None."""
    with context.reading() as session:
        for level in (Level.PROJECT, Level.PROGRAM, Level.PORTFOLIO):
            if list_rows(session, context.reader, Selection(level, Clock(context.today)), [], limit=1):
                return None
    return Refusal("not_found", NOTHING)


def _is_empty(result: ToolResult) -> bool:
    """Whether nothing was found, or nothing but a person."""
    if isinstance(result, Fact):
        return all(source.kind == "person" for source in result.sources)
    return isinstance(result, Refusal) and result.outcome == "not_found"


def _dated(context: ToolContext, result: ToolResult) -> ToolResult:
    """The fact with the day its states and progress are of, where it is not the one that was asked about."""
    if context.as_of is None or not isinstance(result, Fact):
        return result
    with context.reading() as session:
        if knows_progress(session, context.reader, context.today, context.as_of):
            return result
        everything = Selection(Level.PROJECT, Clock(context.today))
        day = clocks(session, context.reader, everything)[0]
    return result.model_copy(update={"progress_as_of": facts.day(day)})


def _field(parameter: inspect.Parameter, hint: Any) -> Any:
    """The default of an argument, and its description: the text in its annotation."""
    default = ... if parameter.default is inspect.Parameter.empty else parameter.default
    words = next((extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, str)), None)
    return Field(default, description=words)

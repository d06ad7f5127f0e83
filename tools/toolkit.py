"""Calls a tool function by name with checked arguments: the one door through which any model reaches the tools."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from storage.records import NotFound
from tools.context import ToolContext
from tools.facts import Refusal, ToolResult


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
        """The flat, typed arguments; unknown ones are refused."""
        hints = get_type_hints(self.function, include_extras=True)
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        fields: dict[str, Any] = {
            parameter.name: (
                hints[parameter.name],
                ... if parameter.default is inspect.Parameter.empty else parameter.default,
            )
            for parameter in parameters
        }
        return create_model(self.name, __config__=ConfigDict(extra="forbid"), **fields)

    def call(self, context: ToolContext, arguments: Mapping[str, Any]) -> ToolResult:
        """Run the tool; arguments that do not fit, and rows that do not exist for the reader, make a Refusal."""
        try:
            checked = self.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            return Refusal("declined", self._misfit(error))
        try:
            return self.function(context, **{label: getattr(checked, label) for label in self.arguments.model_fields})
        except NotFound as missing:
            return Refusal("not_found", str(missing))

    def _misfit(self, error: ValidationError) -> str:
        problem = error.errors()[0]
        label = ".".join(str(part) for part in problem["loc"])
        known = ", ".join(self.arguments.model_fields)
        return f"{self.name} cannot use {label!r}: {problem['msg']}. It takes: {known}."

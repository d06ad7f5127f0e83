"""Writes a query as the flat arguments of a tool: keys, ISO dates, and conditions in the tools' own words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from assistant.builtin.clients import client_of
from assistant.builtin.query import DATE_FIELDS, AnyOf, Compared, Condition, HasValue, InState, Query, SaysText
from assistant.builtin.vocabulary import FieldValue, Vocabulary
from storage.vocabulary import Level
from tools.amounts import AmountUnit


class NotInTheData(LookupError):
    """The query speaks of a field that this level does not have; `words` is what was said."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class CannotBeAsked(ValueError):
    """The query says something that no condition can; the message is a sentence."""


@dataclass(frozen=True)
class Writer:
    """Writes for one level of one store."""

    vocabulary: Vocabulary
    level: Level
    today: date

    def selection(self, query: Query, scope: str | None) -> dict[str, Any]:
        """The arguments that list_tasks and portfolio_overview share. Raises NotInTheData."""
        scope, query = self._scope(query, scope)
        arguments: dict[str, Any] = {"scope": scope} if scope else {}
        if query.measure == "share" and query.of:  # of a sum: the conditions are what the share lies in
            query = replace(query, conditions=[*query.conditions, *query.part], part=[])
        window, conditions = self._window(query)
        state, wheres = self._conditions(query, conditions)
        if state:
            arguments["state" if self.level is Level.TASK else "filter"] = state
        arguments |= window
        if wheres:
            arguments["where"] = wheres
        arguments |= self._shape(query)
        return arguments | ({"limit": query.limit} if query.limit and "measure" not in arguments else {})

    def _scope(self, query: Query, scope: str | None) -> tuple[str | None, Query]:
        """Where; of tasks it may be a client, whose name is a field of projects only."""
        clients = {client_of(each): each for each in query.conditions if isinstance(each, HasValue) and client_of(each)}
        if scope or self.level is not Level.TASK or len(clients) != 1:
            return scope, query
        client, said = clients.popitem()
        return client, replace(query, conditions=[each for each in query.conditions if each is not said])

    def _shape(self, query: Query) -> dict[str, Any]:
        """Whether a list, and in which order, or a measure."""
        if query.measure:
            return self._measure(query)
        if query.sort and query.limit == 1:
            return {"measure": "max" if query.descending else "min", "of": self.field(query.sort)}
        sort = self._sort(query)
        return {"sort": sort} if sort else {}

    def field(self, sense: str) -> str:
        """The catalogue's key for a sense. Raises NotInTheData.

        Projects "started" when they were planned to: their sources seldom know better, where tasks do.
        """
        is_loose = sense == "started" and self.level is not Level.TASK
        found = self.vocabulary.field(self.level, "start" if is_loose else sense)
        if found is None:
            raise NotInTheData(sense)
        return found.key

    def _conditions(self, query: Query, conditions: Sequence[Condition]) -> tuple[str | None, list[str]]:
        """The one plain state, and all else; or, for "red or late", one condition of which a part must hold."""
        among = self._among(query)
        written = [text for each in conditions for text in self._written(each)]
        states = [each for each in conditions if isinstance(each, InState | HasValue) and not each.negated]
        choices = [text for each in states for text in self._written(each)]
        if query.either and len(choices) > 1:
            return None, [*among, " | ".join(choices), *(text for text in written if text not in choices)]
        first = next((choice for choice, each in zip(choices, states, strict=True) if isinstance(each, InState)), None)
        return first, [*among, *(text for text in dict.fromkeys(written) if text != first)]

    def _among(self, query: Query) -> list[str]:
        if query.among is None:
            return []
        level, keys = query.among
        field = "key" if level is self.level else self.field(level.value)
        return [" | ".join(f"{field} = {key}" for key in keys)]

    def _written(self, condition: Condition) -> Iterator[str]:
        match condition:
            case InState(state, negated):
                yield self._state(state, negated=negated)
            case HasValue(words, options, negated):
                yield from self._values(words, options, negated=negated)
            case SaysText(words, negated, in_name_only):
                yield self._text(words, negated=negated, in_name_only=in_name_only)
            case Compared():
                yield self._compared(condition)
            case AnyOf(conditions):
                yield " | ".join(text for each in conditions for text in self._written(each))

    def _state(self, state: str, *, negated: bool) -> str:
        known = self.vocabulary.catalogues[self.level].states
        meant = next((each for each in _STATES.get(state, (state,)) if each in known), None)
        if meant is None:
            raise NotInTheData(state)
        return f"not {meant}" if negated else meant

    def _values(self, words: str, options: Sequence[FieldValue], *, negated: bool) -> Iterator[str]:
        """One of the values, written as one condition; or none of them, each its own."""
        chosen = next((each for each in options if each.level is self.level), None)
        if chosen is None:
            state = next((state for state, same in _SAME.items() if words in same), None)
            if state is None:
                raise NotInTheData(words)
            yield self._state(state, negated=negated)
        elif negated:
            yield from (f"{chosen.field} != {value}" for value in chosen.values)
        else:
            yield " | ".join(f"{chosen.field} = {value}" for value in chosen.values)

    def _text(self, words: str, *, negated: bool, in_name_only: bool) -> str:
        if negated:
            raise CannotBeAsked(f"I can search for “{words}” in names, but not for names without it.")
        described = self.vocabulary.field(self.level, "description")
        beside = f" | {described.key} contains {words}" if described and not in_name_only else ""
        return f"name contains {words}{beside}"

    def _compared(self, condition: Compared) -> str:
        key = "key" if condition.field == self.level else self.field(condition.field)
        if condition.operator in ("missing", "present"):
            return f"{key} {condition.operator}"
        return f"{key} {condition.operator} {_value(condition)}"

    def _window(self, query: Query) -> tuple[dict[str, Any], list[Condition]]:
        """Days as a window: said beside one date field, or (on the finish) without any; and the other conditions."""
        dated = [each for each in query.conditions if isinstance(each, Compared) and isinstance(each.value, date)]
        others = [each for each in query.conditions if each not in dated]
        if query.window and not query.window.problem:
            window = _days(query.window.first, query.window.last)
            return (window, query.conditions) if not dated else ({}, query.conditions)
        if not dated or len({each.field for each in dated}) > 1:
            return {}, query.conditions
        window = {"start" if each.operator == ">=" else "end": each.value for each in dated}
        if (key := self.field(dated[0].field)) != "finish":
            window["window_on"] = key
        if query.due and not query.measure and window.get("end", self.today) >= self.today:
            others.insert(0, InState("due" if self.level is Level.TASK else "open"))
        return window, others

    def _measure(self, query: Query) -> dict[str, Any]:
        arguments: dict[str, Any] = {"measure": query.measure}
        if query.measure == "share":
            arguments["of"] = self._share_of(query)
        elif query.of:
            arguments["of"] = self.field(query.of)
        if query.group or (query.among and query.among[0] is not self.level):
            arguments["by"] = self._group(query)
            if query.sort or query.limit:
                arguments["sort"] = "-value" if query.descending else "value"
            if query.limit:
                arguments["limit"] = query.limit
        return arguments

    def _share_of(self, query: Query) -> str:
        part = [text for each in query.part for text in self._written(each)]
        return " & ".join(part) if part else self.field(query.of or "progress")

    def _group(self, query: Query) -> str:
        group = str(query.group or (query.among[0].value if query.among else ""))
        if group in ("year", "quarter", "month"):
            compared = (each.field for each in query.conditions if isinstance(each, Compared))
            dated = next((sense for sense in (*query.asked, *compared) if sense in DATE_FIELDS), "start")
            return f"{group} of {self.field(dated)}"
        return self.field(group)

    def _sort(self, query: Query) -> str | None:
        if query.sort:
            return ("-" if query.descending else "") + self.field(query.sort)
        if query.asked and query.asked[0] not in ("name", "key"):
            return self.field(query.asked[0])
        return None


def _days(first: date | None, last: date | None) -> dict[str, Any]:
    return {label: day for label, day in (("start", first), ("end", last)) if day}


_STATES = {
    "closed": ("closed", "done"),
    "should_have_finished": ("late",),
    "active": ("in_progress", "active", "open"),
    "in_progress": ("in_progress", "active", "open"),
    "milestones": ("milestones",),
}
_SAME = {"done": ("completed", "done", "closed"), "in_progress": ("in progress", "in-progress")}


def _value(condition: Compared) -> str:
    value = condition.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        plain = format(value.normalize(), "f")
        unit = {AmountUnit.DAYS: " days", AmountUnit.HOURS: " hours"}.get(condition.unit or AmountUnit.NUMBER, "")
        return f"{plain}{unit}" + (f" {condition.currency}" if condition.currency else "")
    return str(value)

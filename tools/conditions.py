"""Conditions as people and models write them: "planned cost > 5 million", "late", "not done", "name contains loans"."""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from storage.catalogue import Catalogue, Field, FieldKind, plain
from storage.selection.conditions import (
    Amount,
    AnyOf,
    Comparison,
    Condition,
    Holds,
    Length,
    OneOf,
    Operator,
    Period,
)
from storage.text import clean
from storage.vocabulary import DurationBasis
from tools.amounts import Amount as SaidAmount
from tools.amounts import AmountUnit, parse_amounts

MOST_LETTERS = 300


class ConditionNotUnderstood(ValueError):
    """A condition that names no field or state, or a value that does not fit; the message says what would."""


@dataclass(frozen=True)
class Said:
    """A condition, how it reads, and the fields it looks at."""

    condition: Condition
    words: str
    fields: tuple[Field, ...] = ()

    @property
    def clause(self) -> str:
        """As it stands after what it is about: "that are late", "whose planned cost is above 5,000"."""
        is_state = not self.fields or self.words.removeprefix("not ").startswith("“")
        return f"that are {self.words}" if is_state else f"whose {self.words}"


@dataclass(frozen=True)
class ConditionReader:
    """Reads conditions on one level. `source_words` gives the values that a state field really has."""

    catalogue: Catalogue
    source_words: Callable[[Field], Sequence[str]]

    def read(self, text: str) -> Said:
        """One condition, or several joined with " | " of which one must hold. Raises ConditionNotUnderstood."""
        if len(text) > MOST_LETTERS:
            raise ConditionNotUnderstood(f"A condition of {len(text)} letters is too long to be one.")
        first, *others = (part.strip() for part in clean(text).split(" | "))
        compared = self._compared(first)
        read = [compared or self.state(first)]
        for other in others:
            own = self._compared(other)
            read.append(own or (compared and self._field_value(compared, other)) or self.state(other))
        if len(read) == 1:
            return read[0]
        fields = tuple(dict.fromkeys(field for each in read for field in each.fields))
        return Said(AnyOf(tuple(each.condition for each in read)), " or ".join(each.words for each in read), fields)

    def state(self, text: str) -> Said:
        """A state of ours, else one of the sources' own words. Raises ConditionNotUnderstood."""
        words = plain(text)
        negated = words.startswith("not ") and self.catalogue.state(words) is None
        if negated:
            words = words.removeprefix("not ")
        if state := self.catalogue.state(words):
            return Said(Holds(state, negated), f"not {state.label}" if negated else state.label)
        field = self.catalogue.fields.get("source_state")
        if field and (found := _like(words, self.source_words(field))):
            said = " or ".join(f"“{each}”" for each in found)
            return Said(OneOf(field, tuple(found), negated), f"not {said}" if negated else said, (field,))
        raise ConditionNotUnderstood(self._unknown(text, field))

    def field(self, words: str) -> Field:
        """The field these words name. Raises ConditionNotUnderstood."""
        if field := self.catalogue.field(words):
            return field
        known = ", ".join(self.catalogue.fields)
        level = self.catalogue.level.value
        raise ConditionNotUnderstood(f"There is no field “{words.strip()[:60]}” of a {level}. There are: {known}.")

    def _compared(self, text: str) -> Said | None:
        """A comparison; None where no field of this level stands before an operator."""
        for pattern, operator in _OPERATORS:
            found = pattern.search(text)
            field = self.catalogue.field(text[: found.start()]) if found else None
            if found and field:
                return self._comparison(field, operator, text[found.end() :].strip())
        if _SYMBOL.search(text):
            self.field(_SYMBOL.split(text)[0])
        return None

    def _comparison(self, field: Field, operator: Operator, value: str) -> Said:
        says = _DATE_WORDS.get(operator, _WORDS[operator]) if field.kind is FieldKind.DATE else _WORDS[operator]
        if operator in (Operator.MISSING, Operator.PRESENT):
            return Said(Comparison(field, operator), f"{field.label} {says}", (field,))
        other = self.catalogue.field(value)
        if other and other.kind is field.kind and other is not field:
            return Said(Comparison(field, operator, other), f"{field.label} {says} {other.label}", (field, other))
        if operator in _ORDERED and field.kind not in _IS_ORDERED:
            raise ConditionNotUnderstood(f"“{field.label}” has no order: compare it with =, != or contains.")
        if operator in (Operator.CONTAINS, Operator.STARTS_WITH) and field.kind in _IS_ORDERED:
            raise ConditionNotUnderstood(f"“{field.label}” is no text: compare it with =, !=, <, <=, > or >=.")
        label = f"number of {field.label}" if field.kind is FieldKind.COUNT else field.label
        said = f"{label} {says} {_shown(field, value)}"
        return Said(Comparison(field, operator, _value(field, value)), said, (field,))

    def _field_value(self, compared: Said, value: str) -> Said | None:
        """Another value for the comparison before it; None where the words are a condition of their own."""
        condition = compared.condition
        if not isinstance(condition, Comparison) or _SYMBOL.search(value) or self.catalogue.state(value):
            return None
        return replace(self._comparison(condition.field, condition.operator, value), words=value)

    def _unknown(self, text: str, field: Field | None) -> str:
        known = ", ".join(state.label for state in self.catalogue.states.values())
        words = self.source_words(field) if field else ()
        own = f" Their sources also say: {', '.join(words)}." if words else ""
        return f"I do not know the state or condition “{text.strip()[:60]}”. States I know: {known}.{own}"


def _like(words: str, known: Sequence[str]) -> list[str]:
    """The known words that are these, else that hold them."""
    same = [each for each in known if plain(each) == words]
    return same or [each for each in known if words and words in plain(each)]


def _value(field: Field, text: str) -> str | float | Period | Length | Amount:
    words = text.strip().strip("\"'“”")
    match field.kind:
        case FieldKind.DATE:
            return period(words, field.label)
        case FieldKind.MONEY:
            amount = _amount(field, words, AmountUnit.MONEY)
            return Amount(round(amount.value * 100), amount.currency)
        case FieldKind.DAYS:
            return _length(words, _amount(field, words, AmountUnit.DAYS).value)
        case FieldKind.HOURS:
            amount = _amount(field, words, AmountUnit.HOURS, AmountUnit.DAYS)
            return float(amount.value * (60 if amount.unit is not AmountUnit.DAYS else _WORKING_DAY))
        case FieldKind.SHARE:
            amount = _amount(field, words, AmountUnit.SHARE)
            is_percent = amount.unit is AmountUnit.NUMBER and amount.value > 1
            return float(amount.value / 100 if is_percent else amount.value)
        case FieldKind.RATIO | FieldKind.NUMBER | FieldKind.COUNT:
            return float(_amount(field, words, AmountUnit.MONEY).value)
        case FieldKind.HEALTH:
            return "amber" if words.lower() == "yellow" else words
        case FieldKind.STATE if field.key != "source_state":
            return plain(words).replace(" ", "_")
        case _:
            return words


def _shown(field: Field, value: str) -> str:
    """The value as it reads in the answer: money by thousands, a day in words."""
    if field.kind is FieldKind.MONEY:
        amount = _amount(field, value.strip(), AmountUnit.MONEY)
        return f"{amount.value:,} {amount.currency or ''}".rstrip()
    if field.kind is FieldKind.DATE:
        window = period(value.strip(), field.label)
        return shown_day(window.first) if window.first == window.last else value
    return value


def shown_day(day: date) -> str:
    """ "1 Aug 2012"."""
    return f"{day.day} {day:%b %Y}"


def _amount(field: Field, words: str, *units: AmountUnit) -> SaidAmount:
    """The one amount these words are; a plain number may stand for any unit."""
    found = parse_amounts(words.lower())
    if len(found) != 1 or words[: found[0].start].strip() or words[found[0].end :].strip():
        raise ConditionNotUnderstood(f"“{words[:60]}” is no amount that {field.label} can be compared with.")
    amount = found[0]
    if amount.unit not in (*units, AmountUnit.NUMBER) or abs(amount.value) > _MOST:
        raise ConditionNotUnderstood(f"{field.label} cannot be compared with “{words[:60]}”.")
    return amount


def _length(words: str, days: Decimal) -> Length:
    """Days as each basis counts them; weeks and longer are five sevenths as many working days."""
    in_weeks = re.search(r"week|wk|month|mth|quarter|year|yr", words.lower()) and "working" not in words.lower()
    working = days * 5 / 7 if in_weeks else days
    return Length(float(working * _WORKING_DAY), float(days * _ELAPSED_DAY))


def period(words: str, label: str) -> Period:
    """A day, month, quarter or year in ISO form: 2012-08-01, 2012-08, 2012-Q3, 2012."""
    found = _PERIOD.fullmatch(words.strip().upper())
    try:
        if found is None:
            raise ValueError(words)
        return _days_of(found)
    except ValueError:
        message = (
            f"“{words[:60]}” is no date that {label} can be compared with: write it as 2026-03-31, 2026-03 or 2026."
        )
        raise ConditionNotUnderstood(message) from None


def _days_of(found: re.Match[str]) -> Period:
    year = int(found["year"])
    if found["day"]:
        day = date(year, int(found["month"]), int(found["day"]))
        return Period(day, day)
    first, last = 1, 12
    if found["quarter"]:
        last = int(found["quarter"]) * 3
        first = last - 2
    elif found["month"]:
        first = last = int(found["month"])
    return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


_WORKING_DAY = DurationBasis.WORKING.day_minutes
_ELAPSED_DAY = DurationBasis.ELAPSED.day_minutes
_MOST = Decimal(10) ** 15
_PERIOD = re.compile(r"(?P<year>[12]\d{3})(?:-Q(?P<quarter>[1-4])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
_SYMBOL = re.compile(r"<=|>=|!=|<>|==|[=<>≤≥≠]")
_OPERATORS = tuple(
    (re.compile(pattern, re.IGNORECASE), operator)
    for pattern, operator in (
        (r"<=|≤", Operator.AT_MOST),
        (r">=|≥", Operator.AT_LEAST),
        (r"!=|<>|≠", Operator.DIFFERS),
        (r"==?", Operator.EQUALS),
        (r"<", Operator.BELOW),
        (r">", Operator.ABOVE),
        (r"\s(?:is\s+)?(?:missing|empty|not known)$", Operator.MISSING),
        (r"\s(?:is\s+)?(?:present|known|not missing)$", Operator.PRESENT),
        (r"\scontains\s", Operator.CONTAINS),
        (r"\s(?:starts|begins) with\s", Operator.STARTS_WITH),
        (r"\s(?:is\s+)?(?:at most|not more than|on or before|until|up to)\s", Operator.AT_MOST),
        (r"\s(?:is\s+)?(?:at least|not less than|on or after|since|from)\s", Operator.AT_LEAST),
        (r"\s(?:is\s+)?(?:more than|longer than|greater than|above|over|after)\s", Operator.ABOVE),
        (r"\s(?:is\s+)?(?:less than|shorter than|below|under|before)\s", Operator.BELOW),
        (r"\sis not\s", Operator.DIFFERS),
        (r"\s(?:is|in)\s", Operator.EQUALS),
    )
)
_WORDS = {
    Operator.EQUALS: "is",
    Operator.DIFFERS: "is not",
    Operator.BELOW: "is below",
    Operator.AT_MOST: "is at most",
    Operator.ABOVE: "is above",
    Operator.AT_LEAST: "is at least",
    Operator.CONTAINS: "contains",
    Operator.STARTS_WITH: "starts with",
    Operator.MISSING: "is missing",
    Operator.PRESENT: "is known",
}
_DATE_WORDS = {
    Operator.BELOW: "is before",
    Operator.AT_MOST: "is by",
    Operator.ABOVE: "is after",
    Operator.AT_LEAST: "is from",
}
_ORDERED = frozenset({Operator.BELOW, Operator.AT_MOST, Operator.ABOVE, Operator.AT_LEAST})
_IS_ORDERED = frozenset(kind for kind in FieldKind if kind.is_measurable)

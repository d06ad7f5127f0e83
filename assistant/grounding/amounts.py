"""The amounts and days a text states, in one form each, so that two ways of writing the same thing are equal."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.narration.wording import say
from tools.facts import Fact, Figure, Unit


class Kind(StrEnum):
    """What an amount counts."""

    MONEY = "money"
    SHARE = "share"
    HOURS = "hours"
    DAYS = "days"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True)
class Amount:
    """An amount as a text states it; `shown` is its one form, without sign."""

    kind: Kind
    shown: str


@dataclass(frozen=True)
class Stated:
    """An amount, and where a text states it."""

    amount: Amount
    start: int
    end: int


def amounts(text: str) -> Iterator[Stated]:
    """Every amount and day that a text states in digits."""
    days = [Stated(found, *span) for found, span in _days(text)]
    yield from days
    taken = {place for day in days for place in range(day.start, day.end)}
    for found in _AMOUNT.finditer(text):
        if found.start("number") not in taken:
            yield Stated(_amount(found), *found.span())


def day_forms(day: date) -> set[Amount]:
    """A day as it may be written: with or without its weekday and its year."""
    short = f"{day.day} {day.month}"
    weekday = f"{day:%a}".lower()
    forms = (short, f"{short} {day.year}", f"{weekday} {short}", f"{weekday} {short} {day.year}")
    return {Amount(Kind.DAY, form) for form in forms}


def forms(figure: Figure, today: date) -> set[Amount]:
    """The amounts by which a figure may be told, rounded or exact; of a text, those it holds."""
    if figure.value is None or isinstance(figure.value, bool):
        return set()
    if figure.unit == Unit.DATE:
        return day_forms(date.fromisoformat(str(figure.value)))
    told = {say(figure, today), say(figure, today, exact=True), figure.text}
    return {stated.amount for words in told for stated in amounts(words)}


class Held:
    """All amounts that facts hold, each with the path of a field, and the weekdays and months they name."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.paths: dict[Amount, str] = {}
        self.calendar: set[str] = set()
        for fact in facts:
            for path, figure in fact.figures():
                if figure.unit in (Unit.DATE, Unit.TEXT):
                    words = f"{figure.value} {say(figure, fact.as_of)}".lower()
                    self.calendar |= {word[:3] for word in re.findall(r"[a-z]{3,}", words)}
                for amount in forms(figure, fact.as_of):
                    self.paths.setdefault(amount, f"{fact.id}.{path}")
            for amount in day_forms(fact.as_of):
                self.paths.setdefault(amount, f"{fact.id}.as_of")

    def path(self, amount: Amount) -> str | None:
        """A field that holds the amount; None where none does."""
        return self.paths.get(amount)


CURRENCIES = ("EUR", "USD", "GBP", "CHF", "PLN", "SEK", "NOK", "DKK", "CZK", "HUF", "RON", "JPY", "CAD", "AUD", "INR")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]*\.?"
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(WEEKDAYS)})[a-z]*\.?,?\s+)?(?:the\s+)?"
_ISO = re.compile(r"(?<![\w-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])")
_DAY_FIRST = re.compile(
    rf"\b{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})(?:,?\s+(?P<year>(?:19|20)\d\d))?\b",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b{_WEEKDAY}(?P<month>{_MONTH})[ ](?:the[ ])?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    r"(?:,\s*(?P<year>(?:19|20)\d\d))?\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    rf"(?:(?P<currency>[€$£]|\b(?:{'|'.join(CURRENCIES)})\s)\s?)?(?<![\d.,])(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"(?P<scale>[kM]\b|\s?(?:million|mio)\b)?"
    r"(?:[\s-]?(?P<unit>%|per\s?cent\b|h\b|hours?\b|hrs?\b|(?:working\s|calendar\s)?days?\b))?"
)


def _days(text: str) -> Iterator[tuple[Amount, tuple[int, int]]]:
    taken: set[int] = set()
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST):
        for found in pattern.finditer(text):
            place = set(range(*found.span()))
            if not place & taken:
                taken |= place
                yield _day(found), found.span()


def _day(found: re.Match[str]) -> Amount:
    month, weekday, year = found["month"], found.groupdict().get("weekday"), found["year"]
    number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
    parts = (weekday and weekday.lower(), str(int(found["day"])), str(number), year)
    return Amount(Kind.DAY, " ".join(part for part in parts if part))


def _amount(found: re.Match[str]) -> Amount:
    number = found["number"].replace(",", "")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    unit, scale = found["unit"] or "", (found["scale"] or "").strip()
    if found["currency"] or scale:
        return Amount(Kind.MONEY, f"{number}{'M' if scale[:1] in ('M', 'm') else scale}")
    if unit.startswith(("%", "per")):
        return Amount(Kind.SHARE, number)
    if unit.startswith("h"):
        return Amount(Kind.HOURS, number)
    return Amount(Kind.DAYS if unit else Kind.NUMBER, number)

"""Amounts in a message: money, durations, shares and plain numbers, with the unit they are given in."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class AmountUnit(StrEnum):
    MONEY = "money"
    DAYS = "days"
    HOURS = "hours"
    SHARE = "share"
    NUMBER = "number"


@dataclass(frozen=True)
class Amount:
    """Characters from `start` up to `end` that say how much. Money is in major units, a share is 0 to 1."""

    start: int
    end: int
    value: Decimal
    unit: AmountUnit
    currency: str | None = None


def parse_amounts(text: str) -> list[Amount]:
    """All amounts of `text` (lower case), in order. Ordinals, codes and parts of words are none."""
    return [_amount(found) for found in _AMOUNT.finditer(text)]


_UNITS = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_WORDS = {word: Decimal(number) for number, word in enumerate(_UNITS)} | {
    "twenty": Decimal(20),
    "fifty": Decimal(50),
    "hundred": Decimal(100),
    "half": Decimal("0.5"),
    "dozen": Decimal(12),
}
_ARTICLES = {"a": Decimal(1), "an": Decimal(1), "half a": Decimal("0.5")}  # before a unit or a scale only
_SCALES = {
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mm": 1_000_000,
    "mio": 1_000_000,
    "mln": 1_000_000,
    "mill": 1_000_000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
}
_CURRENCIES = {
    "$": "USD", "usd": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD", "musd": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
}  # fmt: skip
_DAYS = {"day": 1, "week": 7, "wk": 7, "month": 30, "mth": 30, "quarter": 91, "year": 365, "yr": 365}
_WORKING_WEEK = 5

_AMOUNT = re.compile(
    r"(?<![\w.,/-])(?P<before>us\$|[$€£]|(?:usd|eur|gbp)\s)?\s*"
    r"(?P<number>-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?"
    r"|\b(?:half a|an?)\b(?=\s(?:day|week|month|quarter|year|hundred|thousand|million|billion)\b)"
    rf"|\b(?:{'|'.join(_WORDS)})\b)"
    rf"(?:\s*(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})(?!\w))?"
    r"(?:\s*(?P<after>[$€£]|musd|usd|eur|gbp|dollars?|bucks|euros?|pounds?)(?!\w))?"
    r"(?:\s*(?P<share>%|percent|per\s+cent|pct))?"
    r"(?:[\s-]*(?P<working>working|business|calendar|elapsed)?[\s-]*"
    r"(?P<time>days?|weeks?|wks?|months?|mths?|quarters?|years?|yrs?|hours?|hrs?|h)(?!\w))?"
    r"(?![\w-]|[.,/:]\d)"
)


def _amount(found: re.Match[str]) -> Amount:
    said = found["number"]
    number = _ARTICLES.get(said) or (_WORDS[said] if said in _WORDS else Decimal(said.replace(",", "")))
    value = number * _SCALES.get(found["scale"] or "", 1)
    sign = (found["before"] or found["after"] or "").strip()
    start, end = found.start("before") if found["before"] else found.start("number"), found.end()
    if found["share"]:
        return Amount(start, end, value / 100, AmountUnit.SHARE)
    if sign:
        scaled = value * 1_000_000 if sign == "musd" else value
        return Amount(start, end, scaled, AmountUnit.MONEY, _CURRENCIES[sign])
    if found["time"]:
        return _length(start, end, value, found["time"], working=found["working"] in ("working", "business"))
    unit = AmountUnit.MONEY if (found["scale"] or "") in _SCALES else AmountUnit.NUMBER
    return Amount(start, end, value, unit)


def _length(start: int, end: int, value: Decimal, unit: str, *, working: bool) -> Amount:
    if unit.startswith("h"):
        return Amount(start, end, value, AmountUnit.HOURS)
    one = next(days for word, days in _DAYS.items() if unit.startswith(word))
    days = value * (_WORKING_WEEK if working and one == 7 else one)
    return Amount(start, end, days, AmountUnit.DAYS)

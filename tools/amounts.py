"""Amounts in a message: money, lengths of time, shares, people and plain numbers, with the unit they are given in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class AmountUnit(StrEnum):
    MONEY = "money"
    DAYS = "days"
    HOURS = "hours"
    SHARE = "share"
    PEOPLE = "people"  # full-time equivalents
    NUMBER = "number"


@dataclass(frozen=True)
class Amount:
    """Characters from `start` up to `end` that say how much. Money is in major units, a share is 0 to 1.

    `high` is the other end of "three to five days". `said` and `said_unit` are a length of time as it was put:
    1.5 and "week", where `value` is 10.5 days.
    """

    start: int
    end: int
    value: Decimal
    unit: AmountUnit
    currency: str | None = None
    high: Decimal | None = None
    said: Decimal | None = None
    said_unit: str = ""


def parse_amounts(text: str) -> list[Amount]:
    """All amounts of `text` (lower case), in order. Ordinals, codes and parts of words are none."""
    found = [*_hours_and_minutes(text), *_ranges(text)]
    taken = [(amount.start, amount.end) for amount in found]
    singles = (amount for match in _AMOUNT.finditer(text) if (amount := _amount(match)))
    found += [each for each in singles if all(each.end <= start or end <= each.start for start, end in taken)]
    return sorted(found, key=lambda amount: amount.start)


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_DIGITS: dict[str, int] = {word: number for number, word in enumerate(_SMALL.split())}
_WORDS: dict[str, int | Decimal] = {
    **_DIGITS,
    **_TENS,
    **{
        f"{ten}{sign}{word}": tens + number
        for ten, tens in _TENS.items()
        for sign in "- "
        for word, number in _DIGITS.items()
        if 0 < number < 10
    },
    "hundred": 100,
    "a hundred": 100,
    "one hundred": 100,
    "half": Decimal("0.5"),
    "dozen": 12,
    "a dozen": 12,
    "half a dozen": 6,
    "a couple of": 2,
    "couple of": 2,
}
_ARTICLES = {"a": Decimal(1), "an": Decimal(1), "half a": Decimal("0.5"), "half an": Decimal("0.5")}
_SCALES = {
    "k": 1_000, "thousand": 1_000, "grand": 1_000, "tsd": 1_000,
    "m": 1_000_000, "mm": 1_000_000, "mn": 1_000_000, "mio": 1_000_000, "mln": 1_000_000, "mil": 1_000_000,
    "mill": 1_000_000, "million": 1_000_000, "millions": 1_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_CURRENCIES = {
    "$": "USD", "usd": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "quid": "GBP", "chf": "CHF", "francs": "CHF", "pln": "PLN", "zł": "PLN", "zl": "PLN", "zloty": "PLN", "sek": "SEK",
    "nok": "NOK", "dkk": "DKK", "czk": "CZK", "cad": "CAD", "aud": "AUD", "¥": "JPY", "jpy": "JPY", "₹": "INR",
    "inr": "INR",
}  # fmt: skip
_SCALED_CURRENCIES = {
    f"{scale}{code}": (factor, code.upper())
    for scale, factor in (("k", 1_000), ("t", 1_000), ("m", 1_000_000))
    for code in ("eur", "usd", "gbp", "chf")
}
_TIMES = {
    "minute": "minutes? mins?",
    "hour": "hours? hrs? h",
    "day": "days? d",
    "week": "weeks? wks? w",
    "month": "months? mths?",
    "quarter": "quarters?",
    "year": "years? yrs?",
}
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_WORKING_DAYS = {"day": 1, "week": 5}
_EFFORT_DAYS = {"day": 1, "week": 5, "month": 20}  # of one person's work

_BEFORE = r"(?:us\$|[$€£¥₹]|(?:usd|eur|gbp|chf|pln)\s?(?=\d))"
_TIME = "|".join(words.replace(" ", "|") for words in _TIMES.values())
_LONG_TIME = r"(?:minute|hour|day|week|month|quarter|year)s?"
_DIGIT_NUMBER = (
    r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|-?\d{1,3}(?:'\d{3})+(?!\d)|-?\d{1,3}(?:\.\d{3}){2,}(?!\d)|-?\d+,\d{1,2}(?!\d)"
    rf"|[13]/[24](?=\s(?:{_LONG_TIME}|fte))|-?\d+(?:\.\d+)?"
)
_WORD_NUMBER = "|".join(sorted(_WORDS, key=len, reverse=True))
_SPOKEN_DIGITS = "|".join(_SMALL.split()[:10])
_NUMBER = (
    rf"{_DIGIT_NUMBER}"
    rf"|\b(?:{_WORD_NUMBER})\spoint(?:\s(?:{_SPOKEN_DIGITS}))+\b"
    rf"|\b(?:half an?|an?)\b(?=\s(?:working|business|person|man)?[\s-]?(?:{_LONG_TIME}|fte|thousand|million|billion)\b)"
    rf"|\b(?:{_WORD_NUMBER})\b"
)
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_SIGN = "|".join(sorted((re.escape(sign) for sign in _CURRENCIES), key=len, reverse=True))
_UNIT = (
    r"(?P<fraction>\s(?:and\sa\shalf|1/2))?"
    rf"(?:\s*(?P<scale>{_SCALE})(?:(?!\w)|(?=(?:{_SIGN})(?!\w))))?"
    rf"(?:\s*(?P<after>{'|'.join(_SCALED_CURRENCIES)}|{_SIGN})(?!\w))?"
    r"(?:\s*(?P<share>%|percent|per\s+cent|pct))?"
    r"(?:[\s-]*(?P<people>ftes?)(?!\w))?"
    r"(?:[\s-]*(?P<kind>working|business|calendar|elapsed|person|man|staff)?[\s-]*"
    rf"(?P<time>{_TIME})(?!\w)(?P<more>\sand\sa\shalf)?|\s?(?P<effort>pd|md)(?!\w))?"
    r"(?![\w-]|[.,/:]\d)"
)
_AMOUNT = re.compile(rf"(?<![\w.,/-])(?P<before>{_BEFORE})?\s*(?P<number>{_NUMBER}){_UNIT}")
_RANGE = re.compile(
    rf"(?<![\w.,/-])(?<!between )(?<!from )(?P<before>{_BEFORE})?\s*(?P<low>{_NUMBER})(?P<low_scale>{_SCALE})?"
    rf"(?:\s?[-–]\s?|\s(?:to|or)\s)(?:{_BEFORE})?(?P<number>{_NUMBER}){_UNIT}"
)
_HOURS_AND_MINUTES = re.compile(r"(?<![\w.,/-])(\d{1,3})\s?h\s?([0-5]?\d)(?:\s?m(?:in)?s?)?(?![\w-]|[.,/:]\d)")


def _hours_and_minutes(text: str) -> Iterator[Amount]:
    """ "1h30"."""
    for found in _HOURS_AND_MINUTES.finditer(text):
        hours = Decimal(found[1]) + Decimal(found[2]) / 60
        yield Amount(found.start(), found.end(), hours, AmountUnit.HOURS, said=hours, said_unit="hour")


def _ranges(text: str) -> Iterator[Amount]:
    """ "three to five days", "20-30%": one amount with two ends."""
    for found in _RANGE.finditer(text):
        high, low = _amount(found), _number(found["low"])
        if high is None or high.unit is AmountUnit.NUMBER or not high.value:
            continue
        scale = Decimal(_SCALES[found["low_scale"]]) if found["low_scale"] else _factor(found)
        low_value = high.value * low * scale / (_said_number(found) * _factor(found))
        if low_value < high.value:
            said = low if high.said is not None else None
            yield replace(high, start=found.start(), value=low_value, high=high.value, said=said)


def _amount(found: re.Match[str]) -> Amount | None:
    number = _said_number(found)
    sign = (found["before"] or found["after"] or "").strip()
    start, end = found.start("before") if found["before"] else found.start("number"), found.end()
    value = number * _factor(found)
    if found["share"]:
        return Amount(start, end, value / 100, AmountUnit.SHARE)
    if sign:
        currency = _SCALED_CURRENCIES[sign][1] if sign in _SCALED_CURRENCIES else _CURRENCIES[sign]
        return Amount(start, end, value, AmountUnit.MONEY, currency)
    if found["people"]:
        return Amount(start, end, value, AmountUnit.PEOPLE)
    if found["time"] or found["effort"]:
        return _length(start, end, value, found)
    if "," in found["number"] and not _THOUSANDS.fullmatch(found["number"]) and not found["scale"]:
        return None  # "3,5" may be a list
    return Amount(start, end, value, AmountUnit.MONEY if found["scale"] else AmountUnit.NUMBER)


def _said_number(found: re.Match[str]) -> Decimal:
    half = Decimal("0.5") if found["fraction"] or found["more"] else Decimal(0)
    return _number(found["number"]) + half


def _number(said: str) -> Decimal:
    if said in _ARTICLES:
        return _ARTICLES[said]
    if said in _WORDS:
        return Decimal(_WORDS[said])
    if (whole := said.partition(" point "))[1]:
        return Decimal(f"{_WORDS[whole[0]]}.{''.join(str(_DIGITS[digit]) for digit in whole[2].split())}")
    if "/" in said:
        return Decimal(said[0]) / Decimal(said[2])
    if _THOUSANDS.fullmatch(said):
        return Decimal(said.replace(",", "").replace("'", ""))
    return Decimal(said.replace(".", "")) if said.count(".") > 1 else Decimal(said.replace(",", "."))


def _factor(found: re.Match[str]) -> Decimal:
    scaled = _SCALED_CURRENCIES.get(found["after"] or "", (1, ""))[0]
    return Decimal(_SCALES.get(found["scale"] or "", 1) * scaled)


def _length(start: int, end: int, value: Decimal, found: re.Match[str]) -> Amount:
    unit = _unit_of(found["time"]) if found["time"] else "day"
    if unit in ("minute", "hour"):
        hours = value if unit == "hour" else value / 60
        return Amount(start, end, hours, AmountUnit.HOURS, said=value, said_unit=unit)
    by_kind = {"working": _WORKING_DAYS, "business": _WORKING_DAYS, "person": _EFFORT_DAYS, "man": _EFFORT_DAYS,
               "staff": _EFFORT_DAYS}.get(found["kind"] or "", _DAYS)  # fmt: skip
    days = value * by_kind.get(unit, _DAYS[unit])
    return Amount(start, end, days, AmountUnit.DAYS, said=value, said_unit=unit)


def _unit_of(word: str) -> str:
    return next(unit for unit, words in _TIMES.items() if re.fullmatch(words.replace(" ", "|"), word))


_THOUSANDS = re.compile(r"-?\d{1,3}(?:[,']\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")

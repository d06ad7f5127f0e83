"""How one figure reads: dates, money, shares and names in plain words. The only place a share becomes a percentage."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from storage.text import plural, printable
from tools.facts import Figure, Unit

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
STATES = {
    "not_started": "not started",
    "in_progress": "in progress",
    "on_hold": "on hold",
    "time_and_materials": "time and materials",
    "fixed_price": "fixed price",
}
WHOLE_FROM = 10_000  # money from which cents are no longer told
MOST_WORDS = 66  # of all rows of an answer together
MARKUP = re.compile(r"([\\`*\[\]<>|~#]|(?<!\w)_|_(?!\w)|!(?=\[))")


def inert(text: str) -> str:
    """A stored text as one line that no surface reads as markup, commands or direction marks."""
    return MARKUP.sub(r"\\\1", printable(unicodedata.normalize("NFC", text)))


def shorten(text: str, length: int = 90) -> str:
    """At most `length` characters, cut at a word."""
    if len(text) <= length:
        return text
    cut = text[: length - 1].rsplit(" ", 1)[0]
    return (cut or text[: length - 1]) + "…"


def say(figure: Figure | None, today: date, *, exact: bool = False) -> str:
    """The figure as a person reads it; an empty string for no figure. `exact` keeps every digit of money."""
    if figure is None or figure.value is None:
        return ""
    value = figure.value
    match figure.unit:
        case Unit.DATE:
            return say_date(date.fromisoformat(str(value)), today)
        case Unit.SHARE:
            return say_share(float(str(value)), exact=exact)
        case Unit.HOURS:
            return f"{_number(float(str(value)), places=1 if exact else 0)} h"
        case Unit.WORKING_DAYS | Unit.CALENDAR_DAYS:
            return say_days(float(str(value)), figure.unit, exact=exact)
        case Unit.COUNT:
            return f"{value:,}"
        case Unit.NUMBER | Unit.RATIO:
            return _number(float(str(value)), places=2)
        case Unit.YES_NO:
            return "yes" if value else "no"
        case Unit.STATE:
            return STATES.get(str(value), inert(str(value)))
        case Unit.NAME | Unit.TEXT | Unit.KEY | Unit.HEALTH:
            return inert(str(value))
        case currency:
            return say_money(Decimal(str(value)), currency, exact=exact)


def say_date(day: date, today: date) -> str:
    """ "Fri 20 Mar" near today, "20 Mar 2012" in another year."""
    if day.year == today.year:
        return f"{day:%a} {day.day} {day:%b}"
    return f"{day.day} {day:%b %Y}"


def say_share(share: float, *, exact: bool = False) -> str:
    """Whole per cent in prose; one decimal where the share itself was asked for."""
    if exact and round(share * 100, 1) != round(share * 100):
        return f"{share * 100:.1f} %"
    return f"{share * 100:.0f} %"


def say_money(amount: Decimal, currency: str, *, exact: bool = False) -> str:
    """ "€512k" in prose; "$10.141M" where the amount itself was asked for."""
    sign = SIGNS.get(currency, f"{currency} ")
    size, minus = abs(amount), "−" if amount < 0 else ""
    if exact:
        return f"{minus}{sign}{_exact(size)}"
    if size >= 10_000_000:
        return f"{minus}{sign}{_trim(f'{size / 1_000_000:,.1f}')}M"
    if size >= 10_000:
        return f"{minus}{sign}{size / 1_000:,.0f}k"
    if size >= 1_000:
        return f"{minus}{sign}{_trim(f'{size / 1_000:,.1f}')}k"
    return f"{minus}{sign}{size:,.0f}"


def say_days(days: float, unit: str, *, exact: bool = False) -> str:
    """Whole days in prose; with what kind of days they are where the length itself was asked for."""
    shown = _number(days, places=1 if exact else 0)
    noun = unit if exact else "days"
    return f"{shown} {noun.removesuffix('s') if shown in ('1', '−1') else noun}"


def counted(count: int, noun: str) -> str:
    """ "1 task", "12 tasks"."""
    return f"{count:,} {noun if count == 1 else plural(noun)}"


def whole(figure: Figure | None) -> int:
    """A count as a number; 0 for no figure."""
    return int(str(figure.value)) if figure is not None and figure.value is not None else 0


def is_above_zero(figure: Figure | None) -> bool:
    return figure is not None and isinstance(figure.value, int | float) and figure.value > 0


def sentence(words: str) -> str:
    """With a capital and a full stop; an empty string for none."""
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def fitting(told: Sequence[str]) -> list[str]:
    """As many of the rows, two a line, as leave room for a verdict and a last line; at least two."""
    shown = list(told)
    while len(" ".join(shown).split()) > MOST_WORDS and len(shown) > 2:
        shown = shown[:-2] if len(shown) % 2 == 0 else shown[:-1]
    return shown


def in_lines(told: Sequence[str], each: int) -> list[str]:
    """So many of them on a line."""
    return [" · ".join(told[start : start + each]) for start in range(0, len(told), each)]


WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def number_word(count: int) -> str:
    """ "Three" at the start of a sentence; digits above twelve."""
    return WORDS[count] if count < len(WORDS) else f"{count:,}"


def listed(items: Sequence[str] | Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    parts = list(items)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _exact(size: Decimal) -> str:
    millions = size / 1_000_000
    if size >= 1_000_000 and millions == round(millions, 3):
        return f"{_trim(f'{millions:,.3f}')}M"
    return f"{size:,.2f}" if size % 1 and size < WHOLE_FROM else f"{size:,.0f}"


def _trim(shown: str) -> str:
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _number(value: float, places: int = 1) -> str:
    shown = _trim(f"{abs(value):,.{places}f}")
    return f"−{shown}" if value < 0 and shown != "0" else shown

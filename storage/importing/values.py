"""Reading one cell: dates, money, durations, shares and words, each refused with a sentence when it is none."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache

from storage.text import clean
from storage.vocabulary import DurationBasis

MINUTES = {
    DurationBasis.WORKING: {"minutes": 1, "hours": 60, "days": 480, "weeks": 2400},
    DurationBasis.ELAPSED: {"minutes": 1, "hours": 60, "days": 1440, "weeks": 10080},
}
LONGEST_MINUTES = 100 * 365 * 1440
DEAREST_MINOR = 10**17
LONGEST_NAME = 500
FIRST_YEAR, LAST_YEAR = 1900, 2199
SCALES = {"": 1, "k": 1_000, "m": 1_000_000}
YES = {"yes", "y", "true", "1", "x", "ja", "oui"}
SHIFT = re.compile(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)")
MOST_UNITS = 1_000
NO = {"no", "n", "false", "0", "nein", "non"}


class NotReadable(ValueError):
    """A cell is not what its column holds; the message says what it should be."""


@dataclass(frozen=True)
class Style:
    """How a file writes numbers and dates."""

    decimal: str = "."
    dates: str | None = None  # a strptime format; None: ISO


def text(cell: str) -> str:
    return clean(cell)


def name(cell: str) -> str:
    """A text as long as a name, a key or a word may be: databases keep those in order, which has its limits."""
    value = clean(cell)
    if len(value) > LONGEST_NAME:
        raise NotReadable(f"'{_short(cell)}' has {len(value):,} characters; up to {LONGEST_NAME} are taken here.")
    return value


def number(cell: str, style: Style) -> Decimal:
    """A finite decimal number; grouping marks and percent signs are not part of one."""
    plain = cell.replace(".", "").replace(",", ".") if style.decimal == "," else cell
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise NotReadable(f"'{_short(cell)}' is not a number{_hint(cell, style)}.") from error
    if not value.is_finite():
        raise NotReadable(f"'{_short(cell)}' is no finite number. Leave the cell blank when it is unknown.")
    if value and value.adjusted() > 18:
        raise NotReadable(f"'{_short(cell)}' is too large to be meant.")
    return value


def whole_number(cell: str, style: Style) -> int:
    value = number(cell, style)
    if value != value.to_integral_value() or abs(value) > 2**31 - 1:
        raise NotReadable(f"'{_short(cell)}' is not a whole number of a sensible size.")
    return int(value)


def money(cell: str, style: Style, scale: int) -> int:
    """Minor units, exactly where the file is exact to a hundredth."""
    minor = number(cell, style) * scale * 100
    if abs(minor) > DEAREST_MINOR:
        raise NotReadable(f"'{_short(cell)}' is more money than there is.")
    return _whole(minor)


def duration(cell: str, style: Style, minutes_a_unit: int) -> int:
    minutes = number(cell, style) * minutes_a_unit
    if abs(minutes) > LONGEST_MINUTES:
        raise NotReadable(f"'{_short(cell)}' is longer than a hundred years.")
    return _whole(minutes)


def share(cell: str, style: Style, *, percent: bool) -> float:
    """0 to 1; a percent sign says percent, whatever the column's unit."""
    is_percent = percent or cell.endswith("%")
    value = number(cell.removesuffix("%").strip(), style) / (100 if is_percent else 1)
    if not 0 <= value <= 1:
        limits = "0 to 100" if is_percent else "0 to 1"
        raise NotReadable(f"'{_short(cell)}' is outside {limits}.")
    return float(value)


def moment(cell: str, style: Style) -> datetime:
    return _moment(cell, style.dates)


def day(cell: str, style: Style) -> date:
    return _moment(cell, style.dates).date()


def yes_no(cell: str) -> bool:
    word = cell.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise NotReadable(f"'{_short(cell)}' is neither yes nor no.")


@lru_cache(maxsize=10_000)
def word(cell: str, words: type[StrEnum]) -> str:
    """A word of a closed list, in any case and with spaces or hyphens for underscores."""
    plain = re.sub(r"[\s-]+", "_", cell).casefold()
    for member in words:
        if plain == member.value.casefold():
            return member.value
    raise NotReadable(f"'{_short(cell)}' is none of {', '.join(member.value for member in words)}.")


def week(cell: str, style: Style) -> list[int]:
    """Contracted hours from Monday on ("8 8 8 8 0"), as minutes of seven days."""
    hours = [number(part, style) for part in re.split(r"[\s;/]+", cell) if part]
    if not 1 <= len(hours) <= 7 or any(not 0 <= hour <= 24 for hour in hours):
        raise NotReadable(f"'{_short(cell)}' is not up to seven numbers of hours, Monday first, such as '8 8 8 8 0'.")
    return [int(hour * 60) for hour in hours] + [0] * (7 - len(hours))


def shifts_of_week(cell: str) -> list[list[list[int]]]:
    """The shifts of seven days from Monday on, "08:00-12:00 13:00-17:00; ...", in minutes since midnight."""
    days = cell.split(";")
    if len(days) != 7:
        raise NotReadable(f"'{_short(cell)}' are not the shifts of seven days, Monday first, apart by semicolons.")
    week = [_shifts(day) for day in days]
    if not any(week):
        raise NotReadable("A calendar without any working time cannot be planned with.")
    return week


def shifts_by_day(cell: str) -> dict[str, list[list[int]]]:
    """Days that differ from the week, "2026-03-17; 2026-12-24 08:00-12:00"; one without shifts is a day off."""
    found = {}
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        day, _, shifts = part.partition(" ")
        found[_moment(day, None).date().isoformat()] = _shifts(shifts)
    return found


def _shifts(text: str) -> list[list[int]]:
    shifts: list[list[int]] = []
    for part in text.split():
        found = SHIFT.fullmatch(part)
        hours = [int(each) for each in found.groups()] if found else []
        start, end = (hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]) if found else (0, 0)
        if start >= end or end > 1440 or (shifts and start < shifts[-1][1]):
            raise NotReadable(f"'{_short(text)}' are no shifts of one day, in order, such as 08:00-12:00 13:00-17:00.")
        shifts.append([start, end])
    return shifts


def units(cell: str, style: Style) -> float:
    """A share of somebody's working time; a group may give more than one."""
    value = number(cell, style)
    if not 0 <= value <= MOST_UNITS:
        raise NotReadable(f"'{_short(cell)}' is outside 0 to {MOST_UNITS}.")
    return float(value)


def email(cell: str) -> str:
    address = clean(cell).casefold()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise NotReadable(f"'{_short(cell)}' is not an e-mail address.")
    return address


def country(cell: str) -> str:
    code = cell.upper()
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise NotReadable(f"'{_short(cell)}' is no country of two letters, such as IE.")
    return code


def currency(cell: str) -> str:
    code = cell.upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise NotReadable(f"'{_short(cell)}' is not a currency code of three letters, such as EUR.")
    return code


def _whole(value: Decimal) -> int:
    return int(value.to_integral_value(rounding=ROUND_HALF_EVEN))


@lru_cache(maxsize=50_000)
def _moment(cell: str, format_: str | None) -> datetime:
    try:
        value = datetime.strptime(cell, format_) if format_ else datetime.fromisoformat(cell)
    except (ValueError, re.error) as error:
        raise NotReadable(f"'{_short(cell)}' is not a date{_date_hint(cell, format_)}.") from error
    if value.tzinfo is not None:
        raise NotReadable(f"'{_short(cell)}' has a time zone; plan dates are local. Leave it out.")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise NotReadable(f"The year {value.year} is outside {FIRST_YEAR} to {LAST_YEAR}.")
    return value.replace(second=0, microsecond=0)


def _date_hint(cell: str, format_: str | None) -> str:
    if format_:
        return f" as '{format_}' writes it"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        return ": the calendar has no such day"
    return ". Write it as 2026-03-31"


def _hint(cell: str, style: Style) -> str:
    return ". Write 1234.5 without grouping marks" if style.decimal == "." and "," in cell else ""


def _short(cell: str) -> str:
    shown = clean(cell).replace("\n", " ")
    return shown if len(shown) <= 60 else f"{shown[:57]}..."

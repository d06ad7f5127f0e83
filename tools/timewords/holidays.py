"""Feasts and seasons that deadlines hang on: Christmas, Easter, the summer."""

from dataclasses import replace
from datetime import date, timedelta

from tools.timewords.clock import Window, months_from


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    (i, k), m = divmod(c, 4), (a + 11 * h) // 319
    n = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + n + 90) // 25
    return date(year, month, (h - m + n + month + 19) % 32)


def feast(name: str, year: int) -> Window:
    """The days of a feast in a year."""
    if name in _FIXED:
        return Window.of_day(date(year, *_FIXED[name]))
    if name == "christmas break":
        return Window(date(year, 12, 24), date(year + 1, 1, 1), is_break=True)
    if name == "thanksgiving":
        first = date(year, 11, 1)
        return Window.of_day(first + timedelta(days=(4 - first.isoweekday()) % 7 + 21))
    sunday = easter(year)
    if name == "easter weekend":
        return Window(sunday - timedelta(days=2), sunday + timedelta(days=1), is_break=True)
    return Window.of_day(sunday + timedelta(days=_FROM_EASTER[name]))


def season(name: str, year: int) -> Window:
    """The months of a season: the winter of a year is the one that ends in it, summer the two months of leave."""
    month, length = _SEASONS[name]
    return replace(months_from(date(year - (name == "winter"), month, 1), 0, length), is_break=True)


_FIXED = {
    "new year": (1, 1),
    "st patrick": (3, 17),
    "may day": (5, 1),
    "halloween": (10, 31),
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
}
_FROM_EASTER = {"good friday": -2, "easter": 0, "easter monday": 1, "ascension": 39, "pentecost": 49, "whit monday": 50}
_SEASONS = {"spring": (3, 3), "summer": (7, 2), "autumn": (9, 3), "winter": (12, 3)}

"""Where everything of a load chart lies: people by week, hours booked against hours there. Lengths are in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from integrations.rendering.gantt import MARGIN, Box, Tick, cut

ROW, HEAD, LABELS, WEEK, GAP = 44, 30, 200, 66, 6
FULL = 28  # the height of a week that is booked for just the hours there are
MOST_SHOWN = 1.4  # of the hours there: more is drawn no higher, and said in figures
OVER = 1.005


@dataclass(frozen=True)
class Week:
    """Hours of one person in one week."""

    available: float
    firm: float
    tentative: float = 0.0

    @property
    def share(self) -> float | None:
        """Firmly booked of the hours there; None without any."""
        return self.firm / self.available if self.available > 0 else None

    @property
    def is_over(self) -> bool:
        return self.firm > self.available * OVER + 0.05


@dataclass(frozen=True)
class Cell:
    """A week in its place: the hours there, those booked, those that may come, and words where it is too much."""

    frame: Box
    firm: Box | None
    tentative: Box | None
    is_over: bool
    words: str


@dataclass(frozen=True)
class PersonRow:
    label: str
    y: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class LoadChart:
    width: float
    height: float
    weeks: tuple[Tick, ...]
    rows: tuple[PersonRow, ...]


def lay_out_load(people: Sequence[tuple[str, Sequence[Week]]], weeks: Sequence[date]) -> LoadChart | None:
    """The chart of these people, with one week for each Monday; None without people or weeks."""
    if not people or not weeks:
        return None
    rows = tuple(_row(name, load, place) for place, (name, load) in enumerate(people))
    ticks = tuple(Tick(LABELS + place * WEEK, f"{day.day} {day:%b}") for place, day in enumerate(weeks))
    return LoadChart(LABELS + len(weeks) * WEEK + MARGIN, HEAD + len(rows) * ROW + MARGIN, ticks, rows)


def _row(name: str, load: Sequence[Week], place: int) -> PersonRow:
    top = HEAD + place * ROW
    return PersonRow(cut(name, LABELS - 2 * MARGIN), top, tuple(_cell(week, top, at) for at, week in enumerate(load)))


def _cell(week: Week, top: float, place: int) -> Cell:
    """Bars stand on the bottom of the row; the frame is as high as the hours there."""
    x, bottom, width = LABELS + place * WEEK, top + ROW - 2, WEEK - GAP
    firm = _height(week.firm, week.available)
    all_of_it = _height(week.firm + week.tentative, week.available)
    words = ""
    if week.is_over:
        words = f"{week.firm / week.available:.0%}" if week.available > 0 else "away"
    return Cell(
        frame=Box(x, bottom - FULL, width, FULL),
        firm=Box(x, bottom - firm, width, firm) if firm else None,
        tentative=Box(x, bottom - all_of_it, width, all_of_it - firm) if all_of_it > firm else None,
        is_over=week.is_over,
        words=words,
    )


def _height(hours: float, available: float) -> float:
    if hours <= 0:
        return 0.0
    share = min(hours / available, MOST_SHOWN) if available > 0 else MOST_SHOWN
    return round(share * FULL, 1)

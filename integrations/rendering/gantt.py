"""Where everything of a Gantt chart lies: one geometry for pages, briefs, PDF and Slack. Lengths are in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

ROW, HEAD, FOOT, LABELS, MARGIN = 24, 44, 18, 280, 12
BAR, SUMMARY_BAR, GHOST, DIAMOND = 12, 7, 4, 7
INDENT = 14
LETTER = 6.6  # the width of an average letter of a label
WIDEST, NARROWEST = 1400, 480  # of the plot
MOST_ROWS = 150
SHADED_FROM = 6  # pixels a day: below, weekends are too narrow to be shaded
TICK_ROOM = 52
STUB = 7  # how far a link runs out of a bar before it turns


class Shape(StrEnum):
    TASK = "task"
    SUMMARY = "summary"
    MILESTONE = "milestone"


@dataclass(frozen=True)
class Item:
    """One line to be drawn; without a start and a finish it has a label only."""

    label: str
    depth: int = 0
    shape: Shape = Shape.TASK
    start: datetime | None = None
    finish: datetime | None = None
    baseline_start: datetime | None = None
    baseline_finish: datetime | None = None
    deadline: date | None = None
    done_share: float | None = None
    is_critical: bool = False
    is_late: bool = False
    note: str = ""  # what a reader hears of it


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Row:
    """One item in its place; `number` is its place among the items given."""

    number: int
    item: Item
    y: float
    label: str
    label_x: float
    box: Box | None
    done: Box | None = None
    ghost: Box | None = None
    deadline_x: float | None = None


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Gantt:
    """The whole chart. `left_out` counts the items for which there was no room."""

    width: float
    height: float
    plot: Box
    rows: tuple[Row, ...]
    months: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    shaded: tuple[Box, ...]
    links: tuple[tuple[tuple[float, float], ...], ...]
    today_x: float | None
    left_out: int = 0
    pressing_left_out: int = 0  # of these, what is late, critical or a milestone


def lay_out(
    items: Sequence[Item],
    links: Sequence[tuple[int, int, str]],
    today: date,
    days_off: frozenset[int] = frozenset({5, 6}),
) -> Gantt | None:
    """The chart of these items; None where none has dates. `links` are numbers of items with FS, SS, FF or SF."""
    shown = _fitting(items)
    moments = [moment for number in shown for moment in _moments(items[number])]
    if not moments:
        return None
    first, last = min(moments).date(), max(moments).date()
    if first - timedelta(days=30) <= today <= last + timedelta(days=30):
        first, last = min(first, today), max(last, today)
    axis = _Axis(first - timedelta(days=first.weekday()), last + timedelta(days=7 - last.weekday()))
    rows = tuple(_row(number, items[number], place, axis) for place, number in enumerate(shown))
    boxes = {row.number: row.box for row in rows if row.box}
    plot = Box(LABELS, HEAD, axis.width, len(rows) * ROW)
    return Gantt(
        width=LABELS + axis.width + MARGIN,
        height=HEAD + plot.height + FOOT,
        plot=plot,
        rows=rows,
        months=axis.months(),
        ticks=axis.ticks(),
        shaded=axis.shaded(days_off, plot),
        links=tuple(
            _link(boxes[before], boxes[after], kind)
            for before, after, kind in links
            if before in boxes and after in boxes
        ),
        today_x=axis.at(datetime.combine(today, datetime.min.time())) if axis.first <= today <= axis.last else None,
        left_out=len(items) - len(rows),
        pressing_left_out=sum(map(_presses, items)) - sum(_presses(row.item) for row in rows),
    )


def _fitting(items: Sequence[Item]) -> list[int]:
    """All items where there is room; else the levels that fit, then what is late or critical, milestones, the rest."""
    if len(items) <= MOST_ROWS:
        return list(range(len(items)))
    depth = 0
    while sum(item.depth <= depth for item in items) <= MOST_ROWS:
        depth += 1
    ranked = sorted(range(len(items)), key=lambda number: (items[number].depth >= depth, _rank(items[number]), number))
    return sorted(ranked[:MOST_ROWS])


def _rank(item: Item) -> int:
    return 0 if item.is_late or item.is_critical else 1 if item.shape is Shape.MILESTONE else 2


def _presses(item: Item) -> bool:
    return _rank(item) < 2


def _moments(item: Item) -> list[datetime]:
    deadline = datetime.combine(item.deadline, datetime.min.time()) if item.deadline else None
    given = (item.start, item.finish, item.baseline_start, item.baseline_finish, deadline)
    return [moment for moment in given if moment is not None]


@dataclass(frozen=True)
class _Axis:
    """The days along the plot, from the first to the last, that is not in it any more."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days

    @property
    def day_width(self) -> float:
        usual = next(width for limit, width in ((45, 20), (120, 9), (300, 4), (10**9, 1)) if self.days <= limit)
        return min(max(usual, NARROWEST / self.days), WIDEST / self.days)

    @property
    def width(self) -> float:
        return round(self.days * self.day_width, 1)

    def at(self, moment: datetime) -> float:
        """Where a moment lies; a working day's hours count like those of a clock."""
        gone = moment - datetime.combine(self.first, datetime.min.time())
        return round(LABELS + min(max(gone / timedelta(days=1), 0), self.days) * self.day_width, 1)

    def of_day(self, day: date) -> float:
        return self.at(datetime.combine(day, datetime.min.time()))

    def months(self) -> tuple[Tick, ...]:
        """The months, or where they are too narrow the quarters or years."""
        step = next(months for months in (1, 3, 12, 60, 600) if months * 30 * self.day_width >= TICK_ROOM)
        day, found = date(self.first.year, 1, 1), []
        while day < self.last:
            end = _months_after(day, step)
            if end > self.first:
                found.append(Tick(self.of_day(max(day, self.first)), _named(day, step)))
            day = end
        ends = [*(tick.x for tick in found[1:]), LABELS + self.width]
        return tuple(tick for tick, end in zip(found, ends, strict=True) if end - tick.x >= TICK_ROOM) or tuple(
            found[:1]
        )

    def ticks(self) -> tuple[Tick, ...]:
        """Mondays with their day, as far apart as they can be read."""
        weeks = next((weeks for weeks in (1, 2, 4) if weeks * 7 * self.day_width >= TICK_ROOM / 2), 0)
        if not weeks:
            return ()
        starts = (self.first + timedelta(days=step) for step in range(0, self.days, 7 * weeks))
        return tuple(Tick(self.of_day(day), str(day.day)) for day in starts)

    def shaded(self, days_off: frozenset[int], plot: Box) -> tuple[Box, ...]:
        if self.day_width < SHADED_FROM:
            return ()
        days = (self.first + timedelta(days=step) for step in range(self.days))
        width = round(self.day_width, 1)
        return tuple(Box(self.of_day(day), plot.y, width, plot.height) for day in days if day.weekday() in days_off)


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(min(day.year + years, 9999), month + 1, 1)


def _named(day: date, months: int) -> str:
    match months:
        case 1:
            return f"{day:%b %Y}" if day.month == 1 else f"{day:%b}"
        case 3:
            return f"Q{(day.month + 2) // 3} {day.year}"
        case _:
            return str(day.year)


def _row(number: int, item: Item, place: int, axis: _Axis) -> Row:
    top = HEAD + place * ROW
    indent = MARGIN + min(item.depth, 6) * INDENT
    label = cut(item.label, LABELS - indent - MARGIN)
    start, finish = item.start or item.finish, item.finish or item.start
    if start is None or finish is None:
        return Row(number, item, top, label, indent, None)
    height = {Shape.TASK: BAR, Shape.SUMMARY: SUMMARY_BAR, Shape.MILESTONE: 2 * DIAMOND}[item.shape]
    x, right = axis.at(start), axis.at(_evening(finish))
    if item.shape is Shape.MILESTONE:
        x, right = axis.at(_evening(finish)) - DIAMOND, axis.at(_evening(finish)) + DIAMOND
    box = Box(x, top + (ROW - height) / 2 - (GHOST / 2 if item.baseline_finish else 0), max(right - x, 2), height)
    share = min(max(item.done_share or 0, 0), 1)
    done = Box(box.x, box.y, round(box.width * share, 1), box.height) if share and item.shape is Shape.TASK else None
    deadline = axis.at(_evening(datetime.combine(item.deadline, datetime.min.time()))) if item.deadline else None
    return Row(number, item, top, label, indent, box, done, _ghost(item, box, axis), deadline)


def _ghost(item: Item, box: Box, axis: _Axis) -> Box | None:
    """Where the baseline had it, a thin bar below."""
    if item.baseline_finish is None or item.shape is Shape.SUMMARY:
        return None
    right = axis.at(_evening(item.baseline_finish))
    x = axis.at(item.baseline_start or item.baseline_finish)
    if item.shape is Shape.MILESTONE:
        x = right - DIAMOND
    return Box(x, box.y + box.height + 1, max(right - x, 2), GHOST)


def _evening(finish: datetime) -> datetime:
    """A bar runs to the end of its last day."""
    return datetime.combine(finish.date(), datetime.min.time()) + timedelta(days=1)


def cut(label: str, room: float) -> str:
    letters = max(4, int(room / LETTER))
    return label if len(label) <= letters else f"{label[: letters - 1].rstrip()}…"


def _link(before: Box, after: Box, kind: str) -> tuple[tuple[float, float], ...]:
    """An orthogonal line: out of one bar, along, and into the other from its side."""
    begin = before.right if kind[:1] == "F" else before.x
    out = begin + (STUB if kind[:1] == "F" else -STUB)
    into_start = kind[1:] == "S"
    end = after.x if into_start else after.right
    last = end - STUB if into_start else end + STUB
    between = before.middle + (ROW / 2 if after.middle > before.middle else -ROW / 2)
    is_direct = out <= last if into_start and kind[:1] == "F" else False
    points = [(begin, before.middle), (out, before.middle)]
    points += [(out, after.middle)] if is_direct else [(out, between), (last, between), (last, after.middle)]
    return tuple((round(x, 1), round(y, 1)) for x, y in (*points, (end, after.middle)))

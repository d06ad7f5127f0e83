"""Charts as SVG that stands alone and does nothing: escaped text, no script, no style, nothing from outside.

Colours are attributes for where the picture stands alone; on a page, its style sheet overrides them by class.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from integrations.rendering.gantt import ROW, Box, Gantt, Row, Shape, Tick
from integrations.rendering.load_chart import LoadChart
from storage.text import printable

INK, MUTED, LINE, GROUND = "#16212a", "#53616c", "#d8dfe3", "#ffffff"
BAR, BAR_DONE, CRITICAL, LATE, SUMMARY, BASELINE = "#8fbcc8", "#0d6275", "#a3261f", "#a3261f", "#53616c", "#b6c0c6"
SHADE, TODAY = "#eef2f4", "#a3261f"
FONT = 'font-family="system-ui, Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif" font-size="12"'
MARK = "\u26a0"
TODAY_ROOM = 30


def draw_gantt(chart: Gantt, title: str, describe: str) -> str:
    """The chart as one SVG element; `title` and `describe` are what a reader of screens hears of it."""
    return "".join(
        [
            _open("gantt", chart.width, chart.height, title, describe),
            *(_rect("off", box, SHADE) for box in chart.shaded),
            *(_text("month", tick.x + 4, 16, tick.label, INK, weight="600") for tick in chart.months),
            *(_line("grid", tick.x, 22, tick.x, chart.plot.y + chart.plot.height, LINE) for tick in chart.months),
            *(_text("tick", tick.x + 3, 36, tick.label, MUTED) for tick in _ticks(chart)),
            *_labels(chart),
            *(piece for row in chart.rows for piece in _gantt_row(row, chart)),
            *(_path(points) for points in chart.links),
            *_today(chart),
            "</svg>",
        ]
    )


def draw_load(chart: LoadChart, title: str, describe: str) -> str:
    """The load of people by week as one SVG element."""
    pieces = [_open("load", chart.width, chart.height, title, describe), _hatching()]
    pieces += [_text("tick", tick.x, 18, tick.label, MUTED) for tick in chart.weeks]
    for row in chart.rows:
        pieces.append(_text("label", 12, row.y + 28, row.label, INK))
        for cell in row.cells:
            pieces.append(_rect("frame", cell.frame, SHADE))
            if cell.firm:
                pieces.append(
                    _rect("firm over" if cell.is_over else "firm", cell.firm, LATE if cell.is_over else BAR_DONE)
                )
            if cell.tentative:
                pieces.append(_rect("tentative", cell.tentative, "url(#may-come)"))
            if cell.words:
                x = cell.frame.x + cell.frame.width / 2
                pieces.append(_text("words", x, cell.frame.y + 18, cell.words, GROUND, weight="600", anchor="middle"))
    return "".join([*pieces, "</svg>"])


def _labels(chart: Gantt) -> Iterator[str]:
    """The labels in a window of their own, so that none runs into the plot, however wide its letters are."""
    yield f'<svg class="labels" width="{chart.plot.x:g}" height="{chart.height:g}">'
    for row in chart.rows:
        weight = "600" if row.item.shape is Shape.SUMMARY else ""
        label = f"{MARK} {row.label}" if row.item.is_late else row.label
        yield _text("label", row.label_x, row.y + 16, label, INK, weight=weight)
    yield "</svg>"


def _ticks(chart: Gantt) -> Iterator[Tick]:
    """Those whose label does not stand in the way of today's."""
    today = chart.today_x
    yield from (tick for tick in chart.ticks if today is None or abs(tick.x - today) >= TODAY_ROOM)


def _gantt_row(row: Row, chart: Gantt) -> Iterator[str]:
    item, bottom = row.item, row.y + ROW
    yield _line("row", 0, bottom, chart.width, bottom, LINE)
    if row.box is None:
        yield _text("tick", chart.plot.x + 4, row.y + 16, "no dates", MUTED)
        return
    yield "<g>"
    yield f"<title>{_plain(item.note or item.label)}</title>"
    kind = f"{item.shape}{' critical' if item.is_critical else ''}"
    if row.ghost:
        yield _rect("baseline", row.ghost, BASELINE)
    match item.shape:
        case Shape.MILESTONE:
            yield _diamond(kind, row.box, CRITICAL if item.is_critical else INK)
        case Shape.SUMMARY:
            yield _bracket(row.box)
        case Shape.TASK:
            outline = f' stroke="{CRITICAL}" stroke-width="2"' if item.is_critical else ""
            yield _rect(kind, row.box, BAR, f' rx="2"{outline}')
            if row.done:
                yield _rect("done", row.done, BAR_DONE, ' rx="2"')
    if row.deadline_x is not None:
        x, y = row.deadline_x, row.y + 4
        yield f'<path class="deadline" d="M{x} {y}l5 7l-5 7" fill="none" stroke="{INK}" stroke-width="1.5"/>'
    yield "</g>"


def _today(chart: Gantt) -> Iterator[str]:
    if chart.today_x is None:
        return
    bottom = chart.plot.y + chart.plot.height
    x = chart.today_x
    dashed = f'stroke="{TODAY}" stroke-width="1.5" stroke-dasharray="4 3"'
    yield f'<path class="today" d="M{x} 40V{bottom}" fill="none" {dashed}/>'
    for y in (36, bottom + 13):
        yield _text("today-label", x, y, "today", TODAY, weight="600", anchor="middle", size="11")


def _open(kind: str, width: float, height: float, title: str, describe: str) -> str:
    size = f'width="{width:g}" height="{height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" role="img" {size}'
    told = f"<title>{_plain(title)}</title><desc>{_plain(describe)}</desc>"
    return f'{head} viewBox="0 0 {width:g} {height:g}" {FONT}>{told}<rect class="ground" {size} fill="{GROUND}"/>'


def _hatching() -> str:
    return (
        '<defs><pattern id="may-come" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="3" height="6" class="hatch" fill="{BAR_DONE}"/></pattern></defs>'
    )


def _rect(kind: str, box: Box, fill: str, more: str = "") -> str:
    size = f'width="{box.width:g}" height="{box.height:g}"'
    return f'<rect class="{kind}" x="{box.x:g}" y="{box.y:g}" {size} fill="{fill}"{more}/>'


def _line(kind: str, x: float, y: float, to_x: float, to_y: float, stroke: str) -> str:
    return f'<path class="{kind}" d="M{x:g} {y:g}L{to_x:g} {to_y:g}" stroke="{stroke}" stroke-width="1"/>'


def _path(points: tuple[tuple[float, float], ...]) -> str:
    """A link with its arrow."""
    drawn = " ".join(f"{x:g},{y:g}" for x, y in points)
    (before, _), (x, y) = points[-2], points[-1]
    back = x - 5 if before <= x else x + 5
    return (
        f'<polyline class="link" points="{drawn}" fill="none" stroke="{MUTED}" stroke-width="1"/>'
        f'<path class="arrow" d="M{x:g} {y:g}L{back:g} {y - 3:g}V{y + 3:g}Z" fill="{MUTED}"/>'
    )


def _diamond(kind: str, box: Box, fill: str) -> str:
    half = box.width / 2
    around = f"M{box.x:g} {box.middle:g}l{half:g} {-half:g}l{half:g} {half:g}l{-half:g} {half:g}Z"
    return f'<path class="{kind}" d="{around}" fill="{fill}"/>'


def _bracket(box: Box) -> str:
    drop = box.height
    corner = min(drop, box.width / 2)
    return (
        f'<path class="summary" d="M{box.x:g} {box.y:g}H{box.right:g}v{drop:g}l{-corner:g} {-drop / 2:g}'
        f'H{box.x + corner:g}l{-corner:g} {drop / 2:g}Z" fill="{SUMMARY}"/>'
    )


def _text(
    kind: str, x: float, y: float, words: str, fill: str, *, weight: str = "", anchor: str = "", size: str = ""
) -> str:
    more = "".join(
        f" {name}={quoteattr(value)}"
        for name, value in (("font-weight", weight), ("text-anchor", anchor), ("font-size", size))
        if value
    )
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" fill="{fill}"{more}>{_plain(words)}</text>'


def _plain(words: str) -> str:
    return escape(printable(words))

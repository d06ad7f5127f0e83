"""Dates and progress of every task: a forward pass over the links, then how far each is on the day."""

from dataclasses import dataclass
from datetime import date
from zlib import crc32

from storage.sample.quillmere.firm import DAY_MINUTES, Firm, Line, Link, Project, SampleIsWrong, remaining_minutes
from storage.sample.quillmere.worktime import closing, opening
from storage.vocabulary import LinkKind, TaskState

_DAYS_OFF_PLAN = (0, 0, -1, 0, 1, 0, 0, 2, 0, 1)  # how real finishes lie around planned ones


@dataclass(frozen=True)
class Window:
    """From and to, as counts of working minutes."""

    start: int
    finish: int


@dataclass(frozen=True)
class Progress:
    """How far a task is; the actual moments are None until they have happened."""

    state: TaskState
    done_share: float
    actual_start: int | None = None
    actual_finish: int | None = None


def planned(firm: Firm) -> dict[str, Window]:
    """The planned window of every task, phases included."""
    lines = {line.key: line for line in firm.lines() if line.phase}
    windows: dict[str, Window] = {}
    for key in lines:
        _place(key, lines, windows, ())
    for project in firm.projects.values():
        windows.update(_phases(project, windows))
    return windows


def progress(line: Line, window: Window, today: date) -> Progress:
    """How far a task is when `today` opens: as its file says, else as far as its plan."""
    now = opening(today)
    share = _done_share(line, window, now)
    if share == 0:
        return Progress(TaskState.NOT_STARTED, 0.0)
    start = min(window.start, now - DAY_MINUTES)
    if share < 1:
        return Progress(TaskState.IN_PROGRESS, share, start)
    return Progress(TaskState.DONE, 1.0, start, _finished(line, window, now))


def phase_progress(parts: list[Progress]) -> Progress:
    """A phase is begun by its first task and done with its last."""
    starts = [part.actual_start for part in parts if part.actual_start is not None]
    if not starts:
        return Progress(TaskState.NOT_STARTED, 0.0)
    if all(part.state is TaskState.DONE for part in parts):
        finish = max(part.actual_finish or 0 for part in parts)
        return Progress(TaskState.DONE, 1.0, min(starts), finish)
    return Progress(TaskState.IN_PROGRESS, 0.0, min(starts))


def _place(key: str, lines: dict[str, Line], windows: dict[str, Window], waiting: tuple[str, ...]) -> Window:
    if key in windows:
        return windows[key]
    if key not in lines or key in waiting:
        raise SampleIsWrong(f"{key} is linked in a circle or does not exist: {' > '.join((*waiting, key))}.")
    line = lines[key]
    length = line.duration_minutes
    befores = [(link, _place(link.task, lines, windows, (*waiting, key))) for link in line.links]
    earliest = [_earliest(link, before, length) for link, before in befores]
    if "from" in line.page:
        earliest.append(closing(line.page["from"]) if line.is_milestone else opening(line.page["from"]))
    if not earliest:
        raise SampleIsWrong(f"{key} says neither what it comes after nor when it starts.")
    start = max(earliest)
    finish = closing(line.page["to"]) if "to" in line.page else start + length
    windows[key] = Window(start, finish)
    return windows[key]


def _earliest(link: Link, before: Window, length: int) -> int:
    """The first start that the link allows a task of this length."""
    anchor = before.finish if link.kind in (LinkKind.FS, LinkKind.FF) else before.start
    own = length if link.kind in (LinkKind.FF, LinkKind.SF) else 0
    return anchor + link.lag_minutes - own


def _phases(project: Project, windows: dict[str, Window]) -> dict[str, Window]:
    within: dict[str, list[Window]] = {}
    for line in project.leaves:
        within.setdefault(line.phase or "", []).append(windows[line.key])
    return {key: Window(min(w.start for w in ws), max(w.finish for w in ws)) for key, ws in within.items()}


def _done_share(line: Line, window: Window, now: int) -> float:
    left = remaining_minutes(line)
    if left is not None:
        return 1 - left / line.effort_minutes
    if "done" in line.page:
        return float(line.page["done"])
    finish = opening(line.page["finished"]) if "finished" in line.page else window.finish
    if finish <= now:
        return 1.0
    if window.start >= now:
        return 0.0
    return max(0.05, round((now - window.start) / (window.finish - window.start) * 20) / 20)


def _finished(line: Line, window: Window, now: int) -> int:
    if "finished" in line.page:
        return closing(line.page["finished"])
    off = _DAYS_OFF_PLAN[crc32(line.key.encode()) % len(_DAYS_OFF_PLAN)] * DAY_MINUTES
    return max(window.start + min(off, 0) + DAY_MINUTES, min(window.finish + off, now)) if line.duration_minutes else window.finish

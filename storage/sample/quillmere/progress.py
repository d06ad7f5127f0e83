"""How far every task is on a day: as its file says, else as far as its plan."""

from dataclasses import dataclass
from datetime import date
from zlib import crc32

from storage.sample.quillmere.firm import DAY_MINUTES, LAID_AROUND, Firm, Line, Project, remaining_minutes
from storage.sample.quillmere.plan import Window
from storage.sample.quillmere.worktime import closing, opening
from storage.vocabulary import LinkKind, TaskState

_MONDAY = opening(LAID_AROUND)
_DAYS_OFF_PLAN = (0, 0, -1, 0, 1, 0, 0, 2, 0, 1)  # how real finishes lie around planned ones


@dataclass(frozen=True)
class Progress:
    """How far a task is; the actual moments are None until they have happened."""

    state: TaskState
    done_share: float
    actual_start: int | None = None
    actual_finish: int | None = None


def standing(firm: Firm, windows: dict[str, Window], today: date) -> dict[str, Progress]:
    """The progress of every task when `today` opens, phases included."""
    lines = {line.key: line for line in firm.lines() if line.phase}
    done: dict[str, Progress] = {}
    for line in lines.values():
        _measure(line, lines, windows, opening(today), done)
    for project in firm.projects.values():
        done.update(_phases_done(project, done))
    return done


def _measure(
    line: Line, lines: dict[str, Line], windows: dict[str, Window], now: int, done: dict[str, Progress]
) -> bool:
    """Adds the progress of a task and of what it comes after. Returns whether it is done."""
    if line.key not in done:
        befores = (link.task for link in line.links if link.kind is LinkKind.FS and link.lag_minutes >= 0)
        is_free = all(_measure(lines[before], lines, windows, now, done) for before in befores)
        done[line.key] = _progress(line, windows[line.key], now, is_free=is_free)
    return done[line.key].state is TaskState.DONE


def _progress(line: Line, window: Window, now: int, *, is_free: bool) -> Progress:
    told = _told_share(line, window, now)
    share = _planned_share(window, now) * is_free if told is None else told
    if share == 0:
        return Progress(TaskState.NOT_STARTED, 0.0)
    start = min(window.start, now - DAY_MINUTES)
    if share < 1:
        return Progress(TaskState.IN_PROGRESS, share, start)
    return Progress(TaskState.DONE, 1.0, start, _finished(line, window, now))


def _told_share(line: Line, window: Window, now: int) -> float | None:
    """The share its file gives for Monday, grown with the days since; None where the file leaves it to the plan."""
    left = remaining_minutes(line)
    if left is not None:
        return 1 - left / line.effort_minutes
    if "finished" in line.page and opening(line.page["finished"]) < now:
        return 1.0
    if "done" not in line.page:
        return None
    share = float(line.page["done"])
    stands_still = "waits" in line.page or "stopped" in line.page or not share
    return share if stands_still else min(0.95, share + _planned_share(window, now) - _planned_share(window, _MONDAY))


def _planned_share(window: Window, now: int) -> float:
    if window.finish <= now:
        return 1.0
    if window.start >= now:
        return 0.0
    return max(0.05, round((now - window.start) / (window.finish - window.start) * 20) / 20)


def _finished(line: Line, window: Window, now: int) -> int:
    """The day its file gives, else a day or two around the planned one, so that not all goes to plan."""
    if "finished" in line.page:
        return closing(line.page["finished"])
    if line.is_milestone:
        return window.finish
    off = _DAYS_OFF_PLAN[crc32(line.key.encode()) % len(_DAYS_OFF_PLAN)] * DAY_MINUTES
    return max(window.start + DAY_MINUTES, min(window.finish + off, now))


def _phases_done(project: Project, done: dict[str, Progress]) -> dict[str, Progress]:
    within: dict[str, list[Progress]] = {}
    for line in project.leaves:
        within.setdefault(line.phase or "", []).append(done[line.key])
    return {key: _phase_done(parts) for key, parts in within.items()}


def _phase_done(parts: list[Progress]) -> Progress:
    """A phase is begun by its first task and done with its last."""
    starts = [part.actual_start for part in parts if part.actual_start is not None]
    if not starts:
        return Progress(TaskState.NOT_STARTED, 0.0)
    if all(part.state is TaskState.DONE for part in parts):
        finish = max(part.actual_finish or 0 for part in parts)
        return Progress(TaskState.DONE, 1.0, min(starts), finish)
    return Progress(TaskState.IN_PROGRESS, 0.0, min(starts))

"""Planned dates of every task: a forward pass over the links, as counts of working minutes."""

from dataclasses import dataclass

from storage.sample.quillmere.firm import Firm, Line, Link, Project, SampleIsWrong
from storage.sample.quillmere.worktime import closing, opening
from storage.vocabulary import LinkKind


@dataclass(frozen=True)
class Window:
    """From and to, as counts of working minutes."""

    start: int
    finish: int


def planned(firm: Firm) -> dict[str, Window]:
    """The planned window of every task, phases included."""
    lines = {line.key: line for line in firm.lines() if line.phase}
    windows: dict[str, Window] = {}
    for key in lines:
        _place(key, lines, windows, ())
    for project in firm.projects.values():
        windows.update(_phases(project, windows))
    return windows


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
    if finish < start:
        raise SampleIsWrong(f"{key} finishes before it can start; look at its links, `from` and `to`.")
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

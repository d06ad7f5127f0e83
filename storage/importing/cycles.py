"""Cycles among parents and among links, by the keys of tasks."""

from collections import Counter, defaultdict
from collections.abc import Iterable


def cycles_of_parents(parent_of: dict[str, str]) -> dict[str, str]:
    """The tasks on a cycle, each with the cycle written out."""
    done: set[str] = set()
    found: dict[str, str] = {}
    for start in parent_of:
        path: dict[str, None] = {}
        task: str | None = start
        while task is not None and task not in done and task not in path:
            path[task] = None
            task = parent_of.get(task)
        if task is not None and task in path:
            cycle = list(path)[list(path).index(task) :]
            found |= dict.fromkeys(cycle, written(cycle))
        done.update(path)
    return found


def cycle_of_links(links: Iterable[tuple[str, str]]) -> list[str]:
    """One cycle among the links; empty when there is none (Kahn, 1962, then a walk through what is left)."""
    after: dict[str, set[str]] = defaultdict(set)
    waits: Counter[str] = Counter()
    for before, later in set(links):
        after[before].add(later)
        waits[later] += 1
    ready = [task for task in after if not waits[task]]
    while ready:
        for later in after.pop(ready.pop(), ()):
            waits[later] -= 1
            if not waits[later]:
                ready.append(later)
    stuck = {task: sorted(t for t in later if waits[t] > 0) for task, later in after.items() if waits[task] > 0}
    path: dict[str, None] = {}
    task = next((t for t in sorted(stuck) if stuck[t]), None)
    before_of = {later: task for task in sorted(stuck) for later in stuck[task]}
    while task is not None and task not in path:
        path[task] = None
        task = before_of.get(task)
    if task is None:
        return []
    walked = list(path)
    cycle = walked[walked.index(task) :][::-1]
    first = cycle.index(min(cycle))
    return cycle[first:] + cycle[:first]


def written(cycle: list[str]) -> str:
    shown = cycle if len(cycle) <= 8 else [*cycle[:7], "..."]
    return " > ".join([*shown, cycle[0]])

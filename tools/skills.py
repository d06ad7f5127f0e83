"""Which skills on file, and which job titles, words mean."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from tools.names import plain

ALIKE = 86  # per cent of two spellings of one thing that agree
NEAR = 55
MOST_NEAR = 3
_BETWEEN = re.compile(r"\s*(?:,|/|&|\+|\band\b)\s*")
_ENDINGS = ("ing", "ers", "er", "ors", "or", "s")
_STEM = 3


@dataclass(frozen=True)
class Wanted:
    """What is looked for: skills that all must be there, or job titles of which one must be."""

    skills: tuple[str, ...] = ()
    titles: frozenset[str] = frozenset()


def wanted(words: str, skills: Collection[str], titles: Collection[str]) -> Wanted | None:
    """The skills that words name, one or several; else the job titles; None for words that are neither."""
    parts = [part for part in _BETWEEN.split(words.strip()) if part]
    found = [skill for part in parts if (skill := _skill(part, skills))]
    if len(parts) > 1 and len(found) == len(parts):
        return Wanted(tuple(dict.fromkeys(found)))
    if skill := _skill(words, skills):
        return Wanted((skill,))
    exact = {plain(each): each for each in skills}
    if all(word in exact for word in plain(words).split()):
        return Wanted(tuple(dict.fromkeys(exact[word] for word in plain(words).split())))
    same = frozenset(title for title in titles if _is_title(words, title))
    return Wanted(titles=same) if same else None


def near(words: str, known: Iterable[str]) -> list[str]:
    """What comes close to words that mean none of what is known."""
    by_plain = {plain(each): each for each in known}
    found = process.extract(plain(words), by_plain.keys(), scorer=fuzz.WRatio, score_cutoff=NEAR, limit=MOST_NEAR)
    return [by_plain[each] for each, *_ in found]


def _skill(words: str, skills: Collection[str]) -> str | None:
    said = plain(words)
    by_plain = {plain(skill): skill for skill in skills}
    if said in by_plain:
        return by_plain[said]
    within = [each for each in by_plain if f" {each} " in f" {said} " or f" {said} " in f" {each} "]
    if len(within) == 1:
        return by_plain[within[0]]
    best = process.extractOne(said, by_plain.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return by_plain[best[0]] if best else None


def _is_title(words: str, title: str) -> bool:
    """ "tester" is a Test engineer, "data engineers" are Data engineers; every word of them begins one of the title."""
    inside = plain(title).split()
    said = [_stem(word) for word in plain(words).split()]
    return bool(said) and all(any(word.startswith(each) for word in inside) for each in said)


def _stem(word: str) -> str:
    return next((word[: -len(end)] for end in _ENDINGS if word.endswith(end) and len(word) >= len(end) + _STEM), word)

"""Ways to spoil a model's prose: figures, days, names and health of its own, markup, and references to wrong fields."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from storage.vocabulary import Level
from tools.facts import Fact, Figure, Unit
from tools.names import NameIndex

REFERENCE = re.compile(r"\{\{f1\.([^{}]+)\}\}")
COUNTED = (Unit.COUNT, Unit.HOURS, Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.SHARE, Unit.RATIO)
NUMERALS = ("three", "a dozen", "twenty-one", "half", "twice", "a couple of", "hundred", "the second")
DAYS = (
    "on Friday",
    "by 12 March",
    "on 2026-03-19",
    "next week",
    "tomorrow",
    "in April",
    "at the end of the quarter",
    "3 May 2012",
)
HEALTH = ("green", "red", "amber", "on track", "at risk", "in trouble", "healthy", "critical")
MARKUP = (
    "see [here](https://example.com)",
    "![x](https://example.com/x.png)",
    "<b>now</b>",
    "<script>alert()</script>",
    "www.example.com",
    "@channel",
    "<!here>",
    "```now```",
    "[a]: javascript:alert()",
)
LITERAL = (
    "figure written out",
    "digit changed",
    "digit added",
    "number word",
    "day",
    "health",
    "another project",
    "another person",
    "invented person",
    "markup",
    "digits of another script",
    "digits set apart",
    "currency",
    "roman numeral",
    "invented field",
)
REFERENCES = ("wrong field, labelled", "wrong row")
COMPARED = (
    ("progress", "planned_progress"),
    ("spent", "earned"),
    ("estimate_at_completion", "budget"),
    ("margin", "target_margin"),
    ("finish", "promised_finish"),
    ("spent_share", "earned_share"),
    ("work", "free"),
)
DENIED = (
    ("tasks_late", ("no task is late", "nothing is overdue", "none of the work is delayed")),
    ("tasks_blocked", ("nothing is blocked", "nobody is waiting", "no task is stuck")),
    ("projects_late", ("no project is late", "none of the projects is behind")),
)
CLAIMS = ("comparison", "negation")


@dataclass(frozen=True)
class Spoilt:
    """A text, and in which way it is wrong."""

    kind: str
    text: str


@dataclass(frozen=True)
class Cast:
    """The projects and people there are, that prose can be made to name."""

    projects: tuple[str, ...]
    people: tuple[str, ...]

    @classmethod
    def of(cls, index: NameIndex) -> "Cast":
        labels = {level: tuple(row.label for row in index.rows if row.level is level) for level in Level}
        return cls(labels[Level.PROJECT], labels[Level.PERSON])


def spoilt(prose: str, fact: Fact, cast: Cast, question: str) -> Iterator[Spoilt]:
    """The prose, spoilt once in each way that it can be."""
    figures = dict(fact.figures())
    pick = _Pick(prose)
    for kind, spoil in (*_OF_FIGURES.items(), *_OF_REFERENCES.items()):
        for place, found in enumerate(REFERENCE.finditer(prose)):
            figure = figures.get(found[1])
            if figure is not None and (text := spoil(found[1], figure, figures, _Pick(f"{prose}{place}"))) is not None:
                yield Spoilt(_kind(kind, prose, found), prose[: found.start()] + text + prose[found.end() :])
    for kind, added in (*_compared(figures), *_denied(figures)):
        yield Spoilt(kind, _with(prose, added))
    for kind, added in _additions(pick, cast, question, figures):
        yield Spoilt(kind, _with(prose, added))


class _Pick:
    """Chooses by the text it is for: the same in every run."""

    def __init__(self, text: str) -> None:
        self.number = crc32(text.encode())

    def __call__(self, choices: Sequence[str]) -> str:
        return choices[self.number % len(choices)]


Spoil = Callable[[str, Figure, dict[str, Figure], _Pick], str | None]


def _written_out(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    return figure.text if any(mark.isdigit() for mark in figure.text) else None


def _digit_changed(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    digits = [place for place, mark in enumerate(figure.text) if mark.isdigit()]
    if not digits:
        return None
    place = digits[pick.number % len(digits)]
    other = str((int(figure.text[place]) + 1 + pick.number % 8) % 10)
    return figure.text[:place] + other + figure.text[place + 1 :]


def _digit_added(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    return f"{{{{f1.{path}}}}}{pick('0123456789')}" if figure.unit in COUNTED else None


def _in_words(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    return pick(NUMERALS) if figure.unit in COUNTED else None


def _other_script(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    digits = pick(("٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९", "⁰¹²³⁴⁵⁶⁷⁸⁹", "①②③④⑤⑥⑦⑧⑨⑩"))
    spoilt = figure.text.translate(str.maketrans("0123456789", digits))
    return spoilt if spoilt != figure.text else None


def _set_apart(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    mark = pick(("\u200b", "\u2060", "**", "\u00ad", "&#8203;"))
    return mark.join(figure.text) if any(each.isdigit() for each in figure.text) and figure.unit in COUNTED else None


def _another_day(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    return (
        pick(("Monday", "Thu", "14 Mar", "2026-04-30", "June", "next month", "tomorrow"))
        if figure.unit == Unit.DATE
        else None
    )


def _another_health(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    return pick(HEALTH) if figure.unit == Unit.HEALTH else None


def _turned_round(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    """Health by the figures as not so, or no longer so."""
    is_computed = figure.unit == Unit.HEALTH and "reported" not in path
    return f"{pick(('not', 'no longer', 'hardly', 'anything but'))} {{{{f1.{path}}}}}" if is_computed else None


def _no_such_field(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    return pick((f"{{{{f1.{path}s}}}}", f"{{{{f1.total_{path}}}}}", f"{{{{f2.{path}}}}}", f"{{{{{path}}}}}"))


def _wrong_field(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    """Another field of the same unit and the same row."""
    if figure.unit not in (*COUNTED, Unit.DATE) and not figure.unit.isupper():
        return None
    stem = path.rpartition(".")[0]
    others = [each for each, other in figures.items() if other.unit == figure.unit and other.value != figure.value]
    others = [each for each in others if each.rpartition(".")[0] == stem and _differs(each, path, figures)]
    return f"{{{{f1.{pick(sorted(others))}}}}}" if others else None


def _differs(one: str, other: str, figures: dict[str, Figure]) -> bool:
    return not figures[one].metric or figures[one].metric != figures[other].metric


def _wrong_row(path: str, figure: Figure, figures: dict[str, Figure], pick: _Pick) -> str | None:
    """The same field of another row."""
    if not path.startswith("rows.") or figure.unit in (Unit.NAME, Unit.TEXT, Unit.KEY):
        return None
    name = path.rpartition(".")[2]
    others = [each for each in figures if each.startswith("rows.") and each != path and each.rpartition(".")[2] == name]
    others = [each for each in others if figures[each].value != figure.value]
    return f"{{{{f1.{pick(sorted(others))}}}}}" if others else None


_OF_FIGURES: dict[str, Spoil] = {
    "figure written out": _written_out,
    "digit changed": _digit_changed,
    "digit added": _digit_added,
    "number word": _in_words,
    "digits of another script": _other_script,
    "digits set apart": _set_apart,
    "day": _another_day,
    "health": _another_health,
    "invented field": _no_such_field,
    "negation": _turned_round,
}
_OF_REFERENCES: dict[str, Spoil] = {"wrong field": _wrong_field, "wrong row": _wrong_row}


def _additions(pick: _Pick, cast: Cast, question: str, figures: dict[str, Figure]) -> Iterator[tuple[str, str]]:
    """What a text may be made to say besides."""
    asked = question.lower()
    told = {str(figure.value) for figure in figures.values()}
    projects = [
        name for name in cast.projects if len(name.split()) > 1 and name.lower() not in asked and name not in told
    ]
    people = [name for name in cast.people if len(name.split()) > 1 and name.split()[0].lower() not in asked]
    yield "number word", f"and {pick(NUMERALS)} more"
    yield "day", f"and again {pick(DAYS)}"
    yield "health", f"so it is {pick(HEALTH)}"
    yield "another project", f"as is {pick(projects)}" if projects else "as is Hub Gateway"
    yield "another project", f"as is {pick(projects).lower()}" if projects else "as is Hub Gateway"
    if people:
        yield "another person", f"says {pick(people)}"
        yield "another person", f"says {pick(people).split()[0]}"
    yield "invented person", f"says {pick(('Jane Miller', 'Bob', 'Dr Ortega', 'Ms Chen'))}"
    yield "markup", pick(MARKUP)
    yield "currency", pick(("in euros", "in US dollars", "about € more", "in £"))
    yield "roman numeral", pick(("phase II", "in IV parts", "level iii", "part XII"))


def _compared(figures: dict[str, Figure]) -> Iterator[tuple[str, str]]:
    """Two figures of a fact that say the same thing of two sides, with the wrong one in front."""
    for first, second in COMPARED:
        one, other = figures.get(first), figures.get(second)
        if one is None or other is None or one.value is None or other.value is None or one.value == other.value:
            continue
        pick = _Pick(f"{first}{one.value}")
        if one.unit == Unit.DATE:
            words = "before" if str(one.value) > str(other.value) else "after"
        elif float(one.value) > float(other.value):
            words = pick(("below", "under", "less than", "behind", "short of"))
        else:
            words = pick(("above", "over", "more than", "ahead of", "in excess of"))
        sides = (f"the {path.replace('_', ' ')} of {{{{f1.{path}}}}}" for path in (first, second))
        yield "comparison", f"and {f' is {words} '.join(sides)}"


def _denied(figures: dict[str, Figure]) -> Iterator[tuple[str, str]]:
    """What there is, denied."""
    for path, words in DENIED:
        if (figure := figures.get(path)) is not None and figure.value:
            yield "negation", f"and {_Pick(f'{path}{figure.value}')(words)}"


def _with(prose: str, added: str) -> str:
    """The prose with more words before its last full stop, or at its end."""
    body = prose.rstrip(".*_")
    return f"{body}, {added}{prose[len(body) :]}"


def _kind(kind: str, prose: str, found: re.Match[str]) -> str:
    """A wrong field contradicts only a clause that calls the right one by a word of its own."""
    if kind != "wrong field":
        return kind
    before = _CLAUSE.split(REFERENCE.sub(";", prose[: found.start()]))[-1]
    after = _CLAUSE.split(REFERENCE.sub(";", prose[found.end() :]))[0]
    words = {word[:4] for word in re.findall(r"[a-z]+", f"{before} {after}".lower())}
    named = {word[:4] for word in re.findall(r"[a-z]+", found[1].rpartition(".")[2].lower())}
    return "wrong field, labelled" if words & named else "wrong field, unlabelled"


_CLAUSE = re.compile(r"[,;:.!?()\n|]")

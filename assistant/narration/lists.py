"""How lists of tasks, and overviews of projects, programs and portfolios, read."""

from assistant.narration.telling import Telling, noun, of_scope, sentences, that
from assistant.narration.wording import counted, fitting, in_lines, number_word, sentence, shorten, whole
from tools.facts import Figure
from tools.portfolio import OverviewLine, PortfolioOverview
from tools.tasks import TaskLine, TaskList

SHOWN = 6  # rows, two a line
NAME_LENGTH = 56
LONG_TEXT, LONGEST_TEXT = 160, 560
CLOSED = ("done", "cancelled")
MOST_PAST_PROMISE = 3
SAID_ANYWAY = frozenset({"finish", "days_late", "health", "owner", "projects"})


@sentences.register
def _(fact: TaskList, telling: Telling) -> list[str]:
    matched = whole(fact.matched)
    told = [_task(fact, key, row, telling) for key, row in fact.rows.items()]
    nouns, where = noun(fact.noun, "task", matched), _where(fact, telling)
    order = f", by {telling.say(fact.sorted_by)}" if fact.sorted_by is not None and matched > 1 else ""
    verdict = f"**{number_word(matched) if matched else 'No'} {nouns}{where}{order}.**"
    return [verdict, *_lines(told, matched), _foot(fact, telling)]


@sentences.register
def _(fact: PortfolioOverview, telling: Telling) -> list[str]:
    matched, rows = whole(fact.matched), fact.rows
    if matched == 1 and fact.scope_key is not None and fact.scope_key.value in rows:
        return [_looked_up(fact, str(fact.scope_key.value), telling), _foot(fact, telling)]
    told = [_overview(fact, key, row, telling) for key, row in rows.items()]
    lines = [_verdict(fact, telling), *_lines(told, matched), _past_promise(fact, telling), _foot(fact, telling)]
    return [line for line in lines if line]


def _past_promise(fact: PortfolioOverview, telling: Telling) -> str:
    """What is not late by its plan, though its plan is past what was promised."""
    told = [
        f"[{key}] {shorten(telling.say(row.name), NAME_LENGTH)} (promised {telling.say(row.promised_finish)},"
        f" planned {telling.say(row.finish)})"
        for key, row in list(fact.past_promise.items())[:MOST_PAST_PROMISE]
    ]
    return f"Past their promised date, though not their planned finish: {', '.join(told)}." if told else ""


def _looked_up(fact: PortfolioOverview, key: str, telling: Telling) -> str:
    """The field that was asked of one row; what is known of it where none was."""
    row = fact.rows[key]
    asked = [
        f"{telling.say(fact.labels[field])} {telling.say(value, exact=True)}" for field, value in row.values.items()
    ]
    details = ", ".join(asked or [part for part in _details(fact, row, telling) if part])
    name = f"{shorten(telling.say(row.name))} [{key}]"
    if len(details) > LONG_TEXT:
        return f"**{name}.** {sentence(shorten(details, LONGEST_TEXT))}"
    return f"**{name}: {details or 'nothing more on record'}.**"


def _foot(fact: TaskList | PortfolioOverview, telling: Telling) -> str:
    return telling.foot(telling.say(fact.partial), _unsorted(fact, telling))


def _where(fact: TaskList | PortfolioOverview, telling: Telling) -> str:
    where = of_scope(fact.scope, telling, by_person=_of_person(fact))
    return where + that(fact.conditions, telling, whole(fact.matched))


def _of_person(fact: TaskList | PortfolioOverview) -> bool:
    return bool(fact.sources) and fact.sources[0].kind == "person"


def _verdict(fact: PortfolioOverview, telling: Telling) -> str:
    matched = whole(fact.matched)
    nouns = noun(fact.noun, str(fact.level.value), matched)
    count = number_word(matched) if matched else "No"
    if fact.sorted_by is not None and fact.conditions is None and matched > 1:
        return f"**{count} {nouns}{_where(fact, telling)}, by {telling.say(fact.sorted_by)}.**"
    if fact.conditions is not None or str(fact.level.value) != "project":
        return f"**{count} {nouns}{_where(fact, telling)}.**"
    return f"**{count} {nouns}{_where(fact, telling)}: {_health(fact)}.** {_standing(fact)}".rstrip()


def _health(fact: PortfolioOverview) -> str:
    colours = (("red", fact.projects_red), ("amber", fact.projects_amber), ("green", fact.projects_green))
    told = [f"{whole(figure)} {colour}" for colour, figure in colours if whole(figure)]
    return f"{', '.join(told)} by the figures" if told else "nothing to judge their health by"


def _standing(fact: PortfolioOverview) -> str:
    late, watermelons = whole(fact.projects_late), whole(fact.projects_green_not_green)
    parts = (f"{late} late" if late else "", f"{watermelons} reported green that are not" if watermelons else "")
    return sentence(", ".join(part for part in parts if part))


def _task(fact: TaskList, key: str, row: TaskLine, telling: Telling) -> str:
    details = [_values(fact, row.values, telling)]
    if row.owner is not None:
        details.append("yours" if row.owner.value == telling.asker else telling.say(row.owner))
    details.append(_due(row, telling))
    return _row(f"[{key}] {shorten(telling.say(row.name), NAME_LENGTH)}", details)


def _overview(fact: PortfolioOverview, key: str, row: OverviewLine, telling: Telling) -> str:
    return _row(f"[{key}] {shorten(telling.say(row.name), NAME_LENGTH)}", _details(fact, row, telling))


def _details(fact: PortfolioOverview, row: OverviewLine, telling: Telling) -> list[str]:
    projects = counted(whole(row.projects), "project") if row.projects is not None else ""
    return [
        _values(fact, row.values, telling),
        _colour(row, telling),
        _due(row, telling),
        projects,
    ]


def _row(name: str, details: list[str]) -> str:
    told = [detail for detail in details if detail]
    return f"{name} ({', '.join(told)})" if told else name


def _colour(row: OverviewLine, telling: Telling) -> str:
    if row.health is None:
        return f"reported {telling.say(row.reported_health)}" if row.reported_health else ""
    if row.reported_health is None or row.reported_health.value == row.health.value:
        return telling.say(row.health)
    return f"{telling.say(row.health)}, reported {telling.say(row.reported_health)}"


def _due(row: TaskLine | OverviewLine, telling: Telling) -> str:
    """When a row is or was to finish, and how late it is; of a finished one, when it was planned for."""
    if row.finish is None:
        return ""
    finish = telling.say(row.finish)
    if row.state is not None and row.state.value in CLOSED:
        return f"{telling.say(row.state)}, planned for {finish}"
    if row.days_late is not None and row.days_late.value:
        return f"was due {finish}, {telling.say(row.days_late)} late"
    return f"{'was due' if str(row.finish.value) < telling.as_of.isoformat() else 'due'} {finish}"


def _values(fact: TaskList | PortfolioOverview, values: dict[str, Figure], telling: Telling) -> str:
    """The fields that were asked for, by their names; what the rest of the row says anyway is left out."""
    return ", ".join(_named(fact, key, value, telling) for key, value in values.items() if key not in SAID_ANYWAY)


def _named(fact: TaskList | PortfolioOverview, key: str, value: Figure, telling: Telling) -> str:
    return f"{telling.say(fact.labels.get(key))} {telling.say(value, exact=True)}"


def _lines(told: list[str], matched: int) -> list[str]:
    shown = fitting(told[:SHOWN])
    lines = in_lines(shown, 2)
    more = matched - len(shown)
    return [*lines, f"And {more:,} more."] if more > 0 and shown else lines


def _unsorted(fact: TaskList | PortfolioOverview, telling: Telling) -> str:
    if fact.missing is None or not fact.missing.value or fact.sorted_by is None:
        return ""
    return f"{whole(fact.missing):,} without {telling.say(fact.sorted_by)} come last"

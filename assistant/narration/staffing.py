"""How the people who know a thing read, with their free hours."""

from assistant.narration.telling import Telling, sentences
from assistant.narration.wording import counted, inert, listed, number_word, whole
from tools.staffing import ANYBODY, FindPeople, PersonLine

SHOWN = 3
NAMED = 3  # in the verdict


@sentences.register
def _(fact: FindPeople, telling: Telling) -> list[str]:
    rows = [f"{number} {_person(row, telling)}" for number, row in enumerate(list(fact.rows.values())[:SHOWN], 1)]
    return [f"**{_verdict(fact, telling)}**{_best(fact, telling)}", *rows, telling.foot(*_footing(fact, telling))]


def _verdict(fact: FindPeople, telling: Telling) -> str:
    able = [telling.say(row.name) for row in fact.rows.values() if row.enough.value == "yes"]
    maybe = [telling.say(row.name) for row in fact.rows.values() if row.enough.value == "if dropped"]
    free = f"{telling.say(fact.hours) if fact.hours else 'time'} free {_when(fact, telling)}"
    if not able and not maybe:
        return f"Nobody{_who(fact, telling)} has {free}."
    more = whole(fact.enough) - len(able[:NAMED])
    names = [*able[:NAMED], f"{more} more"] if more > 0 else able[:NAMED]
    if not able:
        return f"{_and_have(fact, maybe[:NAMED], telling)} {free} only if a tentative booking falls away."
    only = f"; {listed(maybe[:NAMED])} only if a tentative booking falls away" if maybe and fact.hours else ""
    return f"{_and_have(fact, names, telling)} {free}{only}."


def _when(fact: FindPeople, telling: Telling) -> str:
    if fact.start.value == fact.end.value:
        return f"on {telling.say(fact.start)}"
    return f"from {telling.say(fact.start)} to {telling.say(fact.end)}"


def _and_have(fact: FindPeople, names: list[str], telling: Telling) -> str:
    is_one = len(names) == 1
    knows = "" if fact.is_title else f"{'knows' if is_one else 'know'} {telling.say(fact.asked)} and "
    return f"{listed(names)} {knows}{'has' if is_one else 'have'}"


def _who(fact: FindPeople, telling: Telling) -> str:
    if fact.is_title:
        return "" if fact.asked.value == ANYBODY else f" of {counted(whole(fact.known), telling.say(fact.asked))}"
    return f" who knows {telling.say(fact.asked)}"


def _best(fact: FindPeople, telling: Telling) -> str:
    """How many there are, and who knows it best without having the time."""
    known = whole(fact.known)
    if fact.is_title:
        return "" if fact.asked.value == ANYBODY else f" {counted(known, telling.say(fact.asked))} on file."
    people = "person knows it" if known == 1 else "people know it"
    experts = [row for row in fact.rows.values() if row.enough.value == "no" and _outranks(row, fact)]
    full = ""
    if experts and known > 1:
        has = "and is full" if not experts[0].free.value else "with too little time"
        full = f"; {telling.say(experts[0].name)} best, {has}"
    return f" {number_word(known)} {people}{full}."


def _outranks(row: PersonLine, fact: FindPeople) -> bool:
    order = ["learning", "good", "strong", "expert"]
    level = order.index(str(row.level.value)) if row.level else -1
    others = [each for each in fact.rows.values() if each is not row and each.level]
    return all(level > order.index(str(each.level.value)) for each in others if each.level)


def _person(row: PersonLine, telling: Telling) -> str:
    place = f", {telling.say(row.office)}" if row.office else ""
    known = ""
    if row.level is not None:
        because = [telling.say(figure) for figure in (row.rated, row.evidence) if figure]
        known = f": {telling.say(row.level)}" + (f" ({', '.join(because)})" if because else "")
    elif row.title is not None:
        known = f": {inert(str(row.title.value))}"
    return f"{telling.say(row.name)}{place}{known}, {_hours(row, telling)}"


def _hours(row: PersonLine, telling: Telling) -> str:
    away = f", away {telling.say(row.away)}" if row.away else ""
    if row.free_at_least is None:
        return f"{telling.say(row.free)} free{away}"
    falls = f"{telling.say(row.free)} if tentative bookings ({telling.say(row.chance)}) fall away"
    return f"{telling.say(row.free_at_least)} free, {falls}{away}"


def _footing(fact: FindPeople, telling: Telling) -> list[str]:
    parts = []
    if fact.is_title is None:
        without = whole(fact.without_skills)
        missing = f"; {without} of the same practices have none" if without else ""
        parts.append(f"Skills as on file{missing}")
    if fact.through is not None:
        parts.append(f"Booking goes through {telling.say(fact.through)}")
    return parts

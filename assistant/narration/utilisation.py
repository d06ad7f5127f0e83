"""How the utilisation of people reads: what counts over what, whose figure is whose, who is overbooked or idle."""

from collections.abc import Iterable

from assistant.narration.telling import Telling, sentences
from assistant.narration.wording import is_above_zero, listed, number_word, sentence, whole
from tools.facts import Figure
from tools.utilisation import TeamUtilisation, UtilisationLine

MOST_NAMED = 4


@sentences.register
def _(fact: TeamUtilisation, telling: Telling) -> list[str]:
    match fact.about.value if fact.about else None:
        case "overbooked":
            lines = [_overbooked(fact, telling), _weeks(fact, telling), _load(fact, telling)]
        case "bench":
            lines = [_bench(fact, telling), _idle(fact, telling), _load(fact, telling)]
        case "timesheets":
            lines = [_timesheets(fact, telling), *_owing(fact, telling)]
        case "definition":
            lines = [_definition(fact, telling), *_by_base(fact, telling), _against(fact, telling)]
        case _:
            lines = [*_worked(fact, telling), *_booked(fact, telling)]
    return [*(line for line in lines if line), telling.foot(*_footing(fact, telling))]


def _worked(fact: TeamUtilisation, telling: Telling) -> list[str]:
    """Hours that count over hours there are, and how another figure comes about."""
    if fact.share is None:
        return []
    verdict = f"**{_whose(fact, telling)}{telling.say(fact.share, exact=True)} {_word(fact)}{_target(fact, telling)}."
    practices = [
        f"{telling.say(row.name)} {telling.say(row.share, exact=True)}"
        for row in (*_of(fact, "practice"), *_of(fact, "office"))
        if row.share is not None
    ]
    told = _compared(fact, telling)
    return [
        f"{verdict}{f' {told}' if told else ''}**",
        _two_bases(fact, telling) if told else _one_base(fact, telling),
        sentence(", ".join(practices)),
        _may_rise(fact, telling),
    ]


def _whose(fact: TeamUtilisation, telling: Telling) -> str:
    if fact.scope is None:
        return ""
    return f"{'People on ' if fact.scope_kind.value == 'place' else ''}{telling.say(fact.scope)}: "


def _is_person(fact: TeamUtilisation) -> bool:
    return fact.scope_kind.value == "person"


def _word(fact: TeamUtilisation) -> str:
    return "billable" if str(fact.meaning.value).startswith("billable") else "utilised"


def _target(fact: TeamUtilisation, telling: Telling) -> str:
    return f", target {telling.say(fact.target, exact=True)}" if fact.target else ""


def _compared(fact: TeamUtilisation, telling: Telling) -> str:
    if fact.compared_with is None or fact.other_share is None or fact.other_gives is None:
        return ""
    told, other = telling.say(fact.compared_with, exact=True), telling.say(fact.other_share, exact=True)
    if fact.is_ours and fact.is_ours.value:
        return f"The {told} is the same figure." if fact.other_gives.value else f"No definition gives {told}."
    if fact.other_gives.value:
        return f"The {told} is {_how(fact)}{f': {other}' if other != told else ''}."
    return f"No definition gives {told}; the nearest gives {other}."


def _how(fact: TeamUtilisation) -> str:
    if fact.counted and fact.other_counted and fact.counted.value != fact.other_counted.value:
        return "another count of hours"
    bases = [float(str(figure.value)) for figure in (fact.base, fact.other_base) if figure]
    return f"the same hours over a {'smaller' if bases[-1] < bases[0] else 'larger'} base"


def _one_base(fact: TeamUtilisation, telling: Telling) -> str:
    return f"{telling.say(fact.counted)} {_counts(fact.meaning)} ÷ {telling.say(fact.base)} {_divides(fact.meaning)}."


def _two_bases(fact: TeamUtilisation, telling: Telling) -> str:
    """Both figures line by line, and what ours would need to be the other."""
    ours = f"Ours: {telling.say(fact.counted)} {_counts(fact.meaning)} ÷ {telling.say(fact.base)}"
    ours = f"{ours} ({_divides(fact.meaning)})"
    if not (fact.is_ours and fact.is_ours.value):
        by = _by_which(fact, telling)
        theirs = f"{telling.say(fact.other_counted)} {_counts(fact.other_meaning)} ÷ {telling.say(fact.other_base)}{by}"
        ours = f"{ours}; {'theirs' if fact.other_gives and fact.other_gives.value else 'the nearest'}: {theirs}"
    return f"{ours}.{_needed(fact, telling)}"


def _by_which(fact: TeamUtilisation, telling: Telling) -> str:
    """What the other base leaves out, and what it has more: "(without 104 h of leave)"."""
    differing = (
        (fact.without_holidays, "of public holidays"),
        (fact.without_absent, "of leave"),
        (fact.without_office, "of people in no practice"),
    )
    told = []
    for sign, word in ((1, "without"), (-1, "with")):
        parts = [
            f"{telling.say(Figure(value=abs(hours), unit=figure.unit))} {words}"
            for figure, words in differing
            if figure is not None and sign * (hours := float(str(figure.value))) > 0
        ]
        told += [f"{word} {listed(parts)}"] if parts else []
    return f" ({', '.join(told)})" if told else ""


def _needed(fact: TeamUtilisation, telling: Telling) -> str:
    if fact.needed is None or fact.short is None:
        return ""
    hours = Figure(value=abs(float(str(fact.short.value))), unit=fact.short.unit)
    more = "more" if is_above_zero(fact.short) else "fewer"
    return f" For {telling.say(fact.compared_with)} ours would need {telling.say(hours)} {more}."


def _counts(meaning: Figure | None) -> str:
    counted_hours = str(meaning.value if meaning else "").partition(" over ")[0]
    return {"billable hours": "billable", "all hours worked": "worked"}.get(counted_hours, "")


def _divides(meaning: Figure | None) -> str:
    return str(meaning.value if meaning else "").partition(" over ")[2].partition(", of ")[0].replace(" hours", "")


def _may_rise(fact: TeamUtilisation, telling: Telling) -> str:
    count = whole(fact.missing)
    if not count or fact.missing_hours is None:
        return ""
    are = "is" if count == 1 else "are"
    sheets = "timesheet" if count == 1 else "timesheets"
    rise = f": it can still reach {telling.say(fact.could_reach, exact=True)} at most" if fact.could_reach else ""
    return f"{number_word(count)} {sheets} (about {telling.say(fact.missing_hours)}) {are} missing{rise}."


def _booked(fact: TeamUtilisation, telling: Telling) -> list[str]:
    """What bookings hold: the verdict where nothing else is told."""
    if fact.booked_share is None:
        return [] if fact.share is not None else [_nobody_there(fact, telling)]
    days = f"from {telling.say(fact.booked_from)} to {telling.say(fact.booked_until)}"
    held = f"{telling.say(fact.booked)} of {telling.say(fact.available)} available"
    share = telling.say(fact.booked_share, exact=True)
    lands = f"; {telling.say(fact.if_all_lands, exact=True)} if all tentative work lands" if fact.if_all_lands else ""
    practices = [
        f"{telling.say(row.name)} {telling.say(row.booked_share, exact=True)}"
        for row in (*_of(fact, "practice"), *_of(fact, "office"))
        if row.booked_share is not None
    ]
    more = sentence(", ".join(practices)) if fact.share is None else ""
    if fact.share is None:
        verdict = f"**{_whose(fact, telling)}{share} booked {days}.** {held}{lands}."
        return [verdict, _unchecked(fact, telling), more, _in_short(fact, telling)]
    return [f"Booked {days}: {share} ({held}{lands}).", _in_short(fact, telling)]


def _nobody_there(fact: TeamUtilisation, telling: Telling) -> str:
    who = telling.say(fact.scope) if _is_person(fact) else f"Nobody{_in(fact, telling)}"
    days = f"from {telling.say(fact.start)} to {telling.say(fact.end)}"
    return f"**{who} is {'not ' if _is_person(fact) else ''}at work {days}.**"


def _unchecked(fact: TeamUtilisation, telling: Telling) -> str:
    """A figure somebody else told, where no hours worked are told to hold it against."""
    if fact.compared_with is None:
        return ""
    return (
        f"Whether {telling.say(fact.compared_with, exact=True)} is right, bookings cannot tell: it is of hours worked."
    )


def _in_short(fact: TeamUtilisation, telling: Telling) -> str:
    """Who is overbooked, by name, and how many are on the bench."""
    over = [_stretch(row, telling) for row in _of(fact, "overbooked")][:2]
    parts = [f"Overbooked: {listed(over)}"] if over else []
    if fact.bench_free is not None and not _is_person(fact):
        parts.append(f"{_people(fact.bench)} mostly free")
    return f"{'. '.join(parts)}." if parts else ""


def _people(count: Figure | None) -> str:
    """ "One person", "Four people"."""
    return f"{number_word(whole(count))} {'person' if whole(count) == 1 else 'people'}"


def _overbooked(fact: TeamUtilisation, telling: Telling) -> str:
    days = f"from {telling.say(fact.booked_from)} to {telling.say(fact.booked_until)}"
    rows = _of(fact, "overbooked")
    if _is_person(fact):
        name = telling.say(fact.scope)
        if fact.booked_share is None:
            return _nobody_there(fact, telling)
        if not rows:
            return f"**No: {name} is in no week overbooked {days}.**"
        return f"**Yes: {name} is booked {listed(_of_hours(row, telling) for row in rows[:2])}.**"
    if not rows:
        return f"**Nobody{_in(fact, telling)} is overbooked {days}.**"
    if len(rows) == 1:
        name, hours = telling.say(rows[0].name), _of_hours(rows[0], telling)
        return f"**{name} is overbooked: {hours}.** Nobody else{_in(fact, telling)} {days}."
    named = listed([_stretch(row, telling) for row in rows[:MOST_NAMED]])
    verb = "is" if whole(fact.overbooked) == 1 else "are"
    return f"**{_people(fact.overbooked)}{_in(fact, telling)} {verb} overbooked {days}.** {named}."


def _in(fact: TeamUtilisation, telling: Telling) -> str:
    return f" in {telling.say(fact.scope)}" if fact.scope else ""


def _stretch(row: UtilisationLine, telling: Telling) -> str:
    return f"{telling.say(row.name)} {_of_hours(row, telling)}"


def _of_hours(row: UtilisationLine, telling: Telling) -> str:
    share = telling.say(row.booked_share)
    days = f"from {telling.say(row.start)} to {telling.say(row.end)}"
    return f"{telling.say(row.booked)} in {telling.say(row.available)} {days} ({share})"


def _weeks(fact: TeamUtilisation, telling: Telling) -> str:
    """Week by week, of one person."""
    rows = [row for row in _of(fact, "week") if row.booked_share is not None][:MOST_NAMED]
    told = [f"{telling.say(row.start)} {telling.say(row.booked)} of {telling.say(row.available)}" for row in rows]
    return f"By week: {', '.join(told)}." if told else ""


def _load(fact: TeamUtilisation, telling: Telling) -> str:
    if fact.booked_share is None:
        return ""
    share = telling.say(fact.booked_share, exact=True)
    whose = "In all" if _is_person(fact) else "Together"
    return f"{whose} {share} booked: {telling.say(fact.booked)} of {telling.say(fact.available)} available."


def _bench(fact: TeamUtilisation, telling: Telling) -> str:
    days = f"from {telling.say(fact.booked_from)} to {telling.say(fact.booked_until)}"
    count = whole(fact.bench)
    if fact.booked_share is None:
        return _nobody_there(fact, telling)
    if _is_person(fact):
        name, share = telling.say(fact.scope), telling.say(fact.booked_share)
        answer = "Yes" if count else "No"
        return f"**{answer}: {name} is booked for {share or 'nothing'} {days}**, with {telling.say(fact.free)} free."
    if not count:
        return f"**Nobody{_in(fact, telling)} is on the bench {days}.**"
    verb = "is" if count == 1 else "are"
    return (
        f"**{_people(fact.bench)}{_in(fact, telling)} {verb} on the bench {days}**,"
        f" with {telling.say(fact.bench_free)} free."
    )


def _idle(fact: TeamUtilisation, telling: Telling) -> str:
    rows = [] if _is_person(fact) else _of(fact, "bench")[:6]
    named = [
        f"{telling.say(row.name)} {telling.say(row.free)} ({telling.say(row.booked_share)} booked)" for row in rows
    ]
    more = whole(fact.bench) - len(rows)
    return sentence(f"Most free: {', '.join(named)}{', and others' if more > 0 else ''}") if named else ""


def _timesheets(fact: TeamUtilisation, telling: Telling) -> str:
    days = f"from {telling.say(fact.worked_from)} to {telling.say(fact.worked_until)}"
    count = whole(fact.missing)
    if not count:
        return f"**No timesheet{_in(fact, telling)} is missing {days}.**"
    are = "timesheet is" if count == 1 else "timesheets are"
    reach = f" {_reach(fact, telling)}" if fact.could_reach else ""
    hours = telling.say(fact.missing_hours)
    return f"**{number_word(count)} {are} missing{_in(fact, telling)} {days}, about {hours}.**{reach}"


def _reach(fact: TeamUtilisation, telling: Telling) -> str:
    return (
        f"With them utilisation can still go from {telling.say(fact.share, exact=True)} to"
        f" {telling.say(fact.could_reach, exact=True)}."
    )


def _owing(fact: TeamUtilisation, telling: Telling) -> list[str]:
    told = [f"{telling.say(row.name)} (week of {telling.say(row.start)})" for row in _of(fact, "missing")]
    more = whole(fact.missing) > len(told)
    return [sentence(f"{', '.join(told)}{', and others' if more else ''}")] if told else []


def _definition(fact: TeamUtilisation, telling: Telling) -> str:
    return (
        f"**Utilisation here is {telling.say(fact.meaning)}**"
        f" (definition {telling.say(fact.definition)}{_target(fact, telling)})."
    )


def _by_base(fact: TeamUtilisation, telling: Telling) -> list[str]:
    told = [f"{telling.say(row.share, exact=True)} over {telling.say(row.name)}" for row in _of(fact, "definition")]
    days = f"from {telling.say(fact.worked_from)} to {telling.say(fact.worked_until)}"
    return [f"The same hours {days}: {', '.join(told)}."] if told and fact.share else []


def _against(fact: TeamUtilisation, telling: Telling) -> str:
    told = _compared(fact, telling)
    return f"{told} {_two_bases(fact, telling)}" if told else ""


def _of(fact: TeamUtilisation, why: str) -> list[UtilisationLine]:
    return [row for row in fact.rows.values() if row.why.value == why]


def _footing(fact: TeamUtilisation, telling: Telling) -> Iterable[str]:
    """What the figures are made of, and what is left out of them."""
    if fact.share is not None and not (fact.about and fact.about.value == "definition"):
        days = f"{telling.say(fact.worked_from)} to {telling.say(fact.worked_until)}"
        partial = f", {telling.say(fact.partial)}" if fact.partial else ""
        yield f"Definition {telling.say(fact.definition)}, {telling.say(fact.meaning)}; timesheets of {days}{partial}"
    if fact.booked_share is not None:
        yield "Bookings are the firm ones, against contracted hours less public holidays and absence"
    if fact.no_holidays is not None:
        yield f"{_people(fact.no_holidays)} of no office with public holidays on file"
    if fact.withheld is not None and fact.booked_share is not None:
        yield telling.say(fact.withheld)

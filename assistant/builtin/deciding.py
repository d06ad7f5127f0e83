"""The tool a message is for, with its arguments: the likeliest, or the one that can take what was said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from assistant.builtin import intent, replies
from assistant.builtin.arguments import CannotBeAsked, NotInTheData, Writer
from assistant.builtin.filling import echo, fill
from assistant.builtin.focus import Referent
from assistant.builtin.following import Whole
from assistant.builtin.holding import absent, can_write, check_held, check_known, knows_people, level_asked_for
from assistant.builtin.lacking import ask_for_report, ask_for_task, complete, what_it_is, whose_money
from assistant.builtin.message import Instead, Message
from assistant.builtin.naming import (
    OF_FREE_WORDS,
    address,
    find_loose,
    find_named_task,
    find_people,
    find_person,
    find_scope,
    in_focus,
    is_loose,
    of_the_room,
    owner_scope,
    some_project,
)
from assistant.builtin.odds import NO_DOUBT, SURE, Odds, is_named, likeliest
from assistant.builtin.pronouns import points_back
from assistant.builtin.query import QUERIED, Compared, InState, Query
from assistant.builtin.reflexes import is_order, reflex
from assistant.builtin.routing import MONEY
from assistant.builtin.sureness import ask_between, chosen_tool
from assistant.builtin.vocabulary import LEVELS
from assistant.builtin.words import is_other_language
from storage.catalogue import plain as spaced
from storage.vocabulary import Level
from tools.catalog import find_tool
from tools.facts import Refusal
from tools.finances import ABOUT as FIGURES
from tools.resolve import Match
from tools.work import ABOUT


@dataclass(frozen=True)
class Decision:
    """One tool with its arguments. `names` are what rows and fields are called in the echo."""

    tool: str
    chance: float
    arguments: dict[str, Any]
    names: dict[str, str] = field(default_factory=dict)
    subject: Match | None = None
    level: Level = Level.PROJECT
    also: tuple["Decision", ...] = ()  # the same for other people


def decide(message: Message, whole: Whole) -> Decision:
    """The tool and its arguments; raises Instead where there is none."""
    query = whole.query
    odds = Odds.of(whole.pieces)
    if settled := _without_odds(message, whole, odds):
        return settled
    scope = _place(message, query, odds)
    tools = odds.tools(query, scope)
    tool = whole.tool or chosen_tool(message) or likeliest(tools)
    if tool != intent.FOREIGN or query.conditions or query.asked or query.window:
        scope = what_it_is(message, whole, scope, tool)
    _check_likely(message, whole, tools, tool, scope)
    chance = tools.get(tool, 0.0)
    if tool not in QUERIED:
        return _filled(message, whole, tool, chance)
    return _called(message, whole, tool, chance, scope)


def _without_odds(message: Message, whole: Whole, odds: Odds) -> Decision | None:
    """What needs no weighing of tools: replies at once, plain orders, bare lists; words that are sure come first."""
    query = whole.query
    if query.problems:
        raise Instead(Refusal("declined", " ".join(query.problems)))
    if is_other_language(query.unknown):
        raise Instead(replies.english_only())
    if not odds.is_surely_filled and (reply := reflex(whole.pieces, query)):
        raise Instead(reply)
    if is_order(whole.pieces, query):
        return _filled(message, whole, "propose_change", 1.0)
    is_empty = not (re.search(r"[^\W\d_]", whole.text) or query.scopes or query.task)
    is_bare_measure = bool(query.measure) and query.says_nothing and not query.scopes and not query.among
    if is_empty or (is_bare_measure and not odds.is_surely_filled):
        raise Instead(replies.unclear())
    if not whole.said[-1].it:
        ask_for_report(message, whole)
    if not odds.is_surely_filled and not points_back(whole.text) and (query.only_states or query.only_due):
        return _bare(message, query)
    if _is_only_a_year(query):
        raise Instead(replies.foreign())
    return None


def _place(message: Message, query: Query, odds: Odds) -> Match | None:
    """The row the query is confined to; a task that is named is noted in the query instead."""
    scope = _scope(message, query, odds)
    _ask_for_parent(query, scope)
    if scope and scope.level is Level.TASK:
        scope, query.task_match = None, scope
    if is_loose(query, scope) and not _is_filled(odds.routed(query, scope)):
        query.task_match = find_loose(message, query, odds.chances)
    return scope


def _check_likely(message: Message, whole: Whole, tools: Mapping[str, float], tool: str, scope: Match | None) -> None:
    """Decline what is not ours, and ask where two tools are close or the likeliest is a mere guess."""
    query, chance = whole.query, tools.get(tool, 0.0)
    is_given = bool(whole.tool or message.chosen)
    least = NO_DOUBT if query.only_filler else SURE
    is_vague = chance < least and scope is None and query.says_nothing and not is_given
    if tool == intent.FOREIGN or is_vague:
        ask_for_task(message, whole)
        raise Instead(replies.unclear() if query.only_filler else replies.foreign())
    ask_between(message, whole, tools, tool, scope)
    if chance < _LEAST_TAKEN and not (is_given or is_named(query) or query.is_analytic):
        ask_for_task(message, whole)
        raise Instead(replies.unclear())


def _is_only_a_year(query: Query) -> bool:
    """ "who won the 2012 election", where some project has the key 2012."""
    named = bool(query.scopes) and all(scope.words.isdigit() and scope.level is None for scope in query.scopes)
    return named and len(query.unknown) > 1


def _scope(message: Message, query: Query, odds: Odds) -> Match | None:
    """The row that is named. What is said in free words to a tool that takes any words may hold words of any name."""
    try:
        return find_scope(message, query)
    except Instead:
        if likeliest(odds.routed(query, None)) in OF_FREE_WORDS:
            return None
        raise


def _is_filled(tools: Mapping[str, float]) -> bool:
    """Whether a message is surely for a tool that takes no query."""
    tool = likeliest(tools)
    return tool not in (*QUERIED, intent.FOREIGN) and tools[tool] > SURE


def _filled(message: Message, whole: Whole, tool: str, chance: float) -> Decision:
    """A tool that takes no query, with what was said of its arguments, the last word on each counting."""
    is_told = tool in OF_FREE_WORDS and (tool != "find_people" or len(whole.query.people) > 1)
    for person in () if is_told else whole.query.people:
        find_person(message, replace(whole.query, people=[person]))
    arguments: dict[str, Any] = {}
    subject, understood, names = None, "", dict[str, str]()
    for part in whole.parts:
        scope = _scope(message, part.query, Odds({tool: 1.0}))
        filled = fill(message, tool, part.said.text, part.query, part.pieces, scope)
        if _OTHERS & filled.arguments.keys():
            arguments.pop("compared_with", None)
        arguments |= {label: value for label, value in filled.arguments.items() if not (arguments and label == "name")}
        if part.said.it:
            arguments |= _bound_to(message, tool, part.said.it)
        subject, understood, names = filled.subject or subject, filled.understood, names | dict(filled.names)
    if len(whole.parts) > 1:
        understood = echo(tool, arguments, names)
    subject = complete(message, whole, tool, arguments) or subject
    return Decision(tool, chance, arguments, {"understood": understood}, subject)


_OTHERS = frozenset({"scope", "start", "end"})  # a figure told of some people and days is not told of others


def _bound_to(message: Message, tool: str, it: Referent) -> dict[str, Any]:
    """The argument that "it" is: a person, a place or whatever is changed."""
    match = message.row_of(it.level, it.key)
    takes = find_tool(tool).arguments.model_fields
    labels = ("person", "scope") if it.level is Level.PERSON else ("subject", "project", "scope")
    label = next((each for each in labels if each in takes), None)
    return {label: address(message, match)} if label and match else {}


def _bare(message: Message, query: Query) -> Decision:
    """ "what is late?" without a word of where: the asker's own tasks, or all projects of who looks after them."""
    if query.only_due:
        query.asked, query.conditions = [], [InState("due")]
    if decision := _bare_in_room(message, query):
        return decision
    states = {each.state for each in query.conditions if isinstance(each, InState)}
    is_both = can_write(message, Level.PROJECT, query) and can_write(message, Level.TASK, query)
    if states & _OF_TASKS or not can_write(message, Level.PROJECT, query):
        query.level = Level.TASK
        query.mine = bool(states & _DUE) and message.does_tasks_only()
    elif not is_both or not message.does_tasks_only():
        query.level = Level.PROJECT
    else:
        query.level, query.mine = Level.TASK, True
    query.plural = True
    return _selected(message, "portfolio_overview", 1.0, query, None)


def _bare_in_room(message: Message, query: Query) -> Decision | None:
    """The same where the talk is about one project: its tasks, or, of what tasks do not have, how it is."""
    place = of_the_room(message, query)
    if place is None or place.level is not Level.PROJECT:
        return None
    if can_write(message, Level.TASK, query):
        query.level, query.plural = Level.TASK, True
        return _selected(message, "list_tasks", 1.0, query, place)
    if _IS_OF_US.search(message.original.lower()):
        return Decision("project_status", 1.0, {"project": place.key}, {"project": place.name}, place)
    return None


def _called(message: Message, whole: Whole, tool: str, chance: float, scope: Match | None) -> Decision:
    query = whole.query
    tool = _fitting(message, tool, query, scope)
    match tool:
        case "project_status":
            project = scope or some_project(message, query)
            return Decision(tool, chance, {"project": project.key}, {"project": project.name}, project)
        case "my_work":
            people = find_people(message, query)
            about = {"about": "blocking"} if _ASKS_WHO_WAITS.search(whole.text) else {}
            work = [_work_of(message, person, {**_days(query), **about}, chance) for person in people]
            return replace(work[0], also=tuple(work[1:]))
        case "task_details":
            task = find_named_task(message, query)
            arguments = {"task": task.key, **_about(message, whole.text, query)}
            return Decision(tool, chance, arguments, {"task": task.name}, task)
        case "finances":
            check_known(message, query, scope, tells_all=True)
            if query.window:
                message.notes.append(replies.to_date_only())
            scope = scope or in_focus(message, query) or of_the_room(message, query) or whose_money(message, whole)
            about = _figure(message, query)
            if scope is None:
                return Decision(tool, chance, about)
            return Decision(tool, chance, {"scope": scope.key, **about}, {"scope": scope.name}, scope)
        case _:
            return _selected(message, tool, chance, query, scope)


def _figure(message: Message, query: Query) -> dict[str, str]:
    """The one figure of the money that is asked for, where it is one; "how is the margin" asks for the whole of it."""
    is_open = _IS_OPEN.match(message.original.strip().lower())
    sense = query.asked[0] if len(query.asked) == 1 and not is_open else ""
    return {"about": FIGURES[sense]} if sense in FIGURES else {}


def _work_of(message: Message, person: Match, beside: Mapping[str, Any], chance: float) -> Decision:
    arguments = {"person": address(message, person), **beside}
    return Decision("my_work", chance, arguments, {"person": person.name}, person)


def _selected(message: Message, tool: str, chance: float, query: Query, scope: Match | None) -> Decision:
    """A list or a measure of rows."""
    place = scope or owner_scope(message, query) or of_the_room(message, query)
    check_held(message, query, place)
    is_overview = chance > NO_DOUBT and place is not None and not (query.conditions or query.is_analytic)
    check_known(message, query, place, tells_all=is_overview)
    level = level_asked_for(message, tool, query, place)
    writer = Writer(message.vocabulary, level, message.today)
    try:
        arguments = writer.selection(query, address(message, place) if place else None)
    except NotInTheData as missing:
        raise Instead(absent(message, query, missing.words, level)) from missing
    except CannotBeAsked as problem:
        raise Instead(Refusal("declined", str(problem))) from problem
    if scope and (query.people or (query.mine and _IS_MINE.search(message.original.lower()))):
        arguments |= _of_person(find_person(message, query), message, level, arguments)
    if level is Level.TASK:
        tool = "list_tasks"
    else:
        tool, arguments = "portfolio_overview", {"level": level.value, **arguments}
    names = {"scope": place.name} if place else {}
    if place and place.level is level and arguments.get("sort") and not query.sort:
        names["looked_up"] = message.vocabulary.catalogues[level].fields[arguments["sort"]].label
    return Decision(tool, chance, arguments, names, place, level)


def _of_person(person: Match, message: Message, level: Level, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A person beside a place: whose tasks, or whose projects, there."""
    if level is Level.TASK:
        return {"owner": address(message, person)}
    return {"where": [*arguments.get("where", ()), f"manager = {person.key}"]}


def _about(message: Message, text: str, query: Query) -> dict[str, str]:
    """The one field of a task that is asked for, where the tool can tell it."""
    senses = list(dict.fromkeys(query.asked))
    if len(senses) != 1 or query.conditions or _IS_YES_OR_NO.match(text):
        return {}
    found = message.vocabulary.field(Level.TASK, senses[0])
    if senses[0] == "manager" and "manag" not in query.words[senses[0]]:
        found = message.vocabulary.field(Level.TASK, "owner")
    if found and found.key == "owner" and not knows_people(message):
        raise Instead(replies.no_people())
    return {"about": found.key} if found and spaced(found.key) in ABOUT else {}


def _fitting(message: Message, tool: str, query: Query, scope: Match | None) -> str:
    """Where the tool cannot take what was said, the one that can."""
    is_above = scope is not None and scope.level in (Level.PROGRAM, Level.PORTFOLIO)
    is_measured = tool == "finances" and bool(query.measure and query.of)
    if (
        is_measured
        or (tool in ("project_status", "finances") and query.among)
        or (tool == "project_status" and is_above)
    ):
        return "portfolio_overview"
    if tool == "task_details" and query.task is None and query.task_match is None and (query.plural or scope):
        return "list_tasks" if query.level is Level.TASK else "project_status" if scope else tool
    if query.asked[:1] == ["description"] and scope and query.level is None:
        if scope.level in LEVELS and message.vocabulary.field(scope.level, "description"):
            return "portfolio_overview"
        query.asked = []
        return "project_status" if scope.level is Level.PROJECT else "portfolio_overview"
    if "money" in query.asked and not query.is_analytic:
        return "finances"
    if tool == "portfolio_overview" and scope and scope.level is Level.PROJECT and _asks_for_days(query):
        query.level = Level.TASK
        return "list_tasks"
    if tool in ("portfolio_overview", "finances") and scope and query.level is None and not query.is_analytic:
        return _fitting_for_money(message, tool, query, scope)
    if tool == "my_work" and any(isinstance(each, InState) and each.state in _CHOSEN for each in query.conditions):
        query.level = query.level or Level.TASK
        return "list_tasks"
    if tool == "my_work" and not query.mine and not query.people and query.is_analytic:
        return "list_tasks"
    return tool


def _asks_for_days(query: Query) -> bool:
    """ "what is on in april": nothing but days is said, which one project has too few dates of its own for."""
    are_days = all(isinstance(each, Compared) and isinstance(each.value, date) for each in query.conditions)
    is_dated = bool(query.window or query.conditions) and are_days
    return is_dated and not (query.level or query.asked or query.is_analytic)


def _fitting_for_money(message: Message, tool: str, query: Query, scope: Match) -> str:
    """One field of one row is looked up; what asks for more ("burn vs budget") is for the finances."""
    if query.asked == ["overrun"] and "reported_overrun" in message.vocabulary.never_given:
        return "finances"
    if query.asked == ["cost"] and not query.by_label:
        return "finances"
    if _is_other_field(message, query, scope):
        return "portfolio_overview"
    return "finances" if tool == "finances" or MONEY & set(query.asked) else tool


def _is_other_field(message: Message, query: Query, scope: Match) -> bool:
    """Whether one field is asked for that the sheet of the money does not lead with, or that nothing holds."""
    if len(query.asked) != 1 or query.asked[0] in MONEY or _IS_OPEN.match(message.original.strip().lower()):
        return False
    sense = query.asked[0]
    held = scope.level in LEVELS and message.vocabulary.field(scope.level, sense) is not None
    return held or message.vocabulary.level_with(sense) is None


def _ask_for_parent(query: Query, place: Match | None) -> None:
    """ "which bureau does PECOS belong to" asks for a field of PECOS."""
    if place is None or query.level is None or query.plural or query.is_analytic or place.level not in LEVELS:
        return
    if LEVELS.index(query.level) > LEVELS.index(place.level):
        query.asked.insert(0, query.level.value)
        query.level = None


def _days(query: Query) -> dict[str, Any]:
    """The window of somebody's work, where one was said."""
    window = query.window
    days: dict[str, Any] = {}
    if window and window.first:
        days["start"] = window.first
    if window and window.last:
        days["end"] = window.last
    for each in query.conditions:
        if isinstance(each, Compared) and isinstance(each.value, date):
            days["end" if each.operator == "<=" else "start"] = each.value
    return days


_CHOSEN = frozenset({"late", "not_started", "in_progress", "done", "without_estimate"})  # a choice among one's work
_IS_OF_US = re.compile(r"\b(?:we|us|our|it|this)\b")
_DUE = frozenset({"due", "due_this_week"})
_OF_TASKS = frozenset({"blocked", "unowned", "without_estimate", *_DUE})  # what is asked of tasks if of nothing else
_LEAST_TAKEN = 0.3  # the chance below which the likeliest tool is a mere guess
_IS_YES_OR_NO = re.compile(r"(?:is|are|was|were|did|does|do|has|have|can|will)\b")
_IS_MINE = re.compile(
    r"\bmine\b|\bmy (?:own )?(?:\w+ )?(?:tasks?|activities|projects?|work|todos?)\b|\bdo i (?:have|own|manage|lead)\b"
)
_ASKS_WHO_WAITS = re.compile(
    r"\b(?:am|is|are|do|does|who|whom)\b.*\b"
    r"(?:block(?:ing|s)?|hold(?:ing|s)? up|wait(?:ing|s)? (?:for|on) (?:me|him|her|my))\b"
    r"|\bhold(?:ing|s)? \w+ up\b"
)
_IS_OPEN = re.compile(r"(?:how(?:'s|s| is| are)|what about|will|are we|is) ")

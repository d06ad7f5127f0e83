"""What a message leaves open: "it" with nothing before it, a tool without its subject. It is asked, with candidates."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.builtin import intent, replies
from assistant.builtin.following import Whole
from assistant.builtin.linking import link_tasks
from assistant.builtin.masking import masked
from assistant.builtin.message import Instead, Message
from assistant.builtin.naming import OF_FREE_WORDS, address, in_focus
from assistant.builtin.owning import own_projects
from assistant.builtin.pieces import Piece
from assistant.builtin.pronouns import (
    is_of_person,
    is_singular,
    points_at_thing,
    points_back,
    points_out_of,
    pronoun_of,
)
from assistant.builtin.query import HasValue
from assistant.builtin.vocabulary import LEVELS
from storage.directory import own_work
from storage.names import TaskName, tasks_named
from storage.tasks import tasks_of
from storage.vocabulary import Level
from tools.facts import Clarification, Option
from tools.names import plain, shortened, words_of
from tools.resolve import MOST_OPTIONS, Match, not_found, task_label

# The argument without which a tool has nothing to work on.
NEEDED: Mapping[str, str] = {
    "project_schedule": "project",
    "forecast": "scope",
    "explain_change": "scope",
    "what_if": "subject",
    "propose_change": "subject",
    "record_update": "subject",
}
_CODE = re.compile(r"\b([A-Za-z][A-Za-z0-9]*-\d+)\b")
CHANGING = frozenset({"propose_change", "record_update"})
_OF_TASKS = frozenset({"propose_change", "record_update", "task_details"})
_WITHOUT_SUBJECT = frozenset({"absence", "new_task", "new_project"})  # what is recorded or changed of no row on file
_POLITE = r"(?:(?:please|pls|can u|can you|could you|ok|just)\s+)*"
_VERB = (
    r"(?:add|link|close|move|push|set|change|delay|extend|shift|mark|block|unblock|reopen|reassign|assign|log|book|record|"
    r"postpone|shorten|pull|bring|split|finish|start|cancel|drop|update|increase|reduce|raise|lower|give|hand)\b"
)
_ORDER = re.compile(
    rf"{_POLITE}{_VERB}"
    r"(?:(?: it| that| this| these| those)(?: one| two| task| ticket)?\b"
    r"| (?:another )?\d+(?:\.\d+)? ?(?:h|hrs?|hours?|d|days?|weeks?)\b"
    r"| (?:the |its )?(?:task|ticket|item|milestone|owner|date|deadline|due date|estimate|effort|finish|start|end date)"
    r"(?: (?:to|by|until|till|for|on|of)\b|(?= \d)|[\s?!.]*$)"
    r"| as (?:done|finished|closed|blocked|complete))"
)
_LEADING = re.compile(rf"{_POLITE}{_VERB}")
_REPORTS = re.compile(
    r"(?:(?:all|i am|im|ok)\s+)?(?:finished|done|completed)[\s!.]*"
    r"|(?:another )?\d+(?:\.\d+)? ?(?:h|hrs?|hours)(?: (?:done|booked|today|yesterday|left|please))*[\s!.]*"
    r"|(?:remaining|progress|effort|hours left) (?:is|are|=|now)(?: now)? \d+\s*(?:h|hours?|days?|%|percent)?[\s!.]*"
)
_PLAIN_LOOKUP = re.compile(
    r"(?:(?:hi|hey|hello|so|and|ok|please|pls)[\s,]+)*"
    r"(?:(?:where|how)(?:'?s| is)|(?:what|how) about|tell me (?:more )?about|"
    r"(?:(?:what is|what's|whats|give me|show me) )?(?:(?:the|an?|any) )?(?:status|state|health|progress|news|update)"
    r" (?:of|on|for|about)) (?:the )?(.+?)(?: (?:doing|going|at|now|today|currently))*[\s?!.]*"
)
_SURELY_FOREIGN = 0.95  # the chance from which not even a question's form makes it one of ours
_NEARLY_ALL = 0.8  # of a name
_TERSE = 4  # words
_MOST_ALIKE = 40  # tasks that share a word
_CUSTOMER = re.compile(
    r"\b(?:the|our|my|this|that) (?:customer|client)"
    r"(?:[\s?!.,]*$| (?:is|was|has|had|wants?|asks?|asked|says|said|called|now)\b)"
)
_EVERYTHING = frozenset({"portfolio", "everything", "all", "overall", "firm", "company", "whole", "total", "our", "we"})


def what_it_is(message: Message, whole: Whole, scope: Match | None, tool: str) -> Match | None:
    """ "is it late?" with nothing before it, or with several things: the asker's only project, else it is asked."""
    query, last = whole.query, whole.said[-1]
    ask_for_namesake(message, whole, query.task_match or (query.task.task if query.task else None))
    named = (scope, query.task, query.task_match, query.among)
    whom = (query.people, query.mine) if not points_at_thing(last.text) else ()
    says_whom = any((*named, *whom)) or (query.level is not None and not is_singular(last.text))
    says_which = (query.is_analytic and not is_singular(last.text)) or any(
        isinstance(each, HasValue) for each in query.conditions
    )
    is_open = len(whole.said) == 1 and last.it is None and not (says_whom or says_which) and not message.chosen
    is_meant = points_out_of(last.text) and (tool not in OF_FREE_WORDS or is_of_person(last.text))
    is_meant = is_meant or bool(_CUSTOMER.search(last.text))
    if not is_open or not is_meant:
        return scope
    if not (message.focus.talk or is_of_person(last.text)) and (own := _only_own(message, tool)):
        return own
    message.doubtful = ""
    if _CUSTOMER.search(last.text):
        raise Instead(Clarification(replies.which_one(is_task=False), candidates(message, "")))
    options = _people(message) if is_of_person(last.text) else candidates(message, tool)
    raise Instead(Clarification(replies.what_is_meant(pronoun_of(last.text)), options))


def complete(message: Message, whole: Whole, tool: str, arguments: dict[str, Any]) -> Match | None:
    """Fill in the subject that a tool cannot do without: of the talk, or the asker's only project; else ask.

    What is changed is never guessed: only what the last answer was about counts there.
    """
    needed = NEEDED.get(tool)
    if tool in CHANGING:
        _refuse_unknown_code(message)
    _ask_for_namesake_changed(message, whole, tool, arguments)
    if tool == "propose_reallocation" and "days" in arguments and not arguments.get("person"):
        needed = "scope"  # days are won back on something
    if tool == "project_schedule" and not arguments.get("project") and (below := _projects_below(message, whole)):
        raise Instead(Clarification(replies.which_one(is_task=False), below))
    if needed is None or arguments.get(needed) or whole.query.scopes or _goes_without(tool, arguments, whole):
        return None
    subject = in_focus(message, whole.query, must=True) or _only_own(message, tool)
    if message.chosen:
        subject = message.row_of(message.chosen.kind, message.chosen.key)
    if subject is None or (tool == "project_schedule" and subject.level is not Level.PROJECT):
        options = _tied_tasks(message, whole) if tool in _OF_TASKS else ()
        raise Instead(Clarification(replies.which_one(is_task=tool in _OF_TASKS), options or candidates(message, tool)))
    arguments[needed] = address(message, subject)
    return subject


def _refuse_unknown_code(message: Message) -> None:
    """A code like those of our tasks that none has: what is changed is never another thing in its place."""
    for code in _CODE.findall(message.original):
        if message.index.by_key(Level.PROJECT, code.rpartition("-")[0]) and message.task_keyed(code) is None:
            raise Instead(not_found(message.index, code, (Level.TASK,)))


def _projects_below(message: Message, whole: Whole) -> tuple[Option, ...]:
    """The projects of the program or portfolio that is named, where one project is needed."""
    rows = [hit.row for scope in whole.query.scopes for hit in scope.hits[:1]]
    below = (child for row in rows for child in message.index.children(row) if child.level is Level.PROJECT)
    return tuple(Option(each.key, shortened(each.label), each.level) for each in below)[:MOST_OPTIONS]


def ask_for_report(message: Message, whole: Whole) -> None:
    """ "finished!", "remaining is 6", "change the owner": of which task, unless one is talked about."""
    order = _ORDER.match(whole.text)
    beyond = len(words_of(whole.text[: order.end()])) if order else 0
    is_order = order and _names_nothing([each for each in whole.pieces if each.first >= beyond])
    if len(whole.parts) > 1 or in_focus(message, whole.query, must=True) or message.chosen or whole.query.scopes:
        return
    if (_REPORTS.fullmatch(whole.text) or is_order) and not (whole.query.task or whole.query.task_match):
        raise Instead(Clarification(replies.which_one(is_task=True), candidates(message, "record_update")))


def _names_nothing(pieces: Sequence[Piece]) -> bool:
    """Whether only days, amounts, people and little words are left."""
    return all(piece.is_filler or piece.time or piece.amount or _is_of_people(piece) for piece in pieces)


def _is_of_people(piece: Piece) -> bool:
    return any(each.hits[0].row.level is Level.PERSON for each in piece.mentions)


def ask_for_task(message: Message, whole: Whole) -> None:
    """Ask which task is meant where nearly all of a name is said that several bear, or an order names none at all."""
    _check_name(message, whole)
    if _ORDER.match(whole.text) and len(whole.text.split()) <= _TERSE + 1 and not whole.query.unknown[_TERSE - 1 :]:
        raise Instead(Clarification(replies.which_one(is_task=True), candidates(message, "propose_change")))
    if points_out_of(whole.text) and not whole.query.unknown and len(whole.text.split()) > 1:
        options = _people(message) if is_of_person(whole.text) else candidates(message, "")
        raise Instead(Clarification(replies.what_is_meant(pronoun_of(whole.text)), options))
    words = dict(enumerate(word.text for word in words_of(plain(whole.said[-1].text))))
    linked = [each for each in link_tasks(message.session, message.reader, words) if each.cover >= _NEARLY_ALL]
    if len(linked) > 1 and len(linked[0].places) > 1:
        options = tuple(Option(each.task.key, task_label(each.task), Level.TASK) for each in linked[:MOST_OPTIONS])
        raise Instead(Clarification(replies.which_one(is_task=True), options))


def _check_name(message: Message, whole: Whole) -> None:
    """ "where is penguin move" has the form of a question about a project: no such name is on file."""
    found = _PLAIN_LOOKUP.fullmatch(whole.text)
    said = [word.text for word in words_of(found[1])] if found else []
    if not said or len(said) > _TERSE or not set(said) <= set(whole.query.unknown):
        return
    if intent.load().probabilities(masked(whole.pieces))[intent.FOREIGN] < _SURELY_FOREIGN:
        raise Instead(not_found(message.index, message.as_written(" ".join(said)), LEVELS[1:]))


def ask_for_namesake(message: Message, whole: Whole, task: Match | None) -> None:
    """Ask which task is meant by one word that is all of a strange task's name, and a word of others' elsewhere."""
    words = [word.text for word in words_of(plain(task.name))] if task else []
    if task is None or len(words) != 1 or task.key.lower() in plain(message.original):
        return
    if message.chosen or whole.query.scopes or message.focus.rows:
        return
    own = own_work(message.session, message.reader)
    alike = _tasks_holding(message, words[0])
    if len({each.project_id for each in alike}) > 1 and not any(each.project_id in own for each in alike):
        options = tuple(Option(each.key, f"{each.name} ({each.project_key})", Level.TASK) for each in alike)
        raise Instead(Clarification(replies.which_one(is_task=True), options[:MOST_OPTIONS]))


def _ask_for_namesake_changed(message: Message, whole: Whole, tool: str, arguments: Mapping[str, Any]) -> None:
    """What is changed under a name that is also a word of several tasks: "move the training"."""
    subject = arguments.get("subject") if tool in CHANGING else None
    if not isinstance(subject, str) or message.chosen:
        return
    ask_for_namesake(message, whole, message.task_keyed(subject))
    row = message.index.by_key(Level.PROJECT, subject)
    name = plain(row.label) if row else ""
    if row is None or " " in name or not re.search(rf"\bthe {re.escape(name)}\b(?! project)", whole.text):
        return
    own = own_work(message.session, message.reader)
    alike = [each for each in _tasks_holding(message, name) if each.project_id != row.id]
    if row.id not in own and len({each.project_id for each in alike}) > 1:
        options = (Option(row.key, row.label, row.level), *(Option(each.key, each.name, Level.TASK) for each in alike))
        raise Instead(Clarification(replies.what_is_meant(name), options[:MOST_OPTIONS]))


def _tasks_holding(message: Message, word: str) -> list[TaskName]:
    found = tasks_named(message.session, message.reader, [word], limit=_MOST_ALIKE)
    return [each for each in found if word in {said.text for said in words_of(plain(each.name))}]


def whose_money(message: Message, whole: Whole) -> Match | None:
    """ "margin?": of the asker's only project, or of the one they name; of everything for who has none, or says so."""
    own = own_projects(message)
    is_terse = len(whole.text.split()) <= _TERSE and not _EVERYTHING & {word.text for word in words_of(whole.text)}
    talked_of = in_focus(message, whole.query, must=True)
    if is_terse and talked_of and talked_of.level in LEVELS[1:]:
        return talked_of
    if not own or not (is_terse or whole.query.mine):
        return None
    if len(own) == 1:
        return own[0]
    raise Instead(Clarification(replies.which_one(is_task=False), candidates(message, "finances")))


def candidates(message: Message, tool: str) -> tuple[Option, ...]:
    """What may be meant: what the last answer spoke of or listed, else the asker's own open tasks or projects."""
    focus = message.focus
    talked = focus.subjects if len(focus.subjects) > 1 else focus.listed if focus.lists else ()
    found = [match for each in talked if (match := message.row_of(each.level, each.key))]
    matches = found or (_own_tasks(message) if tool in _OF_TASKS else []) or own_projects(message)
    return tuple(Option(each.key, shortened(each.name), each.level) for each in matches[:MOST_OPTIONS])


def _people(message: Message) -> tuple[Option, ...]:
    talked = [each for each in message.focus.rows if each.level is Level.PERSON]
    found = [match for each in talked if (match := message.row_of(each.level, each.key))]
    return tuple(Option(each.key, shortened(each.name), each.level) for each in found[:MOST_OPTIONS])


def _goes_without(tool: str, arguments: Mapping[str, Any], whole: Whole) -> bool:
    said = {word.text for word in words_of(whole.text)}
    if tool in CHANGING:
        return bool(_WITHOUT_SUBJECT & {str(value) for value in arguments.values()})
    if tool == "project_schedule":
        return False  # "our end date" is that of one project
    return bool(_EVERYTHING - {"we"} & said) and not points_back(whole.text)


def _only_own(message: Message, tool: str) -> Match | None:
    own = own_projects(message)
    return own[0] if len(own) == 1 and tool not in CHANGING else None


def _own_tasks(message: Message) -> list[Match]:
    person_id = message.reader.person_id
    held = tasks_of(message.session, message.reader, person_id) if person_id is not None else []
    return [Match(Level.TASK, task.id, task.key, task.name) for task in held]


def _tied_tasks(message: Message, whole: Whole) -> tuple[Option, ...]:
    """Tasks whose names are said equally well."""
    words = dict(enumerate(word.text for word in words_of(_LEADING.sub("", plain(whole.said[-1].text)))))
    linked = link_tasks(message.session, message.reader, words)
    return tuple(Option(each.task.key, task_label(each.task), Level.TASK) for each in linked[:MOST_OPTIONS])

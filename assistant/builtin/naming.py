"""Which rows a message is about: its scope, its person, its task, and what "it" stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.builtin import replies
from assistant.builtin.message import Instead, Message
from assistant.builtin.narrowing import is_beside, is_by_chance, of_people
from assistant.builtin.query import Compared, Query, SaysText, Scope
from assistant.builtin.vocabulary import LEVELS
from storage.directory import own_work
from storage.vocabulary import Level
from tools.facts import Clarification, Option, Refusal
from tools.names import How, plain, shortened, words_of
from tools.resolve import Match, choose, find_myself, find_task, matched, not_found

MOST_PEOPLE = 3
_EVERYTHING = frozenset({"everything", "everywhere", "firm", "company", "portfolio", "portfolios", "organisation"})
_DEPTH = {Level.PORTFOLIO: 1, Level.PROGRAM: 2, Level.PROJECT: 3}
OF_FREE_WORDS = frozenset({"find_people", "find_lessons", "draft_plan", "select_portfolio"})  # tools told in any words


def find_scope(message: Message, query: Query) -> Match | None:
    """The one row the query is confined to. A part of a name before "projects" is a text to search for."""
    found: list[tuple[Scope, Match]] = []
    questions: list[tuple[Scope, Clarification]] = []
    for scope in query.scopes:
        result = resolve(message, scope)
        if isinstance(result, Clarification) and (theirs := of_people(message, query, scope)):
            result = theirs
        if isinstance(result, Match) and scope.negated:
            query.conditions.append(Compared(result.level.value, "!=", result.key))
        elif isinstance(result, Match):
            found.append((scope, result))
        elif scope.hits[0].how is How.PART and (query.plural or query.level is Level.TASK):
            query.conditions.append(SaysText(scope.words, in_name_only=True))
        else:
            questions.append((scope, result))
    for scope, question in questions:
        if not is_beside(message, scope, found):
            raise Instead(question)
    if len(found) > 1:
        found = [(scope, match) for scope, match in found if not is_by_chance(message, scope, found)]
        query.scopes = [each for each in query.scopes if each.negated or any(each is scope for scope, _ in found)]
    if query.measure == "share":
        found = _whole_of_share(query, found)
    return _innermost(message, query, [match for _, match in found]) if found else None


def resolve(message: Message, scope: Scope) -> Match | Clarification:
    """The row that words mean; what was chosen when a question was put back counts, then and later in the thread."""
    if chosen := _chosen(message, scope):
        return chosen
    taken = choose(message.session, message.reader, message.index, scope.hits, scope.words, message.preference)
    if isinstance(taken, Clarification):
        message.doubtful = message.doubtful or scope.words
    if isinstance(taken, Match) and scope.hits[0].misspelt:
        message.notes.append(f"I took “{shortened(scope.words)}” as {shortened(taken.name)}.")
        return replace(taken, instead_of="")
    return taken


def _chosen(message: Message, scope: Scope) -> Match | None:
    """What the asker chose for these words, now or before; a whole name or code needs no choice."""
    now, before = message.chosen, message.focus.chosen(scope.words)
    key = now.key if now else before.key if before else None
    if len(scope.hits) < 2 or scope.hits[0].how is How.CODE:
        return None
    return next((matched(hit.row) for hit in scope.hits if hit.row.key == key), None)


def is_loose(query: Query, scope: Match | None) -> bool:
    """Whether words are left that may be the name of what is asked for."""
    return (
        not scope
        and not query.task
        and not query.task_match
        and not query.level
        and bool(query.unknown)
        and not query.is_analytic
    )


def find_loose(message: Message, query: Query, chances: Mapping[str, float]) -> Match | None:
    """A task by the words of its name, where nothing else in the message says what it is about."""
    if query.mine and chances.get("my_work", 0) > 0.5:
        return None
    words = " ".join(query.unknown)
    found = find_task(message.session, message.reader, words)
    if isinstance(found, Clarification) and message.chosen and message.chosen.kind == Level.TASK:
        found = message.task_keyed(message.chosen.key)
    if isinstance(found, Clarification):
        if chances.get("task_details", 0) > 0.3 or len(query.unknown) > 1:
            raise Instead(found)
        return None
    return found


def in_focus(message: Message, query: Query, *, must: bool = False) -> Match | None:
    """The one row that the last answer was about, where the message says "it" or cannot do without."""
    subjects = message.focus.talk or (message.focus.room,)
    if len(subjects) != 1 or subjects[0] is None or not (must or query.pronoun):
        return None
    return message.row_of(subjects[0].level, subjects[0].key)


def of_the_room(message: Message, query: Query) -> Match | None:
    """What their room is about, where nothing in the message says where or whose: "whats late" among its team."""
    room = message.focus.room
    said = (query.scopes, query.people, query.mine, query.among, query.task, query.task_match)
    if room is None or any(said) or not _EVERYTHING.isdisjoint(word.text for word in words_of(plain(message.original))):
        return None
    is_of_many = query.level is not None and query.plural and _DEPTH.get(query.level, 9) <= _DEPTH[room.level]
    return None if is_of_many else message.row_of(room.level, room.key)


def some_project(message: Message, query: Query) -> Match:
    """The project of the talk; else the name that nobody bears, or the question which one."""
    focused = in_focus(message, query, must=True)
    if focused and focused.level is Level.PROJECT:
        return focused
    if query.unknown:
        words = message.as_written(" ".join(query.unknown))
        raise Instead(not_found(message.index, words, (Level.PROJECT,)))
    own = own_work(message.session, message.reader)
    rows = [row for row in message.index.rows if row.level is Level.PROJECT]
    rows = [row for row in rows if row.id in own] or rows
    if len(rows) == 1:
        return matched(rows[0])
    options = tuple(Option(row.key, shortened(row.label), row.level) for row in rows[:6])
    raise Instead(Clarification("Which project do you mean?", options))


def find_person(message: Message, query: Query) -> Match:
    if query.people:
        result = resolve(message, query.people[0])
        if isinstance(result, Clarification):
            raise Instead(result)
        return result
    myself = find_myself(message.reader, message.index)
    if isinstance(myself, Refusal):
        raise Instead(myself)
    return myself


def find_people(message: Message, query: Query) -> list[Match]:
    """Everybody who is named, three at most; else the asker."""
    named = [[each] for each in query.people if not each.negated][:MOST_PEOPLE] or [[]]
    return [find_person(message, replace(query, people=each)) for each in named]


def owner_scope(message: Message, query: Query) -> Match | None:
    """ "my projects", "Sam's projects", "tasks of Priya": the person is the scope."""
    return find_person(message, query) if query.people or query.mine else None


def find_named_task(message: Message, query: Query) -> Match:
    if query.task and query.task.task:
        return query.task.task
    if query.task_match:
        return query.task_match
    chosen = message.chosen
    if chosen and chosen.kind == Level.TASK and (task := message.task_keyed(chosen.key)):
        return task
    focused = in_focus(message, query, must=True)
    if focused and focused.level is Level.TASK:
        return focused
    words = message.as_written(" ".join(query.unknown))
    if not words:
        raise Instead(Clarification("Which task do you mean? Give me its key or a few words of its name.", ()))
    raise Instead(not_found(message.index, words, (Level.TASK,)))


def address(message: Message, match: Match) -> str:
    """How tools are told of a row: people by e-mail, all else by key."""
    row = message.index.row(Level.PERSON, match.id) if match.level is Level.PERSON else None
    return (row.email if row else None) or match.key


def said(query: Query, subject: Match) -> str:
    """The words that were taken for the subject."""
    for scope in (*query.scopes, *query.people):
        if any(hit.row.key == subject.key for hit in scope.hits):
            return scope.words
    return " ".join(query.unknown) or subject.name


def _whole_of_share(query: Query, found: list[tuple[Scope, Match]]) -> list[tuple[Scope, Match]]:
    """The places left as the whole: "share of the cost that is in CMS" makes CMS the part."""
    said = [*query.conditions, *query.part]
    parts = [each for each in found if each[0].is_predicate] or ([] if said else found[-1:])
    if not parts or parts[0][1].level not in LEVELS:
        return found
    if query.of and said:
        raise Instead(replies.share_of_share())
    place = parts[0][1]
    query.conditions, query.part = said, [Compared(place.level.value, "=", place.key)]
    return [each for each in found if each is not parts[0]]


def _innermost(message: Message, query: Query, matches: Sequence[Match]) -> Match | None:
    """The row that lies within all the others. Rows of one level are looked at side by side."""
    for match in matches:
        row = message.index.row(match.level, match.id)
        above = {(match.level, match.id), *(row.parents if row else ())}
        if all((other.level, other.id) in above for other in matches):
            return match
    if len({match.level for match in matches}) == 1 and matches[0].level in LEVELS:
        query.among = (matches[0].level, tuple(dict.fromkeys(match.key for match in matches)))
        return None
    options = tuple(Option(match.key, shortened(match.name), match.level) for match in matches)
    raise Instead(Clarification("I can answer for one of these at a time: which one first?", options))

"""What a message asks for: a tool with its arguments, a question back, or an honest no. No language model."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from assistant.builtin import intent, replies
from assistant.builtin.arguments import CannotBeAsked, NotInTheData, Writer
from assistant.builtin.asker import does_tasks_only
from assistant.builtin.focus import Focus
from assistant.builtin.pieces import Piece, read_pieces
from assistant.builtin.query import Compared, InState, Query, SaysText, Scope
from assistant.builtin.reflexes import reflex
from assistant.builtin.routing import BUILT, MONEY, route
from assistant.builtin.slots import compose
from assistant.builtin.vocabulary import LEVELS, Vocabulary
from assistant.builtin.words import is_other_language
from storage.access import Reader
from storage.catalogue import plain as spaced
from storage.directory import own_work, plan_calendar
from storage.names import task_keyed
from storage.vocabulary import Level
from tools.facts import Clarification, Option, Refusal
from tools.names import How, NameIndex, plain
from tools.resolve import Match, Preference, choose, find_myself, find_task, matched, matched_task, not_found
from tools.timewords import parse_times
from tools.work import ABOUT

LONGEST = 4_000  # characters of a message that are considered


@dataclass(frozen=True)
class Understanding:
    """Either `tool` with `arguments`, or `instead`: the question back or the refusal that takes the tool's place.

    `as_of` is the day the message set the clock to. `focus` is what the thread keeps for the next message.
    """

    tool: str | None
    arguments: dict[str, Any] = field(default_factory=dict)
    understood: str = ""
    confidence: float = 0.0
    instead: Clarification | Refusal | None = None
    as_of: date | None = None
    note: str = ""  # which reading was taken where two were close: "I took “gateway” as Tern Gateway, not Hub Gateway."
    focus: dict[str, Any] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()


def understand(
    text: str,
    *,
    session: Session,
    reader: Reader,
    index: NameIndex,
    today: date,
    focus: dict[str, Any] | None = None,
) -> Understanding:
    """Read one message as this reader would mean it."""
    considered = plain(text[:LONGEST])
    reading = _Reading(session, reader, index.seen_by(session, reader), today, Focus.of(focus), text[:LONGEST])
    try:
        answer = reading.understood(considered)
    except _Instead as stopped:
        answer = reading.stopped(considered, stopped.result)
    if len(text) > LONGEST:
        note = replies.cut_note(len(text), LONGEST)
        return replace(answer, note=f"{answer.note} {note}".strip(), instead=_with_note(answer.instead, note))
    return answer


class _Instead(Exception):
    """A question back or a refusal takes the tool's place."""

    def __init__(self, result: Clarification | Refusal) -> None:
        super().__init__(result)
        self.result = result


class _Reading:
    """One message, its reader, and what the thread was about."""

    def __init__(
        self, session: Session, reader: Reader, index: NameIndex, today: date, focus: Focus, original: str
    ) -> None:
        self.session, self.reader, self.index, self.today = session, reader, index, today
        self.focus, self.original = focus, original
        self.vocabulary = Vocabulary.of(session, reader, index)
        self.preference = Preference(frozenset(self._focus_place()))
        self.chosen: Option | None = None
        self.notes: list[str] = []

    def understood(self, text: str) -> Understanding:
        if not re.search(r"[^\W_]", text):
            raise _Instead(replies.unclear())
        if choice := self.focus.choice(text):
            self.chosen, text = choice, self.focus.waiting
            self.preference = Preference(frozenset(self._place_of(choice)))
        query, pieces = self._read(text)
        base = text
        if self._follows_on(query, pieces):
            earlier, earlier_pieces = self._read(self.focus.text)
            if not _is_on_something_else(earlier, query, self.focus):
                base, pieces, query = self.focus.text, earlier_pieces, _merged(earlier, query)
        return self._decided(base, query, pieces)

    def stopped(self, text: str, result: Clarification | Refusal) -> Understanding:
        if isinstance(result, Clarification) and result.options:
            asked = self.focus.waiting if self.chosen else text
            return Understanding(None, instead=result, focus=self.focus.asking_back(asked, result).kept())
        return Understanding(None, instead=result, focus=replace(self.focus, waiting="", options=()).kept())

    # Reading

    def _read(self, text: str) -> tuple[Query, list[Piece]]:
        text = _UP_TO.sub(r"\1 doing", text)
        settings = plan_calendar(self.session)
        times = parse_times(
            text,
            self.today,
            settings.fiscal_year_start_month,
            settings.week_start,
            month_first=settings.month_first,
        )
        pieces = read_pieces(text, times, self.index, self.vocabulary, self._task_keyed)
        return compose(pieces, self.vocabulary), pieces

    def _task_keyed(self, key: str) -> Match | None:
        found = task_keyed(self.session, self.reader, key)
        return matched_task(found) if found else None

    def _follows_on(self, query: Query, pieces: Sequence[Piece]) -> bool:
        """ "and the APAC one?", "what about closed ones?": something new, to be put into the last question."""
        if not self.focus.text or self.chosen:
            return False
        says = query.scopes or query.people or query.conditions or query.window or query.level or query.as_of
        begins = bool(_FOLLOWING.match(self.original.strip().lower()))
        return bool(says or query.task) and begins and not query.is_analytic and not query.asked

    # Deciding

    def _decided(self, text: str, query: Query, pieces: Sequence[Piece]) -> Understanding:
        if query.problems:
            raise _Instead(Refusal("declined", " ".join(query.problems)))
        if is_other_language(query.unknown):
            raise _Instead(replies.english_only())
        if reply := reflex(pieces, query):
            raise _Instead(reply)
        if query.only_states or query.only_due:
            return self._bare(text, query)
        scope = self._scope_or_not_yet(query, pieces) or self._in_focus(query)
        self._ask_for_parent(query, scope)
        model = intent.load()
        chances = model.probabilities(_without_names(pieces))
        if scope and scope.level is Level.TASK:
            scope, query.task_match = None, scope
        if self._is_loose(query, scope):
            query.task_match = self._loose_name(query, chances)
        tools = route(query, scope, chances, model.foreign_words)
        tool = max(tools, key=lambda each: tools[each])
        if tool == intent.FOREIGN or (tools[tool] < _SURE and scope is None and query.says_nothing):
            raise _Instead(replies.unclear() if query.only_filler else replies.foreign())
        if tool not in BUILT:
            raise _Instead(replies.not_yet(tool))
        return self._called(tool, tools[tool], text, query, scope)

    def _bare(self, text: str, query: Query) -> Understanding:
        """ "what is late?" without a word of where: the asker's own tasks, or all projects of who looks after them."""
        if query.only_due:
            query.asked, query.conditions = [], [InState("due")]
        states = {each.state for each in query.conditions if isinstance(each, InState)}
        is_both = self._can_write(Level.PROJECT, query) and self._can_write(Level.TASK, query)
        if states & _OF_TASKS or not self._can_write(Level.PROJECT, query):
            query.level = Level.TASK
            query.mine = bool(states & _DUE) and self._does_tasks_only()
        elif not is_both or not self._does_tasks_only():
            query.level = Level.PROJECT
        else:
            query.level, query.mine = Level.TASK, True
        query.plural = True
        return self._selected("portfolio_overview", 1.0, text, query, None)

    def _does_tasks_only(self) -> bool:
        projects = self.vocabulary.catalogues[Level.PROJECT]
        return does_tasks_only(self.session, self.reader, self.index, projects, self.today)

    def _called(self, tool: str, chance: float, text: str, query: Query, scope: Match | None) -> Understanding:
        tool = self._fitting(tool, query, scope)
        subject: Match | None
        match tool:
            case "project_status":
                subject = scope or self._some_project(query)
                arguments, names = {"project": subject.key}, {"project": subject.name}
            case "my_work":
                subject = self._person(query)
                arguments, names = {"person": self._address(subject), **_days(query)}, {"person": subject.name}
            case "task_details":
                subject = self._task(query, scope)
                arguments = {"task": subject.key, **self._about(text, query)}
                names = {"task": subject.name}
            case "finances":
                self._check_known(query, scope)
                subject = scope
                arguments = {"scope": subject.key} if subject else {}
                names = {"scope": subject.name} if subject else {}
            case _:
                return self._selected(tool, chance, text, query, scope)
        return self._answered(tool, chance, text, query, arguments, names, subject)

    def _about(self, text: str, query: Query) -> dict[str, str]:
        """The one field of a task that is asked for, where the tool can tell it."""
        senses = list(dict.fromkeys(query.asked))
        if len(senses) != 1 or query.conditions or _IS_YES_OR_NO.match(text):
            return {}
        found = self.vocabulary.field(Level.TASK, senses[0])
        if senses[0] == "manager" and "manag" not in query.words[senses[0]]:
            found = self.vocabulary.field(Level.TASK, "owner")
        if found and found.key == "owner" and not self._knows_people():
            raise _Instead(replies.no_people())
        return {"about": found.key} if found and spaced(found.key) in ABOUT else {}

    def _selected(self, tool: str, chance: float, text: str, query: Query, scope: Match | None) -> Understanding:
        place = scope or self._owner_scope(query)
        self._check_held(query, place)
        self._check_known(query, place)
        level = self._level(tool, query, place)
        writer = Writer(self.vocabulary, level, self.today)
        try:
            arguments = writer.selection(query, self._place(place))
        except NotInTheData as missing:
            raise _Instead(self._absent(query, missing.words, level)) from missing
        except CannotBeAsked as problem:
            raise _Instead(Refusal("declined", str(problem))) from problem
        if level is Level.TASK:
            tool = "list_tasks"
        else:
            tool, arguments = "portfolio_overview", {"level": level.value, **arguments}
        names = {"scope": place.name} if place else {}
        if place and place.level is level and arguments.get("sort") and not query.sort:
            names["looked_up"] = self.vocabulary.catalogues[level].fields[arguments["sort"]].label
        return self._answered(tool, chance, text, query, arguments, names, place, level)

    def _answered(
        self,
        tool: str,
        chance: float,
        text: str,
        query: Query,
        arguments: dict[str, Any],
        names: dict[str, str],
        subject: Match | None,
        level: Level = Level.PROJECT,
    ) -> Understanding:
        if subject and subject.instead_of and not self.chosen:
            self.notes.append(f"I took “{self._said(query, subject)}” as {subject.name}, not {subject.instead_of}.")
        return Understanding(
            tool,
            {label: value.isoformat() if isinstance(value, date) else value for label, value in arguments.items()},
            replies.echo(tool, arguments, names, self.vocabulary, level),
            round(chance, 3),
            as_of=query.as_of,
            note=" ".join(self.notes),
            focus=self.focus.asked(text, subject).kept(),
        )

    def _fitting(self, tool: str, query: Query, scope: Match | None) -> str:
        """Where the tool cannot take what was said, the one that can."""
        if tool == "project_status" and scope and scope.level in (Level.PROGRAM, Level.PORTFOLIO):
            return "portfolio_overview"
        if tool == "task_details" and query.task is None and query.task_match is None and (query.plural or scope):
            return "list_tasks" if query.level is Level.TASK else "project_status" if scope else tool
        if query.asked[:1] == ["description"] and scope and query.level is None:
            if scope.level in LEVELS and self.vocabulary.field(scope.level, "description"):
                return "portfolio_overview"
            query.asked = []
            return "project_status" if scope.level is Level.PROJECT else "portfolio_overview"
        if "money" in query.asked and not query.is_analytic:
            return "finances"
        if tool in ("portfolio_overview", "finances") and scope and query.level is None and not query.is_analytic:
            return self._fitting_for_money(tool, query, scope)
        if tool == "my_work" and not query.mine and not query.people and not self._speaks_of_people(query):
            return "list_tasks"
        return tool

    def _fitting_for_money(self, tool: str, query: Query, scope: Match) -> str:
        """One field of one row is looked up; what asks for more ("burn vs budget") is for the finances."""
        if query.asked == ["overrun"] and "reported_overrun" in self.vocabulary.never_given:
            return "finances"
        if len(query.asked) != 1 or query.asked[0] not in MONEY or _IS_OPEN.match(self.original.strip().lower()):
            return "finances" if tool == "finances" or MONEY & set(query.asked) else tool
        if scope.level in LEVELS and self.vocabulary.field(scope.level, query.asked[0]):
            return "portfolio_overview"
        if "actual_cost" in self.vocabulary.never_given and self.vocabulary.field(Level.PROJECT, query.asked[0]):
            query.level = Level.PROJECT
            return "portfolio_overview"
        return "finances"

    def _speaks_of_people(self, query: Query) -> bool:
        return query.level is None and not query.is_analytic

    # Names

    def _scope_or_not_yet(self, query: Query, pieces: Sequence[Piece]) -> Match | None:
        """The scope; but nobody is asked which one is meant for a question that cannot be answered yet."""
        try:
            return self._scope(query)
        except _Instead:
            tools = route(query, None, intent.load().probabilities(_without_names(pieces)))
            tool = max(tools, key=lambda each: tools[each])
            if tool in replies.COMING and tools[tool] > _SURE:
                raise _Instead(replies.not_yet(tool)) from None
            raise

    def _scope(self, query: Query) -> Match | None:
        """The one row the query is confined to. A part of a name before "projects" is a text to search for."""
        found: list[tuple[Scope, Match]] = []
        open_question: Clarification | None = None
        for scope in query.scopes:
            result = self._resolved(scope)
            if isinstance(result, Match) and scope.negated:
                query.conditions.append(Compared(result.level.value, "!=", result.key))
            elif isinstance(result, Match):
                found.append((scope, result))
            elif query.plural or query.level is Level.TASK:
                query.conditions.append(SaysText(scope.words, in_name_only=True))
            else:
                open_question = open_question or result
        if open_question and not found:
            raise _Instead(open_question)
        if query.measure == "share":
            found = self._whole_of_share(query, found)
        return self._innermost(query, [match for _, match in found]) if found else None

    def _whole_of_share(self, query: Query, found: list[tuple[Scope, Match]]) -> list[tuple[Scope, Match]]:
        """The places left as the whole: "share of the cost that is in CMS" makes CMS the part."""
        said = [*query.conditions, *query.part]
        parts = [each for each in found if each[0].is_predicate] or ([] if said else found[-1:])
        if not parts or parts[0][1].level not in LEVELS:
            return found
        if query.of and said:
            raise _Instead(replies.share_of_share())
        place = parts[0][1]
        query.conditions, query.part = said, [Compared(place.level.value, "=", place.key)]
        return [each for each in found if each is not parts[0]]

    def _resolved(self, scope: Scope) -> Match | Clarification:
        hits = scope.hits
        taken = choose(self.session, self.reader, self.index, hits, scope.words, self.preference)
        if isinstance(taken, Clarification) and self.chosen:
            row = next((hit.row for hit in hits if hit.row.key == self.chosen.key), None)
            return matched(row) if row else taken
        if isinstance(taken, Match) and hits[0].misspelt:
            self.notes.append(f"I took “{scope.words}” as {taken.name}.")
            return replace(taken, instead_of="")
        return taken

    def _innermost(self, query: Query, matches: Sequence[Match]) -> Match | None:
        """The row that lies within all the others. Rows of one level are looked at side by side."""
        for match in matches:
            row = self.index.row(match.level, match.id)
            above = {(match.level, match.id), *(row.parents if row else ())}
            if all((other.level, other.id) in above for other in matches):
                return match
        if len({match.level for match in matches}) == 1 and matches[0].level in LEVELS:
            query.among = (matches[0].level, tuple(dict.fromkeys(match.key for match in matches)))
            return None
        options = tuple(Option(match.key, match.name, match.level) for match in matches)
        raise _Instead(Clarification("I can answer for one of these at a time: which one first?", options))

    def _is_loose(self, query: Query, scope: Match | None) -> bool:
        """Whether words are left that may be the name of what is asked for."""
        return (
            not scope
            and not query.task
            and not query.task_match
            and not query.level
            and bool(query.unknown)
            and not query.is_analytic
        )

    def _loose_name(self, query: Query, chances: dict[str, float]) -> Match | None:
        """A task by the words of its name, where nothing else in the message says what it is about."""
        if query.mine and chances.get("my_work", 0) > 0.5:
            return None
        words = " ".join(query.unknown)
        found = find_task(self.session, self.reader, words)
        if isinstance(found, Clarification) and self.chosen and self.chosen.kind == Level.TASK:
            found = self._task_keyed(self.chosen.key)
        if isinstance(found, Clarification):
            if chances.get("task_details", 0) > 0.3 or len(query.unknown) > 1:
                raise _Instead(found)
            return None
        return found

    def _some_project(self, query: Query) -> Match:
        """The project of the talk; else the name that nobody bears, or the question which one."""
        focused = self._in_focus(query, must=True)
        if focused and focused.level is Level.PROJECT:
            return focused
        if query.unknown:
            raise _Instead(not_found(self.index, self._as_written(" ".join(query.unknown)), (Level.PROJECT,)))
        own = own_work(self.session, self.reader)
        rows = [row for row in self.index.rows if row.level is Level.PROJECT and row.id in own] or [
            row for row in self.index.rows if row.level is Level.PROJECT
        ]
        if len(rows) == 1:
            return matched(rows[0])
        options = tuple(Option(row.key, row.label, row.level) for row in rows[:6])
        raise _Instead(Clarification("Which project do you mean?", options))

    def _in_focus(self, query: Query, *, must: bool = False) -> Match | None:
        """What "it" or "that project" is, where the message says so."""
        if not (must or query.pronoun) or self.focus.level is None:
            return None
        if self.focus.level is Level.TASK:
            return self._task_keyed(self.focus.key)
        row = self.index.by_key(self.focus.level, self.focus.key)
        return matched(row) if row else None

    def _owner_scope(self, query: Query) -> Match | None:
        """ "my projects", "Sam's projects", "tasks of Priya": the person is the scope."""
        if query.people:
            return self._person(query)
        if query.mine:
            return self._person(query)
        return None

    def _person(self, query: Query) -> Match:
        if query.people:
            result = self._resolved(query.people[0])
            if isinstance(result, Clarification):
                raise _Instead(result)
            return result
        myself = find_myself(self.reader, self.index)
        if isinstance(myself, Refusal):
            raise _Instead(myself)
        return myself

    def _task(self, query: Query, scope: Match | None) -> Match:
        if query.task and query.task.task:
            return query.task.task
        if query.task_match:
            return query.task_match
        if self.chosen and self.chosen.kind == Level.TASK and (chosen := self._task_keyed(self.chosen.key)):
            return chosen
        focused = self._in_focus(query, must=True)
        if focused and focused.level is Level.TASK:
            return focused
        words = self._as_written(" ".join(query.unknown))
        if not words:
            raise _Instead(Clarification("Which task do you mean? Give me its key or a few words of its name.", ()))
        raise _Instead(not_found(self.index, words, (Level.TASK,)))

    def _address(self, person: Match) -> str:
        row = self.index.row(Level.PERSON, person.id)
        return (row.email if row else None) or person.key

    def _place(self, match: Match | None) -> str | None:
        if match is None:
            return None
        return self._address(match) if match.level is Level.PERSON else match.key

    def _focus_place(self) -> Iterator[tuple[Level, int]]:
        row = self.index.by_key(self.focus.level, self.focus.key) if self.focus.level else None
        if row:
            yield row.place

    def _place_of(self, option: Option) -> Iterator[tuple[Level, int]]:
        if option.kind in set(Level) and (row := self.index.by_key(Level(option.kind), option.key)):
            yield row.place

    def _said(self, query: Query, subject: Match) -> str:
        for scope in (*query.scopes, *query.people):
            if any(hit.row.key == subject.key for hit in scope.hits):
                return scope.words
        return " ".join(query.unknown) or subject.name

    def _as_written(self, words: str) -> str:
        """Words in the letters of the message, so that a sentence quotes them as they were said."""
        found = re.search(re.escape(words), self.original, re.IGNORECASE)
        return found.group() if found else words

    # Levels and what is not there

    def _level(self, tool: str, query: Query, place: Match | None) -> Level:
        """The level said; else the one of the row asked for; else the first that has all that the query speaks of."""
        if query.level is not None:
            return query.level
        if query.among is not None and not query.is_analytic:
            return query.among[0]
        own = place.level if place and place.level in LEVELS and query.asked and not query.is_analytic else None
        usual = Level.TASK if tool == "list_tasks" else Level.PROJECT
        order = [*([own] if own else []), usual, *(level for level in LEVELS if level is not usual)]
        return next((level for level in order if self._can_write(level, query)), order[0])

    def _can_write(self, level: Level, query: Query) -> bool:
        try:
            Writer(self.vocabulary, level, self.today).selection(query, None)
        except (NotInTheData, CannotBeAsked):
            return False
        return True

    def _absent(self, query: Query, sense: str, level: Level) -> Refusal:
        holder = self.vocabulary.level_with(sense)
        words = self._as_written(query.words.get(sense, sense.replace("_", " ")))
        return replies.absent(words, self.vocabulary, level, holder)

    def _ask_for_parent(self, query: Query, place: Match | None) -> None:
        """ "which bureau does PECOS belong to" asks for a field of PECOS."""
        if place is None or query.level is None or query.plural or query.is_analytic or place.level not in LEVELS:
            return
        if LEVELS.index(query.level) > LEVELS.index(place.level):
            query.asked.insert(0, query.level.value)
            query.level = None

    def _check_held(self, query: Query, place: Match | None) -> None:
        """What no level has a field for is not in the data, whatever else was said."""
        senses = [*query.asked, *([query.of] if query.of else []), *([query.group] if query.group else [])]
        if {"owner", "people"} & set(senses) and not self._knows_people():
            raise _Instead(replies.no_people())
        for sense in senses:
            if sense not in _DATE_PARTS and self.vocabulary.level_with(sense) is None:
                level = query.level or (place.level if place and place.level in LEVELS else Level.PROJECT)
                raise _Instead(self._absent(query, sense, level))

    def _knows_people(self) -> bool:
        """Whether anybody is on file beside the asker."""
        people = [row.id for row in self.index.rows if row.level is Level.PERSON]
        return any(person_id != self.reader.person_id for person_id in people)

    def _check_known(self, query: Query, place: Match | None) -> None:
        """A word that carries meaning and is not understood must not be passed over in an answer with figures."""
        if query.loose_negation and (query.level or query.conditions) and not query.either:
            raise _Instead(replies.loose_negation(query.loose_negation))
        strange = [word for word in query.unknown if not word.endswith("ly")]
        if strange:
            words = [self._as_written(word) for word in strange]
            if vague := next((each for each in query.scopes if each.hits[0].how is How.PART), None):
                said = " ".join(
                    word for word in plain(self.original).split() if word in {*vague.words.split(), *strange}
                )
                raise _Instead(not_found(self.index, self._as_written(said), _NAMED))
            if strange[0].isdigit() and query.level:
                raise _Instead(not_found(self.index, strange[0], (query.level,)))
            if place is not None and not query.level:
                raise _Instead(replies.nothing_on(words, place.name))
            if query.names_expected:
                raise _Instead(not_found(self.index, " ".join(words), _NAMED))
            raise _Instead(replies.unknown_words(words))


_NAMED = (Level.PORTFOLIO, Level.PROGRAM, Level.PROJECT)
_DUE = frozenset({"due", "due_this_week"})
_OF_TASKS = frozenset({"blocked", "unowned", "without_estimate", *_DUE})  # what is asked of tasks if of nothing else
_SURE = 0.5  # the chance from which a tool is taken to be meant
_DATE_PARTS = frozenset({"year", "quarter", "month"})
_UP_TO = re.compile(r"^((?:what(?:'?s| is| are))\b(?: [\w.'-]+){1,4}?) up to\b(?! \$?\d)")
_IS_YES_OR_NO = re.compile(r"(?:is|are|was|were|did|does|do|has|have|can|will)\b")
_IS_OPEN = re.compile(r"(?:how(?:'s|s| is| are)|what about|will|are we|is) ")
_FOLLOWING = re.compile(
    r"(?:(?:ok(?:ay)?|so|and|also|now|then|but)[\s,]+)*"
    r"(?:what about|how about|what of|and|same for|same with|also|or)\b"
)


def _without_names(pieces: Sequence[Piece]) -> str:
    """The message with place words for names, times and amounts."""
    return " ".join(_place_word(piece) for piece in pieces)


def _place_word(piece: Piece) -> str:
    if piece.task:
        return intent.place_word("task")
    if piece.mentions:
        return intent.place_word(max(piece.mentions, key=lambda each: each.how).hits[0].row.level.value)
    if piece.time:
        return intent.place_word("time")
    return intent.place_word("number") if piece.amount else piece.text


def _is_on_something_else(earlier: Query, now: Query, focus: Focus) -> bool:
    """Whether a project is named after a question about a task or a person's work: then the project is asked about."""
    if now.task:
        return not earlier.task
    was_of_one = focus.level is Level.TASK or bool(earlier.task) or bool(earlier.people and earlier.level is None)
    return bool(now.scopes) and was_of_one and not earlier.is_analytic


def _merged(earlier: Query, now: Query) -> Query:
    """The earlier question with what the new message says in its place."""
    merged = replace(earlier, task=now.task or earlier.task)
    if now.scopes:
        merged.scopes = now.scopes
    if now.people:
        merged.people, merged.mine = now.people, False
    if now.conditions:
        merged.conditions = now.conditions
    if now.window or now.as_of:
        merged.window, merged.as_of = now.window, now.as_of
    if now.level and not now.scopes:
        merged.level, merged.plural = now.level, now.plural
    merged.unknown = now.unknown
    return merged


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


def _with_note(instead: Clarification | Refusal | None, note: str) -> Clarification | Refusal | None:
    if isinstance(instead, Refusal):
        return replace(instead, sentence=f"{instead.sentence} {note}")
    return replace(instead, question=f"{instead.question} {note}") if instead else None

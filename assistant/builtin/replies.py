"""The sentences said instead of calling a tool, and the echo of how a question was understood."""

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.builtin.vocabulary import Vocabulary
from assistant.builtin.words import filler
from storage.vocabulary import Level
from tools.facts import Clarification, Refusal
from tools.names import plain, shortened, words_of


def foreign() -> Refusal:
    return Refusal(
        "declined",
        "That is outside what I answer: I know projects, tasks, dates, people's work and money on file."
        " Try “which projects are late?”",
    )


def english_only() -> Refusal:
    return Refusal(
        "declined", "I understand English only so far; ask me in English, for example “which projects are late?”"
    )


def unclear() -> Clarification:
    """For a message without a word in it."""
    return Clarification(
        "What would you like to know? For example: “which projects are late?”, “what is on my plate"
        " this week?”, or “where is” and a project's name.",
        (),
    )


def pay() -> Refusal:
    return Refusal("refused", "What a person earns, costs or charges is not something I tell; finance keeps the rates.")


def importing() -> Clarification:
    """For whoever wants to bring data in: that is done at the command line."""
    return Clarification(
        "Data comes in with the command “pilothouse import” and the path of a file or folder. Once it is in, ask me"
        " “which projects are late?”",
        (),
    )


def share_of_share() -> Refusal:
    """For a share whose whole has a condition of its own."""
    return Refusal("declined", "I can take a share of all there is in one place only: ask for the two sums instead.")


def unknown_words(words: Sequence[str]) -> Refusal:
    return Refusal(
        "declined", f"I do not know what {_listed(words)} means here, so I will not guess. Say it in other words."
    )


def passed_over(words: Sequence[str]) -> str:
    """A note for words beside what was answered that nothing was made of."""
    return f"I made nothing of {_listed(words)}."


def _listed(words: Sequence[str]) -> str:
    return " and ".join(f"“{shortened(word)}”" for word in words[:3])


def loose_negation(word: str) -> Refusal:
    """For a "not" whose reach is not understood: passed over, it would turn the answer around."""
    return Refusal(
        "declined", f"I cannot tell what “{shortened(word)}” leaves out, so I will not guess. Say it in other words."
    )


def absent(words: str, vocabulary: Vocabulary, level: Level, holder: Level | None) -> Refusal:
    """For a field or state that the level does not have; `holder` is one that has it."""
    noun, words = vocabulary.level_words.get(level, level.value), shortened(words)
    if holder is not None:
        other = vocabulary.level_words.get(holder, holder.value)
        return Refusal(
            "not_found", f"“{words}” is on file for each {other}, not for each {noun}: ask for that instead."
        )
    article = "an" if noun[:1] in "aeio" else "a"
    return Refusal("not_found", f"The data holds nothing on “{words}” for {article} {noun}, so I cannot say.")


def no_people() -> Refusal:
    return Refusal("not_found", "Nobody is on file here beside you, so I cannot say who works on what.")


def nothing_on(words: Sequence[str], subject: str) -> Refusal:
    """For words beside a known name that stand for no field."""
    said = shortened(" ".join(words))
    return Refusal(
        "not_found", f"I know of nothing called “{said}” in the data on {shortened(subject)}, so I cannot say."
    )


def to_date_only() -> str:
    """A note for money that was asked for of a time."""
    return "These are figures to date: I cannot tell yet what fell into that time alone."


def cut_note(length: int, considered: int) -> str:
    return f"Your message has {length:,} characters; I read the first {considered:,}."


def more_requests(asked: int, taken: int) -> str:
    """For a message that asks more than is answered at once."""
    return f"You asked {asked} things; I answered the first {taken}."


def what_is_meant(words: str) -> str:
    """The question what a word that points back stands for."""
    return f"What do you mean by “{shortened(words)}”?" if words else "Which one do you mean?"


def none_of_them(*, is_reading: bool = False) -> Clarification:
    """For whoever means none of the options."""
    if is_reading:
        return Clarification("What is it, then? Ask again in other words.", ())
    return Clarification("Which one is it, then? Ask again with its key, or more of its name.", ())


def choose(most: int) -> str:
    """For an answer that picks none of so many options."""
    match most:
        case 1:
            return "There is only this one: say “yes” if you mean it."
        case 2:
            return "Choose 1 or 2."
        case _:
            return f"Choose a number from 1 to {most}."


def dropped() -> Refusal:
    """For whoever no longer wants what was asked."""
    return Refusal("declined", "All right, I leave it at that. Ask me whenever you like.")


def which_one(*, is_task: bool) -> str:
    """The question what a request is about that names nothing."""
    return which_of_level("task" if is_task else "project")


def which_of_level(level: str) -> str:
    return f"Which {level} do you mean? Give me its name or key."


READINGS: Mapping[str, str] = {
    "project_status": "where {} stands",
    "portfolio_overview": "an overview of {}",
    "list_tasks": "the tasks of {}",
    "my_work": "what is on somebody's plate",
    "task_details": "what the records say of a task",
    "finances": "the money of {}",
    "find_people": "who could do it",
    "utilisation": "how loaded people are",
    "capacity": "whether there are enough people",
    "project_schedule": "the critical path and float of {}",
    "forecast": "whether {} will be on time",
    "explain_change": "why {} moved",
    "benefits": "what {} brings",
    "surface_risks": "the risks of {}",
    "find_lessons": "what was learned before",
    "draft_plan": "a new plan",
    "propose_reallocation": "who could take work over",
    "what_if": "what would happen if something changed",
    "select_portfolio": "which projects to take on",
    "propose_change": "a change of the plan",
    "record_update": "to record what was done",
    "weekly_brief": "the weekly brief",
}


def reading(tool: str, name: str) -> str:
    """What a tool answers, in plain words; a name that is made of little words stands in quotation marks."""
    is_little = bool(name) and filler().issuperset(word.text for word in words_of(plain(name)))
    named = f"“{name}”" if is_little else shortened(name)
    return READINGS[tool].format(named or "everything")


def which_reading(first: str, second: str) -> str:
    """The question which of two things is wanted."""
    return f"Do you want {first}, or {second}?"


def read_as(understood: str) -> str:
    """For an answer to a message that was understood, but not for sure."""
    return f"I read this as: {understood[:1].lower()}{understood[1:]}"


def echo(
    tool: str, arguments: Mapping[str, Any], names: Mapping[str, str], vocabulary: Vocabulary, level: Level
) -> str:
    """How the question was understood, in one sentence."""
    names = {label: name if label == "understood" else shortened(name) for label, name in names.items()}
    where = names.get("scope", "")
    match tool:
        case _ if "understood" in names:
            return names["understood"]
        case "project_status":
            return f"Where {names.get('project', '')} stands."
        case "my_work":
            return f"Work of {names.get('person', 'you')}{_window(arguments)}."
        case "task_details":
            return f"The records of {names.get('task', '')}."
        case "finances":
            return f"The money of {where or 'everything you can see'}."
        case _ if "looked_up" in names:
            return f"{names['looked_up'].capitalize()} of {where}."
        case _:
            return _selection(arguments, where, vocabulary, level)


def _selection(arguments: Mapping[str, Any], where: str, vocabulary: Vocabulary, level: Level) -> str:
    noun = _plural(vocabulary.level_words.get(level, level.value))
    parts = [f"{_measured(arguments)}{noun}", f"in {where}" if where else "", _conditions(arguments)]
    parts.append(_window(arguments).strip())
    if "by" in arguments:
        parts.append(f"by {_words(arguments['by'])}")
    elif "sort" in arguments:
        parts.append(_sorted(str(arguments["sort"])))
    sentence = " ".join(part for part in parts if part)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _conditions(arguments: Mapping[str, Any]) -> str:
    state = arguments.get("state") or arguments.get("filter")
    said = [_condition(each) for each in (*([state] if state else []), *arguments.get("where", ()))]
    return f"that are: {'; '.join(said)}" if said else ""


def _condition(written: str) -> str:
    words = _words(written).replace(" | ", " or ")
    for sign, spoken in _SIGNS:
        words = words.replace(f" {sign} ", f" {spoken} ")
    return words


_SIGNS = (("!=", "not"), (">=", "at least"), ("<=", "at most"), (">", "above"), ("<", "below"), ("=", "is"))


def _words(written: Any) -> str:
    return str(written).replace("_", " ")


def _measured(arguments: Mapping[str, Any]) -> str:
    measure, of = arguments.get("measure"), str(arguments.get("of", "")).replace("_", " ")
    if not measure:
        return ""
    if measure == "count":
        return "number of "
    if measure == "share":
        return f"share that is “{of}” of "
    named = {"sum": "total", "mean": "average", "min": "lowest", "max": "highest"}.get(str(measure), measure)
    return f"{named} {of} of "


def _sorted(sort: str) -> str:
    direction = "highest first" if sort.startswith("-") else "lowest first"
    return f"sorted by {sort.lstrip('-').replace('_', ' ')}, {direction}"


def _window(arguments: Mapping[str, Any]) -> str:
    start, end = arguments.get("start"), arguments.get("end")
    if start and end:
        return f" from {start} to {end}"
    return f" from {start}" if start else f" until {end}" if end else ""


def _plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"

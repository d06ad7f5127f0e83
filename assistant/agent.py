"""One question, one road: understand it, call one tool as the asker, narrate the fact, keep what was said."""

from collections.abc import Callable, Sequence
from datetime import date
from time import perf_counter
from typing import Any

from sqlmodel import Session

from assistant import recording
from assistant.answer import Answer, Citation, Question, ToolCall
from assistant.builtin.understanding import Understanding, understand
from assistant.narration import narrate
from storage.engine import Store
from storage.selection.frames import Clock, Selection
from storage.selection.rows import clocks
from storage.text import clean
from storage.vocabulary import Level
from tools.catalog import find_tool
from tools.context import DeadlinePassed, ToolContext
from tools.facts import Clarification, Fact, Refusal, SourceRef, ToolResult
from tools.names import NameIndex
from tools.readings import warm

Progress = Callable[[str], None]

TERMS = frozenset({"SPI", "CPI", "EAC", "BAC", "TCPI"})
EMPTY = (
    "You asked nothing yet. Try “where is” and a project's name, “what is late?” or “what is on my plate this week?”"
)


class Assistant:
    """Answers questions over one store with the built-in model."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def ask(self, question: Question, progress: Progress = lambda _words: None) -> Answer:
        """The Answer to one question, recorded in the asker's thread. Expected failures are outcomes, not errors."""
        started = perf_counter()
        question = question.model_copy(update={"text": clean(question.text)})
        thread = recording.open_thread(self.store, question)
        if question.text.strip():
            progress("Reading your question")
            answer, focus = self._answer(question, thread.focus, progress)
        else:
            answer, focus = Answer(outcome="declined", text=EMPTY), thread.focus
        answer.thread = thread.name
        answer.latency_ms = (perf_counter() - started) * 1000
        recording.record(self.store, question, answer, focus)
        return answer

    def _answer(self, question: Question, focus: dict[str, Any], progress: Progress) -> tuple[Answer, dict[str, Any]]:
        with self.store.reading() as session:
            index = NameIndex.of(session)
            understanding = _understand(session, index, question, focus)
        calls: list[ToolCall] = []
        if understanding.instead is not None:
            result: ToolResult = understanding.instead
        else:
            progress(f"Looking it up with {understanding.tool}")
            result, calls = self._call(question, understanding, index)
        asker = index.row(Level.PERSON, question.reader.person_id)
        answer = _dress(result, understanding, question, asker.label if asker else "")
        answer.tools = calls
        return answer, understanding.focus

    def _call(
        self, question: Question, understanding: Understanding, index: NameIndex
    ) -> tuple[ToolResult, list[ToolCall]]:
        assert understanding.tool is not None
        context = ToolContext(
            store=self.store,
            reader=question.reader,
            today=question.today,
            as_of=understanding.as_of or question.as_of,
        )
        started = perf_counter()
        warm(self.store, context.today, as_of=context.as_of, project_ids=_reach(context, understanding, index))
        try:
            result = find_tool(understanding.tool).call(context, understanding.arguments)
        except DeadlinePassed as late:
            result = Refusal("declined", str(late))
        spent = (perf_counter() - started) * 1000
        return result, [ToolCall(name=understanding.tool, arguments=understanding.arguments, ms=round(spent, 1))]


def _understand(session: Session, index: NameIndex, question: Question, focus: dict[str, Any]) -> Understanding:
    return understand(
        question.text,
        session=session,
        reader=question.reader,
        index=index,
        today=question.as_of or _data_day(session, question),
        focus=focus,
    )


def _reach(context: ToolContext, understanding: Understanding, index: NameIndex) -> list[int] | None:
    """The projects whose figures the answer needs; None for all. Only a frozen clock is worth the narrowing."""
    key = understanding.arguments.get("project") or understanding.arguments.get("scope")
    if context.as_of is None or key is None:
        return None
    named = (index.by_key(level, key) for level in (Level.PROJECT, Level.PROGRAM, Level.PORTFOLIO))
    within = [row for found in named if found for row in (found, *index.children(found))]
    return [row.id for row in within if row.level is Level.PROJECT] or None


def _data_day(session: Session, question: Question) -> date:
    """What "today" and "next month" mean: the day of the data where all the asker sees is a snapshot."""
    everything = Selection(Level.PROJECT, Clock(question.today))
    return clocks(session, question.reader, everything)[0]


def _dress(result: ToolResult, understanding: Understanding, question: Question, asker: str) -> Answer:
    """The Answer a tool's result makes: its words, its sources, and how the question was understood."""
    answer = Answer(outcome="answered", text="", understood=understanding.understood)
    answer.suggestions = list(understanding.suggestions)
    match result:
        case Fact():
            fact = result.model_copy(update={"id": "f1"})
            narrated = narrate(
                fact, today=question.today, asker=asker, note=understanding.note, terms=_terms(question.text)
            )
            answer.text, answer.facts = narrated.text, [narrated.fact]
            answer.citations = [_cite(source) for source in fact.sources]
            answer.grounded_figures = sum(1 for _ in fact.figures())
            answer.as_of = fact.as_of
        case Clarification(question=words, options=options):
            answer.outcome, answer.question_back, answer.options = "asked_back", words, list(options)
            answer.text = _ask_back(words, [option.label for option in options])
        case Refusal(outcome=outcome, sentence=sentence):
            answer.outcome, answer.text = outcome, sentence
    answer.as_of = answer.as_of or understanding.as_of or question.as_of or question.today
    return answer


def _ask_back(words: str, labels: Sequence[str]) -> str:
    return "\n".join([words, *(f"{position}. {label}" for position, label in enumerate(labels, 1))])


def _terms(text: str) -> frozenset[str]:
    """The terms of art the asker used: those may come back in the answer."""
    return frozenset(word.strip(".,?!") for word in text.upper().split()) & TERMS


def _cite(source: SourceRef) -> Citation:
    return Citation(id=source.id, kind=source.kind, label=source.label, url=source.url)

"""A question answered with no language model: understood, one tool called, its fact narrated."""

from collections.abc import Sequence
from typing import Any

from assistant.answer import Answer, Citation, Listener, Question, ToolCall
from assistant.builtin.understanding import Understanding, understand
from assistant.calling import call_tool, day_of
from assistant.narration import narrate
from storage.engine import Store
from storage.vocabulary import Level
from tools.facts import Clarification, Fact, Refusal, SourceRef, ToolResult
from tools.names import NameIndex

TERMS = frozenset({"SPI", "CPI", "EAC", "BAC", "TCPI"})


def answer_by_builtin(
    store: Store, question: Question, focus: dict[str, Any], listener: Listener
) -> tuple[Answer, dict[str, Any]]:
    """The Answer, and what the thread is about afterwards."""
    with store.reading() as session:
        index = NameIndex.of(session)
        understanding = understand(
            question.text,
            session=session,
            reader=question.reader,
            index=index,
            today=day_of(session, question),
            focus=focus,
        )
    calls: list[ToolCall] = []
    if understanding.instead is not None:
        result: ToolResult = understanding.instead
    else:
        assert understanding.tool is not None
        listener.status(f"Looking it up with {understanding.tool}")
        called = call_tool(
            store, question, index, understanding.tool, understanding.arguments, as_of=understanding.as_of
        )
        result, calls = called.result, [called.call]
    asker = index.row(Level.PERSON, question.reader.person_id)
    answer = dress(result, understanding, question, asker.label if asker else "")
    answer.tools = calls
    return answer, understanding.focus


def dress(result: ToolResult, understanding: Understanding, question: Question, asker: str) -> Answer:
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
            answer.citations = [cite(source) for source in fact.sources]
            answer.grounded_figures = sum(1 for _ in fact.figures())
            answer.as_of = fact.as_of
        case Clarification(question=words, options=options):
            answer.outcome, answer.question_back, answer.options = "asked_back", words, list(options)
            answer.text = _ask_back(words, [option.label for option in options])
        case Refusal(outcome=outcome, sentence=sentence):
            answer.outcome, answer.text = outcome, sentence
    answer.as_of = answer.as_of or understanding.as_of or question.as_of or question.today
    return answer


def cite(source: SourceRef) -> Citation:
    return Citation(id=source.id, kind=source.kind, label=source.label, url=source.url)


def _ask_back(words: str, labels: Sequence[str]) -> str:
    return "\n".join([words, *(f"{position}. {label}" for position, label in enumerate(labels, 1))])


def _terms(text: str) -> frozenset[str]:
    """The terms of art the asker used: those may come back in the answer."""
    return frozenset(word.strip(".,?!") for word in text.upper().split()) & TERMS

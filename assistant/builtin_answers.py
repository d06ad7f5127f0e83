"""A question answered with no language model: understood, one tool called, its fact narrated."""

from collections.abc import Sequence
from typing import Any

from assistant.answer import Answer, Citation, Listener, Question, ToolCall
from assistant.builtin.focus import Focus, Referent
from assistant.builtin.suggesting import suggest
from assistant.builtin.understanding import Understanding, understand
from assistant.calling import call_tool, day_of
from assistant.grounding import unsupported
from assistant.narration import narrate
from assistant.progress import say_progress
from storage.engine import Store
from storage.vocabulary import Level
from tools.context import ToolContext
from tools.facts import Clarification, Fact, Figure, Refusal, SourceRef, ToolResult
from tools.names import NameIndex
from tools.portfolio import PortfolioOverview
from tools.tasks import TaskList
from tools.toolkit import nothing_on_file
from tools.work import MyWork

PHRASES = ("EARNED SCHEDULE",)
TERMS = frozenset({"SPI", "CPI", "EAC", "BAC", "TCPI", "DCMA"})


def answer_by_builtin(
    store: Store,
    question: Question,
    focus: dict[str, Any],
    listener: Listener,
    understood: Understanding | None = None,
) -> tuple[Answer, dict[str, Any]]:
    """The Answer, and what the thread is about afterwards; `understood` where the question was read already."""
    with store.reading() as session:
        index = NameIndex.of(session)
        understanding = understood or understand(
            question.text,
            session=session,
            reader=question.reader,
            index=index,
            today=day_of(session, question),
            focus=focus,
        )
        seen = index.seen_by(session, question.reader)
    asker = index.row(Level.PERSON, question.reader.person_id)
    name = asker.label if asker else ""
    answers = []
    kept = Focus.of(understanding.focus)
    for request in (understanding, *understanding.also):
        result, calls = _result(store, question, seen, request, listener)
        answers.append(dress(result, request, question, name))
        answers[-1].tools = calls
        kept = kept.listing(*listed(result))
        if isinstance(result, Clarification) and result.options and request.instead is None:
            kept = kept.asking_back(question.text, result)
    answer = joined(answers)
    for line in answer.text.splitlines(keepends=True):
        listener.passage(line)
    return answer, kept.kept()


def answer_by_call(store: Store, question: Question, tool: str, arguments: dict[str, Any]) -> Answer:
    """The Answer of one tool that a surface's own form or page calls, with nothing to understand."""
    with store.reading() as session:
        seen = NameIndex.of(session).seen_by(session, question.reader)
    asker = seen.row(Level.PERSON, question.reader.person_id)
    called = call_tool(store, question, seen, tool, arguments)
    answer = dress(called.result, Understanding(tool, arguments), question, asker.label if asker else "")
    answer.tools = [called.call]
    return answer


def _result(
    store: Store, question: Question, index: NameIndex, request: Understanding, listener: Listener
) -> tuple[ToolResult, list[ToolCall]]:
    """What one request comes to, and the call that it took, if any."""
    if request.instead is not None:
        context = ToolContext(store, question.reader, question.today)
        how_to_begin = nothing_on_file(context) if isinstance(request.instead, Refusal) else None
        return how_to_begin or request.instead, []
    assert request.tool is not None
    listener.status(say_progress(request.tool, request.arguments, index))
    called = call_tool(store, question, index, request.tool, request.arguments, as_of=request.as_of)
    return called.result, [called.call.model_copy(update={"confidence": request.confidence})]


def listed(result: ToolResult) -> tuple[list[Referent], int]:
    """The rows that a result lists one below the other, and how many more there are."""
    match result:
        case TaskList(rows=rows, rest=rest):
            return [Referent(Level.TASK, key) for key in rows], _number(rest)
        case PortfolioOverview(rows=rows, rest=rest, level=level):
            return [Referent(Level(str(level.value)), key) for key in rows], _number(rest)
        case MyWork(rows=rows):
            return [Referent(Level.TASK, key) for key in rows], 0
        case _:
            return [], 0


def _number(figure: Figure | None) -> int:
    return int(figure.value) if figure and isinstance(figure.value, int) else 0


def joined(answers: Sequence[Answer]) -> Answer:
    """Several answers as one, in order, with a blank line between; answered if any is."""
    if len(answers) == 1:
        return answers[0]
    best = next((each for each in answers if each.outcome == "answered"), answers[0])
    whole = best.model_copy(update={"text": "\n\n".join(each.text for each in answers)})
    whole.understood = " ".join(each.understood for each in answers if each.understood)
    whole.facts = [
        fact.model_copy(update={"id": f"f{number}"}) for number, fact in enumerate(_all(answers, "facts"), 1)
    ]
    whole.citations = list({each.id: each for each in _all(answers, "citations")}.values())
    whole.tools = _all(answers, "tools")
    whole.grounded_figures = sum(each.grounded_figures for each in answers)
    whole.unsupported_figures = sum(each.unsupported_figures for each in answers)
    whole.suggestions = list(dict.fromkeys(_all(answers, "suggestions")))
    asking = next((each for each in answers if each.question_back is not None), None)
    if asking:
        whole.question_back, whole.options = asking.question_back, asking.options
    return whole


def _all(answers: Sequence[Answer], label: str) -> list[Any]:
    return [each for answer in answers for each in getattr(answer, label)]


def dress(result: ToolResult, understanding: Understanding, question: Question, asker: str) -> Answer:
    """The Answer a tool's result makes: its words, its sources, and how the question was understood."""
    answer = Answer(outcome="answered", text="", understood=understanding.understood)
    match result:
        case Fact():
            fact = result.model_copy(update={"id": "f1"})
            narrated = narrate(
                fact, today=question.today, asker=asker, note=understanding.note, terms=_terms(question.text)
            )
            answer.text, answer.facts = narrated.text, [narrated.fact]
            answer.citations = [cite(source) for source in fact.sources]
            answer.grounded_figures = sum(1 for _ in fact.figures())
            answer.unsupported_figures = len(unsupported(answer.text, [fact], question.text, understanding.note))
            answer.as_of = fact.as_of
            answer.suggestions = suggest(fact, question.text)
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
    words = frozenset(word.strip(".,?!") for word in text.upper().split()) & TERMS
    return words | frozenset(phrase for phrase in PHRASES if phrase in text.upper() or "SPI(T)" in text.upper())

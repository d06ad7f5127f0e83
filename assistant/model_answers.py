"""A question answered with a language model: sure lookups without it, the rest by its calls and its checked prose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from assistant.answer import Answer, Listener, Question
from assistant.builtin import intent
from assistant.builtin.focus import Focus
from assistant.builtin.understanding import Understanding, understand
from assistant.builtin_answers import answer_by_builtin
from assistant.calling import day_of
from assistant.dressing import Dressing, in_place_of_model
from assistant.faults import PersonSpent, Resting
from assistant.models import LanguageModel
from assistant.prompts import Exchange, question_words
from assistant.speech import Speech
from assistant.toolbox import Toolbox, route
from storage.conversations import list_messages
from storage.engine import Store
from storage.vocabulary import Level
from tools.catalog import BUILT
from tools.names import NameIndex, plain

if TYPE_CHECKING:
    from assistant.middleware import Talk

SURE_OF_LOOKUP = 0.9  # the confidence from which a lookup is left to the built-in model
MOST_EARLIER = 3


@dataclass(frozen=True)
class Read:
    """A question as the built-in model reads it: what routes the tools, and what to fall back on."""

    index: NameIndex
    understanding: Understanding
    today: date
    earlier: Sequence[Exchange]

    @property
    def requests(self) -> tuple[Understanding, ...]:
        return self.understanding, *self.understanding.also

    @property
    def can_answer(self) -> bool:
        return all(each.instead is None and each.tool in BUILT for each in self.requests)

    @property
    def is_sure(self) -> bool:
        return self.can_answer and self.confidence >= SURE_OF_LOOKUP

    @property
    def confidence(self) -> float:
        return min(each.confidence for each in self.requests)

    @property
    def tools(self) -> list[str]:
        return [each.tool for each in self.requests if each.tool]


def answer_by_model(
    store: Store, question: Question, focus: dict[str, Any], listener: Listener, model: LanguageModel
) -> tuple[Answer, dict[str, Any]]:
    """The Answer, and what the thread is about afterwards. Where the model fails, the built-in one answers."""
    read = _read(store, question, focus)
    if model.settings.is_fast and read.is_sure:
        return answer_by_builtin(store, question, focus, listener, read.understanding)
    if model.breaker.is_open:
        return in_place_of_model(store, question, read.understanding, focus, listener, Resting())
    try:
        share = model.allowance.share(question.accountable_id, model.settings.answer_tokens)
    except PersonSpent as spent:
        return in_place_of_model(store, question, read.understanding, focus, listener, spent)
    asked = _with_choice(question.text, focus)
    talk = _talk(store, question, read, listener, model)
    try:
        talk.run(question_words(asked, today=read.today, asker=_name(read, question), earlier=read.earlier))
    finally:  # a surprise of ours does not give the tokens back
        share.tokens = talk.prompt_tokens + talk.completion_tokens
    return Dressing(store, question, read.index, read.understanding, focus, listener, talk, asked).dressed()


def _read(store: Store, question: Question, focus: dict[str, Any]) -> Read:
    with store.reading() as session:
        index, today = NameIndex.of(session), day_of(session, question)
        understanding = understand(
            question.text, session=session, reader=question.reader, index=index, today=today, focus=focus
        )
        return Read(index.seen_by(session, question.reader), understanding, today, _earlier(session, question))


def _talk(store: Store, question: Question, read: Read, listener: Listener, model: LanguageModel) -> Talk:
    """LangChain is loaded here, and nowhere before."""
    listener.status("Asking the language model")
    from assistant.grounding import Names
    from assistant.middleware import Talk

    def is_stopped() -> bool:
        return listener.stopped

    until = monotonic() + model.settings.answer_seconds
    offered = route(read.tools, read.confidence, lambda: intent.load().probabilities(question.text.lower()))
    toolbox = Toolbox(
        store, question, read.index, read.today, read.understanding.as_of, offered, until, is_stopped, listener.status
    )
    return Talk(model, toolbox, Speech(listener), Names.of(read.index), read.can_answer, until, listener)


def _earlier(session: Session, question: Question) -> list[Exchange]:
    """The last questions of the thread with what they led to; never their figures, which may be old."""
    if question.thread is None or question.reader.person_id is None:
        return []
    messages = list_messages(session, question.reader, question.thread, limit=2 * MOST_EARLIER)
    return [
        Exchange(
            first.text,
            [(call["name"], call["arguments"]) for call in second.answer.get("tools", ())],
            _asked(second.answer),
        )
        for first, second in pairwise(messages)
        if (first.role, second.role) == ("question", "answer")
    ]


def _asked(answer: dict[str, Any]) -> str:
    return str((answer.get("clarify") or {}).get("question", ""))


def _with_choice(text: str, focus: dict[str, Any]) -> str:
    """The question that a choice answers, with the choice; else the text itself."""
    kept = Focus.of(focus)
    choice = kept.choice(plain(text))
    asked = " ".join(each.text for each in kept.waiting)
    return f"{asked}\n(I mean the {choice.kind} {choice.label}.)" if choice else text


def _name(read: Read, question: Question) -> str:
    row = read.index.row(Level.PERSON, question.reader.person_id)
    return row.label if row else ""

"""The Answer a language model's talk makes: its checked prose, the server's own words, or its facts narrated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Listener, Question, ToolCall
from assistant.builtin.focus import Focus
from assistant.builtin.suggesting import suggest
from assistant.builtin.understanding import Understanding
from assistant.builtin_answers import answer_by_builtin, cite, dress, listed
from assistant.faults import EmptyReply, ModelFault, ProseUngrounded
from assistant.grounding import Ground, unsupported
from assistant.narration import narrate
from storage.engine import Store
from storage.vocabulary import Level
from tools.facts import Clarification, Fact, Refusal
from tools.names import NameIndex
from tools.resolve import Match, matched

if TYPE_CHECKING:
    from assistant.middleware import Talk

CUT = "_The language model went on for longer than an answer is; the rest is left out._"
STOPPED = "_Stopped before the end._"
LONGEST_BARE = 400  # characters of prose without a fact that may pass
MOST_NARRATED = 3

Dressed = tuple[Answer, dict[str, Any]]


def in_place_of_model(
    store: Store,
    question: Question,
    understanding: Understanding,
    focus: dict[str, Any],
    listener: Listener,
    fault: ModelFault,
) -> Dressed:
    """The built-in model's answer, which says in its last line that the language model gave none."""
    answer, after = answer_by_builtin(store, question, focus, listener, understanding)
    answer.degraded = True
    answer.text = f"{answer.text}\n{_apology(fault)}"
    return answer, after


class Dressing:
    """One talk that has ended, and what can be made of it."""

    def __init__(
        self,
        store: Store,
        question: Question,
        index: NameIndex,
        understanding: Understanding,
        focus: dict[str, Any],
        listener: Listener,
        talk: Talk,
        asked: str,
    ) -> None:
        self.store, self.question, self.index, self.understanding = store, question, index, understanding
        self.focus, self.listener, self.talk, self.asked = focus, listener, talk, asked
        self.box, self.facts = talk.toolbox, talk.toolbox.facts

    def dressed(self) -> Dressed:
        """The Answer with what it cost, and what the thread is about afterwards."""
        answer, focus = self._made()
        answer.tools = answer.tools or self.box.calls
        answer.model_calls = len(self.talk.requests)
        answer.prompt_tokens, answer.completion_tokens = self.talk.prompt_tokens, self.talk.completion_tokens
        return answer, focus

    def _made(self) -> Dressed:
        if self.talk.is_stopped_early:
            return self._stopped(), self._after()
        if self.box.ended_by is not None:
            return self._ended(self.box.ended_by)
        return self._with_facts() if self.facts else self._without_facts()

    def _with_facts(self) -> Dressed:
        fault = self.talk.fault or (None if self.talk.speech.told else EmptyReply())
        return (self._spoken() if fault is None else self._narrated(fault)), self._after()

    def _without_facts(self) -> Dressed:
        if self.box.declined is not None:
            return self._ended(self.box.declined)
        if self.talk.fault is None and (bare := self._bare()):
            return bare, self._after()
        fault = self.talk.fault or ProseUngrounded()
        return in_place_of_model(self.store, self.question, self.understanding, self.focus, self.listener, fault)

    def _spoken(self) -> Answer:
        """The model's prose, and a last line of the server's: which day, and what was left out."""
        told = self.talk.speech.text
        cut = [CUT] if self.talk.speech.is_cut else []
        answer = self._on_facts("\n".join([told, *cut, *self._feet()]))
        answer.grounded_figures = self.talk.speech.figures
        return answer

    def _narrated(self, fault: ModelFault) -> Answer:
        """What was told so far, the facts in plain words, and why."""
        told = self.talk.speech.text
        plain = list(dict.fromkeys(map(self._narration, self.facts)))[-MOST_NARRATED:]
        answer = self._on_facts("\n".join([*([told] if told else []), *plain, _apology(fault)]))
        answer.degraded = True
        answer.grounded_figures = sum(1 for fact in self.facts for _ in fact.figures())
        return answer

    def _stopped(self) -> Answer:
        told = self.talk.speech.text
        answer = self._on_facts("\n".join([*([told] if told else []), STOPPED]))
        answer.outcome, answer.stopped = "answered" if told else "declined", True
        answer.grounded_figures = self.talk.speech.figures
        return answer

    def _ended(self, result: Clarification | Refusal) -> Dressed:
        """The server's own question or refusal; what was found before it is told first."""
        answer = dress(result, self.understanding, self.question, "")
        answer.understood, answer.suggestions, answer.model = "", [], self.talk.model.name
        found = self._on_facts("") if self.facts else None
        if found is not None:
            answer.facts, answer.citations = found.facts, found.citations
            told = [self.talk.speech.text] if self.talk.speech.told else []
            plain = list(dict.fromkeys(map(self._narration, self.facts)))[-MOST_NARRATED:]
            answer.text = "\n".join([*told, *plain, answer.text])
        if isinstance(result, Clarification) and result.options:
            return answer, Focus.of(self.focus).asking_back(self.asked, result).kept()
        return answer, self._after()

    def _bare(self) -> Answer | None:
        """Prose that no fact stands behind: a short refusal or question may pass, a statement may not."""
        ground = Ground.of((), self.question.text, self.talk.names)
        checked = ground.check(self.talk.bare.strip())
        if checked.problems or checked.figures or not 0 < len(checked.text) <= LONGEST_BARE:
            return None
        asks, declines = checked.text.rstrip("*_ ").endswith("?"), bool(_DECLINES.search(checked.text))
        if not asks and not declines:
            return None
        answer = Answer(outcome="asked_back" if asks else "declined", text=checked.text, model=self.talk.model.name)
        answer.question_back = checked.text if asks else None
        answer.as_of = self.question.as_of or self.question.today
        return answer

    def _on_facts(self, text: str) -> Answer:
        """An answer over all facts that were found."""
        same = self._is_as_understood
        answer = Answer(outcome="answered", text=text, facts=list(self.facts), model=self.talk.model.name)
        answer.citations = list({source.id: cite(source) for fact in self.facts for source in fact.sources}.values())
        answer.understood = self.understanding.understood if same else " ".join(map(_echo, self.box.calls))
        answer.suggestions = suggest(self.facts[-1], self.question.text) if self.facts else []
        answer.as_of = self.facts[-1].as_of if self.facts else self.question.as_of or self.question.today
        answer.unsupported_figures = len(unsupported(text, self.facts, self.question.text))
        return answer

    def _narration(self, fact: Fact) -> str:
        return narrate(fact, today=self.question.today).text

    def _feet(self) -> list[str]:
        """The last lines of the facts' narrations, each once."""
        lines = [self._narration(fact).splitlines()[-1] for fact in self.facts]
        return list(dict.fromkeys(line for line in lines if line.startswith("_")))

    @property
    def _is_as_understood(self) -> bool:
        """Whether the model called what the built-in one would have called."""
        called = [(call.name, call.arguments) for call in self.box.calls]
        return called == [(self.understanding.tool, self.understanding.arguments)]

    def _after(self) -> dict[str, Any]:
        """The thread is about the row of the last call, and about the rows that were listed."""
        if not self.box.calls:
            return Focus.of(self.focus).settled().kept()
        as_understood = Focus.of(self.understanding.focus)
        focus = as_understood if self._is_as_understood else Focus.of(self.focus).asked(self.asked, self._subject())
        for fact in self.facts:
            focus = focus.listing(*listed(fact))
        return focus.kept()

    def _subject(self) -> Match | None:
        arguments = self.box.calls[-1].arguments
        for label, levels in _SUBJECTS:
            key = arguments.get(label)
            rows = (self.index.by_key(level, key) for level in levels) if isinstance(key, str) else ()
            if row := next((row for row in rows if row), None):
                return matched(row)
        fact = self.facts[-1] if self.facts else None
        task = next((source for source in fact.sources if source.kind == "task"), None) if fact else None
        if task is not None and arguments.get("task"):
            return Match(Level.TASK, 0, task.id.partition(":")[2], task.label)
        return None


_SUBJECTS = (("project", (Level.PROJECT,)), ("scope", (Level.PROJECT, Level.PROGRAM, Level.PORTFOLIO)))
_DECLINES = re.compile(
    r"\b(?:can(?:no|['’])?t|can ?not|unable|not able|do(?:es)? not|don['’]t|won['’]t|outside|sorry|only help)\b",
    re.IGNORECASE,
)


def _apology(fault: ModelFault) -> str:
    return f"_{fault} This is the built-in model's answer._"


def _echo(call: ToolCall) -> str:
    """What was looked up, in the server's words."""
    said = ", ".join(str(value) for value in call.arguments.values())
    return f"{call.name.replace('_', ' ').capitalize()}{': ' if said else ''}{said}."

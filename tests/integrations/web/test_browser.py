"""The page in a real browser: a conversation with all that belongs to it, by mouse, by keyboard, on a small screen."""

import re
from threading import Timer

import pytest

from assistant.answer import Answer, Citation
from integrations.app import Application
from storage.people import add_person
from tests.fakes import FixedAssistant, SlowAssistant
from tests.integrations.conftest import MakeClient, Servers, with_assistant
from tests.integrations.web.signing_in import free_port, with_provider
from tests.oidc_provider import Provider

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect

from tests.integrations.web.browser import ask, ask_as

expect.set_options(timeout=15_000)

HOSTILE = "<img src=x onerror=\"document.title='owned'\"> **[x](javascript:alert(1))**"
GREEN = FixedAssistant(Answer(outcome="answered", text="Green."))


def address(client: MakeClient, application: Application) -> str:
    return str(client(application).base_url)


def test_a_conversation(sample: Application, client: MakeClient, page: Page) -> None:
    page.goto(address(client, sample))
    ask_as(page, "sam.okafor@quillmere.example")
    page.locator(".examples button").first.click()
    expect(page.locator(".answer.answered")).to_be_visible()
    expect(page.locator("#welcome")).to_have_count(0)

    ask(page, "how is the portal")
    expect(page.locator(".outcome")).to_have_text("One question back")
    page.locator(".options button", has_text="Harbour portal").click()
    expect(page.locator(".exchange:not(.pending)")).to_have_count(3)
    expect(page.locator(".said").last).to_contain_text("Harbour portal")

    ask(page, "which of its tasks are late?")
    last = page.locator(".exchange").last
    expect(last.locator("table")).to_be_visible()
    last.locator(".sources a").first.click()
    expect(page.locator("#panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).not_to_be_visible()
    expect(last.locator(".sources a").first).to_be_focused()

    last.get_by_label("This did not help").click()
    last.get_by_label("A figure is wrong").check()
    last.get_by_label("In your own words").fill("Two of them are done.")
    last.get_by_role("button", name="Send").click()
    expect(last.locator(".thanks")).to_be_visible()
    expect(last.get_by_label("This did not help")).to_be_focused()

    said = page.locator(".said").all_inner_texts()
    page.reload()
    assert page.locator(".said").all_inner_texts() == said
    expect(page.locator("[aria-pressed=true][value=down]")).to_have_count(1)
    page.fill("#search", "HARBOUR late")
    expect(page.locator(".side .entry mark").first).to_be_visible()
    page.locator(".side .entry").first.click()
    expect(page.locator(".exchange")).to_have_count(4)


def test_the_words_are_seen_as_they_come(own: Application, client: MakeClient, page: Page) -> None:
    assistant = SlowAssistant("**Tern Gateway is amber.**\n", "Two tasks are late.")
    page.goto(address(client, with_assistant(own, assistant)))
    page.fill("#question", "how is tern?")
    page.keyboard.press("Enter")
    pending = page.locator(".pending")

    expect(pending.locator(".asked")).to_have_text("how is tern?")
    expect(pending.locator(".status")).to_have_text("Looking at Tern Gateway")
    assistant.go_on()
    expect(pending.locator(".said strong")).to_have_text("Tern Gateway is amber.")
    expect(page.locator("#announcement")).to_be_empty()
    assistant.go_on()
    expect(page.locator(".exchange:not(.pending) .said")).to_contain_text("Two tasks are late.")
    expect(page.locator("#announcement")).to_contain_text("Two tasks are late.")
    expect(page.locator("#send")).to_be_visible()


def test_the_next_question_need_not_wait_for_a_connection_to_end(
    own: Application, client: MakeClient, page: Page
) -> None:
    page.add_init_script(
        """const send = window.fetch;
        window.fetch = async (...request) => {
            const reply = await send(...request);
            const open = new TransformStream();
            reply.body.pipeTo(open.writable, { preventClose: true });
            return new Response(open.readable, reply);
        };"""
    )
    page.goto(address(client, with_assistant(own, GREEN)))
    ask(page, "how is tern?")
    ask(page, "and alder?")

    expect(page.locator(".answer.answered")).to_have_count(2)


@pytest.mark.parametrize("how", ["button", "Escape"])
def test_a_stop_keeps_what_was_said(own: Application, client: MakeClient, page: Page, how: str) -> None:
    assistant = SlowAssistant("One thing. ", "Another.")
    page.goto(address(client, with_assistant(own, assistant)))
    page.fill("#question", "how is tern?")
    page.keyboard.press("Enter")
    assistant.go_on()
    expect(page.locator(".said")).to_have_text("One thing.")
    page.locator("#stop").click() if how == "button" else page.keyboard.press(how)

    expect(page.locator(".answer.stopped")).to_contain_text("One thing.")
    expect(page.locator(".answer.stopped .status")).to_have_text("Stopped.")
    assert assistant.was_stopped.wait(5)
    expect(page.locator("#question")).to_be_focused()


def test_the_first_sign_of_an_answer_is_seen_at_once(own: Application, client: MakeClient, page: Page) -> None:
    page.goto(address(client, with_assistant(own, SlowAssistant("Never."))))

    # The best of three: what counts is the page, not what else this machine does.
    assert min(_milliseconds_to_feedback(page) for _ in range(3)) <= 100


def _milliseconds_to_feedback(page: Page) -> float:
    """From the press of Enter until a status line was drawn."""
    page.fill("#question", "how is tern?")
    page.evaluate(
        """() => {
            const pressed = new Promise((done) => addEventListener("keydown", (event) => done(event.timeStamp), true));
            const drawn = (done) => requestAnimationFrame(() => requestAnimationFrame(done));
            const shown = new Promise((done) => new MutationObserver(() => {
                if (document.querySelector(".pending .status")) drawn(done);
            }).observe(document.body, { childList: true, subtree: true }));
            window.feedback = Promise.all([pressed, shown]).then(([start]) => performance.now() - start);
        }"""
    )
    page.keyboard.press("Enter")
    passed = float(page.evaluate("window.feedback"))
    page.keyboard.press("Escape")
    expect(page.locator(".pending")).to_have_count(0)
    return passed


def test_a_server_that_dies_meanwhile_is_told_in_a_sentence(own: Application, page: Page) -> None:
    assistant = SlowAssistant("One thing. ", "Another.")
    with Servers() as servers:
        page.goto(address(servers.client, with_assistant(own, assistant)))
        page.fill("#question", "how is tern?")
        page.keyboard.press("Enter")
        assistant.go_on()
        expect(page.locator(".said")).to_have_text("One thing.")
        servers.kill()

    expect(page.locator(".answer.failed")).to_contain_text("The connection broke")
    expect(page.locator(".answer.failed .said")).to_have_text("One thing.")
    expect(page.locator("#question")).to_have_value("how is tern?")
    page.keyboard.press("Enter")
    expect(page.locator(".answer.failed").last).to_contain_text("The server did not answer")


def test_two_tabs_talk_at_once(own: Application, client: MakeClient, page: Page) -> None:
    assistant = SlowAssistant("Done.")
    web = address(client, with_assistant(own, assistant))
    tabs = [page, page.context.new_page()]
    for number, tab in enumerate(tabs):
        tab.goto(web)
        tab.fill("#question", f"question {number}")
        tab.keyboard.press("Enter")
        expect(tab.locator(".status")).to_have_text("Looking at Tern Gateway")
    assistant.go_on(2)

    for tab in tabs:
        expect(tab.locator(".exchange:not(.pending) .said")).to_have_text("Done.")
    assert tabs[0].url != tabs[1].url


def test_the_keyboard_is_enough(own: Application, client: MakeClient, page: Page) -> None:
    web = address(client, with_assistant(own, GREEN))
    page.goto(web)
    question = page.locator("#question")
    page.locator("#main").focus()
    page.keyboard.press("/")
    expect(question).to_be_focused()
    page.keyboard.type("how is")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("it?")
    expect(question).to_have_value("how is\nit?")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_have_text("Green.")
    expect(question).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(question).to_have_value("how is it?")

    page.goto(f"{web}/history")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_long_table_is_sorted_by_the_keyboard(sample: Application, client: MakeClient, page: Page) -> None:
    page.goto(address(client, sample))
    ask(page, "which tasks of GATE are done?")
    rows = page.locator("tbody th")
    as_they_came = rows.all_inner_texts()
    in_order = sorted(as_they_came, key=str.casefold)
    head = page.locator("thead th").first
    assert len(as_they_came) > 5
    page.get_by_role("button", name="Name").focus()
    for direction, first in [("ascending", in_order[0]), ("descending", in_order[-1])]:
        page.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", direction)
        assert rows.first.inner_text() == first
    page.keyboard.press("Enter")

    assert head.get_attribute("aria-sort") is None
    assert rows.all_inner_texts() == as_they_came


def test_without_a_script_the_forms_do_the_same(sample: Application, client: MakeClient, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(client, sample))
    page.fill("#question", "which tasks of GATE are late?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url("**/?thread=*#m2")
    page.get_by_label("This did not help").click()
    page.get_by_label("Not what I asked").check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[aria-pressed=true][value=down]")).to_have_count(1)
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.fill("#search", "GATE late")
    page.get_by_role("button", name="Search").click()
    page.locator(".entry").first.click()
    page.locator(".sources a").first.click()
    expect(page.locator("h1")).not_to_be_empty()
    context.close()


@pytest.mark.parametrize("with_script", [True, False])
def test_signing_in_with_the_organisations_account(
    own: Application, client: MakeClient, chromium: Browser, with_script: bool
) -> None:
    add_person(own.store, "Mia Member", "mia@own.example")
    context = chromium.new_context(java_script_enabled=with_script)
    page = context.new_page()
    with Provider(host="localhost") as provider:  # to a browser another site than 127.0.0.1
        provider.shows_page = True
        port = free_port()
        page.goto(str(client(with_provider(own, provider, port), port=port).base_url))
        expect(page).to_have_url(re.compile("/login$"))
        page.get_by_role("link", name="Sign in with your organisation's account").click()
        page.get_by_role("link", name="Go on").click()
        expect(page).to_have_url(f"http://127.0.0.1:{port}/")
    expect(page.locator(".who")).to_contain_text("Mia Member")
    page.fill("#question", "how is tern?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".exchange:not(.pending) .answer")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/login$"))
    page.goto(f"http://127.0.0.1:{port}/")
    expect(page).to_have_url(re.compile("/login$"))
    context.close()


def test_the_theme_is_chosen_and_kept_without_a_flash(own: Application, client: MakeClient, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(address(client, own))
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    with page.expect_response("**/theme"):
        page.get_by_role("button", name="Dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()

    assert light != dark
    assert '<html lang="en" data-theme="dark">' in page.request.get(page.url).text()  # before any script runs
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_hostile_names_do_nothing(own: Application, client: MakeClient, page: Page) -> None:
    citation = Citation(id="task:X", kind="task", label=HOSTILE, url="/record/task/X")
    answer = Answer(outcome="answered", text=HOSTILE, understood=HOSTILE, citations=[citation], suggestions=[HOSTILE])
    page.goto(address(client, with_assistant(own, FixedAssistant(answer))))
    ask(page, HOSTILE)
    page.locator(".sources a").click()
    expect(page.locator("#panel .problem")).to_contain_text("no such record")

    assert page.title() == "Pilothouse"
    assert page.locator(".exchange img, .exchange script, a[href^=javascript]").count() == 0
    expect(page.locator(".asked")).to_contain_text("<img src=x")


def test_a_source_leads_to_others_and_back(sample: Application, client: MakeClient, page: Page) -> None:
    page.goto(address(client, sample))
    ask(page, "which tasks of GATE are late?")
    page.locator(".sources a", has_text="GATE-31").click()
    heading = page.locator("#panel h2")
    expect(heading).to_be_visible()
    task = heading.inner_text()
    page.locator("#panel .trail a").first.click()
    expect(heading).to_have_text("Tern Gateway")
    page.get_by_role("button", name="Back").click()
    expect(heading).to_have_text(task)
    page.locator("#panel .ask-link").click()
    expect(page.locator(".exchange")).to_have_count(2)
    page.get_by_role("link", name="Open the full page").click()
    expect(page).to_have_url(re.compile("/record/task/GATE-31$"))


def test_leaving_in_the_middle_stops_the_assistant(own: Application, client: MakeClient, page: Page) -> None:
    assistant = SlowAssistant("One thing. ", "Another.")
    page.goto(address(client, with_assistant(own, assistant)))
    page.fill("#question", "how is tern?")
    page.keyboard.press("Enter")
    expect(page.locator(".status")).to_have_text("Looking at Tern Gateway")
    Timer(0.1, assistant.go_on).start()
    page.goto("about:blank")

    assert assistant.was_stopped.wait(5)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_small_screen_never_scrolls_sideways(
    sample: Application, client: MakeClient, page: Page, scheme: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    web = address(client, sample)
    page.goto(web)
    assert _overflow(page) == 0
    ask(page, "whats red or late across everything")
    assert _overflow(page) == 0
    page.locator(".sources a").first.click()
    expect(page.locator("#panel h2")).to_be_focused()
    assert _overflow(page) == 0
    page.get_by_role("button", name="Close the source").click()
    page.get_by_role("link", name="Conversations").click()
    expect(page.locator("#search")).to_be_focused()
    assert _overflow(page) == 0
    for path in ("history", "record/portfolio/DELIVERY", "record/project/GATE", "record/person/lena.brandt"):
        page.goto(f"{web}/{path}")
        assert _overflow(page) == 0


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

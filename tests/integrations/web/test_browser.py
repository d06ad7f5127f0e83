"""The page in a real browser: asked, read, opened, by mouse, by keyboard, on a small screen, and with hostile names."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from assistant.answer import Answer, Citation
from integrations.app import Application
from tests.fakes import FixedAssistant
from tests.integrations.conftest import MakeClient, with_assistant

browser_module = pytest.importorskip("tests.integrations.web.browser", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect  # noqa: E402

from tests.integrations.web.browser import ask, find_browser, open_browser  # noqa: E402

pytestmark = pytest.mark.skipif(find_browser() is None, reason="no Chromium is installed: .ci/find-browser says how")

HOSTILE = "<img src=x onerror=\"document.title='owned'\"> **[x](javascript:alert(1))**"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that fails its test when it reaches for another host, or when its script fails."""
    context = chromium.new_context(viewport={"width": 1200, "height": 850})
    context.set_default_timeout(15_000)
    page, strays, errors = context.new_page(), [], []
    page.on("request", lambda request: strays.append(request.url) if _is_stray(request.url) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert strays == []
    assert errors == []


def _is_stray(url: str) -> bool:
    return urlsplit(url).hostname != "127.0.0.1" and not url.startswith("data:")


def test_a_question_gets_its_answer_table_and_sources_and_a_source_opens(
    sample: Application, client: MakeClient, page: Page
) -> None:
    page.goto(str(client(sample).base_url))
    page.locator("summary", has_text="As of another day").click()
    page.fill("#as-of", "2026-03-02")
    ask(page, "which tasks of GATE are late?")

    expect(page.locator(".answer table")).to_be_visible()
    expect(page.locator(".model")).to_have_text("Built-in model")
    assert page.locator(".answer thead th").count() >= 2
    page.locator(".sources a").first.click()
    expect(page).to_have_url(re.compile("/record/"))
    expect(page.locator("h1")).not_to_be_empty()


def test_the_conversation_is_still_there_after_a_reload(sample: Application, client: MakeClient, page: Page) -> None:
    page.goto(str(client(sample).base_url))
    ask(page, "where is the field app?")
    said = page.locator(".said").inner_text()
    page.reload()

    assert page.locator(".said").inner_text() == said


def test_an_example_question_is_one_click_away(sample: Application, client: MakeClient, page: Page) -> None:
    page.goto(str(client(sample).base_url))
    page.locator(".examples button").first.click()

    expect(page.locator(".answer.answered")).to_be_visible()
    expect(page.locator("#welcome")).to_have_count(0)


def test_the_keyboard_is_enough(own: Application, client: MakeClient, page: Page) -> None:
    page.goto(str(client(with_assistant(own, FixedAssistant(Answer(outcome="answered", text="Green.")))).base_url))
    page.locator("#main").focus()
    page.keyboard.press("/")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type("how is it?")
    page.keyboard.press("Enter")

    expect(page.locator(".said")).to_have_text("Green.")
    expect(page.locator("#announcement")).to_have_text("Green.")
    expect(page.locator("#question")).to_have_value("")


def test_without_a_script_the_form_does_the_same(own: Application, client: MakeClient, chromium: Browser) -> None:
    assistant = FixedAssistant(Answer(outcome="answered", text="Green."))
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(str(client(with_assistant(own, assistant)).base_url))
    page.fill("#question", "how is it?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?thread=*")
    context.close()

    assert [question.text for question in assistant.questions] == ["how is it?"]


def test_hostile_names_do_nothing(own: Application, client: MakeClient, page: Page) -> None:
    citation = Citation(id="task:X", kind="task", label=HOSTILE, url="/record/task/X")
    answer = Answer(outcome="answered", text=HOSTILE, understood=HOSTILE, citations=[citation], suggestions=[HOSTILE])
    page.goto(str(client(with_assistant(own, FixedAssistant(answer))).base_url))
    ask(page, HOSTILE)

    assert page.title() == "Pilothouse"
    assert page.locator(".exchange img, .exchange script, .exchange a[href^=javascript]").count() == 0
    expect(page.locator(".asked")).to_contain_text("<img src=x")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_small_screen_never_scrolls_sideways(
    sample: Application, client: MakeClient, page: Page, scheme: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    web = str(client(sample).base_url)
    page.goto(web)
    assert _overflow(page) == 0
    ask(page, "whats red or late across everything")
    assert _overflow(page) == 0
    for record in ("portfolio/DELIVERY", "project/GATE", "task/GATE-31", "person/lena.brandt"):
        page.goto(f"{web}/record/{record}")
        assert _overflow(page) == 0


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_every_control_has_a_name(sample: Application, client: MakeClient, page: Page) -> None:
    page.goto(str(client(sample).base_url))
    ask(page, "where is the field app?")
    nameless = page.evaluate(
        """[...document.querySelectorAll('input:not([type=hidden]), select, button, a')]
            .filter(e => !e.innerText.trim() && !e.labels?.length && !e.getAttribute('aria-label'))
            .map(e => e.outerHTML)"""
    )

    assert nameless == []
    assert page.locator("main").count() == page.locator("header.top").count() == 1

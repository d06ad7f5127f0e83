"""No finding of axe (WCAG 2.2 AA and its best practices): every state of the page, both themes, wide and narrow."""

import pytest

from assistant.answer import Answer
from integrations.app import Application
from storage.api_keys import make_key
from tests.fakes import BrokenAssistant, FixedAssistant
from tests.integrations.conftest import MakeClient, with_assistant
from tests.integrations.web.signing_in import free_port, with_provider
from tests.oidc_provider import Misconduct, Provider
from tools.facts import Option

pytest.importorskip("playwright", reason="playwright is not installed")
axe_module = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
from playwright.sync_api import Page, expect  # noqa: E402

from tests.integrations.web.browser import ask  # noqa: E402

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
WIDE, NARROW = {"width": 1280, "height": 850}, {"width": 360, "height": 740}


def findings(page: Page) -> list[str]:
    """What axe finds in both themes."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for violation in axe_module.Axe().run(page, options=OPTIONS).response["violations"]:
            nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            found.append(f"{scheme}: {violation['id']}: {nodes}")
    return found


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def sized(request: pytest.FixtureRequest, page: Page) -> Page:
    page.set_viewport_size(request.param)
    return page


def test_a_conversation_with_a_table_a_source_and_the_list(
    sample: Application, client: MakeClient, sized: Page
) -> None:
    sized.goto(str(client(sample).base_url))
    assert findings(sized) == []
    ask(sized, "which tasks of GATE are done?")
    sized.get_by_label("This did not help").click()
    expect(sized.locator(".why")).to_be_visible()
    sized.locator(".foot summary", has_text="How I understood").click()
    assert findings(sized) == []
    sized.locator(".sources a").first.click()
    expect(sized.locator("#panel h2")).to_be_focused()
    assert findings(sized) == []
    sized.keyboard.press("Escape")
    if sized.viewport_size == NARROW:
        sized.get_by_role("link", name="Conversations").click()
        assert findings(sized) == []


def test_a_question_back(own: Application, client: MakeClient, sized: Page) -> None:
    options = [Option("GATE", "Tern Gateway", "project"), Option("HUBG", "Hub Gateway", "project")]
    asked = Answer(outcome="asked_back", text="Which?", question_back="Which one?", options=options, suggestions=["a?"])
    sized.goto(str(client(with_assistant(own, FixedAssistant(asked))).base_url))
    ask(sized, "gateway?")

    assert findings(sized) == []


def test_an_error(own: Application, client: MakeClient, sized: Page) -> None:
    sized.goto(str(client(with_assistant(own, BrokenAssistant())).base_url))
    ask(sized, "x")

    assert findings(sized) == []


@pytest.mark.parametrize(
    "path",
    [
        "record/project/GATE",
        "project/GATE?as_of=2026-03-02",
        "history?q=nothing+of+that",
        "nowhere",
        "proposals",
        "admin",
        "admin/person/lena.brandt",
    ],
)
def test_the_other_pages(sample: Application, client: MakeClient, sized: Page, path: str) -> None:
    sized.goto(f"{client(sample).base_url}/{path}")

    assert findings(sized) == []


def test_signing_in(own: Application, client: MakeClient, sized: Page) -> None:
    make_key(own.store, own.owner().id, "test")
    sized.goto(f"{client(own).base_url}/login")
    sized.fill("#key", "ph_wrong")
    sized.keyboard.press("Enter")
    expect(sized.get_by_role("alert")).to_be_visible()

    assert findings(sized) == []


def test_signing_in_with_an_account(own: Application, client: MakeClient, sized: Page) -> None:
    with Provider() as provider:
        provider.misconduct = Misconduct(error="access_denied")
        port = free_port()
        sized.goto(f"{client(with_provider(own, provider, port), port=port).base_url}/login")
        sized.get_by_role("link", name="Sign in with your organisation's account").click()
        expect(sized.get_by_role("alert")).to_be_visible()

    assert findings(sized) == []

"""The walks of a change in a real browser: asked for, shown on a card, confirmed, undone; and one that takes two."""

import pytest

from integrations.app import Application
from tests.integrations.conftest import MONDAY, MakeClient

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Page, expect

from tests.integrations.web.browser import ask, ask_as
from tests.integrations.web.test_accessibility import NARROW, findings
from tests.integrations.web.test_deciding import finish_of

LENA = "lena.brandt@quillmere.example"
FIONA = "fiona.daly@quillmere.example"


@pytest.fixture
def address(own_sample: Application, client: MakeClient) -> str:
    return str(client(own_sample).base_url)


def as_of_monday(page: Page, address: str, who: str) -> None:
    page.goto(address)
    ask_as(page, who)
    page.goto(f"{address}/?as_of={MONDAY}")


def test_a_move_is_confirmed_in_one_tap_and_undone_in_one(page: Page, address: str, own_sample: Application) -> None:
    as_of_monday(page, address, LENA)
    ask(page, "push UAT to the 14th")
    card = page.locator("[data-proposal]")
    expect(card).to_contain_text("Tue 14 Apr")
    expect(card).to_contain_text("It is yours to confirm.")

    card.get_by_role("button", name="Confirm").click()
    expect(page.locator(".proposal.applied .outcome-said")).to_be_focused()
    assert finish_of(own_sample, "CRM-27").startswith("2026-04-23")

    card.get_by_role("button", name="Undo").click()
    expect(page.locator(".proposal.undone")).to_contain_text("All is as it was before.")
    assert finish_of(own_sample, "CRM-27").startswith("2026-03-26")


def test_a_budget_waits_for_a_second_person(page: Page, address: str) -> None:
    as_of_monday(page, address, LENA)
    ask(page, "set the budget of crm to 300k")
    card = page.locator("[data-proposal]")
    card.get_by_role("button", name="Confirm").click()
    expect(card.locator(".outcome-said")).to_contain_text("says yes, too")

    as_of_monday(page, address, FIONA)
    page.goto(f"{address}/proposals")
    page.locator("tbody a").first.click()
    expect(card).to_contain_text("Lena Brandt said yes.")
    card.get_by_role("button", name="Confirm").click()
    expect(page.locator(".proposal.applied")).to_contain_text("Applied by Lena Brandt and Fiona Daly.")


def test_a_part_of_it_gets_its_own_card(page: Page, address: str, own_sample: Application) -> None:
    as_of_monday(page, address, LENA)
    ask(page, "push CRM-27 by a week")
    card = page.locator("[data-proposal]")
    card.get_by_role("checkbox").first.check()
    card.get_by_role("button", name="Only the chosen ones").click()
    expect(card.locator("tbody tr")).to_have_count(1)

    card.get_by_role("button", name="Confirm").click()
    expect(page.locator(".proposal.applied")).to_be_visible()
    assert finish_of(own_sample, "CRM-28").startswith("2026-03-27")


def test_without_a_script_it_works_as_pages(chromium, address: str, own_sample: Application) -> None:  # type: ignore[no-untyped-def]
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.select_option("#person", LENA)
    page.locator("form[action='/as'] button").click()
    page.goto(f"{address}/?as_of={MONDAY}")
    page.fill("#question", "push CRM-27 by a week")
    page.locator("#send").click()
    page.locator("[data-card] a").click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".proposal.applied")).to_be_visible()
    context.close()


@pytest.mark.parametrize("size", [None, NARROW], ids=["wide", "narrow"])
def test_a_card_has_no_findings_and_fits(page: Page, address: str, size: dict[str, int] | None) -> None:
    if size:
        page.set_viewport_size(size)  # type: ignore[arg-type]
    as_of_monday(page, address, LENA)
    ask(page, "push CRM-27 by a week")
    expect(page.locator("[data-proposal]")).to_be_visible()
    assert findings(page) == []
    for path in ("proposals", page.locator("[data-proposal] header a").get_attribute("href") or ""):
        page.goto(f"{address}/{path.lstrip('/')}")
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0

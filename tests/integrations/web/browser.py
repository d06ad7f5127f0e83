"""A real browser for the page's tests, and README's picture of it (run as a module)."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_browser() -> str | None:
    """The path of an installed Chromium; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        yield browser
        browser.close()


def ask(page: Page, question: str) -> None:
    """Write a question, send it with the keyboard, and wait for its answer."""
    answers = page.locator(".exchange:not(.pending) .answer")
    before = answers.count()
    page.fill("#question", question)
    page.keyboard.press("Enter")
    answers.nth(before).wait_for()


def ask_as(page: Page, person: str) -> None:
    """Choose who asks, where anybody may be chosen."""
    with page.expect_navigation():
        page.select_option("#person", person)


def take_picture(address: str, person: str, question: str, path: Path) -> None:
    """The picture of README: a person's question to a running server, its answer, and a source beside it."""
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 840})
        page.goto(address)
        ask_as(page, person)
        ask(page, question)
        page.locator(".said a").first.click()
        page.locator("#panel .record").wait_for()
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.screenshot(path=path)


if __name__ == "__main__":
    take_picture(*sys.argv[1:4], Path(sys.argv[4]))

"""A page in a real browser that fails its test when it reaches for another host, or when its script fails."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    pytest.importorskip("playwright", reason="playwright is not installed")
    from tests.integrations.web.browser import find_browser, open_browser

    if find_browser() is None:
        pytest.skip("no Chromium is installed: .ci/find-browser says how")
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(chromium: "Browser") -> Iterator["Page"]:
    context = chromium.new_context(viewport={"width": 1280, "height": 850}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    strays: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: strays.append(request.url) if _is_stray(request.url) else None)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert strays == []
    assert errors == []


def _is_stray(url: str) -> bool:
    return urlsplit(url).hostname != "127.0.0.1" and not url.startswith("data:")

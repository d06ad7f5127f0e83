"""Answer text as HTML: emphasis and our own links, and nothing that acts."""

from html.parser import HTMLParser

import pytest

from integrations.rendering.markdown import render_html, source_links

LINKS = {"GATE-31": "/record/task/GATE-31"}


class Seen(HTMLParser):
    """The tags and attributes of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= set(attrs)


def test_a_verdict_is_bold_and_lines_stay_lines() -> None:
    assert render_html("**Amber.** Two late.\n_As of Monday._", {}) == (
        "<p><strong>Amber.</strong> Two late.<br>\n<em>As of Monday.</em></p>\n"
    )


def test_a_bracketed_source_of_the_answer_becomes_a_link() -> None:
    assert render_html("Late: [GATE-31], [GATE-99]", LINKS) == (
        '<p>Late: <a href="/record/task/GATE-31">GATE-31</a>, [GATE-99]</p>\n'
    )


def test_sources_are_linked_by_their_keys() -> None:
    citations = [{"id": "task:GATE-31", "kind": "task", "label": "certificates", "url": "/record/task/GATE-31"}]

    assert source_links(citations) == LINKS


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](https://evil.example)",
        "![pixel](https://evil.example/a.png)",
        "<https://evil.example>",
        "[ref]\n\n[ref]: https://evil.example",
        "https://evil.example",
        "[GATE-31](https://evil.example)",
        "**<svg onload=alert(1)>**",
        "```html\n<b onmouseover=alert(1)>\n```",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_text_that_would_act_or_point_elsewhere_is_inert(text: str) -> None:
    seen = Seen(render_html(text, LINKS))

    assert seen.tags <= {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
    assert seen.attributes <= {("href", "/record/task/GATE-31")}

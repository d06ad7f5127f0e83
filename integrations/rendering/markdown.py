"""Answer text as safe HTML: emphasis, lists and line breaks; links only to the answer's own sources."""

import re
from collections.abc import Mapping
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
NAMED = re.compile(r"\[([^\[\]]{1,120})\]")


def render_html(text: str, links: Mapping[str, str]) -> str:
    """`text` as HTML. A bracketed name that `links` knows ("GATE-31") becomes a link to its own page of ours."""
    html = parser().render(text, {"links": links})
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, link_rel=None, url_schemes=set())


def source_links(citations: list[dict[str, str]]) -> dict[str, str]:
    """The page of each source by its key."""
    return {citation["id"].partition(":")[2]: citation["url"] for citation in citations}


@cache
def parser() -> MarkdownIt:
    """Markdown without HTML, images or links: stored text cannot point anywhere."""
    markdown = MarkdownIt("zero", {"html": False, "breaks": True})
    markdown.enable(["emphasis", "escape", "list", "newline", "balance_pairs", "fragments_join", "text_join"])
    markdown.core.ruler.push("sources", _link_sources)
    return markdown


def _link_sources(state: StateCore) -> None:
    links = state.env.get("links", {})
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = [piece for token in block.children for piece in _linked(token, links)]


def _linked(token: Token, links: Mapping[str, str]) -> list[Token]:
    if token.type != "text":
        return [token]
    pieces, end = [], 0
    for match in NAMED.finditer(token.content):
        if match[1] in links:
            pieces += [_text(token.content[end : match.start()]), *_link(match[1], links[match[1]])]
            end = match.end()
    return [*pieces, _text(token.content[end:])]


def _link(label: str, url: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": url}), _text(label), Token("link_close", "a", -1)]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)

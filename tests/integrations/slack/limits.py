"""Slack's documented sizes, checked on a message or a view: from its documentation, apart from the product."""

import json
from collections.abc import Iterator
from typing import Any

Json = Any

LONGEST = {"section": 3_000, "header": 150, "button": 75, "option": 75, "label": 2_000, "title": 24, "modal button": 24}
TEXT, ALL_TEXT, VIEW_BYTES, METADATA, VALUE, OPTION_VALUE, URL = 3_900, 13_200, 250_000, 3_000, 2_000, 150, 3_000
BLOCKS_OF_MESSAGE, BLOCKS_OF_VIEW, ACTIONS, RADIOS, CONTEXT = 50, 100, 25, 10, 10
ROWS, COLUMNS = 101, 20  # with the header
COUNTED = {"text", "caption", "url", "value", "alt_text"}
KINDS = {"rich_text", "section", "header", "context", "actions", "context_actions", "data_table", "divider", "input"}
PARSED = set("&<>*_~`")


def check_message(text: str, blocks: list[Json]) -> None:
    """Raise where Slack would refuse or cut the message, or parse any of its fallback text."""
    assert text.strip() and len(text) <= TEXT, len(text)
    json.dumps([text, blocks], ensure_ascii=False).encode()  # no half a surrogate
    assert not PARSED & set(unescaped(text)), text
    check_blocks(blocks, BLOCKS_OF_MESSAGE)
    assert (size := sum(_counted(blocks))) <= ALL_TEXT, size


def check_view(view: Json) -> None:
    """Raise where Slack would refuse the form or the Home."""
    assert len(json.dumps(view).encode()) <= VIEW_BYTES
    assert len(view.get("private_metadata", "")) <= METADATA and len(view.get("callback_id", "")) <= 255
    check_blocks(view["blocks"], BLOCKS_OF_VIEW)
    if view["type"] == "modal":
        _plain(view["title"], "title")
        for part in ("submit", "close"):
            _plain(view.get(part, {"type": "plain_text", "text": "-"}), "modal button")
        assert "submit" in view or not any(block["type"] == "input" for block in view["blocks"])


def check_blocks(blocks: list[Json], most: int) -> None:
    assert 1 <= len(blocks) <= most, len(blocks)
    named = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(named) == len(set(named))
    for block in blocks:
        assert block["type"] in KINDS, block["type"]
        _check_block(block)


def words(blocks: list[Json]) -> str:
    """What a person reads of the blocks, a line for each part."""
    return "\n".join("".join(line) for block in blocks for line in _lines(block)).strip()


def links(blocks: list[Json]) -> list[tuple[str, str]]:
    """The label and address of each link."""
    return [(each["text"], each["url"]) for each in _parts(blocks) if each.get("type") == "link"]


def kinds(blocks: list[Json]) -> set[str]:
    """The types of all parts of the blocks, however deep."""
    return {each["type"] for each in _parts(blocks) if "type" in each}


def buttons(blocks: list[Json]) -> dict[str, Json]:
    """The buttons by action."""
    return {each["action_id"]: each for each in _parts(blocks) if each.get("type") == "button"}


def unescaped(text: str) -> str:
    """The text without what Slack's three escapes put in."""
    return text.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "")


def _check_block(block: Json) -> None:
    match block["type"]:
        case "rich_text":
            assert block["elements"]
            for part in block["elements"]:
                _check_rich(part)
        case "section":
            assert 1 <= len(block["text"]["text"]) <= LONGEST["section"]
        case "header":
            _plain(block["text"], "header")
        case "context":
            assert 1 <= len(block["elements"]) <= CONTEXT
        case "actions":
            ids = [each["action_id"] for each in block["elements"]]
            assert 1 <= len(ids) == len(set(ids)) <= ACTIONS, ids
            for each in block["elements"]:
                _check_element(each)
        case "context_actions":
            [element] = block["elements"]
            for side in ("positive_button", "negative_button"):
                _plain(element[side]["text"], "button")
                assert 1 <= len(element[side]["value"]) <= VALUE
        case "input":
            _plain(block["label"], "label")
            _check_element(block["element"])
        case "data_table":
            _check_table(block)


def _check_rich(part: Json) -> None:
    if part["type"] == "rich_text_list":
        assert part["style"] in ("bullet", "ordered") and part["elements"] and 0 <= part.get("indent", 0) <= 8
        for inner in part["elements"]:
            _check_rich(inner)
        return
    assert part["type"] == "rich_text_section" and part["elements"], part
    for run in part["elements"]:
        assert run["type"] in ("text", "link") and run["text"], run
        if run["type"] == "link":
            assert run["url"].startswith(("http://", "https://")) and len(run["url"]) <= URL


def _check_table(block: Json) -> None:
    rows = block["rows"]
    assert block["caption"].strip() and 2 <= len(rows) <= ROWS
    assert {len(row) for row in rows} == {len(rows[0])} and 1 <= len(rows[0]) <= COLUMNS
    assert all(cell["type"] == "raw_text" and cell["text"].strip() for row in rows for cell in row)
    assert 1 <= block.get("page_size", 5) <= 100


def _check_element(element: Json) -> None:
    assert 1 <= len(element["action_id"]) <= 255
    match element["type"]:
        case "button":
            _plain(element["text"], "button")
            assert 1 <= len(element["value"]) <= VALUE and element.get("style") in (None, "primary", "danger")
        case "radio_buttons" | "static_select":
            assert 1 <= len(element["options"]) <= (RADIOS if element["type"] == "radio_buttons" else 100)
            for option in element["options"]:
                _plain(option["text"], "option")
                assert 1 <= len(option["value"]) <= OPTION_VALUE
        case "plain_text_input":
            assert len(element.get("initial_value", "")) <= element.get("max_length", 3_000) <= 3_000
        case other:
            raise AssertionError(other)


def _plain(text: Json, what: str) -> None:
    assert text["type"] == "plain_text", what
    assert text["text"].strip() and len(text["text"]) <= LONGEST[what], (what, len(text["text"]))


def _parts(value: Json) -> Iterator[dict[str, Json]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(inner)


def _counted(value: Json) -> Iterator[int]:
    for part in _parts(value):
        yield from (len(inner) for label, inner in part.items() if label in COUNTED and isinstance(inner, str))


def _lines(block: Json) -> Iterator[list[str]]:
    for part in block.get("elements", []) if block["type"] == "rich_text" else []:
        for section in part["elements"] if part["type"] == "rich_text_list" else [part]:
            yield [run["text"] for run in section["elements"]]

"""What Slack takes in a message, a form or a Home, as of 2026: from its documentation, apart from the product."""

import json
from collections.abc import Iterator
from typing import Any

BLOCKS_OF_MESSAGE, BLOCKS_OF_VIEW = 50, 100
SECTION_TEXT, FIELD_TEXT, FIELDS = 3_000, 2_000, 10
HEADER_TEXT = 150
CONTEXT_ELEMENTS, ACTION_ELEMENTS = 10, 25
BUTTON_TEXT, BUTTON_VALUE, URL = 75, 2_000, 3_000
ACTION_ID, BLOCK_ID, CALLBACK_ID = 255, 255, 255
OPTION_TEXT, OPTION_VALUE, OPTIONS = 75, 150, 100
RADIO_OPTIONS = 10
PLACEHOLDER, LABEL = 150, 2_000
INPUT_LENGTH = 3_000
MODAL_TITLE, MODAL_BUTTON = 24, 24
PRIVATE_METADATA = 3_000
VIEW_BYTES = 250 * 1024
MARKDOWN = 12_000
CHARACTERS = 13_200  # of all blocks of a message, about
TABLE_ROWS, TABLE_COLUMNS, TABLE_CHARACTERS = 101, 20, 10_000  # the header counts as a row
VISUALIZATIONS, SERIES, SERIES_LABEL = 2, 6, 20
TEXT_CUT = 40_000
PROMPTS = 4
STATUS = 200  # assumed

Block = dict[str, Any]


def problems_of(method: str, payload: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a call, in words; nothing where it would take it."""
    return list(_problems(method, payload))


def _problems(method: str, payload: dict[str, Any]) -> Iterator[str]:
    try:
        json.dumps(payload, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        yield "it holds half a surrogate"
        return
    if method in ("views.open", "views.update", "views.publish", "views.push"):
        yield from _view(payload.get("view") or {})
    elif "blocks" in payload:
        yield from _blocks(payload["blocks"], BLOCKS_OF_MESSAGE)
        if sum(_characters(payload["blocks"])) > CHARACTERS:
            yield "msg_blocks_too_long"
    if len(payload.get("text") or "") > TEXT_CUT:
        yield "the text would be cut"
    if len(payload.get("markdown_text") or "") > MARKDOWN:
        yield "markdown_text is too long"
    if len(payload.get("status") or "") > STATUS:
        yield "the status is too long"
    prompts = payload.get("prompts")
    if prompts is not None and not 1 <= len(prompts) <= PROMPTS:
        yield f"there are {len(prompts)} prompts"


def _view(view: Block) -> Iterator[str]:
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        yield "view_too_large"
    kind = view.get("type")
    if kind not in ("modal", "home"):
        yield f"there is no view of type {kind}"
    if kind == "modal":
        yield from _plain(view.get("title"), MODAL_TITLE, "the title")
        for name in ("submit", "close"):
            if name in view:
                yield from _plain(view[name], MODAL_BUTTON, name)
        has_input = any(each.get("type") == "input" for each in view.get("blocks", ()))
        if has_input and "submit" not in view:
            yield "a form with inputs needs submit"
    if len(view.get("private_metadata") or "") > PRIVATE_METADATA:
        yield "private_metadata is too long"
    if len(view.get("callback_id") or "") > CALLBACK_ID:
        yield "callback_id is too long"
    yield from _blocks(view.get("blocks") or [], BLOCKS_OF_VIEW)


def _blocks(blocks: list[Block], most: int) -> Iterator[str]:
    if not isinstance(blocks, list) or not blocks:
        yield "there are no blocks"
        return
    if len(blocks) > most:
        yield f"{len(blocks)} blocks"
    ids = [each["block_id"] for each in blocks if "block_id" in each]
    if len(ids) != len(set(ids)):
        yield "a block_id comes twice"
    if sum(each.get("type") == "data_visualization" for each in blocks) > VISUALIZATIONS:
        yield "too many visualizations"
    for block in blocks:
        if len(block.get("block_id", "")) > BLOCK_ID:
            yield "block_id is too long"
        check = _CHECKS.get(block.get("type", ""))
        if check is None:
            yield f"there is no block of type {block.get('type')}"
        else:
            yield from check(block)


def _section(block: Block) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "a section needs text or fields"
    if "text" in block:
        yield from _text(block["text"], SECTION_TEXT, "section text")
    fields = block.get("fields", [])
    if len(fields) > FIELDS:
        yield "too many fields"
    for field in fields:
        yield from _text(field, FIELD_TEXT, "a field")
    if "accessory" in block:
        yield from _element(block["accessory"])


def _header(block: Block) -> Iterator[str]:
    yield from _plain(block.get("text"), HEADER_TEXT, "header")


def _context(block: Block) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= CONTEXT_ELEMENTS:
        yield f"{len(elements)} context elements"
    for element in elements:
        if element.get("type") != "image":
            yield from _text(element, SECTION_TEXT, "context text")


def _actions(block: Block) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= ACTION_ELEMENTS:
        yield f"{len(elements)} elements in actions"
    ids = [each.get("action_id") for each in elements]
    if len(ids) != len(set(ids)):
        yield "an action_id comes twice"
    for element in elements:
        yield from _element(element)


def _context_actions(block: Block) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 5:
        yield f"{len(elements)} elements in context_actions"
    for element in elements:
        if element.get("type") != "feedback_buttons":
            yield f"{element.get('type')} in context_actions"
            continue
        for name in ("positive_button", "negative_button"):
            thumb = element.get(name) or {}
            yield from _plain(thumb.get("text"), BUTTON_TEXT, name)
            if not 1 <= len(thumb.get("value") or "") <= BUTTON_VALUE:
                yield f"the value of {name}"


def _input(block: Block) -> Iterator[str]:
    yield from _plain(block.get("label"), LABEL, "label")
    yield from _element(block.get("element") or {})


def _divider(block: Block) -> Iterator[str]:
    return
    yield


def _markdown(block: Block) -> Iterator[str]:
    if not 1 <= len(block.get("text") or "") <= MARKDOWN:
        yield "the length of a markdown block"


def _rich_text(block: Block) -> Iterator[str]:
    if not block.get("elements"):
        yield "rich text without elements"
    for element in block.get("elements") or []:
        kind = element.get("type")
        inside = element.get("elements") or []
        if kind == "rich_text_list":
            if element.get("style") not in ("bullet", "ordered"):
                yield "a list without style"
            inside = [each for section in inside for each in section.get("elements") or [{}]]
        elif kind not in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            yield f"{kind} in rich text"
        if not inside:
            yield "an empty part of rich text"
        for each in inside:
            if each.get("type") == "link":
                if not str(each.get("url", "")).startswith(("http://", "https://")) or len(each["url"]) > URL:
                    yield "a link without address"
            elif each.get("type") != "text":
                yield f"{each.get('type')} in a part of rich text"
            if not each.get("text"):
                yield "an empty text in rich text"


def _data_table(block: Block) -> Iterator[str]:
    rows = block.get("rows") or []
    if not block.get("caption"):
        yield "a table without caption"
    if not 2 <= len(rows) <= TABLE_ROWS:
        yield f"{len(rows)} rows in a table"
    if len({len(row) for row in rows}) != 1 or not 1 <= len(rows[0]) <= TABLE_COLUMNS:
        yield "rows of different lengths, or too many columns"
    cells = [cell for row in rows for cell in row]
    if any(each.get("type") not in ("raw_text", "raw_number", "rich_text") for each in cells):
        yield "a cell of an unknown type"
    if any(each.get("type") == "raw_text" and not each.get("text") for each in cells):
        yield "an empty cell"
    if sum(len(str(each.get("text", ""))) for each in cells) > TABLE_CHARACTERS:
        yield "a table of too many characters"
    if not 1 <= block.get("page_size", 5) <= 100:
        yield "page_size"


def _visualization(block: Block) -> Iterator[str]:
    series = block.get("series") or []
    if not 1 <= len(series) <= SERIES or any(len(each.get("label", "")) > SERIES_LABEL for each in series):
        yield "series"


_CHECKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "input": _input,
    "divider": _divider,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "data_table": _data_table,
    "data_visualization": _visualization,
}


def _element(element: Block) -> Iterator[str]:
    kind = element.get("type")
    if not 1 <= len(element.get("action_id") or "") <= ACTION_ID:
        yield "the length of an action_id"
    if kind == "button":
        yield from _plain(element.get("text"), BUTTON_TEXT, "button")
        if len(element.get("value") or "") > BUTTON_VALUE or element.get("value") == "":
            yield "the length of a button's value"
        if element.get("style") not in (None, "primary", "danger"):
            yield "a button's style"
        if len(element.get("url") or "") > URL:
            yield "a button's url"
    elif kind in ("static_select", "radio_buttons", "checkboxes"):
        options = element.get("options") or []
        if not 1 <= len(options) <= (OPTIONS if kind == "static_select" else RADIO_OPTIONS):
            yield f"{len(options)} options"
        for option in options:
            yield from _text(option.get("text"), OPTION_TEXT, "option")
            if not 1 <= len(option.get("value") or "") <= OPTION_VALUE:
                yield "the length of an option's value"
        if "initial_option" in element and element["initial_option"] not in options:
            yield "initial_option is none of the options"
        if "placeholder" in element:
            yield from _plain(element["placeholder"], PLACEHOLDER, "placeholder")
    elif kind == "plain_text_input":
        longest = element.get("max_length", INPUT_LENGTH)
        if not 1 <= longest <= INPUT_LENGTH or len(element.get("initial_value") or "") > longest:
            yield "the length of an input"
    else:
        yield f"there is no element of type {kind}"


def _plain(text: Any, longest: int, what: str) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") != "plain_text":
        yield f"{what} is no plain text"
    else:
        yield from _text(text, longest, what)


def _text(text: Any, longest: int, what: str) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{what} is no text"
    elif not 1 <= len(text.get("text") or "") <= longest:
        yield f"{what} has {len(text.get('text') or '')} characters"


def _characters(value: Any) -> Iterator[int]:
    match value:
        case dict():
            for label, inner in value.items():
                if label in ("text", "caption", "alt_text") and isinstance(inner, str):
                    yield len(inner)
                else:
                    yield from _characters(inner)
        case list():
            for inner in value:
                yield from _characters(inner)

"""A proposal's card, and the forms, as Slack shows them: made from the stored set by the server, never from prose."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.slack.blocks import Block, Message, button, sentence, small, words_of
from integrations.slack.text import Paragraph, Run, escape, inert, one_line, rich_text
from storage.models.control import LONGEST_NOTE
from storage.vocabulary import Complaint

MOST_LINES, MOST_REVIEWED = 12, 60
LONGEST_NAME, LONGEST_FIGURE = 120, 160
LONGEST_INPUT = 1_000
COMPLAINTS = {
    Complaint.WRONG_FIGURE: "A figure is wrong",
    Complaint.MISUNDERSTOOD: "Not what I asked",
    Complaint.INCOMPLETE: "Something is missing",
    Complaint.UNCLEAR: "Hard to read",
    Complaint.OTHER: "Something else",
}
Card = Mapping[str, Any]


def card_message(card: Card, pages_url: str | None, *, said: str = "") -> Message:
    """The card with the buttons it allows; after a click, what the click came to stands first."""
    blocks = rich_text(_card(card, said))
    if buttons := _buttons(card):
        blocks.append({"type": "actions", "elements": buttons})
    if pages_url:
        blocks += small([Run("The whole card", url=f"{pages_url}/proposal/{card['id']}")])
    return Message(escape(one_line(said or f"{card['title']}: {card['standing']}", 300)), blocks)


def review_modal(card: Card, place: Mapping[str, str]) -> Block:
    """Every line with before and after; confirmed from here, the same code counts as on the card."""
    lines = card["lines"]
    paragraphs = [Paragraph((Run(_title(card), is_bold=True),)), *(_line(line) for line in lines[:MOST_REVIEWED])]
    if len(lines) > MOST_REVIEWED:
        paragraphs.append(Paragraph((Run(f"And {len(lines) - MOST_REVIEWED:,} more, on the card's page."),)))
    paragraphs += _effects(card, 20) + _standing(card)
    view = _modal("Before and after", "card:review", {**place, "id": card["id"], "code": card["code"]})
    view["blocks"] = rich_text(paragraphs)
    return view | ({"submit": words_of("Confirm", 24)} if card["may"]["confirm"] else {})


def reject_modal(card: Card, place: Mapping[str, str]) -> Block:
    view = _modal("Reject it", "card:reject", {**place, "id": card["id"], "code": card["code"]})
    view["submit"] = words_of("Reject", 24)
    view["blocks"] = [
        *rich_text([Paragraph((Run(_title(card), is_bold=True),))]),
        _input("Why, for whoever proposed it", "note", longest=LONGEST_NOTE, is_optional=True),
    ]
    return view


def record_modal(kind: str, text: str, subject: str, place: Mapping[str, str]) -> Block:
    """What a message says, to be recorded as a note or a risk of a task or project."""
    title = "Add as risk" if kind == "risk" else "Record this"
    view = _modal(title, f"record:{kind}", place)
    view["submit"] = words_of("Show the card", 24)
    view["blocks"] = [
        _input("Of which task or project? Its key, like GATE or GATE-31", "subject", longest=100, value=subject),
        _input("In these words", "value", longest=LONGEST_INPUT, value=text, is_long=True),
    ]
    return view


def feedback_modal(given: Mapping[str, Any]) -> Block:
    view = _modal("What was wrong?", "feedback", given)
    view["submit"] = words_of("Send", 24)
    options = [{"text": words_of(words, 75), "value": each.value} for each, words in COMPLAINTS.items()]
    reasons = {"type": "radio_buttons", "action_id": "reason", "options": options}
    view["blocks"] = [
        {"type": "input", "block_id": "reason", "optional": True, "label": words_of("Reason", 100), "element": reasons},
        _input("In your own words, if you like", "note", longest=LONGEST_NOTE, is_optional=True, is_long=True),
    ]
    return view


def sentence_modal(title: str, text: str) -> Block:
    """A form that only says something."""
    view = _modal(title, "said", {})
    view["blocks"] = sentence(text).blocks
    return view


def _card(card: Card, said: str) -> list[Paragraph]:
    lines = card["lines"]
    shown = [Paragraph((Run(inert(said)),))] if said else []
    shown.append(Paragraph((Run(f"{card['id']}  "), Run(_title(card), is_bold=True))))
    shown += [_line(line) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(Paragraph((Run(f"And {len(lines) - MOST_LINES:,} more: “Review” shows them."),)))
    return shown + _effects(card, 5) + _standing(card)


def _title(card: Card) -> str:
    return one_line(card["title"], 250)


def _line(line: Mapping[str, Any]) -> Paragraph:
    key, name = one_line(line["key"], LONGEST_NAME), one_line(line["name"], LONGEST_NAME)
    what = key if name == key else f"{key} {name}"
    before, after = (one_line(line[side], LONGEST_FIGURE) if line[side] else "" for side in ("before", "after"))
    field = one_line(line["field"], 60)
    if line["kind"] == "remove":
        change = Run(f"{field} {before}, taken out" if field != "removed" else f"{field} {before}")
    elif line["hidden"]:
        change = Run(f"{field} → {after} (what stands there is not yours to see)")
    else:
        change = Run(f"{field} {before} → {after or 'nothing'}" if before else f"{field} → {after or 'nothing'}")
    return Paragraph((Run(f"{what}: ", is_bold=True), change), number=0)


def _effects(card: Card, most: int) -> list[Paragraph]:
    return [
        Paragraph(
            (Run(f"{one_line(each['project'], LONGEST_NAME)}: {each['label']} {each['before']} → {each['after']}"),)
        )
        for each in card["effects"][:most]
    ]


def _standing(card: Card) -> list[Paragraph]:
    conflicts = [_conflict(each) for each in card["conflicts"][:5]]
    words = [
        *conflicts,
        *(inert(each) for each in card["reasons"][:3]),
        inert(card["carried"]),
        inert(card["standing"]),
    ]
    return [Paragraph((Run(each[:1_000], is_italic=True),)) for each in words if each.strip()]


def _conflict(line: Mapping[str, Any]) -> str:
    found = one_line(line["after"], LONGEST_FIGURE) if line["after"] else "empty"
    found = "another" if line["hidden"] else found
    return f"{one_line(line['field'], 60)} of {one_line(line['key'], LONGEST_NAME)} is {found} by now."


def _buttons(card: Card) -> list[Block]:
    may, value = card["may"], json.dumps({"id": card["id"], "code": card["code"]})
    wanted: Sequence[tuple[bool, str, str, str]] = (
        (may["confirm"], "Confirm", "card:confirm", "primary"),
        (may["reject"], "Reject", "card:reject", ""),
        (may["confirm"] or may["reject"], "Review", "card:review", ""),
        (may["propose_again"], "Propose again", "card:again", ""),
        (may["undo"], "Undo", "card:undo", ""),
    )
    return [button(label, action, value, style=style) for is_there, label, action, style in wanted if is_there]


def _modal(title: str, callback: str, kept: Mapping[str, Any]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": words_of(title, 24),
        "close": words_of("Close", 24),
        "private_metadata": json.dumps(dict(kept)),
        "blocks": [],
    }


def _input(
    label: str, name: str, *, longest: int, value: str = "", is_optional: bool = False, is_long: bool = False
) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": is_long,
        "max_length": longest,
    }
    if value:
        element["initial_value"] = inert(value)[:longest]
    return {
        "type": "input",
        "block_id": name,
        "optional": is_optional,
        "label": words_of(label, 200),
        "element": element,
    }

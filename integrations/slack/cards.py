"""A proposal's card, and the forms, as Slack shows them: made from the stored set by the server, never from prose."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from integrations.slack.blocks import Block, Message, button, sentence, small, words_of
from integrations.slack.text import Paragraph, Run, notice, one_line, rich_text, visible
from storage.models.control import LONGEST_NOTE
from storage.vocabulary import Complaint

MOST_LINES, MOST_REVIEWED = 12, 60
LONGEST_NAME, LONGEST_FIGURE, LONGEST_REVIEWED = 120, 160, 1_000
ROOM_OF_CARD, ROOM_OF_REVIEW = 9_000, 18_000  # characters
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
    return Message(notice(said or f"{card['title']}: {card['standing']}", 300), blocks)


def review_modal(card: Card, place: Mapping[str, str]) -> Block:
    """Every line that has room, with before and after; confirmed from here, the same code counts as on the card."""
    below = _effects(card, 20) + _standing(card)
    room = ROOM_OF_REVIEW - sum(each.length for each in below)
    lines = list(_fitting(card, MOST_REVIEWED, room, LONGEST_REVIEWED))
    paragraphs = [Paragraph((Run(_title(card), is_bold=True),)), *lines]
    if left := len(card["lines"]) - len(lines):
        paragraphs.append(Paragraph((Run(f"And {left:,} more, on the card's page."),)))
    paragraphs += below
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
    above = [Paragraph((Run(one_line(said, 600)),))] if said.strip() else []
    above.append(Paragraph((Run(f"{card['id']}  "), Run(_title(card), is_bold=True))))
    below = _effects(card, 5) + _standing(card)
    room = ROOM_OF_CARD - sum(each.length for each in above + below)
    lines = list(_fitting(card, MOST_LINES, room, LONGEST_FIGURE))
    if left := len(card["lines"]) - len(lines):
        lines.append(Paragraph((Run(f"And {left:,} more: {_where(card)}"),)))
    return above + lines + below


def _where(card: Card) -> str:
    return "“Review” shows them." if card["may"]["confirm"] or card["may"]["reject"] else "the card's page has them."


def _fitting(card: Card, most: int, room: int, longest: int) -> Iterator[Paragraph]:
    """The first lines, as many as there is room for."""
    for line in card["lines"][:most]:
        shown = _line(line, longest)
        room -= shown.length
        if room < 0:
            return
        yield shown


def _title(card: Card) -> str:
    return one_line(card["title"], 250)


def _line(line: Mapping[str, Any], longest: int) -> Paragraph:
    key, name = one_line(line["key"], LONGEST_NAME), one_line(line["name"], LONGEST_NAME)
    what = key if name == key else f"{key} {name}"
    before, after = (one_line(line[side], longest) if line[side] else "" for side in ("before", "after"))
    field = one_line(line["field"], 60)
    if line["kind"] == "remove":
        change = Run(f"{field} {before}, taken out" if field != "removed" else f"{field} {before}")
    elif line["hidden"]:
        change = Run(f"{field} → {after} (what stands there is not yours to see)")
    else:
        change = Run(f"{field} {before} → {after or 'nothing'}" if before else f"{field} → {after or 'nothing'}")
    return Paragraph((Run(f"{what}: ", is_bold=True), change), number=0)


def _effects(card: Card, most: int) -> list[Paragraph]:
    shown = [_effect(each) for each in card["effects"][:most]]
    if left := len(card["effects"]) - len(shown):
        shown.append(Paragraph((Run(f"And {left:,} more effects."),)))
    return shown


def _effect(effect: Mapping[str, Any]) -> Paragraph:
    before, after = one_line(effect["before"], LONGEST_FIGURE), one_line(effect["after"], LONGEST_FIGURE)
    what = f"{one_line(effect['project'], LONGEST_NAME)}: {one_line(effect['label'], 60)}"
    return Paragraph((Run(f"{what} {before} → {after}"),))


def _standing(card: Card) -> list[Paragraph]:
    conflicts = [_conflict(each) for each in card["conflicts"][:5]]
    if len(card["conflicts"]) > len(conflicts):
        conflicts.append(f"And {len(card['conflicts']) - len(conflicts):,} more are different by now.")
    said = [each for each in (*card["reasons"][:3], card["carried"], card["standing"]) if visible(each).strip()]
    return [Paragraph((Run(one_line(each, 500), is_italic=True),)) for each in [*conflicts, *said]]


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
        element["initial_value"] = visible(value)[:longest]
    return {
        "type": "input",
        "block_id": name,
        "optional": is_optional,
        "label": words_of(label, 200),
        "element": element,
    }

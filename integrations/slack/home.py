"""App Home: my work, my projects, what waits for my click, settings. And the prompts of a direct message."""

from typing import Any

from assistant import approvals
from assistant.cards import heading
from assistant.notices import choice_of
from integrations.slack.blocks import Block, button, sentence, small, words_of
from integrations.slack.desk import SURFACE, Desk, Post
from integrations.slack.line import NotDelivered
from integrations.slack.people import Caller
from integrations.slack.proposing import card_now
from integrations.slack.text import Paragraph, Run, one_line, read_markdown, rich_text
from storage.access import Reader, principal_of
from storage.people import Member
from storage.vocabulary import ProposalStatus, Role

MOST_WAITING, MOST_PROJECTS = 20, 10
HOURS = [f"{hour:02}:00" for hour in range(24)]
NOBODY = (
    "I do not know yet who you are, so there is nothing of yours to show. Ask your administrator for "
    "“pilothouse people slack YOUR-EMAIL {account}”. What is public you can ask me in Messages."
)
# What people of a role ask first; the last who fits counts.
PROMPTS = {
    "outsider": ["What can you tell me?", "Which projects are public?"],
    "member": ["What is on my plate this week?", "Am I blocking anyone?", "What is late?", "Who has time next week?"],
    "manager": [
        "Which of my projects are late?",
        "Top risks of my projects",
        "Who is overbooked?",
        "What is on my plate this week?",
    ],
    "portfolio": [
        "What is red or late?",
        "Which greens are not green?",
        "Who is overbooked?",
        "Utilisation this month",
    ],
}


async def show_home(desk: Desk, post: Post) -> None:
    """Publish the Home of whoever opened it, as they may see it now."""
    caller = await desk.people.caller(desk.team, post.user)
    view = await desk.in_thread(_view, desk, caller)
    try:
        await desk.line.call("views.publish", patience=10.0, user_id=post.user, view=view)
    except NotDelivered:
        return


async def offer_prompts(desk: Desk, post: Post) -> None:
    """Suggest what somebody of this role asks, in the direct message they opened."""
    caller = await desk.people.caller(desk.team, post.user)
    role = await desk.in_thread(_role, desk, caller.person)
    prompts = [{"title": one_line(words, 60), "message": words} for words in PROMPTS[role]]
    await desk.line.hint("assistant.threads.setSuggestedPrompts", channel_id=post.channel, prompts=prompts)


async def show_card(desk: Desk, post: Post, key: str) -> None:
    """Send the card of what waits to whoever wants to see it, as a direct message."""
    caller = await desk.people.caller(desk.team, post.user)
    if caller.person is None:
        return
    message = await desk.in_thread(card_now, desk, Reader(caller.person.id), key)
    await to_person(desk, post, "card", message or sentence("That is decided, or not yours to see any more."))


async def to_person(desk: Desk, post: Post, step: str, message: Any) -> None:
    """Send it to whoever acted, in their direct message."""
    try:
        opened = await desk.line.call("conversations.open", users=post.user)
    except NotDelivered:
        return
    direct = Post(desk, post.delivery, str((opened.get("channel") or {}).get("id", "")), None, post.user)
    await direct.say(step, message)


def _role(desk: Desk, person: Member | None) -> str:
    if person is None:
        return "outsider"
    with desk.application.store.reading() as session:
        held = set(principal_of(session, person.id).roles)
    if held & {Role.EXECUTIVE, Role.PORTFOLIO_MANAGER, Role.FINANCE, Role.PROGRAM_MANAGER}:
        return "portfolio"
    return "manager" if Role.PROJECT_MANAGER in held or _manages(desk, person) else "member"


def _manages(desk: Desk, person: Member) -> bool:
    answer = desk.application.glance(
        "portfolio_overview", {"level": "project", "scope": person.email}, person, surface=SURFACE
    )
    return any(bool(getattr(fact, "rows", None)) for fact in answer.facts)


def _view(desk: Desk, caller: Caller) -> Block:
    if caller.person is None:
        account = f"{caller.team}/{caller.user}"
        return {"type": "home", "blocks": sentence(NOBODY.format(account=account)).blocks}
    person = caller.person
    blocks = [
        *_told("My work", desk, "my_work", {"person": person.email or person.key}, person),
        *_told(
            "My projects", desk, "portfolio_overview", {"level": "project", "scope": person.email or person.key}, person
        ),
        *_waiting(desk, person),
        *_settings(desk, person),
    ]
    return {"type": "home", "blocks": blocks}


def _told(title: str, desk: Desk, tool: str, arguments: dict[str, Any], person: Member) -> list[Block]:
    """A heading, with what the tool of that name says below it."""
    answer = desk.application.glance(tool, arguments, person, surface=SURFACE)
    links = (
        {each.id.partition(":")[2]: f"{desk.pages_url}{each.url}" for each in answer.citations}
        if desk.pages_url
        else {}
    )
    return [_heading(title), *rich_text(read_markdown(answer.text, links))[:10]]


def _heading(title: str) -> Block:
    return {"type": "header", "text": words_of(title, 150)}


def _waiting(desk: Desk, person: Member) -> list[Block]:
    """What waits for a click, each with a button that sends its card."""
    found = approvals.list_cards(desk.application.store, Reader(person.id))
    is_open = [each for each in found if each.status == ProposalStatus.OPEN and not each.is_expired]
    blocks = [_heading("Waits for a click")]
    for record in is_open[:MOST_WAITING]:
        shown = heading(record)
        words = f"{shown['title']} ({shown['proposer']})"
        blocks += rich_text([Paragraph((Run(f"{shown['id']}  ", is_bold=True), Run(one_line(words, 300))))])
        blocks.append({"type": "actions", "elements": [button("Show the card", "home:card", record.key)]})
    if not is_open:
        blocks += small([Run("Nothing waits for you.")])
    if len(is_open) > MOST_WAITING:
        blocks += small([Run(f"And {len(is_open) - MOST_WAITING:,} more.")])
    return blocks


def _settings(desk: Desk, person: Member) -> list[Block]:
    choice = choice_of(desk.application.store, person.id)
    state = (
        "Muted: I send nothing unasked."
        if choice.is_muted
        else "When somebody else moves a date of yours, I tell you: in your working hours, once a day at most."
    )
    mute = button("Unmute" if choice.is_muted else "Mute", "home:mute", "off" if choice.is_muted else "on")
    quiet = [
        _hours("Quiet from", "home:quiet_from", choice.quiet_from),
        _hours("Quiet until", "home:quiet_until", choice.quiet_until),
    ]
    return [
        _heading("What I send you unasked"),
        *rich_text([Paragraph((Run(state),))]),
        {"type": "actions", "elements": [mute, *quiet]},
    ]


def _hours(label: str, action: str, minutes: int | None) -> Block:
    options = [{"text": words_of(f"{label} {words}", 75), "value": words} for words in ("no hour", *HOURS)]
    chosen = "no hour" if minutes is None else HOURS[minutes // 60 % 24]
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": words_of(label, 150),
        "options": options,
        "initial_option": next(each for each in options if each["value"] == chosen),
    }

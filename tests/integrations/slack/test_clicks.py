"""Clicks on cards: double, late, at once, by who may not; forms; and what the owner of a moved date hears."""

from datetime import UTC, datetime, timedelta

from evals.standins.slack import Delivery, text_of
from integrations.slack.telling import tell_all
from tests.integrations.slack.conftest import GATE, LENA, SAM, TOMAS, Talk


def direct(talk: Talk, user: str) -> list[str]:
    return talk.slack.seen_by(user, talk.slack.direct(user))


def propose(talk: Talk, text: str = "move GATE-52 to 13 march") -> None:
    talk.ask(LENA, text)
    talk.slack.wait_for(lambda: any("yours to confirm" in each for each in direct(talk, LENA)))


def said(talk: Talk, words: str, user: str = LENA, channel: str = "") -> str:
    place = channel or talk.slack.direct(user)
    return talk.slack.wait_for(lambda: next(each for each in talk.slack.seen_by(user, place) if words in each))


def history(talk: Talk) -> int:
    from sqlmodel import func, select

    from storage.models import History

    with talk.application.store.reading() as session:
        return session.exec(select(func.count()).where(History.table == "task")).one()


def test_a_double_click_and_its_repeats_apply_once(http_talk: Talk):
    propose(http_talk)
    before = history(http_talk)
    first = http_talk.slack.clicks(LENA, "card:confirm", channel=http_talk.slack.direct(LENA))
    http_talk.slack.clicks(LENA, "card:confirm", channel=http_talk.slack.direct(LENA))
    for _ in range(3):
        http_talk.slack.again(first)

    said(http_talk, "Done")
    http_talk.slack.wait_quiet()
    after = history(http_talk)
    http_talk.click(LENA, "card:undo")
    said(http_talk, "Undone")

    assert after > before
    assert history(http_talk) == after + (after - before)
    assert http_talk.log == ""


def test_who_may_not_confirm_hears_so_alone_and_the_card_stays(http_talk: Talk):
    http_talk.mention(LENA, "move GATE-52 to 13 march")
    http_talk.slack.wait_for(lambda: http_talk.slack._find(TOMAS, "card:confirm", GATE, home=False))
    before = history(http_talk)

    http_talk.click(TOMAS, "card:confirm", GATE)

    http_talk.slack.wait_for(
        lambda: len(http_talk.slack.seen_by(TOMAS, GATE)) > len(http_talk.slack.seen_by(LENA, GATE))
    )
    assert history(http_talk) == before
    http_talk.click(LENA, "card:confirm", GATE)
    said(http_talk, "Done", LENA, GATE)


def test_a_card_that_the_plan_left_behind_applies_nothing(http_talk: Talk):
    propose(http_talk)
    late = http_talk.slack._find(LENA, "card:confirm", http_talk.slack.direct(LENA), home=False)
    propose(http_talk, "move GATE-52 to 12 march")
    http_talk.slack.wait_for(lambda: len([each for each in direct(http_talk, LENA) if "yours to confirm" in each]) > 1)
    http_talk.click(LENA, "card:confirm")
    said(http_talk, "Done")
    applied = history(http_talk)

    click(http_talk, LENA, *late)

    said(http_talk, "moved since")
    assert history(http_talk) == applied


def test_a_card_with_a_changed_code_or_key_applies_nothing(http_talk: Talk):
    propose(http_talk)
    message, element = http_talk.slack._find(LENA, "card:confirm", http_talk.slack.direct(LENA), home=False)
    before = history(http_talk)

    click(http_talk, LENA, message, {**element, "value": '{"id": "P-0000", "code": "x"}'})
    click(http_talk, LENA, message, {**element, "value": element["value"].replace('"code": "', '"code": "0')})

    said(http_talk, "No proposal")
    http_talk.slack.wait_quiet()
    assert history(http_talk) == before


def test_before_and_after_are_reviewed_in_a_form_and_confirmed_there(http_talk: Talk):
    propose(http_talk)
    http_talk.click(LENA, "card:review")
    view = http_talk.slack.wait_for(lambda: list(http_talk.slack.world.views.values())[-1])
    assert "GATE-52" in text_of(view) and "→" in text_of(view)

    http_talk.slack.submits(LENA)

    assert "Undo" in said(http_talk, "Done")
    assert http_talk.slack.refused == []


def test_a_rejection_asks_why_and_says_so(http_talk: Talk):
    propose(http_talk)
    http_talk.click(LENA, "card:reject")
    http_talk.slack.wait_for(lambda: http_talk.slack.world.views)

    http_talk.slack.submits(LENA, {"note": "Not now"})

    assert "is rejected" in said(http_talk, "is rejected")


def test_thumbs_are_kept_and_down_asks_for_a_reason(http_talk: Talk):
    from sqlmodel import select

    from storage.models import Feedback

    http_talk.ask(TOMAS, "wheres the gateway")
    http_talk.read(TOMAS)
    http_talk.click(TOMAS, "feedback", value="down")
    http_talk.slack.wait_for(lambda: http_talk.slack.world.views)
    http_talk.slack.submits(TOMAS, {"reason": "wrong_figure", "note": "It is 70"})
    said(http_talk, "Thank you", TOMAS)

    with http_talk.application.store.reading() as session:
        [kept] = session.exec(select(Feedback)).all()
    assert (kept.verdict, kept.reason, kept.note) == ("down", "wrong_figure", "It is 70")


def test_nobody_judges_anothers_answer(http_talk: Talk):
    http_talk.mention(TOMAS, "wheres the gateway")
    http_talk.read(TOMAS, GATE)

    http_talk.click(LENA, "feedback", GATE, value="up")

    said(http_talk, "Only whoever asked", LENA, GATE)


def test_a_question_put_back_is_answered_by_a_button(http_talk: Talk):
    http_talk.ask(SAM, "whats the budget of the gateway")
    said(http_talk, "Which", SAM)

    http_talk.click(SAM, "choose:1")

    assert "Tern Gateway" in said(http_talk, "€", SAM)


def test_a_suggestion_is_asked_by_its_button(http_talk: Talk):
    http_talk.ask(TOMAS, "who manages tern gateway")
    http_talk.read(TOMAS)
    http_talk.click(TOMAS, "ask:0")

    assert "GATE" in http_talk.read(TOMAS, count=2)


def test_the_owner_of_a_moved_date_is_told_once_and_in_their_hours(socket_talk: Talk):
    assert socket_talk.surface is not None and socket_talk.surface.desk is not None
    desk = socket_talk.surface.desk
    socket_talk.ask(TOMAS, "hi")
    socket_talk.read(TOMAS)
    propose(socket_talk)
    socket_talk.click(LENA, "card:confirm")
    said(socket_talk, "Done")
    workday = datetime.now(UTC) + timedelta(days=7 - datetime.now(UTC).weekday() + 1)  # a Tuesday

    sent = [socket_talk.run(tell_all(desk, workday.replace(hour=hour, minute=0))) for hour in (6, 8, 10, 11, 15, 20)]

    assert sent == [0, 0, 1, 0, 0, 0]
    assert "GATE-52" in said(socket_talk, "dates of yours moved", TOMAS)


def click(talk: Talk, user: str, message: dict, element: dict) -> Delivery:
    """Click an element as it was, on a message as it was."""
    channel = talk.slack.direct(user)
    return talk.slack._act(
        user,
        "block_actions",
        {
            "actions": [{"action_id": element["action_id"], "type": "button", "value": element["value"]}],
            "container": {"type": "message", "channel_id": channel, "message_ts": message["ts"]},
            "channel": {"id": channel},
            "message": message,
        },
    )

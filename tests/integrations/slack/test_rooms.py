"""Who reads an answer in a channel: it fits the least entitled there; the rest comes to the asker alone."""

import json

from evals.standins.slack import text_of
from tests.integrations.slack.conftest import GATE, GUEST, LENA, SAM, STRANGER, TOMAS, Talk

MONEY = "whats the budget of tern gateway"


def public(talk: Talk, channel: str = GATE) -> list[str]:
    messages = talk.slack.world.channels[channel].messages
    bot = talk.slack.world.bot_user
    return [text_of(each) for each in messages if each.get("user") == bot and not each.get("only")]


def bind(talk: Talk, user: str, words: str) -> str:
    count = len(talk.slack.seen_by(user, GATE))
    talk.slack.command(user, GATE, words)
    return talk.slack.wait_for(lambda: talk.slack.seen_by(user, GATE)[count:])[-1]


def test_a_channel_hears_what_all_in_it_may_hear_and_the_asker_the_rest_alone(http_talk: Talk):
    http_talk.mention(SAM, MONEY)

    own = http_talk.slack.wait_for(
        lambda: next(each for each in http_talk.slack.seen_by(SAM, GATE) if "Only you see this" in each)
    )
    assert "€" in own
    http_talk.slack.wait_quiet()
    assert public(http_talk) and not any("€" in each for each in public(http_talk))
    assert not any("Only you see this" in each for each in http_talk.slack.seen_by(TOMAS, GATE))


def test_a_guest_among_them_makes_a_channel_public(http_talk: Talk):
    http_talk.mention(TOMAS, "wheres the gateway")
    before = http_talk.slack.wait_for(lambda: public(http_talk))[-1]
    http_talk.slack.wait_quiet()
    http_talk.slack.joins(GUEST, GATE)
    http_talk.slack.wait_quiet()

    http_talk.mention(TOMAS, "wheres the gateway")
    after = http_talk.slack.wait_for(lambda: public(http_talk)[1:])[-1]

    assert "62" in before
    assert "62" not in after


def test_a_shared_channel_is_public(http_talk: Talk):
    http_talk.slack.world.channels[GATE].is_ext_shared = True

    http_talk.mention(LENA, "wheres the gateway")

    assert "62" not in http_talk.slack.wait_for(lambda: public(http_talk))[-1]


def test_a_bound_channel_knows_what_it_is_about(http_talk: Talk):
    assert "Done" in bind(http_talk, LENA, "bind gate for the team")

    for text in ("whats late", "whos on it", "how is it going?"):
        count = len(public(http_talk))
        http_talk.mention(TOMAS, text)
        said = http_talk.slack.wait_for(lambda seen=count: public(http_talk)[seen:])[-1]
        assert "GATE" in said or "Gateway" in said, said


def test_the_team_hears_more_than_the_firm_as_long_as_it_is_alone(http_talk: Talk):
    slack = http_talk.slack
    for user in (TOMAS, LENA, SAM):  # they are known once they wrote
        http_talk.ask(user, "hi")
        http_talk.read(user)
    bind(http_talk, LENA, "bind gate for the team")

    http_talk.mention(TOMAS, "who has GATE-31")
    with_team = slack.wait_for(lambda: public(http_talk))[-1]
    slack.wait_quiet()
    slack.joins(STRANGER, GATE)
    slack.wait_quiet()
    http_talk.mention(TOMAS, "who has GATE-31")
    with_firm = slack.wait_for(lambda: public(http_talk)[1:])[-1]

    assert with_team != with_firm


def test_who_may_say_what_a_channel_is_about(http_talk: Talk):
    assert "Only who manages" in bind(http_talk, TOMAS, "bind GATE for the team")
    assert "I know no project" in bind(http_talk, LENA, "bind NOPE for the team")
    assert "Ask me anything" in bind(http_talk, LENA, "bind GATE for the moon")
    assert "nothing in particular" in bind(http_talk, LENA, "where")
    assert "not bound" in bind(http_talk, LENA, "unbind")
    assert "Done" in bind(http_talk, LENA, "bind GATE")
    assert "everybody of the firm" in bind(http_talk, TOMAS, "where")
    assert "bound to other work" in bind(http_talk, TOMAS, "unbind")
    assert "again" in bind(http_talk, LENA, "unbind")


def test_others_in_a_thread_are_left_in_peace(http_talk: Talk):
    slack = http_talk.slack
    asked = http_talk.mention(TOMAS, "wheres the gateway")
    http_talk.read(TOMAS, GATE)
    slack.wait_quiet()
    count = len(public(http_talk))

    slack.says(LENA, GATE, "I will call them", thread=asked["ts"])
    slack.says(TOMAS, GATE, f"<@{LENA}> can you look at it?", thread=asked["ts"])
    slack.says(TOMAS, GATE, "thanks!!", thread=asked["ts"])
    slack.says(SAM, GATE, "what is late?")
    slack.wait_quiet(1.0)
    assert len(public(http_talk)) == count

    slack.says(TOMAS, GATE, "who manages it", thread=asked["ts"])
    assert "Lena Brandt" in slack.wait_for(lambda: public(http_talk)[count:])[-1]


def test_in_a_thread_it_is_what_the_others_talked_about(http_talk: Talk):
    asked = http_talk.mention(TOMAS, "wheres the gateway")
    http_talk.read(TOMAS, GATE)
    http_talk.slack.wait_quiet()
    count = len(public(http_talk))

    http_talk.mention(LENA, "and who manages it?", thread=asked["ts"])

    assert "Lena Brandt" in http_talk.slack.wait_for(lambda: public(http_talk)[count:])[-1]


def test_no_message_in_a_channel_asks_for_what_slack_would_parse(http_talk: Talk):
    http_talk.mention(TOMAS, "wheres the gateway <!channel> <https://evil.example|x>")
    http_talk.read(TOMAS, GATE)
    http_talk.slack.wait_quiet()

    for each in http_talk.slack.world.channels[GATE].messages[1:]:
        assert each["unfurl_links"] is False and each["unfurl_media"] is False
        assert "<!" not in json.dumps(each) and "mrkdwn" not in json.dumps(each)


def test_a_card_in_a_channel_hides_what_not_all_there_may_see(http_talk: Talk):
    http_talk.mention(LENA, "set the effort of GATE-52 to 20 hours")

    card = http_talk.slack.wait_for(lambda: next(each for each in public(http_talk) if "Confirm" in each))

    assert "GATE-52" in card and "20" in card
    assert "not yours to see" in card

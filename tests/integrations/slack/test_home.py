"""App Home and the first prompts: for each what is theirs; settings that hold."""

from assistant.notices import choice_of
from evals.standins.slack import text_of
from tests.integrations.slack.conftest import LENA, STRANGER, TOMAS, Talk


def home(talk: Talk, user: str) -> str:
    talk.slack.opens(user)
    return text_of(talk.slack.wait_for(lambda: talk.slack.world.homes[user]))


def test_home_shows_what_is_mine_and_waits_for_my_click(http_talk: Talk):
    http_talk.ask(LENA, "move GATE-52 to 13 march")
    http_talk.slack.wait_for(lambda: len(http_talk.slack.seen_by(LENA, http_talk.slack.direct(LENA))) > 1)

    shown = home(http_talk, LENA)

    assert "My work" in shown and "Tern Gateway" in shown and "GATE-52" in shown
    http_talk.slack.clicks(LENA, "home:card", home=True)
    http_talk.slack.wait_for(lambda: len(http_talk.slack.seen_by(LENA, http_talk.slack.direct(LENA))) > 2)
    assert http_talk.slack.refused == []
    assert http_talk.log == ""


def test_a_stranger_s_home_says_how_to_be_known(http_talk: Talk):
    assert "T0QUILL/U0STRANGE" in home(http_talk, STRANGER)


def test_settings_are_mine_and_hold(http_talk: Talk):
    home(http_talk, TOMAS)
    for action, value in (("home:quiet_from", "17:00"), ("home:quiet_until", "08:00"), ("home:mute", "")):
        http_talk.slack.world.homes.pop(TOMAS)
        http_talk.slack.opens(TOMAS)
        http_talk.slack.wait_for(lambda: http_talk.slack.world.homes[TOMAS])
        http_talk.slack.clicks(TOMAS, action, home=True, value=value)
        http_talk.slack.wait_quiet()

    tomas = http_talk.application.person("tomas.reyes@quillmere.example")
    choice = choice_of(http_talk.application.store, tomas.id)

    assert (choice.is_muted, choice.quiet_from, choice.quiet_until) == (True, 17 * 60, 8 * 60)
    assert "Muted" in text_of(http_talk.slack.world.homes[TOMAS])
    assert http_talk.log == ""


def test_prompts_fit_the_role(http_talk: Talk):
    for user in (TOMAS, LENA, STRANGER):
        http_talk.slack.opens(user, tab="messages")
    prompts = http_talk.slack.world.prompts
    http_talk.slack.wait_for(lambda: len(prompts) == 3)

    first = {user: prompts[http_talk.slack.direct(user)][0]["message"] for user in (TOMAS, LENA, STRANGER)}
    assert len(set(first.values())) == 3
    assert "plate" in first[TOMAS]

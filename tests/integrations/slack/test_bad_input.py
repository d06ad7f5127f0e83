"""What people, and Slack, do that nobody planned for: each gets a clear sentence or silence, and loses nothing."""

from evals.standins.slack import text_of
from storage.people import find_person_by_email, find_person_by_slack_id, set_slack_id
from tests.integrations.slack.conftest import GATE, GUEST, LENA, STRANGER, TOMAS, Talk


def answers(talk: Talk, user: str) -> list[str]:
    return talk.slack.seen_by(user, talk.slack.direct(user))


def both(talk: Talk, user: str) -> str:
    """The answer to somebody who is not known, and what they are told about that."""
    return " ".join(talk.slack.wait_for(lambda: (told := answers(talk, user))[1:] and told))


def asked(talk: Talk, text: str, user: str = TOMAS) -> str:
    count = len(answers(talk, user))
    talk.ask(user, text)
    return talk.slack.wait_for(lambda: answers(talk, user)[count:])[-1]


def test_odd_messages_get_a_sentence(http_talk: Talk):
    http_talk.mention(TOMAS, "  ")
    assert "Ask me about a project" in http_talk.read(TOMAS, GATE)

    assert "40,000 characters" in asked(http_talk, "x" * 40_000)
    for text in ("🚀🚀🚀", "??", "\u202e\u200b", "*_~`>", "<@U0NOBODY>", "<#C1|x> <!here>"):
        assert asked(http_talk, text)
    assert http_talk.slack.refused == []
    assert http_talk.log == ""


def test_a_shared_file_is_heard_for_its_words(http_talk: Talk):
    http_talk.ask(TOMAS, "wheres the gateway", subtype="file_share", files=[{"id": "F1"}])

    assert "Tern Gateway" in http_talk.read(TOMAS)


def test_edits_deletions_and_bots_are_no_questions(http_talk: Talk):
    slack = http_talk.slack
    first = http_talk.ask(TOMAS, "wheres the gateway")
    http_talk.read(TOMAS)
    slack.person("U0ROBOT", "Robot", is_bot=True)

    slack.edits(first, "whats late")
    slack.deletes(first)
    http_talk.ask(TOMAS, "whats late", bot_id="B1")
    http_talk.ask(TOMAS, "whats late", subtype="bot_message")
    http_talk.mention("U0ROBOT", "whats late")
    slack.wait_quiet(1.0)

    assert len(answers(http_talk, TOMAS)) == 1
    assert slack.seen_by(TOMAS, GATE) == []


def test_who_is_not_known_gets_what_is_public_and_how_to_be_known(http_talk: Talk):
    http_talk.ask(STRANGER, "wheres the gateway")

    told = both(http_talk, STRANGER)
    assert "62" not in told
    assert "pilothouse people slack YOUR-EMAIL T0QUILL/U0STRANGE" in told


def test_a_guest_gets_what_is_public(http_talk: Talk):
    http_talk.ask(GUEST, "wheres the gateway")

    told = both(http_talk, GUEST)
    assert "62" not in told
    assert "You are a guest here" in told


def test_an_email_that_slack_has_not_verified_says_nothing(http_talk: Talk):
    http_talk.slack.person("U0FALSE", "Lena Brandt", "lena.brandt@quillmere.example", is_email_confirmed=False)
    http_talk.ask("U0FALSE", "whats on my plate")

    assert "I do not know yet who you are" in both(http_talk, "U0FALSE")
    with http_talk.application.store.reading() as session:
        assert find_person_by_slack_id(session, "T0QUILL/U0FALSE") is None


def test_a_guest_with_a_members_email_is_still_a_guest(http_talk: Talk):
    http_talk.slack.person("U0FALSE", "Lena B", "lena.brandt@quillmere.example", is_restricted=True)
    http_talk.ask("U0FALSE", "whats on my plate")

    assert "You are a guest here" in both(http_talk, "U0FALSE")


def test_another_account_with_the_same_email_takes_nobodys_place(http_talk: Talk):
    asked(http_talk, "hi", LENA)
    http_talk.slack.person("U0SECOND", "Lena Brandt", "lena.brandt@quillmere.example")
    http_talk.ask("U0SECOND", "whats on my plate")

    assert "I do not know yet who you are" in both(http_talk, "U0SECOND")


def test_whom_the_administrator_links_is_known(http_talk: Talk):
    store = http_talk.application.store
    with store.reading() as session:
        lena = find_person_by_email(session, "lena.brandt@quillmere.example")
    assert lena is not None
    set_slack_id(store, lena.id, f"T0QUILL/{STRANGER}")

    assert "Lena" in asked(http_talk, "who am i", STRANGER) or "Tern" in asked(http_talk, "my projects", STRANGER)


def test_who_left_is_nobody(http_talk: Talk):
    assert "Tern Gateway" in asked(http_talk, "wheres the gateway")
    http_talk.slack.leaves(TOMAS)
    http_talk.slack.wait_quiet()

    assert "62" not in asked(http_talk, "wheres the gateway")


def test_an_archived_channel_is_answered_in_person(http_talk: Talk):
    http_talk.slack.world.channels[GATE].is_archived = True

    http_talk.mention(TOMAS, "wheres the gateway")

    http_talk.slack.wait_for(lambda: len(answers(http_talk, TOMAS)) >= 2)
    assert "I cannot write in that channel" in answers(http_talk, TOMAS)[0]
    assert http_talk.log == ""


def test_names_full_of_markup_stay_words(http_talk: Talk):
    name = "<!channel> *Rocket* _x_ <https://evil.example|click> `rm` & :bomb:"
    http_talk.ask(LENA, f"rename GATE-52 to {name}")
    http_talk.slack.wait_quiet()
    texts = [each for each in http_talk.slack.world.channels[http_talk.slack.direct(LENA)].messages if "blocks" in each]

    for message in texts:
        for block in message["blocks"]:
            assert block["type"] in ("rich_text", "actions", "context_actions", "data_table"), text_of(message)
        assert "<" not in message["text"]
    assert http_talk.slack.refused == []


def test_a_revoked_token_ends_it_quietly(http_talk: Talk):
    from storage.deliveries import Deliveries

    asked(http_talk, "hi")
    http_talk.slack.uninstalls()
    http_talk.slack.wait_quiet()
    http_talk.ask(TOMAS, "wheres the gateway")
    http_talk.slack.wait_quiet()

    kept = Deliveries.of(http_talk.application.store)
    assert kept.installations() == []
    kept.close()
    assert all(status == 200 for each in http_talk.slack.deliveries for _, status in each.attempts)
    assert "Traceback" not in http_talk.log


def test_what_two_people_ask_at_once_stays_apart(http_talk: Talk):
    for number in range(4):
        http_talk.ask(TOMAS, "whats on my plate", channel=http_talk.slack.direct(TOMAS), client_msg_id=str(number))
        http_talk.ask(LENA, "whats on my plate", channel=http_talk.slack.direct(LENA), client_msg_id=str(number))
    http_talk.slack.wait_for(lambda: len(answers(http_talk, TOMAS)) == len(answers(http_talk, LENA)) == 4, 30)

    assert len(set(answers(http_talk, TOMAS))) == len(set(answers(http_talk, LENA))) == 1
    assert not set(answers(http_talk, TOMAS)) & set(answers(http_talk, LENA))
